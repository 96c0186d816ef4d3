/* scan.c (unit) - what JSON text is and is not, with exact offsets; our own rules; limits; cost. */
#include "../../src/graph/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

static Arena arena;
static Diags diags;
static ScanInfo info;

/* Scans bytes copied to a block of just their size, so that the sanitizer sees every step beyond.
 */
static Err scan_bytes(const char *bytes, u32 len, const Limits *limits) {
    static char *copy;
    free(copy);
    copy = (char *)malloc(len ? len : 1);
    memcpy(copy, bytes, len);
    arena_close(&arena);
    arena_open(&arena, 0);
    diags_open(&diags, &arena, "a.json", (Text){copy, len});
    return scan(diags.source, limits, &diags, &info);
}

static Err scan_text(const char *text) {
    Limits limits = limits_default();
    return scan_bytes(text, (u32)strlen(text), &limits);
}

TEST(scan_accepts_what_rfc_8259_allows) {
    static const char *const texts[] = {
        "[]",
        "{}",
        "[[]   ]",
        "[\"\"]",
        "\"\"",
        " [1]",
        "[1]\n",
        "\t[\n\r 1 ]\t",
        "true",
        "false",
        "null",
        "42",
        "-0",
        "0",
        "-0.0",
        "1.5",
        "-1.5e10",
        "1E1",
        "1e+1",
        "1E-1",
        "0e1",
        "0e+1",
        "20e1",
        "1.2E+2",
        "123.456e-789",
        "1e-999",
        "0.0000000000000000000000000000000000000000000000000000000000000000000000000000001",
        "[1,null,3]",
        "{\"a\":1}",
        "{\"a\":{\"b\":[]}}",
        "{\"\":0}",
        "{\"a\":1,\"b\":2}",
        "{\"a\\u0062\":1,\"b\":2}",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\\u0041\\uFFFF\\ufffe\"",
        "\"\\uD834\\uDD1e\"",
        "\"\\uDBFF\\uDFFF\"",
        "\"\x7f\"",
        "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"",
        "\"\xF4\x8F\xBF\xBF\"",
        "\"\xE2\x80\xA8\xEF\xBF\xBF\"",
        "\"/*not a comment*/ //\"",
        "\"'\"",
        "[\"a\",1,true,{},[],null]",
        "1.7976931348623157e308",
        "1.797693134862315807e308",
        "17976931348623157e292",
        "0e999999999999999999999999",
        "0.000e999",
        "9007199254740992",
        "9007199254740994",
        "-9007199254740992",
        "18446744073709551616",
        "10000000000000000000000",
        "1152921504606847000",
        "9007199254740993.0",
        "9007199254740993e0",
        "\"01234567\\n89\"",
        "\"0123456\xC3\xA9\""};
    for (u32 i = 0; i < COUNT_OF(texts); i++) {
        Err err = scan_text(texts[i]);
        if (err) CHECK_TEXT(texts[i], err_code(err));
        CHECK_INT(diags.count, 0);
    }
}

typedef struct Bad {
    const char *text;
    Err err;
    u32 offset;
} Bad;

static void check_bad(const Bad *bad, u32 count) {
    for (u32 i = 0; i < count; i++) {
        Err err = scan_text(bad[i].text);
        if (err != bad[i].err) CHECK_TEXT(err ? err_code(err) : "accepted", bad[i].text);
        CHECK_INT(diags.errors, 1);
        if (diags.list[0].offset != bad[i].offset) CHECK_TEXT("another offset", bad[i].text);
    }
}

