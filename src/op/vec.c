/* vec.c (op) - the lane code of vec.def that is too long for a loop, or calls the C library. */
#include "vec.h"

/* ---- thresholds, where the specification leaves them to us ---- */

/* Of a cosine: the angle is too small for its sine to matter, or rounding took the product of two unit vectors past 1;
** that of vectors in single precision by some 1e-7. */
static bool is_near_one(f64 cosine) { return cosine > 0.999999999999999 && cosine < 1.000001; }

/* Of a length: what is divided by it keeps no direction. */
static bool is_near_zero(f64 length) { return length < 1e-300; }

/* ---- lengths ---- */

SHARED f64 vec_far_length(f64 x, f64 y, f64 z, f64 w) {
    const f64 v[4] = {fabs(x), fabs(y), fabs(z), fabs(w)};
    f64 largest = 0;
    bool nan = false;
    for (u32 i = 0; i < 4; i++) {
        if (v[i] > largest) largest = v[i];
        nan = nan || v[i] != v[i];
    }
    if (largest == (f64)INFINITY) return largest;
    if (nan) return (f64)NAN;
    f64 scale = largest > 1 ? 0x1p-600 : 0x1p600, squares = 0; /* exact, and the squares are in range */
    for (u32 i = 0; i < 4; i++) squares += (v[i] * scale) * (v[i] * scale);
    return sqrt(squares) / scale;
}

/* NaN stays NaN: no zeros as in math/normalize. */
static F3 unit3(F3 v) {
    f64 length = length3(v);
    return (F3){v.x / length, v.y / length, v.z / length};
}

/* A unit vector at a right angle to v: v crossed with the axis it is farthest from; no zero is negative. */
static F3 perpendicular3(F3 v) {
    f64 x = fabs(v.x), y = fabs(v.y), z = fabs(v.z);
    if (x <= y && x <= z) return unit3((F3){0, v.z, 0 - v.y});
    if (y <= z) return unit3((F3){0 - v.z, 0, v.x});
    return unit3((F3){v.y, 0 - v.x, 0});
}

/* ---- turning and mixing vectors ---- */

LANE_CODE(rotate2D) {
    F2 v = get2(a);
    f64 s = sin(b->f), k = cos(b->f);
    put2(d, (F2){v.x * k - v.y * s, v.x * s + v.y * k});
}

static f64 mix(f64 a, f64 b, f64 c) { return (1 - c) * a + c * b; }

/* The angle comes from sine and cosine together: acos alone is good to 1e-8 only where vectors are nearly parallel. */
LANE_CODE(slerp_2) {
    F2 p = get2(a), q = get2(b);
    f64 t = c->f, from = length2(p), to = length2(q);
    if (is_near_zero(from) || is_near_zero(to)) {
        put2(d, (F2){mix(p.x, q.x, t), mix(p.y, q.y, t)});
        return;
    }
    p = (F2){p.x / from, p.y / from};
    q = (F2){q.x / to, q.y / to};
    f64 angle = t * atan2(p.x * q.y - p.y * q.x + 0.0, dot2(p, q)), length = mix(from, to, t);
    f64 s = sin(angle), k = cos(angle);
    put2(d, (F2){(p.x * k - p.y * s) * length, (p.x * s + p.y * k) * length});
}

/* p and its neighbour at a right angle in the plane of both, by the angle's cosine and sine. */
static F3 turn_towards(F3 p, F3 q, f64 cosine, f64 t, f64 length) {
    F3 normal = cross3(p, q);
    f64 angle = t * atan2(length3(normal), cosine);
    F3 axis = is_near_one(-cosine) ? perpendicular3(p) : unit3(normal), side = cross3(axis, p);
    f64 s = sin(angle), k = cos(angle);
    return (F3){(p.x * k + side.x * s) * length, (p.y * k + side.y * s) * length, (p.z * k + side.z * s) * length};
}

LANE_CODE(slerp_3) {
    F3 p = get3(a), q = get3(b);
    f64 t = c->f, from = length3(p), to = length3(q);
    F3 straight = {mix(p.x, q.x, t), mix(p.y, q.y, t), mix(p.z, q.z, t)};
    p = (F3){p.x / from, p.y / from, p.z / from};
    q = (F3){q.x / to, q.y / to, q.z / to};
    f64 cosine = dot3(p, q);
    bool is_straight = is_near_zero(from) || is_near_zero(to) || is_near_one(cosine);
    put3(d, is_straight ? straight : turn_towards(p, q, cosine, t, mix(from, to, t)));
}

