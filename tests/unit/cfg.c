/* cfg.c (unit) - programs as blocks and units: what is its own unit, what is shared, what is cut, how control comes in. */
#include "../../src/code/cfg.h"

#include "lowered.h"

typedef struct Cut {
    Lowered lowered;
    const Program *p;
    Cfg cfg;
} Cut;

static void cut_open(Cut *t, const char *quoted, bool charges, u32 instructions) {
    lowered_verify(&t->lowered, quoted);
    t->p = t->lowered.program;
    CHECK_INT(cfg_open(t->p, &(CfgOptions){.charges = charges, .instructions = instructions}, &t->cfg), ERR_OK);
}

static void cut_close(Cut *t) {
    cfg_close(&t->cfg);
    lowered_close(&t->lowered);
}

/* The unit of the code that activates a node first; NONE: none does. */
static u32 unit_of(const Cut *t, const char *node) {
    const Graph *g = t->p->graph;
    for (u32 m = 0; m < t->p->mark_count; m++) {
        const Mark *mark = &t->p->marks[m];
        if (mark->kind == MARK_ACTIVATE && !strcmp(g->node_name[g->flow_in_node[mark->what]], node))
            return t->cfg.blocks[t->cfg.block_at[mark->pc]].unit;
    }
    return NONE;
}

/* Edges from one unit into another. */
static u32 count_goes(const Cut *t) {
    u32 n = 0;
    for (u32 b = 0; b < t->cfg.block_count; b++)
        for (u32 k = 0; t->cfg.blocks[b].unit != NONE && k < t->cfg.blocks[b].succs; k++)
            n += t->cfg.blocks[t->cfg.succ[t->cfg.blocks[b].succ_first + k]].unit != t->cfg.blocks[b].unit;
    return n;
}

/* What must hold of any cfg, whatever the program. */
static void check_whole(const Cut *t) {
    const Cfg *c = &t->cfg;
    u32 at = 0, members = 0, ways = 0;
    for (u32 b = 0; b < c->block_count; b++) { /* blocks tile the program */
        CHECK_INT(c->blocks[b].first, at);
        CHECK(c->blocks[b].past > at);
        for (; at < c->blocks[b].past; at++) CHECK_INT(c->block_at[at], b);
    }
    CHECK_INT(at, t->p->count);
    for (u32 u = 0; u < c->unit_count; u++) {
        CHECK_INT(c->units[u].block_first, members);
        CHECK_INT(c->units[u].way_first, ways);
        for (u32 k = 0; k < c->units[u].blocks; k++) CHECK_INT(c->blocks[c->members[members++]].unit, u);
        for (u32 k = 0; k < c->units[u].ways; k++, ways++) {
            const Way *w = &c->ways[ways];
            const Block *b = &c->blocks[w->block];
            CHECK_INT(b->unit, u);
            CHECK_INT(c->way_at[w->pc], ways);
            CHECK_INT(w->pc, w->kind == WAY_BLOCK ? b->first : b->past - 1);
        }
    }
    CHECK_INT(ways, c->way_count);
}

#define SAY(id, text, flows) "{'id':'" id "','op':'debug/log','config':{'severity':0,'message':'" text "'},'flows':{" flows "}}"
#define BRANCH(id, yes, no)                                                                        \
    "{'id':'" id "','op':'flow/branch','values':{'condition':{'from':'b'}},'flows':{'true':'" yes "','false':'" no "'}}"
#define FLAG "{'id':'b','type':'bool','value':true}"

TEST(cfg_of_a_straight_chain_is_one_unit) {
    Cut t;
    cut_open(&t, NODES(START("a") SAY("a", "a", "'out':'z:in'") "," SAY("z", "z", "")), true, 0);
    check_whole(&t);
    CHECK_INT(t.cfg.unit_count, 1);
    /* The fuel that the root costs ends a block; the two logs and the ret are the other one. */
    CHECK_INT(t.cfg.units[0].blocks, 2);
    const Block *paid = &t.cfg.blocks[t.cfg.members[0]], *rest = &t.cfg.blocks[t.cfg.members[1]];
    CHECK_INT(paid->end, END_FUEL);
    CHECK_INT(rest->end, END_RET);
    CHECK_INT(rest->past - rest->first, 3);
    /* The root's beginning is the charge itself, so that is one way, not two. */
    CHECK_INT(t.cfg.units[0].ways, 1);
    CHECK_INT(t.cfg.ways[0].pc, paid->first);
    CHECK_INT(t.cfg.ways[0].kind, WAY_BLOCK);
    cut_close(&t);
}

TEST(cfg_leaves_out_what_nothing_leads_to) {
    Cut t;
    cut_open(&t, NODES(START("a") SAY("a", "a", "")), true, 0);
    CHECK_INT(t.p->code[0].code, CODE_halt); /* in front of every program */
    CHECK_INT(t.cfg.blocks[0].unit, NONE);
    CHECK_INT(t.cfg.blocks[0].end, END_HALT);
    CHECK_INT(t.cfg.way_at[0], NONE);
    cut_close(&t);
}

