/* lower.c (unit) - what the lowering promises of the shape of its code, whatever the graph: it stays small. */
#include <stdio.h>
#include "lowered.h"

#define ADD(id, a, b) "{'id':'" id "','op':'math/add','values':{'a':" a ",'b':" b "}},"

static bool has_const(const Program *p, i32 value) {
    for (u32 i = 0; i < p->const_count; i++)
        if (p->const_letter[i] == 'I' && p->consts[i].i == value) return true;
    return false;
}

static u32 activations_of(const Lowered *l, const char *name) {
    const Graph *g = l->graph;
    u32 node = graph_find(g->node_name, g->node_count, (Text){name, (u32)strlen(name)}), n = 0;
    for (u32 i = 0; i < l->program->mark_count; i++) {
        const Mark *m = &l->program->marks[i];
        n += m->kind == MARK_ACTIVATE && g->flow_in_node[m->what] == node;
    }
    return n;
}

/* ---- values ---- */

TEST(lower_takes_an_and_chain_213_deep_once_for_each_node) {
    Lowered l;
    Buf json = {0};
    buf_text(&json, "{'treadle':1,'variables':[{'id':'x','type':'bool','value':true}],'nodes':[" GET("x"));
    for (int k = 0; k < 213; k++) {
        char from[16] = "x";
        if (k) snprintf(from, sizeof from, "n%d", k - 1);
        buf_print(&json, "{'id':'n%d','op':'math/and','values':{'a':{'from':'%s'},'b':{'from':'%s'}}},", k, from, from);
    }
    buf_text(&json, START("set") SET("set", "x", FROM("n212"), "") "]}");
    lowered_open(&l, json.data);
    buf_close(&json);
    CHECK(l.program);
    CHECK_INT(lowered_count(&l, CODE_and_b), 213);
    CHECK(l.program->count < 213 + 10);
    lowered_close(&l);
}

TEST(lower_folds_what_depends_on_constants_alone) {
    Lowered l;
    lowered_open(&l, WITH(INT("x"), "{'id':'sum','op':'math/add','values':{'a':2,'b':3}},"
                                    "{'id':'product','op':'math/mul','values':{'a':{'from':'sum'},'b':4}}," START("set")
                                    SET("set", "x", FROM("product"), "")));
    CHECK(l.program);
    CHECK_INT(lowered_count(&l, CODE_add_i), 0);
    CHECK_INT(lowered_count(&l, CODE_mul_i), 0);
    CHECK(has_const(l.program, 20));
    lowered_close(&l);
}

#define FLOATS(id, type, value) "{'id':'" id "','type':'" type "','value':" value "}"

/* inverse of diag(2, 4) is diag(0.5, 0.25); transformed (8, 8) is (4, 2), whose parts add up to 6. */
TEST(lower_folds_whole_values) {
    Lowered l;
    lowered_open(&l, WITH(FLOATS("x", "float", "0.0"),
                          "{'id':'inverse','op':'math/inverse','values':{'a':[2,0,0,4]}},"
                          "{'id':'vector','op':'math/combine2','values':{'a':8,'b':8}},"
                          "{'id':'both','op':'math/transform','values':{'a':{'from':'vector'},'b':{'from':'inverse:value'}}},"
                          "{'id':'parts','op':'math/extract2','values':{'a':{'from':'both'}}}," ADD("sum", FROM("parts:0"), FROM("parts:1"))
                          START("set") SET("set", "x", FROM("sum"), "")));
    const Program *p = l.program;
    CHECK(p);
    CHECK_INT(p->count, 4); /* halt, fuel, mov, ret */
    CHECK_INT(p->code[2].code, CODE_mov);
    CHECK_FLOAT(p->consts[(u32)p->code[2].b - p->const_first].f, 6);
    lowered_close(&l);
}

TEST(lower_takes_the_parts_of_a_value_for_nothing) {
    Lowered l;
    lowered_open(&l, WITH(FLOATS("m", "float4x4", "[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]") "," FLOATS("x", "float", "0.0"),
                          GET("m") "{'id':'parts','op':'math/extract4x4','values':{'a':{'from':'m'}}}," START("set")
                          SET("set", "x", FROM("parts:7"), "")));
    const Program *p = l.program;
    CHECK(p);
    CHECK_INT(p->count, 4);
    CHECK_INT(p->code[2].code, CODE_mov);
    CHECK_INT(p->code[2].b, l.graph->variable_slot[0] + 7);
    lowered_close(&l);
}

