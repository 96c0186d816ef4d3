/* upgrade.c (unit) - each difference between the drafts and ratified KHR_interactivity: a draft, and what it becomes.
**
** The expected texts are written by hand from the ratified form. ' stands for ". */
#include <string.h>

#include "../../src/graph/upgrade.h"
#include "loading.h"

typedef struct Upgrading {
    Limits limits;
    Arena arena;
    Diags diags;
    Buf text, said; /* said: the new file, ' for " again; "" when nothing changed */
    Upgrade upgrade;
    Err err;
} Upgrading;

static void upgrading_close(Upgrading *u) {
    upgrade_close(&u->upgrade);
    arena_close(&u->arena);
    buf_close(&u->text);
    buf_close(&u->said);
}

static void upgrade_bytes(Upgrading *u, const void *bytes, u32 len) {
    u->limits = limits_default();
    arena_open(&u->arena, 0);
    diags_open(&u->diags, &u->arena, "test", (Text){bytes, len});
    u->err = upgrade(u->diags.source, &u->limits, -1, &u->diags, &u->upgrade);
    const Buf *made = &u->upgrade.bytes;
    for (u32 i = 0; i < made->len; i++) buf_byte(&u->said, made->data[i] == '"' ? '\'' : made->data[i]);
}

static void upgrade_quoted(Upgrading *u, const char *quoted) {
    memset(u, 0, sizeof *u);
    for (; *quoted; quoted++) buf_byte(&u->text, *quoted == '\'' ? '"' : *quoted);
    upgrade_bytes(u, u->text.data, u->text.len);
}

static const char *first_message(const Upgrading *u) { return u->diags.count ? u->diags.list[0].message : ""; }

static void check_upgrade(const char *draft, const char *expected, int line) {
    Upgrading u, again = {0};
    upgrade_quoted(&u, draft);
    test_texts(first_message(&u), "", "refusal", __FILE__, line);
    test_texts(u.said.data ? u.said.data : "", expected, "upgraded", __FILE__, line);
    upgrade_bytes(&again, u.upgrade.bytes.len ? u.upgrade.bytes.data : "{\"graphs\":[{}]}", u.upgrade.bytes.len ? u.upgrade.bytes.len : 15);
    test_ints(again.upgrade.changes.count, 0, "changes of what is upgraded", __FILE__, line);
    upgrading_close(&again);
    upgrading_close(&u);
}

static void check_refusal(const char *draft, Err err, const char *message, int line) {
    Upgrading u;
    upgrade_quoted(&u, draft);
    test_texts(first_message(&u), message, "refusal", __FILE__, line);
    test_ints(u.err, err, "error", __FILE__, line);
    test_ints(u.upgrade.bytes.len, 0, "bytes", __FILE__, line);
    upgrading_close(&u);
}

#define UPGRADES(draft, expected)    check_upgrade(draft, expected, __LINE__)
#define REFUSES(draft, err, message) check_refusal(draft, err, message, __LINE__)

#define GRAPH(rest)  "{'graphs':[{" rest "}]}"
#define TYPES        "'types':[{'signature':'float'},{'signature':'int'}]"
#define TYPES_REF    "'types':[{'signature':'float'},{'signature':'int'},{'signature':'ref'}]"

TEST(upgrade_leaves_ratified_files_alone) {
    UPGRADES(GRAPH("'declarations':[{'op':'event/onStart'},{'op':'flow/sequence'}],'nodes':[{'declaration':0,'flows':{'out':{"
                   "'node':1}}},{'declaration':1}]"),
             "");
}

TEST(upgrade_drops_what_is_empty_or_null) {
    UPGRADES(GRAPH("'types':[],'variables':[],'events':[{'id':'a','values':{}},{'id':null}],'declarations':[{'op':'event/onStart',"
                   "'inputValueSockets':{}},{'op':'flow/switch'}],'nodes':[{'declaration':0,'values':{},'configuration':{},"
                   "'flows':{'out':{'node':1,'socket':null}}},{'declaration':1,'values':{},'configuration':{'cases':{'value':[]}},"
                   "'flows':{'default':{}}}]"),
             GRAPH("'events':[{'id':'a'},{}],'declarations':[{'op':'event/onStart'},{'op':'flow/switch'}],"
                   "'nodes':[{'declaration':0,'flows':{'out':{'node':1}}},{'declaration':1}]"));
}

