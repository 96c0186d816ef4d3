/* effect.h (run) - what instructions do beyond slots, for the machine and for compiled code alike. */
#ifndef TREADLE_EFFECT_H
#define TREADLE_EFFECT_H

#include "instance.h"

/* Does instruction i of the instance's program, an INS_EFFECT (code/access.h), on in->slots: operands are read there and results
** left there. RUN_DONE: go on behind it. RUN_LIMIT: in->reason says why. RUN_WAIT (CODE_host only): the activation is parked;
** in->pc (behind the instruction) and in->depth must be right before. */
RunStatus effect(Instance *in, const Ins *i);

/* For code that writes the trace: what is activated before instruction pc, and what it wrote. `before` tells the activations that
** in->marked does not count yet, and sets that to 0: it also goes before a charge that is tried again. */
void effect_before(Instance *in, u32 pc);
void effect_wrote(Instance *in, u32 pc);

/* CODE_enter: counts a pending entry of a node on a cycle; false: too many re-entries, in->reason is set. */
static inline bool effect_enter(Instance *in, Slot *active, u32 node) {
    if (active->i++ == 0) return true;
    if ((u64)++in->slots[STATE_DEPTH].i <= in->limits->call_depth) return true;
    instance_fail(in, "call-depth", node);
    return false;
}

/* CODE_leave. */
static inline void effect_leave(Instance *in, Slot *active) {
    if (--active->i > 0) in->slots[STATE_DEPTH].i--;
}

#endif
