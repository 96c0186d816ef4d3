/* loading.h (unit) - graphs for tests: a file, written with ' for ", loaded with limits of the
** test's own. */
#ifndef TREADLE_LOADING_H
#define TREADLE_LOADING_H

#include <string.h>
#include "../../src/graph/load.h"
#include "test.h"

typedef struct Loading {
    Limits limits;
    const HostOp *host_ops;
    u32 host_op_count;
    i32 which; /* graph of the file; -1: its default */
    const char *file;
    Arena arena;
    Diags diags;
    Buf text;
    Graph *graph; /* NULL: refused */
    Err err;
} Loading;

static inline void loading_open(Loading *l) {
    memset(l, 0, sizeof *l);
    l->limits = limits_default();
    l->which = -1;
    l->file = "test";
    arena_open(&l->arena, 0);
}

/* Loads bytes as they are. */
static inline void loading_bytes(Loading *l, const void *bytes, u32 len) {
    Text text = {(const char *)bytes, len};
    LoadOptions options = {.limits = &l->limits, .graph = l->which, .host_ops = l->host_ops, .host_op_count = l->host_op_count};
    diags_open(&l->diags, &l->arena, l->file, text);
    l->err = load(text, &options, &l->diags, &l->graph);
}

static inline void loading_text(Loading *l, const char *quoted) {
    buf_clear(&l->text);
    for (; *quoted; quoted++) buf_byte(&l->text, *quoted == '\'' ? '"' : *quoted);
    loading_bytes(l, l->text.data, l->text.len);
}

static inline void loading_close(Loading *l) {
    graph_free(l->graph);
    l->graph = NULL;
    buf_close(&l->text);
    arena_close(&l->arena);
}

/* The message of diagnostic `i`, "" when there is none. */
static inline const char *loading_says(const Loading *l, u32 i) { return i < l->diags.count ? l->diags.list[i].message : ""; }

/* A test that needs one good graph: `g` is it. */
#define GOOD(quoted)                                                                               \
    Loading l;                                                                                     \
    loading_open(&l);                                                                              \
    loading_text(&l, quoted);                                                                      \
    CHECK_TEXT(loading_says(&l, 0), "");                                                           \
    const Graph *g = l.graph;                                                                      \
    CHECK(g != NULL)

/* A test that needs a refusal, and its first words. */
#define REFUSED(quoted, words)                                                                     \
    do {                                                                                           \
        Loading refused;                                                                           \
        loading_open(&refused);                                                                    \
        loading_text(&refused, quoted);                                                            \
        CHECK_TEXT(loading_says(&refused, 0), words);                                              \
        CHECK(refused.graph == NULL);                                                              \
        loading_close(&refused);                                                                   \
    } while (0)

#define NATIVE(rest) "{'treadle':1," rest "}"
#define NATIVE_NODES(nodes) NATIVE("'nodes':[" nodes "]")
#define KHR_ALL_TYPES                                                                              \
    "'types':[{'signature':'bool'},{'signature':'int'},{'signature':'float'},{'signature':'float2'},{'signature':'float3'}," \
    "{'signature':'float4'},{'signature':'ref'},{'signature':'custom'},{'signature':'custom'}]"
#define KHR(rest) "{'graphs':[{" KHR_ALL_TYPES "," rest "}]}"

#endif
