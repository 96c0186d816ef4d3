/* walk.c (unit) - the walker against the specification: the order of activations, state, fuel, waiting.
**
** Graphs are native files with ' for ". What ran is read from the trace: the activated nodes in order. */
#include "../../src/run/walk.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../../src/graph/load.h"
#include "fake.h"
#include "test.h"

/* The one host op: my/ask takes n and gives four numbers. */
static const char *ask_in[] = {"n"}, *ask_out[] = {"a", "b", "c", "d"};
static u8 ask_types[] = {TYPE_INT, TYPE_INT, TYPE_INT, TYPE_INT};
static const HostOp ask = {"my/ask", 1, 4, ask_in, ask_out, ask_types, ask_types};

typedef struct Fixture {
    Arena diagnostics;
    Graph *graph;
    Instance *in;
    char path[4096];
} Fixture;

static void start(Fixture *f, const char *quoted) {
    static char json[8192];
    Limits limits = limits_default();
    Diags diags;
    Buf line = {0};
    *f = (Fixture){0};
    fake_reset();
    CHECK(strlen(quoted) < sizeof json);
    for (size_t i = 0; i <= strlen(quoted); i++) json[i] = quoted[i] == '\'' ? '"' : quoted[i];
    Text text = {json, (u32)strlen(json)};
    arena_open(&f->diagnostics, 0);
    diags_open(&diags, &f->diagnostics, "test", text);
    LoadOptions options = {.limits = &limits, .graph = -1, .host_ops = &ask, .host_op_count = 1};
    load(text, &options, &diags, &f->graph);
    for (u32 i = 0; i < diags.count; i++) diag_line(&diags.list[i], "test", &line);
    if (line.data) printf("%s\n", line.data);
    buf_close(&line);
    CHECK(f->graph);
    f->in = instance_open(f->graph, NULL, &limits, 1, 7, true);
    CHECK(f->in);
}

static void end(Fixture *f) {
    instance_close(f->in);
    if (f->graph) graph_free(f->graph);
    arena_close(&f->diagnostics);
}

static u32 node(const Fixture *f, const char *name) {
    u32 n = graph_find(f->graph->node_name, f->graph->node_count, (Text){name, (u32)strlen(name)});
    ASSERT(n != NONE);
    return n;
}

static void begin(Fixture *f, const char *root) {
    f->in->root++;
    f->in->budget = INT32_MAX;
    walk_begin(f->in, f->graph->flow_out[node(f, root)]);
}

static RunStatus fire(Fixture *f, const char *root) {
    begin(f, root);
    return walk_run(f->in);
}

static const Slot *variable(const Fixture *f, const char *name) {
    const Graph *g = f->graph;
    u32 v = graph_find(g->variable_name, g->variable_count, (Text){name, (u32)strlen(name)});
    ASSERT(v != NONE);
    return f->in->slots + g->variable_slot[v];
}

/* The first value output of a node that keeps it. */
static const Slot *state(const Fixture *f, const char *name) {
    return f->in->slots + f->graph->out_slot[f->graph->value_out[node(f, name)]];
}

/* The names of the nodes activated since the last call. */
static const char *path(Fixture *f) {
    Buf *trace = &f->in->trace.text;
    const char *key = "\"node\":\"", *at = trace->data ? trace->data : "";
    f->path[0] = 0;
    while ((at = strstr(at, key))) {
        at += strlen(key);
        size_t used = strlen(f->path), length = strcspn(at, "\"");
        if (used + length + 2 < sizeof f->path)
            snprintf(f->path + used, sizeof f->path - used, "%s%.*s", used ? " " : "", (int)length, at);
    }
    buf_clear(trace);
    return f->path;
}