/* ---- matrices ---- */

LANE_CODE(transpose_3) {
    F3 x = {a[0].f, a[3].f, a[6].f}, y = {a[1].f, a[4].f, a[7].f}, z = {a[2].f, a[5].f, a[8].f};
    put3(d, x);
    put3(d + 3, y);
    put3(d + 6, z);
}

LANE_CODE(transpose_4) {
    F4 x = {a[0].f, a[4].f, a[8].f, a[12].f}, y = {a[1].f, a[5].f, a[9].f, a[13].f},
       z = {a[2].f, a[6].f, a[10].f, a[14].f}, w = {a[3].f, a[7].f, a[11].f, a[15].f};
    put4(d, x);
    put4(d + 4, y);
    put4(d + 8, z);
    put4(d + 12, w);
}

/* Divides the n lanes at d, the adjugate, by the determinant; isValid follows them. No zero is left negative. */
static void put_inverse(Slot *d, const f64 *adjugate, u32 n, f64 determinant) {
    bool valid = determinant != 0 && isfinite(determinant);
    for (u32 i = 0; i < n; i++) d[i].f = valid ? adjugate[i] / determinant + 0.0 : 0.0;
    d[n].bits = valid;
}

LANE_CODE(inverse_2) {
    const f64 adjugate[4] = {a[3].f, -a[1].f, -a[2].f, a[0].f};
    put_inverse(d, adjugate, 4, a[0].f * a[3].f - a[1].f * a[2].f);
}

/* The rows of the adjugate are the cross products of the columns. */
LANE_CODE(inverse_3) {
    F3 x = get3(a), y = get3(a + 3), z = get3(a + 6);
    F3 p = cross3(y, z), q = cross3(z, x), r = cross3(x, y);
    const f64 adjugate[9] = {p.x, q.x, r.x, p.y, q.y, r.y, p.z, q.z, r.z};
    put_inverse(d, adjugate, 9, dot3(x, p));
}

/* The six 2 by 2 determinants of two columns x and y, named by their rows. */
typedef struct Minors {
    f64 r01, r02, r03, r12, r13, r23;
} Minors;

static Minors minors(F4 x, F4 y) {
    return (Minors){x.x * y.y - x.y * y.x, x.x * y.z - x.z * y.x, x.x * y.w - x.w * y.x,
                    x.y * y.z - x.z * y.y, x.y * y.w - x.w * y.y, x.z * y.w - x.w * y.z};
}

/* Of the matrix whose first two columns have minors m, and the others n (Laplace). */
static f64 determinant4(Minors m, Minors n) {
    return m.r01 * n.r23 - m.r02 * n.r13 + m.r03 * n.r12 + m.r12 * n.r03 - m.r13 * n.r02 + m.r23 * n.r01;
}

LANE_CODE(determinant_4) { d->f = determinant4(minors(get4(a), get4(a + 4)), minors(get4(a + 8), get4(a + 12))); }

/* Row i of the adjugate but for signs: v with row i left out, against the minors of the other two columns. */
static F4 cofactors(F4 v, Minors m) {
    return (F4){v.y * m.r23 - v.z * m.r13 + v.w * m.r12, v.x * m.r23 - v.z * m.r03 + v.w * m.r02,
                v.x * m.r13 - v.y * m.r03 + v.w * m.r01, v.x * m.r12 - v.y * m.r02 + v.z * m.r01};
}

LANE_CODE(inverse_4) {
    F4 x = get4(a), y = get4(a + 4), z = get4(a + 8), w = get4(a + 12);
    Minors m = minors(x, y), n = minors(z, w);
    F4 p = cofactors(y, n), q = cofactors(x, n), r = cofactors(w, m), s = cofactors(z, m);
    const f64 adjugate[16] = {p.x, -q.x, r.x, -s.x, -p.y, q.y, -r.y, s.y, p.z, -q.z, r.z, -s.z, -p.w, q.w, -r.w, s.w};
    put_inverse(d, adjugate, 16, determinant4(m, n));
}

