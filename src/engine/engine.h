/* engine.h (engine) - many running graphs, one run loop: roots in order, ticks, fair turns, slices.
**
** Root order of one instance: onStart nodes in file order; then, whenever nothing is running: the other receivers of
** the occurrence being dispatched, what hosts resumed, the event FIFO (one occurrence's receivers in file order), and
** in a tick, with `now` frozen: due delays by (time, creation), interpolations in creation order, onTick nodes in file
** order. So the FIFO is drained after every root activation once all onStart nodes have run. What a tick finds is
** fixed when it begins: a delay of 0 set in it is due in the next one. Beyond limit tick-events the FIFO waits for the
** next tick. While an activation is suspended by fuel nothing else of its instance runs, and ticks that fall due are
** dropped. Between instances: round robin by fuel. */
#ifndef TREADLE_ENGINE_H
#define TREADLE_ENGINE_H

#include "../run/instance.h"

typedef enum EngineStatus {
    ENGINE_IDLE = 0, /* nothing can run before a tick, an event or a host answer */
    ENGINE_MORE = 1  /* the slice is over and there is work */
} EngineStatus;

typedef enum InstanceStatus {
    STATUS_RUNNING = 0, /* has work now */
    STATUS_IDLE = 1,    /* time or an event could wake it */
    STATUS_DONE = 2,    /* nothing can run any more */
    STATUS_LIMIT = 3,   /* a limit ended it: reason */
    STATUS_STOPPED = 4, /* the host stopped it */
    STATUS_PAUSED = 5
} InstanceStatus;

/* Read-outs, kept in one struct so that JS reads them without a call. All f64 for one typed view.
** The order is the layout: js/engine.js reads the names from td_tables(). */
typedef struct Stats {
    f64 yields;          /* slices that ended with work left */
    f64 instructions;    /* dispatched in all */
    f64 since_check;     /* instructions since the last clock read */
    f64 last_yield;      /* host_now() of the last yield, ms; NaN before */
    f64 longest_slice;   /* ms */
    f64 rate;            /* instructions per ms, smoothed */
    f64 fuel;            /* charged in all */
    f64 slices;
    f64 deadline;        /* written by the host before a slice: host_now() at which it should end; 0: none */
    f64 stop;            /* the same, but in every variant: plain comes back too; 0: never */
} Stats;

typedef struct StartOptions {
    Runner runner;
    u64 seed;
    u64 fuel;   /* 0: the engine's limit */
    bool trace;
} StartOptions;

typedef struct Engine Engine;

Engine *engine_open(const Limits *limits);
void engine_close(Engine *e);
Limits *engine_limits(Engine *e);
Stats *engine_stats(Engine *e);

/* Begins an instance: state is initial, onStart roots are queued; nothing has run. NULL when refused. */
Instance *engine_start(Engine *e, const Graph *g, const Program *p, const StartOptions *options);
void engine_end(Engine *e, Instance *in); /* stops and frees it; from a host function: when the slice is over */
Instance *engine_instance(Engine *e, u32 id);

InstanceStatus engine_status(const Engine *e, const Instance *in);
const char *engine_reason(const Instance *in); /* "" none */
u64 engine_fuel(const Instance *in);
u64 engine_yields(const Instance *in);
void engine_pause(Engine *e, Instance *in, bool paused);
void engine_stop(Engine *e, Instance *in);

/* Gives every instance that is idle and not paused a tick at `now` seconds of a clock that only the differences
** matter of: the first tick is time 0 of the instance, and a clock that goes back stands still. Busy ones drop it. */
void engine_tick(Engine *e, f64 now);
void engine_tick_one(Engine *e, Instance *in, f64 now);

/* When the next tick is worth it, in seconds after the last: 0 when some instance does something in every tick, else
** until the first delay is due; +Inf when no tick would do anything. */
f64 engine_next_due(const Engine *e);

/* What time alone will bring to an end: delays, interpolations, events that wait for the next tick. */
u32 engine_pending(const Instance *in);

/* Host input, in one FIFO; values are lanes in the event's order (absent ones already defaulted by the caller). A write
** is done at once when nothing has run yet or nothing is left to run. False: the run is over, or limit queue. */
bool engine_send(Engine *e, Instance *in, u32 event, const Slot *values);
bool engine_write(Engine *e, Instance *in, u32 first_slot, Type t, const Slot *value);
/* The host's answer to a pending call; from within host_call too. False: no such call waits. */
bool engine_complete(Engine *e, Instance *in, u32 call, HostAnswer answer, const Slot *results, u32 count);

/* Runs until nothing can run or the slice is over: host_now() past stats.deadline, or, with cadence set, after that
** much fuel. Reads the clock about four times a millisecond of work at most. With VARIANT_YIELDS 0 a passed
** deadline ends nothing, and a cadence leaves the runner and enters it again. Called from a host function that the
** engine called, it does nothing. */
EngineStatus engine_slice(Engine *e);

/* Forces a slice end every `fuel` fuel (0: clock only). In every variant the loop is left and entered again. */
void engine_cadence(Engine *e, u32 fuel);

/* Runs one instance alone, paused or not, until `activations` flow inputs were activated, it has nothing to run, or the
** slice is over. Returns how many. */
u64 engine_step(Engine *e, Instance *in, u64 activations);

#endif
