/* accessor.c (unit) - accessors of a glTF: every layout by hand, and everything a file can say that is not true. */
#include "../../src/graph/accessor.h"

#include <math.h>

#include "loading.h"

typedef struct Bench {
    Arena values, scratch, said;
    Diags diags;
    Limits limits;
    Json json;
    Buf text;
    Accessors a;
} Bench;

/* A glTF whose BIN chunk is these bytes. */
static void open_with(Bench *b, const char *quoted, const void *bin, u32 len, u64 quota) {
    memset(b, 0, sizeof *b);
    b->limits = limits_default();
    arena_open(&b->values, quota);
    arena_open(&b->scratch, quota);
    arena_open(&b->said, 0);
    for (; *quoted; quoted++) buf_byte(&b->text, *quoted == '\'' ? '"' : *quoted);
    Text text = {b->text.data, b->text.len};
    diags_open(&b->diags, &b->said, "test", text);
    CHECK_INT(json_open(&b->json, text, &b->limits, &b->diags), ERR_OK);
    CHECK(accessors_open(&b->a, b->json.root, (Text){bin, len}, &b->values, &b->scratch, &b->diags));
}

static void bench_close(Bench *b) {
    json_close(&b->json);
    buf_close(&b->text);
    arena_close(&b->values);
    arena_close(&b->scratch);
    arena_close(&b->said);
}

#define GLTF(length, views, accessors)                                                             \
    "{'buffers':[{'byteLength':" #length "}],'bufferViews':[" views "],'accessors':[" accessors "]}"

/* Reads accessor 0 of a file that must be good, and compares. */
#define READS(quoted, bin, ...)                                                                    \
    do {                                                                                           \
        static const f64 expected[] = {__VA_ARGS__};                                               \
        Bench b;                                                                                   \
        open_with(&b, quoted, bin, sizeof bin, 0);                                                 \
        const f64 *seen = accessor_read(&b.a, 0);                                                  \
        CHECK_TEXT(b.diags.count ? b.diags.list[0].message : "", "");                              \
        CHECK(seen != NULL);                                                                       \
        CHECK_INT(b.a.looked[0].count * b.a.looked[0].lanes, COUNT_OF(expected));                  \
        for (u32 i = 0; i < COUNT_OF(expected); i++) CHECK_FLOAT(seen[i], expected[i]);            \
        bench_close(&b);                                                                           \
    } while (0)

/* Accessor 0 of a file that is not what it says: the words, the place, and no values. */
#define REFUSES(quoted, bin, words)                                                                \
    do {                                                                                           \
        Bench b;                                                                                   \
        open_with(&b, quoted, bin, sizeof bin, 0);                                                 \
        CHECK(accessor_read(&b.a, 0) == NULL);                                                     \
        CHECK_TEXT(b.diags.count ? b.diags.list[0].message : "", "accessor 0 cannot be read: " words); \
        CHECK_TEXT(b.diags.list[0].pointer, "/accessors/0");                                       \
        CHECK_INT(b.diags.list[0].severity, SEVERITY_WARNING);                                     \
        CHECK(accessor_read(&b.a, 0) == NULL); /* it is told once */                               \
        CHECK_INT(b.diags.count, 1);                                                               \
        bench_close(&b);                                                                           \
    } while (0)

/* 1, -2, 0.5, 0 as floats, little-endian. */
static const u8 floats[] = {0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 0, 0, 0, 0x3F, 0, 0, 0, 0};

TEST(accessor_floats_are_read_as_they_are) {
    READS(GLTF(16, "{'buffer':0,'byteLength':16}", "{'bufferView':0,'componentType':5126,'count':4,'type':'SCALAR'}"),
          floats, 1, -2, 0.5, 0);
    READS(GLTF(16, "{'buffer':0,'byteLength':16}", "{'bufferView':0,'componentType':5126,'count':2,'type':'VEC2'}"),
          floats, 1, -2, 0.5, 0);
    READS(GLTF(16, "{'buffer':0,'byteLength':16}", "{'bufferView':0,'componentType':5126,'count':1,'type':'VEC4'}"),
          floats, 1, -2, 0.5, 0);
}

