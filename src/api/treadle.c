/* treadle.c (api) - the public interface over loader and engine: handles in, texts out. */
#include "treadle.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../code/dump.h"
#include "../code/lower.h"
#include "../code/verify.h"
#include "../engine/hook.h"
#include "../graph/scan.h"
#include "../graph/write.h"
#include "api.h"

/* ---- texts ---- */

Text api_text(const char *text) { return (Text){text ? text : "", text ? (u32)strlen(text) : 0}; }

bool api_refuse(td_Engine *e, const char *format, ...) {
    char sentence[512];
    va_list args;
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    buf_clear(&e->text);
    buf_text(&e->text, sentence);
    return false;
}

void api_hear(td_Engine *e, const char *file, Text text) {
    arena_close(&e->said);
    arena_open(&e->said, 0);
    const char *kept = arena_copy(&e->said, api_text(file));
    diags_open(&e->diags, &e->said, kept ? kept : "", text);
    e->upgraded = false;
}

const char *td_text(td_Engine *e) {
    if (e->text.full) return "Out of memory.";
    return e->text.data ? e->text.data : "";
}

u32 td_text_length(td_Engine *e) { return e->text.full ? (u32)strlen(td_text(e)) : e->text.len; }

/* An empty text to write into. */
static Buf *fresh(td_Engine *e) {
    buf_clear(&e->text);
    return &e->text;
}

void td_tables(td_Engine *e) { tables_json(fresh(e)); }
void td_ops(td_Engine *e, i32 markdown) { (markdown ? tables_ops_markdown : tables_ops)(fresh(e)); }
const char *td_variant(void) { return VARIANT_NAME; }

/* ---- the engine ---- */

td_Engine *td_open(void) {
    Limits limits = limits_default();
    td_Engine *e = system_take(sizeof *e);
    if (!e) return NULL;
    memset(e, 0, sizeof *e);
    arena_open(&e->ops, 0);
    arena_open(&e->said, 0);
    e->engine = engine_open(&limits);
    if (e->engine) return e;
    system_give(e);
    return NULL;
}

static void free_loaded(td_Engine *e, Loaded *l) {
    table_drop(&e->programs, l->handle);
    compile_close(l);
    if (l->program) program_free(l->program);
    graph_free(l->graph);
    system_give(l);
}

void td_close(td_Engine *e) {
    if (!e || e->running) return;
    engine_close(e->engine);
    for (u32 i = 0; i < e->programs.places; i++) {
        Loaded *l = table_at(&e->programs, i);
        if (l) free_loaded(e, l);
    }
    table_close(&e->programs);
    arena_close(&e->ops);
    arena_close(&e->said);
    upgrade_close(&e->upgrade);
    buf_close(&e->text);
    buf_close(&e->compiled);
    system_give(e->changes);
    system_give(e);
}

/* A whole number that a double holds exactly. */
static bool is_count(f64 value) { return value >= 0 && value <= 9007199254740992.0 && value == floor(value); }

bool td_limit(td_Engine *e, const char *name, f64 value) {
    static const char names[] =
#define LIMIT(id, name, value, unit, guards) " " name
#include "../base/limit.def"
#undef LIMIT
        ;
    if (!is_count(value)) return api_refuse(e, "A limit is a whole number from 0 on.");
    if (limits_set(engine_limits(e->engine), api_text(name), (u64)value)) return true;
    return api_refuse(e, "There is no limit of that name. There are:%s.", names);
}

u32 td_define(td_Engine *e, const char *json) { return define_op(e, json); }

f64 *td_stats(td_Engine *e) { return (f64 *)engine_stats(e->engine); }

/* ---- programs ---- */

