/* lowered.h (unit) - programs for tests: a native graph, written with ' for ", loaded and lowered. */
#ifndef TREADLE_LOWERED_H
#define TREADLE_LOWERED_H

#include "../../src/code/lower.h"
#include "../../src/code/verify.h"
#include "loading.h"

typedef struct Lowered {
    Loading loading; /* owns the graph */
    const Graph *graph;
    Program *program; /* NULL: refused, and a check has failed */
} Lowered;

static inline void lowered_open(Lowered *l, const char *quoted) {
    memset(l, 0, sizeof *l);
    loading_open(&l->loading);
    loading_text(&l->loading, quoted);
    CHECK_TEXT(loading_says(&l->loading, 0), "");
    l->graph = l->loading.graph;
    CHECK_INT(lower(l->graph, &l->loading.limits, &l->program), ERR_OK);
}

/* The same, and verified: what is compiled must be. */
static inline void lowered_verify(Lowered *l, const char *quoted) {
    char why[128] = "";
    lowered_open(l, quoted);
    bool fine = l->program && verify(l->program, why, sizeof why);
    CHECK_TEXT(why, "");
    CHECK(fine);
}

static inline void lowered_close(Lowered *l) {
    program_free(l->program);
    loading_close(&l->loading);
}

/* How often an instruction stands in the program. */
static inline u32 lowered_count(const Lowered *l, Code code) {
    u32 n = 0;
    for (u32 pc = 0; pc < l->program->count; pc++) n += l->program->code[pc].code == code;
    return n;
}

#define NODES(nodes) "{'treadle':1,'nodes':[" nodes "]}"
#define WITH(variables, nodes) "{'treadle':1,'variables':[" variables "],'nodes':[" nodes "]}"
#define INT(id) "{'id':'" id "','type':'int','value':0}"
#define START(target) "{'id':'start','op':'event/onStart','flows':{'out':'" target ":in'}},"
#define GET(variable) "{'id':'" variable "','op':'variable/get','config':{'variable':'" variable "'}},"
#define SET(id, variable, value, flows)                                                            \
    "{'id':'" id "','op':'variable/set','config':{'variables':['" variable "']},'values':{'"       \
    variable "':" value "},'flows':{" flows "}}"
#define FROM(edge) "{'from':'" edge "'}"

#endif
