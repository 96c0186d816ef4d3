/* cgen.c (run) - a verified program as C: the two files, part after part. */
#include "cgen.h"

#include <stdio.h>
#include <string.h>

#include "cgen_part.h"
#include "cgen_source.h"
#include "listing.h"

/* ---- open and close ---- */

static void close_cgen(Cgen *c) {
    cfg_close(&c->cfg);
    buf_close(&c->body);
    arena_close(&c->arena);
}

/* "demo" of "demo.h". */
static const char *name_of(Cgen *c, const char *header) {
    size_t len = strlen(header);
    const char *stem = len > 2 ? arena_copy(&c->arena, (Text){header, (u32)len - 2}) : "graph";
    return stem ? name_word(c, stem, "graph") : NULL;
}

static Err open_cgen(Cgen *c, const Program *p, const CgenOptions *o) {
    static const CfgOptions options = {.charges = true, .instructions = 20000};
    *c = (Cgen){.p = p, .g = p->graph};
    arena_open(&c->arena, 0);
    Err err = cfg_open(p, &options, &c->cfg);
    if (err == ERR_OK) err = plan_make(p, o->limits, &c->arena, &c->plan);
    if (err != ERR_OK) return err;
    c->name = name_of(c, o->header);
    bool made = c->name && name_fields(c) && name_outputs(c) && name_units(c) && sort_temporaries(c);
    return made ? ERR_OK : ERR_MEMORY;
}

/* ---- functions of rows ---- */

static const char *type_of(char letter) {
    char upper = letter >= 'a' ? (char)(letter - 'a' + 'A') : letter;
    return upper == 'F' ? "f64" : upper == 'R' ? "u64" : "i32";
}

/* Those rows of op.def that were called, as op.def has them. */
static void put_rows(const Cgen *c, Buf *out) {
    for (u32 r = 0; r < PURE_COUNT; r++) {
        const PureRow *row = pure_row((PureId)r);
        if (!c->rows[r]) continue;
        buf_print(out, "/* %s */\nstatic inline %s fn_%s(", row->op, type_of(row->result), row->id);
        for (u32 k = 0; k < row->arity; k++)
            buf_print(out, "%s%s %c", k ? ", " : "", type_of(row->letter[k]), (char)('a' + k));
        buf_print(out, "%s) { return (%s); }\n\n", row->arity ? "" : "void", row->text);
    }
}

/* ---- the parts of the C file ---- */

static bool put_units(Cgen *c) {
    c->out = &c->body;
    for (u32 u = 0; u < c->cfg.unit_count; u++)
        if (!put_unit(c, u)) return false;
    put_interface(c, &c->body);
    return true;
}

static bool uses(const Cgen *c, Code code) {
    for (u32 pc = 0; pc < c->p->count; pc++)
        if (c->p->code[pc].code == code) return true;
    return false;
}

/* The longest line that a debug/log can make. */
static u32 longest_line(const Cgen *c) {
    enum { LANE = 64 }; /* a number, or a reference, and what stands around it */
    const AlonePlan *p = &c->plan.plan;
    u64 most = 64;
    for (u32 i = 0; i < p->node_count; i++) {
        u64 length = 1;
        if (c->g->node_id[i] != NODE_debug_log) continue;
        const i32 *params = p->params + p->nodes[i].params;
        for (i32 k = 0; k < params[2]; k++) {
            const AlonePiece *piece = &p->pieces[params[1] + k];
            length += piece->text ? strlen(piece->text) : (u64)piece->lanes * LANE;
        }
        if (length > most) most = length;
    }
    return (u32)most;
}

/* What the graph has no use for costs nothing: a macro in place of the function. */
static void put_absent(const Cgen *c, Sources *s, Buf *out) {
    static const struct {
        Code code;
        const char *name, *macro;
    } parts[] = {
        {CODE_delay, "delay_remove", "delay_remove(heap, count, i) ((void)0)"},
        {CODE_interpolate, "alone_next_move", "alone_next_move(s) ((s)->phase = ALONE_TICKS)"},
        {CODE_interpolate, "alone_drop_move", "alone_drop_move(s, i) ((void)(s))"},
        {CODE_log, "alone_say_line", "alone_say_line(s, host, node, values) ((void)(values))"},
    };
    for (u32 i = 0; i < COUNT_OF(parts); i++) {
        if (uses(c, parts[i].code)) continue;
        sources_known(s, parts[i].name);
        buf_print(out, "#define %s\n", parts[i].macro);
    }
    buf_byte(out, '\n');
}

