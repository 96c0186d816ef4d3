/* engine.c (unit) - the run loop: root order, ticks, slices, cadences, fuel, waiting, several instances at once. */
#include "../../src/engine/task.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "play.h"
#include "test.h"

enum { VM, WALK };

static void play_yielding(Play *p, const char *graph, i32 runner) {
    play_open(p, graph, runner);
    p->e->engine->yields = true;
}

/* ---- root order ---- */

TEST(on_start_nodes_run_in_file_order_and_events_after_all_of_them) {
    for (i32 runner = VM; runner <= WALK; runner++) {
        Play p;
        play_open(&p, GRAPH_EVENTS("", "{'id':'go','values':{}}",
                                   START("s1", "send") RECEIVE("r", "go", "c") SEND("send", "go", "'out':'a'")
                                   START("s2", "b") SAY("a", "a") SAY("b", "b") SAY("c", "c") LAST), runner);
        CHECK(p.instance);
        CHECK(play_send(&p, "go", ""));
        play_drain(&p);
        CHECK_TEXT(play_log(&p), "a b c c");
        play_end(&p);
    }
}

TEST(events_are_dispatched_in_order_to_receivers_in_file_order_with_captured_values) {
    Play p;
    play_open(&p, GRAPH_EVENTS(INT("v", 1), "{'id':'e','values':{'n':{'type':'int'}}}",
                               RECEIVE("r1", "e", "one") RECEIVE("r2", "e", "two") START("s", "send")
                               GET("get", "v")
                               "{'id':'send','op':'event/send','config':{'event':'e'},'values':{'n':{'from':'get'}},'flows':{'out':'set'}},"
                               SET("set", "v", "2", "'out':'again'")
                               "{'id':'again','op':'event/send','config':{'event':'e'},'values':{'n':{'from':'get'}}},"
                               SAY_VALUE("one", "1:{n}", "'n':{'from':'r1:n'}")
                               SAY_VALUE("two", "2:{n}", "'n':{'from':'r2:n'}") LAST), VM);
    CHECK(p.instance);
    play_drain(&p);
    CHECK_TEXT(play_log(&p), "1:1 2:1 1:2 2:2");
    play_end(&p);
}

#define TICKING                                                                                    \
    GRAPH_WITH(FLOAT("x", 0),                                                                      \
               TICK("t1", "one") TICK("t2", "two") START("s", "wait:in") GET("get", "x")              \
               DELAY("wait", "0.5", "'out':'move','done':'fired'")                                 \
               "{'id':'move','op':'variable/interpolate','config':{'variable':'x','useSlerp':false},"  \
               "'values':{'value':8.0,'duration':0.5,'p1':[0.0,0.0],'p2':[1.0,1.0]},'flows':{'done':'there'}}," \
               SAY("fired", "fired") SAY_VALUE("there", "at{x}", "'x':{'from':'get'}")             \
               SAY_VALUE("one", "t{t}", "'t':{'from':'t1:timeSinceStart'}")                        \
               SAY_VALUE("two", "d{d}", "'d':{'from':'t2:timeSinceLastTick'}") LAST)

TEST(a_tick_runs_delays_then_interpolations_then_tick_nodes) {
    for (i32 runner = VM; runner <= WALK; runner++) {
        Play p;
        play_open(&p, TICKING, runner);
        CHECK(p.instance);
        play_drain(&p);
        play_tick(&p, 0);
        CHECK_TEXT(play_log(&p), "t0 dNaN");
        play_tick(&p, 0.25);
        CHECK_TEXT(play_get(&p, "x"), "4");
        play_tick(&p, 0.5);
        CHECK_TEXT(play_log(&p), "t0 dNaN t0.25 d0.25 fired at8 t0.5 d0.25");
        CHECK_INT(td_status(p.e, p.instance), STATUS_IDLE);
        play_end(&p);
    }
}

TEST(the_first_tick_is_time_zero_and_a_clock_that_goes_back_stands_still) {
    Play p;
    play_open(&p, GRAPH(TICK("t", "say") SAY_VALUE("say", "{t}/{d}",
                        "'t':{'from':'t:timeSinceStart'},'d':{'from':'t:timeSinceLastTick'}") LAST), VM);
    CHECK(p.instance);
    play_drain(&p);
    play_tick(&p, 1000);
    play_tick(&p, 1002);
    play_tick(&p, 1001);
    play_tick(&p, NAN);
    play_tick(&p, INFINITY);
    play_tick(&p, 1003);
    CHECK_TEXT(play_log(&p), "0/NaN 2/2 2/0 3/1");
    play_end(&p);
}

