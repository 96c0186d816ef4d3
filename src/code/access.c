/* access.c (code) - which slots an instruction reads and writes, and what else it does. */
#include "access.h"

#include <string.h>

/* ---- lanes ---- */

static u32 lanes_between(const u8 *types, u32 first, u32 past) {
    u32 lanes = 0;
    for (u32 i = first; i < past; i++) lanes += type_lanes((Type)types[i]);
    return lanes;
}

static u32 input_lanes(const Graph *g, u32 node) {
    return lanes_between(g->in_type, g->value_in[node], g->value_in[node + 1]);
}

static u32 output_lanes(const Graph *g, u32 node) {
    return lanes_between(g->out_type, g->value_out[node], g->value_out[node + 1]);
}

/* ---- one instruction ---- */

typedef struct Accesses {
    Access *out;
    u32 count;
} Accesses;

static void add(Accesses *a, i32 slot, u32 count, bool write) {
    if (count) a->out[a->count++] = (Access){(u32)slot, count, write};
}

static void pure_accesses(Accesses *a, const Ins *i) {
    const i32 operand[3] = {i->b, i->c, i->d};
    if (i->code < PURE_COUNT) {
        for (u32 k = 0; k < row_inputs(i->code); k++) add(a, operand[k], 1, false);
        add(a, i->a, 1, true);
        return;
    }
    const VecRow *row = vec_row((RowId)i->code);
    u32 lanes = 0;
    for (u32 k = 0; k < row->ins; k++) add(a, operand[k], type_lanes((Type)row->in[k].type), false);
    for (u32 k = 0; k < row->outs; k++) lanes += type_lanes((Type)row->out[k].type);
    add(a, i->a, lanes, true);
}

/* Pending entries of a node, and of the instance. */
static void entry_accesses(Accesses *a, const Ins *i) {
    for (u32 write = 0; write < 2; write++) {
        add(a, i->a, 1, write);
        add(a, STATE_DEPTH, 1, write);
    }
}

static void pointer_set_accesses(Accesses *a, const Graph *g, const Ins *i) {
    u32 first = g->value_in[i->d], value = g->value_in[i->d + 1] - 1;
    add(a, i->b, lanes_between(g->in_type, first, value), false);
    add(a, i->c, lanes_between(g->in_type, value, value + 1), false);
    add(a, i->a, 1, true);
}

/* Operands as code.def names them, one slot each. */
static void plain_accesses(Accesses *a, const Ins *i) {
    const i32 operand[4] = {i->a, i->b, i->c, i->d};
    for (u32 write = 0; write < 2; write++)
        for (u32 k = 0; k < 4; k++)
            if (code_operand((Code)i->code, k) == (write ? 'd' : 's')) add(a, operand[k], 1, write);
}

u32 access_of(const Program *p, const Ins *i, Access out[ACCESS_MAX]) {
    const Graph *g = p->graph;
    Accesses a = {out, 0};
    if (i->code < VEC_PAST) {
        pure_accesses(&a, i);
        return a.count;
    }
    switch (i->code) {
    case CODE_copy:
        add(&a, i->b, i->n, false);
        add(&a, i->a, i->n, true);
        break;
    case CODE_epoch:
        add(&a, STATE_EPOCH, 1, false);
        add(&a, STATE_EPOCH, 1, true);
        break;
    case CODE_random:
        add(&a, STATE_EPOCH, 1, false);
        add(&a, i->a, 1, true);
        break;
    case CODE_enter:
    case CODE_leave: entry_accesses(&a, i); break;
    case CODE_next_turn:
        add(&a, i->b, 1, false);
        add(&a, i->c, 1, false);
        add(&a, i->b, 1, true);
        break;
    case CODE_send:
    case CODE_log: add(&a, i->a, input_lanes(g, (u32)i->b), false); break;
    case CODE_interpolate:
    case CODE_animation_start:
    case CODE_animation_stop_at:
    case CODE_pointer_interpolate:
        add(&a, i->b, input_lanes(g, (u32)i->c), false);
        add(&a, i->a, 1, true);
        break;
    case CODE_pointer_get:
        add(&a, i->b, input_lanes(g, (u32)i->c), false);
        add(&a, i->a, output_lanes(g, (u32)i->c), true);
        break;
    case CODE_pointer_set: pointer_set_accesses(&a, g, i); break;
    case CODE_host:
        add(&a, i->b, input_lanes(g, (u32)i->c), false);
        add(&a, i->a, 1 + i->n, true);
        break;
    default: plain_accesses(&a, i); break;
    }
    return a.count;
}

