/* names.c (graph) - two open-addressing tables: texts to Names, (kind, owner, Name) to numbers. */
#include "names.h"

#include <string.h>

enum { TABLE_FIRST = 64 };

static u32 hash_text(u64 seed, Text text) {
    u64 h = seed ^ UINT64_C(0xCBF29CE484222325);
    for (u32 i = 0; i < text.len; i++) h = (h ^ (u8)text.data[i]) * UINT64_C(0x100000001B3);
    h ^= h >> 33;
    h *= UINT64_C(0xFF51AFD7ED558CCD) ^ (seed << 1); /* stays odd */
    return (u32)(h ^ (h >> 32));
}

static u32 hash_entry(NameKind kind, u32 owner, const Name *name) {
    u32 h = name->hash ^ (owner * 0x9E3779B1u) ^ ((u32)kind * 0x85EBCA6Bu);
    h = (h ^ (h >> 15)) * 0x2C1B3C6Du;
    return h ^ (h >> 13);
}

void names_open(Names *n, Arena *strings, Arena *scratch, u64 seed) {
    memset(n, 0, sizeof *n);
    n->strings = strings;
    n->scratch = scratch;
    n->seed = seed;
}

static bool is_text(const Name *name, Text text, u32 hash) {
    if (name->hash != hash || name->len != text.len) return false;
    return text.len == 0 || memcmp(name->text, text.data, text.len) == 0;
}

/* The place of a text in the table: its Name's, or the free one where it would go. cap > 0. */
static u32 place_text(const Names *n, Text text, u32 hash) {
    u32 i = hash & (n->cap - 1);
    while (n->table[i] && !is_text(n->table[i], text, hash)) i = (i + 1) & (n->cap - 1);
    return i;
}

static bool grow_texts(Names *n) {
    u32 cap = n->cap ? n->cap * 2 : TABLE_FIRST;
    Name **table = ARENA_ARRAY(n->scratch, Name *, cap);
    if (!table) return false;
    for (u32 k = 0; k < n->cap; k++) {
        if (!n->table[k]) continue;
        u32 i = n->table[k]->hash & (cap - 1);
        while (table[i]) i = (i + 1) & (cap - 1);
        table[i] = n->table[k];
    }
    n->table = table;
    n->cap = cap;
    return true;
}

const Name *names_put(Names *n, Text text) {
    if (n->count * 2 >= n->cap && !grow_texts(n)) return NULL;
    u32 hash = hash_text(n->seed, text);
    u32 i = place_text(n, text, hash);
    if (n->table[i]) return n->table[i];
    Name *name = ARENA_NEW(n->scratch, Name);
    const char *copy = name ? arena_copy(n->strings, text) : NULL;
    if (!copy) return NULL;
    *name = (Name){copy, text.len, hash};
    n->table[i] = name;
    n->count++;
    return name;
}

const Name *names_get(const Names *n, Text text) {
    return n->cap ? n->table[place_text(n, text, hash_text(n->seed, text))] : NULL;
}

static u32 place_entry(const NameEntry *entries, u32 cap, NameKind kind, u32 owner, const Name *name) {
    u32 i = hash_entry(kind, owner, name) & (cap - 1);
    while (entries[i].name && !(entries[i].name == name && entries[i].owner == owner && entries[i].kind == kind)) {
        i = (i + 1) & (cap - 1);
    }
    return i;
}

static bool grow_entries(Names *n) {
    u32 cap = n->entry_cap ? n->entry_cap * 2 : TABLE_FIRST;
    NameEntry *entries = ARENA_ARRAY(n->scratch, NameEntry, cap);
    if (!entries) return false;
    for (u32 k = 0; k < n->entry_cap; k++) {
        const NameEntry *e = &n->entries[k];
        if (e->name) entries[place_entry(entries, cap, (NameKind)e->kind, e->owner, e->name)] = *e;
    }
    n->entries = entries;
    n->entry_cap = cap;
    return true;
}

bool names_bind(Names *n, NameKind kind, u32 owner, const Name *name, u32 value, u32 *had) {
    if (n->entry_count * 2 >= n->entry_cap && !grow_entries(n)) return false;
    NameEntry *e = &n->entries[place_entry(n->entries, n->entry_cap, kind, owner, name)];
    if (had) *had = e->name ? e->value : NONE;
    if (e->name) return true;
    *e = (NameEntry){name, owner, value, (u8)kind};
    n->entry_count++;
    return true;
}

u32 names_look(const Names *n, NameKind kind, u32 owner, const Name *name) {
    if (!name || !n->entry_cap) return NONE;
    const NameEntry *e = &n->entries[place_entry(n->entries, n->entry_cap, kind, owner, name)];
    return e->name ? e->value : NONE;
}
