/* treadle.h (api) - the public interface: load graph scripts, run them in slices, look at them.
**
** Handles are integers, 0 is none. Texts that a function leaves (diagnostics, JSON) are read with td_text until the
** next call on the same engine. Nothing here is thread-safe; one engine belongs to one thread. In Wasm these are the
** exports (door.c), with pointers as offsets. Source of all rules: src/README.md. */
#ifndef TREADLE_H
#define TREADLE_H

#include "../base/base.h"

typedef struct td_Engine td_Engine;

#define TD_VERSION "0.1.0"

/* An engine with the default limits; NULL without memory. Ended by td_close with all it holds. */
td_Engine *td_open(void);
void td_close(td_Engine *e);

/* What the last call left: NUL-terminated UTF-8, owned by the engine. */
const char *td_text(td_Engine *e);
u32 td_text_length(td_Engine *e);

/* Constants as JSON: version, ops, types, limits, errors, statuses, names of the read-outs. */
void td_tables(td_Engine *e);

/* Sets a limit (limit.def) for graphs loaded and started from now on; false: no such name or not a whole number >= 0. */
bool td_limit(td_Engine *e, const char *name, f64 value);

/* Defines a host operation, {"op":"my/op","inputs":[{"id","type"}],"outputs":[{"id","type"}]}: a flow node with flow
** input "in" and flow outputs "out" and "err". Returns its index + 1; 0: text says why. Before loading. */
u32 td_define(td_Engine *e, const char *json);

/* Loads a file (borrowed during the call): native, .glb, .gltf or bare extension. graph -1: the file's default. Returns a
** program, or 0; the text is {"ok":bool,"diagnostics":[...],"errors":n,"warnings":n} either way. */
u32 td_load(td_Engine *e, const char *file, const void *bytes, u32 len, i32 graph);
/* The diagnostics of the last td_load as lines for people. */
void td_lines(td_Engine *e);
void td_unload(td_Engine *e, u32 program); /* its instances must have ended */

/* {"name","dialect","nodes","variables":[{"id","type"}],"events":[...],"inputs":[...],"outputs":[...],"hash"}. */
void td_info(td_Engine *e, u32 program);
/* The lowered program as text. */
void td_dump(td_Engine *e, u32 program);

/* Starts an instance (runner 0 vm, 1 walk; fuel 0: the engine's limit). Its onStart roots wait. 0: text says why. */
u32 td_start(td_Engine *e, u32 program, i32 runner, f64 seed, f64 fuel, i32 trace);
void td_end(td_Engine *e, u32 instance);

/* A graph input, else a variable by name, else "#N" variable by index; value as JSON. False: text says why. */
bool td_set(td_Engine *e, u32 instance, const char *name, const char *json);
/* A graph output, else an input, else a variable ("#N" too), as JSON text. */
bool td_get(td_Engine *e, u32 instance, const char *name);
/* A custom event by id; values as a JSON object (may be NULL or ""); absent ones take their defaults. */
bool td_send(td_Engine *e, u32 instance, const char *event, const char *json);
/* The host's answer to a pending call: results as a JSON object by output id. False: no such call waits, or bad values. */
bool td_complete(td_Engine *e, u32 instance, u32 call, i32 answer, const char *json);

void td_pause(td_Engine *e, u32 instance, i32 paused);
void td_stop(td_Engine *e, u32 instance);

/* One tick for every instance that is idle (0 as instance: all), at `now` seconds since its start. */
void td_tick(td_Engine *e, u32 instance, f64 now);
/* Seconds of instance time at which the next delay is due; Infinity when none waits. */
f64 td_next_due(td_Engine *e);

/* One slice: 0 nothing to run, 1 work is left. Ends at stats.deadline or after the cadence's fuel. */
i32 td_slice(td_Engine *e);
void td_cadence(td_Engine *e, u32 fuel);
/* Runs `instance` until n flow inputs were activated; returns how many were. */
f64 td_step(td_Engine *e, u32 instance, f64 n);

/* The variant's own way: goes on until nothing can run. plain: one call. step: returns 1 when a slice is over. asyncify:
** sleeps between slices (emscripten_sleep), so the call returns early and is entered again by JS. */
i32 drive(td_Engine *e);
const char *td_variant(void);

/* 0 running, 1 idle, 2 done, 3 limit, 4 stopped, 5 paused. */
i32 td_status(td_Engine *e, u32 instance);
/* The object that `run --json` prints (README). */
void td_report(td_Engine *e, u32 instance);
/* The read-outs (engine.h Stats): an array of f64 that stays where it is. */
const f64 *td_stats(td_Engine *e);

#endif
