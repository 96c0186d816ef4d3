/* model_read.c (graph) - cells and the node tree, read from the asset's JSON; bad data counts as left out. */
#include "model_read.h"

#include <string.h>

/* What nodes ask of the mesh they show: looked up once, however many show it. */
typedef struct Mesh {
    u32 targets;          /* morph targets */
    const cJSON *weights; /* the first, NULL: none */
} Mesh;

/* A model being built: in a first pass cells are only counted, in the second they are written. */
typedef struct Build {
    Draft *d;
    Model *m;
    const Gltf *gltf; /* NULL: no asset */
    const cJSON **element[GLTF_ARRAYS];
    Mesh *meshes;
    bool wanted[POINTER_ROWS];
    bool fill;
    u64 cells, slots;
    PointerRow row;
    bool parts; /* its path has a second index */
    u64 entry;  /* of row_cell[row] */
} Build;

static Text path_of(PointerRow row) {
    const char *path = pointer_shape(row)->path;
    return (Text){path, (u32)strlen(path)};
}

static const cJSON *node_member(const Build *b, u32 node, Text key) {
    return gltf_member(b->element[GLTF_NODES][node], key);
}

static const cJSON *items_of(const cJSON *list) { return cJSON_IsArray(list) ? list->child : NULL; }

/* ---- saying what is wrong ---- */

/* A path without its marks. */
static void plain_path(PointerRow row, char out[POINTER_TEXT_MAX]) {
    u32 n = 0;
    for (const char *c = pointer_shape(row)->path; *c && n + 1 < POINTER_TEXT_MAX; c++)
        if (*c != '!') out[n++] = *c;
    out[n] = '\0';
}

/* At element e of an array, or at the asset itself (INDEX_NONE). */
static void warn(Build *b, Err err, GltfArray array, u32 e, const char *what, const char *seen) {
    At steps[4] = {{0}}, *at = NULL;
    u32 n = 0;
    const char *path = array < GLTF_ARRAYS ? gltf_array_path(array) : "";
    Text rest = {path, (u32)strlen(path)}, step;
    while (pointer_step(&rest, &step)) {
        steps[n] = (At){at, step, 0};
        at = &steps[n++];
    }
    steps[n] = (At){at, {NULL, 0}, e};
    if (n) at = &steps[n];
    diag_report(b->d->diags, err, at, (Detail){.seen = seen}, what, seen);
}

/* ---- the node tree ---- */

static void adopt(Build *b, u32 node) {
    Model *m = b->m;
    u32 child;
    for (const cJSON *item = items_of(node_member(b, node, TEXT("children"))); item; item = item->next) {
        if (!json_index(item, m->count[GLTF_NODES], &child))
            warn(b, ERR_GLTF_VALUE, GLTF_NODES, node, "children", json_seen(b->d->diags, item));
        else if (m->parent[child] != NONE)
            warn(b, ERR_GLTF_PARENTS, GLTF_NODES, child, "", "");
        else
            m->parent[child] = node;
    }
}

/* Walks up from every node; one that is met again on the same way is cut off from its parent. */
static Err cut_cycles(Build *b) {
    Model *m = b->m;
    u32 n = m->count[GLTF_NODES], *seen = ARENA_ARRAY(&b->d->scratch, u32, n);
    if (!seen) return draft_no_memory(b->d);
    for (u32 node = 0; node < n; node++) {
        u32 at = node;
        for (; at != NONE && !seen[at]; at = m->parent[at]) seen[at] = node + 1;
        if (at == NONE || seen[at] != node + 1) continue;
        warn(b, ERR_GLTF_CYCLE, GLTF_NODES, at, "", "");
        m->parent[at] = NONE;
    }
    return ERR_OK;
}

/* Every node is climbed over twice at most: to one whose depth is known, and once more to note what was found. */
static Err measure_depth(Build *b) {
    Model *m = b->m;
    u32 n = m->count[GLTF_NODES], *depth = ARENA_ARRAY(&b->d->scratch, u32, n);
    if (!depth) return draft_no_memory(b->d);
    for (u32 node = 0; node < n; node++) {
        u32 up = node, deep = 0;
        for (; up != NONE && !depth[up]; up = m->parent[up]) deep++;
        if (up != NONE) deep += depth[up];
        if (deep > m->depth) m->depth = deep;
        for (up = node; up != NONE && !depth[up]; up = m->parent[up]) depth[up] = deep--;
    }
    return ERR_OK;
}

