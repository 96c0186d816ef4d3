/* interpolate.c (run) - variable/interpolate: what runs, in order, and its step in each tick.
**
** One variable has at most one. While the list is stepped, done flows run in between and may
** begin, replace or stop any of them: interpolation_next moves on when its entry goes. */
#include <math.h>
#include <string.h>

#include "../op/vec.h"
#include "instance.h"

/* ---- the list ---- */

/* More entries, all free. */
static bool grow_pool(Instance *in) {
    u32 cap = in->interpolation_cap ? in->interpolation_cap * 2 : 8;
    u64 size = sizeof(Interpolation);
    void *grown = instance_grow(in, in->interpolations, in->interpolation_cap * size, cap * size);
    if (!grown) return false;
    in->interpolations = grown;
    for (u32 i = in->interpolation_cap; i < cap; i++) {
        in->interpolations[i].after = in->interpolation_free;
        in->interpolation_free = i;
    }
    in->interpolation_cap = cap;
    return true;
}

static u32 take_entry(Instance *in) {
    if (in->interpolation_free == NONE && !grow_pool(in)) return NONE;
    u32 i = in->interpolation_free;
    in->interpolation_free = in->interpolations[i].after;
    return i;
}

static void append(Instance *in, u32 i) {
    Interpolation *p = &in->interpolations[i];
    p->before = in->interpolation_last;
    p->after = NONE;
    if (p->before == NONE)
        in->interpolation_first = i;
    else
        in->interpolations[p->before].after = i;
    in->interpolation_last = i;
    in->interpolation_of[p->variable] = i;
    in->interpolation_count++;
}

static void drop(Instance *in, u32 i) {
    Interpolation *p = &in->interpolations[i];
    if (in->interpolation_next == i) in->interpolation_next = p->after;
    if (p->before == NONE)
        in->interpolation_first = p->after;
    else
        in->interpolations[p->before].after = p->after;
    if (p->after == NONE)
        in->interpolation_last = p->before;
    else
        in->interpolations[p->after].before = p->before;
    in->interpolation_of[p->variable] = NONE;
    in->interpolation_count--;
    p->after = in->interpolation_free;
    in->interpolation_free = i;
}

/* ---- begin and stop ---- */

/* args after the value: duration, p1, p2. The x of a control point lies in [0,1]; y is free, but
** finite. */
static bool curve_is_valid(const Slot *args) {
    f64 duration = args[0].f;
    if (!isfinite(duration) || duration < 0) return false;
    for (u32 i = 1; i < 5; i++)
        if (!isfinite(args[i].f)) return false;
    return args[1].f >= 0 && args[1].f <= 1 && args[3].f >= 0 && args[3].f <= 1;
}

/* Replacing the variable's running one needs no more room than there is. */
static bool has_room(const Instance *in, u32 variable) {
    return in->interpolation_of[variable] != NONE || in->interpolation_count < in->limits->interpolations;
}

bool instance_interpolate(Instance *in, u32 node, const Slot *args) {
    const Graph *g = in->graph;
    const i32 *params = graph_params(g, node);
    u32 variable = (u32)params[0], lanes = type_lanes((Type)g->variable_type[variable]);
    const Slot *curve = args + lanes;
    if (!curve_is_valid(curve) || !has_room(in, variable)) return false;
    instance_interpolate_stop(in, variable);
    u32 i = take_entry(in);
    if (i == NONE) return false;
    in->interpolations[i] = (Interpolation){.serial = ++in->serial,
                                            .node = node,
                                            .variable = variable,
                                            .slerp = params[1] != 0,
                                            .start = in->now,
                                            .duration = curve[0].f,
                                            .p1 = {curve[1].f, curve[2].f},
                                            .p2 = {curve[3].f, curve[4].f}};
    memcpy(in->interpolations[i].from, in->slots + g->variable_slot[variable], lanes * sizeof(Slot));
    memcpy(in->interpolations[i].to, args, lanes * sizeof(Slot));
    append(in, i);
    return true;
}

void instance_interpolate_stop(Instance *in, u32 variable) {
    u32 i = in->interpolation_of[variable];
    if (i != NONE) drop(in, i);
}

/* ---- one step ---- */

f64 bezier_ease(f64 t, const f64 p1[2], const f64 p2[2]) {
    /* x(u) never falls, since its control points are in order, but it can be flat: halving
    ** always finds u. */
    f64 low = 0, high = 1, u = t;
    for (u32 i = 0; i < 64; i++) {
        f64 x = 3 * (1 - u) * (1 - u) * u * p1[0] + 3 * (1 - u) * u * u * p2[0] + u * u * u;
        if (x < t)
            low = u;
        else
            high = u;
        u = (low + high) / 2;
    }
    return 3 * (1 - u) * (1 - u) * u * p1[1] + 3 * (1 - u) * u * u * p2[1] + u * u * u;
}

static void mix_lanes(const Interpolation *p, f64 q, u32 lanes, Slot *out) {
    for (u32 i = 0; i < lanes; i++) out[i].f = (1 - q) * p->from[i].f + q * p->to[i].f;
}

/* Writes the variable; true when the target is reached. */
static bool step(Instance *in, const Interpolation *p) {
    const Graph *g = in->graph;
    Slot *variable = in->slots + g->variable_slot[p->variable];
    u32 lanes = type_lanes((Type)g->variable_type[p->variable]);
    f64 t = (in->now - p->start) / p->duration;
    if (t <= 0) return false;
    bool arrived = !(t < 1); /* NaN too: a duration of 0 at its own start */
    f64 q = arrived ? 1 : bezier_ease(t, p->p1, p->p2);
    if (arrived)
        memcpy(variable, p->to, lanes * sizeof(Slot));
    else if (p->slerp)
        vec_quatSlerp(variable, p->from, p->to, &(Slot){.f = q});
    else
        mix_lanes(p, q, lanes, variable);
    instance_trace_write(in, p->variable);
    return arrived;
}

void interpolate_begin(Instance *in) { in->interpolation_next = in->interpolation_first; }

bool interpolate_next(Instance *in, u64 serial, u32 *node) {
    u32 i = in->interpolation_next;
    *node = NONE;
    if (i == NONE || in->interpolations[i].serial > serial) return false;
    const Interpolation *p = &in->interpolations[i];
    in->interpolation_next = p->after;
    if (!step(in, p)) return true;
    *node = p->node;
    drop(in, i);
    return true;
}
