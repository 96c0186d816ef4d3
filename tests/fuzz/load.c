/* load.c (fuzz) - feeds any bytes to the scan and to the tree behind it.
**
** Beyond "no crash": a refusal has a place inside the text and a message, an acceptance has a
** tree, and no block is kept. Longer: make fuzz FUZZ_SECONDS=3600. */
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "../../src/graph/json.h"
#include "../../src/graph/scan.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static void check_reports(const Diags *d, Err err) {
    ASSERT((err == ERR_OK) == (d->errors == 0));
    for (u32 i = 0; i < d->count; i++) {
        const Diag *diag = &d->list[i];
        ASSERT(diag->offset <= d->source.len);
        ASSERT(*diag->message);
        ASSERT(i == 0 || d->list[i - 1].offset <= diag->offset);
    }
}

/* Every key of the root leads back to a place in the text. */
static void check_places(const Json *j) {
    for (const cJSON *item = j->root->child; item; item = item->next) {
        At at = {NULL, {item->string, item->string ? (u32)strlen(item->string) : 0}, 0};
        u32 offset;
        Buf pointer = {0};
        if (item->string) at_pointer(&at, &pointer);
        if (item->string && item->string[0])
            ASSERT(scan_locate(j->text, pointer.data, false, &offset) && offset < j->text.len);
        buf_close(&pointer);
    }
}

static void open_and_close(Text text, Diags *diags) {
    Limits limits = limits_default();
    Json j;
    Err err = json_open(&j, text, &limits, diags);
    ASSERT((err == ERR_OK) == (j.root != NULL));
    if (j.root && text.len < 1000) check_places(&j);
    scan_place(diags);
    check_reports(diags, err);
    json_close(&j);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size) {
    static Diags diags;
    Arena arena;
    arena_open(&arena, 0);
    diags_open(&diags, &arena, "fuzz", (Text){(const char *)data, (u32)size});
    open_and_close(diags.source, &diags);
    arena_close(&arena);
    ASSERT(system_live == 0);
    return 0;
}
