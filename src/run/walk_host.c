/* walk_host.c (run) - host operations under the walker: call, park until the host answers, go on.
**
** What leaves with a parked activation is its stack and its own outputs: state that others may
** change meanwhile but that this one must find as it was, the values of its event and the index of
** each of its loops. */
#include "frame.h"

#include <string.h>

enum { DONE = 0, FAILED = 1 };

/* The host's answer becomes the node's outputs, and a way to go on. */
static void answered(Instance *in, u32 node, HostAnswer answer, const Slot *results) {
    const Graph *g = in->graph;
    walk_take(in, node, answer == HOST_DONE ? DONE : FAILED);
    if (answer != HOST_DONE) return;
    for (u32 o = g->value_out[node]; o < g->value_out[node + 1]; o++) {
        u32 lanes = type_lanes((Type)g->out_type[o]);
        memcpy(in->slots + g->out_slot[o], results, lanes * sizeof(Slot));
        results += lanes;
    }
}

/* ---- parking ---- */

static u32 own_lanes(const Graph *g, u32 node) {
    bool owns = g->node_kind[node] == KIND_EVENT || g->node_id[node] == NODE_flow_for;
    return owns ? call_lanes(g, node) : 0;
}

/* The i-th node that may own outputs: the root's, then those on the stack. */
static u32 own_node(const Instance *in, u32 i) {
    const Walk *w = in->walk;
    return i == 0 ? in->graph->flow_out_node[in->root_out] : w->stack[i - 1].node;
}

static u32 count_own(const Instance *in) {
    u32 count = 0;
    for (u32 i = 0; i <= in->walk->depth; i++) count += own_lanes(in->graph, own_node(in, i));
    return count;
}

typedef enum Way { TO_STATE, FROM_STATE } Way;

static void copy_outputs(Instance *in, u32 node, Slot *own, Way way) {
    const Graph *g = in->graph;
    for (u32 o = g->value_out[node]; o < g->value_out[node + 1]; o++) {
        u32 lanes = type_lanes((Type)g->out_type[o]);
        Slot *state = in->slots + g->out_slot[o];
        memcpy(way == TO_STATE ? state : own, way == TO_STATE ? own : state, lanes * sizeof(Slot));
        own += lanes;
    }
}

static void copy_own(Instance *in, Slot *own, Way way) {
    for (u32 i = 0; i <= in->walk->depth; i++) {
        u32 node = own_node(in, i), lanes = own_lanes(in->graph, node);
        if (lanes) copy_outputs(in, node, own, way);
        own += lanes;
    }
}

/* The parked frame: two slots for each entry. */
static void save_stack(const Walk *w, Slot *frame) {
    for (u32 i = 0; i < w->depth; i++) {
        const Entry *e = &w->stack[i];
        *frame++ = (Slot){.bits = (u64)e->phase << 32 | e->node};
        *frame++ = int_slot(e->index);
    }
}

static void restore_stack(Walk *w, const Slot *frame, u32 count) {
    w->depth = count / 2;
    for (u32 i = 0; i < w->depth; i++) {
        u64 bits = frame[2 * i].bits;
        w->stack[i] = (Entry){(u32)bits, (u32)(bits >> 32), frame[2 * i + 1].i};
    }
}

static bool park(Instance *in, u32 node) {
    Walk *w = in->walk;
    Parked *p = instance_park(in, node);
    if (!p) return false;
    p->root_out = in->root_out;
    p->frame_count = 2 * w->depth;
    p->own_count = count_own(in);
    p->frame = system_take((p->frame_count + 1) * sizeof(Slot));
    p->own = system_take((p->own_count + 1) * sizeof(Slot));
    if (!p->frame || !p->own) {
        instance_unpark(p);
        return false;
    }
    save_stack(w, p->frame);
    copy_own(in, p->own, FROM_STATE);
    return true;
}

void walk_call(Instance *in, u32 node) {
    const Graph *g = in->graph;
    Walk *w = in->walk;
    const Slot *args = eval_inputs(&w->eval, in, g->value_in[node], g->value_in[node + 1]);
    HostAnswer answer = instance_host(in, node, args, w->results);
    if (answer != HOST_PENDING) {
        answered(in, node, answer, w->results);
    } else if (park(in, node)) {
        w->depth = 0;
        in->busy = false;
        walk_leave(in, RUN_WAIT);
    } else {
        walk_fail(in, "memory", node);
    }
}

void walk_resume(Instance *in, Parked *p) {
    Walk *w = in->walk;
    restore_stack(w, p->frame, p->frame_count);
    copy_own(in, p->own, TO_STATE);
    w->owed = false;
    in->root = p->root;
    in->root_out = p->root_out;
    in->busy = true;
    answered(in, p->node, (HostAnswer)p->answer, p->results);
}

u32 walk_results_room(const Graph *g) {
    u32 room = 1;
    for (u32 n = 0; n < g->node_count; n++) {
        u32 lanes = g->node_id[n] == NODE_host_call ? call_lanes(g, n) : 0;
        if (lanes > room) room = lanes;
    }
    return room;
}
