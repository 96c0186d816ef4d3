/* wgen_ins.c (run) - instructions as WebAssembly. */
#include <stddef.h>

#include "share.h"
#include "wgen_unit.h"

/* ---- helpers ---- */

static u8 upper(char letter) { return (u8)(letter >= 'a' && letter <= 'z' ? letter - 'a' + 'A' : letter); }

/* What an input of a row holds. */
static u8 input_letter(u32 row, u32 input) {
    if (row < PURE_COUNT) return upper(pure_row((PureId)row)->letter[input]);
    return (u8)type_letter((Type)vec_row((RowId)row)->in[input].type);
}

static void call_import(Writer *u, u32 key) { wasm_call(&u->body, u->w->import_of[key]); }

static void store_field(Writer *u, u32 offset, u32 local, i32 more) {
    wasm_get(&u->body, LOCAL_IN);
    wasm_get(&u->body, local);
    if (more) {
        wasm_const_i32(&u->body, more);
        wasm_op(&u->body, WASM_i32_add);
    }
    wasm_store(&u->body, WASM_I32, offset);
}

static void store_field_const(Writer *u, u32 offset, i32 value) {
    wasm_get(&u->body, LOCAL_IN);
    wasm_const_i32(&u->body, value);
    wasm_store(&u->body, WASM_I32, offset);
}

static void store_depth_and_fuel(Writer *u, i32 more) {
    store_field(u, u->w->at.depth, LOCAL_DEPTH, u->height + more);
    store_field(u, u->w->at.budget, LOCAL_FUEL, 0);
}

void store_state_of_run(Writer *u) { store_depth_and_fuel(u, 0); }

/* The run is found here when it is taken up again. `more`: entries on the stack besides those of this place. */
static void store_position(Writer *u, u32 pc, i32 more) {
    wasm_label(&u->body, "the run is at %", pc);
    store_field_const(u, u->w->at.pc, (i32)pc);
    store_depth_and_fuel(u, more);
}

static void leave_with(Writer *u, CompiledLeft left) {
    wasm_const_i32(&u->body, left);
    wasm_return(&u->body);
}

/* ---- rows ---- */

static void push_step(Writer *u, const Ins *i, const SpellStep *s, const u32 *temps) {
    const i32 operand[3] = {i->b, i->c, i->d};
    WasmBuf *b = &u->body;
    switch (s->kind) {
    case SPELL_INPUT: write_read(u, (u32)operand[s->input] + s->lane, input_letter(i->code, s->input)); break;
    case SPELL_F: wasm_const_f64(b, s->number); break;
    case SPELL_I: wasm_const_i32(b, (i32)s->number); break;
    case SPELL_OP: wasm_op(b, (WasmOp)s->op); break;
    case SPELL_SET: wasm_set(b, temps[s->lane]); break;
    case SPELL_TEE: wasm_tee(b, temps[s->lane]); break;
    case SPELL_GET: wasm_get(b, temps[s->lane]); break;
    case SPELL_IF:
        wasm_begin(b, WASM_if, wasm_type((u8)s->type));
        u->conditional++;
        break;
    case SPELL_ELSE: wasm_else(b); break;
    case SPELL_END:
        wasm_end(b);
        u->conditional--;
        break;
    case SPELL_CALL: call_import(u, WGEN_HELPER + s->op); break;
    default: assert_failed("a step of no kind", __FILE__, __LINE__);
    }
}

/* Pops what a row left on the stack, the last lane first. Everything was read by then. */
static void pop_results(Writer *u, const Ins *i) {
    release_reads(u, i);
    if (i->code < PURE_COUNT) {
        write_write(u, (u32)i->a, upper(pure_row((PureId)i->code)->result));
        return;
    }
    const VecRow *row = vec_row((RowId)i->code);
    u32 slot = (u32)i->a;
    for (u32 k = 0; k < row->outs; k++) slot += type_lanes((Type)row->out[k].type);
    for (u32 k = row->outs; k-- > 0;)
        for (u32 lane = type_lanes((Type)row->out[k].type); lane-- > 0;)
            write_write(u, --slot, (u8)type_letter((Type)row->out[k].type));
}

static void push_spelled(Writer *u, const Ins *i, const Spelling *s) {
    u32 temps[SPELL_TEMPS];
    for (u32 k = 0; k < s->temps; k++) temps[k] = take_local(u, wasm_type((u8)s->temp_type[k]));
    for (u32 k = 0; k < s->count; k++) push_step(u, i, &s->steps[k], temps);
    for (u32 k = 0; k < s->temps; k++) give_local(u, temps[k]);
}