TEST(scan_refuses_wrong_structure) {
    static const Bad bad[] = {
        {"", ERR_JSON_EMPTY, 0},
        {"  \n", ERR_JSON_BLANK, 3},
        {"[", ERR_JSON_CUT, 1},
        {"{", ERR_JSON_CUT, 1},
        {"{\"a\"", ERR_JSON_CUT, 4},
        {"{\"a\":", ERR_JSON_CUT, 5},
        {"{\"a\":1", ERR_JSON_CUT, 6},
        {"{\"a\":1,", ERR_JSON_CUT, 7},
        {"[1,", ERR_JSON_CUT, 3},
        {"[1 ", ERR_JSON_CUT, 3},
        {"\"", ERR_JSON_CUT, 1},
        {"\"abc", ERR_JSON_CUT, 4},
        {"\"abc\\", ERR_JSON_CUT, 5},
        {"[\"a", ERR_JSON_CUT, 3},
        {"[1]x", ERR_JSON_AFTER_END, 3},
        {"[1] 2", ERR_JSON_AFTER_END, 4},
        {"[][]", ERR_JSON_AFTER_END, 2},
        {"1]", ERR_JSON_AFTER_END, 1},
        {"{}}", ERR_JSON_AFTER_END, 2},
        {"1,", ERR_JSON_AFTER_END, 1},
        {"[1,]", ERR_JSON_COMMA_LAST, 2},
        {"{\"a\":1,}", ERR_JSON_COMMA_LAST, 6},
        {"[1 ,\n]", ERR_JSON_COMMA_LAST, 3},
        {"[,1]", ERR_JSON_VALUE, 1},
        {"[1,,2]", ERR_JSON_VALUE, 3},
        {"[,]", ERR_JSON_VALUE, 1},
        {"]", ERR_JSON_VALUE, 0},
        {":", ERR_JSON_VALUE, 0},
        {"{\"a\":}", ERR_JSON_VALUE, 5},
        {"[}", ERR_JSON_VALUE, 1},
        {"<html>", ERR_JSON_VALUE, 0},
        {"{,}", ERR_JSON_KEY, 1},
        {"{1:1}", ERR_JSON_KEY, 1},
        {"{a:1}", ERR_JSON_KEY, 1},
        {"{\"a\":1,b:2}", ERR_JSON_KEY, 7},
        {"{[]:1}", ERR_JSON_KEY, 1},
        {"{null:1}", ERR_JSON_KEY, 1},
        {"{]", ERR_JSON_KEY, 1},
        {"{\"a\" 1}", ERR_JSON_COLON, 5},
        {"{\"a\"}", ERR_JSON_COLON, 4},
        {"{\"a\",1}", ERR_JSON_COLON, 4},
        {"{\"a\"::1}", ERR_JSON_VALUE, 5},
        {"[1 2]", ERR_JSON_COMMA, 3},
        {"[1}", ERR_JSON_COMMA, 2},
        {"{\"a\":1]", ERR_JSON_COMMA, 6},
        {"[\"a\":1]", ERR_JSON_COMMA, 4},
        {"[1;2]", ERR_JSON_COMMA, 2},
        {"{\"a\":1 \"b\":2}", ERR_JSON_COMMA, 7},
        {"['a']", ERR_JSON_QUOTE, 1},
        {"{'a':1}", ERR_JSON_QUOTE, 1},
        {"// a\n1", ERR_JSON_COMMENT, 0},
        {"[1/*a*/]", ERR_JSON_COMMENT, 2},
        {"1 # a", ERR_JSON_COMMENT, 2},
        {"{//\n}", ERR_JSON_COMMENT, 1},
        {"{\"a\"/**/:1}", ERR_JSON_COMMENT, 4},
        {"[/]", ERR_JSON_VALUE, 1},
        {"[1\f]", ERR_JSON_COMMA, 2},
        {"\x0B[]", ERR_JSON_VALUE, 0},
        {"[\xC2\xA0]", ERR_JSON_VALUE, 1},
        {"[\xE2\x81\xA0]", ERR_JSON_VALUE, 1},
        {"[\\u0020]", ERR_JSON_VALUE, 1},
        {"[\xFF]", ERR_JSON_UTF8, 1},
        {"[1\xEF\xBB\xBF]", ERR_JSON_COMMA, 2},
    };
    check_bad(bad, COUNT_OF(bad));
}

