/* vec.h (op) - the rows of vec.def as lane code: vec_ID reads its inputs at a b c and leaves its outputs side by side at d.
**
** d may be any of the inputs, or overlap them: everything is computed before anything is written. Short ones are inline, so
** that the machine's loop has them in place; long ones, and those that call the C library, are in vec.c. Sums are taken from
** left to right. NaN and infinity propagate as the formulas say; a NaN may have any bits (see fn.h). */
#ifndef TREADLE_VEC_H
#define TREADLE_VEC_H

#include <math.h>
#include "../base/base.h"
#include "type.h"

/* The most lanes that one row gives: a float4x4 and isValid. */
enum { VEC_LANES_MAX = LANES_MAX + 1 };

typedef struct F2 { f64 x, y; } F2;
typedef struct F3 { f64 x, y, z; } F3;
typedef struct F4 { f64 x, y, z, w; } F4;

/* The head of each function; not every row has three inputs. */
#define LANE_HEAD(id) void vec_##id(Slot *d, UNUSED const Slot *a, UNUSED const Slot *b, UNUSED const Slot *c)
#define LANE_CODE(id) SHARED LANE_HEAD(id)
#define INLINE_LANE_CODE(id) static inline LANE_HEAD(id)

/* ---- lanes ---- */

static inline F2 get2(const Slot *s) { return (F2){s[0].f, s[1].f}; }
static inline F3 get3(const Slot *s) { return (F3){s[0].f, s[1].f, s[2].f}; }
static inline F4 get4(const Slot *s) { return (F4){s[0].f, s[1].f, s[2].f, s[3].f}; }

static inline void put2(Slot *d, F2 v) {
    d[0].f = v.x;
    d[1].f = v.y;
}

static inline void put3(Slot *d, F3 v) {
    d[0].f = v.x;
    d[1].f = v.y;
    d[2].f = v.z;
}

static inline void put4(Slot *d, F4 v) {
    d[0].f = v.x;
    d[1].f = v.y;
    d[2].f = v.z;
    d[3].f = v.w;
}

