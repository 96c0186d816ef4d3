/* vm.c (run) - the register machine: two loops made of one body, a fast one and one that watches. */
#include "vm.h"

#include <string.h>

#include "../op/fn.h"
#include "../op/vec.h"
#include "animate.h"
#include "store.h"

/* Stack entries: a return address has this bit above, a pushed loop counter has not. */
#define RETURN_BIT (UINT64_C(1) << 32)

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

/* ---- calls and waiting ---- */

/* Counts a pending entry of a node on a cycle; false: too many re-entries. */
static bool enter(Instance *in, Slot *active, u32 node) {
    if (active->i++ == 0) return true;
    if ((u64)++in->slots[STATE_DEPTH].i <= in->limits->call_depth) return true;
    instance_fail(in, "call-depth", node);
    return false;
}

static void leave(Instance *in, Slot *active) {
    if (--active->i > 0) in->slots[STATE_DEPTH].i--;
}

static i32 find_case(const i32 *table, i32 value) {
    u32 low = 0, high = (u32)table[0];
    while (low < high) {
        u32 middle = (low + high) / 2;
        if (table[1 + 2 * middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    bool hit = low < (u32)table[0] && table[1 + 2 * low] == value;
    return hit ? table[2 + 2 * low] : table[1 + 2 * table[0]];
}

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

void vm_resume(Instance *in, Parked *p) {
    const Ins *host = &in->program->code[p->pc - 1];
    in->pc = p->pc;
    in->depth = p->depth;
    in->root = p->root;
    in->root_out = p->root_out;
    in->marked = 0;
    in->busy = true;
    memcpy(in->slots + in->program->stack_first, p->frame, sizeof(Slot) * p->depth);
    for (u32 i = 0; i < p->own_count; i += 2) in->slots[p->own[i].bits] = p->own[i + 1];
    bool done = p->answer == HOST_DONE && p->result_count == host->n;
    in->slots[host->a].bits = done;
    for (u32 i = 0; done && i < host->n; i++) in->slots[host->a + 1 + (i32)i] = p->results[i];
}

/* ---- the loops ---- */

void vm_begin(Instance *in, u32 root) {
    in->root_out = root;
    in->pc = in->program->entry[root];
    in->slots[in->program->stack_first].bits = RETURN_BIT | 0; /* the halt */
    in->depth = 1;
    in->marked = 0;
    in->busy = true;
}

/* Marks before the instruction at in->pc. False: a step ends here. */
static bool see_activations(Instance *in) {
    const Program *p = in->program;
    u32 first = p->mark_at[in->pc];
    if (first == NONE) return true;
    for (u32 m = first + in->marked; m < p->mark_count && p->marks[m].pc == in->pc; m++) {
        if (p->marks[m].kind != MARK_ACTIVATE) break;
        if (in->steps == 0) return false;
        if (in->steps != UINT64_MAX) in->steps--;
        in->activations++;
        in->marked++;
        instance_trace_activate(in, p->marks[m].what);
    }
    return true;
}

static void see_writes(Instance *in, u32 pc) {
    const Program *p = in->program;
    for (u32 m = p->mark_at[pc]; m < p->mark_count && p->marks[m].pc == pc; m++)
        if (p->marks[m].kind == MARK_WROTE) instance_trace_write(in, p->marks[m].what);
}

#define VM_LOOP  run_fast
#define VM_WATCH 0
#include "vm_loop.h"
#undef VM_LOOP
#undef VM_WATCH

#define VM_LOOP  run_watched
#define VM_WATCH 1
#include "vm_loop.h"

RunStatus vm_run(Instance *in) { return in->watch ? run_watched(in) : run_fast(in); }

void vm_output(Instance *in, u32 i, Slot *out) {
    const Program *p = in->program;
    if (p->output_entry[i] != NONE) {
        /* Output code has temporaries of its own, no fuel and no stack: only the loop's own words need care. */
        Instance shadow = *in;
        shadow.pc = p->output_entry[i];
        shadow.watch = false;
        run_fast(&shadow);
    }
    memcpy(out, in->slots + p->output_slot[i], sizeof(Slot) * type_lanes((Type)in->graph->output_type[i]));
}
