/* interpolate.c (unit) - variable/interpolate against ops.json: easing, arrival, replacing, stopping. */
#include <math.h>
#include <string.h>

#include "../../src/run/instance.h"
#include "fake.h"
#include "test.h"

/* Node i interpolates variable i: x float, q float4 with slerp, v float2; node 3 is x again. */
static u8 ids[] = {NODE_variable_interpolate, NODE_variable_interpolate, NODE_variable_interpolate,
                   NODE_variable_interpolate};
static u32 params_at[] = {0, 2, 4, 6};
static i32 params[] = {0, 0, 1, 1, 2, 0, 0, 0};
static const char *names[] = {"x", "q", "v"};
static u8 types[] = {TYPE_FLOAT, TYPE_FLOAT4, TYPE_FLOAT2};
static u32 slots[] = {2, 3, 7}, no_events[] = {0};
static Slot initial[9];

static Instance *open(u64 limit) {
    static Graph g;
    static Program p;
    Limits limits = limits_default();
    limits.interpolations = limit;
    g = (Graph){.node_count = 4, .node_id = ids, .node_params = params_at, .params = params, .variable_count = 3,
                .variable_name = names, .variable_type = types, .variable_slot = slots, .state_count = 9,
                .state_init = initial, .event_value = no_events};
    p = (Program){.graph = &g, .slot_count = 9};
    fake_reset();
    return instance_open(&g, &p, &limits, 1, 0, false);
}

static bool begin_curve(Instance *in, f64 to, f64 duration, f64 x1, f64 y1, f64 x2, f64 y2) {
    Slot args[] = {{.f = to}, {.f = duration}, {.f = x1}, {.f = y1}, {.f = x2}, {.f = y2}};
    return instance_interpolate(in, 0, args);
}

static bool begin(Instance *in, u32 node, f64 to, f64 duration) {
    Slot args[] = {{.f = to}, {.f = duration}, {.f = 0}, {.f = 0}, {.f = 1}, {.f = 1}};
    return instance_interpolate(in, node, args);
}

static bool begin_pair(Instance *in, f64 a, f64 b, f64 duration) {
    Slot args[] = {{.f = a}, {.f = b}, {.f = duration}, {.f = 0}, {.f = 0}, {.f = 1}, {.f = 1}};
    return instance_interpolate(in, 2, args);
}

/* One tick; the nodes that are done as digits, from 1. */
static i32 step(Instance *in, f64 now) {
    u32 node;
    i32 done = 0;
    u64 serial = in->serial;
    in->now = now;
    interpolate_begin(in, INTERPOLATES_VARIABLES);
    while (interpolate_next(in, INTERPOLATES_VARIABLES, serial, &node))
        if (node != NONE) done = done * 10 + (i32)node + 1;
    return done;
}

static bool near(f64 seen, f64 expected) { return fabs(seen - expected) < 5e-5; }

TEST(easing_solves_the_curve_for_time) {
    const f64 p1[] = {0.25, 0.1}, p2[] = {0.25, 1}; /* NOTES: 0.8024 at half time; y(0.5) = 0.5375 is wrong */
    CHECK(near(bezier_ease(0.5, p1, p2), 0.8024));
    CHECK(near(bezier_ease(0, p1, p2), 0));
    CHECK(near(bezier_ease(1, p1, p2), 1));
}

TEST(easing_knows_the_named_curves) {
    const f64 in1[] = {0.42, 0}, in2[] = {1, 1}, out1[] = {0, 0}, out2[] = {0.58, 1};
    CHECK(near(bezier_ease(0.5, in1, in2), 0.3154)); /* CSS ease-in and ease-out mirror each other */
    CHECK(near(bezier_ease(0.5, out1, out2), 1 - 0.3154));
    CHECK(near(bezier_ease(0.3, (f64[]){0, 0}, (f64[]){1, 1}), 0.3));
}