/* What the loader cannot know: whether the lowered program fits, and whether it is right. */
static bool lower_graph(td_Engine *e, Loaded *l) {
    const Limits *limits = engine_limits(e->engine);
    char why[128];
    Err err = lower(l->graph, limits, &l->program);
    if (err == ERR_LIMIT_OPS) {
        unsigned long long ops = limits->ops;
        diag_report(&e->diags, err, NULL, (Detail){.limit = limits->ops}, ops + 1, ops);
    } else if (err != ERR_OK) {
        diag_report(&e->diags, ERR_MEMORY, NULL, (Detail){0});
    } else if (!verify(l->program, why, sizeof why)) {
        diag_report(&e->diags, ERR_VERIFY, NULL, (Detail){0}, why);
    }
    return e->diags.errors == 0;
}

/* What td_load is asked for. */
typedef struct Asked {
    Text bytes;
    i32 graph;
    bool upgrade;
} Asked;

static LoadOptions load_options(td_Engine *e, i32 graph) {
    return (LoadOptions){.limits = engine_limits(e->engine),
                         .graph = graph,
                         .host_ops = e->host_ops,
                         .host_op_count = e->host_op_count,
                         .observed = e->observed.at,
                         .observed_count = e->observed.count,
                         .served = e->served.at,
                         .served_count = e->served.count};
}

static Graph *load_graph(td_Engine *e, const Asked *asked) {
    LoadOptions options = load_options(e, asked->graph);
    Graph *g = NULL;
    if (!asked->upgrade) {
        load(asked->bytes, &options, &e->diags, &g);
        return g;
    }
    Upgrade upgraded;
    load_upgraded(asked->bytes, &options, &e->diags, &upgraded, &g);
    upgrade_close(&upgraded);
    return g;
}

static Loaded *load_file(td_Engine *e, const Asked *asked) {
    Graph *g = load_graph(e, asked);
    if (!g) return NULL;
    Loaded *l = system_take(sizeof *l);
    if (!l) {
        graph_free(g);
        return NULL;
    }
    *l = (Loaded){.graph = g};
    l->handle = lower_graph(e, l) ? table_put(&e->programs, l) : 0;
    if (l->handle) return l;
    free_loaded(e, l);
    return NULL;
}

static u32 load_asked(td_Engine *e, const char *file, const Asked *asked) {
    api_hear(e, file, asked->bytes);
    Loaded *l = load_file(e, asked);
    if (!l && e->diags.errors == 0) diag_report(&e->diags, ERR_MEMORY, NULL, (Detail){0});
    e->diags.source = (Text){0}; /* the file is the caller's again */
    report_diags(fresh(e), &e->diags, l != NULL);
    return l ? l->handle : 0;
}

u32 td_load(td_Engine *e, const char *file, const void *bytes, u32 len, i32 graph) {
    return load_asked(e, file, &(Asked){{bytes, len}, graph, false});
}

u32 td_load_upgraded(td_Engine *e, const char *file, const void *bytes, u32 len, i32 graph) {
    return load_asked(e, file, &(Asked){{bytes, len}, graph, true});
}

void td_diagnostics(td_Engine *e) { report_diags(fresh(e), &e->diags, e->diags.errors == 0); }

void td_lines(td_Engine *e) {
    Buf *out = fresh(e);
    if (e->upgraded) report_change_lines(out, &e->upgrade, e->diags.file);
    for (u32 i = 0; i < e->diags.count; i++) {
        diag_line(&e->diags.list[i], e->diags.file, out);
        buf_byte(out, '\n');
    }
}

/* ---- upgrades ---- */

/* Whether the new file (or the old, when it needs no change) loads; what is wrong is in e->diags. */
static bool check_upgraded(td_Engine *e, Text bytes) {
    LoadOptions options = load_options(e, -1);
    Graph *g = NULL;
    if (e->upgrade.changes.count) bytes = (Text){e->upgrade.bytes.data, e->upgrade.bytes.len};
    e->diags.source = bytes;
    Err err = load(bytes, &options, &e->diags, &g);
    graph_free(g);
    return err == ERR_OK;
}

