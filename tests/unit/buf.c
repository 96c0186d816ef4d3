/* buf.c (unit) - buffers, and how numbers and characters are spelled. Numbers: ECMA-262,
** Number::toString. */
#include "../../src/base/buf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/base/arena.h"
#include "test.h"

static const char *number(f64 value) {
    static char text[NUMBER_SIZE];
    number_spell(value, text);
    return text;
}

TEST(numbers_are_spelled_as_javascript_does) {
    CHECK_TEXT(number(0.0), "0");
    CHECK_TEXT(number(-0.0), "-0");
    CHECK_TEXT(number(1), "1");
    CHECK_TEXT(number(-1.5), "-1.5");
    CHECK_TEXT(number(0.1), "0.1");
    CHECK_TEXT(number(0.1 + 0.2), "0.30000000000000004");
    CHECK_TEXT(number(1.0 / 3), "0.3333333333333333");
    CHECK_TEXT(number(100), "100");
    CHECK_TEXT(number(123456789012345680000.0), "123456789012345680000");
    CHECK_TEXT(number(1e20), "100000000000000000000");
    CHECK_TEXT(number(1e21), "1e+21");
    CHECK_TEXT(number(1.5e300), "1.5e+300");
    CHECK_TEXT(number(1.7976931348623157e308), "1.7976931348623157e+308");
    CHECK_TEXT(number(0.000001), "0.000001");
    CHECK_TEXT(number(-0.0000015), "-0.0000015");
    CHECK_TEXT(number(1e-7), "1e-7");
    CHECK_TEXT(number(5e-324), "5e-324");
    CHECK_TEXT(number(2.2250738585072014e-308), "2.2250738585072014e-308");
    CHECK_TEXT(number(9007199254740992.0), "9007199254740992");
    CHECK_TEXT(number(1152921504606846976.0), "1152921504606847000");
    CHECK_TEXT(number(4294967295.0), "4294967295");
    CHECK_TEXT(number(0x1p-549),
               "5.426657103235053e-166"); /* 16 digits, though %.16g of it reads back as another */
    CHECK_TEXT(number(0x1p122), "5.316911983139664e+36");
}

TEST(numbers_read_back_as_the_same_bits) {
    u64 bits = 88172645463325252u;
    for (u32 i = 0; i < 20000; i++) {
        bits ^= bits << 13, bits ^= bits >> 7, bits ^= bits << 17;
        f64 value;
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value)) CHECK_FLOAT(strtod(number(value), NULL), value);
    }
}

TEST(json_has_words_for_what_is_no_number) {
    Buf b = {0};
    buf_json_number(&b, NAN);
    buf_byte(&b, ' ');
    buf_json_number(&b, -INFINITY);
    buf_byte(&b, ' ');
    buf_json_number(&b, INFINITY);
    buf_byte(&b, ' ');
    buf_json_number(&b, -0.0);
    buf_byte(&b, ' ');
    buf_number(&b, NAN);
    CHECK_TEXT(b.data, "\"NaN\" \"-Infinity\" \"Infinity\" -0 NaN");
    buf_close(&b);
}

static const char *json(const char *text, u32 len) {
    static char out[256];
    Buf b = {0};
    buf_json_string(&b, (Text){text, len});
    memcpy(out, b.data, b.len + 1);
    buf_close(&b);
    return out;
}

TEST(json_strings_escape_what_json_forbids) {
    CHECK_TEXT(json("a\"b\\c/", 6), "\"a\\\"b\\\\c/\"");
    CHECK_TEXT(json("\b\f\n\r\t\x01\0z", 8), "\"\\b\\f\\n\\r\\t\\u0001\\u0000z\"");
    CHECK_TEXT(json("", 0), "\"\"");
}

TEST(json_strings_escape_what_rewrites_a_terminal) {
    CHECK_TEXT(json("\x1b[2J\x7f", 5), "\"\\u001b[2J\\u007f\"");
    CHECK_TEXT(json("\xC2\x9B", 2), "\"\\u009b\"");     /* C1 */
    CHECK_TEXT(json("\xE2\x80\xAE", 3), "\"\\u202e\""); /* right-to-left override */
    CHECK_TEXT(json("\xE2\x81\xA6", 3), "\"\\u2066\""); /* isolate */
    CHECK_TEXT(json("\xEF\xBB\xBF", 3), "\"\\ufeff\"");
    CHECK_TEXT(json("\xC3\xA9\xF0\x9F\x98\x80", 6), "\"\xC3\xA9\xF0\x9F\x98\x80\"");
}

