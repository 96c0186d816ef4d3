/* export.c (api) - graphs compiled to stand alone: what td_compile_* leaves. */
#include "../run/plan.h"
#include "../run/standalone.h"
#include "api.h"

/* What must be true of a graph that leaves the engine; else the text is what cannot be said, as td_load leaves it. */
static Loaded *find_compilable(td_Engine *e, u32 program) {
    Loaded *l = api_program(e, program);
    buf_clear(&e->compiled);
    if (!l) return NULL;
    api_hear(e, l->graph->file, (Text){0});
    if (plan_check(l->program, &e->diags) == ERR_OK) return l;
    td_diagnostics(e);
    return NULL;
}

bool td_compile_wasm(td_Engine *e, u32 program, i32 shape, const void *runtime, u32 len) {
    Loaded *l = find_compilable(e, program);
    if (!l) return false;
    if (shape != SHAPE_PREEMPTIBLE && shape != SHAPE_STRUCTURED)
        return api_refuse(e, "A module of its own is preemptible or structured.");
    Buf why = {0};
    StandaloneOptions options = {(CompiledShape)shape, {runtime, len}, engine_limits(e->engine), TD_VERSION};
    buf_clear(&e->text);
    bool made = standalone_write(l->program, &options, &e->compiled, &e->text, &why);
    if (!made) api_refuse(e, "%s cannot be compiled: %s.", l->graph->file, why.len ? why.data : "out of memory");
    buf_close(&why);
    return made;
}

const void *td_compiled(td_Engine *e) { return e->compiled.data; }
u32 td_compiled_length(td_Engine *e) { return e->compiled.len; }
