/* table.h (base) - handles: integers that name things, and nothing once the thing is gone. */
#ifndef TREADLE_TABLE_H
#define TREADLE_TABLE_H

#include "base.h"

/* A handle is its place below, and above it how often that place was used; 0 names nothing, and
** bit 31 stays 0, so that handles are positive in JavaScript too. */
enum { TABLE_PLACE_BITS = 20, TABLE_MAX = 1 << TABLE_PLACE_BITS };

typedef struct TableEntry {
    void *item; /* borrowed; NULL: free */
    u32 uses;
    u32 next_free; /* as first_free */
} TableEntry;

typedef struct Table {
    TableEntry *entries; /* owns */
    u32 places, cap, count;
    u32 first_free; /* place + 1, 0: none */
} Table;

void table_close(Table *t);

/* A handle for `item`; 0: no memory, or TABLE_MAX items are in. */
u32 table_put(Table *t, void *item);

/* NULL when the handle names nothing. */
void *table_get(const Table *t, u32 handle);
void table_drop(Table *t, u32 handle);

/* The item at a place (0 to places - 1), NULL when it is free: for walks over all. */
static inline void *table_at(const Table *t, u32 place) { return t->entries[place].item; }

#endif
