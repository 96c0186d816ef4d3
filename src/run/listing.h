/* listing.h (run) - what became of a program, for people: its units and loops, whatever they were compiled to. */
#ifndef TREADLE_LISTING_H
#define TREADLE_LISTING_H

#include "../code/cfg.h"

/* One line for the unit, then one for each loop with the fuel of a turn; `name` (borrowed) NULL: "unit K (NODE)", NODE what it
** activates first; `bytes` of its code, 0: not said. ERR_MEMORY when it is refused. */
Err list_unit(const Cfg *c, u32 unit, const char *name, u32 bytes, Buf *out);

#endif
