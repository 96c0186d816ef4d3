/* khr.c (graph) - KHR_interactivity: the extension object, the graph meant, its five lists. */
#include "khr.h"

#include <string.h>
#include "../base/hash.h"
#include "gltf.h"
#include "values.h"

/* ---- one graph ---- */

enum { KEY_TYPES, KEY_VARIABLES, KEY_EVENTS, KEY_DECLARATIONS, KEY_NODES, KEY_NAME, LISTS = KEY_NAME, KEYS };
static const char *const keys[KEYS] = {"types", "variables", "events", "declarations", "nodes", "name"};

/* One list points into another: without that it is not read. */
static void check_needs(Draft *d, const cJSON **fields, const cJSON **lists, u32 key, u32 needed) {
    At at = {d->at, {keys[key], (u32)strlen(keys[key])}, 0};
    if (!fields[key] || fields[needed]) return;
    diag_report(d->diags, ERR_KHR_NEEDS, &at, (Detail){0}, keys[key], keys[needed]);
    lists[key] = NULL;
}

static Err read_name(Draft *d, const cJSON *item) {
    const char *name = NULL;
    khr_string(d, d->at, "name", item, &name);
    if (!name) return ERR_OK;
    d->g->name = arena_copy(&d->g->arena, (Text){name, (u32)strlen(name)});
    return d->g->name ? ERR_OK : draft_no_memory(d);
}

static Err read_graph(Khr *k, const cJSON *item) {
    const cJSON *fields[KEYS], *lists[LISTS];
    Draft *d = &k->d;
    if (!draft_is_object(d, d->at, item)) return ERR_OK;
    json_fields(item, d->at, keys, fields, KEYS, false, d->diags);
    for (u32 i = 0; i < LISTS; i++) lists[i] = khr_list(d, d->at, keys[i], fields[i]);
    check_needs(d, fields, lists, KEY_VARIABLES, KEY_TYPES);
    check_needs(d, fields, lists, KEY_NODES, KEY_DECLARATIONS);
    TRY(read_name(d, fields[KEY_NAME]));
    TRY(khr_types(k, lists[KEY_TYPES]));
    TRY(khr_variables(k, lists[KEY_VARIABLES]));
    TRY(khr_events(k, lists[KEY_EVENTS]));
    TRY(khr_declarations(k, lists[KEY_DECLARATIONS]));
    TRY(khr_nodes(k, lists[KEY_NODES]));
    return khr_edges(k);
}

/* What all graphs of a file share. */
typedef struct File {
    const cJSON *graphs;
    u32 count;
    At at; /* of the list */
    const Gltf *gltf;
    const LoadOptions *options;
    u64 hash;
} File;

static Err load_graph(const File *file, const cJSON *item, u32 index, bool chosen, Diags *diags, Graph **out) {
    Khr k = {0};
    At at = {&file->at, {NULL, 0}, index};
    diags->graph = (i32)index;
    Err e = draft_open(&k.d, file->options, diags, DIALECT_KHR, (i32)index, hash_u64(file->hash, index));
    k.d.at = &at;
    k.d.gltf = file->gltf;
    k.d.only_checked = !chosen;
    if (e == ERR_OK) e = read_graph(&k, item);
    if (e == ERR_OK) e = draft_graph(&k.d, out);
    draft_close(&k.d);
    diags->graph = -1;
    return e;
}

/* ---- the other graphs of the file: what is wrong with them is only told ---- */

static void tell(Diags *diags, const Diags *of_graph) {
    for (u32 i = 0; i < of_graph->count; i++) {
        if (of_graph->list[i].severity != SEVERITY_ERROR) continue;
        diags->warnings++;
        if (diags->count == DIAG_MAX) continue;
        Diag *diag = &diags->list[diags->count++];
        *diag = of_graph->list[i];
        diag->severity = SEVERITY_WARNING;
    }
}

