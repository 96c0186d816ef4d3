/* khr.h (graph) - KHR_interactivity, strictly as ratified: everything by index.
**
** Value inputs read from earlier nodes, flows lead to later ones, so that a graph has no cycles.
** Source of the rules: the specification's chapters "JSON Syntax" and "Validation". */
#ifndef TREADLE_KHR_H
#define TREADLE_KHR_H

#include "draft.h"
#include "sockets.h"

/* Loads one graph of an extension object, at `at` in the file: options->graph, else the default
** one. The others are checked too, and are warnings when invalid. `root`: the glTF around it, NULL;
** `bin`: its binary chunk. */
Err khr_load(const cJSON *extension, const At *at, const cJSON *root, Text bin, const LoadOptions *options,
             Diags *diags, u64 hash, Graph **out);

typedef struct KhrSocket {
    const Name *name;
    TypeId type;
} KhrSocket;

/* An element of "declarations". */
typedef struct KhrDeclaration {
    const Op *op;           /* NULL: of an extension that is not supported, or broken */
    const Name *name;       /* of the op; NULL: broken */
    const Name *extension;  /* NULL: core */
    u32 in, ins, out, outs; /* an extension op's sockets */
} KhrDeclaration;

/* One graph being read. */
typedef struct Khr {
    Draft d;
    TypeId *types; /* TYPE_NONE: reported */
    u32 type_count;
    KhrDeclaration *declarations;
    u32 declaration_count;
    LIST(KhrSocket) sockets;
} Khr;

/* khr_head.c: types, variables, events. */
Err khr_types(Khr *k, const cJSON *list);
Err khr_variables(Khr *k, const cJSON *list);
Err khr_events(Khr *k, const cJSON *list);

/* khr_declare.c */
Err khr_declarations(Khr *k, const cJSON *list);

/* khr_node.c: sockets of all nodes; khr_config.c: one node's configuration; khr_edge.c: values
** and flows of all nodes. */
Err khr_nodes(Khr *k, const cJSON *list);
Err khr_config(Khr *k, const At *node, const Op *op, const cJSON *configuration, Setting *settings,
               bool *ok);
Err khr_edges(Khr *k);

/* ---- shapes (khr_shape.c): each reports what is not as it must be ---- */

/* A list or object that is not empty; NULL when it is absent or wrong. */
const cJSON *khr_list(Draft *d, const At *up, const char *key, const cJSON *item);
const cJSON *khr_object(Draft *d, const At *up, const char *key, const cJSON *item);

/* A string, or absent (NULL). False: wrong. */
bool khr_string(Draft *d, const At *up, const char *key, const cJSON *item, const char **text);

/* The type that member "type" points to; TYPE_NONE: reported, or its type was. */
TypeId khr_type(Khr *k, const At *up, const cJSON *item);

#endif
