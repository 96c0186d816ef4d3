/* interpolate.c (run) - variable/interpolate and pointer/interpolate: what runs, in order, and its step in each tick.
**
** One variable, one effective pointer has at most one. While the list is stepped, done flows run in between and may
** begin, replace or stop any of them: a list's `next` moves on when its entry goes. */
#include <math.h>
#include <string.h>

#include "../op/vec.h"
#include "served.h"
#include "store.h"

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

/* The list that a target is stepped in. */
static InterpolationList *list_of(Instance *in, const Interpolation *p) {
    return &in->interpolating[p->target < in->graph->variable_count ? INTERPOLATES_VARIABLES : INTERPOLATES_POINTERS];
}

static void append(Instance *in, u32 i) {
    Interpolation *p = &in->interpolations[i];
    InterpolationList *list = list_of(in, p);
    p->before = list->last;
    p->after = NONE;
    if (p->before == NONE)
        list->first = i;
    else
        in->interpolations[p->before].after = i;
    list->last = i;
    list->count++;
    if (p->target != NONE) in->interpolation_of[p->target] = i;
}

static void drop(Instance *in, u32 i) {
    Interpolation *p = &in->interpolations[i];
    InterpolationList *list = list_of(in, p);
    if (list->next == i) list->next = p->after;
    if (p->before == NONE)
        list->first = p->after;
    else
        in->interpolations[p->before].after = p->after;
    if (p->after == NONE)
        list->last = p->before;
    else
        in->interpolations[p->after].before = p->before;
    list->count--;
    if (p->target != NONE) in->interpolation_of[p->target] = NONE;
    p->after = in->interpolation_free;
    in->interpolation_free = i;
}

/* ---- begin and stop ---- */

static bool is_same_served(const Instance *in, const Interpolation *a, const Interpolation *b) {
    return a->target == NONE && a->pointer_hash == b->pointer_hash &&
           served_is_same(in, a->served, a->args, b->served, b->args);
}

/* The running one of the same target, which a new one replaces; NONE. */
static u32 find_running(Instance *in, const Interpolation *p) {
    if (p->target != NONE) return in->interpolation_of[p->target];
    u32 i = in->interpolating[INTERPOLATES_POINTERS].first;
    while (i != NONE && !is_same_served(in, &in->interpolations[i], p)) i = in->interpolations[i].after;
    return i;
}

/* `p` has its target and where it begins; `to` is followed by the curve. False: err. */
static bool start(Instance *in, Interpolation *p, u64 limit, const Slot *to) {
    u32 lanes = type_lanes(p->type), running = find_running(in, p);
    const Slot *curve = to + lanes;
    if (!curve_is_valid(curve)) return false;
    if (running == NONE && limit && list_of(in, p)->count >= limit) return false;
    if (running != NONE) drop(in, running);
    u32 i = take_entry(in);
    if (i == NONE) return false;
    p->serial = ++in->serial;
    p->start = in->now;
    p->duration = curve[0].f;
    for (u32 k = 0; k < 2; k++) {
        p->p1[k] = curve[1 + k].f;
        p->p2[k] = curve[3 + k].f;
    }
    memcpy(p->to, to, lanes * sizeof(Slot));
    in->interpolations[i] = *p;
    append(in, i);
    return true;
}

bool instance_interpolate(Instance *in, u32 node, const Slot *args) {
    const Graph *g = in->graph;
    const i32 *params = graph_params(g, node);
    u32 variable = (u32)params[0];
    Interpolation p = {
        .node = node, .target = variable, .type = (Type)g->variable_type[variable], .slerp = params[1] != 0};
    memcpy(p.from, in->slots + g->variable_slot[variable], type_lanes(p.type) * sizeof(Slot));
    return start(in, &p, in->limits->interpolations, args);
}

