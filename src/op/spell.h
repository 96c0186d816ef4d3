/* spell.h (op) - rows of op.def and vec.def as WebAssembly instructions: wasm.def, read when they are asked for.
**
** A spelling is a stack program: it pushes lanes of the inputs, constants and temporaries, and leaves the results on the
** stack, the first one deepest. It gives the same bits as the row's C function, NaN's payload apart, and never traps. Rows
** without one are called. */
#ifndef TREADLE_SPELL_H
#define TREADLE_SPELL_H

#include "op.h"

/* Instructions: INSTR(id, "text", code, effect) in wasm_op.def. Spellings use those without immediates. */
typedef enum WasmOp {
#define INSTR(id, text, code, effect) WASM_##id,
#include "wasm_op.def"
#undef INSTR
    WASM_OPS
} WasmOp;

typedef struct WasmOpRow {
    const char *text;   /* "f64.add" */
    u32 code;           /* 0xa0; behind a prefix: 0xfcNN, 0xfdNN */
    const char *effect; /* "FF:F", types popped and pushed, I F R(i64) V(v128); "" where it depends */
} WasmOpRow;

const WasmOpRow *wasm_op_row(WasmOp op);

typedef enum SpellKind {
    SPELL_INPUT, /* push lane `lane` of input `input` */
    SPELL_F,     /* push f64 constant `number` */
    SPELL_I,     /* push i32 constant `number` */
    SPELL_OP,    /* op */
    SPELL_SET,   /* pop into temporary `lane`, of type `type` ('F' or 'I') */
    SPELL_TEE,
    SPELL_GET,
    SPELL_IF,    /* pop a condition; up to SPELL_ELSE when it is not 0, from there to SPELL_END when it is. Each of the ...  */
    SPELL_ELSE,  /* ... two leaves one value of type `type`; temporaries that one sets are not seen behind SPELL_END */
    SPELL_END,
    SPELL_CALL   /* helper `op` (SpellHelper) */
} SpellKind;

typedef struct SpellStep {
    u8 kind;
    u8 input, lane;
    char type;
    u16 op; /* WasmOp, SpellHelper */
    f64 number;
} SpellStep;

enum { SPELL_TEMPS = 24 };

typedef struct Spelling {
    const SpellStep *steps; /* NULL: none: the row is called */
    u32 count;
    u32 temps;              /* temporaries used */
    char temp_type[SPELL_TEMPS];
} Spelling;

/* The spelling of row r (PURE, of one lane: its inputs' lane 0 is the lane at hand; or VEC). Read from text when it is
** first asked for, kept for good; one thread must have asked before others do. */
const Spelling *spell(RowId r);

/* About how many instructions a row takes (of PURE, a lane), a division as 8 of them: what sharing or hoisting its result
** saves. 0: a constant or a copy. */
u32 spell_cost(RowId r);

/* A function's address, whatever its type. In Wasm it is the function's index in the table of functions. */
typedef void (*RowFunction)(void);

/* The C function of a row, for who calls it: PURE rows take their inputs and return their result by value (fn.h signatures), VEC rows are
** vec_ID(d, a, b, c) on slots. Never NULL for rows up to VEC_PAST. */
RowFunction row_function(RowId r);

/* What spellings call where the usual case is over. */
typedef enum SpellHelperId { HELPER_wrap, HELPER_far_length, HELPERS } SpellHelperId;

typedef struct SpellHelper {
    const char *name;     /* as in call:name */
    const char *symbol;   /* its name in C */
    const char *effect;   /* "F:I" */
    RowFunction function;
} SpellHelper;

const SpellHelper *spell_helper(SpellHelperId id);

#endif
