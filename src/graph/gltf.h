/* gltf.h (graph) - the glTF around a graph as JSON: its arrays, what references name, what extensions it uses. */
#ifndef TREADLE_GLTF_H
#define TREADLE_GLTF_H

#include "draft.h"

typedef struct Gltf {
    const cJSON *root;
    const cJSON *used; /* the first of extensionsUsed; NULL: none */
    const cJSON *list[GLTF_ARRAYS]; /* NULL: none */
    u32 count[GLTF_ARRAYS];         /* elements of each */
    Text bin; /* the BIN chunk; data NULL without one */
} Gltf;

/* Looks through the root of a glTF once. A uri that points outside is not followed: a warning. */
void gltf_open(Gltf *gltf, const cJSON *root, Text bin, Diags *diags);

/* The member of an object; NULL without one, or when `object` is none. Linear. */
const cJSON *gltf_member(const cJSON *object, Text key);

/* The bits of the reference that a static JSON Pointer names: the same for the same object, null
** when there is none. `gltf` may be NULL. */
u64 gltf_ref(const Gltf *gltf, Text pointer);

/* The way back: that pointer as a JSON string, null for any other reference. */
void gltf_ref_text(u64 bits, Buf *out);

/* How many morph targets a mesh has: those of its first primitive, all have as many. Linear: ask once for each mesh. */
u32 gltf_morph_targets(const cJSON *mesh);

/* The asset says that it uses the extension, and the object model has properties of it. */
bool gltf_enables(const Gltf *gltf, Text extension);

#endif
