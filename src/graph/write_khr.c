/* write_khr.c (graph) - a Graph as KHR_interactivity, everything by index (khr.h).
**
** Types and declarations are numbered as they come into use, so what uses them is written before them, into a text of
** its own. A graph input becomes a variable, with a variable/get before the first node that reads it: the host sets it
** by the same name. */
#include "names.h"
#include "writer.h"

/* ---- places of nodes ---- */

/* Every node in its order, before it what stands for the graph inputs that it is the first to read. */
static Err find_places(Writer *w) {
    const Graph *g = w->g;
    u32 inputs = g->value_out_count - g->input_count, next = 0;
    w->place = ARENA_ARRAY(&w->scratch, u32, g->node_count);
    w->input_place = ARENA_ARRAY(&w->scratch, u32, g->input_count);
    if (!w->place || !w->input_place) return ERR_MEMORY;
    for (u32 i = 0; i < g->input_count; i++) w->input_place[i] = NONE;
    for (u32 i = 0; i < g->node_count; i++) {
        u32 node = w->order[i];
        for (u32 in = g->value_in[node]; in < g->value_in[node + 1]; in++) {
            u32 from = g->in_from[in];
            if (from == NONE || from < inputs || w->input_place[from - inputs] != NONE) continue;
            w->input_place[from - inputs] = next++;
        }
        w->place[node] = next++;
    }
    w->last = next - 1;
    return ERR_OK;
}

/* ---- declarations ---- */

static Err open_declarations(Writer *w) {
    u32 count;
    op_list(&count);
    w->op_index = ARENA_ARRAY(&w->scratch, u32, count);
    w->op_list = ARENA_ARRAY(&w->scratch, const Op *, count);
    if (!w->op_index || !w->op_list) return ERR_MEMORY;
    for (u32 i = 0; i < count; i++) w->op_index[i] = NONE;
    for (u32 t = 0; t < TYPE_COUNT; t++) w->type_index[t] = NONE;
    return ERR_OK;
}

/* The sockets that an extension's op is declared with have types, which are numbered now. */
static void number_types(Writer *w, const Socket *sockets, u32 count) {
    for (u32 i = 0; i < count; i++) write_type_index(w, (Type)sockets[i].type);
}

static void put_declaration_index(Writer *w, const char *name) {
    u32 count;
    const Op *list = op_list(&count), *op = op_find(text_of(name));
    write_key(w, "declaration");
    if (!op) { /* of a host: reported */
        buf_text(w->out, "null");
        return;
    }
    u32 *index = &w->op_index[op - list];
    if (*index == NONE) {
        *index = w->op_count;
        w->op_list[w->op_count++] = op;
        if (op->extension.len) number_types(w, op->value_in, op->value_ins);
        if (op->extension.len) number_types(w, op->value_out, op->value_outs);
    }
    buf_print(w->out, "%u", *index);
}

/* ---- variables and events ---- */

static void put_typed(Writer *w, Type t, const Slot *value, bool always) {
    write_key(w, "type");
    write_type(w, t);
    if (!write_can_tell(t, value) || (!always && write_is_default(t, value))) return;
    write_key(w, "value");
    write_value(w, t, value);
}

static void put_variable(Writer *w, const char *name, Type t, const Slot *value) {
    write_line(w);
    buf_byte(w->out, '{');
    if (*name) write_member(w, "name", name);
    put_typed(w, t, value, true);
    buf_byte(w->out, '}');
}

/* Graph inputs come after the variables, whose numbers stay. */
static void put_variables(Writer *w) {
    const Graph *g = w->g;
    u32 inputs = g->value_out_count - g->input_count;
    if (g->variable_count + g->input_count == 0) return;
    write_open(w, "variables");
    for (u32 i = 0; i < g->variable_count; i++)
        put_variable(w, g->variable_name[i], (Type)g->variable_type[i], g->consts + g->variable_init[i]);
    for (u32 i = 0; i < g->input_count; i++)
        put_variable(w, g->input_name[i], (Type)g->out_type[inputs + i], g->consts + g->input_init[i]);
    write_close(w);
}

static void put_event(Writer *w, u32 event) {
    const Graph *g = w->g;
    u32 first = g->event_value[event], past = g->event_value[event + 1];
    write_line(w);
    buf_byte(w->out, '{');
    if (*g->event_id[event]) write_member(w, "id", g->event_id[event]);
    if (first < past) {
        write_key(w, "values");
        buf_byte(w->out, '{');
        for (u32 v = first; v < past; v++) {
            write_key(w, g->event_value_name[v]);
            buf_byte(w->out, '{');
            put_typed(w, (Type)g->event_value_type[v], g->consts + g->event_value_init[v], false);
            buf_byte(w->out, '}');
        }
        buf_byte(w->out, '}');
    }
    buf_byte(w->out, '}');
}

