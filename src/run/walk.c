/* walk.c (run) - the obvious interpreter of the graph: follow an edge, do what the node says.
**
** The walker's whole position is one flow edge that is about to be taken and a stack of entries:
** nodes whose own work is pending, each with its phase. Only three ops can have work pending:
** flow/sequence (outputs to come), flow/for and flow/while (the next turn). Every other op ends by
** taking at most one edge, and the last output of these three is taken after their entry was
** popped: a chain, however long, and a backward edge in tail position add nothing.
**
** What every runner must do alike, in this order:
**
**   charge      compares first: a budget smaller than the charge changes nothing, and the same
**               charge is tried again.
**   root        root_cost is charged, then the root's edge is taken.
**   edge        to input i over output o: flow_in_cost[i] + flow_backward[o] is charged, as one
**               charge; the activation is recorded; STATE_EPOCH += 1; a cyclic node is entered;
**               then inputs are evaluated and the work is done. An unconnected output costs nothing
**               and does nothing.
**   sequence    takes its connected outputs in order; it is left before the last of them is taken.
**   flow/for    startIndex is evaluated and written to index, then endIndex is evaluated.
**               While index < endIndex: turn_cost is charged, loopBody is taken; afterwards
**               STATE_EPOCH += 1, index + 1 is written to index and endIndex is evaluated again.
**               A later turn that cannot be paid has not begun: index shows the turn before until
**               it is. In the end the loop is left and completed is taken.
**   flow/while  the same without an index: before each later turn STATE_EPOCH += 1 and condition is
**               evaluated again.
**   entering    of a node with node_cyclic counts it in its node_active slot; when it was counted
**               already, STATE_DEPTH += 1, and above the limit call-depth the run ends. Leaving
**               undoes this. What is parked stays counted.
**   epoch       STATE_EPOCH is kept only in graphs with uses_random. */
#include "frame.h"

#include <string.h>

void walk_leave(Instance *in, RunStatus status) {
    in->walk->left = true;
    in->walk->status = status;
}

void walk_fail(Instance *in, const char *reason, u32 node) {
    instance_fail(in, reason, node);
    walk_leave(in, RUN_LIMIT);
}

void walk_take(Instance *in, u32 node, u32 k) { in->walk->edge = in->graph->flow_out[node] + k; }

Slot *walk_output_slot(Instance *in, u32 node, u32 k) {
    const Graph *g = in->graph;
    return in->slots + g->out_slot[g->value_out[node] + k];
}

void walk_raise_epoch(Instance *in) {
    Slot *epoch = in->slots + STATE_EPOCH;
    if (in->graph->uses_random) epoch->bits = epoch->u + 1u;
}

/* ---- fuel ---- */

static bool can_pay(Instance *in, u32 charge) {
    if (charge == 0 || (i64)in->budget >= (i64)charge) return true;
    in->charge = charge;
    walk_leave(in, RUN_YIELD);
    return false;
}

bool walk_pay(Instance *in, u32 charge) {
    if (!can_pay(in, charge)) return false;
    in->budget -= (i32)charge;
    return true;
}

/* ---- the stack ---- */

/* Counts a cyclic node as pending once more; false when that is too deep. */
static bool count_in(Instance *in, u32 node) {
    if (!in->graph->node_cyclic[node]) return true;
    Slot *active = in->slots + in->graph->node_active[node], *depth = in->slots + STATE_DEPTH;
    *active = int_slot(active->i + 1);
    if (active->i == 1) return true;
    *depth = int_slot(depth->i + 1);
    return (u64)depth->i <= in->limits->call_depth;
}

static void count_out(Instance *in, u32 node) {
    if (!in->graph->node_cyclic[node]) return;
    Slot *active = in->slots + in->graph->node_active[node], *depth = in->slots + STATE_DEPTH;
    *active = int_slot(active->i - 1);
    if (active->i > 0) *depth = int_slot(depth->i - 1);
}

