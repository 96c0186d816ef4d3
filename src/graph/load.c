/* load.c (graph) - which dialect a file is in; and the way from there to a Graph. */
#include "load.h"

#include <string.h>
#include "../base/hash.h"
#include "build.h"
#include "draft.h"
#include "glb.h"
#include "khr.h"
#include "native.h"
#include "scan.h"
#include "upgrade.h"

enum { KEY_TREADLE, KEY_EXTENSIONS, KEY_GRAPHS, KEY_ASSET, KEY_NODES, KEYS };

static Err load_native(const cJSON *root, const LoadOptions *options, Diags *diags, u64 hash, Graph **out) {
    Draft d;
    Err e = draft_open(&d, options, diags, DIALECT_NATIVE, 0, hash);
    if (e == ERR_OK) e = native_read(&d, root);
    if (e == ERR_OK) e = draft_graph(&d, out);
    draft_close(&d);
    return e;
}

static Err load_document(const cJSON *root, Text bin, const LoadOptions *options, Diags *diags, u64 hash, Graph **out) {
    static const char *const keys[KEYS] = {"treadle", "extensions", "graphs", "asset", "nodes"};
    static const char *const extension[] = {"KHR_interactivity"};
    const cJSON *fields[KEYS], *inner = NULL;
    At extensions_at = {NULL, TEXT("extensions"), 0}, at = {&extensions_at, TEXT("KHR_interactivity"), 0};
    if (!cJSON_IsObject(root)) {
        const char *seen = json_seen(diags, root);
        return diag_report(diags, ERR_ROOT_TYPE, NULL, (Detail){.seen = seen, .expected = "object"}, seen);
    }
    json_fields(root, NULL, keys, fields, KEYS, false, diags);
    if (cJSON_IsObject(fields[KEY_EXTENSIONS]))
        json_fields(fields[KEY_EXTENSIONS], &extensions_at, extension, &inner, 1, false, diags);
    if (fields[KEY_TREADLE]) return load_native(root, options, diags, hash, out);
    if (inner) return khr_load(inner, &at, root, bin, options, diags, hash, out);
    if (fields[KEY_GRAPHS]) return khr_load(root, NULL, NULL, bin, options, diags, hash, out);
    if (fields[KEY_NODES] && !fields[KEY_ASSET]) return load_native(root, options, diags, hash, out);
    return diag_report(diags, ERR_NO_GRAPH, NULL, (Detail){0});
}

Err load_text(Text bytes, const Limits *limits, Diags *diags, Text *text, Text *bin) {
    u64 limit = limits->file;
    if (limit && bytes.len > limit)
        return diag_report(diags, ERR_LIMIT_FILE, NULL, (Detail){.limit = limit}, (unsigned long long)bytes.len,
                           (unsigned long long)limit);
    *text = bytes;
    *bin = (Text){NULL, 0};
    if (!glb_is(bytes, diags->file)) return ERR_OK;
    TRY(glb_open(bytes, diags, text, bin));
    diags->source = *text;
    return ERR_OK;
}

static Err read_text(Text bytes, Text text, Text bin, const LoadOptions *options, Diags *diags, Graph **out) {
    Json json;
    TRY(json_open(&json, text, options->limits, diags));
    Err e = load_document(json.root, bin, options, diags, hash_bytes(HASH_START, bytes.data, bytes.len), out);
    json_close(&json);
    return e;
}

static Err first_error(const Diags *diags, Err otherwise) {
    for (u32 i = 0; i < diags->count; i++)
        if (diags->list[i].severity == SEVERITY_ERROR) return diags->list[i].err;
    return otherwise;
}

/* The name outlives the caller's. */
static Err keep_file(Graph *g, const LoadOptions *options, Diags *diags) {
    g->file = arena_copy(&g->arena, (Text){diags->file, (u32)strlen(diags->file)});
    return g->file ? ERR_OK : build_no_memory(diags, options->limits, &g->arena, NULL);
}