TEST(accessor_offsets_of_view_and_accessor_add_up) {
    READS(GLTF(16, "{'buffer':0,'byteOffset':4,'byteLength':12}",
               "{'bufferView':0,'byteOffset':4,'componentType':5126,'count':2,'type':'SCALAR'}"),
          floats, 0.5, 0);
}

TEST(accessor_strides_step_over_what_is_between) {
    READS(GLTF(16, "{'buffer':0,'byteLength':16,'byteStride':8}",
               "{'bufferView':0,'componentType':5126,'count':2,'type':'SCALAR'}"),
          floats, 1, 0.5);
    /* the last element needs its own bytes only, not a whole stride */
    READS(GLTF(16, "{'buffer':0,'byteLength':16,'byteStride':12}",
               "{'bufferView':0,'componentType':5126,'count':2,'type':'SCALAR'}"),
          floats, 1, 0);
    static const u8 pairs[] = {1, 2, 99, 99, 3, 4, 99, 99};
    READS(GLTF(8, "{'buffer':0,'byteLength':8,'byteStride':4}",
               "{'bufferView':0,'componentType':5121,'count':2,'type':'VEC2'}"),
          pairs, 1, 2, 3, 4);
}

TEST(accessor_normalized_integers_follow_the_formulas) {
    static const u8 bytes[] = {0x81, 0x80, 0x7F, 0x00}; /* -127, -128, 127, 0 as i8; 129, 128, 127, 0 as u8 */
    READS(GLTF(4, "{'buffer':0,'byteLength':4}",
               "{'bufferView':0,'componentType':5120,'normalized':true,'count':4,'type':'SCALAR'}"),
          bytes, -1, -1, 1, 0);
    READS(GLTF(4, "{'buffer':0,'byteLength':4}",
               "{'bufferView':0,'componentType':5121,'normalized':true,'count':4,'type':'SCALAR'}"),
          bytes, 129.0 / 255.0, 128.0 / 255.0, 127.0 / 255.0, 0);
    static const u8 shorts[] = {0x00, 0x80, 0x01, 0x80, 0xFF, 0x7F, 0xFF, 0xFF}; /* -32768, -32767, 32767, -1 or 65535 */
    READS(GLTF(8, "{'buffer':0,'byteLength':8}",
               "{'bufferView':0,'componentType':5122,'normalized':true,'count':4,'type':'SCALAR'}"),
          shorts, -1, -1, 1, -1.0 / 32767.0);
    READS(GLTF(8, "{'buffer':0,'byteLength':8}",
               "{'bufferView':0,'componentType':5123,'normalized':true,'count':4,'type':'SCALAR'}"),
          shorts, 32768.0 / 65535.0, 32769.0 / 65535.0, 32767.0 / 65535.0, 1);
}

TEST(accessor_other_integers_are_read_as_they_are) {
    static const u8 bytes[] = {0xFF, 0xFF, 0xFF, 0xFF};
    READS(GLTF(4, "{'buffer':0,'byteLength':4}", "{'bufferView':0,'componentType':5120,'count':4,'type':'SCALAR'}"),
          bytes, -1, -1, -1, -1);
    READS(GLTF(4, "{'buffer':0,'byteLength':4}", "{'bufferView':0,'componentType':5122,'count':2,'type':'SCALAR'}"),
          bytes, -1, -1);
    READS(GLTF(4, "{'buffer':0,'byteLength':4}", "{'bufferView':0,'componentType':5125,'count':1,'type':'SCALAR'}"),
          bytes, 4294967295.0);
}

