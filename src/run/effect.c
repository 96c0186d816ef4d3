/* effect.c (run) - what instructions do beyond slots: services of the instance, ops that remember, waiting for a host. */
#include "effect.h"

#include <math.h>
#include <string.h>

#include "animate.h"
#include "store.h"

/* ---- ops that remember ---- */

static void reset_gate(Instance *in, u32 node) {
    const Graph *g = in->graph;
    in->slots[g->out_slot[g->value_out[node]]].bits = (u32)-1;
    for (u32 i = 0; i < graph_state_size(g, node); i++) in->slots[g->node_state[node] + i].bits = 0;
}

/* How many outputs are unused, and the one a gate opens next: the lowest, or a random one. */
static i32 choose_output(Instance *in, u32 node, const u64 *used, u32 outputs, bool random) {
    u32 unused = 0;
    for (u32 k = 0; k < outputs; k++) unused += !(used[k / 64] >> k % 64 & 1);
    if (!unused) return -1;
    u32 skip = random ? (u32)(instance_random(in, node) * unused) : 0;
    for (u32 k = 0; k < outputs; k++)
        if (!(used[k / 64] >> k % 64 & 1) && skip-- == 0) return (i32)k;
    return -1;
}

static i32 open_gate(Instance *in, u32 node) {
    const Graph *g = in->graph;
    const i32 *p = graph_params(g, node);
    u32 outputs = g->flow_out[node + 1] - g->flow_out[node];
    if (!outputs) return -1;
    u64 *used = &in->slots[g->node_state[node]].bits;
    i32 chosen = choose_output(in, node, used, outputs, p[0]);
    if (chosen < 0 && p[1]) {
        for (u32 i = 0; i < graph_state_size(g, node); i++) used[i] = 0;
        chosen = choose_output(in, node, used, outputs, p[0]);
    }
    if (chosen < 0) return -1;
    used[chosen / 64] |= UINT64_C(1) << chosen % 64;
    in->slots[g->out_slot[g->value_out[node]]].bits = (u32)chosen;
    return chosen;
}

static bool arrive(Instance *in, u32 node, u32 input) {
    const Graph *g = in->graph;
    Slot *remaining = &in->slots[g->out_slot[g->value_out[node]]];
    u64 *seen = &in->slots[g->node_state[node]].bits, bit = UINT64_C(1) << input;
    if (!(*seen & bit)) {
        *seen |= bit;
        remaining->i--;
    }
    return remaining->i == 0;
}

static void reset_wait_all(Instance *in, u32 node) {
    const Graph *g = in->graph;
    in->slots[g->node_state[node]].bits = 0;
    in->slots[g->out_slot[g->value_out[node]]].i = graph_params(g, node)[0];
}

static u32 only_output(const Instance *in, i32 node) { return in->graph->out_slot[in->graph->value_out[node]]; }

/* 0 err, 1 out, 2 nothing. */
static i32 throttle(Instance *in, u32 node, f64 duration) {
    const Graph *g = in->graph;
    Slot *remaining = &in->slots[g->out_slot[g->value_out[node]]], *stamp = &in->slots[g->node_state[node]];
    if (!(duration >= 0) || isinf(duration)) return 0;
    f64 elapsed = in->now - stamp->f;
    if (!isnan(remaining->f) && elapsed < duration) {
        remaining->f = duration - elapsed;
        return 2;
    }
    stamp->f = in->now;
    remaining->f = 0;
    return 1;
}

/* ---- waiting ---- */

/* Visits the state slots that belong to the activation alone: indices of the loops it is in, values of the event
** that began it. With `out` NULL only counts. */
static u32 own_output(const Instance *in, u32 value_out, Slot *out) {
    const Graph *g = in->graph;
    u32 lanes = type_lanes((Type)g->out_type[value_out]), slot = g->out_slot[value_out];
    for (u32 i = 0; out && i < lanes; i++) {
        out[2 * i].bits = slot + i;
        out[2 * i + 1] = in->slots[slot + i];
    }
    return 2 * lanes;
}

static u32 own_links(const Instance *in, u32 pc, Slot *out) {
    const Program *p = in->program;
    u32 n = 0;
    for (u32 link = p->own_at[pc]; link != NONE; link = p->own[2 * link + 1])
        n += own_output(in, p->own[2 * link], out ? out + n : NULL);
    return n;
}

static u32 own_all(const Instance *in, Slot *out) {
    const Graph *g = in->graph;
    const Slot *stack = in->slots + in->program->stack_first;
    u32 n = own_links(in, in->pc - 1, out), node = g->flow_out_node[in->root_out];
    for (u32 i = 1; i < in->depth; i++) /* 0 is the way back to halt */
        if (stack[i].bits & RETURN_BIT) n += own_links(in, stack[i].u - 1, out ? out + n : NULL);
    for (u32 o = g->value_out[node]; g->node_kind[node] == KIND_EVENT && o < g->value_out[node + 1]; o++)
        n += own_output(in, o, out ? out + n : NULL);
    return n;
}

