/* sockets.c (graph) - expands the rows of op.def and node.def into a node's sockets and params. */
#include "sockets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "template.h"

/* A node whose sockets are being added. */
typedef struct Adder {
    Draft *d;
    u32 node;
    const Op *op;
    const Setting *settings;
    const At *at;
    bool valid;
} Adder;

static DraftNode *this_node(const Adder *a) { return &a->d->nodes.at[a->node]; }

static bool is_group(Text name) { return name.data[0] == '*' || name.data[0] == '#'; }

static const Name *decimal_name(Draft *d, i32 n) {
    char digits[16];
    int len = snprintf(digits, sizeof digits, "%d", n);
    return draft_name(d, (Text){digits, (u32)len});
}

static const Name *text_name(Draft *d, const char *text) { return draft_name(d, (Text){text, (u32)strlen(text)}); }

/* ---- groups of value inputs and outputs ---- */

static Err add_event_values(Adder *a, bool inputs) {
    const Graph *g = a->d->g;
    u32 event = (u32)a->settings[0].number;
    for (u32 i = g->event_value[event]; i < g->event_value[event + 1]; i++) {
        const Name *name = text_name(a->d, g->event_value_name[i]);
        TypeId type = a->d->event_value_type[i];
        if (inputs)
            TRY(draft_value_in(a->d, name, type, RULE_FIXED, NULL));
        else
            TRY(draft_value_out(a->d, name, type, RULE_FIXED, NULL));
    }
    return ERR_OK;
}

/* Native files call a variable's input by its name, KHR by its index. */
static Err add_variables(Adder *a) {
    const Setting *s = &a->settings[0];
    TRY(draft_param(a->d, 0));
    i32 n = 0;
    for (u32 i = 0; i < s->count; i++) {
        const char *id = a->d->g->variable_name[s->list[i]];
        const Name *name = a->d->g->dialect == DIALECT_NATIVE ? text_name(a->d, id) : decimal_name(a->d, s->list[i]);
        bool fresh;
        TRY(draft_value_in(a->d, name, a->d->variable_type[s->list[i]], RULE_FIXED, &fresh));
        if (!fresh) continue;
        TRY(draft_param(a->d, s->list[i]));
        n++;
    }
    a->d->params.at[this_node(a)->params] = n;
    return ERR_OK;
}

/* A socket for each case, of a flow/switch or of a math/switch; a case that is listed again adds
** none. */
static Err add_cases(Adder *a, bool inputs) {
    const Setting *s = &a->settings[0];
    TRY(draft_param(a->d, 0));
    i32 n = 0;
    for (u32 i = 0; i < s->count; i++) {
        const Name *name = decimal_name(a->d, s->list[i]);
        bool fresh;
        if (inputs)
            TRY(draft_value_in(a->d, name, TYPE_NONE, RULE_SAME, &fresh));
        else
            TRY(draft_flow_out(a->d, name, &fresh));
        if (!fresh) continue;
        TRY(draft_param(a->d, s->list[i]));
        n++;
    }
    a->d->params.at[this_node(a)->params] = n;
    return ERR_OK;
}

static Err add_parameters(Adder *a) {
    if (a->op->node != NODE_debug_log) {
        this_node(a)->pointer = arena_copy(&a->d->g->arena, a->settings[0].text);
        if (!this_node(a)->pointer) return draft_no_memory(a->d);
        return template_pointer(a->d, a->at, a->settings[0].text, a->settings[1].type, &a->valid);
    }
    u32 first = a->d->pieces.count;
    TRY(template_message(a->d, a->settings[1].text));
    TRY(draft_param(a->d, a->settings[0].number));
    TRY(draft_param(a->d, (i32)first));
    return draft_param(a->d, (i32)(a->d->pieces.count - first));
}

static Err add_input_group(Adder *a, Text group) {
    if (text_is(group, "*event")) return add_event_values(a, true);
    if (text_is(group, "*variables")) return add_variables(a);
    if (text_is(group, "*cases")) return add_cases(a, true);
    return add_parameters(a);
}