/* Where a pointer's interpolation goes, and its value now. False: it names nothing that may be written. */
static bool aim(Instance *in, u32 node, const Slot *args, u32 parameters, Interpolation *p) {
    const Graph *g = in->graph;
    Pointed at;
    p->type = (Type)g->in_type[g->value_in[node] + parameters];
    p->target = NONE;
    if (graph_params(g, node)[0] == POINTER_HOST) {
        p->served = (u32)graph_params(g, node)[1];
        p->pointer_hash = served_hash(in, p->served, args);
        memcpy(p->args, args, parameters * sizeof(Slot));
        return served_get(in, p->served, args, p->from);
    }
    u32 cell = store_point(in, node, args, &at) ? store_cell(g, &at) : NONE;
    if (cell == NONE) return false;
    p->target = g->variable_count + cell;
    p->slerp = pointer_is_quaternion(at.row);
    return store_read(in, &at, p->from);
}

bool instance_pointer_interpolate(Instance *in, u32 node, const Slot *args) {
    const Graph *g = in->graph;
    enum { OTHERS = 4 }; /* value, duration, p1, p2 */
    u32 parameters = g->value_in[node + 1] - g->value_in[node] - OTHERS;
    Interpolation p = {.node = node};
    return aim(in, node, args, parameters, &p) && start(in, &p, in->limits->pointer_interpolations, args + parameters);
}

void instance_interpolate_stop(Instance *in, u32 target) {
    u32 i = in->interpolation_of[target];
    if (i != NONE) drop(in, i);
}

void interpolate_stop_served(Instance *in, u32 served, const Slot *args) {
    Interpolation p = {.target = NONE, .served = served, .pointer_hash = served_hash(in, served, args)};
    memcpy(p.args, args, in->graph->served[served].parameters * sizeof(Slot));
    u32 i = find_running(in, &p);
    if (i != NONE) drop(in, i);
}

/* ---- one step ---- */

static void mix_lanes(const Interpolation *p, f64 q, u32 lanes, Slot *out) {
    for (u32 i = 0; i < lanes; i++) out[i].f = (1 - q) * p->from[i].f + q * p->to[i].f;
}

/* The value at time t of its way, in (0, 1) or arrived. */
static void mix(const Interpolation *p, f64 t, bool arrived, Slot *out) {
    u32 lanes = type_lanes(p->type);
    f64 q = arrived ? 1 : bezier_ease(t, p->p1, p->p2);
    if (arrived)
        memcpy(out, p->to, lanes * sizeof(Slot));
    else if (p->slerp)
        vec_quatSlerp(out, p->from, p->to, &(Slot){.f = q});
    else
        mix_lanes(p, q, lanes, out);
}

static void write(Instance *in, const Interpolation *p, const Slot *value) {
    const Graph *g = in->graph;
    u32 lanes = type_lanes(p->type);
    if (p->target == NONE) {
        served_set(in, p->served, p->args, value);
    } else if (p->target < g->variable_count) {
        memcpy(in->slots + g->variable_slot[p->target], value, lanes * sizeof(Slot));
        instance_trace_write(in, p->target);
    } else {
        store_write(in, p->target - g->variable_count, value);
    }
}

/* Writes the target; true when it is reached. */
static bool step(Instance *in, const Interpolation *p) {
    Slot value[LANES_MAX];
    f64 t = (in->now - p->start) / p->duration;
    if (t <= 0) return false;
    bool arrived = !(t < 1); /* NaN too: a duration of 0 at its own start */
    mix(p, t, arrived, value);
    write(in, p, value);
    return arrived;
}

void interpolate_begin(Instance *in, Interpolates list) {
    in->interpolating[list].next = in->interpolating[list].first;
}

bool interpolate_next(Instance *in, Interpolates list, u64 serial, u32 *node) {
    u32 i = in->interpolating[list].next;
    *node = NONE;
    if (i == NONE || in->interpolations[i].serial > serial) return false;
    const Interpolation *p = &in->interpolations[i];
    in->interpolating[list].next = p->after;
    if (!step(in, p)) return true;
    *node = p->node;
    drop(in, i);
    return true;
}
