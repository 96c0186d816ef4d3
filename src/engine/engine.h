/* engine.h (engine) - many running graphs, one run loop: roots, ticks, fair turns, slices.
**
** Root order of one instance: onStart nodes in file order; then, whenever nothing is running:
** the other receivers of the occurrence being dispatched, what hosts resumed, the FIFO of events,
** selects and hovers (one occurrence's receivers in file order; through the glTF's nodes: scene.c), and in a tick, with `now` frozen: due delays by
** (time, creation), interpolations in creation order, animations in creation order, onTick nodes
** in file order. So the FIFO is
** drained after every root activation once all onStart nodes have run. What a tick finds is
** fixed when it begins: a delay of 0 set in it is due in the next one. Beyond limit tick-events
** the FIFO waits for the next tick. While an activation is suspended by fuel nothing else of its
** instance runs, and ticks that fall due are dropped. Between instances: round robin by fuel. */
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

/* The read-outs of stat.def, in its order. */
typedef struct Stats {
#define STAT(id, meaning) f64 id;
#include "stat.def"
#undef STAT
} Stats;

typedef struct StartOptions {
    Runner runner;
    const struct Compiled *compiled; /* borrowed: what WASM to SCHEDULER run, and what AUTO may; NULL: none */
    u64 seed;
    u64 fuel; /* 0: the engine's limit */
    bool trace;
} StartOptions;

typedef struct Engine Engine;

Engine *engine_open(const Limits *limits);
void engine_close(Engine *e);
Limits *engine_limits(Engine *e);
Stats *engine_stats(Engine *e);

/* Begins an instance: state is initial, onStart roots are queued; nothing has run. NULL when
** refused. */
Instance *engine_start(Engine *e, const Graph *g, const Program *p, const StartOptions *options);
/* Stops and frees it; from a host function: when the slice is over. */
void engine_end(Engine *e, Instance *in);
Instance *engine_instance(Engine *e, u32 id);

/* Code was made of a program: its instances of runner AUTO that it fits go on in it. */
void engine_adopt(Engine *e, const Program *p, const struct Compiled *c);

/* The next instance of runner AUTO, with a trace or without, that has been at work in the machine for so long that code for it is worth
** making: each once; NULL. */
Instance *engine_hot(Engine *e, bool trace);

/* From here on another runner goes on with it: the machine, or code (borrowed). Where code cannot come in at once, the machine goes on
** to where it can. False: a walker's frames are its own, or a slice is running. */
bool engine_change(Engine *e, Instance *in, Runner runner, const struct Compiled *code);

InstanceStatus engine_status(const Engine *e, const Instance *in);
const char *engine_reason(const Instance *in); /* "" none */
u64 engine_fuel(const Instance *in);
u64 engine_yields(const Instance *in);

/* For tests that compare runners: from now on every yield that a cadence forces is added to a hash of where they left the run
** (run/imprint.h). False: the runner is walk, whose frames are its own, or no memory. Then, and before, there is no such hash: NULL. */
bool engine_watch_yields(Instance *in);
const u64 *engine_yields_hash(const Instance *in);
/* The same of where it stands now. Only after engine_watch_yields. */
u64 engine_imprint(const Instance *in);
void engine_pause(Engine *e, Instance *in, bool paused);
void engine_stop(Engine *e, Instance *in);

/* Gives every instance that is idle and not paused a tick at `now` seconds of a clock that only
** the differences matter of: the first tick is time 0 of the instance, and a clock that goes
** back stands still. Busy ones drop it. */
void engine_tick(Engine *e, f64 now);
void engine_tick_one(Engine *e, Instance *in, f64 now);

/* Whether time alone will bring something to an end (delays, interpolations, animations with an
** end or a stop ahead, events that wait for the next tick), and when: seconds after the last tick
** until the first delay is due, 0 when every tick has work, +Inf when nothing is pending. onTick
** nodes and animations without an end do not count. Of one instance; NULL: the least of all. */
f64 engine_next_due(const Engine *e, const Instance *in);

/* What graph output i holds now, LANES_MAX slots. */
void engine_output(Instance *in, u32 i, Slot *out);

/* Host input, in one FIFO; values are lanes in the event's order (absent ones already defaulted
** by the caller). A write is done at once when nothing has run yet or nothing is left to run.
** False: the run is over, or limit queue. */
bool engine_send(Engine *e, Instance *in, u32 event, const Slot *values);
/* A node of the glTF, which exists, was selected; values = controller, point x 3, origin x 3. A
** controller now hovers over a node, or over nothing (NONE). Without handlers nothing happens. */
bool engine_select(Engine *e, Instance *in, u32 node, const Slot *values);
bool engine_hover(Engine *e, Instance *in, u32 node, u32 controller);
bool engine_write(Engine *e, Instance *in, u32 first_slot, Type t, const Slot *value);
bool engine_write_cell(Engine *e, Instance *in, u32 cell, const Slot *value); /* of the object model */
/* The host's answer to a pending call; from within host_call too. False: no such call waits. */
bool engine_complete(Engine *e, Instance *in, u32 call, HostAnswer answer, const Slot *results,
                     u32 count);

/* Runs until nothing can run or the slice is over: host_now() past stats.deadline, or, with
** cadence set, after that much fuel. Reads the clock about four times a millisecond of work at
** most. With VARIANT_YIELDS 0 a passed deadline ends nothing, and a cadence leaves the runner
** and enters it again. Called from a host function that the engine called, it does nothing. */
EngineStatus engine_slice(Engine *e);

/* Forces a slice end every `fuel` fuel (0: clock only). In every variant the loop is left and
** entered again. */
void engine_cadence(Engine *e, u32 fuel);

/* Runs one instance alone, paused or not, until `activations` flow inputs were activated, it has
** nothing to run, or the slice is over. Returns how many. */
u64 engine_step(Engine *e, Instance *in, u64 activations);

#endif
