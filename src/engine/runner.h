/* runner.h (engine) - the one place that knows which runners there are. */
#ifndef TREADLE_RUNNER_H
#define TREADLE_RUNNER_H

#include "../run/compiled.h"
#include "../run/vm.h"
#include "../run/walk.h"

static inline void runner_begin(Instance *in, u32 root) {
    in->stepped = false;
    if (in->runner == RUNNER_WALK)
        walk_begin(in, root);
    else
        vm_begin(in, root);
}

/* Who goes on with the activation in progress. Steps are the machine's; compiled code takes over behind them, at the next place
** where it can come in. */
static inline Runner runner_now(Instance *in) {
    if (in->runner == RUNNER_WALK) return RUNNER_WALK;
    if (in->steps != UINT64_MAX) in->stepped = true;
    if (in->steps == UINT64_MAX && compiled_enters(in)) return (Runner)(RUNNER_WASM + in->compiled->shape);
    ASSERT(in->runner == RUNNER_VM || in->runner == RUNNER_AUTO || in->stepped);
    return RUNNER_VM;
}

static inline RunStatus runner_run(Instance *in) {
    RunStatus status;
    do {
        Runner by = runner_now(in);
        i32 budget = in->budget;
        status = by == RUNNER_WALK ? walk_run(in) : by == RUNNER_VM ? vm_run(in) : compiled_run(in);
        in->ran |= 1u << by;
        in->fuel_by[by] += (u64)(budget - in->budget);
    } while (status == RUN_OTHER);
    return status;
}

static inline void runner_resume(Instance *in, Parked *p) {
    in->stepped = false;
    if (in->runner == RUNNER_WALK)
        walk_resume(in, p);
    else
        vm_resume(in, p);
}

static inline void runner_output(Instance *in, u32 i, Slot *out) {
    if (in->runner == RUNNER_WALK)
        walk_output(in, i, out);
    else
        vm_output(in, i, out);
}

#endif