/* 4 is read by 0, which 3 activates; 2 and 3 are both onStart, and 2 is the first. */
TEST(upgrade_orders_nodes_and_keeps_the_order_of_events) {
    UPGRADES(GRAPH(TYPES ",'declarations':[{'op':'event/onStart'},{'op':'flow/branch'},{'op':'math/isNaN'}],'nodes':["
                         "{'declaration':1,'values':{'condition':{'node':4}}},"
                         "{'declaration':1,'values':{'condition':{'node':4}},'flows':{'true':{'node':0}}},"
                         "{'declaration':0,'flows':{'out':{'node':1}}},{'declaration':0,'flows':{'out':{'node':0}}},"
                         "{'declaration':2,'values':{'a':{'type':0}}}]"),
             GRAPH(TYPES ",'declarations':[{'op':'event/onStart'},{'op':'flow/branch'},{'op':'math/isNaN'}],'nodes':["
                         "{'declaration':0,'flows':{'out':{'node':3}}},{'declaration':0,'flows':{'out':{'node':4}}},"
                         "{'declaration':2,'values':{'a':{'type':0}}},"
                         "{'declaration':1,'values':{'condition':{'node':2}},'flows':{'true':{'node':4}}},"
                         "{'declaration':1,'values':{'condition':{'node':2}}}]"));
}

TEST(upgrade_refuses_cycles) {
    REFUSES(GRAPH("'declarations':[{'op':'flow/setDelay'}],'nodes':[{'declaration':0,'flows':{'done':{'node':0}}}]"), ERR_DRAFT_CYCLE,
            "no order of the nodes fits this cycle: 0 \"flow/setDelay\" -flow-> 0 \"flow/setDelay\"");
    REFUSES(GRAPH("'declarations':[{'op':'flow/branch'},{'op':'flow/doN'},{'op':'math/gt'}],'nodes':["
                  "{'declaration':0,'values':{'condition':{'node':2}},'flows':{'true':{'node':1}}},{'declaration':1},"
                  "{'declaration':2,'values':{'a':{'node':1,'socket':'currentCount'}}}]"),
            ERR_DRAFT_CYCLE,
            "no order of the nodes fits this cycle: 0 \"flow/branch\" -flow-> 1 \"flow/doN\" -value-> 2 \"math/gt\" -value-> 0 "
            "\"flow/branch\"");
}

TEST(upgrade_refuses_edges_to_nowhere) {
    REFUSES(GRAPH("'declarations':[{'op':'event/onStart'}],'nodes':[{'declaration':0,'values':{},'flows':{'out':{'node':1}}}]"),
            ERR_DRAFT_SHAPE, "\"node\" is not valid in any known draft");
}

#define POINTER "'pointer':{'value':['/nodes/%s/translation']}"
TEST(upgrade_brackets_ints_and_braces_refs) {
    UPGRADES(GRAPH(TYPES_REF ",'variables':[{'type':1},{'type':2}],'declarations':[{'op':'variable/get'},{'op':'pointer/get'}],"
                             "'nodes':[{'declaration':0,'configuration':{'variable':{'value':[0]}}},"
                             "{'declaration':0,'configuration':{'variable':{'value':[1]}}},"
                             "{'declaration':1,'configuration':{'pointer':{'value':['/nodes/{a}/weights/{b}']},'type':{'value':[0]}},"
                             "'values':{'a':{'node':0},'b':{'value':[3],'type':1}}},"
                             "{'declaration':1,'configuration':{'pointer':{'value':['/nodes/{a}/weights/[c~1d]']},'type':{'value':[0]}},"
                             "'values':{'a':{'node':1},'c/d':{'type':1}}}]"),
             GRAPH(TYPES_REF ",'variables':[{'type':1},{'type':2}],'declarations':[{'op':'variable/get'},{'op':'pointer/get'}],"
                             "'nodes':[{'declaration':0,'configuration':{'variable':{'value':[0]}}},"
                             "{'declaration':0,'configuration':{'variable':{'value':[1]}}},"
                             "{'declaration':1,'configuration':{'pointer':{'value':['/nodes/[a]/weights/[b]']},'type':{'value':[0]}},"
                             "'values':{'a':{'node':0},'b':{'value':[3],'type':1}}},"
                             "{'declaration':1,'configuration':{'pointer':{'value':['/nodes/{a}/weights/[c~1d]']},'type':{'value':[0]}},"
                             "'values':{'a':{'node':1},'c/d':{'type':1}}}]"));
}