TEST(lower_computes_a_whole_value_once_and_in_place) {
    Lowered l;
    lowered_open(&l, WITH(FLOATS("m", "float4x4", "[1,0,0,0,0,1,0,0,0,0,1,0,0,0,0,1]") "," FLOATS("x", "bool", "false"),
                          GET("m") "{'id':'square','op':'math/matMul','values':{'a':{'from':'m'},'b':{'from':'m'}}},"
                          "{'id':'inverse','op':'math/inverse','values':{'a':{'from':'m'}}},"
                          START("set") SET("set", "m", FROM("square"), "'out':'both:in'") ","
                          "{'id':'both','op':'variable/set','config':{'variables':['m','x']},'values':{'m':" FROM("inverse:value") ",'x':" FROM("inverse:isValid") "}}"));
    const Program *p = l.program;
    CHECK(p);
    CHECK_INT(lowered_count(&l, CODE_inverse_4), 1);
    CHECK_INT(p->code[2].code, CODE_matMul_4);
    CHECK_INT(p->code[2].a, l.graph->variable_slot[0]);
    CHECK_INT(p->code[3].code, CODE_inverse_4);
    CHECK(p->code[3].a != (i32)l.graph->variable_slot[0]); /* isValid would lie on what follows the variable */
    lowered_close(&l);
}

/* The second lane would read what the first has written: (v.1, v.0) onto v goes through temporaries, (v.1, v.2) does not. */
TEST(lower_gathers_lanes_in_place_only_when_none_is_lost) {
    Lowered l;
#define TURNED(id, variable, a, b) "{'id':'" id "','op':'math/combine2','values':{'a':" FROM("parts:" a) ",'b':" FROM("parts:" b) "}},"
    lowered_open(&l, WITH(FLOATS("v", "float2", "[1,2]"), GET("v") "{'id':'parts','op':'math/extract2','values':{'a':{'from':'v'}}},"
                          TURNED("swapped", "v", "1", "0") TURNED("both", "v", "1", "1") START("set")
                          SET("set", "v", FROM("swapped"), "'out':'again:in'") "," SET("again", "v", FROM("both"), "")));
    const Program *p = l.program;
    i32 v = (i32)l.graph->variable_slot[0];
    CHECK(p);
    const Ins *i = p->code + 2;
    CHECK(i[0].code == CODE_mov && i[0].a != v && i[0].b == v + 1);
    CHECK(i[1].code == CODE_mov && i[1].a != v && i[1].b == v);
    CHECK(i[2].code == CODE_mov && i[2].a == v && i[3].code == CODE_mov && i[3].a == v + 1);
    CHECK(i[4].code == CODE_mov && i[4].a == v && i[4].b == v + 1);
    CHECK(i[5].code == CODE_mov && i[5].a == v + 1 && i[5].b == v + 1);
    lowered_close(&l);
}

TEST(lower_drops_values_that_nobody_reads) {
    Lowered l;
    lowered_open(&l, WITH(INT("x") "," INT("y"), GET("x") "{'id':'unread','op':'math/mul','values':{'a':{'from':'x'},'b':{'from':'x'}}},"
                                   "{'id':'unreached','op':'math/sub','values':{'a':{'from':'x'},'b':7}}," START("set")
                                   SET("set", "y", FROM("x"), "") "," SET("island", "x", FROM("unreached"), "")));
    CHECK(l.program);
    CHECK_INT(lowered_count(&l, CODE_mul_i), 0);
    CHECK_INT(lowered_count(&l, CODE_sub_i), 0);
    lowered_close(&l);
}

TEST(lower_computes_a_value_once_for_all_its_readers_in_an_activation) {
    Lowered l;
    lowered_open(&l, WITH(INT("x") "," INT("y"), GET("x") ADD("more", FROM("x"), "1") START("set")
                          "{'id':'set','op':'variable/set','config':{'variables':['x','y']},"
                          "'values':{'x':{'from':'more'},'y':{'from':'more'}}}"));
    CHECK(l.program);
    CHECK_INT(lowered_count(&l, CODE_add_i), 1);
    lowered_close(&l);
}

TEST(lower_joins_a_compare_with_the_branch_that_alone_reads_it) {
    Lowered l;
    lowered_open(&l, WITH(INT("x"), GET("x") "{'id':'below','op':'math/lt','values':{'a':{'from':'x'},'b':9}}," START("branch")
                          "{'id':'branch','op':'flow/branch','values':{'condition':{'from':'below'}},'flows':{'true':'set:in'}},"
                          SET("set", "x", "1", "")));
    CHECK(l.program);
    CHECK_INT(lowered_count(&l, CODE_unless_lt_i), 1);
    CHECK_INT(lowered_count(&l, CODE_lt_i), 0);
    lowered_close(&l);
}

