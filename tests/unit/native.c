/* native.c (unit) - the native dialect: what its names, literals and edges become. */
#include <math.h>
#include "loading.h"

/* Value input `name` of node `node`. */
static u32 input(const Graph *g, u32 node, const char *name) {
    for (u32 i = g->value_in[node]; i < g->value_in[node + 1]; i++)
        if (strcmp(g->in_name[i], name) == 0) return i;
    return NONE;
}

static Slot constant(const Graph *g, u32 in) { return g->consts[g->in_const[in]]; }

TEST(native_nodes_keep_the_order_of_the_file) {
    GOOD(NATIVE_NODES("{'id':'b','op':'math/neg','values':{'a':{'from':'a'}}},{'id':'a','op':'math/Pi'}"));
    CHECK_INT(g->node_count, 2);
    CHECK_TEXT(g->node_name[0], "b");
    CHECK_TEXT(g->node_op[1], "math/Pi");
    CHECK_INT(g->in_from[0], g->value_out[1]);
    CHECK_INT(g->out_node[g->value_out[1]], 1);
    loading_close(&l);
}

TEST(native_sockets_lie_in_the_order_of_their_row) {
    GOOD(NATIVE_NODES("{'id':'c','op':'math/clamp','values':{'c':3,'a':1,'b':2}}"));
    CHECK_INT(g->value_in[1] - g->value_in[0], 3);
    CHECK_TEXT(g->in_name[0], "a");
    CHECK_INT(constant(g, 0).i, 1);
    CHECK_INT(constant(g, 2).i, 3);
    loading_close(&l);
}

TEST(native_literals_without_a_point_are_ints) {
    GOOD(NATIVE_NODES("{'id':'i','op':'math/add','values':{'a':1,'b':2}},{'id':'f','op':'math/add','values':{'a':1.0,'b':2e0}}"));
    CHECK_INT(g->node_type[0], TYPE_INT);
    CHECK_INT(g->node_row[0], PURE_add_i);
    CHECK_INT(g->node_type[1], TYPE_FLOAT);
    CHECK_INT(g->node_row[1], PURE_add_f);
    CHECK_FLOAT(constant(g, input(g, 1, "b")).f, 2);
    loading_close(&l);
}

TEST(native_literals_take_the_type_of_a_linked_sibling) {
    GOOD(NATIVE_NODES("{'id':'s','op':'math/add','values':{'a':1,'b':{'from':'pi'}}},{'id':'pi','op':'math/Pi'}"));
    CHECK_INT(g->node_type[0], TYPE_FLOAT);
    CHECK_FLOAT(constant(g, input(g, 0, "a")).f, 1);
    loading_close(&l);
}

TEST(native_literals_take_the_type_of_their_siblings_and_of_the_op) {
    GOOD(NATIVE_NODES("{'id':'s','op':'math/add','values':{'a':1,'b':0.5}},{'id':'t','op':'math/sin','values':{'a':1}},"
                      "{'id':'u','op':'math/not','values':{'a':true}},{'id':'v','op':'math/mul','values':{'a':[1,2,3],'b':[4,5,6]}}"));
    CHECK_INT(g->node_type[0], TYPE_FLOAT);
    CHECK_INT(g->node_type[1], TYPE_FLOAT);
    CHECK_INT(g->node_type[2], TYPE_BOOL);
    CHECK_INT(g->node_type[3], TYPE_FLOAT3);
    CHECK_FLOAT(g->consts[g->in_const[input(g, 3, "b")] + 2].f, 6);
    loading_close(&l);
}

TEST(native_four_numbers_are_what_the_op_takes) {
    GOOD(NATIVE_NODES("{'id':'d','op':'math/dot','values':{'a':[1,2,3,4],'b':[1,2,3,4]}},{'id':'i','op':'math/inverse','values':{'a':[1,2,3,4]}}"));
    CHECK_INT(g->node_row[0], VEC_dot_4);
    CHECK_INT(g->node_row[1], VEC_inverse_2);
    loading_close(&l);
    REFUSED(NATIVE_NODES("{'id':'t','op':'math/add','values':{'a':[1,2,3,4],'b':[1,2,3,4]}}"),
            "type of \"a\" cannot be told");
}

