/* delay.c (unit) - flow/setDelay's queue against ops.json: order, references, cancelling, limits. */
#include <math.h>

#include "../../src/run/instance.h"
#include "fake.h"
#include "test.h"

/* Two flow/setDelay nodes whose lastDelay lies in slots 2 and 3. */
static u8 ids[] = {NODE_flow_setDelay, NODE_flow_setDelay};
static u32 outs[] = {0, 1, 2}, slots[] = {2, 3}, no_events[] = {0};
static Slot initial[4];

static Instance *open(u64 limit) {
    static Graph g;
    static Program p;
    Limits limits = limits_default();
    limits.delays = limit;
    g = (Graph){.node_count = 2, .node_id = ids, .value_out = outs, .out_slot = slots, .state_count = 4,
                .state_init = initial, .event_value = no_events};
    p = (Program){.graph = &g, .slot_count = 4};
    fake_reset();
    return instance_open(&g, &p, &limits, 1, 0, false);
}

/* Takes out all that is due, as a number with one digit for each node, from the first. */
static i32 due(Instance *in, f64 now) {
    Delay d;
    i32 nodes = 0;
    in->now = now;
    while (delay_take_due(in, UINT64_MAX, &d)) nodes = nodes * 10 + (i32)d.node + 1;
    return nodes;
}

TEST(delays_fire_by_time_then_by_creation) {
    Instance *in = open(10);
    CHECK(instance_delay(in, 0, 2));
    CHECK(instance_delay(in, 1, 1));
    CHECK(instance_delay(in, 1, 2));
    CHECK(instance_delay(in, 0, 1));
    CHECK_INT(due(in, 0.99), 0);
    CHECK_INT(due(in, 1), 21);
    CHECK_INT(due(in, 5), 12);
    instance_close(in);
}

TEST(a_delay_has_a_reference_of_its_own_and_counts_from_now) {
    Instance *in = open(10);
    in->now = 10;
    CHECK(instance_delay(in, 0, 0.5));
    u64 first = in->slots[2].bits;
    CHECK(instance_delay(in, 0, 0.5));
    CHECK(first != REF_NULL && in->slots[2].bits != first);
    CHECK_INT(REF_KIND(first), REF_DELAY);
    CHECK_INT(due(in, 10.25), 0);
    CHECK_INT(due(in, 10.5), 11);
    instance_close(in);
}

TEST(a_duration_that_is_no_time_takes_err_and_changes_nothing) {
    Instance *in = open(10);
    CHECK(!instance_delay(in, 0, NAN));
    CHECK(!instance_delay(in, 0, INFINITY));
    CHECK(!instance_delay(in, 0, -1));
    in->now = 1.7e308;
    CHECK(!instance_delay(in, 0, 1.7e308)); /* too long */
    CHECK(instance_delay(in, 1, -0.0));
    CHECK_INT(in->slots[2].bits, REF_NULL);
    CHECK_INT(in->delay_count, 1);
    instance_close(in);
}

TEST(one_delay_more_than_the_limit_takes_err) {
    Instance *in = open(3);
    for (u32 i = 0; i < 3; i++) CHECK(instance_delay(in, 0, 1));
    u64 last = in->slots[2].bits;
    CHECK(!instance_delay(in, 0, 1));
    CHECK(in->slots[2].bits == last);
    CHECK_INT(due(in, 1), 111);
    CHECK(instance_delay(in, 0, 1));
    instance_close(in);
}

TEST(cancel_takes_only_its_own_node_and_nulls_last_delay) {
    Instance *in = open(10);
    for (u32 i = 0; i < 6; i++) CHECK(instance_delay(in, i % 2, 6 - i));
    instance_delay_stop(in, 0);
    CHECK_INT(in->slots[2].bits, REF_NULL);
    CHECK(in->slots[3].bits != REF_NULL);
    CHECK_INT(due(in, 10), 222);
    instance_close(in);
}

TEST(cancel_by_reference_takes_one_and_accepts_anything) {
    Instance *in = open(10);
    CHECK(instance_delay(in, 0, 1));
    u64 first = in->slots[2].bits;
    CHECK(instance_delay(in, 1, 2));
    CHECK(instance_delay(in, 0, 3));
    instance_delay_cancel(in, REF_NULL);
    instance_delay_cancel(in, REF_MAKE(REF_EVENT, 1));
    instance_delay_cancel(in, REF_MAKE(REF_DELAY, 999));
    CHECK_INT(in->delay_count, 3);
    instance_delay_cancel(in, first);
    instance_delay_cancel(in, first);
    CHECK_INT(due(in, 10), 21);
    instance_close(in);
}

TEST(a_delay_made_in_a_tick_is_not_due_in_it) {
    Instance *in = open(10);
    Delay d;
    CHECK(instance_delay(in, 0, 0));
    u64 begun = in->serial;
    CHECK(delay_take_due(in, begun, &d));
    CHECK(instance_delay(in, 1, 0));
    CHECK(!delay_take_due(in, begun, &d));
    CHECK(delay_take_due(in, in->serial, &d));
    CHECK_INT(d.node, 1);
    instance_close(in);
}

TEST(a_thousand_delays_in_any_order_come_out_sorted) {
    Instance *in = open(1000);
    for (u32 i = 0; i < 1000; i++) CHECK(instance_delay(in, 0, (f64)(i * 7919 % 1000)));
    for (u64 s = 3; s <= 1000; s += 3) instance_delay_cancel(in, REF_MAKE(REF_DELAY, s));
    Delay d;
    f64 last = -1;
    u32 count = 0;
    for (in->now = 1e6; delay_take_due(in, UINT64_MAX, &d); last = d.time, count++) CHECK(d.time > last);
    CHECK_INT(count, 667);
    instance_close(in);
}

TEST(delays_past_the_memory_limit_take_err) {
    Instance *in = open(1 << 20);
    u32 made = 0;
    in->limits->memory = in->arena.used + 4096;
    while (made < 1 << 20 && instance_delay(in, 0, 1)) made++;
    CHECK(made > 0 && made <= 4096 / sizeof(Delay));
    CHECK(in->reason == NULL);
    instance_close(in);
}