/* All numbers of an array; false: they are not that many numbers. */
static bool read_numbers(const cJSON *list, u32 count, f64 *out) {
    u32 n = 0;
    for (const cJSON *item = items_of(list); item; item = item->next, n++) {
        if (n == count || !cJSON_IsNumber(item)) return false;
        out[n] = item->valuedouble;
    }
    return n == count;
}

static Err read_matrices(Build *b) {
    Model *m = b->m;
    u32 n = m->count[GLTF_NODES], matrices = 0;
    f64 numbers[16];
    for (u32 node = 0; node < n; node++) {
        const cJSON *matrix = node_member(b, node, TEXT("matrix"));
        bool good = read_numbers(matrix, 16, numbers);
        if (matrix && !good) warn(b, ERR_GLTF_VALUE, GLTF_NODES, node, "matrix", json_seen(b->d->diags, matrix));
        m->matrix[node] = good ? matrices++ : NONE;
    }
    TRY(DRAFT_ARRAY(b->d, m->matrices, 16 * (u64)matrices));
    for (u32 node = 0; node < n; node++)
        if (m->matrix[node] != NONE)
            read_numbers(node_member(b, node, TEXT("matrix")), 16, m->matrices + 16 * (u64)m->matrix[node]);
    return ERR_OK;
}

static Err read_tree(Build *b) {
    Model *m = b->m;
    u32 n = m->count[GLTF_NODES];
    if (n == 0) return ERR_OK;
    TRY(DRAFT_ARRAY(b->d, m->parent, n));
    TRY(DRAFT_ARRAY(b->d, m->matrix, n));
    for (u32 node = 0; node < n; node++) m->parent[node] = NONE;
    for (u32 node = 0; node < n; node++) adopt(b, node);
    TRY(cut_cycles(b));
    TRY(measure_depth(b));
    return read_matrices(b);
}

/* ---- which rows are reached ---- */

static void want_pointers(Build *b) {
    const Draft *d = b->d;
    for (u32 i = 0; i < d->nodes.count; i++) {
        u8 id = d->nodes.at[i].id;
        if (id != NODE_pointer_get && id != NODE_pointer_set && id != NODE_pointer_interpolate) continue;
        i32 row = d->params.at[d->nodes.at[i].params];
        if (row < POINTER_ROWS) b->wanted[row] = true;
    }
}

static void want_animated(Build *b) {
    const Clips *clips = &b->d->g->clips;
    for (u32 i = 0; i < clips->channel_count; i++) b->wanted[clip_row(&clips->channels[i])] = true;
}

static void want_observed(Build *b) {
    const LoadOptions *options = b->d->options;
    for (u32 row = 0; row < POINTER_ROWS; row++)
        for (u32 i = 0; i < options->observed_count && pointer_shape((PointerRow)row)->access == ACCESS_CELL; i++)
            if (pointer_below((PointerRow)row, options->observed[i])) b->wanted[row] = true;
}

/* A matrix is made of what the node is turned, scaled and moved by. */
static void want_parts(Build *b) {
    if (!b->wanted[POINTER_node_matrix] && !b->wanted[POINTER_node_global]) return;
    b->wanted[POINTER_node_translation] = b->wanted[POINTER_node_rotation] = b->wanted[POINTER_node_scale] = true;
}

/* ---- values ---- */

static Slot to_slot(Type t, f64 value) {
    if (t == TYPE_BOOL) return (Slot){.bits = value != 0};
    if (t == TYPE_INT) return (Slot){.bits = (u32)(i32)value};
    return (Slot){.f = value};
}

static void put_fallback(PointerRow row, Slot *out) {
    const PointerShape *shape = pointer_shape(row);
    for (u32 i = 0; i < type_lanes((Type)shape->type); i++) out[i] = to_slot((Type)shape->type, shape->fallback[i]);
}