TEST(cfg_gives_a_chain_that_several_lead_to_a_unit_of_its_own) {
    Cut t;
    cut_open(&t,
             NODES(START("a") "{'id':'tick','op':'event/onTick','flows':{'out':'c:in'}}," SAY("a", "a", "'out':'s:in'") ","
                       SAY("c", "c", "'out':'s:in'") "," SAY("s", "s", "")),
             true, 0);
    check_whole(&t);
    CHECK_INT(t.cfg.unit_count, 3);
    CHECK(unit_of(&t, "s") != unit_of(&t, "a"));
    CHECK(unit_of(&t, "s") != unit_of(&t, "c"));
    CHECK(unit_of(&t, "a") != unit_of(&t, "c"));
    cut_close(&t);
}

/* Two roots come into one circle at different places: a -> c -> a. */
TEST(cfg_makes_chains_that_jump_into_each_other_one_unit) {
    Cut t;
    cut_open(&t,
             WITH(FLAG, GET("b") START("a") "{'id':'tick','op':'event/onTick','flows':{'out':'c:in'}}," BRANCH("a", "c:in", "x:in") ","
                       BRANCH("c", "a:in", "x:in") "," SAY("x", "x", "")),
             true, 0);
    check_whole(&t);
    CHECK(unit_of(&t, "a") != NONE);
    CHECK_INT(unit_of(&t, "a"), unit_of(&t, "c"));
    cut_close(&t);
}

#define LONG SAY("a", "a", "'out':'d:in'") "," SAY("d", "d", "'out':'e:in'") "," SAY("e", "e", "'out':'f:in'") "," SAY("f", "f", "")

TEST(cfg_cuts_what_is_too_large) {
    Cut whole, cut;
    cut_open(&whole, NODES(START("a") LONG), true, 0);
    cut_open(&cut, NODES(START("a") LONG), true, 2);
    check_whole(&cut);
    CHECK_INT(whole.cfg.unit_count, 1);
    CHECK_INT(count_goes(&whole), 0);
    /* fuel | log log | log log | ret: blocks of two at most, and units of about as much: one jump from each to the next. */
    CHECK(cut.cfg.unit_count > 1);
    CHECK_INT(count_goes(&cut), cut.cfg.unit_count - 1);
    for (u32 b = 0; b < cut.cfg.block_count; b++) CHECK(cut.cfg.blocks[b].past - cut.cfg.blocks[b].first <= 2);
    for (u32 u = 1; u < cut.cfg.unit_count; u++) CHECK(cut.cfg.units[u].ways >= 1); /* where the one before goes on */
    cut_close(&whole);
    cut_close(&cut);
}

#define LOOP                                                                                       \
    WITH(INT("n"), GET("n") START("loop") "{'id':'loop','op':'flow/for','values':{'startIndex':0,'endIndex':{'from':'n'}}," \
                   "'flows':{'loopBody':'a:in'}}," SAY("a", "a", ""))

TEST(cfg_lets_charges_be_ways_only_when_asked) {
    Cut with, without;
    u32 charges = 0;
    cut_open(&with, LOOP, true, 0);
    cut_open(&without, LOOP, false, 0);
    check_whole(&with);
    check_whole(&without);
    for (u32 pc = 0; pc < with.p->count; pc++) {
        u16 code = with.p->code[pc].code;
        if (code != CODE_fuel && code != CODE_turn && code != CODE_next_turn) continue;
        charges++;
        CHECK(with.cfg.way_at[pc] != NONE);
    }
    CHECK_INT(charges, 3); /* of the root, of the first turn, of each further one */
    CHECK_INT(with.cfg.way_count, 3);
    CHECK_INT(without.cfg.way_count, 1);
    cut_close(&with);
    cut_close(&without);
}

TEST(cfg_shapes_a_unit_with_a_node_for_each_block_charge_and_leaving) {
    Cut t;
    cut_open(&t, LOOP, true, 0);
    Arena arena;
    UnitShape shape;
    arena_open(&arena, 0);
    CHECK_INT(cfg_shape(&t.cfg, 0, &arena, &shape), ERR_OK);
    CHECK_INT(shape.charge_first, 1 + t.cfg.units[0].blocks);
    /* The ways but that of the root are charges alone; nothing leaves. */
    CHECK_INT(shape.go_first - shape.charge_first, 2);
    CHECK_INT(shape.count, shape.go_first);
    CHECK_INT(shape.first[1] - shape.first[0], t.cfg.units[0].ways);
    for (u32 e = 0; e < shape.first[shape.count]; e++) CHECK(shape.succ[e] > 0 && shape.succ[e] < shape.count);
    arena_close(&arena);
    cut_close(&t);
}

TEST(cfg_says_so_when_memory_is_refused) {
    Lowered l;
    lowered_verify(&l, LOOP);
    i64 before = system_live;
    bool refused = true;
    for (i64 n = 0; refused && n < 100; n++) {
        Cfg cfg;
        system_fail_after = n;
        Err err = cfg_open(l.program, &(CfgOptions){.charges = true}, &cfg);
        refused = system_fail_after < 0;
        system_fail_after = -1;
        CHECK_INT(err, refused ? ERR_MEMORY : ERR_OK);
        if (err == ERR_OK) cfg_close(&cfg);
        CHECK_INT(system_live, before);
    }
    CHECK(!refused);
    lowered_close(&l);
}
