/* state.c (unit) - where state lies, and what it holds at the start. */
#include "loading.h"

#include <math.h>

/* The first state slot of output `name` of node `node`. */
static Slot at_start(const Graph *g, u32 node, const char *name) {
    for (u32 out = g->value_out[node]; out < g->value_out[node + 1]; out++)
        if (strcmp(g->out_name[out], name) == 0) return g->state_init[g->out_slot[out]];
    return (Slot){.bits = 0xDEAD};
}

TEST(state_begins_behind_the_slots_of_every_graph) {
    GOOD(NATIVE("'variables':[{'id':'v','type':'float3','value':[1,2,3]},{'id':'b','type':'bool','value':true}],'inputs':[{'id':'x','type':'float2'}],'nodes':[]"));
    CHECK_INT(g->variable_slot[0], STATE_FIRST);
    CHECK_INT(g->variable_slot[1], STATE_FIRST + 3);
    CHECK_INT(g->out_slot[0], STATE_FIRST + 4);
    CHECK_INT(g->state_count, STATE_FIRST + 6);
    CHECK_FLOAT(g->state_init[STATE_FIRST + 2].f, 3);
    CHECK_INT(g->state_init[STATE_FIRST + 3].i, 1);
    CHECK_FLOAT(g->state_init[STATE_FIRST + 5].f, (f64)NAN);
    CHECK_INT(g->state_init[STATE_EPOCH].i, 0);
    loading_close(&l);
}

TEST(state_shows_what_the_specification_says_before_the_first_activation) {
    GOOD(NATIVE_NODES("{'id':'a','op':'flow/multiGate','flows':{'x':'b:in','y':'b:in'}},{'id':'b','op':'flow/doN','values':{'n':1}},"
                      "{'id':'c','op':'flow/waitAll','config':{'inputFlows':3}},{'id':'d','op':'flow/throttle','values':{'duration':1}},"
                      "{'id':'e','op':'flow/for','values':{'startIndex':0,'endIndex':1},'config':{'initialIndex':-5}},"
                      "{'id':'f','op':'flow/setDelay','values':{'duration':1}},{'id':'g','op':'event/onTick'},{'id':'h','op':'event/onStart'}"));
    CHECK_INT(at_start(g, 0, "lastIndex").i, -1);
    CHECK_INT(at_start(g, 1, "currentCount").i, 0);
    CHECK_INT(at_start(g, 2, "remainingInputs").i, 3);
    CHECK_FLOAT(at_start(g, 3, "lastRemainingTime").f, (f64)NAN);
    CHECK_INT(at_start(g, 4, "index").i, -5);
    CHECK(at_start(g, 5, "lastDelay").bits == REF_NULL);
    CHECK_FLOAT(at_start(g, 6, "timeSinceStart").f, (f64)NAN);
    CHECK_FLOAT(at_start(g, 6, "timeSinceLastTick").f, (f64)NAN);
    CHECK(at_start(g, 6, "event").bits == REF_NULL);
    CHECK(at_start(g, 7, "event").bits == REF_NULL);
    loading_close(&l);
}

TEST(state_slots_of_different_things_never_meet) {
    GOOD(NATIVE("'variables':[{'id':'v','type':'float3'}],'inputs':[{'id':'x','type':'int'}],"
                "'nodes':[{'id':'a','op':'flow/multiGate','flows':{'x':'w'}},{'id':'w','op':'flow/while','values':{'condition':true},'flows':{'loopBody':'t:in'}},"
                "{'id':'t','op':'flow/throttle','values':{'duration':1},'flows':{'out':'w'}},{'id':'q','op':'flow/waitAll','config':{'inputFlows':2}}]"));
    u8 used[64] = {0};
    CHECK(g->state_count < 64);
    used[STATE_EPOCH]++, used[STATE_DEPTH]++;
    for (u32 i = 0; i < 3; i++) used[g->variable_slot[0] + i]++;
    for (u32 out = 0; out < g->value_out_count; out++) used[g->out_slot[out]]++;
    for (u32 n = 0; n < g->node_count; n++) {
        for (u32 i = 0; i < graph_state_size(g, n); i++) used[g->node_state[n] + i]++;
        if (g->node_active[n] != NONE) used[g->node_active[n]]++;
    }
    for (u32 i = 0; i < g->state_count; i++) CHECK_INT(used[i], 1);
    CHECK_INT(g->node_cyclic[1], 1);
    loading_close(&l);
}

TEST(state_of_a_gate_has_a_flag_for_each_output) {
    Loading l;
    Buf b = {0};
    loading_open(&l);
    buf_text(&b, "{'treadle':1,'nodes':[{'id':'l','op':'debug/log'},{'id':'g','op':'flow/multiGate','flows':{'x':'l'");
    for (u32 i = 0; i < 64; i++) buf_print(&b, ",'%u':'l'", i);
    buf_text(&b, "}},{'id':'n','op':'flow/multiGate'}]}");
    loading_text(&l, b.data);
    CHECK(l.graph != NULL);
    CHECK_INT(graph_state_size(l.graph, 1), 2);
    CHECK_INT(graph_state_size(l.graph, 2), 0);
    CHECK_INT(graph_state_size(l.graph, 0), 0);
    buf_close(&b);
    loading_close(&l);
}
