/* khr_shape.c (graph) - KHR_interactivity: objects, lists, strings and type indices. */
#include "khr.h"

#include "values.h"

static const cJSON *not_empty(Draft *d, const At *up, const char *key, const cJSON *item) {
    At at = {up, text_of(key), 0};
    if (item->child) return item;
    diag_report(d->diags, ERR_KHR_EMPTY, &at, (Detail){0}, key);
    return NULL;
}

const cJSON *khr_list(Draft *d, const At *up, const char *key, const cJSON *item) {
    if (!item) return NULL;
    if (cJSON_IsArray(item)) return not_empty(d, up, key, item);
    draft_wrong(d, &(At){up, text_of(key), 0}, key, "an array", item);
    return NULL;
}

const cJSON *khr_object(Draft *d, const At *up, const char *key, const cJSON *item) {
    if (!item) return NULL;
    if (cJSON_IsObject(item)) return not_empty(d, up, key, item);
    draft_wrong(d, &(At){up, text_of(key), 0}, key, "an object", item);
    return NULL;
}

bool khr_string(Draft *d, const At *up, const char *key, const cJSON *item, const char **text) {
    *text = cJSON_IsString(item) ? item->valuestring : NULL;
    if (!item || *text) return true;
    draft_wrong(d, &(At){up, text_of(key), 0}, key, "a string", item);
    return false;
}

TypeId khr_type(Khr *k, const At *up, const cJSON *item) {
    At at = {up, TEXT("type"), 0};
    u32 index;
    if (!item) {
        draft_missing(&k->d, up, "type");
        return TYPE_NONE;
    }
    return values_index(&k->d, &at, item, "type", "types", k->type_count, &index) ? k->types[index] : TYPE_NONE;
}
