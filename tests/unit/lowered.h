/* lowered.h (unit) - programs for tests: a native graph, written with ' for ", loaded and lowered. */
#ifndef TREADLE_LOWERED_H
#define TREADLE_LOWERED_H

#include <stdio.h>
#include <string.h>
#include "../../src/code/lower.h"
#include "../../src/code/verify.h"
#include "../../src/graph/load.h"
#include "test.h"

typedef struct Lowered {
    Graph *graph;
    Program *program;
} Lowered;

/* What the loader has to say is printed; a graph that is refused fails the test. */
static inline void lowered_load(Lowered *l, Text text) {
    Limits limits = limits_default();
    Arena arena;
    Diags diags;
    Buf line = {0};
    LoadOptions options = {.limits = &limits, .graph = -1};
    *l = (Lowered){0};
    arena_open(&arena, 0);
    diags_open(&diags, &arena, "test", text);
    Err err = load(text, &options, &diags, &l->graph);
    for (u32 i = 0; i < diags.count; i++) diag_line(&diags.list[i], "test", &line);
    if (line.data) printf("%s\n", line.data);
    buf_close(&line);
    arena_close(&arena);
    CHECK_INT(err, ERR_OK);
    CHECK_INT(lower(l->graph, &limits, &l->program), ERR_OK);
}

/* Writes `quoted` with " for '. */
static inline void lowered_quote(Buf *out, const char *quoted) {
    for (; *quoted; quoted++) buf_byte(out, *quoted == '\'' ? '"' : *quoted);
}

static inline void lowered_open(Lowered *l, const char *quoted) {
    Buf json = {0};
    lowered_quote(&json, quoted);
    lowered_load(l, (Text){json.data, json.len});
    buf_close(&json);
}

static inline void lowered_close(Lowered *l) {
    if (l->program) program_free(l->program);
    if (l->graph) graph_free(l->graph);
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