TEST(scan_refuses_wrong_words_and_numbers) {
    static const Bad bad[] = {
        {"tru", ERR_JSON_WORD, 0},
        {"truee", ERR_JSON_WORD, 0},
        {"True", ERR_JSON_WORD, 0},
        {"nul", ERR_JSON_WORD, 0},
        {"[undefined]", ERR_JSON_WORD, 1},
        {"true1", ERR_JSON_WORD, 0},
        {"[NaN]", ERR_JSON_NAN, 1},
        {"nan", ERR_JSON_WORD, 0},
        {"Infinity", ERR_JSON_NAN, 0},
        {"[-Infinity]", ERR_JSON_NAN, 1},
        {"-NaN", ERR_JSON_NAN, 0},
        {"01", ERR_JSON_LEADING_ZERO, 0},
        {"-012", ERR_JSON_LEADING_ZERO, 0},
        {"[00]", ERR_JSON_LEADING_ZERO, 1},
        {"1.", ERR_JSON_NUMBER_POINT, 0},
        {"-.5", ERR_JSON_NUMBER_POINT, 0},
        {".5", ERR_JSON_NUMBER_POINT, 0},
        {"1.e1", ERR_JSON_NUMBER_POINT, 0},
        {"-1.", ERR_JSON_NUMBER_POINT, 0},
        {"0.", ERR_JSON_NUMBER_POINT, 0},
        {"1e", ERR_JSON_NUMBER_EXPONENT, 0},
        {"1e+", ERR_JSON_NUMBER_EXPONENT, 0},
        {"1.0E-", ERR_JSON_NUMBER_EXPONENT, 0},
        {"1eE2", ERR_JSON_NUMBER_EXPONENT, 0},
        {"1e1.5", ERR_JSON_AFTER_END, 3},
        {"1.2.3", ERR_JSON_AFTER_END, 3},
        {"-", ERR_JSON_NUMBER_SIGN, 0},
        {"--1", ERR_JSON_NUMBER_SIGN, 0},
        {"[-]", ERR_JSON_NUMBER_SIGN, 1},
        {"-a", ERR_JSON_NUMBER_SIGN, 0},
        {"+1", ERR_JSON_NUMBER_PLUS, 0},
        {"++1", ERR_JSON_NUMBER_PLUS, 0},
        {"+Infinity", ERR_JSON_NUMBER_PLUS, 0},
        {"0x10", ERR_JSON_NUMBER_BASE, 0},
        {"1_000", ERR_JSON_NUMBER_BASE, 0},
        {"1a", ERR_JSON_NUMBER_BASE, 0},
        {"[1n]", ERR_JSON_NUMBER_BASE, 1},
        {"[1-2]", ERR_JSON_COMMA, 2},
        {"\xEF\xBC\x91", ERR_JSON_VALUE, 0},
        {"1e999", ERR_JSON_NUMBER_RANGE, 0},
        {"-1e309", ERR_JSON_NUMBER_RANGE, 0},
        {"1.7976931348623159e308", ERR_JSON_NUMBER_RANGE, 0},
        {"1.797693134862315808e308", ERR_JSON_NUMBER_RANGE, 0},
        {"0.00018e312", ERR_JSON_NUMBER_RANGE, 0},
        {"1e99999999999999999999999999", ERR_JSON_NUMBER_RANGE, 0},
        {"[1,1e400]", ERR_JSON_NUMBER_RANGE, 3},
        {"9007199254740993", ERR_JSON_NUMBER_EXACT, 0},
        {"-9007199254740993", ERR_JSON_NUMBER_EXACT, 0},
        {"1234567890123456789", ERR_JSON_NUMBER_EXACT, 0},
        {"100000000000000000000000", ERR_JSON_NUMBER_EXACT, 0},
        {"18446744073709551615", ERR_JSON_NUMBER_EXACT, 0},
    };
    check_bad(bad, COUNT_OF(bad));
}

