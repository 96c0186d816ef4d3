/* effect.h (run) - what instructions do beyond slots, for the machine and for compiled code alike. */
#ifndef TREADLE_EFFECT_H
#define TREADLE_EFFECT_H

#include "instance.h"

/* Does instruction i of the instance's program, an INS_EFFECT (code/access.h), on in->slots: operands are read there and results
** left there. RUN_DONE: go on behind it. RUN_LIMIT: in->reason says why. RUN_WAIT (CODE_host only): the activation is parked;
** in->pc (behind the instruction) and in->depth must be right before. */
RunStatus effect(Instance *in, const Ins *i);

#endif