static void put_title(const Cgen *c, const char *file, const char *what, Buf *out) {
    Cgen shown = *c;
    shown.out = out;
    buf_print(out, "/* %s - %s", file, what);
    put_comment(&shown, c->g->name[0] ? c->g->name : c->name);
    buf_text(out, ", made by treadle compile.");
}

static void put_prototypes(const Cgen *c, Buf *out) {
    for (u32 u = 0; u < c->cfg.unit_count; u++)
        buf_print(out, "static i32 %s(struct %s_state *s, u32 depth, u32 way, i32 fuel);\n", c->unit_name[u], c->name);
    buf_byte(out, '\n');
}

static Text text_of(const Buf *b) { return (Text){b->data ? b->data : "", b->len}; }

static void put_c_file(Cgen *c, const char *header, Sources *s, const Buf *rows, Buf *out) {
    char file[256];
    snprintf(file, sizeof file, "%.250s", header);
    u32 len = (u32)strlen(file);
    if (len > 2) file[len - 1] = 'c';
    put_title(c, file, "the graph ", out);
    buf_text(out, "\n**\n** Compile it as C11 with -ffp-contract=off: without, some compilers would fuse a * b + c "
                  "into one operation\n"
                  "** that rounds once, and give other results. */\n");
    buf_print(out,
              "#include \"%s\"\n\n#include <float.h>\n#include <math.h>\n#include <stdio.h>\n#include <stdlib.h>\n"
              "#include <string.h>\n\n#define SHARED static\n#define ALONE_LINE %u\n",
              header, (unsigned)longest_line(c));
    put_absent(c, s, out);
    sources_need(s, text_of(rows));
    sources_need(s, text_of(&c->body));
    sources_print(s, out);
    buf_put(out, rows->data, rows->len);
    buf_text(out, "/* ---- what is known of the graph ---- */\n\n");
    put_tables(c, out);
    buf_text(out, "/* ---- what it does ---- */\n\n");
    put_prototypes(c, out);
    buf_put(out, c->body.data, c->body.len);
}

static void put_h_file(Cgen *c, const char *header, Sources *s, Buf *out) {
    put_title(c, header, "runs the graph ", out);
    buf_text(out, "\n**\n** A graph is initialized, run with as much fuel as is to be used at once, ticked as time "
                  "passes, sent events. Its values\n"
                  "** are fields of its state: s->var, s->in, s->out. */\n");
    buf_print(out, "#ifndef TREADLE_GRAPH_%s_H\n#define TREADLE_GRAPH_%s_H\n\n", c->name, c->name);
    buf_text(out, "#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n\n");
    buf_text(out, "/* The same for every graph. */\n#ifndef TREADLE_ALONE\n#define TREADLE_ALONE\n\n");
    sources_known(s, "SHARED");
    sources_known(s, "ALONE_LINE");
    sources_need(s, TEXT("AloneModule AloneHost NONE REF_NULL REF_MAKE REF_KIND REF_PAYLOAD UNUSED"));
    sources_print(s, out);
    buf_text(out, "\n#endif\n\n");
    put_header(c, out);
    buf_text(out, "\n#endif\n");
}

static Err write_files(Cgen *c, const char *header, Buf *out_c, Buf *out_h) {
    Sources *s = sources_open(&c->arena);
    Buf rows = {0};
    bool made = s && put_units(c);
    if (made) {
        put_rows(c, &rows);
        put_h_file(c, header, s, out_h);
        put_c_file(c, header, s, &rows, out_c);
    }
    bool full = rows.full || c->body.full || out_c->full || out_h->full || c->arena.full;
    buf_close(&rows);
    return made && !full ? ERR_OK : ERR_MEMORY;
}

Err cgen(const Program *p, const CgenOptions *options, Diags *diags, Buf *out_c, Buf *out_h) {
    Cgen c;
    TRY(plan_check(p, diags));
    Err err = open_cgen(&c, p, options);
    if (err == ERR_OK) err = write_files(&c, options->header, out_c, out_h);
    if (err != ERR_OK) diag_report(diags, err, NULL, (Detail){0});
    close_cgen(&c);
    return err;
}

/* ---- the listing ---- */

Err cgen_list(const Program *p, const char *header, Buf *out) {
    Cgen c;
    Limits limits = limits_default();
    const CgenOptions options = {header, &limits};
    Err err = open_cgen(&c, p, &options);
    for (u32 u = 0; err == ERR_OK && u < c.cfg.unit_count; u++) err = list_unit(&c.cfg, u, c.unit_name[u], 0, out);
    close_cgen(&c);
    return err;
}
