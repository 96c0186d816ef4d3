/* graph.c (graph) - questions about a Graph that several floors ask. */
#include "graph.h"

#include <stdio.h>
#include <string.h>

u32 graph_state_size(const Graph *g, u32 node) {
    switch (g->node_id[node]) {
    case NODE_flow_multiGate: return (g->flow_out[node + 1] - g->flow_out[node] + 63) / 64;
    case NODE_flow_waitAll:
    case NODE_flow_throttle: return 1;
    default: return 0;
    }
}

/* Ops whose last output is `done`. */
static bool is_latent(u8 id) {
    return id == NODE_flow_setDelay || id == NODE_variable_interpolate || id == NODE_pointer_interpolate ||
           id == NODE_animation_start || id == NODE_animation_stopAt;
}

bool graph_is_root(const Graph *g, u32 flow_out) {
    u32 node = g->flow_out_node[flow_out];
    if (g->node_kind[node] == KIND_EVENT) return true;
    return is_latent(g->node_id[node]) && flow_out + 1 == g->flow_out[node + 1];
}

void graph_node_label(const Graph *g, u32 node, char *out, u32 size) {
    const char *name = g->node_name[node];
    if (*name)
        snprintf(out, size, "%s", name);
    else
        snprintf(out, size, "#%u %s", node, g->node_op[node]);
}

u32 graph_find(const char *const *names, u32 count, Text name) {
    for (u32 i = 0; i < count; i++)
        if (strlen(names[i]) == name.len && memcmp(names[i], name.data, name.len) == 0) return i;
    return NONE;
}

/* ---- pulling: a depth-first walk over value edges, without recursion and without a stack of its
** own ----
**
** A node's mark is base + k while its k-th input is looked at, and stays at base + all when it is
** listed: older marks are below base. Open nodes lie at the far end of `list`, finished ones at
** its start; together they are never more than there are nodes. */

typedef struct Pull {
    const Graph *g;
    u32 *mark, *list;
    u32 base, high; /* marks of this walk begin at base; the highest given so far */
    u32 done, open;
} Pull;

/* The node that must be evaluated for a value input; NONE: a constant, or state that is read in
** place. */
static u32 source(const Graph *g, u32 in) {
    u32 out = g->in_from[in];
    if (out == NONE || g->out_node[out] == NONE || g->out_slot[out] != NONE) return NONE;
    return g->out_node[out];
}

static void visit(Pull *p, u32 node) {
    if (node == NONE || p->mark[node] >= p->base) return;
    p->mark[node] = p->base;
    p->list[p->g->node_count - ++p->open] = node;
}

/* Finishes everything that is open, inputs before readers. */
static void finish_open(Pull *p) {
    const Graph *g = p->g;
    while (p->open) {
        u32 node = p->list[g->node_count - p->open];
        u32 next = g->value_in[node] + (p->mark[node] - p->base);
        if (next < g->value_in[node + 1]) {
            if (++p->mark[node] > p->high) p->high = p->mark[node];
            visit(p, source(g, next));
        } else {
            p->open--;
            p->list[p->done++] = node;
        }
    }
}

u32 graph_pull(const Graph *g, u32 first, u32 past, u32 *mark, u32 *stamp, u32 *list) {
    if (*stamp > UINT32_MAX / 2) {
        memset(mark, 0, g->node_count * sizeof *mark);
        *stamp = 0;
    }
    Pull p = {g, mark, list, *stamp + 1, *stamp + 1, 0, 0};
    for (u32 in = first; in < past; in++) {
        visit(&p, source(g, in));
        finish_open(&p);
    }
    *stamp = p.high;
    return p.done;
}

u32 graph_pull_output(const Graph *g, u32 output, u32 *mark, u32 *stamp, u32 *list) {
    u32 out = g->output_from[output], node = g->out_node[out];
    if (node == NONE || g->out_slot[out] != NONE) return 0;
    u32 n = graph_pull(g, g->value_in[node], g->value_in[node + 1], mark, stamp, list);
    list[n] = node;
    return n + 1;
}

void graph_free(Graph *g) {
    if (!g) return;
    Arena arena = g->arena; /* the Graph itself lies in it */
    arena_close(&arena);
}
