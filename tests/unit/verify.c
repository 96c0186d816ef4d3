/* verify.c (unit) - verify passes what lower makes, and refuses it when any one thing in it is broken.
**
** One graph (every.h) has every kind of instruction that carries an operand worth breaking; each test breaks one thing in its
** program, looks, and puts it back. */
#include <stdio.h>
#include "../../src/run/vm.h"
#include "../../src/run/wgen.h"
#include "every.h"
#include "lowered.h"

static Lowered sample;

static void open_sample(void) {
    lowered_open(&sample, EVERY);
    ASSERT(sample.program);
}

static void close_sample(void) { lowered_close(&sample); }

static bool passes(void) {
    char why[128] = "";
    return verify(sample.program, why, sizeof why);
}

/* Whether verify refuses the program while *place holds `broken`. */
#define REFUSES(place, broken) refuses(&(place), &(__typeof__(place)){broken}, sizeof(place))

static bool refuses(void *place, const void *broken, size_t size) {
    u8 kept[32];
    memcpy(kept, place, size);
    memcpy(place, broken, size);
    bool passed = passes();
    memcpy(place, kept, size);
    return !passed;
}

/* The first instruction of a kind. */
static Ins *find(Code code) {
    Program *p = sample.program;
    for (u32 pc = 0; pc < p->count; pc++)
        if (p->code[pc].code == code) return &p->code[pc];
    assert_failed(code_name(code), __FILE__, __LINE__);
}

static i32 *operand(Ins *i, u32 k) { return k == 0 ? &i->a : k == 1 ? &i->b : k == 2 ? &i->c : &i->d; }

static i32 slot_of(const char *variable) {
    const Graph *g = sample.graph;
    return (i32)g->variable_slot[graph_find(g->variable_name, g->variable_count, (Text){variable, (u32)strlen(variable)})];
}

TEST(verify_passes_what_lower_makes) {
    open_sample();
    char why[128] = "";
    bool passed = verify(sample.program, why, sizeof why);
    CHECK_TEXT(why, "");
    CHECK(passed);
    CHECK(sample.program->verified);
    close_sample();
}

TEST(verify_refuses_every_slot_target_and_table_that_is_not_there) {
    open_sample();
    Program *p = sample.program;
    i32 outside[] = {-1, INT32_MIN, INT32_MAX, (i32)p->stack_first, (i32)p->slot_count};
    for (u32 pc = 0; pc < p->count; pc++) {
        for (u32 k = 0; k < 4; k++) {
            char kind = code_operand((Code)p->code[pc].code, k);
            if (kind == '#' || kind == '-') continue;
            for (u32 i = 0; i < COUNT_OF(outside); i++) {
                i32 broken = outside[i];
                if (kind == 't' && broken >= 0) broken = i == 2 ? INT32_MAX : (i32)(p->count - pc - 1);
                if (kind == 't' && broken == -1) broken = -(i32)pc - 2;
                if (kind == 'w' && broken >= 0) broken = i == 2 ? INT32_MAX : (i32)p->word_count;
                if (!REFUSES(*operand(&p->code[pc], k), broken))
                    printf("instruction %u %s: operand %u of %d is not refused\n", pc, code_name((Code)p->code[pc].code), k, broken);
                CHECK(REFUSES(*operand(&p->code[pc], k), broken));
            }
        }
    }
    CHECK(passes());
    close_sample();
}

