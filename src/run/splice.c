/* splice.c (run) - a module put together of own functions and those of a runtime: see splice.h. */
#include "splice.h"

#include <string.h>

enum { SECTION_CUSTOM, SECTION_TYPE, SECTION_IMPORT, SECTION_FUNCTION, SECTION_TABLE, SECTION_MEMORY, SECTION_GLOBAL };
enum { SECTION_EXPORT = 7, SECTION_ELEMENT = 9, SECTION_CODE = 10, SECTION_DATA = 11 };
enum { EXPORT_FUNCTION = 0, EXPORT_MEMORY = 2, EXPORT_GLOBAL = 3 };
enum { PAGE = 65536 };

/* A function of the module, by index: spliced, imported, or own. */
typedef struct Function {
    u32 object;      /* in the runtime; NONE: own */
    u32 type;        /* in the module */
    u32 first, size; /* own: its body in `bodies` */
} Function;

/* Own data, or the runtime's, by its place in memory. */
typedef struct Data {
    u32 object; /* in the runtime; NONE: own */
    u32 address, size;
    u8 *bytes; /* own; NULL: zeros */
} Data;

typedef struct Export {
    const char *name;
    u8 kind;
    u32 index; /* of a function; of a global: its value */
} Export;

typedef struct List {
    void *at;
    u32 count, cap;
} List;

struct Splice {
    Arena arena; /* owns all but the lists and the buffer */
    Object runtime;
    const char *refusal;
    bool settled;                            /* indices were given out: the imports are known */
    u32 *function_at, *data_at, *element_at; /* by the runtime's index: index, address, place in the table; NONE */
    u32 *symbol_at;                          /* by the runtime's symbol: the address of data that it lacks; NONE */
    u32 *instead;                            /* by the runtime's function: another, NONE */
    List functions, data, exports, elements, types; /* Function, Data, Export, u32, Text */
    Buf bodies;
    u32 imports;
    u32 taken; /* of functions, and of data: those whose relocations were followed */
    u32 data_taken;
    u32 memory; /* the first free address */
};

static u32 fail(Splice *s, const char *why) {
    if (!s->refusal) s->refusal = why;
    return NONE;
}

static u32 refuse_name(Splice *s, const char *what, Text name) {
    char *why = s->refusal ? NULL : arena_take(&s->arena, strlen(what) + name.len + 1);
    if (!why) return fail(s, "out of memory");
    strcpy(why, what);
    memcpy(why + strlen(what), name.data, name.len);
    return fail(s, why);
}

const char *splice_refusal(const Splice *s) {
    return s->refusal ? s->refusal : s->bodies.full ? "out of memory" : NULL;
}

/* Room for one more; NULL when memory is refused. */
static void *add(Splice *s, List *list, u32 size) {
    if (list->count == list->cap) {
        u32 cap = list->cap ? list->cap * 2 : 32;
        void *more = cap > list->cap ? system_grow(list->at, (size_t)cap * size) : NULL;
        if (!more) {
            fail(s, "out of memory");
            return NULL;
        }
        list->at = more;
        list->cap = cap;
    }
    return (u8 *)list->at + (size_t)list->count++ * size;
}

#define ADD(s, list, Type, ...)                                                                                        \
    do {                                                                                                               \
        Type *added_ = add((s), &(list), sizeof(Type));                                                                \
        if (added_) *added_ = (Type)__VA_ARGS__;                                                                       \
    } while (0)

static Function *functions(const Splice *s) { return s->functions.at; }
static Data *data(const Splice *s) { return s->data.at; }
static Text *types(const Splice *s) { return s->types.at; }

/* ---- open, close ---- */

static u32 *take_map(Splice *s, u32 count) {
    u32 *map = ARENA_ARRAY(&s->arena, u32, count);
    if (map) memset(map, 0xff, sizeof *map * count);
    return map;
}

