/* instance.c (run) - an instance's memory: opened in its initial state, closed with all in it. */
#include "instance.h"

#include <math.h>
#include <string.h>

#include "animate.h"
#include "walk.h"

/* Node lists by one walk over the graph: counted, laid out, filled. */
static void count_roots(const Graph *g, Roots *r, u32 *per_event) {
    for (u32 node = 0; node < g->node_count; node++) {
        if (g->node_id[node] == NODE_event_onStart) r->start_count++;
        if (g->node_id[node] == NODE_event_onTick) r->tick_count++;
        if (g->node_id[node] == NODE_event_receive) per_event[graph_params(g, node)[0]]++;
    }
}

static void fill_roots(const Graph *g, Roots *r, u32 *next) {
    u32 starts = 0, ticks = 0;
    for (u32 node = 0; node < g->node_count; node++) {
        if (g->node_id[node] == NODE_event_onStart) r->starts[starts++] = node;
        if (g->node_id[node] == NODE_event_onTick) r->ticks[ticks++] = node;
        if (g->node_id[node] == NODE_event_receive) r->receivers[next[graph_params(g, node)[0]]++] = node;
    }
}

/* From counts at [e] to first indices: receiver_first[e], and the same in `next`. */
static void sum_receivers(const Graph *g, Roots *r, u32 *next) {
    u32 sum = 0;
    for (u32 e = 0; e < g->event_count; e++) {
        u32 count = next[e];
        r->receiver_first[e] = next[e] = sum;
        sum += count;
        if (count && g->event_id[e][0]) r->heard = true;
    }
    r->receiver_first[g->event_count] = sum;
}

/* Which Dispatch a node listens to, and to what happens to which node of the glTF; DISPATCH_EVENT: none. */
static Dispatch listens_to(const Graph *g, u32 node, u32 *target) {
    u8 id = g->node_id[node];
    Dispatch to = id == NODE_event_onSelect     ? DISPATCH_SELECT
                  : id == NODE_event_onHoverIn  ? DISPATCH_HOVER_IN
                  : id == NODE_event_onHoverOut ? DISPATCH_HOVER_OUT
                                                : DISPATCH_EVENT;
    if (to == DISPATCH_EVENT) return to;
    *target = (u32)graph_params(g, node)[0]; /* -1 is NONE */
    return *target < g->model.count[GLTF_NODES] ? to : DISPATCH_EVENT;
}

/* Counts them at [target + 1]. */
static bool count_handlers(Instance *in) {
    const Graph *g = in->graph;
    for (u32 node = 0, target; node < g->node_count; node++) {
        Dispatch to = listens_to(g, node, &target);
        if (to == DISPATCH_EVENT) continue;
        Handlers *h = &in->roots.handlers[to];
        if (!h->first) h->first = ARENA_ARRAY(&in->arena, u32, (u64)g->model.count[GLTF_NODES] + 2);
        if (!h->first) return false;
        h->first[target + 2]++;
        in->roots.heard = true;
    }
    return true;
}

/* After counting, [n + 1] moves from the beginning of node n's to the end. */
static bool place_handlers(Instance *in, Handlers *h) {
    u32 targets = in->graph->model.count[GLTF_NODES];
    if (!h->first) return true;
    for (u32 n = 0; n < targets; n++) h->first[n + 2] += h->first[n + 1];
    h->nodes = ARENA_ARRAY(&in->arena, u32, h->first[targets + 1]);
    return h->nodes;
}

static bool find_handlers(Instance *in) {
    const Graph *g = in->graph;
    Roots *r = &in->roots;
    if (!count_handlers(in)) return false;
    for (u32 k = 0; k < DISPATCH_SCENES; k++)
        if (!place_handlers(in, &r->handlers[k])) return false;
    for (u32 node = 0, target; node < g->node_count; node++) {
        Dispatch to = listens_to(g, node, &target);
        if (to != DISPATCH_EVENT) r->handlers[to].nodes[r->handlers[to].first[target + 1]++] = node;
    }
    if (!r->handlers[DISPATCH_HOVER_IN].first && !r->handlers[DISPATCH_HOVER_OUT].first) return true;
    in->hovered = ARENA_ARRAY(&in->arena, u32, CONTROLLERS_MAX);
    for (u32 i = 0; in->hovered && i < CONTROLLERS_MAX; i++) in->hovered[i] = NONE;
    return in->hovered;
}

