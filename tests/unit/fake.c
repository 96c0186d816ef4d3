/* fake.c (unit) - the functions that a host supplies, for tests. */
#include "fake.h"

#include <string.h>

Fake fake;

void fake_reset(void) { fake = (Fake){.now = 1000}; }

f64 host_now(void) {
    f64 now = fake.now;
    fake.now += fake.tick;
    fake.reads++;
    return now;
}

static void keep(char out[256], const char *text, u32 len) {
    u32 kept = len < 255 ? len : 255;
    memcpy(out, text, kept);
    out[kept] = 0;
}

void host_log(u32 instance, i32 severity, const char *text, u32 len) {
    fake.instance = instance;
    fake.logs++;
    fake.severity = severity;
    keep(fake.line, text, len);
}

void host_event(u32 instance, const char *json, u32 len) {
    fake.instance = instance;
    fake.events++;
    keep(fake.event, json, len);
}

i32 host_call(u32 instance, u32 node, f64 now, u32 op, u32 call, const void *args, void *results) {
    fake.instance = instance;
    fake.node = node;
    fake.called = now;
    fake.op = op;
    fake.call = call;
    fake.calls++;
    memcpy(fake.args, args, sizeof fake.args);
    if (fake.during) fake.during();
    if (fake.answer == HOST_DONE) memcpy(results, fake.results, sizeof fake.results);
    return fake.answer;
}

i32 host_pointer_get(u32 instance, u32 served, const void *args, void *value) {
    fake.instance = instance;
    fake.served = served;
    fake.gets++;
    memcpy(&fake.parameter, args, sizeof fake.parameter);
    if (fake.lacks) return 0;
    memcpy(value, fake.value, sizeof fake.value);
    return 1;
}

i32 host_pointer_set(u32 instance, u32 served, const void *args, const void *value) {
    fake.instance = instance;
    fake.served = served;
    fake.sets++;
    memcpy(&fake.parameter, args, sizeof fake.parameter);
    if (fake.lacks) return 0;
    memcpy(fake.value, value, sizeof fake.value[0]);
    return 1;
}
