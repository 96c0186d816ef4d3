/* op.h (op) - the op tables as data: op.def, vec.def and node.def are the lists, everything else reads them here. */
#ifndef TREADLE_OP_H
#define TREADLE_OP_H

#include "../base/base.h"
#include "type.h"

/* The rows that compute values from values alone: first those of op.def, then those of vec.def. A row of op.def is the
** function fn_ID of fn.h on one lane and one output; VEC rows are vec_ID of vec.h on whole values and all outputs; LANES
** rows compute nothing. All but these have an instruction of the same number (code.h). */
typedef enum RowId {
#define PURE(id, op, types, inputs, output, signature, expression) PURE_##id,
#include "op.def"
#undef PURE
    PURE_COUNT,
    ROW_BEFORE_VEC = PURE_COUNT - 1,
#define VEC(id, op, inputs, outputs, meaning) VEC_##id,
#include "vec.def"
    VEC_PAST,
    ROW_BEFORE_LANES = VEC_PAST - 1,
#define LANES(id, op, inputs, outputs) LANES_##id,
#include "vec.def"
    ROW_COUNT
} RowId;

typedef RowId PureId; /* below PURE_COUNT */

/* The rows of node.def. */
typedef enum NodeId {
#define NODE(id, op, kind, flow_in, value_in, value_out, flow_out, config) NODE_##id,
#include "node.def"
#undef NODE
    NODE_COUNT,
    NODE_PURE = NODE_COUNT /* a node whose outputs are rows of op.def or vec.def */
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
    u8 type; /* Type; TYPE_NONE = T, or a group; TYPE_FOLLOWS = another type for each T, that of the overload's row */
} Socket;

enum { TYPE_FOLLOWS = 254 };

/* A row of vec.def. */
typedef struct VecRow {
    const char *id;   /* "dot_3" */
    const char *op;   /* "math/dot" */
    const char *text; /* what it means, for docs */
    u8 ins, outs;
    const Socket *in, *out;
} VecRow;

/* An op by its name: what a loader needs to know. Built once from all tables. */
typedef struct Op {
    Text name;
    const char *summary, *notes; /* what it does, and its corners; "" when there is nothing to say */
    Text extension; /* that defines it; empty: core */
    u8 kind;     /* NodeKind */
    u8 node;     /* NodeId, or NODE_PURE */
    u16 row, rows;         /* NODE_PURE: its first row in op.def, and how many, over all overloads */
    u16 vec_row, vec_rows; /* the same in vec.def */
    u8 flow_ins, value_ins, value_outs, flow_outs, configs;
    const Socket *flow_in, *value_in, *value_out, *flow_out;
    struct { Text key, type, fallback; bool has_fallback; } config[2];
} Op;

/* A configuration key's type can be a list of words, "yxz|xyz". op_word: false when the word is none of them; *index
** says which. */
bool op_is_words(Text type);
bool op_word(Text type, Text word, i32 *index);

/* Every named op, pure and node, in table order. `*count` is set. The tables are built on the first call to this,
** op_find or op_nearest: one thread must have made it before others ask. */
const Op *op_list(u32 *count);

/* By exact name (case-sensitive), in constant time; NULL when this build has no such op. */
const Op *op_find(Text name);

/* For "did you mean": the closest op name, or NULL. */
const char *op_nearest(Text name);

const PureRow *pure_row(PureId id);
const VecRow *vec_row(RowId id); /* PURE_COUNT and up */

/* The overload of a pure op for one operand type T: its first row, or NONE. T is the type of the laned operands; for
** conversions and comparisons, of the inputs; float when there are none; in vec.def, of the first input. */
u32 op_overload(const Op *op, Type t);

/* Of an overload's first row: its sockets. Their types are for operands of type t (rows of vec.def have their own). */
u32 row_inputs(u32 row);
u32 row_outputs(u32 row);
Text row_input_name(u32 row, u32 input);
Text row_output_name(u32 row, u32 output);
Type row_input_type(u32 row, u32 input, Type t);
Type row_output_type(u32 row, u32 output, Type t);

/* Evaluates one lane of a row: for folding constants, for walk, for tests. Reads arity slots of `inputs`. */
Slot pure_eval(PureId id, const Slot *inputs);

/* Evaluates a VEC row, for the same: inputs at a b c, as many as it has, outputs side by side at d, which may overlap them. */
void vec_eval(RowId id, Slot *d, const Slot *a, const Slot *b, const Slot *c);

#endif
