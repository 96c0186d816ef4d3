/* wgen_turns.c (run) - the scheduler shape: blocks as cases, one turn each, the next one chosen from a queue in memory.
**
** What compilers of graphs usually do. A unit is a stretch of the program; its function takes the first id of the queue, goes to that
** block's case, and the block puts the id of the next one into the queue. Ids are the blocks' first instructions. All slots are in
** memory; LOCAL_DEPTH is the stack's height of the moment, and LOCAL_DEEPEST the turns that are left. */
#include <stddef.h>

#include "wgen_unit.h"

/* A case: a block from its beginning, or its charge alone. */
typedef struct Case {
    u32 block, pc;
} Case;

typedef struct Turns {
    Writer *u;
    const WgenStretch *stretch;
    Case *cases;
    u32 count, open; /* blocks open around the case in hand, besides the loop */
} Turns;

static bool is_charge(const Block *b) { return b->end == END_FUEL || b->end == END_TURN; }

static bool find_cases(Turns *t) {
    const Cfg *c = t->u->c;
    u32 first = t->stretch->first, past = t->stretch->past;
    t->cases = ARENA_ARRAY(&t->u->arena, Case, 2 * (u64)(past - first) + 1);
    if (!t->cases) return false;
    for (u32 pc = first; pc < past; pc++) {
        const Block *b = &c->blocks[c->block_at[pc]];
        if (b->unit == NONE) continue;
        bool alone = is_charge(b) && pc + 1 == b->past;
        if (b->first == pc || alone) t->cases[t->count++] = (Case){c->block_at[pc], pc};
    }
    return true;
}

/* ---- the queue ---- */

static void push_ring_address(Writer *u, u32 counter) {
    wasm_get(&u->body, LOCAL_IN);
    wasm_get(&u->body, LOCAL_IN);
    wasm_load(&u->body, WASM_I32, counter);
    wasm_const_i32(&u->body, TURNS_MOST - 1);
    wasm_op(&u->body, WASM_i32_and);
    wasm_const_i32(&u->body, 2);
    wasm_op(&u->body, WASM_i32_shl);
    wasm_op(&u->body, WASM_i32_add);
}

static void count(Writer *u, u32 counter) {
    wasm_get(&u->body, LOCAL_IN);
    wasm_get(&u->body, LOCAL_IN);
    wasm_load(&u->body, WASM_I32, counter);
    wasm_const_i32(&u->body, 1);
    wasm_op(&u->body, WASM_i32_add);
    wasm_store(&u->body, WASM_I32, counter);
}

/* Puts the id in LOCAL_PC into the queue. */
static void write_schedule(Writer *u) {
    push_ring_address(u, offsetof(Instance, turns.tail));
    wasm_get(&u->body, LOCAL_PC);
    wasm_store(&u->body, WASM_I32, offsetof(Instance, turns.ring));
    count(u, offsetof(Instance, turns.tail));
}

static void write_take(Writer *u) {
    wasm_label(&u->body, "the next turn from the queue", 0);
    push_ring_address(u, offsetof(Instance, turns.head));
    wasm_load(&u->body, WASM_I32, offsetof(Instance, turns.ring));
    wasm_set(&u->body, LOCAL_PC);
    count(u, offsetof(Instance, turns.head));
}

/* The next turn is that of the block that begins at pc. */
static void write_next(Turns *t, u32 pc) {
    Writer *u = t->u;
    wasm_label(&u->body, "next is %", pc);
    wasm_const_i32(&u->body, (i32)pc);
    wasm_set(&u->body, LOCAL_PC);
    write_schedule(u);
    wasm_br(&u->body, u->level - 1);
}

/* ---- leaving ---- */

static void write_left(Writer *u, CompiledLeft left) {
    wasm_label(&u->body, "leave", 0);
    wasm_get(&u->body, LOCAL_IN);
    wasm_get(&u->body, LOCAL_PC);
    wasm_store(&u->body, WASM_I32, u->w->at.pc);
    store_state_of_run(u);
    wasm_const_i32(&u->body, left);
    wasm_return(&u->body);
}

/* The stack's top is above LOCAL_DEPTH: entries are put there and taken from there one by one. */
static void move_depth(Writer *u, i32 by) {
    wasm_get(&u->body, LOCAL_DEPTH);
    wasm_const_i32(&u->body, by);
    wasm_op(&u->body, WASM_i32_add);
    wasm_set(&u->body, LOCAL_DEPTH);
}

static void write_call_turn(Turns *t, const Block *b) {
    Writer *u = t->u;
    const Cfg *c = u->c;
    write_return_address(u, c->blocks[c->succ[b->succ_first]].first);
    move_depth(u, 1);
    write_next(t, c->blocks[b->callee].first);
}

/* Back to whoever called, even if that is the end of the activation: the run loop knows that one. */
static void write_return_turn(Turns *t) {
    Writer *u = t->u;
    move_depth(u, -1);
    write_stack_load(u, 0);
    wasm_set(&u->body, LOCAL_PC);
    write_schedule(u);
    wasm_br(&u->body, u->level - 1);
}

/* ---- a case ---- */

static u32 successor(const Turns *t, const Block *b, u32 k) {
    return t->u->c->blocks[t->u->c->succ[b->succ_first + k]].first;
}

