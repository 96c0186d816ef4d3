/* host.h (fuzz) - a host that says nothing and fails every call; each target includes it once. */
#include "../../src/base/host.h"

f64 host_now(void) { return 0; }

void host_log(u32 instance, i32 severity, const char *text, u32 len) {
    (void)instance, (void)severity, (void)text, (void)len;
}

void host_event(u32 instance, const char *json, u32 len) { (void)instance, (void)json, (void)len; }

i32 host_call(u32 instance, u32 node, f64 now, u32 op, u32 call, const void *args, void *results) {
    (void)instance, (void)node, (void)now, (void)op, (void)call, (void)args, (void)results;
    return HOST_FAILED;
}

i32 host_pointer_get(u32 instance, u32 served, const void *args, void *value) {
    (void)instance, (void)served, (void)args, (void)value;
    return 0;
}

i32 host_pointer_set(u32 instance, u32 served, const void *args, const void *value) {
    (void)instance, (void)served, (void)args, (void)value;
    return 0;
}