static void push_called_pure(Writer *u, const Ins *i) {
    const PureRow *row = pure_row((PureId)i->code);
    const i32 operand[3] = {i->b, i->c, i->d};
    for (u32 k = 0; k < row->arity; k++) write_read(u, (u32)operand[k], upper(row->letter[k]));
    call_import(u, i->code);
}

static void reads_to_memory(Writer *u, const Access *list, u32 n) {
    for (u32 k = 0; k < n; k++)
        if (!list[k].write) to_memory(u, list[k].slot, list[k].count);
}

static void writes_from_memory(Writer *u, const Access *list, u32 n) {
    for (u32 k = 0; k < n; k++)
        if (list[k].write) from_memory(u, list[k].slot, list[k].count);
}

/* The function works on slots in memory. */
static void write_called_vec(Writer *u, const Ins *i) {
    Access list[ACCESS_MAX];
    u32 n = access_of(u->p, i, list);
    const i32 operand[4] = {i->a, i->b, i->c, i->d};
    reads_to_memory(u, list, n);
    for (u32 k = 0; k < 4; k++) {
        if (k <= row_inputs(i->code))
            write_address(u, (u32)operand[k]);
        else
            wasm_const_i32(&u->body, 0);
    }
    call_import(u, i->code);
    release_reads(u, i);
    writes_from_memory(u, list, n);
}

bool push_row(Writer *u, const Ins *i) {
    const Spelling *s = spell((RowId)i->code);
    if (s->steps)
        push_spelled(u, i, s);
    else if (i->code < PURE_COUNT)
        push_called_pure(u, i);
    else
        write_called_vec(u, i);
    return s->steps || i->code < PURE_COUNT;
}

static void write_row(Writer *u, const Ins *i) {
    if (push_row(u, i)) pop_results(u, i);
}

/* ---- moves ---- */

/* What a move moves; 0: it lies in memory, of some letter, and goes to memory as bits. */
static u8 moved_letter(const Writer *u, u32 to, u32 from) {
    return is_state(u, to) ? letter_of(u, to) : letter_of(u, from);
}

static void move_bits(Writer *u, u32 to, u32 from) {
    wasm_get(&u->body, LOCAL_SLOTS);
    wasm_get(&u->body, LOCAL_SLOTS);
    wasm_load(&u->body, WASM_I64, from * (u32)sizeof(Slot));
    wasm_store(&u->body, WASM_I64, to * (u32)sizeof(Slot));
    from_memory(u, to, 1);
}

/* As memmove. */
static void move_one_by_one(Writer *u, u32 to, u32 from, u32 n) {
    for (u32 j = 0; j < n; j++) {
        u32 k = to <= from ? j : n - 1 - j;
        u8 letter = moved_letter(u, to + k, from + k);
        if (letter) {
            write_read(u, from + k, letter);
            write_write(u, to + k, letter);
        } else {
            move_bits(u, to + k, from + k);
        }
    }
}

/* Values are read before any is written: ranges may overlap. */
static void write_moves(Writer *u, const Ins *i, u32 n) {
    u32 to = (u32)i->a, from = (u32)i->b;
    u8 letters[LANES_MAX + 1];
    bool known = n <= LANES_MAX;
    for (u32 k = 0; k < n && known; k++) {
        letters[k] = moved_letter(u, to + k, from + k);
        known = letters[k] != 0;
    }
    if (!known) {
        move_one_by_one(u, to, from, n);
        return;
    }
    for (u32 k = 0; k < n; k++) write_read(u, from + k, letters[k]);
    release_reads(u, i);
    for (u32 k = n; k-- > 0;) write_write(u, to + k, letters[k]);
}

/* ---- the stack ---- */

static void push_stack_address(Writer *u) {
    wasm_get(&u->body, LOCAL_SLOTS);
    wasm_get(&u->body, LOCAL_DEPTH);
    wasm_const_i32(&u->body, 3);
    wasm_op(&u->body, WASM_i32_shl);
    wasm_op(&u->body, WASM_i32_add);
}

/* Never below the stack: in the scheduler shape `entry` is counted from what was popped. */
static u32 stack_offset(const Writer *u, i32 entry) {
    return (u32)((i32)u->p->stack_first + entry) * (u32)sizeof(Slot);
}

