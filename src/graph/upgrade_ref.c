/* upgrade_ref.c (graph) - which values are refs, and which ints of a draft have become refs.
**
** Drafts counted delays and selected nodes with ints. What was such an int is a ref now, and so is whatever it is
** written to: variables, event values, the results of math/select and math/switch. Each becomes it once. */
#include <stdlib.h>
#include <string.h>

#include "upgrader.h"

/* --- values that nodes share ----------------------------------------------------------------- */

static Err add_value(Upgrader *u, cJSON *item, u32 event, u32 index) {
    UpValue value = {.item = item, .event = event, .index = index, .readers = NONE};
    if (up_type_of(u, tree_member(item, "type")) == TYPE_REF) value.origin = ORIGIN_REF;
    if (!LIST_ROOM(u->arena, u->values, 1)) return up_memory(u);
    u->values.at[u->values.count++] = value;
    return ERR_OK;
}

static Err add_event(Upgrader *u, const cJSON *event, u32 index) {
    const cJSON *values = tree_member(event, "values");
    for (cJSON *item = cJSON_IsObject(values) ? values->child : NULL; item; item = item->next) {
        const Name *name = names_put(&u->names, text_of(item->string));
        if (!name || !names_bind(&u->names, OF_VALUE_OUT, index, name, u->values.count, NULL)) return up_memory(u);
        TRY(add_value(u, item, index, NONE));
    }
    return ERR_OK;
}

static Err read_values(Upgrader *u) {
    u32 i = 0;
    for (cJSON *item = u->variables ? u->variables->child : NULL; item; item = item->next)
        TRY(add_value(u, item, NONE, u->variable_count++));
    for (cJSON *item = u->events ? u->events->child : NULL; item; item = item->next, i++) TRY(add_event(u, item, i));
    u->event_count = i;
    u->event_readers = ARENA_ARRAY(u->arena, u32, i);
    if (!u->event_readers) return up_memory(u);
    for (u32 e = 0; e < i; e++) u->event_readers[e] = NONE;
    return ERR_OK;
}

/* The index of the event of event/send and event/receive; NONE. */
static u32 event_of(const Upgrader *u, u32 node) {
    return up_setting_index(u->nodes.at[node].configuration, "event", u->event_count);
}

static u32 variable_of(const Upgrader *u, u32 node) {
    return up_setting_index(u->nodes.at[node].configuration, "variable", u->variable_count);
}

/* Who reads a variable or an event, as lists. */
static void read_readers(Upgrader *u) {
    for (u32 node = u->nodes.count; node-- > 0;) {
        bool get = same(up_op(u, node), "variable/get"), receive = same(up_op(u, node), "event/receive");
        u32 of = get ? variable_of(u, node) : receive ? event_of(u, node) : NONE;
        if (of == NONE) continue;
        u32 *head = get ? &u->values.at[of].readers : &u->event_readers[of];
        u->nodes.at[node].next = *head;
        *head = node;
    }
}

static UpValue *event_value(const Upgrader *u, u32 event, const char *key) {
    u32 index = event == NONE ? NONE : names_look(&u->names, OF_VALUE_OUT, event, names_get(&u->names, text_of(key)));
    return index == NONE ? NULL : &u->values.at[index];
}

/* A decimal index without leading zeros below `count`; NONE. */
static u32 read_digits(const char *text, u32 count) {
    u64 n = 0;
    if (!*text || (*text == '0' && text[1])) return NONE;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || n > NONE) return NONE;
        n = n * 10 + (u64)(*text - '0');
    }
    return n < count ? (u32)n : NONE;
}

UpValue *up_target(const Upgrader *u, u32 node, const char *key) {
    if (same(up_op(u, node), "event/send")) return event_value(u, event_of(u, node), key);
    u32 variable = same(up_op(u, node), "variable/set") ? read_digits(key, u->variable_count) : NONE;
    return variable == NONE ? NULL : &u->values.at[variable];
}

/* --- what an output gives -------------------------------------------------------------------- */

/* The outputs of an op nobody knows are declared. */
static Origin declared_origin(const Upgrader *u, u32 node, const char *socket) {
    const cJSON *item = u->declarations.at[u->nodes.at[node].declaration].item;
    const cJSON *type = tree_member(tree_member(tree_member(item, "outputValueSockets"), socket), "type");
    if (up_type_of(u, type) != TYPE_REF) return ORIGIN_NONE;
    return same(socket, "selectedNode") || same(socket, "hoveredNode") ? ORIGIN_NODE : ORIGIN_REF;
}

