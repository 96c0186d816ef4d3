/* wgen.c (unit) - the emitter from outside: a module's sections, slices, its listing and dump, and memory that is refused. */
#include "../../src/run/wgen.h"

#include "every.h"

/* A loop and a log. */
static const char HELLO[] =
    WITH(INT("sum"), GET("sum") START("loop")
         "{'id':'loop','op':'flow/for','values':{'startIndex':0,'endIndex':10},'flows':{'loopBody':'add:in','completed':'say:in'}},"
         "{'id':'plus','op':'math/add','values':{'a':{'from':'sum'},'b':{'from':'loop:index'}}}," SET("add", "sum", FROM("plus"), "") ","
         "{'id':'say','op':'debug/log','config':{'severity':0,'message':'{v}'},'values':{'v':{'from':'sum'}}}");

static Wgen *write(const Program *p, CompiledShape shape, bool labels, u32 instructions) {
    WgenOptions options = {.shape = shape, .labels = labels};
    Wgen *w = wgen_open(p, &options);
    i32 more = w ? 1 : -1;
    while (more > 0) more = wgen_some(w, instructions);
    if (more == 0) return w;
    wgen_close(w);
    return NULL;
}

static u32 read_leb(Text t, u32 *at) {
    u32 value = 0, shift = 0, byte;
    do {
        byte = (u8)t.data[(*at)++];
        value |= (byte & 0x7f) << shift;
        shift += 7;
    } while (byte & 0x80 && *at < t.len);
    return value;
}

TEST(wgen_writes_its_sections_in_order_and_nothing_behind_them) {
    static const u8 ids[] = {1, 2, 3, 9, 10}; /* types, imports, functions, elements, code (Core Specification, 5.5.2) */
    Lowered l;
    lowered_verify(&l, HELLO);
    for (u32 shape = 0; shape < SHAPES; shape++) {
        Wgen *w = write(l.program, (CompiledShape)shape, false, UINT32_MAX);
        CHECK(w != NULL);
        Text m = wgen_module(w);
        CHECK(m.len > 8 && !memcmp(m.data, "\0asm\1\0\0\0", 8));
        u32 at = 8;
        for (u32 k = 0; k < COUNT_OF(ids); k++) {
            CHECK(at < m.len);
            CHECK_INT(m.data[at++], ids[k]);
            u32 size = read_leb(m, &at);
            CHECK(size <= m.len - at);
            at += size;
        }
        CHECK_INT(at, m.len);
        CHECK_TEXT(wgen_refusal(w), "");
        wgen_close(w);
    }
    lowered_close(&l);
}

TEST(wgen_writes_the_same_in_slices) {
    Lowered l;
    lowered_verify(&l, EVERY);
    for (u32 shape = 0; shape < SHAPES; shape++) {
        Wgen *once = write(l.program, (CompiledShape)shape, false, UINT32_MAX);
        Wgen *slices = write(l.program, (CompiledShape)shape, false, 1), *labelled = write(l.program, (CompiledShape)shape, true, 7);
        CHECK(once && slices && labelled);
        Text a = wgen_module(once), b = wgen_module(slices), c = wgen_module(labelled);
        CHECK_INT(a.len, b.len);
        CHECK(!memcmp(a.data, b.data, a.len));
        CHECK_INT(a.len, c.len); /* labels are no bytes */
        CHECK(!memcmp(a.data, c.data, a.len));
        wgen_close(once);
        wgen_close(slices);
        wgen_close(labelled);
    }
    lowered_close(&l);
}

TEST(wgen_gives_its_turn_after_a_unit) {
    Lowered l;
    lowered_verify(&l, EVERY);
    WgenOptions options = {.shape = SHAPE_PREEMPTIBLE};
    Wgen *w = wgen_open(l.program, &options);
    u32 slices = 1;
    while (wgen_some(w, 1) > 0) slices++;
    Compiled *c = wgen_compiled(w);
    CHECK(c != NULL);
    CHECK(c->units > 1);
    CHECK_INT(slices, c->units + 1); /* the last one writes the module around them */
    compiled_close(c);
    wgen_close(w);
    lowered_close(&l);
}

