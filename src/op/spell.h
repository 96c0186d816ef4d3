/* spell.h (op) - rows of op.def and vec.def as WebAssembly instructions: wasm.def, read once.
**
** A spelling is a stack program: it pushes lanes of the inputs, constants and temporaries, and leaves the results on the
** stack, the first one deepest. It gives the same bits as the row's C function, NaN's payload apart. Rows without one are called. */
#ifndef TREADLE_SPELL_H
#define TREADLE_SPELL_H

#include "op.h"

/* Instructions without immediates that spellings may use, and those of control: INSTR(id, "text", bytes, pops, pushes types) in wasm_op.def. */
typedef enum WasmOp {
#define INSTR(id, text, code, effect) WASM_##id,
#include "wasm_op.def"
#undef INSTR
    WASM_OPS
} WasmOp;

typedef struct WasmOpRow {
    const char *text;   /* "f64.add" */
    u32 code;           /* 0xa0; with a prefix: 0xfc00 | 2, 0xfd0000 | n */
    const char *effect; /* "FF:F", types popped and pushed, I F R(i64) V(v128); "" where it depends */
} WasmOpRow;

const WasmOpRow *wasm_op_row(WasmOp op);

typedef enum SpellKind {
    SPELL_INPUT, /* push lane `lane` of input `input` */
    SPELL_F,     /* push f64 constant */
    SPELL_I,     /* push i32 constant */
    SPELL_OP,    /* op */
    SPELL_SET,   /* pop into temporary `lane`, of type `type` ('F' or 'I') */
    SPELL_TEE,
    SPELL_GET
} SpellKind;

typedef struct SpellStep {
    u8 kind;
    u8 input, lane;
    char type;
    u16 op; /* WasmOp */
    f64 number;
} SpellStep;

enum { SPELL_TEMPS = 24 };

typedef struct Spelling {
    const SpellStep *steps; /* NULL: none: the row is called */
    u32 count;
    u32 temps;              /* temporaries used */
    char temp_type[SPELL_TEMPS];
} Spelling;

/* The spelling of row r (PURE or VEC). Read from text at the first call, kept for good. */
const Spelling *spell(RowId r);

/* The C function of a row, for who calls it: PURE rows take their inputs and return their result by value (fn.h signatures), VEC rows are
** vec_ID(d, a, b, c) on slots. Never NULL for rows up to VEC_PAST. In Wasm its address is its index in the table of functions. */
typedef void (*RowFunction)(void);
RowFunction row_function(RowId r);

#endif