TEST(verify_refuses_a_slot_of_another_letter) {
    open_sample();
    Program *p = sample.program;
    CHECK(REFUSES(find(CODE_add_i)->b, slot_of("f")));
    CHECK(REFUSES(find(CODE_mul_f)->b, slot_of("i")));
    CHECK(REFUSES(find(CODE_cross)->b, slot_of("v") + 1)); /* its third lane is a ref's */
    CHECK(REFUSES(find(CODE_cross)->c, slot_of("i")));
    CHECK(REFUSES(find(CODE_normalize_3)->a, slot_of("v"))); /* isValid does not fit behind it */
    CHECK(REFUSES(find(CODE_cross)->code, CODE_rotate3D));   /* takes a float4 */
    CHECK(REFUSES(find(CODE_cross)->code, VEC_PAST + CODE_COUNT));
    CHECK(REFUSES(find(CODE_delay)->b, slot_of("i")));
    CHECK(REFUSES(find(CODE_delay_cancel)->a, slot_of("i")));
    CHECK(REFUSES(find(CODE_stop)->a, slot_of("i")));
    CHECK(REFUSES(find(CODE_jump_not)->b, slot_of("f")));
    CHECK(REFUSES(find(CODE_switch)->b, slot_of("b")));
    CHECK(REFUSES(find(CODE_push)->a, slot_of("f")));
    CHECK(REFUSES(find(CODE_next_turn)->b, slot_of("f")));
    CHECK(REFUSES(find(CODE_add_i)->a, slot_of("f")));
    for (u32 i = 0; i < p->const_count; i++)
        if (p->const_letter[i] == 'F') CHECK(REFUSES(p->const_letter[i], 'I'));
    close_sample();
}

TEST(verify_refuses_a_write_to_a_constant) {
    open_sample();
    i32 constant = (i32)sample.program->const_first;
    CHECK(REFUSES(find(CODE_add_i)->a, constant));
    CHECK(REFUSES(find(CODE_mov)->a, constant));
    CHECK(REFUSES(find(CODE_pop)->a, constant));
    close_sample();
}

TEST(verify_refuses_a_temporary_that_nobody_wrote) {
    open_sample();
    Program *p = sample.program;
    CHECK(p->temp_count > 0);
    Ins *first = find(CODE_add_i);
    CHECK(REFUSES(first->b, (i32)(p->out_first + p->out_count - 1)));
    close_sample();
}

TEST(verify_refuses_a_copy_that_runs_out_of_its_region) {
    open_sample();
    Ins *copy = find(CODE_copy);
    CHECK(REFUSES(copy->n, (u16)(sample.program->slot_count)));
    close_sample();
}

TEST(verify_refuses_a_jump_into_another_stack) {
    open_sample();
    Program *p = sample.program;
    for (u32 pc = 0; pc < p->count; pc++) {
        Ins *i = &p->code[pc];
        if (i->code == CODE_push || i->code == CODE_pop) CHECK(REFUSES(i->code, CODE_nop));
    }
    Ins pop = {.code = CODE_pop, .a = slot_of("i")};
    CHECK(refuses(find(CODE_fuel), &pop, sizeof pop));
    close_sample();
}

TEST(verify_refuses_a_way_off_the_end) {
    open_sample();
    Program *p = sample.program;
    CHECK(REFUSES(p->code[p->count - 1].code, CODE_nop));
    close_sample();
}

TEST(verify_refuses_a_program_that_does_not_begin_with_halt) {
    open_sample();
    CHECK(REFUSES(sample.program->code[0].code, CODE_ret));
    close_sample();
}

TEST(verify_refuses_what_is_no_instruction) {
    open_sample();
    CHECK(REFUSES(find(CODE_fuel)->code, CODE_COUNT));
    CHECK(REFUSES(find(CODE_fuel)->code, UINT16_MAX));
    close_sample();
}

TEST(verify_refuses_a_table_that_is_cut_or_out_of_order) {
    open_sample();
    Program *p = sample.program;
    i32 *table = p->words;
    while (table[0] != 3) table += 2 + 2 * table[0]; /* flow/switch's; the others are of ops with fixed outputs */
    CHECK(REFUSES(p->word_count, p->word_count - 1));
    CHECK(REFUSES(p->word_count, 3));
    CHECK(REFUSES(table[0], -1));
    CHECK(REFUSES(table[0], INT32_MAX));
    CHECK(REFUSES(table[0], 300));
    CHECK(REFUSES(table[1], table[3]));
    CHECK(REFUSES(table[1], table[3] + 5));
    CHECK(REFUSES(table[2], (i32)p->count));
    CHECK(REFUSES(table[7], INT32_MIN));
    close_sample();
}

TEST(verify_refuses_a_charge_of_nothing) {
    open_sample();
    CHECK(REFUSES(find(CODE_fuel)->a, 0));
    CHECK(REFUSES(find(CODE_fuel)->a, -1));
    CHECK(REFUSES(find(CODE_next_turn)->d, 0));
    CHECK(REFUSES(find(CODE_turn)->d, -5));
    close_sample();
}

