/* draft.c (graph) - growing lists of nodes and sockets, and their copy into a Graph. */
#include "draft.h"

#include <string.h>
#include "build.h"

/* From this many sockets of a kind on a node, they are found by hash. */
enum { SOCKETS_SCANNED = 8 };

void *list_grow(Arena *arena, const void *old, u32 *cap, u32 count, u32 more, size_t size) {
    u64 want = (u64)count + more;
    u64 grown = *cap ? (u64)*cap * 2 : 32;
    if (grown < want) grown = want;
    *cap = 0;
    if (grown >= NONE) return NULL;
    void *list = arena_take(arena, grown * size);
    if (!list) return NULL;
    if (count) memcpy(list, old, count * size);
    *cap = (u32)grown;
    return list;
}

Err draft_open(Draft *d, const LoadOptions *options, Diags *diags, Dialect dialect, i32 index, u64 hash) {
    memset(d, 0, sizeof *d);
    d->options = options;
    d->limits = options->limits;
    d->diags = diags;
    d->errors_before = diags->errors;
    arena_open(&d->scratch, d->limits->memory);
    Arena arena;
    arena_open(&arena, d->limits->memory);
    Graph *g = ARENA_NEW(&arena, Graph);
    if (!g) {
        arena_close(&arena);
        return draft_no_memory(d);
    }
    g->arena = arena;
    g->dialect = dialect;
    g->index = index;
    g->hash = hash;
    g->name = "";
    g->host_ops = options->host_ops;
    d->g = g;
    names_open(&d->names, &g->arena, &d->scratch, hash);
    for (u32 i = 0; i < options->host_op_count; i++) {
        const char *text = options->host_ops[i].name;
        const Name *name = draft_name(d, (Text){text, (u32)strlen(text)});
        if (!name || !names_bind(&d->names, OF_HOST_OP, 0, name, i, NULL)) return draft_no_memory(d);
    }
    return ERR_OK;
}

void draft_close(Draft *d) {
    if (d->g) graph_free(d->g);
    d->g = NULL;
    arena_close(&d->scratch);
}

bool draft_ok(const Draft *d) { return d->diags->errors == d->errors_before; }

Err draft_no_memory(Draft *d) { return build_no_memory(d->diags, d->limits, &d->scratch, d->g ? &d->g->arena : NULL); }

Err draft_limit(Draft *d, const At *at, u64 n, u64 limit, const char *name, const char *unit) {
    if (!limit || n <= limit) return ERR_OK;
    return diag_report(d->diags, ERR_LIMIT, at, (Detail){.limit = limit}, (unsigned long long)n, unit, name,
                       (unsigned long long)limit);
}

const Name *draft_name(Draft *d, Text text) { return names_put(&d->names, text); }

/* ---- nodes and their sockets ---- */

Err draft_reserve(Draft *d, u32 nodes) {
    return nodes < NONE && LIST_ROOM(&d->scratch, d->nodes, nodes + 1) ? ERR_OK : draft_no_memory(d);
}

Err draft_node(Draft *d, const DraftNode *node) {
    if (!LIST_ROOM(&d->scratch, d->nodes, 1)) return draft_no_memory(d);
    DraftNode *n = &d->nodes.at[d->nodes.count++];
    *n = *node;
    n->value_in = d->value_in.count;
    n->value_out = d->value_out.count;
    n->flow_in = d->flow_in.count;
    n->flow_out = d->flow_out.count;
    n->params = d->params.count;
    return ERR_OK;
}

/* An entry past the last node holds where its sockets end. */
Err draft_nodes_end(Draft *d) {
    TRY(draft_node(d, &(DraftNode){0}));
    d->nodes.count--;
    d->nodes_ended = true;
    return ERR_OK;
}

static u32 list_count(const Draft *d, NameKind kind) {
    switch (kind) {
    case OF_VALUE_IN: return d->value_in.count;
    case OF_VALUE_OUT: return d->value_out.count;
    case OF_FLOW_IN: return d->flow_in.count;
    default: return d->flow_out.count;
    }
}

static u32 list_first(const DraftNode *node, NameKind kind) {
    switch (kind) {
    case OF_VALUE_IN: return node->value_in;
    case OF_VALUE_OUT: return node->value_out;
    case OF_FLOW_IN: return node->flow_in;
    default: return node->flow_out;
    }
}

void draft_sockets(const Draft *d, NameKind kind, u32 node, u32 *first, u32 *past) {
    bool growing = node + 1 == d->nodes.count && !d->nodes_ended;
    *first = list_first(&d->nodes.at[node], kind);
    *past = growing ? list_count(d, kind) : list_first(&d->nodes.at[node + 1], kind);
}

const Name *draft_socket_name(const Draft *d, NameKind kind, u32 socket) {
    switch (kind) {
    case OF_VALUE_IN: return d->value_in.at[socket].name;
    case OF_VALUE_OUT: return d->value_out.at[socket].name;
    case OF_FLOW_IN: return d->flow_in.at[socket].name;
    default: return d->flow_out.at[socket].name;
    }
}

u32 draft_find(const Draft *d, NameKind kind, u32 node, const Name *name) {
    u32 first, past;
    draft_sockets(d, kind, node, &first, &past);
    if (past - first > SOCKETS_SCANNED) return names_look(&d->names, kind, node, name);
    for (u32 i = first; i < past; i++)
        if (draft_socket_name(d, kind, i) == name) return i;
    return NONE;
}

