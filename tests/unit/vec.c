/* vec.c (unit) - the lane code of vec.def: its edge cases, and that outputs may lie on inputs.
**
** Cases that any op has are in tests/ops; here is what a graph file cannot say, and where scale, sign or rounding decides. */
#include <math.h>
#include <string.h>
#include "../../src/op/op.h"
#include "../../src/op/vec.h"
#include "test.h"

#define INF (f64)INFINITY

static f64 result[VEC_LANES_MAX];
static bool valid; /* the last lane as isValid */

/* Runs a row on up to three values; what it gives is in result. */
static void eval(RowId id, const f64 *a, const f64 *b, const f64 *c) {
    const VecRow *row = vec_row(id);
    const f64 *in[3] = {a, b, c};
    Slot slots[3][LANES_MAX] = {{{0}}}, out[VEC_LANES_MAX] = {{0}};
    for (u32 k = 0; k < row->ins; k++)
        for (u32 i = 0; i < type_lanes((Type)row->in[k].type); i++) slots[k][i].f = in[k][i];
    vec_eval(id, out, slots[0], slots[1], slots[2]);
    u32 lanes = 0;
    for (u32 k = 0; k < row->outs; k++) lanes += type_lanes((Type)row->out[k].type);
    for (u32 i = 0; i < lanes; i++) result[i] = out[i].f;
    valid = out[lanes - 1].bits == 1;
}

#define V(...) ((const f64[]){__VA_ARGS__})

/* The first lanes of the result, to the bit but for NaNs. */
#define IS(...)                                                                                    \
    do {                                                                                           \
        const f64 want[] = {__VA_ARGS__};                                                          \
        for (u32 lane = 0; lane < COUNT_OF(want); lane++) CHECK_FLOAT(result[lane], want[lane]);   \
    } while (0)

/* The same, to a few units of the last place of 1. */
#define NEAR(...)                                                                                  \
    do {                                                                                           \
        const f64 want[] = {__VA_ARGS__};                                                          \
        for (u32 lane = 0; lane < COUNT_OF(want); lane++) CHECK(fabs(result[lane] - want[lane]) < 2e-15); \
    } while (0)

/* ---- lengths ---- */

TEST(a_length_neither_overflows_nor_vanishes) {
    eval(VEC_length_2, V(3, -4), NULL, NULL); IS(5);
    eval(VEC_length_3, V(2, 3, 6), NULL, NULL); IS(7);
    eval(VEC_length_4, V(1, 1, 1, -1), NULL, NULL); IS(2);
    eval(VEC_length_2, V(0x3p700, 0x4p700), NULL, NULL); IS(0x5p700);
    eval(VEC_length_2, V(0x3p-700, 0x4p-700), NULL, NULL); IS(0x5p-700);
    eval(VEC_length_3, V(0, 5e-324, 0), NULL, NULL); IS(5e-324);
    eval(VEC_length_2, V(1.7976931348623157e308, 0), NULL, NULL); IS(1.7976931348623157e308);
    eval(VEC_length_2, V(1.7976931348623157e308, 1.7976931348623157e308), NULL, NULL); IS(INF); /* 2.5e308 */
    eval(VEC_length_4, V(-0.0, 0, -0.0, -0.0), NULL, NULL); IS(0);
}

TEST(an_infinite_component_makes_a_length_infinite_whatever_the_others) {
    eval(VEC_length_2, V(NAN, -INF), NULL, NULL); IS(INF);
    eval(VEC_length_3, V(INF, NAN, NAN), NULL, NULL); IS(INF);
    eval(VEC_length_4, V(1, NAN, 2, 3), NULL, NULL); IS(NAN);
    eval(VEC_length_4, V(1e300, 1e300, NAN, 0), NULL, NULL); IS(NAN);
}

TEST(what_has_no_direction_normalizes_to_plain_zeros) {
    eval(VEC_normalize_2, V(3, 4), NULL, NULL); IS(0.6, 0.8);
    CHECK(valid);
    eval(VEC_normalize_3, V(0, -1e-310, 0), NULL, NULL); IS(0, -1, 0);
    CHECK(valid);
    eval(VEC_normalize_2, V(-3e300, 4e300), NULL, NULL); NEAR(-0.6, 0.8);
    CHECK(valid);
    eval(VEC_normalize_3, V(-0.0, 0, -0.0), NULL, NULL); IS(0, 0, 0);
    CHECK(!valid);
    eval(VEC_normalize_4, V(1, NAN, 1, 1), NULL, NULL); IS(0, 0, 0, 0);
    CHECK(!valid);
    eval(VEC_normalize_2, V(-INF, 1), NULL, NULL); IS(0, 0);
    CHECK(!valid);
}

