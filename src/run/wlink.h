/* wlink.h (run) - where wgen's units go when they stand alone: what it asks in place of imports; standalone.c answers.
**
** The units are those of compiled.h, on an Alone (alone.h) in place of an Instance:
**   - there is one Alone and one file of slots, both at constant addresses; pc, depth and budget lie at ALONE_AT_*
**   - an INS_EFFECT is a call of alone_CODE(in, a, b, c, d), its operands as constants; 0: leave with LEFT_LIMIT.
**     alone_host never waits
**   - rows without a spelling are calls of fn_ID (values) and vec_ID (addresses), as row_function's
**   - a call of another unit is a direct one
** wgen makes no module then: it has no memory, table or imports of its own. */
#ifndef TREADLE_WLINK_H
#define TREADLE_WLINK_H

#include "../base/base.h"

typedef struct WgenLink {
    void *context;
    /* The index of the first of so many functions: asked once, before the first unit is written. */
    u32 (*units)(void *context, u32 count);
    /* The index of the runtime's function of that name; NONE: there is none, and the emission is refused. */
    u32 (*function)(void *context, const char *name);
    /* The body of unit k: locals and code, without the size in front. Borrowed during the call. */
    void (*body)(void *context, u32 k, const void *bytes, u32 len);
    u32 alone, slots; /* addresses of the Alone and of slot 0 */
} WgenLink;

#endif
