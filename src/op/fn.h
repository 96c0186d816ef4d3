/* fn.h (op) - the pure ops as C functions fn_ID, made from op.def, and what their expressions use.
**
** Inline, so that each runner's loop has them in place. Arithmetic is IEEE to the bit: build with
** -ffp-contract=off and never with -ffast-math. Where WebAssembly has one instruction for a helper,
** the helper is that instruction. A NaN result may have any bits: slot_canonical is for those who
** look. */
#ifndef TREADLE_FN_H
#define TREADLE_FN_H

#include <math.h>
#include "../base/base.h"
#include "type.h"

/* ---- helpers, named as WebAssembly names its instructions ---- */

/* Division traps in Wasm for b = 0 and for -2^31 / -1. Here x / 0 = 0, and by -1 it negates. */
static inline i32 i32_div(i32 a, i32 b) {
    if ((u32)b + 1u > 1u) return a / b;
    return (i32)((0u - (u32)a) & (u32)b);
}

static inline i32 i32_rem(i32 a, i32 b) {
    if ((u32)b + 1u > 1u) return a % b;
    return 0;
}

static inline i32 i32_clamp(i32 a, i32 b, i32 c) {
    i32 low = b < c ? b : c, high = b < c ? c : b;
    i32 raised = a > low ? a : low;
    return raised < high ? raised : high;
}

/* NaN wins, and -0 is below +0 (fmin and fmax of C know neither). */
#ifdef __wasm__
static inline f64 f64_min(f64 a, f64 b) { return __builtin_wasm_min_f64(a, b); }
#else
static inline f64 f64_min(f64 a, f64 b) {
    if (a < b) return a;
    if (b < a) return b;
    return a == b ? (signbit(a) ? a : b) : a + b;
}
#endif

#ifdef __wasm__
static inline f64 f64_max(f64 a, f64 b) { return __builtin_wasm_max_f64(a, b); }
#else
static inline f64 f64_max(f64 a, f64 b) {
    if (a > b) return a;
    if (b > a) return b;
    return a == b ? (signbit(a) ? b : a) : a + b;
}
#endif

/* Halves away from zero. The addend is the largest double below one half: with one half itself,
** 0.49999999999999994 would become 1. */
static inline f64 f64_round(f64 a) { return trunc(a + copysign(0.49999999999999994, a)); }

static inline f64 f64_saturate(f64 a) { return f64_min(f64_max(a, 0.0), 1.0); }

static inline f64 f64_smooth(f64 t) { return t * t * (3.0 - 2.0 * t); }

/* As ECMAScript: an infinite or NaN power of 1 or -1 is NaN, where C says 1. */
static inline f64 f64_pow(f64 a, f64 b) {
    return fabs(a) == 1.0 && !isfinite(b) ? (f64)NAN : pow(a, b);
}

static inline bool f64_has_direction(f64 a) { return a != 0.0 && isfinite(a); }

/* ECMAScript's ToInt32: towards zero, then modulo 2^32. No double makes it trap. */
SHARED i32 fn_wrap(f64 a); /* fn.c: for |a| >= 2^31, infinities and NaN */

static inline i32 f64_to_i32(f64 a) {
    if (!(fabs(a) < 2147483648.0)) return fn_wrap(a);
#ifdef __wasm__
    return __builtin_wasm_trunc_s_i32_f64(a); /* a cast would look at the range once more */
#else
    return (i32)a;
#endif
}

/* ---- signatures: the C prototype of each letter combination of op.def. A bool is an i32 of 0 or
** 1, as in its slot. ---- */

