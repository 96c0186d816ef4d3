/* runner.h (engine) - the one place that knows which runners there are. */
#ifndef TREADLE_RUNNER_H
#define TREADLE_RUNNER_H

#include "../run/vm.h"
#include "../run/walk.h"

static inline void runner_begin(Instance *in, u32 root) {
    if (in->runner == RUNNER_WALK)
        walk_begin(in, root);
    else
        vm_begin(in, root);
}

static inline RunStatus runner_run(Instance *in) {
    return in->runner == RUNNER_WALK ? walk_run(in) : vm_run(in);
}

static inline void runner_resume(Instance *in, Parked *p) {
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