TEST(no_tick_comes_before_all_on_start_nodes_have_run) {
    Play p;
    play_open(&p, GRAPH(START("s", "a") TICK("t", "b") SAY("a", "start") SAY("b", "tick") LAST), VM);
    CHECK(p.instance);
    td_tick(p.e, p.instance, 0); /* dropped */
    play_drain(&p);
    CHECK_TEXT(play_log(&p), "start");
    play_tick(&p, 0);
    CHECK_TEXT(play_log(&p), "start tick");
    play_end(&p);
}

TEST(a_delay_of_zero_set_by_a_delay_fires_one_tick_later) {
    Play p;
    play_open(&p, GRAPH(START("s", "first:in") DELAY("first", "0.0", "'done':'a'") 
                        "{'id':'a','op':'debug/log','config':{'severity':0,'message':'a'},'flows':{'out':'second:in'}},"
                        DELAY("second", "0.0", "'done':'b'") SAY("b", "b") LAST), VM);
    CHECK(p.instance);
    play_drain(&p);
    play_tick(&p, 0);
    CHECK_TEXT(play_log(&p), "a");
    CHECK_FLOAT(td_next_due(p.e, p.instance), 0);
    play_tick(&p, 0);
    CHECK_TEXT(play_log(&p), "a b");
    CHECK_INT(td_status(p.e, p.instance), STATUS_DONE);
    play_end(&p);
}

#define STOPPING(kind, flows)                                                                      \
    "{'id':'" kind "stop','op':'event/stopPropagation','values':{'stopImmediate':true,'event':{'from':'" kind ":event'}}}," flows

TEST(stop_immediate_skips_the_rest_of_its_own_occurrence_only) {
    Play p;
    play_open(&p, GRAPH_EVENTS("", "{'id':'e'}",
                               RECEIVE("r", "e", "rstop") RECEIVE("r2", "e", "lost") TICK("t", "both") TICK("t2", "lost")
                               STOPPING("r", "") STOPPING("t", "") SAY("lost", "lost")
                               "{'id':'both','op':'flow/sequence','flows':{'a':'say','b':'send'}}," SAY("say", "tick")
                               SEND("send", "e", "'out':'tstop'") LAST), VM);
    CHECK(p.instance);
    play_drain(&p);
    play_tick(&p, 0);
    play_tick(&p, 1);
    CHECK_TEXT(play_log(&p), "tick tick");
    CHECK(play_send(&p, "e", "{}"));
    play_drain(&p);
    CHECK_TEXT(play_log(&p), "tick tick");
    play_end(&p);
}

TEST(nodes_of_one_occurrence_share_a_reference) {
    Play p;
    play_open(&p, GRAPH(START("s", "a") START("s2", "b")
                        "{'id':'same','op':'ref/eq','values':{'a':{'from':'s:event'},'b':{'from':'s2:event'}}},"
                        SAY_VALUE("a", "{same}", "'same':{'from':'same'}")
                        SAY_VALUE("b", "{same}", "'same':{'from':'same'}") LAST), VM);
    CHECK(p.instance);
    play_drain(&p);
    CHECK_TEXT(play_log(&p), "false true"); /* the second is null until it fires */
    play_end(&p);
}

/* ---- limits ---- */

#define PING_PONG                                                                                  \
    GRAPH_EVENTS(INT("n", 0), "{'id':'ball'}",                                                     \
                 START("s", "serve") SEND("serve", "ball", "") RECEIVE("r", "ball", "count") GET("get", "n") \
                 "{'id':'more','op':'math/add','values':{'a':{'from':'get'},'b':1}},"              \
                 SET("count", "n", "{'from':'more'}", "'out':'back'") SEND("back", "ball", "") LAST)

