/* gltf.h (graph) - the glTF around a graph: what references name and where its nodes stand. */
#ifndef TREADLE_GLTF_H
#define TREADLE_GLTF_H

#include "draft.h"

typedef struct Gltf {
    u32 count[GLTF_ARRAYS]; /* elements of each array */
    const cJSON *nodes;     /* NULL: none */
} Gltf;

/* Looks through the root of a glTF once. A uri that points outside is not followed: a warning. */
void gltf_open(Gltf *gltf, const cJSON *root, Diags *diags);

/* The bits of the reference that a static JSON Pointer names: the same for the same object, null
** when there is none. `gltf` may be NULL. */
u64 gltf_ref(const Gltf *gltf, Text pointer);

/* The way back: that pointer as a JSON string, null for any other reference. */
void gltf_ref_text(u64 bits, Buf *out);

/* Enters gltf_nodes, and the nodes' translations when some node of the graph uses pointers. */
Err gltf_enter(Draft *d);

#endif
