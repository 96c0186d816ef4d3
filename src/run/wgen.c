/* wgen.c (run) - the module: what it imports, its units one after the other, its sections. */
#include "wgen.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "alone.h"
#include "effect.h"
#include "wgen_unit.h"

/* Instructions in one unit, and in one block: what engines optimise well in one piece. */
enum { UNIT_INSTRUCTIONS = 6000, STRETCH_INSTRUCTIONS = 12000 };

i32 wgen_refuse(Wgen *w, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(w->refusal, sizeof w->refusal, format, args);
    va_end(args);
    return w->status = -1;
}

const char *wgen_refusal(const Wgen *w) { return w->refusal; }

/* ---- types ---- */

/* Parameters and results as letters, "III:F"; type 0 is a unit's. */
enum { SIGNATURES_MOST = 64 };

typedef struct Signatures {
    char text[SIGNATURES_MOST][16];
    u32 count;
} Signatures;

static u32 add_signature(Signatures *s, const char *text) {
    for (u32 i = 0; i < s->count; i++)
        if (!strcmp(s->text[i], text)) return i;
    ASSERT(s->count < SIGNATURES_MOST);
    snprintf(s->text[s->count], sizeof s->text[0], "%s", text);
    return s->count++;
}

static char upper(char letter) { return letter >= 'a' && letter <= 'z' ? (char)(letter - 'a' + 'A') : letter; }

static void row_signature(u32 row, char out[16]) {
    if (row >= PURE_COUNT) {
        snprintf(out, 16, "IIII:");
        return;
    }
    const PureRow *r = pure_row((PureId)row);
    char in[4] = {0};
    for (u32 k = 0; k < r->arity; k++) in[k] = upper(r->letter[k]);
    snprintf(out, 16, "%s:%c", in, upper(r->result));
}

static void signature_of(u32 key, char out[16]) {
    static const char *const SERVICE[SERVICES] = {
        [SERVICE_EFFECT] = "II:I", [SERVICE_BEFORE] = "II:", [SERVICE_WROTE] = "II:"};
    if (key < WGEN_HELPER)
        row_signature(key, out);
    else
        snprintf(out, 16, "%s",
                 key < WGEN_SERVICE ? spell_helper((SpellHelperId)(key - WGEN_HELPER))->effect
                                    : SERVICE[key - WGEN_SERVICE]);
}

static void write_letters(WasmBuf *out, const char *letters, u32 n) {
    wasm_u32(out, n);
    for (u32 k = 0; k < n; k++)
        wasm_byte(out, (u8)(letters[k] == 'F' ? WASM_F64 : letters[k] == 'R' ? WASM_I64 : WASM_I32));
}

static void write_types(WasmBuf *out, const Signatures *s) {
    WasmBuf b;
    wasm_open(&b, out->labelled);
    wasm_u32(&b, s->count);
    for (u32 i = 0; i < s->count; i++) {
        const char *text = s->text[i], *colon = strchr(text, ':');
        wasm_label(&b, "type %", i);
        wasm_byte(&b, 0x60);
        write_letters(&b, text, (u32)(colon - text));
        write_letters(&b, colon + 1, (u32)strlen(colon + 1));
    }
    wasm_label(out, "section of types", 0);
    wasm_section(out, 1, &b);
    wasm_close(&b);
}

/* ---- imports ---- */

/* Whoever links knows functions by their names in C. */
static void name_of(u32 key, char out[64]) {
    if (key < PURE_COUNT)
        snprintf(out, 64, "fn_%s", code_name((Code)key));
    else if (key < VEC_PAST)
        snprintf(out, 64, "vec_%s", code_name((Code)key));
    else if (key < WGEN_HELPER)
        snprintf(out, 64, "alone_%s", code_name((Code)key));
    else
        snprintf(out, 64, "%s", spell_helper((SpellHelperId)(key - WGEN_HELPER))->symbol);
}

static void link_function(Wgen *w, u32 key) {
    const WgenLink *link = w->options.link;
    char name[64];
    name_of(key, name);
    w->import_of[key] = link->function(link->context, name);
    if (w->import_of[key] == NONE) wgen_refuse(w, "the runtime has no function %s", name);
}

static void import_once(Wgen *w, u32 key) {
    if (w->import_of[key] != NONE || w->status < 0) return;
    if (w->options.link) {
        link_function(w, key);
        return;
    }
    w->import_of[key] = w->import_count;
    w->imports[w->import_count++] = (WgenImport){key, 0};
}