TEST(upgrade_reads_numbers_that_are_text) {
    UPGRADES(GRAPH(TYPES ",'variables':[{'type':0,'value':['-1']},{'type':1,'value':['7']},{'type':0,'value':['0x1']}],"
                         "'declarations':[{'op':'math/neg'}],'nodes':[{'declaration':0,'values':{'a':{'value':['1.5e3'],'type':0}}}]"),
             GRAPH(TYPES ",'variables':[{'type':0,'value':[-1]},{'type':1,'value':[7]},{'type':0,'value':['0x1']}],"
                         "'declarations':[{'op':'math/neg'}],'nodes':[{'declaration':0,'values':{'a':{'value':[1500],'type':0}}}]"));
}

/* NaN is what a float is without a value. */
TEST(upgrade_takes_infinities_from_nodes) {
    UPGRADES(GRAPH("'types':[{'signature':'float2'},{'signature':'float'}],'declarations':[{'op':'math/add'},{'op':'math/neg'}],"
                   "'nodes':[{'declaration':0,'values':{'a':{'value':['NaN','NaN'],'type':0},'b':{'value':[1,'-Infinity'],'type':0}}},"
                   "{'declaration':1,'values':{'a':{'value':['Infinity'],'type':1}}}]"),
             GRAPH("'types':[{'signature':'float2'},{'signature':'float'}],'declarations':[{'op':'math/add'},{'op':'math/neg'},"
                   "{'op':'math/Inf'},{'op':'math/combine2'}],"
                   "'nodes':[{'declaration':2},{'values':{'a':{'node':0}},'declaration':1},"
                   "{'values':{'a':{'value':[1],'type':1},'b':{'node':1}},'declaration':3},"
                   "{'declaration':0,'values':{'a':{'type':0},'b':{'node':2}}},"
                   "{'declaration':1,'values':{'a':{'node':0}}}]"));
}

TEST(upgrade_sets_infinite_variables_before_all_else) {
    UPGRADES(GRAPH(TYPES ",'variables':[{'type':0,'value':['Infinity']}],'declarations':[{'op':'event/onStart'}],"
                         "'nodes':[{'declaration':0}]"),
             GRAPH(TYPES ",'variables':[{'type':0}],'declarations':[{'op':'event/onStart'},{'op':'variable/set'},{'op':'math/Inf'}],"
                         "'nodes':[{'flows':{'out':{'node':2}},'declaration':0},{'declaration':2},"
                         "{'configuration':{'variables':{'value':[0]}},'values':{'0':{'node':1}},'declaration':1},{'declaration':0}]"));
    REFUSES(GRAPH(TYPES ",'events':[{'values':{'x':{'type':0,'value':['Infinity']}}}]"), ERR_DRAFT_BEGIN,
            "[\"Infinity\"] is not finite, and no value here can begin so in ratified form");
}

/* The index goes through a variable and a choice, and ends at cancelDelay. -1 was no delay: null. */
TEST(upgrade_follows_delay_indices) {
    UPGRADES(GRAPH("'types':[{'signature':'int'},{'signature':'bool'}],'variables':[{'type':0,'value':[-1]}],"
                   "'declarations':[{'op':'flow/setDelay'},{'op':'variable/set'},{'op':'variable/get'},{'op':'math/select'},"
                   "{'op':'flow/cancelDelay'},{'op':'math/eq'}],'nodes':[{'declaration':0,'flows':{'out':{'node':1}}},"
                   "{'declaration':1,'configuration':{'variables':{'value':[0]}},'values':{'0':{'node':0,'socket':'lastDelayIndex'}},"
                   "'flows':{'out':{'node':5}}},{'declaration':2,'configuration':{'variable':{'value':[0]}}},"
                   "{'declaration':5,'values':{'a':{'node':2},'b':{'value':[-1],'type':0}}},"
                   "{'declaration':3,'values':{'condition':{'node':3},'a':{'node':2},'b':{'value':[-1],'type':0}}},"
                   "{'declaration':4,'values':{'delayIndex':{'node':4}}}]"),
             GRAPH("'types':[{'signature':'int'},{'signature':'bool'},{'signature':'ref'}],'variables':[{'type':2}],"
                   "'declarations':[{'op':'flow/setDelay'},{'op':'variable/set'},{'op':'variable/get'},{'op':'math/select'},"
                   "{'op':'flow/cancelDelay'},{'op':'math/eq'},{'op':'ref/eq'}],'nodes':[{'declaration':0,'flows':{'out':{'node':1}}},"
                   "{'declaration':1,'configuration':{'variables':{'value':[0]}},'values':{'0':{'node':0,'socket':'lastDelay'}},"
                   "'flows':{'out':{'node':5}}},{'declaration':2,'configuration':{'variable':{'value':[0]}}},"
                   "{'declaration':6,'values':{'a':{'node':2},'b':{'type':2}}},"
                   "{'declaration':3,'values':{'condition':{'node':3},'a':{'node':2},'b':{'type':2}}},"
                   "{'declaration':4,'values':{'delay':{'node':4}}}]"));
}

