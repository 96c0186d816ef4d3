/* api.c (unit) - the public interface: handles, values in and out, reports, limits, host operations. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../../src/base/arena.h"
#include "../../src/graph/json.h"
#include "play.h"
#include "test.h"

/* Text as td_text has it, with ' for ". */
static bool text_is(Play *p, const char *quoted) {
    const char *text = td_text(p->e);
    if (strlen(text) != strlen(quoted)) return false;
    for (size_t i = 0; quoted[i]; i++)
        if (text[i] != (quoted[i] == '\'' ? '"' : quoted[i])) return false;
    return true;
}

#define VALUES                                                                                     \
    "{'treadle':1,'inputs':[{'id':'in','type':'float','value':2.5}],"                              \
    "'outputs':[{'id':'twice','type':'float','from':'double:value'}],'variables':["                \
    "{'id':'b','type':'bool','value':false},{'id':'i','type':'int','value':1},{'id':'f','type':'float','value':1.0},"  \
    "{'id':'v','type':'float3','value':[1.0,2.0,3.0]},{'id':'r','type':'ref'}],'nodes':["          \
    "{'id':'double','op':'math/add','values':{'a':{'from':'in:in'},'b':{'from':'in:in'}}}]}"

static bool takes(Play *p, const char *name, const char *json, const char *seen) {
    return play_set(p, name, json) && strcmp(play_get(p, name), seen) == 0;
}

TEST(values_go_in_and_come_out_as_json) {
    Play p;
    play_open(&p, VALUES, 0);
    CHECK(p.instance);
    CHECK(takes(&p, "b", "true", "true"));
    CHECK(takes(&p, "i", "-2147483648", "-2147483648"));
    CHECK(takes(&p, "i", "5.0", "5"));
    CHECK(takes(&p, "f", "0.1", "0.1"));
    CHECK(takes(&p, "f", "-0", "-0"));
    CHECK(takes(&p, "f", "'NaN'", "'NaN'"));
    CHECK(takes(&p, "f", "'-Infinity'", "'-Infinity'"));
    CHECK(takes(&p, "v", "[1,'Infinity',-2.5]", "[1,'Infinity',-2.5]"));
    CHECK(takes(&p, "r", "null", "null"));
    CHECK(takes(&p, "r", "'/nodes/3'", "'/nodes/3'"));
    CHECK(takes(&p, "r", "'delay:9'", "'delay:9'"));
    CHECK(takes(&p, "r", "'72057594037927939'", "'/nodes/3'")); /* 1 << 56 | 3, a bigint's spelling */
    CHECK(takes(&p, "#1", "7", "7"));
    CHECK(takes(&p, "in", "4", "4"));
    CHECK_TEXT(play_get(&p, "twice"), "8");
    play_end(&p);
}

static bool refuses(Play *p, const char *name, const char *json, const char *sentence) {
    return !play_set(p, name, json) && text_is(p, sentence);
}

TEST(values_of_another_type_are_refused_with_a_sentence) {
    Play p;
    play_open(&p, VALUES, 0);
    CHECK(p.instance);
    CHECK(refuses(&p, "b", "1", "b is bool: expected true or false, got 1."));
    CHECK(refuses(&p, "i", "1.5", "i is int: expected a whole number from -2147483648 to 2147483647, got 1.5."));
    CHECK(!play_set(&p, "i", "2147483648"));
    CHECK(!play_set(&p, "i", "true"));
    CHECK(!play_set(&p, "f", "'nan'"));
    CHECK(!play_set(&p, "f", "null"));
    CHECK(refuses(&p, "v", "[1,2]", "v is float3: expected an array of 3 numbers, got array."));
    CHECK(!play_set(&p, "v", "[1,2,3,4]"));
    CHECK(!play_set(&p, "v", "1"));
    CHECK(!play_set(&p, "r", "'/nodes/'"));
    CHECK(!play_set(&p, "r", "'/nodes/3x'"));
    CHECK(!play_set(&p, "r", "99999999999999999999999"));
    CHECK_TEXT(play_get(&p, "v"), "[1,2,3]");
    CHECK_TEXT(play_get(&p, "i"), "1");
    play_end(&p);
}