static void import_for_row(Wgen *w, u32 row) {
    const Spelling *s = spell((RowId)row);
    if (!s->steps) import_once(w, row);
    for (u32 k = 0; k < s->count; k++)
        if (s->steps[k].kind == SPELL_CALL) import_once(w, WGEN_HELPER + s->steps[k].op);
}

static void import_for(Wgen *w, u16 code) {
    if (ins_kind((Code)code) != INS_EFFECT) return;
    if (w->options.link)
        import_once(w, code);
    else if (code != CODE_random)
        import_once(w, WGEN_SERVICE + SERVICE_EFFECT);
}

static void find_imports(Wgen *w) {
    bool seen[CODE_COUNT] = {false};
    for (u32 key = 0; key < WGEN_KEYS; key++) w->import_of[key] = NONE;
    for (u32 pc = 0; pc < w->program->count; pc++) {
        u16 code = w->program->code[pc].code;
        w->hosts |= code == CODE_host;
        if (seen[code]) continue;
        seen[code] = true;
        if (code < VEC_PAST)
            import_for_row(w, code);
        else
            import_for(w, code);
    }
    if (!w->options.traced) return;
    import_once(w, WGEN_SERVICE + SERVICE_BEFORE);
    import_once(w, WGEN_SERVICE + SERVICE_WROTE);
}

static RowFunction function_of(u32 key) {
    static const RowFunction SERVICE[SERVICES] = {
        [SERVICE_EFFECT] = (RowFunction)effect,
        [SERVICE_BEFORE] = (RowFunction)effect_before,
        [SERVICE_WROTE] = (RowFunction)effect_wrote,
    };
    if (key < WGEN_HELPER) return row_function((RowId)key);
    return key < WGEN_SERVICE ? spell_helper((SpellHelperId)(key - WGEN_HELPER))->function
                              : SERVICE[key - WGEN_SERVICE];
}

/* Of an import. In Wasm a function's address is its index in the table; natively it is nothing that a module could use. */
static void import_name(u32 key, char out[32]) { snprintf(out, 32, "%u", (unsigned)(uintptr_t)function_of(key)); }

static void label_import(WasmBuf *b, u32 key) {
    static const char *const SERVICE[SERVICES] = {"effect", "effect_before", "effect_wrote"};
    if (key >= WGEN_SERVICE)
        wasm_label_name(b, SERVICE[key - WGEN_SERVICE]);
    else
        wasm_label_name(b, key < WGEN_HELPER ? code_name((Code)key)
                                             : spell_helper((SpellHelperId)(key - WGEN_HELPER))->symbol);
}

static void write_imports(const Wgen *w, WasmBuf *out) {
    WasmBuf b;
    wasm_open(&b, out->labelled);
    wasm_u32(&b, 3 + w->import_count);
    wasm_label(&b, "memory", 0);
    wasm_name(&b, "e");
    wasm_name(&b, "m");
    wasm_bytes(&b, (u8[]){2, 0, 0}, 3);
    wasm_label(&b, "table of functions", 0);
    wasm_name(&b, "e");
    wasm_name(&b, "t");
    wasm_bytes(&b, (u8[]){1, 0x70, 0, 0}, 4);
    wasm_label(&b, "where its units go", 0);
    wasm_name(&b, "e");
    wasm_name(&b, "b");
    wasm_bytes(&b, (u8[]){3, WASM_I32, 0}, 3);
    for (u32 i = 0; i < w->import_count; i++) {
        char name[32];
        import_name(w->imports[i].key, name);
        wasm_label(&b, "function %", i);
        label_import(&b, w->imports[i].key);
        wasm_name(&b, "f");
        wasm_name(&b, name);
        wasm_byte(&b, 0);
        wasm_u32(&b, w->imports[i].type);
    }
    wasm_label(out, "section of imports", 0);
    wasm_section(out, 2, &b);
    wasm_close(&b);
}

static void write_functions(const Wgen *w, WasmBuf *out) {
    WasmBuf b;
    wasm_open(&b, out->labelled);
    wasm_u32(&b, w->units);
    wasm_label(&b, "units, all of type 0", 0);
    for (u32 i = 0; i < w->units; i++) wasm_u32(&b, 0);
    wasm_label(out, "section of functions", 0);
    wasm_section(out, 3, &b);
    wasm_close(&b);
}

static void write_elements(const Wgen *w, WasmBuf *out) {
    WasmBuf b;
    wasm_open(&b, out->labelled);
    wasm_bytes(&b, (u8[]){1, 0, 0x23, 0, 0x0b}, 5); /* one segment, at global 0 */
    wasm_u32(&b, w->units);
    for (u32 i = 0; i < w->units; i++) wasm_u32(&b, w->import_count + i);
    wasm_label(out, "section of elements", 0);
    wasm_section(out, 9, &b);
    wasm_close(&b);
}