TEST(upgrade_follows_indices_through_events) {
    UPGRADES(GRAPH(TYPES ",'events':[{'values':{'d':{'type':1}}}],'declarations':[{'op':'flow/setDelay'},{'op':'event/send'},"
                         "{'op':'event/receive'},{'op':'flow/cancelDelay'}],'nodes':[{'declaration':0},"
                         "{'declaration':1,'configuration':{'event':{'value':[0]}},'values':{'d':{'node':0,'socket':'lastDelayIndex'}}},"
                         "{'declaration':2,'configuration':{'event':{'value':[0]}},'flows':{'out':{'node':3}}},"
                         "{'declaration':3,'values':{'delayIndex':{'node':2,'socket':'d'}}}]"),
             GRAPH(TYPES_REF ",'events':[{'values':{'d':{'type':2}}}],'declarations':[{'op':'flow/setDelay'},{'op':'event/send'},"
                             "{'op':'event/receive'},{'op':'flow/cancelDelay'}],'nodes':[{'declaration':0},"
                             "{'declaration':1,'configuration':{'event':{'value':[0]}},'values':{'d':{'node':0,'socket':'lastDelay'}}},"
                             "{'declaration':2,'configuration':{'event':{'value':[0]}},'flows':{'out':{'node':3}}},"
                             "{'declaration':3,'values':{'delay':{'node':2,'socket':'d'}}}]"));
}

#define DELAYS(op, values)                                                                         \
    GRAPH("'types':[{'signature':'int'}],'declarations':[{'op':'flow/setDelay'},{'op':'" op "'}],'nodes':[{'declaration':0}," \
          "{'declaration':1,'values':{" values "}}]")

TEST(upgrade_refuses_what_only_an_int_can_do) {
    REFUSES(DELAYS("math/add", "'a':{'node':0,'socket':'lastDelayIndex'}"), ERR_DRAFT_INDEX_READ,
            "1 \"math/add\" input \"a\" takes an int, but what it reads is a ref now");
    REFUSES(DELAYS("math/eq", "'a':{'node':0,'socket':'lastDelayIndex'},'b':{'value':[3],'type':0}"), ERR_DRAFT_INDEX_VALUE,
            "1 \"math/eq\" input \"b\": no ref stands for this number");
    REFUSES(GRAPH("'types':[{'signature':'int'}],'declarations':[{'op':'math/neg'},{'op':'flow/cancelDelay'}],'nodes':["
                  "{'declaration':0,'values':{'a':{'type':0}}},{'declaration':1,'values':{'delayIndex':{'node':0}}}]"),
            ERR_DRAFT_INDEX_SOURCE, "1 \"flow/cancelDelay\" input \"delay\" takes a ref now, but what it reads is an int");
}

