/* run.c (fuzz) - loads any bytes as a graph and runs it by both runners: they must not differ.
**
** The VM runs without a cadence and the walker with one, so that this also holds for yields. What
** loads must verify, every text must be complete, and no block may be kept. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "../../src/api/api.h"

enum { FUEL = 3000, TICKS = 4 };

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static void drain(td_Engine *e) {
    while (td_slice(e)) {}
}

static u32 play(td_Engine *e, u32 program, i32 runner, u32 cadence) {
    u32 instance = td_start(e, program, runner, 7, FUEL, 1);
    ASSERT(instance);
    td_cadence(e, cadence);
    drain(e);
    for (u32 k = 0; k < TICKS; k++) {
        td_select(e, instance, (i32)k, 0, 1, 2, 3, 4, 5, 6);
        td_hover(e, instance, (i32)k - 1, (i32)k % 2);
        td_tick(e, instance, k * 0.25);
        drain(e);
    }
    return instance;
}

/* Takes out what stands from one key on up to another. */
static void leave_out(char *report, const char *first, const char *past) {
    char *from = strstr(report, first), *to = from ? strstr(from, past) : NULL;
    ASSERT(to);
    memmove(from, to, strlen(to) + 1);
}

/* The report without how often the run gave way, how a runner counts its own work, and who ran. */
static char *result(td_Engine *e, u32 instance) {
    td_report(e, instance);
    char *report = malloc(td_text_length(e) + 1);
    ASSERT(report);
    memcpy(report, td_text(e), td_text_length(e) + 1);
    leave_out(report, ",\"yields\":", ",\"fuel\":");
    leave_out(report, ",\"runners\":", ",\"resultHash\":");
    return report;
}

/* Memory is the one limit that runners reach at different points. */
static bool out_of_memory(td_Engine *e, u32 instance) {
    return strcmp(engine_reason(engine_instance(e->engine, instance)), "memory") == 0;
}

static void compare(td_Engine *e, u32 program, u32 cadence) {
    u32 vm = play(e, program, RUNNER_VM, 0), walk = play(e, program, RUNNER_WALK, cadence);
    char *a = result(e, vm), *b = result(e, walk);
    if (strcmp(a, b) != 0 && !out_of_memory(e, vm) && !out_of_memory(e, walk)) {
        fprintf(stderr, "vm:   %s\nwalk: %s\n", a, b);
        abort();
    }
    free(a);
    free(b);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size) {
    td_Engine *e = td_open();
    ASSERT(e);
    td_limit(e, "memory", 1 << 24);
    td_limit(e, "nodes", 1000);
    u32 program = td_load(e, "fuzz", data, (u32)size, -1);
    ASSERT(strncmp(td_text(e), program ? "{\"ok\":true" : "{\"ok\":false", 10) == 0);
    for (u32 i = 0; i < e->diags.count; i++)
        ASSERT(e->diags.list[i].err != ERR_VERIFY); /* what loads is right as lowered */
    if (program) compare(e, program, 1 + (u32)size % 7);
    td_close(e);
    ASSERT(system_live == 0);
    return 0;
}
