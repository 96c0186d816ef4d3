/* plan.c (run) - the AlonePlan of a program, made from its graph. */
#include "plan.h"

#include <stdio.h>
#include <string.h>

#include "../graph/where.h"

/* ---- what cannot be compiled ---- */

static bool is_of_gltf(NodeId id) {
    switch (id) {
    case NODE_pointer_get:
    case NODE_pointer_set:
    case NODE_pointer_interpolate:
    case NODE_animation_start:
    case NODE_animation_stop:
    case NODE_animation_stopAt:
    case NODE_event_onSelect:
    case NODE_event_onHoverIn:
    case NODE_event_onHoverOut: return true;
    default: return false;
    }
}

Err plan_check(const Program *p, Diags *diags) {
    const Graph *g = p->graph;
    Err err = ERR_OK;
    for (u32 node = 0; node < g->node_count; node++) {
        Place place;
        if (!is_of_gltf((NodeId)g->node_id[node])) continue;
        const At *at = place_node(&place, g->at, node, NULL, NULL);
        diags->node = (i32)node;
        diags->name = g->node_name[node][0] ? g->node_name[node] : g->node_op[node];
        err = diag_report(diags, ERR_COMPILE_OP, at, (Detail){0}, g->node_op[node]);
    }
    diags->node = -1;
    diags->name = "";
    return err;
}

/* ---- tables ---- */

typedef struct Make {
    const Program *p;
    const Graph *g;
    Arena *arena;
    Plan *out;
    AlonePort *values; /* out's, while they are made */
} Make;

static u32 lanes_of(const u8 *types, u32 first, u32 past) {
    u32 lanes = 0;
    for (u32 i = first; i < past; i++) lanes += type_lanes((Type)types[i]);
    return lanes;
}

static AlonePort port(const char *name, u8 type, u32 slot) {
    Type t = (Type)type;
    return (AlonePort){name, type_name(t), (u8)type_letter(t), type_lanes(t), slot, NONE, NONE};
}

static bool make_variables(Make *m) {
    const Graph *g = m->g;
    AlonePlan *plan = &m->out->plan;
    AlonePort *list = ARENA_ARRAY(m->arena, AlonePort, g->variable_count + 1);
    for (u32 v = 0; list && v < g->variable_count; v++) {
        list[v] = port(g->variable_name[v], g->variable_type[v], g->variable_slot[v]);
        if (g->variable_interpolated[v]) list[v].move = plan->moves++;
    }
    plan->variables = list;
    plan->variable_count = g->variable_count;
    return list;
}

static bool make_ports(Make *m) {
    const Graph *g = m->g;
    AlonePlan *plan = &m->out->plan;
    u32 first = g->value_out_count - g->input_count;
    AlonePort *in = ARENA_ARRAY(m->arena, AlonePort, g->input_count + 1);
    AlonePort *out = ARENA_ARRAY(m->arena, AlonePort, g->output_count + 1);
    if (!in || !out) return false;
    for (u32 i = 0; i < g->input_count; i++)
        in[i] = port(g->input_name[i], g->out_type[first + i], g->out_slot[first + i]);
    for (u32 i = 0; i < g->output_count; i++) {
        out[i] = port(g->output_name[i], g->output_type[i], m->p->output_slot[i]);
        out[i].entry = m->p->output_entry[i];
    }
    plan->inputs = in;
    plan->outputs = out;
    plan->input_count = g->input_count;
    plan->output_count = g->output_count;
    return true;
}

/* Counts at [e + 1], then first places at [e]. */
static void place_receivers(const Graph *g, AloneEvent *list, u32 *receivers) {
    for (u32 node = 0; node < g->node_count; node++)
        if (g->node_id[node] == NODE_event_receive) list[graph_params(g, node)[0]].receiver_past++;
    u32 sum = 0;
    for (u32 e = 0; e < g->event_count; e++) {
        u32 count = list[e].receiver_past;
        list[e].receiver_first = list[e].receiver_past = sum;
        sum += count;
    }
    for (u32 node = 0; node < g->node_count; node++)
        if (g->node_id[node] == NODE_event_receive) receivers[list[graph_params(g, node)[0]].receiver_past++] = node;
}