TEST(events_past_the_limit_of_a_tick_wait_for_the_next_with_one_warning) {
    for (i32 runner = VM; runner <= WALK; runner++) {
        Play p;
        play_open_with(&p, PING_PONG, runner, "tick-events=5", 1, 0, 0);
        CHECK(p.instance);
        play_drain(&p);
        CHECK_TEXT(play_get(&p, "n"), "5");
        CHECK_INT(td_status(p.e, p.instance), STATUS_IDLE);
        CHECK_INT(fake.logs, 1);
        CHECK(strstr(fake.line, "tick-events") != NULL);
        CHECK_FLOAT(td_next_due(p.e, p.instance), 0);
        play_tick(&p, 0);
        play_tick(&p, 1);
        CHECK_TEXT(play_get(&p, "n"), "15");
        CHECK_INT(fake.logs, 1);
        play_end(&p);
    }
}

static void check_tick_events(const char *limit, i32 sent, const char *seen, u32 logs) {
    Play p;
    play_open_with(&p, GRAPH_EVENTS(INT("n", 0), "{'id':'e'}",
                                    RECEIVE("r", "e", "count") GET("get", "n")
                                    "{'id':'more','op':'math/add','values':{'a':{'from':'get'},'b':1}},"
                                    SET("count", "n", "{'from':'more'}", "") LAST), VM, limit, 1, 0, 0);
    CHECK(p.instance);
    for (i32 i = 0; i < sent; i++) CHECK(play_send(&p, "e", ""));
    play_drain(&p);
    CHECK_TEXT(play_get(&p, "n"), seen);
    CHECK_INT(fake.logs, logs);
    play_end(&p);
}

TEST(the_limit_of_events_in_a_tick_is_exact) {
    check_tick_events("tick-events=7", 6, "6", 0);
    check_tick_events("tick-events=7", 7, "7", 0);
    check_tick_events("tick-events=7", 8, "7", 1);
    check_tick_events("tick-events=0", 5000, "5000", 0);
}

TEST(sending_into_a_full_queue_is_refused_and_ends_nothing) {
    Play p;
    play_open_with(&p, PING_PONG, VM, "queue=2", 1, 0, 0);
    CHECK(p.instance);
    CHECK(play_send(&p, "ball", ""));
    CHECK(play_send(&p, "ball", ""));
    CHECK(!play_send(&p, "ball", ""));
    CHECK(strstr(td_text(p.e), "queue") != NULL);
    CHECK_INT(td_status(p.e, p.instance), STATUS_RUNNING);
    play_end(&p);
}

/* 1 for the root, then 1 for each turn. */
#define COUNTED(to)                                                                                \
    GRAPH_WITH(INT("v", 0),                                                                        \
               START("s", "loop") FOR("loop", "0", to, "'loopBody':'set','completed':'say'")       \
               SET("set", "v", "{'from':'loop:index'}", "") SAY("say", "completed") LAST)

static void check_fuel(i32 runner, u32 cadence, f64 limit, i32 status, const char *log) {
    Play p;
    play_open_with(&p, COUNTED("10"), runner, "", 1, limit, 0);
    CHECK(p.instance);
    p.e->engine->yields = true;
    td_cadence(p.e, cadence);
    play_drain(&p);
    CHECK_INT(td_status(p.e, p.instance), status);
    CHECK_TEXT(play_log(&p), log);
    CHECK_TEXT(engine_reason(play_instance(&p)), status == STATUS_LIMIT ? "fuel" : "");
    CHECK((f64)engine_fuel(play_instance(&p)) <= limit);
    play_end(&p);
}

TEST(fuel_is_enough_or_not_whatever_the_runner_and_cadence) {
    static const u32 cadences[] = {0, 1, 2, 3, 7, 64};
    Play p;
    play_open(&p, COUNTED("10"), VM);
    play_drain(&p);
    f64 needed = (f64)engine_fuel(play_instance(&p));
    play_end(&p);
    CHECK(needed >= 11);
    for (u32 c = 0; c < COUNT_OF(cadences); c++) {
        for (i32 runner = VM; runner <= WALK; runner++) {
            check_fuel(runner, cadences[c], needed, STATUS_DONE, "completed");
            check_fuel(runner, cadences[c], needed - 1, STATUS_LIMIT, "");
            check_fuel(runner, cadences[c], needed + 1, STATUS_DONE, "completed");
        }
    }
}