static RunStatus park(Instance *in, u32 node) {
    Parked *p = instance_park(in, node);
    u32 own = own_all(in, NULL);
    if (p) {
        p->frame = system_take(sizeof(Slot) * in->depth);
        p->own = system_take(sizeof(Slot) * own);
    }
    if (!p || !p->frame || !p->own) {
        instance_fail(in, "memory", node);
        return RUN_LIMIT;
    }
    p->frame_count = p->depth = in->depth;
    p->own_count = own;
    p->pc = in->pc;
    memcpy(p->frame, in->slots + in->program->stack_first, sizeof(Slot) * in->depth);
    own_all(in, p->own);
    return RUN_WAIT;
}

static RunStatus call_host(Instance *in, const Ins *i) {
    Slot *slots = in->slots;
    HostAnswer answer = instance_host(in, (u32)i->c, &slots[i->b], &slots[i->a + 1]);
    slots[i->a].bits = answer == HOST_DONE;
    if (answer != HOST_PENDING) return RUN_DONE;
    in->busy = false;
    return park(in, (u32)i->c);
}

/* ---- the trace ---- */

void effect_before(Instance *in, u32 pc) {
    const Program *p = in->program;
    u32 first = p->mark_at[pc];
    for (u32 m = first + in->marked; first != NONE && m < p->mark_count; m++) {
        if (p->marks[m].pc != pc || p->marks[m].kind != MARK_ACTIVATE) break;
        in->activations++;
        instance_trace_activate(in, p->marks[m].what);
    }
    in->marked = 0;
}

void effect_wrote(Instance *in, u32 pc) {
    const Program *p = in->program;
    for (u32 m = p->mark_at[pc]; m < p->mark_count && p->marks[m].pc == pc; m++)
        if (p->marks[m].kind == MARK_WROTE) instance_trace_write(in, p->marks[m].what);
}

/* ---- all of them ---- */

#define R(operand) slots[operand]

RunStatus effect(Instance *in, const Ins *i) {
    Slot *slots = in->slots;
    switch (i->code) {
    case CODE_epoch: slots[STATE_EPOCH].u++; break;
    case CODE_enter: return effect_enter(in, &R(i->a), (u32)i->b) ? RUN_DONE : RUN_LIMIT;
    case CODE_leave: effect_leave(in, &R(i->a)); break;
    case CODE_random: R(i->a).f = instance_random(in, (u32)i->b); break;
    case CODE_touch:
        store_touch(in, (u32)i->a);
        instance_trace_pointer(in, (u32)i->a);
        break;
    case CODE_delay: R(i->a).i = instance_delay(in, (u32)i->c, R(i->b).f); break;
    case CODE_delay_stop: instance_delay_stop(in, (u32)i->a); break;
    case CODE_delay_cancel: instance_delay_cancel(in, R(i->a).bits); break;
    case CODE_throttle: R(i->a).i = throttle(in, (u32)i->c, R(i->b).f); break;
    case CODE_throttle_reset: R(only_output(in, i->a)).f = NAN; break;
    case CODE_gate: R(i->a).i = open_gate(in, (u32)i->b); break;
    case CODE_gate_reset: reset_gate(in, (u32)i->a); break;
    case CODE_wait_all: R(i->a).i = arrive(in, (u32)i->b, (u32)i->c); break;
    case CODE_wait_all_reset: reset_wait_all(in, (u32)i->a); break;
    case CODE_send:
        return instance_send(in, (u32)graph_params(in->graph, (u32)i->b)[0], &R(i->a)) ? RUN_DONE : RUN_LIMIT;
    case CODE_stop: instance_stop_propagation(in, R(i->a).i, R(i->b).bits); break;
    case CODE_interpolate: R(i->a).i = instance_interpolate(in, (u32)i->c, &R(i->b)); break;
    case CODE_interpolate_stop: instance_interpolate_stop(in, (u32)i->a); break;
    case CODE_animation_start: R(i->a).i = animate_start(in, (u32)i->c, &R(i->b)); break;
    case CODE_animation_stop: R(i->a).i = animate_stop(in, R(i->b).bits); break;
    case CODE_animation_stop_at: R(i->a).i = animate_stop_at(in, (u32)i->c, &R(i->b)); break;
    case CODE_pointer_get: instance_pointer_get(in, (u32)i->c, &R(i->b), &R(i->a)); break;
    case CODE_pointer_set: R(i->a).i = instance_pointer_set(in, (u32)i->d, &R(i->b), &R(i->c)); break;
    case CODE_pointer_interpolate: R(i->a).i = instance_pointer_interpolate(in, (u32)i->c, &R(i->b)); break;
    case CODE_log: instance_log(in, (u32)i->b, &R(i->a)); break;
    case CODE_host: return call_host(in, i);
    default: assert_failed("an unverified program", __FILE__, __LINE__);
    }
    return RUN_DONE;
}
