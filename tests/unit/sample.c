/* sample.c (unit) - animated values at, between, before and after keys: glTF 2.0, appendix C, by hand. */
#include "../../src/run/sample.h"

#include <math.h>

#include "test.h"

static const f64 times[] = {1, 2, 4, 8};

static Channel channel(u8 mode, u8 path, u32 keys, u32 lanes, const f64 *values) {
    return (Channel){.times = times, .values = values, .keys = keys, .lanes = lanes, .path = path, .mode = mode};
}

static f64 at(const Channel *c, f64 time) {
    u32 cursor = 0;
    return sample_lane(c, sample_find(c, time, &cursor), 0);
}

static bool near(f64 seen, f64 expected) { return fabs(seen - expected) < 1e-12; }

TEST(sample_linear_is_a_straight_line_between_keys_and_flat_outside) {
    static const f64 values[] = {10, 20, 0, 8};
    Channel c = channel(MODE_LINEAR, PATH_WEIGHTS, 4, 1, values);
    CHECK_FLOAT(at(&c, -5), 10);
    CHECK_FLOAT(at(&c, 1), 10);
    CHECK_FLOAT(at(&c, 1.25), 12.5);
    CHECK_FLOAT(at(&c, 2), 20);
    CHECK_FLOAT(at(&c, 3), 10);
    CHECK_FLOAT(at(&c, 4), 0);
    CHECK_FLOAT(at(&c, 7), 6);
    CHECK_FLOAT(at(&c, 8), 8);
    CHECK_FLOAT(at(&c, 1e300), 8);
}

TEST(sample_step_holds_the_key_before) {
    static const f64 values[] = {10, 20, 0, 8};
    Channel c = channel(MODE_STEP, PATH_WEIGHTS, 4, 1, values);
    CHECK_FLOAT(at(&c, 0), 10);
    CHECK_FLOAT(at(&c, 1.999), 10);
    CHECK_FLOAT(at(&c, 2), 20);
    CHECK_FLOAT(at(&c, 7.999), 0);
    CHECK_FLOAT(at(&c, 8), 8);
    CHECK_FLOAT(at(&c, 9), 8);
}

TEST(sample_cubic_weighs_values_and_tangents_scaled_by_the_span) {
    /* in, value, out for keys at 1, 2, 4. Between 2 and 4 the span is 2; at t = 1/2 the weights are
    ** 1/2, 1/8 * 2, 1/2, -1/8 * 2: 0.5 * 4 + 0.25 * 8 + 0.5 * 6 - 0.25 * 2 = 6.5 */
    static const f64 values[] = {9, 1, 0, 0, 4, 8, 2, 6, 9};
    Channel c = channel(MODE_CUBIC, PATH_WEIGHTS, 3, 1, values);
    CHECK_FLOAT(at(&c, 0), 1);
    CHECK_FLOAT(at(&c, 1), 1);
    CHECK_FLOAT(at(&c, 2), 4);
    CHECK_FLOAT(at(&c, 3), 6.5);
    CHECK_FLOAT(at(&c, 4), 6);
    CHECK_FLOAT(at(&c, 5), 6);
    /* t = 1/4 of the first span, 1 s: 2/64-3/16+1 = 27/32, out 1/64-2/16+1/4 = 9/64 (is 0), 5/32, in -3/64 (is 0) */
    CHECK_FLOAT(at(&c, 1.25), 27.0 / 32 * 1 + 5.0 / 32 * 4);
}

TEST(sample_lanes_of_a_key_lie_side_by_side_the_three_of_a_cubic_one_after_the_other) {
    static const f64 linear[] = {1, 2, 3, 4, 5, 6}, cubic[] = {0, 0, 1, 2, 0, 0, 0, 0, 3, 4, 0, 0};
    Channel l = channel(MODE_LINEAR, PATH_SCALE, 2, 3, linear), c = channel(MODE_CUBIC, PATH_WEIGHTS, 2, 2, cubic);
    Spot middle = {0, 0.5};
    CHECK_FLOAT(sample_lane(&l, middle, 0), 2.5);
    CHECK_FLOAT(sample_lane(&l, middle, 2), 4.5);
    CHECK_FLOAT(sample_lane(&c, middle, 0), 2);
    CHECK_FLOAT(sample_lane(&c, middle, 1), 3);
}

