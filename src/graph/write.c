/* write.c (graph) - writes a Graph as a file: spelling, configurations, places, and who does the rest. */
#include "writer.h"

#include <math.h>
#include <string.h>
#include "build.h"
#include "gltf.h"
#include "names.h"

enum { INDENT = 2 };

static bool is_khr(const Writer *w) { return w->form != WRITE_NATIVE; }

/* ---- words ---- */

static char last_byte(const Buf *out) { return out->len ? out->data[out->len - 1] : '{'; }

static bool is_first(const Buf *out) { return last_byte(out) == '{' || last_byte(out) == '['; }

static void break_line(Writer *w) { buf_print(w->out, "\n%*s", (int)(w->depth * INDENT), ""); }

void write_line(Writer *w) {
    if (!is_first(w->out)) buf_byte(w->out, ',');
    break_line(w);
}

void write_name(Writer *w, const char *key) {
    write_text(w, key);
    buf_text(w->out, ": ");
}

void write_key(Writer *w, const char *key) {
    if (!is_first(w->out)) buf_text(w->out, ", ");
    write_name(w, key);
}

void write_text(Writer *w, const char *text) { buf_json_string(w->out, text_of(text)); }

void write_member(Writer *w, const char *key, const char *text) {
    write_key(w, key);
    write_text(w, text);
}

void write_open(Writer *w, const char *key) {
    write_line(w);
    write_name(w, key);
    buf_byte(w->out, '[');
    w->depth++;
}

void write_close(Writer *w) {
    w->depth--;
    break_line(w);
    buf_byte(w->out, ']');
}

/* ---- values ---- */

void write_float(Writer *w, f64 value) {
    char text[NUMBER_SIZE];
    buf_put(w->out, text, number_spell(value, text));
    if (!strpbrk(text, ".e")) buf_text(w->out, ".0");
}

bool write_can_tell(Type t, const Slot *value) {
    if (t == TYPE_REF) return value->bits != REF_NULL;
    for (u32 i = 0; type_letter(t) == 'F' && i < type_lanes(t); i++)
        if (!isfinite(value[i].f)) return false;
    return true;
}

bool write_is_default(Type t, const Slot *value) {
    Slot own = type_default(t);
    for (u32 i = 0; i < type_lanes(t); i++)
        if (slot_canonical(value[i], t).bits != slot_canonical(own, t).bits) return false;
    return true;
}

static void put_lane(Writer *w, Type t, Slot lane) {
    switch (type_letter(t)) {
    case 'B': buf_text(w->out, lane.i ? "true" : "false"); break;
    case 'I': buf_print(w->out, "%d", lane.i); break;
    case 'F': write_float(w, lane.f); break;
    default: gltf_ref_text(lane.bits, w->out); break;
    }
}

void write_value(Writer *w, Type t, const Slot *value) {
    bool list = is_khr(w) || type_lanes(t) > 1;
    if (list) buf_byte(w->out, '[');
    for (u32 i = 0; i < type_lanes(t); i++) {
        if (i) buf_text(w->out, ", ");
        put_lane(w, t, value[i]);
    }
    if (list) buf_byte(w->out, ']');
}

/* ---- by id or by number ---- */

u32 write_type_index(Writer *w, Type t) {
    if (w->type_index[t] == NONE) {
        w->type_index[t] = w->type_count;
        w->type_list[w->type_count++] = (u8)t;
    }
    return w->type_index[t];
}

void write_type(Writer *w, Type t) {
    if (is_khr(w))
        buf_print(w->out, "%u", write_type_index(w, t));
    else
        write_text(w, type_name(t));
}

static void put_reference(Writer *w, const char *const *ids, u32 index) {
    if (is_khr(w))
        buf_print(w->out, "%u", index);
    else
        write_text(w, ids[index]);
}

void write_variable(Writer *w, u32 variable) { put_reference(w, w->variable_id, variable); }
void write_event(Writer *w, u32 event) { put_reference(w, w->event_id, event); }

void write_input_name(Writer *w, u32 node, u32 in) {
    const Graph *g = w->g;
    if (g->node_id[node] != NODE_variable_set) {
        write_text(w, g->in_name[in]);
        return;
    }
    if (is_khr(w)) buf_byte(w->out, '"');
    write_variable(w, (u32)graph_params(g, node)[1 + in - g->value_in[node]]);
    if (is_khr(w)) buf_byte(w->out, '"');
}

/* ---- configurations ---- */

/* Text between the parameters of a message; braces that are meant literally stand twice. */
static void put_literal(Buf *out, const char *text) {
    for (; *text; text++) {
        if (*text == '{' || *text == '}') buf_byte(out, *text);
        buf_byte(out, *text);
    }
}

