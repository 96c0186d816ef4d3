/* wasm.c (unit) - WebAssembly as bytes, by hand from the specification's chapter 5. */
#include "../../src/run/wasm.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "../../src/base/arena.h"
#include "test.h"

static WasmBuf w;

/* The bytes so far as "41 05 0b", and none after that. */
static const char *hex(void) {
    static char text[400];
    u32 len = 0;
    text[0] = '\0';
    for (u32 i = 0; i < w.bytes.len && len + 4 < sizeof text; i++)
        len += (u32)snprintf(text + len, sizeof text - len, i ? " %02x" : "%02x", (u8)w.bytes.data[i]);
    wasm_close(&w);
    return text;
}

#define WRITES(what, bytes)                                                                        \
    do {                                                                                           \
        wasm_open(&w, false);                                                                      \
        what;                                                                                      \
        CHECK_TEXT(hex(), bytes);                                                                  \
    } while (0)

/* 5.2.2. Each seven bits from the lowest on; the signed form ends where bit 6 is the sign. */
TEST(integers_are_leb128) {
    WRITES(wasm_u32(&w, 0), "00");
    WRITES(wasm_u32(&w, 127), "7f");
    WRITES(wasm_u32(&w, 128), "80 01");
    WRITES(wasm_u32(&w, 624485), "e5 8e 26");
    WRITES(wasm_u32(&w, UINT32_MAX), "ff ff ff ff 0f");
    WRITES(wasm_i32(&w, 0), "00");
    WRITES(wasm_i32(&w, 63), "3f");
    WRITES(wasm_i32(&w, 64), "c0 00");
    WRITES(wasm_i32(&w, 127), "ff 00");
    WRITES(wasm_i32(&w, 128), "80 01");
    WRITES(wasm_i32(&w, -1), "7f");
    WRITES(wasm_i32(&w, -64), "40");
    WRITES(wasm_i32(&w, -65), "bf 7f");
    WRITES(wasm_i32(&w, -123456), "c0 bb 78");
    WRITES(wasm_i32(&w, INT32_MAX), "ff ff ff ff 07");
    WRITES(wasm_i32(&w, INT32_MIN), "80 80 80 80 78");
    WRITES(wasm_i64(&w, INT64_MAX), "ff ff ff ff ff ff ff ff ff 00");
    WRITES(wasm_i64(&w, INT64_MIN), "80 80 80 80 80 80 80 80 80 7f");
}

TEST(constants_are_their_bits_and_nan_is_canonical) {
    WRITES(wasm_const_i32(&w, -1), "41 7f");
    WRITES(wasm_const_i64(&w, INT64_C(1) << 56), "42 80 80 80 80 80 80 80 80 01");
    WRITES(wasm_const_f64(&w, 1.5), "44 00 00 00 00 00 00 f8 3f");
    WRITES(wasm_const_f64(&w, -0.0), "44 00 00 00 00 00 00 00 80");
    WRITES(wasm_const_f64(&w, -(f64)NAN), "44 00 00 00 00 00 00 f8 7f");
    WRITES(wasm_const_f64(&w, (Slot){.bits = UINT64_C(0xfff8dead00000001)}.f), "44 00 00 00 00 00 00 f8 7f");
}

TEST(instructions_have_their_immediates_behind_them) {
    WRITES(wasm_op(&w, WASM_f64_add), "a0");
    WRITES(wasm_op(&w, WASM_f64x2_splat), "fd 14");
    WRITES(wasm_op(&w, WASM_f64x2_mul), "fd f2 01"); /* 242 takes two bytes */
    WRITES((wasm_get(&w, 3), wasm_set(&w, 200), wasm_tee(&w, 0)), "20 03 21 c8 01 22 00");
    WRITES(wasm_load(&w, WASM_I32, 8), "28 02 08");
    WRITES(wasm_load(&w, WASM_I64, 0), "29 03 00");
    WRITES(wasm_load(&w, WASM_F64, 1024), "2b 03 80 08");
    WRITES(wasm_load(&w, WASM_V128, 16), "fd 00 03 10");
    WRITES(wasm_store(&w, WASM_I32, 4), "36 02 04");
    WRITES(wasm_store(&w, WASM_I64, 0), "37 03 00");
    WRITES(wasm_store(&w, WASM_F64, 8), "39 03 08");
    WRITES(wasm_store(&w, WASM_V128, 0), "fd 0b 03 00");
    WRITES((wasm_begin(&w, WASM_if, WASM_F64), wasm_else(&w), wasm_end(&w)), "04 7c 05 0b");
    WRITES((wasm_begin(&w, WASM_block, WASM_VOID), wasm_begin(&w, WASM_loop, WASM_I32)), "02 40 03 7f");
    WRITES((wasm_br(&w, 1), wasm_br_if(&w, 300), wasm_return(&w)), "0c 01 0d ac 02 0f");
    WRITES(wasm_br_table(&w, ((const u32[]){2, 130}), 2, 0), "0e 02 02 82 01 00");
    WRITES(wasm_br_table(&w, NULL, 0, 5), "0e 00 05");
    WRITES((wasm_call(&w, 5), wasm_call_indirect(&w, 2)), "10 05 11 02 00");
}