TEST(upgrade_names_animations) {
    UPGRADES("{'animations':[{},{}],'extensions':{'KHR_interactivity':{'graphs':[{'types':[{'signature':'int'}],'declarations':["
             "{'op':'animation/stop'},{'op':'math/abs'}],'nodes':[{'declaration':0,'values':{'animation':{'value':[1],'type':0}}},"
             "{'declaration':1,'values':{'a':{'type':0}}},{'declaration':0,'values':{'animation':{'node':1}}}]}]}}}",
             "{'animations':[{},{}],'extensions':{'KHR_interactivity':{'graphs':[{'types':[{'signature':'int'},{'signature':'ref'}],"
             "'declarations':[{'op':'animation/stop'},{'op':'math/abs'},{'op':'math/switch'}],'nodes':["
             "{'declaration':0,'values':{'animation':{'value':['/animations/1'],'type':1}}},"
             "{'declaration':1,'values':{'a':{'type':0}}},"
             "{'values':{'selection':{'node':1},'0':{'value':['/animations/0'],'type':1},'1':{'value':['/animations/1'],'type':1},"
             "'default':{'type':1}},'configuration':{'cases':{'value':[0,1]}},'declaration':2},"
             "{'declaration':0,'values':{'animation':{'node':2}}}]}]}}}");
    REFUSES(GRAPH("'types':[{'signature':'int'}],'declarations':[{'op':'animation/stop'},{'op':'math/abs'}],'nodes':["
                  "{'declaration':1,'values':{'a':{'type':0}}},{'declaration':0,'values':{'animation':{'node':0}}}]"),
            ERR_DRAFT_ANIMATION,
            "1 \"animation/stop\" input \"animation\": an animation's index is worked out while the graph runs, and the "
            "animations to choose from are not known");
}

/* A cell that is read: 3, 7, 11 and 15 are the last row of a matrix in columns. */
TEST(upgrade_computes_the_validity_of_matDecompose) {
    UPGRADES(GRAPH("'types':[{'signature':'float4x4'}],'declarations':[{'op':'math/matDecompose'},{'op':'flow/branch'}],'nodes':["
                   "{'declaration':0,'values':{'a':{'type':0}}},"
                   "{'declaration':1,'values':{'condition':{'node':0,'socket':'isValid','type':1}}}]"),
             GRAPH("'types':[{'signature':'float4x4'},{'signature':'float'},{'signature':'float4'}],"
                   "'declarations':[{'op':'math/matDecompose'},{'op':'flow/branch'},{'op':'math/abs'},{'op':'math/extract3'},"
                   "{'op':'math/min'},{'op':'math/max'},{'op':'math/gt'},{'op':'math/Inf'},{'op':'math/lt'},{'op':'math/and'},"
                   "{'op':'math/extract4x4'},{'op':'math/combine4'},{'op':'math/eq'}],'nodes':["
                   "{'declaration':7},"
                   "{'values':{'a':{'type':0}},'declaration':10},"
                   "{'values':{'a':{'node':1,'socket':'3'},'b':{'node':1,'socket':'7'},'c':{'node':1,'socket':'11'},"
                   "'d':{'node':1,'socket':'15'}},'declaration':11},"
                   "{'values':{'a':{'node':2},'b':{'value':[0,0,0,1],'type':2}},'declaration':12},"
                   "{'declaration':0,'values':{'a':{'type':0}}},"
                   "{'values':{'a':{'node':4,'socket':'scale'}},'declaration':2},"
                   "{'values':{'a':{'node':5}},'declaration':3},"
                   "{'values':{'a':{'node':6,'socket':'0'},'b':{'node':6,'socket':'1'}},'declaration':4},"
                   "{'values':{'a':{'node':7},'b':{'node':6,'socket':'2'}},'declaration':4},"
                   "{'values':{'a':{'node':6,'socket':'0'},'b':{'node':6,'socket':'1'}},'declaration':5},"
                   "{'values':{'a':{'node':9},'b':{'node':6,'socket':'2'}},'declaration':5},"
                   "{'values':{'a':{'node':8},'b':{'value':[0],'type':1}},'declaration':6},"
                   "{'values':{'a':{'node':10},'b':{'node':0}},'declaration':8},"
                   "{'values':{'a':{'node':11},'b':{'node':12}},'declaration':9},"
                   "{'values':{'a':{'node':13},'b':{'node':3}},'declaration':9},"
                   "{'declaration':1,'values':{'condition':{'node':14}}}]"));
}

#define SELECT_SOCKETS                                                                             \
    "'outputValueSockets':{'selectedNode':{'type':1},'controllerIndex':{'type':0},'selectionPoint':{'type':2}," \
    "'selectionRayOrigin':{'type':2},'event':{'type':1}}"

