/* object.c (run) - a relocatable WebAssembly module, read: see object.h. */
#include "object.h"

#include <string.h>

enum { SECTION_CUSTOM, SECTION_TYPE, SECTION_IMPORT, SECTION_FUNCTION, SECTION_CODE = 10, SECTION_DATA = 11 };
enum { IMPORT_FUNCTION, IMPORT_TABLE, IMPORT_MEMORY, IMPORT_GLOBAL };
enum { LINKING_VERSION = 2, LINKING_SEGMENTS = 5, LINKING_SYMBOLS = 8 };
enum { FLAG_UNDEFINED = 0x10, FLAG_NAMED = 0x40 };

/* The largest alignment that any C type has; a larger one is nonsense. */
enum { ALIGN_LOG_MAX = 6 };

/* Reading goes from `at` to `end`; what lies beyond reads as zero and is remembered as a fault. */
typedef struct Reader {
    Arena *arena;
    Object *out;
    u32 at, end;
    bool bad;
    u32 section, code_section, data_section; /* their ordinals, which relocations name */
    u32 code_first, data_first;              /* offsets of their contents, which relocations count from */
} Reader;

static bool refuse(Reader *r, const char *why) {
    if (!r->out->refusal) r->out->refusal = why;
    r->bad = true;
    return false;
}

static bool spoil(Reader *r) { return refuse(r, "it ends too early, or holds a number that cannot be"); }

/* ---- bytes ---- */

static u32 left(const Reader *r) { return r->end - r->at; }

static u8 read_byte(Reader *r) {
    if (!r->bad && left(r)) return r->out->bytes[r->at++];
    spoil(r);
    return 0;
}

static u32 read_u32(Reader *r) {
    u32 value = 0;
    for (u32 shift = 0; shift < 35; shift += 7) {
        u8 byte = read_byte(r);
        if (shift == 28 && byte > 15) break;
        value |= (u32)(byte & 0x7f) << shift;
        if (byte < 0x80) return value;
    }
    spoil(r);
    return 0;
}

/* Signed, as addends are; only its low 32 bits matter. */
static i32 read_i32(Reader *r) {
    u32 value = 0;
    for (u32 shift = 0; shift < 35; shift += 7) {
        u8 byte = read_byte(r);
        value |= (u32)(byte & 0x7f) << shift;
        if (byte >= 0x80) continue;
        if (shift < 28 && byte & 0x40) value |= UINT32_MAX << (shift + 7);
        return (i32)value;
    }
    spoil(r);
    return 0;
}

static void skip(Reader *r, u32 count) {
    if (!r->bad && count <= left(r))
        r->at += count;
    else
        spoil(r);
}

static Text read_name(Reader *r) {
    u32 len = read_u32(r), first = r->at;
    skip(r, len);
    return r->bad ? (Text){"", 0} : (Text){(const char *)r->out->bytes + first, len};
}

/* The length of a list whose elements have one byte at least: none asks for more memory than the file has bytes. */
static u32 read_count(Reader *r) {
    u32 count = read_u32(r);
    if (count > left(r)) spoil(r);
    return r->bad ? 0 : count;
}

#define TAKE_LIST(r, list, n)                                                                                          \
    ((list) = arena_take((r)->arena, (u64)(n) * sizeof *(list)), (list) || refuse((r), "out of memory"))

static bool is_named(Text name, const char *word) {
    return name.len == strlen(word) && memcmp(name.data, word, name.len) == 0;
}

/* ---- types, imports, functions ---- */

static void read_types(Reader *r) {
    Object *o = r->out;
    u32 count = read_count(r);
    if (o->types || !TAKE_LIST(r, o->types, count)) {
        spoil(r);
        return;
    }
    for (; o->type_count < count && !r->bad; o->type_count++) {
        u32 first = r->at;
        if (read_byte(r) != 0x60) refuse(r, "it has types other than functions");
        skip(r, read_u32(r));
        skip(r, read_u32(r));
        o->types[o->type_count] = (Text){(const char *)o->bytes + first, r->at - first};
    }
}

static void skip_limits(Reader *r) {
    bool has_most = read_byte(r) & 1;
    read_u32(r);
    if (has_most) read_u32(r);
}

