/* instance.c (unit) - an instance's other services: chance, pointers, the log, host calls, values, memory. */
#include "../../src/run/instance.h"

#include <math.h>
#include <string.h>

#include "fake.h"
#include "test.h"

static u32 no_events[] = {0};
static Graph g;
static Program p;

static Instance *open(u64 seed) {
    Limits limits = limits_default();
    g.event_value = no_events;
    p = (Program){.graph = &g, .slot_count = g.state_count};
    fake_reset();
    return instance_open(&g, &p, &limits, 9, seed, true);
}

/* ---- math/random ---- */

static void random_graph(void) {
    static Slot initial[2];
    g = (Graph){.state_count = 2, .state_init = initial, .uses_random = true};
}

TEST(random_numbers_lie_in_their_interval_and_spread) {
    random_graph();
    Instance *in = open(42);
    f64 sum = 0, least = 1, most = 0;
    for (u32 epoch = 0; epoch < 10000; epoch++) {
        in->slots[STATE_EPOCH].u = epoch;
        f64 r = instance_random(in, 3);
        CHECK(r >= 0 && r < 1);
        sum += r;
        least = fmin(least, r);
        most = fmax(most, r);
    }
    CHECK(fabs(sum / 10000 - 0.5) < 0.02);
    CHECK(least < 0.001 && most > 0.999);
    instance_close(in);
}

TEST(random_depends_on_seed_node_and_epoch_and_on_nothing_else) {
    random_graph();
    Instance *a = open(1), *b = open(1), *c = open(2);
    CHECK_FLOAT(instance_random(a, 5), instance_random(b, 5));
    CHECK_FLOAT(instance_random(a, 5), instance_random(a, 5));
    CHECK(instance_random(a, 5) != instance_random(c, 5));
    CHECK(instance_random(a, 5) != instance_random(a, 6));
    f64 before = instance_random(a, 5);
    a->slots[STATE_EPOCH].u++;
    CHECK(instance_random(a, 5) != before);
    instance_close(a);
    instance_close(b);
    instance_close(c);
}

/* ---- debug/log: "a {f} b {v}{f}" ---- */

static void log_graph(void) {
    static u8 ids[] = {NODE_debug_log};
    static u32 params_at[] = {0}, ins[] = {0, 4};
    static i32 params[] = {2, 0, 7};
    static u8 in_types[] = {TYPE_FLOAT, TYPE_FLOAT2, TYPE_REF, TYPE_BOOL};
    static Piece pieces[] = {{"a ", 0}, {NULL, 0}, {" b ", 0}, {NULL, 1}, {NULL, 0}, {NULL, 2}, {NULL, 3}};
    static Slot initial[2];
    g = (Graph){.node_count = 1, .node_id = ids, .node_params = params_at, .params = params, .value_in = ins,
                .in_type = in_types, .pieces = pieces, .state_count = 2, .state_init = initial};
}

static void say(Instance *in, f64 f) {
    Slot args[] = {{.f = f}, {.f = NAN}, {.f = -0.0}, {.bits = REF_MAKE(REF_OBJECT, 4)}, {.bits = 1}};
    instance_log(in, 0, args);
}

TEST(a_log_line_is_its_template_with_values_in_it) {
    log_graph();
    Instance *in = open(0);
    in->now = 0.5;
    say(in, 0.1);
    CHECK_TEXT(fake.line, "a 0.1 b (NaN, -0)0.1/nodes/4true");
    CHECK_INT(fake.severity, 2);
    CHECK_INT(fake.instance, 9);
    CHECK_TEXT(in->log.data, "{\"severity\":2,\"text\":\"a 0.1 b (NaN, -0)0.1/nodes/4true\",\"time\":0.5}");
    instance_close(in);
}

TEST(lines_past_the_limit_are_told_counted_and_hashed_but_not_kept) {
    log_graph();
    Instance *in = open(0);
    in->limits->log = 2;
    say(in, 1);
    say(in, 2);
    u32 kept = in->log.len;
    u64 hash = in->log_hash;
    say(in, 3);
    CHECK_INT(in->log.len, kept);
    CHECK_INT(in->log_count, 3);
    CHECK_INT(fake.logs, 3);
    CHECK(in->log_hash != hash);
    instance_close(in);
}

/* ---- host operations: results {n:int, ok:bool, f:float} ---- */

static void host_graph(void) {
    static u8 ids[] = {NODE_host_call};
    static u32 params_at[] = {0}, outs[] = {0, 3};
    static i32 params[] = {4};
    static u8 out_types[] = {TYPE_INT, TYPE_BOOL, TYPE_FLOAT};
    static Slot initial[2];
    g = (Graph){.node_count = 1, .node_id = ids, .node_params = params_at, .params = params, .value_out = outs,
                .out_type = out_types, .state_count = 2, .state_init = initial};
}

static HostAnswer call(Instance *in, Slot results[4]) {
    Slot args[4] = {{.f = 1.5}};
    return instance_host(in, 0, args, results);
}

TEST(results_of_a_host_are_cleaned_before_a_graph_sees_them) {
    Slot results[4];
    host_graph();
    Instance *in = open(0);
    fake.results[0] = UINT64_C(0xFFFFFFFFFFFFFFFF);
    fake.results[1] = 77;
    CHECK_INT(call(in, results), HOST_DONE);
    CHECK(results[0].bits == UINT64_C(0xFFFFFFFF));
    CHECK_INT(results[1].bits, 1);
    CHECK_INT(fake.op, 4);
    CHECK(fake.call != 0);
    instance_close(in);
}

TEST(an_answer_that_is_none_counts_as_failed) {
    Slot results[4];
    host_graph();
    Instance *in = open(0);
    fake.answer = 17;
    CHECK_INT(call(in, results), HOST_FAILED);
    instance_close(in);
}