TEST(json_strings_replace_what_is_not_utf8) {
    CHECK_TEXT(json("a\xFFz", 3), "\"a\xEF\xBF\xBDz\"");
    CHECK_TEXT(json("\xC0\xAF", 2), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
    CHECK_TEXT(json("\xE2\x82", 2), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST(plain_text_keeps_its_quotes_and_loses_what_rewrites_a_terminal) {
    Buf b = {0};
    buf_plain(&b, TEXT("say \"a\\b\"\x1b[2J\n"));
    CHECK_TEXT(b.data, "say \"a\\b\"\\u001b[2J\\n");
    buf_close(&b);
}

TEST(escaping_stops_before_the_room_is_passed) {
    Buf b = {0};
    CHECK_INT(buf_escaped(&b, TEXT("ab\ncd"), 3), 2);
    CHECK_TEXT(b.data, "ab");
    buf_clear(&b);
    CHECK_INT(buf_escaped(&b, TEXT("ab\ncd"), 5), 4);
    CHECK_TEXT(b.data, "ab\\nc");
    buf_close(&b);
}

static u32 code_of(const char *text, u32 len) {
    u32 code = 0;
    return utf8_read((Text){text, len}, &code) ? code : 0xFFFFFFFF;
}

TEST(utf8_is_read_at_the_edges_of_its_ranges) {
    CHECK_INT(code_of("\x7F", 1), 0x7F);
    CHECK_INT(code_of("\xC2\x80", 2), 0x80);
    CHECK_INT(code_of("\xDF\xBF", 2), 0x7FF);
    CHECK_INT(code_of("\xE0\xA0\x80", 3), 0x800);
    CHECK_INT(code_of("\xED\x9F\xBF", 3), 0xD7FF);
    CHECK_INT(code_of("\xEE\x80\x80", 3), 0xE000);
    CHECK_INT(code_of("\xEF\xBF\xBF", 3), 0xFFFF);
    CHECK_INT(code_of("\xF0\x90\x80\x80", 4), 0x10000);
    CHECK_INT(code_of("\xF4\x8F\xBF\xBF", 4), 0x10FFFF);
}

TEST(utf8_beyond_the_edges_is_refused) {
    static const char *const wrong[] = {"\x80",
                                        "\xBF",
                                        "\xC1\xBF",
                                        "\xE0\x9F\xBF",
                                        "\xED\xA0\x80",
                                        "\xF0\x8F\xBF\xBF",
                                        "\xF4\x90\x80\x80",
                                        "\xF5\x80\x80\x80",
                                        "\xFE",
                                        "\xFF",
                                        "\xC2",
                                        "\xC2\x7F",
                                        "\xE1\x80",
                                        "\xF1\x80\x80"};
    for (u32 i = 0; i < COUNT_OF(wrong); i++)
        CHECK_INT(code_of(wrong[i], (u32)strlen(wrong[i])), 0xFFFFFFFF);
}

TEST(buffers_grow_and_stay_terminated) {
    Buf b = {0};
    for (u32 i = 0; i < 1000; i++) buf_print(&b, "%u,", i % 10);
    CHECK_INT(b.len, 2000);
    CHECK_INT(strlen(b.data), 2000);
    buf_clear(&b);
    CHECK_TEXT(b.data, "");
    buf_close(&b);
    CHECK(b.data == NULL);
}

TEST(a_buffer_that_cannot_grow_keeps_what_it_has) {
    Buf b = {0};
    buf_text(&b, "kept");
    system_fail_after = 0;
    for (u32 i = 0; i < 200; i++) buf_byte(&b, 'x');
    CHECK(b.full);
    CHECK(b.len < 128);
    CHECK(strncmp(b.data, "kept", 4) == 0);
    CHECK_INT(b.data[b.len], 0);
    buf_close(&b);
}
