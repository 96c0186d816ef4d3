/* point.c (code) - lowering of pointers: a cell that is known now is read and written in place. */
#include "node.h"

/* The constant that an input has as an index; false: it has none, or it is no index into that array. */
static bool constant_index(const Graph *g, u32 in, u32 counts_in, u32 *out) {
    if (g->in_from[in] != NONE) return false;
    Slot s = g->consts[g->in_const[in]];
    *out = g->in_type[in] == TYPE_INT ? s.u : (u32)REF_PAYLOAD(s.bits);
    if (g->in_type[in] == TYPE_INT) return s.i >= 0;
    return REF_KIND(s.bits) == REF_OBJECT && REF_PAYLOAD(s.bits) >> 32 == counts_in;
}

/* The cell that a pointer node always names; NONE: it depends, or there is none. */
static u32 known_cell(const Graph *g, u32 node) {
    const i32 *p = graph_params(g, node);
    u32 index[POINTER_INDICES] = {0};
    if (p[0] >= POINTER_ROWS || pointer_shape((PointerRow)p[0])->access == ACCESS_COMPUTED) return NONE;
    for (u32 k = 0; k < POINTER_INDICES && p[2 + 2 * k] != INDEX_NONE; k++) {
        i32 from = p[1 + 2 * k];
        index[k] = (u32)from;
        if (from < 0 && !constant_index(g, g->value_in[node] + (u32)(-1 - from), (u32)p[2 + 2 * k], &index[k]))
            return NONE;
    }
    return model_cell(&g->model, (PointerRow)p[0], index[0], index[1]);
}

/* The parameters side by side; one alone stays where it is. */
static i32 parameters(Lower *l, u32 first, u32 past) {
    if (past == first) return emit_const_int(&l->e, 0);
    if (past == first + 1) return pull_operand(l, first);
    i32 to = emit_temps(&l->e, past - first);
    for (u32 in = first; in < past; in++) pull_move(l, to + (i32)(in - first), pull_operand(l, in), 1);
    return to;
}

void lower_pointer_get(Lower *l, u32 node) {
    const Graph *g = l->graph;
    u32 out = g->value_out[node], lanes = type_lanes((Type)g->out_type[out]), cell = known_cell(g, node);
    if (cell != NONE) {
        pull_give(l, out, OPERAND(REGION_STATE, g->model.cell_slot[cell]));
        pull_give(l, out + 1, emit_const(&l->e, &(Slot){.bits = 1}, 1, 'B'));
        return;
    }
    i32 from = parameters(l, g->value_in[node], g->value_in[node + 1]), to = emit_temps(&l->e, lanes + 1);
    emit(&l->e, CODE_pointer_get, 0, to, from, (i32)node, 0);
    pull_give(l, out, to);
    pull_give(l, out + 1, to + (i32)lanes);
}

void lower_pointer_set(Lower *l, u32 node, Context in) {
    const Graph *g = l->graph;
    u32 first = g->value_in[node], value = g->value_in[node + 1] - 1, cell = known_cell(g, node);
    if (cell < g->model.mutable_count) {
        pull_into(l, value, OPERAND(REGION_STATE, g->model.cell_slot[cell]));
        emit(&l->e, CODE_touch, 0, (i32)cell, 0, 0, 0);
        if (g->model.interpolated[graph_params(g, node)[0]])
            emit(&l->e, CODE_interpolate_stop, 0, (i32)(g->variable_count + cell), 0, 0, 0);
        lower_on(l, node, 0, in);
        return;
    }
    pull(l, first, value + 1);
    i32 args = parameters(l, first, value), went = emit_temps(&l->e, 1);
    emit(&l->e, CODE_pointer_set, 0, went, args, pull_operand(l, value), (i32)node);
    lower_out_or_err(l, node, went, in);
}

void lower_pointer_interpolate(Lower *l, u32 node, Context in) {
    const Graph *g = l->graph;
    i32 args = pull_gather(l, g->value_in[node], g->value_in[node + 1]), went = emit_temps(&l->e, 1);
    emit(&l->e, CODE_pointer_interpolate, 0, went, args, (i32)node, 0);
    lower_out_or_err(l, node, went, in);
}