TEST(parked_activations_come_back_in_the_order_of_their_answers) {
    Slot results[4], answer = {.bits = 5};
    host_graph();
    Instance *in = open(0);
    fake.answer = HOST_PENDING;
    u32 calls[3];
    for (u32 i = 0; i < 3; i++) {
        CHECK_INT(call(in, results), HOST_PENDING);
        CHECK(instance_park(in, 0) != NULL);
        calls[i] = in->call;
    }
    CHECK(call_ready(in) == NULL);
    CHECK(call_answer(in, call_find(in, calls[2]), HOST_DONE, &answer, 1));
    CHECK(call_answer(in, call_find(in, calls[0]), HOST_FAILED, NULL, 0));
    CHECK(call_find(in, calls[2]) == NULL); /* an answer is given once */
    Parked *first = call_ready(in);
    CHECK_INT(first->call, calls[2]);
    CHECK_INT(first->results[0].i, 5);
    CHECK_INT(first->result_count, 3);
    instance_unpark(first);
    CHECK_INT(call_ready(in)->call, calls[0]);
    CHECK_INT(call_ready(in)->answer, HOST_FAILED);
    instance_close(in);
}

TEST(more_pending_calls_than_the_limit_fail_without_asking) {
    Slot results[4];
    host_graph();
    Instance *in = open(0);
    in->limits->host_calls = 1;
    fake.answer = HOST_PENDING;
    CHECK_INT(call(in, results), HOST_PENDING);
    CHECK(instance_park(in, 0) != NULL);
    CHECK_INT(call(in, results), HOST_FAILED);
    CHECK_INT(fake.calls, 1);
    instance_close(in);
}

TEST(without_a_limit_any_number_of_calls_may_be_pending) {
    Slot results[4];
    host_graph();
    Instance *in = open(0);
    in->limits->host_calls = 0;
    fake.answer = HOST_PENDING;
    for (u32 i = 1; i <= 3; i++) {
        CHECK_INT(call(in, results), HOST_PENDING);
        CHECK(instance_park(in, 0) != NULL);
        CHECK_INT(fake.calls, i);
    }
    instance_close(in);
}

/* ---- values ---- */

static const char *json_of(Type t, const Slot *value) {
    static char text[256];
    Buf b = {0};
    value_json(&b, t, value);
    memcpy(text, b.data, b.len + 1);
    buf_close(&b);
    return text;
}

TEST(values_are_json_that_reads_back) {
    CHECK_TEXT(json_of(TYPE_BOOL, &(Slot){.bits = 1}), "true");
    CHECK_TEXT(json_of(TYPE_INT, &(Slot){.i = INT32_MIN}), "-2147483648");
    CHECK_TEXT(json_of(TYPE_FLOAT, &(Slot){.f = 5e-324}), "5e-324");
    CHECK_TEXT(json_of(TYPE_FLOAT, &(Slot){.f = -INFINITY}), "\"-Infinity\"");
    CHECK_TEXT(json_of(TYPE_FLOAT2, (Slot[]){{.f = NAN}, {.f = 2}}), "[\"NaN\",2]");
    CHECK_TEXT(json_of(TYPE_REF, &(Slot){.bits = 0}), "null");
    CHECK_TEXT(json_of(TYPE_REF, &(Slot){.bits = REF_MAKE(REF_OBJECT, 3)}), "\"/nodes/3\"");
    CHECK_TEXT(json_of(TYPE_REF, &(Slot){.bits = REF_MAKE(REF_DELAY, 12)}), "\"delay:12\"");
}

TEST(all_nans_have_one_hash_and_zeros_two) {
    Slot nans[] = {{.bits = NAN_BITS}, {.bits = UINT64_C(0xFFF8000000000123)}};
    Slot zeros[] = {{.f = 0.0}, {.f = -0.0}};
    CHECK(value_hash(1, TYPE_FLOAT, &nans[0]) == value_hash(1, TYPE_FLOAT, &nans[1]));
    CHECK(value_hash(1, TYPE_FLOAT, &zeros[0]) != value_hash(1, TYPE_FLOAT, &zeros[1]));
    CHECK(value_hash(1, TYPE_REF, &nans[0]) != value_hash(1, TYPE_REF, &nans[1]));
}

TEST(hashes_are_fnv_1a) {
    /* The published test vectors of the 64-bit variant. */
    CHECK(hash_bytes(HASH_START, "", 0) == UINT64_C(0xCBF29CE484222325));
    CHECK(hash_bytes(HASH_START, "a", 1) == UINT64_C(0xAF63DC4C8601EC8C));
    CHECK(hash_bytes(HASH_START, "foobar", 6) == UINT64_C(0x85944171F73967E8));
    CHECK(hash_u64(HASH_START, 0x61) == hash_bytes(HASH_START, "a\0\0\0\0\0\0\0", 8));
}

/* ---- memory ---- */

TEST(an_instance_that_does_not_get_its_memory_leaves_nothing_behind) {
    random_graph();
    i64 before = system_live;
    Instance *in = NULL;
    for (i64 n = 0; !in && n < 50; n++) {
        system_fail_after = n;
        in = open(0);
        system_fail_after = -1;
        if (!in) CHECK_INT(system_live, before);
    }
    CHECK(in != NULL);
    instance_close(in);
    CHECK_INT(system_live, before);
}

TEST(the_first_reason_of_a_failure_stays) {
    random_graph();
    Instance *in = open(0);
    instance_fail(in, "memory", 3);
    instance_fail(in, "fuel", 4);
    CHECK_TEXT(in->reason, "memory");
    CHECK_INT(in->reason_node, 3);
    instance_close(in);
}
