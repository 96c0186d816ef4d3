/* access.c (unit) - what instructions read and write: the ranges by hand, and the operands as verify demands them. */
#include "../../src/code/access.h"

#include <stdio.h>

#include "every.h"

static i32 *operand(Ins *i, u32 k) { return k == 0 ? &i->a : k == 1 ? &i->b : k == 2 ? &i->c : &i->d; }

static const Ins *find(const Program *p, Code code) {
    for (u32 pc = 0; pc < p->count; pc++)
        if (p->code[pc].code == code) return &p->code[pc];
    assert_failed(code_name(code), __FILE__, __LINE__);
}

/* "r1 w3": the ranges' lengths, in their order. */
static const char *lengths(const Program *p, const Ins *i) {
    static char text[64];
    Access list[ACCESS_MAX];
    int at = 0;
    text[0] = 0;
    for (u32 k = 0, n = access_of(p, i, list); k < n; k++)
        at += snprintf(text + at, sizeof text - (size_t)at, "%s%c%u", k ? " " : "", list[k].write ? 'w' : 'r', list[k].count);
    return text;
}

/* Of code.def and the types of the graph's sockets. interpolate reads a float, a duration and two float2; normalize writes a
** float3 and isValid. */
TEST(access_knows_how_many_slots_each_instruction_reads_and_writes) {
    static const struct {
        Code code;
        const char *lengths;
        InsKind kind;
    } rows[] = {
        {CODE_add_i, "r1 r1 w1", INS_PURE},     {CODE_cross, "r3 r3 w3", INS_PURE},
        {CODE_normalize_3, "r3 w4", INS_PURE},  {CODE_add_f, "r1 r1 w1", INS_PURE},
        {CODE_mov, "r1 w1", INS_PURE},          {CODE_epoch, "r1 w1", INS_PURE},
        {CODE_jump, "", INS_CONTROL},           {CODE_jump_not, "r1", INS_CONTROL},
        {CODE_switch, "r1", INS_CONTROL},       {CODE_call, "", INS_CONTROL},
        {CODE_ret, "", INS_CONTROL},            {CODE_halt, "", INS_CONTROL},
        {CODE_fuel, "", INS_CHARGE},            {CODE_turn, "r1 r1", INS_CHARGE},
        {CODE_next_turn, "r1 r1 w1", INS_CHARGE}, {CODE_enter, "r1 r1 w1 w1", INS_EFFECT},
        {CODE_leave, "r1 r1 w1 w1", INS_EFFECT}, {CODE_delay, "r1 w1", INS_EFFECT},
        {CODE_delay_cancel, "r1", INS_EFFECT},  {CODE_delay_stop, "", INS_EFFECT},
        {CODE_throttle, "r1 w1", INS_EFFECT},   {CODE_gate, "w1", INS_EFFECT},
        {CODE_gate_reset, "", INS_EFFECT},      {CODE_wait_all, "w1", INS_EFFECT},
        {CODE_send, "r1", INS_EFFECT},          {CODE_stop, "r1 r1", INS_EFFECT},
        {CODE_interpolate, "r6 w1", INS_EFFECT}, {CODE_interpolate_stop, "", INS_EFFECT},
        {CODE_random, "r1 w1", INS_EFFECT},     {CODE_log, "r1", INS_EFFECT},
    };
    Lowered l;
    lowered_verify(&l, EVERY);
    for (u32 k = 0; k < COUNT_OF(rows); k++) {
        CHECK_TEXT(lengths(l.program, find(l.program, rows[k].code)), rows[k].lengths);
        CHECK_INT(ins_kind(rows[k].code), rows[k].kind);
    }
    lowered_close(&l);
}

/* Whether ranges begin at a slot: 1 one is read, 2 one is written. */
static u32 ways_at(const Program *p, const Ins *i, u32 slot) {
    Access list[ACCESS_MAX];
    u32 ways = 0;
    for (u32 k = 0, n = access_of(p, i, list); k < n; k++)
        if (list[k].slot == slot) ways |= list[k].write ? 2 : 1;
    return ways;
}

