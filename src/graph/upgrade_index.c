/* upgrade_index.c (graph) - what changes around a value that was an int and is a ref: types, constants, comparisons,
** the brackets of pointer templates. What only an int can do is refused. */
#include <math.h>
#include <string.h>

#include "upgrader.h"

/* --- variables and event values -------------------------------------------------------------- */

/* The ref that an int stood for: NULL with *ok for none, NULL without when there is none such. */
static cJSON *ref_of(Upgrader *u, const cJSON *number, Origin origin, bool *ok) {
    f64 index = cJSON_IsNumber(number) ? number->valuedouble : -1;
    *ok = index < 0 || (origin == ORIGIN_NODE && index <= INT32_MAX && index == trunc(index));
    if (index < 0 || !*ok) return NULL;
    return tree_text(u->arena, up_print(u, "/nodes/%u", (u32)index), tree_place(number));
}

/* Before anything ran no delay was pending, whatever number a variable began with: null is the same. */
static void turn_value(Upgrader *u, const UpValue *v) {
    cJSON *type = tree_member(v->item, "type"), *value = tree_member(v->item, "value");
    bool ok;
    cJSON *ref = ref_of(u, value ? value->child : NULL, v->origin, &ok);
    up_tell(u, ERR_DRAFT_INDEX, v->item, up_print(u, "int %s", up_show(u, value)),
            ref ? up_print(u, "ref \"%s\"", ref->valuestring) : "ref, null at first");
    tree_replace(v->item, type, tree_number(u->arena, up_type(u, TYPE_REF), tree_place(type)));
    if (ref)
        tree_replace(value, value->child, ref);
    else
        tree_remove(v->item, value);
}

/* --- inputs that take refs ------------------------------------------------------------------- */

/* An input of a node, as it stands in the file. */
typedef struct Input {
    u32 node;
    cJSON *item;
    Origin origin; /* of what it is compared with or written to */
} Input;

static Err refuse(Upgrader *u, const Input *in, Err e) {
    UpPlace p;
    const char *name = diag_quote(u->diags, text_of(in->item->string));
    return diag_report(u->diags, e, up_at(u, &p, in->node, "values", in->item->string), (Detail){0},
                       up_label(u, in->node), name);
}

static void swap(Upgrader *u, const Input *in, cJSON *now, const char *said) {
    up_tell(u, ERR_DRAFT_INDEX, in->item, up_show(u, in->item), said ? said : up_show(u, now));
    tree_replace(u->nodes.at[in->node].values, in->item, now);
}

/* An int where a ref belongs now. */
static Err turn_input(Upgrader *u, const Input *in) {
    if (up_input_origin(u, in->item) != ORIGIN_NONE) return ERR_OK;
    if (tree_member(in->item, "node")) return refuse(u, in, ERR_DRAFT_INDEX_SOURCE);
    if (up_type_of(u, tree_member(in->item, "type")) != TYPE_INT) return ERR_OK; /* the loader refuses that */
    const cJSON *value = tree_member(in->item, "value");
    bool ok;
    u32 place = tree_place(in->item);
    cJSON *ref = ref_of(u, value ? value->child : NULL, in->origin, &ok);
    if (!ok) return refuse(u, in, ERR_DRAFT_INDEX_VALUE);
    swap(u, in, ref ? up_constant(u, place, TYPE_REF, ref) : up_default(u, place, TYPE_REF), NULL);
    return ERR_OK;
}

/* What an input of this name has to be now; ORIGIN_NONE: no ref. */
static Origin wanted(const Upgrader *u, u32 node, const char *key) {
    const char *op = up_op(u, node);
    const UpValue *target = up_target(u, node, key);
    if (target) return target->origin;
    if (same(op, "flow/cancelDelay") && same(key, "delay")) return ORIGIN_DELAY;
    if (same(op, "math/select") && !same(key, "condition")) return u->nodes.at[node].origin;
    if (same(op, "math/switch") && !same(key, "selection")) return u->nodes.at[node].origin;
    return ORIGIN_NONE;
}

/* --- comparisons ----------------------------------------------------------------------------- */

static Err compare(Upgrader *u, u32 node) {
    static const char *const keys[] = {"a", "b"};
    Input in[2];
    Origin origin = ORIGIN_NONE;
    for (u32 i = 0; i < 2; i++) {
        in[i] = (Input){node, tree_member(u->nodes.at[node].values, keys[i]), ORIGIN_NONE};
        if (in[i].item && origin < ORIGIN_DELAY) origin = up_input_origin(u, in[i].item);
    }
    if (origin < ORIGIN_DELAY || !in[0].item || !in[1].item) return ERR_OK;
    for (u32 i = 0; i < 2; i++) {
        in[i].origin = origin;
        TRY(turn_input(u, &in[i]));
    }
    up_tell(u, ERR_DRAFT_INDEX, u->nodes.at[node].item, "math/eq", "ref/eq");
    u->nodes.at[node].declaration = up_declaration(u, "ref/eq", tree_place(u->nodes.at[node].item));
    return u->nodes.at[node].declaration == NONE ? up_memory(u) : ERR_OK;
}

/* --- animations ------------------------------------------------------------------------------ */

static bool is_animation(const char *op, const char *key) {
    return strncmp(op, "animation/", 10) == 0 && same(key, "animation");
}

