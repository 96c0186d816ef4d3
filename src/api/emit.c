/* emit.c (api) - code made of programs: emitted bit by bit, installed, and asked for where a run is hot. */
#include "../run/wgen.h"
#include "api.h"

/* Whether functions have an index in a table that modules can share. */
#ifdef __wasm__
enum { HAS_TABLE = true };
#else
enum { HAS_TABLE = false };
#endif

static void forget(Made *m) {
    wgen_close(m->wgen);
    compiled_close(m->compiled);
    m->wgen = NULL;
    m->compiled = NULL;
}

void compile_close(Loaded *l) {
    for (u32 shape = 0; shape < SHAPES; shape++)
        for (u32 traced = 0; traced < 2; traced++) forget(&l->made[shape][traced]);
}

const Compiled *compile_installed(const Loaded *l, CompiledShape shape, bool traced) {
    const Compiled *c = l->made[shape][traced].compiled;
    return c && c->base ? c : NULL;
}

/* NULL, and a sentence, when there is no such program or shape. */
static Made *find_made(td_Engine *e, u32 program, i32 shape, i32 traced) {
    Loaded *l = api_program(e, program);
    if (l && (shape < 0 || shape >= SHAPES)) api_refuse(e, "There is no such shape.");
    return l && shape >= 0 && shape < SHAPES ? &l->made[shape][traced != 0] : NULL;
}

/* The same, of a complete module that is not installed. */
static Made *find_complete(td_Engine *e, u32 program, i32 shape, i32 traced) {
    Made *m = find_made(e, program, shape, traced);
    if (!m || (m->compiled && m->wgen)) return m;
    api_refuse(e, m->compiled ? "The code is installed already." : "The module is not complete.");
    return NULL;
}

/* ---- emission ---- */

static bool begin(td_Engine *e, const Program *p, CompiledShape shape, bool traced, Made *m) {
    if (m->compiled) return m->wgen || api_refuse(e, "The code is installed already.");
    WgenOptions options = {.shape = shape, .traced = traced};
    if (!m->wgen) m->wgen = wgen_open(p, &options);
    return m->wgen || api_refuse(e, "Out of memory.");
}

static i32 go_on(td_Engine *e, Made *m, u32 instructions) {
    i32 more = m->compiled ? 0 : wgen_some(m->wgen, instructions);
    if (more < 0) api_refuse(e, "%s", wgen_refusal(m->wgen));
    if (more == 0 && !m->compiled) m->compiled = wgen_compiled(m->wgen);
    if (more == 0 && !m->compiled) more = api_refuse(e, "Out of memory.") - 1;
    if (more < 0) forget(m);
    return more;
}

i32 td_emit(td_Engine *e, u32 program, i32 shape, i32 traced, u32 instructions) {
    Made *m = find_made(e, program, shape, traced);
    if (!m || !begin(e, api_program(e, program)->program, (CompiledShape)shape, traced != 0, m)) return -1;
    m->asked = true;
    return go_on(e, m, instructions);
}

const void *td_module(td_Engine *e, u32 program, i32 shape, i32 traced) {
    Made *m = find_complete(e, program, shape, traced);
    return m ? wgen_module(m->wgen).data : NULL;
}

u32 td_module_length(td_Engine *e, u32 program, i32 shape, i32 traced) {
    Made *m = find_complete(e, program, shape, traced);
    return m ? wgen_module(m->wgen).len : 0;
}

i32 td_units(td_Engine *e, u32 program, i32 shape, i32 traced) {
    Made *m = find_complete(e, program, shape, traced);
    return m ? (i32)m->compiled->units : -1;
}

bool td_dump_wasm(td_Engine *e, u32 program, i32 shape) {
    if (!find_made(e, program, shape, false)) return false;
    WgenOptions options = {.shape = (CompiledShape)shape, .labels = true};
    Wgen *w = wgen_open(api_program(e, program)->program, &options);
    i32 more = w ? 1 : -1;
    while (more > 0) more = wgen_some(w, UINT32_MAX);
    if (more < 0) api_refuse(e, "%s", w ? wgen_refusal(w) : "Out of memory.");
    if (more == 0) {
        buf_clear(&e->text);
        wgen_dump(w, &e->text);
    }
    wgen_close(w);
    return more == 0 && !e->text.full;
}

/* ---- installation ---- */

bool td_install(td_Engine *e, u32 program, i32 shape, i32 traced, u32 base) {
    Made *m = find_complete(e, program, shape, traced);
    if (!m) return false;
    if (!HAS_TABLE) return api_refuse(e, "A native build has no WebAssembly host to run the module.");
    if (e->running || !base)
        return api_refuse(e, e->running ? "A slice is running." : "No function can be at index 0.");
    m->compiled->base = base;
    wgen_close(m->wgen);
    m->wgen = NULL;
    if (shape == SHAPE_PREEMPTIBLE) engine_adopt(e->engine, api_program(e, program)->program, m->compiled);
    return true;
}

u32 td_hot(td_Engine *e, i32 traced) {
    Instance *in;
    while ((in = engine_hot(e->engine, traced != 0))) {
        Loaded *l = in->owner;
        Made *m = &l->made[SHAPE_PREEMPTIBLE][traced != 0];
        if (m->asked || l->unloaded) continue;
        m->asked = true;
        return l->handle;
    }
    return 0;
}