/* ---- flows ---- */

TEST(lower_lays_a_shared_chain_down_once) {
    Lowered l;
    lowered_open(&l, NODES(START("three") "{'id':'three','op':'flow/sequence','flows':{'a':'say:in','b':'loop:in','c':'say:in'}},"
                           "{'id':'loop','op':'flow/for','values':{'startIndex':0,'endIndex':2},'flows':{'loopBody':'say:in','completed':'say:in'}},"
                           "{'id':'say','op':'debug/log','flows':{'out':'say2:in'}},{'id':'say2','op':'debug/log'}"));
    CHECK(l.program);
    CHECK_INT(lowered_count(&l, CODE_log), 2);
    CHECK_INT(activations_of(&l, "say"), 1);
    CHECK_INT(activations_of(&l, "say2"), 1);
    lowered_close(&l);
}

TEST(lower_keeps_40_sequences_that_fan_out_linear) {
    Lowered l;
    Buf json = {0};
    buf_text(&json, "{'treadle':1,'nodes':[" START("s0"));
    for (int k = 0; k < 40; k++)
        buf_print(&json, "{'id':'s%d','op':'flow/sequence','flows':{'a':'s%d:in','b':'s%d:in'}},", k, k + 1, k + 1);
    buf_text(&json, "{'id':'s40','op':'debug/log'}]}");
    lowered_open(&l, json.data);
    buf_close(&json);
    CHECK(l.program);
    CHECK(l.program->count < 41 * 5 + 5);
    lowered_close(&l);
}

TEST(lower_keeps_what_follows_40_wait_alls_linear) {
    Lowered l;
    Buf json = {0};
    buf_text(&json, "{'treadle':1,'nodes':[" START("s0"));
    for (int k = 0; k < 40; k++) {
        buf_print(&json, "{'id':'s%d','op':'flow/sequence','flows':{'a':'w%d:0','b':'w%d:1'}},", k, k, k);
        buf_print(&json, "{'id':'w%d','op':'flow/waitAll','config':{'inputFlows':2},'flows':{'out':'s%d:in'}},", k, k + 1);
    }
    buf_text(&json, "{'id':'s40','op':'debug/log'}]}");
    lowered_open(&l, json.data);
    buf_close(&json);
    CHECK(l.program);
    CHECK(l.program->count < 41 * 12);
    lowered_close(&l);
}

TEST(lower_makes_a_backward_edge_in_tail_position_a_jump) {
    Lowered l;
    lowered_open(&l, WITH(INT("x"), GET("x") ADD("more", FROM("x"), "1") START("set") SET("set", "x", FROM("more"), "'out':'branch:in'")
                          ",{'id':'below','op':'math/lt','values':{'a':{'from':'x'},'b':9}},"
                          "{'id':'branch','op':'flow/branch','values':{'condition':{'from':'below'}},'flows':{'true':'set:in'}}"));
    CHECK(l.program);
    CHECK_INT(lowered_count(&l, CODE_call), 0);
    CHECK_INT(lowered_count(&l, CODE_enter), 0);
    lowered_close(&l);
}

TEST(lower_turns_a_counted_loop_by_one_instruction) {
    Lowered l;
    lowered_open(&l, WITH(INT("x"), GET("x") ADD("sum", FROM("x"), FROM("loop:index")) START("loop")
                          "{'id':'loop','op':'flow/for','values':{'startIndex':0,'endIndex':9},'flows':{'loopBody':'set:in'}},"
                          SET("set", "x", FROM("sum"), "")));
    CHECK(l.program);
    u32 pc = 0;
    while (pc < l.program->count && l.program->code[pc].code != CODE_next_turn) pc++;
    CHECK(pc < l.program->count);
    CHECK_INT(l.program->code[pc - 1].code, CODE_add_i);
    CHECK_INT(l.program->code[pc].a, -2); /* back to the add: the body is one instruction */
    lowered_close(&l);
}

TEST(lower_begins_every_program_with_halt) {
    Lowered l;
    lowered_open(&l, NODES("{'id':'start','op':'event/onStart'}"));
    CHECK(l.program);
    CHECK_INT(l.program->code[0].code, CODE_halt);
    char why[128] = "";
    CHECK(verify(l.program, why, sizeof why));
    lowered_close(&l);
}
