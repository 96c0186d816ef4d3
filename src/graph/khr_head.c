/* khr_head.c (graph) - KHR_interactivity: types, variables and events of a graph. */
#include "khr.h"

#include <string.h>
#include "values.h"

/* ---- types: {"signature"} ---- */

static TypeId read_signature(Khr *k, const At *at, const cJSON *item, u32 index, u32 *seen) {
    static const char *const keys[] = {"signature"};
    const cJSON *fields[1];
    Draft *d = &k->d;
    const char *signature;
    At here = {at, TEXT("signature"), 0};
    if (!draft_is_object(d, at, item)) return TYPE_NONE;
    json_fields(item, at, keys, fields, 1, false, d->diags);
    if (!fields[0]) draft_missing(d, at, "signature");
    if (!khr_string(d, at, "signature", fields[0], &signature) || !signature) return TYPE_NONE;
    if (strcmp(signature, "custom") == 0) return (TypeId)(TYPE_CUSTOM + index);
    Type type = type_find(text_of(signature));
    if (type == TYPE_NONE) {
        diag_report(d->diags, ERR_TYPE_UNKNOWN, &here, (Detail){0}, draft_quote(d, text_of(fields[0]->valuestring)));
    } else if (seen[type] != NONE) {
        diag_report(d->diags, ERR_KHR_TYPE_TWICE, &here, (Detail){0}, seen[type], index, type_name(type));
    } else {
        seen[type] = index;
    }
    return (TypeId)type;
}

Err khr_types(Khr *k, const cJSON *list) {
    Draft *d = &k->d;
    At at = {d->at, TEXT("types"), 0};
    u32 seen[TYPE_COUNT], n = draft_count(list), i = 0;
    for (u32 t = 0; t < TYPE_COUNT; t++) seen[t] = NONE;
    TRY(draft_limit(d, &at, n, d->limits->types, "types", "types"));
    if (n > UINT16_MAX - TYPE_CUSTOM) return draft_no_memory(d);
    k->types = ARENA_ARRAY(&d->scratch, TypeId, n);
    if (!k->types) return draft_no_memory(d);
    k->type_count = n;
    for (const cJSON *item = n ? list->child : NULL; item; item = item->next, i++)
        k->types[i] = read_signature(k, &(At){&at, {NULL, 0}, i}, item, i, seen);
    return ERR_OK;
}

/* ---- variables: {"type","value"?,"name"?} ---- */

/* The value of a variable or event value: an array, or nothing for the type's default. */
static Err read_init(Khr *k, const At *at, TypeId type, const cJSON *item, u32 *first) {
    Draft *d = &k->d;
    const cJSON *value = khr_list(d, at, "value", item);
    if (type == TYPE_NONE) return ERR_OK;
    return value ? values_read(d, &(At){at, TEXT("value"), 0}, type, value, first) : draft_default(d, type, first);
}

static Err read_variable(Khr *k, const At *at, const cJSON *item, u32 index) {
    static const char *const keys[] = {"type", "value", "name"};
    const cJSON *fields[3];
    Graph *g = k->d.g;
    const char *name = NULL;
    g->variable_name[index] = "";
    k->d.variable_type[index] = TYPE_NONE;
    if (!draft_is_object(&k->d, at, item)) return ERR_OK;
    json_fields(item, at, keys, fields, 3, false, k->d.diags);
    TypeId type = k->d.variable_type[index] = khr_type(k, at, fields[0]);
    g->variable_type[index] = (u8)draft_base(type);
    khr_string(&k->d, at, "name", fields[2], &name);
    if (name && !(g->variable_name[index] = arena_copy(&g->arena, text_of(name)))) return draft_no_memory(&k->d);
    return read_init(k, at, type, fields[1], &g->variable_init[index]);
}

Err khr_variables(Khr *k, const cJSON *list) {
    Draft *d = &k->d;
    Graph *g = d->g;
    At at = {d->at, TEXT("variables"), 0};
    u32 n = draft_count(list), i = 0;
    TRY(draft_limit(d, &at, n, d->limits->variables, "variables", "variables"));
    TRY(DRAFT_ARRAY(d, g->variable_name, n));
    TRY(DRAFT_ARRAY(d, g->variable_type, n));
    TRY(DRAFT_ARRAY(d, g->variable_init, n));
    d->variable_type = ARENA_ARRAY(&d->scratch, TypeId, n);
    if (!d->variable_type) return draft_no_memory(d);
    g->variable_count = n;
    for (const cJSON *item = n ? list->child : NULL; item; item = item->next, i++)
        TRY(read_variable(k, &(At){&at, {NULL, 0}, i}, item, i));
    return ERR_OK;
}