TEST(native_literals_of_inputs_that_follow_the_overload_have_its_type) {
    GOOD(NATIVE_NODES("{'id':'t','op':'math/transform','values':{'b':[1,2,3,4],'a':[1,2]}},{'id':'u','op':'math/transform','values':{'a':{'from':'t'},'b':[4,3,2,1]}}"));
    CHECK_INT(g->node_row[0], VEC_transform_2);
    CHECK_INT(g->node_row[1], VEC_transform_2);
    CHECK_INT(g->in_type[input(g, 0, "b")], TYPE_FLOAT2X2);
    CHECK_FLOAT(g->consts[g->in_const[input(g, 1, "b")] + 3].f, 1);
    loading_close(&l);
}

TEST(native_literals_may_say_their_type) {
    GOOD(NATIVE_NODES("{'id':'s','op':'math/add','values':{'a':{'type':'float4','value':[1,2,3,4]},'b':[5,6,7,8]}}"));
    CHECK_INT(g->node_type[0], TYPE_FLOAT4);
    CHECK_FLOAT(g->consts[g->in_const[1] + 3].f, 8);
    loading_close(&l);
}

TEST(native_minus_zero_and_2_to_the_53_stay_what_they_are) {
    GOOD(NATIVE_NODES("{'id':'s','op':'math/add','values':{'a':-0.0,'b':9007199254740992.0}}"));
    CHECK_FLOAT(constant(g, 0).f, -0.0);
    CHECK_FLOAT(constant(g, 1).f, 9007199254740992.0);
    loading_close(&l);
}

TEST(native_variables_fix_types_and_names_of_sockets) {
    GOOD(NATIVE("'variables':[{'id':'x','type':'float','value':2},{'id':'y','type':'int'}],"
                "'nodes':[{'id':'g','op':'variable/get','config':{'variable':'y'}},"
                "{'id':'s','op':'variable/set','config':{'variables':['y','x']},'values':{'x':1,'y':{'from':'g'}}}]"));
    CHECK_INT(g->out_type[0], TYPE_INT);
    CHECK_INT(g->out_slot[0], g->variable_slot[1]);
    CHECK_INT(graph_params(g, 0)[0], 1);
    const i32 *p = graph_params(g, 1);
    CHECK_INT(p[0], 2);
    CHECK_INT(p[1], 1);
    CHECK_INT(p[2], 0);
    CHECK_TEXT(g->in_name[g->value_in[1]], "y");
    CHECK_INT(g->in_type[g->value_in[1] + 1], TYPE_FLOAT);
    CHECK_FLOAT(g->state_init[g->variable_slot[0]].f, 2);
    CHECK_INT(g->state_init[g->variable_slot[1]].i, 0);
    loading_close(&l);
}

TEST(native_graph_inputs_are_read_as_in_and_outputs_name_a_socket) {
    GOOD(NATIVE("'inputs':[{'id':'speed','type':'float','value':3}],"
                "'outputs':[{'id':'twice','type':'float','from':'d'},{'id':'same','type':'float','from':'in:speed'}],"
                "'nodes':[{'id':'d','op':'math/mul','values':{'a':{'from':'in:speed'},'b':2}}]"));
    u32 in = g->value_out_count - 1;
    CHECK_INT(g->input_count, 1);
    CHECK_INT(g->out_node[in], NONE);
    CHECK_INT(g->in_from[0], in);
    CHECK_FLOAT(g->state_init[g->out_slot[in]].f, 3);
    CHECK_INT(g->output_from[0], g->value_out[0]);
    CHECK_INT(g->output_from[1], in);
    CHECK_INT(g->pulled_total, 1);
    loading_close(&l);
}