TEST(what_is_not_json_is_refused) {
    Play p;
    play_open(&p, VALUES, 0);
    CHECK(p.instance);
    static const char *const bad[] = {"", " ", "NaN", "01", "1 2", "[1,]", "nul", "{", "'\x01'", "1e999"};
    for (u32 i = 0; i < COUNT_OF(bad); i++) CHECK(!play_set(&p, "f", bad[i]));
    CHECK(!td_set(p.e, p.instance, "f", NULL));
    CHECK_TEXT(play_get(&p, "f"), "1");
    play_end(&p);
}

TEST(names_that_nothing_has_are_refused) {
    Play p;
    play_open(&p, VALUES, 0);
    CHECK(p.instance);
    static const char *const bad[] = {"", "x", "#", "#5", "#-1", "#99999999999", "#1x", "twice"};
    for (u32 i = 0; i < COUNT_OF(bad); i++) CHECK(!play_set(&p, bad[i], "1"));
    CHECK(!td_set(p.e, p.instance, NULL, "1"));
    CHECK(!td_get(p.e, p.instance, "nothing"));
    CHECK(text_is(&p, "There is no output, input or variable 'nothing'."));
    CHECK(!play_send(&p, "nothing", ""));
    CHECK(!play_send(&p, "", ""));
    play_end(&p);
}

#define EVENT                                                                                      \
    GRAPH_EVENTS("", "{'id':'e','values':{'n':{'type':'int','value':7},'at':{'type':'float2'}}}",  \
                 RECEIVE("r", "e", "say")                                                          \
                 SAY_VALUE("say", "{n} {at}", "'n':{'from':'r:n'},'at':{'from':'r:at'}") LAST)

TEST(values_an_event_leaves_out_are_reset_to_their_defaults) {
    Play p;
    play_open(&p, EVENT, 0);
    CHECK(p.instance);
    CHECK(play_send(&p, "e", "{'n':1,'at':[2,3]}"));
    CHECK(play_send(&p, "e", "{'at':[4,5]}"));
    CHECK(play_send(&p, "e", "{}"));
    CHECK(td_send(p.e, p.instance, "e", NULL));
    play_drain(&p);
    CHECK_TEXT(play_log(&p), "1 (2, 3) 7 (4, 5) 7 (NaN, NaN) 7 (NaN, NaN)");
    play_end(&p);
}

TEST(an_event_with_wrong_values_is_not_sent) {
    Play p;
    play_open(&p, EVENT, 0);
    CHECK(p.instance);
    CHECK(!play_send(&p, "e", "{'m':1}"));
    CHECK(!play_send(&p, "e", "{'n':1.5}"));
    CHECK(!play_send(&p, "e", "{'n':1,'n':2}"));
    CHECK(!play_send(&p, "e", "[1]"));
    CHECK(text_is(&p, "The values of the event are an object, not array."));
    play_drain(&p);
    CHECK_TEXT(play_log(&p), "");
    play_end(&p);
}

/* ---- reports ---- */

