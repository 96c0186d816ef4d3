/* native_edge.c (graph) - the native dialect: what inputs hold and where flows lead. */
#include "native.h"

#include <string.h>
#include "types.h"
#include "values.h"

/* ---- "node:socket" ---- */

typedef struct End {
    Text node, socket;
    bool named; /* a socket is named */
} End;

static bool split(Draft *d, const At *at, const char *key, const cJSON *item, End *end) {
    if (!cJSON_IsString(item)) {
        draft_wrong(d, at, key, "\"node:socket\"", item);
        return false;
    }
    Text text = text_of(item->valuestring);
    const char *colon = strchr(text.data, ':');
    u32 len = colon ? (u32)(colon - text.data) : text.len;
    *end = (End){{text.data, len}, {NULL, 0}, colon != NULL};
    if (colon) end->socket = (Text){colon + 1, text.len - len - 1};
    if (len && !(colon && (end->socket.len == 0 || strchr(colon + 1, ':')))) return true;
    diag_report(d->diags, ERR_EDGE_FORM, at, (Detail){0}, draft_quote(d, text_of(item->valuestring)));
    return false;
}

static void report_node(Draft *d, const At *at, Text seen) {
    const char *names[NEAREST_MAX];
    u32 count = 0;
    for (u32 i = 0; i < d->nodes.count && count < NEAREST_MAX && !draft_silent(d); i++)
        if (d->nodes.at[i].name) names[count++] = d->nodes.at[i].name->text;
    diag_report(d->diags, ERR_NODE_UNKNOWN, at, (Detail){.fix = draft_did_you_mean(d, seen, names, count)},
                draft_quote(d, seen));
}

/* The socket an edge ends at; NONE: reported, or its node is broken. */
static u32 find_socket(Draft *d, const At *at, NameKind kind, const End *end) {
    u32 node = names_look(&d->names, OF_NODE, 0, names_get(&d->names, end->node)), first, past;
    if (node == NONE) {
        report_node(d, at, end->node);
        return NONE;
    }
    if (d->nodes.at[node].broken) return NONE;
    draft_sockets(d, kind, node, &first, &past);
    u32 socket =
        past - first == 1 && !end->named ? first : draft_find(d, kind, node, names_get(&d->names, end->socket));
    if (socket != NONE && (end->named || past - first == 1)) return socket;
    if (past - first > 1 && !end->named)
        draft_which_socket(d, at, kind, node);
    else
        draft_no_socket(d, at, kind, node, end->socket);
    return NONE;
}

static u32 find_input(Draft *d, const At *at, Text name) {
    u32 index = names_look(&d->names, OF_INPUT, 0, names_get(&d->names, name));
    if (index != NONE) return d->value_out.count - d->g->input_count + index;
    Detail detail = {.fix = draft_did_you_mean(d, name, d->g->input_name, d->g->input_count)};
    diag_report(d->diags, ERR_INPUT_UNKNOWN, at, detail, draft_quote(d, name));
    return NONE;
}

u32 native_output(Draft *d, const At *at, const cJSON *item) {
    End end;
    if (!split(d, at, "from", item, &end)) return NONE;
    bool input = end.named && end.node.len == 2 && memcmp(end.node.data, "in", 2) == 0;
    return input ? find_input(d, at, end.socket) : find_socket(d, at, OF_VALUE_OUT, &end);
}

/* ---- inputs ---- */

static Err read_constant(Draft *d, const At *at, u32 in, const cJSON *item) {
    u32 first;
    TRY(values_read(d, at, d->value_in.at[in].type, item, &first));
    d->value_in.at[in].first = first;
    return ERR_OK;
}