TEST(upgrade_completes_the_events_of_extensions) {
    UPGRADES(GRAPH("'types':[{'signature':'int'}],'declarations':[{'op':'event/onSelect','extension':'KHR_node_selectability',"
                   "'outputValueSockets':{'selectedNodeIndex':{'type':0}}},{'op':'pointer/get'},{'op':'flow/sequence'},{'op':'math/eq'}],"
                   "'nodes':[{'declaration':0,'configuration':{'nodeIndex':{'value':[0]},'stopPropagation':{'value':[true]}},"
                   "'flows':{'out':{'node':3}}},{'declaration':1,'configuration':{'pointer':{'value':['/nodes/{n}/mesh']},"
                   "'type':{'value':[0]}},'values':{'n':{'node':0,'socket':'selectedNodeIndex'}}},"
                   "{'declaration':3,'values':{'a':{'value':[4],'type':0},'b':{'node':0,'socket':'selectedNodeIndex'}}},{'declaration':2}]"),
             GRAPH("'types':[{'signature':'int'},{'signature':'ref'},{'signature':'float3'},{'signature':'bool'}],'declarations':["
                   "{'op':'event/onSelect','extension':'KHR_node_selectability'," SELECT_SOCKETS "},{'op':'pointer/get'},"
                   "{'op':'flow/sequence'},{'op':'math/eq'},{'op':'event/stopPropagation'},{'op':'ref/eq'}],"
                   "'nodes':[{'declaration':0,'configuration':{'nodeIndex':{'value':[0]}},'flows':{'out':{'node':1}}},"
                   "{'values':{'stopImmediate':{'value':[false],'type':3},'event':{'node':0,'socket':'event'}},"
                   "'flows':{'out':{'node':4}},'declaration':4},"
                   "{'declaration':1,'configuration':{'pointer':{'value':['/nodes/{n}/mesh']},'type':{'value':[0]}},"
                   "'values':{'n':{'node':0,'socket':'selectedNode'}}},"
                   "{'declaration':5,'values':{'a':{'value':['/nodes/4'],'type':1},'b':{'node':0,'socket':'selectedNode'}}},"
                   "{'declaration':2}]"));
}

TEST(upgrade_declares_selection_as_an_extension) {
    UPGRADES(GRAPH("'declarations':[{'op':'node/OnSelect'}]"),
             GRAPH("'declarations':[{'op':'event/onSelect','extension':'KHR_node_selectability',"
                   "'outputValueSockets':{'selectedNode':{'type':0},'controllerIndex':{'type':1},'selectionPoint':{'type':2},"
                   "'selectionRayOrigin':{'type':2},'event':{'type':0}}}],"
                   "'types':[{'signature':'ref'},{'signature':'int'},{'signature':'float3'}]"));
}

TEST(upgrade_sets_variables_by_index) {
    UPGRADES(GRAPH(TYPES ",'variables':[{'id':'x','type':0},{'id':'y','name':'z','type':0}],'declarations':["
                         "{'op':'variable/setMultiple'},{'op':'variable/set'}],'nodes':["
                         "{'declaration':0,'configuration':{'variables':{'value':[0,1]}},'values':{'0':{'type':0},'1':{'type':0}}},"
                         "{'declaration':1,'configuration':{'variable':{'value':[1]}},'values':{'value':{'value':[2],'type':0}}}]"),
             GRAPH(TYPES ",'variables':[{'name':'x','type':0},{'id':'y','name':'z','type':0}],'declarations':[{'op':'variable/set'}],"
                         "'nodes':[{'declaration':0,'configuration':{'variables':{'value':[0,1]}},'values':{'0':{'type':0},'1':{'type':0}}},"
                         "{'declaration':0,'configuration':{'variables':{'value':[1]}},'values':{'1':{'value':[2],'type':0}}}]"));
}

TEST(upgrade_renames_ops_and_sockets) {
    UPGRADES(GRAPH("'types':[{'signature':'float3'},{'signature':'float4'},{'signature':'float'}],'declarations':[{'op':'math/rotate3d'},"
                   "{'op':'math/isnan'},{'op':'math/pi'},{'op':'math/isNaN'}],'nodes':["
                   "{'declaration':0,'values':{'a':{'type':0},'b':{'type':1}}},{'declaration':2},"
                   "{'declaration':1,'values':{'a':{'node':1,'socket':'val'}}},{'declaration':3,'values':{'a':{'node':1}}}]"),
             GRAPH("'types':[{'signature':'float3'},{'signature':'float4'},{'signature':'float'}],'declarations':[{'op':'math/rotate3D'},"
                   "{'op':'math/Pi'},{'op':'math/isNaN'}],'nodes':["
                   "{'declaration':0,'values':{'a':{'type':0},'rotation':{'type':1}}},{'declaration':1},"
                   "{'declaration':2,'values':{'a':{'node':1,'socket':'value'}}},{'declaration':2,'values':{'a':{'node':1}}}]"));
}