static void write_push(Writer *u, const Ins *i) {
    push_stack_address(u);
    write_read(u, (u32)i->a, 'I');
    wasm_op(&u->body, WASM_i64_extend_i32_u);
    wasm_store(&u->body, WASM_I64, stack_offset(u, u->height));
    u->height++;
}

void write_stack_load(Writer *u, i32 entry) {
    push_stack_address(u);
    wasm_load(&u->body, WASM_I32, stack_offset(u, u->height + entry));
}

static void write_pop(Writer *u, const Ins *i) {
    u->height--;
    write_stack_load(u, 0);
    write_write(u, (u32)i->a, 'I');
}

/* As the machine's CODE_call writes it. */
void write_return_address(Writer *u, u32 pc) {
    push_stack_address(u);
    wasm_const_i64(&u->body, (i64)(RETURN_BIT | pc));
    wasm_store(&u->body, WASM_I64, stack_offset(u, u->height));
}

/* ---- effects ---- */

static void reach_to_memory(Writer *u, EffectReach reach, u32 node) {
    const Graph *g = u->p->graph;
    if (reach == REACH_ALL || reach == REACH_CELLS) flush(u);
    if (reach != REACH_NODE) return;
    for (u32 out = g->value_out[node]; out < g->value_out[node + 1]; out++)
        if (g->out_slot[out] != NONE) to_memory(u, g->out_slot[out], type_lanes((Type)g->out_type[out]));
}

static void reach_from_memory(Writer *u, EffectReach reach, u32 node) {
    const Graph *g = u->p->graph;
    if (reach == REACH_ALL || reach == REACH_CELLS) reload_all(u);
    if (reach != REACH_NODE) return;
    for (u32 out = g->value_out[node]; out < g->value_out[node + 1]; out++)
        if (g->out_slot[out] != NONE) from_memory(u, g->out_slot[out], type_lanes((Type)g->out_type[out]));
}

/* Leaves 0, or why the run is left. */
static void call_effect(Writer *u, const Ins *i) {
    const i32 operand[4] = {i->a, i->b, i->c, i->d};
    wasm_get(&u->body, LOCAL_IN);
    if (!u->w->options.link) {
        wasm_const_i32(&u->body, (i32)(uintptr_t)i);
        call_import(u, WGEN_SERVICE + SERVICE_EFFECT);
        return;
    }
    for (u32 k = 0; k < 4; k++) wasm_const_i32(&u->body, operand[k]);
    call_import(u, i->code);
    wasm_op(&u->body, WASM_i32_eqz);
}

/* It may end the run. Nothing that ran before is lost: what locals hold goes to memory first. */
static void leave_at_limit(Writer *u, u32 pc) {
    u64 *now = u->now;
    u->now = u->aside;
    for (u32 k = 0; k < u->cache_words; k++) u->aside[k] = now[k];
    wasm_begin(&u->body, WASM_if, WASM_VOID);
    wasm_label(&u->body, "a limit: leave", 0);
    flush(u);
    store_position(u, pc, 0);
    leave_with(u, LEFT_LIMIT);
    wasm_end(&u->body);
    u->now = now;
}

static bool can_end_run(u16 code) { return code == CODE_send || code == CODE_enter; }

static void write_effect(Writer *u, u32 pc, const Ins *i) {
    Access list[ACCESS_MAX];
    u32 n = access_of(u->p, i, list), node;
    EffectReach reads = effect_reads(u->p, i, &node);
    reads_to_memory(u, list, n);
    reach_to_memory(u, reads, node);
    if (u->w->options.traced) flush(u);
    call_effect(u, i);
    if (can_end_run(i->code))
        leave_at_limit(u, pc);
    else
        wasm_op(&u->body, WASM_drop);
    release_reads(u, i);
    writes_from_memory(u, list, n);
    EffectReach writes = effect_writes(u->p, i, &node);
    reach_from_memory(u, writes, node);
}

