/* lower.h (code) - from a Graph to a Program. */
#ifndef TREADLE_LOWER_H
#define TREADLE_LOWER_H

#include "code.h"
#include "../base/err.h"

/* Lowers a valid graph: each flow chain once, shared chains as procedures, pure nodes inline and once per
** activation, constants folded. Errors: ERR_MEMORY, ERR_LIMIT_OPS. The Program is not verified yet. */
Err lower(const Graph *g, const Limits *limits, Program **out);

#endif
