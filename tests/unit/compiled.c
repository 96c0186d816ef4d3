/* compiled.c (unit) - the loop that runs compiled code: the machine and units by hand take over from each other anywhere. */
#include "../../src/run/compiled.h"

#include <stdio.h>
#include <string.h>

#include "../../src/code/cfg.h"
#include "../../src/engine/task.h"
#include "../../src/run/effect.h"
#include "play.h"
#include "test.h"

/* ---- units by hand ---- */

static Cfg cfg;
static u32 entries, calls, wrong_ways;

/* What every unit of these tests is: it does what compiled.h asks of one, instruction by instruction. It knows from in->pc which
** unit it is, and checks that it is entered by the right way. */
typedef struct Frame {
    i32 depth, height, fuel;
} Frame;

static i32 leave(Instance *in, const Frame *f, CompiledLeft why, u32 pc) {
    in->pc = pc;
    in->depth = (u32)(f->depth + f->height);
    in->budget = f->fuel;
    return why;
}

static bool pay(Instance *in, Frame *f, u32 pc, i32 cost) {
    f->fuel -= cost;
    if (f->fuel >= 0) return true;
    leave(in, f, LEFT_CHARGE, pc);
    return false;
}

/* One instruction that is no call, no ret. `next` is where it goes on; a CompiledLeft when it does not, else 0. */
static i32 follow_one(Instance *in, Frame *f, u32 pc, u32 *next) {
    const Ins *i = &in->program->code[pc];
    Slot *slots = in->slots;
    u32 target = (u32)((i32)pc + 1 + i->a);
    switch (i->code) {
    case CODE_fuel: return pay(in, f, pc, i->a) ? 0 : LEFT_CHARGE;
    case CODE_mov: slots[i->a] = slots[i->b]; return 0;
    case CODE_add_i: slots[i->a].bits = slots[i->b].u + slots[i->c].u; return 0;
    case CODE_jump: *next = target; return 0;
    case CODE_jump_not: *next = slots[i->b].i ? *next : target; return 0;
    case CODE_turn:
    case CODE_next_turn: {
        i32 turn = slots[i->b].i + (i->code == CODE_next_turn);
        if (turn < slots[i->c].i && !pay(in, f, pc, i->d)) return LEFT_CHARGE;
        if (turn < slots[i->c].i) *next = target;
        slots[i->b].i = turn;
        return 0;
    }
    default: break;
    }
    leave(in, f, LEFT_WAIT, pc + 1);
    switch (effect(in, i)) {
    case RUN_DONE: return 0;
    case RUN_WAIT: return LEFT_WAIT;
    default: return LEFT_LIMIT;
    }
}

static i32 follow(Instance *in, i32 depth, i32 deepest, i32 way, i32 fuel) {
    const Program *p = in->program;
    u32 pc = in->pc, unit = cfg.blocks[cfg.block_at[pc]].unit;
    Frame f = {depth, in->compiled->height[pc], fuel};
    wrong_ways += cfg.ways[cfg.units[unit].way_first + (u32)way].pc != pc;
    entries++;
    for (;;) {
        const Ins *i = &p->code[pc];
        u32 next = pc + 1;
        i32 left = 0;
        if (i->code == CODE_ret) return f.fuel;
        if (in->compiled->traced) effect_before(in, pc);
        if (i->code == CODE_call) {
            in->pc = (u32)((i32)next + i->a);
            in->slots[p->stack_first + (u32)(f.depth + f.height)].bits = RETURN_BIT | next;
            if (f.depth + f.height + 1 >= deepest) {
                f.height++;
                return leave(in, &f, LEFT_GO, in->pc);
            }
            calls++;
            left = f.fuel = follow(in, f.depth + f.height + 1, deepest, 0, f.fuel);
        } else {
            left = follow_one(in, &f, pc, &next);
        }
        if (left < 0) return left;
        if (in->compiled->traced) effect_wrote(in, pc);
        if (cfg.blocks[cfg.block_at[next]].unit != unit) return leave(in, &f, LEFT_GO, next);
        pc = next;
    }
}

/* ---- a program with such units ---- */

static CompiledUnit *functions[64];

static void describe(Compiled *c, const Program *p) {
    CfgOptions options = {.charges = true};
    CHECK_INT(cfg_open(p, &options, &cfg), ERR_OK);
    *c = (Compiled){.program = p, .units = cfg.unit_count, .base = 1, .functions = functions, .levels = 100};
    arena_open(&c->arena, 0);
    c->unit_at = ARENA_ARRAY(&c->arena, u32, p->count + 1);
    c->way_at = ARENA_ARRAY(&c->arena, u32, p->count + 1);
    c->height = ARENA_ARRAY(&c->arena, i32, p->count + 1);
    for (u32 pc = 0; pc < p->count; pc++) c->unit_at[pc] = NONE;
    for (u32 u = 0; u < cfg.unit_count; u++) {
        functions[u] = follow;
        for (u32 k = 0; k < cfg.units[u].ways; k++) {
            const Way *w = &cfg.ways[cfg.units[u].way_first + k];
            c->unit_at[w->pc] = u;
            c->way_at[w->pc] = k;
            c->height[w->pc] = cfg.blocks[w->block].height;
        }
    }
}