i32 td_upgrade(td_Engine *e, const char *file, const void *bytes, u32 len) {
    Text text = {bytes, len};
    upgrade_close(&e->upgrade);
    api_hear(e, file, text);
    Err err = upgrade(text, engine_limits(e->engine), -1, &e->diags, &e->upgrade);
    bool ok = err == ERR_OK && check_upgraded(e, text);
    e->diags.source = (Text){0};
    e->upgraded = true;
    report_upgrade(fresh(e), &e->upgrade, &e->diags, ok);
    return ok ? (i32)e->upgrade.changes.count : -1;
}

const void *td_bytes(td_Engine *e) { return e->upgrade.bytes.data; }
u32 td_bytes_length(td_Engine *e) { return e->upgrade.bytes.len; }

/* ---- programs by their handles ---- */

Loaded *api_program(td_Engine *e, u32 handle) {
    Loaded *l = table_get(&e->programs, handle);
    if (l && !l->unloaded) return l;
    api_refuse(e, "There is no such program.");
    return NULL;
}

/* Frees what is unloaded and no longer running. In a slice it is left for later: instances end
** after it. */
static void sweep(td_Engine *e) {
    e->leftovers = e->running;
    for (u32 i = 0; !e->running && i < e->programs.places; i++) {
        Loaded *l = table_at(&e->programs, i);
        if (l && l->unloaded && !l->instances) free_loaded(e, l);
    }
}

void td_unload(td_Engine *e, u32 program) {
    Loaded *l = api_program(e, program);
    if (!l) return;
    l->unloaded = true;
    sweep(e);
}

void td_info(td_Engine *e, u32 program) {
    Loaded *l = api_program(e, program);
    if (l) report_graph(fresh(e), l->graph);
}

void td_pointers(td_Engine *e, u32 program) {
    Loaded *l = api_program(e, program);
    if (l) point_cells(fresh(e), l->graph);
}

void td_dump(td_Engine *e, u32 program) {
    Loaded *l = api_program(e, program);
    if (l) dump(l->program, fresh(e));
}

bool td_convert(td_Engine *e, u32 program, i32 to, const void *bytes, u32 len) {
    const Loaded *l = api_program(e, program);
    const Limits *limits = engine_limits(e->engine);
    Text text = {0}, bin;
    if (!l) return false;
    api_hear(e, l->graph->file, text);
    if (to < WRITE_NATIVE || to > WRITE_GLTF) return api_refuse(e, "There is no such form.");
    if (bytes) load_text((Text){bytes, len}, limits, &e->diags, &text, &bin);
    e->diags.source = text;
    write_graph(l->graph, (WriteForm)to, limits, &e->diags, fresh(e));
    scan_place(&e->diags);
    e->diags.source = (Text){0}; /* the file is the caller's again */
    if (e->diags.errors) td_diagnostics(e);
    return e->diags.errors == 0;
}

/* ---- instances ---- */

Instance *api_instance(td_Engine *e, u32 handle) {
    Instance *in = engine_instance(e->engine, handle);
    if (!in) api_refuse(e, "There is no such instance.");
    return in;
}

/* Any whole number is a seed, negative ones too. */
static u64 read_seed(f64 seed) { return fabs(seed) <= 9007199254740992.0 ? (u64)(i64)seed : 0; }

/* What a runner runs; false, and a sentence: it cannot run without. */
static bool choose_code(td_Engine *e, const Loaded *l, Runner runner, bool trace, const Compiled **out) {
    if (runner < RUNNER_WASM) return true;
    *out =
        compile_installed(l, runner == RUNNER_AUTO ? SHAPE_PREEMPTIBLE : (CompiledShape)(runner - RUNNER_WASM), trace);
    if (*out || runner == RUNNER_AUTO) return true;
    const char *traced = trace ? " that writes a trace" : "";
    return api_refuse(e, "The runner %s needs code%s, which was not made and installed.", report_runner(runner),
                      traced);
}