static bool make_events(Make *m) {
    const Graph *g = m->g;
    AlonePlan *plan = &m->out->plan;
    u32 values = g->event_count ? g->event_value[g->event_count] : 0;
    AloneEvent *list = ARENA_ARRAY(m->arena, AloneEvent, g->event_count + 1);
    AlonePort *ports = ARENA_ARRAY(m->arena, AlonePort, values + 1);
    u32 *receivers = ARENA_ARRAY(m->arena, u32, g->node_count + 1);
    if (!list || !ports || !receivers) return false;
    place_receivers(g, list, receivers);
    plan->event_lanes = 1;
    for (u32 e = 0; e < g->event_count; e++) {
        AloneEvent *event = &list[e];
        event->id = g->event_id[e];
        event->value_first = g->event_value[e];
        event->value_past = g->event_value[e + 1];
        for (u32 v = event->value_first; v < event->value_past; v++) {
            ports[v] = port(g->event_value_name[v], g->event_value_type[v], event->lanes);
            event->lanes += ports[v].lanes;
        }
        bool received = event->receiver_first < event->receiver_past;
        if (received && event->lanes > plan->event_lanes) plan->event_lanes = event->lanes;
        if (received && event->id[0]) plan->heard = 1;
        m->out->receiver_count = event->receiver_past;
    }
    plan->events = list;
    plan->values = m->values = ports;
    plan->receivers = receivers;
    plan->event_count = g->event_count;
    m->out->value_count = values;
    return true;
}

/* What the host writes passes through the same queue. */
static void widen_queue(AlonePlan *plan) {
    for (u32 i = 0; i < plan->variable_count; i++)
        if (plan->variables[i].lanes > plan->event_lanes) plan->event_lanes = plan->variables[i].lanes;
    for (u32 i = 0; i < plan->input_count; i++)
        if (plan->inputs[i].lanes > plan->event_lanes) plan->event_lanes = plan->inputs[i].lanes;
}

/* ---- nodes ---- */

/* How many words of graph_params matter at run time. */
static u32 params_of(NodeId id) {
    switch (id) {
    case NODE_event_send:
    case NODE_event_receive:
    case NODE_flow_waitAll:
    case NODE_host_call: return 1;
    case NODE_variable_interpolate:
    case NODE_flow_multiGate: return 2;
    case NODE_debug_log: return 3;
    default: return 0;
    }
}

/* The flow output that roots an activation: `out` of an event, `done` of what waits. */
static u32 root_of(const Graph *g, u32 node) {
    enum { OUT = 0, DONE = 2 };
    NodeId id = (NodeId)g->node_id[node];
    if (g->node_kind[node] == KIND_EVENT) return g->flow_out[node] + OUT;
    return id == NODE_flow_setDelay || id == NODE_variable_interpolate ? g->flow_out[node] + DONE : NONE;
}

static void make_pieces(Make *m, u32 node, AlonePiece *list, i32 *params) {
    const Graph *g = m->g;
    const i32 *from = graph_params(g, node);
    params[1] = (i32)m->out->piece_count;
    for (i32 i = 0; i < from[2]; i++) {
        const Piece *piece = &g->pieces[from[1] + i];
        u32 first = g->value_in[node], in = first + piece->input;
        AlonePiece *to = &list[m->out->piece_count++];
        *to = (AlonePiece){.text = piece->text};
        if (piece->text) continue;
        to->letter = (u8)type_letter((Type)g->in_type[in]);
        to->lanes = type_lanes((Type)g->in_type[in]);
        to->lane = lanes_of(g->in_type, first, in);
    }
}