/* A number that is known: the ref of that animation. One that is computed: a choice among all of them. */
static Err turn_animation(Upgrader *u, const Input *in) {
    const cJSON *value = tree_member(in->item, "value");
    u32 place = tree_place(in->item);
    if (up_input_origin(u, in->item) != ORIGIN_NONE) return ERR_OK;
    if (!tree_member(in->item, "node")) {
        const cJSON *lane = value ? value->child : NULL;
        if (up_type_of(u, tree_member(in->item, "type")) != TYPE_INT) return ERR_OK;
        f64 index = cJSON_IsNumber(lane) ? lane->valuedouble : 0;
        const char *ref = up_print(u, "/animations/%u", index >= 0 && index <= INT32_MAX ? (u32)index : 0);
        swap(u, in,
             index < 0 ? up_default(u, place, TYPE_REF)
                       : up_constant(u, place, TYPE_REF, tree_text(u->arena, ref, place)),
             NULL);
        return ERR_OK;
    }
    u64 limit = u->limits->ports;
    if (u->animations == NONE || (limit && u->animations + 2 > limit)) return refuse(u, in, ERR_DRAFT_ANIMATION);
    u32 choice = up_insert(u, in->node, "math/switch");
    if (choice == NONE) return up_memory(u);
    UpNode *n = &u->nodes.at[choice];
    cJSON *cases = tree_array(u->arena, place), *setting = tree_object(u->arena, place);
    tree_add(setting, "value", cases);
    cJSON *values = up_part(u, choice, &n->values, "values");
    tree_add(values, "selection", tree_again(u->arena, in->item));
    for (u32 i = 0; i < u->animations; i++) {
        cJSON *ref = tree_text(u->arena, up_print(u, "/animations/%u", i), place);
        tree_add(cases, NULL, tree_number(u->arena, i, place));
        tree_add(values, up_print(u, "%u", i), up_constant(u, place, TYPE_REF, ref));
    }
    tree_add(values, "default", up_default(u, place, TYPE_REF));
    if (u->animations)
        tree_add(up_part(u, choice, &u->nodes.at[choice].configuration, "configuration"), "cases", setting);
    swap(u, in, up_reference(u, place, choice, NULL), up_print(u, "a math/switch over %u animations", u->animations));
    return ERR_OK;
}

/* --- pointer templates ----------------------------------------------------------------------- */

/* A segment's name, ~1 and ~0 undone. */
static const char *unescape(Upgrader *u, const char *text, u32 len) {
    char *name = arena_take(u->arena, (u64)len + 1);
    u32 n = 0;
    for (u32 i = 0; i < len && name; i++) {
        bool escape = text[i] == '~' && i + 1 < len;
        name[n++] = escape ? (text[++i] == '1' ? '/' : '~') : text[i];
    }
    return name ? name : "";
}

static bool is_parameter(const char *segment, u32 len) {
    char open = len > 2 ? segment[0] : 0, close = open == '[' ? ']' : '}';
    return (open == '[' || open == '{') && segment[1] != open && segment[len - 1] == close;
}

/* Brackets for an int, braces for a ref; in place, in a copy of the template. */
static void bracket_segment(Upgrader *u, u32 node, char *segment, u32 len) {
    if (!is_parameter(segment, len)) return;
    const cJSON *input = tree_member(u->nodes.at[node].values, unescape(u, segment + 1, len - 2));
    if (!input) return;
    bool ref = up_input_origin(u, input) != ORIGIN_NONE;
    segment[0] = ref ? '{' : '[';
    segment[len - 1] = ref ? '}' : ']';
}

static void bracket_template(Upgrader *u, u32 node) {
    cJSON *pointer = up_setting(u->nodes.at[node].configuration, "pointer");
    if (!cJSON_IsString(pointer)) return;
    char *text = arena_copy(u->arena, text_of(pointer->valuestring));
    for (char *at = text; at;) {
        char *slash = strchr(at, '/');
        bracket_segment(u, node, at, slash ? (u32)(slash - at) : (u32)strlen(at));
        at = slash ? slash + 1 : NULL;
    }
    if (!text || same(text, pointer->valuestring)) return;
    up_tell(u, ERR_DRAFT_PARAMETER, pointer, pointer->valuestring, text);
    pointer->valuestring = text;
}

/* --- all nodes ------------------------------------------------------------------------------- */

/* Ops that take a ref, or anything. */
static bool takes_refs(const Upgrader *u, u32 node, const char *key) {
    static const char *const ops[] = {
        "", "ref/eq", "debug/log", "event/stopPropagation", "pointer/get", "pointer/set", "pointer/interpolate"};
    const char *op = up_op(u, node);
    for (u32 i = 0; i < COUNT_OF(ops); i++)
        if (same(ops[i], op)) return true;
    return is_animation(op, key) || wanted(u, node, key) != ORIGIN_NONE;
}

static Err look_at_input(Upgrader *u, u32 node, cJSON *item) {
    Input in = {node, item, wanted(u, node, item->string)};
    if (is_animation(up_op(u, node), item->string)) return turn_animation(u, &in);
    if (in.origin != ORIGIN_NONE) return turn_input(u, &in);
    if (up_input_origin(u, item) < ORIGIN_DELAY || takes_refs(u, node, item->string)) return ERR_OK;
    return refuse(u, &in, ERR_DRAFT_INDEX_READ);
}

static Err look_at_node(Upgrader *u, u32 node) {
    const char *op = up_op(u, node);
    if (same(op, "math/eq")) TRY(compare(u, node));
    const cJSON *values = u->nodes.at[node].values;
    for (cJSON *item = values ? values->child : NULL, *next; item; item = next) {
        next = item->next;
        TRY(look_at_input(u, node, item));
    }
    if (strncmp(op, "pointer/", 8) == 0) bracket_template(u, node);
    return ERR_OK;
}

Err up_indices(Upgrader *u) {
    for (u32 i = 0; i < u->values.count; i++)
        if (u->values.at[i].turned) turn_value(u, &u->values.at[i]);
    for (u32 node = 0; node < u->source_nodes; node++) TRY(look_at_node(u, node));
    return up_end(u);
}
