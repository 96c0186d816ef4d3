/* finish.c (graph) - copies a draft into its Graph: structures become arrays, names become text. */
#include "draft.h"

#include <string.h>
#include "build.h"
#include "model_read.h"

static Err copy_nodes(Draft *d) {
    Graph *g = d->g;
    u32 n = g->node_count = d->nodes.count;
    TRY(DRAFT_ARRAY(d, g->node_kind, n));
    TRY(DRAFT_ARRAY(d, g->node_id, n));
    TRY(DRAFT_ARRAY(d, g->node_type, n));
    TRY(DRAFT_ARRAY(d, g->node_row, n));
    TRY(DRAFT_ARRAY(d, g->node_op, n));
    TRY(DRAFT_ARRAY(d, g->node_name, n));
    TRY(DRAFT_ARRAY(d, g->node_pointer, n));
    TRY(DRAFT_ARRAY(d, g->node_params, n));
    TRY(DRAFT_ARRAY(d, g->value_in, n + 1));
    TRY(DRAFT_ARRAY(d, g->value_out, n + 1));
    TRY(DRAFT_ARRAY(d, g->flow_in, n + 1));
    TRY(DRAFT_ARRAY(d, g->flow_out, n + 1));
    for (u32 i = 0; i <= n; i++) {
        const DraftNode *node = &d->nodes.at[i];
        g->value_in[i] = node->value_in;
        g->value_out[i] = node->value_out;
        g->flow_in[i] = node->flow_in;
        g->flow_out[i] = node->flow_out;
        if (i == n) break;
        g->node_kind[i] = node->kind;
        g->node_id[i] = node->id;
        g->node_type[i] = (u8)draft_base(node->type);
        g->node_row[i] = node->row;
        g->node_op[i] = node->op_name->text;
        g->node_name[i] = node->name ? node->name->text : "";
        g->node_pointer[i] = node->pointer;
        g->node_params[i] = node->params;
    }
    return ERR_OK;
}

static Err copy_value_ins(Draft *d) {
    Graph *g = d->g;
    u32 n = g->value_in_count = d->value_in.count;
    TRY(DRAFT_ARRAY(d, g->in_from, n));
    TRY(DRAFT_ARRAY(d, g->in_const, n));
    TRY(DRAFT_ARRAY(d, g->in_type, n));
    TRY(DRAFT_ARRAY(d, g->in_name, n));
    for (u32 i = 0; i < n; i++) {
        const DraftIn *in = &d->value_in.at[i];
        ASSERT(in->from != NONE || in->first != NONE);
        g->in_from[i] = in->from;
        g->in_const[i] = in->from == NONE ? in->first : NONE;
        g->in_type[i] = (u8)draft_base(in->type);
        g->in_name[i] = in->name->text;
    }
    return ERR_OK;
}

static Err copy_value_outs(Draft *d) {
    Graph *g = d->g;
    u32 n = g->value_out_count = d->value_out.count;
    TRY(DRAFT_ARRAY(d, g->out_type, n));
    TRY(DRAFT_ARRAY(d, g->out_name, n));
    TRY(DRAFT_ARRAY(d, g->out_node, n));
    for (u32 i = 0; i < n; i++) {
        const DraftOut *out = &d->value_out.at[i];
        g->out_type[i] = (u8)draft_base(out->type);
        g->out_name[i] = out->name->text;
        g->out_node[i] = out->node;
    }
    return ERR_OK;
}

/* Connected inputs of a node that lead on to its outputs: several only for flow/waitAll, whose
** last one resets. */
static u32 ways_through(const Graph *g, u32 node) {
    if (g->node_id[node] != NODE_flow_waitAll) return 1;
    u32 ways = 0;
    for (u32 in = g->flow_in[node]; in + 1 < g->flow_in[node + 1]; in++) ways += g->flow_in_edges[in] > 0;
    return ways;
}

/* What follows a node that can be entered by several inputs is shared as well: each way through
** it counts. */
static void count_edges(Graph *g) {
    for (u32 out = 0; out < g->flow_out_count; out++)
        if (g->flow_target[out] != NONE) g->flow_in_edges[g->flow_target[out]]++;
    for (u32 out = 0; out < g->flow_out_count; out++) {
        u32 ways = g->flow_target[out] == NONE ? 0 : ways_through(g, g->flow_out_node[out]);
        if (ways > 1) g->flow_in_edges[g->flow_target[out]] += ways - 1;
    }
}