u32 td_start(td_Engine *e, u32 program, i32 runner, f64 seed, f64 fuel, i32 trace) {
    Loaded *l = api_program(e, program);
    if (!l) return 0;
    if (runner < RUNNER_VM || runner >= RUNNERS || !is_count(fuel)) {
        api_refuse(e, runner < RUNNER_VM || runner >= RUNNERS ? "There is no such runner." : "Fuel is a whole number.");
        return 0;
    }
    const Compiled *code = NULL;
    if (!choose_code(e, l, (Runner)runner, trace != 0, &code)) return 0;
    StartOptions options = {(Runner)runner, code, read_seed(seed), (u64)fuel, trace != 0};
    Instance *in = engine_start(e->engine, l->graph, l->program, &options);
    if (!in) {
        api_refuse(e, "Too many instances, or no memory for one more.");
        return 0;
    }
    in->owner = l;
    l->instances++;
    return in->id;
}

bool td_runner(td_Engine *e, u32 instance, i32 runner) {
    Instance *in = api_instance(e, instance);
    const Compiled *code = NULL;
    if (!in) return false;
    if (runner < RUNNER_VM || runner >= RUNNERS) return api_refuse(e, "There is no such runner.");
    if (!choose_code(e, in->owner, (Runner)runner, in->trace.on, &code)) return false;
    return engine_change(e->engine, in, (Runner)runner, code) ||
           api_refuse(e, "A slice is running, or a walker's frames are its own.");
}

void td_end(td_Engine *e, u32 instance) {
    Instance *in = api_instance(e, instance);
    if (!in) return;
    Loaded *l = in->owner;
    l->instances--;
    engine_end(e->engine, in);
    if (l->unloaded) sweep(e);
}

void td_pause(td_Engine *e, u32 instance, i32 paused) {
    Instance *in = api_instance(e, instance);
    if (in) engine_pause(e->engine, in, paused != 0);
}

void td_stop(td_Engine *e, u32 instance) {
    Instance *in = api_instance(e, instance);
    if (in) engine_stop(e->engine, in);
}

i32 td_status(td_Engine *e, u32 instance) {
    Instance *in = engine_instance(e->engine, instance);
    return in ? (i32)engine_status(e->engine, in) : -1;
}

void td_report(td_Engine *e, u32 instance) {
    Instance *in = api_instance(e, instance);
    if (in) report_run(fresh(e), e->engine, in);
}

bool td_watch_yields(td_Engine *e, u32 instance) {
    Instance *in = api_instance(e, instance);
    return in && (engine_watch_yields(in) || api_refuse(e, "The walker's frames are its own, or there is no memory."));
}

bool td_imprint(td_Engine *e, u32 instance) {
    Instance *in = api_instance(e, instance);
    if (!in) return false;
    if (!engine_yields_hash(in)) return api_refuse(e, "Its yields are not watched.");
    buf_print(fresh(e), "%016llx", (unsigned long long)engine_imprint(in));
    return true;
}

void td_summary(td_Engine *e, u32 instance) {
    Instance *in = api_instance(e, instance);
    if (in) report_summary(fresh(e), e->engine, in);
}

void td_trace(td_Engine *e, u32 instance) {
    Instance *in = api_instance(e, instance);
    if (in) buf_put(fresh(e), in->trace.text.data, in->trace.text.len);
}

/* ---- values in and out ---- */

/* Where a graph input or variable lives. */
typedef struct Place {
    u32 slot;
    Type type;
} Place;

/* "#N": a variable by index; NONE. */
static u32 variable_index(const Graph *g, const char *name) {
    u32 index = 0;
    if (name[0] != '#' || !name[1]) return NONE;
    for (const char *c = name + 1; *c; c++) {
        if (*c < '0' || *c > '9') return NONE;
        index = index * 10 + (u32)(*c - '0');
        if (index >= g->variable_count) return NONE;
    }
    return index;
}

