/* write.c (unit) - graphs written in the other dialect: how each thing is said, and what is said of the rest. */
#include "../../src/graph/write.h"

#include <string.h>
#include "loading.h"

/* A graph that was loaded and written; ' stands for " in what it is compared with. */
typedef struct Writing {
    Loading l;
    Buf text;
    Err err;
} Writing;

static void write_loaded(Writing *w, WriteForm form) {
    diags_open(&w->l.diags, &w->l.arena, "test", (Text){w->l.text.data, w->l.text.len});
    w->err = write_graph(w->l.graph, form, &w->l.limits, &w->l.diags, &w->text);
}

static void writing_open(Writing *w, WriteForm form, const char *quoted) {
    memset(w, 0, sizeof *w);
    loading_open(&w->l);
    loading_text(&w->l, quoted);
    CHECK(w->l.graph != NULL);
    write_loaded(w, form);
}

static void writing_close(Writing *w) {
    buf_close(&w->text);
    loading_close(&w->l);
}

static bool holds(const Writing *w, const char *quoted) {
    Buf text = {0};
    for (; *quoted; quoted++) buf_byte(&text, *quoted == '\'' ? '"' : *quoted);
    bool is = w->text.data && strstr(w->text.data, text.data);
    buf_close(&text);
    return is;
}

#define SAYS(form, quoted, said)                                                                   \
    do {                                                                                           \
        Writing w_;                                                                                \
        writing_open(&w_, form, quoted);                                                           \
        CHECK_INT(w_.err, ERR_OK);                                                                 \
        CHECK(holds(&w_, said));                                                                   \
        writing_close(&w_);                                                                        \
    } while (0)

#define CANNOT(form, quoted, e, place)                                                             \
    do {                                                                                           \
        Writing w_;                                                                                \
        writing_open(&w_, form, quoted);                                                           \
        CHECK_INT(w_.err, e);                                                                      \
        CHECK_TEXT(w_.l.diags.list[0].pointer, place);                                             \
        writing_close(&w_);                                                                        \
    } while (0)

#define LOG(id, rest) "{'id':'" id "','op':'debug/log','config':{'message':'" id "'}" rest "}"

TEST(write_orders_nodes_by_their_edges_and_events_as_they_were) {
    Writing w;
    writing_open(&w, WRITE_KHR,
                 NATIVE_NODES(LOG("last", "") "," LOG("first", ",'flows':{'out':'last'}") ","
                              "{'id':'tick','op':'event/onTick','flows':{'out':'first'}},"
                              "{'id':'start','op':'event/onStart','flows':{'out':'last'}}"));
    CHECK_INT(w.err, ERR_OK);
    /* onTick stays before onStart; what they lead to comes after, `first` before the `last` that it leads to. */
    CHECK(holds(&w, "{'op': 'event/onTick'},\n        {'op': 'debug/log'},\n        {'op': 'event/onStart'}"));
    CHECK(holds(&w, "{'declaration': 0, 'flows': {'out': {'node': 1}}},\n"
                    "        {'declaration': 1, 'configuration': {'severity': {'value': [0]}, 'message': {'value': "
                    "['first']}}, 'flows': {'out': {'node': 3}}},\n"
                    "        {'declaration': 2, 'flows': {'out': {'node': 3}}},\n"));
    writing_close(&w);
}

TEST(write_floats_read_back_to_the_same_bits) {
    SAYS(WRITE_KHR, NATIVE("'variables':[{'id':'v','type':'float3','value':[-0.0,5e-324,1e21]}],'nodes':[]"),
         "'value': [-0.0, 5e-324, 1e+21]");
    SAYS(WRITE_NATIVE, NATIVE("'variables':[{'id':'v','type':'float2','value':[3,0.1]}],'nodes':[]"), "'value': [3.0, 0.1]");
}

TEST(write_leaves_out_what_has_no_literal) {
    SAYS(WRITE_KHR, NATIVE("'variables':[{'id':'v','type':'float'}],'nodes':[]"), "{'name': 'v', 'type': 0}");
    SAYS(WRITE_NATIVE, KHR("'variables':[{'type':3}]"), "{'id': 'variable0', 'type': 'float2'}");
    SAYS(WRITE_NATIVE,
         KHR("'declarations':[{'op':'math/neg'}],'nodes':[{'declaration':0,'values':{'a':{'type':2}}}]"),
         "'values': {'a': {'type': 'float'}}");
}

