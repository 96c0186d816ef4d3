/* write_order.c (graph) - the order of nodes in KHR_interactivity: values come from before, flows lead on.
**
** Of all nodes whose sources are written, the one that came first in the loaded file is next. So a file that is in
** order stays as it is, and events, which wait for nothing, keep the order in which they fire. */
#include "writer.h"

#include "names.h"

/* The edges of each node to what must come after it: a flow output, or a value input of another node. */
typedef struct Edge {
    u32 to;   /* node */
    u32 flow; /* flow output; NONE: a value */
    u32 in;   /* value input; NONE: a flow */
} Edge;

typedef struct Order {
    const Graph *g;
    Edge *edges;
    u32 *first; /* by node, one more: its edges */
    u32 *waits; /* by node: edges to it from nodes that are not in order yet */
    u8 *cut;    /* by edge: reported, and no edge any more */
    u32 *heap;  /* nodes that wait for nothing, the first on top */
    u32 heap_count;
} Order;

/* ---- edges ---- */

/* The node a value input waits for; NONE. */
static u32 source(const Graph *g, u32 in) { return g->in_from[in] == NONE ? NONE : g->out_node[g->in_from[in]]; }

static u32 target(const Graph *g, u32 out) {
    return g->flow_target[out] == NONE ? NONE : g->flow_in_node[g->flow_target[out]];
}

static void count_edges(Order *o) {
    const Graph *g = o->g;
    for (u32 node = 0; node < g->node_count; node++) {
        for (u32 out = g->flow_out[node]; out < g->flow_out[node + 1]; out++)
            o->first[node + 1] += target(g, out) != NONE;
        for (u32 in = g->value_in[node]; in < g->value_in[node + 1]; in++)
            if (source(g, in) != NONE) o->first[source(g, in) + 1]++;
    }
    for (u32 node = 0; node < g->node_count; node++) o->first[node + 1] += o->first[node];
}

/* Flows stand before values: first[node] is moved along and comes back to where it was. */
static void fill_edges(Order *o) {
    const Graph *g = o->g;
    for (u32 node = 0; node < g->node_count; node++)
        for (u32 out = g->flow_out[node]; out < g->flow_out[node + 1]; out++)
            if (target(g, out) != NONE) o->edges[o->first[node]++] = (Edge){target(g, out), out, NONE};
    for (u32 node = 0; node < g->node_count; node++)
        for (u32 in = g->value_in[node]; in < g->value_in[node + 1]; in++)
            if (source(g, in) != NONE) o->edges[o->first[source(g, in)]++] = (Edge){node, NONE, in};
    for (u32 node = g->node_count; node > 0; node--) o->first[node] = o->first[node - 1];
    o->first[0] = 0;
}

static Err find_edges(Order *o, Arena *scratch) {
    u64 n = o->g->node_count;
    o->first = ARENA_ARRAY(scratch, u32, n + 1);
    o->waits = ARENA_ARRAY(scratch, u32, n);
    o->heap = ARENA_ARRAY(scratch, u32, n);
    if (!o->first || !o->waits || !o->heap) return ERR_MEMORY;
    count_edges(o);
    o->edges = ARENA_ARRAY(scratch, Edge, o->first[n]);
    o->cut = ARENA_ARRAY(scratch, u8, o->first[n]);
    if (!o->edges || !o->cut) return ERR_MEMORY;
    fill_edges(o);
    return ERR_OK;
}

/* ---- the order ---- */

static void push(Order *o, u32 node) {
    u32 i = o->heap_count++;
    for (; i > 0 && o->heap[(i - 1) / 2] > node; i = (i - 1) / 2) o->heap[i] = o->heap[(i - 1) / 2];
    o->heap[i] = node;
}

static u32 pop(Order *o) {
    u32 top = o->heap[0], last = o->heap[--o->heap_count], i = 0;
    for (;;) {
        u32 child = 2 * i + 1;
        if (child + 1 < o->heap_count && o->heap[child + 1] < o->heap[child]) child++;
        if (child >= o->heap_count || o->heap[child] >= last) break;
        o->heap[i] = o->heap[child];
        i = child;
    }
    o->heap[i] = last;
    return top;
}

/* How many nodes could be put in order: all, when no edges close a cycle. */
static u32 sort(Order *o, u32 *order) {
    u32 count = 0;
    for (u32 e = 0; e < o->first[o->g->node_count]; e++) o->waits[o->edges[e].to]++;
    for (u32 node = 0; node < o->g->node_count; node++)
        if (o->waits[node] == 0) push(o, node);
    while (o->heap_count) {
        u32 node = order[count++] = pop(o);
        for (u32 e = o->first[node]; e < o->first[node + 1]; e++)
            if (--o->waits[o->edges[e].to] == 0) push(o, o->edges[e].to);
    }
    return count;
}