static void write_code(const Wgen *w, WasmBuf *out) {
    WasmBuf b;
    wasm_open(&b, out->labelled);
    wasm_u32(&b, w->units);
    wasm_append(&b, &w->code);
    wasm_label(out, "section of code", 0);
    wasm_section(out, 10, &b);
    wasm_close(&b);
}

/* ---- what units write ---- */

/* Adds slots to a rising list; false: there are too many, or nothing was news. */
static bool add_write(struct Writes *to, u32 slot, u32 *store) {
    u32 at = 0;
    if (to->count == WRITES_ALL) return false;
    while (at < to->count && to->slots[at] < slot) at++;
    if (at < to->count && to->slots[at] == slot) return false;
    if (to->count == WRITES_MOST) {
        to->count = WRITES_ALL;
        return true;
    }
    if (!to->slots) to->slots = store;
    memmove(to->slots + at + 1, to->slots + at, sizeof(u32) * (to->count - at));
    to->slots[at] = slot;
    to->count++;
    return true;
}

static u32 *store_of(Wgen *w, u32 unit) { return w->writes_store + (u64)unit * WRITES_MOST; }

static void find_own_writes(Wgen *w, u32 unit, const Ins *i) {
    Access list[ACCESS_MAX];
    u32 node;
    struct Writes *to = &w->writes[unit];
    EffectReach reach = ins_kind((Code)i->code) == INS_EFFECT ? effect_writes(w->program, i, &node) : REACH_NONE;
    if (reach != REACH_NONE || i->code == CODE_host) to->count = WRITES_ALL;
    for (u32 a = 0, n = access_of(w->program, i, list); a < n; a++)
        for (u32 s = list[a].slot; list[a].write && s < list[a].slot + list[a].count; s++)
            if (s < w->program->const_first) add_write(to, s, store_of(w, unit));
}

static bool take_writes(Wgen *w, u32 unit, u32 from) {
    struct Writes *to = &w->writes[unit];
    const struct Writes *more = &w->writes[from];
    if (to->count == WRITES_ALL || unit == from) return false;
    if (more->count == WRITES_ALL) {
        to->count = WRITES_ALL;
        return true;
    }
    bool news = false;
    for (u32 k = 0; k < more->count; k++) news |= add_write(to, more->slots[k], store_of(w, unit));
    return news;
}

/* Until nothing is news: what a unit calls or jumps to writes for it too. Few rounds, since lists are short. */
static bool find_writes(Wgen *w) {
    const Cfg *c = &w->cfg;
    w->writes = ARENA_ARRAY(&w->arena, struct Writes, c->unit_count + 1);
    w->writes_store = ARENA_ARRAY(&w->arena, u32, (u64)c->unit_count * WRITES_MOST + 1);
    if (w->arena.full) return false;
    for (u32 b = 0; b < c->block_count; b++)
        for (u32 pc = c->blocks[b].first; c->blocks[b].unit != NONE && pc < c->blocks[b].past; pc++)
            find_own_writes(w, c->blocks[b].unit, &w->program->code[pc]);
    for (bool news = true; news;) {
        news = false;
        for (u32 b = c->block_count; b-- > 0;) {
            const Block *block = &c->blocks[b];
            if (block->unit == NONE) continue;
            if (block->callee != NONE) news |= take_writes(w, block->unit, c->blocks[block->callee].unit);
            for (u32 k = 0; k < block->succs; k++)
                news |= take_writes(w, block->unit, c->blocks[c->succ[block->succ_first + k]].unit);
        }
    }
    return true;
}

/* ---- what functions pass to each other ---- */

static void pass(void *context, u32 slot) {
    Wgen *w = context;
    w->passed[slot] = 1;
}

/* Temporaries go from function to function where one jumps into another: where a large one was cut. */
static bool find_passed(Wgen *w) {
    const Cfg *c = &w->cfg;
    u8 *entered = ARENA_ARRAY(&w->arena, u8, c->unit_count + 1); /* by unit: others jump into it */
    if (!entered) return false;
    for (u32 b = 0; b < c->block_count; b++)
        for (u32 k = 0; c->blocks[b].unit != NONE && k < c->blocks[b].succs; k++) {
            u32 to = c->blocks[c->succ[c->blocks[b].succ_first + k]].unit;
            if (to != c->blocks[b].unit) entered[to] = 1;
        }
    bool cut = w->stretches && w->units > 1;
    for (u32 b = 0; b < c->block_count; b++)
        if (c->blocks[b].unit != NONE && (cut || entered[c->blocks[b].unit])) visit_given(w, &c->blocks[b], pass, w);
    return true;
}

