/* err.c (unit) - rows, reports, and the two ways a diagnostic is printed. */
#include "../../src/base/err.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

static Arena arena;
static Diags diags;
static Buf out;

static void begin(void) {
    arena_open(&arena, 0);
    diags_open(&diags, &arena, "door.json", (Text){"", 0});
}

static void end(void) {
    arena_close(&arena);
    buf_close(&out);
}

TEST(rows_are_numbered_once_and_rise) {
    i64 last = 1000;
    for (u32 i = 1; i < ERR_COUNT; i++) {
        const char *code = err_code((Err)i);
        CHECK_INT(strlen(code), 5);
        CHECK(code[0] == 'E' || code[0] == 'W');
        i64 number = atoi(code + 1);
        CHECK(number > last && number < 2000);
        last = number;
    }
    CHECK_TEXT(err_code(ERR_JSON_MARK), "W1022");
    CHECK_TEXT(err_code(ERR_JSON_KEY_TWICE), "E1023");
}

TEST(sentences_have_no_period_and_fixes_have_one) {
    static const struct {
        const char *sentence, *fix;
    } rows[] = {
#define ERR(id, number, sentence, fix) {sentence, fix},
#include "../../src/base/err.def"
#undef ERR
    };
    for (u32 i = 0; i < COUNT_OF(rows); i++) {
        size_t len = strlen(rows[i].sentence), fix = strlen(rows[i].fix);
        CHECK(len > 0 && rows[i].sentence[len - 1] != '.');
        CHECK(fix == 0 ||
              (strchr(".?", rows[i].fix[fix - 1]) && isupper((unsigned char)rows[i].fix[0])));
    }
}

/* The example of the style: node and socket, what was seen, what to do. */
static Err report_mismatch(void) {
    At nodes = {NULL, TEXT("nodes"), 0}, node = {&nodes, {0}, 7},
       values = {&node, TEXT("values"), 0};
    At socket = {&values, TEXT("a"), 0};
    diags.node = 7;
    diags.name = "Add";
    Detail detail = {.seen = "string", .expected = "int", .fix = "Use a convert node."};
    return diag_report(&diags, ERR_TYPE_MISMATCH, &socket, detail, "int", "node 3 \"Text\"", "out",
                       "string");
}

TEST(a_line_names_code_place_node_sentence_and_fix) {
    begin();
    CHECK_INT(report_mismatch(), ERR_TYPE_MISMATCH);
    diags.list[0].line = 41;
    diags.list[0].column = 17;
    diag_line(&diags.list[0], "door.json", &out);
    CHECK_TEXT(
        out.data,
        "E1302 door.json:41:17 /nodes/7/values/a (node 7 \"Add\"): type int, but node 3 \"Text\" "
        "socket \"out\" gives string. Use a convert node.");
    end();
}

TEST(json_has_the_same_parts) {
    begin();
    report_mismatch();
    diags.list[0].line = 41;
    diags.list[0].column = 17;
    diag_json(&diags.list[0], "door.json", &out);
    CHECK_TEXT(out.data, "{\"code\":\"E1302\",\"severity\":\"error\",\"file\":\"door.json\","
                         "\"line\":41,\"column\":17,"
                         "\"pointer\":\"/nodes/7/values/"
                         "a\",\"node\":7,\"name\":\"Add\",\"message\":\"type int, but node 3 "
                         "\\\"Text\\\" socket \\\"out\\\" gives "
                         "string\",\"seen\":\"string\",\"expected\":\"int\",\"fix\":\"Use a "
                         "convert node.\"}");
    end();
}

TEST(a_line_leaves_out_what_is_not_known) {
    begin();
    diag_report(&diags, ERR_JSON_EMPTY, NULL, (Detail){0});
    diag_line(&diags.list[0], "a\x1b.json", &out);
    CHECK_TEXT(out.data, "E1001 a\\u001b.json: file is empty; expected a JSON object.");
    end();
}

TEST(pointers_are_escaped_as_rfc_6901_says) {
    At a = {NULL, TEXT("a/b~c"), 0}, b = {&a, {0}, 12}, c = {&b, TEXT(""), 0};
    at_pointer(&c, &out);
    CHECK_TEXT(out.data, "/a~1b~0c/12/");
    buf_close(&out);
    at_pointer(NULL, &out);
    CHECK(out.data == NULL);
}

TEST(fifty_reports_are_kept_and_all_are_counted) {
    begin();
    for (u32 i = 0; i < 1000; i++)
        diag_report_offset(&diags, ERR_JSON_AFTER_END, i, (Detail){0}, i);
    CHECK_INT(diags.count, DIAG_MAX);
    CHECK_INT(diags.errors, 1000);
    CHECK_TEXT(diags.list[49].message, "text after the end of JSON at offset 49");
    end();
}

TEST(warnings_make_room_for_errors) {
    begin();
    for (u32 i = 0; i < 60; i++) diag_report(&diags, ERR_KHR_TEMPLATE, NULL, (Detail){0});
    diag_report(&diags, ERR_JSON_EMPTY, NULL, (Detail){0});
    CHECK_INT(diags.warnings, 60);
    CHECK_INT(diags.errors, 1);
    CHECK_INT(diags.list[49].err, ERR_JSON_EMPTY);
    CHECK_INT(diags.list[49].severity, SEVERITY_ERROR);
    CHECK_INT(diags.list[48].severity, SEVERITY_WARNING);
    end();
}

TEST(a_report_without_memory_still_names_its_row) {
    begin();
    system_fail_after = 0;
    system_fail_on = true;
    diag_report(&diags, ERR_KEY_MISSING, NULL, (Detail){0}, "nodes");
    system_fail_after = -1;
    system_fail_on = false;
    CHECK_INT(diags.errors, 1);
    diag_line(&diags.list[0], "door.json", &out);
    CHECK_TEXT(out.data, "E1102 door.json: missing key \"%s\".");
    end();
}

TEST(quotes_from_files_are_short_and_harmless) {
    begin();
    CHECK_TEXT(diag_quote(&diags, TEXT("a\"b\n\x1b[2J")), "a\\\"b\\n\\u001b[2J");
    const char *cut = diag_quote(
        &diags, TEXT("0123456789012345678901234567890123456789012345678901234567890123456789"));
    CHECK_TEXT(cut, "0123456789012345678901234567890123456789012345678901234567890...");
    CHECK_INT(strlen(cut), 64);
    end();
}

TEST(a_near_name_is_suggested_and_a_far_one_is_not) {
    static const char *const names[] = {"math/add", "math/and", "flow/for", "nodes", "variables"};
    CHECK_TEXT(nearest_name(TEXT("math/ad"), names, 5), "math/add");
    CHECK_TEXT(nearest_name(TEXT("mtah/and"), names, 5), "math/and");
    CHECK_TEXT(nearest_name(TEXT("Nodes"), names, 5), "nodes");
    CHECK_TEXT(nearest_name(TEXT("NODES"), names, 5), "nodes");
    CHECK_TEXT(nearest_name(TEXT("variable"), names, 5), "variables");
    CHECK(nearest_name(TEXT("edges"), names, 5) == NULL);
    CHECK(nearest_name(TEXT("flow/while"), names, 5) == NULL);
    CHECK(nearest_name(TEXT(""), names, 5) == NULL);
}