TEST(a_report_tells_all_that_a_run_has_left) {
    Play p;
    play_open(&p, "{'treadle':1,'variables':[{'id':'x','type':'float','value':0.5}],'events':[{'id':'e','values':{'n':{'type':'int'}}}],"
                  "'outputs':[{'id':'o','type':'float','from':'get:value'}],'nodes':["
                  START("s", "say") GET("get", "x") SAY_VALUE("say", "x={x}", "'x':{'from':'get'}")
                  "{'id':'t','op':'event/onStart','flows':{'out':'send'}},"
                  "{'id':'send','op':'event/send','config':{'event':'e'},'values':{'n':3}}]}", 0);
    CHECK(p.instance);
    play_drain(&p);
    td_report(p.e, p.instance);
    const char *text = td_text(p.e);
    const char *head = "{\"status\":\"done\",\"reason\":\"\","
                       "\"variables\":[{\"id\":\"x\",\"index\":0,\"type\":\"float\",\"value\":0.5}],"
                       "\"events\":[{\"time\":0,\"id\":\"e\",\"values\":{\"n\":3}}],"
                       "\"log\":[{\"severity\":0,\"text\":\"x=0.5\",\"time\":0}],"
                       "\"outputs\":{\"o\":0.5},\"yields\":0,\"instructions\":";
    CHECK(strncmp(text, head, strlen(head)) == 0);
    const char *hash = strstr(text, "\"resultHash\":\"");
    CHECK(hash && strspn(hash + 14, "0123456789abcdef") == 16);
    CHECK(!strstr(text, "traceHash"));
    CHECK_INT(td_text_length(p.e), strlen(text));
    play_end(&p);
}

/* The report's resultHash after a graph ran. */
static u64 hash_of(const char *graph, i32 runner, const char *set) {
    Play p;
    unsigned long long hash = 0;
    play_open(&p, graph, runner);
    if (set) play_set(&p, "f", set);
    play_drain(&p);
    td_report(p.e, p.instance);
    const char *at = strstr(td_text(p.e), "resultHash");
    if (at) sscanf(at, "resultHash\":\"%16llx", &hash);
    play_end(&p);
    return hash;
}

TEST(the_result_hash_depends_on_values_and_not_on_runners) {
    CHECK(hash_of(VALUES, 0, NULL) == hash_of(VALUES, 1, NULL));
    CHECK(hash_of(VALUES, 0, "2") != hash_of(VALUES, 0, "3"));
    CHECK(hash_of(VALUES, 0, "0") != hash_of(VALUES, 0, "-0"));
    CHECK(hash_of(EVENT, 0, NULL) != hash_of(VALUES, 0, NULL));
}

TEST(a_run_ended_by_a_limit_says_which_and_where) {
    Play p;
    play_open_with(&p, GRAPH_EVENTS("", "{'id':'e'}",
                                    RECEIVE("r", "e", "last") START("s", "loop")
                                    FOR("loop", "0", "9", "'loopBody':'send'") SEND("send", "e", "") LAST),
                   0, "queue=3", 1, 0, 0);
    CHECK(p.instance);
    play_drain(&p);
    CHECK_INT(td_status(p.e, p.instance), STATUS_LIMIT);
    td_report(p.e, p.instance);
    CHECK(strncmp(td_text(p.e), "{\"status\":\"limit\",\"reason\":\"queue\"", 34) == 0);
    td_summary(p.e, p.instance);
    CHECK(strstr(td_text(p.e), "limit queue") != NULL);
    play_end(&p);
}

TEST(a_trace_is_lines_of_json) {
    Play p;
    play_open_with(&p, GRAPH_WITH(INT("v", 1), START("s", "set") SET("set", "v", "2", "'out':'last'") LAST),
                   0, "", 1, 0, 1);
    CHECK(p.instance);
    play_drain(&p);
    td_trace(p.e, p.instance);
    CHECK_TEXT(td_text(p.e), "{\"root\":1,\"node\":\"set\",\"in\":\"in\"}\n{\"set\":\"v\",\"value\":2}\n"
                             "{\"root\":1,\"node\":\"last\",\"in\":\"in\"}\n");
    td_report(p.e, p.instance);
    CHECK(strstr(td_text(p.e), "\"traceHash\":\"") != NULL);
    play_end(&p);
}

/* ---- loading ---- */

