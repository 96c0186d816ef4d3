/* compile.c (api) - graphs as C for programs of their own (run/cgen.h); natively only. */
#include "../graph/scan.h"
#include "../run/cgen.h"
#include "api.h"

bool td_compile_c(td_Engine *e, u32 program, const char *header, i32 part) {
    const Loaded *l = api_program(e, program);
    Buf c = {0}, h = {0};
    if (!l) return false;
    api_hear(e, l->graph->file, (Text){0});
    const CgenOptions options = {header, engine_limits(e->engine)};
    Err err = part == 2 ? cgen_list(l->program, header, &c) : cgen(l->program, &options, &e->diags, &c, &h);
    scan_place(&e->diags);
    buf_clear(&e->text);
    buf_put(&e->text, part == 1 ? h.data : c.data, part == 1 ? h.len : c.len);
    buf_close(&c);
    buf_close(&h);
    if (err != ERR_OK) td_diagnostics(e);
    return err == ERR_OK;
}
