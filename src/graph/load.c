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

/* The text of the document; for a GLB, that of its first chunk, in which places are counted from
** then on, and its binary one. */
static Err find_text(Text bytes, const LoadOptions *options, Diags *diags, Text *text, Text *bin) {
    u64 limit = options->limits->file;
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

Err load(Text bytes, const LoadOptions *options, Diags *diags, Graph **out) {
    Text text, bin;
    *out = NULL;
    Err e = find_text(bytes, options, diags, &text, &bin);
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
