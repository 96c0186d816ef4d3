/* khr_edge.c (graph) - KHR_interactivity: what inputs hold and where flows lead.
**
** Sockets that the op does not have are ignored, but must be right in themselves. */
#include "khr.h"

#include <math.h>
#include "types.h"
#include "values.h"

/* ---- inputs ---- */

enum { KEY_NODE, KEY_VALUE, KEY_TYPE, KEY_SOCKET, KEYS };
static const char *const keys[KEYS] = {"node", "value", "type", "socket"};

/* A whole number from 0 on, of any size; false: reported. */
static bool read_node_index(Draft *d, const At *at, const cJSON *item, u32 *index) {
    bool whole = cJSON_IsNumber(item) && item->valuedouble == trunc(item->valuedouble);
    if (!whole || item->valuedouble < 0 || signbit(item->valuedouble))
        return values_index(d, at, item, "node", "nodes", d->nodes.count, index);
    *index = item->valuedouble < NONE ? (u32)item->valuedouble : NONE;
    return true;
}

static void report_range(Draft *d, const At *at, const cJSON *item) {
    const char *seen = draft_seen(d, item);
    diag_report(d->diags, ERR_NODE_RANGE, at, (Detail){.seen = seen}, seen, d->nodes.count);
}

/* The value output that {"node","socket"} names; NONE: reported, or its node is broken. */
static u32 find_output(Draft *d, const At *at, u32 node, const cJSON **fields) {
    At node_at = {at, TEXT("node"), 0}, socket_at = {at, TEXT("socket"), 0};
    const char *socket = NULL;
    u32 from;
    bool good = khr_string(d, at, "socket", fields[KEY_SOCKET], &socket);
    if (!read_node_index(d, &node_at, fields[KEY_NODE], &from) || !good) return NONE;
    if (from >= d->nodes.count) {
        report_range(d, &node_at, fields[KEY_NODE]);
    } else if (from >= node) {
        diag_report(d->diags, ERR_KHR_VALUE_BACKWARD, &node_at, (Detail){0}, node, from);
    } else if (!d->nodes.at[from].broken) {
        Text name = text_of(socket ? socket : "value");
        u32 out = draft_find(d, OF_VALUE_OUT, from, names_get(&d->names, name));
        if (out == NONE) draft_no_socket(d, socket ? &socket_at : at, OF_VALUE_OUT, from, name);
        return out;
    }
    return NONE;
}

static Err read_reference(Khr *k, const At *at, u32 node, u32 in, const cJSON **fields) {
    Draft *d = &k->d;
    At type_at = {at, TEXT("type"), 0};
    if (fields[KEY_VALUE]) diag_report(d->diags, ERR_SOCKET_BOTH, at, (Detail){0}, draft_quote(d, at->key));
    u32 out = find_output(d, at, node, fields);
    TypeId type = fields[KEY_TYPE] ? khr_type(k, at, fields[KEY_TYPE]) : TYPE_NONE;
    if (out == NONE) return ERR_OK;
    const DraftOut *source = &d->value_out.at[out];
    if (type != TYPE_NONE && source->type != TYPE_NONE && type != source->type) {
        const char *says = draft_type_name(type), *gives = draft_type_name(source->type);
        diag_report(d->diags, ERR_KHR_REFERENCE_TYPE, &type_at, (Detail){.seen = says, .expected = gives}, says,
                    draft_label(d, source->node), draft_quote(d, name_text(source->name)), gives);
    }
    return in == NONE ? ERR_OK : draft_connect_value(d, in, out);
}

static Err read_constant(Khr *k, const At *at, u32 node, u32 in, const cJSON **fields) {
    Draft *d = &k->d;
    At value_at = {at, TEXT("value"), 0};
    if (!fields[KEY_TYPE]) {
        Err e = fields[KEY_VALUE] ? ERR_KHR_VALUE_TYPELESS : ERR_KHR_SOCKET_FORM;
        diag_report(d->diags, e, at, (Detail){0}, draft_quote(d, at->key));
        return ERR_OK;
    }
    TypeId type = khr_type(k, at, fields[KEY_TYPE]);
    const cJSON *value = khr_list(d, at, "value", fields[KEY_VALUE]);
    u32 first;
    if (type == TYPE_NONE) return ERR_OK;
    TRY(value ? values_read(d, &value_at, type, value, &first) : draft_default(d, type, &first));
    if (in == NONE || !types_fit(d, at, node, in, type)) return ERR_OK;
    d->value_in.at[in].type = type;
    d->value_in.at[in].first = first;
    return ERR_OK;
}