/* ---- fixed sockets ---- */

/* T when the configuration fixes it. */
static TypeId given_type(const Adder *a) {
    switch (a->op->node) {
    case NODE_variable_get:
    case NODE_variable_interpolate: return a->d->variable_type[a->settings[0].number];
    case NODE_pointer_get:
    case NODE_pointer_interpolate:
    case NODE_pointer_set: return a->settings[1].type;
    default: return TYPE_NONE;
    }
}

/* The type of a fixed socket as far as it is known, and how it comes to the rest. */
static Rule socket_rule(Socket s, TypeId t, TypeId *type) {
    *type = s.type == TYPE_FOLLOWS ? TYPE_NONE : s.type == TYPE_NONE ? t : s.type;
    if (s.type == TYPE_FOLLOWS) return RULE_FOLLOWS;
    return *type == TYPE_NONE ? RULE_SAME : RULE_FIXED;
}

static Err add_value_ins(Adder *a, TypeId t) {
    for (u32 i = 0; i < a->op->value_ins; i++) {
        Socket s = a->op->value_in[i];
        TypeId type;
        Rule rule = socket_rule(s, t, &type);
        if (is_group(s.name))
            TRY(add_input_group(a, s.name));
        else
            TRY(draft_value_in(a->d, draft_name(a->d, s.name), type, rule, NULL));
    }
    return ERR_OK;
}

static Err add_value_outs(Adder *a, TypeId t) {
    for (u32 i = 0; i < a->op->value_outs; i++) {
        Socket s = a->op->value_out[i];
        TypeId type;
        Rule rule = socket_rule(s, t, &type);
        if (is_group(s.name))
            TRY(add_event_values(a, false));
        else
            TRY(draft_value_out(a->d, draft_name(a->d, s.name), type, rule, NULL));
    }
    return ERR_OK;
}

/* The only group of flow inputs: flow/waitAll's "0" to "n-1". */
static Err add_flow_ins(Adder *a) {
    for (u32 i = 0; i < a->op->flow_ins; i++) {
        Text name = a->op->flow_in[i].name;
        if (!is_group(name))
            TRY(draft_flow_in(a->d, draft_name(a->d, name), NULL));
        else
            for (i32 k = 0; k < a->settings[0].number; k++) TRY(draft_flow_in(a->d, decimal_name(a->d, k), NULL));
    }
    return ERR_OK;
}

/* ---- flow outputs, of which some are the keys of the node's flows ---- */

/* The order of UTF-16 code units on UTF-8: that of the bytes, but characters above U+FFFF (0xF0
** and up) count before those from U+E000 on (0xEE, 0xEF). */
static int unit_order(u8 byte) { return byte == 0xEE || byte == 0xEF ? byte + 0x10 : byte; }

static int compare_keys(const void *x, const void *y) {
    const u8 *a = *(const u8 *const *)x, *b = *(const u8 *const *)y;
    while (*a && *a == *b) a++, b++;
    return unit_order(*a) - unit_order(*b);
}

static Err add_flow_keys(Adder *a) {
    Draft *d = a->d;
    const cJSON *flows = this_node(a)->flows;
    u32 count = 0, n = 0;
    for (const cJSON *key = flows ? flows->child : NULL; key; key = key->next) count++;
    const char **keys = ARENA_ARRAY(&d->scratch, const char *, count);
    if (!keys) return draft_no_memory(d);
    for (const cJSON *key = flows ? flows->child : NULL; key; key = key->next) keys[n++] = key->string;
    if (count) qsort(keys, count, sizeof *keys, compare_keys);
    for (u32 i = 0; i < count; i++) TRY(draft_flow_out(d, text_name(d, keys[i]), NULL));
    return ERR_OK;
}

static Err add_flow_outs(Adder *a) {
    for (u32 i = 0; i < a->op->flow_outs; i++) {
        Text name = a->op->flow_out[i].name;
        if (text_is(name, "*"))
            TRY(add_flow_keys(a));
        else if (is_group(name))
            TRY(add_cases(a, false));
        else
            TRY(draft_flow_out(a->d, draft_name(a->d, name), NULL));
    }
    return ERR_OK;
}