static Origin value_origin(const UpValue *value) { return value ? value->origin : ORIGIN_NONE; }

Origin up_origin(const Upgrader *u, u32 node, const char *socket) {
    const char *op = up_op(u, node);
    if (!*op) return declared_origin(u, node, socket);
    if (strncmp(op, "event/", 6) == 0 && same(socket, "event")) return ORIGIN_REF;
    if (same(op, "event/receive")) return value_origin(event_value(u, event_of(u, node), socket));
    if (same(op, "flow/setDelay") && same(socket, "lastDelay")) return ORIGIN_DELAY;
    if (!same(socket, "value")) return ORIGIN_NONE;
    if (same(op, "math/select") || same(op, "math/switch")) return u->nodes.at[node].origin;
    if (same(op, "variable/get") && variable_of(u, node) != NONE) return u->values.at[variable_of(u, node)].origin;
    bool ref =
        same(op, "pointer/get") && up_type_of(u, up_setting(u->nodes.at[node].configuration, "type")) == TYPE_REF;
    return ref ? ORIGIN_REF : ORIGIN_NONE;
}

Origin up_input_origin(const Upgrader *u, const cJSON *input) {
    const char *socket;
    u32 from = up_source(input, &socket);
    if (from != NONE) return up_origin(u, from, socket);
    return up_type_of(u, tree_member(input, "type")) == TYPE_REF ? ORIGIN_REF : ORIGIN_NONE;
}

/* --- spreading ------------------------------------------------------------------------------- */

/* Nodes whose outputs have to be followed. */
typedef struct Work {
    LIST(u32) nodes;
    bool full;
} Work;

static void follow(Upgrader *u, Work *work, u32 node) {
    if (LIST_ROOM(u->arena, work->nodes, 1))
        work->nodes.at[work->nodes.count++] = node;
    else
        work->full = true;
}

static void turn_value(Upgrader *u, Work *work, UpValue *value, Origin origin) {
    if (!value || value->origin != ORIGIN_NONE || up_type_of(u, tree_member(value->item, "type")) != TYPE_INT) return;
    value->origin = origin;
    value->turned = true;
    u32 reader = value->event == NONE ? value->readers : u->event_readers[value->event];
    for (; reader != NONE; reader = u->nodes.at[reader].next) follow(u, work, reader);
}

/* Whether an input of math/select or math/switch is one of those the result is taken from. */
static bool is_choice(const char *op, const char *key) {
    if (same(op, "math/select")) return !same(key, "condition");
    return same(op, "math/switch") && !same(key, "selection");
}

/* A choice between refs of the file itself. */
static void look_at_constants(Upgrader *u, u32 node) {
    const cJSON *values = u->nodes.at[node].values;
    for (const cJSON *input = values ? values->child : NULL; input; input = input->next) {
        if (!is_choice(up_op(u, node), input->string) || tree_member(input, "node")) continue;
        if (up_input_origin(u, input) != ORIGIN_NONE) u->nodes.at[node].origin = ORIGIN_REF;
    }
}

static void reach(Upgrader *u, Work *work, const UpEdge *e, Origin origin) {
    UpNode *node = &u->nodes.at[e->to];
    turn_value(u, work, up_target(u, e->to, e->item->string), origin);
    if (!is_choice(up_op(u, e->to), e->item->string) || node->origin != ORIGIN_NONE) return;
    node->origin = origin;
    follow(u, work, e->to);
}

static void follow_edges(Upgrader *u, Work *work, u32 node) {
    for (u32 i = u->first_edge[node]; i < u->first_edge[node + 1]; i++) {
        const char *socket;
        const UpEdge *e = &u->edges[i];
        if (e->flow) continue;
        up_source(e->item, &socket);
        Origin origin = up_origin(u, node, socket);
        if (origin != ORIGIN_NONE) reach(u, work, e, origin);
    }
}

Err up_refs(Upgrader *u) {
    Work work = {0};
    TRY(read_values(u));
    read_readers(u);
    for (u32 node = 0; node < u->nodes.count; node++) look_at_constants(u, node);
    for (u32 node = 0; node < u->source_nodes; node++) follow_edges(u, &work, node);
    for (u32 i = 0; i < work.nodes.count && !work.full; i++) follow_edges(u, &work, work.nodes.at[i]);
    return work.full ? up_memory(u) : up_end(u);
}