static void put_events(Writer *w) {
    if (w->g->event_count) write_open(w, "events");
    for (u32 i = 0; i < w->g->event_count; i++) put_event(w, i);
    if (w->g->event_count) write_close(w);
}

/* ---- nodes ---- */

static void put_end(Writer *w, u32 place, const char *socket, const char *usual) {
    write_key(w, "node");
    buf_print(w->out, "%u", place);
    if (strcmp(socket, usual) != 0) write_member(w, "socket", socket);
}

static void put_source(Writer *w, u32 out) {
    const Graph *g = w->g;
    u32 node = g->out_node[out];
    if (node == NONE)
        put_end(w, w->input_place[out - (g->value_out_count - g->input_count)], "value", "value");
    else
        put_end(w, w->place[node], g->out_name[out], "value");
}

static void put_values(Writer *w, u32 node) {
    const Graph *g = w->g;
    if (g->value_in[node] == g->value_in[node + 1]) return;
    write_key(w, "values");
    buf_byte(w->out, '{');
    for (u32 in = g->value_in[node]; in < g->value_in[node + 1]; in++) {
        if (in > g->value_in[node]) buf_text(w->out, ", ");
        write_input_name(w, node, in);
        buf_text(w->out, ": {");
        if (g->in_from[in] == NONE)
            put_typed(w, (Type)g->in_type[in], g->consts + g->in_const[in], true);
        else
            put_source(w, g->in_from[in]);
        buf_byte(w->out, '}');
    }
    buf_byte(w->out, '}');
}

/* A socket that the last node does not have is nowhere. */
static void put_flow(Writer *w, u32 out) {
    const Graph *g = w->g;
    u32 in = g->flow_target[out], node = g->flow_out_node[out];
    write_key(w, g->flow_out_name[out]);
    buf_byte(w->out, '{');
    if (in != NONE)
        put_end(w, w->place[g->flow_in_node[in]], g->flow_in_name[in], "in");
    else
        put_end(w, w->last, "nowhere", "in");
    buf_byte(w->out, '}');
    if (in != NONE || w->place[node] < w->last) return;
    Place p;
    const char *name = g->flow_out_name[out];
    const At *at = write_place(w, &p, node, "flows", name);
    diag_report(w->diags, ERR_WRITE_NOWHERE, at, (Detail){0}, write_quote(w, name));
}

static void put_node(Writer *w, u32 node) {
    write_line(w);
    buf_byte(w->out, '{');
    put_declaration_index(w, w->g->node_op[node]);
    write_config(w, node);
    put_values(w, node);
    write_flows(w, node, put_flow);
    buf_byte(w->out, '}');
}

/* What stands for graph input `i`: a node that reads its variable. */
static void put_input_node(Writer *w, u32 i) {
    write_line(w);
    buf_byte(w->out, '{');
    put_declaration_index(w, "variable/get");
    buf_print(w->out, ", \"configuration\": {\"variable\": {\"value\": [%u]}}}", w->g->variable_count + i);
}

static void put_nodes(Writer *w) {
    const Graph *g = w->g;
    u32 inputs = g->value_out_count - g->input_count, next = 0;
    if (g->node_count == 0) return;
    write_open(w, "nodes");
    for (u32 i = 0; i < g->node_count; i++) {
        u32 node = w->order[i];
        for (u32 in = g->value_in[node]; in < g->value_in[node + 1]; in++) {
            u32 from = g->in_from[in];
            if (from == NONE || from < inputs || w->input_place[from - inputs] != next) continue;
            put_input_node(w, from - inputs);
            next++;
        }
        put_node(w, node);
        next++;
    }
    write_close(w);
}

/* ---- the graph ---- */

static void put_types(Writer *w) {
    if (w->type_count) write_open(w, "types");
    for (u32 i = 0; i < w->type_count; i++) {
        write_line(w);
        buf_print(w->out, "{\"signature\": \"%s\"}", type_name((Type)w->type_list[i]));
    }
    if (w->type_count) write_close(w);
}

static void put_sockets(Writer *w, const char *key, const Socket *sockets, u32 count) {
    if (count == 0) return;
    write_key(w, key);
    buf_byte(w->out, '{');
    for (u32 i = 0; i < count; i++) {
        if (i) buf_text(w->out, ", ");
        buf_json_string(w->out, sockets[i].name);
        buf_print(w->out, ": {\"type\": %u}", write_type_index(w, (Type)sockets[i].type));
    }
    buf_byte(w->out, '}');
}

static void put_declaration(Writer *w, const Op *op) {
    write_line(w);
    buf_byte(w->out, '{');
    write_key(w, "op");
    buf_json_string(w->out, op->name);
    if (op->extension.len) {
        write_key(w, "extension");
        buf_json_string(w->out, op->extension);
        put_sockets(w, "inputValueSockets", op->value_in, op->value_ins);
        put_sockets(w, "outputValueSockets", op->value_out, op->value_outs);
    }
    buf_byte(w->out, '}');
}