/* ---- open, some, close ---- */

static bool take_lists(Wgen *w) {
    const Program *p = w->program;
    u64 slots = (u64)p->stack_first + 1;
    w->letters = ARENA_ARRAY(&w->arena, u8, slots);
    w->imports = ARENA_ARRAY(&w->arena, WgenImport, WGEN_KEYS);
    w->import_of = ARENA_ARRAY(&w->arena, u32, WGEN_KEYS);
    w->cache_of = ARENA_ARRAY(&w->arena, u32, slots);
    w->temp_of = ARENA_ARRAY(&w->arena, u32, slots);
    w->last_read = ARENA_ARRAY(&w->arena, u32, slots);
    w->read_in = ARENA_ARRAY(&w->arena, u32, slots);
    w->exposed = ARENA_ARRAY(&w->arena, u8, slots);
    w->passed = ARENA_ARRAY(&w->arena, u8, slots);
    if (w->arena.full) return false;
    for (u32 s = 0; s < slots; s++) w->cache_of[s] = w->temp_of[s] = NONE;
    for (u32 k = 0; k < p->out_count; k++)
        w->exposed[p->out_first + k] = 1; /* graph outputs: whoever asks reads memory */
    slot_letters(p, w->letters);
    return true;
}

/* Whole blocks, as many as fit. */
static bool find_stretches(Wgen *w) {
    const Cfg *c = &w->cfg;
    u32 count = w->program->count;
    w->stretches = ARENA_ARRAY(&w->arena, WgenStretch, 2 * (count / STRETCH_INSTRUCTIONS) + 2);
    if (!w->stretches) return false;
    w->units = 0;
    for (u32 b = 0, first = 0; b < c->block_count; b++) {
        u32 past = b + 1 < c->block_count ? c->blocks[b + 1].past : NONE;
        if (past - first <= STRETCH_INSTRUCTIONS && past != NONE) continue;
        w->stretches[w->units++] = (WgenStretch){first, c->blocks[b].past};
        first = c->blocks[b].past;
    }
    return true;
}

Wgen *wgen_open(const Program *p, const WgenOptions *options) {
    Arena arena;
    arena_open(&arena, 0);
    Wgen *w = ARENA_NEW(&arena, Wgen);
    if (!w) return NULL;
    *w = (Wgen){.arena = arena, .program = p, .options = *options, .status = 1};
    if (options->link) {
        w->at.pc = ALONE_AT_PC;
        w->at.depth = ALONE_AT_DEPTH;
        w->at.budget = ALONE_AT_BUDGET;
    } else {
        w->at.pc = offsetof(Instance, pc);
        w->at.depth = offsetof(Instance, depth);
        w->at.budget = offsetof(Instance, budget);
    }
    wasm_open(&w->code, options->labels);
    wasm_open(&w->module, options->labels);
    if (!p->verified) {
        wgen_refuse(w, "the program was not verified");
        return w;
    }
    CfgOptions cut = {.charges = options->shape != SHAPE_STRUCTURED, .instructions = UNIT_INSTRUCTIONS};
    if (take_lists(w) && cfg_open(p, &cut, &w->cfg) == ERR_OK) {
        const WgenLink *link = options->link;
        w->units = w->cfg.unit_count;
        if (options->shape == SHAPE_SCHEDULER && !find_stretches(w)) {
            wgen_close(w);
            return NULL;
        }
        w->bytes = ARENA_ARRAY(&w->arena, u32, (u64)w->units + 1);
        find_imports(w);
        w->unit_first = link ? link->units(link->context, w->units) : w->import_count;
        if (w->bytes && find_writes(w) && find_passed(w)) return w;
    }
    wgen_close(w);
    return NULL;
}

void wgen_close(Wgen *w) {
    if (!w) return;
    cfg_close(&w->cfg);
    wasm_close(&w->code);
    wasm_close(&w->module);
    Arena arena = w->arena; /* w itself lies in it */
    arena_close(&arena);
}

/* Functions that V8 takes in one module. */
enum { UNITS_MOST = 1000000 };