TEST(verify_refuses_the_wrong_node) {
    open_sample();
    i32 nodes = (i32)sample.graph->node_count;
    CHECK(REFUSES(find(CODE_send)->b, 0));
    CHECK(REFUSES(find(CODE_send)->b, -1));
    CHECK(REFUSES(find(CODE_send)->b, nodes));
    CHECK(REFUSES(find(CODE_delay)->c, nodes));
    CHECK(REFUSES(find(CODE_delay_stop)->a, nodes));
    CHECK(REFUSES(find(CODE_throttle)->c, 0));
    CHECK(REFUSES(find(CODE_throttle_reset)->a, 0));
    CHECK(REFUSES(find(CODE_gate)->b, 0));
    CHECK(REFUSES(find(CODE_gate_reset)->a, nodes));
    CHECK(REFUSES(find(CODE_wait_all)->b, 0));
    CHECK(REFUSES(find(CODE_wait_all)->c, 2));
    CHECK(REFUSES(find(CODE_wait_all)->c, -1));
    CHECK(REFUSES(find(CODE_wait_all_reset)->a, 0));
    CHECK(REFUSES(find(CODE_interpolate)->c, 0));
    CHECK(REFUSES(find(CODE_interpolate_stop)->a, (i32)sample.graph->variable_count));
    CHECK(REFUSES(find(CODE_random)->b, 0));
    CHECK(REFUSES(find(CODE_log)->b, 0));
    CHECK(REFUSES(find(CODE_enter)->b, nodes));
    CHECK(REFUSES(find(CODE_enter)->a, slot_of("f")));
    CHECK(REFUSES(find(CODE_leave)->a, slot_of("b")));
    close_sample();
}

TEST(verify_refuses_entries_outside_the_program) {
    open_sample();
    Program *p = sample.program;
    for (u32 i = 0; i < sample.graph->flow_out_count; i++)
        if (p->entry[i] != NONE) CHECK(REFUSES(p->entry[i], p->count));
    CHECK(p->output_entry[0] != NONE);
    CHECK(REFUSES(p->output_entry[0], p->count));
    CHECK(REFUSES(p->output_slot[0], p->stack_first));
    CHECK(REFUSES(p->output_slot[0], UINT32_MAX));
    CHECK_INT(p->output_entry[1], NONE);
    CHECK(REFUSES(p->output_slot[1], (u32)slot_of("f")));
    close_sample();
}

TEST(verify_refuses_regions_that_do_not_meet) {
    open_sample();
    Program *p = sample.program;
    CHECK(REFUSES(p->const_first, p->const_first + 1));
    CHECK(REFUSES(p->temp_first, p->temp_first - 1));
    CHECK(REFUSES(p->out_first, p->out_first + 1));
    CHECK(REFUSES(p->stack_first, p->stack_first - 1));
    CHECK(REFUSES(p->slot_count, p->slot_count - 1));
    CHECK(REFUSES(p->stack_count, 0));
    close_sample();
}

TEST(verify_refuses_marks_of_nothing) {
    open_sample();
    Program *p = sample.program;
    CHECK(p->mark_count > 2);
    CHECK(REFUSES(p->marks[0].what, UINT32_MAX - 1));
    CHECK(REFUSES(p->marks[0].pc, p->count));
    CHECK(REFUSES(p->marks[1].pc, 0));
    CHECK(REFUSES(p->mark_at[p->marks[1].pc], p->mark_count));
    CHECK(REFUSES(p->mark_at[0], 0));
    close_sample();
}

TEST(verify_refuses_what_nobody_can_own) {
    open_sample();
    Program *p = sample.program;
    CHECK(p->own_count > 0);
    CHECK(REFUSES(p->own_at[0], p->own_count));
    CHECK(REFUSES(p->own[0], sample.graph->value_out_count));
    CHECK(REFUSES(p->own[1], 0)); /* a list without an end */
    close_sample();
}

/* ---- what passes can be run ---- */

static u32 random_state;

static u32 draw(u32 below) {
    random_state = random_state * 1664525u + 1013904223u;
    return (u32)((u64)(random_state >> 8) * below >> 24);
}

