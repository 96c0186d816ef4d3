/* cgen_source.h (run) - the engine's own C text, and the parts of it that an emitted file needs.
**
** The files are cut into top-level items: a macro, a type, a declaration, a function, with the comment right above it. An
** item is printed when its name is needed, and it needs what it names. So an emitted file holds what it uses and no more,
** in the words that the engine is made of. */
#ifndef TREADLE_CGEN_SOURCE_H
#define TREADLE_CGEN_SOURCE_H

#include "../base/arena.h"
#include "../base/buf.h"

typedef struct Sources Sources;

/* NULL: no memory. Everything is taken from the arena. */
Sources *sources_open(Arena *arena);

/* That name is defined elsewhere: it is never printed. */
void sources_known(Sources *s, const char *name);

/* Every identifier in a piece of C is needed. */
void sources_need(Sources *s, Text text);

/* Prints what is needed and was not printed before, in the order of the files. */
void sources_print(Sources *s, Buf *out);

#endif