#define GRAPH(nodes) "{'treadle':1,'nodes':[" nodes "]}"
#define GRAPH_WITH(variables, nodes) "{'treadle':1,'variables':[" variables "],'nodes':[" nodes "]}"
#define START(target) "{'id':'start','op':'event/onStart','flows':{'out':'" target "'}},"
#define MARK(id) "{'id':'" id "','op':'debug/log'}"
#define INT(id, value) "{'id':'" id "','type':'int','value':" #value "}"
#define GET(id, variable) "{'id':'" id "','op':'variable/get','config':{'variable':'" variable "'}},"
#define SET(id, variable, value, flows)                                                            \
    "{'id':'" id "','op':'variable/set','config':{'variables':['" variable "']},'values':{'"       \
    variable "':" value "},'flows':{" flows "}},"

/* ---- sequence, branch, switch ---- */

TEST(walk_finishes_each_sequence_output_before_the_next) {
    Fixture f;
    start(&f, GRAPH(START("s") "{'id':'s','op':'flow/sequence','flows':{'a':'t','b':'z'}},"
                    "{'id':'t','op':'flow/sequence','flows':{'0':'x','1':'y'}},"
                    MARK("x") "," MARK("y") "," MARK("z")));
    CHECK_INT(fire(&f, "start"), RUN_DONE);
    CHECK_TEXT(path(&f), "s t x y z");
    CHECK(!f.in->busy);
    end(&f);
}

TEST(walk_orders_sequence_outputs_by_utf16_units) {
    Fixture f;
    start(&f, GRAPH(START("s") "{'id':'s','op':'flow/sequence',"
                    "'flows':{'a':'x','B':'y','9':'z','10':'w'}},"
                    MARK("x") "," MARK("y") "," MARK("z") "," MARK("w")));
    CHECK_INT(fire(&f, "start"), RUN_DONE);
    CHECK_TEXT(path(&f), "s w z y x");
    end(&f);
}

TEST(walk_branch_takes_the_way_of_its_condition_each_time) {
    Fixture f;
    start(&f, GRAPH_WITH(INT("v", 0),
                         START("b") GET("get", "v")
                         "{'id':'lt','op':'math/lt','values':{'a':{'from':'get'},'b':1}},"
                         "{'id':'b','op':'flow/branch','values':{'condition':{'from':'lt'}},"
                         "'flows':{'true':'up','false':'no'}},"
                         SET("up", "v", "1", "") MARK("no")));
    CHECK_INT(fire(&f, "start"), RUN_DONE);
    CHECK_TEXT(path(&f), "b up");
    CHECK_INT(fire(&f, "start"), RUN_DONE);
    CHECK_TEXT(path(&f), "b no");
    end(&f);
}

#define SWITCH_ON(value)                                                                           \
    GRAPH(START("s") "{'id':'s','op':'flow/switch','config':{'cases':[3,-1,7]},'values':{'selection':" \
          value "},'flows':{'-1':'minus','3':'three','default':'other'}},"                         \
          MARK("minus") "," MARK("three") "," MARK("other"))

static void check_switch(const char *graph, const char *expected) {
    Fixture f;
    start(&f, graph);
    CHECK_INT(fire(&f, "start"), RUN_DONE);
    CHECK_TEXT(path(&f), expected);
    end(&f);
}

TEST(walk_switch_takes_default_only_for_values_not_listed) {
    check_switch(SWITCH_ON("3"), "s three");
    check_switch(SWITCH_ON("-1"), "s minus");
    check_switch(SWITCH_ON("7"), "s");
    check_switch(SWITCH_ON("8"), "s other");
}

/* ---- loops ---- */

#define FOR(start, end, flows)                                                                     \
    "{'id':'for','op':'flow/for','config':{'initialIndex':-7},'values':{'startIndex':" start       \
    ",'endIndex':" end "},'flows':{" flows "}},"

TEST(walk_for_leaves_index_at_the_value_that_failed_the_test) {
    Fixture f;
    start(&f, GRAPH(START("for") FOR("0", "3", "'loopBody':'body','completed':'end'")
                    MARK("body") "," MARK("end")));
    CHECK_INT(state(&f, "for")->i, -7);
    CHECK_INT(fire(&f, "start"), RUN_DONE);
    CHECK_TEXT(path(&f), "for body body body end");
    CHECK_INT(state(&f, "for")->i, 3);
    end(&f);
}