TEST(a_set_and_a_get_behind_it_are_a_tee) {
    WRITES((wasm_set(&w, 200), wasm_get(&w, 200)), "22 c8 01");
    WRITES((wasm_set(&w, 1), wasm_get(&w, 1), wasm_get(&w, 1)), "22 01 20 01");
    WRITES((wasm_set(&w, 1), wasm_get(&w, 2)), "21 01 20 02");
    WRITES((wasm_set(&w, 1), wasm_end(&w), wasm_get(&w, 1)), "21 01 0b 20 01"); /* others come in behind the end */
    WRITES((wasm_set(&w, 1), wasm_op(&w, WASM_drop), wasm_get(&w, 1)), "21 01 1a 20 01");
    WRITES((wasm_tee(&w, 1), wasm_get(&w, 1)), "22 01 20 01");
    WRITES((wasm_set(&w, 1), wasm_clear(&w), wasm_op(&w, WASM_nop), wasm_op(&w, WASM_nop), wasm_get(&w, 1)), "01 01 20 01");
}

/* The smallest module with code: (func (result i32) i32.const 42). */
TEST(a_module_is_sections_behind_a_magic_number) {
    WasmBuf body, part;
    wasm_open(&w, false);
    wasm_open(&body, false);
    wasm_open(&part, false);
    wasm_bytes(&w, "\0asm\1\0\0\0", 8);
    wasm_bytes(&part, "\1\x60\0\1\x7f", 5);
    wasm_section(&w, 1, &part);
    wasm_clear(&part);
    wasm_bytes(&part, "\1\0", 2);
    wasm_section(&w, 3, &part);
    wasm_clear(&part);
    wasm_byte(&body, 0); /* no locals */
    wasm_const_i32(&body, 42);
    wasm_end(&body);
    wasm_u32(&part, 1);
    wasm_body(&part, &body);
    wasm_section(&w, 10, &part);
    wasm_close(&body);
    wasm_close(&part);
    CHECK_TEXT(hex(), "00 61 73 6d 01 00 00 00 01 05 01 60 00 01 7f 03 02 01 00 0a 06 01 04 00 41 2a 0b");
}

TEST(names_are_counted_bytes) { WRITES(wasm_name(&w, "e"), "01 65"); }

/* Labels: two at one place, one within a body that was appended, and a line that is too long. */
TEST(a_dump_shows_each_labelled_place_on_its_line) {
    WasmBuf body;
    Buf out = {0};
    wasm_open(&w, true);
    wasm_open(&body, true);
    wasm_label(&body, "locals", 0);
    wasm_byte(&body, 0);
    wasm_label(&body, "block %:", 7);
    wasm_label(&body, "six", 0);
    wasm_const_i32(&body, 6);
    wasm_end(&body);
    wasm_label(&w, "size", 0);
    wasm_body(&w, &body);
    for (u32 i = 0; i < 15; i++) wasm_op(&w, WASM_nop);
    wasm_dump(&w, &out);
    CHECK_TEXT(out.data, "     0  04                                               ; size\n"
                         "     1  00                                               ; locals\n"
                         "     2  41 06 0b 01 01 01 01 01 01 01 01 01 01 01 01 01  ; block 7:, six\n"
                         "    12  01 01\n");
    buf_close(&out);
    wasm_close(&body);
    wasm_close(&w);
}

TEST(labels_are_kept_only_when_asked_for) {
    wasm_open(&w, false);
    wasm_label(&w, "nothing", 0);
    CHECK_INT(w.label_count, 0);
    CHECK(w.labels == NULL);
    wasm_close(&w);
}

/* Some of everything, more than the first sizes hold. */
static void write_much(WasmBuf *to) {
    for (u32 i = 0; i < 300; i++) {
        wasm_label(to, "turn %", i);
        wasm_set(to, i);
        wasm_get(to, i);
        wasm_const_f64(to, 1.0);
    }
}

TEST(memory_refused_at_any_moment_is_told_at_the_end) {
    i64 before = system_live;
    u32 refused = 0;
    for (i64 n = 0; n < 30; n++) {
        WasmBuf part;
        system_fail_after = n;
        wasm_open(&w, true);
        wasm_open(&part, true);
        write_much(&part);
        wasm_body(&w, &part);
        system_fail_after = -1;
        if (wasm_failed(&w)) refused++;
        else CHECK_INT(w.label_count, 300);
        wasm_close(&part);
        wasm_close(&w);
    }
    CHECK(refused > 5 && refused < 30);
    CHECK_INT(system_live, before);
}