static const char *open_in(Splice *s, const void *runtime, u32 len) {
    arena_open(&s->arena, 0);
    s->memory = SPLICE_STACK;
    if (!object_read(&s->arena, runtime, len, &s->runtime)) return s->runtime.refusal;
    s->function_at = take_map(s, s->runtime.function_count);
    s->element_at = take_map(s, s->runtime.function_count);
    s->data_at = take_map(s, s->runtime.data_count);
    s->symbol_at = take_map(s, s->runtime.symbol_count);
    s->instead = take_map(s, s->runtime.function_count);
    return s->arena.full ? "out of memory" : NULL;
}

Splice *splice_open(const void *runtime, u32 len, const char **refusal) {
    Splice *s = system_take(sizeof *s);
    *refusal = "out of memory";
    if (!s) return NULL;
    *s = (Splice){0};
    *refusal = open_in(s, runtime, len);
    if (!*refusal) return s;
    splice_close(s);
    return NULL;
}

void splice_close(Splice *s) {
    if (!s) return;
    arena_close(&s->arena);
    system_give(s->functions.at);
    system_give(s->data.at);
    system_give(s->exports.at);
    system_give(s->elements.at);
    system_give(s->types.at);
    buf_close(&s->bodies);
    system_give(s);
}

/* ---- types ---- */

static u32 type_of(Splice *s, Text bytes) {
    for (u32 i = 0; i < s->types.count; i++)
        if (types(s)[i].len == bytes.len && memcmp(types(s)[i].data, bytes.data, bytes.len) == 0) return i;
    ADD(s, s->types, Text, bytes);
    return s->types.count - 1;
}

static char value_type(char letter) {
    switch (letter) {
    case 'i': return 0x7f;
    case 'l': return 0x7e;
    default: return 0x7c;
    }
}

u32 splice_type(Splice *s, const char *letters) {
    const char *line = strchr(letters, '_');
    u32 len = (u32)strlen(letters), ins = (u32)(line - letters);
    char *bytes = arena_take(&s->arena, len + 2);
    ASSERT(len < 128);
    if (!bytes) return fail(s, "out of memory");
    bytes[0] = 0x60;
    bytes[1] = (char)ins;
    for (u32 i = 0; i < ins; i++) bytes[2 + i] = value_type(letters[i]);
    bytes[2 + ins] = (char)(len - ins - 1);
    for (u32 i = ins + 1; i < len; i++) bytes[2 + i] = value_type(letters[i]);
    return type_of(s, (Text){bytes, len + 2});
}

/* ---- the runtime's functions and data, as they are reached ---- */

static u32 need_function(Splice *s, u32 object) {
    const Object *o = &s->runtime;
    if (s->instead[object] != NONE) object = s->instead[object];
    if (s->function_at[object] != NONE) return s->function_at[object];
    if (object < o->import_count && s->settled)
        return fail(s, "a function needs the host, and nothing said that this graph does");
    s->function_at[object] = s->functions.count;
    ADD(s, s->functions, Function, {.object = object, .type = type_of(s, o->types[o->functions[object].type])});
    return s->function_at[object];
}

static u32 need_element(Splice *s, u32 object) {
    if (s->element_at[object] == NONE) s->element_at[object] = splice_elements(s, need_function(s, object), 1);
    return s->element_at[object];
}

/* Memory for so many bytes; NONE when 4 GB are not enough. */
static u32 place(Splice *s, u32 len, u32 align) {
    u64 address = ((u64)s->memory + align - 1) & ~(u64)(align - 1);
    if (address + len > UINT32_MAX - PAGE) return fail(s, "its data does not fit into a memory");
    s->memory = (u32)(address + len);
    return (u32)address;
}

static u32 need_data(Splice *s, u32 object) {
    const ObjectData *d = &s->runtime.data[object];
    if (s->data_at[object] != NONE) return s->data_at[object];
    u32 address = place(s, d->size, d->align);
    if (address == NONE) return NONE;
    s->data_at[object] = address;
    ADD(s, s->data, Data, {.object = object, .address = address, .size = d->size});
    return address;
}

