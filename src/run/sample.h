/* sample.h (run) - the value of an animated property at a time: between which keys, and how they are mixed.
**
** Source: glTF 2.0, appendix C "Animation Sampler Interpolation Modes". Before the first key and after the last the
** value is that key's. */
#ifndef TREADLE_SAMPLE_H
#define TREADLE_SAMPLE_H

#include "../graph/clip.h"

/* Where a time lies among the keys of a channel: at `key`, or between it and the next. */
typedef struct Spot {
    u32 key;
    f64 part; /* 0 at `key`, and then alone; 0 < part < 1 on the way to the next */
} Spot;

/* `cursor` is the key found the last time, in the same channel; it is moved. From there a time that moves on is found
** at once, any other one by halving. */
Spot sample_find(const Channel *c, f64 time, u32 *cursor);

/* One lane of the value; of a rotation, use the other. */
f64 sample_lane(const Channel *c, Spot spot, u32 lane);

/* A rotation, x y z w: linear ones turn along the shorter arc, cubic ones are normalized between keys. */
void sample_rotation(const Channel *c, Spot spot, f64 *out);

#endif