TEST(what_has_run_out_of_fuel_takes_nothing_more) {
    Play p;
    play_open_with(&p, PING_PONG, VM, "", 1, 100, 0);
    CHECK(p.instance);
    play_drain(&p);
    CHECK_INT(td_status(p.e, p.instance), STATUS_LIMIT);
    CHECK(!play_send(&p, "ball", ""));
    CHECK(!play_set(&p, "n", "5"));
    play_tick(&p, 0);
    CHECK(engine_fuel(play_instance(&p)) <= 100);
    CHECK_INT(td_slice(p.e), 0);
    play_end(&p);
}

/* ---- slices ---- */

TEST(a_cadence_ends_a_slice_after_its_fuel_and_changes_nothing) {
    static const u32 cadences[] = {1, 2, 3, 7, 64, 1000};
    for (u32 c = 0; c < COUNT_OF(cadences); c++) {
        for (i32 runner = VM; runner <= WALK; runner++) {
            Play p;
            play_yielding(&p, COUNTED("100"), runner);
            td_cadence(p.e, cadences[c]);
            u32 slices = play_drain(&p);
            u64 fuel = engine_fuel(play_instance(&p));
            CHECK_INT(slices, (fuel + cadences[c] - 1) / cadences[c]);
            CHECK_INT(engine_yields(play_instance(&p)), slices - 1);
            CHECK_FLOAT(engine_stats(p.e->engine)->yields, slices - 1);
            CHECK_TEXT(play_get(&p, "v"), "99");
            CHECK_TEXT(play_log(&p), "completed");
            play_end(&p);
        }
    }
}

TEST(plain_goes_on_at_a_cadence_but_counts_it) {
    Play p;
    play_open(&p, COUNTED("100"), VM);
    td_cadence(p.e, 10);
    CHECK_INT(td_slice(p.e), 0);
    CHECK_TEXT(play_log(&p), "completed");
    CHECK(engine_yields(play_instance(&p)) >= 9);
    play_end(&p);
}

#define ENDLESS GRAPH(START("s", "loop") "{'id':'loop','op':'flow/while','values':{'condition':true}}," LAST)

TEST(a_slice_ends_when_its_deadline_has_passed) {
    Play p;
    play_yielding(&p, ENDLESS, VM);
    fake.tick = 0.25; /* every look at the clock finds a quarter of a ms gone */
    for (u32 i = 0; i < 20; i++) {
        f64 begun = fake.now;
        u32 reads = fake.reads;
        engine_stats(p.e->engine)->deadline = begun + 4;
        CHECK_INT(td_slice(p.e), ENGINE_MORE);
        CHECK(fake.now >= begun + 4 && fake.now <= begun + 5);
        CHECK(fake.reads - reads <= 20); /* four looks a ms */
    }
    CHECK_FLOAT(engine_stats(p.e->engine)->yields, 20);
    CHECK(engine_stats(p.e->engine)->longest_slice < 5);
    CHECK(engine_stats(p.e->engine)->rate > 0);
    play_end(&p);
}

/* So many animations, each of all weights of one mesh. */
static void put_animated(Buf *b, u32 animations, u32 weights) {
    buf_text(b, "{'asset':{'version':'2.0'},'nodes':[{'mesh':0}],'meshes':[{'primitives':[{'targets':[");
    for (u32 i = 0; i < weights; i++) buf_text(b, i ? ",{}" : "{}");
    buf_print(b,
              "]}]}],'accessors':[{'componentType':5126,'count':1,'type':'SCALAR','min':[0],'max':[0]},"
              "{'componentType':5126,'count':%u,'type':'SCALAR'}],'animations':[",
              weights);
    for (u32 i = 0; i < animations; i++)
        buf_print(b, "%s{'channels':[{'sampler':0,'target':{'node':0,'path':'weights'}}],'samplers':[{'input':0,'output':1}]}", i ? "," : "");
    buf_text(b, "],'extensions':{'KHR_interactivity':{'graphs':[{'types':[{'signature':'float'},{'signature':'ref'}],"
                "'declarations':[{'op':'event/onStart'},{'op':'animation/start'}],'nodes':[{'declaration':0,'flows':{'out':{'node':1}}}");
    for (u32 i = 0; i < animations; i++) {
        buf_print(b, ",{'declaration':1,'values':{'animation':{'type':1,'value':['/animations/%u']},'startTime':{'type':0,'value':[0]},"
                     "'endTime':{'type':0,'value':[900]},'speed':{'type':0,'value':[1]}}", i);
        buf_print(b, i + 1 < animations ? ",'flows':{'out':{'node':%u}}}" : "}", i + 2);
    }
    buf_text(b, "]}]}}}");
}

