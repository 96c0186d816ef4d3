/* alone.h (run) - a compiled graph without the engine: what is known of it, its state, and what runs its roots.
**
** The same text goes two ways: alone.c is compiled into the runtime module that standalone .wasm files are made of, and
** what a graph needs of it is printed into its C file. So it is plain C without an allocator: all memory is in the state,
** and all rooms are fixed when the graph is compiled. Its rules are those of the engine (engine/root.c, run/event.c,
** delay.c, interpolate.c, vm.c); tests/native/cgen.test.js compares them.
**
** Compiled code is units (code/cfg.h) that leave and are entered as compiled.h says, on an Alone in place of an Instance.
** pcs are those of the Program. */
#ifndef TREADLE_ALONE_H
#define TREADLE_ALONE_H

#include "../base/base.h"
#include "share.h"

/* ---- what is known of a graph: constant ----
**
** On wasm32 every field is 4 bytes (pointers are addresses): tables can be laid out word by word. Absent: NONE, NULL. */

/* A named, typed value: a variable, a graph input or output, a value of an event. */
typedef struct AlonePort {
    const char *name, *type; /* "sum", "float3"; name "": a variable that has only an index */
    u32 letter; /* what each lane is: 'B' bool, 'I' int, 'F' float, 'R' ref */
    u32 lanes;
    u32 slot;   /* the first one in the state; of an event's value: its first lane among the event's */
    u32 entry;  /* of an output that must be computed: the pc where; of an event's value: its default in `initial`; else NONE */
    u32 move;   /* of a variable that is interpolated: its place in Alone.moves; else NONE */
} AlonePort;

typedef struct AloneEvent {
    const char *id;                    /* "" internal: the host does not hear of it */
    u32 value_first, value_past;       /* in values */
    u32 lanes;                         /* of all its values */
    u32 receiver_first, receiver_past; /* in receivers */
} AloneEvent;

typedef struct AloneNode {
    const char *id, *op; /* id "": known by its handle only, which is its index */
    u32 out;    /* slot of its first value output, when that is state; the others lie behind it */
    u32 state;  /* private slots: used flags of a multiGate, seen flags of a waitAll, stamp of a throttle */
    u32 params; /* in params, as in graph.h; NONE: none that matter at run time */
    u32 flows;  /* flow outputs */
    u32 lanes;  /* of all its value outputs */
    u32 root;   /* pc where its root activation begins: `out` of an event, `done` of what waits; NONE: unconnected */
} AloneNode;

/* A piece of a debug/log message: text, or a value. */
typedef struct AlonePiece {
    const char *text; /* NULL: a value, of these lanes of the arguments */
    u32 letter, lanes, lane;
} AlonePiece;

typedef struct AlonePlan {
    const char *name;
    const AloneNode *nodes;
    const AlonePort *variables, *inputs, *outputs, *values;
    const AloneEvent *events;
    const u32 *order;                      /* all nodes, each behind those whose values it reads */
    const u32 *starts, *ticks, *receivers; /* nodes: event/onStart, event/onTick; event/receive by event */
    const i32 *params;
    const AlonePiece *pieces;
    const Slot *initial; /* state and constants: the first `initials` slots; behind them the defaults of events' values */
    u32 node_count, variable_count, input_count, output_count, event_count, start_count, tick_count;
    u32 initials, slot_count, stack_first, stack_count; /* slots: state | constants | temporaries | stack, as in code.h */
    u32 event_lanes;             /* the most lanes of anything in the queue; at least 1 */
    u32 heard;                   /* 1: an event with an id has a receiver, so that the host can wake this graph */
    u32 call_depth, tick_events; /* limits; tick_events 0: none */
    u32 delays, queue;           /* limits, and the rooms in the state */
    u32 interpolations, moves;   /* limit, 0: none; room: one for each variable that is interpolated */
} AlonePlan;

/* ---- the state ---- */

/* What waits in the queue: an event's occurrence, or what the host writes. */
typedef struct AloneEntry {
    u32 event;       /* NONE: a write, from this slot on */
    u32 slot, lanes;
} AloneEntry;

enum { ALONE_LANES = 16 };

/* A running variable/interpolate. */
typedef struct AloneMove {
    u64 serial; /* 0: it does not run */
    f64 start, duration, p1[2], p2[2];
    u32 node, variable;
    u32 before, after; /* in the list, NONE at its ends */
    Slot from[ALONE_LANES], to[ALONE_LANES];
} AloneMove;

typedef enum AlonePhase {
    ALONE_STARTS, /* event/onStart, from `next` on */
    ALONE_DELAYS, /* a tick: due delays, */
    ALONE_MOVES,  /* interpolations, */
    ALONE_TICKS,  /* event/onTick, from `next` on */
    ALONE_RESTS   /* between ticks */
} AlonePhase;

typedef enum AloneStatus {
    ALONE_DONE, /* nothing to run until the host does something, or time passes */
    ALONE_MORE, /* the fuel is gone: run it again */
    ALONE_LIMIT /* a limit ended the run: `reason` says which */
} AloneStatus;