static void check_other(const File *file, const cJSON *item, u32 index, u32 loaded, Diags *diags) {
    Diags own;
    Graph *graph = NULL;
    At at = {&file->at, {NULL, 0}, index};
    diags_open(&own, diags->arena, diags->file, diags->source);
    load_graph(file, item, index, false, &own, &graph);
    graph_free(graph);
    if (own.errors == 0) return;
    Buf name = {0};
    buf_print(&name, "graph %u", loaded);
    diag_report(diags, ERR_KHR_GRAPH_IGNORED, &at, (Detail){0}, index, own.errors, name.data ? name.data : "");
    buf_close(&name);
    tell(diags, &own);
}

/* ---- the extension object ---- */

/* The graph to load: the one asked for, else the file's default, else 0. False: reported. */
static bool choose(const cJSON *item, const At *at, u32 count, const LoadOptions *options, Diags *diags, u32 *index) {
    At here = {at, TEXT("graph"), 0};
    f64 value = item ? item->valuedouble : 0;
    const char *seen = json_seen(diags, item);
    *index = 0;
    if (item && (!cJSON_IsNumber(item) || !(value >= 0 && value < count && value == (u32)value))) {
        diag_report(diags, ERR_KHR_DEFAULT_GRAPH, &here, (Detail){.seen = seen}, seen, count);
        return false;
    }
    if (item) *index = (u32)value;
    if (options->graph < 0) return true;
    *index = (u32)options->graph;
    if (*index < count) return true;
    Buf asked = {0};
    buf_print(&asked, "%d", options->graph);
    diag_report(diags, ERR_KHR_DEFAULT_GRAPH, at, (Detail){0}, asked.data ? asked.data : "", count);
    buf_close(&asked);
    return false;
}

static Err load_chosen(const File *file, u32 chosen, Diags *diags, Graph **out) {
    const cJSON *item = file->graphs->child;
    for (u32 i = 0; i < chosen; i++) item = item->next;
    TRY(load_graph(file, item, chosen, true, diags, out));
    u32 i = 0;
    for (item = file->graphs->child; item; item = item->next, i++)
        if (i != chosen) check_other(file, item, i, chosen, diags);
    return ERR_OK;
}

static Err refuse_graphs(Diags *diags, const At *at, const cJSON *graphs) {
    At here = {at, TEXT("graphs"), 0};
    const char *seen = json_seen(diags, graphs);
    if (!graphs) return diag_report(diags, ERR_KEY_MISSING, at, (Detail){0}, "graphs");
    if (cJSON_IsArray(graphs)) return diag_report(diags, ERR_KHR_EMPTY, &here, (Detail){0}, "graphs");
    return diag_report(diags, ERR_KEY_TYPE, &here, (Detail){.seen = seen, .expected = "an array"}, "graphs", "an array",
                       seen);
}

Err khr_load(const cJSON *extension, const At *at, const cJSON *root, Text bin, const LoadOptions *options,
             Diags *diags, u64 hash, Graph **out) {
    static const char *const extension_keys[] = {"graphs", "graph"};
    const cJSON *fields[2] = {NULL};
    if (!cJSON_IsObject(extension)) {
        const char *seen = json_seen(diags, extension);
        return diag_report(diags, ERR_ITEM_TYPE, at, (Detail){.seen = seen, .expected = "object"}, "object", seen);
    }
    json_fields(extension, at, extension_keys, fields, 2, false, diags);
    if (!cJSON_IsArray(fields[0]) || !fields[0]->child) return refuse_graphs(diags, at, fields[0]);
    Gltf gltf;
    File file = {fields[0], draft_count(fields[0]), {at, TEXT("graphs"), 0}, root ? &gltf : NULL, options, hash};
    u32 chosen;
    if (root) gltf_open(&gltf, root, bin, diags);
    if (!choose(fields[1], at, file.count, options, diags, &chosen)) return ERR_KHR_DEFAULT_GRAPH;
    return load_chosen(&file, chosen, diags, out);
}
