/* object.h (run) - a relocatable WebAssembly module, read: functions, data, which of their bytes are indices.
**
** Source of the format: WebAssembly Core Specification 2.0, chapter 5, and "WebAssembly Object File Linking" of its tool
** conventions, version 2. What `wasm-ld -r` makes of C is read; anything else is refused, and no bytes are trusted. */
#ifndef TREADLE_OBJECT_H
#define TREADLE_OBJECT_H

#include "../base/arena.h"

/* What a relocation puts in its place: numbers of the convention. */
typedef enum RelocKind {
    RELOC_FUNCTION_LEB = 0, /* index of a function */
    RELOC_TABLE_SLEB = 1,   /* ... its place in the table */
    RELOC_TABLE_I32 = 2,
    RELOC_MEMORY_LEB = 3,   /* address of data, with an addend */
    RELOC_MEMORY_SLEB = 4,
    RELOC_MEMORY_I32 = 5,
    RELOC_TYPE_LEB = 6,     /* index of a type; its symbol is a type */
    RELOC_GLOBAL_LEB = 7,   /* the stack pointer: there is no other global */
    RELOC_TABLE_NUMBER = 20 /* the table: there is no other */
} RelocKind;

typedef struct Reloc {
    u32 at;     /* offset in the module of the bytes that are replaced: a LEB128, or 4 bytes for I32 */
    u32 size;   /* of them */
    u8 kind;    /* RelocKind */
    u32 symbol; /* in symbols; TYPE_LEB: in types */
    i32 addend;
} Reloc;

typedef struct ObjectFunction {
    u32 type;
    u32 first, size;          /* its body in the module, behind the size in front of it; 0: imported */
    u32 reloc_first, relocs;  /* rising by place */
    Text module, name;        /* imported: from where; else empty */
} ObjectFunction;

typedef struct ObjectData {
    u32 first, size;
    u32 align; /* a power of two */
    u32 reloc_first, relocs;
} ObjectData;

typedef enum SymbolKind {
    SYMBOL_FUNCTION = 0,
    SYMBOL_DATA = 1,
    SYMBOL_GLOBAL = 2,
    SYMBOL_SECTION = 3,
    SYMBOL_TABLE = 5
} SymbolKind;

typedef struct ObjectSymbol {
    u8 kind;
    bool defined;
    u32 index;  /* of the function or data; NONE: data that nobody defines */
    u32 offset; /* in the data */
    Text name;
} ObjectSymbol;

typedef struct Object {
    const u8 *bytes; /* borrowed, as all that points into it */
    u32 len;
    Text *types; /* each from its 0x60 on */
    u32 type_count;
    ObjectFunction *functions; /* the imported ones first */
    u32 function_count, import_count;
    ObjectData *data;
    u32 data_count;
    ObjectSymbol *symbols;
    u32 symbol_count;
    Reloc *relocs;
    u32 reloc_count;
    const char *refusal; /* why it was refused; static text */
} Object;

/* Reads a module; lists are taken from the arena. False, with `refusal`: it is not one of this kind, or there is no memory. */
bool object_read(Arena *arena, const void *bytes, u32 len, Object *out);

/* The function of that name; NONE. Linear. */
u32 object_find(const Object *o, Text name);

#endif
