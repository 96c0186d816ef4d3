/* delay.c (run) - flow/setDelay's queue, a heap (share.h). */
#include <math.h>

#include "instance.h"

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
    delay_lift(in->delays, in->delay_count++);
    last_delay(in, node)->bits = REF_MAKE(REF_DELAY, in->serial);
    return true;
}

void instance_delay_stop(Instance *in, u32 node) {
    delay_remove_node(in->delays, &in->delay_count, node);
    last_delay(in, node)->bits = REF_NULL;
}

void instance_delay_cancel(Instance *in, u64 ref) {
    delay_remove_ref(in->delays, &in->delay_count, ref);
}

/* The queue's order puts every delay made after `serial` behind those that are due: none is
** passed over. */
bool delay_take_due(Instance *in, u64 serial, Delay *out) {
    if (!in->delay_count || in->delays[0].time > in->now || in->delays[0].serial > serial) return false;
    *out = in->delays[0];
    delay_remove(in->delays, &in->delay_count, 0);
    return true;
}