static Err copy_flows(Draft *d) {
    Graph *g = d->g;
    u32 ins = g->flow_in_count = d->flow_in.count;
    u32 outs = g->flow_out_count = d->flow_out.count;
    TRY(DRAFT_ARRAY(d, g->flow_in_node, ins));
    TRY(DRAFT_ARRAY(d, g->flow_in_edges, ins));
    TRY(DRAFT_ARRAY(d, g->flow_in_name, ins));
    TRY(DRAFT_ARRAY(d, g->flow_out_node, outs));
    TRY(DRAFT_ARRAY(d, g->flow_target, outs));
    TRY(DRAFT_ARRAY(d, g->flow_out_name, outs));
    for (u32 i = 0; i < ins; i++) {
        g->flow_in_node[i] = d->flow_in.at[i].node;
        g->flow_in_name[i] = d->flow_in.at[i].name->text;
    }
    for (u32 i = 0; i < outs; i++) {
        const DraftFlow *out = &d->flow_out.at[i];
        g->flow_out_node[i] = out->node;
        g->flow_out_name[i] = out->name->text;
        g->flow_target[i] = out->target;
    }
    count_edges(g);
    return ERR_OK;
}

/* What a set must stop is known per variable; that some node is random, per graph. */
static Err note_effects(Draft *d) {
    Graph *g = d->g;
    TRY(DRAFT_ARRAY(d, g->variable_interpolated, g->variable_count));
    for (u32 i = 0; i < g->node_count; i++) {
        if (g->node_id[i] == NODE_variable_interpolate) g->variable_interpolated[graph_params(g, i)[0]] = 1;
        if (g->node_id[i] == NODE_pointer_interpolate && graph_params(g, i)[0] < POINTER_ROWS)
            g->model.interpolated[graph_params(g, i)[0]] = true;
        if (g->node_id[i] == NODE_math_random) g->uses_random = true;
        if (g->node_id[i] == NODE_flow_multiGate && graph_params(g, i)[0]) g->uses_random = true; /* isRandom */
    }
    return ERR_OK;
}

static Err copy_pools(Draft *d) {
    Graph *g = d->g;
    g->const_count = d->consts.count;
    g->param_count = d->params.count;
    g->piece_count = d->pieces.count;
    g->served_count = d->served.count;
    TRY(DRAFT_ARRAY(d, g->consts, g->const_count));
    TRY(DRAFT_ARRAY(d, g->params, g->param_count));
    TRY(DRAFT_ARRAY(d, g->pieces, g->piece_count));
    TRY(DRAFT_ARRAY(d, g->served, g->served_count));
    if (g->const_count) memcpy(g->consts, d->consts.at, g->const_count * sizeof(Slot));
    if (g->param_count) memcpy(g->params, d->params.at, g->param_count * sizeof(i32));
    if (g->piece_count) memcpy(g->pieces, d->pieces.at, g->piece_count * sizeof(Piece));
    if (g->served_count) memcpy(g->served, d->served.at, g->served_count * sizeof(Served));
    return ERR_OK;
}

/* Its steps outlive the load: their words are the loader's own. */
static Err copy_place(Draft *d) {
    const At **link = &d->g->at;
    for (const At *at = d->at; at; at = at->up) {
        At *copy = ARENA_NEW(&d->g->arena, At);
        if (!copy) return draft_no_memory(d);
        *copy = *at;
        *link = copy;
        link = &copy->up;
    }
    return ERR_OK;
}

static Err copy_all(Draft *d) {
    TRY(copy_place(d));
    TRY(copy_nodes(d));
    TRY(copy_value_ins(d));
    TRY(copy_value_outs(d));
    TRY(copy_flows(d));
    TRY(copy_pools(d));
    TRY(note_effects(d));
    TRY(clip_enter(d));
    TRY(model_read(d));
    return build_finish(d->g, d->limits, d->diags);
}

Err draft_graph(Draft *d, Graph **out) {
    draft_about(d, NONE);
    if (!draft_ok(d)) return ERR_KHR_GRAPH_REJECTED; /* what was wrong has been reported */
    TRY(copy_all(d));
    *out = d->g;
    d->g = NULL;
    return ERR_OK;
}
