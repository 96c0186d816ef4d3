/* instance.h (run) - one running graph: its slots, its queues, and what its nodes do to the world.
**
** Runners change an instance through the functions here, so delays, events, interpolations, the log and the
** trace mean the same under each of them. The engine (floor above) decides which activation runs when. */
#ifndef TREADLE_INSTANCE_H
#define TREADLE_INSTANCE_H

#include "../base/buf.h"
#include "../base/host.h"
#include "../code/code.h"

typedef enum Runner { RUNNER_VM, RUNNER_WALK } Runner;

/* Why a runner came back. */
typedef enum RunStatus {
    RUN_DONE,   /* the activation is over */
    RUN_YIELD,  /* the budget is smaller than the next charge (in->charge); call again to go on */
    RUN_WAIT,   /* a host operation has not answered: the activation is parked under in->call */
    RUN_STEP,   /* in->steps activations were begun; the next one has not */
    RUN_LIMIT   /* a limit ended the run: in->reason and in->reason_node say which */
} RunStatus;

typedef struct Delay {
    f64 time;   /* due, seconds of the instance's clock */
    u64 serial; /* creation order; also its ref */
    u32 node;
} Delay;

typedef struct Interpolation {
    u64 serial;
    u32 node, variable;
    f64 start, duration, p1[2], p2[2];
    bool slerp, dead; /* dead: replaced or stopped while the list is walked */
    Slot from[LANES_MAX], to[LANES_MAX];
} Interpolation;

/* An event occurrence waiting in the FIFO; its values follow in a ring of slots. */
typedef struct Event {
    u32 event;
    u32 values; /* first slot in in->event_values */
} Event;

/* A parked activation: its frame, by runner. */
typedef struct Parked {
    u32 call;     /* number of the host call it waits for; 0: free */
    u32 node;     /* the host op's node */
    bool ready;   /* the host answered */
    i32 answer;   /* HostAnswer */
    u64 root;     /* its root number */
    u32 root_out; /* its root's flow output */
    Slot *frame;  /* owns: VM: temporaries and used stack; walk: its own shape */
    u32 frame_count;
    u32 pc, depth; /* VM: where to go on, stack height */
    Slot *own;     /* owns: values of the stateful outputs that belong to it (value output, lanes...) */
    u32 own_count;
    Slot *results; /* owns: what the host answered, lane by lane */
    u32 result_count;
} Parked;

/* The trace, kept when asked for: records as JSON lines and a running hash. */
typedef struct Trace {
    bool on;
    Buf text;
    u64 hash;
} Trace;

typedef struct Walk Walk; /* the walker's frame (walk.h) */

typedef struct Instance {
    Arena arena; /* owns the fixed parts */
    u32 id;      /* handle: unique in its engine */
    const Graph *graph;     /* borrowed */
    const Program *program; /* borrowed; NULL when the runner is walk */
    const Limits *limits;   /* borrowed from the engine */
    Runner runner;
    Slot *slots; /* program->slot_count, or graph->state_count under walk; state first */
    u64 seed;

    /* The activation in progress. */
    bool busy;     /* an activation is begun and not over */
    u32 pc, depth; /* VM */
    u32 marked;    /* VM, watched: how many marks at pc were handled already (its instruction has not run) */
    u32 root_out;  /* flow output that roots the activation in progress */
    Walk *walk;    /* walk */
    u64 root;      /* number of the current root activation, from 1 */
    i32 budget;    /* fuel left in this slice; the engine refills it */
    u32 charge;    /* with RUN_YIELD: what the next instruction wants */
    bool watch;    /* trace or stepping: the watching loop runs */
    u64 steps;     /* stepping: activations that may still begin; UINT64_MAX: no end */
    u64 activations; /* flow inputs activated so far (counted while watched) */
    u64 instructions; /* VM: dispatched; walk: nodes evaluated */

    /* Time, frozen while an activation runs. Seconds since start. */
    f64 now;
    f64 last_tick; /* NaN before the first */
    u64 ticks;

    /* What nodes left behind. */
    Delay *delays; /* binary heap by (time, serial); owns */
    u32 delay_count, delay_cap;
    Interpolation *interpolations; /* in creation order; owns */
    u32 interpolation_count, interpolation_cap;
    u64 serial; /* of the last delay or interpolation */

    Event *events; /* FIFO ring; owns */
    u32 event_head, event_count, event_cap;
    Slot *event_values;
    u32 value_head, value_count, value_cap;
    u32 tick_events; /* dispatched in this tick */
    u64 occurrence;  /* serial of the last event occurrence; its ref */
    bool stop_occurrence; /* stopPropagation(stopImmediate) of the occurrence being dispatched */

    Parked *parked; /* owns */
    u32 parked_count, parked_cap;
    u32 call; /* number of the last host call */

    Buf log;       /* JSON array body: {"severity","text","time"} separated by commas */
    u32 log_count; /* lines written, kept or not */
    u64 log_hash;
    Buf sent;      /* JSON array body: {"time","id","values"} of events with an id */
    u32 sent_count;
    u64 sent_hash;
    Trace trace;

    const char *reason; /* RUN_LIMIT: "fuel", "call-depth", "memory", ... ; static text */
    u32 reason_node;    /* NONE */
} Instance;

