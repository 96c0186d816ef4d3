/* slice.c (engine) - slices: turns by fuel, and now and then a look at the clock.
**
** Fuel decides where a run may be left, the clock only how much fuel is granted next, so nothing
** a graph can see depends on time. Steps that cost no fuel (an unconnected delay, an
** interpolation) are counted against the same grant, so that the clock is read in time whatever
** the graphs do. */
#include <math.h>

#include "../run/imprint.h"
#include "runner.h"
#include "task.h"

/* A look at the clock costs up to 0.2 us: one in so many ms makes it invisible. */
#define LOOK_MS 0.25
enum { GRANT_MIN = 16 * MACHINE_GRAINS, GRANT_MAX = (1 << 24) * MACHINE_GRAINS, RATE_STEP = 4 };

typedef enum Turn {
    TURN_ON,     /* it goes on */
    TURN_OVER,   /* it has nothing to run */
    TURN_SPENT,  /* the fuel granted is gone, or too little for the next charge */
    TURN_STEPPED /* the activations asked for were begun */
} Turn;

/* ---- fuel ---- */

/* What a unit of fuel takes of a grant: about how long it is at work, against compiled code's. So a grant that was
** learnt from one runner is right for the next. */
static i64 grains(const Instance *in) {
    if (in->runner == RUNNER_WALK) return 4 * MACHINE_GRAINS;
    return in->compiled && in->runner != RUNNER_VM ? 1 : MACHINE_GRAINS;
}

/* Fuel for one entry of the runner. A charge larger than what is left is granted at once: a
** grant of 1 must not hold up an activation that costs 5. The limit is never passed. */
static void refill(const Engine *e, Task *t) {
    Instance *in = t->in;
    i64 grant = e->left / grains(in);
    if (e->cadence && e->cadence_left < grant) grant = e->cadence_left;
    if (grant < (i64)in->charge) grant = in->charge; /* 0 when nothing is owed */
    if (grant > INT32_MAX) grant = INT32_MAX;
    u64 rest = t->fuel_limit - t->fuel;
    if (t->fuel_limit && rest < (u64)grant) grant = (i64)rest;
    in->charge = 0;
    in->budget = (i32)grant;
}

static void account(Engine *e, Task *t, i32 granted, u64 instructions) {
    Instance *in = t->in;
    i64 spent = granted - in->budget;
    f64 dispatched = (f64)(in->instructions - instructions);
    t->fuel += (u64)spent;
    e->left -= spent * grains(in);
    e->cadence_left -= spent;
    e->stats.fuel += (f64)spent;
    e->stats.instructions += dispatched;
    e->stats.since_check += dispatched;
    e->window_instructions += dispatched;
}

/* Fuel after which code is worth making: a ms or two of the machine's work, and making code for a usual graph takes about as long. Runs
** that end before are not slowed down, and no run loses more than twice what it could have had. */
enum { HOT_FUEL = 200000 };

static void heat(Engine *e, Task *t) {
    const Instance *in = t->in;
    if (t->heat != HEAT_COLD || in->runner != RUNNER_AUTO || in->compiled || in->fuel_by[RUNNER_VM] < HOT_FUEL) return;
    t->heat = HEAT_HOT;
    e->heated[in->trace.on] = true;
}

static RunStatus run(Engine *e, Task *t) {
    Instance *in = t->in;
    refill(e, t);
    i32 granted = in->budget;
    u64 instructions = in->instructions;
    RunStatus status = runner_run(in);
    account(e, t, granted, instructions);
    heat(e, t);
    return status;
}

/* The charge that stopped a runner may pass the limit of the whole run. */
static void check_limit(Task *t) {
    Instance *in = t->in;
    if (!t->fuel_limit || in->charge <= t->fuel_limit - t->fuel) return;
    instance_fail(in, "fuel", NONE);
    in->charge = 0;
}

/* ---- turns ---- */

/* Runs the activation in progress until the runner comes back. */
static Turn go_on(Engine *e, Task *t) {
    Instance *in = t->in;
    RunStatus status = run(e, t);
    if (status == RUN_YIELD) check_limit(t);
    if (status == RUN_DONE || status == RUN_WAIT) root_over(t);
    if (task_is_over(t)) return TURN_OVER;
    if (status == RUN_YIELD) return TURN_SPENT;
    return in->steps == 0 ? TURN_STEPPED : TURN_ON;
}

/* Between activations: one step towards the next. What it does is counted, so that the clock is read in time. */
static Turn find_next(Engine *e, Task *t) {
    t->in->work = 1;
    bool found = root_next(t);
    e->left -= (i64)t->in->work * MACHINE_GRAINS;
    return found ? TURN_ON : TURN_OVER;
}

/* One task until the grant is spent. `alone`: it is stepped, paused or not. */
static Turn take_turn(Engine *e, Task *t, bool alone) {
    Turn turn = TURN_ON;
    while (turn == TURN_ON) {
        if (task_is_over(t) || (t->paused && !alone))
            turn = TURN_OVER;
        else if (e->left <= 0)
            turn = TURN_SPENT;
        else
            turn = t->in->busy ? go_on(e, t) : find_next(e, t);
    }
    return turn;
}

/* ---- the clock ---- */

