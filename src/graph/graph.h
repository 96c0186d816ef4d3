/* graph.h (graph) - a graph as loaded and checked: plain arrays, integers instead of names, one arena.
**
** Every socket of every node has a handle, its index in the arrays below; a node's sockets lie side by
** side, in the order of its row in node.def (groups expanded in place) or op.def. Nothing points into the
** file's text. A Graph that exists is valid: walk and lower check nothing again. */
#ifndef TREADLE_GRAPH_H
#define TREADLE_GRAPH_H

#include "../base/err.h"
#include "../base/limit.h"
#include "../op/op.h"
#include "clip.h"
#include "model.h"

typedef enum Dialect { DIALECT_NATIVE, DIALECT_KHR } Dialect;

/* State slots that every graph has. */
enum {
    STATE_EPOCH = 0, /* u: input-flow activations and loop turns so far; what math/random hashes */
    STATE_DEPTH = 1, /* i: re-entries in progress (see `cyclic`) */
    STATE_FIRST = 2
};

/* One piece of a debug/log message or a pointer template. */
typedef struct Piece {
    const char *text; /* literal, NUL-terminated; NULL: the value of an input */
    u32 input;        /* ordinal of the value input, when text is NULL */
} Piece;

/* Parameters that a template which the host serves may have. */
enum { SERVED_PARAMETERS = 8 };

/* A pointer template that the host serves: what it is asked for by index. */
typedef struct Served {
    const char *pointer; /* the template as in the file */
    u8 type;             /* Type of the value */
    u32 parameters;      /* how many */
    u8 *parameter;       /* Type of each: int or ref */
} Served;

/* A host operation's signature, as defined by td_define; loaders and runners borrow it. */
typedef struct HostOp {
    const char *name;
    u32 input_count, output_count;
    const char **input_name, **output_name;
    u8 *input_type, *output_type; /* Type */
} HostOp;

typedef struct Graph {
    Arena arena; /* owns everything below */
    const char *file; /* as the user named it */
    const char *name; /* "" none */
    Dialect dialect;
    const At *at; /* the graph's object in its file; NULL: the document */
    i32 index; /* in its file */
    u64 hash;  /* FNV-1a of the source bytes and the index: which program a save belongs to */

    /* Nodes, by load index (= file order). */
    u32 node_count;
    u8 *node_kind;     /* NodeKind */
    u8 *node_id;       /* NodeId; NODE_PURE for rows of op.def and vec.def */
    u8 *node_type;     /* T of the node, TYPE_NONE when it has none */
    u16 *node_row;     /* NODE_PURE: RowId of its overload; in op.def the first, output k is row + k */
    const char **node_op;   /* op name */
    const char **node_name; /* native id; "" in KHR */
    const char **node_pointer; /* a pointer op's JSON Pointer template, as in the file; else NULL */
    u32 *value_in, *value_out, *flow_in, *flow_out; /* node_count + 1 entries: first handle of node i, one past of i-1 */
    u32 *node_params;  /* where this node's words begin in params (see below) */
    u32 *node_state;   /* first private state slot, NONE without (sizes: graph_state_size) */
    u8 *node_cyclic;   /* 1: flow node on a cycle of flow edges that can have work pending on itself:
                       ** entering it while it is already pending counts as one call (limit call-depth) */
    u32 *node_active;  /* cyclic: state slot that counts its pending entries; else NONE */

    /* Value inputs. */
    u32 value_in_count;
    u32 *in_from;  /* value output it reads, NONE: constant */
    u32 *in_const; /* constant: first slot in consts */
    u8 *in_type;
    const char **in_name;

    /* Value outputs: the nodes' first, then one for each graph input. */
    u32 value_out_count;
    u8 *out_type;
    const char **out_name;
    u32 *out_node; /* NONE: a graph input */
    u32 *out_slot; /* first state slot where its value lives; NONE: computed when pulled. Known for outputs
                   ** of EVENT and FLOW nodes, graph inputs, and variable/get (the variable's own slots) */

    /* Flow inputs. */
    u32 flow_in_count;
    u32 *flow_in_node;
    u32 *flow_in_edges; /* connected flow outputs that lead here, from nodes that can run or not; one of a flow/waitAll
                        ** counts once for each connected input that leads to it */
    u32 *flow_in_cost;  /* fuel of one activation through this input, without the backward edge's (fuel.c) */
    const char **flow_in_name;

    /* Flow outputs. */
    u32 flow_out_count;
    u32 *flow_out_node;
    u32 *flow_target;  /* flow input, NONE: unconnected */
    u8 *flow_backward; /* 1: the edge closes a cycle: its target is on the depth-first stack (roots in file
                       ** order, outputs in socket order): one fuel more */
    const char **flow_out_name;

    u32 *root_cost;  /* by flow output: fuel of the root activation it starts (1, plus the event node's own share) */
    u32 *turn_cost;  /* by node: fuel of one loop body entry of flow/for, flow/while: 1 + its pulled nodes / 256 */

    /* Variables, events, graph inputs and outputs. */
    u32 variable_count;
    const char **variable_name; /* native id; KHR name or "" */
    u8 *variable_type;
    u32 *variable_init; /* value at start: first slot in consts */
    u32 *variable_slot; /* first state slot */
    u8 *variable_interpolated; /* 1: some variable/interpolate writes it, so variable/set must stop that */

    u32 event_count;
    const char **event_id;      /* "" internal */
    u32 *event_value;           /* event_count + 1: first index into the event value arrays */
    const char **event_value_name;
    u8 *event_value_type;
    u32 *event_value_init;      /* first slot in consts */

    u32 input_count; /* graph inputs; input i is value output value_out_count - input_count + i */
    const char **input_name;
    u32 *input_init; /* value at start: first slot in consts */

    u32 output_count;
    const char **output_name;
    u8 *output_type;
    u32 *output_from; /* value output */

    Model model; /* the glTF around the graph: what pointers can reach */
    u32 served_count;
    Served *served;

    Clips clips; /* the animations of the glTF; none when no node can reach them */

    /* Pools. */
    Slot *consts;
    u32 const_count;
    i32 *params;
    u32 param_count;
    Piece *pieces;
    u32 piece_count;
    const HostOp *host_ops; /* borrowed from the engine */

    /* State: variables, what ops remember, outputs, inputs. */
    u32 state_count;
    Slot *state_init; /* state_count values at start */

    bool uses_random; /* some math/random node or random multiGate exists: runners keep STATE_EPOCH */
    u32 pulled_total; /* over flow nodes and graph outputs: what the distinct pure nodes each pulls weigh (fuel.c) */
} Graph;