TEST(accessor_without_a_view_is_zeros) {
    READS(GLTF(4, "", "{'componentType':5126,'count':2,'type':'VEC3'}"), floats, 0, 0, 0, 0, 0, 0);
}

/* Indices 1 and 3 as u8, then 1 and -2 (from `floats`). */
static const u8 sparse[] = {1, 3, 0, 0, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0};
#define SPARSE(count, indices, values)                                                             \
    "'sparse':{'count':" #count ",'indices':{'bufferView':0,'componentType':5121" indices "},'values':{'bufferView':1" values "}}"
#define SPARSE_VIEWS "{'buffer':0,'byteLength':2},{'buffer':0,'byteOffset':4,'byteLength':8}"

TEST(accessor_sparse_values_replace_zeros_and_others) {
    READS(GLTF(12, SPARSE_VIEWS, "{'componentType':5126,'count':4,'type':'SCALAR'," SPARSE(2, "", "") "}"), sparse, 0, 1, 0,
          -2);
    static const u8 both[] = {1, 0, 0, 0, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x3F, 0, 0, 0, 0x3F}; /* 1; 1.0; 0.5, 0.5 */
    READS(GLTF(16, "{'buffer':0,'byteLength':1},{'buffer':0,'byteOffset':4,'byteLength':4},{'buffer':0,'byteOffset':8,'byteLength':8}",
               "{'bufferView':2,'componentType':5126,'count':2,'type':'SCALAR'," SPARSE(1, "", "") "}"),
          both, 0.5, 1);
}

TEST(accessor_sparse_parts_are_checked) {
    REFUSES(GLTF(12, SPARSE_VIEWS, "{'componentType':5126,'count':3,'type':'SCALAR'," SPARSE(2, "", "") "}"), sparse,
            "its sparse indices do not rise, or pass its count");
    static const u8 falling[] = {3, 1, 0, 0, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0};
    REFUSES(GLTF(12, SPARSE_VIEWS, "{'componentType':5126,'count':4,'type':'SCALAR'," SPARSE(2, "", "") "}"), falling,
            "its sparse indices do not rise, or pass its count");
    static const u8 same[] = {1, 1, 0, 0, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0};
    REFUSES(GLTF(12, SPARSE_VIEWS, "{'componentType':5126,'count':4,'type':'SCALAR'," SPARSE(2, "", "") "}"), same,
            "its sparse indices do not rise, or pass its count");
    REFUSES(GLTF(12, SPARSE_VIEWS, "{'componentType':5126,'count':4,'type':'SCALAR'," SPARSE(3, "", "") "}"), sparse,
            "it passes the end of its buffer view");
    REFUSES(GLTF(12, SPARSE_VIEWS, "{'componentType':5126,'count':4,'type':'SCALAR'," SPARSE(5, "", "") "}"), sparse,
            "its sparse count is not 1 to its count");
    REFUSES(GLTF(12, SPARSE_VIEWS, "{'componentType':5126,'count':4,'type':'SCALAR'," SPARSE(0, "", "") "}"), sparse,
            "its sparse count is not 1 to its count");
    REFUSES(GLTF(12, SPARSE_VIEWS, "{'componentType':5126,'count':4,'type':'SCALAR'," SPARSE(2, ",'byteOffset':1", "") "}"),
            sparse, "it passes the end of its buffer view");
    REFUSES(GLTF(12, SPARSE_VIEWS, "{'componentType':5126,'count':4,'type':'SCALAR','sparse':{'count':1}}"), sparse,
            "its sparse part is not complete");
}

/* One view over all of `floats`, and what an accessor says of it. */
#define OVER(view, accessor) GLTF(16, "{'buffer':0,'byteLength':16" view "}", "{'bufferView':0," accessor "}")
#define SCALARS(count) "'componentType':5126,'type':'SCALAR','count':" #count

