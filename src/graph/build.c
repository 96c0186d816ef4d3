/* build.c (graph) - completes a Graph. */
#include "build.h"

Err build_no_memory(Diags *diags, const Limits *limits, const Arena *a, const Arena *b) {
    diags->node = -1;
    diags->name = "";
    if (!(a && a->over) && !(b && b->over)) return diag_report(diags, ERR_MEMORY, NULL, (Detail){0});
    return diag_report(diags, ERR_LIMIT_MEMORY, NULL, (Detail){.limit = limits->memory},
                       (unsigned long long)limits->memory);
}

static Err derive(Graph *g, const Limits *limits, Arena *scratch, u64 *total) {
    TRY(cycle_mark(g, scratch));
    TRY(state_lay_out(g));
    clip_bind(g);
    return fuel_fix(g, limits, scratch, total);
}

Err build_finish(Graph *g, const Limits *limits, Diags *diags) {
    Arena scratch;
    arena_open(&scratch, limits->memory);
    u64 total = 0;
    Err e = derive(g, limits, &scratch, &total);
    if (e == ERR_MEMORY) e = build_no_memory(diags, limits, &g->arena, &scratch);
    if (e == ERR_LIMIT_OPS) {
        Detail detail = {.limit = limits->ops};
        diag_report(diags, e, NULL, detail, (unsigned long long)total, (unsigned long long)limits->ops);
    }
    arena_close(&scratch);
    return e;
}