/* A node's params, as `const i32 *p = graph_params(g, node)`:
**   variable/get              variable
**   variable/set              n, variable x n        (value input i writes variable i)
**   variable/interpolate      variable, useSlerp
**   event/send, receive       event
**   event/onSelect, onHoverIn, onHoverOut   node of the glTF, -1 none
**   flow/switch, math/switch  n, case x n            (sorted as in the file, duplicates dropped; flow output or
**                                                     value input 1 + i belongs to case i; flow: default is last)
**   flow/for                  initialIndex
**   flow/multiGate            isRandom, isLoop
**   flow/waitAll              n
**   pointer/get, set, interpolate  PointerRow, index x 2      (POINTER_HOST: PointerRow, index in served)
**                                                     each index: a number, or -1 - i for value input i; what it counts
**                                                     in (GltfArray ... INDEX_NONE). The parameters are the first inputs
**   debug/log                 severity, first piece, pieces
**   host_call                 index of the host op */
static inline const i32 *graph_params(const Graph *g, u32 node) {
    return g->params + g->node_params[node];
}

/* Private state slots of a node, by op: multiGate's used flags (64 in a slot), waitAll's seen flags (1),
** throttle's stamp (1). 0 for all others: what they remember is an output. */
u32 graph_state_size(const Graph *g, u32 node);

/* True for a flow output that starts a root activation: an event's, and the `done` of a latent node. */
bool graph_is_root(const Graph *g, u32 flow_out);

/* The place of a node for people: its id, else "#7 math/add". Into the buffer. */
void graph_node_label(const Graph *g, u32 node, char *out, u32 size);

/* The index of a graph input, variable, event or output by name; NONE. Linear. */
u32 graph_find(const char *const *names, u32 count, Text name);

/* The nodes `flow_node` pulls when value inputs [first, past) are evaluated, each once, inputs before
** readers; stateful outputs are read in place and not listed. `mark` has node_count entries and
** `*stamp` is raised; `list` has room for node_count. Returns the count. Never recurses. */
u32 graph_pull(const Graph *g, u32 first, u32 past, u32 *mark, u32 *stamp, u32 *list);

/* The same for graph output `output`, with the node that gives it, as the last. */
u32 graph_pull_output(const Graph *g, u32 output, u32 *mark, u32 *stamp, u32 *list);

void graph_free(Graph *g);

#endif
