/* limit.h (base) - the limits as one struct; limit.def is the list. */
#ifndef TREADLE_LIMIT_H
#define TREADLE_LIMIT_H

#include "base.h"

typedef struct Limits {
#define LIMIT(id, name, value, unit, guards) u64 id;
#include "limit.def"
#undef LIMIT
} Limits;

/* The defaults of limit.def. */
Limits limits_default(void);

/* Sets one limit by its name ("call-depth"); false when no limit has that name. */
bool limits_set(Limits *l, Text name, u64 value);

#endif
