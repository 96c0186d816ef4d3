/* compiled.c (run) - the loop that runs compiled code: from unit to unit, and out where fuel is gone. */
#include "compiled.h"

#include "wgen.h"

void compiled_close(Compiled *c) {
    if (!c) return;
    arena_close(&c->arena);
    system_give(c);
}

/* ---- in ---- */

/* Activations that are told before instruction pc. */
static u32 marks_before(const Program *p, u32 pc) {
    u32 first = p->mark_at[pc], m = first;
    while (first != NONE && m < p->mark_count && p->marks[m].pc == pc && p->marks[m].kind == MARK_ACTIVATE) m++;
    return m - first;
}

bool compiled_enters(const Instance *in) {
    const Compiled *c = in->compiled;
    if (!c || !c->base || c->unit_at[in->pc] == NONE || (in->trace.on && !c->traced)) return false;
    return !c->traced || !in->marked || in->marked == marks_before(in->program, in->pc);
}

static CompiledUnit *find_unit(const Compiled *c, u32 unit) {
#ifdef __wasm__
    return (CompiledUnit *)(uintptr_t)(c->base + unit); /* a function's address is its index in the table */
#else
    return c->functions[unit];
#endif
}

/* Enters the unit that in->pc is a way of, where the stack has `depth` entries below the unit's own. */
static i32 enter(Instance *in, i32 depth) {
    const Compiled *c = in->compiled;
    i32 deepest = depth + (i32)c->levels, most = (i32)in->program->stack_count;
    if (c->shape == SHAPE_SCHEDULER) deepest = most = INT32_MAX; /* turns; it never calls */
    return find_unit(c, c->unit_at[in->pc])(in, depth, deepest < most ? deepest : most, (i32)c->way_at[in->pc],
                                            in->budget);
}

/* ---- out ---- */

static RunStatus end_activation(Instance *in) {
    in->pc++;
    in->busy = false;
    return RUN_DONE;
}

/* A unit has returned to whoever called it: an activation's is the halt. */
static RunStatus return_to(Instance *in, i32 depth, i32 fuel) {
    in->budget = fuel;
    in->depth = (u32)depth - 1;
    in->pc = in->slots[in->program->stack_first + in->depth].u;
    return in->program->code[in->pc].code == CODE_halt ? end_activation(in) : RUN_OTHER;
}

/* The instruction at in->pc wants more than there is. Where a trace is kept, its activations were told. */
static RunStatus leave_at_charge(Instance *in) {
    const Ins *i = &in->program->code[in->pc];
    in->charge = (u32)(i->code == CODE_fuel ? i->a : i->d);
    in->budget += (i32)in->charge;
    if (in->compiled->traced) in->marked = marks_before(in->program, in->pc);
    return RUN_YIELD;
}

/* Where a unit could not go on itself. It has called, though the stack may have had no room left: there is one entry to spare. */
static RunStatus go_on(Instance *in) {
    if (in->program->code[in->pc].code == CODE_halt) return end_activation(in);
    if (in->depth <= in->program->stack_count) return RUN_OTHER;
    instance_fail(in, "call-depth", NONE);
    return RUN_LIMIT;
}

/* One unit. RUN_OTHER: the run goes on in another. */
static RunStatus run_unit(Instance *in) {
    const Compiled *c = in->compiled;
    i32 depth = (i32)in->depth - c->height[in->pc], left = enter(in, depth);
    switch (left) {
    case LEFT_CHARGE: return leave_at_charge(in);
    case LEFT_LIMIT: return RUN_LIMIT;
    case LEFT_WAIT: return RUN_WAIT;
    case LEFT_STEP: return RUN_OTHER;
    case LEFT_GO: return go_on(in);
    default: return return_to(in, depth, left);
    }
}

RunStatus compiled_run(Instance *in) {
    u32 pc = in->pc, marked = in->marked;
    i32 budget = in->budget;
    RunStatus status = RUN_OTHER;
    while (status == RUN_OTHER && compiled_enters(in)) status = run_unit(in);
    /* Steps that come later begin behind what was told: but only where the run has not moved. */
    if (!in->compiled->traced) in->marked = in->pc == pc && in->budget == budget ? marked : 0;
    return status;
}