TEST(a_refused_file_leaves_its_diagnostics) {
    Play p;
    fake_reset();
    p.e = td_open();
    CHECK_INT(td_load(p.e, "bad.json", "[1,]", 4, -1), 0);
    const char *head = "{\"ok\":false,\"diagnostics\":[{\"code\":\"E1027\"";
    CHECK(strncmp(td_text(p.e), head, strlen(head)) == 0);
    td_lines(p.e);
    CHECK(strncmp(td_text(p.e), "E1027 bad.json:1:3", 18) == 0);
    CHECK_INT(td_load(p.e, "empty", "", 0, -1), 0);
    CHECK_INT(td_start(p.e, 0, 0, 1, 0, 0), 0);
    play_end(&p);
}

TEST(a_program_outlives_its_handle_while_instances_run) {
    Play p;
    play_open(&p, VALUES, 0);
    CHECK(p.instance);
    td_unload(p.e, p.program);
    CHECK_INT(td_start(p.e, p.program, 0, 1, 0, 0), 0);
    CHECK_TEXT(play_get(&p, "f"), "1");
    CHECK_INT(p.e->programs.count, 1);
    td_end(p.e, p.instance);
    CHECK_INT(p.e->programs.count, 0);
    play_end(&p);
}

TEST(handles_of_what_is_gone_name_nothing) {
    Play p;
    play_open(&p, VALUES, 0);
    CHECK(p.instance);
    u32 gone = p.instance;
    td_end(p.e, gone);
    p.instance = td_start(p.e, p.program, 0, 1, 0, 0);
    CHECK(p.instance && p.instance != gone);
    CHECK_INT(td_status(p.e, gone), -1);
    CHECK(!td_set(p.e, gone, "f", "1"));
    CHECK(!td_get(p.e, gone, "f"));
    td_end(p.e, gone);
    td_tick(p.e, gone, 0);
    td_pause(p.e, gone, 1);
    td_report(p.e, gone);
    CHECK_FLOAT(td_next_due(p.e, gone), INFINITY);
    CHECK_INT(td_status(p.e, p.instance), 0);
    play_end(&p);
}

TEST(info_tells_the_ports_of_a_graph) {
    Play p;
    play_open(&p, VALUES, 0);
    CHECK(p.instance);
    td_info(p.e, p.program);
    CHECK(strstr(td_text(p.e), "\"inputs\":[{\"id\":\"in\",\"type\":\"float\"}],"
                               "\"outputs\":[{\"id\":\"twice\",\"type\":\"float\"}]") != NULL);
    CHECK(strstr(td_text(p.e), "\"dialect\":\"native\",\"graph\":0,\"nodes\":1,") != NULL);
    play_end(&p);
}

/* ---- tables, limits ---- */

static bool is_json(const char *text) {
    Json json;
    Arena arena;
    Diags diags;
    Limits limits = limits_default();
    arena_open(&arena, 0);
    Text all = {text, (u32)strlen(text)};
    diags_open(&diags, &arena, "", all);
    bool good = json_open(&json, all, &limits, &diags) == ERR_OK;
    if (good) json_close(&json);
    arena_close(&arena);
    return good;
}

TEST(all_texts_that_are_called_json_are_json) {
    Play p;
    play_open(&p, VALUES, 0);
    CHECK(p.instance);
    td_tables(p.e);
    CHECK(is_json(td_text(p.e)));
    CHECK(strstr(td_text(p.e), "\"stats\":[\"yields\",\"instructions\",") != NULL);
    td_ops(p.e, 0);
    CHECK(is_json(td_text(p.e)));
    td_info(p.e, p.program);
    CHECK(is_json(td_text(p.e)));
    td_report(p.e, p.instance);
    CHECK(is_json(td_text(p.e)));
    play_end(&p);
}

TEST(limits_are_set_by_name_to_whole_numbers) {
    Play p;
    fake_reset();
    p.e = td_open();
    CHECK(td_limit(p.e, "tick-events", 7));
    CHECK_INT(engine_limits(p.e->engine)->tick_events, 7);
    CHECK(!td_limit(p.e, "tick_events", 7));
    CHECK(!td_limit(p.e, "delays", -1));
    CHECK(!td_limit(p.e, "delays", 1.5));
    CHECK(!td_limit(p.e, "delays", NAN));
    CHECK(td_limit(p.e, "delays", 0));
    play_end(&p);
}

