/* gltf.c (graph) - counts the arrays of a glTF, names their elements, reads translations. */
#include "gltf.h"

#include <string.h>

enum { ITEM_BUFFERS = GLTF_ARRAYS, ITEM_IMAGES, ITEMS };

static const char *const names[ITEMS] = {
    [GLTF_NODES] = "nodes",         [GLTF_ANIMATIONS] = "animations", [GLTF_CAMERAS] = "cameras",
    [GLTF_MATERIALS] = "materials", [GLTF_MESHES] = "meshes",         [GLTF_SCENES] = "scenes",
    [GLTF_SKINS] = "skins",         [ITEM_BUFFERS] = "buffers",       [ITEM_IMAGES] = "images",
};

static const cJSON *member(const cJSON *object, const char *key) {
    for (const cJSON *item = cJSON_IsObject(object) ? object->child : NULL; item; item = item->next)
        if (strcmp(item->string, key) == 0) return item;
    return NULL;
}

/* Data that is inside the file is data; all else would have to be fetched. */
static void check_uris(const cJSON *list, const char *key, const char *what, Diags *diags) {
    At at = {NULL, {key, (u32)strlen(key)}, 0};
    u32 i = 0;
    for (const cJSON *item = cJSON_IsArray(list) ? list->child : NULL; item; item = item->next, i++) {
        const cJSON *uri = member(item, "uri");
        At here = {&at, {NULL, 0}, i};
        if (cJSON_IsString(uri) && strncmp(uri->valuestring, "data:", 5) != 0)
            diag_report(diags, ERR_URI_NOT_LOADED, &here, (Detail){0}, what, i);
    }
}

void gltf_open(Gltf *gltf, const cJSON *root, Diags *diags) {
    const cJSON *items[ITEMS];
    memset(gltf, 0, sizeof *gltf);
    json_fields(root, NULL, names, items, ITEMS, false, diags);
    for (u32 i = 0; i < GLTF_ARRAYS; i++)
        for (const cJSON *item = cJSON_IsArray(items[i]) ? items[i]->child : NULL; item; item = item->next)
            gltf->count[i]++;
    if (gltf->count[GLTF_NODES]) gltf->nodes = items[GLTF_NODES];
    check_uris(items[ITEM_BUFFERS], "buffers", "buffer", diags);
    check_uris(items[ITEM_IMAGES], "images", "image", diags);
}

/* A decimal index without leading zeros. */
static bool read_digits(Text text, u32 *out) {
    u64 n = 0;
    if (text.len == 0 || text.len > 10 || (text.len > 1 && text.data[0] == '0')) return false;
    for (u32 i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') return false;
        n = n * 10 + (u64)(text.data[i] - '0');
    }
    *out = (u32)n;
    return n < NONE;
}

u64 gltf_ref(const Gltf *gltf, Text pointer) {
    for (u32 i = 0; i < GLTF_ARRAYS && gltf; i++) {
        u32 len = (u32)strlen(names[i]), index;
        if (pointer.len < len + 2 || memcmp(pointer.data + 1, names[i], len) != 0 || pointer.data[len + 1] != '/')
            continue;
        Text digits = {pointer.data + len + 2, pointer.len - len - 2};
        if (read_digits(digits, &index) && index < gltf->count[i]) return REF_GLTF(i, index);
    }
    return REF_NULL;
}

void gltf_ref_text(u64 bits, Buf *out) {
    u64 payload = REF_PAYLOAD(bits);
    if (REF_KIND(bits) == REF_OBJECT)
        buf_print(out, "\"/%s/%u\"", names[payload >> 32], (u32)payload);
    else
        buf_text(out, "null");
}

/* Default 0,0,0; what is not three numbers is not ours to judge. */
static void read_translation(const cJSON *node, Slot *out) {
    const cJSON *t = member(node, "translation");
    for (u32 i = 0; i < 3; i++) out[i].f = 0;
    const cJSON *lane = cJSON_IsArray(t) ? t->child : NULL;
    for (u32 i = 0; i < 3 && cJSON_IsNumber(lane); i++, lane = lane->next) out[i].f = lane->valuedouble;
}

static bool uses_pointers(const Draft *d) {
    for (u32 i = 0; i < d->nodes.count; i++)
        if (d->nodes.at[i].id == NODE_pointer_get || d->nodes.at[i].id == NODE_pointer_set) return true;
    return false;
}

Err gltf_enter(Draft *d) {
    u32 n = d->gltf ? d->gltf->count[GLTF_NODES] : 0;
    d->g->gltf_nodes = n;
    d->g->translation_init = NONE;
    if (n == 0 || !uses_pointers(d)) return ERR_OK;
    Slot *slots = n > NONE / 3 ? NULL : draft_consts(d, n * 3, &d->g->translation_init);
    if (!slots) return draft_no_memory(d);
    for (const cJSON *node = d->gltf->nodes->child; node; node = node->next, slots += 3) read_translation(node, slots);
    return ERR_OK;
}
