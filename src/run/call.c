/* call.c (run) - host operations: calls, and the activations parked until the host answers. */
#include <string.h>

#include "instance.h"

u32 call_lanes(const Graph *g, u32 node) {
    u32 lanes = 0;
    for (u32 out = g->value_out[node]; out < g->value_out[node + 1]; out++) lanes += type_lanes((Type)g->out_type[out]);
    return lanes;
}

/* A host writes what it likes; the upper half of an int and other bools than 0 and 1 must not
** get in. */
static void clean_results(const Graph *g, u32 node, Slot *results) {
    for (u32 out = g->value_out[node]; out < g->value_out[node + 1]; out++) {
        Type t = (Type)g->out_type[out];
        for (u32 i = 0; i < type_lanes(t); i++, results++) {
            if (t == TYPE_BOOL) results->bits = results->u != 0;
            if (t == TYPE_INT) results->bits = results->u;
        }
    }
}

static u32 waiting(const Instance *in) {
    u32 count = 0;
    for (u32 i = 0; i < in->parked_count; i++) count += in->parked[i].call != 0;
    return count;
}

HostAnswer instance_host(Instance *in, u32 node, const Slot *args, Slot *results) {
    u64 limit = in->limits->host_calls;
    if (limit && waiting(in) >= limit) return HOST_FAILED;
    const i32 *params = graph_params(in->graph, node);
    in->calling = true;
    in->call_node = node;
    in->answered = false;
    in->answer_results = results;
    if (++in->call == 0) in->call = 1;
    i32 answer = host_call(in->id, node, in->now, (u32)params[0], in->call, args, results);
    in->calling = false;
    if (answer == HOST_PENDING && in->answered) answer = in->answer;
    if (answer == HOST_PENDING) return HOST_PENDING;
    if (answer != HOST_DONE) return HOST_FAILED;
    clean_results(in->graph, node, results);
    return HOST_DONE;
}

Parked *instance_park(Instance *in, u32 node) {
    u32 i = 0;
    while (i < in->parked_count && in->parked[i].call) i++;
    if (i == in->parked_cap) {
        u32 cap = in->parked_cap ? in->parked_cap * 2 : 8;
        void *grown = instance_grow(in, in->parked, in->parked_cap * sizeof(Parked), cap * sizeof(Parked));
        if (!grown) {
            instance_fail(in, "memory", node);
            return NULL;
        }
        in->parked = grown;
        in->parked_cap = cap;
    }
    if (i == in->parked_count) in->parked_count++;
    in->parked[i] = (Parked){.call = in->call, .node = node, .root = in->root, .root_out = in->root_out};
    return &in->parked[i];
}

void instance_unpark(Parked *p) {
    system_give(p->frame);
    system_give(p->own);
    system_give(p->results);
    *p = (Parked){0};
}

Parked *call_find(Instance *in, u32 call) {
    for (u32 i = 0; call && i < in->parked_count; i++)
        if (in->parked[i].call == call && !in->parked[i].ready) return &in->parked[i];
    return NULL;
}

bool call_answer(Instance *in, Parked *p, HostAnswer answer, const Slot *results, u32 count) {
    u32 lanes = call_lanes(in->graph, p->node);
    p->results = system_take((lanes + 1) * sizeof(Slot));
    if (!p->results) return false;
    for (u32 i = 0; i < lanes; i++) p->results[i] = i < count ? results[i] : (Slot){0};
    clean_results(in->graph, p->node, p->results);
    p->result_count = lanes;
    p->answer = answer == HOST_DONE ? HOST_DONE : HOST_FAILED;
    p->order = ++in->answers;
    p->ready = true;
    return true;
}

Parked *call_ready(Instance *in) {
    Parked *first = NULL;
    for (u32 i = 0; i < in->parked_count; i++) {
        Parked *p = &in->parked[i];
        if (p->ready && (!first || p->order < first->order)) first = p;
    }
    return first;
}
