/* native_node.c (graph) - the native dialect: ids, ops and configurations of nodes. */
#include "native.h"

#include <string.h>
#include "sockets.h"
#include "template.h"

/* ---- configuration ---- */

/* One key being read. */
typedef struct Key {
    Draft *d;
    const At *at; /* the value */
    Text name;
    const cJSON *item;
    Setting *out;
} Key;

static bool refuse(const Key *k, const char *must, const cJSON *item) {
    Draft *d = k->d;
    const char *seen = draft_seen(d, item);
    Detail detail = {.seen = seen, .expected = must};
    diag_report(d->diags, ERR_CONFIG_VALUE, k->at, detail, draft_quote(d, k->name), must, seen);
    return false;
}

/* What a name says of a list in the graph; NONE: reported. */
static u32 look_up(const Key *k, const At *at, const cJSON *item, NameKind kind) {
    Draft *d = k->d;
    const Graph *g = d->g;
    bool event = kind == OF_EVENT;
    if (!cJSON_IsString(item)) {
        refuse(k, event ? "the id of an event" : "the id of a variable", item);
        return NONE;
    }
    Text text = text_of(item->valuestring);
    u32 index = names_look(&d->names, kind, 0, names_get(&d->names, text));
    if (index != NONE) return index;
    const char *const *names = event ? g->event_id : g->variable_name;
    Detail detail = {.fix = draft_did_you_mean(d, text, names, event ? g->event_count : g->variable_count)};
    diag_report(d->diags, event ? ERR_EVENT_UNKNOWN : ERR_VARIABLE_UNKNOWN, at, detail,
                draft_quote(d, text_of(item->valuestring)));
    return NONE;
}

static bool read_one(Key *k, NameKind kind) {
    u32 index = look_up(k, k->at, k->item, kind);
    k->out->number = (i32)index;
    return index != NONE;
}

static i32 *new_list(Key *k) {
    u32 n = 0;
    for (const cJSON *item = k->item->child; item; item = item->next) n++;
    i32 *list = ARENA_ARRAY(&k->d->scratch, i32, n);
    k->out->list = list;
    k->out->count = n;
    return list;
}

/* A variable must not be named twice; the node's number tells one list's marks from another's. */
static Err read_variables(Key *k, bool *ok) {
    Draft *d = k->d;
    u32 i = 0;
    if (!cJSON_IsArray(k->item) || !k->item->child) {
        *ok = refuse(k, "an array of ids of variables", k->item);
        return ERR_OK;
    }
    i32 *list = new_list(k);
    if (!list) return draft_no_memory(d);
    for (const cJSON *item = k->item->child; item; item = item->next, i++) {
        At at = {k->at, {NULL, 0}, i};
        u32 index = look_up(k, &at, item, OF_VARIABLE), had = NONE;
        list[i] = (i32)index;
        if (index == NONE) {
            *ok = false;
            continue;
        }
        const Name *name = names_get(&d->names, text_of(item->valuestring));
        if (!names_bind(&d->names, OF_VARIABLE, d->nodes.count, name, i, &had)) return draft_no_memory(d);
        if (had == NONE) continue;
        diag_report(d->diags, ERR_VARIABLE_TWICE, &at, (Detail){0}, draft_quote(d, text_of(item->valuestring)));
        *ok = false;
    }
    return ERR_OK;
}

static Err read_ints(Key *k, bool *ok) {
    static const char must[] = "an array of whole numbers";
    u32 i = 0;
    if (!cJSON_IsArray(k->item)) {
        *ok = refuse(k, must, k->item);
        return ERR_OK;
    }
    i32 *list = new_list(k);
    if (!list) return draft_no_memory(k->d);
    for (const cJSON *item = k->item->child; item; item = item->next, i++)
        if (!json_int32(item, &list[i])) *ok = refuse(k, must, item);
    return ERR_OK;
}

static bool read_bool(Key *k) {
    if (!cJSON_IsBool(k->item)) return refuse(k, "true or false", k->item);
    k->out->number = cJSON_IsTrue(k->item);
    return true;
}

static bool read_int(Key *k) {
    bool wait = text_is(k->name, "inputFlows");
    if (!json_int32(k->item, &k->out->number)) return refuse(k, "a whole number", k->item);
    if (wait && (k->out->number < 0 || k->out->number > WAIT_MAX)) return refuse(k, "0 to 64", k->item);
    return true;
}

/* The index of a node of a glTF, kept as index + 1: 0, the default, is none. */
static bool read_node_index(Key *k) {
    if (!json_int32(k->item, &k->out->number) || k->out->number < 0 || k->out->number == INT32_MAX)
        return refuse(k, "the index of a node of a glTF", k->item);
    k->out->number++;
    return true;
}

