/* engine.c (engine) - an engine and its instances: begun, looked up, paused, stopped, freed. */
#include "engine.h"

#include <math.h>

#include "../code/access.h"
#include "../run/imprint.h"
#include "hook.h"
#include "runner.h"
#include "task.h"

enum { RATE_GUESS = 10000 * MACHINE_GRAINS }; /* grains per ms before anything was measured */

Engine *engine_open(const Limits *limits) {
    Engine *e = system_take(sizeof *e);
    if (!e) return NULL;
    *e = (Engine){.limits = *limits, .yields = VARIANT_YIELDS, .rate = RATE_GUESS};
    e->stats.last_yield = NAN;
    return e;
}

void engine_close(Engine *e) {
    if (!e) return;
    for (u32 i = 0; i < e->tasks.places; i++) {
        Task *t = table_at(&e->tasks, i);
        if (t) task_free(e, t);
    }
    table_close(&e->tasks);
    system_give(e);
}

Limits *engine_limits(Engine *e) { return &e->limits; }
Stats *engine_stats(Engine *e) { return &e->stats; }

/* ---- the ring of tasks with work ---- */

static void link_task(Engine *e, Task *t) {
    if (t->after) return;
    if (!e->ready) {
        e->ready = t->before = t->after = t;
        return;
    }
    t->after = e->ready; /* behind all others */
    t->before = e->ready->before;
    t->before->after = t->after->before = t;
}

static void unlink_task(Engine *e, Task *t) {
    if (!t->after) return;
    if (e->ready == t) e->ready = t->after == t ? NULL : t->after;
    t->before->after = t->after;
    t->after->before = t->before;
    t->before = t->after = NULL;
}

void task_settle(Engine *e, Task *t) {
    if (task_is_over(t) || t->paused || !root_has_work(t))
        unlink_task(e, t);
    else
        link_task(e, t);
}

/* ---- instances ---- */

Instance *engine_start(Engine *e, const Graph *g, const Program *p, const StartOptions *options) {
    if (e->limits.instances && e->tasks.count >= e->limits.instances) return NULL;
    Task *t = system_take(sizeof *t);
    u32 id = t ? table_put(&e->tasks, t) : 0;
    const Program *program = options->runner == RUNNER_WALK ? NULL : p;
    Instance *in = id ? instance_open(g, program, &e->limits, id, options->seed, options->trace) : NULL;
    if (!in) {
        table_drop(&e->tasks, id);
        system_give(t);
        return NULL;
    }
    *t = (Task){
        .in = in, .rising = NONE, .entering = NONE, .fuel_limit = options->fuel ? options->fuel : e->limits.fuel};
    in->task = t;
    in->runner = options->runner;
    in->compiled = options->compiled;
    task_settle(e, t);
    return in;
}

void engine_adopt(Engine *e, const Program *p, const Compiled *c) {
    for (u32 i = 0; i < e->tasks.places; i++) {
        Task *t = table_at(&e->tasks, i);
        if (t && t->in->program == p && t->in->runner == RUNNER_AUTO && t->in->trace.on == c->traced)
            t->in->compiled = c;
    }
}

bool engine_change(Engine *e, Instance *in, Runner runner, const Compiled *code) {
    if (e->inside || !in->program || runner == RUNNER_WALK) return false;
    in->runner = runner;
    in->compiled = code;
    in->stepped = in->busy;
    return true;
}

Instance *engine_hot(Engine *e, bool trace) {
    for (u32 i = 0; e->heated[trace] && i < e->tasks.places; i++) {
        Task *t = table_at(&e->tasks, i);
        if (!t || t->heat != HEAT_HOT || t->in->trace.on != trace) continue;
        t->heat = HEAT_TOLD;
        if (!t->doomed) return t->in;
    }
    e->heated[trace] = false;
    return NULL;
}

bool engine_watch_yields(Instance *in) {
    u8 *letters = in->program ? ARENA_ARRAY(&in->arena, u8, in->program->stack_first) : NULL;
    if (!letters) return false;
    slot_letters(in->program, letters);
    in->task->letters = letters;
    in->task->yields_hash = HASH_START;
    return true;
}

const u64 *engine_yields_hash(const Instance *in) { return in->task->letters ? &in->task->yields_hash : NULL; }

u64 engine_imprint(const Instance *in) { return imprint(in, in->task->letters, hash_u64(HASH_START, in->task->fuel)); }

void task_free(Engine *e, Task *t) {
    t->stopped = true;
    task_settle(e, t);
    table_drop(&e->tasks, t->in->id);
    instance_close(t->in);
    system_give(t);
}

void engine_end(Engine *e, Instance *in) {
    if (!e->inside) {
        task_free(e, in->task);
        return;
    }
    in->task->stopped = in->task->doomed = e->dooms = true;
}

Instance *engine_instance(Engine *e, u32 id) {
    Task *t = table_get(&e->tasks, id);
    return t && !t->doomed ? t->in : NULL;
}

/* The host can still wake it, or time. */
static bool waits(const Task *t) {
    const Instance *in = t->in;
    for (u32 i = 0; i < in->parked_count; i++)
        if (in->parked[i].call) return true;
    bool pending = in->delay_count || interpolate_count(in) || in->play_count || in->event_count;
    return pending || in->roots.tick_count || in->roots.heard;
}

InstanceStatus engine_status(const Engine *e, const Instance *in) {
    const Task *t = in->task;
    (void)e;
    if (in->reason) return STATUS_LIMIT;
    if (t->stopped) return STATUS_STOPPED;
    if (t->paused) return STATUS_PAUSED;
    if (root_has_work(t)) return STATUS_RUNNING;
    return waits(t) ? STATUS_IDLE : STATUS_DONE;
}

const char *engine_reason(const Instance *in) { return in->reason ? in->reason : ""; }
u64 engine_fuel(const Instance *in) { return in->task->fuel; }
u64 engine_yields(const Instance *in) { return in->task->yields; }
void engine_output(Instance *in, u32 i, Slot *out) { runner_output(in, i, out); }

/* Both may come from a host function in the middle of the instance's own turn: the turn looks at
** the flags, and the ring is put right after it. */
void engine_pause(Engine *e, Instance *in, bool paused) {
    in->task->paused = paused;
    if (!e->inside) task_settle(e, in->task);
}

void engine_stop(Engine *e, Instance *in) {
    in->task->stopped = true;
    if (!e->inside) task_settle(e, in->task);
}