TEST(the_clock_is_looked_at_while_animations_write_what_costs_no_fuel) {
    Play p;
    Buf b = {0};
    put_animated(&b, 40, 4000);
    play_open(&p, b.data, VM);
    play_drain(&p);
    u32 reads = fake.reads;
    fake.tick = 0.25; /* each look finds that what was granted has been done */
    play_tick(&p, 1);
    CHECK(fake.reads - reads > 2 + 5); /* those that open and close the slice, and 160,000 numbers written between them */
    buf_close(&b);
    play_end(&p);
}

TEST(plain_comes_back_at_stop_only) {
    Play p;
    play_open(&p, ENDLESS, VM);
    fake.tick = 0.25;
    Stats *stats = engine_stats(p.e->engine);
    stats->deadline = fake.now + 1;
    stats->stop = fake.now + 50;
    f64 begun = fake.now;
    CHECK_INT(td_slice(p.e), ENGINE_MORE);
    CHECK(fake.now >= begun + 50);
    td_stop(p.e, p.instance);
    CHECK_INT(td_slice(p.e), ENGINE_IDLE);
    CHECK_INT(td_status(p.e, p.instance), STATUS_STOPPED);
    play_end(&p);
}

TEST(a_clock_that_stands_still_or_is_no_number_ends_nothing_too_early) {
    Play p;
    play_yielding(&p, COUNTED("100000"), VM);
    engine_stats(p.e->engine)->deadline = 2000;
    fake.now = NAN;
    CHECK_INT(td_slice(p.e), ENGINE_IDLE);
    CHECK_TEXT(play_log(&p), "completed");
    play_end(&p);
}

TEST(a_graph_can_be_stopped_at_every_yield_point) {
    for (u32 at = 0; at < 102; at++) {
        Play p;
        play_yielding(&p, COUNTED("100"), at % 2 ? WALK : VM);
        td_cadence(p.e, 1);
        for (u32 i = 0; i < at; i++) CHECK_INT(td_slice(p.e), i < 101);
        td_stop(p.e, p.instance);
        CHECK_INT(td_slice(p.e), 0);
        CHECK_INT(td_status(p.e, p.instance), STATUS_STOPPED);
        CHECK_TEXT(play_log(&p), at > 101 ? "completed" : "");
        play_end(&p);
    }
}

/* ---- nothing can interfere between slices ---- */

TEST(ticks_and_writes_wait_while_an_activation_is_suspended) {
    for (i32 runner = VM; runner <= WALK; runner++) {
        Play p;
        play_yielding(&p, GRAPH_EVENTS(INT("v", 0), "{'id':'e'}",
                                       START("s", "loop") FOR("loop", "0", "50", "'completed':'say'") GET("get", "v")
                                       TICK("t", "tick") RECEIVE("r", "e", "got") SAY("tick", "tick")
                                       SAY_VALUE("got", "got{v}", "'v':{'from':'get'}")
                                       SAY_VALUE("say", "loop{v}", "'v':{'from':'get'}") LAST), runner);
        CHECK(p.instance);
        td_cadence(p.e, 10);
        CHECK_INT(td_slice(p.e), ENGINE_MORE);
        CHECK(play_send(&p, "e", ""));
        CHECK(play_set(&p, "v", "7"));
        CHECK(play_send(&p, "e", ""));
        td_tick(p.e, p.instance, 5);
        CHECK_TEXT(play_get(&p, "v"), "0");
        play_drain(&p);
        CHECK_TEXT(play_log(&p), "loop0 got0 got7"); /* and no tick */
        CHECK_TEXT(play_get(&p, "v"), "7");
        play_end(&p);
    }
}

TEST(writes_are_done_at_once_before_the_start_and_in_rest) {
    Play p;
    play_open(&p, GRAPH_WITH(INT("v", 0), START("s", "say") GET("get", "v")
                             SAY_VALUE("say", "{v}", "'v':{'from':'get'}") LAST), VM);
    CHECK(play_set(&p, "v", "3"));
    CHECK_TEXT(play_get(&p, "v"), "3");
    play_drain(&p);
    CHECK_TEXT(play_log(&p), "3");
    CHECK(play_set(&p, "#0", "4"));
    CHECK_TEXT(play_get(&p, "v"), "4");
    play_end(&p);
}