TEST(a_dot_product_is_a_plain_sum) {
    eval(VEC_dot_3, V(1, 2, 3), V(4, -5, 6), NULL); IS(12);
    eval(VEC_dot_2, V(INF, 0), V(0, 1), NULL); IS(NAN);
    eval(VEC_dot_2, V(1e200, 1), V(1e200, 1), NULL); IS(INF);
    eval(VEC_cross, V(1, 0, 0), V(0, 1, 0), NULL); IS(0, 0, 1);
    eval(VEC_cross, V(1, 2, 3), V(4, 5, 6), NULL); IS(-3, 6, -3);
}

/* ---- rotations and the arcs between directions ---- */

TEST(turning_is_counter_clockwise) {
    const f64 h = sqrt(0.5);
    eval(VEC_rotate2D, V(1, 2), V(1.5707963267948966), NULL); NEAR(-2, 1);
    eval(VEC_rotate3D, V(1, 0, 0), V(0, 0, h, h), NULL); NEAR(0, 1, 0);
    /* Not normalised: r = (0,0,1), w = 1 gives a + 2 (r x (r x a) + r x a) = (1,0,0) + 2 ((-1,0,0) + (0,1,0)). */
    eval(VEC_rotate3D, V(1, 0, 0), V(0, 0, 1, 1), NULL); IS(-1, 2, 0);
}

TEST(slerp_of_vectors_goes_along_the_arc_and_mixes_lengths) {
    const f64 h = sqrt(0.5);
    eval(VEC_slerp_2, V(2, 0), V(0, 4), V(0.5)); NEAR(3 * h, 3 * h);
    eval(VEC_slerp_2, V(0, 1), V(1, 0), V(0.5)); NEAR(h, h); /* clockwise */
    eval(VEC_slerp_2, V(1, 0), V(-1, 0), V(0.5)); NEAR(0, 1); /* no negative cross product: by +pi */
    eval(VEC_slerp_2, V(-1, 0), V(1, 0), V(0.5)); NEAR(0, -1);
    eval(VEC_slerp_2, V(1, 1), V(1, 1), V(0.3)); NEAR(1, 1); /* the cosine rounds to more than 1 */
    eval(VEC_slerp_2, V(0, 0), V(2, 4), V(0.25)); IS(0.5, 1);
    eval(VEC_slerp_3, V(2, 0, 0), V(0, 0, 4), V(0.5)); NEAR(3 * h, 0, 3 * h);
    eval(VEC_slerp_3, V(1, 1, 1), V(2, 2, 2), V(0.5)); NEAR(1.5, 1.5, 1.5);
    eval(VEC_slerp_3, V(0, 0, 0), V(2, 4, 8), V(0.25)); IS(0.5, 1, 2);
    eval(VEC_slerp_3, V(1, 0, 0), V(0, 1, 0), V(2)); NEAR(-1, 0, 0); /* unclamped */
    eval(VEC_slerp_3, V(1, 0, 0), V(0, NAN, 0), V(0.5)); IS(NAN);
}

TEST(slerp_between_opposite_vectors_takes_some_perpendicular_way) {
    eval(VEC_slerp_3, V(0, 3, 0), V(0, -1, 0), V(0.5));
    CHECK(fabs(result[1]) < 1e-15);
    CHECK(fabs(result[0] * result[0] + result[2] * result[2] - 4) < 1e-14);
}

TEST(a_quaternion_slerp_takes_the_shorter_arc) {
    const f64 h = sqrt(0.5);
    eval(VEC_quatSlerp, V(0, 0, 0, 1), V(0, 0, 1, 0), V(0.5)); NEAR(0, 0, h, h);
    eval(VEC_quatSlerp, V(0, 0, 0, 1), V(0, 0, -h, -h), V(1)); NEAR(0, 0, h, h);
    eval(VEC_quatSlerp, V(0, 0, 0, 1), V(0, 0, 0, 1), V(0.25)); IS(0, 0, 0, 1);
    eval(VEC_quatSlerp, V(0, 0, 0, 1), V(0, 0, 0, -1), V(0.25)); IS(0, 0, 0, 1);
    eval(VEC_quatSlerp, V(0, 0, 0, 1.00000001), V(0, 0, 0, 1.00000001), V(0.5)); NEAR(0, 0, 0, 1.00000001); /* single precision */
    eval(VEC_quatSlerp, V(0, 0, 0, 2), V(0, 0, 0, 1), V(0.5)); IS(NAN);
}