static void add_import(Reader *r, Text module, Text name) {
    Object *o = r->out;
    ObjectFunction f = {.type = read_u32(r), .module = module, .name = name};
    if (f.type >= o->type_count) spoil(r);
    if (!r->bad) o->functions[o->import_count++] = f;
}

/* Of what is no function only the stack pointer, a memory and a table are there, and it is known what they are. */
static void read_import(Reader *r) {
    Text module = read_name(r), name = read_name(r);
    switch (read_byte(r)) {
    case IMPORT_FUNCTION: add_import(r, module, name); return;
    case IMPORT_TABLE:
        read_byte(r);
        skip_limits(r);
        return;
    case IMPORT_MEMORY: skip_limits(r); return;
    case IMPORT_GLOBAL:
        read_byte(r);
        read_byte(r);
        if (!is_named(name, "__stack_pointer")) refuse(r, "it imports a global other than the stack pointer");
        return;
    default: refuse(r, "it imports what is no function, table, memory or global");
    }
}

static void read_imports(Reader *r) {
    u32 count = read_count(r);
    if (r->out->functions || !TAKE_LIST(r, r->out->functions, count)) {
        spoil(r);
        return;
    }
    for (u32 i = 0; i < count && !r->bad; i++) read_import(r);
    r->out->function_count = r->out->import_count;
}

static void read_functions(Reader *r) {
    Object *o = r->out;
    u32 count = read_count(r);
    ObjectFunction *all;
    if (r->bad || o->function_count > o->import_count || !TAKE_LIST(r, all, (u64)o->import_count + count)) {
        spoil(r);
        return;
    }
    if (o->import_count) memcpy(all, o->functions, o->import_count * sizeof *all);
    o->functions = all;
    for (u32 i = 0; i < count && !r->bad; i++) {
        u32 type = read_u32(r);
        if (type >= o->type_count) spoil(r);
        o->functions[o->function_count++] = (ObjectFunction){.type = type};
    }
}

/* ---- code and data ---- */

static void read_code(Reader *r) {
    Object *o = r->out;
    r->code_section = r->section;
    r->code_first = r->at;
    if (read_count(r) != o->function_count - o->import_count) spoil(r);
    for (u32 i = o->import_count; i < o->function_count && !r->bad; i++) {
        ObjectFunction *f = &o->functions[i];
        f->size = read_u32(r);
        f->first = r->at;
        skip(r, f->size);
    }
}

/* An active segment of memory 0; where it wants to be does not matter, it will be placed. */
static void read_segment(Reader *r, ObjectData *out) {
    u32 mode = read_u32(r);
    if (mode != 0 || read_byte(r) != 0x41) refuse(r, "it has data whose place is no constant");
    read_i32(r);
    if (read_byte(r) != 0x0b) refuse(r, "it has data whose place is no constant");
    u32 size = read_u32(r);
    *out = (ObjectData){.first = r->at, .size = size, .align = 1};
    skip(r, size);
}

static void read_data(Reader *r) {
    Object *o = r->out;
    r->data_section = r->section;
    r->data_first = r->at;
    u32 count = read_count(r);
    if (o->data || !TAKE_LIST(r, o->data, count)) {
        spoil(r);
        return;
    }
    for (; o->data_count < count && !r->bad; o->data_count++) read_segment(r, &o->data[o->data_count]);
}

/* ---- linking: alignments and symbols ---- */

static void read_alignments(Reader *r) {
    u32 count = read_count(r);
    if (count != r->out->data_count) spoil(r);
    for (u32 i = 0; i < count && !r->bad; i++) {
        read_name(r);
        u32 log = read_u32(r);
        read_u32(r);
        if (log > ALIGN_LOG_MAX) spoil(r);
        if (!r->bad) r->out->data[i].align = 1u << log;
    }
}

static void read_function_symbol(Reader *r, ObjectSymbol *s, u32 flags) {
    const Object *o = r->out;
    s->index = read_u32(r);
    if (s->index >= o->function_count || s->defined != (s->index >= o->import_count)) spoil(r);
    if (s->defined || flags & FLAG_NAMED)
        s->name = read_name(r);
    else if (!r->bad)
        s->name = o->functions[s->index].name;
}