static u32 need_symbol(Splice *s, u32 symbol) {
    const ObjectSymbol *d = &s->runtime.symbols[symbol];
    if (d->index != NONE) return need_data(s, d->index) + d->offset;
    if (s->symbol_at[symbol] == NONE) return refuse_name(s, "nothing says where the runtime finds ", d->name);
    return s->symbol_at[symbol];
}

/* What a relocation puts in its place; whatever it names is needed from now on. */
static u32 resolve(Splice *s, const Reloc *r) {
    const Object *o = &s->runtime;
    if (r->kind == RELOC_TYPE_LEB) return type_of(s, o->types[r->symbol]);
    const ObjectSymbol *symbol = &o->symbols[r->symbol];
    switch (r->kind) {
    case RELOC_FUNCTION_LEB: return need_function(s, symbol->index);
    case RELOC_TABLE_SLEB:
    case RELOC_TABLE_I32: return need_element(s, symbol->index);
    case RELOC_MEMORY_LEB:
    case RELOC_MEMORY_SLEB:
    case RELOC_MEMORY_I32: return need_symbol(s, r->symbol) + (u32)r->addend;
    default: return 0; /* there is one global and one table */
    }
}

static void follow(Splice *s, u32 reloc_first, u32 relocs) {
    for (u32 i = 0; i < relocs; i++) resolve(s, &s->runtime.relocs[reloc_first + i]);
}

/* Follows all that was reached and not looked at. */
static void follow_all(Splice *s) {
    const Object *o = &s->runtime;
    while (!splice_refusal(s) && (s->taken < s->functions.count || s->data_taken < s->data.count)) {
        if (s->taken < s->functions.count) {
            u32 object = functions(s)[s->taken++].object;
            if (object != NONE) follow(s, o->functions[object].reloc_first, o->functions[object].relocs);
        } else {
            u32 object = data(s)[s->data_taken++].object;
            if (object != NONE) follow(s, o->data[object].reloc_first, o->data[object].relocs);
        }
    }
}

/* ---- what is asked for ---- */

static Text text_of(const char *text) { return (Text){text, (u32)strlen(text)}; }

static u32 find(Splice *s, const char *name) {
    u32 object = object_find(&s->runtime, text_of(name));
    return object == NONE ? refuse_name(s, "the runtime module has no function ", text_of(name)) : object;
}

static u32 find_data(Splice *s, const char *name) {
    const Object *o = &s->runtime;
    for (u32 i = 0; i < o->symbol_count; i++) {
        Text is = o->symbols[i].name;
        if (o->symbols[i].kind == SYMBOL_DATA && is.len == strlen(name) && memcmp(is.data, name, is.len) == 0) return i;
    }
    return NONE;
}

u32 splice_symbol(Splice *s, const char *name, u32 *size) {
    u32 symbol = find_data(s, name);
    *size = 0;
    if (symbol == NONE) return refuse_name(s, "the runtime module has no data ", text_of(name));
    u32 object = s->runtime.symbols[symbol].index;
    if (object != NONE) *size = s->runtime.data[object].size;
    return need_symbol(s, symbol);
}

void splice_define(Splice *s, const char *name, u32 address) {
    u32 symbol = find_data(s, name);
    if (symbol != NONE) s->symbol_at[symbol] = address; /* else nothing reads it */
}

void splice_root(Splice *s, const char *name) {
    u32 object = find(s, name);
    ASSERT(!s->settled);
    if (object != NONE) need_function(s, object);
}

void splice_instead(Splice *s, const char *name, const char *other) {
    u32 object = object_find(&s->runtime, text_of(name)), with = find(s, other);
    if (object != NONE && with != NONE) s->instead[object] = with;
}

