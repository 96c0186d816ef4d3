/* build.h (graph) - the parts of a Graph that follow from its nodes and edges.
**
** A draft knows the sockets and edges (draft.h); the rest has one home for all dialects, here. */
#ifndef TREADLE_BUILD_H
#define TREADLE_BUILD_H

#include "graph.h"
#include "load.h"

/* Completes a Graph whose nodes, sockets and edges are in place, in this order. Reports what
** fails. */
Err build_finish(Graph *g, const Limits *limits, Diags *diags);

/* flow_backward, node_cyclic. ERR_MEMORY (not reported) is the only error, here and in the next. */
Err cycle_mark(Graph *g, Arena *scratch);

/* Slots for all that lasts, and what they hold at the start. */
Err state_lay_out(Graph *g);

/* flow_in_cost, root_cost, turn_cost, pulled_total; needs the state layout. ERR_LIMIT_OPS (not
** reported) when the pulls, *total, pass the limit. */
Err fuel_fix(Graph *g, const Limits *limits, Arena *scratch, u64 *total);

/* Reports that an arena refused memory, by the limit or by the system. */
Err build_no_memory(Diags *diags, const Limits *limits, const Arena *a, const Arena *b);

#endif
