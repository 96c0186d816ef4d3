/* native.c (graph) - the native dialect, top level: variables, events, graph inputs and outputs. */
#include "native.h"

#include <string.h>
#include "types.h"
#include "values.h"

/* ---- names and types ---- */

Err native_id(Draft *d, const At *at, const char *key, const cJSON *item, const Name **name) {
    *name = NULL;
    if (!item) {
        draft_missing(d, at, key);
        return ERR_OK;
    }
    At here = {at, text_of(key), 0};
    if (!cJSON_IsString(item)) {
        draft_wrong(d, &here, key, "a string", item);
        return ERR_OK;
    }
    Text text = text_of(item->valuestring);
    Detail none = {0};
    if (text.len == 0)
        diag_report(d->diags, ERR_ID_EMPTY, &here, none);
    else if (d->limits->id && text.len > d->limits->id)
        diag_report(d->diags, ERR_LIMIT_ID, &here, (Detail){.limit = d->limits->id}, text.len,
                    (unsigned long long)d->limits->id);
    else if (strchr(text.data, ':'))
        diag_report(d->diags, ERR_ID_COLON, &here, none, draft_quote(d, text_of(item->valuestring)));
    else if (json_reserved(text.data))
        diag_report(d->diags, ERR_NAME_RESERVED, &here, none, draft_quote(d, text_of(item->valuestring)));
    else if (!(*name = draft_name(d, text)))
        return draft_no_memory(d);
    return ERR_OK;
}

TypeId native_type(Draft *d, const At *at, const char *key, const cJSON *item) {
    At here = {at, text_of(key), 0};
    if (!item) {
        draft_missing(d, at, key);
        return TYPE_NONE;
    }
    if (!cJSON_IsString(item)) {
        draft_wrong(d, &here, key, "the name of a type", item);
        return TYPE_NONE;
    }
    Type type = type_find(text_of(item->valuestring));
    if (type != TYPE_NONE) return (TypeId)type;
    const char *names[TYPE_COUNT];
    for (u32 i = 0; i < TYPE_COUNT; i++) names[i] = type_name((Type)i);
    Detail detail = {.fix = draft_did_you_mean(d, text_of(item->valuestring), names, TYPE_COUNT)};
    diag_report(d->diags, ERR_TYPE_UNKNOWN, &here, detail, draft_quote(d, text_of(item->valuestring)));
    return TYPE_NONE;
}

/* An id that nothing else of its kind has: else ID_TWICE or EVENT_TWICE. */
static Err claim(Draft *d, const At *at, NameKind kind, const Name *name, u32 value, const char *what) {
    u32 had;
    At here = {at, TEXT("id"), 0};
    if (!name) return ERR_OK;
    if (!names_bind(&d->names, kind, 0, name, value, &had)) return draft_no_memory(d);
    if (had == NONE) return ERR_OK;
    const char *quoted = draft_quote(d, name_text(name));
    if (kind == OF_EVENT)
        diag_report(d->diags, ERR_EVENT_TWICE, &here, (Detail){0}, quoted, had, value);
    else
        diag_report(d->diags, ERR_ID_TWICE, &here, (Detail){0}, quoted, what, had);
    return ERR_OK;
}

/* A value of that type, or its default when there is none. */
static Err read_value(Draft *d, const At *at, TypeId type, const cJSON *item, u32 *first) {
    if (type == TYPE_NONE) return ERR_OK;
    return item ? values_read(d, &(At){at, TEXT("value"), 0}, type, item, first) : draft_default(d, type, first);
}

/* ---- variables and graph inputs: {"id","type","value"} ---- */

typedef struct Typed {
    const Name *name;
    TypeId type;
    u32 first; /* of its value in consts */
} Typed;

