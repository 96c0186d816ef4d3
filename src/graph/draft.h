/* draft.h (graph) - a graph in the making: dialect readers fill it in, draft_graph completes it.
**
** Readers go through the file twice: first every node says its sockets (sockets.h), then edges
** and literals find them by name (names.h). A function here that returns Err fails only when the
** load cannot go on (memory, a limit of the whole graph); what is wrong with one node is
** reported, the node is `broken`, and reading goes on. */
#ifndef TREADLE_DRAFT_H
#define TREADLE_DRAFT_H

#include "json.h"
#include "load.h"
#include "names.h"
#include "where.h"

/* The type of a socket while loading: a Type, TYPE_NONE when not known yet, or TYPE_CUSTOM plus
** an index into the file's types. A custom type is opaque: its values are null references that
** fit only themselves. */
typedef u16 TypeId;
enum { TYPE_CUSTOM = 256 };

/* How an input comes to its type. */
typedef enum Rule {
    RULE_FIXED, /* it is known */
    RULE_SAME,  /* T: the same for all such sockets of the node */
    RULE_FOLLOWS, /* what the overload says, once T has chosen it */
    RULE_ANY    /* whatever is given */
} Rule;

typedef struct DraftIn {
    const Name *name;
    const cJSON *literal; /* native: a value whose type is not known yet */
    u32 from;             /* value output; NONE: constant */
    u32 first;            /* constant: in consts; NONE: not read yet */
    TypeId type;
    u8 rule;    /* Rule */
    bool given; /* the file has a value or an edge for it */
} DraftIn;

typedef struct DraftOut {
    const Name *name;
    u32 node; /* NONE: a graph input */
    TypeId type;
    u8 rule;
} DraftOut;

typedef struct DraftFlow {
    const Name *name;
    u32 node;
    u32 target; /* outputs: flow input; NONE */
} DraftFlow;

typedef struct DraftNode {
    const Op *op; /* NULL: host op, no-op, or broken */
    const Name *op_name, *name;
    const cJSON *values, *flows;                        /* as in the file; NULL */
    const char *pointer;                                /* template of a pointer op, in the Graph's arena; NULL */
    u32 value_in, value_out, flow_in, flow_out, params; /* first of each */
    TypeId type;                                        /* T */
    u16 row;
    u8 kind, id; /* NodeKind, NodeId */
    bool broken; /* reported: whatever reads from it says nothing more */
} DraftNode;

#define LIST(Type)                                                                                 \
    struct {                                                                                       \
        Type *at;                                                                                  \
        u32 count, cap;                                                                            \
    }

/* True when `more` entries fit behind list.count. The list moves; after a refusal it must not be
** used. */
#define LIST_ROOM(arena, list, more)                                                               \
    ((u64)(list).count + (more) <= (list).cap ||                                                   \
     ((list).at = list_grow((arena), (list).at, &(list).cap, (list).count, (more),                 \
                            sizeof *(list).at)) != NULL)
void *list_grow(Arena *arena, const void *old, u32 *cap, u32 count, u32 more, size_t size);

typedef struct Draft {
    Graph *g; /* owns until draft_graph; names, variables, events, inputs and outputs are filled in
                 directly */
    const LoadOptions *options;
    const Limits *limits;
    Diags *diags;
    const At *at;  /* the graph's object in the file; NULL: the document */
    Arena scratch; /* what only the load needs */
    Names names;
    u32 errors_before; /* of diags */
    u64 edges;
    LIST(DraftNode) nodes;
    bool nodes_ended; /* nodes.at[nodes.count] holds where the last one's sockets end */
    LIST(DraftIn) value_in;
    LIST(DraftOut) value_out;
    LIST(DraftFlow) flow_in;
    LIST(DraftFlow) flow_out;
    LIST(Slot) consts;
    LIST(i32) params;
    LIST(Piece) pieces;
    LIST(Served) served;
    TypeId *variable_type, *event_value_type; /* as the arrays of the Graph, with custom types */
    const struct Gltf *gltf;                  /* what is around it (gltf.h); NULL: nothing */
    bool only_checked;                        /* another graph of the file is the one to run */
} Draft;

Err draft_open(Draft *d, const LoadOptions *options, Diags *diags, Dialect dialect, i32 index,
               u64 hash);
void draft_close(Draft *d);

/* True while nothing was reported against this graph. */
bool draft_ok(const Draft *d);

/* Reports that memory was refused, by the limit or by the system. */
Err draft_no_memory(Draft *d);

/* Reports LIMIT when `n` is more than `limit`, and returns it. */
Err draft_limit(Draft *d, const At *at, u64 n, u64 limit, const char *name, const char *unit);