/* An element of the array that an INDEX row names. */
static void put_index(PointerRow row, u32 index, Slot *out) {
    const PointerShape *shape = pointer_shape(row);
    out->bits = shape->type == TYPE_REF ? REF_GLTF((u32)shape->fallback[0], index) : index;
}

static bool read_value(const cJSON *item, Type t, Slot *out) {
    f64 numbers[LANES_MAX];
    u32 lanes = type_lanes(t);
    if (t == TYPE_BOOL) *out = to_slot(t, cJSON_IsTrue(item));
    if (t == TYPE_BOOL) return cJSON_IsBool(item);
    if (lanes == 1) numbers[0] = item->valuedouble;
    if (lanes == 1 ? !cJSON_IsNumber(item) : !read_numbers(item, lanes, numbers)) return false;
    for (u32 i = 0; i < lanes; i++) out[i].f = numbers[i];
    return true;
}

/* The value of the property at `item` (NULL: left out) of element e; false: it is undefined. */
static bool read_property(Build *b, u32 e, const cJSON *item, Slot *out) {
    const PointerShape *shape = pointer_shape(b->row);
    bool good = true;
    u32 index = 0;
    put_fallback(b->row, out);
    switch (shape->access) {
    case ACCESS_LENGTH: out->bits = cJSON_IsArray(item) ? draft_count(item) : 0; break;
    case ACCESS_INDEX:
        good = json_index(item, b->m->count[(u32)shape->fallback[0]], &index);
        if (good) put_index(b->row, index, out);
        break;
    default: good = !item || read_value(item, (Type)shape->type, out); break;
    }
    if (good) return true;
    if (b->fill) {
        char path[POINTER_TEXT_MAX];
        plain_path(b->row, path);
        warn(b, ERR_GLTF_VALUE, pointer_index(b->row, 0), e, path, json_seen(b->d->diags, item));
    }
    if (shape->access != ACCESS_INDEX) put_fallback(b->row, out);
    return shape->access != ACCESS_INDEX;
}

/* ---- cells ---- */

/* The next entry of the row: a cell with that value, or (NULL) none. */
static void put(Build *b, u32 first, u32 second, const Slot *value) {
    Model *m = b->m;
    u32 lanes = type_lanes((Type)pointer_shape(b->row)->type);
    if (b->fill) m->row_cell[b->row][b->entry] = value ? (u32)b->cells : NONE;
    b->entry++;
    if (!value) return;
    if (b->fill) {
        m->cell_row[b->cells] = (u8)b->row;
        m->cell_index[0][b->cells] = first;
        m->cell_index[1][b->cells] = second;
        m->cell_slot[b->cells] = (u32)b->slots;
        memcpy(m->init + b->slots, value, lanes * sizeof(Slot));
    }
    b->cells++;
    b->slots += lanes;
}

/* Goes along a path up to its next #, or to its end. False: something that must be there is not. */
static bool go_along(const cJSON **at, Text *path) {
    Text step, rest = *path;
    while (pointer_step(&rest, &step)) {
        if (step.data[0] == '#') break;
        bool must = pointer_must_be(&step);
        static const char length[] = ".length";
        u32 tail = sizeof length - 1;
        if (step.len > tail && memcmp(step.data + step.len - tail, length, tail) == 0) step.len -= tail;
        *at = gltf_member(*at, step);
        if (must && !*at) return false;
        *path = rest;
    }
    return true;
}

static void put_item(Build *b, u32 e, u32 part, const cJSON *item, bool defined) {
    Slot value[LANES_MAX];
    put(b, e, part, defined && read_property(b, e, item, value) ? value : NULL);
}

static void put_parts(Build *b, u32 e, const cJSON *list, Text rest) {
    Text hash;
    u32 part = 0;
    pointer_step(&rest, &hash);
    for (const cJSON *item = items_of(list); item; item = item->next, part++) {
        const cJSON *at = item;
        Text path = rest;
        bool defined = go_along(&at, &path);
        put_item(b, e, part, at, defined);
    }
}

/* The mesh that a node shows; without one, an empty one. */
static Mesh mesh_of(const Build *b, u32 node) {
    u32 index;
    bool shown = json_index(node_member(b, node, TEXT("mesh")), b->m->count[GLTF_MESHES], &index);
    return shown ? b->meshes[index] : (Mesh){0};
}

