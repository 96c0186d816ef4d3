/* wasm.c (run) - writing WebAssembly: LEB128, sections, instructions, and the bytes shown with their labels. */
#include "wasm.h"

#include <string.h>
#include "../base/arena.h"

void wasm_open(WasmBuf *w, bool labelled) { *w = (WasmBuf){.labelled = labelled}; }

void wasm_close(WasmBuf *w) {
    buf_close(&w->bytes);
    system_give(w->labels);
    *w = (WasmBuf){0};
}

void wasm_clear(WasmBuf *w) {
    buf_clear(&w->bytes);
    w->label_count = 0;
    w->set_past = 0;
}

bool wasm_failed(const WasmBuf *w) { return w->bytes.full; }

/* ---- labels ---- */

/* A label that cannot be kept counts as a failure of the whole: its bytes would get the name of others. */
static bool reserve_label(WasmBuf *w) {
    if (w->bytes.full) return false;
    if (w->label_count < w->label_cap) return true;
    u32 cap = w->label_cap < 32 ? 64 : w->label_cap * 2;
    bool fits = cap > w->label_cap && cap <= UINT32_MAX / sizeof(WasmLabel);
    WasmLabel *labels = fits ? (WasmLabel *)system_grow(w->labels, cap * sizeof(WasmLabel)) : NULL;
    if (!labels) {
        w->bytes.full = true;
        return false;
    }
    w->labels = labels;
    w->label_cap = cap;
    return true;
}

static void add_label(WasmBuf *w, WasmLabel label) {
    if (reserve_label(w)) w->labels[w->label_count++] = label;
}

void wasm_label(WasmBuf *w, const char *text, i64 number) {
    if (w->labelled) add_label(w, (WasmLabel){w->bytes.len, text, number, false});
}

void wasm_label_name(WasmBuf *w, const char *name) {
    if (w->labelled) add_label(w, (WasmLabel){w->bytes.len, name, 0, true});
}

/* ---- numbers: each put_ writes at `to` and returns where it ends ---- */

static u8 *put_unsigned(u8 *to, u32 value) {
    for (; value >= 0x80; value >>= 7) *to++ = (u8)(value | 0x80);
    *to++ = (u8)value;
    return to;
}

/* The last byte is the one whose bit 6 is the sign of all that is left. */
static u8 *put_signed(u8 *to, i64 value) {
    for (; value < -64 || value > 63; value >>= 7) *to++ = (u8)((value & 0x7f) | 0x80);
    *to++ = (u8)(value & 0x7f);
    return to;
}

static u8 *put_code(u8 *to, WasmOp op) {
    u32 code = wasm_op_row(op)->code;
    if (code <= 0xff) {
        *to++ = (u8)code;
        return to;
    }
    *to++ = (u8)(code >> 8);
    return put_unsigned(to, code & 0xff);
}

enum { ROOM = 16 }; /* holds an opcode behind a prefix and a number, or two numbers */

static void put(WasmBuf *w, const u8 *from, const u8 *past) { buf_put(&w->bytes, from, (u32)(past - from)); }

void wasm_byte(WasmBuf *w, u8 byte) { buf_byte(&w->bytes, (char)byte); }

void wasm_u32(WasmBuf *w, u32 value) {
    u8 bytes[ROOM];
    put(w, bytes, put_unsigned(bytes, value));
}

void wasm_i64(WasmBuf *w, i64 value) {
    u8 bytes[ROOM];
    put(w, bytes, put_signed(bytes, value));
}

void wasm_i32(WasmBuf *w, i32 value) { wasm_i64(w, value); }

void wasm_bytes(WasmBuf *w, const void *bytes, u32 n) { buf_put(&w->bytes, bytes, n); }

void wasm_name(WasmBuf *w, const char *name) {
    u32 len = (u32)strlen(name);
    wasm_u32(w, len);
    wasm_bytes(w, name, len);
}

void wasm_append(WasmBuf *w, const WasmBuf *other) {
    u32 base = w->bytes.len;
    if (other->bytes.full) w->bytes.full = true;
    buf_put(&w->bytes, other->bytes.data, other->bytes.len);
    for (u32 i = 0; w->labelled && i < other->label_count; i++) {
        WasmLabel label = other->labels[i];
        label.at += base;
        add_label(w, label);
    }
}

void wasm_body(WasmBuf *w, const WasmBuf *contents) {
    wasm_u32(w, contents->bytes.len);
    wasm_append(w, contents);
}

void wasm_section(WasmBuf *w, u8 id, const WasmBuf *contents) {
    wasm_byte(w, id);
    wasm_body(w, contents);
}

/* ---- instructions ---- */

void wasm_op(WasmBuf *w, WasmOp op) {
    u8 bytes[ROOM];
    put(w, bytes, put_code(bytes, op));
}

static void put_with(WasmBuf *w, WasmOp op, u32 number) {
    u8 bytes[ROOM];
    put(w, bytes, put_unsigned(put_code(bytes, op), number));
}

static void put_const(WasmBuf *w, WasmOp op, i64 value) {
    u8 bytes[ROOM];
    put(w, bytes, put_signed(put_code(bytes, op), value));
}

void wasm_const_i32(WasmBuf *w, i32 value) { put_const(w, WASM_i32_const, value); }
void wasm_const_i64(WasmBuf *w, i64 value) { put_const(w, WASM_i64_const, value); }