/* ---- events: {"id"?,"values"?:{NAME:{"type","value"?}},"name"?} ---- */

static Err read_event_value(Khr *k, const At *at, const cJSON *item, u32 place) {
    static const char *const keys[] = {"type", "value"};
    const cJSON *fields[2];
    Draft *d = &k->d;
    Graph *g = d->g;
    const Name *name = draft_name(d, text_of(item->string));
    if (!name) return draft_no_memory(d);
    g->event_value_name[place] = name->text;
    d->event_value_type[place] = TYPE_NONE;
    if (strcmp(item->string, "event") == 0) diag_report(d->diags, ERR_EVENT_VALUE_NAME, at, (Detail){0});
    if (!draft_is_object(d, at, item)) return ERR_OK;
    json_fields(item, at, keys, fields, 2, false, d->diags);
    TypeId type = d->event_value_type[place] = khr_type(k, at, fields[0]);
    g->event_value_type[place] = (u8)draft_base(type);
    return read_init(k, at, type, fields[1], &g->event_value_init[place]);
}

static Err read_event_id(Khr *k, const At *at, const char *id, u32 index) {
    Draft *d = &k->d;
    At here = {at, TEXT("id"), 0};
    Text text = text_of(id);
    u32 had;
    if (d->limits->id && text.len > d->limits->id) {
        diag_report(d->diags, ERR_LIMIT_ID, &here, (Detail){.limit = d->limits->id}, text.len,
                    (unsigned long long)d->limits->id);
        return ERR_OK;
    }
    const Name *name = draft_name(d, text);
    if (!name || !names_bind(&d->names, OF_EVENT, 0, name, index, &had)) return draft_no_memory(d);
    d->g->event_id[index] = name->text;
    if (had != NONE) diag_report(d->diags, ERR_EVENT_TWICE, &here, (Detail){0}, draft_quote(d, text), had, index);
    return ERR_OK;
}

static Err read_event(Khr *k, const At *at, const cJSON *item, u32 index, u32 *place) {
    static const char *const keys[] = {"id", "values", "name"};
    const cJSON *fields[3];
    Draft *d = &k->d;
    const char *id = NULL, *name = NULL;
    d->g->event_id[index] = "";
    if (!draft_is_object(d, at, item)) return ERR_OK;
    json_fields(item, at, keys, fields, 3, false, d->diags);
    khr_string(d, at, "name", fields[2], &name);
    khr_string(d, at, "id", fields[0], &id);
    if (id) TRY(read_event_id(k, at, id, index));
    const cJSON *values = khr_object(d, at, "values", fields[1]);
    At values_at = {at, TEXT("values"), 0};
    TRY(draft_limit(d, &values_at, draft_count(values), d->limits->ports, "ports", "event values"));
    for (const cJSON *value = values ? values->child : NULL; value; value = value->next)
        TRY(read_event_value(k, &(At){&values_at, text_of(value->string), 0}, value, (*place)++));
    return ERR_OK;
}

static u32 count_values(const cJSON *list) {
    u32 n = 0;
    for (const cJSON *event = list ? list->child : NULL; event; event = event->next)
        for (const cJSON *key = cJSON_IsObject(event) ? event->child : NULL; key; key = key->next)
            if (strcmp(key->string, "values") == 0) n += draft_count(key);
    return n;
}

Err khr_events(Khr *k, const cJSON *list) {
    Draft *d = &k->d;
    Graph *g = d->g;
    At at = {d->at, TEXT("events"), 0};
    u32 n = draft_count(list), values = count_values(list), i = 0, place = 0;
    TRY(draft_limit(d, &at, n, d->limits->events, "events", "events"));
    TRY(draft_events(d, n, values));
    for (const cJSON *item = n ? list->child : NULL; item; item = item->next, i++) {
        g->event_value[i] = place;
        TRY(read_event(k, &(At){&at, {NULL, 0}, i}, item, i, &place));
    }
    g->event_value[n] = place;
    return ERR_OK;
}