static Err read_typed(Draft *d, const At *at, const cJSON *item, NameKind kind, u32 index, const char *what,
                      Typed *out) {
    static const char *const keys[] = {"id", "type", "value", "comment"};
    const cJSON *fields[COUNT_OF(keys)];
    *out = (Typed){NULL, TYPE_NONE, 0};
    if (!draft_is_object(d, at, item)) return ERR_OK;
    json_fields(item, at, keys, fields, COUNT_OF(keys), true, d->diags);
    TRY(native_id(d, at, "id", fields[0], &out->name));
    TRY(claim(d, at, kind, out->name, index, what));
    out->type = native_type(d, at, "type", fields[1]);
    return read_value(d, at, out->type, fields[2], &out->first);
}

static Err read_variables(Draft *d, const cJSON *list) {
    Graph *g = d->g;
    At at = {NULL, TEXT("variables"), 0};
    u32 n = draft_count(list), i = 0;
    if (draft_limit(d, &at, n, d->limits->variables, "variables", "variables") != ERR_OK) n = 0;
    TRY(DRAFT_ARRAY(d, g->variable_name, n));
    TRY(DRAFT_ARRAY(d, g->variable_type, n));
    TRY(DRAFT_ARRAY(d, g->variable_init, n));
    d->variable_type = ARENA_ARRAY(&d->scratch, TypeId, n);
    if (!d->variable_type) return draft_no_memory(d);
    g->variable_count = n;
    for (const cJSON *item = n ? list->child : NULL; item; item = item->next, i++) {
        Typed v;
        TRY(read_typed(d, &(At){&at, {NULL, 0}, i}, item, OF_VARIABLE, i, "variable", &v));
        g->variable_name[i] = v.name ? v.name->text : "";
        g->variable_type[i] = (u8)v.type;
        g->variable_init[i] = v.first;
        d->variable_type[i] = v.type;
    }
    return ERR_OK;
}

/* Their value outputs come after those of all nodes, whose number is known only then: see
** add_inputs. */
static Err read_inputs(Draft *d, const cJSON *list, Typed **inputs) {
    Graph *g = d->g;
    At at = {NULL, TEXT("inputs"), 0};
    u32 n = g->input_count = draft_count(list), i = 0;
    *inputs = ARENA_ARRAY(&d->scratch, Typed, n);
    if (!*inputs) return draft_no_memory(d);
    TRY(DRAFT_ARRAY(d, g->input_name, n));
    TRY(DRAFT_ARRAY(d, g->input_init, n));
    for (const cJSON *item = list ? list->child : NULL; item; item = item->next, i++) {
        Typed *in = &(*inputs)[i];
        TRY(read_typed(d, &(At){&at, {NULL, 0}, i}, item, OF_INPUT, i, "graph input", in));
        g->input_name[i] = in->name ? in->name->text : "";
        g->input_init[i] = in->first;
    }
    return ERR_OK;
}

static Err add_inputs(Draft *d, const Typed *inputs) {
    const Name *nameless = draft_name(d, TEXT(""));
    for (u32 i = 0; i < d->g->input_count; i++)
        TRY(draft_value_out(d, inputs[i].name ? inputs[i].name : nameless, inputs[i].type, RULE_FIXED, NULL));
    return ERR_OK;
}

/* ---- events: {"id","values":{NAME: TYPE or {"type","value"}}} ---- */

static Err read_event_value(Draft *d, const At *values, const cJSON *item, u32 place) {
    static const char *const keys[] = {"type", "value"};
    const cJSON *fields[COUNT_OF(keys)] = {item, NULL};
    Graph *g = d->g;
    At at = {values, text_of(item->string), 0};
    const cJSON id = {.type = cJSON_String, .valuestring = item->string};
    const Name *name;
    TRY(native_id(d, values, item->string, &id, &name));
    if (name && strcmp(name->text, "event") == 0) diag_report(d->diags, ERR_EVENT_VALUE_NAME, &at, (Detail){0});
    bool object = cJSON_IsObject(item);
    if (object) json_fields(item, &at, keys, fields, COUNT_OF(keys), true, d->diags);
    TypeId type = native_type(d, object ? &at : values, object ? "type" : item->string, fields[0]);
    g->event_value_name[place] = name ? name->text : "";
    g->event_value_type[place] = (u8)type;
    d->event_value_type[place] = type;
    return read_value(d, &at, type, fields[1], &g->event_value_init[place]);
}