TEST(walk_for_that_begins_past_its_end_only_completes) {
    Fixture f;
    start(&f, GRAPH(START("for") FOR("5", "2", "'loopBody':'body','completed':'end'")
                    MARK("body") "," MARK("end")));
    CHECK_INT(fire(&f, "start"), RUN_DONE);
    CHECK_TEXT(path(&f), "for end");
    CHECK_INT(state(&f, "for")->i, 5);
    end(&f);
}

TEST(walk_for_evaluates_start_once_and_end_before_every_turn) {
    Fixture f; /* the body lowers the end from 10 to 4 and raises the start */
    start(&f, GRAPH_WITH(INT("first", 1) "," INT("last", 10),
                         START("for") GET("a", "first") GET("b", "last")
                         FOR("{'from':'a'}", "{'from':'b'}", "'loopBody':'less','completed':'end'")
                         "{'id':'less','op':'variable/set','config':{'variables':['first','last']},"
                         "'values':{'first':9,'last':4}}," MARK("end")));
    CHECK_INT(fire(&f, "start"), RUN_DONE);
    CHECK_TEXT(path(&f), "for less less less end");
    CHECK_INT(state(&f, "for")->i, 4);
    end(&f);
}

TEST(walk_while_evaluates_its_condition_before_every_turn) {
    Fixture f;
    start(&f, GRAPH_WITH(INT("v", 0),
                         START("w") GET("get", "v")
                         "{'id':'lt','op':'math/lt','values':{'a':{'from':'get'},'b':2}},"
                         "{'id':'add','op':'math/add','values':{'a':{'from':'get'},'b':1}},"
                         "{'id':'w','op':'flow/while','values':{'condition':{'from':'lt'}},"
                         "'flows':{'loopBody':'up','completed':'end'}},"
                         SET("up", "v", "{'from':'add'}", "") MARK("end")));
    CHECK_INT(fire(&f, "start"), RUN_DONE);
    CHECK_TEXT(path(&f), "w up up end");
    CHECK_INT(fire(&f, "start"), RUN_DONE);
    CHECK_TEXT(path(&f), "w end");
    end(&f);
}

/* ---- ops that remember ---- */

TEST(walk_do_n_counts_before_it_passes_and_starts_again_after_reset) {
    Fixture f;
    start(&f, GRAPH(START("d:in") "{'id':'again','op':'event/onStart','flows':{'out':'d:reset'}},"
                    "{'id':'d','op':'flow/doN','values':{'n':2},'flows':{'out':'a'}}," MARK("a")));
    for (int i = 0; i < 3; i++) CHECK_INT(fire(&f, "start"), RUN_DONE);
    CHECK_TEXT(path(&f), "d a d a d");
    CHECK_INT(state(&f, "d")->i, 2);
    CHECK_INT(fire(&f, "again"), RUN_DONE);
    CHECK_INT(state(&f, "d")->i, 0);
    CHECK_INT(fire(&f, "start"), RUN_DONE);
    CHECK_TEXT(path(&f), "d d a");
    end(&f);
}

#define GATE(random, loop)                                                                         \
    GRAPH(START("g:in") "{'id':'again','op':'event/onStart','flows':{'out':'g:reset'}},"           \
          "{'id':'g','op':'flow/multiGate','config':{'isRandom':" random ",'isLoop':" loop "},"    \
          "'flows':{'0':'a','1':'b','2':'c'}}," MARK("a") "," MARK("b") "," MARK("c"))