/* A zeroed array in the Graph's arena: DRAFT_ARRAY(d, g->node_kind, n). */
#define DRAFT_ARRAY(d, array, n)                                                                   \
    (((array) = arena_take(&(d)->g->arena, sizeof *(array) * (u64)(n))) ? ERR_OK                   \
                                                                        : draft_no_memory(d))

const Name *draft_name(Draft *d, Text text); /* NULL: no memory (not reported) */

/* Makes room for so many nodes at once. */
Err draft_reserve(Draft *d, u32 nodes);

/* A node begins: sockets and params added from now on are its own. draft_nodes_end after the
** last. */
Err draft_node(Draft *d, const DraftNode *node);
Err draft_nodes_end(Draft *d);

/* Sockets of the newest node, or, for value outputs after draft_nodes_end, graph inputs. An older
** socket of that name stays alone: *fresh says whether it was added (may be NULL). */
Err draft_value_in(Draft *d, const Name *name, TypeId type, Rule rule, bool *fresh);
Err draft_value_out(Draft *d, const Name *name, TypeId type, Rule rule, bool *fresh);
Err draft_flow_in(Draft *d, const Name *name, bool *fresh);
Err draft_flow_out(Draft *d, const Name *name, bool *fresh);
Err draft_param(Draft *d, i32 value);
Err draft_piece(Draft *d, const char *text, u32 input);

/* `lanes` slots in consts, zero, at least one; *first says where. NULL: no memory (not
** reported). */
Slot *draft_consts(Draft *d, u32 lanes, u32 *first);

/* The type's default as a constant; NONE in *first for a type that is not known (it has been
** reported). */
Err draft_default(Draft *d, TypeId type, u32 *first);

/* Sockets [first, past) of one kind on a node, and the one of this name; NONE. */
void draft_sockets(const Draft *d, NameKind kind, u32 node, u32 *first, u32 *past);
const Name *draft_socket_name(const Draft *d, NameKind kind, u32 socket);
u32 draft_find(const Draft *d, NameKind kind, u32 node, const Name *name);

/* Connects; counts edges against their limit. */
Err draft_connect_value(Draft *d, u32 in, u32 out);
Err draft_connect_flow(Draft *d, u32 out, u32 in);

/* The plain Type of a TypeId, as the running graph sees it. */
Type draft_base(TypeId type);
const char *draft_type_name(TypeId type);

/* Copies everything into the Graph, completes it (build.h) and gives it away: the caller frees
** it. An error when something was reported before. */
Err draft_graph(Draft *d, Graph **out);

/* ---- saying where and what (where.c) ---- */

/* A chain to a socket of a node: graph, "nodes", index, part, name. */
/* The way to node `node`, to its `part` ("values"; NULL: the node), to the member `name` (NULL:
** the part). Also tells diags which node it is. Valid while *p is. */
const At *draft_place(Draft *d, Place *p, u32 node, const char *part, const char *name);

/* Tells diags which node the next reports are about; NONE: none. */
void draft_about(Draft *d, u32 node);

/* True when a further error would not be kept: then its words need not be found. */
bool draft_silent(const Draft *d);

/* 'node 3 "Text"' or 'node 7 math/add'; "Text" or the op alone. In the arena of diags. */
const char *draft_label(Draft *d, u32 node);
const char *draft_op_label(Draft *d, u32 node);

/* SOCKET_UNKNOWN or SOCKET_NONE: names the sockets there are, and the nearest. */
void draft_no_socket(Draft *d, const At *at, NameKind kind, u32 node, Text seen);

void draft_which_socket(Draft *d, const At *at, NameKind kind, u32 node); /* SOCKET_WHICH */

/* A text as it may be shown, a value as it was seen; "" when draft_silent. In the arena of diags.
 */
const char *draft_quote(Draft *d, Text text);
const char *draft_seen(Draft *d, const cJSON *item);

/* "Did you mean "x"?" for a name of this list; NULL when none is near. */
const char *draft_did_you_mean(Draft *d, Text seen, const char *const *names, u32 count);

/* KEY_MISSING; KEY_TYPE at a member that is not what it must be. */
void draft_missing(Draft *d, const At *at, const char *key);
void draft_wrong(Draft *d, const At *at, const char *key, const char *must, const cJSON *item);

/* False, and ITEM_TYPE, when the item is not an object. */
bool draft_is_object(Draft *d, const At *at, const cJSON *item);

/* Room for n events with so many values in all, to be filled in by the dialect's reader. */
Err draft_events(Draft *d, u32 n, u32 values);

/* How many items; 0 for NULL. */
u32 draft_count(const cJSON *list);

/* SOCKET_MISSING or EVENT_VALUE_MISSING: nothing was given for an input. */
void draft_no_value(Draft *d, u32 node, u32 in);

#endif