static AloneNode make_node(Make *m, u32 node, i32 *params, AlonePiece *pieces) {
    const Graph *g = m->g;
    u32 first = g->value_out[node], past = g->value_out[node + 1], count = params_of((NodeId)g->node_id[node]);
    u32 root = root_of(g, node);
    bool is_state = g->node_kind[node] != KIND_VALUE;
    AloneNode n = {.id = g->node_name[node], .op = g->node_op[node], .out = NONE, .params = NONE, .root = NONE};
    n.state = g->node_state[node];
    n.flows = g->flow_out[node + 1] - g->flow_out[node];
    if (is_state && past > first) n.out = g->out_slot[first];
    if (is_state) n.lanes = lanes_of(g->out_type, first, past);
    if (root != NONE && g->flow_target[root] != NONE) n.root = m->p->entry[root];
    if (!count) return n;
    n.params = m->out->param_count;
    memcpy(params + n.params, graph_params(g, node), count * sizeof *params);
    if (g->node_id[node] == NODE_debug_log) make_pieces(m, node, pieces, params + n.params);
    m->out->param_count += count;
    return n;
}

static bool make_nodes(Make *m) {
    const Graph *g = m->g;
    AlonePlan *plan = &m->out->plan;
    AloneNode *nodes = ARENA_ARRAY(m->arena, AloneNode, g->node_count + 1);
    u32 *starts = ARENA_ARRAY(m->arena, u32, g->node_count + 1), *ticks = ARENA_ARRAY(m->arena, u32, g->node_count + 1);
    i32 *params = ARENA_ARRAY(m->arena, i32, 3 * (u64)g->node_count + 1);
    AlonePiece *pieces = ARENA_ARRAY(m->arena, AlonePiece, g->piece_count + 1);
    if (!nodes || !starts || !ticks || !params || !pieces) return false;
    for (u32 node = 0; node < g->node_count; node++) {
        nodes[node] = make_node(m, node, params, pieces);
        if (g->node_id[node] == NODE_event_onStart) starts[plan->start_count++] = node;
        if (g->node_id[node] == NODE_event_onTick) ticks[plan->tick_count++] = node;
    }
    plan->nodes = nodes;
    plan->starts = starts;
    plan->ticks = ticks;
    plan->params = params;
    plan->pieces = pieces;
    plan->node_count = g->node_count;
    return true;
}

/* ---- the order ---- */

/* The VALUE node that an input reads; NONE. State is read where it lies. */
static u32 source(const Graph *g, u32 in) {
    u32 from = g->in_from[in], node = from == NONE ? NONE : g->out_node[from];
    return node != NONE && g->node_kind[node] == KIND_VALUE ? node : NONE;
}

/* Depth first from each node to what it reads, without recursion: a node follows all these. Value edges close no cycle. */
static bool make_order(Make *m) {
    const Graph *g = m->g;
    u32 n = g->node_count, done = 0;
    u32 *order = ARENA_ARRAY(m->arena, u32, n + 1), *next = ARENA_ARRAY(m->arena, u32, n + 1);
    u32 *stack = ARENA_ARRAY(m->arena, u32, n + 1);
    if (!order || !next || !stack) return false;
    for (u32 root = 0; root < n; root++) {
        u32 depth = 0;
        if (next[root] == 0) stack[depth++] = root, next[root] = 1;
        while (depth) {
            u32 node = stack[depth - 1], in = g->value_in[node] + next[node] - 1;
            if (in == g->value_in[node + 1]) {
                order[done++] = node;
                depth--;
                continue;
            }
            next[node]++;
            u32 from = source(g, in);
            if (from != NONE && next[from] == 0) stack[depth++] = from, next[from] = 1;
        }
    }
    m->out->plan.order = order;
    return true;
}

/* ---- slots and limits ---- */

/* Defaults of events' values, behind the state and the constants. */
static void put_defaults(Make *m, Slot *initial, AlonePort *values) {
    const Graph *g = m->g;
    for (u32 v = 0; v < m->out->value_count; v++) {
        values[v].entry = m->out->initial_count;
        memcpy(initial + m->out->initial_count, g->consts + g->event_value_init[v], values[v].lanes * sizeof(Slot));
        m->out->initial_count += values[v].lanes;
    }
}