static void put_declarations(Writer *w) {
    if (w->op_count) write_open(w, "declarations");
    for (u32 i = 0; i < w->op_count; i++) put_declaration(w, w->op_list[i]);
    if (w->op_count) write_close(w);
}

static void put_graph(Writer *w) {
    Buf *whole = w->out, body = {0};
    w->out = &body;
    put_variables(w);
    put_events(w);
    put_nodes(w);
    w->out = whole;
    if (*w->g->name) {
        write_line(w);
        write_name(w, "name");
        write_text(w, w->g->name);
    }
    put_types(w);
    put_declarations(w);
    if (body.len && w->op_count + w->type_count + (*w->g->name != '\0')) buf_byte(w->out, ',');
    buf_put(w->out, body.data, body.len);
    if (body.full) w->out->full = true;
    buf_close(&body);
}

/* ---- graph inputs and outputs, which only native files have ---- */

static Err check_inputs(Writer *w) {
    const Graph *g = w->g;
    Names names;
    Place p;
    names_open(&names, &w->scratch, &w->scratch, g->hash);
    for (u32 i = 0; i < g->variable_count; i++) {
        const Name *name = names_put(&names, text_of(g->variable_name[i]));
        if (!name || !names_bind(&names, OF_VARIABLE, 0, name, i, NULL)) return ERR_MEMORY;
    }
    for (u32 i = 0; i < g->input_count; i++) {
        const At *at = write_place_in(w, &p, "inputs", i, "id");
        u32 had = names_look(&names, OF_VARIABLE, 0, names_get(&names, text_of(g->input_name[i])));
        Err e = had == NONE ? ERR_WRITE_INPUT : ERR_WRITE_INPUT_TAKEN;
        diag_report(w->diags, e, at, (Detail){0}, write_quote(w, g->input_name[i]));
    }
    return ERR_OK;
}

/* True for an output that only shows a variable of its own name, which the host reads by the same name. */
static bool shows_variable(const Graph *g, u32 output) {
    u32 node = g->out_node[g->output_from[output]];
    if (node == NONE || g->node_id[node] != NODE_variable_get) return false;
    return strcmp(g->variable_name[graph_params(g, node)[0]], g->output_name[output]) == 0;
}

static void check_outputs(Writer *w) {
    const Graph *g = w->g;
    Place p;
    for (u32 i = 0; i < g->output_count; i++) {
        if (shows_variable(g, i)) continue;
        const At *at = write_place_in(w, &p, "outputs", i, NULL);
        diag_report(w->diags, ERR_WRITE_OUTPUT, at, (Detail){0}, write_quote(w, g->output_name[i]));
    }
}

/* ---- the file ---- */

static void open_object(Writer *w, const char *key) {
    write_line(w);
    write_name(w, key);
    buf_byte(w->out, '{');
    w->depth++;
}

static void close_objects(Writer *w, u32 depth) {
    while (w->depth > depth) {
        w->depth--;
        buf_print(w->out, "\n%*s}", (int)(w->depth * 2), "");
    }
}

static void open_gltf(Writer *w) {
    open_object(w, "asset");
    write_member(w, "version", "2.0");
    buf_byte(w->out, '}');
    w->depth--;
    open_object(w, "extensions");
    open_object(w, "KHR_interactivity");
}

static bool is_named_before(const Writer *w, u32 op) {
    Text name = w->op_list[op]->extension;
    for (u32 i = 0; i < op; i++)
        if (name.len == w->op_list[i]->extension.len && !memcmp(name.data, w->op_list[i]->extension.data, name.len))
            return true;
    return false;
}

static void put_extensions_used(Writer *w) {
    write_line(w);
    buf_text(w->out, "\"extensionsUsed\": [\"KHR_interactivity\"");
    for (u32 i = 0; i < w->op_count; i++) {
        if (w->op_list[i]->extension.len == 0 || is_named_before(w, i)) continue;
        buf_text(w->out, ", ");
        buf_json_string(w->out, w->op_list[i]->extension);
    }
    buf_byte(w->out, ']');
}

Err write_khr(Writer *w) {
    TRY(open_declarations(w));
    TRY(check_inputs(w));
    check_outputs(w);
    TRY(write_put_in_order(w));
    TRY(find_places(w));
    buf_byte(w->out, '{');
    w->depth = 1;
    if (w->form == WRITE_GLTF) open_gltf(w);
    u32 depth = w->depth;
    write_open(w, "graphs");
    write_line(w);
    buf_byte(w->out, '{');
    w->depth++;
    put_graph(w);
    close_objects(w, depth + 1);
    write_close(w);
    if (w->form == WRITE_GLTF) {
        close_objects(w, 1);
        put_extensions_used(w);
    }
    close_objects(w, 0);
    return ERR_OK;
}