static void put_message(Writer *w, u32 node) {
    const Graph *g = w->g;
    const i32 *p = graph_params(g, node);
    Buf message = {0};
    for (i32 i = 0; i < p[2]; i++) {
        const Piece *piece = &g->pieces[p[1] + i];
        if (piece->text)
            put_literal(&message, piece->text);
        else
            buf_print(&message, "{%s}", g->in_name[g->value_in[node] + piece->input]);
    }
    if (message.full) w->out->full = true;
    buf_json_string(w->out, (Text){message.data, message.len});
    buf_close(&message);
}

static void put_list(Writer *w, const i32 *p, bool variables) {
    for (i32 i = 0; i < p[0]; i++) {
        if (i) buf_text(w->out, ", ");
        if (variables)
            write_variable(w, (u32)p[1 + i]);
        else
            buf_print(w->out, "%d", p[1 + i]);
    }
}

/* Word `k` of a list "yxz|xyz". */
static Text word_at(Text list, u32 k) {
    const char *bar;
    for (; (bar = memchr(list.data, '|', list.len)) && k > 0; k--) {
        list.len -= (u32)(bar + 1 - list.data);
        list.data = bar + 1;
    }
    return bar ? (Text){list.data, (u32)(bar - list.data)} : list;
}

/* The word that chose the row. */
static Text chosen_word(const Graph *g, const Op *op, u32 node, Text kind) {
    return word_at(kind, (u32)(g->node_row[node] - op->vec_row));
}

static bool is_list(Text kind) { return kind.data[kind.len - 1] == ']'; }

/* The value of key i; params stand in the order of the keys (graph.h). */
static void put_setting(Writer *w, const Op *op, u32 node, u32 i) {
    const i32 *p = graph_params(w->g, node);
    Text kind = op->config[i].type;
    if (is_list(kind))
        put_list(w, p, text_is(kind, "variable[]"));
    else if (text_is(kind, "variable"))
        write_variable(w, (u32)p[i]);
    else if (text_is(kind, "event"))
        write_event(w, (u32)p[i]);
    else if (text_is(kind, "bool"))
        buf_text(w->out, p[i] ? "true" : "false");
    else if (op_is_words(kind))
        buf_json_string(w->out, chosen_word(w->g, op, node, kind));
    else if (text_is(kind, "int") || text_is(kind, "node"))
        buf_print(w->out, "%d", p[i]);
    else if (text_is(kind, "type"))
        write_type(w, (Type)w->g->node_type[node]);
    else if (op->node == NODE_debug_log)
        put_message(w, node);
    else
        write_text(w, w->g->node_pointer[node]);
}

static bool same_text(Text a, Text b) { return a.len == b.len && memcmp(a.data, b.data, a.len) == 0; }

/* Whether key i has the value that it has when it is left out. */
static bool is_fallback(const Graph *g, const Op *op, u32 node, u32 i) {
    const i32 *p = graph_params(g, node);
    Text kind = op->config[i].type, fallback = op->config[i].fallback;
    if (!op->config[i].has_fallback) return false;
    if (text_is(kind, "string")) return p[2] == 0; /* a message of no pieces */
    if (text_is(kind, "node")) return p[0] < 0;
    if (op_is_words(kind)) return same_text(chosen_word(g, op, node, kind), fallback);
    if (is_list(kind)) return p[0] == 0;
    if (text_is(kind, "bool")) return text_is(fallback, p[i] ? "true" : "false");
    ASSERT(text_is(kind, "int") && text_is(fallback, "0"));
    return p[i] == 0;
}

static void put_key(Writer *w, const Op *op, u32 node, u32 i) {
    bool brackets = is_khr(w) || is_list(op->config[i].type);
    if (!is_first(w->out)) buf_text(w->out, ", ");
    buf_json_string(w->out, op->config[i].key);
    buf_text(w->out, is_khr(w) ? ": {\"value\": " : ": ");
    if (brackets) buf_byte(w->out, '[');
    put_setting(w, op, node, i);
    if (brackets) buf_byte(w->out, ']');
    if (is_khr(w)) buf_byte(w->out, '}');
}

/* KHR: one key that is missing undoes the others, so all stand there or none. */
void write_config(Writer *w, u32 node) {
    const Graph *g = w->g;
    const Op *op = op_find(text_of(g->node_op[node]));
    u32 own = 0;
    for (u32 i = 0; op && i < op->configs; i++) own += !is_fallback(g, op, node, i);
    if (own == 0) return;
    write_key(w, is_khr(w) ? "configuration" : "config");
    buf_byte(w->out, '{');
    for (u32 i = 0; i < op->configs; i++)
        if (is_khr(w) || !is_fallback(g, op, node, i)) put_key(w, op, node, i);
    buf_byte(w->out, '}');
}

/* ---- flows ---- */

void write_flows(Writer *w, u32 node, void (*put)(Writer *w, u32 out)) {
    const Graph *g = w->g;
    bool gate = g->node_id[node] == NODE_flow_multiGate, any = false;
    for (u32 out = g->flow_out[node]; out < g->flow_out[node + 1]; out++) {
        if (g->flow_target[out] == NONE && !gate) continue;
        if (!any) {
            write_key(w, "flows");
            buf_byte(w->out, '{');
        }
        any = true;
        put(w, out);
    }
    if (any) buf_byte(w->out, '}');
}