/* {"type","value"}: a literal that says its type; {"type"}: that type's default. */
static Err read_typed(Draft *d, const At *at, u32 node, u32 in, const cJSON *type, const cJSON *value) {
    if (!type) {
        draft_missing(d, at, "type");
        return ERR_OK;
    }
    TypeId given = native_type(d, at, "type", type);
    if (given == TYPE_NONE || !types_fit(d, at, node, in, given)) return ERR_OK;
    if (d->value_in.at[in].rule != RULE_FIXED) d->value_in.at[in].type = given;
    if (value) return read_constant(d, &(At){at, TEXT("value"), 0}, in, value);
    u32 first;
    TRY(draft_default(d, given, &first));
    d->value_in.at[in].first = first;
    return ERR_OK;
}

static Err read_object(Draft *d, const At *at, u32 node, u32 in, const cJSON *item) {
    static const char *const keys[] = {"from", "type", "value"};
    const cJSON *fields[COUNT_OF(keys)];
    json_fields(item, at, keys, fields, COUNT_OF(keys), true, d->diags);
    if (!fields[0]) return read_typed(d, at, node, in, fields[1], fields[2]);
    if (fields[1] || fields[2]) {
        diag_report(d->diags, ERR_SOCKET_BOTH, at, (Detail){0}, draft_quote(d, text_of(item->string)));
        return ERR_OK;
    }
    u32 out = native_output(d, &(At){at, TEXT("from"), 0}, fields[0]);
    return out == NONE ? ERR_OK : draft_connect_value(d, in, out);
}

static Err read_input(Draft *d, const At *values, u32 node, const cJSON *item) {
    At at = {values, text_of(item->string), 0};
    u32 in = draft_find(d, OF_VALUE_IN, node, names_get(&d->names, at.key));
    if (in == NONE) {
        draft_no_socket(d, &at, OF_VALUE_IN, node, at.key);
        return ERR_OK;
    }
    DraftIn *socket = &d->value_in.at[in];
    socket->given = true;
    if (cJSON_IsObject(item)) return read_object(d, &at, node, in, item);
    if (socket->rule == RULE_FIXED) return read_constant(d, &at, in, item);
    socket->literal = item; /* its type is known when those of its siblings are */
    return ERR_OK;
}

static Err read_inputs(Draft *d, u32 node) {
    Place p;
    u32 first, past;
    const At *at = draft_place(d, &p, node, "values", NULL);
    const cJSON *values = d->nodes.at[node].values;
    for (const cJSON *item = values ? values->child : NULL; item; item = item->next) TRY(read_input(d, at, node, item));
    draft_sockets(d, OF_VALUE_IN, node, &first, &past);
    for (u32 in = first; in < past; in++)
        if (!d->value_in.at[in].given) draft_no_value(d, node, in);
    return ERR_OK;
}

/* ---- flows ---- */

static Err read_flow(Draft *d, const At *flows, u32 node, const cJSON *item) {
    At at = {flows, text_of(item->string), 0};
    End end;
    u32 out = draft_find(d, OF_FLOW_OUT, node, names_get(&d->names, at.key));
    if (json_reserved(item->string)) {
        diag_report(d->diags, ERR_NAME_RESERVED, &at, (Detail){0}, item->string);
        return ERR_OK;
    }
    if (out == NONE) {
        draft_no_socket(d, &at, OF_FLOW_OUT, node, at.key);
        return ERR_OK;
    }
    if (cJSON_IsNull(item) || !split(d, &at, item->string, item, &end)) return ERR_OK; /* null: leads nowhere */
    u32 in = find_socket(d, &at, OF_FLOW_IN, &end);
    return in == NONE ? ERR_OK : draft_connect_flow(d, out, in);
}

Err native_edges(Draft *d) {
    for (u32 node = 0; node < d->nodes.count; node++) {
        const DraftNode *n = &d->nodes.at[node];
        Place p;
        if (n->broken) continue;
        TRY(read_inputs(d, node));
        const At *at = draft_place(d, &p, node, "flows", NULL);
        for (const cJSON *item = n->flows ? n->flows->child : NULL; item; item = item->next)
            TRY(read_flow(d, at, node, item));
    }
    return ERR_OK;
}
