/* khr_shape.c (graph) - KHR_interactivity: objects, lists, strings and type indices. */
#include "khr.h"

#include <string.h>
#include "values.h"

static At member(const At *up, const char *key) { return (At){up, {key, (u32)strlen(key)}, 0}; }

u32 khr_count(const cJSON *list) {
    u32 n = 0;
    for (const cJSON *item = list ? list->child : NULL; item; item = item->next) n++;
    return n;
}

static void report_type(Draft *d, const At *up, const char *key, const char *must,
                        const cJSON *item) {
    At at = member(up, key);
    const char *seen = json_seen(d->diags, item);
    diag_report(d->diags, ERR_KEY_TYPE, &at, (Detail){.seen = seen, .expected = must}, key, must,
                seen);
}

bool khr_is_object(Draft *d, const At *at, const cJSON *item) {
    if (cJSON_IsObject(item)) return true;
    const char *seen = json_seen(d->diags, item);
    diag_report(d->diags, ERR_ITEM_TYPE, at, (Detail){.seen = seen, .expected = "object"}, "object",
                seen);
    return false;
}

static const cJSON *not_empty(Draft *d, const At *up, const char *key, const cJSON *item) {
    At at = member(up, key);
    if (item->child) return item;
    diag_report(d->diags, ERR_KHR_EMPTY, &at, (Detail){0}, key);
    return NULL;
}

const cJSON *khr_list(Draft *d, const At *up, const char *key, const cJSON *item) {
    if (!item) return NULL;
    if (cJSON_IsArray(item)) return not_empty(d, up, key, item);
    report_type(d, up, key, "an array", item);
    return NULL;
}

const cJSON *khr_object(Draft *d, const At *up, const char *key, const cJSON *item) {
    if (!item) return NULL;
    if (cJSON_IsObject(item)) return not_empty(d, up, key, item);
    report_type(d, up, key, "an object", item);
    return NULL;
}

bool khr_string(Draft *d, const At *up, const char *key, const cJSON *item, const char **text) {
    *text = cJSON_IsString(item) ? item->valuestring : NULL;
    if (!item || *text) return true;
    report_type(d, up, key, "a string", item);
    return false;
}

TypeId khr_type(Khr *k, const At *up, const cJSON *item) {
    At at = member(up, "type");
    u32 index;
    if (!item) {
        diag_report(k->d.diags, ERR_KEY_MISSING, up, (Detail){0}, "type");
        return TYPE_NONE;
    }
    return values_index(&k->d, &at, item, "type", "types", k->type_count, &index) ? k->types[index]
                                                                                  : TYPE_NONE;
}