static bool find_place(const Graph *g, const char *name, Place *out) {
    Text text = api_text(name);
    u32 input = text.len ? graph_find(g->input_name, g->input_count, text) : NONE;
    if (input != NONE) {
        u32 value = g->value_out_count - g->input_count + input;
        *out = (Place){g->out_slot[value], (Type)g->out_type[value]};
        return true;
    }
    u32 variable = text.len ? graph_find(g->variable_name, g->variable_count, text) : NONE;
    if (variable == NONE) variable = variable_index(g, text.data);
    if (variable == NONE) return false;
    *out = (Place){g->variable_slot[variable], (Type)g->variable_type[variable]};
    return true;
}

static bool refuse_place(td_Engine *e, const char *name, const char *kinds) {
    api_hear(e, "", (Text){0});
    return api_refuse(e, "There is no %s \"%s\".", kinds, diag_quote(&e->diags, api_text(name)));
}

bool api_refuse_input(td_Engine *e, const Instance *in) {
    if (engine_reason(in)[0]) return api_refuse(e, "The run has ended: limit %s.", engine_reason(in));
    if (engine_status(e->engine, in) == STATUS_STOPPED) return api_refuse(e, "The run was stopped.");
    return api_refuse(e, "Too much is waiting already (limits queue, memory).");
}

bool td_set(td_Engine *e, u32 instance, const char *name, const char *json) {
    Instance *in = api_instance(e, instance);
    Place place;
    Slot value[LANES_MAX];
    if (!in) return false;
    if (!find_place(in->graph, name, &place)) return refuse_place(e, name, "input or variable");
    if (!args_value(e, name, json, place.type, value)) return false;
    return engine_write(e->engine, in, place.slot, place.type, value) || api_refuse_input(e, in);
}

bool td_get(td_Engine *e, u32 instance, const char *name) {
    Instance *in = api_instance(e, instance);
    Place place;
    Slot value[LANES_MAX];
    if (!in) return false;
    const Graph *g = in->graph;
    u32 output = graph_find(g->output_name, g->output_count, api_text(name));
    if (output != NONE) {
        engine_output(in, output, value);
        value_json(fresh(e), (Type)g->output_type[output], value);
        return true;
    }
    if (!find_place(g, name, &place)) return refuse_place(e, name, "output, input or variable");
    value_json(fresh(e), place.type, in->slots + place.slot);
    return true;
}

bool td_send(td_Engine *e, u32 instance, const char *event, const char *json) {
    Instance *in = api_instance(e, instance);
    if (!in) return false;
    const Graph *g = in->graph;
    u32 i = event && *event ? graph_find(g->event_id, g->event_count, api_text(event)) : NONE;
    if (i == NONE) return refuse_place(e, event, "event");
    u32 first = g->event_value[i], count = g->event_value[i + 1] - first, lanes = event_lanes(g, i);
    Slot *values = system_take((lanes + 1) * sizeof(Slot));
    if (!values) return api_refuse(e, "Out of memory.");
    for (u32 k = 0, to = 0; k < count; to += type_lanes((Type)g->event_value_type[first + k]), k++)
        memcpy(values + to, g->consts + g->event_value_init[first + k],
               type_lanes((Type)g->event_value_type[first + k]) * sizeof(Slot));
    ArgList list = {"the event", g->event_value_name + first, g->event_value_type + first, count};
    bool sent = args_object(e, &list, json, values);
    if (sent) sent = engine_send(e->engine, in, i, values) || api_refuse_input(e, in);
    system_give(values);
    return sent;
}

/* False, and a sentence, when the glTF has no such node or there can be no such controller. */
static bool check_hit(td_Engine *e, const Instance *in, i32 node, i32 controller) {
    u32 count = in->graph->model.count[GLTF_NODES];
    if (node < 0 || (u32)node >= count) return api_refuse(e, "There is no node %d: the glTF has %u.", node, count);
    if (controller >= 0 && controller < CONTROLLERS_MAX) return true;
    return api_refuse(e, "A controller is 0 to %d.", CONTROLLERS_MAX - 1);
}