TEST(scan_refuses_wrong_strings) {
    static const Bad bad[] = {
        {"\"\t\"", ERR_JSON_CONTROL, 1},
        {"\"0123456789\x1f\"", ERR_JSON_CONTROL, 11},
        {"\"a\nb\"", ERR_JSON_NEWLINE, 2},
        {"\"a\r\"", ERR_JSON_NEWLINE, 2},
        {"{\"\x01\":1}", ERR_JSON_CONTROL, 2},
        {"\"\\x41\"", ERR_JSON_ESCAPE, 1},
        {"\"\\'\"", ERR_JSON_ESCAPE, 1},
        {"\"\\0\"", ERR_JSON_ESCAPE, 1},
        {"\"ab\\U0041\"", ERR_JSON_ESCAPE, 3},
        {"\"\\\xC3\xA9\"", ERR_JSON_ESCAPE, 1},
        {"\"\\\n\"", ERR_JSON_ESCAPE, 1},
        {"\"\\u00\"", ERR_JSON_HEX, 1},
        {"\"\\u00g0\"", ERR_JSON_HEX, 1},
        {"\"\\u", ERR_JSON_HEX, 1},
        {"\"\\ud800\"", ERR_JSON_SURROGATE, 1},
        {"\"\\ud800\\ud800\"", ERR_JSON_SURROGATE, 1},
        {"\"\\ud800abc\"", ERR_JSON_SURROGATE, 1},
        {"\"\\udc00\"", ERR_JSON_SURROGATE, 1},
        {"\"\\ud800\\u0041\"", ERR_JSON_SURROGATE, 1},
        {"\"a\\ud800\\u\"", ERR_JSON_SURROGATE, 2},
        {"\"\\u0000\"", ERR_JSON_NUL_ESCAPE, 1},
        {"{\"a\\u0000b\":1}", ERR_JSON_NUL_ESCAPE, 3},
        {"\"\xFF\"", ERR_JSON_UTF8, 1},
        {"\"\x80\"", ERR_JSON_UTF8, 1},
        {"\"0123456789\xBF\"", ERR_JSON_UTF8, 11},
        {"\"\xC0\xAF\"", ERR_JSON_OVERLONG, 1},
        {"\"\xE0\x80\xAF\"", ERR_JSON_OVERLONG, 1},
        {"\"\xF0\x80\x80\xAF\"", ERR_JSON_OVERLONG, 1},
        {"\"\xC1\xBF\"", ERR_JSON_OVERLONG, 1},
        {"\"\xED\xA0\x80\"", ERR_JSON_UTF8_SURROGATE, 1},
        {"\"\xED\xBF\xBF\"", ERR_JSON_UTF8_SURROGATE, 1},
        {"\"\xF4\x90\x80\x80\"", ERR_JSON_UTF8_RANGE, 1},
        {"\"\xF5\x80\x80\x80\"", ERR_JSON_UTF8_RANGE, 1},
        {"\"\xC3\"", ERR_JSON_UTF8_CUT, 1},
        {"\"\xE2\x82\"", ERR_JSON_UTF8_CUT, 1},
        {"\"\xF0\x9F\x98\"", ERR_JSON_UTF8_CUT, 1},
        {"\"\xC3", ERR_JSON_UTF8_CUT, 1},
        {"\"\xE2\x82", ERR_JSON_UTF8_CUT, 1},
    };
    check_bad(bad, COUNT_OF(bad));
}