typedef struct Trial {
    Play play;
    Compiled compiled;
} Trial;

/* Loops within calls: both outputs of a sequence lead to one chain, which is a procedure. */
#define CALLING                                                                                    \
    GRAPH_WITH(INT("sum", 0), START("s", "loop") FOR("loop", "0", "5", "'loopBody':'both','completed':'done'") \
               "{'id':'both','op':'flow/sequence','flows':{'0':'inner','1':'inner'}}," FOR("inner", "0", "3", "'loopBody':'set'") \
               GET("get", "sum") "{'id':'plus','op':'math/add','values':{'a':{'from':'get'},'b':{'from':'loop:index'}}}," \
               SET("set", "sum", "{'from':'plus'}", "'out':'say'") SAY_VALUE("say", "{v}", "'v':{'from':'get'}") \
               SAY("done", "done") LAST)

/* By hand: sum grows by 0, 1, 2, 3, 4, each six times. */
#define CALLING_SUM "60"

static Instance *open_trial(Trial *t, Runner runner, i32 trace) {
    play_open_with(&t->play, CALLING, 0, "", 1, 0, trace);
    Instance *in = play_instance(&t->play);
    describe(&t->compiled, in->program);
    t->compiled.traced = trace != 0;
    t->play.e->engine->yields = true;
    in->runner = runner;
    if (runner != RUNNER_VM) in->compiled = &t->compiled;
    entries = calls = 0;
    return in;
}

static void close_trial(Trial *t) {
    CHECK_INT(wrong_ways, 0);
    arena_close(&t->compiled.arena);
    cfg_close(&cfg);
    play_end(&t->play);
}

static const u32 cadences[] = {1, 2, 3, 7, 64, 0};

/* What the machine needs and traces: what all others must. */
static void run_machine(i32 trace, u64 *fuel, u64 *hash) {
    Trial t;
    Instance *in = open_trial(&t, RUNNER_VM, trace);
    play_drain(&t.play);
    CHECK_TEXT(play_get(&t.play, "sum"), CALLING_SUM);
    *fuel = engine_fuel(in);
    *hash = trace ? in->trace.hash : in->log_hash;
    close_trial(&t);
}

/* ---- tests ---- */

TEST(compiled_code_alone_does_what_the_machine_does_at_every_cadence) {
    for (i32 trace = 0; trace < 2; trace++) {
        u64 fuel, hash;
        run_machine(trace, &fuel, &hash);
        for (u32 c = 0; c < COUNT_OF(cadences); c++) {
            Trial t;
            Instance *in = open_trial(&t, RUNNER_WASM, trace);
            td_cadence(t.play.e, cadences[c]);
            u32 slices = play_drain(&t.play);
            CHECK_TEXT(play_get(&t.play, "sum"), CALLING_SUM);
            CHECK_INT(engine_fuel(in), fuel);
            CHECK(hash == (trace ? in->trace.hash : in->log_hash));
            CHECK_INT(in->fuel_by[RUNNER_WASM], fuel);
            CHECK_INT(in->ran, 1u << RUNNER_WASM);
            CHECK(calls >= 10 && (cadences[c] != 1 || slices > 20));
            close_trial(&t);
        }
    }
}

TEST(the_machine_and_compiled_code_take_over_from_each_other_at_every_yield) {
    for (i32 trace = 0; trace < 2; trace++) {
        u64 fuel, hash;
        run_machine(trace, &fuel, &hash);
        for (u32 c = 0; c + 1 < COUNT_OF(cadences); c++) {
            Trial t;
            Instance *in = open_trial(&t, RUNNER_AUTO, trace);
            td_cadence(t.play.e, cadences[c]);
            while (td_slice(t.play.e)) in->compiled = in->compiled ? NULL : &t.compiled;
            CHECK_TEXT(play_get(&t.play, "sum"), CALLING_SUM);
            CHECK(hash == (trace ? in->trace.hash : in->log_hash));
            CHECK_INT(in->fuel_by[RUNNER_WASM] + in->fuel_by[RUNNER_VM], fuel);
            CHECK(in->fuel_by[RUNNER_WASM] > 0 && (cadences[c] == 64 || in->fuel_by[RUNNER_VM] > 0));
            close_trial(&t);
        }
    }
}

