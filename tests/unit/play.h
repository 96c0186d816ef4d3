/* play.h (unit) - a graph brought to run in one line, for tests of what runs have in common.
**
** Graphs are native files with ' for ". */
#ifndef TREADLE_PLAY_H
#define TREADLE_PLAY_H

#include "../../src/api/api.h"
#include "fake.h"

typedef struct Play {
    td_Engine *e;
    u32 program, instance;
    i32 runner; /* 0 vm, 1 walk */
} Play;

/* Opens an engine over a graph and starts it; nothing has run. What the loader refuses is printed, and a check of
** p->instance fails. */
void play_open(Play *p, const char *quoted, i32 runner);
/* The same with limits set: "name=n name=n", and seed, fuel and trace as td_start takes them. */
void play_open_with(Play *p, const char *quoted, i32 runner, const char *limits, f64 seed, f64 fuel, i32 trace);
void play_end(Play *p);

Instance *play_instance(Play *p);

/* Slices until nothing can run; how many. */
u32 play_drain(Play *p);
/* A tick, then the same. */
void play_tick(Play *p, f64 now);

/* td_set and td_send with ' for ". */
bool play_set(Play *p, const char *name, const char *quoted);
bool play_send(Play *p, const char *event, const char *quoted);

/* A variable, output or input as JSON, with ' for ". Valid until the next call. */
const char *play_get(Play *p, const char *name);
/* The texts of the log so far, joined by spaces; likewise. */
const char *play_log(Play *p);

#define GRAPH(nodes) "{'treadle':1,'nodes':[" nodes "]}"
#define GRAPH_WITH(variables, nodes) "{'treadle':1,'variables':[" variables "],'nodes':[" nodes "]}"
#define GRAPH_EVENTS(variables, events, nodes)                                                     \
    "{'treadle':1,'variables':[" variables "],'events':[" events "],'nodes':[" nodes "]}"
#define INT(id, value) "{'id':'" id "','type':'int','value':" #value "}"
#define FLOAT(id, value) "{'id':'" id "','type':'float','value':" #value "}"
#define START(id, target) "{'id':'" id "','op':'event/onStart','flows':{'out':'" target "'}},"
#define TICK(id, target) "{'id':'" id "','op':'event/onTick','flows':{'out':'" target "'}},"
#define RECEIVE(id, event, target)                                                                 \
    "{'id':'" id "','op':'event/receive','config':{'event':'" event "'},'flows':{'out':'" target "'}},"
#define SEND(id, event, flows)                                                                     \
    "{'id':'" id "','op':'event/send','config':{'event':'" event "'},'flows':{" flows "}},"
#define GET(id, variable) "{'id':'" id "','op':'variable/get','config':{'variable':'" variable "'}},"
#define SET(id, variable, value, flows)                                                            \
    "{'id':'" id "','op':'variable/set','config':{'variables':['" variable "']},'values':{'"       \
    variable "':" value "},'flows':{" flows "}},"
#define SAY(id, text) "{'id':'" id "','op':'debug/log','config':{'severity':0,'message':'" text "'}},"
#define SAY_VALUE(id, message, values)                                                             \
    "{'id':'" id "','op':'debug/log','config':{'severity':0,'message':'" message "'},'values':{" values "}},"
#define DELAY(id, seconds, flows)                                                                  \
    "{'id':'" id "','op':'flow/setDelay','values':{'duration':" seconds "},'flows':{" flows "}},"
#define FOR(id, from, to, flows)                                                                   \
    "{'id':'" id "','op':'flow/for','values':{'startIndex':" from ",'endIndex':" to "},'flows':{" flows "}},"
#define LAST "{'id':'last','op':'debug/log'}" /* ends a list of nodes; nothing leads to it */

#endif
