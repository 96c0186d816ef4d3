/* splice.h (run) - a module put together: functions of its own, and of a runtime (object.h) those that they need.
**
** Indices and addresses are final when they are given out, so whoever writes code can put them in at once: first what the runtime is known to be needed for (splice_root), which settles the imports, then splice_functions
** for all own functions, then anything. Only what is reached from there gets into the module.
**
** Memory, from 0 on: the stack (below all data: what runs out of it traps), then data in the order it was asked for.
** The table holds element 0, which is none, and behind it whatever was put in. */
#ifndef TREADLE_SPLICE_H
#define TREADLE_SPLICE_H

#include "../base/arena.h"
#include "../base/buf.h"
#include "object.h"

enum { SPLICE_STACK = 16384 };

typedef struct Splice Splice;

/* NULL, with why in *refusal (static text), when the runtime is none or memory is refused. Its bytes are borrowed. */
Splice *splice_open(const void *runtime, u32 len, const char **refusal);
void splice_close(Splice *s);

/* Why it cannot go on: memory, or a function that nobody has; NULL while it can. Static text, or in the splice. */
const char *splice_refusal(const Splice *s);

/* ---- functions ---- */

/* A function of the runtime is needed, with all that it imports. Before any index was given out. */
void splice_root(Splice *s, const char *name);

/* Whoever calls function `name` of the runtime calls `other`, of the same type. Before it was reached. Does nothing
** when the compiler left no function of that name: that costs room only. */
void splice_instead(Splice *s, const char *name, const char *other);

/* The index of the first of `count` functions of one's own. Each gets a body once. */
u32 splice_functions(Splice *s, u32 count);

/* The index of a runtime's function, or NONE and a refusal. It may import nothing but what roots do. */
u32 splice_function(Splice *s, const char *name);

/* A type by its letters, parameters _ results: "iiiii_i", "f_f", "_". i i32, l i64, f f64. */
u32 splice_type(Splice *s, const char *letters);

/* The body of an own function (locals and code, as in the code section behind its size); copied. */
void splice_body(Splice *s, u32 function, u32 type, const void *bytes, u32 len);

/* Puts functions into the table; the index of the first one. */
u32 splice_elements(Splice *s, u32 function, u32 count);

void splice_export(Splice *s, const char *name, u32 function);
void splice_export_number(Splice *s, const char *name, u32 value); /* a constant global */

/* ---- memory ---- */

/* The address of own data: a copy of `bytes`, or, when these are NULL, zeros, which take no room in the module. */
u32 splice_data(Splice *s, const void *bytes, u32 len, u32 align);

/* The same for bytes that are known only later; they are zero until then. To be filled before splice_write. */
u8 *splice_room(Splice *s, u32 len, u32 align, u32 *address);

/* Data that the runtime has, by name: its address, and how large it is. Data that it reads and does not have is at an
** address that was given before anything that reads it was asked for. */
u32 splice_symbol(Splice *s, const char *name, u32 *size);
void splice_define(Splice *s, const char *name, u32 address);

/* ---- the module ---- */

typedef struct SpliceCounts {
    u32 own, spliced, imported; /* functions */
    u32 code, data;             /* bytes of spliced functions, and of the runtime's data */
} SpliceCounts;

/* The module: `memory` exported, as many pages as it needs. Custom sections can be put behind it.
** False: see splice_refusal, or out->full. */
bool splice_write(Splice *s, Buf *out, SpliceCounts *counts);
void splice_custom(Buf *out, const char *name, Text contents);

#endif