TEST(the_angle_between_quaternions_is_not_clamped) {
    eval(VEC_quatAngleBetween, V(0, 0, 0, 1), V(0, 0, 0, 1), NULL); IS(0);
    eval(VEC_quatAngleBetween, V(0, 0, 0, 1), V(0, 0, 0, -1), NULL); IS(6.283185307179586);
    eval(VEC_quatAngleBetween, V(0, 0, 0, 1), V(0, 0, 0, 1.0000000000000002), NULL); IS(NAN);
}

TEST(quaternions_from_and_to_axes) {
    const f64 h = sqrt(0.5);
    eval(VEC_quatFromAxisAngle, V(0, 2, 0), V(1.5707963267948966), NULL); NEAR(0, 2 * h, 0, h);
    eval(VEC_quatToAxisAngle, V(0, h, 0, h), NULL, NULL); NEAR(0, 1, 0, 1.5707963267948966);
    eval(VEC_quatToAxisAngle, V(0, 0, 0, -1), NULL, NULL); IS(1, 0, 0, 0);
    eval(VEC_quatToAxisAngle, V(0, 0, 0, 2), NULL, NULL);
    CHECK(isnan(result[3]));
    eval(VEC_quatFromDirections, V(1, 0, 0), V(0, 1, 0), NULL); NEAR(0, 0, h, h);
    eval(VEC_quatFromDirections, V(0, 1, 0), V(0, 1, 0), NULL); IS(0, 0, 0, 1);
    eval(VEC_quatFromDirections, V(0, 0, 1), V(0, 0, -1), NULL);
    CHECK_FLOAT(result[2], 0);
    CHECK_FLOAT(result[3], 0);
    CHECK(fabs(hypot(result[0], result[1]) - 1) < 1e-15);
    eval(VEC_quatFromUpForward, V(0, 1, 0), V(0, 0, 1), NULL); IS(0, 0, 0, 1);
    eval(VEC_quatFromUpForward, V(0, 1, 0), V(1, 0, 0), NULL); NEAR(0, h, 0, h);
    eval(VEC_quatFromUpForward, V(0, 1, 0), V(0, 0, -1), NULL); NEAR(0, 1, 0, 0);
}

/* Looking along up or down: some rotation that takes z there. */
TEST(a_forward_along_up_still_gives_a_rotation) {
    for (f64 y = -1; y <= 1; y += 2) {
        eval(VEC_quatFromUpForward, V(0, 1, 0), V(0, y, 0), NULL);
        const f64 q[4] = {result[0], result[1], result[2], result[3]};
        eval(VEC_rotate3D, V(0, 0, 1), q, NULL); NEAR(0, y, 0);
    }
}

/* Quarters around two axes, on the third: whichever comes first decides where it goes. q = qy qx qz turns by z first, then by
** x, then by y: z by x and y goes to -y when x is first, else to x; x by y and z goes to y when z is first, else to -z;
** y by z and x goes to -x when z is first, else to z. */
TEST(angles_are_applied_in_the_order_of_the_row) {
    const struct {
        RowId id;
        f64 z[3], x[3], y[3];
    } cases[] = {{VEC_quatFromAngles_yxz, {0, -1, 0}, {0, 1, 0}, {-1, 0, 0}}, {VEC_quatFromAngles_xyz, {1, 0, 0}, {0, 1, 0}, {-1, 0, 0}},
                 {VEC_quatFromAngles_xzy, {1, 0, 0}, {0, 0, -1}, {-1, 0, 0}}, {VEC_quatFromAngles_yzx, {0, -1, 0}, {0, 1, 0}, {0, 0, 1}},
                 {VEC_quatFromAngles_zxy, {1, 0, 0}, {0, 0, -1}, {0, 0, 1}},  {VEC_quatFromAngles_zyx, {0, -1, 0}, {0, 0, -1}, {0, 0, 1}}};
    const f64 zero[] = {0}, quarter[] = {1.5707963267948966};
    for (u32 i = 0; i < COUNT_OF(cases); i++) {
        f64 q[4];
        eval(cases[i].id, quarter, quarter, zero);
        memcpy(q, result, sizeof q);
        eval(VEC_rotate3D, V(0, 0, 1), q, NULL); NEAR(cases[i].z[0], cases[i].z[1], cases[i].z[2]);
        eval(cases[i].id, zero, quarter, quarter);
        memcpy(q, result, sizeof q);
        eval(VEC_rotate3D, V(1, 0, 0), q, NULL); NEAR(cases[i].x[0], cases[i].x[1], cases[i].x[2]);
        eval(cases[i].id, quarter, zero, quarter);
        memcpy(q, result, sizeof q);
        eval(VEC_rotate3D, V(0, 1, 0), q, NULL); NEAR(cases[i].y[0], cases[i].y[1], cases[i].y[2]);
    }
}

