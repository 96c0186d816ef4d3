/* wasm.h (run) - writing WebAssembly: sections, types, instructions as bytes, each with a label for who reads the dump.
** Source of all numbers: WebAssembly Core Specification 2.0, chapter 5 (binary format). */
#ifndef TREADLE_WASM_H
#define TREADLE_WASM_H

#include "../base/buf.h"
#include "../op/spell.h"

/* Value types. */
enum { WASM_I32 = 0x7f, WASM_I64 = 0x7e, WASM_F32 = 0x7d, WASM_F64 = 0x7c, WASM_V128 = 0x7b, WASM_VOID = 0x40 };

typedef struct WasmLabel {
    u32 at;           /* offset in bytes */
    const char *text; /* borrowed; its % stands for ... */
    i64 number;       /* ... this: see wasm_label */
    bool name;        /* ... but not in a name */
} WasmLabel;

/* Bytes in the making. Where memory is refused they stay incomplete, and wasm_failed says so at the end. */
typedef struct WasmBuf {
    Buf bytes;
    bool labelled;     /* labels are kept */
    WasmLabel *labels; /* rising by place; owns */
    u32 label_count, label_cap;
    u32 set_at, set_past; /* the last local.set: where it begins and ends; nothing yet: set_past 0 */
    u32 set_local;
} WasmBuf;

void wasm_open(WasmBuf *w, bool labelled);
void wasm_close(WasmBuf *w);
void wasm_clear(WasmBuf *w); /* empty again; keeps its memory */
bool wasm_failed(const WasmBuf *w); /* memory was refused */

/* What the next bytes are. `text` is static and may hold one % for the number. */
void wasm_label(WasmBuf *w, const char *text, i64 number);
/* The same, of a name that outlives the labels, shown as it is. */
void wasm_label_name(WasmBuf *w, const char *name);

/* Raw bytes, unsigned and signed LEB128, names, vectors. */
void wasm_byte(WasmBuf *w, u8 byte);
void wasm_u32(WasmBuf *w, u32 value);
void wasm_i32(WasmBuf *w, i32 value);
void wasm_i64(WasmBuf *w, i64 value);
void wasm_name(WasmBuf *w, const char *name);
void wasm_bytes(WasmBuf *w, const void *bytes, u32 n);
/* Appends another, with its labels. */
void wasm_append(WasmBuf *w, const WasmBuf *other);

/* Appends a section, or a body of the code section: its size stands in front of the contents. */
void wasm_section(WasmBuf *w, u8 id, const WasmBuf *contents);
void wasm_body(WasmBuf *w, const WasmBuf *contents);

/* ---- instructions ---- */

void wasm_op(WasmBuf *w, WasmOp op); /* its opcode; immediates, if it has some, are the caller's next bytes */
void wasm_const_i32(WasmBuf *w, i32 value);
void wasm_const_i64(WasmBuf *w, i64 value);
void wasm_const_f64(WasmBuf *w, f64 value); /* its bits, NaN canonical */
void wasm_get(WasmBuf *w, u32 local);
void wasm_set(WasmBuf *w, u32 local); /* a get of the same local as the very next instruction makes it a tee */
void wasm_tee(WasmBuf *w, u32 local);
void wasm_load(WasmBuf *w, u8 type, u32 offset);  /* of an i32, i64, f64 or v128; alignment natural, 8 for v128 */
void wasm_store(WasmBuf *w, u8 type, u32 offset);
void wasm_begin(WasmBuf *w, WasmOp op, u8 type);  /* block, loop, if with a result type or WASM_VOID */
void wasm_else(WasmBuf *w);
void wasm_end(WasmBuf *w);
void wasm_br(WasmBuf *w, u32 levels);
void wasm_br_if(WasmBuf *w, u32 levels);
void wasm_br_table(WasmBuf *w, const u32 *levels, u32 n, u32 otherwise);
void wasm_call(WasmBuf *w, u32 function);
void wasm_call_indirect(WasmBuf *w, u32 type);
void wasm_return(WasmBuf *w);

/* Offset, hex bytes, label: a new line for each labelled place, and after 16 bytes. */
void wasm_dump(const WasmBuf *w, Buf *out);

#endif
