/* instance.h (run) - one running graph: its slots, its queues, what its nodes do to the world.
**
** Runners change an instance through the functions here, so delays, events, interpolations, the
** log and the trace mean the same under each of them. The engine (floor above) decides which
** activation runs when. */
#ifndef TREADLE_INSTANCE_H
#define TREADLE_INSTANCE_H

#include "../base/buf.h"
#include "../base/hash.h"
#include "../base/host.h"
#include "../code/code.h"
#include "share.h"

/* What of an occurrence is over: it rises no further, nor do other nodes hear of it where it is. STOP_TICKS: the same of
** the tick, said by one who heard of something else. */
enum { STOP_RISE = 1, STOP_REST = 2, STOP_TICKS = 4 };

/* Who runs an instance. WASM to SCHEDULER: code compiled in a shape (compiled.h) and nothing else, but for steps; AUTO: the machine,
** then preemptible code as soon as there is some. */
typedef enum Runner { RUNNER_VM, RUNNER_WALK, RUNNER_WASM, RUNNER_STRUCTURED, RUNNER_SCHEDULER, RUNNER_AUTO, RUNNERS } Runner;

/* Why a runner came back. */
typedef enum RunStatus {
    RUN_DONE,  /* the activation is over */
    RUN_YIELD, /* the budget is smaller than the next charge (in->charge); call again to go on */
    RUN_WAIT,  /* a host operation has not answered: the activation is parked under in->call */
    RUN_STEP,  /* in->steps activations were begun; the next one has not */
    RUN_OTHER, /* compiled code cannot go on from in->pc: the machine does */
    RUN_LIMIT  /* a limit ended the run: in->reason and in->reason_node say which */
} RunStatus;

/* A running variable/interpolate or pointer/interpolate: an entry of a list in creation order, laid out in a pool. */
typedef struct Interpolation {
    u32 before, after; /* neighbours, NONE at the ends; after: the next free entry of the pool */
    u64 serial;
    u32 node;
    u32 target; /* a variable; variable_count + a cell of the object model; NONE: a pointer that the host serves ... */
    u32 served; /* ... this one ... */
    u64 pointer_hash;             /* ... (served_hash) ... */
    Slot args[SERVED_PARAMETERS]; /* ... with these parameters */
    Type type;
    f64 start, duration, p1[2], p2[2];
    bool slerp;
    Slot from[LANES_MAX], to[LANES_MAX];
} Interpolation;

/* The lists, in the order in which a tick steps them. */
typedef enum Interpolates { INTERPOLATES_VARIABLES, INTERPOLATES_POINTERS, INTERPOLATES } Interpolates;

typedef struct InterpolationList {
    u32 first, last; /* in the pool, NONE */
    u32 next;        /* the next to be stepped in this tick, NONE: all are */
    u32 count;
} InterpolationList;

/* What waits in the FIFO: an event occurrence, or a value the host writes. Its lanes follow in a
** ring of slots: an event's values; controller, point and origin of a select; controller of a hover. */
typedef struct Event {
    u32 event; /* index, or one of the below */
    u32 slot;  /* write: first state slot; select, hover: node of the glTF, NONE: nothing is hovered */
    u32 lanes;
    u32 cell; /* write: of the object model, NONE: of a variable or an input */
} Event;

#define EVENT_WRITE  NONE
#define EVENT_SELECT (NONE - 1)
#define EVENT_HOVER  (NONE - 2)

enum { SELECT_LANES = 7, HOVER_LANES = 1, CONTROLLERS_MAX = 64 };

/* What is being told to several nodes: an event to its receivers, or what happens to the glTF's nodes. */
typedef enum Dispatch {
    DISPATCH_SELECT,
    DISPATCH_HOVER_IN,
    DISPATCH_HOVER_OUT,
    DISPATCH_SCENES,
    DISPATCH_EVENT = DISPATCH_SCENES
} Dispatch;

/* Nodes that listen to what happens to a node of the glTF, grouped by that one, in file order. */
typedef struct Handlers {
    u32 *nodes;
    u32 *first; /* node n's from [n] to [n + 1]; NULL: there are none */
} Handlers;

