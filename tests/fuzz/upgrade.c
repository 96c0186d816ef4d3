/* upgrade.c (fuzz) - upgrades any bytes, and what came out again.
**
** What was upgraded needs no second upgrade, is JSON as strict as before, and says of every change where it was. No
** block is kept. */
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "../../src/graph/glb.h"
#include "../../src/graph/json.h"
#include "../../src/graph/upgrade.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static Limits limits_for_fuzzing(void) {
    Limits limits = limits_default();
    limits.memory = 1 << 26;
    return limits;
}

static void check_changes(const Upgrade *u, Text source) {
    for (u32 i = 0; i < u->changes.count; i++) {
        const Change *c = &u->changes.at[i];
        ASSERT(c->kind >= ERR_DRAFT_EMPTY && c->kind < ERR_DRAFT_OFFER);
        ASSERT(c->offset < source.len && c->line >= 1 && c->column >= 1);
        ASSERT(*c->was && *c->now);
        ASSERT(i == 0 || c[-1].offset <= c->offset);
    }
}

static Err upgrade_once(Text bytes, Upgrade *u) {
    static Diags diags;
    Limits limits = limits_for_fuzzing();
    Arena arena;
    arena_open(&arena, 0);
    diags_open(&diags, &arena, "fuzz", bytes);
    Err err = upgrade(bytes, &limits, -1, &diags, u);
    ASSERT((err == ERR_OK) == (diags.errors == 0));
    ASSERT(err == ERR_OK || (u->bytes.len == 0 && u->changes.count == 0));
    check_changes(u, diags.source);
    arena_close(&arena);
    return err;
}

static void upgrade_again(const Upgrade *first) {
    Upgrade second;
    Err err = upgrade_once((Text){first->bytes.data, first->bytes.len}, &second);
    ASSERT(err == ERR_OK || err == ERR_JSON_KEY_TWICE || err == ERR_LIMIT_DEPTH || err == ERR_LIMIT_MEMORY);
    ASSERT(second.changes.count == 0);
    upgrade_close(&second);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size) {
    Upgrade u;
    Err err = upgrade_once((Text){(const char *)data, (u32)size}, &u);
    if (err == ERR_OK && u.changes.count) upgrade_again(&u);
    upgrade_close(&u);
    ASSERT(system_live == 0);
    return 0;
}
