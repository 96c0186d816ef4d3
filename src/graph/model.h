/* model.h (graph) - the glTF around a graph as an object model: its properties, and where their values lie.
**
** A property is a row of pointer.def. Of a row that the graph can reach (a pointer names it, an animation writes it,
** the host observes it) every defined element is a cell: a number, and state slots that hold its value. What an asset
** leaves out has the fallback of its row. Properties that the engine works out when they are read (matrices, limits,
** what animations do) have no cells. A template is read once, at load, into the row and where its indices come from:
** nothing looks at texts while a graph runs. Sources: glTF 2.0 Asset Object Model, KHR_interactivity. */
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
    GLTF_LIGHTS,
    GLTF_ACCESSORS, /* from here on only refs lead to them */
    GLTF_BUFFERS,
    GLTF_BUFFER_VIEWS,
    GLTF_IMAGES,
    GLTF_SAMPLERS,
    GLTF_TEXTURES,
    GLTF_ARRAYS,
    /* What else an index of a path can be. */
    INDEX_PART = GLTF_ARRAYS, /* of something that no ref names: weights, children */
    INDEX_DELAY,              /* a ref of flow/setDelay */
    INDEX_EVENT,              /* a ref of an event */
    INDEX_NONE
} GltfArray;

#define REF_GLTF(array, index) REF_MAKE(REF_OBJECT, (u64)(array) << 32 | (u32)(index))

/* Where the array lies: "/nodes", "/extensions/KHR_lights_punctual/lights". */
SHARED const char *gltf_array_path(GltfArray array);

typedef enum PointerAccess { ACCESS_CELL, ACCESS_FIXED, ACCESS_INDEX, ACCESS_LENGTH, ACCESS_COMPUTED } PointerAccess;

/* The rows of pointer.def. */
typedef enum PointerRow {
#define POINTER(id, path, type, access, ...) POINTER_##id,
#include "pointer.def"
#undef POINTER
    POINTER_ROWS,
    POINTER_HOST = POINTER_ROWS, /* the host serves it: a template of Graph.served */
    POINTER_NOTHING              /* names no property of that type: get is invalid, set takes err */
} PointerRow;

/* Indices that a path can have. */
enum { POINTER_INDICES = 2 };

/* A row of pointer.def. */
typedef struct PointerShape {
    const char *path;
    u8 type;         /* Type */
    u8 access;       /* PointerAccess */
    f64 fallback[4]; /* by lane; of an INDEX: the GltfArray it names an element of */
} PointerShape;

const PointerShape *pointer_shape(PointerRow row);

/* True when interpolation is spherical. */
static inline bool pointer_is_quaternion(PointerRow row) { return row == POINTER_node_rotation; }

/* The model of one graph, in its arena. All zero without a glTF, but for the cells of paths without an index. */
typedef struct Model {
    u32 count[GLTF_ARRAYS]; /* elements of each array */

    /* Nodes. NULL without nodes. No node is its own ancestor. */
    u32 *parent;   /* by node: NONE for a root */
    u32 depth;     /* nodes on the longest way down from a root: what a globalMatrix may cost */
    u32 *matrix;   /* by node: which of `matrices` stands in the place of rotation and scale; NONE */
    f64 *matrices; /* static ones, 16 each, column-major */

    /* Cells, in the order of row, element, part. Those that may be written come first. */
    u32 cell_count, mutable_count;
    u8 *cell_row;                      /* PointerRow */
    u32 *cell_index[POINTER_INDICES];  /* 0 where the row has none */
    u32 *cell_slot;                    /* first state slot; the slots of all cells lie side by side, last in state */
    Slot *init;                        /* their values at the start */
    u32 slot_count, mutable_slots;     /* slots of all cells, of those that may be written */

    /* By row: which elements have a cell. row_cell NULL: the row is not reached. Paths with one index: cell or NONE
    ** by element. With two: entries [row_first[e], row_first[e + 1]) are the parts of element e. None: one entry. */
    u32 *row_cell[POINTER_ROWS];
    u32 *row_first[POINTER_ROWS];
    u32 row_elements[POINTER_ROWS];
    bool interpolated[POINTER_ROWS]; /* some pointer/interpolate writes it, so pointer/set must stop that */
} Model;

/* The cell of an effective pointer; NONE when no such element has that property. Indices the path does not have are 0. */
u32 model_cell(const Model *m, PointerRow row, u32 first, u32 second);

/* The pointer of a cell, for people and for hosts: "/nodes/3/translation". NUL-terminated, cut at size; none is longer
** than POINTER_TEXT_MAX. */
enum { POINTER_TEXT_MAX = 192 };
void model_cell_text(const Model *m, u32 cell, char *out, u32 size);

/* The cell or computed property that a JSON Pointer without parameters names: its row and its indices. False: none
** that is reached. Linear in the rows. */
bool model_find(const Model *m, Text pointer, PointerRow *row, u32 index[POINTER_INDICES]);

/* The steps of a path, or of a JSON Pointer, one by one: false at the end. `*rest` begins as the whole text. */
bool pointer_step(Text *rest, Text *step);

/* Of a step of a path: its name without the mark, and whether it has one. */
bool pointer_must_be(Text *step);

/* A decimal index without leading zeros below NONE; false: it is none. */
bool pointer_digits(Text text, u32 *out);

/* What the k-th index of a path counts in: a GltfArray, INDEX_PART ...; INDEX_NONE: it has none. */
GltfArray pointer_index(PointerRow row, u32 k);

/* Whether the path of a row lies at or below a prefix: "" everything, "/nodes" all nodes' properties,
** "/nodes/{}/weights". An index of the path fits {} and any number. */
bool pointer_below(PointerRow row, Text prefix);

#endif
