/* model.c (graph) - the object model looked up: rows and their paths, cells and their pointers. */
#include "model.h"
#include "names.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const PointerShape shapes[POINTER_ROWS] = {
#define POINTER(id, path, type, access, ...) {path, TYPE_##type, ACCESS_##access, {__VA_ARGS__}},
#include "pointer.def"
#undef POINTER
};

_Static_assert(POINTER_ROWS <= 256, "Model.cell_row holds a row in a byte");

static const char *const array_paths[GLTF_ARRAYS] = {
    [GLTF_NODES] = "/nodes",
    [GLTF_ANIMATIONS] = "/animations",
    [GLTF_CAMERAS] = "/cameras",
    [GLTF_MATERIALS] = "/materials",
    [GLTF_MESHES] = "/meshes",
    [GLTF_SCENES] = "/scenes",
    [GLTF_SKINS] = "/skins",
    [GLTF_LIGHTS] = "/extensions/KHR_lights_punctual/lights",
    [GLTF_ACCESSORS] = "/accessors",
    [GLTF_BUFFERS] = "/buffers",
    [GLTF_BUFFER_VIEWS] = "/bufferViews",
    [GLTF_IMAGES] = "/images",
    [GLTF_SAMPLERS] = "/samplers",
    [GLTF_TEXTURES] = "/textures",
};

SHARED const char *gltf_array_path(GltfArray array) { return array_paths[array]; }

const PointerShape *pointer_shape(PointerRow row) { return &shapes[row]; }

/* ---- paths ---- */

bool pointer_step(Text *rest, Text *step) {
    if (rest->len == 0) return false;
    const char *start = rest->data + 1, *past = rest->data + rest->len;
    const char *slash = memchr(start, '/', (size_t)(past - start));
    if (!slash) slash = past;
    *step = (Text){start, (u32)(slash - start)};
    *rest = (Text){slash, (u32)(past - slash)};
    return true;
}

bool pointer_must_be(Text *step) {
    bool marked = step->len && step->data[step->len - 1] == '!';
    if (marked) step->len--;
    return marked;
}

bool pointer_digits(Text text, u32 *out) {
    u64 n = 0;
    if (text.len == 0 || text.len > 10 || (text.len > 1 && text.data[0] == '0')) return false;
    for (u32 i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') return false;
        n = n * 10 + (u64)(text.data[i] - '0');
    }
    *out = (u32)n;
    return n < NONE;
}

/* The array that a path leads into with its first # at `at`. */
static GltfArray array_before(const char *path, const char *at) {
    size_t len = (size_t)(at - path) - 1;
    for (u32 a = 0; a < GLTF_ARRAYS; a++)
        if (strlen(array_paths[a]) == len && memcmp(array_paths[a], path, len) == 0) return (GltfArray)a;
    return INDEX_PART;
}

GltfArray pointer_index(PointerRow row, u32 k) {
    const char *path = shapes[row].path, *at = strchr(path, '#');
    if (row == POINTER_delay || row == POINTER_event)
        return k ? INDEX_NONE : row == POINTER_delay ? INDEX_DELAY : INDEX_EVENT;
    if (!at) return INDEX_NONE;
    if (k == 0) return array_before(path, at);
    return strchr(at + 1, '#') ? INDEX_PART : INDEX_NONE;
}

bool pointer_below(PointerRow row, Text prefix) {
    Text path = {shapes[row].path, (u32)strlen(shapes[row].path)}, step, wanted;
    u32 index;
    while (pointer_step(&prefix, &wanted)) {
        if (!pointer_step(&path, &step)) return false;
        pointer_must_be(&step);
        if (text_same(step, TEXT("#")) && (text_same(wanted, TEXT("{}")) || pointer_digits(wanted, &index))) continue;
        if (!text_same(step, wanted)) return false;
    }
    return true;
}

/* ---- cells ---- */

u32 model_cell(const Model *m, PointerRow row, u32 first, u32 second) {
    const u32 *cells = m->row_cell[row], *parts = m->row_first[row];
    if (!cells || first >= m->row_elements[row]) return NONE;
    if (!parts) return cells[first];
    return second < parts[first + 1] - parts[first] ? cells[parts[first] + second] : NONE;
}

void model_cell_text(const Model *m, u32 cell, char *out, u32 size) {
    const char *path = shapes[m->cell_row[cell]].path;
    Text rest = {path, (u32)strlen(path)}, step;
    u32 len = 0, k = 0;
    out[0] = '\0';
    while (pointer_step(&rest, &step) && len < size) {
        pointer_must_be(&step);
        int more = text_same(step, TEXT("#")) ? snprintf(out + len, size - len, "/%u", m->cell_index[k++][cell])
                                              : snprintf(out + len, size - len, "/%.*s", (int)step.len, step.data);
        len += more > 0 ? (u32)more : 0;
    }
}

/* Whether the pointer is of this row, and its indices. */
static bool names_row(PointerRow row, Text pointer, u32 index[POINTER_INDICES]) {
    Text path = {shapes[row].path, (u32)strlen(shapes[row].path)}, step, seen;
    u32 k = 0;
    index[0] = index[1] = 0;
    while (pointer_step(&path, &step)) {
        if (!pointer_step(&pointer, &seen)) return false;
        pointer_must_be(&step);
        if (text_same(step, TEXT("#")) ? !pointer_digits(seen, &index[k++]) : !text_same(step, seen)) return false;
    }
    return pointer.len == 0;
}

bool model_find(const Model *m, Text pointer, PointerRow *row, u32 index[POINTER_INDICES]) {
    for (u32 r = 0; r < POINTER_ROWS; r++) {
        GltfArray in = pointer_index((PointerRow)r, 0);
        if (in == INDEX_DELAY || in == INDEX_EVENT || !names_row((PointerRow)r, pointer, index)) continue;
        *row = (PointerRow)r;
        bool parts = r == POINTER_node_matrix || r == POINTER_node_global;
        if (parts && m->row_cell[POINTER_node_rotation]) return true;
        if (!parts && shapes[r].access == ACCESS_COMPUTED) return true;
        if (model_cell(m, *row, index[0], index[1]) != NONE) return true;
    }
    return false;
}
