/* write_native.c (graph) - a Graph as a native file (native.h). */
#include "names.h"
#include "writer.h"

/* ---- ends of edges ---- */

/* A node without an id is called after its op and its index: "add7". Behind a digit stands a line, so that no two are
** called alike: "log2_5" is math/log2, "log25" math/log. */
static void put_node_id(Writer *w, u32 node) {
    const Graph *g = w->g;
    if (*g->node_name[node]) {
        buf_escaped(w->out, text_of(g->node_name[node]), UINT32_MAX);
        return;
    }
    const char *slash = strrchr(g->node_op[node], '/');
    Text word = text_of(slash ? slash + 1 : g->node_op[node]);
    char last = word.len ? word.data[word.len - 1] : '\0';
    buf_escaped(w->out, word, UINT32_MAX);
    buf_print(w->out, last >= '0' && last <= '9' ? "_%u" : "%u", node);
}

/* "node", or "node:socket" where it has several of that kind. */
static void put_end(Writer *w, u32 node, u32 sockets, const char *socket) {
    buf_byte(w->out, '"');
    put_node_id(w, node);
    if (sockets > 1) {
        buf_byte(w->out, ':');
        buf_escaped(w->out, text_of(socket), UINT32_MAX);
    }
    buf_byte(w->out, '"');
}

static void put_source(Writer *w, u32 out) {
    const Graph *g = w->g;
    u32 node = g->out_node[out];
    if (node != NONE) {
        put_end(w, node, g->value_out[node + 1] - g->value_out[node], g->out_name[out]);
        return;
    }
    buf_text(w->out, "\"in:");
    buf_escaped(w->out, text_of(g->out_name[out]), UINT32_MAX);
    buf_byte(w->out, '"');
}

static void put_target(Writer *w, u32 in) {
    const Graph *g = w->g;
    u32 node = g->flow_in_node[in];
    put_end(w, node, g->flow_in[node + 1] - g->flow_in[node], g->flow_in_name[in]);
}

/* ---- variables, events, graph inputs and outputs ---- */

static void put_typed(Writer *w, const char *id, Type t, const Slot *value) {
    write_line(w);
    buf_byte(w->out, '{');
    write_member(w, "id", id);
    write_key(w, "type");
    write_type(w, t);
    if (write_can_tell(t, value)) {
        write_key(w, "value");
        write_value(w, t, value);
    }
    buf_byte(w->out, '}');
}

static void put_inputs(Writer *w) {
    const Graph *g = w->g;
    u32 first = g->value_out_count - g->input_count;
    if (g->input_count) write_open(w, "inputs");
    for (u32 i = 0; i < g->input_count; i++)
        put_typed(w, g->input_name[i], (Type)g->out_type[first + i], g->consts + g->input_init[i]);
    if (g->input_count) write_close(w);
}

static void put_variables(Writer *w) {
    const Graph *g = w->g;
    if (g->variable_count) write_open(w, "variables");
    for (u32 i = 0; i < g->variable_count; i++)
        put_typed(w, w->variable_id[i], (Type)g->variable_type[i], g->consts + g->variable_init[i]);
    if (g->variable_count) write_close(w);
}

static void put_event_value(Writer *w, u32 v) {
    const Graph *g = w->g;
    Type t = (Type)g->event_value_type[v];
    const Slot *value = g->consts + g->event_value_init[v];
    write_key(w, g->event_value_name[v]);
    if (write_is_default(t, value)) {
        write_type(w, t);
        return;
    }
    buf_byte(w->out, '{');
    write_key(w, "type");
    write_type(w, t);
    write_key(w, "value");
    write_value(w, t, value);
    buf_byte(w->out, '}');
}