TEST(write_says_types_that_a_literal_does_not_show) {
    SAYS(WRITE_NATIVE,
         KHR("'declarations':[{'op':'math/neg'}],"
             "'nodes':[{'declaration':0,'values':{'a':{'type':5,'value':[1,2,3,4]}}},"
             "{'declaration':0,'values':{'a':{'type':2,'value':[1]}}}]"),
         "{'id': 'neg0', 'op': 'math/neg', 'values': {'a': {'type': 'float4', 'value': [1.0, 2.0, 3.0, 4.0]}}},\n"
         "    {'id': 'neg1', 'op': 'math/neg', 'values': {'a': 1.0}}");
}

TEST(write_calls_nodes_after_their_ops_no_two_alike) {
    /* math/log at 25 would be log25, and math/log2 at 5 too. */
    SAYS(WRITE_NATIVE,
         KHR("'declarations':[{'op':'math/log2'},{'op':'math/log'}],'nodes':[{'declaration':0,'values':{'a':{'type':2}}},"
             "{'declaration':1,'values':{'a':{'node':0}}}]"),
         "{'id': 'log2_0', 'op': 'math/log2', 'values': {'a': {'type': 'float'}}},\n"
         "    {'id': 'log1', 'op': 'math/log', 'values': {'a': {'from': 'log2_0'}}}");
}

TEST(write_gives_every_variable_a_name_of_its_own) {
    Writing w;
    writing_open(&w, WRITE_NATIVE,
                 KHR("'variables':[{'type':1,'name':'a:b'},{'type':1,'name':'a-b'},{'type':1},{'type':1,'name':'a-b'},"
                     "{'type':1,'name':'variable2'}]"));
    CHECK_INT(w.err, ERR_OK);
    CHECK(holds(&w, "'a-b_', 'type': 'int', 'value': 0},\n    {'id': 'a-b', "));
    CHECK(holds(&w, "{'id': 'variable2_', "));
    CHECK(holds(&w, "{'id': 'a-b__', "));
    CHECK_INT(w.l.diags.warnings, 2); /* who had no name lost none */
    CHECK_INT(w.l.diags.list[0].err, ERR_WRITE_RENAMED);
    CHECK_TEXT(w.l.diags.list[0].pointer, "/graphs/0/variables/0/name");
    writing_close(&w);
}

TEST(write_keeps_internal_events_internal) {
    static const char khr[] = KHR("'events':[{'values':{'x':{'type':1,'value':[7]},'y':{'type':2}}}]");
    SAYS(WRITE_NATIVE, khr,
         "{'id': 'event0', 'values': {'x': {'type': 'int', 'value': 7}, 'y': 'float'}, 'internal': true}");
    SAYS(WRITE_KHR, NATIVE("'events':[{'id':'e','internal':true}],'nodes':[]"), "'events': [\n        {}\n");
}

TEST(write_messages_double_their_braces) {
    SAYS(WRITE_NATIVE,
         KHR("'declarations':[{'op':'debug/log'}],'nodes':[{'declaration':0,'configuration':{'severity':{'value':[2]},"
             "'message':{'value':['{{{a}}} and {a}']}},'values':{'a':{'type':1,'value':[5]}}}]"),
         "'config': {'severity': 2, 'message': '{{{a}}} and {a}'}, 'values': {'a': 5}");
}

TEST(write_configurations_whole_or_not_at_all) {
    SAYS(WRITE_KHR, NATIVE_NODES("{'id':'g','op':'flow/multiGate','config':{'isLoop':true}}"),
         "'configuration': {'isRandom': {'value': [false]}, 'isLoop': {'value': [true]}}");
    SAYS(WRITE_KHR, NATIVE_NODES("{'id':'g','op':'flow/switch','config':{'cases':[]},'values':{'selection':1}}"),
         "{'declaration': 0, 'values'");
    SAYS(WRITE_NATIVE,
         KHR("'declarations':[{'op':'pointer/get'}],'nodes':[{'declaration':0,'configuration':{'pointer':{'value':"
             "['/a~1b/[n]/c']},'type':{'value':[4]}},'values':{'n':{'type':1,'value':[3]}}}]"),
         "'config': {'pointer': '/a~1b/[n]/c', 'type': 'float3'}, 'values': {'n': 3}");
}

