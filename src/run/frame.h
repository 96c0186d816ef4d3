/* frame.h (run) - the walker's frame and the moves its files share; nobody else includes this. */
#ifndef TREADLE_FRAME_H
#define TREADLE_FRAME_H

#include "eval.h"
#include "walk.h"

/* A node with work pending. */
typedef struct Entry {
    u32 node;
    u32 phase; /* sequence: its next connected output; loops: see walk_flow.c */
    i32 index; /* flow/for: of this turn */
} Entry;

struct Walk {
    Eval eval;
    Entry *stack;
    u32 depth, room;
    Slot *results; /* a host op's, before they are written */
    bool owed;     /* the root's cost is not charged yet */
    u32 edge;      /* flow output to take next, NONE: look at the stack */
    bool left;     /* the run loop is to be left with `status` */
    RunStatus status;
};

static inline Slot int_slot(i32 value) { return (Slot){.bits = (u32)value}; }

/* walk.c */

/* Ends this run of the loop; the second with a limit's name. */
void walk_leave(Instance *in, RunStatus status);
void walk_fail(Instance *in, const char *reason, u32 node);

/* Charges; false when the budget is too small: nothing has changed, and the loop is left. */
bool walk_pay(Instance *in, u32 charge);
void walk_raise_epoch(Instance *in);

/* The node's work goes on by taking its flow output k. */
void walk_take(Instance *in, u32 node, u32 k);

/* Puts a node on the stack; NULL when it is pending too often: the run has ended. The other takes
** the top one away. */
Entry *walk_enter(Instance *in, u32 node);
void walk_pop(Instance *in);

/* Where a node's value output k lives. */
Slot *walk_output_slot(Instance *in, u32 node, u32 k);

/* walk_flow.c: flow input `socket` of a node is activated; one move of the node on top. */
void walk_work(Instance *in, u32 node, u32 socket);
void walk_move(Instance *in);

/* walk_host.c: a host op is activated; how many slots its results can take. */
void walk_call(Instance *in, u32 node);
u32 walk_results_room(const Graph *g);

#endif