TEST(a_write_ends_an_interpolation_of_the_same_variable) {
    Play p;
    play_open(&p, TICKING, VM);
    CHECK(p.instance);
    play_drain(&p);
    play_tick(&p, 0);
    CHECK(play_set(&p, "x", "100"));
    play_tick(&p, 0.25);
    play_tick(&p, 1);
    CHECK_TEXT(play_get(&p, "x"), "100");
    CHECK(strstr(play_log(&p), "at") == NULL);
    play_end(&p);
}

/* ---- several instances ---- */

TEST(instances_take_turns_and_do_not_see_each_other) {
    Play p;
    play_yielding(&p, COUNTED("30"), VM);
    u32 others[5];
    for (u32 i = 0; i < 5; i++) {
        others[i] = td_start(p.e, p.program, (i32)(i % 2), 1, 0, 0);
        CHECK(others[i]);
    }
    td_cadence(p.e, 4);
    for (u32 i = 0; i < 6; i++) CHECK_INT(td_slice(p.e), ENGINE_MORE);
    for (u32 i = 0; i < 5; i++) CHECK_INT(engine_fuel(engine_instance(p.e->engine, others[i])), 4);
    play_drain(&p);
    for (u32 i = 0; i < 5; i++) CHECK_INT(td_status(p.e, others[i]), STATUS_DONE);
    CHECK(engine_fuel(engine_instance(p.e->engine, others[4])) == engine_fuel(play_instance(&p)));
    play_end(&p);
}

TEST(a_paused_instance_does_not_run_and_others_do) {
    Play p;
    play_yielding(&p, COUNTED("10"), VM);
    u32 other = td_start(p.e, p.program, WALK, 1, 0, 0);
    td_pause(p.e, p.instance, 1);
    play_drain(&p);
    CHECK_INT(td_status(p.e, p.instance), STATUS_PAUSED);
    CHECK_INT(td_status(p.e, other), STATUS_DONE);
    CHECK_INT(engine_fuel(play_instance(&p)), 0);
    td_pause(p.e, p.instance, 0);
    play_drain(&p);
    CHECK_INT(td_status(p.e, p.instance), STATUS_DONE);
    play_end(&p);
}

TEST(a_limit_of_instances_is_exact_and_ended_ones_make_room) {
    Play p;
    play_open_with(&p, COUNTED("10"), VM, "instances=3", 1, 0, 0);
    u32 second = td_start(p.e, p.program, VM, 1, 0, 0);
    CHECK(second && td_start(p.e, p.program, VM, 1, 0, 0));
    CHECK_INT(td_start(p.e, p.program, VM, 1, 0, 0), 0);
    td_end(p.e, second);
    u32 again = td_start(p.e, p.program, VM, 1, 0, 0);
    CHECK(again && again != second);
    CHECK_INT(td_status(p.e, second), -1);
    play_end(&p);
}

TEST(a_thousand_instances_tick) {
    Play p;
    play_open(&p, GRAPH_WITH(INT("n", 0), TICK("t", "set") GET("get", "n")
                             "{'id':'more','op':'math/add','values':{'a':{'from':'get'},'b':1}},"
                             SET("set", "n", "{'from':'more'}", "") LAST), VM);
    u32 last = 0;
    for (u32 i = 0; i < 1000; i++) CHECK(last = td_start(p.e, p.program, VM, 1, 0, 0));
    play_drain(&p);
    for (u32 i = 0; i < 10; i++) {
        td_tick(p.e, 0, i);
        play_drain(&p);
    }
    CHECK_TEXT(play_get(&p, "n"), "10");
    p.instance = last;
    CHECK_TEXT(play_get(&p, "n"), "10");
    play_end(&p);
}

/* ---- steps ---- */

