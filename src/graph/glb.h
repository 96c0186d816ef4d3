/* glb.h (graph) - the binary container of glTF: finds the JSON and the bytes in it. */
#ifndef TREADLE_GLB_H
#define TREADLE_GLB_H

#include "../base/err.h"

/* True when the bytes, or the name of the file, say that this is a GLB. */
bool glb_is(Text bytes, const char *file);

/* The JSON chunk of a GLB and its BIN chunk, in its bytes; bin->data is NULL without one, which must be the second.
** Other chunks are stepped over unread. */
Err glb_open(Text bytes, Diags *diags, Text *json, Text *bin);

#endif