/* The node's own weights, else the mesh's, else 0. Counting costs nothing: nodes times targets may be a lot. */
static void put_weights(Build *b, u32 node) {
    Mesh mesh = mesh_of(b, node);
    u32 n = mesh.targets;
    if (!b->fill) {
        b->cells += n;
        b->slots += n;
        b->entry += n;
        return;
    }
    const cJSON *own = items_of(node_member(b, node, TEXT("weights")));
    const cJSON *weight = own ? own : mesh.weights;
    for (u32 k = 0; k < n; k++, weight = weight ? weight->next : NULL) put_item(b, node, k, weight, true);
}

/* Where a matrix moves its node to. */
static void put_translation(Build *b, u32 node) {
    const f64 *column = b->m->matrices + 16 * (u64)b->m->matrix[node] + 12;
    put(b, node, 0, (Slot[]){{.f = column[0]}, {.f = column[1]}, {.f = column[2]}});
}

static void put_parent(Build *b, u32 node) {
    Slot value;
    if (b->m->parent[node] != NONE) put_index(b->row, b->m->parent[node], &value);
    put(b, node, 0, b->m->parent[node] != NONE ? &value : NULL);
}

static void put_number(Build *b, u32 e, u32 number) { put(b, e, 0, &(Slot){.bits = number}); }

/* Properties that are not simply what stands at their path. False: it is none of them. */
static bool put_special(Build *b, u32 e) {
    bool matrix = e < b->m->count[GLTF_NODES] && b->m->matrix[e] != NONE;
    switch (b->row) {
    case POINTER_node_translation:
        if (matrix) put_translation(b, e);
        return matrix;
    case POINTER_node_rotation:
    case POINTER_node_scale:
        if (matrix) put(b, e, 0, NULL);
        return matrix;
    case POINTER_node_weight: put_weights(b, e); return true;
    case POINTER_weights_length: put_number(b, e, mesh_of(b, e).targets); return true;
    case POINTER_node_parent:
    case POINTER_node_parent_ref: put_parent(b, e); return true;
    default: return false;
    }
}

static void put_element(Build *b, GltfArray array, u32 e) {
    const cJSON *at = b->element[array][e];
    Text rest = path_of(b->row);
    const char *hash = memchr(rest.data, '#', rest.len);
    if (put_special(b, e)) return;
    rest = (Text){hash + 1, rest.len - (u32)(hash + 1 - rest.data)};
    bool defined = go_along(&at, &rest);
    if (b->parts)
        put_parts(b, e, defined ? at : NULL, rest);
    else
        put_item(b, e, 0, at, defined);
}

/* The asset's version, "1.1", or 2.0 where that is less or no version: the highest that is supported. */
static u32 version_part(const Build *b, bool minor) {
    enum { MAJOR = 2, MINOR = 0 };
    const cJSON *asset = b->gltf ? gltf_member(b->gltf->root, TEXT("asset")) : NULL;
    const cJSON *version = gltf_member(asset, TEXT("version"));
    const char *text = cJSON_IsString(version) ? version->valuestring : "", *point = strchr(text, '.');
    u32 before = MAJOR, after = MINOR;
    bool good = point && pointer_digits((Text){text, (u32)(point - text)}, &before) &&
                pointer_digits((Text){point + 1, (u32)strlen(point + 1)}, &after) && after <= INT32_MAX;
    if (!good || before >= MAJOR) return minor ? MINOR : MAJOR;
    return minor ? after : before;
}

static void put_single(Build *b) {
    bool in_asset =
        b->gltf && pointer_shape(b->row)->access != ACCESS_FIXED; /* what is fixed and has no index is ours */
    const cJSON *at = in_asset ? b->gltf->root : NULL;
    Text rest = path_of(b->row);
    if (b->row == POINTER_major_version || b->row == POINTER_minor_version) {
        put_number(b, 0, version_part(b, b->row == POINTER_minor_version));
        return;
    }
    bool defined = go_along(&at, &rest);
    put_item(b, 0, 0, at, defined);
}

