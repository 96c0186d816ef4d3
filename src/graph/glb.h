/* glb.h (graph) - the binary container of glTF: finds the JSON in it. */
#ifndef TREADLE_GLB_H
#define TREADLE_GLB_H

#include "../base/err.h"

/* True when the bytes, or the name of the file, say that this is a GLB. */
bool glb_is(Text bytes, const char *file);

/* The JSON chunk of a GLB, in its bytes. Other chunks are stepped over unread. */
Err glb_json(Text bytes, Diags *diags, Text *json);

#endif
