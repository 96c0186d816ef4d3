/* store.c (run) - pointer/get and pointer/set on the object model: cells in state, and what is worked out. */
#include "served.h"
#include "store.h"

#include <math.h>
#include <string.h>
#include "../op/vec.h"
#include "animate.h"

/* ---- effective pointers ---- */

/* One index of a path from its parameter. */
static bool read_parameter(Type t, Slot s, u32 counts_in, u32 *index, u64 *ref) {
    *ref = s.bits;
    *index = t == TYPE_INT ? s.u : (u32)REF_PAYLOAD(s.bits);
    if (t == TYPE_INT) return s.i >= 0;
    if (counts_in == INDEX_DELAY) return REF_KIND(s.bits) == REF_DELAY;
    if (counts_in == INDEX_EVENT) return REF_KIND(s.bits) == REF_EVENT;
    return REF_KIND(s.bits) == REF_OBJECT && REF_PAYLOAD(s.bits) >> 32 == counts_in;
}

bool store_point(const Instance *in, u32 node, const Slot *args, Pointed *out) {
    const Graph *g = in->graph;
    const i32 *p = graph_params(g, node);
    *out = (Pointed){.row = (PointerRow)p[0]};
    if (p[0] >= POINTER_ROWS) return false;
    for (u32 k = 0; k < POINTER_INDICES && p[2 + 2 * k] != INDEX_NONE; k++) {
        i32 from = p[1 + 2 * k];
        u32 input = (u32)(-1 - from);
        out->index[k] = (u32)from;
        if (from >= 0) continue;
        Type t = (Type)g->in_type[g->value_in[node] + input];
        if (!read_parameter(t, args[input], (u32)p[2 + 2 * k], &out->index[k], &out->ref)) return false;
    }
    return true;
}

u32 store_cell(const Graph *g, const Pointed *p) {
    if (pointer_shape(p->row)->access != ACCESS_CELL) return NONE;
    return model_cell(&g->model, p->row, p->index[0], p->index[1]);
}

/* ---- matrices, column-major ---- */

static const Slot *node_cell(const Instance *in, PointerRow row, u32 node) {
    const Model *m = &in->graph->model;
    return in->slots + m->cell_slot[m->row_cell[row][node]];
}

/* What the node does to its children, as it is now. */
static void local_matrix(const Instance *in, u32 node, Slot m[16]) {
    const Model *model = &in->graph->model;
    const Slot *t = node_cell(in, POINTER_node_translation, node);
    if (model->matrix[node] == NONE) {
        vec_matCompose(m, t, node_cell(in, POINTER_node_rotation, node), node_cell(in, POINTER_node_scale, node));
        return;
    }
    const f64 *fixed = model->matrices + 16 * (u64)model->matrix[node];
    for (u32 i = 0; i < 16; i++) m[i].f = fixed[i];
    memcpy(m + 12, t, 3 * sizeof(Slot));
}

static void read_matrix(const Instance *in, u32 node, bool global, Slot *out) {
    const u32 *parent = in->graph->model.parent;
    Slot above[16];
    local_matrix(in, node, out);
    for (u32 up = parent[node]; global && up != NONE; up = parent[up]) {
        local_matrix(in, up, above);
        vec_matMul_4(out, above, out, NULL);
    }
}

/* ---- what else is worked out ---- */

/* As the pointer says it: at least 1, the largest int for none. */
static void put_limit(u64 limit, Slot *out) { out->bits = limit == 0 || limit > INT32_MAX ? INT32_MAX : limit; }

static bool read_delay(const Instance *in, u64 ref, Slot *out) {
    out->bits = ref;
    for (u32 i = 0; i < in->delay_count; i++)
        if (in->delays[i].serial == REF_PAYLOAD(ref)) return true;
    return false;
}

static bool read_computed(const Instance *in, const Pointed *p, Slot *out) {
    const u32 *count = in->graph->model.count;
    u32 index = p->index[0];
    switch (p->row) {
    case POINTER_node_matrix:
    case POINTER_node_global:
        if (index >= count[GLTF_NODES]) return false;
        read_matrix(in, index, p->row == POINTER_node_global, out);
        return true;
    case POINTER_is_playing:
    case POINTER_min_time:
    case POINTER_max_time:
    case POINTER_playhead:
    case POINTER_virtual_playhead:
        if (index >= in->graph->clips.count) return false;
        animate_state(in, index, p->row, out);
        return true;
    case POINTER_limit_animations: put_limit(in->limits->animations, out); return true;
    case POINTER_limit_delays: put_limit(in->limits->delays, out); return true;
    case POINTER_limit_properties: put_limit(in->limits->pointer_interpolations, out); return true;
    case POINTER_limit_variables: put_limit(in->limits->interpolations, out); return true;
    case POINTER_delay: return read_delay(in, p->ref, out);
    case POINTER_event: out->bits = p->ref; return true;
    default: return false;
    }
}

/* ---- reading and writing ---- */

bool store_read(const Instance *in, const Pointed *p, Slot *out) {
    const Model *m = &in->graph->model;
    const PointerShape *shape = pointer_shape(p->row);
    if (shape->access == ACCESS_COMPUTED) return read_computed(in, p, out);
    u32 cell = model_cell(m, p->row, p->index[0], p->index[1]);
    if (cell == NONE) return false;
    memcpy(out, in->slots + m->cell_slot[cell], type_lanes((Type)shape->type) * sizeof(Slot));
    return true;
}

void store_write(Instance *in, u32 cell, const Slot *value) {
    const Model *m = &in->graph->model;
    Type t = (Type)pointer_shape((PointerRow)m->cell_row[cell])->type;
    memmove(in->slots + m->cell_slot[cell], value, type_lanes(t) * sizeof(Slot)); /* it may be the cell's own */
    store_touch(in, cell);
    if (in->trace.on) instance_trace_pointer(in, cell);
}

void store_forget_changes(Instance *in) {
    for (u32 i = 0; i < in->change_count; i++) in->changed[in->changes[i]] = 0;
    in->change_count = 0;
}

void instance_pointer_get(Instance *in, u32 node, const Slot *args, Slot *out) {
    const Graph *g = in->graph;
    Type type = (Type)g->out_type[g->value_out[node]];
    u32 lanes = type_lanes(type);
    Pointed p;
    bool host = graph_params(g, node)[0] == POINTER_HOST;
    bool valid = host ? served_get(in, (u32)graph_params(g, node)[1], args, out)
                      : store_point(in, node, args, &p) && store_read(in, &p, out);
    for (u32 i = 0; i < lanes && !valid; i++) out[i] = type_default(type);
    out[lanes].bits = valid;
}

/* A host that refuses the value changes nothing. */
static bool set_served(Instance *in, u32 served, const Slot *args, const Slot *value) {
    if (!served_set(in, served, args, value)) return false;
    if (in->interpolating[INTERPOLATES_POINTERS].count) interpolate_stop_served(in, served, args);
    return true;
}

bool instance_pointer_set(Instance *in, u32 node, const Slot *args, const Slot *value) {
    const Graph *g = in->graph;
    Pointed p;
    const i32 *params = graph_params(g, node);
    if (params[0] == POINTER_HOST) return set_served(in, (u32)params[1], args, value);
    u32 cell = store_point(in, node, args, &p) ? store_cell(g, &p) : NONE;
    if (cell == NONE) return false;
    instance_interpolate_stop(in, g->variable_count + cell);
    store_write(in, cell, value);
    return true;
}
