/* sample.c (run) - finds the keys around a time and mixes their values. */
#include "sample.h"

#include <math.h>

#include "../op/vec.h"

/* ---- keys ---- */

/* The time is not before key k, and before the one after it, if there is one. */
static bool is_at(const Channel *c, u32 k, f64 time) {
    return c->times[k] <= time && (k + 1 == c->keys || time < c->times[k + 1]);
}

/* The last key that is not after a time, which is not before the first. */
static u32 search(const Channel *c, f64 time) {
    u32 low = 0, high = c->keys; /* times[low] <= time < times[high] */
    while (high - low > 1) {
        u32 middle = low + (high - low) / 2;
        if (c->times[middle] <= time)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static u32 find_key(const Channel *c, f64 time, u32 cursor) {
    if (is_at(c, cursor, time)) return cursor;
    if (cursor + 1 < c->keys && is_at(c, cursor + 1, time)) return cursor + 1;
    if (cursor > 0 && is_at(c, cursor - 1, time)) return cursor - 1;
    return search(c, time);
}

Spot sample_find(const Channel *c, f64 time, u32 *cursor) {
    if (!(time > c->times[0])) return (Spot){*cursor = 0, 0};
    u32 k = *cursor = find_key(c, time, *cursor);
    if (k + 1 == c->keys) return (Spot){k, 0};
    return (Spot){k, (time - c->times[k]) / (c->times[k + 1] - c->times[k])};
}

/* ---- values ---- */

/* The value itself stands in the middle of a cubic key's three. */
static const f64 *value_at(const Channel *c, u32 key) {
    u64 lanes = c->lanes;
    return c->mode == MODE_CUBIC ? c->values + (key * 3 * lanes + lanes) : c->values + key * lanes;
}

static f64 mix_cubic(const Channel *c, Spot s, u32 lane) {
    f64 t = s.part, tt = t * t, ttt = tt * t, span = c->times[s.key + 1] - c->times[s.key];
    const f64 *from = value_at(c, s.key) + lane, *to = value_at(c, s.key + 1) + lane;
    f64 leaving = from[c->lanes], arriving = *(to - c->lanes);
    return (2 * ttt - 3 * tt + 1) * *from + span * (ttt - 2 * tt + t) * leaving + (3 * tt - 2 * ttt) * *to +
           span * (ttt - tt) * arriving;
}

f64 sample_lane(const Channel *c, Spot s, u32 lane) {
    f64 from = value_at(c, s.key)[lane];
    if (s.part == 0 || c->mode == MODE_STEP) return from;
    if (c->mode == MODE_CUBIC) return mix_cubic(c, s, lane);
    return (1 - s.part) * from + s.part * value_at(c, s.key + 1)[lane];
}

static void slerp(const f64 *from, const f64 *to, f64 t, f64 *out) {
    Slot a[4], b[4], mixed[4];
    for (u32 i = 0; i < 4; i++) a[i].f = from[i], b[i].f = to[i];
    vec_quatSlerp(mixed, a, b, &(Slot){.f = t});
    for (u32 i = 0; i < 4; i++) out[i] = mixed[i].f;
}

static void normalize(f64 *q) {
    f64 length = sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
    for (u32 i = 0; length > 0 && i < 4; i++) q[i] /= length;
}

void sample_rotation(const Channel *c, Spot s, f64 *out) {
    if (s.part != 0 && c->mode == MODE_LINEAR) {
        slerp(value_at(c, s.key), value_at(c, s.key + 1), s.part, out);
        return;
    }
    for (u32 i = 0; i < 4; i++) out[i] = sample_lane(c, s, i);
    if (s.part != 0 && c->mode == MODE_CUBIC) normalize(out);
}