/* The nodes that start activations, by load index: found once, so that nobody searches the graph
** for them. */
typedef struct Roots {
    u32 *starts, start_count; /* event/onStart */
    u32 *ticks, tick_count;   /* event/onTick */
    u32 *receivers;           /* event/receive, grouped by event ... */
    u32 *receiver_first;      /* ... event e's from [e] to [e + 1] */
    Handlers handlers[DISPATCH_SCENES];
    bool heard; /* an event with an id has a receiver, or a node a handler: the host can wake this graph */
} Roots;

/* A parked activation: its frame, by runner. */
typedef struct Parked {
    u32 call;     /* number of the host call it waits for; 0: free */
    u32 node;     /* the host op's node */
    bool ready;   /* the host answered */
    u64 order;    /* ready: answers are taken up in the order they came */
    i32 answer;   /* HostAnswer */
    u64 root;     /* its root number */
    u32 root_out; /* its root's flow output */
    Slot *frame;  /* owns: VM: temporaries and used stack; walk: its own shape */
    u32 frame_count;
    u32 pc, depth; /* VM: where to go on, stack height */
    Slot *own;     /* owns: values of the stateful outputs that belong to it, by runner */
    u32 own_count;
    Slot *results; /* owns: what the host answered, lane by lane */
    u32 result_count;
} Parked;

/* The trace, kept when asked for: a running hash, and records as JSON lines:
**   {"root":1,"node":"loop","in":"in"}
**   {"set":"sum","value":3}
**   {"set":"/nodes/3/translation","value":[0,1,0]}
**   {"send":"won","values":{"by":2}} */
typedef struct Trace {
    bool on;
    Buf text; /* the first TRACE_TEXT_MAX bytes; the hash goes on */
    u64 hash;
} Trace;

enum { TRACE_TEXT_MAX = 64 * 1024 * 1024 };

enum { TURNS_MOST = 16 }; /* a power of 2 */

typedef struct Walk Walk; /* the walker's frame (walk.h) */
typedef struct Play Play; /* an animation that plays (animate.h) */

