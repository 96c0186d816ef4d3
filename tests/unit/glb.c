/* glb.c (unit) - the GLB container, chunk by chunk. */
#include "loading.h"

static const char json[] = "{\"asset\":{},\"extensions\":{\"KHR_interactivity\":{\"graphs\":[{\"name\":\"in a box\"}]}}}  ";

static void put_word(Buf *b, u32 word) {
    for (u32 i = 0; i < 32; i += 8) buf_byte(b, (char)(word >> i & 0xFF));
}

static void put_chunk(Buf *b, const char *type, const void *data, u32 len) {
    put_word(b, len);
    buf_put(b, type, 4);
    buf_put(b, data, len);
}

static void begin(Buf *b, u32 total) {
    buf_clear(b);
    buf_put(b, "glTF", 4);
    put_word(b, 2);
    put_word(b, total);
}

enum { JSON_SIZE = (sizeof json - 1) & ~3u };

TEST(glb_json_is_read_and_other_chunks_are_stepped_over) {
    Loading l;
    loading_open(&l);
    begin(&l.text, 12 + 8 + JSON_SIZE + 8 + 4 + 8);
    put_chunk(&l.text, "JSON", json, JSON_SIZE);
    put_chunk(&l.text, "BIN\0", "\0{[x", 4);
    put_chunk(&l.text, "WHAT", "", 0);
    loading_bytes(&l, l.text.data, l.text.len);
    CHECK_TEXT(loading_says(&l, 0), "");
    CHECK(l.graph != NULL);
    CHECK_TEXT(l.graph->name, "in a box");
    CHECK_INT(l.graph->dialect, DIALECT_KHR);
    loading_close(&l);
}

TEST(glb_cut_anywhere_is_refused) {
    Loading l;
    loading_open(&l);
    begin(&l.text, 12 + 8 + JSON_SIZE);
    put_chunk(&l.text, "JSON", json, JSON_SIZE);
    for (u32 len = 4; len < l.text.len; len++) {
        loading_bytes(&l, l.text.data, len);
        CHECK(l.graph == NULL);
        CHECK_INT(l.err, len < 20 ? ERR_GLB_SHORT : ERR_GLB_LENGTH);
    }
    loading_close(&l);
}

TEST(glb_chunk_lengths_never_wrap) {
    static const u32 lengths[] = {UINT32_MAX, UINT32_MAX - 3, UINT32_MAX - 7, UINT32_MAX - 19, 0x80000000u, JSON_SIZE + 4};
    for (u32 i = 0; i < COUNT_OF(lengths); i++) {
        Loading l;
        loading_open(&l);
        begin(&l.text, 12 + 8 + JSON_SIZE);
        put_word(&l.text, lengths[i]);
        buf_put(&l.text, "JSON", 4);
        buf_put(&l.text, json, JSON_SIZE);
        loading_bytes(&l, l.text.data, l.text.len);
        CHECK_INT(l.err, ERR_GLB_CHUNK);
        loading_close(&l);
    }
}

TEST(glb_places_are_counted_in_the_json) {
    static const char bad[] = "{\"asset\":{},\n\"extensions\":{\"KHR_interactivity\":{\"graphs\":3}}} ";
    Loading l;
    loading_open(&l);
    begin(&l.text, 12 + 8 + 64);
    char chunk[64];
    memset(chunk, ' ', sizeof chunk);
    memcpy(chunk, bad, sizeof bad - 1);
    put_chunk(&l.text, "JSON", chunk, 64);
    loading_bytes(&l, l.text.data, l.text.len);
    CHECK_INT(l.err, ERR_KEY_TYPE);
    CHECK_INT(l.diags.list[0].line, 2);
    CHECK_TEXT(l.diags.list[0].pointer, "/extensions/KHR_interactivity/graphs");
    loading_close(&l);
}

TEST(glb_is_expected_of_a_file_with_that_name) {
    Loading l;
    loading_open(&l);
    l.file = "door.glb";
    loading_text(&l, "{'graphs':[{}]}");
    CHECK_INT(l.err, ERR_GLB_MAGIC);
    loading_close(&l);
}
