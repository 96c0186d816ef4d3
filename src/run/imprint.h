/* imprint.h (run) - a hash of where a run stands: what the machine and compiled code must have left alike, to the bit. */
#ifndef TREADLE_IMPRINT_H
#define TREADLE_IMPRINT_H

#include "instance.h"

/* Goes on with a hash over an instance of a program: all its state by the letters of its slots (NaNs counted equal), and, in the
** middle of an activation, the pc, what it wants to charge, the stack, and the temporaries that the instruction at the pc reads.
** `letters`: of slot_letters (code/access.h). */
u64 imprint(const Instance *in, const u8 *letters, u64 hash);

#endif
