/* load.c (unit) - files as a whole: dialects, limits, memory that is refused, size. */
#include "loading.h"

TEST(load_tells_the_dialects_apart) {
    static const struct {
        const char *text;
        i32 dialect; /* -1: refused */
    } files[] = {
        {"{'treadle':1,'nodes':[]}", DIALECT_NATIVE},
        {"{'graphs':[{}]}", DIALECT_KHR},
        {"{'asset':{},'extensions':{'KHR_interactivity':{'graphs':[{}]}}}", DIALECT_KHR},
        {"{'asset':{},'nodes':[{}]}", -1},
        {"{'asset':{},'extensions':{}}", -1},
        {"{}", -1},
    };
    for (u32 i = 0; i < COUNT_OF(files); i++) {
        Loading l;
        loading_open(&l);
        loading_text(&l, files[i].text);
        CHECK_INT(l.graph ? (i32)l.graph->dialect : -1, files[i].dialect);
        if (!l.graph) CHECK_INT(l.err, ERR_NO_GRAPH);
        loading_close(&l);
    }
}

TEST(load_gives_the_first_error_and_keeps_fifty) {
    Loading l;
    Buf b = {0};
    loading_open(&l);
    buf_text(&b, "{'treadle':1,'nodes':[{'id':'a','op':'math/neg'}");
    for (u32 i = 0; i < 1000; i++) buf_print(&b, ",{'id':'n%u','op':'math/ad'}", i);
    buf_text(&b, "]}");
    loading_text(&l, b.data);
    CHECK(l.graph == NULL);
    CHECK_INT(l.diags.errors, 1001);
    CHECK_INT(l.diags.count, DIAG_MAX);
    CHECK_INT(l.err, l.diags.list[0].err);
    buf_close(&b);
    loading_close(&l);
}

/* ---- limits: at the limit a file loads, one beyond it does not ---- */

static void check_limit(u64 *limit, u64 n, Loading *l, const char *text, const char *words) {
    *limit = n;
    loading_text(l, text);
    CHECK_TEXT(loading_says(l, 0), "");
    graph_free(l->graph);
    *limit = n - 1;
    loading_text(l, text);
    CHECK(l->graph == NULL);
    CHECK_TEXT(loading_says(l, 0), words);
    CHECK(l->diags.list[0].limit == n - 1);
    *limit = 0; /* none */
    loading_text(l, text);
    CHECK(l->graph != NULL);
    graph_free(l->graph);
    l->graph = NULL;
}

#define LIMITED(name, n, text, words)                                                              \
    do {                                                                                           \
        Loading l;                                                                                 \
        loading_open(&l);                                                                          \
        check_limit(&l.limits.name, n, &l, text, words);                                           \
        loading_close(&l);                                                                         \
    } while (0)

TEST(load_limits_hold_at_their_very_number) {
    LIMITED(nodes, 3, NATIVE_NODES("{'id':'a','op':'math/E'},{'id':'b','op':'math/E'},{'id':'c','op':'math/E'}"), "3 nodes; limit nodes=2");
    LIMITED(nodes, 2, KHR("'declarations':[{'op':'math/E'}],'nodes':[{'declaration':0},{'declaration':0}]"), "2 nodes; limit nodes=1");
    LIMITED(variables, 2, NATIVE("'variables':[{'id':'a','type':'int'},{'id':'b','type':'int'}],'nodes':[]"), "2 variables; limit variables=1");
    LIMITED(events, 2, NATIVE("'events':[{'id':'a'},{'id':'b'}],'nodes':[]"), "2 events; limit events=1");
    LIMITED(types, 9, KHR("'name':'n'"), "9 types; limit types=8");
    LIMITED(id, 3, NATIVE_NODES("{'id':'abc','op':'math/E'}"), "id is 3 bytes; limit id=2");
    LIMITED(ports, 4, NATIVE_NODES("{'id':'a','op':'flow/switch','values':{'selection':0},'config':{'cases':[1,2,3]}}"),
            "4 sockets of one kind; limit ports=3");
    LIMITED(edges, 2, NATIVE_NODES("{'id':'a','op':'math/E'},{'id':'b','op':'math/add','values':{'a':{'from':'a'},'b':{'from':'a'}}}"),
            "2 edges; limit edges=1");
}

TEST(load_files_are_limited_in_size) {
    Loading l;
    loading_open(&l);
    l.limits.file = 10;
    loading_text(&l, NATIVE("'nodes':[]"));
    CHECK_INT(l.err, ERR_LIMIT_FILE);
    loading_close(&l);
}

/* ---- memory ---- */

static const char sample[] =
    NATIVE("'variables':[{'id':'v','type':'float3'}],'events':[{'id':'e','values':{'n':'int'}}],'inputs':[{'id':'x','type':'int'}],"
           "'outputs':[{'id':'o','type':'int','from':'s'}],"
           "'nodes':[{'id':'s','op':'math/add','values':{'a':1,'b':{'from':'in:x'}}},"
           "{'id':'l','op':'debug/log','config':{'message':'{a}b'},'values':{'a':{'from':'s'}}},"
           "{'id':'w','op':'flow/while','values':{'condition':true},'flows':{'loopBody':'w'}},"
           "{'id':'q','op':'flow/sequence','flows':{'a':'l','b':'l'}}]");