/* A counter of pending entries: the first is inline, a re-entry is not. */
static void write_enter(Writer *u, u32 pc, const Ins *i) {
    bool depth_dirty = is_dirty(u, STATE_DEPTH);
    write_read(u, (u32)i->a, 'I');
    wasm_op(&u->body, WASM_i32_eqz);
    wasm_begin(&u->body, WASM_if, WASM_VOID);
    wasm_const_i32(&u->body, 1);
    write_write(u, (u32)i->a, 'I');
    wasm_else(&u->body);
    to_memory(u, (u32)i->a, 1);
    to_memory(u, STATE_DEPTH, 1);
    call_effect(u, i);
    leave_at_limit(u, pc);
    from_memory(u, (u32)i->a, 1);
    from_memory(u, STATE_DEPTH, 1);
    wasm_end(&u->body);
    mark_dirty(u, (u32)i->a);
    if (depth_dirty) mark_dirty(u, STATE_DEPTH);
}

static void write_leave(Writer *u, const Ins *i) {
    write_read(u, (u32)i->a, 'I');
    wasm_const_i32(&u->body, 1);
    wasm_op(&u->body, WASM_i32_sub);
    write_write(u, (u32)i->a, 'I');
    write_read(u, (u32)i->a, 'I');
    wasm_const_i32(&u->body, 0);
    wasm_op(&u->body, WASM_i32_gt_s);
    wasm_begin(&u->body, WASM_if, WASM_VOID);
    write_read(u, STATE_DEPTH, 'I');
    wasm_const_i32(&u->body, 1);
    wasm_op(&u->body, WASM_i32_sub);
    write_write(u, STATE_DEPTH, 'I');
    wasm_end(&u->body);
}

/* chance_mix (share.h) of what is on the stack. */
static void write_mix(Writer *u, u32 local) {
    static const struct {
        i32 shift;
        u64 factor;
    } STEPS[] = {{30, UINT64_C(0xBF58476D1CE4E5B9)}, {27, UINT64_C(0x94D049BB133111EB)}, {31, 1}};
    WasmBuf *b = &u->body;
    for (u32 k = 0; k < COUNT_OF(STEPS); k++) {
        wasm_tee(b, local);
        wasm_get(b, local);
        wasm_const_i64(b, STEPS[k].shift);
        wasm_op(b, WASM_i64_shr_u);
        wasm_op(b, WASM_i64_xor);
        if (STEPS[k].factor == 1) continue;
        wasm_const_i64(b, (i64)STEPS[k].factor);
        wasm_op(b, WASM_i64_mul);
    }
}

/* chance (share.h). */
static void write_random(Writer *u, u32 pc, const Ins *i) {
    if (u->w->options.link) {
        write_effect(u, pc, i);
        return;
    }
    WasmBuf *b = &u->body;
    u32 local = take_local(u, WASM_I64);
    wasm_get(b, LOCAL_IN);
    wasm_load(b, WASM_I64, offsetof(Instance, of_seed));
    wasm_const_i64(b, (i64)((u32)i->b + CHANCE_GOLDEN));
    wasm_op(b, WASM_i64_xor);
    write_mix(u, local);
    write_read(u, STATE_EPOCH, 'I');
    wasm_op(b, WASM_i64_extend_i32_u);
    wasm_const_i64(b, (i64)CHANCE_GOLDEN);
    wasm_op(b, WASM_i64_add);
    wasm_op(b, WASM_i64_xor);
    write_mix(u, local);
    wasm_const_i64(b, 11);
    wasm_op(b, WASM_i64_shr_u);
    wasm_op(b, WASM_f64_convert_i64_s);
    wasm_const_f64(b, 0x1p-53);
    wasm_op(b, WASM_f64_mul);
    give_local(u, local);
    write_write(u, (u32)i->a, 'F');
}

/* i32.load8_u */
static void load_byte(Writer *u, u32 offset) {
    wasm_byte(&u->body, 0x2d);
    wasm_u32(&u->body, 0);
    wasm_u32(&u->body, offset);
}

/* Most cells have been written before, most variables are not interpolated: one look tells. */
static void write_touch(Writer *u, u32 pc, const Ins *i) {
    if (u->w->options.traced || u->w->options.link) {
        write_effect(u, pc, i);
        return;
    }
    wasm_get(&u->body, LOCAL_IN);
    wasm_load(&u->body, WASM_I32, offsetof(Instance, changed));
    load_byte(u, (u32)i->a);
    wasm_op(&u->body, WASM_i32_eqz);
    wasm_begin(&u->body, WASM_if, WASM_VOID);
    call_effect(u, i);
    wasm_op(&u->body, WASM_drop);
    wasm_end(&u->body);
}

