/* emit.c (fuzz) - loads any bytes as a graph and compiles it to WebAssembly in every shape.
**
** Natively nothing runs what comes out, but it must be a module as far as its sections go, the same when it is written in
** pieces, and no block may be kept. With MODULES=DIR in the environment each module is left there, for wasm-validate. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "../../src/api/api.h"
#include "../../src/base/hash.h"
#include "../../src/run/wgen.h"

enum { AT_ONCE = 100000000, HEADER = 8 };

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

/* An unsigned LEB128 of at most 5 bytes; moves `at`. */
static u32 read_u32(Text t, u32 *at) {
    u32 value = 0, shift = 0;
    u8 byte;
    do {
        ASSERT(*at < t.len && shift < 35);
        byte = (u8)t.data[(*at)++];
        value |= (u32)(byte & 0x7f) << shift;
        shift += 7;
    } while (byte & 0x80);
    return value;
}

/* Sections in rising order (Core specification, 5.5.2) that fill the module to its last byte. */
static void check_sections(Text module) {
    static const u8 order[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11};
    u32 at = HEADER, next = 0;
    ASSERT(module.len > HEADER && memcmp(module.data, "\0asm\1\0\0\0", HEADER) == 0);
    while (at < module.len) {
        u8 id = (u8)module.data[at++];
        u32 length = read_u32(module, &at);
        while (id && next < sizeof order && order[next] != id) next++;
        ASSERT(next < sizeof order);
        next += id != 0;
        ASSERT(length <= module.len - at);
        at += length;
    }
}

static void leave(Text module, u32 shape) {
    const char *folder = getenv("MODULES");
    char path[4096];
    if (!folder) return;
    u64 hash = hash_bytes(HASH_START, module.data, module.len);
    snprintf(path, sizeof path, "%s/%016llx.%u.wasm", folder, (unsigned long long)hash, shape);
    FILE *file = fopen(path, "wb");
    if (!file) return;
    fwrite(module.data, 1, module.len, file);
    fclose(file);
}

/* The whole module, in so many instructions at a time; NULL: it was refused. */
static Wgen *emit(const Program *p, const WgenOptions *options, u32 instructions) {
    Wgen *w = wgen_open(p, options);
    ASSERT(w);
    i32 more;
    while ((more = wgen_some(w, instructions)) > 0) {}
    if (more == 0) return w;
    ASSERT(*wgen_refusal(w));
    wgen_close(w);
    return NULL;
}

static void check_shape(const Program *p, CompiledShape shape, bool traced) {
    WgenOptions options = {.shape = shape, .traced = traced};
    Wgen *whole = emit(p, &options, AT_ONCE), *pieces = emit(p, &options, 1);
    ASSERT(!whole == !pieces);
    if (!whole) return;
    Text a = wgen_module(whole), b = wgen_module(pieces);
    ASSERT(a.len == b.len && memcmp(a.data, b.data, a.len) == 0);
    check_sections(a);
    leave(a, 2 * shape + traced);
    Compiled *compiled = wgen_compiled(whole);
    ASSERT(compiled);
    compiled_close(compiled);
    wgen_close(whole);
    wgen_close(pieces);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size) {
    td_Engine *e = td_open();
    ASSERT(e);
    td_limit(e, "memory", 1 << 24);
    td_limit(e, "nodes", 1000);
    u32 program = td_load(e, "fuzz", data, (u32)size, -1);
    for (u32 shape = 0; program && shape < SHAPES; shape++)
        for (u32 traced = 0; traced < 2; traced++)
            check_shape(api_program(e, program)->program, (CompiledShape)shape, traced);
    td_close(e);
    ASSERT(system_live == 0);
    return 0;
}
