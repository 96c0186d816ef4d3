/* treadle.h (api) - the public interface: load graph scripts, run them in slices, look at them.
**
** Handles are integers, 0 is none; a handle whose thing is gone names nothing. Texts that a
** function leaves (diagnostics, JSON) are read with td_text until the next call on the same
** engine. Nothing here is thread-safe; one engine belongs to one thread. In Wasm these are the
** exports (door.c adds memory), with pointers as offsets.
**
** The functions that a host supplies (host.h) are called in the middle of td_slice, td_step and
** drive. From there only td_complete, td_stop, td_pause and td_end may be called. Source of all
** rules: src/README.md. */
#ifndef TREADLE_H
#define TREADLE_H

#include "../base/base.h"

/* Marks what the Wasm module exports; there is no other list. */
#ifdef __EMSCRIPTEN__
#define TD_EXPORT __attribute__((used, visibility("default")))
#else
#define TD_EXPORT
#endif

typedef struct td_Engine td_Engine;

#define TD_VERSION "0.1.0"

/* An engine with the default limits; NULL without memory. Ended by td_close with all it holds. */
TD_EXPORT td_Engine *td_open(void);
TD_EXPORT void td_close(td_Engine *e);

/* What the last call left: NUL-terminated UTF-8, owned by the engine. */
TD_EXPORT const char *td_text(td_Engine *e);
TD_EXPORT u32 td_text_length(td_Engine *e);

/* Constants as JSON: {"version","variant","types":[{"name","lanes","letter"}],
** "limits":[{"name","default","unit","guards"}],"statuses":[],"runners":[],"shapes":[],"stats":[],"ops":[]}:
** stats are the names of the read-outs in the order of td_stats, ops are td_ops. */
TD_EXPORT void td_tables(td_Engine *e);

/* Every op of this build: [{"op","kind","flowIn","valueIn","valueOut","flowOut","configuration"}], with "extension"
** for one that a glTF extension defines; sockets as {"name","type"}; a group that depends on the configuration has a name that starts
** with * or #. Pure ops also have "rows": [{"id","output","types","signature","meaning"}]
** (op.def). Or the same as a Markdown table. */
TD_EXPORT void td_ops(td_Engine *e, i32 markdown);

/* Sets a limit (limit.def) for graphs loaded and started from now on; false: no such name or not
** a whole number >= 0. */
TD_EXPORT bool td_limit(td_Engine *e, const char *name, f64 value);

/* Defines a host operation, {"op":"my/op","inputs":[{"id","type"}],"outputs":[{"id","type"}]}: a
** flow node with flow input "in" and flow outputs "out" and "err". Returns its index + 1; 0:
** text says why. Before loading. */
TD_EXPORT u32 td_define(td_Engine *e, const char *json);

/* For loads from now on. Observe: all properties that may be written at or below this prefix have cells, even if no
** pointer of the graph names them: "" all, "/nodes", "/nodes/{}/translation". Serve: the host answers for the
** pointers at or below it, instead of the glTF (host_pointer_get, host_pointer_set). False: text says why. */
TD_EXPORT bool td_observe(td_Engine *e, const char *prefix);
TD_EXPORT bool td_serve(td_Engine *e, const char *prefix);

/* Loads a file (borrowed during the call): native, .glb, .gltf or bare extension. graph -1: the
** file's default. Returns a program, or 0; the text is
** {"ok":bool,"diagnostics":[...],"errors":n,"warnings":n} either way. */
TD_EXPORT u32 td_load(td_Engine *e, const char *file, const void *bytes, u32 len, i32 graph);
/* The same; a draft of KHR_interactivity is upgraded on the way. Places are then those of the upgraded text. */
TD_EXPORT u32 td_load_upgraded(td_Engine *e, const char *file, const void *bytes, u32 len, i32 graph);
/* The diagnostics of the last td_load, td_convert or td_upgrade (and its changes): as td_load leaves them, and as lines
** for people. */
TD_EXPORT void td_diagnostics(td_Engine *e);
TD_EXPORT void td_lines(td_Engine *e);

/* Upgrades a file from a draft to ratified KHR_interactivity. Returns how many changes that took, -1 when it cannot be
** done or the new file does not load; the text is {"ok","count","changes":[{"code","pointer","line","column","was",
** "now"}],"diagnostics":[...],"errors","warnings"}. td_bytes is the new file then, until the next td_upgrade; without
** changes there is none. */
TD_EXPORT i32 td_upgrade(td_Engine *e, const char *file, const void *bytes, u32 len);
TD_EXPORT const void *td_bytes(td_Engine *e);
TD_EXPORT u32 td_bytes_length(td_Engine *e);
/* Frees a program; one with instances goes when the last of them has ended. */
TD_EXPORT void td_unload(td_Engine *e, u32 program);

