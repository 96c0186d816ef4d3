/* load.h (graph) - from a file's bytes to a checked Graph.
**
** Dialects: native (`{"treadle":1,...}`), KHR_interactivity in .glb, in .gltf, or the bare extension object.
** Every fault of the file is reported, up to DIAG_MAX, with its place. Takes time linear in the file. */
#ifndef TREADLE_LOAD_H
#define TREADLE_LOAD_H

#include "graph.h"
#include "../base/err.h"

typedef struct LoadOptions {
    const Limits *limits;
    i32 graph; /* index of the graph to load, -1: the file's default */
    const HostOp *host_ops; /* borrowed for the Graph's life; sorted by nothing, named by index */
    u32 host_op_count;
    const Text *observed; /* prefixes of pointers that the host wants to read and write, whatever the graph does */
    u32 observed_count;
    const Text *served; /* prefixes of pointers that the host answers for */
    u32 served_count;
} LoadOptions;

/* The text of a file's document: the file itself, or the first chunk of a GLB, in which places are counted from then on
** (diags->source); and a GLB's binary chunk. Reports what is wrong. */
Err load_text(Text bytes, const Limits *limits, Diags *diags, Text *text, Text *bin);
struct Upgrade; /* upgrade.h */

/* On success *out is owned by the caller (graph_free). On failure *out is NULL, the returned error is the
** first one reported, and diags has all of them. Warnings may stand in diags either way. When the file is a
** draft of KHR_interactivity that upgrade.h can turn into one that loads, warnings say so, behind all else. */
Err load(Text bytes, const LoadOptions *options, Diags *diags, Graph **out);

/* The same for a file that may be a draft: upgraded first, which is a warning. diags->source becomes the
** upgraded text, which *upgraded keeps: close it after diags is done with. */
Err load_upgraded(Text bytes, const LoadOptions *options, Diags *diags, struct Upgrade *upgraded, Graph **out);

#endif
