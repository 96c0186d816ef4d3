/* task.h (engine) - what the engine keeps beside each instance; only its own files look inside. */
#ifndef TREADLE_TASK_H
#define TREADLE_TASK_H

#include "../base/table.h"
#include "engine.h"

/* What an instance is in the middle of, when it is not in the middle of an activation. */
typedef enum Phase {
    PHASE_START,          /* onStart nodes, from `next` on */
    PHASE_DELAYS,         /* a tick: due delays ... */
    PHASE_INTERPOLATIONS, /* ... interpolations of variables ... */
    PHASE_POINTERS,       /* ... and of pointers ... */
    PHASE_ANIMATIONS,     /* ... animations ... */
    PHASE_TICKS,          /* ... onTick nodes, from `next` on */
    PHASE_REST            /* between ticks */
} Phase;

/* Whether compiled code would pay. */
typedef enum Heat { HEAT_COLD, HEAT_HOT, HEAT_TOLD } Heat;

typedef struct Task Task;

struct Task {
    Instance *in;         /* owns */
    Task *before, *after; /* the ring of tasks that have work; NULL: not in it */

    Phase phase;
    Phase root_phase; /* of the root: START, TICKS: of that list; REST: a receiver; else neither */
    u32 next;
    u64 list_occurrence; /* of the onStart or onTick nodes */
    u64 serial;          /* delays, interpolations and animations made after this one are not of this tick */
    f64 since_tick;      /* seconds between this tick and the one before, NaN in the first */
    f64 origin;          /* the host's clock at the first tick */

    Dispatch dispatch; /* what is being told, to the nodes ... */
    const u32 *receivers;
    u32 receiver, receiver_end; /* ... from here to there */
    u32 hit;                    /* select, hover: the node of the glTF where the occurrence began, */
    u32 rising, rise_end;       /* whose handlers are next, NONE: it is at its end; where it ends */
    u32 entering;               /* hover: the node that onHoverIn will begin at, NONE */
    u64 event_occurrence;
    u64 occurrences, roots; /* numbers given so far */

    u64 fuel, fuel_limit; /* charged; 0: no limit */
    u64 yields;
    const u8 *letters; /* by slot, in the instance's arena: where its yields leave it is hashed; NULL: it is not */
    u64 yields_hash;
    Heat heat;
    bool begun; /* something has run */
    bool paused, stopped;
    bool doomed; /* freed when the slice is over */
};

/* Grants are counted in grains: what a unit of fuel costs compiled code. The machine is about so much slower. */
enum { MACHINE_GRAINS = 16 };

struct Engine {
    Limits limits;
    Stats stats;
    Table tasks;
    Task *ready; /* whose turn is next, in a ring; NULL: nobody has work */
    bool inside; /* a slice is running */
    bool dooms;  /* some task is doomed */
    bool yields; /* VARIANT_YIELDS */
    bool heated[2]; /* some task without, with a trace is hot */
    u32 cadence;

    i64 left;                           /* grains until the clock is read */
    i64 granted;                        /* what `left` was */
    i64 cadence_left;                   /* fuel until the cadence ends the slice */
    f64 rate;                           /* grains per ms, as the last read saw it */
    f64 read_at;                        /* host_now() of the last read */
    f64 opened_at;                      /* of the slice */
    f64 window_ms, window_instructions; /* stats.rate's sample in the making */
};

/* root.c: takes one step towards the next root activation. False: nothing to do. True: something
** was done, and an activation is begun if in->busy. */
bool root_next(Task *t);
/* The current root activation is over, or waits for a host. */
void root_over(Task *t);
/* scene.c: a select or hover taken from the FIFO begins; goes on to the next handlers; there are none. */
void scene_select(Task *t, u32 node);
void scene_hover(Task *t, u32 node);
void scene_next(Task *t);
bool scene_rests(const Task *t);
/* Nothing is running or being dispatched, and no tick is under way. */
bool root_rests(const Task *t);
/* root_next would find something, or an activation is in progress. */
bool root_has_work(const Task *t);
/* Does a host's write. */
void root_write(Instance *in, Event e, const Slot *value);

/* engine.c: puts a task into the ring of those with work, or takes it out. */
void task_settle(Engine *e, Task *t);
void task_free(Engine *e, Task *t);
static inline bool task_is_over(const Task *t) { return t->stopped || t->in->reason; }

#endif
