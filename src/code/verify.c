/* verify.c (code) - looks at every instruction of a program before any runs: slots, letters, jumps, tables, stack.
**
** It trusts the Graph and nothing else. State slots have the letter of what lives there; a temporary has the letter
** of its last writer, and none after a label, a call or a host call: what is read there must have been written
** since. The stack's height over an activation's (or procedure's) beginning must be the same on all ways to an
** instruction, and 0 at a return. */
#include "verify.h"

#include <stdio.h>

#include "access.h"

enum { UNSET = 0, PRIVATE = 'P' }; /* as slot_letters has them */

typedef struct Verify {
    const Program *p;
    const Graph *g;
    u8 *letter;  /* by slot below stack_first */
    u8 *target;  /* by pc: something jumps here */
    i32 *height; /* by pc: stack height, -1 unknown */
    u32 *queue;  /* pcs whose height is news */
    u32 pc;
    const char *wrong; /* the first fault */
} Verify;

static bool fault(Verify *v, const char *what) {
    if (!v->wrong) v->wrong = what;
    return false;
}

/* ---- one operand ---- */

static bool reads(Verify *v, i32 slot, char letter) {
    const Program *p = v->p;
    if (slot < 0 || (u32)slot >= p->stack_first) return fault(v, "reads a slot that is not there");
    if (v->letter[slot] != (u8)letter) return fault(v, "reads a slot of another type, or one nobody wrote");
    return true;
}

/* Where the part of state begins that nobody writes. */
static u32 fixed_first(const Graph *g) { return g->state_count - g->model.slot_count + g->model.mutable_slots; }

static bool writes(Verify *v, i32 slot, char letter) {
    const Program *p = v->p;
    if (slot < 0 || (u32)slot >= p->stack_first) return fault(v, "writes a slot that is not there");
    u32 s = (u32)slot;
    if (s >= p->const_first && s < p->temp_first) return fault(v, "writes a constant");
    if (s < p->const_first && v->letter[s] != (u8)letter) return fault(v, "writes state of another type");
    if (s < p->const_first && s >= fixed_first(v->g)) return fault(v, "writes what is fixed");
    v->letter[s] = (u8)letter;
    return true;
}

static bool reads_value(Verify *v, i32 *slot, Type t) {
    for (u32 i = 0; i < type_lanes(t); i++, ++*slot)
        if (!reads(v, *slot, type_letter(t))) return false;
    return true;
}

static bool writes_value(Verify *v, i32 *slot, Type t) {
    for (u32 i = 0; i < type_lanes(t); i++, ++*slot)
        if (!writes(v, *slot, type_letter(t))) return false;
    return true;
}

static bool moves(Verify *v, i32 to, i32 from, u32 n) {
    for (u32 i = 0; i < n; i++, to++, from++) {
        if (from < 0 || (u32)from >= v->p->stack_first) return fault(v, "moves a slot that is not there");
        char letter = (char)v->letter[from];
        if (letter == UNSET || letter == PRIVATE) return fault(v, "moves a slot nobody wrote");
        if (!writes(v, to, letter)) return false;
    }
    return true;
}

static bool node_is(Verify *v, i32 node, NodeId id) {
    if (node < 0 || (u32)node >= v->g->node_count || v->g->node_id[node] != id)
        return fault(v, "names a node of another kind");
    return true;
}

/* Value inputs [first, past), lane by lane from a slot on. */
static bool reads_between(Verify *v, i32 slot, u32 first, u32 past) {
    for (u32 in = first; in < past; in++)
        if (!reads_value(v, &slot, (Type)v->g->in_type[in])) return false;
    return true;
}

/* All of a node. */
static bool reads_inputs(Verify *v, i32 slot, u32 node) {
    return reads_between(v, slot, v->g->value_in[node], v->g->value_in[node + 1]);
}