/* Memory for an instance and its initial state; NULL when refused. `program` NULL: runner walk. */
Instance *instance_open(const Graph *g, const Program *p, const Limits *limits, u32 id, u64 seed, bool trace);
void instance_close(Instance *in);

/* ---- for runners: effects of nodes ---- */

/* flow/setDelay. False (err flow): duration NaN, infinite, negative, or too many. Else lastDelay is set. */
bool instance_delay(Instance *in, u32 node, f64 duration);
void instance_delay_stop(Instance *in, u32 node); /* cancel input: all of this node, lastDelay = null */
void instance_delay_cancel(Instance *in, u64 ref);

/* event/send: values are captured, lane by lane in the event's order. Events with an id also go to the host
** and the record. False: the queue is full (in->reason is set; the runner returns RUN_LIMIT). */
bool instance_send(Instance *in, u32 event, const Slot *values);
void instance_stop_propagation(Instance *in, bool immediate, u64 ref);

/* variable/interpolate: args = value lanes, duration, p1 x 2, p2 x 2. False: err flow. */
bool instance_interpolate(Instance *in, u32 node, const Slot *args);
void instance_interpolate_stop(Instance *in, u32 variable);

/* math/random of this node in the current STATE_EPOCH: a hash of (seed, node, epoch), in [0,1). */
f64 instance_random(const Instance *in, u32 node);

/* pointer/get: out = value lanes, then isValid. pointer/set: args = parameters, then value; false: err flow. */
void instance_pointer_get(Instance *in, u32 node, const Slot *args, Slot *out);
bool instance_pointer_set(Instance *in, u32 node, const Slot *args);

/* debug/log: args = its values, lane by lane. */
void instance_log(Instance *in, u32 node, const Slot *args);

/* Calls the host. HOST_DONE and HOST_FAILED: results (when done) are in `results`. HOST_PENDING: the runner
** parks (instance_park) and returns RUN_WAIT. Past the limit host-calls: HOST_FAILED. */
HostAnswer instance_host(Instance *in, u32 node, const Slot *args, Slot *results);

/* A free Parked record for in->call; NULL: out of memory (in->reason is set). */
Parked *instance_park(Instance *in, u32 node);
void instance_unpark(Parked *p); /* gives back its memory */

/* Trace records; nothing when the trace is off. */
void instance_trace_activate(Instance *in, u32 flow_in);
void instance_trace_write(Instance *in, u32 variable);

/* ---- for the engine and observers ---- */

/* Appends one typed value as JSON: scalars bare, vectors as arrays, refs as null or text. */
void value_json(Buf *out, Type t, const Slot *value);

/* FNV-1a over a value's canonical bits. */
u64 value_hash(u64 hash, Type t, const Slot *value);

/* Easing of the interpolate ops: CSS cubic-bezier(p1, p2) at t in [0,1]: solve x(u) = t, return y(u). */
f64 bezier_ease(f64 t, const f64 p1[2], const f64 p2[2]);

/* Ends the run with a limit's name; the first reason stays. */
void instance_fail(Instance *in, const char *reason, u32 node);

#endif