static bool read_string(Key *k) {
    if (!cJSON_IsString(k->item)) return refuse(k, "a string", k->item);
    k->out->text = text_of(k->item->valuestring);
    if (!text_is(k->name, "message") || template_is_message(k->out->text)) return true;
    return refuse(k, "text in which every { or } is part of {name}, {{ or }}", k->item);
}

/* One of the words between bars of `kind`. */
static bool read_word(Key *k, Text kind) {
    if (cJSON_IsString(k->item) && op_word(kind, text_of(k->item->valuestring), &k->out->number)) return true;
    return refuse(k, draft_quote(k->d, kind), k->item);
}

static bool read_type(Key *k) {
    k->out->type = native_type(k->d, k->at->up, "type", k->item);
    return k->out->type != TYPE_NONE;
}

static Err read_key(Key *k, Text kind, bool *ok) {
    if (text_is(kind, "variable[]")) return read_variables(k, ok);
    if (text_is(kind, "int[]")) return read_ints(k, ok);
    bool read = text_is(kind, "variable") ? read_one(k, OF_VARIABLE)
                : text_is(kind, "event")  ? read_one(k, OF_EVENT)
                : text_is(kind, "bool")   ? read_bool(k)
                : text_is(kind, "int")    ? read_int(k)
                : text_is(kind, "node")   ? read_node_index(k)
                : text_is(kind, "type")   ? read_type(k)
                : op_is_words(kind)       ? read_word(k, kind)
                                          : read_string(k);
    if (!read) *ok = false;
    return ERR_OK;
}

/* The keys of an op's row as NUL-terminated words for json_fields. */
typedef struct KeyWords {
    char text[SETTINGS_MAX][32];
    const char *list[SETTINGS_MAX];
} KeyWords;

static void name_keys(const Op *op, KeyWords *words) {
    for (u32 i = 0; i < op->configs; i++) {
        ASSERT(op->config[i].key.len < sizeof words->text[i]);
        memset(words->text[i], 0, sizeof words->text[i]);
        memcpy(words->text[i], op->config[i].key.data, op->config[i].key.len);
        words->list[i] = words->text[i];
    }
}

/* Settings of a node; *ok false: reported. Absent keys that have no fallback are missed. */
static Err read_config(Draft *d, const Op *op, const At *node, const cJSON *config, Setting *settings, bool *ok) {
    const cJSON *fields[SETTINGS_MAX] = {NULL};
    KeyWords words;
    At at = {node, TEXT("config"), 0};
    name_keys(op, &words);
    if (config && !cJSON_IsObject(config)) draft_wrong(d, &at, "config", "an object", config);
    if (cJSON_IsObject(config)) json_fields(config, &at, words.list, fields, op->configs, true, d->diags);
    for (u32 i = 0; i < op->configs; i++) {
        if (fields[i]) {
            At here = {&at, op->config[i].key, 0};
            Key key = {d, &here, op->config[i].key, fields[i], &settings[i]};
            TRY(read_key(&key, op->config[i].type, ok));
        } else if (!op->config[i].has_fallback) {
            diag_report(d->diags, ERR_CONFIG_MISSING, config ? &at : node, (Detail){0},
                        draft_op_label(d, d->nodes.count - 1), words.list[i]);
            *ok = false;
        }
    }
    return ERR_OK;
}

/* ---- nodes ---- */

enum { KEY_ID, KEY_OP, KEY_CONFIG, KEY_VALUES, KEY_FLOWS, KEY_AT, KEY_COMMENT, KEYS };
static const char *const keys[KEYS] = {"id", "op", "config", "values", "flows", "at", "comment"};

static void report_op(Draft *d, const At *at, const cJSON *item) {
    Text name = text_of(item->valuestring);
    const char *near = draft_silent(d) ? NULL : op_nearest(name);
    Detail detail = {.fix = near ? draft_did_you_mean(d, name, &near, 1) : NULL};
    diag_report(d->diags, ERR_NODE_UNKNOWN_OP, at, detail, draft_quote(d, text_of(item->valuestring)));
}