/* What verify says of an instruction whose operand is no slot: the same. `counts`: a counter is both. */
static u32 ways_wanted(const char *why, u32 pc) {
    char begin[40];
    snprintf(begin, sizeof begin, "instruction %u ", pc);
    if (strncmp(why, begin, strlen(begin)) != 0) return 0;
    if (strstr(why, "counts entries")) return 3;
    if (!strstr(why, "a slot that is not there")) return 0;
    return strstr(why, "writes") ? 2 : 1;
}

static bool is_slot(Code code, u32 k) {
    char kind = code_operand(code, k);
    return kind == 'd' || kind == 's';
}

TEST(access_and_verify_look_at_the_same_operands) {
    Lowered l;
    lowered_verify(&l, EVERY);
    Program *p = l.program;
    u32 seen = 0;
    for (u32 pc = 0; pc < p->count; pc++)
        for (u32 k = 0; k < 4; k++) {
            Ins *i = &p->code[pc], kept = *i;
            char why[128] = "";
            if (!is_slot((Code)i->code, k)) continue;
            *operand(i, k) = (i32)p->stack_first;
            u32 ways = ways_at(p, i, p->stack_first);
            bool passed = verify(p, why, sizeof why);
            *i = kept;
            if (i->code == CODE_next_turn && k == 1) ways &= 1; /* verify names the reading first */
            u32 wanted = passed ? 0 : ways_wanted(why, pc);
            CHECK_INT(ways, wanted);
            seen += ways != 0;
        }
    CHECK(seen > 100);
    lowered_close(&l);
}

TEST(access_names_no_slot_that_is_no_operand_but_counters_of_the_instance) {
    Lowered l;
    lowered_verify(&l, EVERY);
    const Program *p = l.program;
    for (u32 pc = 0; pc < p->count; pc++) {
        Ins i = p->code[pc];
        Access list[ACCESS_MAX];
        for (u32 n = access_of(p, &i, list); n-- > 0;) {
            bool named = list[n].slot == STATE_EPOCH || list[n].slot == STATE_DEPTH;
            for (u32 k = 0; k < 4; k++) named |= is_slot((Code)i.code, k) && *operand(&i, k) == (i32)list[n].slot;
            CHECK(named);
            CHECK(list[n].slot + list[n].count <= p->stack_first);
            CHECK(!list[n].write || list[n].slot < p->const_first || list[n].slot >= p->temp_first);
        }
    }
    lowered_close(&l);
}

TEST(access_tells_what_effects_reach_beyond_their_operands) {
    static const struct {
        Code code;
        EffectReach writes, reads;
    } rows[] = {
        {CODE_delay, REACH_NODE, REACH_NODE},       {CODE_delay_cancel, REACH_ALL, REACH_ALL},
        {CODE_gate, REACH_NODE, REACH_ALL},         {CODE_throttle, REACH_NODE, REACH_NODE},
        {CODE_interpolate, REACH_NONE, REACH_ALL},  {CODE_log, REACH_NONE, REACH_NONE},
        {CODE_random, REACH_NONE, REACH_NONE},      {CODE_stop, REACH_NONE, REACH_NONE},
    };
    Lowered l;
    lowered_verify(&l, EVERY);
    for (u32 k = 0; k < COUNT_OF(rows); k++) {
        u32 node;
        const Ins *i = find(l.program, rows[k].code);
        CHECK_INT(effect_writes(l.program, i, &node), rows[k].writes);
        CHECK_INT(node != NONE, rows[k].writes == REACH_NODE);
        CHECK_INT(effect_reads(l.program, i, &node), rows[k].reads);
    }
    const Ins *delay = find(l.program, CODE_delay);
    u32 node;
    effect_writes(l.program, delay, &node);
    CHECK_TEXT(l.graph->node_name[node], "delay");
    lowered_close(&l);
}