/* ---- matrices ---- */

#define IDENTITY4 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1

TEST(matrices_are_column_major) {
    eval(VEC_transform_2, V(1, 10), V(1, 2, 3, 4), NULL); IS(31, 42);
    eval(VEC_transform_3, V(1, 10, 100), V(1, 2, 3, 4, 5, 6, 7, 8, 9), NULL); IS(741, 852, 963);
    eval(VEC_transform_4, V(1, 2, 3, 1), V(IDENTITY4), NULL); IS(1, 2, 3, 1);
    eval(VEC_transform_4, V(0, 0, 0, 1), V(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 7, 8, 9, 1), NULL); IS(7, 8, 9, 1);
    eval(VEC_matMul_2, V(1, 2, 3, 4), V(5, 6, 7, 8), NULL); IS(23, 34, 31, 46);
    eval(VEC_transpose_3, V(1, 2, 3, 4, 5, 6, 7, 8, 9), NULL, NULL); IS(1, 4, 7, 2, 5, 8, 3, 6, 9);
    eval(VEC_transpose_4, V(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), NULL, NULL);
    IS(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
}

/* Rows (1 0 2 -1), (3 0 0 5), (2 1 4 -3), (1 0 5 0): expanding along the second column, which has one entry, 1 in row 3:
** -1 times the determinant of (1 2 -1), (3 0 5), (1 5 0) = 1 (0 - 25) - 2 (0 - 5) - 1 (15 - 0) = -30. */
TEST(determinants) {
    eval(VEC_determinant_2, V(1, 2, 3, 4), NULL, NULL); IS(-2);
    eval(VEC_determinant_3, V(2, 0, 1, 1, 3, 2, 0, 1, 4), NULL, NULL); IS(21);
    eval(VEC_determinant_4, V(1, 3, 2, 1, 0, 0, 1, 0, 2, 0, 4, 5, -1, 5, -3, 0), NULL, NULL); IS(30);
    eval(VEC_determinant_3, V(NAN, 0, 1, 1, 3, 2, 0, 1, 4), NULL, NULL); IS(NAN);
}

TEST(an_inverse_times_its_matrix_is_the_identity) {
    const f64 m[16] = {1, 3, 2, 1, 0, 0, 1, 0, 2, 0, 4, 5, -1, 5, -3, 0};
    eval(VEC_inverse_4, m, NULL, NULL);
    CHECK(valid);
    f64 inverse[16];
    memcpy(inverse, result, sizeof inverse);
    eval(VEC_matMul_4, m, inverse, NULL); NEAR(IDENTITY4);
    eval(VEC_inverse_2, V(2, 0, 0, -4), NULL, NULL); IS(0.5, 0, 0, -0.25);
    eval(VEC_inverse_3, V(2, 0, 0, 0, -4, 0, 0, 0, 8), NULL, NULL); IS(0.5, 0, 0, 0, -0.25, 0, 0, 0, 0.125);
    eval(VEC_inverse_4, V(-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1), NULL, NULL);
    IS(-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1); /* no zero is negative */
}

TEST(what_has_no_inverse_gives_plain_zeros) {
    eval(VEC_inverse_2, V(1, 2, 2, 4), NULL, NULL); IS(0, 0, 0, 0);
    CHECK(!valid);
    eval(VEC_inverse_3, V(1, 0, 0, 0, INF, 0, 0, 0, 1), NULL, NULL); IS(0, 0, 0, 0, 0, 0, 0, 0, 0);
    CHECK(!valid);
    eval(VEC_inverse_4, V(NAN, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1), NULL, NULL); IS(0, 0, 0, 0, 0, 0);
    CHECK(!valid);
}

/* A quarter around z takes x to y and y to -x; scaled by 2, 3, 4 and moved by 5, 6, 7. */
TEST(composed_and_decomposed) {
    const f64 h = sqrt(0.5), m[16] = {0, 2, 0, 0, -3, 0, 0, 0, 0, 0, 4, 0, 5, 6, 7, 1};
    eval(VEC_matCompose, V(5, 6, 7), V(0, 0, h, h), V(2, 3, 4));
    for (u32 i = 0; i < 16; i++) CHECK(fabs(result[i] - m[i]) < 2e-15);
    eval(VEC_matDecompose, m, NULL, NULL); NEAR(5, 6, 7, 0, 0, h, h, 2, 3, 4);
}

TEST(what_cannot_be_decomposed_still_has_a_translation_and_lengths) {
    eval(VEC_matDecompose, V(0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 4, 0, 5, 6, 7, 1), NULL, NULL);
    IS(5, 6, 7, 0, 0, 0, 1, 0, 3, 4);
    eval(VEC_matDecompose, V(INF, NAN, 0, 0, 0, NAN, 0, 0, 0, 0, 4, 0, 5, 6, 7, 1), NULL, NULL);
    IS(5, 6, 7, 0, 0, 0, 1, INF, NAN, 4);
}

/* Mirrored in x: whichever sign the scale carries, composing again gives the matrix. */
TEST(a_mirrored_matrix_is_composed_again) {
    const f64 m[16] = {-2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 4, 0, 0, 0, 0, 1};
    eval(VEC_matDecompose, m, NULL, NULL);
    f64 parts[10];
    memcpy(parts, result, sizeof parts);
    CHECK_FLOAT(parts[7] * parts[8] * parts[9], -24);
    eval(VEC_matCompose, parts, parts + 3, parts + 7);
    for (u32 i = 0; i < 16; i++) CHECK(fabs(result[i] - m[i]) < 2e-15);
}

/* ---- colours ---- */

/* CSS Color 4 gives red as oklch(62.796% 0.25768 29.234deg); its constants differ from the specification's by 1e-7. */
TEST(red_is_what_css_says_and_comes_back) {
    eval(VEC_rgbToOkLCh, V(1), V(0), V(0));
    CHECK(fabs(result[0] - 0.62796) < 1e-5);
    CHECK(fabs(result[1] - 0.25768) < 1e-5);
    CHECK(fabs(result[2] - 29.234 * 3.141592653589793 / 180) < 1e-5);
    const f64 l = result[0], c = result[1], h = result[2];
    eval(VEC_rgbFromOkLCh, &l, &c, &h);
    CHECK(fabs(result[0] - 1) < 1e-6 && fabs(result[1]) < 1e-6 && fabs(result[2]) < 1e-6);
}

TEST(negative_light_has_a_negative_root) {
    eval(VEC_rgbToOkLCh, V(-1), V(-1), V(-1));
    CHECK(fabs(result[0] + 1) < 1e-7);
    eval(VEC_rgbToOkLCh, V(0), V(0), V(0)); IS(0, 0, 0);
    eval(VEC_rgbToOkLCh, V(NAN), V(0), V(0)); IS(NAN, NAN, NAN);
}

/* ---- outputs on inputs ---- */

enum { BEFORE = 20, ROOM = BEFORE + 4 * LANES_MAX };

/* Each input in a region of its own, filled with lanes that no symmetry hides. */
static void fill(Slot *slots) {
    for (u32 i = 0; i < ROOM; i++) slots[i].f = 0.25 + (f64)(i * i % 37) / 16 - (f64)(i % 5) / 4;
}

static bool same_value(Type t, const Slot *x, const Slot *y) {
    for (u32 i = 0; i < type_lanes(t); i++)
        if (slot_canonical(x[i], t).bits != slot_canonical(y[i], t).bits) return false;
    return true;
}

static bool same_outputs(const VecRow *row, const Slot *x, const Slot *y) {
    for (u32 k = 0; k < row->outs; k++) {
        Type t = (Type)row->out[k].type;
        if (!same_value(t, x, y)) return false;
        x += type_lanes(t);
        y += type_lanes(t);
    }
    return true;
}

TEST(outputs_may_lie_anywhere_on_inputs) {
    for (u32 id = PURE_COUNT; id < VEC_PAST; id++) {
        Slot kept[ROOM], want[VEC_LANES_MAX];
        fill(kept);
        vec_eval(id, want, kept + BEFORE, kept + BEFORE + 16, kept + BEFORE + 32);
        for (u32 at = 0; at + VEC_LANES_MAX <= ROOM; at++) {
            Slot slots[ROOM];
            memcpy(slots, kept, sizeof slots);
            vec_eval(id, slots + at, slots + BEFORE, slots + BEFORE + 16, slots + BEFORE + 32);
            if (!same_outputs(vec_row(id), slots + at, want)) CHECK_TEXT(vec_row(id)->id, "right wherever its outputs lie");
        }
    }
}
