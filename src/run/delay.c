/* delay.c (run) - flow/setDelay's queue: a binary heap by due time, then by creation. */
#include "instance.h"

#include <math.h>

static bool before(const Delay *a, const Delay *b) {
    return a->time < b->time || (a->time == b->time && a->serial < b->serial);
}

static void lift(Delay *heap, u32 i) {
    Delay moved = heap[i];
    for (; i > 0 && before(&moved, &heap[(i - 1) / 2]); i = (i - 1) / 2) heap[i] = heap[(i - 1) / 2];
    heap[i] = moved;
}

static void sink(Delay *heap, u32 count, u32 i) {
    Delay moved = heap[i];
    for (;;) {
        u32 child = 2 * i + 1;
        if (child + 1 < count && before(&heap[child + 1], &heap[child])) child++;
        if (child >= count || !before(&heap[child], &moved)) break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = moved;
}

static void remove_at(Instance *in, u32 i) {
    Delay *heap = in->delays;
    heap[i] = heap[--in->delay_count];
    if (i == in->delay_count) return;
    sink(heap, in->delay_count, i);
    lift(heap, i);
}

static bool make_room(Instance *in) {
    if (in->delay_count < in->delay_cap) return true;
    u32 cap = in->delay_cap ? in->delay_cap * 2 : 16;
    void *grown = instance_grow(in, in->delays, in->delay_cap * sizeof(Delay), cap * sizeof(Delay));
    if (!grown) return false;
    in->delays = grown;
    in->delay_cap = cap;
    return true;
}

static Slot *last_delay(Instance *in, u32 node) {
    const Graph *g = in->graph;
    return in->slots + g->out_slot[g->value_out[node]];
}

bool instance_delay(Instance *in, u32 node, f64 duration) {
    f64 time = in->now + duration; /* infinite when the duration is too long to be added */
    if (!(duration >= 0) || !isfinite(time)) return false;
    u64 limit = in->limits->delays;
    if ((limit && in->delay_count >= limit) || !make_room(in)) return false;
    in->delays[in->delay_count] = (Delay){time, ++in->serial, node};
    lift(in->delays, in->delay_count++);
    last_delay(in, node)->bits = REF_MAKE(REF_DELAY, in->serial);
    return true;
}

void instance_delay_stop(Instance *in, u32 node) {
    u32 kept = 0;
    for (u32 i = 0; i < in->delay_count; i++)
        if (in->delays[i].node != node) in->delays[kept++] = in->delays[i];
    in->delay_count = kept;
    for (u32 i = kept / 2; i-- > 0;) sink(in->delays, kept, i);
    last_delay(in, node)->bits = REF_NULL;
}

void instance_delay_cancel(Instance *in, u64 ref) {
    if (REF_KIND(ref) != REF_DELAY) return;
    for (u32 i = 0; i < in->delay_count; i++) {
        if (in->delays[i].serial != REF_PAYLOAD(ref)) continue;
        remove_at(in, i);
        return;
    }
}

/* The queue's order puts every delay made after `serial` behind those that are due: none is
** passed over. */
bool delay_take_due(Instance *in, u64 serial, Delay *out) {
    if (!in->delay_count || in->delays[0].time > in->now || in->delays[0].serial > serial) return false;
    *out = in->delays[0];
    remove_at(in, 0);
    return true;
}
