/* khr_config.c (graph) - KHR_interactivity: configurations and their defaults.
**
** An op with a default uses it as a whole when any of its keys is missing or wrong: a warning. An
** op without one (variables, events, pointers) makes the graph invalid. */
#include "khr.h"

#include <math.h>
#include <string.h>
#include "gltf.h"
#include "template.h"
#include "values.h"

/* One key being read: its value is an array that is not empty. */
typedef struct Key {
    Khr *k;
    const At *at; /* of that array */
    const Op *op;
    u32 which;
    const cJSON *array;
    Setting *out;
} Key;

static Text key_name(const Key *key) { return key->op->config[key->which].key; }

/* Says why, unless the op has a default to fall back to. `item`: the array, or the element of it
** that is wrong. */
static bool refuse(const Key *key, const char *must, const cJSON *item) {
    Draft *d = &key->k->d;
    if (key->op->config[key->which].has_fallback) return false;
    At at = {key->at, {NULL, 0}, 0};
    for (const cJSON *i = key->array->child; i && i != item && !draft_silent(d); i = i->next) at.index++;
    const char *seen = draft_seen(d, item);
    Detail detail = {.seen = seen, .expected = must};
    diag_report(d->diags, ERR_CONFIG_VALUE, item == key->array ? key->at : &at, detail, draft_quote(d, key_name(key)),
                must, seen);
    return false;
}

static const cJSON *only_item(const Key *key) { return key->array->child->next ? NULL : key->array->child; }

static bool read_int(const Key *key) {
    const cJSON *item = only_item(key);
    if (!item || !json_int32(item, &key->out->number)) return refuse(key, "one whole number", item ? item : key->array);
    if (!text_is(key_name(key), "inputFlows")) return true;
    return key->out->number >= 0 && key->out->number <= WAIT_MAX;
}

/* The index of a node of the glTF, kept as index + 1: 0, the default, is none. */
static bool read_node(const Key *key) {
    const cJSON *item = only_item(key);
    const Gltf *gltf = key->k->d.gltf;
    i32 index;
    if (!item || !json_int32(item, &index) || index < 0 || !gltf || (u32)index >= gltf->count[GLTF_NODES])
        return refuse(key, "the index of a node of the glTF", item ? item : key->array);
    key->out->number = index + 1;
    return true;
}

static bool read_bool(const Key *key) {
    const cJSON *item = only_item(key);
    if (!cJSON_IsBool(item)) return refuse(key, "true or false", item ? item : key->array);
    key->out->number = cJSON_IsTrue(item);
    return true;
}

static bool read_string(const Key *key) {
    const cJSON *item = only_item(key);
    if (!cJSON_IsString(item)) return refuse(key, "one string", item ? item : key->array);
    key->out->text = text_of(item->valuestring);
    return !text_is(key_name(key), "message") || template_is_message(key->out->text);
}

/* One of the words between bars of the key's type. */
static bool read_word(const Key *key, Text kind) {
    const cJSON *item = only_item(key);
    return cJSON_IsString(item) && op_word(kind, text_of(item->valuestring), &key->out->number);
}

static bool read_type(const Key *key) {
    const cJSON *item = only_item(key);
    u32 index;
    At at = {key->at, {NULL, 0}, 0};
    if (!cJSON_IsNumber(item)) return refuse(key, "the index of a type", item ? item : key->array);
    if (!values_index(&key->k->d, &at, item, "type", "types", key->k->type_count, &index)) return false;
    key->out->type = key->k->types[index];
    return key->out->type != TYPE_NONE;
}

/* The index of a variable or event. These keys have no default. */
static bool read_index(const Key *key, const At *at, const cJSON *item, bool event, i32 *out) {
    Draft *d = &key->k->d;
    u32 count = event ? d->g->event_count : d->g->variable_count;
    if (!cJSON_IsNumber(item))
        return refuse(key, event ? "the index of an event" : "the index of a variable", item ? item : key->array);
    f64 value = item->valuedouble;
    const char *seen = draft_seen(d, item);
    bool negative_zero = value == 0 && signbit(value);
    if (!negative_zero && value >= 0 && value < count && trunc(value) == value) {
        *out = (i32)value;
        return true;
    }
    if (negative_zero)
        diag_report(d->diags, ERR_INDEX_SIGN, at, (Detail){.seen = seen});
    else
        diag_report(d->diags, event ? ERR_EVENT_RANGE : ERR_VARIABLE_RANGE, at, (Detail){.seen = seen}, seen, count);
    return false;
}

static bool is_good_variable(const Key *key, i32 index) { return key->k->d.variable_type[index] != TYPE_NONE; }

static bool read_one(const Key *key, bool event) {
    At at = {key->at, {NULL, 0}, 0};
    if (!read_index(key, &at, only_item(key), event, &key->out->number)) return false;
    return event || is_good_variable(key, key->out->number);
}