/* What runs the node: a row of the op tables, or a host operation. */
static Err find_op(Draft *d, const At *at, const cJSON *item, DraftNode *node, u32 *host) {
    At here = {at, TEXT("op"), 0};
    *host = NONE;
    node->broken = true;
    if (!item)
        draft_missing(d, at, "op");
    else if (!cJSON_IsString(item))
        draft_wrong(d, &here, "op", "a string", item);
    if (!cJSON_IsString(item)) return ERR_OK;
    Text name = text_of(item->valuestring);
    if (!(node->op_name = draft_name(d, name))) return draft_no_memory(d);
    node->op = op_find(name);
    *host = node->op ? NONE : names_look(&d->names, OF_HOST_OP, 0, node->op_name);
    node->broken = !node->op && *host == NONE;
    if (node->broken) report_op(d, &here, item);
    node->kind = node->op ? node->op->kind : KIND_FLOW;
    node->id = node->op ? node->op->node : NODE_host_call;
    return ERR_OK;
}

static Err check_position(Draft *d, const At *at, const cJSON *item) {
    At here = {at, TEXT("at"), 0};
    u32 n = 0;
    for (const cJSON *lane = cJSON_IsArray(item) ? item->child : NULL; lane; lane = lane->next)
        n += cJSON_IsNumber(lane) ? 1 : 3;
    if (item && n != 2) draft_wrong(d, &here, "at", "[x, y]", item);
    return ERR_OK;
}

static const cJSON *object_or_null(Draft *d, const At *at, const char *key, const cJSON *item) {
    if (!item || cJSON_IsObject(item)) return item;
    draft_wrong(d, &(At){at, text_of(key), 0}, key, "an object", item);
    return NULL;
}

static Err add_sockets(Draft *d, const At *at, const cJSON *config, u32 host) {
    u32 index = d->nodes.count - 1;
    Setting settings[SETTINGS_MAX] = {{0}};
    const Op *op = d->nodes.at[index].op;
    At config_at = {at, TEXT("config"), 0}, pointer_at = {&config_at, TEXT("pointer"), 0};
    bool ok = true;
    if (host != NONE) {
        if (config) diag_report(d->diags, ERR_KEY_UNKNOWN, &config_at, (Detail){0}, "config");
        TRY(sockets_add_host(d, host));
    } else {
        TRY(read_config(d, op, at, config, settings, &ok));
        if (ok && (ok = sockets_check(d, op, settings, &config_at))) TRY(sockets_add(d, settings, &pointer_at, &ok));
    }
    TRY(sockets_limit(d, at, &ok));
    if (!ok) d->nodes.at[index].broken = true;
    return ERR_OK;
}

static Err claim_id(Draft *d, const At *at, const Name *name, u32 index) {
    u32 had;
    At here = {at, TEXT("id"), 0};
    if (!name) return ERR_OK;
    if (strcmp(name->text, "in") == 0) { /* "in:x" is graph input x */
        diag_report(d->diags, ERR_NAME_RESERVED, &here, (Detail){0}, "in");
        return ERR_OK;
    }
    if (!names_bind(&d->names, OF_NODE, 0, name, index, &had)) return draft_no_memory(d);
    if (had == NONE) return ERR_OK;
    diag_report(d->diags, ERR_ID_TWICE, &here, (Detail){0}, draft_quote(d, name_text(name)), "node", had);
    return ERR_OK;
}

static Err read_node(Draft *d, const At *at, const cJSON *item, u32 index) {
    const cJSON *fields[KEYS] = {NULL};
    DraftNode node = {.type = TYPE_NONE, .broken = true};
    u32 host = NONE;
    d->diags->node = (i32)index;
    d->diags->name = "";
    if (!draft_is_object(d, at, item)) return draft_node(d, &node);
    json_fields(item, at, keys, fields, KEYS, true, d->diags);
    TRY(native_id(d, at, "id", fields[KEY_ID], &node.name));
    if (node.name) d->diags->name = node.name->text;
    TRY(claim_id(d, at, node.name, index));
    TRY(find_op(d, at, fields[KEY_OP], &node, &host));
    TRY(check_position(d, at, fields[KEY_AT]));
    node.values = object_or_null(d, at, "values", fields[KEY_VALUES]);
    node.flows = object_or_null(d, at, "flows", fields[KEY_FLOWS]);
    TRY(draft_node(d, &node));
    return node.broken ? ERR_OK : add_sockets(d, at, fields[KEY_CONFIG], host);
}

Err native_nodes(Draft *d, const cJSON *nodes) {
    At at = {NULL, TEXT("nodes"), 0};
    u32 n = 0;
    for (const cJSON *item = nodes ? nodes->child : NULL; item; item = item->next) n++;
    TRY(draft_limit(d, &at, n, d->limits->nodes, "nodes", "nodes"));
    TRY(draft_reserve(d, n));
    n = 0;
    for (const cJSON *item = nodes ? nodes->child : NULL; item; item = item->next, n++)
        TRY(read_node(d, &(At){&at, {NULL, 0}, n}, item, n));
    return draft_nodes_end(d);
}