static bool says(const Buf *text, const char *words) {
    return text->data && strstr(text->data, words);
}

TEST(wgen_lists_rows_units_and_loops) {
    Lowered l;
    Buf out = {0};
    lowered_verify(&l, HELLO);
    Wgen *w = write(l.program, SHAPE_PREEMPTIBLE, false, UINT32_MAX);
    CHECK(w && wgen_list(w, &out));
    CHECK(says(&out, "inlined: 1, add_i 1\ncalled: 0\nhoisted out of loops: 0\n"));
    /* fuel | mov turn | jump | add next_turn | mov log ret; entered at the root and at the charges of both turns. */
    CHECK(says(&out, "unit 0 (loop): 9 instructions in 5 blocks, entered in 3 ways, "));
    CHECK(says(&out, " bytes\n  loop with add: 1 blocks, fuel of a turn at most 1, inner loops aside\n"));
    wgen_close(w);
    buf_close(&out);
    lowered_close(&l);
}

TEST(wgen_lists_what_is_called) {
    Lowered l;
    Buf out = {0};
    lowered_verify(&l, WITH("{'id':'f','type':'float','value':0.5}",
                          GET("f") START("set") "{'id':'sin','op':'math/sin','values':{'a':{'from':'f'}}}," SET("set", "f", FROM("sin"), "")));
    Wgen *w = write(l.program, SHAPE_PREEMPTIBLE, false, UINT32_MAX);
    CHECK(w && wgen_list(w, &out));
    CHECK(says(&out, "inlined: 0\ncalled: 1, sin_f 1\n"));
    wgen_close(w);
    buf_close(&out);
    lowered_close(&l);
}

/* Bytes that a dump shows: hex digits up to the label, but for the place in front. */
static u32 count_bytes(const char *dump) {
    u32 n = 0;
    for (const char *line = dump; *line; line = strchr(line, '\n') + 1)
        for (const char *at = line + 7; *at == ' ' && at[1] != ' ' && at[1] != ';'; at += 3) n++;
    return n;
}

TEST(wgen_dumps_every_byte_with_labels) {
    static const char *const labels[] = {"; section of imports\n", "; unit 0\n", "; locals\n",  "node 4, add, at 5, add_i\n",
                                         "; resume at 3",         "; loop 0\n", "; fuel 1\n", "; leave: not paid"};
    Lowered l;
    Buf out = {0};
    lowered_verify(&l, HELLO);
    Wgen *w = write(l.program, SHAPE_PREEMPTIBLE, true, UINT32_MAX);
    CHECK(w != NULL);
    wgen_dump(w, &out);
    CHECK(!out.full);
    for (u32 k = 0; k < COUNT_OF(labels); k++)
        if (!says(&out, labels[k])) CHECK_TEXT("", labels[k]);
    CHECK_INT(count_bytes(out.data), wgen_module(w).len);
    wgen_close(w);
    buf_close(&out);
    lowered_close(&l);
}

/* All that can be done with a program, with the n-th request for memory refused. 1: all was done; 0: not, as memory was
** refused; -1: one without the other. */
static i32 emit_through(const Program *p, CompiledShape shape, i64 n) {
    Buf out = {0};
    system_fail_after = n;
    Wgen *w = write(p, shape, true, UINT32_MAX);
    Compiled *c = w ? wgen_compiled(w) : NULL;
    bool listed = c && wgen_list(w, &out);
    bool refused = system_fail_after < 0;
    system_fail_after = -1;
    compiled_close(c);
    wgen_close(w);
    buf_close(&out);
    return listed == refused ? -1 : listed;
}

TEST(wgen_leaks_nothing_wherever_memory_is_refused) {
    Lowered l;
    lowered_verify(&l, EVERY);
    for (u32 shape = 0; shape < SHAPES; shape++) {
        i64 before = system_live, n = 0;
        i32 done;
        while ((done = emit_through(l.program, (CompiledShape)shape, n)) == 0 && n < 5000) {
            CHECK_INT(system_live, before);
            n++;
        }
        CHECK_INT(done, 1);
        CHECK(n > 10 && n < 5000);
        CHECK_INT(system_live, before);
    }
    lowered_close(&l);
}
