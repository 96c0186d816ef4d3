/* standalone.h (run) - a graph as a WebAssembly module that needs no engine: units, what they call, tables, descriptors.
**
** The module imports nothing, or of module "host" what the graph needs: log(node, values), event(event, values),
** call(node, arguments, results). It exports `memory`, the functions of alone_door.c, and `descriptor_at` and
** `descriptor_size`: where in memory its descriptors lie, which custom section `treadle.descriptors` repeats
** (descriptors.h). All that changes lies in one piece of memory: copied and put back, it is the same run. */
#ifndef TREADLE_STANDALONE_H
#define TREADLE_STANDALONE_H

#include "../base/limit.h"
#include "wgen.h"

typedef struct StandaloneOptions {
    CompiledShape shape;
    Text runtime;         /* the runtime module (make alone): borrowed */
    const Limits *limits; /* call-depth, tick-events, queue, delays, interpolations: the module's own from then on */
    const char *version;  /* of what made it */
} StandaloneOptions;

/* Appends the module of a program that passes plan_check to `out`, and to `list` (may be NULL) what was done to the graph,
** for people. False, and `why` says it: the program is too large, there is no memory, the runtime is none. */
bool standalone_write(const Program *p, const StandaloneOptions *o, Buf *out, Buf *list, Buf *why);

#endif