TEST(walk_multi_gate_opens_outputs_in_order_and_is_silent_when_all_are_used) {
    Fixture f;
    start(&f, GATE("false", "false"));
    CHECK_INT(state(&f, "g")->i, -1);
    for (int i = 0; i < 4; i++) CHECK_INT(fire(&f, "start"), RUN_DONE);
    CHECK_TEXT(path(&f), "g a g b g c g");
    CHECK_INT(state(&f, "g")->i, 2);
    CHECK_INT(fire(&f, "again"), RUN_DONE);
    CHECK_INT(state(&f, "g")->i, -1);
    CHECK_INT(fire(&f, "start"), RUN_DONE);
    CHECK_TEXT(path(&f), "g g a");
    end(&f);
}

TEST(walk_multi_gate_that_loops_starts_again_at_once) {
    Fixture f;
    start(&f, GATE("false", "true"));
    for (int i = 0; i < 4; i++) CHECK_INT(fire(&f, "start"), RUN_DONE);
    CHECK_TEXT(path(&f), "g a g b g c g a");
    end(&f);
}

TEST(walk_random_multi_gate_opens_each_output_once_a_round) {
    Fixture f;
    start(&f, GATE("true", "true"));
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 3; i++) CHECK_INT(fire(&f, "start"), RUN_DONE);
        const char *opened = path(&f);
        CHECK(strstr(opened, " a") && strstr(opened, " b") && strstr(opened, " c"));
    }
    end(&f);
}

TEST(walk_wait_all_completes_again_until_it_is_reset) {
    Fixture f;
    start(&f, GRAPH(START("w:0") "{'id':'second','op':'event/onStart','flows':{'out':'w:1'}},"
                    "{'id':'again','op':'event/onStart','flows':{'out':'w:reset'}},"
                    "{'id':'w','op':'flow/waitAll','config':{'inputFlows':2},"
                    "'flows':{'out':'part','completed':'all'}},"
                    MARK("part") "," MARK("all")));
    CHECK_INT(state(&f, "w")->i, 2);
    for (int i = 0; i < 2; i++) CHECK_INT(fire(&f, "start"), RUN_DONE);
    CHECK_INT(state(&f, "w")->i, 1);
    CHECK_INT(fire(&f, "second"), RUN_DONE);
    CHECK_INT(fire(&f, "start"), RUN_DONE);
    CHECK_TEXT(path(&f), "w part w part w all w all");
    CHECK_INT(state(&f, "w")->i, 0);
    CHECK_INT(fire(&f, "again"), RUN_DONE);
    CHECK_INT(state(&f, "w")->i, 2);
    CHECK_INT(fire(&f, "second"), RUN_DONE);
    CHECK_TEXT(path(&f), "w w part");
    end(&f);
}

#define THROTTLE(duration)                                                                         \
    GRAPH(START("t:in") "{'id':'again','op':'event/onStart','flows':{'out':'t:reset'}},"           \
          "{'id':'t','op':'flow/throttle','values':{'duration':" duration "},"                     \
          "'flows':{'out':'go','err':'no'}}," MARK("go") "," MARK("no"))

TEST(walk_throttle_passes_when_the_duration_has_elapsed) {
    Fixture f;
    start(&f, THROTTLE("0.5"));
    CHECK(isnan(state(&f, "t")->f));
    static const f64 times[] = {1, 1.25, 1.5, 1.75};
    static const f64 remaining[] = {0, 0.25, 0, 0.25};
    for (int i = 0; i < 4; i++) {
        f.in->now = times[i];
        CHECK_INT(fire(&f, "start"), RUN_DONE);
        CHECK_FLOAT(state(&f, "t")->f, remaining[i]);
    }
    CHECK_TEXT(path(&f), "t go t t go t");
    CHECK_INT(fire(&f, "again"), RUN_DONE);
    CHECK(isnan(state(&f, "t")->f));
    CHECK_INT(fire(&f, "start"), RUN_DONE);
    CHECK_TEXT(path(&f), "t t go");
    end(&f);
}

