/* upgrade.c (graph) - upgrades a file: finds the extension, rewrites its graphs, puts the new text in its place. */
#include "upgrade.h"

#include <stdlib.h>
#include <string.h>

#include "glb.h"
#include "gltf.h"
#include "scan.h"
#include "upgrader.h"

enum { GLB_HEADER = 12, GLB_CHUNK = 8, GLB_ALIGN = 4, LISTED_DEPTH = 4 };

/* --- one graph ------------------------------------------------------------------------------- */

/* Members are searched for again and again: no object may be long. */
static Err check_width(Upgrader *u) {
    u64 limit = u->limits->ports, widest = tree_widest(u->graph);
    if (!limit || widest <= limit) return ERR_OK;
    return diag_report(u->diags, ERR_LIMIT, &u->at, (Detail){.limit = limit}, (unsigned long long)widest,
                       "members of one object", "ports", (unsigned long long)limit);
}

static Err run_steps(Upgrader *u) {
    static Err (*const steps[])(Upgrader *) = {up_form, check_width, up_read,    up_names, up_edges, up_values,
                                               up_refs, up_ops,      up_indices, up_edges, up_order};
    for (u32 i = 0; i < COUNT_OF(steps); i++) TRY(steps[i](u));
    return ERR_OK;
}

/* The file being upgraded. */
typedef struct File {
    Upgrade *out;
    Text text; /* the JSON */
    const Limits *limits;
    Diags *diags;
    u32 animations;
    i32 chosen; /* graph that has to be upgraded */
} File;

/* What is wrong with a graph that nobody asked for is only told. */
static void tell(Diags *diags, const Diags *of_graph, bool chosen) {
    for (u32 i = 0; i < of_graph->count && diags->count < DIAG_MAX; i++) {
        Diag *diag = &diags->list[diags->count++];
        *diag = of_graph->list[i];
        if (!chosen) diag->severity = SEVERITY_WARNING;
    }
    *(chosen ? &diags->errors : &diags->warnings) += of_graph->errors;
    diags->warnings += of_graph->warnings;
}

/* The bytes of a value, as they are in the file. */
static const char *text_at(const File *f, u32 place) {
    Text value = scan_value(f->text, place);
    const char *copy = arena_copy(&f->out->arena, value);
    return copy ? copy : "null";
}

static Err upgrade_graph(File *f, const At *at, cJSON *graphs, cJSON **graph, i32 index) {
    Upgrader u = {.arena = &f->out->arena, .out = f->out, .limits = f->limits, .animations = f->animations};
    Diags own;
    u32 changes = f->out->changes.count;
    bool chosen = index == f->chosen;
    diags_open(&own, f->diags->arena, f->diags->file, f->text);
    own.graph = index;
    u.diags = &own;
    u.at = *at;
    u.graph = *graph;
    u.infinity = u.minus_infinity = NONE;
    for (u32 i = 0; i < TYPE_COUNT; i++) u.type_at[i] = NONE;
    names_open(&u.names, u.arena, u.arena, f->text.len);
    Err e = cJSON_IsObject(*graph) ? run_steps(&u) : diag_report(&own, ERR_DRAFT_SHAPE, at, (Detail){0}, "graph");
    tell(f->diags, &own, chosen || f->out->arena.full);
    if (f->out->arena.full) return ERR_MEMORY;
    if (e == ERR_OK) return ERR_OK;
    f->out->changes.count = changes;
    cJSON *raw = tree_raw(&f->out->arena, text_at(f, tree_place(*graph)), tree_place(*graph));
    tree_replace(graphs, *graph, raw);
    *graph = raw;
    return chosen ? e : ERR_OK;
}

/* --- the extension object -------------------------------------------------------------------- */

static i32 default_graph(const cJSON *extension, i32 asked) {
    const cJSON *graph = tree_member(extension, "graph");
    if (asked >= 0) return asked;
    return cJSON_IsNumber(graph) && graph->valuedouble > 0 && graph->valuedouble <= INT32_MAX ? (i32)graph->valuedouble
                                                                                              : 0;
}

static Err upgrade_extension(File *f, const At *at, cJSON *extension, i32 asked) {
    Upgrader u = {.arena = &f->out->arena, .out = f->out, .diags = f->diags, .limits = f->limits};
    u32 before = f->out->changes.count;
    i32 i = 0;
    f->chosen = default_graph(extension, asked);
    TRY(up_extension(&u, extension));
    bool wrapped = f->out->changes.count > before;
    At list = {at, TEXT("graphs"), 0};
    cJSON *graphs = tree_member(extension, "graphs");
    if (!cJSON_IsArray(graphs)) return diag_report(f->diags, ERR_DRAFT_SHAPE, at, (Detail){0}, "graphs");
    for (cJSON *graph = graphs->child; graph; graph = graph->next, i++) {
        At here = {&list, {NULL, 0}, (u32)i};
        TRY(upgrade_graph(f, wrapped && at ? at : &here, graphs, &graph, i));
    }
    return ERR_OK;
}

/* --- the new file ---------------------------------------------------------------------------- */

static void set_word(Buf *out, u32 at, u32 word) {
    for (u32 i = 0; i < 4 && !out->full; i++) out->data[at + i] = (char)(word >> 8 * i & 0xFF);
}

/* How far the line is indented in which a value stands. */
static u32 indent_at(Text text, u32 place) {
    u32 start = place, blanks = 0;
    while (start > 0 && text.data[start - 1] != '\n') start--;
    while (start + blanks < place && text.data[start + blanks] == ' ') blanks++;
    return blanks;
}

