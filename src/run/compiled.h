/* compiled.h (run) - code that was made of a program (wgen.h), and the loop that runs it on the VM's own frame.
**
** Each unit (cfg.h) is one function in the engine's table of functions:
**
**     i32 unit(Instance *in, i32 depth, i32 deepest, i32 way, i32 fuel)
**
** depth: stack entries in use when it begins, its return address among them; deepest: beyond so many it does not call but
** goes on through the run loop, so that the host's stack is never used up; way: how it comes in, counted from the unit's
** first; fuel: the budget. The result is what is left of the fuel when it returned (CODE_ret), or negative, a CompiledLeft.
** Then in->pc and the depth are written, as are all state and what lives on in temporaries: just what the VM would have left.
** Callers on the way out write their return addresses into the stack; those of programs that call hosts do before they call,
** since a host's activation is parked with its stack. The VM, or the same code again, goes on from there. */
#ifndef TREADLE_COMPILED_H
#define TREADLE_COMPILED_H

#include "instance.h"

typedef enum CompiledLeft {
    LEFT_CHARGE = -1, /* instruction in->pc wants more than there is; in->budget is that much too small (fuel less the charge) */
    LEFT_GO = -2,     /* goes on at in->pc, in another unit or because the calls are too deep */
    LEFT_LIMIT = -3,  /* in->reason says which */
    LEFT_WAIT = -4,   /* the activation is parked */
    LEFT_STEP = -5    /* scheduler shape: so many blocks were run */
} CompiledLeft;

/* In the order of the runners WASM, STRUCTURED, SCHEDULER. */
typedef enum CompiledShape { SHAPE_PREEMPTIBLE, SHAPE_STRUCTURED, SHAPE_SCHEDULER, SHAPES } CompiledShape;

typedef i32 CompiledUnit(Instance *in, i32 depth, i32 deepest, i32 way, i32 fuel);

/* What the run loop must know of a compiled program: a block of system_take's. Owned by the Program's owner (api Loaded). */
typedef struct Compiled {
    Arena arena; /* owns the rest */
    const Program *program;
    CompiledShape shape;
    bool traced;   /* it writes the trace; else it must not run while one is kept */
    u32 units;
    u32 base;      /* index of unit 0 in the table of functions; 0: not installed */
    CompiledUnit *const *functions; /* builds without such a table: the units; borrowed */
    u32 levels;    /* how deep units may call each other, for the size of their frames */
    u32 *unit_at;  /* by pc: its unit, NONE: control does not come in there */
    u32 *way_at;   /* by pc: the way, from the unit's first */
    i32 *height;   /* by pc that is a way or a charge, a call, an effect: stack height there (Block.height) */
} Compiled;

/* As vm_run (vm.h): goes on with the activation in progress, which stands at a pc that compiled_enters. RUN_YIELD when the budget is too
** small; RUN_OTHER, which no code of ours leads to, when it comes to a pc that no unit can be entered at. */
RunStatus compiled_run(Instance *in);

/* Whether in->compiled can go on from in->pc. A trace is written by traced code only, and not from the middle of a step's activations. */
bool compiled_enters(const Instance *in);

#endif
