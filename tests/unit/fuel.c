/* fuel.c (unit) - what activations cost, and how many evaluations a graph may write out. */
#include "loading.h"

#include <stdio.h>

TEST(fuel_a_short_chain_costs_its_root_alone) {
    GOOD(NATIVE_NODES("{'id':'pad','op':'math/Pi'},{'id':'s','op':'event/onStart','flows':{'out':'l'}},{'id':'l','op':'debug/log'}"));
    CHECK_INT(g->root_cost[0], 1);
    CHECK_INT(g->flow_in_cost[0], 0);
    loading_close(&l);
}

TEST(fuel_a_flow_input_with_two_edges_costs_one) {
    GOOD(NATIVE_NODES("{'id':'s','op':'event/onStart','flows':{'out':'q'}},{'id':'q','op':'flow/sequence','flows':{'a':'l','b':'l'}},{'id':'l','op':'debug/log'}"));
    CHECK_INT(g->root_cost[0], 2); /* node 0 */
    CHECK_INT(g->flow_in_cost[g->flow_in[1]], 0);
    CHECK_INT(g->flow_in_cost[g->flow_in[2]], 1);
    loading_close(&l);
}

/* debug/log nodes one after the other, `count` in all, then what `rest` says. */
static void put_logs(Buf *b, u32 count, const char *rest) {
    buf_text(b, "{'treadle':1,'nodes':[");
    for (u32 i = 0; i < count; i++) buf_print(b, "%s{'id':'l%u','op':'debug/log'}", i ? "," : "", i);
    buf_print(b, "%s]}", rest);
}

TEST(fuel_every_256th_node_costs_one) {
    Loading l;
    Buf b = {0};
    loading_open(&l);
    put_logs(&b, 600, ",{'id':'f','op':'flow/for','values':{'startIndex':0,'endIndex':1}}");
    loading_text(&l, b.data);
    CHECK(l.graph != NULL);
    for (u32 i = 0; i < 600; i++) CHECK_INT(l.graph->flow_in_cost[l.graph->flow_in[i]], i == 0 || i == 256 || i == 512);
    CHECK_INT(l.graph->turn_cost[600], 1);
    CHECK_INT(l.graph->turn_cost[0], 0);
    buf_close(&b);
    loading_close(&l);
}

/* A chain of `count` negations behind an input, each reading the one before twice over math/add. */
static void put_chain(Buf *b, u32 count, const char *rest) {
    buf_text(b, "{'treadle':1,'inputs':[{'id':'x','type':'int'}],'nodes':[");
    for (u32 i = 0; i < count; i++) {
        const char *from = i ? "c" : "in:x";
        char number[16] = "";
        if (i) snprintf(number, sizeof number, "%u", i - 1);
        buf_print(b, "{'id':'c%u','op':'math/add','values':{'a':{'from':'%s%s'},'b':{'from':'%s%s'}}},", i, from, number, from, number);
    }
    buf_print(b, "%s]}", rest);
}

TEST(fuel_pulled_nodes_cost_one_for_256_and_count_once) {
    Loading l;
    Buf b = {0};
    loading_open(&l);
    put_chain(&b, 600, "{'id':'f','op':'flow/for','values':{'startIndex':{'from':'c599'},'endIndex':{'from':'c299'}}},"
                       "{'id':'w','op':'flow/doN','values':{'n':{'from':'c255'}}}");
    loading_text(&l, b.data);
    const Graph *g = l.graph;
    CHECK(g != NULL);
    CHECK_INT(g->flow_in_cost[g->flow_in[600]], 2); /* 600 nodes */
    CHECK_INT(g->turn_cost[600], 2);                /* 300 nodes for endIndex, and the turn */
    CHECK_INT(g->flow_in_cost[g->flow_in[601]], 1); /* 256 nodes */
    CHECK_INT(g->pulled_total, 600 + 256);
    buf_close(&b);
    loading_close(&l);
}