TEST(scan_refuses_nul_bytes_and_wide_characters) {
    Limits limits = limits_default();
    CHECK_INT(scan_bytes("[1,\0 2]", 7, &limits), ERR_JSON_NUL_BYTE);
    CHECK_INT(diags.list[0].offset, 3);
    CHECK_INT(scan_bytes("\"a\0b\"", 5, &limits), ERR_JSON_NUL_BYTE);
    CHECK_INT(diags.list[0].offset, 2);
    CHECK_INT(scan_bytes("[1]\0", 4, &limits), ERR_JSON_NUL_BYTE);
    CHECK_INT(scan_bytes("{\0}\0", 4, &limits), ERR_JSON_UTF16);
    CHECK_INT(scan_bytes("\0{\0}", 4, &limits), ERR_JSON_UTF16);
    CHECK_INT(scan_bytes("\xFF\xFE{\0}\0", 6, &limits), ERR_JSON_UTF16);
    CHECK_INT(scan_bytes("\xFE\xFF\0{\0}", 6, &limits), ERR_JSON_UTF16);
    CHECK_INT(scan_bytes("\xFF\xFE", 2, &limits), ERR_JSON_UTF16);
    CHECK_INT(scan_bytes("{\0\0\0}\0\0\0", 8, &limits), ERR_JSON_UTF16);
    CHECK_TEXT(diags.list[0].message, "file is UTF-32");
    CHECK_INT(scan_bytes("\0\0\xFE\xFF\0\0\0{", 8, &limits), ERR_JSON_UTF16);
    CHECK_TEXT(diags.list[0].message, "file is UTF-32");
}

TEST(scan_passes_a_utf8_mark_with_a_warning) {
    CHECK_INT(scan_text("\xEF\xBB\xBF{}"), ERR_OK);
    CHECK_INT(diags.warnings, 1);
    CHECK_INT(diags.list[0].err, ERR_JSON_MARK);
    CHECK_INT(scan_text("\xEF\xBB\xBF"), ERR_JSON_EMPTY);
    CHECK_INT(scan_text("\xEF\xBB"), ERR_JSON_UTF8_CUT);
}

TEST(scan_counts_values_strings_and_depth) {
    CHECK_INT(scan_text("{\"a\":[1,\"x\",{}],\"b\":null}"), ERR_OK);
    CHECK_INT(info.values, 6);
    CHECK_INT(info.strings, 3);
    CHECK_INT(info.depth, 3);
}

TEST(scan_says_which_container_was_left_open) {
    scan_text("{\n \"a\": [1, {\"b\": 2}");
    CHECK_TEXT(diags.list[0].message, "file ends inside array opened at 2:7; missing \"]\"");
    scan_text("{\n \"a\": [1, {\"b\": 2");
    CHECK_TEXT(diags.list[0].message, "file ends inside object opened at 2:11; missing \"}\"");
}

/* --- equal keys ------------------------------------------------------------------------------ */

TEST(scan_reports_each_key_that_comes_again) {
    CHECK_INT(scan_text("{\"a\":1,\n\"b\":2,\"a\":3,\"a\":4}"), ERR_JSON_KEY_TWICE);
    CHECK_INT(diags.errors, 2);
    CHECK_TEXT(diags.list[0].message, "key \"a\" appears twice (first at 1:2)");
    CHECK_INT(diags.list[0].offset, 14);
    CHECK_INT(diags.list[1].offset, 20);
}

TEST(scan_compares_keys_by_what_they_stand_for) {
    CHECK_INT(scan_text("{\"a\":1,\"\\u0061\":2}"), ERR_JSON_KEY_TWICE);
    CHECK_INT(scan_text("{\"\\/\":1,\"/\":2}"), ERR_JSON_KEY_TWICE);
    CHECK_INT(scan_text("{\"\\ud83d\\ude00\":1,\"\xF0\x9F\x98\x80\":2}"), ERR_JSON_KEY_TWICE);
    CHECK_INT(scan_text("{\"\\u20AC\":1,\"\xE2\x82\xAC\":2}"), ERR_JSON_KEY_TWICE);
    CHECK_INT(scan_text("{\"123456789\\n\":1,\"123456789\\u000a\":2}"), ERR_JSON_KEY_TWICE);
    CHECK_INT(scan_text("{\"a\":1,\"A\":2,\"\":3,\" \":4,\"a \":5}"), ERR_OK);
}