static Err read_event(Draft *d, const At *at, const cJSON *item, u32 index, u32 *place) {
    static const char *const keys[] = {"id", "values", "internal", "comment"};
    const cJSON *fields[COUNT_OF(keys)];
    d->g->event_id[index] = "";
    if (!draft_is_object(d, at, item)) return ERR_OK;
    json_fields(item, at, keys, fields, COUNT_OF(keys), true, d->diags);
    const Name *name;
    TRY(native_id(d, at, "id", fields[0], &name));
    TRY(claim(d, at, OF_EVENT, name, index, "event"));
    if (fields[2] && !cJSON_IsBool(fields[2]))
        draft_wrong(d, &(At){at, TEXT("internal"), 0}, "internal", "true or false", fields[2]);
    if (name && !cJSON_IsTrue(fields[2])) d->g->event_id[index] = name->text;
    At values = {at, TEXT("values"), 0};
    if (fields[1] && !cJSON_IsObject(fields[1])) draft_wrong(d, &values, "values", "an object", fields[1]);
    if (!cJSON_IsObject(fields[1])) return ERR_OK;
    for (const cJSON *value = fields[1]->child; value; value = value->next)
        TRY(read_event_value(d, &values, value, (*place)++));
    return ERR_OK;
}

/* All members of all "values". */
static u32 count_event_values(const cJSON *list) {
    u32 n = 0;
    for (const cJSON *event = list ? list->child : NULL; event; event = event->next)
        for (const cJSON *key = cJSON_IsObject(event) ? event->child : NULL; key; key = key->next)
            if (strcmp(key->string, "values") == 0) n += draft_count(key);
    return n;
}

static Err read_events(Draft *d, const cJSON *list) {
    Graph *g = d->g;
    At at = {NULL, TEXT("events"), 0};
    u32 n = draft_count(list), i = 0, place = 0;
    if (draft_limit(d, &at, n, d->limits->events, "events", "events") != ERR_OK) n = 0;
    u32 values = n ? count_event_values(list) : 0;
    TRY(draft_events(d, n, values));
    for (const cJSON *item = n ? list->child : NULL; item; item = item->next, i++) {
        g->event_value[i] = place;
        TRY(read_event(d, &(At){&at, {NULL, 0}, i}, item, i, &place));
    }
    g->event_value[n] = place;
    return ERR_OK;
}

/* ---- graph outputs: {"id","type","from"} ---- */

static Err read_output(Draft *d, const At *at, const cJSON *item, u32 index) {
    static const char *const keys[] = {"id", "type", "from", "comment"};
    const cJSON *fields[COUNT_OF(keys)];
    Graph *g = d->g;
    g->output_name[index] = "";
    if (!draft_is_object(d, at, item)) return ERR_OK;
    json_fields(item, at, keys, fields, COUNT_OF(keys), true, d->diags);
    const Name *name;
    TRY(native_id(d, at, "id", fields[0], &name));
    TRY(claim(d, at, OF_OUTPUT, name, index, "graph output"));
    if (name) g->output_name[index] = name->text;
    TypeId type = native_type(d, at, "type", fields[1]);
    At from = {at, TEXT("from"), 0};
    u32 out = NONE;
    if (!fields[2])
        draft_missing(d, at, "from");
    else
        out = native_output(d, &from, fields[2]);
    g->output_type[index] = (u8)type;
    g->output_from[index] = out;
    if (out == NONE || type == TYPE_NONE) return ERR_OK;
    TypeId given = d->value_out.at[out].type;
    if (given == type || given == TYPE_NONE) return ERR_OK;
    const char *takes = draft_type_name(type), *gives = draft_type_name(given);
    const char *source = d->value_out.at[out].node == NONE ? "graph input" : draft_label(d, d->value_out.at[out].node);
    diag_report(d->diags, ERR_TYPE_MISMATCH, &from, (Detail){.seen = gives, .expected = takes}, takes, source,
                draft_quote(d, text_of(d->value_out.at[out].name->text)), gives);
    return ERR_OK;
}

