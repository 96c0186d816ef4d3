/* alone_ops.c (run) - the ops as functions with names, for the runtime module: what is inline elsewhere can be spliced. */
#include "../op/fn.h"
#include "../op/vec.h"

typedef void Function(void);

/* A function in a table gets a body of its own. Nothing refers to the table, so it is never spliced. */
extern Function *const ops[];
Function *const ops[] = {
#define PURE(id, op, types, inputs, output, signature, expression) (Function *)fn_##id,
#include "../op/op.def"
#undef PURE
#define VEC(id, op, inputs, outputs, meaning) (Function *)vec_##id,
#include "../op/vec.def"
};