static void put_event(Writer *w, u32 event) {
    const Graph *g = w->g;
    u32 first = g->event_value[event], past = g->event_value[event + 1];
    write_line(w);
    buf_byte(w->out, '{');
    write_member(w, "id", w->event_id[event]);
    if (first < past) {
        write_key(w, "values");
        buf_byte(w->out, '{');
        for (u32 v = first; v < past; v++) put_event_value(w, v);
        buf_byte(w->out, '}');
    }
    if (!*g->event_id[event]) {
        write_key(w, "internal");
        buf_text(w->out, "true");
    }
    buf_byte(w->out, '}');
}

static void put_events(Writer *w) {
    if (w->g->event_count) write_open(w, "events");
    for (u32 i = 0; i < w->g->event_count; i++) put_event(w, i);
    if (w->g->event_count) write_close(w);
}

static void put_outputs(Writer *w) {
    const Graph *g = w->g;
    if (g->output_count) write_open(w, "outputs");
    for (u32 i = 0; i < g->output_count; i++) {
        write_line(w);
        buf_byte(w->out, '{');
        write_member(w, "id", g->output_name[i]);
        write_key(w, "type");
        write_type(w, (Type)g->output_type[i]);
        write_key(w, "from");
        put_source(w, g->output_from[i]);
        buf_byte(w->out, '}');
    }
    if (g->output_count) write_close(w);
}

/* ---- nodes ---- */

/* A literal of these types is taken for nothing else (values_type). */
static bool is_plain(Type t) { return t != TYPE_FLOAT4 && t != TYPE_FLOAT2X2 && t != TYPE_REF; }

static void put_constant(Writer *w, Type t, const Slot *value) {
    bool told = write_can_tell(t, value);
    if (told && is_plain(t)) {
        write_value(w, t, value);
        return;
    }
    buf_byte(w->out, '{');
    write_key(w, "type");
    write_type(w, t);
    if (told) {
        write_key(w, "value");
        write_value(w, t, value);
    }
    buf_byte(w->out, '}');
}

static void put_input(Writer *w, u32 node, u32 in) {
    const Graph *g = w->g;
    if (in > g->value_in[node]) buf_text(w->out, ", ");
    write_input_name(w, node, in);
    buf_text(w->out, ": ");
    if (g->in_from[in] == NONE) {
        put_constant(w, (Type)g->in_type[in], g->consts + g->in_const[in]);
        return;
    }
    buf_byte(w->out, '{');
    write_key(w, "from");
    put_source(w, g->in_from[in]);
    buf_byte(w->out, '}');
}

static void put_values(Writer *w, u32 node) {
    const Graph *g = w->g;
    if (g->value_in[node] == g->value_in[node + 1]) return;
    write_key(w, "values");
    buf_byte(w->out, '{');
    for (u32 in = g->value_in[node]; in < g->value_in[node + 1]; in++) put_input(w, node, in);
    buf_byte(w->out, '}');
}

static void put_flow(Writer *w, u32 out) {
    const Graph *g = w->g;
    write_key(w, g->flow_out_name[out]);
    if (g->flow_target[out] == NONE)
        buf_text(w->out, "null");
    else
        put_target(w, g->flow_target[out]);
}

static void put_node(Writer *w, u32 node) {
    write_line(w);
    buf_byte(w->out, '{');
    write_key(w, "id");
    put_end(w, node, 0, NULL);
    write_member(w, "op", w->g->node_op[node]);
    write_config(w, node);
    put_values(w, node);
    write_flows(w, node, put_flow);
    buf_byte(w->out, '}');
}

Err write_native(Writer *w) {
    TRY(write_find_names(w));
    buf_byte(w->out, '{');
    w->depth = 1;
    write_line(w);
    write_name(w, "treadle");
    buf_byte(w->out, '1');
    if (*w->g->name) {
        write_line(w);
        write_name(w, "name");
        write_text(w, w->g->name);
    }
    put_inputs(w);
    put_variables(w);
    put_events(w);
    put_outputs(w);
    write_open(w, "nodes");
    for (u32 node = 0; node < w->g->node_count; node++) put_node(w, node);
    write_close(w);
    buf_text(w->out, "\n}");
    return ERR_OK;
}