/* The imports go before all others, which were noted in the order they were reached. */
static void settle(Splice *s) {
    follow_all(s);
    List reached = s->functions;
    Function *all = reached.at;
    s->settled = true;
    s->functions = (List){0};
    for (u32 pass = 0; pass < 2; pass++) {
        for (u32 i = 0; i < reached.count; i++) {
            if ((all[i].object >= s->runtime.import_count) != (pass == 1)) continue;
            s->function_at[all[i].object] = s->functions.count;
            ADD(s, s->functions, Function, all[i]);
        }
        if (pass == 0) s->imports = s->functions.count;
    }
    s->taken = s->functions.count;
    for (u32 i = 0; i < s->runtime.function_count && !s->refusal; i++)
        if (s->element_at[i] != NONE) ((u32 *)s->elements.at)[s->element_at[i] - 1] = s->function_at[i];
    system_give(reached.at);
}

u32 splice_functions(Splice *s, u32 count) {
    if (!s->settled) settle(s);
    u32 first = s->functions.count;
    for (u32 i = 0; i < count; i++) ADD(s, s->functions, Function, {.object = NONE});
    return first;
}

u32 splice_function(Splice *s, const char *name) {
    if (!s->settled) settle(s);
    u32 object = find(s, name);
    return object == NONE ? NONE : need_function(s, object);
}

void splice_body(Splice *s, u32 function, u32 type, const void *bytes, u32 len) {
    if (function >= s->functions.count) return; /* memory was refused */
    Function *f = &functions(s)[function];
    ASSERT(f->object == NONE && !f->size);
    *f = (Function){NONE, type, s->bodies.len, len};
    buf_put(&s->bodies, bytes, len);
}

u32 splice_elements(Splice *s, u32 function, u32 count) {
    u32 first = s->elements.count + 1;
    for (u32 i = 0; i < count; i++) ADD(s, s->elements, u32, {function + i});
    return first;
}

static void export(Splice *s, const char *name, u8 kind, u32 index) {
    char *copy = arena_copy(&s->arena, (Text){name, (u32)strlen(name)});
    if (copy)
        ADD(s, s->exports, Export, {copy, kind, index});
    else
        fail(s, "out of memory");
}

void splice_export(Splice *s, const char *name, u32 function) { export(s, name, EXPORT_FUNCTION, function); }

void splice_export_number(Splice *s, const char *name, u32 value) { export(s, name, EXPORT_GLOBAL, value); }

u8 *splice_room(Splice *s, u32 len, u32 align, u32 *address) {
    u8 *bytes = arena_take(&s->arena, len);
    *address = place(s, len, align);
    if (!bytes) fail(s, "out of memory");
    if (!bytes || *address == NONE) return NULL;
    ADD(s, s->data, Data, {NONE, *address, len, bytes});
    return bytes;
}

u32 splice_data(Splice *s, const void *bytes, u32 len, u32 align) {
    if (!bytes) return place(s, len, align);
    u32 address;
    u8 *copy = splice_room(s, len, align, &address);
    if (copy) memcpy(copy, bytes, len);
    return address;
}

/* ---- writing ---- */

static void put_u32(Buf *b, u32 value) {
    for (; value >= 0x80; value >>= 7) buf_byte(b, (char)(value | 0x80));
    buf_byte(b, (char)value);
}

static void put_i32(Buf *b, i32 value) {
    for (; value < -64 || value > 63; value >>= 7) buf_byte(b, (char)(value | 0x80));
    buf_byte(b, (char)(value & 0x7f));
}

static void put_word(Buf *b, u32 value) {
    for (u32 i = 0; i < 4; i++) buf_byte(b, (char)(value >> 8 * i));
}

static void put_text(Buf *b, Text text) {
    put_u32(b, text.len);
    buf_put(b, text.data, text.len);
}

static void put_name(Buf *b, const char *name) { put_text(b, text_of(name)); }

/* Contents in front of which their size goes; they are cleared. */
static void put_sized(Buf *out, Buf *contents) {
    put_text(out, (Text){contents->len ? contents->data : "", contents->len});
    if (contents->full) out->full = true;
    buf_clear(contents);
}

static void put_section(Buf *out, u8 id, Buf *contents) {
    buf_byte(out, (char)id);
    put_sized(out, contents);
}

