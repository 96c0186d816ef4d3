/* upgrade_edge.c (graph) - every value and flow of a graph as a pair of nodes, sorted by where it comes from. */
#include <math.h>

#include "upgrader.h"

/* What goes through the edges: false ends it. */
typedef Err Visit(Upgrader *u, u32 node, cJSON *item, bool flow);

static Err for_all(Upgrader *u, Visit *visit) {
    for (u32 node = 0; node < u->nodes.count; node++) {
        const UpNode n = u->nodes.at[node];
        for (cJSON *item = n.values ? n.values->child : NULL; item; item = item->next)
            if (tree_member(item, "node")) TRY(visit(u, node, item, false));
        for (cJSON *item = n.flows ? n.flows->child : NULL; item; item = item->next) TRY(visit(u, node, item, true));
    }
    return ERR_OK;
}

/* An index that is wrong now could be right when the nodes have other indices. */
static Err check(Upgrader *u, u32 node, cJSON *item, bool flow) {
    const cJSON *index = tree_member(item, "node");
    f64 value = cJSON_IsNumber(index) ? index->valuedouble : -1;
    UpPlace p;
    if (value >= 0 && value < u->nodes.count && value == trunc(value) && !signbit(value)) {
        u->edge_count++;
        return ERR_OK;
    }
    At at = {up_at(u, &p, node, flow ? "flows" : "values", item->string), TEXT("node"), 0};
    return diag_report(u->diags, ERR_DRAFT_SHAPE, &at, (Detail){0}, "node");
}

static UpEdge edge_of(u32 node, cJSON *item, bool flow) {
    u32 other = (u32)tree_member(item, "node")->valuedouble;
    return flow ? (UpEdge){node, other, item, true} : (UpEdge){other, node, item, false};
}

static Err count(Upgrader *u, u32 node, cJSON *item, bool flow) {
    u->first_edge[edge_of(node, item, flow).from + 1]++;
    return ERR_OK;
}

/* first_edge[i] is where the next edge of node i goes; at the end, where those of i + 1 begin. */
static Err put(Upgrader *u, u32 node, cJSON *item, bool flow) {
    UpEdge edge = edge_of(node, item, flow);
    u->edges[u->first_edge[edge.from]++] = edge;
    return ERR_OK;
}

Err up_edges(Upgrader *u) {
    u32 n = u->nodes.count;
    u->edge_count = 0;
    TRY(for_all(u, check));
    u->edges = ARENA_ARRAY(u->arena, UpEdge, u->edge_count);
    u->first_edge = ARENA_ARRAY(u->arena, u32, (u64)n + 1);
    if (!u->edges || !u->first_edge) return up_memory(u);
    TRY(for_all(u, count));
    for (u32 i = 0; i < n; i++) u->first_edge[i + 1] += u->first_edge[i];
    TRY(for_all(u, put));
    for (u32 i = n; i > 0; i--) u->first_edge[i] = u->first_edge[i - 1];
    u->first_edge[0] = 0;
    return ERR_OK;
}
