/* gltf.c (graph) - counts the arrays of a glTF and names their elements. */
#include "gltf.h"

#include <string.h>

const cJSON *gltf_member(const cJSON *object, Text key) {
    for (const cJSON *item = cJSON_IsObject(object) ? object->child : NULL; item; item = item->next)
        if (strlen(item->string) == key.len && memcmp(item->string, key.data, key.len) == 0) return item;
    return NULL;
}

/* Data that is inside the file is data; all else would have to be fetched. */
static void check_uris(const cJSON *list, const char *key, const char *what, Diags *diags) {
    At at = {NULL, {key, (u32)strlen(key)}, 0};
    u32 i = 0;
    for (const cJSON *item = cJSON_IsArray(list) ? list->child : NULL; item; item = item->next, i++) {
        const cJSON *uri = gltf_member(item, TEXT("uri"));
        At here = {&at, {NULL, 0}, i};
        if (cJSON_IsString(uri) && strncmp(uri->valuestring, "data:", 5) != 0)
            diag_report(diags, ERR_URI_NOT_LOADED, &here, (Detail){0}, what, i);
    }
}

/* What a pointer without parameters leads to; NULL: nothing. */
static const cJSON *look_up(const cJSON *from, const char *pointer) {
    Text rest = {pointer, (u32)strlen(pointer)}, step;
    while (from && pointer_step(&rest, &step)) from = gltf_member(from, step);
    return from;
}

void gltf_open(Gltf *gltf, const cJSON *root, Text bin, Diags *diags) {
    const cJSON *used = gltf_member(root, TEXT("extensionsUsed"));
    *gltf = (Gltf){.root = root, .used = cJSON_IsArray(used) ? used->child : NULL, .bin = bin};
    for (u32 i = 0; i < GLTF_ARRAYS; i++) {
        const cJSON *list = look_up(root, gltf_array_path((GltfArray)i));
        gltf->count[i] = cJSON_IsArray(list) ? draft_count(list) : 0;
        gltf->list[i] = gltf->count[i] ? list : NULL;
    }
    check_uris(gltf_member(root, TEXT("buffers")), "buffers", "buffer", diags);
    check_uris(gltf_member(root, TEXT("images")), "images", "image", diags);
}

u64 gltf_ref(const Gltf *gltf, Text pointer) {
    for (u32 i = 0; i < GLTF_ARRAYS && gltf; i++) {
        const char *path = gltf_array_path((GltfArray)i);
        u32 len = (u32)strlen(path), index;
        if (pointer.len < len + 2 || memcmp(pointer.data, path, len) != 0 || pointer.data[len] != '/') continue;
        Text digits = {pointer.data + len + 1, pointer.len - len - 1};
        if (pointer_digits(digits, &index) && index < gltf->count[i]) return REF_GLTF(i, index);
    }
    return REF_NULL;
}

void gltf_ref_text(u64 bits, Buf *out) {
    u64 payload = REF_PAYLOAD(bits);
    if (REF_KIND(bits) == REF_OBJECT)
        buf_print(out, "\"%s/%u\"", gltf_array_path((GltfArray)(payload >> 32)), (u32)payload);
    else
        buf_text(out, "null");
}

u32 gltf_morph_targets(const cJSON *mesh) {
    const cJSON *primitives = gltf_member(mesh, TEXT("primitives"));
    const cJSON *targets = gltf_member(cJSON_IsArray(primitives) ? primitives->child : NULL, TEXT("targets"));
    return cJSON_IsArray(targets) ? draft_count(targets) : 0;
}

/* Some path of the object model goes through it. */
static bool is_known(Text extension) {
    for (u32 row = 0; row < POINTER_ROWS; row++) {
        const char *path = pointer_shape((PointerRow)row)->path;
        Text rest = {path, (u32)strlen(path)}, step;
        while (pointer_step(&rest, &step)) {
            pointer_must_be(&step);
            if (step.len == extension.len && memcmp(step.data, extension.data, step.len) == 0) return true;
        }
    }
    return false;
}

/* Many more than there are: each pointer that asks goes through the list. */
enum { EXTENSIONS_MAX = 1024 };

bool gltf_enables(const Gltf *gltf, Text extension) {
    u32 n = 0;
    for (const cJSON *item = gltf ? gltf->used : NULL; item && n < EXTENSIONS_MAX; item = item->next, n++) {
        if (!cJSON_IsString(item) || strlen(item->valuestring) != extension.len) continue;
        if (memcmp(item->valuestring, extension.data, extension.len) == 0) return is_known(extension);
    }
    return false;
}