TEST(walk_throttle_with_a_bad_duration_changes_nothing) {
    Fixture f;
    start(&f, THROTTLE("-0.5"));
    CHECK_INT(fire(&f, "start"), RUN_DONE);
    CHECK_TEXT(path(&f), "t no");
    CHECK(isnan(state(&f, "t")->f));
    end(&f);
}

TEST(walk_throttle_of_zero_passes_always) {
    Fixture f;
    start(&f, THROTTLE("0.0"));
    for (int i = 0; i < 2; i++) CHECK_INT(fire(&f, "start"), RUN_DONE);
    CHECK_TEXT(path(&f), "t go t go");
    end(&f);
}

TEST(walk_set_delay_names_the_delay_before_out_and_forgets_it_on_cancel) {
    Fixture f;
    start(&f, GRAPH(START("d:in") "{'id':'stop','op':'event/onStart','flows':{'out':'d:cancel'}},"
                    "{'id':'d','op':'flow/setDelay','values':{'duration':0.0},"
                    "'flows':{'out':'a','err':'b','done':'c'}},"
                    MARK("a") "," MARK("b") "," MARK("c")));
    CHECK(state(&f, "d")->bits == REF_NULL);
    CHECK_INT(fire(&f, "start"), RUN_DONE);
    CHECK_TEXT(path(&f), "d a");
    CHECK(state(&f, "d")->bits != REF_NULL);
    CHECK_INT(f.in->delay_count, 1);
    CHECK_INT(fire(&f, "stop"), RUN_DONE);
    CHECK(state(&f, "d")->bits == REF_NULL);
    CHECK_INT(f.in->delay_count, 0);
    end(&f);
}

/* ---- values ---- */

TEST(walk_variable_set_reads_everything_before_it_writes) {
    Fixture f;
    start(&f, GRAPH_WITH(INT("a", 1) "," INT("b", 2),
                         START("swap") GET("x", "a") GET("y", "b")
                         "{'id':'swap','op':'variable/set','config':{'variables':['a','b']},"
                         "'values':{'a':{'from':'y'},'b':{'from':'x'}}}"));
    CHECK_INT(fire(&f, "start"), RUN_DONE);
    CHECK_INT(variable(&f, "a")->i, 2);
    CHECK_INT(variable(&f, "b")->i, 1);
    end(&f);
}

TEST(walk_evaluates_a_shared_node_once_however_often_it_is_read) {
    Fixture f; /* each of 30 nodes reads the one before it twice: 2^30 paths */
    char json[8192] = "{'treadle':1,'variables':[{'id':'v','type':'int','value':1}],'nodes':["
                      "{'id':'start','op':'event/onStart','flows':{'out':'set'}},"
                      "{'id':'n0','op':'variable/get','config':{'variable':'v'}},";
    for (int i = 1; i <= 30; i++) {
        size_t used = strlen(json);
        snprintf(json + used, sizeof json - used,
                 "{'id':'n%d','op':'math/add','values':{'a':{'from':'n%d'},'b':{'from':'n%d'}}},", i,
                 i - 1, i - 1);
    }
    strcat(json, "{'id':'set','op':'variable/set','config':{'variables':['v']},"
                 "'values':{'v':{'from':'n30'}}}]}");
    start(&f, json);
    CHECK_INT(fire(&f, "start"), RUN_DONE);
    CHECK_INT(variable(&f, "v")->i, 1 << 30);
    CHECK_INT(f.in->instructions, 31); /* 30 additions and the activation */
    end(&f);
}

TEST(walk_random_is_the_same_within_an_activation_and_new_in_the_next) {
    Fixture f;
    start(&f, GRAPH_WITH("{'id':'a','type':'float','value':0},{'id':'b','type':'float','value':0}",
                         START("for") "{'id':'r','op':'math/random'}," FOR("0", "2", "'loopBody':'set'")
                         "{'id':'set','op':'variable/set','config':{'variables':['a','b']},"
                         "'values':{'a':{'from':'r'},'b':{'from':'r'}}}"));
    CHECK_INT(fire(&f, "start"), RUN_DONE);
    f64 once = variable(&f, "a")->f;
    CHECK_FLOAT(variable(&f, "b")->f, once);
    CHECK_INT(f.in->slots[STATE_EPOCH].u, 5); /* for, set, turn, set, turn */
    CHECK_INT(fire(&f, "start"), RUN_DONE);
    CHECK(variable(&f, "a")->f != once);
    end(&f);
}