static i32 finish(Wgen *w) {
    if (w->options.link) return w->status = 0;
    Signatures s = {.count = 0};
    add_signature(&s, "IIIII:I");
    for (u32 i = 0; i < w->import_count; i++) {
        char text[16];
        signature_of(w->imports[i].key, text);
        w->imports[i].type = add_signature(&s, text);
    }
    wasm_label(&w->module, "WebAssembly 1", 0);
    wasm_bytes(&w->module, "\0asm\1\0\0\0", 8);
    write_types(&w->module, &s);
    write_imports(w, &w->module);
    write_functions(w, &w->module);
    write_elements(w, &w->module);
    write_code(w, &w->module);
    if (wasm_failed(&w->module)) return wgen_refuse(w, "no memory for the module");
    return w->status = 0;
}

static u32 instructions_of(const Wgen *w, u32 unit) {
    if (w->stretches) return w->stretches[unit].past - w->stretches[unit].first;
    const Unit *u = &w->cfg.units[unit];
    u32 count = 0;
    for (u32 k = 0; k < u->blocks; k++) {
        const Block *b = &w->cfg.blocks[w->cfg.members[u->block_first + k]];
        count += b->past - b->first;
    }
    return count;
}

i32 wgen_some(Wgen *w, u32 instructions) {
    u32 done = 0;
    if (w->status < 0) return -1;
    if (w->units > UNITS_MOST) return wgen_refuse(w, "more units than engines take");
    while (w->status == 1 && done < instructions) {
        if (w->next == w->units) return finish(w);
        done += instructions_of(w, w->next);
        if (wgen_unit(w) < 0) return w->status;
        w->next++;
    }
    return w->status;
}

Text wgen_module(const Wgen *w) { return (Text){w->module.bytes.data, w->module.bytes.len}; }

void wgen_dump(const Wgen *w, Buf *out) { wasm_dump(&w->module, out); }

/* ---- for the run loop ---- */

/* Bytes of stack that an engine's frame of a unit takes at most, and of the stack that units may use together. */
enum { FRAME_LEAST = 256, FRAME_PER_LOCAL = 16, STACK_FOR_UNITS = 192 << 10 };

static u32 levels_for(u32 locals) {
    u32 levels = STACK_FOR_UNITS / (FRAME_LEAST + FRAME_PER_LOCAL * locals);
    return levels ? levels : 1;
}

static i32 height_at(const Wgen *w, const Way *way) {
    const Block *b = &w->cfg.blocks[way->block];
    i32 height = b->height;
    for (u32 pc = b->first; pc < way->pc; pc++)
        height += (w->program->code[pc].code == CODE_push) - (w->program->code[pc].code == CODE_pop);
    return height;
}

/* Every block and every charge is a way, by its instruction's number. */
static void fill_stretches(const Wgen *w, Compiled *c) {
    for (u32 u = 0; u < w->units; u++)
        for (u32 pc = w->stretches[u].first; pc < w->stretches[u].past; pc++) {
            const Block *b = &w->cfg.blocks[w->cfg.block_at[pc]];
            bool charge = pc + 1 == b->past && (b->end == END_FUEL || b->end == END_TURN);
            if (b->unit == NONE || (b->first != pc && !charge)) continue;
            c->unit_at[pc] = u;
            c->way_at[pc] = pc;
        }
}

static void fill_ways(const Wgen *w, Compiled *c) {
    for (u32 pc = 0; pc < w->program->count; pc++) c->unit_at[pc] = NONE;
    if (w->stretches) {
        fill_stretches(w, c);
        return;
    }
    for (u32 u = 0; u < w->units; u++)
        for (u32 k = 0; k < w->cfg.units[u].ways; k++) {
            const Way *way = &w->cfg.ways[w->cfg.units[u].way_first + k];
            c->unit_at[way->pc] = u;
            c->way_at[way->pc] = k;
            c->height[way->pc] = height_at(w, way);
        }
}

Compiled *wgen_compiled(Wgen *w) {
    Compiled *c = system_take(sizeof(Compiled));
    if (!c) return NULL;
    *c = (Compiled){.program = w->program,
                    .shape = w->options.shape,
                    .traced = w->options.traced,
                    .units = w->units,
                    .levels = levels_for(w->locals_most)};
    u64 count = (u64)w->program->count + 1;
    arena_open(&c->arena, 0);
    c->unit_at = ARENA_ARRAY(&c->arena, u32, count);
    c->way_at = ARENA_ARRAY(&c->arena, u32, count);
    c->height = ARENA_ARRAY(&c->arena, i32, count);
    if (c->arena.full) {
        compiled_close(c);
        return NULL;
    }
    fill_ways(w, c);
    return c;
}
