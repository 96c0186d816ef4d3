/* state.c (graph) - where what outlives an activation lies, and what it holds at the start.
**
** STATE_FIRST: variables | graph inputs | outputs of EVENT and FLOW nodes | what ops remember |
** pending entries of cyclic nodes | the object model: what may be written, then what is fixed */
#include "build.h"

#include <string.h>

/* Takes slots one value after the other; NONE when there are too many to number. */
typedef struct Cursor {
    u64 next;
} Cursor;

static u32 take(Cursor *c, u64 slots) {
    u64 first = c->next;
    c->next += slots;
    return c->next < NONE ? (u32)first : NONE;
}

static bool is_stateful(const Graph *g, u32 out) {
    return g->out_node[out] != NONE && g->node_kind[g->out_node[out]] != KIND_VALUE;
}

static void place_values(Graph *g, Cursor *c) {
    u32 inputs = g->value_out_count - g->input_count;
    for (u32 v = 0; v < g->variable_count; v++) g->variable_slot[v] = take(c, type_lanes((Type)g->variable_type[v]));
    for (u32 out = inputs; out < g->value_out_count; out++)
        g->out_slot[out] = take(c, type_lanes((Type)g->out_type[out]));
    for (u32 out = 0; out < inputs; out++) {
        u32 node = g->out_node[out];
        g->out_slot[out] = is_stateful(g, out) ? take(c, type_lanes((Type)g->out_type[out])) : NONE;
        if (g->node_id[node] == NODE_variable_get) g->out_slot[out] = g->variable_slot[graph_params(g, node)[0]];
    }
}

static void place_memory(Graph *g, Cursor *c) {
    for (u32 node = 0; node < g->node_count; node++) {
        u32 size = graph_state_size(g, node);
        g->node_state[node] = size ? take(c, size) : NONE;
    }
    for (u32 node = 0; node < g->node_count; node++) g->node_active[node] = g->node_cyclic[node] ? take(c, 1) : NONE;
}

/* The model numbered its slots from 0. */
static void place_model(Graph *g, Cursor *c) {
    Model *m = &g->model;
    u64 first = c->next;
    take(c, m->slot_count);
    for (u32 cell = 0; cell < m->cell_count && c->next < NONE; cell++) m->cell_slot[cell] += (u32)first;
}

/* ---- values at the start ---- */

static void set_consts(Graph *g, u32 slot, u32 first, u32 lanes) {
    memcpy(g->state_init + slot, g->consts + first, lanes * sizeof(Slot));
}

static void set_default(Graph *g, u32 out) {
    Type type = (Type)g->out_type[out];
    for (u32 i = 0; i < type_lanes(type); i++) g->state_init[g->out_slot[out] + i] = type_default(type);
}

/* What a node's outputs show before its first activation, where that is not the type's default. */
static void set_node(Graph *g, u32 node) {
    const i32 *p = graph_params(g, node);
    u32 out = g->value_out[node];
    switch (g->node_id[node]) {
    case NODE_flow_for: g->state_init[g->out_slot[out]].i = p[0]; break;
    case NODE_flow_multiGate: g->state_init[g->out_slot[out]].i = -1; break;
    case NODE_event_onSelect:
    case NODE_event_onHoverIn:
    case NODE_event_onHoverOut: g->state_init[g->out_slot[out + 1]].i = -1; break; /* controllerIndex */
    case NODE_flow_waitAll: g->state_init[g->out_slot[out]].i = p[0]; break;
    case NODE_event_receive:
        for (u32 v = g->event_value[p[0]]; v < g->event_value[p[0] + 1]; v++, out++)
            set_consts(g, g->out_slot[out], g->event_value_init[v], type_lanes((Type)g->event_value_type[v]));
        break;
    default: break;
    }
}

static void set_all(Graph *g) {
    u32 inputs = g->value_out_count - g->input_count;
    for (u32 v = 0; v < g->variable_count; v++)
        set_consts(g, g->variable_slot[v], g->variable_init[v], type_lanes((Type)g->variable_type[v]));
    for (u32 i = 0; i < g->input_count; i++)
        set_consts(g, g->out_slot[inputs + i], g->input_init[i], type_lanes((Type)g->out_type[inputs + i]));
    for (u32 out = 0; out < inputs; out++)
        if (is_stateful(g, out)) set_default(g, out);
    for (u32 node = 0; node < g->node_count; node++) set_node(g, node);
    const Model *m = &g->model;
    if (m->slot_count) memcpy(g->state_init + g->state_count - m->slot_count, m->init, m->slot_count * sizeof(Slot));
}

Err state_lay_out(Graph *g) {
    Cursor c = {STATE_FIRST};
    g->variable_slot = ARENA_ARRAY(&g->arena, u32, g->variable_count);
    g->out_slot = ARENA_ARRAY(&g->arena, u32, g->value_out_count);
    g->node_state = ARENA_ARRAY(&g->arena, u32, g->node_count);
    g->node_active = ARENA_ARRAY(&g->arena, u32, g->node_count);
    if (!g->variable_slot || !g->out_slot || !g->node_state || !g->node_active) return ERR_MEMORY;
    place_values(g, &c);
    place_memory(g, &c);
    place_model(g, &c);
    if (c.next >= NONE) return ERR_MEMORY;
    g->state_count = (u32)c.next;
    g->state_init = ARENA_ARRAY(&g->arena, Slot, g->state_count);
    if (!g->state_init) return ERR_MEMORY;
    set_all(g);
    return ERR_OK;
}
