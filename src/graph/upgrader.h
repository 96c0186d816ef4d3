/* upgrader.h (graph) - what the parts of the upgrade share: one graph, being rewritten as a tree.
**
** While it is rewritten its nodes have numbers that never change: those of the file, then the inserted ones. Their
** order is made at the end, and the numbers become indices. */
#ifndef TREADLE_UPGRADER_H
#define TREADLE_UPGRADER_H

#include <string.h>
#include "../op/type.h"
#include "draft.h"
#include "tree.h"
#include "upgrade.h"

static inline bool same(const char *a, const char *b) { return strcmp(a, b) == 0; }

/* What a ref was in the draft: an int that counted something, or a ref. */
typedef enum Origin { ORIGIN_NONE, ORIGIN_REF, ORIGIN_DELAY, ORIGIN_NODE } Origin;

typedef struct UpDeclaration {
    cJSON *item;
    const char *op, *extension; /* op "": broken; extension NULL: core */
    const char *draft;          /* how the draft called it; NULL: as now */
    u32 same;                   /* the declaration it has become equal to; NONE */
} UpDeclaration;

/* A variable, or a value of an event. */
typedef struct UpValue {
    cJSON *item;
    u32 event, index; /* event NONE: variable `index`; else value `index` of that event, by u->names */
    u32 readers;      /* first node that reads it (UpNode.next); NONE */
    Origin origin;    /* of the refs it holds */
    bool turned;      /* it was an int */
} UpValue;

typedef struct UpNode {
    cJSON *item, *configuration, *values, *flows; /* the last three: NULL without */
    u32 declaration;  /* NONE: broken */
    u32 source, rank; /* its place: that of node `source` of the file (rank NONE), or before it, by rank, when inserted */
    Origin origin;    /* of math/select, math/switch: what their output is */
    u32 next;         /* variable/get, event/receive: the next node of the same variable or event; NONE */
} UpNode;

/* A value or flow that goes from a node to a later one. */
typedef struct UpEdge {
    u32 from, to;
    cJSON *item; /* the reference: a member of "values" or "flows" */
    bool flow;
} UpEdge;

typedef struct Upgrader {
    Arena *arena; /* that of the Upgrade */
    Upgrade *out;
    Diags *diags;
    const Limits *limits;
    u32 animations; /* in the glTF around; NONE: there is none */

    At at; /* of the graph, in the source */
    cJSON *graph, *types, *variables, *events, *declared, *listed; /* the lists (nodes: listed): NULL without */
    LIST(u8) type; /* Type, by index */
    LIST(UpDeclaration) declarations;
    LIST(UpNode) nodes;
    u32 source_nodes; /* how many are in the file */
    UpEdge *edges;    /* by the node they come from */
    u32 edge_count, *first_edge; /* node count + 1 */
    LIST(UpValue) values; /* the variables, then the values of all events */
    u32 variable_count, event_count, *event_readers; /* first node that receives an event; NONE */
    u32 infinity, minus_infinity; /* inserted nodes; NONE: not yet */
    u32 type_at[TYPE_COUNT]; /* index of a type; NONE */
    Names names; /* OF_DECLARATION (owner 0: core, 1: of the known extension), OF_VALUE_OUT of events */
} Upgrader;

/* ---- upgrade_part.c: what all of them need ---- */

/* Notes a change of the value `item`, whose place is that in the source. Both texts are copied, and made fit to be shown. */
void up_tell(Upgrader *u, Err kind, const cJSON *item, const char *was, const char *now);

/* A text in the arena; "" without memory. */
const char *up_print(Upgrader *u, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A value as it is spelled in messages: its JSON, cut short. */
const char *up_show(Upgrader *u, const cJSON *item);

/* For refusals: where a node of the file (or the one an inserted node was made for) stands; the steps are kept in `steps`. */
typedef struct UpPlace {
    At nodes, node, part, key;
} UpPlace;
const At *up_at(const Upgrader *u, UpPlace *steps, u32 node, const char *part, const char *key);

/* `12 "math/add"`, for messages. */
const char *up_label(Upgrader *u, u32 node);

/* The op of a node; "" when it is broken or of an extension (but see up_extension_op). */
const char *up_op(const Upgrader *u, u32 node);
/* The op of a node whatever its extension. */
const char *up_any_op(const Upgrader *u, u32 node);

/* The index of a type, which is declared when it is not yet; NONE without memory. */
u32 up_type(Upgrader *u, Type type);
/* The type an index names; TYPE_NONE: none, or a custom one. */
Type up_type_of(const Upgrader *u, const cJSON *index);

/* The declaration of a core op, made when there is none; NONE without memory. */
u32 up_declaration(Upgrader *u, const char *op, u32 place);
/* Notes that a declaration is the one of its op; *had is an older one, NONE. False without memory. */
bool up_declare(Upgrader *u, u32 declaration, u32 *had);

/* What an output gives: ORIGIN_NONE when it is no ref. */
Origin up_origin(const Upgrader *u, u32 node, const char *socket);
/* ... and an input, by its member of "values". */
Origin up_input_origin(const Upgrader *u, const cJSON *input);
/* The value an input of variable/set or event/send is written to; NULL. */
UpValue *up_target(const Upgrader *u, u32 node, const char *key);

/* A new node before node `before`; NONE without memory. Its inputs: a number of a type, a type's default, an output. */
u32 up_insert(Upgrader *u, u32 before, const char *op);
void up_input_number(Upgrader *u, u32 node, const char *key, Type type, f64 value);
void up_input_default(Upgrader *u, u32 node, const char *key, Type type);
void up_input_output(Upgrader *u, u32 node, const char *key, u32 from, const char *socket);
/* {"node","socket"}; socket NULL: value. */
cJSON *up_reference(Upgrader *u, u32 place, u32 from, const char *socket);
/* {"type"} and {"type","value":[...]} of one lane. */
cJSON *up_default(Upgrader *u, u32 place, Type type);
cJSON *up_constant(Upgrader *u, u32 place, Type type, cJSON *lane);

/* A member of a node ("values" ...), made when it is not there. */
cJSON *up_part(Upgrader *u, u32 node, cJSON **part, const char *key);

/* The node and the output that a member of "values" reads; NONE: it reads none. */
u32 up_source(const cJSON *input, const char **socket);

/* The one element of configuration KEY {"value":[x]}; NULL. */
cJSON *up_setting(const cJSON *configuration, const char *key);
/* ... as an index of a list with `count` elements; NONE. */
u32 up_setting_index(const cJSON *configuration, const char *key, u32 count);

u32 up_count(const cJSON *list);

Err up_memory(Upgrader *u);
/* ERR_MEMORY and the like when a take was refused at any time before. */
Err up_end(Upgrader *u);

/* ---- the steps, in their order ---- */

/* upgrade_form.c: shapes of older drafts; what is empty or null. */
Err up_extension(Upgrader *u, cJSON *extension);
Err up_form(Upgrader *u);
/* upgrade_name.c: ops, sockets, configuration keys. */
Err up_read(Upgrader *u);
Err up_names(Upgrader *u);
/* upgrade_edge.c: the edges as they are now. */
Err up_edges(Upgrader *u);
/* upgrade_value.c: numbers that are no JSON. */
Err up_values(Upgrader *u);
/* upgrade_ref.c: which values are refs, and which have become it; upgrade_index.c: what that changes. */
Err up_refs(Upgrader *u);
Err up_indices(Upgrader *u);
/* upgrade_op.c: ops that mean or need something else now. */
Err up_ops(Upgrader *u);
/* upgrade_order.c: nodes in order, numbers into indices. */
Err up_order(Upgrader *u);

#endif
