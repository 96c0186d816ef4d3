/* descriptors.c (run) - what a host can know of a compiled graph, as JSON: see descriptors.h. */
#include "descriptors.h"

#include <string.h>

#include "instance.h"

static void put_number(Buf *out, const char *key, u32 number) {
    buf_key(out, key);
    buf_print(out, "%u", number);
}

/* The next item of a list. */
static void put_item(Buf *out) {
    if (out->len && out->data[out->len - 1] != '[') buf_byte(out, ',');
}

static void put_numbers(Buf *out, const char *key, const u32 *numbers, u32 count) {
    buf_key(out, key);
    buf_byte(out, '[');
    for (u32 i = 0; i < count; i++) buf_print(out, i ? ",%u" : "%u", numbers[i]);
    buf_byte(out, ']');
}

/* ---- types ---- */

static const char *lane_word(Type t) {
    switch (type_letter(t)) {
    case 'F': return "f64";
    case 'R': return "i64";
    default: return "i32";
    }
}

static u32 bits_of(const u8 *types, u32 count) {
    u32 bits = 0;
    for (u32 i = 0; i < count; i++)
        if (types[i] < TYPE_COUNT) bits |= 1u << types[i];
    return bits;
}

/* Those of all that a host can see. */
static void put_types(Buf *out, const Graph *g) {
    u32 bits = bits_of(g->variable_type, g->variable_count) | bits_of(g->output_type, g->output_count) |
               bits_of(g->event_value_type, g->event_value[g->event_count]) |
               bits_of(g->out_type + (g->value_out_count - g->input_count), g->input_count);
    for (u32 n = 0; n < g->node_count; n++) {
        if (g->node_id[n] != NODE_debug_log && g->node_id[n] != NODE_host_call) continue;
        bits |= bits_of(g->in_type + g->value_in[n], g->value_in[n + 1] - g->value_in[n]);
        bits |= bits_of(g->out_type + g->value_out[n], g->value_out[n + 1] - g->value_out[n]);
    }
    buf_key(out, "types");
    buf_byte(out, '{');
    for (u32 t = 0; t < TYPE_COUNT; t++) {
        if (!(bits >> t & 1)) continue;
        buf_key(out, type_name((Type)t));
        buf_print(out, "{\"lanes\":%u,\"lane\":\"%s\",\"letter\":\"%c\"}", type_lanes((Type)t), lane_word((Type)t),
                  type_letter((Type)t));
    }
    buf_byte(out, '}');
}

/* ---- ports ---- */

/* A port with its type and one more number. */
static void put_port(Buf *out, const char *id, u8 type, const char *key, u32 number) {
    put_item(out);
    buf_byte(out, '{');
    buf_member(out, "id", id);
    buf_member(out, "type", type_name((Type)type));
    put_number(out, key, number);
}

static void put_placed(Buf *out, const char *id, u8 type, u32 handle, u32 address) {
    put_port(out, id, type, "handle", handle);
    put_number(out, "at", address);
    buf_byte(out, '}');
}

static void put_ports(Buf *out, const Program *p, u32 slots) {
    const Graph *g = p->graph;
    u32 first_input = g->value_out_count - g->input_count, handle = 0;
    buf_key(out, "variables");
    buf_byte(out, '[');
    for (u32 v = 0; v < g->variable_count; v++)
        put_placed(out, g->variable_name[v], g->variable_type[v], handle++, slots + 8 * g->variable_slot[v]);
    buf_text(out, "],\"inputs\":[");
    for (u32 i = first_input; i < g->value_out_count; i++)
        put_placed(out, g->input_name[i - first_input], g->out_type[i], handle++, slots + 8 * g->out_slot[i]);
    buf_text(out, "],\"outputs\":[");
    for (u32 o = 0; o < g->output_count; o++) {
        put_port(out, g->output_name[o], g->output_type[o], "handle", handle++);
        if (p->output_entry[o] == NONE) put_number(out, "at", slots + 8 * p->output_slot[o]);
        buf_byte(out, '}');
    }
    buf_byte(out, ']');
}

static void put_events(Buf *out, const Graph *g, const AlonePlan *plan) {
    buf_key(out, "events");
    buf_byte(out, '[');
    for (u32 e = 0; e < g->event_count; e++) {
        put_item(out);
        buf_byte(out, '{');
        buf_member(out, "id", g->event_id[e]);
        put_number(out, "receivers", plan->events[e].receiver_past - plan->events[e].receiver_first);
        buf_key(out, "values");
        buf_byte(out, '[');
        for (u32 v = g->event_value[e], lane = 0; v < g->event_value[e + 1]; v++) {
            put_port(out, g->event_value_name[v], g->event_value_type[v], "lane", lane);
            buf_key(out, "value");
            value_json(out, (Type)g->event_value_type[v], &g->consts[g->event_value_init[v]]);
            buf_byte(out, '}');
            lane += type_lanes((Type)g->event_value_type[v]);
        }
        buf_text(out, "]}");
    }
    buf_byte(out, ']');
}