static void write_interpolate_stop(Writer *u, u32 pc, const Ins *i) {
    if (u->w->options.link) {
        write_effect(u, pc, i);
        return;
    }
    wasm_get(&u->body, LOCAL_IN);
    wasm_load(&u->body, WASM_I32, offsetof(Instance, interpolation_of));
    wasm_load(&u->body, WASM_I32, (u32)i->a * 4);
    wasm_const_i32(&u->body, (i32)NONE);
    wasm_op(&u->body, WASM_i32_ne);
    wasm_begin(&u->body, WASM_if, WASM_VOID);
    call_effect(u, i);
    wasm_op(&u->body, WASM_drop);
    wasm_end(&u->body);
}

/* ---- one instruction ---- */

static void write_epoch(Writer *u) {
    write_read(u, STATE_EPOCH, 'I');
    wasm_const_i32(&u->body, 1);
    wasm_op(&u->body, WASM_i32_add);
    write_write(u, STATE_EPOCH, 'I');
}

static void write_one(Writer *u, u32 pc, const Ins *i) {
    if (i->code < VEC_PAST) {
        write_row(u, i);
        return;
    }
    switch (i->code) {
    case CODE_nop: break;
    case CODE_mov: write_moves(u, i, 1); break;
    case CODE_copy: write_moves(u, i, i->n); break;
    case CODE_epoch: write_epoch(u); break;
    case CODE_push: write_push(u, i); break;
    case CODE_pop: write_pop(u, i); break;
    case CODE_enter: write_enter(u, pc, i); break;
    case CODE_leave: write_leave(u, i); break;
    case CODE_random: write_random(u, pc, i); break;
    case CODE_touch: write_touch(u, pc, i); break;
    case CODE_interpolate_stop: write_interpolate_stop(u, pc, i); break;
    default: write_effect(u, pc, i); break;
    }
}

/* ---- marks ---- */

static bool has_mark(const Program *p, u32 pc, MarkKind kind) {
    for (u32 m = p->mark_at[pc]; m < p->mark_count && p->marks[m].pc == pc; m++)
        if (p->marks[m].kind == kind) return true;
    return false;
}

/* The variables that were written go to memory, where the trace reads them. */
static void wrote_to_memory(Writer *u, u32 pc) {
    const Program *p = u->p;
    const Graph *g = p->graph;
    for (u32 m = p->mark_at[pc]; m < p->mark_count && p->marks[m].pc == pc; m++) {
        u32 variable = p->marks[m].what;
        if (p->marks[m].kind != MARK_WROTE) continue;
        to_memory(u, g->variable_slot[variable], type_lanes((Type)g->variable_type[variable]));
    }
}

static void write_marks(Writer *u, u32 pc, MarkKind kind) {
    if (!u->w->options.traced || !has_mark(u->p, pc, kind)) return;
    if (kind == MARK_WROTE) wrote_to_memory(u, pc);
    wasm_get(&u->body, LOCAL_IN);
    wasm_const_i32(&u->body, (i32)pc);
    call_import(u, WGEN_SERVICE + (kind == MARK_WROTE ? SERVICE_WROTE : SERVICE_BEFORE));
}

/* Which nodes are activated, where in the program this is, and what it does. */
static void label_ins(Writer *u, u32 pc) {
    const Program *p = u->p;
    const Graph *g = p->graph;
    if (!u->body.labelled) return;
    for (u32 m = p->mark_at[pc]; m < p->mark_count && p->marks[m].pc == pc; m++) {
        if (p->marks[m].kind != MARK_ACTIVATE) continue;
        u32 node = g->flow_in_node[p->marks[m].what];
        wasm_label(&u->body, "node %", node);
        wasm_label_name(&u->body, g->node_name[node][0] ? g->node_name[node] : g->node_op[node]);
    }
    wasm_label(&u->body, "at %", pc);
    wasm_label_name(&u->body, code_name((Code)p->code[pc].code));
}

void write_activations(Writer *u, u32 pc) {
    label_ins(u, pc);
    write_marks(u, pc, MARK_ACTIVATE);
}

void write_ins(Writer *u, u32 pc) {
    u->pc = pc;
    write_activations(u, pc);
    if (!write_hoisted(u, pc)) write_one(u, pc, &u->p->code[pc]);
    write_marks(u, pc, MARK_WROTE);
}

/* ---- control ---- */

typedef struct Fork {
    u8 letter;
    WasmOp op;
} Fork;

