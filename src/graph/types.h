/* types.h (graph) - which type every socket has, and that edges and constants fit. */
#ifndef TREADLE_TYPES_H
#define TREADLE_TYPES_H

#include "draft.h"

/* Fixes the T of a node, its overload and the types of its outputs, and reads the literals that
** waited for that. The nodes it reads from must have been fixed before (flow and event nodes need
** not). Misfits are reported. */
Err types_fix(Draft *d, u32 node);

/* True when a constant of type `given` fits input `in` of the node; else reported at `at`. */
bool types_fit(Draft *d, const At *at, u32 node, u32 in, TypeId given);

/* Fixes all nodes in an order that suits their edges, whatever the file's order. Value cycles are
** reported with the way they take, and break their nodes. */
Err types_fix_all(Draft *d);

#endif