/* ---- nodes ---- */

static void put_nodes(Buf *out, const Graph *g) {
    buf_key(out, "nodes");
    buf_byte(out, '[');
    for (u32 n = 0; n < g->node_count; n++) {
        put_item(out);
        buf_byte(out, '{');
        buf_member(out, "id", g->node_name[n]);
        buf_member(out, "op", g->node_op[n]);
        buf_byte(out, '}');
    }
    buf_byte(out, ']');
}

static u32 lane_of_input(const Graph *g, u32 node, u32 k) {
    u32 lane = 0, first = g->value_in[node];
    for (u32 i = first; i < first + k; i++) lane += type_lanes((Type)g->in_type[i]);
    return lane;
}

/* A message: texts, and where its values lie among the arguments. */
static void put_log(Buf *out, const Graph *g, u32 node) {
    const i32 *params = graph_params(g, node);
    put_item(out);
    buf_print(out, "{\"node\":%u,\"severity\":%d,\"text\":[", node, params[0]);
    for (i32 i = 0; i < params[2]; i++) {
        const Piece *piece = &g->pieces[params[1] + i];
        put_item(out);
        if (piece->text) {
            buf_json_string(out, (Text){piece->text, (u32)strlen(piece->text)});
            continue;
        }
        buf_byte(out, '{');
        buf_member(out, "type", type_name((Type)g->in_type[g->value_in[node] + piece->input]));
        put_number(out, "lane", lane_of_input(g, node, piece->input));
        buf_byte(out, '}');
    }
    buf_text(out, "]}");
}

static void put_sockets(Buf *out, const char *key, const char *const *names, const u8 *types, u32 count) {
    buf_key(out, key);
    buf_byte(out, '[');
    for (u32 i = 0, lane = 0; i < count; i++) {
        put_port(out, names[i], types[i], "lane", lane);
        buf_byte(out, '}');
        lane += type_lanes((Type)types[i]);
    }
    buf_byte(out, ']');
}

static void put_call(Buf *out, const Graph *g, u32 node) {
    const HostOp *op = &g->host_ops[graph_params(g, node)[0]];
    put_item(out);
    buf_byte(out, '{');
    put_number(out, "node", node);
    buf_member(out, "op", op->name);
    put_sockets(out, "inputs", op->input_name, op->input_type, op->input_count);
    put_sockets(out, "outputs", op->output_name, op->output_type, op->output_count);
    buf_byte(out, '}');
}

/* A list of what is to be said of each node of one kind. */
static void put_each(Buf *out, const Graph *g, const char *key, NodeId id, void put(Buf *, const Graph *, u32)) {
    buf_key(out, key);
    buf_byte(out, '[');
    for (u32 n = 0; n < g->node_count; n++)
        if (g->node_id[n] == id) put(out, g, n);
    buf_byte(out, ']');
}

static void put_memory(Buf *out, const DescriptorPlaces *at) {
    buf_key(out, "memory");
    buf_byte(out, '{');
    put_number(out, "values", at->values);
    put_number(out, "lanes", at->lanes);
    put_number(out, "state", at->state);
    put_number(out, "stateSize", at->state_size);
    put_number(out, "now", at->now);
    put_number(out, "fuel", at->fuel);
    put_number(out, "fuelLimit", at->fuel_limit);
    put_number(out, "reason", at->reason);
    buf_byte(out, '}');
}

bool descriptors_json(Buf *out, const Program *p, const AlonePlan *plan, const char *version, const char *shape,
                      const DescriptorPlaces *at) {
    const Graph *g = p->graph;
    buf_text(out, "{\"treadle\":1");
    buf_member(out, "version", version);
    buf_member(out, "name", plan->name);
    buf_key(out, "hash");
    buf_print(out, "\"%016llx\"", (unsigned long long)g->hash);
    buf_member(out, "shape", shape);
    put_types(out, g);
    put_ports(out, p, at->slots);
    put_events(out, g, plan);
    put_nodes(out, g);
    put_numbers(out, "order", plan->order, plan->node_count);
    put_each(out, g, "logs", NODE_debug_log, put_log);
    put_each(out, g, "calls", NODE_host_call, put_call);
    put_numbers(out, "starts", plan->starts, plan->start_count);
    put_numbers(out, "ticks", plan->ticks, plan->tick_count);
    put_memory(out, at);
    buf_byte(out, '}');
    return !out->full;
}