static inline f64 dot2(F2 a, F2 b) { return a.x * b.x + a.y * b.y; }
static inline f64 dot3(F3 a, F3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
static inline f64 dot4(F4 a, F4 b) { return a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w; }

static inline F3 cross3(F3 a, F3 b) {
    return (F3){a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

/* ---- lengths ---- */

/* hypot of four, where the sum of the squares is no measure: too large, too small, zero, infinite or NaN. */
SHARED f64 vec_far_length(f64 x, f64 y, f64 z, f64 w);

/* Squares of this sum neither overflowed nor lost bits that matter. */
static inline bool is_measure(f64 squares) { return squares > 1e-270 && squares < 1e300; }

static inline f64 length2(F2 v) {
    f64 squares = dot2(v, v);
    return is_measure(squares) ? sqrt(squares) : vec_far_length(v.x, v.y, 0, 0);
}

static inline f64 length3(F3 v) {
    f64 squares = dot3(v, v);
    return is_measure(squares) ? sqrt(squares) : vec_far_length(v.x, v.y, v.z, 0);
}

static inline f64 length4(F4 v) {
    f64 squares = dot4(v, v);
    return is_measure(squares) ? sqrt(squares) : vec_far_length(v.x, v.y, v.z, v.w);
}

INLINE_LANE_CODE(length_2) { d->f = length2(get2(a)); }
INLINE_LANE_CODE(length_3) { d->f = length3(get3(a)); }
INLINE_LANE_CODE(length_4) { d->f = length4(get4(a)); }

static inline bool has_direction(f64 length) { return length > 0 && length < (f64)INFINITY; }

INLINE_LANE_CODE(normalize_2) {
    F2 v = get2(a);
    f64 length = length2(v);
    bool valid = has_direction(length);
    put2(d, valid ? (F2){v.x / length, v.y / length} : (F2){0, 0});
    d[2].bits = valid;
}

INLINE_LANE_CODE(normalize_3) {
    F3 v = get3(a);
    f64 length = length3(v);
    bool valid = has_direction(length);
    put3(d, valid ? (F3){v.x / length, v.y / length, v.z / length} : (F3){0, 0, 0});
    d[3].bits = valid;
}

INLINE_LANE_CODE(normalize_4) {
    F4 v = get4(a);
    f64 length = length4(v);
    bool valid = has_direction(length);
    put4(d, valid ? (F4){v.x / length, v.y / length, v.z / length, v.w / length} : (F4){0, 0, 0, 0});
    d[4].bits = valid;
}

/* ---- products ---- */

INLINE_LANE_CODE(dot_2) { d->f = dot2(get2(a), get2(b)); }
INLINE_LANE_CODE(dot_3) { d->f = dot3(get3(a), get3(b)); }
INLINE_LANE_CODE(dot_4) { d->f = dot4(get4(a), get4(b)); }
INLINE_LANE_CODE(cross) { put3(d, cross3(get3(a), get3(b))); }

/* a + 2 (r x (r x a) + w (r x a)): as it stands, for a rotation of any length. */
static inline F3 turn3(F3 v, F4 q) {
    F3 r = {q.x, q.y, q.z}, once = cross3(r, v), twice = cross3(r, once);
    return (F3){v.x + 2 * (twice.x + q.w * once.x), v.y + 2 * (twice.y + q.w * once.y),
                v.z + 2 * (twice.z + q.w * once.z)};
}

INLINE_LANE_CODE(rotate3D) { put3(d, turn3(get3(a), get4(b))); }
LANE_CODE(rotate2D);
LANE_CODE(slerp_2);
LANE_CODE(slerp_3);

/* ---- matrices: lane r + n c is row r of column c ---- */

/* The matrix at m times the column v. */
static inline F2 times2(const Slot *m, F2 v) {
    return (F2){m[0].f * v.x + m[2].f * v.y, m[1].f * v.x + m[3].f * v.y};
}

static inline F3 times3(const Slot *m, F3 v) {
    return (F3){m[0].f * v.x + m[3].f * v.y + m[6].f * v.z, m[1].f * v.x + m[4].f * v.y + m[7].f * v.z,
                m[2].f * v.x + m[5].f * v.y + m[8].f * v.z};
}

static inline F4 times4(const Slot *m, F4 v) {
    return (F4){m[0].f * v.x + m[4].f * v.y + m[8].f * v.z + m[12].f * v.w,
                m[1].f * v.x + m[5].f * v.y + m[9].f * v.z + m[13].f * v.w,
                m[2].f * v.x + m[6].f * v.y + m[10].f * v.z + m[14].f * v.w,
                m[3].f * v.x + m[7].f * v.y + m[11].f * v.z + m[15].f * v.w};
}

INLINE_LANE_CODE(transform_2) { put2(d, times2(b, get2(a))); }
INLINE_LANE_CODE(transform_3) { put3(d, times3(b, get3(a))); }
INLINE_LANE_CODE(transform_4) { put4(d, times4(b, get4(a))); }

INLINE_LANE_CODE(matMul_2) {
    F2 x = times2(a, get2(b)), y = times2(a, get2(b + 2));
    put2(d, x);
    put2(d + 2, y);
}

INLINE_LANE_CODE(matMul_3) {
    F3 x = times3(a, get3(b)), y = times3(a, get3(b + 3)), z = times3(a, get3(b + 6));
    put3(d, x);
    put3(d + 3, y);
    put3(d + 6, z);
}

INLINE_LANE_CODE(matMul_4) {
    F4 x = times4(a, get4(b)), y = times4(a, get4(b + 4)), z = times4(a, get4(b + 8)), w = times4(a, get4(b + 12));
    put4(d, x);
    put4(d + 4, y);
    put4(d + 8, z);
    put4(d + 12, w);
}

INLINE_LANE_CODE(transpose_2) { put4(d, (F4){a[0].f, a[2].f, a[1].f, a[3].f}); }
LANE_CODE(transpose_3);
LANE_CODE(transpose_4);
INLINE_LANE_CODE(determinant_2) { d->f = a[0].f * a[3].f - a[1].f * a[2].f; }
INLINE_LANE_CODE(determinant_3) { d->f = dot3(get3(a), cross3(get3(a + 3), get3(a + 6))); }
LANE_CODE(determinant_4);
LANE_CODE(inverse_2);
LANE_CODE(inverse_3);
LANE_CODE(inverse_4);
LANE_CODE(matCompose);
LANE_CODE(matDecompose);

/* ---- quaternions ---- */

static inline F4 quat_mul(F4 a, F4 b) {
    return (F4){a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y, a.w * b.y + a.y * b.w + a.z * b.x - a.x * b.z,
                a.w * b.z + a.z * b.w + a.x * b.y - a.y * b.x, a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z};
}

INLINE_LANE_CODE(quatConjugate) { put4(d, (F4){-a[0].f, -a[1].f, -a[2].f, a[3].f}); }
INLINE_LANE_CODE(quatMul) { put4(d, quat_mul(get4(a), get4(b))); }
LANE_CODE(quatAngleBetween);
LANE_CODE(quatFromAxisAngle);
LANE_CODE(quatToAxisAngle);
LANE_CODE(quatFromDirections);
LANE_CODE(quatFromUpForward);
LANE_CODE(quatFromAngles_yxz);
LANE_CODE(quatFromAngles_xyz);
LANE_CODE(quatFromAngles_xzy);
LANE_CODE(quatFromAngles_yzx);
LANE_CODE(quatFromAngles_zxy);
LANE_CODE(quatFromAngles_zyx);
LANE_CODE(quatSlerp);

/* ---- colours ---- */

LANE_CODE(rgbToOkLCh);
LANE_CODE(rgbFromOkLCh);

#endif
