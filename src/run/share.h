/* share.h (run) - what instances and compiled graphs (alone.h) do the same way: the heap of delays, easing, chance. */
#ifndef TREADLE_SHARE_H
#define TREADLE_SHARE_H

#include <math.h>
#include "../base/base.h"
#include "../op/type.h"

/* ---- flow/setDelay: a binary heap by due time, then by creation ---- */

typedef struct Delay {
    f64 time;   /* due, seconds of the instance's clock */
    u64 serial; /* creation order; also its ref */
    u32 node;
} Delay;

static inline bool delay_before(const Delay *a, const Delay *b) {
    return a->time < b->time || (a->time == b->time && a->serial < b->serial);
}

static inline void delay_lift(Delay *heap, u32 i) {
    Delay moved = heap[i];
    for (; i > 0 && delay_before(&moved, &heap[(i - 1) / 2]); i = (i - 1) / 2) heap[i] = heap[(i - 1) / 2];
    heap[i] = moved;
}

static inline void delay_sink(Delay *heap, u32 count, u32 i) {
    Delay moved = heap[i];
    for (;;) {
        u32 child = 2 * i + 1;
        if (child + 1 < count && delay_before(&heap[child + 1], &heap[child])) child++;
        if (child >= count || !delay_before(&heap[child], &moved)) break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = moved;
}

static inline void delay_remove(Delay *heap, u32 *count, u32 i) {
    heap[i] = heap[--*count];
    if (i == *count) return;
    delay_sink(heap, *count, i);
    delay_lift(heap, i);
}

/* All of one node. */
static inline void delay_remove_node(Delay *heap, u32 *count, u32 node) {
    u32 kept = 0;
    for (u32 i = 0; i < *count; i++)
        if (heap[i].node != node) heap[kept++] = heap[i];
    *count = kept;
    for (u32 i = kept / 2; i-- > 0;) delay_sink(heap, kept, i);
}

/* The one that a ref names. */
static inline void delay_remove_ref(Delay *heap, u32 *count, u64 ref) {
    if (REF_KIND(ref) != REF_DELAY) return;
    for (u32 i = 0; i < *count; i++) {
        if (heap[i].serial != REF_PAYLOAD(ref)) continue;
        delay_remove(heap, count, i);
        return;
    }
}

/* ---- the interpolate ops ---- */

/* Their inputs behind the value: duration, p1, p2. The x of a control point lies in [0,1]; y is free, but finite. */
static inline bool curve_is_valid(const Slot *args) {
    f64 duration = args[0].f;
    if (!isfinite(duration) || duration < 0) return false;
    for (u32 i = 1; i < 5; i++)
        if (!isfinite(args[i].f)) return false;
    return args[1].f >= 0 && args[1].f <= 1 && args[3].f >= 0 && args[3].f <= 1;
}

/* CSS cubic-bezier(p1, p2) at t in [0,1]: solves x(u) = t and returns y(u). */
static inline f64 bezier_ease(f64 t, const f64 p1[2], const f64 p2[2]) {
    /* x(u) never falls, since its control points are in order, but it can be flat: halving
    ** always finds u, and the first that fits, nearest to the middle of what is flat. */
    f64 low = 0, high = 1, u = t;
    for (u32 i = 0; i < 64; i++) {
        f64 x = 3 * (1 - u) * (1 - u) * u * p1[0] + 3 * (1 - u) * u * u * p2[0] + u * u * u;
        if (x == t) break;
        if (x < t)
            low = u;
        else
            high = u;
        u = (low + high) / 2;
    }
    return 3 * (1 - u) * (1 - u) * u * p1[1] + 3 * (1 - u) * u * u * p2[1] + u * u * u;
}

/* ---- math/random: a hash of (seed, node, epoch), in [0,1) ---- */

/* splitmix64's finalizer: every bit of the result depends on every bit of x. */
static inline u64 chance_mix(u64 x) {
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

#define CHANCE_GOLDEN UINT64_C(0x9E3779B97F4A7C15)

/* The part of the hash that a run has in common. */
static inline u64 chance_of_seed(u64 seed) { return chance_mix(seed + CHANCE_GOLDEN); }

static inline f64 chance(u64 of_seed, u32 node, u32 epoch) {
    u64 hash = chance_mix(of_seed ^ (node + CHANCE_GOLDEN));
    hash = chance_mix(hash ^ (epoch + CHANCE_GOLDEN));
    return (f64)(hash >> 11) * 0x1p-53;
}

#endif