/* ---- edges that lead back ---- */

TEST(walk_follows_a_backward_edge_without_growing) {
    Fixture f;
    start(&f, GRAPH(START("d:in") "{'id':'d','op':'flow/doN','values':{'n':1000000},'flows':{'out':'d:in'}}"));
    f.in->trace.on = false;
    CHECK_INT(fire(&f, "start"), RUN_DONE);
    CHECK_INT(state(&f, "d")->i, 1000000);
    end(&f);
}

TEST(walk_ends_the_run_when_a_pending_node_is_entered_too_often) {
    Fixture f; /* the first output leads back into the sequence, whose second output is always pending */
    start(&f, GRAPH(START("s") "{'id':'s','op':'flow/sequence','flows':{'0':'s','1':'a'}}," MARK("a")));
    f.in->trace.on = false;
    CHECK_INT(fire(&f, "start"), RUN_LIMIT);
    CHECK_TEXT(f.in->reason, "call-depth");
    CHECK_INT(f.in->reason_node, node(&f, "s"));
    CHECK_INT(f.in->activations, 258); /* the first, 256 re-entries, and the one too many */
    end(&f);
}

TEST(walk_counts_a_re_entry_out_when_it_is_over) {
    Fixture f; /* the loop's body enters the loop again, twice in all; then each level goes on by itself */
    start(&f, GRAPH(START("for") FOR("0", "2", "'loopBody':'d:in','completed':'end'")
                    "{'id':'d','op':'flow/doN','values':{'n':2},'flows':{'out':'for'}}," MARK("end")));
    CHECK_INT(fire(&f, "start"), RUN_DONE);
    CHECK_TEXT(path(&f), "for d for d for d d end d end d end");
    CHECK_INT(f.in->slots[STATE_DEPTH].i, 0);
    CHECK_INT(state(&f, "for")->i, 2);
    end(&f);
}

/* ---- fuel, slices, steps ---- */

/* Fuel used by one root, in slices of `slice`. */
static i64 fuel_used(Fixture *f, const char *root, i32 slice) {
    i64 fuel = 0;
    begin(f, root);
    f->in->budget = slice;
    for (RunStatus s; (s = walk_run(f->in)) == RUN_YIELD;) {
        ASSERT((i64)f->in->charge > f->in->budget);
        fuel += (i64)f->in->charge;
        f->in->budget += (i32)f->in->charge;
    }
    return fuel + slice - f->in->budget;
}

TEST(walk_charges_a_root_and_each_turn) {
    Fixture f; /* node 0, as each whose index is a multiple of 256, costs 1; the root 1; the turns 10 */
    start(&f, GRAPH(START("for") FOR("0", "10", "'loopBody':'body'") MARK("body")));
    CHECK_INT(fuel_used(&f, "start", 1000), 12);
    CHECK_INT(fuel_used(&f, "start", 0), 12);
    CHECK_INT(fuel_used(&f, "start", 3), 12);
    end(&f);
}

TEST(walk_charges_a_backward_edge_and_an_input_with_several_edges_at_once) {
    Fixture f; /* node 0 and the root 2; d:in, which two edges lead to, 1; three times back: 1 + 1 */
    start(&f, GRAPH(START("d:in") "{'id':'d','op':'flow/doN','values':{'n':3},'flows':{'out':'d:in'}}"));
    CHECK_INT(fuel_used(&f, "start", 1000), 9);
    f.in->slots[f.graph->out_slot[f.graph->value_out[node(&f, "d")]]].i = 0;
    begin(&f, "start");
    f.in->budget = 4;
    CHECK_INT(walk_run(f.in), RUN_YIELD);
    CHECK_INT(f.in->charge, 2);
    CHECK_INT(f.in->budget, 1);
    end(&f);
}