TEST(write_extension_ops_with_the_sockets_they_are_declared_with) {
    SAYS(WRITE_GLTF, NATIVE_NODES("{'id':'h','op':'event/onHoverIn','config':{'nodeIndex':3}}"),
         "{'op': 'event/onHoverIn', 'extension': 'KHR_node_hoverability', 'outputValueSockets': {'hoveredNode': {'type': 0}, "
         "'controllerIndex': {'type': 1}, 'event': {'type': 0}}}");
    SAYS(WRITE_GLTF, NATIVE_NODES("{'id':'h','op':'event/onHoverIn'},{'id':'i','op':'event/onHoverOut'}"),
         "'extensionsUsed': ['KHR_interactivity', 'KHR_node_hoverability']\n");
}

TEST(write_gates_count_outputs_that_lead_nowhere) {
    static const char native[] =
        NATIVE_NODES("{'id':'g','op':'flow/multiGate','flows':{'a':null,'b':'l'}}," LOG("l", ""));
    SAYS(WRITE_KHR, native, "'flows': {'a': {'node': 1, 'socket': 'nowhere'}, 'b': {'node': 1}}");
    SAYS(WRITE_NATIVE, native, "'flows': {'a': null, 'b': 'l'}");
    CANNOT(WRITE_KHR, NATIVE_NODES("{'id':'g','op':'flow/multiGate','flows':{'a':null}}"), ERR_WRITE_NOWHERE,
           "/nodes/0/flows/a");
}

TEST(write_makes_variables_of_graph_inputs) {
    Writing w;
    writing_open(&w, WRITE_KHR,
                 NATIVE("'variables':[{'id':'v','type':'int','value':1}],'inputs':[{'id':'n','type':'int','value':2}],"
                        "'nodes':[{'id':'a','op':'math/add','values':{'a':{'from':'in:n'},'b':{'from':'in:n'}}}]"));
    CHECK_INT(w.err, ERR_OK);
    CHECK(holds(&w, "{'name': 'v', 'type': 0, 'value': [1]},\n        {'name': 'n', 'type': 0, 'value': [2]}"));
    CHECK(holds(&w, "{'declaration': 0, 'configuration': {'variable': {'value': [1]}}},\n"
                    "        {'declaration': 1, 'values': {'a': {'node': 0}, 'b': {'node': 0}}}\n"));
    CHECK_INT(w.l.diags.list[0].err, ERR_WRITE_INPUT);
    writing_close(&w);
    CANNOT(WRITE_KHR, NATIVE("'variables':[{'id':'n','type':'int'}],'inputs':[{'id':'n','type':'int'}],'nodes':[]"),
           ERR_WRITE_INPUT_TAKEN, "/inputs/0/id");
}

TEST(write_says_which_graph_outputs_are_lost) {
    Writing w;
    writing_open(&w, WRITE_KHR,
                 NATIVE("'variables':[{'id':'v','type':'int'}],'nodes':[{'id':'g','op':'variable/get','config':{'variable':'v'}}],"
                        "'outputs':[{'id':'v','type':'int','from':'g'},{'id':'w','type':'int','from':'g'}]"));
    CHECK_INT(w.err, ERR_OK);
    CHECK_INT(w.l.diags.warnings, 1); /* v is read as the variable of that name */
    CHECK_TEXT(w.l.diags.list[0].pointer, "/outputs/1");
    writing_close(&w);
}

