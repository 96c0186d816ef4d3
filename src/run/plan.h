/* plan.h (run) - the AlonePlan of a program: what a compiled graph, in C or standing alone in Wasm, knows of itself. */
#ifndef TREADLE_PLAN_H
#define TREADLE_PLAN_H

#include "../code/code.h"
#include "alone.h"

/* A plan, and how long those of its lists are that it does not say itself. */
typedef struct Plan {
    AlonePlan plan;
    u32 value_count, receiver_count, param_count, piece_count, initial_count;
} Plan;

/* Reports every node that cannot be compiled, at its place in the file; ERR_COMPILE_OP then. */
Err plan_check(const Program *p, Diags *diags);

/* Everything is taken from `arena`; names are the graph's and the arena's. Rooms are the limits, or what the graph can need
** where that is less. */
Err plan_make(const Program *p, const Limits *limits, Arena *arena, Plan *out);

/* A word that C and file systems take: the graph's name, else its file's, else "graph". Never empty. */
const char *plan_name(const Graph *g, Arena *arena);

#endif
