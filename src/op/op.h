/* op.h (op) - the op tables as data: op.def and node.def are the lists, everything else reads them here. */
#ifndef TREADLE_OP_H
#define TREADLE_OP_H

#include "../base/base.h"
#include "type.h"

/* The rows of op.def: machine op and function of the same name (fn_add_f in fn.h). */
typedef enum PureId {
#define PURE(id, op, types, inputs, output, signature, expression) PURE_##id,
#include "op.def"
#undef PURE
    PURE_COUNT
} PureId;

/* The rows of node.def. */
typedef enum NodeId {
#define NODE(id, op, kind, flow_in, value_in, value_out, flow_out, config) NODE_##id,
#include "node.def"
#undef NODE
    NODE_COUNT,
    NODE_PURE = NODE_COUNT /* a node whose outputs are rows of op.def */
} NodeId;

typedef enum NodeKind { KIND_EVENT, KIND_FLOW, KIND_VALUE } NodeKind;

/* Bits over Type. */
enum {
    TYPES_BOOLS = 1 << TYPE_BOOL,
    TYPES_INTS = 1 << TYPE_INT,
    TYPES_FLOAT1 = 1 << TYPE_FLOAT,
    TYPES_VECTORS = 1 << TYPE_FLOAT | 1 << TYPE_FLOAT2 | 1 << TYPE_FLOAT3 | 1 << TYPE_FLOAT4,
    TYPES_FLOATS = TYPES_VECTORS | 1 << TYPE_FLOAT2X2 | 1 << TYPE_FLOAT3X3 | 1 << TYPE_FLOAT4X4,
    TYPES_REFS = 1 << TYPE_REF,
    TYPES_ALL = (1 << TYPE_COUNT) - 1
};

typedef struct PureRow {
    const char *id;      /* "add_f" */
    const char *op;      /* "math/add" */
    u32 types;           /* overloads it is meant for */
    const char *inputs;  /* "a b" */
    const char *output;  /* "value" */
    const char *sig;     /* "FF_F" */
    const char *text;    /* the expression, for docs and dump */
    u8 arity;
    char letter[3];      /* of each input, as in sig; NUL beyond them */
    char result;         /* letter of the result, as in sig */
} PureRow;

/* One fixed socket, or one dynamic group (name starts with * or #). */
typedef struct Socket {
    Text name;
    u8 type; /* Type; TYPE_NONE = T, or a group */
} Socket;

enum { SHAPE_MAX = 6 };

/* An op by its name: what a loader needs to know. Built once from both tables. */
typedef struct Op {
    Text name;
<<<<<<< HEAD
    const char *summary, *notes; /* what it does, and its corners; "" when there is nothing to say */
=======
    Text extension; /* that defines it; empty: core */
>>>>>>> clip
    u8 kind;     /* NodeKind */
    u8 node;     /* NodeId, or NODE_PURE */
    u16 row;     /* NODE_PURE: its first row in op.def */
    u16 rows;    /* NODE_PURE: how many rows, over all overloads */
    u8 flow_ins, value_ins, value_outs, flow_outs, configs; /* used entries below */
    Socket flow_in[SHAPE_MAX], value_in[SHAPE_MAX], value_out[SHAPE_MAX], flow_out[SHAPE_MAX];
    struct { Text key, type, fallback; bool has_fallback; } config[2];
} Op;

/* Every named op, pure and node, in table order. `*count` is set. The tables are built on the first call to this,
** op_find or op_nearest: one thread must have made it before others ask. */
const Op *op_list(u32 *count);

/* By exact name (case-sensitive), in constant time; NULL when this build has no such op. */
const Op *op_find(Text name);

/* Ops of the specification that this build does not run yet (later.def: vectors, matrices, animation ...):
** known, so that the message can say so. */
bool op_is_khr(Text name);

/* Ops that this build runs for one lane, but not for the vectors they also take. */
bool op_is_partial(Text name);

/* For "did you mean": the closest op name, or NULL. */
const char *op_nearest(Text name);

const PureRow *pure_row(PureId id);

/* The overload of a pure op for one operand type T: its first row (one row for each output follows), or NONE.
** T is the type of the laned operands; for conversions and comparisons, of the inputs; float when there are none. */
u32 op_overload(const Op *op, Type t);

/* Of an overload's row: how many outputs (rows), each output's type when the operands have type t, each input's. */
u32 pure_outputs(PureId first);
Type pure_output_type(PureId row, Type t);
Type pure_input_type(PureId row, u32 input, Type t);
Text pure_input_name(PureId row, u32 input);

/* Evaluates one lane of a row: for folding constants, for walk, for tests. Reads arity slots of `inputs`. */
Slot pure_eval(PureId id, const Slot *inputs);

#endif