static Err read_list(const Key *key, bool variables, bool *ok) {
    u32 n = draft_count(key->array), i = 0;
    i32 *list = ARENA_ARRAY(&key->k->d.scratch, i32, n);
    if (!list) return draft_no_memory(&key->k->d);
    for (const cJSON *item = key->array->child; item; item = item->next, i++) {
        At at = {key->at, {NULL, 0}, i};
        bool good = variables ? read_index(key, &at, item, false, &list[i]) && is_good_variable(key, list[i])
                              : json_int32(item, &list[i]);
        if (!good) *ok = false;
    }
    key->out->list = list;
    key->out->count = n;
    return ERR_OK;
}

static Err read_key(const Key *key, bool *ok) {
    Text kind = key->op->config[key->which].type;
    if (text_is(kind, "variable[]")) return read_list(key, true, ok);
    if (text_is(kind, "int[]")) return read_list(key, false, ok);
    bool read = text_is(kind, "variable") ? read_one(key, false)
                : text_is(kind, "event")  ? read_one(key, true)
                : text_is(kind, "bool")   ? read_bool(key)
                : text_is(kind, "int")    ? read_int(key)
                : text_is(kind, "node")   ? read_node(key)
                : text_is(kind, "type")   ? read_type(key)
                : op_is_words(kind)       ? read_word(key, kind)
                                          : read_string(key);
    if (!read) *ok = false;
    return ERR_OK;
}

/* Every property is {"value": [...]}, known or not. The arrays of the op's own keys go into
** `arrays`. */
static bool find_arrays(Khr *k, const At *at, const Op *op, const cJSON *configuration, const cJSON **arrays) {
    static const char *const keys[] = {"value"};
    Draft *d = &k->d;
    bool good = true;
    for (const cJSON *item = configuration ? configuration->child : NULL; item; item = item->next) {
        const cJSON *fields[1];
        At here = {at, text_of(item->string), 0};
        if (!draft_is_object(d, &here, item)) {
            good = false;
            continue;
        }
        json_fields(item, &here, keys, fields, 1, false, d->diags);
        if (!fields[0]) draft_missing(d, &here, "value");
        const cJSON *array = khr_list(d, &here, "value", fields[0]);
        if (!array) good = false;
        for (u32 i = 0; op && i < op->configs; i++)
            if (text_is(op->config[i].key, item->string)) arrays[i] = array;
    }
    return good;
}

static Err miss_key(const Key *key, const At *at, bool *ok) {
    Draft *d = &key->k->d;
    *ok = false;
    if (key->op->config[key->which].has_fallback) return ERR_OK;
    const char *name = draft_quote(d, key_name(key));
    diag_report(d->diags, ERR_CONFIG_MISSING, at, (Detail){0}, draft_op_label(d, d->nodes.count - 1), name);
    return ERR_OK;
}

/* Says that key `which` made the op fall back to its default. */
static void report_default(Khr *k, const At *at, const Op *op, u32 which, const cJSON *array) {
    Text name = op->config[which].key;
    At key_at = {at, name, 0}, value_at = {&key_at, TEXT("value"), 0}, here = {&value_at, {NULL, 0}, 0};
    bool template = text_is(name, "message") && array && cJSON_IsString(array->child);
    if (template)
        diag_report(k->d.diags, ERR_KHR_TEMPLATE, &here, (Detail){0});
    else
        diag_report(k->d.diags, ERR_KHR_CONFIG_DEFAULT, at, (Detail){0}, draft_quote(&k->d, name));
}

Err khr_config(Khr *k, const At *node, const Op *op, const cJSON *configuration, Setting *settings, bool *ok) {
    const cJSON *arrays[SETTINGS_MAX] = {NULL};
    At at = {node, TEXT("configuration"), 0};
    if (!find_arrays(k, &at, op, configuration, arrays)) *ok = false;
    if (!op || !*ok) return ERR_OK;
    bool good = true;
    u32 bad = 0;
    for (u32 i = 0; i < op->configs; i++) {
        At key_at = {&at, op->config[i].key, 0}, value_at = {&key_at, TEXT("value"), 0};
        Key key = {k, &value_at, op, i, arrays[i], &settings[i]};
        bool was_good = good;
        if (arrays[i])
            TRY(read_key(&key, &good));
        else
            TRY(miss_key(&key, configuration ? &at : node, &good));
        if (was_good && !good) bad = i;
    }
    if (good) return ERR_OK;
    if (!op->config[0].has_fallback) {
        *ok = false;
        return ERR_OK;
    }
    memset(settings, 0, SETTINGS_MAX * sizeof *settings);
    if (configuration) report_default(k, &at, op, bad, arrays[bad]);
    return ERR_OK;
}
