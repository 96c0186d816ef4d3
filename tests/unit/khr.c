/* khr.c (unit) - KHR_interactivity: configurations, references, extension ops, unconnected flows,
** several graphs. */
#include "loading.h"

#include <math.h>

#define BOOL "'type':0"
#define INT "'type':1"
#define FLOAT "'type':2"
#define REF "'type':6"
#define DECLARE(op) "'declarations':[{'op':'" op "'}],"

TEST(khr_inputs_with_only_a_type_are_its_default) {
    GOOD(KHR(DECLARE("math/add") "'nodes':[{'declaration':0,'values':{'a':{'type':4},'b':{'type':4,'value':[1,2,3]}}}]"));
    CHECK_INT(g->node_type[0], TYPE_FLOAT3);
    CHECK_FLOAT(g->consts[g->in_const[0] + 2].f, (f64)NAN);
    CHECK_FLOAT(g->consts[g->in_const[1] + 2].f, 3);
    loading_close(&l);
}

TEST(khr_ints_may_be_written_with_point_and_exponent) {
    GOOD(KHR(DECLARE("math/add") "'nodes':[{'declaration':0,'values':{'a':{" INT ",'value':[5.0]},'b':{" INT ",'value':[0.1e1]}}}]"));
    CHECK_INT(g->consts[g->in_const[0]].i, 5);
    CHECK_INT(g->consts[g->in_const[1]].i, 1);
    loading_close(&l);
}

TEST(khr_extra_sockets_are_checked_and_ignored) {
    GOOD(KHR("'declarations':[{'op':'flow/branch'},{'op':'debug/log'}],"
             "'nodes':[{'declaration':0,'values':{'condition':{" BOOL "},'more':{" INT ",'value':[3]}},'flows':{'more':{'node':1},'true':{'node':1}}},{'declaration':1}]"));
    CHECK_INT(g->value_in_count, 1);
    CHECK_INT(g->flow_in_edges[g->flow_in[1]], 1);
    loading_close(&l);
    REFUSED(KHR(DECLARE("flow/branch") "'nodes':[{'declaration':0,'values':{'condition':{" BOOL "},'more':{" INT ",'value':[0.5]}}}]"),
            "0.5 is not a whole number");
}

TEST(khr_flows_to_a_socket_that_is_not_there_are_unconnected) {
    Loading l;
    loading_open(&l);
    loading_text(&l, KHR("'declarations':[{'op':'event/onStart'},{'op':'flow/waitAll'}],"
                         "'nodes':[{'declaration':0,'flows':{'out':{'node':1}}},{'declaration':1}]"));
    CHECK(l.graph != NULL);
    CHECK_INT(l.graph->flow_target[0], NONE);
    CHECK_TEXT(loading_says(&l, 0), "no flow input \"in\" on node 1 flow/waitAll: not connected");
    loading_close(&l);
}

TEST(khr_configurations_fall_back_as_a_whole) {
    Loading l;
    loading_open(&l);
    loading_text(&l, KHR("'declarations':[{'op':'flow/multiGate'},{'op':'flow/for'},{'op':'flow/waitAll'},{'op':'flow/switch'}],'nodes':["
                         "{'declaration':0,'configuration':{'isRandom':{'value':[true]},'isLoop':{'value':[1]}}},"
                         "{'declaration':1,'configuration':{'initialIndex':{'value':[1.5]}},'values':{'startIndex':{" INT "},'endIndex':{" INT "}}},"
                         "{'declaration':2,'configuration':{'inputFlows':{'value':[65]}}},"
                         "{'declaration':3,'configuration':{'cases':{'value':[1,'2']}},'values':{'selection':{" INT "}}}]"));
    const Graph *g = l.graph;
    CHECK(g != NULL);
    CHECK_INT(l.diags.warnings, 4);
    CHECK_INT(graph_params(g, 0)[0], 0);
    CHECK_INT(graph_params(g, 0)[1], 0);
    CHECK_INT(graph_params(g, 1)[0], 0);
    CHECK_INT(graph_params(g, 2)[0], 0);
    CHECK_INT(graph_params(g, 3)[0], 0);
    loading_close(&l);
}