static bool writes_outputs(Verify *v, i32 slot, u32 node) {
    for (u32 out = v->g->value_out[node]; out < v->g->value_out[node + 1]; out++)
        if (!writes_value(v, &slot, (Type)v->g->out_type[out])) return false;
    return true;
}

/* ---- one instruction ---- */

static char upper(char letter) { return letter >= 'a' ? (char)(letter - 'a' + 'A') : letter; }

static bool check_pure(Verify *v, const Ins *i) {
    const PureRow *row = pure_row((PureId)i->code);
    const i32 operand[3] = {i->b, i->c, i->d};
    for (u32 k = 0; k < row->arity; k++)
        if (!reads(v, operand[k], upper(row->letter[k]))) return false;
    return writes(v, i->a, upper(row->result));
}

/* Inputs may lie where outputs go: lane code reads all before it writes (vec.h). */
static bool check_vec(Verify *v, const Ins *i) {
    const VecRow *row = vec_row((RowId)i->code);
    i32 slot[3] = {i->b, i->c, i->d}, to = i->a;
    for (u32 k = 0; k < row->ins; k++)
        if (!reads_value(v, &slot[k], (Type)row->in[k].type)) return false;
    for (u32 k = 0; k < row->outs; k++)
        if (!writes_value(v, &to, (Type)row->out[k].type)) return false;
    return true;
}

static void forget_temporaries(Verify *v) {
    for (u32 s = v->p->temp_first; s < v->p->stack_first; s++) v->letter[s] = UNSET;
}

static bool check_host(Verify *v, const Ins *i) {
    if (!node_is(v, i->c, NODE_host_call) || !reads_inputs(v, i->b, (u32)i->c)) return false;
    forget_temporaries(v);
    return writes(v, i->a, 'B') && writes_outputs(v, i->a + 1, (u32)i->c);
}

static bool check_pointer_set(Verify *v, const Ins *i) {
    if (!node_is(v, i->d, NODE_pointer_set)) return false;
    u32 first = v->g->value_in[i->d], value = v->g->value_in[i->d + 1] - 1;
    return reads_between(v, i->b, first, value) && reads_between(v, i->c, value, value + 1) && writes(v, i->a, 'B');
}

static bool check_active(Verify *v, i32 slot) {
    if (slot < 0 || (u32)slot >= v->g->state_count || v->letter[slot] != 'I')
        return fault(v, "counts entries in a slot that is none");
    return true;
}

