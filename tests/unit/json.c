/* json.c (unit) - trees behind the scan: spelling of integers, fields of objects, words for what
** was seen. */
#include "../../src/graph/json.h"

#include <stdlib.h>
#include <string.h>

#include "test.h"

static Arena arena;
static Diags diags;
static Json json;

/* In a block of just the text's size, so that the sanitizer sees every step beyond. */
static Err open_bytes(const char *bytes, u32 len) {
    static char *copy;
    Limits limits = limits_default();
    free(copy);
    copy = (char *)malloc(len ? len : 1);
    memcpy(copy, bytes, len);
    arena_close(&arena);
    arena_open(&arena, 0);
    diags_open(&diags, &arena, "a.json", (Text){copy, len});
    return json_open(&json, diags.source, &limits, &diags);
}

static Err open_text(const char *text) { return open_bytes(text, (u32)strlen(text)); }

/* One letter for each value of the root array: i for numbers spelled as integers, f for others, -
** for the rest. */
static const char *spelling(const char *text) {
    static char letters[64];
    u32 count = 0;
    if (open_text(text)) return "refused";
    for (const cJSON *item = json.root->child; item; item = item->next)
        letters[count++] = !cJSON_IsNumber(item) ? '-' : json_is_integer(item) ? 'i' : 'f';
    letters[count] = 0;
    json_close(&json);
    return letters;
}

TEST(integers_are_told_from_floats_by_their_spelling) {
    CHECK_TEXT(spelling("[5, 5.0, 5e0, 5E0, -5, -5.5, 0, -0, -0.0, 1e3]"), "ifffifiiff");
    CHECK_TEXT(
        spelling(
            "[\"1.5\", 2, \"\\\"3.5\", 4, {\"k1.5\": [6.5, 7]}, 8.5, [9], 10, true, null, 11.0]"),
        "-i-i-f-i--f");
    CHECK_TEXT(spelling("[\"\\\\\", 1, \"a\\\\\\\"2.5\", 3.5]"), "-i-f");
    CHECK_TEXT(spelling("[{\"a\": 1.5, \"b\": {\"c\": 2}}, 3]"), "-i");
}

TEST(a_lone_number_is_spelled_up_to_the_end_of_the_file) {
    CHECK_INT(open_text("12"), ERR_OK);
    CHECK(json_is_integer(json.root));
    json_close(&json);
    CHECK_INT(open_text(" -1.5"), ERR_OK);
    CHECK(!json_is_integer(json.root));
    json_close(&json);
}

TEST(nested_numbers_keep_their_spelling) {
    CHECK_INT(open_text("{\"a\":{\"b\":[1,{\"c\":2.0}]},\"d\":3}"), ERR_OK);
    const cJSON *b = json.root->child->child, *d = json.root->child->next;
    CHECK(json_is_integer(b->child));
    CHECK(!json_is_integer(b->child->next->child));
    CHECK(json_is_integer(d));
    json_close(&json);
}

TEST(a_utf8_mark_is_no_part_of_the_tree) {
    CHECK_INT(open_text("\xEF\xBB\xBF{}"), ERR_OK);
    CHECK(cJSON_IsObject(json.root));
    json_close(&json);
    CHECK_INT(open_text("\xEF\xBB\xBF"
                        "7"),
              ERR_OK);
    CHECK(json.root->valuedouble == 7);
    json_close(&json);
}

TEST(what_the_scan_refuses_has_no_tree) {
    CHECK_INT(open_text("{\"a\":01}"), ERR_JSON_LEADING_ZERO);
    CHECK(json.root == NULL);
    json_close(&json);
}

TEST(the_deepest_text_opens_and_closes) {
    Buf b = {0};
    for (u32 i = 0; i < 64; i++) buf_text(&b, i % 2 ? "{\"a\":" : "[");
    buf_text(&b, "1");
    for (u32 i = 64; i-- > 0;) buf_byte(&b, i % 2 ? '}' : ']');
    CHECK_INT(open_bytes(b.data, b.len), ERR_OK);
    json_close(&json);
    buf_close(&b);
}

TEST(every_refused_request_is_reported_and_nothing_is_kept) {
    arena_close(&arena);
    i64 before = system_live, refusals = 0;
    for (i64 k = 0;; k++) {
        system_fail_after = k;
        Err err = open_text(
            "{\"nodes\":[{\"id\":\"a\",\"n\":1.5},{\"id\":\"b\"}],\"x\":[1,2,3,null,true]}");
        bool hit = system_fail_after < 0;
        system_fail_after = -1;
        json_close(&json);
        arena_close(&arena);
        CHECK_INT(system_live, before);
        if (!hit) break;
        CHECK_INT(err, ERR_MEMORY);
        refusals++;
    }
    CHECK(refusals > 0);
}

