/* cycle.c (graph) - cycles of flow edges: which edges go back, which nodes are entered at work.
**
** Both walks go along flow edges from node to node, without recursion. An edge that starts a root
** activation (`done`) is none of these: when it fires, nothing is pending. */
#include "build.h"

#include <string.h>

/* A node on the way, and the flow output of it that is looked at next. */
typedef struct Step {
    u32 node, out;
} Step;

static u32 target_node(const Graph *g, u32 out) {
    return g->flow_target[out] == NONE || graph_is_root(g, out) ? NONE : g->flow_in_node[g->flow_target[out]];
}

/* ---- edges that go back: their target is on the depth-first stack ---- */

enum { NEW, OPEN, SEEN };

static void walk_from(Graph *g, u32 root, u8 *seen, Step *stack) {
    if (g->flow_target[root] == NONE) return;
    u32 depth = 0, node = g->flow_in_node[g->flow_target[root]];
    if (seen[node] != NEW) return;
    seen[node] = OPEN;
    stack[depth++] = (Step){node, g->flow_out[node]};
    while (depth) {
        Step *top = &stack[depth - 1];
        if (top->out == g->flow_out[top->node + 1]) {
            seen[top->node] = SEEN;
            depth--;
            continue;
        }
        u32 out = top->out++, to = target_node(g, out);
        if (to == NONE) continue;
        if (seen[to] == OPEN) g->flow_backward[out] = 1;
        if (seen[to] != NEW) continue;
        seen[to] = OPEN;
        stack[depth++] = (Step){to, g->flow_out[to]};
    }
}

/* Roots: events in file order, then what fires later in node order. */
static void mark_backward(Graph *g, u8 *seen, Step *stack) {
    for (u32 pass = 0; pass < 2; pass++) {
        for (u32 out = 0; out < g->flow_out_count; out++) {
            bool event = g->node_kind[g->flow_out_node[out]] == KIND_EVENT;
            if (graph_is_root(g, out) && event == (pass == 0)) walk_from(g, out, seen, stack);
        }
    }
}

/* ---- strongly connected components (Tarjan 1972, with the call stack as an array) ---- */

typedef struct Components {
    const Graph *g;
    u32 *order, *low, *component; /* by node; order 0: not seen */
    u32 *waiting;                 /* nodes seen and in no component yet */
    u32 waiting_count, orders, components;
    Step *stack;
    u32 depth;
} Components;

static void enter(Components *c, u32 node) {
    c->order[node] = c->low[node] = ++c->orders;
    c->waiting[c->waiting_count++] = node;
    c->stack[c->depth++] = (Step){node, c->g->flow_out[node]};
}

static u32 least(u32 a, u32 b) { return a < b ? a : b; }

/* All outputs of the top node are done: it may close a component, and tells the node below how
** far back it reaches. */
static void leave(Components *c) {
    u32 node = c->stack[--c->depth].node, member;
    if (c->depth) c->low[c->stack[c->depth - 1].node] = least(c->low[c->stack[c->depth - 1].node], c->low[node]);
    if (c->low[node] != c->order[node]) return;
    c->components++;
    do {
        member = c->waiting[--c->waiting_count];
        c->component[member] = c->components;
    } while (member != node);
}

static void find_components(Components *c) {
    const Graph *g = c->g;
    for (u32 start = 0; start < g->node_count; start++) {
        if (c->order[start] == 0 && g->node_kind[start] == KIND_FLOW) enter(c, start);
        while (c->depth) {
            Step *top = &c->stack[c->depth - 1];
            if (top->out == g->flow_out[top->node + 1]) {
                leave(c);
                continue;
            }
            u32 from = top->node, to = target_node(g, top->out++);
            if (to == NONE) continue;
            if (c->order[to] == 0)
                enter(c, to);
            else if (c->component[to] == 0)
                c->low[from] = least(c->low[from], c->order[to]);
        }
    }
}

/* True for a node whose output `out` leaves it with more to do; `later` says whether an output
** after it is connected. */
static bool is_pending(const Graph *g, u32 node, u32 out, bool later) {
    switch (g->node_id[node]) {
    case NODE_flow_for:
    case NODE_flow_while: return out == g->flow_out[node]; /* loopBody */
    case NODE_flow_sequence: return later;
    default: return false;
    }
}

static void mark_cyclic(Graph *g, const u32 *component) {
    for (u32 node = 0; node < g->node_count; node++) {
        bool later = false;
        for (u32 out = g->flow_out[node + 1]; out-- > g->flow_out[node];) {
            u32 to = target_node(g, out);
            if (to == NONE) continue;
            if (is_pending(g, node, out, later) && component[to] == component[node]) g->node_cyclic[node] = 1;
            later = true;
        }
    }
}

Err cycle_mark(Graph *g, Arena *scratch) {
    u64 n = g->node_count;
    g->node_cyclic = ARENA_ARRAY(&g->arena, u8, n);
    g->flow_backward = ARENA_ARRAY(&g->arena, u8, g->flow_out_count);
    u8 *seen = ARENA_ARRAY(scratch, u8, n);
    Step *stack = ARENA_ARRAY(scratch, Step, n);
    Components c = {.g = g, .stack = stack};
    c.order = ARENA_ARRAY(scratch, u32, n);
    c.low = ARENA_ARRAY(scratch, u32, n);
    c.component = ARENA_ARRAY(scratch, u32, n);
    c.waiting = ARENA_ARRAY(scratch, u32, n);
    if (!g->node_cyclic || !g->flow_backward || !seen || !stack || !c.order || !c.low || !c.component || !c.waiting)
        return ERR_MEMORY;
    mark_backward(g, seen, stack);
    find_components(&c);
    mark_cyclic(g, c.component);
    return ERR_OK;
}
