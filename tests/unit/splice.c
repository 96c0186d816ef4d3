/* splice.c (unit) - a relocatable module made by hand: what is taken of it, byte by byte; and any of its bytes wrong. */
#include "../../src/run/splice.h"

#include <string.h>

#include "test.h"

/* ---- the module: written section by section, with the relocations of each ---- */

typedef struct Writer {
    Buf out, section, relocs;
    u32 reloc_count;
} Writer;

#define BYTES(b, ...)                                                                                                  \
    do {                                                                                                               \
        static const u8 bytes_[] = {__VA_ARGS__};                                                                      \
        buf_put((b), bytes_, sizeof bytes_);                                                                           \
    } while (0)

static void put_leb(Buf *b, u32 value) {
    for (; value >= 0x80; value >>= 7) buf_byte(b, (char)(value | 0x80));
    buf_byte(b, (char)value);
}

static void put_name(Buf *b, const char *name) {
    put_leb(b, (u32)strlen(name));
    buf_text(b, name);
}

static void close_section(Writer *w, u8 id) {
    buf_byte(&w->out, (char)id);
    put_leb(&w->out, w->section.len);
    buf_put(&w->out, w->section.data, w->section.len);
    buf_clear(&w->section);
}

/* A place that a relocation fills: 5 bytes of LEB128, or 4 of a word. */
static void put_place(Writer *w, RelocKind kind, u32 symbol, i32 addend) {
    bool is_word = kind == RELOC_TABLE_I32 || kind == RELOC_MEMORY_I32;
    buf_byte(&w->relocs, (char)kind);
    put_leb(&w->relocs, w->section.len);
    put_leb(&w->relocs, symbol);
    if (kind >= RELOC_MEMORY_LEB && kind <= RELOC_MEMORY_I32) buf_byte(&w->relocs, (char)(addend & 0x7f));
    w->reloc_count++;
    if (is_word)
        BYTES(&w->section, 0, 0, 0, 0);
    else
        BYTES(&w->section, 0x80, 0x80, 0x80, 0x80, 0);
}

static void close_relocs(Writer *w, const char *name, u32 section) {
    put_name(&w->section, name);
    put_leb(&w->section, section);
    put_leb(&w->section, w->reloc_count);
    buf_put(&w->section, w->relocs.data, w->relocs.len);
    close_section(w, 0);
    buf_clear(&w->relocs);
    w->reloc_count = 0;
}

enum { ADD_ONE, TWICE, LOOK, TELL, POINT, HOST_LOG, NUMBERS, PLACE, STACK, LACKED, TABLE };

static void put_code(Writer *w) {
    Buf *b = &w->section;
    put_leb(b, 5);
    BYTES(b, 7, 0, 0x20, 0, 0x41, 1, 0x6a, 0x0b); /* add_one: its argument + 1 */
    BYTES(b, 16, 0, 0x20, 0, 0x10);               /* twice: add_one of add_one */
    put_place(w, RELOC_FUNCTION_LEB, ADD_ONE, 0);
    BYTES(b, 0x10);
    put_place(w, RELOC_FUNCTION_LEB, ADD_ONE, 0);
    BYTES(b, 0x0b, 18, 0, 0x20, 0, 0x28, 2); /* look: what lies so far behind `place`, 4 bytes on, plus what LACKED is */
    put_place(w, RELOC_MEMORY_LEB, PLACE, 4);
    BYTES(b, 0x41);
    put_place(w, RELOC_MEMORY_SLEB, LACKED, -1);
    BYTES(b, 0x6a, 0x0b, 8, 0, 0x10); /* tell: the host's log */
    put_place(w, RELOC_FUNCTION_LEB, HOST_LOG, 0);
    BYTES(b, 0x0b, 24, 0, 0x20, 0, 0x41); /* point: add_one, through the table */
    put_place(w, RELOC_TABLE_SLEB, ADD_ONE, 0);
    BYTES(b, 0x11);
    put_place(w, RELOC_TYPE_LEB, 0, 0);
    put_place(w, RELOC_TABLE_NUMBER, TABLE, 0);
    BYTES(b, 0x1a, 0x20, 0, 0x0b);
    close_section(w, 10);
}

