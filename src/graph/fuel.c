/* fuel.c (graph) - what each activation costs, fixed at load: every runner charges the same.
**
** DESIGN: 1 for a root; 1 for a flow input with more than one incoming edge; 1 for a node whose
** index is a multiple of 256; 1 for each full 256 pure nodes pulled; 1 for each loop turn.
** flow_backward adds its own 1. A globalMatrix climbs to the root of its tree: it counts for as many
** nodes as the deepest one is below its root. */
#include "build.h"

enum { SHARE = 256, SHARE_MAX = 1 << 20 };

/* Room for graph_pull. */
typedef struct Puller {
    u32 *mark, *list, stamp;
} Puller;

/* A node's own part of a charge: rare on purpose, so that a chain of a million nodes costs
** something, and one of ten nothing. */
static u32 node_share(u32 node) { return node % SHARE == 0; }

static u32 pull(const Graph *g, Puller *p, u32 first, u32 past) {
    return graph_pull(g, first, past, p->mark, &p->stamp, p->list);
}

/* What the first n nodes of the list cost to evaluate, counted in nodes. */
static u64 weigh(const Graph *g, const Puller *p, u32 n) {
    u64 weight = n;
    if (g->model.depth < 2) return n;
    for (u32 i = 0; i < n; i++) {
        u32 node = p->list[i];
        bool climbs = g->node_id[node] == NODE_pointer_get && graph_params(g, node)[0] == POINTER_node_global;
        if (climbs) weight += g->model.depth - 1;
    }
    return weight;
}

/* The charge for that: at most what a slice can be given. */
static u32 share(u64 weight) {
    u64 charge = weight / SHARE;
    return charge > SHARE_MAX ? SHARE_MAX : (u32)charge;
}

/* What is evaluated again for each turn: the while condition, the end of a for. */
static u32 turn_share(const Graph *g, Puller *p, u32 node) {
    u32 past = g->value_in[node + 1];
    return share(weigh(g, p, pull(g, p, past - 1, past)));
}

static bool is_loop(const Graph *g, u32 node) {
    return g->node_id[node] == NODE_flow_for || g->node_id[node] == NODE_flow_while;
}

static void charge_node(Graph *g, Puller *p, u32 node, u64 weight) {
    u32 values = share(weight);
    for (u32 in = g->flow_in[node]; in < g->flow_in[node + 1]; in++)
        g->flow_in_cost[in] = (g->flow_in_edges[in] > 1) + node_share(node) + values;
    for (u32 out = g->flow_out[node]; out < g->flow_out[node + 1]; out++) {
        if (!graph_is_root(g, out)) continue;
        g->root_cost[out] = 1 + (g->node_kind[node] == KIND_EVENT ? node_share(node) : 0);
    }
    if (is_loop(g, node)) g->turn_cost[node] = 1 + turn_share(g, p, node);
}

/* Adds to pulled_total; false when that passes the limit. */
static bool count(Graph *g, const Limits *limits, u64 *total, u64 weight) {
    *total += weight;
    g->pulled_total = *total > UINT32_MAX ? UINT32_MAX : (u32)*total;
    return limits->ops == 0 || *total <= limits->ops;
}

static bool charge_all(Graph *g, const Limits *limits, Puller *p, u64 *total) {
    for (u32 node = 0; node < g->node_count; node++) {
        if (g->node_kind[node] == KIND_VALUE) continue;
        u64 weight = weigh(g, p, pull(g, p, g->value_in[node], g->value_in[node + 1]));
        if (!count(g, limits, total, weight)) return false;
        charge_node(g, p, node, weight);
    }
    for (u32 i = 0; i < g->output_count; i++)
        if (!count(g, limits, total, weigh(g, p, graph_pull_output(g, i, p->mark, &p->stamp, p->list)))) return false;
    return true;
}

Err fuel_fix(Graph *g, const Limits *limits, Arena *scratch, u64 *total) {
    g->flow_in_cost = ARENA_ARRAY(&g->arena, u32, g->flow_in_count);
    g->root_cost = ARENA_ARRAY(&g->arena, u32, g->flow_out_count);
    g->turn_cost = ARENA_ARRAY(&g->arena, u32, g->node_count);
    Puller p = {ARENA_ARRAY(scratch, u32, g->node_count), ARENA_ARRAY(scratch, u32, g->node_count), 0};
    if (!g->flow_in_cost || !g->root_cost || !g->turn_cost || !p.mark || !p.list) return ERR_MEMORY;
    *total = 0;
    return charge_all(g, limits, &p, total) ? ERR_OK : ERR_LIMIT_OPS;
}