TEST(easing_bears_curves_that_stand_upright_or_overshoot) {
    const f64 p1[] = {1, 0}, p2[] = {0, 1}; /* x is flat in the middle: x(0.5) = 0.5 */
    CHECK(near(bezier_ease(0.5, p1, p2), 0.5));
    CHECK(near(bezier_ease(1e-9, p1, p2), 0));
    /* x(u) is flat at the middle, where y is 1/2 too. */
    CHECK(bezier_ease(0.5, (f64[]){1, 0}, (f64[]){0, 1}) == 0.5);
    CHECK(bezier_ease(0.5, (f64[]){0.5, 3}, (f64[]){0.5, 3}) > 2);
    CHECK(bezier_ease(0.5, (f64[]){0, -2}, (f64[]){1, -2}) < -1);
}

TEST(a_variable_goes_to_its_target_and_stays_there) {
    Instance *in = open(10);
    in->slots[2].f = 10;
    in->now = 1;
    CHECK(begin(in, 0, 20, 2));
    CHECK_INT(step(in, 1), 0);
    CHECK_FLOAT(in->slots[2].f, 10);
    CHECK_INT(step(in, 2), 0);
    CHECK(near(in->slots[2].f, 15));
    CHECK_INT(step(in, 3), 1);
    CHECK_FLOAT(in->slots[2].f, 20);
    CHECK_INT(interpolate_count(in), 0);
    CHECK_INT(step(in, 4), 0);
    instance_close(in);
}

TEST(a_late_tick_reaches_the_exact_target) {
    Instance *in = open(10);
    CHECK(begin_curve(in, 0.1, 1, 0.3, 5, 0.6, -5));
    CHECK_INT(step(in, 100), 1);
    CHECK_FLOAT(in->slots[2].f, 0.1);
    instance_close(in);
}

TEST(a_duration_of_zero_is_done_in_the_next_tick) {
    Instance *in = open(10);
    in->now = 5;
    CHECK(begin(in, 0, 3, 0));
    CHECK_FLOAT(in->slots[2].f, 0);
    CHECK_INT(step(in, 5), 1); /* 0 / 0 is NaN, and counts as done */
    CHECK_FLOAT(in->slots[2].f, 3);
    instance_close(in);
}

TEST(a_curve_that_is_none_takes_err_and_changes_nothing) {
    Instance *in = open(10);
    CHECK(begin(in, 0, 1, 1));
    CHECK(!begin_curve(in, 9, NAN, 0, 0, 1, 1));
    CHECK(!begin_curve(in, 9, INFINITY, 0, 0, 1, 1));
    CHECK(!begin_curve(in, 9, -1, 0, 0, 1, 1));
    CHECK(!begin_curve(in, 9, 1, -0.01, 0, 1, 1));
    CHECK(!begin_curve(in, 9, 1, 0, 0, 1.01, 1));
    CHECK(!begin_curve(in, 9, 1, NAN, 0, 1, 1));
    CHECK(!begin_curve(in, 9, 1, 0, INFINITY, 1, 1));
    CHECK(!begin_curve(in, 9, 1, 0, 0, 1, NAN));
    CHECK_INT(step(in, 1), 1);
    CHECK_FLOAT(in->slots[2].f, 1);
    instance_close(in);
}

TEST(a_second_one_replaces_the_first_silently) {
    Instance *in = open(1);
    CHECK(begin(in, 0, 100, 1));
    CHECK_INT(step(in, 0.5), 0);
    CHECK(begin(in, 3, 0, 1)); /* the limit of 1 does not matter: one goes, one comes */
    CHECK_INT(interpolate_count(in), 1);
    CHECK_INT(step(in, 1), 0);
    CHECK(near(in->slots[2].f, 25)); /* from 50, half way to 0 */
    CHECK_INT(step(in, 1.5), 4);
    instance_close(in);
}