TEST(scan_keeps_keys_of_different_objects_apart) {
    CHECK_INT(scan_text("{\"a\":{\"a\":{\"a\":1}},\"b\":[{\"a\":1},{\"a\":1}]}"), ERR_OK);
    CHECK_INT(scan_text("{\"a\":{\"b\":1},\"b\":{\"a\":1},\"a\":2}"), ERR_JSON_KEY_TWICE);
}

static Buf object_of(u32 count) {
    Buf b = {0};
    buf_byte(&b, '{');
    for (u32 i = 0; i < count; i++) buf_print(&b, "%s\"key%u\":{\"x\":%u}", i ? "," : "", i, i);
    return b;
}

TEST(scan_finds_one_equal_key_among_any_number) {
    Limits limits = limits_default();
    static const u32 counts[] = {1, 2, 15, 16, 17, 18, 33, 255, 256, 257, 1000, 100000};
    for (u32 i = 0; i < COUNT_OF(counts); i++) {
        Buf b = object_of(counts[i]);
        u32 len = b.len;
        buf_byte(&b, '}');
        CHECK_INT(scan_bytes(b.data, b.len, &limits), ERR_OK);
        b.len = len;
        buf_print(&b, ",\"key%u\":1,\"other\":1,\"\\u006bey0\":1}", counts[i] / 2);
        CHECK_INT(scan_bytes(b.data, b.len, &limits), ERR_JSON_KEY_TWICE);
        CHECK_INT(diags.errors, 2);
        CHECK_INT(diags.list[0].offset, len + 1);
        buf_close(&b);
    }
}

TEST(scan_counts_duplicates_beyond_what_it_keeps) {
    Buf b = object_of(1000);
    for (u32 i = 0; i < 1000; i++) buf_print(&b, ",\"key%u\":1", i);
    buf_byte(&b, '}');
    Limits limits = limits_default();
    CHECK_INT(scan_bytes(b.data, b.len, &limits), ERR_JSON_KEY_TWICE);
    CHECK_INT(diags.errors, 1000);
    CHECK_INT(diags.count, DIAG_MAX);
    buf_close(&b);
}

/* --- limits ---------------------------------------------------------------------------------- */

static Buf nested(u32 depth) {
    Buf b = {0};
    for (u32 i = 0; i < depth; i++) buf_text(&b, i % 2 ? "{\"a\":" : "[");
    buf_text(&b, "0");
    for (u32 i = depth; i-- > 0;) buf_byte(&b, i % 2 ? '}' : ']');
    return b;
}

static Err scan_nested(u32 depth, u64 limit) {
    Limits limits = limits_default();
    limits.depth = limit;
    Buf b = nested(depth);
    Err err = scan_bytes(b.data, b.len, &limits);
    buf_close(&b);
    return err;
}

TEST(depth_is_limited_at_exactly_its_limit) {
    CHECK_INT(scan_nested(63, 64), ERR_OK);
    CHECK_INT(scan_nested(64, 64), ERR_OK);
    CHECK_INT(info.depth, 64);
    CHECK_INT(scan_nested(65, 64), ERR_LIMIT_DEPTH);
    CHECK_TEXT(diags.list[0].message, "nested 65 deep; limit depth=64");
    CHECK_INT(diags.list[0].limit, 64);
    CHECK_INT(scan_nested(1, 1), ERR_OK);
    CHECK_INT(scan_nested(2, 1), ERR_LIMIT_DEPTH);
}

TEST(depth_has_a_last_limit_whatever_is_set) {
    CHECK_INT(scan_nested(512, 0), ERR_OK);
    CHECK_INT(scan_nested(513, 0), ERR_LIMIT_DEPTH);
    CHECK_INT(scan_nested(512, 100000), ERR_OK);
    CHECK_INT(scan_nested(513, UINT64_MAX), ERR_LIMIT_DEPTH);
}