/* ---- rows ---- */

static u32 row_elements(const Build *b, PointerRow row) {
    GltfArray array = pointer_index(row, 0);
    return array == INDEX_NONE ? 1 : b->m->count[array];
}

static void put_row(Build *b) {
    GltfArray array = pointer_index(b->row, 0);
    u32 *first = b->m->row_first[b->row], n = row_elements(b, b->row);
    b->parts = pointer_index(b->row, 1) == INDEX_PART;
    b->entry = 0;
    if (array == INDEX_NONE) put_single(b);
    for (u32 e = 0; array != INDEX_NONE && e < n; e++) {
        put_element(b, array, e);
        if (first) first[e + 1] = (u32)b->entry;
    }
}

static bool has_cells(const Build *b, u32 row) {
    return b->wanted[row] && pointer_shape((PointerRow)row)->access != ACCESS_COMPUTED;
}

/* How many entries each row has, and room for them. */
static Err count_rows(Build *b) {
    Model *m = b->m;
    for (u32 row = 0; row < POINTER_ROWS; row++) {
        if (!has_cells(b, row)) continue;
        b->row = (PointerRow)row;
        put_row(b);
        if (b->cells >= NONE || b->slots >= NONE || b->entry >= NONE) return draft_no_memory(b->d);
        m->row_elements[row] = row_elements(b, b->row);
        TRY(DRAFT_ARRAY(b->d, m->row_cell[row], b->entry + 1));
        if (b->parts) TRY(DRAFT_ARRAY(b->d, m->row_first[row], (u64)m->row_elements[row] + 1));
        if (pointer_shape(b->row)->access != ACCESS_CELL) continue;
        m->mutable_count = (u32)b->cells;
        m->mutable_slots = (u32)b->slots;
    }
    return ERR_OK;
}

static Err take_cells(Build *b) {
    Model *m = b->m;
    m->cell_count = (u32)b->cells;
    m->slot_count = (u32)b->slots;
    TRY(DRAFT_ARRAY(b->d, m->cell_row, b->cells));
    TRY(DRAFT_ARRAY(b->d, m->cell_index[0], b->cells));
    TRY(DRAFT_ARRAY(b->d, m->cell_index[1], b->cells));
    TRY(DRAFT_ARRAY(b->d, m->cell_slot, b->cells));
    return DRAFT_ARRAY(b->d, m->init, b->slots);
}

static void fill_rows(Build *b) {
    b->fill = true;
    b->cells = b->slots = 0;
    for (u32 row = 0; row < POINTER_ROWS; row++) {
        b->row = (PointerRow)row;
        if (has_cells(b, row)) put_row(b);
    }
}

static Err list_elements(Build *b) {
    for (u32 a = 0; b->gltf && a < GLTF_ARRAYS; a++) {
        u32 n = b->m->count[a] = b->gltf->count[a], i = 0;
        b->element[a] = ARENA_ARRAY(&b->d->scratch, const cJSON *, n);
        if (!b->element[a]) return draft_no_memory(b->d);
        for (const cJSON *item = items_of(b->gltf->list[a]); item; item = item->next) b->element[a][i++] = item;
    }
    return ERR_OK;
}

static Err list_meshes(Build *b) {
    u32 n = b->m->count[GLTF_MESHES];
    b->meshes = ARENA_ARRAY(&b->d->scratch, Mesh, n);
    if (!b->meshes) return draft_no_memory(b->d);
    for (u32 i = 0; i < n; i++) {
        const cJSON *mesh = b->element[GLTF_MESHES][i];
        b->meshes[i] = (Mesh){gltf_morph_targets(mesh), items_of(gltf_member(mesh, TEXT("weights")))};
    }
    return ERR_OK;
}

Err model_read(Draft *d) {
    Build b = {.d = d, .m = &d->g->model, .gltf = d->gltf};
    TRY(list_elements(&b));
    TRY(list_meshes(&b));
    TRY(read_tree(&b));
    want_pointers(&b);
    want_animated(&b);
    want_observed(&b);
    want_parts(&b);
    TRY(count_rows(&b));
    TRY(take_cells(&b));
    fill_rows(&b);
    return ERR_OK;
}