static const char khr_sample[] =
    KHR("'variables':[{'type':6,'value':['/nodes/0']}],'events':[{'id':'e','values':{'n':{'type':1}}}],"
        "'declarations':[{'op':'math/neg'},{'op':'event/send'},{'op':'x/y','extension':'Z','inputValueSockets':{'a':{'type':1}}}],"
        "'nodes':[{'declaration':0,'values':{'a':{'type':1}}},{'declaration':1,'configuration':{'event':{'value':[0]}},'values':{'n':{'node':0}}},"
        "{'declaration':2,'values':{'a':{'node':0}}}]");

/* Refuses all requests of memory from the n-th on, for every n: until the load succeeds it fails
** with a reason, and keeps nothing. */
static void refuse_each(const char *text) {
    bool refused = true;
    for (i64 n = 0; refused; n++) {
        Loading l;
        loading_open(&l);
        for (u32 i = 0; i < 4000; i++) buf_byte(&l.text, ' '); /* its own growth is no part of the count */
        i64 live = system_live;
        system_fail_after = n;
        system_fail_on = true;
        loading_text(&l, text);
        system_fail_after = -1;
        system_fail_on = false;
        refused = l.graph == NULL;
        if (refused) CHECK(l.err != ERR_OK && l.diags.errors > 0);
        graph_free(l.graph);
        l.graph = NULL;
        arena_close(&l.arena);
        CHECK_INT(system_live, live);
        loading_close(&l);
    }
}

TEST(load_survives_every_refusal_of_memory) {
    refuse_each(sample);
    refuse_each(khr_sample);
}

TEST(load_names_the_limit_when_a_graph_needs_more_memory) {
    Loading l;
    loading_open(&l);
    l.limits.memory = 5000;
    loading_text(&l, sample);
    CHECK(l.graph == NULL);
    CHECK_INT(l.err, ERR_LIMIT_MEMORY);
    CHECK_TEXT(loading_says(&l, 0), "needs more than memory=5000");
    loading_close(&l);
}

/* ---- size ---- */

enum { MANY = 100000 };

TEST(load_takes_a_hundred_thousand_nodes) {
    Loading l;
    loading_open(&l);
    buf_text(&l.text, "{\"treadle\":1,\"nodes\":[{\"id\":\"n0\",\"op\":\"math/E\"}");
    for (u32 i = 1; i < MANY; i++)
        buf_print(&l.text, ",{\"id\":\"n%u\",\"op\":\"math/add\",\"values\":{\"a\":{\"from\":\"n%u\"},\"b\":%u.5}}", i, i < MANY - 1 ? i + 1 : 0, i);
    buf_text(&l.text, "]}");
    loading_bytes(&l, l.text.data, l.text.len);
    CHECK_TEXT(loading_says(&l, 0), "");
    CHECK(l.graph != NULL);
    CHECK_INT(l.graph->node_count, MANY);
    CHECK_INT(l.graph->node_type[1], TYPE_FLOAT);
    CHECK_INT(l.graph->in_from[l.graph->value_in[MANY - 1]], 0);
    loading_close(&l);
}

TEST(load_refuses_one_node_more_than_it_may_have) {
    Loading l;
    loading_open(&l);
    buf_text(&l.text, "{\"treadle\":1,\"nodes\":[{\"id\":\"n0\",\"op\":\"math/E\"}");
    for (u32 i = 1; i <= 131072; i++) buf_print(&l.text, ",{\"id\":\"n%u\",\"op\":\"math/E\"}", i);
    buf_text(&l.text, "]}");
    loading_bytes(&l, l.text.data, l.text.len);
    CHECK_TEXT(loading_says(&l, 0), "131073 nodes; limit nodes=131072");
    loading_close(&l);
}

TEST(load_takes_a_chain_of_flows_as_long_as_the_file) {
    Loading l;
    loading_open(&l);
    buf_text(&l.text, "{\"treadle\":1,\"nodes\":[{\"id\":\"n0\",\"op\":\"event/onStart\",\"flows\":{\"out\":\"n1\"}}");
    for (u32 i = 1; i < MANY; i++)
        buf_print(&l.text, ",{\"id\":\"n%u\",\"op\":\"flow/sequence\",\"flows\":{\"a\":\"n%u\",\"b\":\"n%u\"}}", i, i % (MANY - 1) + 1, i % (MANY - 1) + 1);
    buf_text(&l.text, "]}");
    loading_bytes(&l, l.text.data, l.text.len);
    CHECK(l.graph != NULL);
    CHECK_INT(l.graph->flow_backward[l.graph->flow_out[MANY - 1]], 1);
    CHECK_INT(l.graph->node_cyclic[5], 1);
    CHECK_INT(l.graph->node_cyclic[MANY - 1], 1);
    loading_close(&l);
}
