/* keys.h (graph) - finds keys that stand twice in one JSON object, in time linear in the text.
**
** A stack of the keys of all open objects; the innermost object's lie on top. A few keys are
** compared with each other as they come; a large object is looked through with a hash table when
** it closes. */
#ifndef TREADLE_KEYS_H
#define TREADLE_KEYS_H

#include "../base/err.h"

enum { KEYS_FIXED = 256, KEYS_FEW = 16 };

typedef struct Keys {
    Diags *diags;
    Text text;
    u64 *list; /* hash << 32 | offset of the key's first byte; `fixed`, or owns */
    u32 count, cap;
    u64 seed; /* of the hash table; 0: not made yet */
    Err err;  /* the first duplicate's */
    u64 fixed[KEYS_FIXED];
} Keys;

void keys_open(Keys *k, Text text, Diags *diags);
void keys_close(Keys *k);

/* Notes a key of the object whose keys begin at `first`, and reports it when it stands there
** already. The key's bytes are text.data[offset ..+ len], without quotes; `plain`: no escapes in
** it. */
Err keys_add(Keys *k, u32 first, u32 offset, u32 len, bool plain);

/* The object ends: its keys from `first` on are forgotten. */
Err keys_end(Keys *k, u32 first);

/* The text of a string whose first byte is at `at`, its escapes undone, up to its closing
** quotation mark or about `most` bytes. The string must have passed the scan. */
void keys_decode(const char *at, u32 most, Buf *out);

#endif
