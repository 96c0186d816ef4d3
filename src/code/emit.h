/* emit.h (code) - the lowering's workbench: instructions, labels, temporaries, constants, marks. */
#ifndef TREADLE_EMIT_H
#define TREADLE_EMIT_H

#include "code.h"
#include "../base/err.h"

/* While a program grows nobody knows where its regions begin, so an operand is a region above and an index
** below; emit_finish turns it into a slot. */
enum { REGION_STATE, REGION_CONST, REGION_TEMP, REGION_OUT, REGION_SHIFT = 28 };
#define OPERAND(region, index) ((i32)((u32)(region) << REGION_SHIFT | (u32)(index)))

/* A growing array of T. */
#define LIST(T) struct { T *data; u32 count, cap; }

typedef struct Emit {
    const Graph *graph;
    LIST(Ins) code;
    LIST(u32) labels; /* pc by label, NONE: not bound yet */
    LIST(i32) words;  /* switch tables; targets are labels until emit_finish */
    LIST(u32) tables; /* where each table begins in words */
    LIST(Slot) consts; /* folded ones, after the graph's own */
    LIST(u8) letters;  /* of all constants */
    LIST(Mark) marks;
    LIST(u32) own;    /* links, see code.h */
    LIST(u32) own_at; /* pairs: pc, link */
    u32 temps, temps_max;     /* temporaries in use, most ever */
    u32 out_temps;            /* temporaries of graph outputs: never reused */
    bool outputs;             /* temporaries are taken from the output region */
    u32 bound;                /* code.count when a label was last bound */
    u32 marked;               /* code.count when an activation was last marked */
    bool failed;              /* memory was refused */
} Emit;

void emit_open(Emit *e, const Graph *g);
void emit_close(Emit *e);

/* Appends an instruction and returns its index. Jump operands are labels. */
u32 emit(Emit *e, Code code, u32 n, i32 a, i32 b, i32 c, i32 d);

u32 emit_label(Emit *e);
void emit_bind(Emit *e, u32 label);
void emit_jump(Emit *e, u32 label);

/* A table for CODE_switch: n cases with their labels, then the default's; cases need no order. Returns its operand. */
i32 emit_table(Emit *e, const i32 *cases, const u32 *targets, u32 n, u32 otherwise);

/* n temporaries side by side; dead at the next emit_temps_reset. */
i32 emit_temps(Emit *e, u32 n);
void emit_temps_reset(Emit *e);

/* Constants side by side, all of one letter. */
i32 emit_const(Emit *e, const Slot *values, u32 n, char letter);
i32 emit_const_int(Emit *e, i32 value);

/* The value of a constant operand, or NULL when the operand is none. Valid until the next emit_const. */
const Slot *emit_const_value(const Emit *e, i32 operand);

/* The activation of a flow input begins at the next instruction; a variable was written by the last one. */
void emit_mark_activate(Emit *e, u32 flow_in);
void emit_mark_wrote(Emit *e, u32 variable);

/* A link in front of `up` (NONE: none). */
u32 emit_own(Emit *e, u32 value_out, u32 up);
/* The instruction at pc parks, or calls what may: `link` is what it owns. */
void emit_owns(Emit *e, u32 pc, u32 link);

/* Makes the Program: regions laid out, labels resolved, jumps to jumps shortened. `stack` slots of stack. */
Err emit_finish(Emit *e, u32 stack, Program *p);

/* The slot of an operand in a finished program. */
u32 emit_place(const Program *p, i32 operand);

#endif