/* The k-th word of the list is the k-th row; anything else is the first, with a warning. */
TEST(khr_order_chooses_a_row) {
    Loading l;
    loading_open(&l);
#define ANGLES "'values':{'x':{" FLOAT "},'y':{" FLOAT "},'z':{" FLOAT "}}"
    loading_text(&l, KHR(DECLARE("math/quatFromAngles") "'nodes':["
                         "{'declaration':0,'configuration':{'order':{'value':['zxy']}}," ANGLES "},"
                         "{'declaration':0," ANGLES "},"
                         "{'declaration':0,'configuration':{'order':{'value':['XYZ']}}," ANGLES "},"
                         "{'declaration':0,'configuration':{'order':{'value':[1]}}," ANGLES "},"
                         "{'declaration':0,'configuration':{'order':{'value':['xyz','xyz']}}," ANGLES "},"
                         "{'declaration':0,'configuration':{'order':{'value':['zyx']}}," ANGLES "}]"));
    const Graph *g = l.graph;
    CHECK(g != NULL);
    CHECK_INT(l.diags.warnings, 3);
    CHECK_INT(g->node_row[0], VEC_quatFromAngles_zxy);
    for (u32 i = 1; i < 5; i++) CHECK_INT(g->node_row[i], VEC_quatFromAngles_yxz);
    CHECK_INT(g->node_row[5], VEC_quatFromAngles_zyx);
    CHECK_INT(g->out_type[0], TYPE_FLOAT4);
    loading_close(&l);
}

TEST(khr_inputs_that_follow_the_overload_are_held_to_it) {
#define TRANSFORM(a, b)                                                                            \
    "{'graphs':[{'types':[{'signature':'" a "'},{'signature':'" b "'}],"                           \
    DECLARE("math/transform") "'nodes':[{'declaration':0,'values':{'a':{'type':0},'b':{'type':1}}}]}]}"
    GOOD(TRANSFORM("float3", "float3x3"));
    CHECK_INT(g->node_row[0], VEC_transform_3);
    CHECK_INT(g->in_type[1], TYPE_FLOAT3X3);
    CHECK_INT(g->out_type[0], TYPE_FLOAT3);
    loading_close(&l);
    REFUSED(TRANSFORM("float2", "float3x3"), "expected float2x2, got float3x3");
    REFUSED(TRANSFORM("float3", "float4x4"), "expected float3x3, got float4x4");
    REFUSED(TRANSFORM("float", "float3x3"), "math/transform does not take float");
    REFUSED(TRANSFORM("float3x3", "float3"), "math/transform does not take float3x3");
}

TEST(khr_configurations_that_nobody_reads_are_ignored) {
    GOOD(KHR("'declarations':[{'op':'event/onStart'},{'op':'flow/for'}],'nodes':[{'declaration':0,'configuration':{'x':{'value':['y']}}},"
             "{'declaration':1,'configuration':{'initialIndex':{'value':[7]},'other':{'value':[0]}},'values':{'startIndex':{" INT "},'endIndex':{" INT "}}}]"));
    CHECK_INT(graph_params(g, 1)[0], 7);
    CHECK_INT(g->state_init[g->out_slot[g->value_out[1]]].i, 7);
    loading_close(&l);
}

TEST(khr_messages_with_a_stray_brace_are_empty) {
    Loading l;
    loading_open(&l);
    loading_text(&l, KHR(DECLARE("debug/log") "'nodes':[{'declaration':0,'configuration':{'severity':{'value':[2]},'message':{'value':['{x']}}}]"));
    CHECK(l.graph != NULL);
    CHECK_TEXT(loading_says(&l, 0), "message template is wrong: empty message used");
    CHECK_INT(graph_params(l.graph, 0)[0], 0);
    CHECK_INT(graph_params(l.graph, 0)[2], 0);
    CHECK_INT(l.graph->value_in_count, 0);
    loading_close(&l);
}