/* What the last grant took says what the next may be. A clock that did not move, because it is
** coarse, says only that more would have been possible. */
static void learn_rate(Engine *e, f64 elapsed) {
    f64 spent = (f64)(e->granted - e->left), rate = elapsed > 0 ? spent / elapsed : e->rate * 2;
    if (spent * 2 < (f64)e->granted) return; /* too little to tell */
    if (rate > e->rate * RATE_STEP) rate = e->rate * RATE_STEP;
    if (rate < e->rate / RATE_STEP) rate = e->rate / RATE_STEP;
    if (rate < GRANT_MIN) rate = GRANT_MIN;
    if (rate > GRANT_MAX / LOOK_MS) rate = GRANT_MAX / LOOK_MS;
    e->rate = rate;
}

/* Grains for a quarter of a ms; less when the deadline is nearer, so that it is met. */
static void grant(Engine *e, f64 now) {
    f64 aim = LOOK_MS, rest = e->stats.deadline - now;
    if (e->yields && !e->cadence && e->stats.deadline > 0 && rest < aim) aim = rest > aim / 8 ? rest : aim / 8;
    f64 left = e->rate * aim;
    e->left = e->granted = left < GRANT_MIN ? GRANT_MIN : left > GRANT_MAX ? GRANT_MAX : (i64)left;
    e->read_at = now;
    e->stats.since_check = 0;
}

/* stats.rate: instructions per ms, smoothed, from samples of a ms or more: coarse clocks know no
** shorter ones. */
static void sample_rate(Engine *e, f64 elapsed) {
    e->window_ms += elapsed;
    if (e->window_ms < 1) return;
    f64 sample = e->window_instructions / e->window_ms;
    e->stats.rate = e->stats.rate > 0 ? 0.75 * e->stats.rate + 0.25 * sample : sample;
    e->window_ms = e->window_instructions = 0;
}

/* Reads the clock; whether the slice's time is up. */
static bool look_at_clock(Engine *e) {
    f64 now = host_now(), elapsed = now - e->read_at;
    learn_rate(e, elapsed);
    sample_rate(e, elapsed);
    grant(e, now);
    if (e->stats.stop > 0 && now >= e->stats.stop) return true;
    return e->yields && !e->cadence && e->stats.deadline > 0 && now >= e->stats.deadline;
}

/* The cadence's fuel is gone: the slice is over, or, where nothing yields, the runner was left
** all the same. */
static bool end_cadence(Engine *e, Task *t) {
    e->cadence_left = e->cadence;
    if (e->yields) return true;
    e->stats.yields++;
    t->yields++;
    return false;
}

static void note_yield(Task *t) {
    if (t->letters) t->yields_hash = imprint(t->in, t->letters, hash_u64(t->yields_hash, t->fuel));
}

/* After a turn: whether the slice is over. */
static bool is_over(Engine *e, Task *t) {
    i64 wanted = t->in->charge;
    if (e->cadence && wanted && e->cadence_left < wanted) {
        note_yield(t);
        if (end_cadence(e, t)) return true;
    }
    return e->left <= 0 || e->left < wanted * grains(t->in) ? look_at_clock(e) : false;
}

/* ---- slices ---- */

static void open_slice(Engine *e) {
    e->inside = true;
    e->opened_at = host_now();
    e->cadence_left = e->cadence;
    grant(e, e->opened_at);
}

static void bury(Engine *e) {
    for (u32 i = 0; e->dooms && i < e->tasks.places; i++) {
        Task *t = table_at(&e->tasks, i);
        if (t && t->doomed) task_free(e, t);
    }
    e->dooms = false;
}

static void close_slice(Engine *e) {
    f64 now = host_now(), length = now - e->opened_at;
    learn_rate(e, now - e->read_at);
    sample_rate(e, now - e->read_at);
    e->inside = false;
    e->stats.slices++;
    if (length > e->stats.longest_slice) e->stats.longest_slice = length;
    bury(e);
    if (!e->ready) return;
    e->stats.yields++;
    e->stats.last_yield = now;
}

EngineStatus engine_slice(Engine *e) {
    bool over = false;
    if (e->inside || !e->ready) return ENGINE_IDLE;
    open_slice(e);
    while (e->ready && !over) {
        Task *t = e->ready;
        take_turn(e, t, false);
        over = is_over(e, t);
        if (e->ready == t) e->ready = t->after;
        task_settle(e, t);
        if (over && t->after) t->yields++;
    }
    close_slice(e);
    return e->ready ? ENGINE_MORE : ENGINE_IDLE;
}

void engine_cadence(Engine *e, u32 fuel) { e->cadence = fuel; }

u64 engine_step(Engine *e, Instance *in, u64 activations) {
    Task *t = in->task;
    if (e->inside || task_is_over(t) || !activations) return 0;
    u64 count = activations < UINT64_MAX ? activations : activations - 1;
    in->steps = count;
    in->watch = true;
    open_slice(e);
    while (take_turn(e, t, true) == TURN_SPENT && !is_over(e, t)) {}
    u64 begun = count - in->steps;
    in->steps = UINT64_MAX;
    in->watch = in->trace.on;
    task_settle(e, t);
    close_slice(e);
    return begun;
}
