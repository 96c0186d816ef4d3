/* play.c (unit) - graphs brought to run, for tests. */
#include "play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char quoted_text[1 << 16];

/* Double quotes in place of single ones; the text is good until the next call. */
static const char *requote(const char *quoted, char from, char to) {
    size_t length = strlen(quoted);
    ASSERT(length < sizeof quoted_text);
    for (size_t i = 0; i <= length; i++) quoted_text[i] = quoted[i] == from ? to : quoted[i];
    return quoted_text;
}

static void set_limits(td_Engine *e, const char *limits) {
    char name[64];
    double value;
    int used;
    for (; sscanf(limits, " %63[^=]=%lf%n", name, &value, &used) == 2; limits += used)
        ASSERT(td_limit(e, name, value));
}

void play_open_with(Play *p, const char *quoted, i32 runner, const char *limits, f64 seed, f64 fuel, i32 trace) {
    fake_reset();
    *p = (Play){.e = td_open(), .runner = runner};
    ASSERT(p->e);
    set_limits(p->e, limits);
    const char *json = requote(quoted, '\'', '"');
    p->program = td_load(p->e, "play", json, (u32)strlen(json), -1);
    if (!p->program) {
        td_lines(p->e);
        printf("%s", td_text(p->e));
        return;
    }
    p->instance = td_start(p->e, p->program, runner, seed, fuel, trace);
    if (!p->instance) printf("%s\n", td_text(p->e));
}

void play_open(Play *p, const char *quoted, i32 runner) { play_open_with(p, quoted, runner, "", 1, 0, 0); }

void play_end(Play *p) { td_close(p->e); }

Instance *play_instance(Play *p) { return engine_instance(p->e->engine, p->instance); }

u32 play_drain(Play *p) {
    u32 slices = 0;
    do slices++;
    while (td_slice(p->e));
    return slices;
}

void play_tick(Play *p, f64 now) {
    td_tick(p->e, p->instance, now);
    play_drain(p);
}

bool play_set(Play *p, const char *name, const char *quoted) {
    return td_set(p->e, p->instance, name, requote(quoted, '\'', '"'));
}

bool play_send(Play *p, const char *event, const char *quoted) {
    return td_send(p->e, p->instance, event, requote(quoted, '\'', '"'));
}

const char *play_get(Play *p, const char *name) {
    td_get(p->e, p->instance, name);
    return requote(td_text(p->e), '"', '\'');
}

const char *play_log(Play *p) {
    static char joined[4096];
    Instance *in = play_instance(p);
    const char *key = "\"text\":\"", *at = in->log.data ? in->log.data : "";
    joined[0] = 0;
    while ((at = strstr(at, key))) {
        at += strlen(key);
        size_t used = strlen(joined), length = strcspn(at, "\"");
        if (used + length + 2 < sizeof joined)
            snprintf(joined + used, sizeof joined - used, "%s%.*s", used ? " " : "", (int)length, at);
    }
    return joined;
}