TEST(khr_variables_are_written_by_index_once_each) {
    GOOD(KHR("'variables':[{" INT "},{" FLOAT ",'value':[2],'name':'x'}],"
             DECLARE("variable/set") "'nodes':[{'declaration':0,'configuration':{'variables':{'value':[1,0,1]}},"
             "'values':{'0':{" INT ",'value':[4]},'1':{" FLOAT ",'value':[5]}}}]"));
    CHECK_INT(graph_params(g, 0)[0], 2);
    CHECK_INT(graph_params(g, 0)[1], 1);
    CHECK_TEXT(g->in_name[0], "1");
    CHECK_FLOAT(g->consts[g->in_const[0]].f, 5);
    CHECK_TEXT(g->variable_name[1], "x");
    CHECK_FLOAT(g->state_init[g->variable_slot[1]].f, 2);
    loading_close(&l);
}

TEST(khr_ops_of_extensions_do_nothing_and_give_defaults) {
    Loading l;
    loading_open(&l);
    loading_text(&l, KHR("'declarations':[{'op':'vnd/x','extension':'VND_x','inputValueSockets':{'a':{" INT "}},'outputValueSockets':{'v':{'type':3}}},"
                         "{'op':'event/onStart'},{'op':'math/neg'},{'op':'vnd/x','extension':'VND_y'}],"
                         "'nodes':[{'declaration':2,'values':{'a':{" INT "}}},{'declaration':1,'flows':{'out':{'node':2}}},"
                         "{'declaration':0,'values':{'a':{'node':0}}},{'declaration':2,'values':{'a':{'node':2,'socket':'v'}}},{'declaration':3}]"));
    const Graph *g = l.graph;
    CHECK(g != NULL);
    CHECK_INT(l.diags.warnings, 2);
    CHECK_INT(g->node_id[2], NODE_no_op);
    CHECK_INT(g->in_from[g->value_in[2]], NONE);
    CHECK_INT(g->flow_target[0], NONE);
    CHECK_INT(g->node_type[3], TYPE_FLOAT2);
    loading_close(&l);
    REFUSED(KHR("'declarations':[{'op':'vnd/x','extension':'VND_x','inputValueSockets':{'a':{" INT "}}}],'nodes':[{'declaration':0}]"),
            "op \"vnd/x\" of extension \"VND_x\" is not supported: it does nothing");
}

TEST(khr_custom_types_fit_only_themselves) {
    GOOD(KHR("'variables':[{'type':7},{'type':8}],'declarations':[{'op':'variable/get'},{'op':'math/select'}],'nodes':["
             "{'declaration':0,'configuration':{'variable':{'value':[0]}}},"
             "{'declaration':1,'values':{'condition':{" BOOL "},'a':{'node':0},'b':{'type':7}}}]"));
    CHECK_INT(g->variable_type[0], TYPE_REF);
    CHECK_INT(g->state_init[g->variable_slot[0]].i, 0);
    loading_close(&l);
    REFUSED(KHR("'variables':[{'type':7}],'declarations':[{'op':'variable/get'},{'op':'math/select'}],'nodes':["
                "{'declaration':0,'configuration':{'variable':{'value':[0]}}},"
                "{'declaration':1,'values':{'condition':{" BOOL "},'a':{'node':0},'b':{'type':8}}}]"),
            "inputs \"a\" (custom) and \"b\" (custom) must have one type");
}

#define GLTF(nodes, extension) "{'asset':{'version':'2.0'},'nodes':" nodes ",'meshes':[{},{}],'extensions':{'KHR_interactivity':" extension "}}"

TEST(khr_references_name_objects_of_the_gltf) {
    GOOD(GLTF("[{},{}]", KHR("'variables':[{" REF ",'value':['/nodes/1']},{" REF ",'value':['/nodes/2']},{" REF ",'value':['/meshes/1']},"
                             "{" REF ",'value':['/nodes/01']},{" REF ",'value':['']},{" REF ",'value':['/nodes/1/mesh']},{" REF ",'value':['/nodes/1']}]")));
    static const u64 bits[] = {REF_GLTF(GLTF_NODES, 1), REF_NULL, REF_GLTF(GLTF_MESHES, 1), REF_NULL, REF_NULL, REF_NULL, REF_GLTF(GLTF_NODES, 1)};
    for (u32 i = 0; i < COUNT_OF(bits); i++) CHECK(g->state_init[g->variable_slot[i]].bits == bits[i]);
    CHECK(REF_PAYLOAD(bits[0]) == 1);
    loading_close(&l);
}