LANE_CODE(matCompose) {
    F3 t = get3(a), s = get3(c);
    F4 r = get4(b);
    put4(d, (F4){s.x * (1 - 2 * (r.y * r.y + r.z * r.z)), s.x * (2 * (r.x * r.y + r.z * r.w)),
                 s.x * (2 * (r.x * r.z - r.y * r.w)), 0});
    put4(d + 4, (F4){s.y * (2 * (r.x * r.y - r.z * r.w)), s.y * (1 - 2 * (r.x * r.x + r.z * r.z)),
                     s.y * (2 * (r.y * r.z + r.x * r.w)), 0});
    put4(d + 8, (F4){s.z * (2 * (r.x * r.z + r.y * r.w)), s.z * (2 * (r.y * r.z - r.x * r.w)),
                     s.z * (1 - 2 * (r.x * r.x + r.y * r.y)), 0});
    put4(d + 12, (F4){t.x, t.y, t.z, 1});
}

/* The quaternion of the rotation whose columns are x, y, z: the largest of its components by a square root, the others from
** differences and sums that it divides (Shepperd 1978). */
static F4 quat_of(F3 x, F3 y, F3 z) {
    f64 trace = x.x + y.y + z.z;
    if (trace > 0) {
        f64 s = 2 * sqrt(1 + trace);
        return (F4){(y.z - z.y) / s, (z.x - x.z) / s, (x.y - y.x) / s, s / 4};
    }
    if (x.x >= y.y && x.x >= z.z) {
        f64 s = 2 * sqrt(1 + x.x - y.y - z.z);
        return (F4){s / 4, (x.y + y.x) / s, (x.z + z.x) / s, (y.z - z.y) / s};
    }
    if (y.y >= z.z) {
        f64 s = 2 * sqrt(1 + y.y - x.x - z.z);
        return (F4){(x.y + y.x) / s, s / 4, (y.z + z.y) / s, (z.x - x.z) / s};
    }
    f64 s = 2 * sqrt(1 + z.z - x.x - y.y);
    return (F4){(x.z + z.x) / s, (y.z + z.y) / s, s / 4, (x.y - y.x) / s};
}

/* Sheared columns give a quaternion that is not quite unit. */
static F4 unit_quat_of(F3 x, F3 y, F3 z) {
    F4 q = quat_of(x, y, z);
    f64 length = length4(q);
    return (F4){q.x / length, q.y / length, q.z / length, q.w / length};
}

LANE_CODE(matDecompose) {
    F3 x = get3(a), y = get3(a + 4), z = get3(a + 8);
    F3 move = get3(a + 12), scale = {length3(x), length3(y), length3(z)};
    F4 turn = {0, 0, 0, 1};
    if (has_direction(scale.x) && has_direction(scale.y) && has_direction(scale.z)) {
        x = unit3(x);
        y = unit3(y);
        z = unit3(z);
        if (dot3(x, cross3(y, z)) < 0) { /* mirrored: one of the ways to say so */
            scale.x = -scale.x;
            x = (F3){-x.x, -x.y, -x.z};
        }
        turn = unit_quat_of(x, y, z);
    }
    put3(d, move);
    put4(d + 3, turn);
    put3(d + 7, scale);
}

/* ---- quaternions ---- */

/* Not clamped: above 1, by however little, is NaN. */
LANE_CODE(quatAngleBetween) { d->f = 2 * acos(dot4(get4(a), get4(b))); }

LANE_CODE(quatFromAxisAngle) {
    F3 axis = get3(a);
    f64 s = sin(0.5 * b->f), k = cos(0.5 * b->f);
    put4(d, (F4){axis.x * s, axis.y * s, axis.z * s, k});
}

LANE_CODE(quatToAxisAngle) {
    F4 q = get4(a);
    bool turns = !is_near_one(fabs(q.w));
    f64 s = sqrt((1 - q.w) * (1 + q.w)); /* of 1 - w^2, without losing what is left of it near 1 */
    put4(d, turns ? (F4){q.x / s, q.y / s, q.z / s, 2 * acos(q.w)} : (F4){1, 0, 0, 0});
}

LANE_CODE(quatFromDirections) {
    F3 p = get3(a), q = get3(b);
    f64 cosine = dot3(p, q);
    bool opposite = is_near_one(-cosine);
    F3 axis = opposite ? perpendicular3(p) : unit3(cross3(p, q));
    f64 s = opposite ? 1 : sqrt(0.5 - 0.5 * cosine), k = opposite ? 0 : sqrt(0.5 + 0.5 * cosine);
    put4(d, is_near_one(cosine) ? (F4){0, 0, 0, 1} : (F4){axis.x * s, axis.y * s, axis.z * s, k});
}