static bool check_effect(Verify *v, const Ins *i) {
    switch (i->code) {
    case CODE_delay: return node_is(v, i->c, NODE_flow_setDelay) && reads(v, i->b, 'F') && writes(v, i->a, 'B');
    case CODE_delay_stop: return node_is(v, i->a, NODE_flow_setDelay);
    case CODE_delay_cancel: return reads(v, i->a, 'R');
    case CODE_throttle: return node_is(v, i->c, NODE_flow_throttle) && reads(v, i->b, 'F') && writes(v, i->a, 'I');
    case CODE_throttle_reset: return node_is(v, i->a, NODE_flow_throttle);
    case CODE_gate: return node_is(v, i->b, NODE_flow_multiGate) && writes(v, i->a, 'I');
    case CODE_gate_reset: return node_is(v, i->a, NODE_flow_multiGate);
    case CODE_wait_all:
        return node_is(v, i->b, NODE_flow_waitAll) && i->c >= 0 && i->c < graph_params(v->g, (u32)i->b)[0] &&
               writes(v, i->a, 'B');
    case CODE_wait_all_reset: return node_is(v, i->a, NODE_flow_waitAll);
    case CODE_send: return node_is(v, i->b, NODE_event_send) && reads_inputs(v, i->a, (u32)i->b);
    case CODE_stop: return reads(v, i->a, 'B') && reads(v, i->b, 'R');
    case CODE_interpolate:
        return node_is(v, i->c, NODE_variable_interpolate) && reads_inputs(v, i->b, (u32)i->c) && writes(v, i->a, 'B');
    case CODE_interpolate_stop: return i->a >= 0 && (u32)i->a < v->g->variable_count + v->g->model.mutable_count;
    case CODE_animation_start:
        return node_is(v, i->c, NODE_animation_start) && reads_inputs(v, i->b, (u32)i->c) && writes(v, i->a, 'B');
    case CODE_animation_stop: return reads(v, i->b, 'R') && writes(v, i->a, 'B');
    case CODE_animation_stop_at:
        return node_is(v, i->c, NODE_animation_stopAt) && reads_inputs(v, i->b, (u32)i->c) && writes(v, i->a, 'B');
    case CODE_random: return node_is(v, i->b, NODE_math_random) && writes(v, i->a, 'F');
    case CODE_pointer_get:
        return node_is(v, i->c, NODE_pointer_get) && reads_inputs(v, i->b, (u32)i->c) &&
               writes_outputs(v, i->a, (u32)i->c);
    case CODE_pointer_set: return check_pointer_set(v, i);
    case CODE_pointer_interpolate:
        return node_is(v, i->c, NODE_pointer_interpolate) && reads_inputs(v, i->b, (u32)i->c) && writes(v, i->a, 'B');
    case CODE_touch: return (i->a >= 0 && (u32)i->a < v->g->model.mutable_count) || fault(v, "touches no cell");
    case CODE_log: return node_is(v, i->b, NODE_debug_log) && reads_inputs(v, i->a, (u32)i->b);
    case CODE_host: return check_host(v, i);
    default: return fault(v, "is not an instruction");
    }
}

static bool check_ins(Verify *v, const Ins *i) {
    if (i->code < PURE_COUNT) return check_pure(v, i);
    if (i->code < VEC_PAST) return check_vec(v, i);
    switch (i->code) {
    case CODE_nop:
    case CODE_halt:
    case CODE_epoch:
    case CODE_jump:
    case CODE_ret: return true;
    case CODE_call: forget_temporaries(v); return true;
    case CODE_fuel: return i->a > 0 || fault(v, "charges nothing");
    case CODE_mov: return moves(v, i->a, i->b, 1);
    case CODE_copy: return moves(v, i->a, i->b, i->n);
    case CODE_jump_not: return reads(v, i->b, 'B');
    case CODE_unless_lt_i:
    case CODE_unless_le_i:
    case CODE_unless_gt_i:
    case CODE_unless_ge_i:
    case CODE_unless_eq_i: return reads(v, i->b, 'I') && reads(v, i->c, 'I');
    case CODE_unless_lt_f:
    case CODE_unless_le_f:
    case CODE_unless_gt_f:
    case CODE_unless_ge_f:
    case CODE_unless_eq_f: return reads(v, i->b, 'F') && reads(v, i->c, 'F');
    case CODE_switch: return reads(v, i->b, 'I');
    case CODE_push: return reads(v, i->a, 'I');
    case CODE_pop: return writes(v, i->a, 'I');
    case CODE_enter: return check_active(v, i->a) && i->b >= 0 && (u32)i->b < v->g->node_count;
    case CODE_leave: return check_active(v, i->a);
    case CODE_turn: return i->d > 0 && reads(v, i->b, 'I') && reads(v, i->c, 'I');
    case CODE_next_turn: return i->d > 0 && reads(v, i->b, 'I') && reads(v, i->c, 'I') && writes(v, i->b, 'I');
    default: return check_effect(v, i);
    }
}

/* ---- jumps ---- */

static bool check_target(Verify *v, i64 pc) {
    if (pc < 0 || pc >= v->p->count) return fault(v, "jumps out of the program");
    v->target[pc] = 1;
    return true;
}