static bool make_slots(Make *m) {
    const Program *p = m->p;
    AlonePlan *plan = &m->out->plan;
    u32 state = m->g->state_count, defaults = lanes_of(m->g->event_value_type, 0, m->out->value_count);
    Slot *initial = ARENA_ARRAY(m->arena, Slot, (u64)state + p->const_count + defaults + 1);
    if (!initial) return false;
    if (state) memcpy(initial, m->g->state_init, state * sizeof(Slot));
    if (p->const_count) memcpy(initial + state, p->consts, p->const_count * sizeof(Slot));
    plan->initial = initial;
    plan->initials = m->out->initial_count = state + p->const_count;
    put_defaults(m, initial, m->values);
    plan->slot_count = p->slot_count;
    plan->stack_first = p->stack_first;
    plan->stack_count = p->stack_count;
    return true;
}

/* Rooms where the engine has no limit. */
enum { DELAYS_DEFAULT = 4096, QUEUE_DEFAULT = 65536, QUEUE_OF_WRITES = 64 };

static u32 room(u64 limit, u32 otherwise) { return limit && limit < UINT32_MAX ? (u32)limit : otherwise; }

static void make_limits(Make *m, const Limits *l) {
    AlonePlan *plan = &m->out->plan;
    bool delays = false;
    for (u32 pc = 0; pc < m->p->count; pc++) delays = delays || m->p->code[pc].code == CODE_delay;
    plan->delays = delays ? room(l->delays, DELAYS_DEFAULT) : 0;
    plan->queue = room(l->queue, QUEUE_DEFAULT);
    if (!m->out->receiver_count && plan->queue > QUEUE_OF_WRITES) plan->queue = QUEUE_OF_WRITES;
    plan->interpolations = room(l->interpolations, 0);
    plan->call_depth = l->call_depth < UINT32_MAX ? (u32)l->call_depth : UINT32_MAX;
    plan->tick_events = room(l->tick_events, 0);
}

/* ---- the whole ---- */

Err plan_make(const Program *p, const Limits *limits, Arena *arena, Plan *out) {
    *out = (Plan){0};
    Make m = {.p = p, .g = p->graph, .arena = arena, .out = out};
    out->plan.name = plan_name(p->graph, arena);
    if (!out->plan.name || !make_variables(&m) || !make_ports(&m) || !make_events(&m) || !make_nodes(&m))
        return ERR_MEMORY;
    if (!make_order(&m) || !make_slots(&m)) return ERR_MEMORY;
    widen_queue(&out->plan);
    make_limits(&m, limits);
    return ERR_OK;
}

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* "demo" of "examples/demo.graph.json". */
static Text stem(const char *file) {
    const char *slash = strrchr(file, '/'), *from = slash ? slash + 1 : file, *dot = strchr(from, '.');
    return (Text){from, (u32)(dot ? (size_t)(dot - from) : strlen(from))};
}

const char *plan_name(const Graph *g, Arena *arena) {
    enum { NAME_MAX_LETTERS = 40 };
    Text from = g->name[0] ? (Text){g->name, (u32)strlen(g->name)} : stem(g->file);
    char name[NAME_MAX_LETTERS + 3];
    u32 len = 0;
    if (from.len && is_digit(from.data[0])) name[len++] = 'g', name[len++] = '_';
    for (u32 i = 0; i < from.len && len < NAME_MAX_LETTERS; i++) {
        char c = from.data[i];
        if (is_letter(c) || is_digit(c))
            name[len++] = c;
        else if (len && name[len - 1] != '_')
            name[len++] = '_';
    }
    while (len && name[len - 1] == '_') len--;
    return arena_copy(arena, len ? (Text){name, len} : TEXT("graph"));
}