/* The JSON, with the extension object new: on lines of their own the nodes and so on when it had lines at all. */
static void put_json(const File *f, const cJSON *extension, Buf *out) {
    Text value = scan_value(f->text, tree_place(extension));
    u32 start = (u32)(value.data - f->text.data), end = start + value.len;
    bool lines = memchr(value.data, '\n', value.len) != NULL;
    buf_put(out, f->text.data, start);
    tree_write(out, extension, lines ? LISTED_DEPTH : 0, indent_at(f->text, start));
    buf_put(out, f->text.data + end, f->text.len - end);
}

/* The blanks that filled up the old JSON chunk are part of its text: they go, and as many as are needed come. */
static void put_glb(const File *f, Text bytes, const cJSON *extension, Buf *out) {
    u32 after = (u32)(f->text.data - bytes.data) + f->text.len;
    buf_put(out, bytes.data, GLB_HEADER + GLB_CHUNK);
    u32 start = out->len;
    put_json(f, extension, out);
    while (out->len > start && !out->full && out->data[out->len - 1] == ' ') out->len--;
    while ((out->len - start) % GLB_ALIGN && !out->full) buf_byte(out, ' ');
    set_word(out, GLB_HEADER, out->len - start);
    buf_put(out, bytes.data + after, bytes.len - after);
    set_word(out, 8, out->len);
}

static int compare(const void *a, const void *b) {
    const Change *x = a, *y = b;
    return x->offset != y->offset ? (x->offset < y->offset ? -1 : 1) : (x->line > y->line) - (x->line < y->line);
}

static Err find_pointers(const File *f) {
    Upgrade *out = f->out;
    u32 count = out->changes.count;
    u32 *offsets = ARENA_ARRAY(&out->arena, u32, count);
    const char **pointers = ARENA_ARRAY(&out->arena, const char *, count);
    for (u32 i = 0; i < count && offsets; i++) offsets[i] = out->changes.at[i].offset;
    if (!offsets || !pointers || !scan_pointers(f->text, offsets, count, &out->arena, pointers)) return ERR_MEMORY;
    for (u32 i = 0; i < count; i++) out->changes.at[i].pointer = pointers[i];
    return ERR_OK;
}

/* Changes in the order of the source, those of one place in the order they were made. */
static Err place_changes(const File *f) {
    Change *list = f->out->changes.at;
    u32 count = f->out->changes.count;
    ScanCursor cursor = {.text = f->text, .line = 1};
    for (u32 i = 0; i < count; i++) list[i].line = i;
    qsort(list, count, sizeof *list, compare);
    for (u32 i = 0; i < count; i++) {
        scan_advance(&cursor, list[i].offset);
        list[i].line = cursor.line;
        list[i].column = cursor.at - cursor.line_start + 1;
    }
    return find_pointers(f);
}

static Err write_file(const File *f, Text bytes, const cJSON *extension) {
    Buf *out = &f->out->bytes;
    if (f->out->changes.count == 0) return ERR_OK;
    if (place_changes(f) != ERR_OK) return diag_report(f->diags, ERR_MEMORY, NULL, (Detail){0});
    if (f->text.data == bytes.data)
        put_json(f, extension, out);
    else
        put_glb(f, bytes, extension, out);
    return out->full ? diag_report(f->diags, ERR_MEMORY, NULL, (Detail){0}) : ERR_OK;
}

/* --- the document ---------------------------------------------------------------------------- */

static Err upgrade_document(File *f, Text bytes, cJSON *root, i32 asked) {
    At extensions_at = {NULL, TEXT("extensions"), 0}, at = {&extensions_at, TEXT("KHR_interactivity"), 0};
    cJSON *inner = tree_member(tree_member(root, "extensions"), "KHR_interactivity");
    bool bare = !inner && tree_member(root, "graphs") && !tree_member(root, "treadle");
    if (!inner && !bare) return diag_report(f->diags, ERR_DRAFT_DIALECT, NULL, (Detail){0});
    cJSON *extension = bare ? root : inner;
    if (!cJSON_IsObject(extension)) return diag_report(f->diags, ERR_DRAFT_SHAPE, &at, (Detail){0}, "extension");
    const cJSON *animations = tree_member(root, "animations");
    f->animations = bare ? NONE : cJSON_IsArray(animations) ? up_count(animations) : 0;
    TRY(upgrade_extension(f, bare ? NULL : &at, extension, asked));
    return write_file(f, bytes, extension);
}

static Err find_text(Text bytes, Diags *diags, Text *text) {
    Text bin;
    *text = bytes;
    if (!glb_is(bytes, diags->file)) return ERR_OK;
    TRY(glb_open(bytes, diags, text, &bin));
    diags->source = *text;
    return ERR_OK;
}

Err upgrade(Text bytes, const Limits *limits, i32 graph, Diags *diags, Upgrade *out) {
    File f = {.out = out, .limits = limits, .diags = diags};
    Json json;
    *out = (Upgrade){0};
    arena_open(&out->arena, limits->memory);
    Err e = find_text(bytes, diags, &f.text);
    if (e == ERR_OK) e = json_open(&json, f.text, limits, diags);
    if (e == ERR_OK) {
        tree_places(json.root, f.text);
        e = upgrade_document(&f, bytes, json.root, graph);
        json_close(&json);
    }
    if (e != ERR_OK) out->changes.count = 0;
    scan_place(diags);
    return e;
}

void upgrade_close(Upgrade *u) {
    arena_close(&u->arena);
    buf_close(&u->bytes);
}

u32 upgrade_count(const Upgrade *u, Err kind, const Change **first) {
    u32 count = 0;
    for (u32 i = u->changes.count; i-- > 0;) {
        if (u->changes.at[i].kind != kind) continue;
        *first = &u->changes.at[i];
        count++;
    }
    return count;
}