TEST(native_events_give_the_sockets_of_send_and_receive) {
    GOOD(NATIVE("'events':[{'id':'go','values':{'n':{'type':'int','value':7},'x':'float'}}],"
                "'nodes':[{'id':'r','op':'event/receive','config':{'event':'go'},'flows':{'out':'s'}},"
                "{'id':'s','op':'event/send','config':{'event':'go'},'values':{'x':1,'n':{'from':'r:n'}}}]"));
    CHECK_INT(g->value_out[1] - g->value_out[0], 3);
    CHECK_TEXT(g->out_name[0], "n");
    CHECK_TEXT(g->out_name[2], "event");
    CHECK_INT(g->out_type[2], TYPE_REF);
    CHECK_INT(g->state_init[g->out_slot[0]].i, 7);
    CHECK_FLOAT(g->state_init[g->out_slot[1]].f, (f64)NAN);
    CHECK_FLOAT(constant(g, input(g, 1, "x")).f, 1);
    CHECK_INT(g->event_value[1], 2);
    loading_close(&l);
}

TEST(native_flow_outputs_of_a_sequence_are_sorted_by_utf16_units) {
    /* U+1F855 is D83E DC55 in UTF-16: before U+FFFD. */
    GOOD(NATIVE_NODES("{'id':'s','op':'flow/sequence','flows':{'b':'t','B':'t','9':'t','10':'t','\xEF\xBF\xBD':'t','\xF0\x9F\xA1\x95':'t'}},"
                      "{'id':'t','op':'debug/log'}"));
    static const char *const order[] = {"10", "9", "B", "b", "\xF0\x9F\xA1\x95", "\xEF\xBF\xBD"};
    for (u32 i = 0; i < 6; i++) CHECK_TEXT(g->flow_out_name[i], order[i]);
    CHECK_INT(g->flow_in_edges[g->flow_in[1]], 6);
    loading_close(&l);
}

TEST(native_switch_cases_keep_their_order_and_drop_doubles) {
    GOOD(NATIVE_NODES("{'id':'s','op':'flow/switch','values':{'selection':1},'config':{'cases':[5,-1,5]},'flows':{'-1':'l','default':'l'}},"
                      "{'id':'l','op':'debug/log'},"
                      "{'id':'m','op':'math/switch','config':{'cases':[2,2,1]},'values':{'selection':1,'1':0.5,'2':1,'default':3}}"));
    CHECK_INT(graph_params(g, 0)[0], 2);
    CHECK_INT(graph_params(g, 0)[2], -1);
    CHECK_TEXT(g->flow_out_name[1], "-1");
    CHECK_TEXT(g->flow_out_name[2], "default");
    CHECK_INT(g->flow_target[0], NONE);
    CHECK_INT(g->node_type[2], TYPE_FLOAT);
    CHECK_TEXT(g->in_name[g->value_in[2] + 1], "2");
    loading_close(&l);
}

TEST(native_messages_become_pieces_and_inputs) {
    GOOD(NATIVE_NODES("{'id':'l','op':'debug/log','config':{'severity':1,'message':'{{a}} {x}={x}, {y}!'},'values':{'x':1,'y':[1,2]}}"));
    const i32 *p = graph_params(g, 0);
    CHECK_INT(p[0], 1);
    CHECK_INT(p[2], 7);
    const Piece *piece = g->pieces + p[1];
    CHECK_TEXT(piece[0].text, "{a} ");
    CHECK(piece[1].text == NULL);
    CHECK_INT(piece[1].input, 0);
    CHECK_TEXT(piece[2].text, "=");
    CHECK_INT(piece[3].input, 0);
    CHECK_TEXT(piece[4].text, ", ");
    CHECK_INT(piece[5].input, 1);
    CHECK_TEXT(piece[6].text, "!");
    CHECK_INT(g->in_type[0], TYPE_INT);
    CHECK_INT(g->in_type[1], TYPE_FLOAT2);
    loading_close(&l);
}

TEST(native_loops_may_read_their_own_index_and_flow_backwards) {
    GOOD(NATIVE_NODES("{'id':'f','op':'flow/for','values':{'startIndex':0,'endIndex':{'from':'f'}},'flows':{'completed':'f'}}"));
    CHECK_INT(g->in_from[1], 0);
    CHECK_INT(g->flow_target[1], 0);
    loading_close(&l);
}