TEST(a_million_brackets_end_at_the_limit) {
    u32 len = 1000000;
    char *text = (char *)malloc(len);
    memset(text, '[', len);
    Limits limits = limits_default();
    CHECK_INT(scan_bytes(text, len, &limits), ERR_LIMIT_DEPTH);
    CHECK_INT(diags.list[0].offset, 64);
    free(text);
}

TEST(file_size_is_limited_at_exactly_its_limit) {
    Limits limits = limits_default();
    limits.file = 10;
    CHECK_INT(scan_bytes("[1,2,3,4]", 9, &limits), ERR_OK);
    CHECK_INT(scan_bytes("[1,2,3,4 ]", 10, &limits), ERR_OK);
    CHECK_INT(scan_bytes("[1,2,3,4  ]", 11, &limits), ERR_LIMIT_FILE);
    CHECK_TEXT(diags.list[0].message, "11 bytes; limit file=10");
    limits.file = 0;
    CHECK_INT(scan_bytes("[1,2,3,4  ]", 11, &limits), ERR_OK);
}

TEST(value_count_is_limited_at_exactly_its_limit) {
    Limits limits = limits_default();
    limits.values = 4;
    CHECK_INT(scan_bytes("[1,2]", 5, &limits), ERR_OK);
    CHECK_INT(scan_bytes("[1,2,3]", 7, &limits), ERR_OK);
    CHECK_INT(scan_bytes("[1,2,3,4]", 9, &limits), ERR_LIMIT_VALUES);
    CHECK_TEXT(diags.list[0].message, "more than values=4");
    CHECK_INT(diags.list[0].offset, 7);
    limits.values = 0;
    CHECK_INT(scan_bytes("[1,2,3,4]", 9, &limits), ERR_OK);
}

TEST(string_length_is_limited_in_decoded_bytes) {
    Limits limits = limits_default();
    limits.string = 4;
    CHECK_INT(scan_bytes("\"abc\"", 5, &limits), ERR_OK);
    CHECK_INT(scan_bytes("\"abcd\"", 6, &limits), ERR_OK);
    CHECK_INT(scan_bytes("\"abcde\"", 7, &limits), ERR_LIMIT_STRING);
    CHECK_TEXT(diags.list[0].message, "string of 5 bytes; limit string=4");
    CHECK_INT(scan_bytes("\"\\u0061\\n\\u00e9\"", 16, &limits), ERR_OK);
    CHECK_INT(scan_bytes("\"\\ud83d\\ude00\"", 14, &limits), ERR_OK);
    CHECK_INT(scan_bytes("\"\\ud83d\\ude00x\"", 15, &limits), ERR_LIMIT_STRING);
    CHECK_INT(scan_bytes("\"\\u20ac\\u00e9\"", 14, &limits), ERR_LIMIT_STRING);
    CHECK_INT(scan_bytes("{\"abcde\":1}", 11, &limits), ERR_LIMIT_STRING);
    limits.string = 0;
    CHECK_INT(scan_bytes("\"abcde\"", 7, &limits), ERR_OK);
}

/* --- memory ---------------------------------------------------------------------------------- */

TEST(scan_reports_every_refused_request_and_keeps_nothing) {
    Limits limits = limits_default();
    Buf b = object_of(1000);
    buf_text(&b, ",\"key0\":0}");
    i64 before = system_live;
    for (i64 k = 0; k < 30; k++) {
        arena_close(&arena);
        system_fail_after = k;
        Err err = scan_bytes(b.data, b.len, &limits);
        bool hit = system_fail_after < 0;
        system_fail_after = -1;
        CHECK(err == ERR_MEMORY || err == ERR_JSON_KEY_TWICE);
        if (!hit) CHECK_INT(err, ERR_JSON_KEY_TWICE);
    }
    arena_close(&arena);
    CHECK(system_live <= before);
    buf_close(&b);
}

/* --- places ---------------------------------------------------------------------------------- */

static const char document[] =
    "{\n  \"a\": [10, {\"b/c\": 1, \"d~\": [true]}],\n  \"\\u0065\": {\"\": \"x\"}\n}";