TEST(steps_are_flow_activations) {
    for (i32 runner = VM; runner <= WALK; runner++) {
        Play p;
        play_open(&p, COUNTED("3"), runner); /* loop, set, set, set, say */
        CHECK_FLOAT(td_step(p.e, p.instance, 1), 1);
        CHECK_TEXT(play_get(&p, "v"), "0");
        CHECK_FLOAT(td_step(p.e, p.instance, 3), 3);
        CHECK_TEXT(play_log(&p), "");
        CHECK_INT(td_status(p.e, p.instance), STATUS_RUNNING);
        CHECK_FLOAT(td_step(p.e, p.instance, 10), 1);
        CHECK_TEXT(play_log(&p), "completed");
        CHECK_INT(td_status(p.e, p.instance), STATUS_DONE);
        CHECK_FLOAT(td_step(p.e, p.instance, 10), 0);
        play_end(&p);
    }
}

TEST(a_paused_instance_can_be_stepped_and_then_goes_on) {
    Play p;
    play_open(&p, COUNTED("5"), VM);
    td_pause(p.e, p.instance, 1);
    CHECK_FLOAT(td_step(p.e, p.instance, 3), 3);
    CHECK_INT(td_status(p.e, p.instance), STATUS_PAUSED);
    td_pause(p.e, p.instance, 0);
    play_drain(&p);
    CHECK_TEXT(play_get(&p, "v"), "4");
    CHECK_TEXT(play_log(&p), "completed");
    play_end(&p);
}

TEST(a_step_into_a_loop_without_activations_ends_with_the_slice) {
    Play p;
    play_yielding(&p, ENDLESS, VM);
    fake.tick = 0.25;
    engine_stats(p.e->engine)->deadline = fake.now + 2;
    CHECK_FLOAT(td_step(p.e, p.instance, 5), 1);
    CHECK_INT(td_status(p.e, p.instance), STATUS_RUNNING);
    play_end(&p);
}

/* Activations that steps see when slices run in between. */
static f64 steps_between_slices(i32 runner, u32 cadence) {
    Play p;
    f64 seen = 0;
    play_yielding(&p, COUNTED("20"), runner);
    td_cadence(p.e, cadence);
    for (u32 i = 0; i < 8; i++) {
        seen = seen * 100 + td_step(p.e, p.instance, 1 + i % 2);
        td_slice(p.e);
    }
    f64 rest = td_step(p.e, p.instance, 100);
    play_end(&p);
    return seen * 100 + rest;
}

TEST(steps_between_slices_are_counted_alike_by_all_runners) {
    for (u32 cadence = 1; cadence < 6; cadence++) {
        f64 seen = steps_between_slices(WALK, cadence);
        CHECK(seen > 0);
        CHECK_FLOAT(steps_between_slices(VM, cadence), seen);
    }
}

/* ---- hosts ---- */

#define ASK "{\"op\":\"test/ask\",\"inputs\":[{\"id\":\"n\",\"type\":\"int\"}],\"outputs\":[{\"id\":\"answer\",\"type\":\"int\"}]}"
#define ASKING                                                                                     \
    GRAPH_EVENTS(INT("sum", 0), "{'id':'e'}",                                                      \
                 START("s", "loop") FOR("loop", "0", "3", "'loopBody':'ask','completed':'done'")   \
                 "{'id':'ask','op':'test/ask','values':{'n':{'from':'loop:index'}},'flows':{'out':'set','err':'err'}}," \
                 GET("get", "sum") "{'id':'plus','op':'math/add','values':{'a':{'from':'get'},'b':{'from':'ask:answer'}}}," \
                 SET("set", "sum", "{'from':'plus'}", "") SAY("err", "err") RECEIVE("r", "e", "got") SAY("got", "got") \
                 SAY_VALUE("done", "sum{s}", "'s':{'from':'get'}") LAST)

/* play_open, with the op defined first. */
static void play_asking(Play *p, i32 runner) {
    static char json[8192];
    fake_reset();
    *p = (Play){.e = td_open(), .runner = runner};
    CHECK(td_define(p->e, ASK));
    snprintf(json, sizeof json, "%s", ASKING);
    for (char *c = json; *c; c++) *c = *c == '\'' ? '"' : *c;
    p->program = td_load(p->e, "asking", json, (u32)strlen(json), -1);
    if (!p->program) td_lines(p->e), printf("%s", td_text(p->e));
    p->instance = td_start(p->e, p->program, runner, 1, 0, 0);
    p->e->engine->yields = true;
}

