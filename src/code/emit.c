/* emit.c (code) - growing a program: instructions, labels, temporaries, constants, and their final places. */
#include "emit.h"

#include <stdlib.h>
#include <string.h>

/* Room for one more element; false (and e->failed) when memory is refused. */
static bool grow(Emit *e, void **data, u32 *cap, u32 count, size_t size) {
    if (count < *cap) return true;
    u32 want = *cap ? *cap * 2 : 64;
    void *more = want > *cap ? system_grow(*data, size * want) : NULL;
    if (!more) {
        e->failed = true;
        return false;
    }
    *data = more;
    *cap = want;
    return true;
}

#define LIST_ADD(e, list, ...)                                                                                         \
    do {                                                                                                               \
        if (grow((e), (void **)&(list).data, &(list).cap, (list).count, sizeof *(list).data))                          \
            (list).data[(list).count++] = __VA_ARGS__;                                                                 \
    } while (0)

void emit_open(Emit *e, const Graph *g) {
    *e = (Emit){.graph = g, .bound = NONE, .marked = NONE};
    for (u32 i = 0; i < g->const_count; i++) LIST_ADD(e, e->letters, 0);
    if (e->failed) return;
    for (u32 i = 0; i < g->value_in_count; i++) {
        if (g->in_from[i] != NONE) continue;
        for (u32 lane = 0; lane < type_lanes((Type)g->in_type[i]); lane++)
            e->letters.data[g->in_const[i] + lane] = (u8)type_letter((Type)g->in_type[i]);
    }
}

void emit_close(Emit *e) {
    system_give(e->code.data);
    system_give(e->labels.data);
    system_give(e->words.data);
    system_give(e->tables.data);
    system_give(e->consts.data);
    system_give(e->letters.data);
    system_give(e->marks.data);
    system_give(e->own.data);
    system_give(e->own_at.data);
}

u32 emit(Emit *e, Code code, u32 n, i32 a, i32 b, i32 c, i32 d) {
    LIST_ADD(e, e->code, (Ins){(u16)code, (u16)n, a, b, c, d});
    return e->code.count - 1;
}

u32 emit_label(Emit *e) {
    LIST_ADD(e, e->labels, NONE);
    return e->labels.count - 1;
}

/* The last instruction is a jump to `label` that nobody else needs at its place. */
static bool jump_is_idle(const Emit *e, u32 label) {
    if (!e->code.count || e->bound == e->code.count || e->marked == e->code.count - 1) return false;
    const Ins *last = &e->code.data[e->code.count - 1];
    return last->code == CODE_jump && (u32)last->a == label;
}

void emit_bind(Emit *e, u32 label) {
    if (e->failed) return;
    if (jump_is_idle(e, label)) e->code.count--;
    /* A mark belongs to the path that falls through here, not to those that jump here. */
    if (e->marked == e->code.count) emit(e, CODE_nop, 0, 0, 0, 0, 0);
    e->labels.data[label] = e->code.count;
    e->bound = e->code.count;
}

void emit_jump(Emit *e, u32 label) { emit(e, CODE_jump, 0, (i32)label, 0, 0, 0); }

static int compare_cases(const void *a, const void *b) {
    i32 left = *(const i32 *)a, right = *(const i32 *)b;
    return (left > right) - (left < right);
}

i32 emit_table(Emit *e, const i32 *cases, const u32 *targets, u32 n, u32 otherwise) {
    u32 first = e->words.count;
    LIST_ADD(e, e->tables, first);
    LIST_ADD(e, e->words, (i32)n);
    for (u32 i = 0; i < n; i++) {
        LIST_ADD(e, e->words, cases[i]);
        LIST_ADD(e, e->words, (i32)targets[i]);
    }
    LIST_ADD(e, e->words, (i32)otherwise);
    /* Pairs of case and target; no case stands twice, so the order is one. */
    if (!e->failed) qsort(e->words.data + first + 1, n, 2 * sizeof(i32), compare_cases);
    return (i32)first;
}

i32 emit_temps(Emit *e, u32 n) {
    u32 *next = e->outputs ? &e->out_temps : &e->temps;
    u32 first = *next;
    *next += n;
    if (e->temps > e->temps_max) e->temps_max = e->temps;
    return OPERAND(e->outputs ? REGION_OUT : REGION_TEMP, first);
}

void emit_temps_reset(Emit *e) { e->temps = 0; }

i32 emit_const(Emit *e, const Slot *values, u32 n, char letter) {
    u32 first = e->letters.count;
    for (u32 i = 0; i < n; i++) {
        LIST_ADD(e, e->consts, values[i]);
        LIST_ADD(e, e->letters, (u8)letter);
    }
    return OPERAND(REGION_CONST, first);
}

i32 emit_const_int(Emit *e, i32 value) {
    /* Small tables of equal constants are worth a look back, long ones are not. */
    u32 own = e->graph->const_count;
    for (u32 i = e->consts.count; i-- > 0 && e->consts.count - i < 16;)
        if (e->letters.data[own + i] == 'I' && e->consts.data[i].i == value) return OPERAND(REGION_CONST, own + i);
    Slot s = {.bits = (u32)value};
    return emit_const(e, &s, 1, 'I');
}

const Slot *emit_const_value(const Emit *e, i32 operand) {
    if ((u32)operand >> REGION_SHIFT != REGION_CONST) return NULL;
    u32 i = (u32)operand & ((1u << REGION_SHIFT) - 1), own = e->graph->const_count;
    return i < own ? &e->graph->consts[i] : &e->consts.data[i - own];
}