static void write_fork(Turns *t, const Block *b, const Ins *i) {
    Writer *u = t->u;
    bool turn = b->end == END_TURN;
    if (turn)
        write_turn_test(u, i);
    else
        write_condition(u, i);
    wasm_begin(&u->body, WASM_if, WASM_VOID);
    u->level++;
    if (turn) write_turn_over(u, i);
    write_next(t, successor(t, b, 0));
    wasm_else(&u->body);
    if (turn) write_turn_on(u, b->past - 1, i);
    write_next(t, successor(t, b, 1));
    wasm_end(&u->body);
    u->level--;
    wasm_op(&u->body, WASM_unreachable);
}

/* The case's successor is put into the queue from the innermost match outwards. */
static void write_switch_turn(Turns *t, const Block *b, const Ins *i) {
    Writer *u = t->u;
    const i32 *table = u->p->words + i->a;
    u32 n = (u32)table[0], local = take_local(u, WASM_I32);
    write_read(u, (u32)i->b, 'I');
    wasm_set(&u->body, local);
    for (u32 k = 0; k < n; k++) {
        wasm_get(&u->body, local);
        wasm_const_i32(&u->body, table[1 + 2 * k]);
        wasm_op(&u->body, WASM_i32_eq);
        wasm_begin(&u->body, WASM_if, WASM_VOID);
        u->level++;
        write_next(t, successor(t, b, k));
        wasm_end(&u->body);
        u->level--;
    }
    give_local(u, local);
    write_next(t, successor(t, b, n));
}

static void write_case_end(Turns *t, const Block *b) {
    Writer *u = t->u;
    u32 last = b->past - 1;
    const Ins *i = &u->p->code[last];
    u->pc = last;
    write_activations(u, last);
    switch (b->end) {
    case END_FUEL: write_charge(u, last, i->a); break;
    case END_HOST: write_host(u, last, i); break;
    case END_FORK:
    case END_TURN: write_fork(t, b, i); return;
    case END_SWITCH: write_switch_turn(t, b, i); return;
    case END_CALL: write_call_turn(t, b); return;
    case END_RET:
    case END_HALT: write_return_turn(t); return;
    default: break;
    }
    write_next(t, successor(t, b, 0));
}

/* Pushes and pops count statically while an instruction is written. */
static void settle_depth(Writer *u) {
    if (u->height) move_depth(u, u->height);
    u->height = 0;
}

static void write_case(Turns *t, const Case *k) {
    Writer *u = t->u;
    const Block *b = &u->c->blocks[k->block];
    wasm_label(&u->body, "case %", k->pc);
    forget_temps(u);
    find_last_reads(u, k->pc, b->past);
    for (u32 pc = k->pc; pc + 1 < b->past; pc++) {
        write_ins(u, pc);
        settle_depth(u);
    }
    if (b->end != END_NEXT) {
        write_case_end(t, b);
        return;
    }
    write_ins(u, b->past - 1);
    settle_depth(u);
    write_next(t, successor(t, b, 0));
}

/* ---- the function ---- */

/* From an id to its case; ids of other stretches leave. */
static bool write_dispatch(Turns *t) {
    Writer *u = t->u;
    u32 first = t->stretch->first, span = t->stretch->past - first;
    u32 *list = ARENA_ARRAY(&u->arena, u32, span + 1);
    if (!list) return false;
    for (u32 k = 0; k < span; k++) list[k] = t->count;
    for (u32 k = 0; k < t->count; k++) list[t->cases[k].pc - first] = k;
    wasm_get(&u->body, LOCAL_PC);
    wasm_const_i32(&u->body, (i32)first);
    wasm_op(&u->body, WASM_i32_sub);
    wasm_br_table(&u->body, list, span, t->count);
    return true;
}

/* One turn less; without any left the id stays where the run is found. */
static void write_turn_count(Writer *u) {
    wasm_get(&u->body, LOCAL_DEEPEST);
    wasm_op(&u->body, WASM_i32_eqz);
    wasm_begin(&u->body, WASM_if, WASM_VOID);
    write_left(u, LEFT_STEP);
    wasm_end(&u->body);
    wasm_get(&u->body, LOCAL_DEEPEST);
    wasm_const_i32(&u->body, 1);
    wasm_op(&u->body, WASM_i32_sub);
    wasm_set(&u->body, LOCAL_DEEPEST);
}

bool write_turns(Writer *u, const WgenStretch *stretch) {
    Turns t = {.u = u, .stretch = stretch};
    if (!find_cases(&t)) return false;
    write_prologue(u);
    wasm_get(&u->body, LOCAL_WAY);
    wasm_set(&u->body, LOCAL_PC);
    write_schedule(u);
    wasm_begin(&u->body, WASM_block, WASM_VOID); /* whoever cannot pay leaves it */
    wasm_begin(&u->body, WASM_loop, WASM_VOID);
    write_take(u);
    write_turn_count(u);
    for (u32 k = 0; k <= t.count; k++) wasm_begin(&u->body, WASM_block, WASM_VOID);
    if (!write_dispatch(&t)) return false;
    for (u32 k = 0; k < t.count && !u->failed; k++) {
        wasm_end(&u->body);
        u->level = 1 + t.count - k;
        write_case(&t, &t.cases[k]);
    }
    wasm_end(&u->body);
    write_left(u, LEFT_GO);
    wasm_end(&u->body);
    wasm_op(&u->body, WASM_unreachable);
    wasm_end(&u->body);
    write_left(u, LEFT_CHARGE);
    wasm_end(&u->body);
    return !u->failed && !u->arena.full && !wasm_failed(&u->body);
}