TEST(the_read_outs_lie_in_the_order_of_their_names) {
    Play p;
    play_open(&p, VALUES, 0);
    CHECK(td_stats(p.e) == (f64 *)engine_stats(p.e->engine));
    CHECK_INT(sizeof(Stats), 10 * sizeof(f64));
    td_stats(p.e)[8] = 123;
    CHECK_FLOAT(engine_stats(p.e->engine)->deadline, 123);
    CHECK_FLOAT(engine_stats(p.e->engine)->last_yield, NAN);
    play_end(&p);
}

/* ---- host operations ---- */

TEST(definitions_that_mean_nothing_are_refused) {
    static const char *const bad[] = {
        "", "[]", "{}", "{\"op\":5}", "{\"op\":\"noslash\"}", "{\"op\":\"math/add\"}", "{\"op\":\"animation/start\"}",
        "{\"op\":\"a/b\",\"inputs\":5}", "{\"op\":\"a/b\",\"inputs\":[5]}", "{\"op\":\"a/b\",\"inputs\":[{\"id\":\"x\"}]}",
        "{\"op\":\"a/b\",\"inputs\":[{\"id\":\"x\",\"type\":\"number\"}]}",
        "{\"op\":\"a/b\",\"outputs\":[{\"id\":\"x\",\"type\":\"int\"},{\"id\":\"x\",\"type\":\"int\"}]}"};
    td_Engine *e = td_open();
    for (u32 i = 0; i < COUNT_OF(bad); i++) {
        CHECK_INT(td_define(e, bad[i]), 0);
        CHECK(td_text_length(e) > 0);
    }
    CHECK_INT(td_define(e, NULL), 0);
    CHECK_INT(td_define(e, "{\"op\":\"a/b\"}"), 1);
    CHECK_INT(td_define(e, "{\"op\":\"a/b\"}"), 0);
    CHECK_INT(td_define(e, "{\"op\":\"a/c\",\"inputs\":[{\"id\":\"v\",\"type\":\"float4x4\"}]}"), 2);
    td_close(e);
}

/* ---- memory ---- */

/* All that an engine does, with the n-th request for memory refused. True: nothing was refused any more. */
static bool live_through(i64 n) {
    static const char graph[] = "{\"treadle\":1,\"variables\":[{\"id\":\"v\",\"type\":\"int\",\"value\":0}],\"nodes\":["
                                "{\"id\":\"s\",\"op\":\"event/onStart\",\"flows\":{\"out\":\"d\"}},"
                                "{\"id\":\"d\",\"op\":\"flow/setDelay\",\"values\":{\"duration\":0.0},\"flows\":{\"done\":\"l\"}},"
                                "{\"id\":\"l\",\"op\":\"debug/log\",\"config\":{\"severity\":0,\"message\":\"hello\"}}]}";
    system_fail_after = n;
    td_Engine *e = td_open();
    if (e) {
        u32 program = td_load(e, "graph", graph, sizeof graph - 1, -1);
        u32 instance = program ? td_start(e, program, (i32)(n % 2), 1, 0, 1) : 0;
        if (instance) {
            td_set(e, instance, "v", "5");
            td_slice(e);
            td_tick(e, instance, 0);
            td_slice(e);
            td_report(e, instance);
        }
        td_close(e);
    }
    bool all = system_fail_after >= 0;
    system_fail_after = -1;
    return all;
}

TEST(memory_may_be_refused_anywhere_and_nothing_leaks) {
    i64 before = system_live;
    fake_reset();
    i64 n = 0;
    for (; n < 5000 && !live_through(n); n++) CHECK_INT(system_live, before);
    CHECK(n > 10 && n < 5000);
    CHECK_INT(system_live, before);
}