/* --- fields ---------------------------------------------------------------------------------- */

static const char *const keys[] = {"id", "op", "values", "flows"};
enum { ID, OP, VALUES, FLOWS, KEYS };

TEST(fields_are_sorted_by_key_in_any_order) {
    const cJSON *items[KEYS];
    CHECK_INT(open_text("{\"flows\":1,\"id\":2,\"extras\":3,\"op\":4}"), ERR_OK);
    json_fields(json.root, NULL, keys, items, KEYS, true, &diags);
    CHECK_FLOAT(items[FLOWS]->valuedouble, 1);
    CHECK_FLOAT(items[ID]->valuedouble, 2);
    CHECK_FLOAT(items[OP]->valuedouble, 4);
    CHECK(items[VALUES] == NULL);
    CHECK_INT(diags.errors, 0);
    json_close(&json);
}

TEST(unknown_keys_are_reported_with_the_nearest_known_one) {
    const cJSON *items[KEYS];
    At nodes = {NULL, TEXT("nodes"), 0}, at = {&nodes, {0}, 3};
    CHECK_INT(open_text("{\"Flows\":1,\"valeus\":2,\"colour\":3,\"ID\":4}"), ERR_OK);
    json_fields(json.root, &at, keys, items, KEYS, true, &diags);
    CHECK_INT(diags.errors, 4);
    CHECK(items[FLOWS] == NULL && items[ID] == NULL);
    CHECK_TEXT(diags.list[0].message, "unknown key \"Flows\"");
    CHECK_TEXT(diags.list[0].fix, "Did you mean \"flows\"?");
    CHECK_TEXT(diags.list[0].pointer, "/nodes/3/Flows");
    CHECK_TEXT(diags.list[1].fix, "Did you mean \"values\"?");
    CHECK_TEXT(diags.list[2].fix, "Remove it.");
    CHECK_TEXT(diags.list[3].fix, "Did you mean \"id\"?");
    json_close(&json);
}

TEST(unknown_keys_are_no_matter_where_not_strict) {
    const cJSON *items[KEYS];
    CHECK_INT(open_text("{\"colour\":3,\"id\":1}"), ERR_OK);
    json_fields(json.root, NULL, keys, items, KEYS, false, &diags);
    CHECK(items[ID] != NULL);
    CHECK_INT(diags.errors, 0);
    json_close(&json);
}

TEST(names_that_javascript_knows_are_reserved) {
    const cJSON *items[KEYS];
    CHECK_INT(open_text("{\"__proto__\":{}}"), ERR_OK);
    json_fields(json.root, NULL, keys, items, KEYS, true, &diags);
    CHECK_TEXT(diags.list[0].message, "name \"__proto__\" is reserved");
    CHECK(json_reserved("constructor") && json_reserved("prototype"));
    CHECK(!json_reserved("proto") && !json_reserved(""));
    json_close(&json);
}

/* --- words ----------------------------------------------------------------------------------- */

TEST(what_was_seen_has_a_word) {
    static const char *const expected[] = {"object", "array", "string \"x\\n\"", "5",
                                           "-1.5",   "true",  "false",           "null"};
    CHECK_INT(open_text("[{},[],\"x\\n\",5,-1.5,true,false,null]"), ERR_OK);
    const cJSON *item = json.root->child;
    for (u32 i = 0; i < COUNT_OF(expected); i++, item = item->next)
        CHECK_TEXT(json_seen(&diags, item), expected[i]);
    json_close(&json);
}

TEST(int32_is_told_by_value_not_by_spelling) {
    static const struct {
        bool ok;
        i32 value;
    } expected[] = {{true, 5},         {true, 5},  {true, 5},  {true, INT32_MIN},
                    {true, INT32_MAX}, {true, 0},  {false, 0}, {false, 0},
                    {false, 0},        {false, 0}, {false, 0}};
    CHECK_INT(open_text("[5, 5.0, 0.5e1, -2147483648, 2147483647, -0.0, 1.5, 2147483648, "
                        "-2147483649, 1e300, \"5\"]"),
              ERR_OK);
    const cJSON *item = json.root->child;
    for (u32 i = 0; i < COUNT_OF(expected); i++, item = item->next) {
        i32 value = 0;
        CHECK_INT(json_int32(item, &value), expected[i].ok);
        CHECK_INT(value, expected[i].value);
    }
    json_close(&json);
}