/* Bytes of the runtime with what its relocations put into them, as short as they can be. */
static void put_relocated(Splice *s, Buf *out, u32 first, u32 size, u32 reloc_first, u32 relocs) {
    const char *bytes = (const char *)s->runtime.bytes;
    u32 at = first;
    for (u32 i = 0; i < relocs; i++) {
        const Reloc *r = &s->runtime.relocs[reloc_first + i];
        u32 value = resolve(s, r);
        buf_put(out, bytes + at, r->at - at);
        at = r->at + r->size;
        if (r->kind == RELOC_TABLE_I32 || r->kind == RELOC_MEMORY_I32)
            put_word(out, value);
        else if (r->kind == RELOC_TABLE_SLEB || r->kind == RELOC_MEMORY_SLEB)
            put_i32(out, (i32)value);
        else
            put_u32(out, value);
    }
    buf_put(out, bytes + at, first + size - at);
}

static void put_types(Splice *s, Buf *b) {
    put_u32(b, s->types.count);
    for (u32 i = 0; i < s->types.count; i++) buf_put(b, types(s)[i].data, types(s)[i].len);
}

static void put_imports(Splice *s, Buf *b) {
    put_u32(b, s->imports);
    for (u32 i = 0; i < s->imports; i++) {
        const ObjectFunction *f = &s->runtime.functions[functions(s)[i].object];
        put_text(b, f->module);
        put_text(b, f->name);
        buf_byte(b, EXPORT_FUNCTION);
        put_u32(b, functions(s)[i].type);
    }
}

static void put_functions(Splice *s, Buf *b) {
    put_u32(b, s->functions.count - s->imports);
    for (u32 i = s->imports; i < s->functions.count; i++) put_u32(b, functions(s)[i].type);
}

/* i32 constant expressions. */
static void put_constant(Buf *b, u32 value) {
    buf_byte(b, 0x41);
    put_i32(b, (i32)value);
    buf_byte(b, 0x0b);
}

static void put_table(Splice *s, Buf *b) {
    put_u32(b, 1);
    buf_byte(b, 0x70);
    buf_byte(b, 1);
    put_u32(b, s->elements.count + 1);
    put_u32(b, s->elements.count + 1);
}

static void put_memory(Splice *s, Buf *b) {
    put_u32(b, 1);
    buf_byte(b, 0);
    put_u32(b, (u32)(((u64)s->memory + PAGE - 1) / PAGE));
}

static u32 count_numbers(const Splice *s) {
    u32 count = 0;
    for (u32 i = 0; i < s->exports.count; i++) count += ((Export *)s->exports.at)[i].kind == EXPORT_GLOBAL;
    return count;
}

/* Global 0 is the stack pointer; behind it are the exported numbers, in their order. */
static void put_globals(Splice *s, Buf *b) {
    put_u32(b, 1 + count_numbers(s));
    buf_byte(b, 0x7f);
    buf_byte(b, 1);
    put_constant(b, SPLICE_STACK);
    for (u32 i = 0; i < s->exports.count; i++) {
        const Export *e = &((Export *)s->exports.at)[i];
        if (e->kind != EXPORT_GLOBAL) continue;
        buf_byte(b, 0x7f);
        buf_byte(b, 0);
        put_constant(b, e->index);
    }
}

static void put_exports(Splice *s, Buf *b) {
    u32 global = 1;
    put_u32(b, s->exports.count + 1);
    put_name(b, "memory");
    buf_byte(b, EXPORT_MEMORY);
    put_u32(b, 0);
    for (u32 i = 0; i < s->exports.count; i++) {
        const Export *e = &((Export *)s->exports.at)[i];
        put_name(b, e->name);
        buf_byte(b, (char)e->kind);
        put_u32(b, e->kind == EXPORT_GLOBAL ? global++ : e->index);
    }
}

static void put_elements(Splice *s, Buf *b) {
    put_u32(b, 1);
    put_u32(b, 0);
    put_constant(b, 1);
    put_u32(b, s->elements.count);
    for (u32 i = 0; i < s->elements.count; i++) put_u32(b, ((u32 *)s->elements.at)[i]);
}