TEST(upgrade_turns_an_axis_into_a_rotation) {
    UPGRADES(GRAPH("'types':[{'signature':'float3'},{'signature':'float'}],'declarations':[{'op':'math/rotate3D'}],'nodes':["
                   "{'declaration':0,'values':{'a':{'type':0},'b':{'value':[0,1,0],'type':0},'c':{'value':[2],'type':1}}}]"),
             GRAPH("'types':[{'signature':'float3'},{'signature':'float'}],'declarations':[{'op':'math/rotate3D'},"
                   "{'op':'math/quatFromAxisAngle'}],'nodes':["
                   "{'values':{'axis':{'value':[0,1,0],'type':0},'angle':{'value':[2],'type':1}},'declaration':1},"
                   "{'declaration':0,'values':{'a':{'type':0},'rotation':{'node':0}}}]"));
}

TEST(upgrade_reads_the_form_of_2023) {
    UPGRADES("{'extensions':{'KHR_interactivity':{'types':[{'signature':'float3'},{'signature':'int'}],"
             "'customEvents':[{'id':'e','values':[{'id':'n','type':1,'description':''}]}],'variables':[{'id':'v','type':1,'value':5}],"
             "'nodes':[{'type':'lifecycle/onStart','values':[],'configuration':[],'flows':[{'id':'out','node':1,'socket':'in'}]},"
             "{'type':'world/set','values':[{'id':'a','value':[1,2,3],'type':0}],'configuration':[{'id':'path','value':'nodes/0/scale'}],"
             "'flows':[{'id':'out','node':2,'socket':'in'}]},"
             "{'type':'customEvent/send','values':[{'id':'n','value':1,'type':1}],'configuration':[{'id':'customEvent','value':0}],"
             "'flows':[]}]}}}",
             "{'extensions':{'KHR_interactivity':{'graphs':[{'types':[{'signature':'float3'},{'signature':'int'}],"
             "'events':[{'id':'e','values':{'n':{'type':1,'description':''}}}],'variables':[{'name':'v','type':1,'value':[5]}],"
             "'nodes':[{'declaration':0,'flows':{'out':{'node':1,'socket':'in'}}},"
             "{'declaration':1,'values':{'value':{'value':[1,2,3],'type':0}},'configuration':{'pointer':{'value':['/nodes/0/scale']},"
             "'type':{'value':[0]}},'flows':{'out':{'node':2,'socket':'in'}}},"
             "{'declaration':2,'values':{'n':{'value':[1],'type':1}},'configuration':{'event':{'value':[0]}}}],"
             "'declarations':[{'op':'event/onStart'},{'op':'pointer/set'},{'op':'event/send'}]}]}}}");
}

TEST(upgrade_keeps_lines_and_all_that_is_not_the_extension) {
    UPGRADES("\n{ 'a' : 1.0,\n  'extensions': {\n    'KHR_interactivity': {\n'graphs': [ {'types': [], 'nodes': [{'declaration': 0, 'flows': "
             "{}}], 'declarations': [{'op':\n'event/onStart'}]} ] } },\t'b':[ ] }\n\n",
             "\n{ 'a' : 1.0,\n  'extensions': {\n    'KHR_interactivity': {\n      'graphs': [\n        {\n          'nodes': [\n"
             "            {'declaration': 0}\n          ],\n          'declarations': [\n            {'op': 'event/onStart'}\n"
             "          ]\n        }\n      ]\n    } },\t'b':[ ] }\n\n");
}

#define TWO_GRAPHS(chosen)                                                                         \
    "{'graphs':[{'types':[]},{'declarations':[{'op':'flow/setDelay'}],'nodes':[{'declaration':0,'values':{},"  \
    "'flows':{'done':{'node':0}}}] }],'graph':" chosen "}"