TEST(accessor_ends_are_where_they_must_be) {
    REFUSES(OVER("", SCALARS(5)), floats, "it passes the end of its buffer view");
    REFUSES(OVER("", SCALARS(4) ",'byteOffset':4"), floats, "it passes the end of its buffer view");
    REFUSES(OVER("", SCALARS(1) ",'byteOffset':16"), floats, "it passes the end of its buffer view");
    REFUSES(OVER("", SCALARS(1) ",'byteOffset':9007199254740992"), floats, "it passes the end of its buffer view");
    REFUSES(OVER(",'byteStride':252", SCALARS(2)), floats, "it passes the end of its buffer view");
    REFUSES(OVER(",'byteOffset':4", SCALARS(1)), floats, "its buffer view passes the end of the buffer");
    REFUSES(OVER(",'byteOffset':9007199254740988", SCALARS(1)), floats, "its buffer view passes the end of the buffer");
    REFUSES(GLTF(20, "{'buffer':0,'byteLength':16}", "{'bufferView':0," SCALARS(1) "}"), floats,
            "its buffer is shorter than its byteLength");
}

TEST(accessor_numbers_that_are_none_are_refused) {
    REFUSES(OVER("", SCALARS(0)), floats, "its count is not a whole number from 1 on, or too large");
    REFUSES(OVER("", SCALARS(-1)), floats, "its count is not a whole number from 1 on, or too large");
    REFUSES(OVER("", SCALARS(1.5)), floats, "its count is not a whole number from 1 on, or too large");
    REFUSES(OVER("", SCALARS(1e300)), floats, "its count is not a whole number from 1 on, or too large");
    REFUSES(OVER("", SCALARS(4294967297)), floats, "its count is not a whole number from 1 on, or too large");
    REFUSES(OVER("", SCALARS(1) ",'byteOffset':-4"), floats, "its byteOffset is not a whole number from 0 on");
    REFUSES(OVER("", SCALARS(1) ",'byteOffset':'4'"), floats, "its byteOffset is not a whole number from 0 on");
    REFUSES(OVER(",'byteOffset':-1", SCALARS(1)), floats, "an offset, length or stride is not a whole number from 0 on");
    REFUSES(OVER(",'byteStride':2", SCALARS(1)), floats, "its byteStride does not fit its elements");
    REFUSES(OVER(",'byteStride':6", SCALARS(1)), floats, "its byteStride does not fit its elements");
    REFUSES(OVER(",'byteStride':0", SCALARS(1)), floats, "its byteStride does not fit its elements");
    REFUSES(OVER(",'byteStride':256", SCALARS(1)), floats, "its byteStride does not fit its elements");
    REFUSES(OVER("", SCALARS(1) ",'byteOffset':2"), floats, "it is not aligned to its components");
    REFUSES(OVER("", SCALARS(1) ",'normalized':true"), floats, "its componentType cannot be normalized");
    REFUSES(OVER("", "'componentType':5124,'type':'SCALAR','count':1"), floats, "there is no such componentType");
    REFUSES(OVER("", "'componentType':70662,'type':'SCALAR','count':1"), floats, "there is no such componentType");
    REFUSES(OVER("", "'componentType':5126,'type':'MAT4','count':1"), floats, "its type is none of SCALAR, VEC2, VEC3, VEC4");
}

TEST(accessor_names_of_what_is_not_there_are_refused) {
    REFUSES(GLTF(16, "", "{'bufferView':0," SCALARS(1) "}"), floats, "there is no such buffer view");
    REFUSES(GLTF(16, "{'buffer':1,'byteLength':16}", "{'bufferView':0," SCALARS(1) "}"), floats, "there is no such buffer");
    REFUSES(GLTF(16, "{'byteLength':16}", "{'bufferView':0," SCALARS(1) "}"), floats, "there is no such buffer");
    REFUSES(GLTF(16, "3", "{'bufferView':0," SCALARS(1) "}"), floats, "its buffer view is not an object");
    REFUSES("{'accessors':[[]]}", floats, "it is not an object");
}

