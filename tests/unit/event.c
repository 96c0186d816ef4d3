/* event.c (unit) - the FIFO of events and writes, and what leaves for the host. */
#include <string.h>

#include "../../src/run/instance.h"
#include "fake.h"
#include "test.h"

/* Event 0 "ping" {n:int, at:float2} with two receivers, event 1 internal without any, event 2 "out" without any. */
static const char *event_ids[] = {"ping", "", "out"};
static u32 values[] = {0, 2, 2, 3};
static const char *value_names[] = {"n", "at", "x"};
static u8 value_types[] = {TYPE_INT, TYPE_FLOAT2, TYPE_FLOAT};
static u8 ids[] = {NODE_event_receive, NODE_event_receive};
static u32 params_at[] = {0, 1};
static i32 params[] = {0, 0};
static u32 outs[] = {0, 3, 6};
static u8 out_types[] = {TYPE_INT, TYPE_FLOAT2, TYPE_REF, TYPE_INT, TYPE_FLOAT2, TYPE_REF};
static u32 out_slots[] = {2, 3, 5, 6, 7, 9};
static Slot initial[10];

static Instance *open(u64 queue, bool trace) {
    static Graph g;
    static Program p;
    Limits limits = limits_default();
    limits.queue = queue;
    g = (Graph){.node_count = 2, .node_id = ids, .node_params = params_at, .params = params, .value_out = outs,
                .out_type = out_types, .out_slot = out_slots, .state_count = 10, .state_init = initial,
                .event_count = 3, .event_id = event_ids, .event_value = values, .event_value_name = value_names,
                .event_value_type = value_types};
    p = (Program){.graph = &g, .slot_count = 10};
    fake_reset();
    return instance_open(&g, &p, &limits, 7, 0, trace);
}

static bool ping(Instance *in, i32 n) {
    Slot lanes[] = {{.bits = (u32)n}, {.f = n + 0.25}, {.f = n + 0.5}};
    return instance_send(in, 0, lanes);
}

TEST(events_come_out_in_the_order_they_went_in) {
    Instance *in = open(1000, false);
    Event e;
    i32 sent = 0, taken = 0;
    for (u32 round = 0; round < 40; round++) { /* the rings wrap and grow on the way */
        for (u32 i = 0; i < 7; i++) CHECK(ping(in, sent++));
        for (u32 i = 0; i < 5; i++) {
            CHECK(event_take(in, &e));
            CHECK_INT(e.event, 0);
            CHECK_INT(in->occurrence_values[0].i, taken);
            CHECK_FLOAT(in->occurrence_values[2].f, taken + 0.5);
            taken++;
        }
    }
    while (event_take(in, &e)) CHECK_INT(in->occurrence_values[0].i, taken++);
    CHECK_INT(taken, sent);
    instance_close(in);
}

TEST(a_full_queue_ends_the_run_that_sends) {
    Instance *in = open(3, false);
    for (i32 i = 0; i < 3; i++) CHECK(ping(in, i));
    CHECK(in->reason == NULL);
    CHECK(!ping(in, 3));
    CHECK_TEXT(in->reason, "queue");
    instance_close(in);
}

TEST(queued_values_count_against_memory) {
    Instance *in = open(0, false);
    i32 sent = 0;
    in->limits->memory = in->arena.used + 65536;
    while (sent < 100000 && ping(in, sent)) sent++;
    CHECK(sent < 65536 / 36);
    CHECK_TEXT(in->reason, "memory");
    instance_close(in);
}

TEST(an_event_nobody_receives_goes_to_the_host_only) {
    Instance *in = open(1, false);
    Slot x = {.f = 2};
    for (u32 i = 0; i < 5; i++) CHECK(instance_send(in, 2, &x));
    CHECK(instance_send(in, 1, NULL));
    CHECK_INT(in->event_count, 0);
    CHECK_INT(fake.events, 5);
    CHECK_INT(in->sent_count, 5);
    instance_close(in);
}

TEST(an_event_with_an_id_is_told_and_recorded) {
    Instance *in = open(10, false);
    in->now = 1.5;
    CHECK(ping(in, 3));
    CHECK_TEXT(fake.event, "{\"time\":1.5,\"id\":\"ping\",\"values\":{\"n\":3,\"at\":[3.25,3.5]}}");
    CHECK_INT(fake.instance, 7);
    CHECK(ping(in, 4));
    CHECK_TEXT(in->sent.data, "{\"time\":1.5,\"id\":\"ping\",\"values\":{\"n\":3,\"at\":[3.25,3.5]}},"
                              "{\"time\":1.5,\"id\":\"ping\",\"values\":{\"n\":4,\"at\":[4.25,4.5]}}");
    instance_close(in);
}

TEST(events_past_the_limit_are_counted_and_hashed_but_not_kept) {
    Instance *in = open(10, false);
    in->limits->log = 1;
    CHECK(ping(in, 1));
    u64 hash = in->sent_hash;
    u32 kept = in->sent.len;
    CHECK(ping(in, 2));
    CHECK_INT(in->sent.len, kept);
    CHECK_INT(in->sent_count, 2);
    CHECK(in->sent_hash != hash);
    instance_close(in);
}

TEST(a_receiver_gets_values_and_the_occurrence) {
    Instance *in = open(10, false);
    Event e;
    CHECK(ping(in, 8));
    CHECK(event_take(in, &e));
    in->occurrence = 5;
    event_deliver(in, 1);
    CHECK_INT(in->slots[6].i, 8);
    CHECK_FLOAT(in->slots[7].f, 8.25);
    CHECK_FLOAT(in->slots[8].f, 8.5);
    CHECK(in->slots[9].bits == REF_MAKE(REF_EVENT, 5));
    CHECK(in->slots[5].bits == REF_NULL);
    instance_close(in);
}

TEST(propagation_is_stopped_by_the_occurrence_s_own_reference_only) {
    Instance *in = open(10, false);
    in->occurrence = 5;
    instance_stop_propagation(in, true, REF_NULL);
    instance_stop_propagation(in, true, REF_MAKE(REF_EVENT, 4));
    CHECK_INT(in->stops, 0);
    instance_stop_propagation(in, false, REF_MAKE(REF_EVENT, 5));
    CHECK_INT(in->stops, STOP_RISE);
    instance_stop_propagation(in, true, REF_MAKE(REF_EVENT, 5));
    CHECK_INT(in->stops, STOP_RISE | STOP_REST);
    instance_close(in);
}

TEST(receivers_are_found_by_event_in_file_order) {
    Instance *in = open(10, false);
    const Roots *r = &in->roots;
    CHECK_INT(r->receiver_first[0], 0);
    CHECK_INT(r->receiver_first[1], 2);
    CHECK_INT(r->receiver_first[3], 2);
    CHECK_INT(r->receivers[0], 0);
    CHECK_INT(r->receivers[1], 1);
    CHECK(r->heard);
    instance_close(in);
}

TEST(the_trace_tells_events_with_their_values) {
    Instance *in = open(10, true);
    CHECK(ping(in, 1));
    CHECK(instance_send(in, 1, NULL));
    CHECK_TEXT(in->trace.text.data, "{\"send\":\"ping\",\"values\":{\"n\":1,\"at\":[1.25,1.5]}}\n"
                                    "{\"send\":\"#1\",\"values\":{}}\n");
    instance_close(in);
}