bool td_select(td_Engine *e, u32 instance, i32 node, i32 controller, f64 px, f64 py, f64 pz, f64 ox, f64 oy, f64 oz) {
    Instance *in = api_instance(e, instance);
    if (!in || !check_hit(e, in, node, controller)) return false;
    const Slot values[SELECT_LANES] = {
        {.bits = (u32)controller}, {.f = px}, {.f = py}, {.f = pz}, {.f = ox}, {.f = oy}, {.f = oz}};
    return engine_select(e->engine, in, (u32)node, values) || api_refuse_input(e, in);
}

bool td_hover(td_Engine *e, u32 instance, i32 node, i32 controller) {
    Instance *in = api_instance(e, instance);
    if (!in || !check_hit(e, in, node < 0 ? 0 : node, controller)) return false;
    return engine_hover(e->engine, in, node < 0 ? NONE : (u32)node, (u32)controller) || api_refuse_input(e, in);
}

/* The node whose call waits for an answer; NONE. */
static u32 calling_node(Instance *in, u32 call) {
    if (in->calling && in->call == call) return in->call_node;
    Parked *p = call_find(in, call);
    return p ? p->node : NONE;
}

bool td_complete(td_Engine *e, u32 instance, u32 call, i32 answer, const char *json) {
    Instance *in = api_instance(e, instance);
    u32 node = in ? calling_node(in, call) : NONE;
    if (!in) return false;
    if (node == NONE || (answer != HOST_DONE && answer != HOST_FAILED))
        return api_refuse(e, node == NONE ? "No such call waits." : "An answer is 0 (done) or 2 (failed).");
    const Graph *g = in->graph;
    u32 first = g->value_out[node], count = g->value_out[node + 1] - first, lanes = call_lanes(g, node);
    Slot *values = system_take((lanes + 1) * sizeof(Slot));
    if (!values) return api_refuse(e, "Out of memory.");
    for (u32 k = first, to = 0; k < first + count; k++)
        for (u32 i = 0; i < type_lanes((Type)g->out_type[k]); i++) values[to++] = type_default((Type)g->out_type[k]);
    ArgList list = {"the answer", g->out_name + first, g->out_type + first, count};
    bool taken = answer == HOST_FAILED || args_object(e, &list, json, values);
    if (taken)
        taken =
            engine_complete(e->engine, in, call, (HostAnswer)answer, values, lanes) || api_refuse(e, "Out of memory.");
    system_give(values);
    return taken;
}

/* ---- running ---- */

void td_tick(td_Engine *e, u32 instance, f64 now) {
    Instance *in = instance ? api_instance(e, instance) : NULL;
    if (in)
        engine_tick_one(e->engine, in, now);
    else if (!instance)
        engine_tick(e->engine, now);
}

f64 td_next_due(td_Engine *e, u32 instance) {
    Instance *in = instance ? api_instance(e, instance) : NULL;
    return instance && !in ? INFINITY : engine_next_due(e->engine, in);
}

void td_cadence(td_Engine *e, u32 fuel) { engine_cadence(e->engine, fuel); }

static void end_run(td_Engine *e) {
    e->running = false;
    if (e->leftovers) sweep(e);
}

i32 td_slice(td_Engine *e) {
    if (e->running) return 0;
    e->running = true;
    EngineStatus status = engine_slice(e->engine);
    end_run(e);
    return status == ENGINE_MORE;
}

f64 td_step(td_Engine *e, u32 instance, f64 n) {
    Instance *in = api_instance(e, instance);
    if (!in || e->running || !(n >= 1)) return 0;
    e->running = true;
    u64 begun = engine_step(e->engine, in, n < 9007199254740992.0 ? (u64)n : UINT64_MAX);
    end_run(e);
    return (f64)begun;
}
