/* values.h (graph) - constants: from JSON to slots, with a type that is known. */
#ifndef TREADLE_VALUES_H
#define TREADLE_VALUES_H

#include "draft.h"

/* Reads a value of `type` into consts, at *first. KHR: an array, even for one number. Native: a
** vector is an array, all else stands alone. What is wrong is reported, and *first is then the
** type's default. */
Err values_read(Draft *d, const At *at, TypeId type, const cJSON *item, u32 *first);

/* The type a native literal has by itself, as an input of `op` (NULL: of something else); TYPE_NONE when that cannot be
** told: text, null, or four numbers where a float4 and a float2x2 are both possible. */
TypeId values_type(const cJSON *literal, const Op *op);

/* A whole number from 0 to count - 1 that stands for one of `count` things. False: reported. */
bool values_index(Draft *d, const At *at, const cJSON *item, const char *what, const char *many,
                  u32 count, u32 *out);

#endif
