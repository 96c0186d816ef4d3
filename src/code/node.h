/* node.h (code) - lowering in two directions: values are pulled, flows are pushed.
**
** The lowering keeps its own stack of tasks instead of recursing: a task lowers what one flow output leads to, or
** binds a label, or closes a loop. A chain's `after` is the label it goes to at its end, RETURN when it simply ends. */
#ifndef TREADLE_NODE_H
#define TREADLE_NODE_H

#include "emit.h"

/* Chains that end by returning to whoever called the procedure (or ended the activation). */
enum { RETURN = NONE };

typedef enum TaskKind { TASK_OUTPUT, TASK_BIND, TASK_GOTO, TASK_LEAVE, TASK_FOR, TASK_WHILE } TaskKind;

/* What a chain runs inside of. */
typedef struct Context {
    u32 after; /* label or RETURN */
    u32 own;   /* innermost loop whose index this activation owns (emit_own), NONE */
} Context;

typedef struct Task {
    TaskKind kind;
    u32 what;   /* flow output, label, or node */
    Context in;
    u32 body, latch, exit; /* labels of a loop */
} Task;

typedef struct Lower {
    Emit e;
    const Graph *graph;
    const Limits *limits;
    LIST(Task) tasks;
    u32 *procedure;      /* by flow input: label of its procedure, NONE while not wanted */
    u32 *procedure_back; /* the same for backward edges, which charge one more */
    u32 *wanted;         /* procedures to lower: a queue of flow inputs */
    u32 wanted_count, wanted_done;
    /* Pulling: values of the activation being lowered. */
    u32 *mark, stamp;  /* by node, for graph_pull */
    u32 *list;         /* pulled nodes */
    u32 *uses;         /* by value output: readers in this pull, valid where used_at == stamp */
    u32 *used_at;
    i32 *value;        /* by value output: operand of its first lane, valid where value_at == stamp */
    u32 *value_at;
} Lower;

/* A compare whose only reader is a branch: lowered as one compare-and-branch. */
typedef struct Condition {
    bool fused;
    Code code; /* CODE_unless_*, when fused */
    i32 a, b;  /* its operands; a alone when not fused */
} Condition;

/* ---- pull.c ---- */

/* Makes the value inputs [first, past) readable by pull_operand. */
void pull(Lower *l, u32 first, u32 past);
/* The operand of the first lane of a pulled input. */
i32 pull_operand(Lower *l, u32 value_in);
/* Pulls one value output by itself (a graph output); its operand. */
i32 pull_output(Lower *l, u32 value_out);
/* Pulls one boolean input, leaving a compare to the branch when it can. */
Condition pull_condition(Lower *l, u32 value_in);
/* Pulls [first, past) and puts their lanes side by side into fresh temporaries. */
i32 pull_gather(Lower *l, u32 first, u32 past);
/* Pulls one input and leaves its lanes at `target` (a state operand), computing in place where that is safe. */
void pull_into(Lower *l, u32 value_in, i32 target);
/* Moves `lanes` slots. */
void pull_move(Lower *l, i32 to, i32 from, u32 lanes);
/* The operand of a value output's state slot. */
i32 pull_state(const Lower *l, u32 value_out);

/* A pulled node's value output is this operand, until the next pull. */
void pull_give(Lower *l, u32 value_out, i32 operand);

/* ---- point.c ---- */

void lower_pointer_get(Lower *l, u32 node);
void lower_pointer_set(Lower *l, u32 node, Context in);
void lower_pointer_interpolate(Lower *l, u32 node, Context in);

/* ---- lower.c ---- */

void push_task(Lower *l, Task task);
void push_output(Lower *l, u32 flow_out, Context in);
void push_bind(Lower *l, u32 label);
/* Ends a chain: a return, or a jump to in.after. */
void end_chain(Lower *l, Context in);

/* ---- node.c ---- */

/* Lowers the activation of a flow node through one of its inputs: its inputs, its work, and tasks for its outputs. */
void lower_node(Lower *l, u32 node, u32 flow_in, Context in);
/* The k-th flow output is the tail of the activation. */
void lower_on(Lower *l, u32 node, u32 k, Context in);
/* Output 0 when the operand `went` holds, else output 1 (err). */
void lower_out_or_err(Lower *l, u32 node, i32 went, Context in);
/* The second half of a loop, after its body. */
void lower_loop_end(Lower *l, const Task *task);

#endif