static i64 located(const char *pointer, bool key) {
    u32 offset;
    Text text = {document, sizeof document - 1};
    return scan_locate(text, pointer, key, &offset) ? (i64)offset : -1;
}

TEST(pointers_lead_to_their_values) {
    CHECK_INT(located("", false), 0);
    CHECK_INT(located("/a", false), strstr(document, "[10") - document);
    CHECK_INT(located("/a/0", false), strstr(document, "10") - document);
    CHECK_INT(located("/a/1/b~1c", false), strstr(document, "1,") - document);
    CHECK_INT(located("/a/1/d~0/0", false), strstr(document, "true") - document);
    CHECK_INT(located("/e/", false), strstr(document, "\"x\"") - document);
}

TEST(pointers_lead_to_their_keys) {
    CHECK_INT(located("/a", true), strstr(document, "\"a\"") - document);
    CHECK_INT(located("/a/1/b~1c", true), strstr(document, "\"b/c\"") - document);
    CHECK_INT(located("/e", true), strstr(document, "\"\\u0065\"") - document);
    CHECK_INT(located("/e/", true), strstr(document, "\"\"") - document);
    CHECK_INT(located("/a/0", true), -1);
}

TEST(pointers_to_nothing_are_told) {
    static const char *const nowhere[] = {"/b",     "/a/2", "/a/00", "/a/-", "/a/1/b",
                                          "/a/0/x", "/e/x", "/A",    "a"};
    for (u32 i = 0; i < COUNT_OF(nowhere); i++) CHECK_INT(located(nowhere[i], false), -1);
}

TEST(lines_and_columns_count_from_one_in_bytes) {
    Text text = TEXT("a\nb\xC3\xA9z\r\n\n");
    static const struct {
        u32 offset, line, column;
    } places[] = {{0, 1, 1}, {1, 1, 2}, {2, 2, 1}, {5, 2, 4},
                  {7, 2, 6}, {8, 3, 1}, {9, 4, 1}, {99, 4, 1}};
    for (u32 i = 0; i < COUNT_OF(places); i++) {
        u32 line, column;
        scan_line(text, places[i].offset, &line, &column);
        CHECK_INT(line, places[i].line);
        CHECK_INT(column, places[i].column);
    }
}

TEST(reports_get_their_places_and_are_sorted_by_them) {
    At a = {NULL, TEXT("a"), 0}, one = {&a, {0}, 1}, wrong = {&one, TEXT("b/c"), 0},
       gone = {&one, TEXT("gone"), 0};
    arena_close(&arena);
    arena_open(&arena, 0);
    diags_open(&diags, &arena, "a.json", (Text){document, sizeof document - 1});
    diag_report(&diags, ERR_KEY_UNKNOWN, &wrong, (Detail){0}, "b/c");
    diag_report(&diags, ERR_INT_WHOLE, &wrong, (Detail){0}, "1");
    diag_report(&diags, ERR_KEY_MISSING, &gone, (Detail){0}, "gone");
    diag_report(&diags, ERR_KEY_MISSING, NULL, (Detail){0}, "nodes");
    diag_report_offset(&diags, ERR_JSON_MARK, 2, (Detail){0});
    scan_place(&diags);
    static const struct {
        Err err;
        u32 line, column;
    } expected[] = {{ERR_KEY_MISSING, 1, 1},
                    {ERR_JSON_MARK, 2, 1},
                    {ERR_KEY_MISSING, 2, 13},
                    {ERR_KEY_UNKNOWN, 2, 14},
                    {ERR_INT_WHOLE, 2, 21}};
    for (u32 i = 0; i < COUNT_OF(expected); i++) {
        CHECK_INT(diags.list[i].err, expected[i].err);
        CHECK_INT(diags.list[i].line, expected[i].line);
        CHECK_INT(diags.list[i].column, expected[i].column);
    }
}
