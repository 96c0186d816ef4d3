/* store.h (run) - the object model of a running graph: what a pointer reads, and what a write does. */
#ifndef TREADLE_STORE_H
#define TREADLE_STORE_H

#include "instance.h"

/* An effective pointer: a property and the element it is of. */
typedef struct Pointed {
    PointerRow row;
    u32 index[POINTER_INDICES]; /* 0 where the path has none */
    u64 ref;                    /* delays, events: the reference itself */
} Pointed;

/* What node's template names with these parameters. False: one is negative, null or of another array, or the template
** names nothing. */
bool store_point(const Instance *in, u32 node, const Slot *args, Pointed *out);

/* Its value, `out` has LANES_MAX slots; false: it is undefined. */
bool store_read(const Instance *in, const Pointed *p, Slot *out);

/* The cell of a property that may be written; NONE. */
u32 store_cell(const Graph *g, const Pointed *p);

/* Writes a cell: observers and the trace learn of it. A running interpolation goes on. */
void store_write(Instance *in, u32 cell, const Slot *value);

/* A cell was written: once for observers. */
static inline void store_touch(Instance *in, u32 cell) {
    if (in->changed[cell]) return;
    in->changed[cell] = 1;
    in->changes[in->change_count++] = cell;
}

/* No cell has changed any more. */
void store_forget_changes(Instance *in);

#endif
