/* accessor.h (graph) - reads the accessors of a glTF: numbers, out of the BIN chunk or of data: URIs.
**
** Every offset and length comes from the file and is believed only after it was compared with what is left, as u64,
** by subtraction. An accessor is looked at before anything is taken for it, and its values are read once, however many
** ask. What cannot be read is a warning at its place. Buffers outside the file are not loaded. Source: glTF 2.0,
** 3.6 "Buffers, Buffer Views, and Accessors". */
#ifndef TREADLE_ACCESSOR_H
#define TREADLE_ACCESSOR_H

#include "json.h"

typedef enum ComponentType {
    COMPONENT_I8 = 5120,
    COMPONENT_U8 = 5121,
    COMPONENT_I16 = 5122,
    COMPONENT_U16 = 5123,
    COMPONENT_U32 = 5125,
    COMPONENT_F32 = 5126
} ComponentType;

/* One accessor as declared, whose bytes are all there. */
typedef struct Accessor {
    u32 count; /* elements, at least 1 */
    u32 lanes; /* components of an element, 1 to 4 */
    u32 backed; /* elements that have bytes of their own, at most: without a buffer view, the sparse ones */
    u16 component; /* ComponentType */
    bool normalized;
    const cJSON *min, *max; /* as in the file; NULL */
    const f64 *values;      /* NULL: not read yet */
    u8 state;               /* private */
} Accessor;

/* A buffer view whose bytes are all there. */
typedef struct View {
    const u8 *bytes;
    u64 start, length; /* in its buffer */
    u64 stride;
    bool strided; /* it has a byteStride */
    u8 state;     /* private */
} View;

/* A list of the file, for looking things up by index. */
typedef struct Items {
    const cJSON **at;
    u32 count;
} Items;

typedef struct Accessors {
    Arena *values;  /* what is read lies here */
    Arena *scratch; /* what only reading needs */
    Diags *diags;
    Items accessors, views, buffers;
    Accessor *looked; /* by accessor, and by view: each is read once */
    View *found;
    Text *bytes;      /* by buffer: what was found of it ... */
    u8 *buffer_state; /* ... and whether it was looked for */
    Text bin;         /* the BIN chunk; data NULL without one */
} Accessors;

/* Lists the elements of a JSON array (anything else, NULL too, is empty). False: no memory. */
bool items_open(Items *items, const cJSON *array, Arena *arena);

/* Looks through the root of a glTF; all arguments are borrowed. False: no memory (not reported). */
bool accessors_open(Accessors *a, const cJSON *root, Text bin, Arena *values, Arena *scratch, Diags *diags);

/* What accessor `index` holds; NULL when it cannot be read, and that has been told. */
const Accessor *accessor_look(Accessors *a, u32 index);

/* Its numbers, element by element, count x lanes, in a->values: floats as they are, normalized integers by the
** formulas of the specification, other integers as they are. NULL as above, or (values->full) without memory. */
const f64 *accessor_read(Accessors *a, u32 index);

/* True when `size` more bytes fit into what the arena may still take. */
bool accessor_fits(const Arena *arena, u64 size);

#endif
