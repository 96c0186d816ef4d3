/* verify.h (code) - no program runs before this has looked at every instruction. */
#ifndef TREADLE_VERIFY_H
#define TREADLE_VERIFY_H

#include "code.h"

/* Sets p->verified when every slot, jump, table, type letter and stack height of the program is right.
** Otherwise false, with the reason and the instruction in `why` (at most `size` bytes). */
bool verify(Program *p, char *why, u32 size);

#endif