static void put_data(Writer *w) {
    BYTES(&w->section, 2, 0, 0x41, 0, 0x0b, 8, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0x41, 8, 0x0b, 8);
    put_place(w, RELOC_MEMORY_I32, NUMBERS, 4);
    BYTES(&w->section, 0, 0, 0, 0);
    close_section(w, 11);
}

static void put_function_symbol(Buf *b, u32 index, const char *name) {
    BYTES(b, 0, 0);
    put_leb(b, index);
    put_name(b, name);
}

static void put_data_symbol(Buf *b, u32 index, const char *name) {
    BYTES(b, 1, 0);
    put_name(b, name);
    put_leb(b, index);
    BYTES(b, 0, 8);
}

static void put_linking(Writer *w) {
    Buf symbols = {0};
    put_leb(&symbols, 11);
    put_function_symbol(&symbols, 1, "add_one");
    put_function_symbol(&symbols, 2, "twice");
    put_function_symbol(&symbols, 3, "look");
    put_function_symbol(&symbols, 4, "tell");
    put_function_symbol(&symbols, 5, "point");
    BYTES(&symbols, 0, 0x10, 0); /* host.log: has the name of its import */
    put_data_symbol(&symbols, 0, "numbers");
    put_data_symbol(&symbols, 1, "place");
    BYTES(&symbols, 2, 0x10, 0, 1, 0x10); /* the stack pointer; data that others have */
    put_name(&symbols, "lacked");
    BYTES(&symbols, 5, 0x10, 0); /* the table */
    put_name(&w->section, "linking");
    BYTES(&w->section, 2, 5, 9, 2, 1, 'n', 2, 0, 1, 'p', 3, 0); /* version; names, alignments and flags of the data */
    BYTES(&w->section, 8);
    put_leb(&w->section, symbols.len);
    buf_put(&w->section, symbols.data, symbols.len);
    buf_close(&symbols);
    close_section(w, 0);
}

static void put_import(Writer *w, const char *module, const char *name) {
    put_name(&w->section, module);
    put_name(&w->section, name);
}

static Buf make_object(void) {
    Writer w = {0};
    BYTES(&w.out, 0, 'a', 's', 'm', 1, 0, 0, 0);
    BYTES(&w.section, 2, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 0, 0);
    close_section(&w, 1);
    put_leb(&w.section, 3);
    put_import(&w, "host", "log");
    BYTES(&w.section, 0, 1);
    put_import(&w, "env", "__stack_pointer");
    BYTES(&w.section, 3, 0x7f, 1);
    put_import(&w, "env", "__linear_memory");
    BYTES(&w.section, 2, 0, 1);
    close_section(&w, 2);
    BYTES(&w.section, 5, 0, 0, 0, 1, 0);
    close_section(&w, 3);
    put_code(&w);
    Buf code_relocs = w.relocs;
    u32 code_count = w.reloc_count;
    w.relocs = (Buf){0};
    w.reloc_count = 0;
    put_data(&w);
    put_linking(&w);
    close_relocs(&w, "reloc.DATA", 4);
    buf_close(&w.relocs);
    w.relocs = code_relocs;
    w.reloc_count = code_count;
    close_relocs(&w, "reloc.CODE", 3);
    buf_close(&w.section);
    buf_close(&w.relocs);
    return w.out;
}

/* ---- what is made of it ---- */

static bool is_same(const Buf *b, const u8 *expected, u32 len) { return b->len == len && memcmp(b->data, expected, len) == 0; }

#define CHECK_BYTES(b, ...)                                                                                            \
    do {                                                                                                               \
        static const u8 expected_[] = {__VA_ARGS__};                                                                   \
        CHECK(is_same(&(b), expected_, sizeof expected_));                                                             \
    } while (0)

static Splice *open_object(const Buf *object) {
    const char *refusal;
    return splice_open(object->data, object->len, &refusal);
}