/* ---- params that no group adds (see graph.h) ---- */

static Err add_plain_params(Adder *a) {
    const Setting *s = a->settings;
    switch (a->op->node) {
    case NODE_variable_get:
    case NODE_event_send:
    case NODE_event_receive:
    case NODE_flow_for:
    case NODE_flow_waitAll: return draft_param(a->d, s[0].number);
    case NODE_event_onSelect:
    case NODE_event_onHoverIn:
    case NODE_event_onHoverOut: return draft_param(a->d, s[0].number - 1);
    case NODE_variable_interpolate:
    case NODE_flow_multiGate: TRY(draft_param(a->d, s[0].number)); return draft_param(a->d, s[1].number);
    default: return ERR_OK;
    }
}

bool sockets_check(Draft *d, const Op *op, const Setting *settings, const At *at) {
    bool pointer = op->node == NODE_pointer_interpolate, khr = d->g->dialect == DIALECT_KHR;
    if (op->node != NODE_variable_interpolate && !pointer) return true;
    TypeId type = pointer ? settings[1].type : d->variable_type[settings[0].number];
    const char *name = draft_type_name(type);
    if (type == TYPE_NONE) return false; /* reported with the variable */
    bool float_type = type < TYPE_CUSTOM && type_letter((Type)type) == 'F';
    if (float_type && (pointer || !settings[1].number || type == TYPE_FLOAT4)) return true;
    At key = {at, op->config[pointer || float_type ? 1 : 0].key, 0}, value = {&key, TEXT("value"), 0};
    At first = {&value, {NULL, 0}, 0};
    if (float_type)
        diag_report(d->diags, ERR_SLERP_TYPE, khr ? &first : &key, (Detail){.seen = name, .expected = "float4"}, name);
    else
        diag_report(d->diags, ERR_INTERPOLATE_TYPE, khr ? &first : &key, (Detail){.seen = name}, name);
    return false;
}

Err sockets_add(Draft *d, const Setting *settings, const At *at, bool *valid) {
    u32 node = d->nodes.count - 1;
    Adder a = {d, node, d->nodes.at[node].op, settings, at, true};
    TypeId t = given_type(&a);
    d->nodes.at[node].type = t;
    TRY(add_value_ins(&a, t));
    TRY(add_value_outs(&a, t));
    TRY(add_flow_ins(&a));
    TRY(add_flow_outs(&a));
    TRY(add_plain_params(&a));
    if (a.op->node == NODE_PURE && a.op->configs) d->nodes.at[node].row = (u16)(a.op->vec_row + settings[0].number);
    *valid = a.valid;
    return ERR_OK;
}

Err sockets_add_host(Draft *d, u32 host_op) {
    const HostOp *op = &d->options->host_ops[host_op];
    for (u32 i = 0; i < op->input_count; i++)
        TRY(draft_value_in(d, text_name(d, op->input_name[i]), op->input_type[i], RULE_FIXED, NULL));
    for (u32 i = 0; i < op->output_count; i++)
        TRY(draft_value_out(d, text_name(d, op->output_name[i]), op->output_type[i], RULE_FIXED, NULL));
    TRY(draft_flow_in(d, text_name(d, "in"), NULL));
    TRY(draft_flow_out(d, text_name(d, "out"), NULL));
    TRY(draft_flow_out(d, text_name(d, "err"), NULL));
    return draft_param(d, (i32)host_op);
}

Err sockets_limit(Draft *d, const At *at, bool *valid) {
    static const NameKind kinds[] = {OF_VALUE_IN, OF_VALUE_OUT, OF_FLOW_IN, OF_FLOW_OUT};
    for (u32 i = 0; i < COUNT_OF(kinds); i++) {
        u32 first, past;
        draft_sockets(d, kinds[i], d->nodes.count - 1, &first, &past);
        if (draft_limit(d, at, past - first, d->limits->ports, "ports", "sockets of one kind") != ERR_OK)
            *valid = false;
    }
    return ERR_OK;
}
