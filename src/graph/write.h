/* write.h (graph) - from a Graph back to a file, in either dialect.
**
** What is written reads back as a graph that does the same. What a dialect has no words for is reported, all of it,
** with its place in the file that the graph came from. Comments, positions and unknown members are not in a Graph and
** so not in what is written. Nodes move and get others before them where KHR_interactivity wants an order: what hangs
** on a node's index moves with it, which is the sequence of math/random and the one fuel of every 256th node. */
#ifndef TREADLE_WRITE_H
#define TREADLE_WRITE_H

#include "graph.h"

typedef enum WriteForm {
    WRITE_NATIVE,
    WRITE_KHR, /* the bare extension object */
    WRITE_GLTF /* in a glTF that holds nothing else */
} WriteForm;

/* Writes the whole file into `out`, which the caller closes. The first error reported, else ERR_OK; there may be
** warnings either way. Source of the forms: native.h, and the chapter "JSON Syntax" of KHR_interactivity. */
Err write_graph(const Graph *g, WriteForm form, const Limits *limits, Diags *diags, Buf *out);

#endif