static void put_body(Splice *s, Buf *b, const Function *f) {
    if (f->object == NONE) {
        buf_put(b, s->bodies.data + f->first, f->size);
    } else {
        const ObjectFunction *o = &s->runtime.functions[f->object];
        put_relocated(s, b, o->first, o->size, o->reloc_first, o->relocs);
    }
}

static void put_code(Splice *s, Buf *b, SpliceCounts *counts) {
    Buf body = {0};
    put_u32(b, s->functions.count - s->imports);
    for (u32 i = s->imports; i < s->functions.count; i++) {
        const Function *f = &functions(s)[i];
        put_body(s, &body, f);
        *(f->object == NONE ? &counts->own : &counts->spliced) += 1;
        if (f->object != NONE) counts->code += body.len;
        put_sized(b, &body);
    }
    buf_close(&body);
}

/* ---- data: what is zero anyway is left out ---- */

static void put_datum(Splice *s, Buf *out, const Data *d) {
    if (d->object == NONE) {
        buf_put(out, d->bytes, d->size);
        return;
    }
    const ObjectData *o = &s->runtime.data[d->object];
    put_relocated(s, out, o->first, o->size, o->reloc_first, o->relocs);
}

/* Bytes up to the last one that is not zero. */
static u32 used_size(const Buf *b) {
    u32 size = b->len;
    while (size && !b->data[size - 1]) size--;
    return size;
}

/* Zeros between two data that are cheaper to write than another segment. */
enum { GAP = 8 };

static void put_data(Splice *s, Buf *b, SpliceCounts *counts) {
    Buf segment = {0}, datum = {0}, list = {0};
    u32 first = 0, segments = 0;
    for (u32 i = 0; i <= s->data.count; i++) {
        const Data *d = i < s->data.count ? &data(s)[i] : NULL;
        u32 end = first + segment.len;
        if (segment.len && (!d || d->address - end > GAP)) {
            put_u32(&list, 0);
            put_constant(&list, first);
            put_sized(&list, &segment);
            segments++;
        }
        if (!d) break;
        put_datum(s, &datum, d);
        if (d->object != NONE) counts->data += datum.len;
        u32 size = used_size(&datum);
        if (size && !segment.len) end = first = d->address;
        for (; size && end < d->address; end++) buf_byte(&segment, 0);
        buf_put(&segment, datum.data, size);
        buf_clear(&datum);
    }
    put_u32(b, segments);
    buf_put(b, list.data, list.len);
    if (segment.full || datum.full || list.full) b->full = true;
    buf_close(&segment);
    buf_close(&datum);
    buf_close(&list);
}

bool splice_write(Splice *s, Buf *out, SpliceCounts *counts) {
    *counts = (SpliceCounts){.imported = s->imports};
    if (!s->settled) settle(s);
    follow_all(s);
    if (splice_refusal(s)) return false;
    Buf b = {0};
    buf_put(out, "\0asm\1\0\0", 8);
    put_types(s, &b), put_section(out, SECTION_TYPE, &b);
    if (s->imports) put_imports(s, &b), put_section(out, SECTION_IMPORT, &b);
    put_functions(s, &b), put_section(out, SECTION_FUNCTION, &b);
    put_table(s, &b), put_section(out, SECTION_TABLE, &b);
    put_memory(s, &b), put_section(out, SECTION_MEMORY, &b);
    put_globals(s, &b), put_section(out, SECTION_GLOBAL, &b);
    put_exports(s, &b), put_section(out, SECTION_EXPORT, &b);
    if (s->elements.count) put_elements(s, &b), put_section(out, SECTION_ELEMENT, &b);
    put_code(s, &b, counts), put_section(out, SECTION_CODE, &b);
    put_data(s, &b, counts), put_section(out, SECTION_DATA, &b);
    buf_close(&b);
    return !out->full;
}

void splice_custom(Buf *out, const char *name, Text contents) {
    Buf b = {0};
    put_name(&b, name);
    buf_put(&b, contents.data, contents.len);
    put_section(out, SECTION_CUSTOM, &b);
    buf_close(&b);
}
