/* where.h (graph) - the way from a graph to a part of one of its nodes, as messages point to it. */
#ifndef TREADLE_WHERE_H
#define TREADLE_WHERE_H

#include "../base/err.h"

/* Steps of such a way, below the graph. */
typedef struct Place {
    At at[4];
} Place;

/* The way from `graph` to node `node`, to its `part` ("values"; NULL: the node), to the member `name` (NULL: the part).
** Borrows all of them; valid while *p is. */
const At *place_node(Place *p, const At *graph, u32 node, const char *part, const char *name);

#endif
