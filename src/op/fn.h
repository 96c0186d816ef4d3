/* fn.h (op) - the pure ops as C functions fn_ID, made from op.def, and the helpers their expressions use.
**
** Inline, so that each runner's loop has them in place. Arithmetic is IEEE to the bit: build with
** -ffp-contract=off and never with -ffast-math. */
#ifndef TREADLE_FN_H
#define TREADLE_FN_H

#include <math.h>
#include "../base/base.h"
#include "type.h"

/* Signatures: the C prototype of each letter combination of op.def. */
#define SIG_FF_F(name) static inline f64 name(f64 a, f64 b)
#define SIG_II_I(name) static inline i32 name(i32 a, i32 b)

#define PURE(id, op, types, inputs, output, signature, expression) SIG_##signature(fn_##id) { return (expression); }
#include "op.def"
#undef PURE

#endif
