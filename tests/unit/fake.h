/* fake.h (unit) - a host that does as it is told: a clock to set, and what the engine said to it. */
#ifndef TREADLE_FAKE_H
#define TREADLE_FAKE_H

#include "../../src/base/host.h"

typedef struct Fake {
    f64 now;      /* what host_now says, ms ... */
    f64 tick;     /* ... and how far that moves it */
    u32 reads;    /* of the clock */
    u32 logs, events, calls;
    i32 severity;    /* of the last line */
    char line[256];  /* the last line; the last event as JSON */
    char event[256];
    u32 instance, node, op, call; /* of the last call */
    f64 called;                   /* its time */
    i32 answer;             /* to the next one */
    u64 results[4];         /* with HOST_DONE */
    u64 args[4];            /* the first of the last call */
    bool lacks;             /* it has no property that is served */
    u32 served, gets, sets; /* of the last property asked for; how often */
    u64 parameter;          /* its first parameter */
    u64 value[16];          /* what it holds */
    void (*during)(void);   /* called in the middle of every call */
} Fake;

extern Fake fake;

/* Forgets everything; the clock stands at 1000 ms. */
void fake_reset(void);

#endif