/* ---- what cannot be put in order ---- */

static void report_flow(Writer *w, u32 node, const Edge *e) {
    Place p;
    const char *name = w->g->flow_out_name[e->flow];
    const At *at = write_place(w, &p, node, "flows", name);
    diag_report(w->diags, ERR_WRITE_BACKWARD, at, (Detail){0}, write_quote(w, name), write_label(w, e->to));
}

static void report_value(Writer *w, u32 node, const Edge *e) {
    Place p;
    const char *name = w->g->in_name[e->in];
    const At *at = write_place(w, &p, e->to, "values", name);
    diag_report(w->diags, ERR_WRITE_LATER, at, (Detail){0}, write_quote(w, name), write_label(w, node));
}

/* A node on the way, and the edge of it that is looked at next. */
typedef struct Step {
    u32 node, edge;
    u32 cut; /* steps up to and with the nearest one at or below this whose edge was cut; 0: none was */
} Step;

typedef struct Walk {
    Writer *w;
    Order *o;
    u32 *steps; /* by node: steps up to and with its own, 0 not seen yet, NONE left */
    Step *stack;
    u32 depth;
    bool values; /* along values too */
} Walk;

static void enter(Walk *k, u32 node) {
    u32 cut = k->depth ? k->stack[k->depth - 1].cut : 0;
    k->stack[k->depth++] = (Step){node, k->o->first[node], cut};
    k->steps[node] = k->depth;
}

/* Whether a step is the one to blame for a cycle: of flows the last; else the value that a node with flows gives to what
** comes before it, for flows alone close no cycle once theirs are cut. */
static bool is_to_blame(const Walk *k, const Step *step) {
    if (!k->values) return true;
    return k->o->edges[step->edge - 1].flow == NONE && k->o->g->node_kind[step->node] != KIND_VALUE;
}

/* The newest edge closes a cycle with the steps from `to` on, unless one of them is cut already. */
static void blame(Walk *k, u32 to) {
    u32 first = k->steps[to], i = k->depth;
    if (k->stack[k->depth - 1].cut >= first) return;
    while (i > first && !is_to_blame(k, &k->stack[i - 1])) i--;
    u32 node = k->stack[i - 1].node, edge = k->stack[i - 1].edge - 1;
    k->o->cut[edge] = 1;
    for (u32 above = i; above <= k->depth; above++) k->stack[above - 1].cut = i;
    (k->values ? report_value : report_flow)(k->w, node, &k->o->edges[edge]);
}

/* The next edge of the newest step; NONE: it was the last. */
static u32 next_edge(Walk *k) {
    Step *top = &k->stack[k->depth - 1];
    if (top->cut == k->depth) top->cut = k->depth > 1 ? k->stack[k->depth - 2].cut : 0; /* that was another edge */
    return top->edge < k->o->first[top->node + 1] ? top->edge++ : NONE;
}

static void walk_from(Walk *k, u32 start) {
    const Order *o = k->o;
    if (k->steps[start] == 0) enter(k, start);
    while (k->depth && k->w->diags->errors < DIAG_MAX) {
        u32 edge = next_edge(k);
        if (edge == NONE) {
            k->steps[k->stack[--k->depth].node] = NONE;
            continue;
        }
        u32 to = o->edges[edge].to;
        if (o->cut[edge] || (!k->values && o->edges[edge].flow == NONE)) continue;
        if (k->steps[to] == 0)
            enter(k, to);
        else if (k->steps[to] != NONE)
            blame(k, to);
    }
}

/* Events first: then the edge that a reader would call the way back is the one that is named. */
static Err report_cycles(Writer *w, Order *o, bool values) {
    const Graph *g = w->g;
    Walk k = {.w = w, .o = o, .values = values};
    k.steps = ARENA_ARRAY(&w->scratch, u32, g->node_count);
    k.stack = ARENA_ARRAY(&w->scratch, Step, g->node_count);
    if (!k.steps || !k.stack) return ERR_MEMORY;
    for (u32 node = 0; node < g->node_count; node++)
        if (g->node_kind[node] == KIND_EVENT) walk_from(&k, node);
    for (u32 node = 0; node < g->node_count; node++) walk_from(&k, node);
    return ERR_OK;
}

Err write_put_in_order(Writer *w) {
    Order o = {.g = w->g};
    w->order = ARENA_ARRAY(&w->scratch, u32, w->g->node_count);
    if (!w->order) return ERR_MEMORY;
    TRY(find_edges(&o, &w->scratch));
    if (sort(&o, w->order) == w->g->node_count) return ERR_OK;
    TRY(report_cycles(w, &o, false));
    return report_cycles(w, &o, true);
}