static Err read_input(Khr *k, const At *values, u32 node, const cJSON *item) {
    const cJSON *fields[KEYS];
    Draft *d = &k->d;
    At at = {values, text_of(item->string), 0};
    u32 in = d->nodes.at[node].broken ? NONE : draft_find(d, OF_VALUE_IN, node, names_get(&d->names, at.key));
    if (in != NONE) d->value_in.at[in].given = true;
    if (!draft_is_object(d, &at, item)) return ERR_OK;
    json_fields(item, &at, keys, fields, KEYS, false, d->diags);
    if (fields[KEY_SOCKET] && !fields[KEY_NODE]) {
        diag_report(d->diags, ERR_KHR_SOCKET_ALONE, &at, (Detail){0}, draft_quote(d, at.key));
        return ERR_OK;
    }
    return fields[KEY_NODE] ? read_reference(k, &at, node, in, fields) : read_constant(k, &at, node, in, fields);
}

static Err read_inputs(Khr *k, u32 node) {
    Draft *d = &k->d;
    Place p;
    u32 first, past;
    const At *at = draft_place(d, &p, node, "values", NULL);
    const cJSON *values = d->nodes.at[node].values;
    for (const cJSON *item = values ? values->child : NULL; item; item = item->next) TRY(read_input(k, at, node, item));
    draft_sockets(d, OF_VALUE_IN, node, &first, &past);
    for (u32 in = first; in < past && !d->nodes.at[node].broken; in++)
        if (!d->value_in.at[in].given) draft_no_value(d, node, in);
    return ERR_OK;
}

/* What a no-op is given was checked, and is not read. */
static Err forget_inputs(Draft *d, u32 node) {
    u32 first, past;
    draft_sockets(d, OF_VALUE_IN, node, &first, &past);
    for (u32 in = first; in < past; in++) {
        DraftIn *socket = &d->value_in.at[in];
        u32 constant;
        TRY(draft_default(d, socket->type, &constant));
        socket->from = NONE;
        socket->first = constant;
    }
    return ERR_OK;
}

/* ---- flows ---- */

static Err connect(Draft *d, const At *at, u32 node, const Name *key, u32 to, const char *socket) {
    u32 out = draft_find(d, OF_FLOW_OUT, node, key);
    u32 in = draft_find(d, OF_FLOW_IN, to, names_get(&d->names, text_of(socket)));
    if (in != NONE) return out == NONE ? ERR_OK : draft_connect_flow(d, out, in);
    if (d->nodes.at[to].id != NODE_no_op)
        diag_report(d->diags, ERR_KHR_FLOW_NOWHERE, at, (Detail){0}, draft_quote(d, text_of(socket)),
                    draft_label(d, to));
    return ERR_OK;
}

static Err read_flow(Draft *d, const At *flows, u32 node, const cJSON *item) {
    static const char *const flow_keys[] = {"node", "socket"};
    const cJSON *fields[2];
    At at = {flows, text_of(item->string), 0}, node_at = {&at, TEXT("node"), 0};
    const char *socket;
    u32 to;
    if (!draft_is_object(d, &at, item)) return ERR_OK;
    json_fields(item, &at, flow_keys, fields, 2, false, d->diags);
    bool good = khr_string(d, &at, "socket", fields[1], &socket);
    if (!fields[0]) draft_missing(d, &at, "node");
    if (!fields[0] || !read_node_index(d, &node_at, fields[0], &to)) return ERR_OK;
    if (to >= d->nodes.count) {
        report_range(d, &node_at, fields[0]);
    } else if (to <= node) {
        diag_report(d->diags, ERR_KHR_FLOW_BACKWARD, &node_at, (Detail){0}, node, to);
    } else if (good && !d->nodes.at[node].broken && !d->nodes.at[to].broken) {
        return connect(d, &at, node, names_get(&d->names, at.key), to, socket ? socket : "in");
    }
    return ERR_OK;
}

static Err read_flows(Draft *d, u32 node) {
    Place p;
    const At *at = draft_place(d, &p, node, "flows", NULL);
    const cJSON *flows = d->nodes.at[node].flows;
    TRY(draft_limit(d, at, draft_count(flows), d->limits->ports, "ports", "flows"));
    for (const cJSON *item = flows ? flows->child : NULL; item; item = item->next) TRY(read_flow(d, at, node, item));
    return ERR_OK;
}

/* In order: what a node reads from is behind it, so its types are known. */
Err khr_edges(Khr *k) {
    Draft *d = &k->d;
    for (u32 node = 0; node < d->nodes.count; node++) {
        TRY(read_inputs(k, node));
        TRY(types_fix(d, node));
        if (d->nodes.at[node].id == NODE_no_op && !d->nodes.at[node].broken) TRY(forget_inputs(d, node));
    }
    for (u32 node = 0; node < d->nodes.count; node++) TRY(read_flows(d, node));
    return ERR_OK;
}
