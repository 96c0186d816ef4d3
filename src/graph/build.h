/* build.h (graph) - how a dialect's loader makes a Graph: it declares, `build_finish` checks and lays out.
**
** Both loaders end in the same steps, so that a rule has one home: sockets from the op tables, types
** resolved from literals and siblings, value cycles, flow edges with their backward marks, fuel, state. */
#ifndef TREADLE_BUILD_H
#define TREADLE_BUILD_H

#include "graph.h"
#include "load.h"

/* Turns what a loader declared into a Graph's derived parts, in this order: node_cyclic and
** flow_backward (cycle.c), flow_in_edges, flow_in_cost, root_cost, turn_cost, pulled_total (fuel.c), state layout and
** state_init (state.c). Everything before "State" in Graph that a loader can know must be filled. */
Err build_finish(Graph *g, const Limits *limits, Diags *diags);

Err cycle_mark(Graph *g);                                      /* cycle.c */
Err fuel_fix(Graph *g, const Limits *limits, Diags *diags);    /* fuel.c */
Err state_lay_out(Graph *g);                                   /* state.c */

#endif