/* {"name","dialect","graph","nodes","variables":[{"id"|"name","index","type"}],
** "events":[{"id","values":[{"id","type"}]}],"inputs":[{"id","type"}],"outputs":[{"id","type"}],
** "served":[{"pointer","type","parameters":[types]}],"hash"}; events without an id are left out. */
TD_EXPORT void td_info(td_Engine *e, u32 program);
/* The object model of a program, by cell (its number is the index): [{"pointer","type","mutable"}]. Only what the graph
** can reach or the host observes. */
TD_EXPORT void td_pointers(td_Engine *e, u32 program);
/* The lowered program as text. */
TD_EXPORT void td_dump(td_Engine *e, u32 program);

/* Writes the graph as a file: to 0 native, 1 the bare KHR_interactivity extension, 2 that in a glTF of its own. `bytes`
** (borrowed; may be NULL) are the file it was loaded from: with them diagnostics have a line. The text is the file;
** when false, what cannot be said, as td_load leaves it. Either way td_diagnostics has the warnings too. */
TD_EXPORT bool td_convert(td_Engine *e, u32 program, i32 to, const void *bytes, u32 len);

/* Compiles a program to a WebAssembly module that needs no engine (run/standalone.h): shape 0 preemptible or
** 1 structured; `runtime` is the module that `make alone` builds, borrowed. True: td_compiled is the module, the text what
** was done to the graph, for people. False: the text says why, or is what td_load leaves when nodes cannot be compiled. */
TD_EXPORT bool td_compile_wasm(td_Engine *e, u32 program, i32 shape, const void *runtime, u32 len);
/* What the last td_compile_* made: bytes owned by the engine, until the next one. */
TD_EXPORT const void *td_compiled(td_Engine *e);
TD_EXPORT u32 td_compiled_length(td_Engine *e);

/* The graph as C (run/cgen.h): the text is part 0 the C file, 1 the header that it includes as `header`, 2 what became of the
** program, for people. False: the text says why, as td_load leaves it, and so does td_lines. Native builds only. */
bool td_compile_c(td_Engine *e, u32 program, const char *header, i32 part);

/* ---- code made of programs: WebAssembly only ----
** A program becomes a module in one of three shapes (0 preemptible, 1 structured, 2 scheduler), that writes the trace or does not. The
** host emits it bit by bit, compiles it, makes room for it in the module's table of functions (`__indirect_function_table`), instantiates
** it there, and installs it. Its imports (wgen.h): "e" "m" the memory, "t" the table, "b" where in the table, a constant i32; "f" "N"
** the function at index N of the table. */

/* Goes on with the emission of a module, or begins it, until about so many instructions were looked at. 1: there is more to do. 0: the module is
** complete, and td_module says where it is, until the next call on this engine. -1: refused, the text says why. */
TD_EXPORT i32 td_emit(td_Engine *e, u32 program, i32 shape, i32 traced, u32 instructions);
TD_EXPORT const void *td_module(td_Engine *e, u32 program, i32 shape, i32 traced);
TD_EXPORT u32 td_module_length(td_Engine *e, u32 program, i32 shape, i32 traced);
/* Every byte of the module that td_emit would make, with what it is: the text. False: refused, the text says why. */
TD_EXPORT bool td_dump_wasm(td_Engine *e, u32 program, i32 shape);
/* How many places of the table a complete module wants: none when no event and no delay can start anything. -1: the text says why. */
TD_EXPORT i32 td_units(td_Engine *e, u32 program, i32 shape, i32 traced);
/* The module was instantiated with its functions at `base` of the table, where they stay until td_unload. Instances of runner auto go on in
** it where it is preemptible and fits their trace. False: the text says why. */
TD_EXPORT bool td_install(td_Engine *e, u32 program, i32 shape, i32 traced, u32 base);
/* A program that has worked long enough in the machine, for a runner auto with a trace or without, that its preemptible module ought
** to be made: each is told once. 0: none. */
TD_EXPORT u32 td_hot(td_Engine *e, i32 traced);

/* Starts an instance (runner 0 vm, 1 walk, 2 wasm, 3 structured, 4 scheduler, 5 auto; fuel 0: the engine's limit). 2 to 4 run
** nothing but installed code of the shapes 0 to 2; auto begins in the machine and goes on in code of shape 0 when it is there. Its onStart
** roots wait. 0: text says why. */
TD_EXPORT u32 td_start(td_Engine *e, u32 program, i32 runner, f64 seed, f64 fuel, i32 trace);
TD_EXPORT void td_end(td_Engine *e, u32 instance);
/* Between slices: another runner goes on from where it is, in the middle of an activation too. Not from walk, nor to it. False: the text
** says why. */
TD_EXPORT bool td_runner(td_Engine *e, u32 instance, i32 runner);