/* An operand that might be taken for right: near the old one, near an edge, or anywhere. */
static i32 plausible(i32 old) {
    const Program *p = sample.program;
    const u32 edges[] = {p->const_first, p->temp_first, p->out_first, p->stack_first, p->slot_count, p->count, 0};
    switch (draw(4)) {
    case 0: return old + (i32)draw(5) - 2;
    case 1: return (i32)(edges[draw(COUNT_OF(edges))] + draw(3)) - 1;
    case 2: return (i32)draw(p->slot_count + 8);
    default: return (i32)draw(64) - 8;
    }
}

/* Breaks one thing that cannot take the fuel out of a loop: any operand but a jump's, or one pure op for another. */
static void mutate(Ins *i) {
    u32 k = draw(5);
    if (k < 4 && i->code != CODE_switch && code_operand((Code)i->code, k) != 't')
        *operand(i, k) = plausible(*operand(i, k));
    else if (i->code < VEC_PAST)
        i->code = (u16)draw(VEC_PAST);
    else if (i->code == CODE_copy)
        i->n = (u16)draw(20);
}

/* Every root once, with some fuel, in both loops. */
static void run_roots(bool watch) {
    Limits limits = limits_default();
    Instance *in = instance_open(sample.graph, sample.program, &limits, 1, 7, watch);
    ASSERT(in);
    for (u32 out = 0; out < sample.graph->flow_out_count; out++) {
        if (sample.program->entry[out] == NONE || in->reason) continue;
        vm_begin(in, out);
        for (int slice = 0; slice < 3 && in->busy && !in->reason; slice++) {
            in->budget = 40;
            if (vm_run(in) != RUN_YIELD) break;
        }
        in->depth = 0;
    }
    Slot value[LANES_MAX];
    for (u32 i = 0; i < sample.graph->output_count; i++) vm_output(in, i, value);
    instance_close(in);
}

/* Whether the program becomes a module of a shape. */
static bool emits(CompiledShape shape, bool traced) {
    WgenOptions options = {.shape = shape, .traced = traced};
    Wgen *w = wgen_open(sample.program, &options);
    ASSERT(w);
    i32 more;
    while ((more = wgen_some(w, 1000)) > 0) {}
    wgen_close(w);
    return more == 0;
}

TEST(verify_stands_in_front_of_the_emitter) {
    open_sample();
    Ins *i = &sample.program->code[1], kept = *i;
    CHECK(passes());
    CHECK(emits(SHAPE_PREEMPTIBLE, false));
    i->code = CODE_COUNT;
    CHECK(!passes());
    WgenOptions options = {.shape = SHAPE_PREEMPTIBLE};
    Wgen *w = wgen_open(sample.program, &options);
    CHECK(w);
    CHECK_INT(wgen_some(w, 1000), -1);
    CHECK_TEXT(wgen_refusal(w), "the program was not verified");
    CHECK_INT(wgen_module(w).len, 0);
    wgen_close(w);
    *i = kept;
    close_sample();
}

TEST(verify_passes_nothing_that_harms_the_emitter) {
    open_sample();
    Program *p = sample.program;
    u32 emitted = 0;
    random_state = 2;
    for (u32 round = 0; round < 3000; round++) {
        Ins *i = &p->code[draw(p->count)], kept = *i;
        mutate(i);
        bool fine = passes();
        bool made = emits((CompiledShape)(round % SHAPES), round / SHAPES & 1);
        *i = kept;
        emitted += made;
        CHECK_INT(made, fine);
    }
    CHECK(emitted > 150);
    close_sample();
}

TEST(verify_passes_nothing_that_harms_the_vm) {
    open_sample();
    Program *p = sample.program;
    u32 passed = 0, rounds = 20000;
    random_state = 1;
    for (u32 round = 0; round < rounds; round++) {
        Ins *i = &p->code[draw(p->count)], kept = *i;
        mutate(i);
        if (passes()) {
            passed++;
            run_roots(round & 1);
        }
        *i = kept;
    }
    CHECK(passed > rounds / 20);
    CHECK(passed < rounds);
    close_sample();
}