static void read_data_symbol(Reader *r, ObjectSymbol *s) {
    const Object *o = r->out;
    s->name = read_name(r);
    s->index = NONE;
    if (!s->defined) return;
    s->index = read_u32(r);
    s->offset = read_u32(r);
    read_u32(r);
    if (s->index >= o->data_count || s->offset > o->data[s->index].size) spoil(r);
}

static void read_symbol(Reader *r, ObjectSymbol *s) {
    s->kind = read_byte(r);
    u32 flags = read_u32(r);
    s->defined = !(flags & FLAG_UNDEFINED);
    switch (s->kind) {
    case SYMBOL_FUNCTION: read_function_symbol(r, s, flags); return;
    case SYMBOL_DATA: read_data_symbol(r, s); return;
    case SYMBOL_SECTION: read_u32(r); return;
    case SYMBOL_GLOBAL:
    case SYMBOL_TABLE:
        if (s->defined) refuse(r, "it defines a global or a table");
        read_u32(r);
        if (flags & FLAG_NAMED) read_name(r);
        return;
    default: refuse(r, "it has symbols of an unknown kind");
    }
}

static void read_symbols(Reader *r) {
    Object *o = r->out;
    u32 count = read_count(r);
    if (o->symbols || !TAKE_LIST(r, o->symbols, count)) {
        spoil(r);
        return;
    }
    for (; o->symbol_count < count && !r->bad; o->symbol_count++) read_symbol(r, &o->symbols[o->symbol_count]);
}

static void read_linking(Reader *r) {
    if (read_u32(r) != LINKING_VERSION) refuse(r, "its linking section is of another version");
    u32 end = r->end;
    while (!r->bad && r->at < end) {
        u8 kind = read_byte(r);
        u32 size = read_u32(r);
        if (size > left(r)) spoil(r);
        r->end = r->bad ? r->at : r->at + size;
        if (kind == LINKING_SEGMENTS) read_alignments(r);
        if (kind == LINKING_SYMBOLS) read_symbols(r);
        r->at = r->end;
        r->end = end;
    }
}

/* ---- relocations ---- */

static bool has_addend(u32 kind) {
    return kind == RELOC_MEMORY_LEB || kind == RELOC_MEMORY_SLEB || kind == RELOC_MEMORY_I32;
}

static bool is_word(u32 kind) { return kind == RELOC_TABLE_I32 || kind == RELOC_MEMORY_I32; }

/* The bytes at an offset that a relocation replaces, at most up to `past`; 0: they are none. */
static u32 place_size(const Object *o, u32 kind, u32 at, u32 past) {
    if (is_word(kind)) return at < past && past - at >= 4 ? 4 : 0;
    for (u32 size = 1; size <= 5 && at < past && size <= past - at; size++)
        if (o->bytes[at + size - 1] < 0x80) return size;
    return 0;
}

static bool fits_symbol(const Object *o, const Reloc *reloc) {
    if (reloc->kind == RELOC_TYPE_LEB) return reloc->symbol < o->type_count;
    if (reloc->symbol >= o->symbol_count) return false;
    u8 kind = o->symbols[reloc->symbol].kind;
    if (has_addend(reloc->kind)) return kind == SYMBOL_DATA;
    if (reloc->kind == RELOC_GLOBAL_LEB) return kind == SYMBOL_GLOBAL;
    return kind == (reloc->kind == RELOC_TABLE_NUMBER ? SYMBOL_TABLE : SYMBOL_FUNCTION);
}

/* One relocation of a section whose contents begin at `base`. */
static void read_reloc(Reader *r, u32 base, Reloc *out) {
    out->kind = read_byte(r);
    u32 offset = read_u32(r);
    out->symbol = read_u32(r);
    out->addend = has_addend(out->kind) ? read_i32(r) : 0;
    if (out->kind > RELOC_GLOBAL_LEB && out->kind != RELOC_TABLE_NUMBER)
        refuse(r, "it has relocations of an unknown kind");
    if (offset > r->out->len - base || !fits_symbol(r->out, out)) spoil(r);
    out->at = r->bad ? 0 : base + offset;
}

/* Those of a body or segment [first, first + size): the list's from *next on, as they rise. */
static void give_relocs(Reader *r, u32 *next, u32 first, u32 size, u32 *reloc_first, u32 *relocs) {
    Object *o = r->out;
    u32 free = first;
    *reloc_first = *next;
    for (; *next < o->reloc_count && o->relocs[*next].at < first + size; ++*next) {
        Reloc *reloc = &o->relocs[*next];
        reloc->size = place_size(o, reloc->kind, reloc->at, first + size);
        if (reloc->at < free || !reloc->size) spoil(r);
        free = reloc->at + reloc->size;
    }
    *relocs = *next - *reloc_first;
}

