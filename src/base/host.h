/* host.h (base) - what the engine asks of its host. js/host.js lists the same functions in the same order. */
#ifndef TREADLE_HOST_H
#define TREADLE_HOST_H

#include "base.h"

/* The answer of a host operation. */
typedef enum HostAnswer {
    HOST_DONE = 0,    /* results are written */
    HOST_PENDING = 1, /* the host will call td_complete with the call's number */
    HOST_FAILED = 2   /* the node's err flow is taken */
} HostAnswer;

/* Functions a host supplies. In Wasm they are imports of module "env"; natively api/main.c has them.
** None of them may call back into the engine, except that host_call may call td_complete. */

/* Monotonic milliseconds, any origin, sub-millisecond where the host has it. */
f64 host_now(void);

/* A log line was written (severity as in debug/log). `text` is borrowed during the call. */
void host_log(u32 instance, i32 severity, const char *text, u32 len);

/* A custom event with an id left the graph; `json` is {"id":...,"values":{...},"time":seconds}. Borrowed. */
void host_event(u32 instance, const char *json, u32 len);

/* Runs the host operation `op` (its index in td_define order) for a node, at `now` seconds of the run's clock. `args` and `results` are slots (8 bytes
** each, see type.h), valid during the call; a pending call writes its results through td_complete. */
i32 host_call(u32 instance, u32 node, f64 now, u32 op, u32 call, const void *args, void *results);

/* A property that the host serves (td_serve): `served` is the index of its template in the program's list
** (td_info), `args` its parameters, `value` what it holds, all in slots. 1; 0: there is no such property, or it is not to
** be written, or not with that value. */
i32 host_pointer_get(u32 instance, u32 served, const void *args, void *value);
i32 host_pointer_set(u32 instance, u32 served, const void *args, const void *value);

#endif
