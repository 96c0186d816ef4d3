/* wgen_list.c (run) - what was done to a program that became WebAssembly, for people: its rows, units and loops. */
#include "listing.h"
#include "wgen_unit.h"

/* Whether all of a row is spelled as instructions. */
static bool is_inlined(u32 row) {
    const Spelling *s = spell((RowId)row);
    for (u32 k = 0; k < s->count; k++)
        if (s->steps[k].kind == SPELL_CALL) return false;
    return s->steps != NULL;
}

/* "called: 3, pow 2, sin 1" for the rows that are inlined, or that are not. */
static void list_rows(const u32 *uses, bool inlined, Buf *out) {
    u32 all = 0;
    for (u32 row = 0; row < VEC_PAST; row++) all += uses[row] && is_inlined(row) == inlined ? uses[row] : 0;
    buf_print(out, "%s: %u", inlined ? "inlined" : "called", (unsigned)all);
    for (u32 row = 0; row < VEC_PAST; row++)
        if (uses[row] && is_inlined(row) == inlined)
            buf_print(out, ", %s %u", code_name((Code)row), (unsigned)uses[row]);
    buf_byte(out, '\n');
}

static void count_rows(const Wgen *w, u32 uses[VEC_PAST]) {
    const Program *p = w->program;
    for (u32 pc = 0; pc < p->count; pc++)
        if (p->code[pc].code < VEC_PAST && w->cfg.blocks[w->cfg.block_at[pc]].unit != NONE) uses[p->code[pc].code]++;
}

static void list_stretch(const Wgen *w, u32 k, Buf *out) {
    const WgenStretch *s = &w->stretches[k];
    buf_print(out, "unit %u: instructions %u to %u, %u bytes\n", (unsigned)k, (unsigned)s->first, (unsigned)s->past - 1,
              (unsigned)w->bytes[k]);
}

bool wgen_list(const Wgen *w, Buf *out) {
    u32 uses[VEC_PAST] = {0};
    Err err = ERR_OK;
    count_rows(w, uses);
    list_rows(uses, true, out);
    list_rows(uses, false, out);
    buf_print(out, "hoisted out of loops: %u\n", (unsigned)w->hoisted);
    for (u32 k = 0; err == ERR_OK && k < w->next; k++) {
        if (w->stretches)
            list_stretch(w, k, out);
        else
            err = list_unit(&w->cfg, k, NULL, w->bytes[k], out);
    }
    return err == ERR_OK && !out->full;
}