void emit_mark_activate(Emit *e, u32 flow_in) {
    LIST_ADD(e, e->marks, (Mark){e->code.count, MARK_ACTIVATE, flow_in});
    e->marked = e->code.count;
}

void emit_mark_wrote(Emit *e, u32 variable) { LIST_ADD(e, e->marks, (Mark){e->code.count - 1, MARK_WROTE, variable}); }

u32 emit_own(Emit *e, u32 value_out, u32 up) {
    LIST_ADD(e, e->own, value_out);
    LIST_ADD(e, e->own, up);
    return e->own.count / 2 - 1;
}

void emit_owns(Emit *e, u32 pc, u32 link) {
    LIST_ADD(e, e->own_at, pc);
    LIST_ADD(e, e->own_at, link);
}

/* ---- the final places ---- */

static void lay_out(const Emit *e, Program *p, u32 stack) {
    p->const_first = e->graph->state_count;
    p->const_count = e->letters.count;
    p->temp_first = p->const_first + p->const_count;
    p->temp_count = e->temps_max;
    p->out_first = p->temp_first + p->temp_count;
    p->out_count = e->out_temps;
    p->stack_first = p->out_first + p->out_count;
    p->stack_count = stack;
    p->slot_count = p->stack_first + stack;
}

u32 emit_place(const Program *p, i32 operand) {
    u32 index = (u32)operand & ((1u << REGION_SHIFT) - 1);
    switch ((u32)operand >> REGION_SHIFT) {
    case REGION_CONST: return p->const_first + index;
    case REGION_TEMP: return p->temp_first + index;
    case REGION_OUT: return p->out_first + index;
    default: return index;
    }
}

/* Where a jump to `label` ends up when the instruction there is itself a jump nobody watches. */
static u32 follow(const Emit *e, const Program *p, u32 label) {
    u32 pc = e->labels.data[label];
    for (u32 hops = 0; hops < 16; hops++) {
        const Ins *i = &e->code.data[pc];
        if (i->code != CODE_jump || p->mark_at[pc] != NONE) break;
        pc = e->labels.data[i->a];
    }
    return pc;
}

static void place_operands(const Emit *e, const Program *p, u32 pc, Ins *i) {
    i32 *operand[4] = {&i->a, &i->b, &i->c, &i->d};
    for (u32 k = 0; k < 4; k++) {
        char kind = code_operand((Code)i->code, k);
        if (kind == 'd' || kind == 's') *operand[k] = (i32)emit_place(p, *operand[k]);
        if (kind == 't') *operand[k] = (i32)follow(e, p, (u32)*operand[k]) - (i32)(pc + 1);
    }
}

static void place_table(const Emit *e, const Program *p, u32 pc, const Ins *i) {
    i32 *table = p->words + i->a;
    u32 n = (u32)table[0];
    for (u32 k = 0; k <= n; k++) {
        i32 *target = k < n ? &table[2 + 2 * k] : &table[1 + 2 * n];
        *target = (i32)follow(e, p, (u32)*target) - (i32)(pc + 1);
    }
}

static bool take_arrays(Program *p, const Emit *e) {
    Arena *a = &p->arena;
    p->count = e->code.count;
    p->mark_count = e->marks.count;
    p->word_count = e->words.count;
    p->own_count = e->own.count / 2;
    p->code = ARENA_ARRAY(a, Ins, p->count);
    p->consts = ARENA_ARRAY(a, Slot, p->const_count + 1);
    p->const_letter = ARENA_ARRAY(a, u8, p->const_count + 1);
    p->words = ARENA_ARRAY(a, i32, p->word_count + 1);
    p->marks = ARENA_ARRAY(a, Mark, p->mark_count + 1);
    p->mark_at = ARENA_ARRAY(a, u32, p->count);
    p->own = ARENA_ARRAY(a, u32, 2 * p->own_count + 1);
    p->own_at = ARENA_ARRAY(a, u32, p->count);
    return !a->full;
}

static void copy(void *to, const void *from, size_t size) {
    if (size) memcpy(to, from, size);
}

Err emit_finish(Emit *e, u32 stack, Program *p) {
    if (e->failed) return ERR_MEMORY;
    lay_out(e, p, stack);
    if (!take_arrays(p, e)) return ERR_MEMORY;
    copy(p->code, e->code.data, sizeof(Ins) * p->count);
    copy(p->consts, e->graph->consts, sizeof(Slot) * e->graph->const_count);
    copy(p->consts + e->graph->const_count, e->consts.data, sizeof(Slot) * e->consts.count);
    copy(p->const_letter, e->letters.data, p->const_count);
    copy(p->words, e->words.data, sizeof(i32) * p->word_count);
    copy(p->marks, e->marks.data, sizeof(Mark) * p->mark_count);
    copy(p->own, e->own.data, sizeof(u32) * 2 * p->own_count);
    for (u32 pc = 0; pc < p->count; pc++) p->mark_at[pc] = p->own_at[pc] = NONE;
    for (u32 m = p->mark_count; m-- > 0;) p->mark_at[p->marks[m].pc] = m;
    for (u32 k = 0; k < e->own_at.count; k += 2) p->own_at[e->own_at.data[k]] = e->own_at.data[k + 1];
    for (u32 pc = 0; pc < p->count; pc++) {
        if (p->code[pc].code == CODE_switch) place_table(e, p, pc, &p->code[pc]);
        place_operands(e, p, pc, &p->code[pc]);
    }
    return ERR_OK;
}