typedef struct Instance {
    Arena arena;            /* owns the fixed parts */
    u32 id;                 /* handle: unique in its engine */
    const Graph *graph;     /* borrowed */
    const Program *program; /* borrowed; NULL when the runner is walk */
    const struct Compiled *compiled; /* borrowed; NULL: none (compiled.h) */
    Limits *limits;         /* those of its start; in arena */
    Runner runner;
    Slot *slots; /* program->slot_count, or graph->state_count under walk; state first */
    u64 of_seed; /* of math/random: chance_of_seed (share.h) */
    Roots roots; /* in arena */
    u64 grown;   /* bytes of queues and lists outside the arena: both count against limit memory */
    struct Task *task; /* the engine's record of it; nobody else looks inside */
    void *owner;       /* of whoever started it */

    /* The activation in progress. */
    bool busy;        /* an activation is begun and not over */
    u32 pc, depth;    /* VM */
    u32 marked;       /* VM, watched: marks at pc that were handled; its instruction has not run */
    u32 root_out;     /* flow output that roots the activation in progress */
    Walk *walk;       /* walk */
    u64 root;         /* number of the current root activation, from 1 */
    i32 budget;       /* fuel left in this slice; the engine refills it */
    u32 work;         /* what a step between activations did, in the measure of fuel; the engine sets it back */
    u32 charge;       /* with RUN_YIELD: what the next instruction wants */
    bool watch;       /* trace or stepping: the watching loop runs */
    u64 steps;        /* stepping: activations that may still begin; UINT64_MAX: no end */
    u64 activations;  /* flow inputs activated so far (counted while watched) */
    struct {
        u32 ring[TURNS_MOST], head, tail;
    } turns; /* scheduler shape: ids of blocks that are to run */
    u64 instructions; /* VM: dispatched; walk: nodes evaluated; compiled code counts none */
    bool stepped;     /* the activation in progress was stepped: the machine may go on with it whatever the runner */
    u32 ran;          /* bits of Runner: who has run it ... */
    u64 fuel_by[RUNNERS]; /* ... and what each charged; compiled code as the runner of its shape */

    /* Time, frozen while an activation runs. Seconds since start. */
    f64 now;
    f64 last_tick; /* NaN before the first */
    u64 ticks;

    /* What nodes left behind. */
    u8 *changed;      /* by cell of the object model that may be written: it was, since observers last looked; in arena */
    u32 *changes;     /* these cells, in the order of their first write; in arena */
    u32 change_count;
    Delay *delays; /* binary heap by (time, serial); owns */
    u32 delay_count, delay_cap;
    Interpolation *interpolations; /* the pool of both lists; owns */
    u32 interpolation_free, interpolation_cap; /* the first of its free entries, NONE; all of them */
    InterpolationList interpolating[INTERPOLATES];
    u32 *interpolation_of; /* by target: its running interpolation, NONE; in arena */
    u64 serial;            /* of the last delay, interpolation or animation */

    Play *plays;                             /* by animation of the glTF; in arena */
    u32 play_first, play_last, play_next;    /* of the list in them, as those of the interpolations */
    u32 play_count;
    u32 *key_cursors; /* by channel of the animations: the key found last; in arena */

    Event *events; /* FIFO ring; owns */
    u32 event_head, event_count, event_cap;
    Slot *event_values;
    u32 value_head, value_count, value_cap;
    Slot *occurrence_values; /* of the occurrence being dispatched; in arena */
    u32 tick_events;         /* dispatched in this tick */
    bool held;               /* the warning that tick_events reached its limit was written */
    u64 occurrence;       /* number of the event occurrence that the current root is of, 0 none */
    u64 tick_occurrence;  /* of the onTick nodes that are still to come in this tick, 0 none: events may come before them */
    u8 stops;             /* what event/stopPropagation has ended: STOP_RISE, STOP_REST, STOP_TICKS */
    u32 *hovered; /* by controller: node of the glTF, NONE; in arena; NULL: nobody listens */

    Parked *parked; /* owns; records in use have a call */
    u32 parked_count, parked_cap;
    u64 answers, taken; /* parked calls answered so far, and of these those taken up again */
    u32 call;           /* number of the last host call */
    bool calling; /* the host is being called, by call_node: it may answer before it returns */
    u32 call_node;
    bool answered; /* it did: */
    i32 answer;
    Slot *answer_results; /* where its results go; the runner's, during the call */

    Buf line, message; /* scratch for one record, and for a log line's text */
    Buf log;           /* JSON array body: {"severity","text","time"} separated by commas */
    u32 log_count;     /* lines written, kept or not (limit log) */
    u64 log_hash;
    Buf sent;       /* JSON array body: {"time","id","values"} of events with an id */
    u32 sent_count; /* events sent, kept or not (limit log) */
    u64 sent_hash;
    Trace trace;

    const char *reason; /* RUN_LIMIT: "fuel", "call-depth", "memory", ... ; static text */
    u32 reason_node;    /* NONE */
} Instance;

/* Memory for an instance and its initial state; NULL when refused. `program` NULL: runner walk. */
Instance *instance_open(const Graph *g, const Program *p, const Limits *limits, u32 id, u64 seed,
                        bool trace);
void instance_close(Instance *in);

/* Grows (old NULL: takes) a block outside the arena; NULL, with the old block as it was, when
** limit memory or the system refuses. */
void *instance_grow(Instance *in, void *old, u64 old_size, u64 new_size);

/* ---- for runners: effects of nodes ---- */

/* flow/setDelay. False (err flow): duration NaN, infinite, negative, or too many. Else lastDelay
** is set. */
bool instance_delay(Instance *in, u32 node, f64 duration);
/* Its cancel input: all of this node, lastDelay = null. By reference: one; any ref is accepted. */
void instance_delay_stop(Instance *in, u32 node);
void instance_delay_cancel(Instance *in, u64 ref);

/* event/send: values are captured, lane by lane in the event's order. Events with an id also go
** to the host and the record. False: the queue is full (in->reason is set; the runner returns
** RUN_LIMIT). */
bool instance_send(Instance *in, u32 event, const Slot *values);
void instance_stop_propagation(Instance *in, bool immediate, u64 ref);

