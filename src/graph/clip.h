/* clip.h (graph) - the glTF's animations, decoded at load: key frames as plain numbers, targets as cells.
**
** An animation that core glTF forbids, or whose numbers cannot be read, is invalid: a warning at its place, its times
** are NaN, animation/start takes err. Channels without a node belong to extensions: they count for the times and do
** nothing. Source: glTF 2.0, 3.11 "Animations"; KHR_interactivity, "Animation State". */
#ifndef TREADLE_CLIP_H
#define TREADLE_CLIP_H

#include "model.h"
#include "../base/err.h"

/* As the rows of pointer.def, in their order. */
typedef enum ClipPath { PATH_TRANSLATION, PATH_ROTATION, PATH_SCALE, PATH_WEIGHTS, PATHS } ClipPath;
typedef enum ClipMode { MODE_LINEAR, MODE_STEP, MODE_CUBIC } ClipMode;

/* One property of one node over time. Channels share the numbers of one accessor. */
typedef struct Channel {
    const f64 *times;  /* keys, strictly rising, from 0 on, finite */
    const f64 *values; /* keys x lanes; MODE_CUBIC: keys x (in-tangent, value, out-tangent) x lanes; all finite */
    u32 keys;          /* at least 1; MODE_CUBIC: at least 2 */
    u32 lanes;         /* 3, 4 (rotation: x y z w), or the number of weights */
    u32 node;
    u32 cell, slot;    /* of the property, or of its first weight: the others follow */
    u8 path, mode;     /* ClipPath, ClipMode */
} Channel;

typedef struct Clip {
    f64 first, last; /* seconds of the first and the last key of the used samplers; invalid: NaN */
    u32 channel, channel_count; /* in Clips.channels */
    bool valid;
} Clip;

/* By animation of the glTF; nothing when the graph can reach no animation. */
typedef struct Clips {
    Clip *clip;
    u32 count;
    Channel *channels;
    u32 channel_count;
} Clips;

struct Draft;
struct Graph;

/* Enters the clips when some node of the graph can reach an animation. An error is one of memory, and reported. */
Err clip_enter(struct Draft *d);

/* The row of the object model that a channel writes. */
PointerRow clip_row(const Channel *c);

/* Finds the channels' cells, when the model is read and the state laid out. */
void clip_bind(struct Graph *g);

#endif