TEST(walk_leaves_everything_as_it_is_when_a_charge_cannot_be_paid) {
    Fixture f;
    start(&f, GRAPH(START("for") FOR("0", "3", "'loopBody':'body'") MARK("body")));
    begin(&f, "start");
    f.in->budget = 3; /* node 0, the root and one turn */
    CHECK_INT(walk_run(f.in), RUN_YIELD);
    CHECK_INT(walk_run(f.in), RUN_YIELD);
    CHECK_TEXT(path(&f), "for body");
    CHECK_INT(state(&f, "for")->i, 0);
    CHECK(f.in->busy);
    f.in->budget = 2;
    CHECK_INT(walk_run(f.in), RUN_DONE);
    CHECK_TEXT(path(&f), "body body");
    CHECK_INT(state(&f, "for")->i, 3);
    end(&f);
}

TEST(walk_begins_as_many_activations_as_steps_allow) {
    Fixture f;
    start(&f, GRAPH(START("for") FOR("0", "2", "'loopBody':'body'") MARK("body")));
    begin(&f, "start");
    f.in->steps = 2;
    CHECK_INT(walk_run(f.in), RUN_STEP);
    CHECK_TEXT(path(&f), "for body");
    CHECK_INT(walk_run(f.in), RUN_STEP);
    f.in->steps = 1;
    CHECK_INT(walk_run(f.in), RUN_DONE);
    CHECK_TEXT(path(&f), "body");
    CHECK_INT(f.in->activations, 3);
    end(&f);
}

TEST(walk_output_may_be_pulled_while_an_activation_is_suspended) {
    Fixture f;
    start(&f, "{'treadle':1,'variables':[{'id':'v','type':'int','value':0}],"
              "'outputs':[{'id':'y','type':'int','from':'double'}],'nodes':["
              START("for") GET("get", "v")
              "{'id':'add','op':'math/add','values':{'a':{'from':'get'},'b':{'from':'for:index'}}},"
              "{'id':'double','op':'math/add','values':{'a':{'from':'add'},'b':{'from':'add'}}},"
              FOR("0", "4", "'loopBody':'set'")
              "{'id':'set','op':'variable/set','config':{'variables':['v']},'values':{'v':{'from':'add'}}}]}");
    Slot out[LANES_MAX];
    begin(&f, "start");
    f.in->budget = 5; /* node 0, the root and turns 0, 1, 2: v is 3 */
    CHECK_INT(walk_run(f.in), RUN_YIELD);
    walk_output(f.in, 0, out);
    CHECK_INT(out[0].i, 10);
    f.in->budget = 10;
    CHECK_INT(walk_run(f.in), RUN_DONE);
    CHECK_INT(variable(&f, "v")->i, 6);
    end(&f);
}

/* ---- waiting for the host ---- */

/* Twice two questions in loops, for the event's k. */
static const char asking[] =
    "{'treadle':1,'variables':[{'id':'v','type':'int','value':0}],"
    "'events':[{'id':'e','values':{'k':{'type':'int','value':0}}}],'nodes':["
    "{'id':'go','op':'event/receive','config':{'event':'e'},'flows':{'out':'i'}},"
    "{'id':'i','op':'flow/for','values':{'startIndex':0,'endIndex':2},'flows':{'loopBody':'j','completed':'end'}},"
    "{'id':'j','op':'flow/for','values':{'startIndex':0,'endIndex':2},'flows':{'loopBody':'ask'}},"
    "{'id':'i10','op':'math/mul','values':{'a':{'from':'i:index'},'b':10}},"
    "{'id':'ij','op':'math/add','values':{'a':{'from':'i10'},'b':{'from':'j:index'}}},"
    "{'id':'k100','op':'math/mul','values':{'a':{'from':'go:k'},'b':100}},"
    "{'id':'n','op':'math/add','values':{'a':{'from':'k100'},'b':{'from':'ij'}}},"
    "{'id':'ask','op':'my/ask','values':{'n':{'from':'n'}},'flows':{'out':'set','err':'no'}},"
    "{'id':'set','op':'variable/set','config':{'variables':['v']},'values':{'v':{'from':'ask:b'}}},"
    "{'id':'no','op':'debug/log'},{'id':'end','op':'debug/log'}]}";