TEST(accessor_nan_and_infinity_are_no_values) {
    static const u8 nan[] = {0, 0, 0xC0, 0x7F}, inf[] = {0, 0, 0x80, 0xFF};
    REFUSES(GLTF(4, "{'buffer':0,'byteLength':4}", "{'bufferView':0," SCALARS(1) "}"), nan, "it holds NaN or an infinity");
    REFUSES(GLTF(4, "{'buffer':0,'byteLength':4}", "{'bufferView':0," SCALARS(1) "}"), inf, "it holds NaN or an infinity");
}

/* ---- data: URIs ---- */

#define DATA(uri, length)                                                                          \
    "{'buffers':[{'byteLength':" #length ",'uri':'" uri "'}],'bufferViews':[{'buffer':0,'byteLength':" #length "}],"       \
    "'accessors':[{'bufferView':0,'componentType':5121,'type':'SCALAR','count':" #length "}]}"

TEST(accessor_base64_is_decoded) {
    /* RFC 4648, section 10: "f", "fo", "foo", "foobar" */
    READS(DATA("data:application/octet-stream;base64,Zg==", 1), floats, 'f');
    READS(DATA("data:;base64,Zm8=", 2), floats, 'f', 'o');
    READS(DATA("data:application/gltf-buffer;base64,Zm9v", 3), floats, 'f', 'o', 'o');
    READS(DATA("data:;base64,Zm9vYmFy", 6), floats, 'f', 'o', 'o', 'b', 'a', 'r');
    READS(DATA("data:;base64,+/8", 2), floats, 0xFB, 0xFF); /* without padding */
}

TEST(accessor_base64_that_is_damaged_is_refused) {
    REFUSES(DATA("data:;base64,Zm9v", 4), floats, "its buffer is shorter than its byteLength");
    REFUSES(DATA("data:;base64,Zm9*", 3), floats, "the base64 of its buffer is damaged");
    REFUSES(DATA("data:;base64,Zm9vY", 3), floats, "the base64 of its buffer is damaged");
    REFUSES(DATA("data:;base64,Z===", 1), floats, "the base64 of its buffer is damaged");
    REFUSES(DATA("data:;base64,", 1), floats, "its buffer is shorter than its byteLength");
    REFUSES(DATA("data:text/plain,Zm9v", 3), floats, "the uri of its buffer is not base64");
    REFUSES(DATA("data:;base64", 3), floats, "its buffer is not in the file");
    REFUSES(DATA("body.bin", 3), floats, "its buffer is not in the file");
}

TEST(accessor_only_the_first_buffer_is_the_binary_chunk) {
    REFUSES("{'buffers':[{'byteLength':4},{'byteLength':4}],'bufferViews':[{'buffer':1,'byteLength':4}],"
            "'accessors':[{'bufferView':0," SCALARS(1) "}]}", floats, "its buffer is not in the file");
}

/* ---- memory ---- */

TEST(accessor_is_refused_before_more_memory_is_taken_than_there_may_be) {
    Bench b;
    open_with(&b, GLTF(4, "", "{'componentType':5126,'count':1073741824,'type':'VEC4'}"), floats, 4, 1 << 20);
    CHECK(accessor_read(&b.a, 0) == NULL);
    CHECK_TEXT(b.diags.list[0].message, "accessor 0 cannot be read: its values need more than limit memory");
    CHECK_INT(b.values.used, 0);
    bench_close(&b);
}

TEST(accessor_is_read_once_however_many_ask) {
    Bench b;
    open_with(&b, GLTF(16, "{'buffer':0,'byteLength':16}", "{'bufferView':0," SCALARS(4) "}"), floats, 16, 0);
    const f64 *first = accessor_read(&b.a, 0);
    CHECK(first != NULL && accessor_read(&b.a, 0) == first);
    bench_close(&b);
}