TEST(upgrade_leaves_a_graph_it_cannot_upgrade_unless_it_is_the_one_that_runs) {
    Upgrading u;
    upgrade_quoted(&u, TWO_GRAPHS("0"));
    CHECK_INT(u.err, ERR_OK);
    CHECK_INT(u.diags.list[0].severity, SEVERITY_WARNING);
    CHECK_TEXT(u.said.data, "{'graphs':[{},{'declarations':[{'op':'flow/setDelay'}],'nodes':[{'declaration':0,'values':{},"
                            "'flows':{'done':{'node':0}}}] }],'graph':0}");
    upgrading_close(&u);
    upgrade_quoted(&u, TWO_GRAPHS("1"));
    CHECK_INT(u.err, ERR_DRAFT_CYCLE);
    CHECK_TEXT(u.diags.list[0].pointer, "/graphs/1/nodes/0");
    upgrading_close(&u);
}

TEST(upgrade_says_what_was_where) {
    Upgrading u;
    upgrade_quoted(&u, "{'graphs':[\n {'variables':[{'id':'a~b','type':0}],\n  'types':[{'signature':'float'}], 'nodes' : [ ]}]}");
    CHECK_INT(u.upgrade.changes.count, 2);
    const Change *c = u.upgrade.changes.at;
    CHECK_INT(c[0].kind, ERR_DRAFT_VARIABLE_ID);
    CHECK_TEXT(c[0].pointer, "/graphs/0/variables/0/id");
    CHECK_INT(c[0].line, 2);
    CHECK_INT(c[0].column, 22);
    CHECK_TEXT(c[0].was, "id");
    CHECK_TEXT(c[0].now, "name");
    CHECK_INT(c[1].kind, ERR_DRAFT_EMPTY);
    CHECK_TEXT(c[1].pointer, "/graphs/0/nodes");
    CHECK_INT(c[1].line, 3);
    CHECK_INT(c[1].column, 46);
    upgrading_close(&u);
}

TEST(upgrade_knows_only_KHR_interactivity) {
    REFUSES("{'treadle':1,'nodes':[]}", ERR_DRAFT_DIALECT, "no KHR_interactivity in this file: there is nothing to upgrade");
    REFUSES("[]", ERR_DRAFT_DIALECT, "no KHR_interactivity in this file: there is nothing to upgrade");
    REFUSES("{'graphs':[1]}", ERR_DRAFT_SHAPE, "\"graph\" is not valid in any known draft");
    REFUSES("{'graphs':[{'nodes':[1]}]}", ERR_DRAFT_SHAPE, "\"node\" is not valid in any known draft");
}

/* What is searched again and again must not be long. */
TEST(upgrade_refuses_objects_with_more_members_than_a_node_has_sockets) {
    static const char *const parts[] = {
        "'declarations':[{'op':'math/abs'}],'nodes':[{'declaration':0,'configuration':{",
        "'variables':[{'type':0}],'declarations':[{'op':'a/b','extension':'E','outputValueSockets':{",
        "'declarations':[{'op':'math/abs'}],'variables':[{'extras':{",
    };
    for (u32 i = 0; i < COUNT_OF(parts); i++) {
        for (u32 members = 256; members <= 257; members++) {
            Buf draft = {0};
            buf_print(&draft, "{'graphs':[{%s", parts[i]);
            for (u32 k = 0; k < members; k++) buf_print(&draft, "%s'%u':{'value':[1]}", k ? "," : "", k);
            buf_text(&draft, "}}]}]}");
            if (members <= 256) {
                UPGRADES(draft.data, "");
            } else {
                REFUSES(draft.data, ERR_LIMIT, "257 members of one object; limit ports=256");
            }
            buf_close(&draft);
        }
    }
}

/* Every request for memory may be refused: then it is refused, and nothing is kept. */
TEST(upgrade_lives_without_memory) {
    static const char draft[] = "{\"graphs\":[{\"types\":[{\"signature\":\"float\"}],\"variables\":[{\"type\":0,"
                                "\"value\":[\"Infinity\"]}],\"declarations\":[{\"op\":\"math/e\"}],"
                                "\"nodes\":[{\"declaration\":0,\"flows\":{}}]}]}";
    i64 before = system_live, n = 0;
    for (bool all = false; !all && n < 1000; n++) {
        Upgrading u = {0};
        system_fail_after = n;
        upgrade_bytes(&u, draft, sizeof draft - 1);
        all = system_fail_after >= 0;
        system_fail_after = -1;
        if (all) CHECK_INT(u.err, ERR_OK);
        upgrading_close(&u);
        CHECK_INT(system_live, before);
    }
    CHECK(n > 10 && n < 1000);
}