/* Enters the newest socket into the hash index once its node has many: the first time with all
** before it. */
static Err index_socket(Draft *d, NameKind kind, u32 node) {
    u32 first, past;
    draft_sockets(d, kind, node, &first, &past);
    if (past - first <= SOCKETS_SCANNED) return ERR_OK;
    for (u32 i = past - first == SOCKETS_SCANNED + 1 ? first : past - 1; i < past; i++)
        if (!names_bind(&d->names, kind, node, draft_socket_name(d, kind, i), i, NULL)) return draft_no_memory(d);
    return ERR_OK;
}

/* True when the newest node has no socket of that name yet. */
static bool is_fresh(const Draft *d, NameKind kind, const Name *name, bool *fresh) {
    bool is = draft_find(d, kind, d->nodes.count - 1, name) == NONE;
    if (fresh) *fresh = is;
    return is;
}

Err draft_value_in(Draft *d, const Name *name, TypeId type, Rule rule, bool *fresh) {
    if (!name || !LIST_ROOM(&d->scratch, d->value_in, 1)) return draft_no_memory(d);
    if (!is_fresh(d, OF_VALUE_IN, name, fresh)) return ERR_OK;
    d->value_in.at[d->value_in.count++] =
        (DraftIn){.name = name, .from = NONE, .first = NONE, .type = type, .rule = (u8)rule};
    return index_socket(d, OF_VALUE_IN, d->nodes.count - 1);
}

Err draft_value_out(Draft *d, const Name *name, TypeId type, Rule rule, bool *fresh) {
    u32 node = d->nodes_ended ? NONE : d->nodes.count - 1;
    if (!name || !LIST_ROOM(&d->scratch, d->value_out, 1)) return draft_no_memory(d);
    if (node != NONE && !is_fresh(d, OF_VALUE_OUT, name, fresh)) return ERR_OK;
    d->value_out.at[d->value_out.count++] = (DraftOut){name, node, type, (u8)rule};
    return node == NONE ? ERR_OK : index_socket(d, OF_VALUE_OUT, node);
}

Err draft_flow_in(Draft *d, const Name *name, bool *fresh) {
    if (!name || !LIST_ROOM(&d->scratch, d->flow_in, 1)) return draft_no_memory(d);
    if (!is_fresh(d, OF_FLOW_IN, name, fresh)) return ERR_OK;
    d->flow_in.at[d->flow_in.count++] = (DraftFlow){name, d->nodes.count - 1, NONE};
    return index_socket(d, OF_FLOW_IN, d->nodes.count - 1);
}

Err draft_flow_out(Draft *d, const Name *name, bool *fresh) {
    if (!name || !LIST_ROOM(&d->scratch, d->flow_out, 1)) return draft_no_memory(d);
    if (!is_fresh(d, OF_FLOW_OUT, name, fresh)) return ERR_OK;
    d->flow_out.at[d->flow_out.count++] = (DraftFlow){name, d->nodes.count - 1, NONE};
    return index_socket(d, OF_FLOW_OUT, d->nodes.count - 1);
}

Err draft_param(Draft *d, i32 value) {
    if (!LIST_ROOM(&d->scratch, d->params, 1)) return draft_no_memory(d);
    d->params.at[d->params.count++] = value;
    return ERR_OK;
}

Err draft_piece(Draft *d, const char *text, u32 input) {
    if (!LIST_ROOM(&d->scratch, d->pieces, 1)) return draft_no_memory(d);
    d->pieces.at[d->pieces.count++] = (Piece){text, input};
    return ERR_OK;
}

Slot *draft_consts(Draft *d, u32 lanes, u32 *first) {
    if (!LIST_ROOM(&d->scratch, d->consts, lanes + 1)) return NULL; /* no lanes have an address too */
    *first = d->consts.count;
    d->consts.count += lanes;
    Slot *slots = d->consts.at + *first;
    memset(slots, 0, lanes * sizeof *slots);
    return slots;
}

Err draft_default(Draft *d, TypeId type, u32 *first) {
    Type base = draft_base(type);
    u32 lanes = type_lanes(base);
    *first = NONE;
    if (lanes == 0) return ERR_OK;
    Slot *slots = draft_consts(d, lanes, first);
    if (!slots) return draft_no_memory(d);
    for (u32 i = 0; i < lanes; i++) slots[i] = type_default(base);
    return ERR_OK;
}

/* ---- edges ---- */

static Err count_edge(Draft *d) {
    d->edges++;
    return draft_limit(d, d->at, d->edges, d->limits->edges, "edges", "edges");
}

Err draft_connect_value(Draft *d, u32 in, u32 out) {
    d->value_in.at[in].from = out;
    return count_edge(d);
}

Err draft_connect_flow(Draft *d, u32 out, u32 in) {
    d->flow_out.at[out].target = in;
    return count_edge(d);
}

/* ---- types ---- */

Type draft_base(TypeId type) { return type >= TYPE_CUSTOM ? TYPE_REF : (Type)type; }

const char *draft_type_name(TypeId type) {
    if (type == TYPE_NONE) return "no type";
    return type >= TYPE_CUSTOM ? "custom" : type_name((Type)type);
}

Err draft_events(Draft *d, u32 n, u32 values) {
    Graph *g = d->g;
    TRY(DRAFT_ARRAY(d, g->event_id, n));
    TRY(DRAFT_ARRAY(d, g->event_value, n + 1));
    TRY(DRAFT_ARRAY(d, g->event_value_name, values));
    TRY(DRAFT_ARRAY(d, g->event_value_type, values));
    TRY(DRAFT_ARRAY(d, g->event_value_init, values));
    d->event_value_type = ARENA_ARRAY(&d->scratch, TypeId, values);
    if (!d->event_value_type) return draft_no_memory(d);
    g->event_count = n;
    return ERR_OK;
}