/* variable/interpolate: args = value lanes, duration, p1 x 2, p2 x 2; pointer/interpolate: parameters, then the same.
** False: err flow. */
bool instance_interpolate(Instance *in, u32 node, const Slot *args);
bool instance_pointer_interpolate(Instance *in, u32 node, const Slot *args);
/* A running one of this target (a variable, variable_count + cell) ends silently. */
void instance_interpolate_stop(Instance *in, u32 target);

/* The same for a pointer that the host serves. */
void interpolate_stop_served(Instance *in, u32 served, const Slot *args);

/* math/random of this node in the current STATE_EPOCH: a hash of (seed, node, epoch), in [0,1). */
f64 instance_random(const Instance *in, u32 node);

/* pointer/get: out = value lanes, then isValid; args = parameters. pointer/set: false: err flow. */
void instance_pointer_get(Instance *in, u32 node, const Slot *args, Slot *out);
bool instance_pointer_set(Instance *in, u32 node, const Slot *args, const Slot *value);

/* debug/log: args = its values, lane by lane. */
void instance_log(Instance *in, u32 node, const Slot *args);

/* Calls the host. HOST_DONE and HOST_FAILED: results (when done) are in `results`. HOST_PENDING:
** the runner parks (instance_park) and returns RUN_WAIT. Past the limit host-calls: HOST_FAILED. */
HostAnswer instance_host(Instance *in, u32 node, const Slot *args, Slot *results);

/* A free Parked record for in->call; NULL: out of memory (in->reason is set). */
Parked *instance_park(Instance *in, u32 node);
void instance_unpark(Parked *p); /* gives back its memory */

/* Trace records; nothing when the trace is off. */
void instance_trace_activate(Instance *in, u32 flow_in);
void instance_trace_write(Instance *in, u32 variable);
void instance_trace_send(Instance *in, u32 event, const Slot *values);
void instance_trace_pointer(Instance *in, u32 cell);

/* ---- for the engine ---- */

/* Takes the next delay due at in->now out of the queue, when it was made before `serial` or as
** that; false: none. */
bool delay_take_due(Instance *in, u64 serial, Delay *out);

/* Steps one list of running interpolations in a tick: begin, then next until it is false. next writes
** one target; when that one arrived, *node is its node, whose done output is to be activated,
** else NONE. Those begun after `serial` wait. */
void interpolate_begin(Instance *in, Interpolates list);
bool interpolate_next(Instance *in, Interpolates list, u64 serial, u32 *node);
/* How many run, of both. */
static inline u32 interpolate_count(const Instance *in) {
    return in->interpolating[INTERPOLATES_VARIABLES].count + in->interpolating[INTERPOLATES_POINTERS].count;
}

/* The FIFO. Why something cannot be put in, as a limit's name, or NULL. */
const char *event_put(Instance *in, Event e, const Slot *lanes);
/* Takes the first one out, its lanes into in->occurrence_values; false: empty. */
bool event_take(Instance *in, Event *out);
/* Slots of an event's values. */
u32 event_lanes(const Graph *g, u32 event);
/* Gives a receiver the values of the occurrence being dispatched; a handler also the node that was hit. */
void event_deliver(Instance *in, u32 node);
void event_deliver_hit(Instance *in, u32 node, u32 hit);

/* A line of the log that no node wrote. */
void log_write(Instance *in, i32 severity, Text text);

/* The parked activation of a call that the host has not answered; NULL. */
Parked *call_find(Instance *in, u32 call);
/* The host's answer; results are lanes in the op's order, copied. False: out of memory. */
bool call_answer(Instance *in, Parked *p, HostAnswer answer, const Slot *results, u32 count);
/* The activation whose answer came first; NULL. */
Parked *call_ready(Instance *in);
/* Slots of a node's value outputs. */
u32 call_lanes(const Graph *g, u32 node);

/* ---- for observers ---- */

/* Appends one typed value as JSON: scalars bare, vectors as arrays, refs as null or text. */
void value_json(Buf *out, Type t, const Slot *value);

/* The same for people: NaN, Infinity, vectors as (1, 2, 3). */
void value_text(Buf *out, Type t, const Slot *value);

/* FNV-1a over a value's canonical bits. */
u64 value_hash(u64 hash, Type t, const Slot *value);

/* Ends the run with a limit's name; the first reason stays. */
void instance_fail(Instance *in, const char *reason, u32 node);

#endif
