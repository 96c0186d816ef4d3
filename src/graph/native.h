/* native.h (graph) - the native dialect, *.graph.json: names, and literals without types.
**
**   {"treadle":1, "name", "variables":[{"id","type","value"}],
**    "events":[{"id","values":{NAME:TYPE},"internal"}],
**    "inputs":[{"id","type","value"}], "outputs":[{"id","type","from"}],
**    "nodes":[{"id","op","config":{},"values":{NAME:literal or {"from"} or {"type","value"}},
**              "flows":{NAME:"node:socket" or null}}]}
**
** html/treadle.schema.json says the same as a JSON Schema. */
#ifndef TREADLE_NATIVE_H
#define TREADLE_NATIVE_H

#include "draft.h"

/* Reads the whole document into a draft that is open. Everything wrong with it is reported. */
Err native_read(Draft *d, const cJSON *root);

/* native_node.c: the ops, configurations and sockets of all nodes. */
Err native_nodes(Draft *d, const cJSON *nodes);

/* native_edge.c: values and flows of all nodes, which have their sockets. */
Err native_edges(Draft *d);

/* The value output that a text "node:socket", "node" or "in:ID" names; NONE: reported, or its
** node is broken. */
u32 native_output(Draft *d, const At *at, const cJSON *item);

/* The name an "id" gives, checked: not empty, not too long, no colon, not reserved. *name is NULL
** when it is not one (reported). `key` is "id", or what else holds the name. */
Err native_id(Draft *d, const At *at, const char *key, const cJSON *item, const Name **name);

/* The type that member `key` of the object at `at` names; TYPE_NONE: reported. */
TypeId native_type(Draft *d, const At *at, const char *key, const cJSON *item);

#endif