static Err load_strictly(Text bytes, const LoadOptions *options, Diags *diags, Graph **out) {
    Text text, bin;
    *out = NULL;
    Err e = load_text(bytes, options->limits, diags, &text, &bin);
    if (e == ERR_OK) e = read_text(bytes, text, bin, options, diags, out);
    if (e == ERR_OK) e = keep_file(*out, options, diags);
    if (e != ERR_OK) {
        graph_free(*out);
        *out = NULL;
        e = first_error(diags, e);
    }
    diags->graph = diags->node = -1;
    diags->name = "";
    scan_place(diags);
    return e;
}

/* ---- drafts ---- */

static Text text_in(const Buf *b) { return (Text){b->data, b->len}; }

/* Whether the upgraded file loads; what is said about it is not kept. */
static bool loads(const Upgrade *u, const LoadOptions *options, const char *file) {
    Arena arena;
    Diags diags;
    Graph *graph;
    arena_open(&arena, 0);
    diags_open(&diags, &arena, file, text_in(&u->bytes));
    Err e = load_strictly(diags.source, options, &diags, &graph);
    graph_free(graph);
    arena_close(&arena);
    return e == ERR_OK;
}

enum { KINDS = ERR_DRAFT_OFFER - ERR_DRAFT_EMPTY };

/* One report for each kind of difference, at the first of them; and what to do. */
static void offer(const Upgrade *u, Diags *diags) {
    if (diags->count > DIAG_MAX - KINDS - 1) diags->count = DIAG_MAX - KINDS - 1;
    for (u32 kind = ERR_DRAFT_EMPTY; kind < ERR_DRAFT_OFFER; kind++) {
        const Change *first = NULL;
        u32 count = upgrade_count(u, (Err)kind, &first);
        if (!count) continue;
        diag_report_offset(diags, (Err)kind, first->offset, (Detail){0}, count);
        Diag *diag = &diags->list[diags->count - 1];
        const char *pointer = arena_copy(diags->arena, text_of(first->pointer));
        diag->pointer = pointer ? pointer : "";
        diag->line = first->line;
        diag->column = first->column;
    }
    diag_report(diags, ERR_DRAFT_OFFER, NULL, (Detail){0}, u->changes.count);
}

/* A file that was refused: is it a draft that can be upgraded? */
static void look_for_draft(Text bytes, const LoadOptions *options, Diags *diags) {
    Arena arena;
    Diags own;
    Upgrade u;
    arena_open(&arena, 0);
    diags_open(&own, &arena, diags->file, bytes);
    Err e = upgrade(bytes, options->limits, options->graph, &own, &u);
    if (e == ERR_OK && u.changes.count && loads(&u, options, diags->file)) offer(&u, diags);
    upgrade_close(&u);
    arena_close(&arena);
}

Err load(Text bytes, const LoadOptions *options, Diags *diags, Graph **out) {
    Err e = load_strictly(bytes, options, diags, out);
    if (e != ERR_OK) look_for_draft(bytes, options, diags);
    return e;
}

/* Why it was not upgraded, behind what is wrong with it as it is. */
static void tell_refusal(Diags *diags, const Diags *upgrade) {
    for (u32 i = 0; i < upgrade->count && diags->count < DIAG_MAX; i++) {
        if (upgrade->list[i].err <= ERR_DRAFT_DIALECT || upgrade->list[i].severity != SEVERITY_ERROR) continue;
        diags->list[diags->count++] = upgrade->list[i];
        diags->errors++;
    }
}

Err load_upgraded(Text bytes, const LoadOptions *options, Diags *diags, Upgrade *upgraded, Graph **out) {
    Diags own;
    diags_open(&own, diags->arena, diags->file, bytes);
    Err e = upgrade(bytes, options->limits, options->graph, &own, upgraded);
    if (e != ERR_OK || upgraded->changes.count == 0) {
        e = load_strictly(bytes, options, diags, out);
        if (e != ERR_OK) tell_refusal(diags, &own);
        return e;
    }
    diags->source = text_in(&upgraded->bytes);
    e = load_strictly(diags->source, options, diags, out);
    if (diags->count == DIAG_MAX) diags->count--;
    diag_report(diags, ERR_DRAFT_UPGRADED, NULL, (Detail){0}, upgraded->changes.count);
    return e;
}