TEST(write_blames_the_flow_that_leads_back) {
    CANNOT(WRITE_KHR,
           NATIVE_NODES("{'id':'s','op':'event/onStart','flows':{'out':'a'}}," LOG("a", ",'flows':{'out':'b'}") "," LOG(
               "b", ",'flows':{'out':'a'}")),
           ERR_WRITE_BACKWARD, "/nodes/2/flows/out");
    /* A delay that starts itself again is no loop for us, but its flow leads back all the same. */
    CANNOT(WRITE_KHR,
           NATIVE_NODES("{'id':'s','op':'event/onStart','flows':{'out':'d:in'}},"
                        "{'id':'d','op':'flow/setDelay','values':{'duration':1.0},'flows':{'done':'d:in'}}"),
           ERR_WRITE_BACKWARD, "/nodes/1/flows/done");
}

TEST(write_blames_the_value_that_comes_from_later) {
    CANNOT(WRITE_KHR,
           NATIVE_NODES("{'id':'s','op':'event/onStart','flows':{'out':'b'}},"
                        "{'id':'c','op':'math/eq','values':{'a':{'from':'d'},'b':0}},"
                        "{'id':'b','op':'flow/branch','values':{'condition':{'from':'c'}},'flows':{'true':'d:in'}},"
                        "{'id':'d','op':'flow/doN','values':{'n':3}}"),
           ERR_WRITE_LATER, "/nodes/1/values/a");
}

TEST(write_refuses_ops_of_hosts_in_khr) {
    static const HostOp op = {.name = "my/op"};
    Writing w;
    memset(&w, 0, sizeof w);
    loading_open(&w.l);
    w.l.host_ops = &op;
    w.l.host_op_count = 1;
    loading_text(&w.l, NATIVE_NODES("{'id':'h','op':'my/op'}"));
    write_loaded(&w, WRITE_KHR);
    CHECK_INT(w.err, ERR_WRITE_HOST);
    CHECK_TEXT(w.l.diags.list[0].name, "h");
    buf_clear(&w.text);
    write_loaded(&w, WRITE_NATIVE);
    CHECK_INT(w.err, ERR_OK);
    CHECK(holds(&w, "{'id': 'h', 'op': 'my/op'}"));
    writing_close(&w);
}

TEST(write_refuses_ops_of_unknown_extensions) {
    CANNOT(WRITE_NATIVE,
           "{'graphs':[{'types':[{'signature':'int'}],'declarations':[{'op':'a/b','extension':'EXT'}],"
           "'nodes':[{'declaration':0}]}]}",
           ERR_WRITE_NO_OP, "/graphs/0/nodes/0");
}

TEST(write_refuses_names_that_a_host_knows_and_a_native_file_cannot_have) {
    CANNOT(WRITE_NATIVE, KHR("'events':[{'id':'a:b'}]"), ERR_WRITE_NAME, "/graphs/0/events/0/id");
    CANNOT(WRITE_NATIVE, KHR("'events':[{'id':'a','values':{'x:y':{'type':1}}}]"), ERR_WRITE_NAME,
           "/graphs/0/events/0/values");
}

TEST(write_refuses_references_that_leave_their_gltf) {
    static const char gltf[] =
        "{'asset':{'version':'2.0'},'nodes':[{}],'extensions':{'KHR_interactivity':{'graphs':[{'types':[{'signature':'ref'}],"
        "'variables':[{'type':0,'value':['/nodes/0']}]}]}}}";
    CANNOT(WRITE_NATIVE, gltf, ERR_WRITE_REF, "/extensions/KHR_interactivity/graphs/0/variables/0/value");
    SAYS(WRITE_KHR, gltf, "'value': ['/nodes/0']");
}

TEST(write_tells_when_memory_is_refused) {
    Writing w;
    writing_open(&w, WRITE_KHR, NATIVE_NODES("{'id':'s','op':'event/onStart','flows':{'out':'l'}}," LOG("l", "")));
    CHECK_INT(w.err, ERR_OK);
    Buf whole = w.text;
    w.text = (Buf){0};
    i64 n = 0;
    for (bool refused = true; refused && n < 200; n++) {
        system_fail_after = n;
        write_loaded(&w, WRITE_KHR);
        refused = system_fail_after < 0;
        system_fail_after = -1;
        if (refused) CHECK_INT(w.err, ERR_MEMORY);
        if (refused) buf_close(&w.text);
    }
    CHECK(n > 1 && n < 200);
    CHECK_TEXT(w.text.data, whole.data);
    buf_close(&whole);
    writing_close(&w);
}