/* Appends a section's relocations to the list; where they begin in it. */
static u32 add_relocs(Reader *r, u32 base) {
    Object *o = r->out;
    u32 count = read_count(r), first = o->reloc_count;
    Reloc *all;
    if (r->bad || !TAKE_LIST(r, all, (u64)first + count)) return 0;
    if (first) memcpy(all, o->relocs, first * sizeof *all);
    o->relocs = all;
    for (u32 i = 0; i < count && !r->bad; i++) read_reloc(r, base, &all[o->reloc_count++]);
    return first;
}

static void read_code_relocs(Reader *r) {
    Object *o = r->out;
    u32 next = add_relocs(r, r->code_first);
    for (u32 i = o->import_count; i < o->function_count && !r->bad; i++) {
        ObjectFunction *f = &o->functions[i];
        if (f->relocs) spoil(r);
        give_relocs(r, &next, f->first, f->size, &f->reloc_first, &f->relocs);
    }
    if (next != o->reloc_count) spoil(r);
}

static void read_data_relocs(Reader *r) {
    Object *o = r->out;
    u32 next = add_relocs(r, r->data_first);
    for (u32 i = 0; i < o->data_count && !r->bad; i++) {
        ObjectData *d = &o->data[i];
        if (d->relocs) spoil(r);
        give_relocs(r, &next, d->first, d->size, &d->reloc_first, &d->relocs);
    }
    if (next != o->reloc_count) spoil(r);
}

/* Those of other sections (of debug information) are nothing to us. */
static void read_relocs(Reader *r) {
    u32 section = read_u32(r);
    if (r->code_section != NONE && section == r->code_section) read_code_relocs(r);
    if (r->data_section != NONE && section == r->data_section) read_data_relocs(r);
}

/* ---- sections ---- */

static void read_custom(Reader *r) {
    Text name = read_name(r);
    if (is_named(name, "linking")) read_linking(r);
    if (name.len > 6 && memcmp(name.data, "reloc.", 6) == 0) read_relocs(r);
}

static void read_contents(Reader *r, u8 id) {
    switch (id) {
    case SECTION_CUSTOM: read_custom(r); return;
    case SECTION_TYPE: read_types(r); return;
    case SECTION_IMPORT: read_imports(r); return;
    case SECTION_FUNCTION: read_functions(r); return;
    case SECTION_CODE: read_code(r); return;
    case SECTION_DATA: read_data(r); return;
    default: return; /* memory, element segments and the like follow from what is taken */
    }
}

static void read_section(Reader *r) {
    u8 id = read_byte(r);
    u32 size = read_u32(r), end = r->end;
    if (size > left(r)) spoil(r);
    if (r->bad) return;
    u32 past = r->end = r->at + size;
    read_contents(r, id);
    r->at = past;
    r->end = end;
    r->section++;
}

bool object_read(Arena *arena, const void *bytes, u32 len, Object *out) {
    static const u8 head[8] = {0, 'a', 's', 'm', 1};
    *out = (Object){.bytes = bytes, .len = len};
    Reader r = {.arena = arena, .out = out, .end = len, .code_section = NONE, .data_section = NONE};
    if (len < sizeof head || memcmp(bytes, head, sizeof head) != 0) return refuse(&r, "it is no WebAssembly module");
    r.at = sizeof head;
    while (!r.bad && r.at < len) read_section(&r);
    if (!r.bad && r.code_section == NONE && out->function_count > out->import_count) return spoil(&r);
    if (!r.bad && !out->symbols) return refuse(&r, "it is not relocatable: it has no symbols");
    return !r.bad;
}

u32 object_find(const Object *o, Text name) {
    for (u32 i = 0; i < o->symbol_count; i++) {
        const ObjectSymbol *s = &o->symbols[i];
        bool same = s->name.len == name.len && memcmp(s->name.data, name.data, name.len) == 0;
        if (same && s->kind == SYMBOL_FUNCTION && s->defined) return s->index;
    }
    return NONE;
}