LANE_CODE(quatFromUpForward) {
    F3 up = get3(a), z = get3(b), side = cross3(up, z);
    F3 x = length3(side) < 1e-12 ? perpendicular3(z) : unit3(side);
    put4(d, quat_of(x, cross3(z, x), z));
}

/* Turns around one axis each, x y z. */
static F4 around(u32 axis, f64 angle) {
    f64 s = sin(0.5 * angle);
    return (F4){axis == 0 ? s : 0, axis == 1 ? s : 0, axis == 2 ? s : 0, cos(0.5 * angle)};
}

static void put_angles(Slot *d, f64 x, f64 y, f64 z, const char *order) {
    const f64 angle[3] = {x, y, z};
    F4 q = around((u32)(order[0] - 'x'), angle[order[0] - 'x']);
    for (u32 i = 1; i < 3; i++) q = quat_mul(q, around((u32)(order[i] - 'x'), angle[order[i] - 'x']));
    put4(d, q);
}

LANE_CODE(quatFromAngles_yxz) { put_angles(d, a->f, b->f, c->f, "yxz"); }
LANE_CODE(quatFromAngles_xyz) { put_angles(d, a->f, b->f, c->f, "xyz"); }
LANE_CODE(quatFromAngles_xzy) { put_angles(d, a->f, b->f, c->f, "xzy"); }
LANE_CODE(quatFromAngles_yzx) { put_angles(d, a->f, b->f, c->f, "yzx"); }
LANE_CODE(quatFromAngles_zxy) { put_angles(d, a->f, b->f, c->f, "zxy"); }
LANE_CODE(quatFromAngles_zyx) { put_angles(d, a->f, b->f, c->f, "zyx"); }

LANE_CODE(quatSlerp) {
    F4 p = get4(a), q = get4(b);
    f64 t = c->f, cosine = dot4(p, q);
    if (cosine < 0) {
        cosine = -cosine;
        q = (F4){-q.x, -q.y, -q.z, -q.w};
    }
    f64 from = 1 - t, to = t;
    if (!is_near_one(cosine)) {
        f64 angle = acos(cosine), s = sin(angle);
        from = sin(angle * from) / s;
        to = sin(angle * to) / s;
    }
    put4(d, (F4){p.x * from + q.x * to, p.y * from + q.y * to, p.z * from + q.z * to, p.w * from + q.w * to});
}

/* ---- colours (Ottosson 2020, with the specification's constants) ---- */

LANE_CODE(rgbToOkLCh) {
    F3 rgb = {a->f, b->f, c->f};
    F3 lms = {cbrt(dot3((F3){0.4122214708, 0.5363325363, 0.0514459929}, rgb)),
              cbrt(dot3((F3){0.2119034982, 0.6806995451, 0.1073969566}, rgb)),
              cbrt(dot3((F3){0.0883024619, 0.2817188376, 0.6299787005}, rgb))};
    F2 ab = {dot3((F3){1.9779984951, -2.4285922050, 0.4505937099}, lms),
             dot3((F3){0.0259040371, 0.7827717662, -0.8086757660}, lms)};
    f64 light = dot3((F3){0.2104542553, 0.7936177850, -0.0040720468}, lms);
    put3(d, (F3){light, sqrt(dot2(ab, ab)), atan2(ab.y, ab.x)});
}

static f64 cube(f64 a) { return a * a * a; }

LANE_CODE(rgbFromOkLCh) {
    F3 lab = {a->f, b->f * cos(c->f), b->f * sin(c->f)};
    F3 lms = {cube(dot3((F3){1, 0.3963377774, 0.2158037573}, lab)),
              cube(dot3((F3){1, -0.1055613458, -0.0638541728}, lab)),
              cube(dot3((F3){1, -0.0894841775, -1.2914855480}, lab))};
    put3(d, (F3){dot3((F3){4.0767416621, -3.3077115913, 0.2309699292}, lms),
                 dot3((F3){-1.2684380046, 2.6097574011, -0.3413193965}, lms),
                 dot3((F3){-0.0041960863, -0.7034186147, 1.7076147010}, lms)});
}