static bool find_roots(Instance *in) {
    const Graph *g = in->graph;
    Roots *r = &in->roots;
    u32 *next = ARENA_ARRAY(&in->arena, u32, g->event_count + 1);
    r->receiver_first = ARENA_ARRAY(&in->arena, u32, g->event_count + 1);
    if (!next || !r->receiver_first) return false;
    count_roots(g, r, next);
    sum_receivers(g, r, next);
    r->starts = ARENA_ARRAY(&in->arena, u32, r->start_count + 1);
    r->ticks = ARENA_ARRAY(&in->arena, u32, r->tick_count + 1);
    r->receivers = ARENA_ARRAY(&in->arena, u32, r->receiver_first[g->event_count] + 1);
    if (!r->starts || !r->ticks || !r->receivers) return false;
    fill_roots(g, r, next);
    return find_handlers(in);
}

/* Room for the longest occurrence, and for any single value. */
static u32 occurrence_lanes(const Graph *g) {
    u32 most = LANES_MAX;
    for (u32 e = 0; e < g->event_count; e++) {
        u32 lanes = event_lanes(g, e);
        if (lanes > most) most = lanes;
    }
    return most;
}

static bool take_slots(Instance *in) {
    const Graph *g = in->graph;
    const Program *p = in->program;
    in->slots = ARENA_ARRAY(&in->arena, Slot, (p ? p->slot_count : g->state_count) + 1);
    if (!in->slots) return false;
    if (g->state_count) memcpy(in->slots, g->state_init, g->state_count * sizeof(Slot));
    if (p && p->const_count) memcpy(in->slots + p->const_first, p->consts, p->const_count * sizeof(Slot));
    return true;
}

static bool take_lists(Instance *in) {
    const Graph *g = in->graph;
    in->occurrence_values = ARENA_ARRAY(&in->arena, Slot, occurrence_lanes(g));
    u64 targets = (u64)g->variable_count + g->model.mutable_count;
    in->interpolation_of = ARENA_ARRAY(&in->arena, u32, targets + 1);
    if (!in->occurrence_values || !in->interpolation_of) return false;
    in->changed = ARENA_ARRAY(&in->arena, u8, (u64)g->model.mutable_count + 1);
    in->changes = ARENA_ARRAY(&in->arena, u32, (u64)g->model.mutable_count + 1);
    if (!in->changed || !in->changes) return false;
    for (u64 t = 0; t < targets; t++) in->interpolation_of[t] = NONE;
    in->interpolation_free = NONE;
    for (u32 i = 0; i < INTERPOLATES; i++) in->interpolating[i] = (InterpolationList){NONE, NONE, NONE, 0};
    return true;
}

static bool fill(Instance *in, const Limits *limits, bool trace) {
    in->limits = ARENA_NEW(&in->arena, Limits);
    if (!in->limits) return false;
    *in->limits = *limits;
    /* The program's stack has room for the calls that were allowed when it was lowered. */
    if (in->program && in->limits->call_depth > in->program->call_depth)
        in->limits->call_depth = in->program->call_depth;
    if (!take_slots(in) || !take_lists(in) || !animate_open(in) || !find_roots(in)) return false;
    in->trace.on = in->watch = trace;
    in->trace.hash = in->log_hash = in->sent_hash = HASH_START;
    in->steps = UINT64_MAX;
    in->last_tick = NAN;
    in->reason_node = NONE;
    return in->program || walk_open(in);
}

Instance *instance_open(const Graph *g, const Program *p, const Limits *limits, u32 id, u64 seed, bool trace) {
    Instance *in = system_take(sizeof *in);
    if (!in) return NULL;
    *in = (Instance){
        .id = id, .graph = g, .program = p, .of_seed = chance_of_seed(seed), .runner = p ? RUNNER_VM : RUNNER_WALK};
    arena_open(&in->arena, limits->memory);
    if (fill(in, limits, trace)) return in;
    instance_close(in);
    return NULL;
}

void instance_close(Instance *in) {
    if (!in) return;
    if (in->walk) walk_close(in);
    for (u32 i = 0; i < in->parked_count; i++) instance_unpark(&in->parked[i]);
    system_give(in->parked);
    system_give(in->delays);
    system_give(in->interpolations);
    system_give(in->events);
    system_give(in->event_values);
    buf_close(&in->line);
    buf_close(&in->message);
    buf_close(&in->log);
    buf_close(&in->sent);
    buf_close(&in->trace.text);
    arena_close(&in->arena);
    system_give(in);
}

void *instance_grow(Instance *in, void *old, u64 old_size, u64 new_size) {
    u64 others = in->arena.used + in->grown - old_size, quota = in->limits->memory;
    if (quota && (new_size > quota || others > quota - new_size)) return NULL;
    if (new_size > SIZE_MAX) return NULL;
    void *block = system_grow(old, (size_t)new_size);
    if (block) in->grown += new_size - old_size;
    return block;
}

void instance_fail(Instance *in, const char *reason, u32 node) {
    if (in->reason) return;
    in->reason = reason;
    in->reason_node = node;
}

f64 instance_random(const Instance *in, u32 node) { return chance(in->of_seed, node, in->slots[STATE_EPOCH].u); }
