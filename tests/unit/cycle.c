/* cycle.c (unit) - which flow edges go back, and which nodes can be entered while at work. */
#include "loading.h"

#define START(to) "{'id':'start','op':'event/onStart','flows':{'out':'" to "'}}"
#define BRANCH(id, flows) "{'id':'" id "','op':'flow/branch','values':{'condition':true},'flows':{" flows "}}"
#define SEQUENCE(id, flows) "{'id':'" id "','op':'flow/sequence','flows':{" flows "}}"
#define WHILE(id, flows) "{'id':'" id "','op':'flow/while','values':{'condition':true},'flows':{" flows "}}"
#define LOG(id, flows) "{'id':'" id "','op':'debug/log','flows':{" flows "}}"
#define DELAY(id, flows) "{'id':'" id "','op':'flow/setDelay','values':{'duration':1},'flows':{" flows "}}"

/* Flow output `name` of a node by its id. */
static u32 output(const Graph *g, const char *id, const char *name) {
    for (u32 out = 0; out < g->flow_out_count; out++)
        if (strcmp(g->node_name[g->flow_out_node[out]], id) == 0 && strcmp(g->flow_out_name[out], name) == 0) return out;
    return NONE;
}

static u32 node(const Graph *g, const char *id) {
    for (u32 i = 0; i < g->node_count; i++)
        if (strcmp(g->node_name[i], id) == 0) return i;
    return NONE;
}

static u32 sum(const u8 *flags, u32 count) {
    u32 n = 0;
    for (u32 i = 0; i < count; i++) n += flags[i];
    return n;
}

TEST(cycle_an_edge_to_a_node_on_the_way_goes_back) {
    GOOD(NATIVE_NODES(START("a") "," BRANCH("a", "'true':'b','false':'c'") "," LOG("b", "'out':'a'") "," LOG("c", "")));
    CHECK_INT(g->flow_backward[output(g, "b", "out")], 1);
    CHECK_INT(sum(g->flow_backward, g->flow_out_count), 1);
    CHECK_INT(sum(g->node_cyclic, g->node_count), 0); /* a branch has nothing left to do: a goto, not a call */
    loading_close(&l);
}

TEST(cycle_the_order_of_roots_and_outputs_decides_which_edge_goes_back) {
    /* From the event that stands first b is met before a, whatever the order of the nodes. */
    GOOD(NATIVE_NODES(LOG("a", "'out':'b'") "," LOG("b", "'out':'a'") "," START("b") ",{'id':'tick','op':'event/onTick','flows':{'out':'a'}}"));
    CHECK_INT(g->flow_backward[output(g, "a", "out")], 1);
    CHECK_INT(g->flow_backward[output(g, "b", "out")], 0);
    loading_close(&l);
}

TEST(cycle_shared_chains_without_a_cycle_go_nowhere_back) {
    GOOD(NATIVE_NODES(START("s") "," SEQUENCE("s", "'a':'t','b':'t'") "," SEQUENCE("t", "'a':'u','b':'u'") "," LOG("u", "")));
    CHECK_INT(sum(g->flow_backward, g->flow_out_count), 0);
    CHECK_INT(sum(g->node_cyclic, g->node_count), 0);
    loading_close(&l);
}

TEST(cycle_a_timer_that_starts_itself_again_is_a_new_root) {
    GOOD(NATIVE_NODES(START("d:in") "," DELAY("d", "'done':'d:in'")));
    CHECK_INT(sum(g->flow_backward, g->flow_out_count), 0);
    CHECK_INT(g->root_cost[output(g, "d", "done")], 1);
    CHECK_INT(g->root_cost[output(g, "d", "out")], 0);
    loading_close(&l);
}

TEST(cycle_edges_behind_done_are_walked_too) {
    GOOD(NATIVE_NODES(START("d:in") "," DELAY("d", "'done':'a'") "," LOG("a", "'out':'b'") "," LOG("b", "'out':'a'")));
    CHECK_INT(g->flow_backward[output(g, "b", "out")], 1);
    loading_close(&l);
}

TEST(cycle_nodes_with_work_left_on_a_cycle_count_their_entries) {
    GOOD(NATIVE_NODES(START("w") "," WHILE("w", "'loopBody':'s','completed':'end'") "," SEQUENCE("s", "'a':'w','b':'end'") "," LOG("end", "")));
    CHECK_INT(g->node_cyclic[node(g, "w")], 1);
    CHECK_INT(g->node_cyclic[node(g, "s")], 1);
    CHECK_INT(g->node_cyclic[node(g, "end")], 0);
    CHECK(g->node_active[node(g, "w")] != NONE);
    CHECK_INT(g->node_active[node(g, "end")], NONE);
    loading_close(&l);
}

TEST(cycle_through_the_last_output_leaves_no_work) {
    GOOD(NATIVE_NODES(START("w") "," WHILE("w", "'completed':'s'") "," SEQUENCE("s", "'a':'end','b':'w','c':'none'") "," LOG("end", "") "," LOG("none", "")));
    CHECK_INT(g->node_cyclic[node(g, "w")], 0);
    CHECK_INT(g->node_cyclic[node(g, "s")], 1); /* c is left when b goes back */
    loading_close(&l);
    loading_open(&l);
    loading_text(&l, NATIVE_NODES(START("w") "," WHILE("w", "'completed':'s'") "," SEQUENCE("s", "'a':'end','b':'w'") "," LOG("end", "")));
    CHECK(l.graph != NULL);
    CHECK_INT(sum(l.graph->node_cyclic, l.graph->node_count), 0);
    loading_close(&l);
}

TEST(cycle_every_endless_way_is_charged) {
    /* Two cycles that share a node: each has an edge that goes back. */
    GOOD(NATIVE_NODES(START("a") "," BRANCH("a", "'true':'b','false':'c'") "," LOG("b", "'out':'a'") "," LOG("c", "'out':'a'")));
    CHECK_INT(g->flow_backward[output(g, "b", "out")], 1);
    CHECK_INT(g->flow_backward[output(g, "c", "out")], 1);
    loading_close(&l);
}