/* The answer to the oldest question that waits, and what follows. */
static RunStatus answer(Fixture *f, u32 call, HostAnswer how, i32 b) {
    Parked *p = call_find(f->in, call);
    ASSERT(p);
    Slot results[4] = {{0}, {.i = b}, {0}, {0}};
    ASSERT(call_answer(f->in, p, how, results, 4));
    walk_resume(f->in, p);
    instance_unpark(p);
    return walk_run(f->in);
}

static RunStatus go(Fixture *f, i32 k) {
    f->in->slots[f->graph->out_slot[f->graph->value_out[node(f, "go")]]].i = k;
    return fire(f, "go");
}

TEST(walk_finds_its_event_and_its_loops_again_after_waiting) {
    Fixture f;
    start(&f, asking);
    fake.answer = HOST_PENDING;
    CHECK_INT(go(&f, 1), RUN_WAIT);
    CHECK(!f.in->busy);
    CHECK_INT(fake.args[0], 100);
    CHECK_INT(go(&f, 2), RUN_WAIT); /* another activation of the same nodes, which goes further */
    CHECK_INT(fake.args[0], 200);
    CHECK_INT(answer(&f, 2, HOST_DONE, 7), RUN_WAIT);
    CHECK_INT(fake.args[0], 201);
    CHECK_INT(answer(&f, 3, HOST_FAILED, 0), RUN_WAIT);
    CHECK_INT(fake.args[0], 210);
    CHECK_TEXT(path(&f), "i j ask i j ask set ask no j ask");
    CHECK_INT(answer(&f, 1, HOST_DONE, 8), RUN_WAIT);
    CHECK_INT(fake.args[0], 101);
    CHECK_INT(f.in->root, 1);
    CHECK_INT(variable(&f, "v")->i, 8);
    CHECK_INT(answer(&f, 5, HOST_DONE, 9), RUN_WAIT);
    CHECK_INT(fake.args[0], 110);
    CHECK_INT(answer(&f, 6, HOST_DONE, 9), RUN_WAIT);
    CHECK_INT(fake.args[0], 111);
    CHECK_INT(answer(&f, 7, HOST_DONE, 9), RUN_DONE);
    CHECK_TEXT(path(&f), "set ask set j ask set ask set end");
    CHECK_INT(state(&f, "i")->i, 2);
    end(&f);
}

TEST(walk_goes_on_at_once_when_the_host_has_answered) {
    Fixture f;
    start(&f, asking);
    fake.answer = HOST_DONE;
    fake.results[1] = 5;
    CHECK_INT(go(&f, 0), RUN_DONE);
    CHECK_TEXT(path(&f), "i j ask set ask set j ask set ask set end");
    CHECK_INT(variable(&f, "v")->i, 5);
    fake.answer = HOST_FAILED;
    CHECK_INT(go(&f, 0), RUN_DONE);
    CHECK_TEXT(path(&f), "i j ask no ask no j ask no ask no end");
    end(&f);
}

TEST(walk_ends_the_run_when_memory_to_wait_in_is_refused) {
    Fixture f;
    start(&f, asking);
    f.in->trace.on = false;
    fake.answer = HOST_PENDING;
    system_fail_after = 0;
    RunStatus status = go(&f, 1);
    system_fail_after = -1;
    CHECK_INT(status, RUN_LIMIT);
    CHECK_TEXT(f.in->reason, "memory");
    end(&f);
}
