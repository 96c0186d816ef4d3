/* write.c (fuzz) - writes whatever loads in every form: what is written loads, and is written the same again.
**
** Also by way of the other dialect. What cannot be said has been reported. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "../../src/graph/load.h"
#include "../../src/graph/write.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

/* One engine's worth of saying: what is reported lies in an arena of its own. */
typedef struct Told {
    Arena arena;
    Diags diags;
    Buf text;
} Told;

static Limits limits;

static void close_told(Told *t) {
    arena_close(&t->arena);
    buf_close(&t->text);
}

static Graph *load_again(Text text, Told *t) {
    LoadOptions options = {.limits = &limits, .graph = -1};
    Graph *g = NULL;
    arena_open(&t->arena, 0);
    diags_open(&t->diags, &t->arena, "fuzz", text);
    load(text, &options, &t->diags, &g);
    return g;
}

/* True when the graph was written. */
static bool write_told(const Graph *g, WriteForm form, Told *t) {
    memset(t, 0, sizeof *t);
    arena_open(&t->arena, 0);
    diags_open(&t->diags, &t->arena, "fuzz", (Text){0});
    Err e = write_graph(g, form, &limits, &t->diags, &t->text);
    ASSERT((e == ERR_OK) == (t->diags.errors == 0));
    return e == ERR_OK;
}

/* A native file calls its variables what they were called. */
static bool keeps_names(const Graph *g, const Told *native) {
    for (u32 i = 0; i < g->variable_count; i++)
        if (!*g->variable_name[i]) return false;
    for (u32 i = 0; i < native->diags.count; i++)
        if (native->diags.list[i].err == ERR_WRITE_RENAMED) return false;
    return native->diags.count < DIAG_MAX;
}

/* References in a bare extension lead nowhere, and are not written again. */
static bool has_refs(const Graph *g) {
    for (u32 in = 0; in < g->value_in_count; in++)
        if (g->in_from[in] == NONE && g->in_type[in] == TYPE_REF && g->consts[g->in_const[in]].bits) return true;
    for (u32 v = 0; v < g->variable_count; v++)
        if (g->variable_type[v] == TYPE_REF && g->consts[g->variable_init[v]].bits) return true;
    for (u32 v = 0; v < g->event_value[g->event_count]; v++)
        if (g->event_value_type[v] == TYPE_REF && g->consts[g->event_value_init[v]].bits) return true;
    return false;
}

static void must_equal(const Buf *a, const Buf *b, const char *what) {
    if (a->len == b->len && memcmp(a->data, b->data, a->len) == 0) return;
    fprintf(stderr, "%s\n%s\n%s\n", what, a->data, b->data);
    abort();
}

/* What was written of g, loaded: it is written the same, in this form and in `other`, which had `others` words. */
static void check_again(const Told *told, WriteForm form, const Told *others) {
    static Told loaded, again;
    Graph *g = load_again((Text){told->text.data, told->text.len}, &loaded);
    if (!g) fprintf(stderr, "%s\n%s\n", loaded.diags.count ? loaded.diags.list[0].message : "", told->text.data);
    ASSERT(g);
    ASSERT(write_told(g, form, &again));
    must_equal(&told->text, &again.text, "not the same again");
    close_told(&again);
    if (others) {
        ASSERT(write_told(g, form == WRITE_NATIVE ? WRITE_KHR : WRITE_NATIVE, &again));
        must_equal(&others->text, &again.text, "not the same by way of the other");
        close_told(&again);
    }
    graph_free(g);
    loaded.text = (Buf){0};
    close_told(&loaded);
}

static void check(const Graph *g) {
    static Told khr, native, gltf;
    bool in_khr = write_told(g, WRITE_KHR, &khr), in_native = write_told(g, WRITE_NATIVE, &native);
    bool both = in_khr && in_native && keeps_names(g, &native);
    if (in_khr && !has_refs(g)) check_again(&khr, WRITE_KHR, NULL);
    if (in_native) check_again(&native, WRITE_NATIVE, both ? &khr : NULL);
    if (write_told(g, WRITE_GLTF, &gltf)) check_again(&gltf, WRITE_GLTF, NULL);
    close_told(&khr);
    close_told(&native);
    close_told(&gltf);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size) {
    static Told loaded;
    limits = limits_default();
    Graph *g = load_again((Text){(const char *)data, (u32)size}, &loaded);
    if (g) check(g);
    graph_free(g);
    close_told(&loaded);
    ASSERT(system_live == 0);
    return 0;
}