TEST(steps_are_the_machines_and_compiled_code_goes_on_behind_them) {
    for (i32 trace = 0; trace < 2; trace++) {
        u64 fuel, hash;
        run_machine(trace, &fuel, &hash);
        for (u64 steps = 1; steps < 50; steps++) {
            Trial t;
            Instance *in = open_trial(&t, RUNNER_WASM, trace);
            CHECK_INT(td_step(t.play.e, t.play.instance, (f64)steps), steps);
            CHECK_INT(in->fuel_by[RUNNER_WASM], 0);
            td_cadence(t.play.e, 4);
            CHECK_INT(td_slice(t.play.e), 1);
            td_step(t.play.e, t.play.instance, 1);
            play_drain(&t.play);
            CHECK_TEXT(play_get(&t.play, "sum"), CALLING_SUM);
            CHECK_INT(engine_fuel(in), fuel);
            CHECK(hash == (trace ? in->trace.hash : in->log_hash));
            CHECK(in->fuel_by[RUNNER_WASM] > 0 && in->fuel_by[RUNNER_VM] > 0);
            close_trial(&t);
        }
    }
}

/* Steps and slices by turns; how many steps there were. */
static f64 alternate(Trial *t, u32 cadence) {
    f64 steps = 0;
    td_cadence(t->play.e, cadence);
    while (td_status(t->play.e, t->play.instance) == STATUS_RUNNING) {
        steps += td_step(t->play.e, t->play.instance, 1);
        td_slice(t->play.e);
    }
    return steps;
}

/* By hand: 1 + 5 x (1 + 2 x (1 + 3 x 2)) + 1 activations of flow inputs: loop; five times both, each twice inner, each three times
** set and say; done. */
TEST(no_step_is_lost_or_counted_twice_when_others_ran_between_steps) {
    for (u32 cadence = 1; cadence < 12; cadence++) {
        Trial t;
        Instance *in = open_trial(&t, RUNNER_VM, 1);
        f64 steps = alternate(&t, cadence);
        CHECK_INT(in->activations, 77);
        CHECK(steps > 0);
        close_trial(&t);
        for (Runner runner = RUNNER_VM; runner <= RUNNER_WASM; runner += RUNNER_WASM) {
            open_trial(&t, runner, 0);
            CHECK_INT(alternate(&t, cadence), steps);
            CHECK_TEXT(play_get(&t.play, "sum"), CALLING_SUM);
            close_trial(&t);
        }
    }
}

TEST(calls_that_are_too_deep_for_the_host_go_through_the_run_loop) {
    for (u32 c = 0; c < COUNT_OF(cadences); c++) {
        Trial t;
        Instance *in = open_trial(&t, RUNNER_WASM, 0);
        t.compiled.levels = 0;
        td_cadence(t.play.e, cadences[c]);
        play_drain(&t.play);
        CHECK_TEXT(play_get(&t.play, "sum"), CALLING_SUM);
        CHECK_INT(calls, 0);
        CHECK(entries >= 21); /* the root, ten calls, ten returns */
        CHECK_INT(in->ran, 1u << RUNNER_WASM);
        close_trial(&t);
    }
}

TEST(a_stack_without_room_is_a_limit_in_compiled_code_too) {
    Trial t;
    Instance *in = open_trial(&t, RUNNER_WASM, 0);
    ((Program *)in->program)->stack_count = 1; /* of its own, for this test */
    play_drain(&t.play);
    CHECK_INT(td_status(t.play.e, t.play.instance), STATUS_LIMIT);
    CHECK_TEXT(engine_reason(in), "call-depth");
    CHECK_INT(calls, 0);
    close_trial(&t);
}

TEST(code_that_writes_no_trace_is_not_run_where_one_is_kept) {
    Trial t;
    Instance *in = open_trial(&t, RUNNER_AUTO, 1);
    t.compiled.traced = false;
    play_drain(&t.play);
    CHECK_TEXT(play_get(&t.play, "sum"), CALLING_SUM);
    CHECK_INT(entries, 0);
    CHECK_INT(in->ran, 1u << RUNNER_VM);
    close_trial(&t);
}

TEST(code_that_arrives_is_taken_up_by_runs_that_it_fits) {
    Trial t;
    Instance *in = open_trial(&t, RUNNER_AUTO, 0);
    in->compiled = NULL;
    engine_adopt(t.play.e->engine, NULL, &t.compiled);
    CHECK(!in->compiled);
    t.compiled.traced = true;
    engine_adopt(t.play.e->engine, in->program, &t.compiled);
    CHECK(!in->compiled);
    t.compiled.traced = false;
    in->runner = RUNNER_VM;
    engine_adopt(t.play.e->engine, in->program, &t.compiled);
    CHECK(!in->compiled);
    in->runner = RUNNER_AUTO;
    engine_adopt(t.play.e->engine, in->program, &t.compiled);
    CHECK(in->compiled == &t.compiled);
    close_trial(&t);
}