#define SIG__F(name)    static inline f64 name(void)
#define SIG_F_F(name)   static inline f64 name(f64 a)
#define SIG_FF_F(name)  static inline f64 name(f64 a, f64 b)
#define SIG_FFF_F(name) static inline f64 name(f64 a, f64 b, f64 c)
#define SIG_F_B(name)   static inline i32 name(f64 a)
#define SIG_FF_B(name)  static inline i32 name(f64 a, f64 b)
#define SIG_FF_b(name)  static inline i32 name(f64 a, f64 b)
#define SIG_F_I(name)   static inline i32 name(f64 a)
#define SIG_I_I(name)   static inline i32 name(i32 a)
#define SIG_II_I(name)  static inline i32 name(i32 a, i32 b)
#define SIG_III_I(name) static inline i32 name(i32 a, i32 b, i32 c)
#define SIG_I_B(name)   static inline i32 name(i32 a)
#define SIG_II_B(name)  static inline i32 name(i32 a, i32 b)
#define SIG_I_F(name)   static inline f64 name(i32 a)
#define SIG_B_B(name)   static inline i32 name(i32 a)
#define SIG_BB_B(name)  static inline i32 name(i32 a, i32 b)
#define SIG_B_I(name)   static inline i32 name(i32 a)
#define SIG_B_F(name)   static inline f64 name(i32 a)
#define SIG_RR_B(name)  static inline i32 name(u64 a, u64 b)
#define SIG_bFF_F(name) static inline f64 name(i32 a, f64 b, f64 c)
#define SIG_bII_I(name) static inline i32 name(i32 a, i32 b, i32 c)
#define SIG_bBB_B(name) static inline i32 name(i32 a, i32 b, i32 c)
#define SIG_bRR_R(name) static inline u64 name(i32 a, u64 b, u64 c)

/* The same letters as a call on slots: APPLY_SIG(fn_ID, d, x, y, z) sets slot d to fn_ID of the
** slots x, y, z, of which it evaluates as many as the row has inputs. So a runner's cases are
**
**     #define PURE(id, op, types, inputs, output, signature, expression) \
**         case CODE_##id: APPLY_##signature(fn_##id, R(a), R(b), R(c), R(d)); break;
**     #include "../op/op.def"
**     #undef PURE
*/
#define APPLY__F(fn, d, x, y, z)    ((d).f = fn())
#define APPLY_F_F(fn, d, x, y, z)   ((d).f = fn((x).f))
#define APPLY_FF_F(fn, d, x, y, z)  ((d).f = fn((x).f, (y).f))
#define APPLY_FFF_F(fn, d, x, y, z) ((d).f = fn((x).f, (y).f, (z).f))
#define APPLY_F_B(fn, d, x, y, z)   ((d).bits = (u32)fn((x).f))
#define APPLY_FF_B(fn, d, x, y, z)  ((d).bits = (u32)fn((x).f, (y).f))
#define APPLY_FF_b(fn, d, x, y, z)  ((d).bits = (u32)fn((x).f, (y).f))
#define APPLY_F_I(fn, d, x, y, z)   ((d).bits = (u32)fn((x).f))
#define APPLY_I_I(fn, d, x, y, z)   ((d).bits = (u32)fn((x).i))
#define APPLY_II_I(fn, d, x, y, z)  ((d).bits = (u32)fn((x).i, (y).i))
#define APPLY_III_I(fn, d, x, y, z) ((d).bits = (u32)fn((x).i, (y).i, (z).i))
#define APPLY_I_B(fn, d, x, y, z)   ((d).bits = (u32)fn((x).i))
#define APPLY_II_B(fn, d, x, y, z)  ((d).bits = (u32)fn((x).i, (y).i))
#define APPLY_I_F(fn, d, x, y, z)   ((d).f = fn((x).i))
#define APPLY_B_B(fn, d, x, y, z)   ((d).bits = (u32)fn((x).i))
#define APPLY_BB_B(fn, d, x, y, z)  ((d).bits = (u32)fn((x).i, (y).i))
#define APPLY_B_I(fn, d, x, y, z)   ((d).bits = (u32)fn((x).i))
#define APPLY_B_F(fn, d, x, y, z)   ((d).f = fn((x).i))
#define APPLY_RR_B(fn, d, x, y, z)  ((d).bits = (u32)fn((x).bits, (y).bits))
#define APPLY_bFF_F(fn, d, x, y, z) ((d).f = fn((x).i, (y).f, (z).f))
#define APPLY_bII_I(fn, d, x, y, z) ((d).bits = (u32)fn((x).i, (y).i, (z).i))
#define APPLY_bBB_B(fn, d, x, y, z) ((d).bits = (u32)fn((x).i, (y).i, (z).i))
#define APPLY_bRR_R(fn, d, x, y, z) ((d).bits = fn((x).i, (y).bits, (z).bits))

#define PURE(id, op, types, inputs, output, signature, expression)                                 \
    SIG_##signature(fn_##id) { return (expression); }
#include "op.def"
#undef PURE

#endif