/* ---- kinds ---- */

InsKind ins_kind(Code code) {
    if ((u32)code < VEC_PAST) return INS_PURE;
    switch (code) {
    case CODE_nop:
    case CODE_mov:
    case CODE_copy:
    case CODE_epoch: return INS_PURE;
    case CODE_jump:
    case CODE_switch:
    case CODE_call:
    case CODE_ret:
    case CODE_halt:
    case CODE_push:
    case CODE_pop: return INS_CONTROL;
    case CODE_fuel:
    case CODE_turn:
    case CODE_next_turn: return INS_CHARGE;
    default: return code_forks(code) ? INS_CONTROL : INS_EFFECT;
    }
}

EffectReach effect_writes(const Program *p, const Ins *i, u32 *node) {
    (void)p;
    *node = NONE;
    switch (i->code) {
    case CODE_delay:
    case CODE_throttle: *node = (u32)i->c; return REACH_NODE;
    case CODE_gate:
    case CODE_wait_all: *node = (u32)i->b; return REACH_NODE;
    case CODE_delay_stop:
    case CODE_throttle_reset:
    case CODE_gate_reset:
    case CODE_wait_all_reset: *node = (u32)i->a; return REACH_NODE;
    case CODE_pointer_set: return REACH_CELLS;
    case CODE_delay_cancel:
    case CODE_animation_start:
    case CODE_animation_stop:
    case CODE_animation_stop_at: return REACH_ALL;
    default: return REACH_NONE;
    }
}

EffectReach effect_reads(const Program *p, const Ins *i, u32 *node) {
    *node = NONE;
    switch (i->code) {
    case CODE_enter:
    case CODE_leave:
    case CODE_random:
    case CODE_stop:
    case CODE_log:
    case CODE_interpolate_stop:
    case CODE_touch: return REACH_NONE;
    case CODE_gate: /* a random one hashes the epoch */
    case CODE_interpolate:
    case CODE_pointer_get:
    case CODE_pointer_set:
    case CODE_pointer_interpolate:
    case CODE_host: return REACH_ALL;
    default: return effect_writes(p, i, node);
    }
}

/* ---- letters ---- */

static void value_letters(u8 *letters, u32 slot, Type t) {
    for (u32 i = 0; slot != NONE && i < type_lanes(t); i++) letters[slot + i] = (u8)type_letter(t);
}

void slot_letters(const Program *p, u8 *letters) {
    const Graph *g = p->graph;
    memset(letters, 'P', g->state_count);
    memset(letters + g->state_count, 0, p->stack_first - g->state_count);
    letters[STATE_EPOCH] = letters[STATE_DEPTH] = 'I';
    for (u32 i = 0; i < g->variable_count; i++) value_letters(letters, g->variable_slot[i], (Type)g->variable_type[i]);
    for (u32 i = 0; i < g->value_out_count; i++) value_letters(letters, g->out_slot[i], (Type)g->out_type[i]);
    for (u32 i = 0; i < g->node_count; i++)
        if (g->node_active[i] != NONE) letters[g->node_active[i]] = 'I';
    for (u32 i = 0; i < g->model.cell_count; i++)
        value_letters(letters, g->model.cell_slot[i], (Type)pointer_shape((PointerRow)g->model.cell_row[i])->type);
    for (u32 i = 0; i < p->const_count; i++) letters[p->const_first + i] = p->const_letter[i];
}