/* ---- places ---- */

const At *write_place(Writer *w, Place *p, u32 node, const char *part, const char *name) {
    const Graph *g = w->g;
    w->diags->node = (i32)node;
    w->diags->name = *g->node_name[node] ? g->node_name[node] : g->node_op[node];
    return place_node(p, g->at, node, part, name);
}

const At *write_place_in(Writer *w, Place *p, const char *list, u32 index, const char *member) {
    w->diags->node = -1;
    w->diags->name = "";
    p->at[0] = (At){w->g->at, text_of(list), 0};
    p->at[1] = (At){&p->at[0], {NULL, 0}, index};
    if (!member) return &p->at[1];
    p->at[2] = (At){&p->at[1], text_of(member), 0};
    return &p->at[2];
}

const char *write_quote(Writer *w, const char *text) { return diag_quote(w->diags, text_of(text)); }

const char *write_label(Writer *w, u32 node) {
    char label[128];
    graph_node_label(w->g, node, label, sizeof label);
    return write_quote(w, label);
}

/* ---- the whole ---- */

/* Ops that no other program knows. */
static void check_ops(Writer *w) {
    const Graph *g = w->g;
    for (u32 node = 0; node < g->node_count; node++) {
        Place p;
        const At *at = write_place(w, &p, node, NULL, NULL);
        if (g->node_id[node] == NODE_no_op)
            diag_report(w->diags, ERR_WRITE_NO_OP, at, (Detail){0}, write_quote(w, g->node_op[node]));
        else if (g->node_id[node] == NODE_host_call && is_khr(w))
            diag_report(w->diags, ERR_WRITE_HOST, at, (Detail){0}, write_quote(w, g->node_op[node]));
    }
}

/* The first node that has to do with the glTF around a graph, which the graph leaves. */
static void check_gltf(Writer *w) {
    const Graph *g = w->g;
    Place p;
    if (g->dialect != DIALECT_KHR || w->form == WRITE_KHR) return;
    for (u32 node = 0; node < g->node_count; node++) {
        const Op *op = op_find(text_of(g->node_op[node]));
        if (!g->node_pointer[node] && !(op && op->extension.len)) continue;
        const At *at = write_place(w, &p, node, NULL, NULL);
        diag_report(w->diags, ERR_WRITE_GLTF, at, (Detail){0}, write_quote(w, g->node_op[node]));
        return;
    }
}

static bool is_object(const Graph *g, u8 type, u32 first) { return type == TYPE_REF && g->consts[first].bits; }

/* References, which lead nowhere without the glTF that they came from. */
static void check_refs(Writer *w) {
    const Graph *g = w->g;
    Place p;
    if (w->form == WRITE_KHR) return;
    for (u32 i = 0; i < g->variable_count; i++)
        if (is_object(g, g->variable_type[i], g->variable_init[i]))
            diag_report(w->diags, ERR_WRITE_REF, write_place_in(w, &p, "variables", i, "value"), (Detail){0});
    for (u32 i = 0; i < g->event_count; i++)
        for (u32 v = g->event_value[i]; v < g->event_value[i + 1]; v++)
            if (is_object(g, g->event_value_type[v], g->event_value_init[v]))
                diag_report(w->diags, ERR_WRITE_REF, write_place_in(w, &p, "events", i, "values"), (Detail){0});
    for (u32 node = 0; node < g->node_count; node++)
        for (u32 in = g->value_in[node]; in < g->value_in[node + 1]; in++)
            if (g->in_from[in] == NONE && is_object(g, g->in_type[in], g->in_const[in]))
                diag_report(w->diags, ERR_WRITE_REF, write_place(w, &p, node, "values", g->in_name[in]), (Detail){0});
}

static Err write_all(Writer *w) {
    check_ops(w);
    check_gltf(w);
    check_refs(w);
    TRY(is_khr(w) ? write_khr(w) : write_native(w));
    buf_byte(w->out, '\n');
    return w->out->full ? ERR_MEMORY : ERR_OK;
}

static Err first_error(const Diags *diags) {
    for (u32 i = 0; i < diags->count; i++)
        if (diags->list[i].severity == SEVERITY_ERROR) return diags->list[i].err;
    return ERR_OK;
}

Err write_graph(const Graph *g, WriteForm form, const Limits *limits, Diags *diags, Buf *out) {
    Writer w = {.g = g, .form = form, .limits = limits, .diags = diags, .out = out};
    arena_open(&w.scratch, limits->memory);
    diags->graph = g->dialect == DIALECT_KHR ? g->index : -1;
    Err e = write_all(&w);
    if (e == ERR_MEMORY) build_no_memory(diags, limits, &w.scratch, NULL);
    arena_close(&w.scratch);
    diags->graph = diags->node = -1;
    diags->name = "";
    return first_error(diags);
}
