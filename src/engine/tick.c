/* tick.c (engine) - time: what a tick begins, and when the next one is worth it. */
#include <math.h>

#include "../run/animate.h"
#include "task.h"

static bool does_something(const Instance *in) {
    bool due = in->delay_count && in->delays[0].time <= in->now;
    return due || interpolate_count(in) || in->play_count || in->roots.tick_count || in->event_count;
}

static void set_clock(Task *t, f64 now) {
    Instance *in = t->in;
    if (in->ticks++ == 0) t->origin = now;
    now -= t->origin;
    in->now = now > in->now ? now : in->now;
    t->since_tick = in->now - in->last_tick;
    in->last_tick = in->now;
}

void engine_tick_one(Engine *e, Instance *in, f64 now) {
    Task *t = in->task;
    if (task_is_over(t) || t->paused || !root_rests(t) || !isfinite(now)) return;
    set_clock(t, now);
    in->tick_events = 0;
    t->serial = in->serial;
    if (!does_something(in)) return;
    t->phase = PHASE_DELAYS;
    task_settle(e, t);
}

void engine_tick(Engine *e, f64 now) {
    for (u32 i = 0; i < e->tasks.places; i++) {
        Task *t = table_at(&e->tasks, i);
        if (t) engine_tick_one(e, t->in, now);
    }
}

static f64 next_due(const Instance *in) {
    if (task_is_over(in->task)) return INFINITY;
    if (interpolate_count(in) || in->event_count || animate_ends(in)) return 0;
    if (!in->delay_count) return INFINITY;
    return in->delays[0].time > in->now ? in->delays[0].time - in->now : 0;
}

f64 engine_next_due(const Engine *e, const Instance *in) {
    if (in) return next_due(in);
    f64 first = INFINITY;
    for (u32 i = 0; i < e->tasks.places; i++) {
        const Task *t = table_at(&e->tasks, i);
        f64 due = t ? next_due(t->in) : INFINITY;
        if (due < first) first = due;
    }
    return first;
}