static void turn(const Channel *c, f64 time, f64 *out) {
    u32 cursor = 0;
    sample_rotation(c, sample_find(c, time, &cursor), out);
}

TEST(sample_rotations_turn_evenly_by_the_shorter_arc) {
    /* from 0 to 90 degrees about z, then on to 180, written as its negative */
    const f64 h = sqrt(0.5), values[] = {0, 0, 0, 1, 0, 0, h, h, 0, 0, -1, 0};
    Channel c = channel(MODE_LINEAR, PATH_ROTATION, 3, 4, values);
    f64 q[4];
    turn(&c, 1, q);
    CHECK(q[2] == 0 && q[3] == 1);
    turn(&c, 1 + 1.0 / 3, q); /* 30 degrees: sin and cos of 15 */
    CHECK(near(q[2], 0.25881904510252074) && near(q[3], 0.9659258262890683));
    turn(&c, 3, q); /* 135 degrees: sin and cos of 67.5 */
    CHECK(near(q[2], 0.9238795325112867) && near(q[3], 0.3826834323650898));
    turn(&c, 4, q);
    CHECK(q[2] == -1 && q[3] == 0);
    turn(&c, 100, q);
    CHECK(q[2] == -1 && q[3] == 0);
}

TEST(sample_rotations_that_are_equal_stay) {
    static const f64 values[] = {0, 0, 0.6, 0.8, 0, 0, 0.6, 0.8};
    Channel c = channel(MODE_LINEAR, PATH_ROTATION, 2, 4, values);
    f64 q[4];
    turn(&c, 1.7, q);
    CHECK(near(q[2], 0.6) && near(q[3], 0.8));
}

TEST(sample_cubic_rotations_have_length_one_between_keys) {
    /* tangents 0: halfway (0.5, 0, 0, 0.5), normalized */
    static const f64 values[] = {0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0};
    Channel c = channel(MODE_CUBIC, PATH_ROTATION, 2, 4, values);
    f64 q[4];
    turn(&c, 1.5, q);
    CHECK(near(q[0], sqrt(0.5)) && near(q[3], sqrt(0.5)));
    CHECK(q[1] == 0 && q[2] == 0);
    turn(&c, 2, q);
    CHECK(q[0] == 1 && q[3] == 0);
}

TEST(sample_step_rotations_are_keys) {
    static const f64 values[] = {0, 0, 0, 1, 0, 0, 1, 0};
    Channel c = channel(MODE_STEP, PATH_ROTATION, 2, 4, values);
    f64 q[4];
    turn(&c, 1.9, q);
    CHECK(q[2] == 0 && q[3] == 1);
}

TEST(sample_finds_the_same_key_from_any_cursor) {
    static const f64 values[] = {10, 20, 0, 8};
    static const struct {
        f64 time;
        u32 key;
        f64 part;
    } cases[] = {{0, 0, 0}, {1, 0, 0}, {1.5, 0, 0.5}, {2, 1, 0}, {3, 1, 0.5}, {4, 2, 0}, {5, 2, 0.25}, {8, 3, 0}, {9, 3, 0}};
    Channel c = channel(MODE_LINEAR, PATH_WEIGHTS, 4, 1, values);
    for (u32 i = 0; i < COUNT_OF(cases); i++) {
        for (u32 from = 0; from < 4; from++) {
            u32 cursor = from;
            Spot s = sample_find(&c, cases[i].time, &cursor);
            CHECK_INT(s.key, cases[i].key);
            CHECK_FLOAT(s.part, cases[i].part);
            CHECK_INT(cursor, cases[i].key);
        }
    }
}

TEST(sample_one_key_is_everywhere) {
    static const f64 values[] = {10};
    Channel c = channel(MODE_LINEAR, PATH_WEIGHTS, 1, 1, values);
    CHECK_FLOAT(at(&c, 0), 10);
    CHECK_FLOAT(at(&c, 1), 10);
    CHECK_FLOAT(at(&c, 2), 10);
}