/* How many places instruction pc can go to beside the next one, and the k-th of them. Its table was checked. */
static u32 target_count(const Program *p, u32 pc) {
    const Ins *i = &p->code[pc];
    if (i->code == CODE_switch) return (u32)p->words[i->a] + 1;
    return code_operand((Code)i->code, 0) == 't';
}

static i64 target_at(const Program *p, u32 pc, u32 k) {
    const Ins *i = &p->code[pc];
    if (i->code != CODE_switch) return (i64)pc + 1 + i->a;
    const i32 *table = p->words + i->a;
    u32 cases = (u32)table[0];
    return (i64)pc + 1 + (k < cases ? table[2 + 2 * k] : table[1 + 2 * cases]);
}

static bool check_table(Verify *v, const Ins *i) {
    if (i->a < 0 || (u32)i->a >= v->p->word_count) return fault(v, "has no table");
    const i32 *table = v->p->words + i->a;
    i64 n = table[0];
    if (n < 0 || (u64)i->a + 2 + 2 * (u64)n > v->p->word_count) return fault(v, "has a cut table");
    for (i64 k = 1; k < n; k++)
        if (table[1 + 2 * k] <= table[2 * k - 1]) return fault(v, "has a table out of order");
    return true;
}

static bool falls_through(u16 code) {
    return code != CODE_jump && code != CODE_ret && code != CODE_halt && code != CODE_switch;
}

static bool check_jumps(Verify *v) {
    const Program *p = v->p;
    for (v->pc = 0; v->pc < p->count; v->pc++) {
        const Ins *i = &p->code[v->pc];
        if (i->code >= CODE_COUNT) return fault(v, "is not an instruction");
        if (i->code == CODE_switch && !check_table(v, i)) return false;
        for (u32 k = 0, n = target_count(p, v->pc); k < n; k++)
            if (!check_target(v, target_at(p, v->pc, k))) return false;
        if (falls_through(i->code) && v->pc + 1 >= p->count) return fault(v, "runs off the end");
    }
    return true;
}

static bool check_entries(Verify *v) {
    const Program *p = v->p;
    v->pc = 0;
    if (p->count == 0 || p->code[0].code != CODE_halt) return fault(v, "is not the halt that must be first");
    for (u32 i = 0; i < v->g->flow_out_count; i++)
        if (p->entry[i] != NONE && !check_target(v, p->entry[i])) return false;
    for (u32 i = 0; i < v->g->output_count; i++) {
        if (p->output_entry[i] != NONE && !check_target(v, p->output_entry[i])) return false;
        if ((u64)p->output_slot[i] + type_lanes((Type)v->g->output_type[i]) > p->stack_first)
            return fault(v, "leaves an output nowhere");
        i32 slot = (i32)p->output_slot[i];
        if (p->output_entry[i] == NONE && !reads_value(v, &slot, (Type)v->g->output_type[i])) return false;
    }
    return true;
}

/* ---- the stack ---- */

static bool arrive(Verify *v, i64 pc, i32 height, u32 *queued) {
    if (v->height[pc] == -1) {
        v->height[pc] = height;
        v->queue[(*queued)++] = (u32)pc;
    }
    return v->height[pc] == height || fault(v, "is reached with different stacks");
}

static bool leave(Verify *v, u32 pc, u32 *queued) {
    const Ins *i = &v->p->code[pc];
    i32 height = v->height[pc] + (i->code == CODE_push) - (i->code == CODE_pop);
    if (height < 0) return fault(v, "pops an empty stack");
    if (i->code == CODE_ret && height != 0) return fault(v, "returns with a full stack");
    for (u32 k = 0, n = target_count(v->p, pc); k < n; k++) /* a callee begins a stack of its own */
        if (!arrive(v, target_at(v->p, pc, k), i->code == CODE_call ? 0 : height, queued)) return false;
    return !falls_through(i->code) || arrive(v, (i64)pc + 1, height, queued);
}