void wasm_const_f64(WasmBuf *w, f64 value) {
    u64 bits = slot_canonical((Slot){.f = value}, TYPE_FLOAT).bits;
    u8 bytes[ROOM], *to = put_code(bytes, WASM_f64_const);
    for (u32 i = 0; i < 8; i++) *to++ = (u8)(bits >> (8 * i));
    put(w, bytes, to);
}

static bool follows_set(const WasmBuf *w, u32 local) {
    return w->set_past && w->set_past == w->bytes.len && w->set_local == local && !w->bytes.full;
}

void wasm_get(WasmBuf *w, u32 local) {
    if (!follows_set(w, local)) {
        put_with(w, WASM_local_get, local);
        return;
    }
    w->bytes.data[w->set_at] = (char)wasm_op_row(WASM_local_tee)->code;
    w->set_past = 0; /* a tee leaves nothing to join */
}

void wasm_set(WasmBuf *w, u32 local) {
    w->set_at = w->bytes.len;
    put_with(w, WASM_local_set, local);
    w->set_past = w->bytes.len;
    w->set_local = local;
}

void wasm_tee(WasmBuf *w, u32 local) { put_with(w, WASM_local_tee, local); }

/* Alignment is its logarithm. Slots are eight bytes, and so is all that a v128 is loaded from. */
static void put_memory(WasmBuf *w, WasmOp op, u32 align, u32 offset) {
    u8 bytes[ROOM];
    put(w, bytes, put_unsigned(put_unsigned(put_code(bytes, op), align), offset));
}

void wasm_load(WasmBuf *w, u8 type, u32 offset) {
    switch (type) {
    case WASM_I32: put_memory(w, WASM_i32_load, 2, offset); break;
    case WASM_I64: put_memory(w, WASM_i64_load, 3, offset); break;
    case WASM_F64: put_memory(w, WASM_f64_load, 3, offset); break;
    default: ASSERT(type == WASM_V128); put_memory(w, WASM_v128_load, 3, offset);
    }
}

void wasm_store(WasmBuf *w, u8 type, u32 offset) {
    switch (type) {
    case WASM_I32: put_memory(w, WASM_i32_store, 2, offset); break;
    case WASM_I64: put_memory(w, WASM_i64_store, 3, offset); break;
    case WASM_F64: put_memory(w, WASM_f64_store, 3, offset); break;
    default: ASSERT(type == WASM_V128); put_memory(w, WASM_v128_store, 3, offset);
    }
}

void wasm_begin(WasmBuf *w, WasmOp op, u8 type) {
    ASSERT(op == WASM_block || op == WASM_loop || op == WASM_if);
    wasm_op(w, op);
    wasm_byte(w, type);
}

void wasm_else(WasmBuf *w) { wasm_op(w, WASM_else); }
void wasm_end(WasmBuf *w) { wasm_op(w, WASM_end); }
void wasm_br(WasmBuf *w, u32 levels) { put_with(w, WASM_br, levels); }
void wasm_br_if(WasmBuf *w, u32 levels) { put_with(w, WASM_br_if, levels); }

void wasm_br_table(WasmBuf *w, const u32 *levels, u32 n, u32 otherwise) {
    put_with(w, WASM_br_table, n);
    for (u32 i = 0; i < n; i++) wasm_u32(w, levels[i]);
    wasm_u32(w, otherwise);
}

void wasm_call(WasmBuf *w, u32 function) { put_with(w, WASM_call, function); }

void wasm_call_indirect(WasmBuf *w, u32 type) {
    put_with(w, WASM_call_indirect, type);
    wasm_byte(w, 0); /* the table: there is one */
}

void wasm_return(WasmBuf *w) { wasm_op(w, WASM_return); }

/* ---- for people ---- */

enum { BYTES_A_LINE = 16 };

static void dump_label(const WasmLabel *label, Buf *out) {
    const char *mark = label->name ? NULL : strchr(label->text, '%');
    if (!mark) {
        buf_text(out, label->text);
        return;
    }
    buf_put(out, label->text, (u32)(mark - label->text));
    buf_print(out, "%lld", (long long)label->number);
    buf_text(out, mark + 1);
}

/* Bytes [first, past), at most a line of them, and behind them the labels [label, label_past) of the first. */
static void dump_line(const WasmBuf *w, u32 first, u32 past, u32 label, u32 label_past, Buf *out) {
    buf_print(out, "%6x ", first);
    for (u32 at = first; at < past; at++) buf_print(out, " %02x", (u8)w->bytes.data[at]);
    for (u32 pad = past - first; label < label_past && pad < BYTES_A_LINE; pad++) buf_text(out, "   ");
    for (u32 i = label; i < label_past; i++) {
        buf_text(out, i == label ? "  ; " : ", ");
        dump_label(&w->labels[i], out);
    }
    buf_byte(out, '\n');
}

void wasm_dump(const WasmBuf *w, Buf *out) {
    u32 label = 0;
    for (u32 at = 0; at < w->bytes.len;) {
        u32 first_label = label, past = w->bytes.len - at > BYTES_A_LINE ? at + BYTES_A_LINE : w->bytes.len;
        while (label < w->label_count && w->labels[label].at <= at) label++;
        if (label < w->label_count && w->labels[label].at < past) past = w->labels[label].at;
        dump_line(w, at, past, first_label, label, out);
        at = past;
    }
}