#define LONG                                                                                       \
    GRAPH_WITH(INT("sum", 0), START("s", "loop") FOR("loop", "0", "300000", "'loopBody':'set'")    \
               SET("set", "sum", "1", "") LAST)

TEST(a_run_that_worked_for_long_is_told_to_be_hot_once) {
    Play p;
    play_open(&p, LONG, RUNNER_AUTO);
    CHECK_INT(td_hot(p.e, 0), 0);
    td_cadence(p.e, 1000);
    p.e->engine->yields = true;
    u32 told = 0;
    for (u32 i = 0; td_slice(p.e); i++) {
        CHECK_INT(td_hot(p.e, 1), 0);
        if (!td_hot(p.e, 0)) continue;
        told++;
        CHECK(i > 100 && i < 300);
    }
    CHECK_INT(told, 1);
    u32 other = td_start(p.e, p.program, RUNNER_AUTO, 1, 0, 0);
    CHECK(other);
    play_drain(&p);
    CHECK_INT(td_hot(p.e, 0), 0); /* its code was asked for */
    play_end(&p);
}

TEST(a_runner_that_needs_code_does_not_start_without) {
    Play p;
    play_open(&p, LONG, RUNNER_VM);
    for (i32 runner = RUNNER_WASM; runner <= RUNNER_SCHEDULER; runner++)
        CHECK_INT(td_start(p.e, p.program, runner, 1, 0, 0), 0);
    CHECK_TEXT(td_text(p.e), "The runner scheduler needs code, which was not made and installed.");
    CHECK_INT(td_start(p.e, p.program, RUNNERS, 1, 0, 0), 0);
    CHECK_TEXT(td_text(p.e), "There is no such runner.");
    play_end(&p);
}

/* ---- hosts ---- */

#define ASK "{\"op\":\"test/ask\",\"inputs\":[{\"id\":\"n\",\"type\":\"int\"}],\"outputs\":[{\"id\":\"answer\",\"type\":\"int\"}]}"
#define ASKING                                                                                     \
    "{\"treadle\":1,\"variables\":[{\"id\":\"sum\",\"type\":\"int\",\"value\":0}],\"nodes\":["     \
    "{\"id\":\"s\",\"op\":\"event/onStart\",\"flows\":{\"out\":\"loop\"}},"                        \
    "{\"id\":\"loop\",\"op\":\"flow/for\",\"values\":{\"startIndex\":0,\"endIndex\":3},\"flows\":{\"loopBody\":\"ask\"}}," \
    "{\"id\":\"ask\",\"op\":\"test/ask\",\"values\":{\"n\":{\"from\":\"loop:index\"}},\"flows\":{\"out\":\"set\"}}," \
    "{\"id\":\"get\",\"op\":\"variable/get\",\"config\":{\"variable\":\"sum\"}},"                  \
    "{\"id\":\"plus\",\"op\":\"math/add\",\"values\":{\"a\":{\"from\":\"get\"},\"b\":{\"from\":\"ask:answer\"}}}," \
    "{\"id\":\"set\",\"op\":\"variable/set\",\"config\":{\"variables\":[\"sum\"]},\"values\":{\"sum\":{\"from\":\"plus\"}}}]}"

TEST(compiled_code_waits_for_a_host_and_goes_on_with_its_answer) {
    Trial t;
    fake_reset();
    Play *p = &t.play;
    *p = (Play){.e = td_open()};
    CHECK(td_define(p->e, ASK));
    p->program = td_load(p->e, "asking", ASKING, (u32)strlen(ASKING), -1);
    p->instance = td_start(p->e, p->program, RUNNER_VM, 1, 0, 0);
    Instance *in = play_instance(p);
    CHECK(in != NULL);
    describe(&t.compiled, in->program);
    in->runner = RUNNER_WASM;
    in->compiled = &t.compiled;
    fake.answer = HOST_PENDING;
    play_drain(p);
    for (i32 i = 0; i < 3; i++) {
        CHECK_INT(td_status(p->e, p->instance), STATUS_IDLE);
        CHECK_INT(fake.args[0], i);
        if (i == 2) fake.answer = HOST_FAILED;
        CHECK(td_complete(p->e, p->instance, fake.call, HOST_DONE, "{\"answer\":14}"));
        play_drain(p);
    }
    CHECK_TEXT(play_get(p, "sum"), "42");
    CHECK_INT(td_status(p->e, p->instance), STATUS_DONE);
    CHECK_INT(in->ran, 1u << RUNNER_WASM);
    close_trial(&t);
}