static bool check_stack(Verify *v) {
    const Program *p = v->p;
    u32 queued = 0;
    for (u32 pc = 0; pc < p->count; pc++) v->height[pc] = -1;
    for (u32 i = 0; i < v->g->flow_out_count; i++)
        if (p->entry[i] != NONE && !arrive(v, p->entry[i], 0, &queued)) return false;
    for (u32 i = 0; i < v->g->output_count; i++)
        if (p->output_entry[i] != NONE && !arrive(v, p->output_entry[i], 0, &queued)) return false;
    for (u32 k = 0; k < queued; k++) {
        v->pc = v->queue[k];
        if (!leave(v, v->pc, &queued)) return false;
    }
    return true;
}

/* ---- the whole ---- */

static bool check_regions(Verify *v) {
    const Program *p = v->p;
    bool fits = p->const_first == v->g->state_count && p->temp_first == p->const_first + p->const_count &&
                p->out_first == p->temp_first + p->temp_count && p->stack_first == p->out_first + p->out_count &&
                p->slot_count == p->stack_first + p->stack_count && p->stack_count >= 2;
    return fits || fault(v, "is in a program whose regions do not meet");
}

static bool check_code(Verify *v) {
    const Program *p = v->p;
    for (v->pc = 0; v->pc < p->count; v->pc++) {
        if (v->target[v->pc]) forget_temporaries(v);
        if (!check_ins(v, &p->code[v->pc])) return fault(v, "has an operand out of range");
    }
    return true;
}

static bool check_marks(Verify *v) {
    const Program *p = v->p;
    for (u32 m = 0; m < p->mark_count; m++) {
        u32 limit = p->marks[m].kind == MARK_ACTIVATE ? v->g->flow_in_count : v->g->variable_count;
        v->pc = p->marks[m].pc;
        if (v->pc >= p->count || p->marks[m].what >= limit) return fault(v, "has a mark of nothing");
        if (m && p->marks[m - 1].pc > v->pc) return fault(v, "has marks out of order");
    }
    for (v->pc = 0; v->pc < p->count; v->pc++) {
        u32 first = p->mark_at[v->pc];
        if (first != NONE && (first >= p->mark_count || p->marks[first].pc != v->pc))
            return fault(v, "has the marks of another");
    }
    return true;
}

/* What parked activations own: lists that end, of outputs that live in state. */
static bool check_own(Verify *v) {
    const Program *p = v->p;
    for (v->pc = 0; v->pc < p->count; v->pc++)
        if (p->own_at[v->pc] != NONE && p->own_at[v->pc] >= p->own_count) return fault(v, "owns what is not there");
    for (u32 k = 0; k < p->own_count; k++) {
        u32 output = p->own[2 * k], next = p->own[2 * k + 1];
        if (output >= v->g->value_out_count || v->g->out_slot[output] == NONE || (next != NONE && next >= k))
            return fault(v, "is in a program that owns what is not there");
    }
    return true;
}

bool verify(Program *p, char *why, u32 size) {
    Arena a;
    arena_open(&a, 0);
    Verify v = {.p = p, .g = p->graph};
    v.letter = ARENA_ARRAY(&a, u8, (u64)p->slot_count + 1);
    v.target = ARENA_ARRAY(&a, u8, (u64)p->count + 1);
    v.height = ARENA_ARRAY(&a, i32, (u64)p->count + 1);
    v.queue = ARENA_ARRAY(&a, u32, (u64)p->count + 1);
    p->verified = !a.full && check_regions(&v);
    if (p->verified) {
        slot_letters(p, v.letter);
        p->verified = check_jumps(&v) && check_entries(&v) && check_code(&v) && check_marks(&v) && check_own(&v) &&
                      check_stack(&v);
    }
    if (!p->verified)
        snprintf(why, size, "instruction %u %s", (unsigned)v.pc,
                 v.wrong ? v.wrong : "could not be looked at: no memory");
    arena_close(&a);
    return p->verified;
}