static Err read_outputs(Draft *d, const cJSON *list) {
    Graph *g = d->g;
    At at = {NULL, TEXT("outputs"), 0};
    u32 n = g->output_count = draft_count(list), i = 0;
    TRY(DRAFT_ARRAY(d, g->output_name, n));
    TRY(DRAFT_ARRAY(d, g->output_type, n));
    TRY(DRAFT_ARRAY(d, g->output_from, n));
    for (const cJSON *item = list ? list->child : NULL; item; item = item->next, i++)
        TRY(read_output(d, &(At){&at, {NULL, 0}, i}, item, i));
    return ERR_OK;
}

/* ---- the document ---- */

enum {
    KEY_TREADLE,
    KEY_NAME,
    KEY_VARIABLES,
    KEY_EVENTS,
    KEY_INPUTS,
    KEY_OUTPUTS,
    KEY_NODES,
    KEY_COMMENT,
    KEY_SCHEMA,
    KEYS
};
static const char *const keys[KEYS] = {"treadle", "name",  "variables", "events", "inputs",
                                       "outputs", "nodes", "comment",   "$schema"};

static void check_version(Draft *d, const cJSON *item) {
    At at = {NULL, TEXT("treadle"), 0};
    if (!item)
        draft_missing(d, NULL, "treadle");
    else if (!cJSON_IsNumber(item))
        draft_wrong(d, &at, "treadle", "a number", item);
    else if (item->valuedouble != 1)
        diag_report(d->diags, ERR_VERSION, &at, (Detail){.expected = "1"}, draft_seen(d, item));
}

/* Lists that are none are reported and count as empty. */
static void check_lists(Draft *d, const cJSON **fields) {
    for (u32 i = KEY_VARIABLES; i <= KEY_NODES; i++) {
        if (!fields[i] || cJSON_IsArray(fields[i])) continue;
        draft_wrong(d, &(At){NULL, text_of(keys[i]), 0}, keys[i], "an array", fields[i]);
        fields[i] = NULL;
        if (i == KEY_NODES) return;
    }
}

static Err read_name(Draft *d, const cJSON *item) {
    if (!item) return ERR_OK;
    if (!cJSON_IsString(item))
        draft_wrong(d, &(At){NULL, TEXT("name"), 0}, "name", "a string", item);
    else if (!(d->g->name = arena_copy(&d->g->arena, text_of(item->valuestring))))
        return draft_no_memory(d);
    return ERR_OK;
}

Err native_read(Draft *d, const cJSON *root) {
    const cJSON *fields[KEYS];
    Typed *inputs;
    json_fields(root, NULL, keys, fields, KEYS, true, d->diags);
    check_version(d, fields[KEY_TREADLE]);
    if (!fields[KEY_NODES]) draft_missing(d, NULL, "nodes");
    check_lists(d, fields);
    TRY(read_name(d, fields[KEY_NAME]));
    TRY(read_variables(d, fields[KEY_VARIABLES]));
    TRY(read_events(d, fields[KEY_EVENTS]));
    TRY(read_inputs(d, fields[KEY_INPUTS], &inputs));
    TRY(native_nodes(d, fields[KEY_NODES]));
    TRY(add_inputs(d, inputs));
    TRY(native_edges(d));
    TRY(types_fix_all(d));
    draft_about(d, NONE);
    return read_outputs(d, fields[KEY_OUTPUTS]);
}
