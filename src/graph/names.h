/* names.h (graph) - names as pointers: equal text, equal pointer; and whose they are.
**
** A loader interns every id and socket name once. After that a comparison is one of pointers, and
** a look-up (the node "n1", input "a" of node 7) is one probe of a table, so no list is ever
** searched. */
#ifndef TREADLE_NAMES_H
#define TREADLE_NAMES_H

#include <string.h>
#include "../base/arena.h"

typedef struct Name {
    const char *text; /* NUL-terminated, in the strings arena */
    u32 len;
    u32 hash;
} Name;

/* What a name can be a name of; with an owner where there are many such lists. */
typedef enum NameKind {
    OF_NODE,
    OF_VARIABLE,
    OF_EVENT,
    OF_INPUT,
    OF_OUTPUT,
    OF_HOST_OP,
    OF_DECLARATION,
    OF_VALUE_IN, /* owner: a node, from here on */
    OF_VALUE_OUT,
    OF_FLOW_IN,
    OF_FLOW_OUT
} NameKind;

typedef struct NameEntry {
    const Name *name; /* NULL: free */
    u32 owner, value;
    u8 kind;
} NameEntry;

typedef struct Names {
    Arena *strings; /* the texts: they outlive the load */
    Arena *scratch; /* the tables: they do not */
    u64 seed;
    Name **table;
    u32 count, cap;
    NameEntry *entries;
    u32 entry_count, entry_cap;
} Names;

/* `seed` makes the hash differ from file to file, so that no list of colliding names fits all. */
void names_open(Names *n, Arena *strings, Arena *scratch, u64 seed);

/* The one Name of this text; NULL when memory is refused. */
const Name *names_put(Names *n, Text text);

/* The Name of this text if it was ever put, else NULL: then nothing can be called so. */
const Name *names_get(const Names *n, Text text);

/* Says that `name` is `value` for (kind, owner), unless it is already something there. *had is
** that older value, NONE when there was none. False when memory is refused. */
bool names_bind(Names *n, NameKind kind, u32 owner, const Name *name, u32 value, u32 *had);

/* What `name` is for (kind, owner); NONE. `name` may be NULL. */
u32 names_look(const Names *n, NameKind kind, u32 owner, const Name *name);

/* ---- texts ---- */

static inline Text text_of(const char *text) { return (Text){text, (u32)strlen(text)}; }

static inline bool text_same(Text a, Text b) { return a.len == b.len && memcmp(a.data, b.data, a.len) == 0; }

static inline bool text_is(Text text, const char *word) {
    return text.len == strlen(word) && memcmp(text.data, word, text.len) == 0;
}

static inline Text name_text(const Name *name) { return (Text){name->text, name->len}; }

#endif
