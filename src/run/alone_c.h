/* alone_c.h (run) - what a graph compiled to C shows its program: the functions to run it, and those it calls. */
#ifndef TREADLE_ALONE_C_H
#define TREADLE_ALONE_C_H

#include "alone.h"

/* Whom a graph tells and asks; any function may be NULL. They may not call the graph's functions. */
typedef struct AloneHost {
    void *user;
    /* A line of debug/log; severity as there. The text ends in NUL and is gone after the call. */
    void (*log)(void *user, i32 severity, const char *text);
    /* An event with an id was sent: plan->events[event], its values lane by lane. */
    void (*event)(void *user, const AlonePlan *plan, u32 event, const Slot *values);
    /* A host op: 1 when it is done and results are written, lane by lane; else the node's flow err is taken. */
    i32 (*call)(void *user, const char *op, const Slot *arguments, Slot *results);
} AloneHost;

/* A graph as a program that knows none sees it: NAME_module in the emitted header. A state's address is that of its Alone. */
typedef struct AloneModule {
    const AlonePlan *plan;
    size_t size; /* of a state */
    Alone *(*init)(void *state, u64 seed, const AloneHost *host);
    AloneStatus (*run)(Alone *s, u64 fuel);
    i32 (*tick)(Alone *s, f64 now);
    i32 (*post)(Alone *s, u32 event, const Slot *values);
    i32 (*write)(Alone *s, u32 slot, u32 lanes, const Slot *values);
    const Slot *(*output)(Alone *s, u32 k);
    i32 (*waits)(const Alone *s);
} AloneModule;

#endif