TEST(a_host_that_answers_at_once_is_not_waited_for) {
    for (i32 runner = VM; runner <= WALK; runner++) {
        Play p;
        play_asking(&p, runner);
        CHECK(p.instance);
        fake.results[0] = 7;
        play_drain(&p);
        CHECK_TEXT(play_log(&p), "sum21");
        CHECK_INT(fake.calls, 3);
        CHECK_INT(fake.args[0], 2);
        play_end(&p);
    }
}

TEST(a_waiting_call_lets_others_run_and_goes_on_where_it_was) {
    for (i32 runner = VM; runner <= WALK; runner++) {
        Play p;
        play_asking(&p, runner);
        CHECK(p.instance);
        fake.answer = HOST_PENDING;
        play_drain(&p);
        CHECK_INT(td_status(p.e, p.instance), STATUS_IDLE);
        CHECK(play_send(&p, "e", ""));
        play_drain(&p);
        CHECK_TEXT(play_log(&p), "got");
        for (u32 i = 0; i < 3; i++) {
            CHECK_INT(fake.args[0], i);
            CHECK(!td_complete(p.e, p.instance, fake.call + 1, HOST_DONE, "{}"));
            CHECK(!td_complete(p.e, p.instance, fake.call, HOST_DONE, "{\"answer\":1.5}"));
            CHECK(td_complete(p.e, p.instance, fake.call, HOST_DONE, "{\"answer\":5}"));
            CHECK(!td_complete(p.e, p.instance, fake.call, HOST_DONE, "{\"answer\":5}"));
            play_drain(&p);
        }
        CHECK_TEXT(play_log(&p), "got sum15");
        play_end(&p);
    }
}

TEST(a_host_that_fails_takes_err) {
    for (i32 runner = VM; runner <= WALK; runner++) {
        Play p;
        play_asking(&p, runner);
        fake.answer = HOST_FAILED;
        play_drain(&p);
        CHECK_TEXT(play_log(&p), "err err err sum0");
        play_end(&p);
    }
}

static Play *asked;

static void complete_during(void) { td_complete(asked->e, asked->instance, fake.call, HOST_DONE, "{\"answer\":4}"); }
static void slice_during(void) { ASSERT(td_slice(asked->e) == 0 && td_step(asked->e, asked->instance, 1) == 0); }
static void end_during(void) { td_end(asked->e, asked->instance), td_unload(asked->e, asked->program); }
static void stop_during(void) { td_stop(asked->e, asked->instance); }

TEST(a_host_may_answer_before_its_call_returns) {
    for (i32 runner = VM; runner <= WALK; runner++) {
        Play p;
        play_asking(&p, runner);
        asked = &p;
        fake.answer = HOST_PENDING;
        fake.during = complete_during;
        play_drain(&p);
        CHECK_TEXT(play_log(&p), "sum12");
        play_end(&p);
    }
}

TEST(a_host_cannot_run_the_engine_from_within) {
    Play p;
    play_asking(&p, VM);
    asked = &p;
    fake.during = slice_during;
    play_drain(&p);
    CHECK_TEXT(play_log(&p), "sum0");
    play_end(&p);
}

TEST(a_host_can_stop_or_end_a_run_from_within) {
    for (i32 runner = VM; runner <= WALK; runner++) {
        Play p;
        play_asking(&p, runner);
        asked = &p;
        fake.during = stop_during;
        play_drain(&p);
        CHECK_INT(td_status(p.e, p.instance), STATUS_STOPPED);
        u32 stopped = p.instance;
        p.instance = td_start(p.e, p.program, runner, 1, 0, 0);
        td_end(p.e, stopped);
        fake.during = end_during;
        play_drain(&p);
        CHECK_INT(td_status(p.e, p.instance), -1);
        CHECK_INT(p.e->programs.count, 0); /* the program went with its last instance */
        play_end(&p);
    }
}

TEST(a_run_that_waits_for_a_host_can_be_ended) {
    Play p;
    play_asking(&p, WALK);
    fake.answer = HOST_PENDING;
    play_drain(&p);
    td_stop(p.e, p.instance);
    CHECK(!td_complete(p.e, p.instance, fake.call, HOST_DONE, "{\"answer\":5}"));
    td_end(p.e, p.instance);
    play_end(&p);
}