static Fork fork_of(u16 code) {
    switch (code) {
    case CODE_unless_lt_i: return (Fork){'I', WASM_i32_lt_s};
    case CODE_unless_le_i: return (Fork){'I', WASM_i32_le_s};
    case CODE_unless_gt_i: return (Fork){'I', WASM_i32_gt_s};
    case CODE_unless_ge_i: return (Fork){'I', WASM_i32_ge_s};
    case CODE_unless_eq_i: return (Fork){'I', WASM_i32_eq};
    case CODE_unless_lt_f: return (Fork){'F', WASM_f64_lt};
    case CODE_unless_le_f: return (Fork){'F', WASM_f64_le};
    case CODE_unless_gt_f: return (Fork){'F', WASM_f64_gt};
    case CODE_unless_ge_f: return (Fork){'F', WASM_f64_ge};
    default: return (Fork){'F', WASM_f64_eq};
    }
}

void write_condition(Writer *u, const Ins *i) {
    if (i->code == CODE_jump_not) {
        write_read(u, (u32)i->b, 'B');
        return;
    }
    if (i->code == CODE_switch) { /* of one case: its successors are two */
        write_read(u, (u32)i->b, 'I');
        wasm_const_i32(&u->body, u->p->words[i->a + 1]);
        wasm_op(&u->body, WASM_i32_eq);
        return;
    }
    Fork fork = fork_of(i->code);
    write_read(u, (u32)i->b, fork.letter);
    write_read(u, (u32)i->c, fork.letter);
    wasm_op(&u->body, fork.op);
}

/* The index a turn would have. */
static void push_index(Writer *u, const Ins *i) {
    write_read(u, (u32)i->b, 'I');
    if (i->code != CODE_next_turn) return;
    wasm_const_i32(&u->body, 1);
    wasm_op(&u->body, WASM_i32_add);
}

/* Operands are in memory from here on: a turn that cannot be paid is tried again by whoever takes the run up. */
void write_turn_test(Writer *u, const Ins *i) {
    if (!is_state(u, (u32)i->b)) to_memory(u, (u32)i->b, 1);
    if (!is_state(u, (u32)i->c)) to_memory(u, (u32)i->c, 1);
    push_index(u, i);
    write_read(u, (u32)i->c, 'I');
    wasm_op(&u->body, WASM_i32_ge_s);
}

static void count_on(Writer *u, const Ins *i) {
    if (i->code != CODE_next_turn) return;
    push_index(u, i);
    write_write(u, (u32)i->b, 'I');
}

void write_turn_over(Writer *u, const Ins *i) { count_on(u, i); }

void write_turn_on(Writer *u, u32 pc, const Ins *i) {
    write_charge(u, pc, i->d);
    count_on(u, i);
}

/* Fuel goes below zero only on the way out, where the run loop puts it right. */
void write_charge(Writer *u, u32 pc, i32 cost) {
    if (u->w->options.shape == SHAPE_STRUCTURED) return;
    wasm_label(&u->body, "fuel %", cost);
    wasm_get(&u->body, LOCAL_FUEL);
    wasm_const_i32(&u->body, cost);
    wasm_op(&u->body, WASM_i32_sub);
    wasm_tee(&u->body, LOCAL_FUEL);
    wasm_const_i32(&u->body, 0);
    wasm_op(&u->body, WASM_i32_lt_s);
    wasm_begin(&u->body, WASM_if, WASM_VOID);
    wasm_label(&u->body, "leave, to resume at %", pc);
    wasm_const_i32(&u->body, (i32)pc);
    wasm_set(&u->body, LOCAL_PC);
    if (u->height) {
        wasm_get(&u->body, LOCAL_DEPTH);
        wasm_const_i32(&u->body, u->height);
        wasm_op(&u->body, WASM_i32_add);
        wasm_set(&u->body, LOCAL_DEPTH);
    }
    wasm_br(&u->body, u->level + 1);
    wasm_end(&u->body);
    wasm_label(&u->body, "paid", 0);
    u->charges = true;
}

/* ---- ends ---- */

/* Whether so many entries more are too deep for a call of ours. */
static void push_too_deep(Writer *u, i32 entries) {
    wasm_get(&u->body, LOCAL_DEPTH);
    if (entries) {
        wasm_const_i32(&u->body, entries);
        wasm_op(&u->body, WASM_i32_add);
    }
    wasm_get(&u->body, LOCAL_DEEPEST);
    wasm_op(&u->body, WASM_i32_ge_s);
}