#define HEAD      0, 'a', 's', 'm', 1, 0, 0, 0
#define NO_TABLE  4, 5, 1, 0x70, 1, 1, 1
#define TWO_TABLE 4, 5, 1, 0x70, 1, 2, 2
#define MEMORY    5, 3, 1, 0, 1
#define STACK_AT  6, 8, 1, 0x7f, 1, 0x41, 0x80, 0x80, 1, 0x0b /* 16384 */
#define EXPORT_MEMORY 6, 'm', 'e', 'm', 'o', 'r', 'y', 2, 0

TEST(splice_takes_a_function_and_what_it_calls) {
    Buf object = make_object(), out = {0};
    Splice *s = open_object(&object);
    SpliceCounts counts;
    CHECK(s);
    splice_export(s, "twice", splice_function(s, "twice"));
    CHECK(splice_write(s, &out, &counts));
    CHECK_BYTES(out, HEAD, 1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f, 3, 3, 2, 0, 0, NO_TABLE, MEMORY, STACK_AT,     /* */
                7, 18, 2, EXPORT_MEMORY, 5, 't', 'w', 'i', 'c', 'e', 0, 0,                                  /* */
                10, 18, 2, 8, 0, 0x20, 0, 0x10, 1, 0x10, 1, 0x0b, 7, 0, 0x20, 0, 0x41, 1, 0x6a, 0x0b, 11, 1, 0);
    CHECK_INT(counts.spliced, 2);
    CHECK_INT(counts.code, 15);
    splice_close(s);
    buf_close(&object);
    buf_close(&out);
}

/* `place` is at 16384, 8 bytes; `numbers` behind it, at 16392; `place` holds numbers + 4 = 16396 = 0x400c. What is lacked is
** said to be at 5, so look adds 4. */
TEST(splice_takes_data_and_what_it_points_to) {
    Buf object = make_object(), out = {0};
    Splice *s = open_object(&object);
    SpliceCounts counts;
    CHECK(s);
    splice_define(s, "lacked", 5);
    splice_export(s, "look", splice_function(s, "look"));
    CHECK(splice_write(s, &out, &counts));
    CHECK_BYTES(out, HEAD, 1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f, 3, 2, 1, 0, NO_TABLE, MEMORY, STACK_AT,     /* */
                7, 17, 2, EXPORT_MEMORY, 4, 'l', 'o', 'o', 'k', 0, 0,                                    /* */
                10, 14, 1, 12, 0, 0x20, 0, 0x28, 2, 0x84, 0x80, 1, 0x41, 4, 0x6a, 0x0b,                  /* */
                11, 21, 1, 0, 0x41, 0x80, 0x80, 1, 0x0b, 13, 0x0c, 0x40, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2);
    CHECK_INT(counts.data, 16);
    splice_close(s);
    buf_close(&object);
    buf_close(&out);
}

TEST(splice_puts_what_is_pointed_to_into_the_table) {
    Buf object = make_object(), out = {0};
    Splice *s = open_object(&object);
    SpliceCounts counts;
    CHECK(s);
    splice_export(s, "point", splice_function(s, "point"));
    CHECK(splice_write(s, &out, &counts));
    CHECK_BYTES(out, HEAD, 1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f, 3, 3, 2, 0, 0, TWO_TABLE, MEMORY, STACK_AT,  /* */
                7, 18, 2, EXPORT_MEMORY, 5, 'p', 'o', 'i', 'n', 't', 0, 0,                                /* */
                9, 7, 1, 0, 0x41, 1, 0x0b, 1, 1,                                                          /* */
                10, 22, 2, 12, 0, 0x20, 0, 0x41, 1, 0x11, 0, 0, 0x1a, 0x20, 0, 0x0b,                     /* */
                7, 0, 0x20, 0, 0x41, 1, 0x6a, 0x0b, 11, 1, 0);
    splice_close(s);
    buf_close(&object);
    buf_close(&out);
}

