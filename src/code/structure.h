/* structure.h (code) - any control flow as nested loops, blocks and ifs: what WebAssembly and readable C are made of.
**
** Source of the translation: Ramsey, "Beyond Relooper" (ICFP 2022): the dominator tree, walked from the root, gives the
** nesting. It wants every loop to have one entry. Where control comes into a loop at other places too (a run that is
** resumed, a native file with edges into each other's loops), these ways in are led through the loop's head: a
** *way* is noted on the edge, and a pick in front of the head goes on from there. Edges to the head itself note
** nothing, so a loop that is only entered at its head pays nothing.
**
** While (1 asks, 2 is the body), 3 behind it, and 4 a way in (of a resumed run) that leads to 2:
**
**     block { block { pick(1: 0, else 1) }      way 1 goes to the first END, all others to the second
**         set 0  4  set 2 }                     way 2, as node 0 has two: 0 and 1
**     block { loop { block { block { block { pick(2: 0, else 1) } set 0  go 1 }
**                 1  if 1 { } else { go 3 } }   the loop is left to behind the outermost block
**             2  go 0 } }                       its next turn
**     3  stop
*/
#ifndef TREADLE_STRUCTURE_H
#define TREADLE_STRUCTURE_H

#include "../base/arena.h"
#include "../base/err.h"

/* Control flow among nodes 0 to count - 1. Successors of node n: succ[first[n]] to succ[first[n + 1]], duplicates
** allowed. Control comes in at node 0, which does nothing and goes to its successor k when `way` is k: k = 0 is how a
** run usually begins. Nothing leads back to node 0. Nodes that cannot be reached are left out. Of a loop that is
** entered at several nodes, the head is the one that control coming by way 0 meets, or else by way 1, and so on: the
** usual way is the lowest. */
typedef struct Shape {
    u32 count;
    const u32 *first;
    const u32 *succ;
} Shape;

typedef enum NestKind {
    NEST_CODE,   /* a: node (of the shape, not 0): what it does, up to where it branches */
    NEST_LOOP,   /* loop a begins: a branch to it begins its next turn. It holds the nodes of the loop, no others */
    NEST_BLOCK,  /* a branch to it goes on behind its END; there is one at least */
    NEST_IF,     /* node a, of two successors, branches: what follows is for successor 0 ... */
    NEST_ELSE,   /* ... and this for successor 1 (always there, perhaps empty) */
    NEST_END,    /* of the innermost LOOP, BLOCK, IF: control falls out of IF and BLOCK; a LOOP's end is not reached */
    NEST_GO,     /* branch a levels out, 0: the innermost LOOP, BLOCK or IF. IFs count, but are never branched to */
    NEST_SET,    /* way = a */
    NEST_SWITCH, /* node a branches to its successor k by words[b + k] levels out, for each k */
    NEST_PICK,   /* branches by `way`: words[a] = n, n pairs (way, levels) rising by way, then levels for all others */
    NEST_STOP    /* node a has no successors */
} NestKind;

typedef struct NestOp {
    u8 kind;
    u32 a, b;
} NestOp;

/* A loop comes behind those around it. */
typedef struct NestLoop {
    u32 head; /* node of the shape */
    u32 up;   /* the loop around it, NONE */
} NestLoop;

typedef struct Nest {
    NestOp *ops;
    u32 count;
    u32 *words;
    u32 word_count;
    u32 *loop; /* by node of the shape: the innermost loop it is in, NONE; of a head: its own loop */
    NestLoop *loops;
    u32 loop_count;
    u32 deepest; /* most levels that are open at once */
    bool picks;  /* some op reads `way` */
} Nest;

/* Nests a shape. What `out` holds is taken from `arena`. Ops come in an order in which control falls through: behind
** the last one nothing is reached. `way` is 0 again when control arrives where a way leads; only PICKs read it. Arms
** of IFs nest as deep as the logarithm of the nodes. Time and memory: about linear in nodes and edges, and for an edge
** into the middle of loops, in the loops it enters. No recursion. ERR_MEMORY when the system or the arena refuses. */
Err structure(Arena *arena, const Shape *shape, Nest *out);

#endif