TEST(fuel_evaluations_are_limited) {
    Loading l;
    Buf b = {0};
    put_chain(&b, 100, "{'id':'a','op':'flow/doN','values':{'n':{'from':'c99'}}},{'id':'b','op':'flow/doN','values':{'n':{'from':'c99'}}}");
    loading_open(&l);
    l.limits.ops = 200;
    loading_text(&l, b.data);
    CHECK_INT(l.err, ERR_OK);
    loading_close(&l);
    loading_open(&l);
    l.limits.ops = 199;
    loading_text(&l, b.data);
    CHECK_INT(l.err, ERR_LIMIT_OPS);
    CHECK_TEXT(loading_says(&l, 0), "expands to 200 ops; limit ops=199");
    loading_close(&l);
    buf_close(&b);
}

TEST(fuel_pulls_list_inputs_before_readers) {
    Loading l;
    Buf b = {0};
    loading_open(&l);
    put_chain(&b, 50, "{'id':'a','op':'flow/doN','values':{'n':{'from':'c49'}}}");
    loading_text(&l, b.data);
    const Graph *g = l.graph;
    CHECK(g != NULL);
    u32 mark[64] = {0}, list[64], stamp = 0;
    for (u32 again = 0; again < 3; again++) {
        CHECK_INT(graph_pull(g, g->value_in[50], g->value_in[51], mark, &stamp, list), 50);
        for (u32 i = 0; i < 50; i++) CHECK_INT(list[i], i);
    }
    stamp = UINT32_MAX - 5; /* the marks begin again before they run out */
    CHECK_INT(graph_pull(g, g->value_in[50], g->value_in[51], mark, &stamp, list), 50);
    CHECK(stamp < 100);
    buf_close(&b);
    loading_close(&l);
}

/* A chain of `depth` glTF nodes, whose last one's globalMatrix (or only its matrix) is read on the way into a variable. */
static void put_tree(Buf *b, u32 depth, const char *property) {
    buf_text(b, "{'asset':{'version':'2.0'},'nodes':[");
    for (u32 i = 0; i + 1 < depth; i++) buf_print(b, "{'children':[%u]},", i + 1);
    buf_print(b,
              "{}],'extensions':{'KHR_interactivity':{'graphs':[{'types':[{'signature':'float4x4'}],'variables':[{'type':0}],"
              "'declarations':[{'op':'event/onStart'},{'op':'pointer/get'},{'op':'variable/set'}],'nodes':["
              "{'declaration':1,'configuration':{'pointer':{'value':['/nodes/%u/%s']},'type':{'value':[0]}}},"
              "{'declaration':0,'flows':{'out':{'node':2}}},"
              "{'declaration':2,'configuration':{'variables':{'value':[0]}},'values':{'0':{'node':0}}}]}]}}}",
              depth - 1, property);
}

static void check_tree(u32 depth, const char *property, u32 cost) {
    Loading l;
    Buf b = {0};
    loading_open(&l);
    put_tree(&b, depth, property);
    loading_text(&l, b.data);
    CHECK(l.graph != NULL);
    CHECK_INT(l.graph->model.depth, depth);
    CHECK_INT(l.graph->flow_in_cost[l.graph->flow_in[2]], cost);
    buf_close(&b);
    loading_close(&l);
}

TEST(fuel_a_matrix_through_many_parents_costs_one_for_256) {
    check_tree(255, "globalMatrix", 0);
    check_tree(256, "globalMatrix", 1);
    check_tree(1024, "globalMatrix", 4);
    check_tree(1024, "matrix", 0);
}

/* Nothing gives way in the middle of an activation, so what it may cost is limited. */
TEST(fuel_matrices_count_against_the_limit_with_all_they_climb_over) {
    static const struct {
        u32 limit;
        Err err;
    } runs[] = {{1024, ERR_OK}, {1023, ERR_LIMIT_OPS}};
    for (u32 i = 0; i < COUNT_OF(runs); i++) {
        Loading l;
        Buf b = {0};
        loading_open(&l);
        l.limits.ops = runs[i].limit;
        put_tree(&b, 1024, "globalMatrix");
        loading_text(&l, b.data);
        CHECK_INT(l.err, runs[i].err);
        buf_close(&b);
        loading_close(&l);
    }
}
