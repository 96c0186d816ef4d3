/* code.h (code) - a lowered graph: typed instructions over one file of slots.
**
**   slots:  | state (Graph.state_count) | constants | temporaries | output temporaries | stack |
**
** Every operand is an index into that file, so an add can read a variable and write another without moves.
** State is the instance's memory; temporaries and stack belong to the running activation (its frame) and
** are copied away while it waits for a host. code.def says what each instruction does. */
#ifndef TREADLE_CODE_H
#define TREADLE_CODE_H

#include "../graph/graph.h"

typedef enum Code {
#define PURE(id, op, types, inputs, output, signature, expression) CODE_##id,
#include "../op/op.def"
#undef PURE
#define VEC(id, op, inputs, outputs, meaning) CODE_##id,
#include "../op/vec.def"
#define CODE(id, operands, meaning) CODE_##id,
#include "code.def"
#undef CODE
    CODE_COUNT
} Code;

_Static_assert((int)CODE_nop == (int)VEC_PAST, "an instruction has the number of its row");

/* One instruction, 20 bytes: a is what it writes, or where it goes; jump targets are relative to the next
** instruction. */
typedef struct Ins {
    u16 code;
    u16 n;
    i32 a, b, c, d;
} Ins;

/* On the stack a return address has this bit beside it, a pushed slot has not. */
#define RETURN_BIT (UINT64_C(1) << 32)

/* What happens at an instruction that observers want to know: read by the watching loop only. */
typedef enum MarkKind { MARK_ACTIVATE, MARK_WROTE } MarkKind;

typedef struct Mark {
    u32 pc;   /* ACTIVATE: before this instruction; WROTE: after it */
    u8 kind;
    u32 what; /* flow input; variable */
} Mark;

typedef struct Program {
    Arena arena; /* owns everything below */
    const Graph *graph; /* borrowed */
    Ins *code;
    u32 count;

    u32 const_first, const_count;
    Slot *consts;
    u8 *const_letter; /* B I F R */
    u32 temp_first, temp_count;
    u32 out_first, out_count;
    u32 stack_first, stack_count;
    u32 slot_count;
    u64 call_depth; /* the limit that stack_count is for */

    u32 *entry;        /* by flow output: where the activation it roots begins, NONE when nothing roots there */
    u32 *output_entry; /* by graph output: code that leaves its value at output_slot; NONE: read output_slot directly */
    u32 *output_slot;

    i32 *words; /* switch tables: n, then n x (case, relative target), sorted by case; target of default last */
    u32 word_count;

    Mark *marks; /* sorted by pc, ACTIVATE before WROTE */
    u32 mark_count;
    u32 *mark_at; /* by pc: first mark, NONE */

    /* Which stateful outputs belong to an activation that is parked at a call or host call: a list of enclosing
    ** loops. own_at[pc] is the innermost link; link k is own[2k] value output, own[2k + 1] next link or NONE. */
    u32 *own_at;
    u32 *own;
    u32 own_count; /* links */

    bool verified;
} Program;

void program_free(Program *p);

/* Operand k (0 to 3: a b c d) of an instruction code: d slot written, s slot read, t relative target, w index
** into words, # plain number, - unused. */
char code_operand(Code c, u32 k);
const char *code_name(Code c);

/* Goes one of two ways by a condition: jump_not, unless_*. */
static inline bool code_forks(Code c) { return c >= CODE_jump_not && c <= CODE_unless_eq_f; }

#endif