Entry *walk_enter(Instance *in, u32 node) {
    Walk *w = in->walk;
    if (!count_in(in, node)) {
        walk_fail(in, "call-depth", node);
        return NULL;
    }
    ASSERT(w->depth < w->room);
    Entry *e = &w->stack[w->depth++];
    *e = (Entry){.node = node};
    return e;
}

void walk_pop(Instance *in) {
    Walk *w = in->walk;
    count_out(in, w->stack[--w->depth].node);
}

/* ---- running ---- */

static bool can_step(Instance *in) {
    if (!in->watch || in->steps > 0) return true;
    walk_leave(in, RUN_STEP);
    return false;
}

static void count_step(Instance *in) {
    if (!in->watch) return;
    in->activations++;
    if (in->steps != UINT64_MAX) in->steps--;
}

/* Pays for the activation at the end of the edge, records it, does its work. */
static void follow(Instance *in, u32 edge) {
    const Graph *g = in->graph;
    u32 target = g->flow_target[edge];
    if (target == NONE) {
        in->walk->edge = NONE;
        return;
    }
    u32 charge = g->flow_in_cost[target] + g->flow_backward[edge];
    if (!can_pay(in, charge) || !can_step(in)) return;
    walk_pay(in, charge);
    count_step(in);
    in->walk->edge = NONE;
    in->instructions++;
    instance_trace_activate(in, target);
    walk_raise_epoch(in);
    u32 node = g->flow_in_node[target];
    walk_work(in, node, target - g->flow_in[node]);
}

static void begin_root(Instance *in) {
    Walk *w = in->walk;
    if (!walk_pay(in, in->graph->root_cost[in->root_out])) return;
    w->owed = false;
    w->edge = in->root_out;
}

static void finish(Instance *in) {
    in->busy = false;
    walk_leave(in, RUN_DONE);
}

RunStatus walk_run(Instance *in) {
    Walk *w = in->walk;
    w->left = false;
    while (!w->left) {
        if (w->owed)
            begin_root(in);
        else if (w->edge != NONE)
            follow(in, w->edge);
        else if (w->depth > 0)
            walk_move(in);
        else
            finish(in);
    }
    return w->status;
}

void walk_begin(Instance *in, u32 root) {
    Walk *w = in->walk;
    in->root_out = root;
    w->owed = true;
    w->edge = NONE;
    w->depth = 0;
    in->busy = true;
}

void walk_output(Instance *in, u32 i, Slot *out) {
    const Graph *g = in->graph;
    const Slot *value = eval_output(&in->walk->eval, in, i);
    memcpy(out, value, type_lanes((Type)g->output_type[i]) * sizeof(Slot));
}

/* ---- opening ---- */

static bool can_be_pending(u8 id) { return id == NODE_flow_sequence || id == NODE_flow_for || id == NODE_flow_while; }

/* Each of these nodes can be pending once, and cyclic ones again, call_depth times in all. So much
** is taken here; nothing is while running. */
static u64 stack_room(const Instance *in) {
    const Graph *g = in->graph;
    u64 room = 1;
    bool cyclic = false;
    for (u32 n = 0; n < g->node_count; n++) {
        room += can_be_pending(g->node_id[n]);
        cyclic = cyclic || g->node_cyclic[n];
    }
    return cyclic ? room + in->limits->call_depth : room;
}

bool walk_open(Instance *in) {
    Walk *w = ARENA_NEW(&in->arena, Walk);
    u64 room = stack_room(in);
    if (!w || room > UINT32_MAX) return false;
    w->room = (u32)room;
    w->stack = ARENA_ARRAY(&in->arena, Entry, room);
    w->results = ARENA_ARRAY(&in->arena, Slot, walk_results_room(in->graph));
    w->edge = NONE;
    if (!w->stack || !w->results || !eval_open(&w->eval, in)) return false;
    in->walk = w;
    return true;
}

void walk_close(Instance *in) { in->walk = NULL; /* its memory is the arena's */ }