TEST(more_than_the_limit_take_err) {
    Instance *in = open(1);
    CHECK(begin(in, 0, 1, 1));
    CHECK(!begin_pair(in, 1, 1, 1));
    CHECK_INT(step(in, 1), 1);
    CHECK(begin_pair(in, 1, 1, 1));
    instance_close(in);
}

TEST(stopped_ones_never_arrive) {
    Instance *in = open(10);
    CHECK(begin(in, 0, 1, 1));
    CHECK(begin_pair(in, 1, 2, 1));
    instance_interpolate_stop(in, 0);
    instance_interpolate_stop(in, 0);
    CHECK_INT(step(in, 1), 3);
    CHECK_FLOAT(in->slots[2].f, 0);
    instance_close(in);
}

TEST(those_begun_while_the_list_is_walked_wait_for_the_next_tick) {
    Instance *in = open(10);
    u32 node;
    CHECK(begin(in, 0, 1, 0));
    u64 serial = in->serial;
    interpolate_begin(in, INTERPOLATES_VARIABLES);
    CHECK(interpolate_next(in, INTERPOLATES_VARIABLES, serial, &node));
    CHECK_INT(node, 0);
    CHECK(begin(in, 3, 2, 0)); /* from its own done flow */
    CHECK(!interpolate_next(in, INTERPOLATES_VARIABLES, serial, &node));
    CHECK_INT(step(in, 0), 4);
    instance_close(in);
}

TEST(one_stopped_while_the_list_is_walked_is_passed_over) {
    Instance *in = open(10);
    u32 node;
    CHECK(begin(in, 0, 1, 0));
    CHECK(begin_pair(in, 1, 1, 0));
    u64 serial = in->serial;
    interpolate_begin(in, INTERPOLATES_VARIABLES);
    CHECK(interpolate_next(in, INTERPOLATES_VARIABLES, serial, &node));
    instance_interpolate_stop(in, 2); /* the very next */
    CHECK(!interpolate_next(in, INTERPOLATES_VARIABLES, serial, &node));
    CHECK_INT(interpolate_count(in), 0);
    instance_close(in);
}

static bool begin_rotation(Instance *in, f64 x, f64 y, f64 z, f64 w) {
    Slot args[] = {{.f = x}, {.f = y}, {.f = z}, {.f = w}, {.f = 1}, {.f = 0}, {.f = 0}, {.f = 1}, {.f = 1}};
    return instance_interpolate(in, 1, args);
}

TEST(rotations_go_along_the_sphere) {
    Instance *in = open(10);
    in->slots[6].f = 1; /* no rotation; to a quarter turn about z */
    CHECK(begin_rotation(in, 0, 0, sqrt(0.5), sqrt(0.5)));
    CHECK_INT(step(in, 0.5), 0);
    CHECK(near(in->slots[5].f, 0.382683)); /* sin and cos of an eighth's half: 22.5 degrees */
    CHECK(near(in->slots[6].f, 0.923880));
    CHECK_INT(step(in, 1), 2);
    CHECK_FLOAT(in->slots[5].f, sqrt(0.5));
    instance_close(in);
}

TEST(rotations_take_the_shorter_way) {
    Instance *in = open(10);
    in->slots[6].f = 1;
    CHECK(begin_rotation(in, 0, 0, -sqrt(0.5), -sqrt(0.5))); /* the same quarter turn, negated */
    CHECK_INT(step(in, 0.5), 0);
    CHECK(near(in->slots[5].f, 0.382683));
    CHECK(near(in->slots[6].f, 0.923880));
    instance_close(in);
}

TEST(rotations_that_hardly_differ_are_mixed) {
    Instance *in = open(10);
    in->slots[6].f = 1;
    CHECK(begin_rotation(in, 0, 0, 0, 1));
    CHECK_INT(step(in, 0.5), 0);
    CHECK_FLOAT(in->slots[6].f, 1);
    CHECK_FLOAT(in->slots[5].f, 0);
    instance_close(in);
}