TEST(native_pointers_to_translations_are_known) {
    Loading l;
    loading_open(&l);
    loading_text(&l, NATIVE_NODES("{'id':'a','op':'pointer/get','config':{'pointer':'/nodes/7/translation','type':'float3'}},"
                                  "{'id':'b','op':'pointer/set','config':{'pointer':'/nodes/[i]/translation','type':'float3'},'values':{'i':1,'value':[1,2,3]}},"
                                  "{'id':'c','op':'pointer/get','config':{'pointer':'/nodes/{n}/translation','type':'float3'},'values':{'n':null}},"
                                  "{'id':'d','op':'pointer/get','config':{'pointer':'/nodes/7/translation','type':'float4'}}"));
    const Graph *g = l.graph;
    CHECK(g != NULL);
    CHECK_INT(l.diags.warnings, 1);
    CHECK_TEXT(loading_says(&l, 0), "pointer \"/nodes/7/translation\" is float3, not float4");
    CHECK_INT(graph_params(g, 0)[0], POINTER_node_translation);
    CHECK_INT(graph_params(g, 0)[1], 7);
    CHECK_INT(graph_params(g, 0)[2], GLTF_NODES);
    CHECK_INT(graph_params(g, 0)[4], INDEX_NONE);
    CHECK_INT(graph_params(g, 1)[0], POINTER_node_translation);
    CHECK_INT(graph_params(g, 1)[1], -1);
    CHECK_TEXT(g->in_name[g->value_in[1]], "i");
    CHECK_INT(g->in_type[g->value_in[2]], TYPE_REF);
    CHECK_INT(graph_params(g, 3)[0], POINTER_NOTHING);
    CHECK_INT(g->model.cell_count, 0); /* a native file has no glTF around it */
    loading_close(&l);
}

TEST(native_host_ops_have_their_sockets_and_two_flows) {
    const char *in_names[] = {"url", "n"}, *out_names[] = {"status"};
    u8 in_types[] = {TYPE_REF, TYPE_INT}, out_types[] = {TYPE_FLOAT};
    HostOp ops[] = {{"my/other", 0, 0, NULL, NULL, NULL, NULL}, {"my/fetch", 2, 1, in_names, out_names, in_types, out_types}};
    Loading l;
    loading_open(&l);
    l.host_ops = ops;
    l.host_op_count = 2;
    loading_text(&l, NATIVE_NODES("{'id':'f','op':'my/fetch','values':{'url':null,'n':3},'flows':{'out':'g','err':'g'}},"
                                  "{'id':'g','op':'debug/log','config':{'message':'{s}'},'values':{'s':{'from':'f'}}}"));
    const Graph *g = l.graph;
    CHECK(g != NULL);
    CHECK_INT(g->node_id[0], NODE_host_call);
    CHECK_INT(g->node_kind[0], KIND_FLOW);
    CHECK_INT(graph_params(g, 0)[0], 1);
    CHECK_TEXT(g->flow_out_name[1], "err");
    CHECK(g->out_slot[0] != NONE);
    CHECK_INT(g->in_type[g->value_in[1]], TYPE_FLOAT);
    loading_close(&l);
}

TEST(native_nodes_may_carry_a_place_a_comment_and_extras) {
    GOOD("{'$schema':'treadle.schema.json','treadle':1,'name':'n','comment':'c','extras':{'x':1},"
         "'nodes':[{'id':'a','op':'math/Pi','at':[1,2.5],'comment':'c','extras':[1]}]}");
    CHECK_TEXT(g->name, "n");
    loading_close(&l);
}

TEST(native_errors_of_one_node_do_not_hide_those_of_others) {
    Loading l;
    loading_open(&l);
    loading_text(&l, NATIVE_NODES("{'id':'a','op':'math/ad'},{'id':'b','op':'math/neg','values':{'a':{'from':'a'}}},"
                                  "{'id':'c','op':'math/neg'},{'id':'d','op':'flow/branch','values':{'condition':{'from':'b'}}}"));
    CHECK_INT(l.diags.errors, 2); /* b reads from a, d from b: nothing more is said about them */
    CHECK(l.graph == NULL);
    loading_close(&l);
}