typedef struct Alone {
    /* What compiled code reads and writes; the same places everywhere. */
    u32 pc, depth; /* where the activation stands; entries on its stack */
    i32 budget;    /* fuel that is left */
    u32 charge;    /* what an instruction wanted that could not be paid */
    Slot *slots;   /* plan->slot_count */

    /* Set before alone_open. */
    const AlonePlan *plan;
    Delay *delays;       /* plan->delays */
    AloneEntry *queue;   /* plan->queue */
    Slot *queue_values;  /* plan->queue x event_lanes */
    AloneMove *moves;    /* plan->moves */
    Slot *told;          /* event_lanes: of the occurrence that is being told */
    const void *host;    /* whoever answers alone_said, alone_sent, alone_called */

    u32 deepest; /* emitted C: stack entries from which on units do not call each other but go through the run loop */

    u64 of_seed, fuel, fuel_limit; /* charged so far; most of a run, 0: no limit */
    u64 serial;                 /* of the last delay or interpolation */
    u64 occurrences;            /* numbers given so far */
    u64 occurrence;             /* that the current root is of, 0 none */
    u64 event_occurrence, list_occurrence, tick_occurrence; /* of what is told; of onStart or onTick; see instance.h */
    u64 tick_serial;            /* delays and interpolations made after this one are not of this tick */
    f64 now, since_tick, last_tick, origin;
    u64 ticks;

    const char *reason; /* "fuel", "call-depth", "queue"; NULL: none */
    u32 reason_node;    /* NONE: none */
    u32 busy;           /* 1: an activation is begun and not over */
    u32 begun;          /* 1: something has run */
    u32 phase, root_phase;
    u32 next;                    /* of the onStart or onTick nodes */
    u32 receiver, receiver_past; /* who is still to be told */
    u32 stops;                   /* what event/stopPropagation ended: of the root's own list 1, of the tick 2 */
    u32 delay_count;
    u32 queue_first, queue_count;
    u32 tick_events, held; /* dispatched in this tick; 1: it was said that some wait */
    u32 move_first, move_last, move_next, move_count;
} Alone;

/* Offsets in an Alone, in each ABI; that of slots on wasm32 (and of 64 bits: it follows 16 bytes). */
enum { ALONE_AT_PC = 0, ALONE_AT_DEPTH = 4, ALONE_AT_BUDGET = 8, ALONE_AT_CHARGE = 12, ALONE_AT_SLOTS = 16 };

enum { ALONE_LEVELS = 200 }; /* how deep units in C may call each other */

/* What a unit returns when it left otherwise than by CODE_ret or CODE_halt (for these: the fuel left). As CompiledLeft. */
enum { ALONE_LEFT_CHARGE = -1, ALONE_LEFT_GO = -2, ALONE_LEFT_LIMIT = -3 };

/* ---- what the compiled graph and its host supply ---- */

/* Enters the unit of s->pc with so much fuel, s->depth stack entries being in use there. What it returns is the unit's. Before
** the unit runs, s->depth is set to what it was at the beginning of that unit (its own return address is the last entry):
** so it stays when the unit returns. Where it left, s->pc and s->depth say where; s->budget is the fuel that is left, and
** for ALONE_LEFT_CHARGE, less the charge (so below 0), and s->charge the charge. */
SHARED i32 alone_unit(Alone *s, i32 fuel);

/* A debug/log node's line, values as its inputs; node NONE: events wait since there were too many in one tick. */
SHARED void alone_said(Alone *s, u32 node, const Slot *values);
/* An event with an id was sent. */
SHARED void alone_sent(Alone *s, u32 event, const Slot *values);
/* A host op. 1: done, results are written; else it takes its flow err. */
SHARED i32 alone_called(Alone *s, u32 node, const Slot *args, Slot *results);

/* ---- for the host ---- */

/* Everything but the pointers is set as at the beginning. */
SHARED void alone_open(Alone *s, u64 seed);
/* Goes on until nothing is to be done or so much fuel is gone; a single charge larger than that is granted. */
SHARED AloneStatus alone_run(Alone *s, u64 fuel);
/* A tick at `now` seconds of any clock that does not go back: 1. Dropped while it runs: 0. */
SHARED i32 alone_tick(Alone *s, f64 now);
/* An event from outside, values lane by lane; a value for `lanes` slots from `slot` on, a variable's or a graph input's.
** Both wait their turn while something runs. 0: over, or the queue is full. */
SHARED i32 alone_post(Alone *s, u32 event, const Slot *values);
SHARED i32 alone_write(Alone *s, u32 slot, u32 lanes, const Slot *values);
/* Graph output k: its lanes, valid until something runs. */
SHARED const Slot *alone_output(Alone *s, u32 k);
/* Something may still happen to it by itself or by an event: 1. */
SHARED i32 alone_waits(const Alone *s);

/* ---- for compiled code: the INS_EFFECT instructions, by name, with their operands as in code.def ----
**
** Slots are indices in s->slots. 1: go on behind the instruction; 0: a limit ended the run (ALONE_LEFT_LIMIT). */
#define ALONE_EFFECT(code) SHARED i32 alone_##code(Alone *s, UNUSED i32 a, UNUSED i32 b, UNUSED i32 c, UNUSED i32 d)
ALONE_EFFECT(epoch);
ALONE_EFFECT(enter);
ALONE_EFFECT(leave);
ALONE_EFFECT(delay);
ALONE_EFFECT(delay_stop);
ALONE_EFFECT(delay_cancel);
ALONE_EFFECT(throttle);
ALONE_EFFECT(throttle_reset);
ALONE_EFFECT(gate);
ALONE_EFFECT(gate_reset);
ALONE_EFFECT(wait_all);
ALONE_EFFECT(wait_all_reset);
ALONE_EFFECT(send);
ALONE_EFFECT(stop);
ALONE_EFFECT(interpolate);
ALONE_EFFECT(interpolate_stop);
ALONE_EFFECT(random);
ALONE_EFFECT(log);
ALONE_EFFECT(host);

#endif
