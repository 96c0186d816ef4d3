/* model.h (graph) - the glTF around a graph as an object model: its properties, and where their values lie.
**
** A property is a row of pointer.def. Of a row that the graph can reach (by a pointer or by an animation) every
** defined element is a cell: a number, and state slots that hold its value, read-only ones too. What an asset leaves
** out has the default of its row. Properties that the engine works out when they are read (matrices, lengths, what
** animations and limits are) have no cells. A pointer's template is read once, at load, into the row and where
** its indices come from: nothing looks at texts while a graph runs. Source: glTF Object Model, KHR_interactivity. */
#ifndef TREADLE_MODEL_H
#define TREADLE_MODEL_H

#include "../base/arena.h"
#include "../op/op.h"

/* The arrays of a glTF whose elements a ref can name. A REF_OBJECT's payload is (array << 32 | index). */
typedef enum GltfArray {
    GLTF_NODES,
    GLTF_ANIMATIONS,
    GLTF_CAMERAS,
    GLTF_MATERIALS,
    GLTF_MESHES,
    GLTF_SCENES,
    GLTF_SKINS,
    GLTF_LIGHTS, /* /extensions/KHR_lights_punctual/lights */
    GLTF_ARRAYS,
    GLTF_NO_ARRAY = GLTF_ARRAYS /* an index into something that no ref names: weights, children */
} GltfArray;

#define REF_GLTF(array, index) REF_MAKE(REF_OBJECT, (u64)(array) << 32 | (u32)(index))

typedef enum PointerAccess {
    ACCESS_CELL,     /* mutable: cells */
    ACCESS_FIXED,    /* read-only, known at load: cells too, which nobody writes */
    ACCESS_COMPUTED  /* read-only, worked out when read */
} PointerAccess;

/* The rows of pointer.def. */
typedef enum PointerRow {
#define POINTER(id, path, type, access, fallback) POINTER_##id,
#include "pointer.def"
#undef POINTER
    POINTER_ROWS,
    POINTER_HOST = POINTER_ROWS, /* the host serves it: a template of Graph.served */
    POINTER_NOTHING              /* names no property of that type: get is invalid, set takes err */
} PointerRow;

/* Indices that a path can have: the segments # of its row. */
enum { POINTER_INDICES = 2 };

typedef struct PointerShape {
    const char *path;                /* "/nodes/#/weights/#" */
    u8 type;                         /* Type; TYPE_NONE: an index of `target`, read as int or as ref */
    u8 access;                       /* PointerAccess */
    u8 indices;                      /* number of # */
    u8 array[POINTER_INDICES];       /* GltfArray each # counts in */
    u8 target;                       /* GltfArray that an index names, GLTF_NO_ARRAY */
    bool quaternion;                 /* interpolation is spherical */
} PointerShape;

const PointerShape *pointer_shape(PointerRow row);

/* The model of one graph, in its arena. All zero without a glTF. */
typedef struct Model {
    u32 count[GLTF_ARRAYS]; /* elements of each array */
    i32 scene;              /* the default scene, -1 none */

    /* Nodes: the tree, for globalMatrix and for events that rise. NULL without nodes. */
    u32 *parent;     /* by node: NONE for a root */
    u8 *has_matrix;  /* by node: a static matrix stands in the place of rotation and scale */

    /* Cells, in the order of row, element, sub-element. */
    u32 cell_count;
    u8 *cell_row;          /* PointerRow */
    u32 *cell_index[POINTER_INDICES];
    u32 *cell_slot;        /* first state slot */

    /* By row: which elements have a cell. NULL: the row is not reached. Rows with one index: cell or NONE by element.
    ** Rows with two: entries [row_first[e], row_first[e + 1]) of row_cell are those of element e. None: row_cell[0]. */
    u32 *row_cell[POINTER_ROWS];
    u32 *row_first[POINTER_ROWS];
    u32 row_elements[POINTER_ROWS];
} Model;

/* The cell of an effective pointer; NONE when no such element has that property. */
u32 model_cell(const Model *m, PointerRow row, u32 first, u32 second);

/* The pointer of a cell, for people and for hosts: "/nodes/3/translation". NUL-terminated, cut at size. */
void model_cell_text(const Model *m, u32 cell, char *out, u32 size);

#endif
