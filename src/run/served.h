/* served.h (run) - pointers that the host serves: asked for by template and parameters. */
#ifndef TREADLE_SERVED_H
#define TREADLE_SERVED_H

#include "instance.h"

/* The value of template `served` of the graph with these parameters; false: one is negative or null, or the host has no
** such property. */
bool served_get(const Instance *in, u32 served, const Slot *args, Slot *out);

/* Writes it; false: likewise, or it is read-only. */
bool served_set(const Instance *in, u32 served, const Slot *args, const Slot *value);

/* Whether two templates with their parameters are one effective pointer. */
bool served_is_same(const Instance *in, u32 a, const Slot *a_args, u32 b, const Slot *b_args);

/* A hash of the effective pointer: one number when they are the same. */
u64 served_hash(const Instance *in, u32 served, const Slot *args);

#endif
