/* table.c (base) - handles: places that are used again under another number. */
#include "table.h"

#include "arena.h"

enum { USES_MAX = (1 << (31 - TABLE_PLACE_BITS)) - 1 };

void table_close(Table *t) {
    system_give(t->entries);
    *t = (Table){0};
}

static bool make_room(Table *t) {
    if (t->places < t->cap) return true;
    u32 cap = t->cap ? t->cap * 2 : 8;
    if (cap > TABLE_MAX) return false;
    TableEntry *grown = system_grow(t->entries, cap * sizeof *grown);
    if (!grown) return false;
    t->entries = grown;
    t->cap = cap;
    return true;
}

u32 table_put(Table *t, void *item) {
    u32 place = t->places;
    if (t->first_free) {
        place = t->first_free - 1;
        t->first_free = t->entries[place].next_free;
    } else {
        if (!make_room(t)) return 0;
        t->entries[t->places++] = (TableEntry){0};
    }
    TableEntry *e = &t->entries[place];
    e->item = item;
    e->uses = e->uses % USES_MAX + 1; /* never 0: a handle is not 0 */
    t->count++;
    return e->uses << TABLE_PLACE_BITS | place;
}

static TableEntry *find(const Table *t, u32 handle) {
    u32 place = handle & (TABLE_MAX - 1);
    if (place >= t->places) return NULL;
    TableEntry *e = &t->entries[place];
    return e->item && e->uses == handle >> TABLE_PLACE_BITS ? e : NULL;
}

void *table_get(const Table *t, u32 handle) {
    TableEntry *e = find(t, handle);
    return e ? e->item : NULL;
}

void table_drop(Table *t, u32 handle) {
    TableEntry *e = find(t, handle);
    if (!e) return;
    e->item = NULL;
    e->next_free = t->first_free;
    t->first_free = (handle & (TABLE_MAX - 1)) + 1;
    t->count--;
}