/* Parameters of a unit: in, depth, deepest, way, fuel. */
static void call_unit(Writer *u, u32 block, i32 entries, i32 deepest) {
    const Cfg *c = u->c;
    u32 unit = c->blocks[block].unit, way = c->way_at[c->blocks[block].first] - c->units[unit].way_first;
    wasm_label(&u->body, "call of unit %", unit);
    wasm_get(&u->body, LOCAL_IN);
    wasm_get(&u->body, LOCAL_DEPTH);
    if (entries) {
        wasm_const_i32(&u->body, entries);
        wasm_op(&u->body, WASM_i32_add);
    }
    wasm_get(&u->body, LOCAL_DEEPEST);
    if (deepest) {
        wasm_const_i32(&u->body, deepest);
        wasm_op(&u->body, WASM_i32_add);
    }
    wasm_const_i32(&u->body, (i32)way);
    wasm_get(&u->body, LOCAL_FUEL);
    wasm_call(&u->body, u->w->unit_first + unit);
}

/* What the callee may have written is loaded anew. */
static void reload_behind(Writer *u, u32 unit) {
    const struct Writes *writes = &u->w->writes[unit];
    if (writes->count == WRITES_ALL) {
        reload_all(u);
        return;
    }
    for (u32 k = 0; k < writes->count; k++) reload_slot(u, writes->slots[k]);
}

void write_call(Writer *u, const Block *b) {
    const Cfg *c = u->c;
    u32 back = c->blocks[c->succ[b->succ_first]].first;
    flush(u);
    push_too_deep(u, u->height + 1);
    wasm_begin(&u->body, WASM_if, WASM_VOID);
    wasm_label(&u->body, "too deep: leave, to go on at %", c->blocks[b->callee].first);
    write_return_address(u, back);
    store_position(u, c->blocks[b->callee].first, 1);
    leave_with(u, LEFT_GO);
    wasm_end(&u->body);
    if (u->w->hosts) write_return_address(u, back);
    call_unit(u, b->callee, u->height + 1, 0);
    wasm_tee(&u->body, LOCAL_FUEL);
    wasm_const_i32(&u->body, 0);
    wasm_op(&u->body, WASM_i32_lt_s);
    wasm_begin(&u->body, WASM_if, WASM_VOID);
    wasm_label(&u->body, "it left: leave, to return to %", back);
    write_return_address(u, back);
    wasm_get(&u->body, LOCAL_FUEL);
    wasm_return(&u->body);
    wasm_end(&u->body);
    reload_behind(u, c->blocks[b->callee].unit);
}

/* A jump into another unit is a call in tail position; the deepest that is allowed sinks, so that there is an end to it. */
void write_go(Writer *u, u32 block) {
    flush(u);
    push_too_deep(u, u->height + 1);
    wasm_begin(&u->body, WASM_if, WASM_VOID);
    wasm_label(&u->body, "too deep: leave, to go on at %", u->c->blocks[block].first);
    store_position(u, u->c->blocks[block].first, 0);
    leave_with(u, LEFT_GO);
    wasm_end(&u->body);
    call_unit(u, block, 0, -1);
    wasm_return(&u->body);
}

void write_return(Writer *u) {
    flush(u);
    wasm_label(&u->body, "return", 0);
    wasm_get(&u->body, LOCAL_FUEL);
    wasm_return(&u->body);
}

/* Whatever the host does, the run can be taken up behind the call: the position is right before. */
void write_host(Writer *u, u32 pc, const Ins *i) {
    Access list[ACCESS_MAX];
    u32 n = access_of(u->p, i, list);
    reads_to_memory(u, list, n);
    flush(u);
    store_position(u, pc + 1, 0);
    call_effect(u, i);
    wasm_tee(&u->body, LOCAL_PC);
    wasm_begin(&u->body, WASM_if, WASM_VOID);
    wasm_const_i32(&u->body, LEFT_WAIT);
    wasm_const_i32(&u->body, LEFT_LIMIT);
    wasm_get(&u->body, LOCAL_PC);
    wasm_const_i32(&u->body, RUN_WAIT);
    wasm_op(&u->body, WASM_i32_eq);
    wasm_op(&u->body, WASM_select);
    wasm_return(&u->body);
    wasm_end(&u->body);
    writes_from_memory(u, list, n);
}