/* Two textures are two, though no pointer leads into them. */
TEST(khr_references_name_what_only_references_name) {
    Loading l;
    loading_open(&l);
    loading_text(&l, "{'asset':{'version':'2.0'},'textures':[{},{}],'samplers':[{}],'extensions':{'KHR_interactivity':" KHR(
                         "'variables':[{" REF ",'value':['/textures/0']},{" REF ",'value':['/textures/1']},{" REF ",'value':['/textures/2']},"
                         "{" REF ",'value':['/samplers/0']}]") "}}");
    const Graph *g = l.graph;
    static const u64 bits[] = {REF_GLTF(GLTF_TEXTURES, 0), REF_GLTF(GLTF_TEXTURES, 1), REF_NULL, REF_GLTF(GLTF_SAMPLERS, 0)};
    CHECK(g != NULL);
    for (u32 i = 0; i < COUNT_OF(bits); i++) CHECK(g->state_init[g->variable_slot[i]].bits == bits[i]);
    loading_close(&l);
}

TEST(khr_translations_of_the_gltf_nodes_are_state) {
    GOOD(GLTF("[{'translation':[1,2.5,-0.0]},{}]",
              KHR(DECLARE("pointer/get") "'nodes':[{'declaration':0,'configuration':{'pointer':{'value':['/nodes/0/translation']},'type':{'value':[4]}}}]")));
    CHECK_INT(g->model.count[GLTF_NODES], 2);
    CHECK_INT(g->model.cell_count, 2); /* of all nodes, and no other property */
    const Slot *first = g->state_init + g->model.cell_slot[0], *second = g->state_init + g->model.cell_slot[1];
    CHECK_FLOAT(first[1].f, 2.5);
    CHECK_FLOAT(first[2].f, -0.0);
    CHECK_FLOAT(second[2].f, 0);
    loading_close(&l);
}

TEST(khr_bad_graphs_beside_the_default_are_only_told) {
    Loading l;
    loading_open(&l);
    loading_text(&l, "{'graphs':[{'types':[]},{'name':'good'},{'variables':3}],'graph':1}");
    CHECK(l.graph != NULL);
    CHECK_TEXT(l.graph->name, "good");
    CHECK_INT(l.graph->index, 1);
    CHECK_INT(l.diags.errors, 0);
    CHECK_INT(l.diags.count, 5);
    for (u32 i = 0; i < l.diags.count; i++) CHECK_INT(l.diags.list[i].severity, SEVERITY_WARNING);
    loading_close(&l);
    loading_open(&l);
    l.which = 2;
    loading_text(&l, "{'graphs':[{'types':[]},{'name':'good'},{'variables':3}],'graph':1}");
    CHECK(l.graph == NULL);
    CHECK_INT(l.err, ERR_KEY_TYPE);
    CHECK_INT(l.diags.list[0].graph, 2);
    loading_close(&l);
}

TEST(khr_graphs_have_their_own_hash) {
    GOOD("{'graphs':[{},{}],'graph':0}");
    u64 hash = g->hash;
    loading_close(&l);
    loading_open(&l);
    l.which = 1;
    loading_text(&l, "{'graphs':[{},{}],'graph':0}");
    CHECK(l.graph != NULL);
    CHECK(l.graph->hash != hash);
    loading_close(&l);
}

TEST(khr_pointer_templates_name_their_inputs) {
    Loading l;
    loading_open(&l);
    loading_text(&l, KHR(DECLARE("pointer/get") "'nodes':[{'declaration':0,'configuration':{'pointer':{'value':['/a/[x~1y]/{~0z}/[[k]]']},'type':{'value':[2]}},"
                         "'values':{'x/y':{" INT "},'~z':{" REF "}}}]"));
    const Graph *g = l.graph;
    CHECK(g != NULL);
    CHECK_TEXT(g->in_name[0], "x/y");
    CHECK_INT(g->in_type[0], TYPE_INT);
    CHECK_TEXT(g->in_name[1], "~z");
    CHECK_INT(g->in_type[1], TYPE_REF);
    CHECK_INT(g->value_in_count, 2);
    loading_close(&l);
}
