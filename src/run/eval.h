/* eval.h (run) - values on demand, for the walker: what value sockets are worth at this moment. */
#ifndef TREADLE_EVAL_H
#define TREADLE_EVAL_H

#include "instance.h"

/* Values live here only while one set of inputs is evaluated: nothing of it is ever suspended. */
typedef struct Eval {
    Slot *values; /* of computed outputs, side by side; valid until the next evaluation */
    u32 *place;   /* by value output: its first slot in values; NONE: it lives in state */
    Slot *inputs; /* what eval_inputs hands out; room for the widest node */
    u32 *mark;    /* graph_pull's scratch */
    u32 stamp;
    u32 *list;
} Eval;

/* Memory from the instance's arena; false when refused. */
bool eval_open(Eval *e, Instance *in);

/* Evaluates value inputs [first, past): every pure node they depend on once, in state as it is now.
** Their lanes, side by side, valid until the next evaluation. */
const Slot *eval_inputs(Eval *e, Instance *in, u32 first, u32 past);

/* The value of graph output i, evaluated if need be; valid until the next evaluation. */
const Slot *eval_output(Eval *e, Instance *in, u32 i);

#endif