/* Own functions stand between what was needed from the beginning, imports first, and what is asked for later. */
TEST(splice_gives_out_indices_that_stay) {
    Buf object = make_object(), out = {0};
    Splice *s = open_object(&object);
    SpliceCounts counts;
    static const u8 body[] = {0, 0x20, 0, 0x0b};
    CHECK(s);
    splice_root(s, "twice");
    splice_root(s, "tell");
    CHECK_INT(splice_functions(s, 2), 4);            /* log, twice, tell, add_one */
    CHECK_INT(splice_function(s, "add_one"), 3);
    CHECK_INT(splice_function(s, "tell"), 2);
    CHECK_INT(splice_function(s, "point"), 6);
    for (u32 i = 4; i < 6; i++) splice_body(s, i, splice_type(s, "i_i"), body, sizeof body);
    CHECK_INT(splice_elements(s, 4, 2), 1);
    CHECK(splice_write(s, &out, &counts));
    CHECK_INT(counts.imported, 1);
    CHECK_INT(counts.own, 2);
    CHECK_INT(counts.spliced, 4);
    splice_close(s);
    buf_close(&object);
    buf_close(&out);
}

TEST(splice_imports_nothing_that_was_not_needed_from_the_beginning) {
    Buf object = make_object();
    Splice *s = open_object(&object);
    CHECK(s);
    splice_functions(s, 1);
    splice_function(s, "tell");
    Buf out = {0};
    SpliceCounts counts;
    CHECK(!splice_write(s, &out, &counts));
    CHECK_TEXT(splice_refusal(s), "a function needs the host, and nothing said that this graph does");
    splice_close(s);
    buf_close(&object);
    buf_close(&out);
}

TEST(splice_takes_one_function_instead_of_another) {
    Buf object = make_object(), out = {0};
    Splice *s = open_object(&object);
    SpliceCounts counts;
    CHECK(s);
    splice_instead(s, "point", "add_one");
    splice_instead(s, "who", "add_one"); /* nobody: nothing happens */
    splice_root(s, "point");
    CHECK(splice_write(s, &out, &counts));
    CHECK_INT(counts.spliced, 1);
    CHECK_INT(counts.code, 7); /* those of add_one */
    splice_close(s);
    buf_close(&object);
    buf_close(&out);
}

TEST(splice_says_what_the_runtime_lacks) {
    Buf object = make_object();
    Splice *s = open_object(&object);
    CHECK(s);
    CHECK_INT(splice_function(s, "sin"), NONE);
    CHECK_TEXT(splice_refusal(s), "the runtime module has no function sin");
    splice_close(s);
    buf_close(&object);
}

/* ---- what is no such module ---- */

/* Takes all of it, whatever it is. */
static void take_all(const void *bytes, u32 len) {
    static const char *const names[] = {"add_one", "twice", "look", "tell", "point"};
    const char *refusal;
    Splice *s = splice_open(bytes, len, &refusal);
    if (!s) return;
    Buf out = {0};
    SpliceCounts counts;
    splice_define(s, "lacked", 5);
    for (u32 i = 0; i < COUNT_OF(names); i++) splice_root(s, names[i]);
    splice_write(s, &out, &counts);
    buf_close(&out);
    splice_close(s);
}

TEST(splice_refuses_a_module_that_is_cut_off) {
    Buf object = make_object();
    for (u32 len = 0; len < object.len; len++) {
        char *part = system_take(len ? len : 1); /* so that nothing lies behind it */
        CHECK(part);
        memcpy(part, object.data, len);
        take_all(part, len);
        const char *refusal;
        Splice *s = splice_open(part, len, &refusal);
        bool complete = s && splice_function(s, "twice") != NONE;
        splice_close(s);
        system_give(part);
        CHECK(!complete || len > object.len - 110); /* without its last section, relocations, it is one, too */
    }
    buf_close(&object);
}

TEST(splice_survives_any_byte_wrong) {
    Buf object = make_object();
    for (u32 at = 0; at < object.len; at++) {
        char right = object.data[at];
        for (u32 value = 0; value < 256; value++) {
            object.data[at] = (char)value;
            take_all(object.data, object.len);
        }
        object.data[at] = right;
    }
    buf_close(&object);
}

TEST(splice_survives_refused_memory) {
    Buf object = make_object();
    for (i64 after = 0; after < 40; after++) {
        i64 live = system_live;
        system_fail_after = after;
        system_fail_on = true;
        take_all(object.data, object.len);
        system_fail_after = -1;
        system_fail_on = false;
        CHECK_INT(system_live, live);
    }
    buf_close(&object);
}