/* A graph input, else a variable by name, else "#N" variable by index; value as JSON (NaN and
** infinities as strings). False: text says why. */
TD_EXPORT bool td_set(td_Engine *e, u32 instance, const char *name, const char *json);
/* A graph output, else an input, else a variable ("#N" too), as JSON text. */
TD_EXPORT bool td_get(td_Engine *e, u32 instance, const char *name);
/* A custom event by id; values as a JSON object (may be NULL or ""); absent ones take their
** defaults. */
TD_EXPORT bool td_send(td_Engine *e, u32 instance, const char *event, const char *json);
/* The user selected a node of the glTF: px py pz is where the ray met it, ox oy oz where the ray began,
** in global space (NaN: not known); controller is 0 (the only one) to 63. Handlers hear of it as of an
** event, up through the nodes. False: no such node or controller, or the run cannot take it. */
TD_EXPORT bool td_select(td_Engine *e, u32 instance, i32 node, i32 controller, f64 px, f64 py, f64 pz, f64 ox,
                         f64 oy, f64 oz);
/* What a controller points at now, -1: nothing. To be told when it changes; to say it again is
** harmless. */
TD_EXPORT bool td_hover(td_Engine *e, u32 instance, i32 node, i32 controller);
/* The host's answer (HostAnswer, host.h) to a pending call: results as a JSON object by output
** id, absent ones take the type's default. False: no such call waits, or bad values, and then it
** still waits. */
TD_EXPORT bool td_complete(td_Engine *e, u32 instance, u32 call, i32 answer, const char *json);

/* A property of the object model, by its JSON Pointer without parameters, as JSON text. Only what the graph can reach
** or the host observes. */
TD_EXPORT bool td_point_get(td_Engine *e, u32 instance, const char *pointer);
/* Writes one; waits in the FIFO as td_set does. */
TD_EXPORT bool td_point_set(td_Engine *e, u32 instance, const char *pointer, const char *json);
/* The cells written since the last call: n, then for each cell its number, its lanes, and so many values. Numbers
** that stay valid until the next call; NULL: no such instance, or no memory, and then nothing is forgotten. */
TD_EXPORT const f64 *td_changes(td_Engine *e, u32 instance);

TD_EXPORT void td_pause(td_Engine *e, u32 instance, i32 paused);
TD_EXPORT void td_stop(td_Engine *e, u32 instance);

/* One tick for an instance that is idle (0: for every one), at `now` seconds of a clock that
** only the differences matter of: the first tick is time 0. Busy instances drop it. */
TD_EXPORT void td_tick(td_Engine *e, u32 instance, f64 now);
/* Whether time alone will finish something (delays, interpolations, animations with an end, events
** that wait for the next tick), and when: seconds after the last tick, 0 for the very next tick, Infinity when
** nothing is pending. Of one instance, or (0) the least of all. */
TD_EXPORT f64 td_next_due(td_Engine *e, u32 instance);

/* One slice: 0 nothing to run, 1 work is left. Ends at stats.deadline or after the cadence's
** fuel (engine.h). */
TD_EXPORT i32 td_slice(td_Engine *e);
TD_EXPORT void td_cadence(td_Engine *e, u32 fuel);
/* Runs `instance`, paused or not, until n flow inputs were activated; returns how many were. */
TD_EXPORT f64 td_step(td_Engine *e, u32 instance, f64 n);

/* The variant's own way: goes on until nothing can run. plain: one call. step: returns 1 when a
** slice is over. asyncify: sleeps between slices (emscripten_sleep), so the call returns early
** and is entered again by JS; 2: one call sleeps already, this one did nothing. jspi: the same, but JS
** makes one call (WebAssembly.promising) and gets a promise. */
TD_EXPORT i32 drive(td_Engine *e);
TD_EXPORT const char *td_variant(void);

/* 0 running, 1 idle, 2 done, 3 limit, 4 stopped, 5 paused; -1: no such instance. */
TD_EXPORT i32 td_status(td_Engine *e, u32 instance);
/* The object that `run --json` prints (README). */
TD_EXPORT void td_report(td_Engine *e, u32 instance);
/* For tests: hashes of where a run of a cadence is left, the same for the machine and for code made of a program, never for the
** walker. From now on the report has one over all yields, "yieldsHash"; td_imprint leaves that of where the run stands now, 16 digits.
** False: the text says why. */
TD_EXPORT bool td_watch_yields(td_Engine *e, u32 instance);
TD_EXPORT bool td_imprint(td_Engine *e, u32 instance);
/* The same for people: variables, outputs, and a line of figures. The log is not in it. */
TD_EXPORT void td_summary(td_Engine *e, u32 instance);
/* The trace so far as JSON lines (instance.h); "" when none is kept. */
TD_EXPORT void td_trace(td_Engine *e, u32 instance);
/* The read-outs (engine.h Stats): an array of f64 that stays where it is; `deadline` and `stop`
** are for writing. */
TD_EXPORT f64 *td_stats(td_Engine *e);

#endif
