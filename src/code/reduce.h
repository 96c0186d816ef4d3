/* reduce.h (code) - control flow with one way into each loop: what structure nests. */
#ifndef TREADLE_REDUCE_H
#define TREADLE_REDUCE_H

#include "structure.h"

/* A shape whose loops are entered at one node each. Its nodes keep their numbers; behind them come picks, one for each
** loop that is also entered beside its head, and behind these the sets, each with one successor. What nothing leads to
** has no successors. Node 0 is a pick too when it has more than one. */
typedef struct Flow {
    u32 count;
    u32 *first, *succ;
    u32 *way;       /* by edge of a pick: taken by this way, rising; the last edge of a pick is for all others */
    u32 *loop;      /* by node: the innermost loop it is in, NONE */
    u32 *head;      /* by loop: the one node where it is entered, its pick if it has one */
    u32 *depth;     /* by loop: how many loops it is in, itself counted */
    u32 *value;     /* by node - first_set: what the set sets `way` to */
    u32 first_pick, first_set;
    const NestLoop *loops;
} Flow;

/* The outermost loop around loop `inner` (NONE: none) that is not around `other`; NONE when there is none. */
u32 flow_entered(const Flow *f, u32 inner, u32 other);

/* Finds the loops of a shape and makes a Flow of it, in `scratch`. In `arena`: loops, loop_count and loop of `nest`.
** About linear in nodes and edges; an edge that enters loops beside their heads costs a step more for each. */
Err reduce(Arena *arena, Arena *scratch, const Shape *shape, Nest *nest, Flow *out);

#endif
