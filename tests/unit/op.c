/* op.c (unit) - the op tables, and the rows whose edges are easy to get wrong. Expected values are
** the specification's; tests/ops has the full list for each op. */
#include "../../src/op/op.h"

#include <math.h>
#include <string.h>
#include "test.h"

/* ---- the tables ---- */

enum { SPECIFIED = 138 }; /* ops of KHR_interactivity: 135 core ones, 3 of its extensions */

static bool is(Text text, const char *expected) {
    return text.len == strlen(expected) && memcmp(text.data, expected, text.len) == 0;
}

TEST(every_op_of_the_specification_has_a_row) {
    u32 count = 0;
    op_list(&count);
    CHECK_INT(count, SPECIFIED);
}

TEST(every_listed_op_is_found) {
    u32 count = 0;
    const Op *list = op_list(&count);
    for (u32 i = 0; i < count; i++) CHECK(op_find(list[i].name) == &list[i]);
}

/* A bar would end a cell of the Markdown table; full stops are put by whoever shows them. */
TEST(every_op_says_in_a_few_words_what_it_does) {
    u32 count = 0;
    const Op *list = op_list(&count);
    for (u32 i = 0; i < count; i++) {
        u32 len = (u32)strlen(list[i].summary);
        CHECK(len > 0 && len <= 60);
        CHECK(len > 0 && list[i].summary[len - 1] != '.');
        CHECK(!strpbrk(list[i].summary, "|`") && !strpbrk(list[i].notes, "|`"));
    }
}

TEST(op_names_are_case_sensitive) {
    CHECK(op_find(TEXT("math/E")) != NULL);
    CHECK(op_find(TEXT("math/e")) == NULL);
    CHECK(op_find(TEXT("math/nan")) == NULL);
    CHECK(op_find(TEXT("math/ad")) == NULL);
    CHECK(op_find(TEXT("math/adds")) == NULL);
    CHECK(op_find(TEXT("")) == NULL);
}

TEST(a_misspelt_op_has_a_nearest_one) { CHECK_TEXT(op_nearest(TEXT("math/floorr")), "math/floor"); }

TEST(overloads_are_chosen_by_the_operand_type) {
    const Op *add = op_find(TEXT("math/add")), *lt = op_find(TEXT("math/lt")),
             *step = op_find(TEXT("math/smoothStep"));
    CHECK_INT(op_overload(add, TYPE_FLOAT), PURE_add_f);
    CHECK_INT(op_overload(add, TYPE_FLOAT4X4), PURE_add_f);
    CHECK_INT(op_overload(add, TYPE_INT), PURE_add_i);
    CHECK_INT(op_overload(add, TYPE_BOOL), NONE);
    CHECK_INT(op_overload(add, TYPE_NONE), NONE);
    CHECK_INT(op_overload(lt, TYPE_FLOAT), PURE_lt_f);
    CHECK_INT(op_overload(lt, TYPE_FLOAT2), NONE);
    CHECK_INT(op_overload(step, TYPE_FLOAT4), PURE_smoothStep_f);
    CHECK_INT(op_overload(step, TYPE_FLOAT2X2), NONE);
    CHECK_INT(op_overload(op_find(TEXT("math/Pi")), TYPE_FLOAT), PURE_pi);
    CHECK_INT(op_overload(op_find(TEXT("type/boolToFloat")), TYPE_BOOL), PURE_boolToFloat);
    CHECK_INT(op_overload(op_find(TEXT("type/boolToFloat")), TYPE_FLOAT), NONE);
}

TEST(sockets_of_an_overload_have_types) {
    CHECK_INT(row_input_type(PURE_select_f, 0, TYPE_FLOAT3), TYPE_BOOL);
    CHECK_INT(row_input_type(PURE_select_f, 1, TYPE_FLOAT3), TYPE_FLOAT3);
    CHECK_INT(row_output_type(PURE_select_f, 0, TYPE_FLOAT3), TYPE_FLOAT3);
    CHECK_INT(row_output_type(PURE_select_r, 0, TYPE_REF), TYPE_REF);
    CHECK_INT(row_output_type(PURE_eq_f, 0, TYPE_FLOAT4X4), TYPE_BOOL);
    CHECK_INT(row_output_type(PURE_floatToInt, 0, TYPE_FLOAT), TYPE_INT);
    CHECK_INT(row_output_type(PURE_intToFloat, 0, TYPE_INT), TYPE_FLOAT);
    CHECK(is(row_input_name(PURE_select_f, 0), "condition"));
    CHECK(is(row_input_name(PURE_select_f, 2), "b"));
    CHECK(is(row_input_name(PURE_clamp_i, 2), "c"));
}

TEST(normalize_has_two_outputs) {
    const Op *op = op_find(TEXT("math/normalize"));
    u32 row = op_overload(op, TYPE_FLOAT);
    CHECK_INT(row_outputs(row), 2);
    CHECK_TEXT(pure_row((PureId)row)->output, "value");
    CHECK_TEXT(pure_row((PureId)(row + 1))->output, "isValid");
    CHECK_INT(row_output_type(row, 1, TYPE_FLOAT), TYPE_BOOL);
    CHECK_INT(op->value_outs, 2);
    CHECK_INT(op->value_out[0].type, TYPE_NONE); /* as the operand */
    CHECK_INT(op->value_out[1].type, TYPE_BOOL);
}

TEST(overloads_for_vectors_follow_those_for_one_lane) {
    const Op *dot = op_find(TEXT("math/dot")), *transform = op_find(TEXT("math/transform"));
    CHECK_INT(op_overload(dot, TYPE_FLOAT), PURE_dot_f);
    CHECK_INT(op_overload(dot, TYPE_FLOAT4), VEC_dot_4);
    CHECK_INT(op_overload(dot, TYPE_FLOAT2X2), NONE);
    CHECK_INT(op_overload(transform, TYPE_FLOAT3), VEC_transform_3);
    CHECK_INT(op_overload(transform, TYPE_FLOAT3X3), NONE);
    CHECK_INT(op_overload(op_find(TEXT("math/inverse")), TYPE_FLOAT2X2), VEC_inverse_2);
    CHECK_INT(op_overload(op_find(TEXT("math/cross")), TYPE_FLOAT3), VEC_cross);
    CHECK_INT(row_input_type(VEC_transform_3, 1, TYPE_FLOAT3), TYPE_FLOAT3X3);
    CHECK_INT(row_output_type(VEC_inverse_2, 1, TYPE_FLOAT2X2), TYPE_BOOL);
    CHECK(is(row_output_name(VEC_matDecompose, 2), "scale"));
    CHECK(is(row_output_name(LANES_extract4x4, 15), "15"));
    CHECK_INT(row_inputs(LANES_combine4x4), 16);
    CHECK(is(row_input_name(LANES_combine4x4, 15), "p"));
}

TEST(a_socket_can_follow_the_overload_without_being_T) {
    const Op *transform = op_find(TEXT("math/transform")), *slerp = op_find(TEXT("math/slerp")), *length = op_find(TEXT("math/length"));
    CHECK_INT(transform->value_in[0].type, TYPE_NONE);
    CHECK_INT(transform->value_in[1].type, TYPE_FOLLOWS);
    CHECK_INT(transform->value_out[0].type, TYPE_NONE);
    CHECK_INT(slerp->value_in[2].type, TYPE_FLOAT);
    CHECK_INT(length->value_in[0].type, TYPE_NONE);
    CHECK_INT(length->value_out[0].type, TYPE_FLOAT);
}

TEST(a_word_of_the_configuration_chooses_a_row) {
    const Op *op = op_find(TEXT("math/quatFromAngles"));
    i32 word = -1;
    CHECK_INT(op->configs, 1);
    CHECK(is(op->config[0].key, "order"));
    CHECK(is(op->config[0].fallback, "yxz"));
    CHECK(op_is_words(op->config[0].type));
    CHECK(!op_is_words(TEXT("string")));
    static const char *const orders[] = {"yxz", "xyz", "xzy", "yzx", "zxy", "zyx"};
    for (u32 i = 0; i < COUNT_OF(orders); i++) {
        CHECK(op_word(op->config[0].type, (Text){orders[i], 3}, &word));
        CHECK_INT(word, i);
        CHECK_TEXT(vec_row(op->vec_row + i)->id + sizeof "quatFromAngles", orders[i]);
    }
    CHECK(!op_word(op->config[0].type, TEXT("xyx"), &word));
    CHECK(!op_word(op->config[0].type, TEXT("xy"), &word));
    CHECK(!op_word(op->config[0].type, TEXT("xyz|xzy"), &word));
    CHECK(!op_word(op->config[0].type, TEXT(""), &word));
}

TEST(a_socket_that_follows_the_overload_has_no_type_of_its_own) {
    const Op *select = op_find(TEXT("math/select")), *eq = op_find(TEXT("math/eq")),
             *sin = op_find(TEXT("math/sin"));
    CHECK_INT(select->value_ins, 3);
    CHECK_INT(select->value_in[0].type, TYPE_BOOL);
    CHECK_INT(select->value_in[1].type, TYPE_NONE);
    CHECK_INT(select->value_out[0].type, TYPE_NONE);
    CHECK_INT(eq->value_in[0].type, TYPE_NONE);
    CHECK_INT(eq->value_out[0].type, TYPE_BOOL);
    CHECK_INT(sin->value_out[0].type, TYPE_NONE);
    CHECK_INT(op_find(TEXT("math/clz"))->value_in[0].type, TYPE_INT);
    CHECK_INT(op_find(TEXT("math/Tau"))->value_out[0].type, TYPE_FLOAT);
    CHECK_INT(op_find(TEXT("ref/eq"))->value_in[1].type, TYPE_REF);
}

TEST(rows_of_an_op_stand_together) {
    u32 count = 0, rows = 0, vec_rows = 0;
    const Op *list = op_list(&count);
    for (u32 i = 0; i < count; i++) {
        if (list[i].node != NODE_PURE) continue;
        if (list[i].rows) CHECK_INT(list[i].row, rows);
        rows += list[i].rows;
        vec_rows += list[i].vec_rows;
        for (u32 r = 0; r < list[i].vec_rows; r++)
            CHECK(is(list[i].name, vec_row(list[i].vec_row + r)->op));
    }
    CHECK_INT(rows, PURE_COUNT);
    CHECK_INT(vec_rows, ROW_COUNT - PURE_COUNT);
}

TEST(rows_of_lanes_have_as_many_lanes_on_both_sides) {
    for (u32 id = VEC_PAST; id < ROW_COUNT; id++) {
        const VecRow *row = vec_row(id);
        u32 ins = 0, outs = 0;
        for (u32 k = 0; k < row->ins; k++) ins += type_lanes((Type)row->in[k].type);
        for (u32 k = 0; k < row->outs; k++) outs += type_lanes((Type)row->out[k].type);
        CHECK_INT(ins, outs);
        CHECK(ins > 0);
        CHECK(row->ins == 1 || row->outs == 1);
    }
}

TEST(each_row_names_as_many_inputs_as_it_has_letters) {
    for (u32 id = 0; id < PURE_COUNT; id++) {
        const PureRow *row = pure_row((PureId)id);
        u32 names = row->inputs[0] != '\0';
        for (const char *c = row->inputs; *c; c++) names += *c == ' ';
        CHECK_INT(names, row->arity);
        CHECK_INT(row->sig[row->arity], '_');
        CHECK_INT(row->sig[row->arity + 1], row->result);
    }
}

TEST(a_node_row_gives_sockets_and_configuration) {
    const Op *loop = op_find(TEXT("flow/for"));
    CHECK_INT(loop->kind, KIND_FLOW);
    CHECK_INT(loop->node, NODE_flow_for);
    CHECK_INT(loop->flow_ins, 1);
    CHECK_INT(loop->value_ins, 2);
    CHECK(is(loop->value_in[1].name, "endIndex"));
    CHECK_INT(loop->value_in[1].type, TYPE_INT);
    CHECK_INT(loop->flow_outs, 2);
    CHECK(is(loop->flow_out[1].name, "completed"));
    CHECK(is(loop->config[0].key, "initialIndex"));
    CHECK(is(loop->config[0].type, "int"));
    CHECK(loop->config[0].has_fallback);
    CHECK(is(loop->config[0].fallback, "0"));
}

TEST(groups_are_sockets_whose_name_begins_with_a_mark) {
    const Op *set = op_find(TEXT("pointer/set")), *wait = op_find(TEXT("flow/waitAll")),
             *log = op_find(TEXT("debug/log"));
    CHECK(is(set->value_in[0].name, "*params"));
    CHECK_INT(set->value_in[0].type, TYPE_NONE);
    CHECK(is(set->value_in[1].name, "value"));
    CHECK_INT(set->value_in[1].type, TYPE_NONE);
    CHECK(!set->config[0].has_fallback);
    CHECK(is(wait->flow_in[0].name, "#inputFlows"));
    CHECK(is(wait->flow_in[1].name, "reset"));
    CHECK_INT(log->configs, 2);
    CHECK(is(log->config[1].key, "message"));
    CHECK(is(log->config[1].type, "string"));
    CHECK(log->config[1].has_fallback);
    CHECK_INT(log->config[1].fallback.len, 0);
    CHECK(is(op_find(TEXT("math/switch"))->config[0].type, "int[]"));
}

/* ---- one lane of a row ---- */

#define MIN INT32_MIN
#define MAX INT32_MAX
#define INF ((f64)INFINITY)

static f64 f1(PureId id, f64 a) { return pure_eval(id, (Slot[3]){{.f = a}}).f; }
static f64 f2(PureId id, f64 a, f64 b) { return pure_eval(id, (Slot[3]){{.f = a}, {.f = b}}).f; }
static f64 f3(PureId id, f64 a, f64 b, f64 c) {
    return pure_eval(id, (Slot[3]){{.f = a}, {.f = b}, {.f = c}}).f;
}
static Slot of_int(i32 value) { return (Slot){.bits = (u32)value}; }
static i32 i1(PureId id, i32 a) { return pure_eval(id, (Slot[3]){of_int(a)}).i; }
static i32 i2(PureId id, i32 a, i32 b) { return pure_eval(id, (Slot[3]){of_int(a), of_int(b)}).i; }
static i32 i3(PureId id, i32 a, i32 b, i32 c) {
    return pure_eval(id, (Slot[3]){of_int(a), of_int(b), of_int(c)}).i;
}
static i32 to_int(f64 a) { return pure_eval(PURE_floatToInt, (Slot[3]){{.f = a}}).i; }

TEST(int_arithmetic_wraps) {
    CHECK_INT(i2(PURE_add_i, MAX, 1), MIN);
    CHECK_INT(i2(PURE_sub_i, MIN, 1), MAX);
    CHECK_INT(i2(PURE_mul_i, MAX, MAX), 1);
    CHECK_INT(i2(PURE_mul_i, MIN, -1), MIN);
    CHECK_INT(i1(PURE_neg_i, MIN), MIN);
    CHECK_INT(i1(PURE_abs_i, MIN), MIN);
}

TEST(int_division_never_traps) {
    CHECK_INT(i2(PURE_div_i, MIN, -1), MIN);
    CHECK_INT(i2(PURE_div_i, 7, 0), 0);
    CHECK_INT(i2(PURE_div_i, MIN, 0), 0);
    CHECK_INT(i2(PURE_div_i, -7, 2), -3);
    CHECK_INT(i2(PURE_div_i, 7, -1), -7);
    CHECK_INT(i2(PURE_rem_i, MIN, -1), 0);
    CHECK_INT(i2(PURE_rem_i, 7, 0), 0);
    CHECK_INT(i2(PURE_rem_i, -7, 2), -1);
    CHECK_INT(i2(PURE_rem_i, 7, -2), 1);
}

TEST(shifts_take_five_bits_and_counts_know_zero) {
    CHECK_INT(i2(PURE_asr_i, -8, 33), -4);
    CHECK_INT(i2(PURE_asr_i, MIN, -1), -1);
    CHECK_INT(i2(PURE_lsl_i, 1, 33), 2);
    CHECK_INT(i2(PURE_lsl_i, -1, 31), MIN);
    CHECK_INT(i1(PURE_clz_i, 0), 32);
    CHECK_INT(i1(PURE_clz_i, -1), 0);
    CHECK_INT(i1(PURE_ctz_i, 0), 32);
    CHECK_INT(i1(PURE_ctz_i, MIN), 31);
    CHECK_INT(i1(PURE_popcnt_i, -1), 32);
}

TEST(clamp_works_with_its_bounds_exchanged) {
    CHECK_INT(i3(PURE_clamp_i, 9, 3, 2), 3);
    CHECK_INT(i3(PURE_clamp_i, 1, 3, 2), 2);
    CHECK_INT(i3(PURE_clamp_i, MIN, MAX, MIN), MIN);
    CHECK_FLOAT(f3(PURE_clamp_f, 9, 3, 2), 3);
    CHECK_FLOAT(f3(PURE_clamp_f, NAN, 2, 3), NAN);
    CHECK_FLOAT(f3(PURE_clamp_f, 1, NAN, 3), NAN);
    CHECK_FLOAT(f3(PURE_clamp_f, -0.0, 0.0, 1), 0.0);
    CHECK_FLOAT(f3(PURE_clamp_f, 0.0, -1, -0.0), -0.0);
}

TEST(float_to_int_is_modulo_2_to_the_32) {
    CHECK_INT(to_int(2147483647.0), MAX);
    CHECK_INT(to_int(2147483647.9), MAX);
    CHECK_INT(to_int(2147483648.0), MIN);
    CHECK_INT(to_int(-2147483648.0), MIN);
    CHECK_INT(to_int(-2147483648.5), MIN);
    CHECK_INT(to_int(-2147483649.0), MAX);
    CHECK_INT(to_int(4294967301.0), 5);
    CHECK_INT(to_int(-4294967301.0), -5);
    CHECK_INT(to_int(1e20), 1661992960);
    CHECK_INT(to_int(0x1p52), 0);
    CHECK_INT(to_int(0x1.0000000000001p52), 1);
    CHECK_INT(to_int(-0x1.0000000000001p83), MIN);
    CHECK_INT(to_int(0x1.0000000000001p84), 0);
    CHECK_INT(to_int(1.7976931348623157e308), 0);
    CHECK_INT(to_int(-0.9), 0);
    CHECK_INT(to_int(-0.0), 0);
    CHECK_INT(to_int(NAN), 0);
    CHECK_INT(to_int(INF), 0);
    CHECK_INT(to_int(-INF), 0);
}

TEST(min_and_max_pass_nan_on_and_order_zeros) {
    CHECK_FLOAT(f2(PURE_min_f, NAN, 1), NAN);
    CHECK_FLOAT(f2(PURE_min_f, 1, NAN), NAN);
    CHECK_FLOAT(f2(PURE_max_f, NAN, -INF), NAN);
    CHECK_FLOAT(f2(PURE_max_f, INF, NAN), NAN);
    CHECK_FLOAT(f2(PURE_min_f, 0.0, -0.0), -0.0);
    CHECK_FLOAT(f2(PURE_min_f, -0.0, 0.0), -0.0);
    CHECK_FLOAT(f2(PURE_max_f, -0.0, 0.0), 0.0);
    CHECK_FLOAT(f2(PURE_max_f, 0.0, -0.0), 0.0);
    CHECK_FLOAT(f2(PURE_min_f, -0.0, -0.0), -0.0);
    CHECK_FLOAT(f2(PURE_max_f, -0.0, -0.0), -0.0);
    CHECK_FLOAT(f2(PURE_min_f, INF, -INF), -INF);
}

TEST(round_takes_halves_away_from_zero) {
    CHECK_FLOAT(f1(PURE_round_f, 2.5), 3);
    CHECK_FLOAT(f1(PURE_round_f, -2.5), -3);
    CHECK_FLOAT(f1(PURE_round_f, 0.5), 1);
    CHECK_FLOAT(f1(PURE_round_f, 0.49999999999999994), 0.0);
    CHECK_FLOAT(f1(PURE_round_f, -0.49999999999999994), -0.0);
    CHECK_FLOAT(f1(PURE_round_f, -0.0), -0.0);
    CHECK_FLOAT(f1(PURE_round_f, 4503599627370497.0), 4503599627370497.0);
    CHECK_FLOAT(f1(PURE_round_f, 4503599627370495.5), 4503599627370496.0);
    CHECK_FLOAT(f1(PURE_round_f, 9007199254740991.0), 9007199254740991.0);
    CHECK_FLOAT(f1(PURE_round_f, -INF), -INF);
    CHECK_FLOAT(f1(PURE_round_f, NAN), NAN);
}

/* A fixed sequence that visits every exponent and sign: neighbours of halves are among them. */
static u64 next_bits(u64 bits) {
    return bits * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
}

TEST(round_is_the_round_of_c) {
    u64 bits = 1;
    for (u32 i = 0; i < 200000; i++) {
        bits = next_bits(bits);
        f64 any = (Slot){.bits = bits}.f;
        f64 half = (f64)(i32)(bits >> 33) / 2.0;
        CHECK_FLOAT(f1(PURE_round_f, any), round(any));
        CHECK_FLOAT(f1(PURE_round_f, half), round(half));
        CHECK_FLOAT(f1(PURE_round_f, nextafter(half, 0)), round(nextafter(half, 0)));
        CHECK_FLOAT(f1(PURE_round_f, nextafter(half, INF)), round(nextafter(half, INF)));
    }
}

TEST(float_to_int_is_the_remainder_by_2_to_the_32) {
    u64 bits = 1;
    for (u32 i = 0; i < 200000; i++) {
        bits = next_bits(bits);
        f64 any = ldexp((f64)(i64)bits, -(i32)(i % 64));
        CHECK_INT((u32)to_int(any), (u32)(i64)fmod(trunc(any), 4294967296.0));
    }
}

TEST(zeros_keep_their_sign_where_the_specification_says_so) {
    CHECK_FLOAT(f1(PURE_sign_f, -0.0), -0.0);
    CHECK_FLOAT(f1(PURE_sign_f, NAN), NAN);
    CHECK_FLOAT(f1(PURE_abs_f, -0.0), 0.0);
    CHECK_FLOAT(f1(PURE_neg_f, 0.0), -0.0);
    CHECK_FLOAT(f1(PURE_trunc_f, -0.3), -0.0);
    CHECK_FLOAT(f1(PURE_ceil_f, -0.3), -0.0);
    CHECK_FLOAT(f1(PURE_saturate_f, -0.0), 0.0);
    CHECK_FLOAT(f1(PURE_sqrt_f, -0.0), -0.0);
    CHECK_FLOAT(f2(PURE_rem_f, -4, 2), -0.0);
}

TEST(pow_is_ecmascripts) {
    CHECK_FLOAT(f2(PURE_pow_f, NAN, 0.0), 1);
    CHECK_FLOAT(f2(PURE_pow_f, NAN, -0.0), 1);
    CHECK_FLOAT(f2(PURE_pow_f, 1, NAN), NAN);
    CHECK_FLOAT(f2(PURE_pow_f, 1, INF), NAN);
    CHECK_FLOAT(f2(PURE_pow_f, -1, -INF), NAN);
    CHECK_FLOAT(f2(PURE_pow_f, 2, INF), INF);
    CHECK_FLOAT(f2(PURE_pow_f, 2, 10), 1024);
}

TEST(normalize_of_one_lane_is_its_sign_or_invalid) {
    CHECK_FLOAT(f1(PURE_normalize_f, -5e-324), -1);
    CHECK_FLOAT(f1(PURE_normalize_f, INF), 0.0);
    CHECK_FLOAT(f1(PURE_normalize_f, -0.0), 0.0);
    CHECK_INT(pure_eval(PURE_normalize_v, (Slot[3]){{.f = -5e-324}}).i, 1);
    CHECK_INT(pure_eval(PURE_normalize_v, (Slot[3]){{.f = NAN}}).i, 0);
    CHECK_INT(pure_eval(PURE_normalize_v, (Slot[3]){{.f = -INF}}).i, 0);
    CHECK_INT(pure_eval(PURE_normalize_v, (Slot[3]){{.f = -0.0}}).i, 0);
}

TEST(ints_and_bools_leave_the_upper_half_of_their_slot_0) {
    CHECK(pure_eval(PURE_neg_i, (Slot[3]){of_int(1)}).bits == UINT64_C(0xFFFFFFFF));
    CHECK(pure_eval(PURE_floatToInt, (Slot[3]){{.f = -1}}).bits == UINT64_C(0xFFFFFFFF));
    CHECK(pure_eval(PURE_not_b, (Slot[3]){of_int(1)}).bits == 0);
    CHECK(pure_eval(PURE_select_i, (Slot[3]){of_int(0), of_int(3), of_int(-1)}).bits ==
          UINT64_C(0xFFFFFFFF));
}

TEST(select_takes_the_first_when_true) {
    u64 first = REF_MAKE(REF_DELAY, 1), second = REF_MAKE(REF_EVENT, 1);
    CHECK(pure_eval(PURE_select_r, (Slot[3]){of_int(1), {.bits = first}, {.bits = second}}).bits ==
          first);
    CHECK(pure_eval(PURE_select_r, (Slot[3]){of_int(0), {.bits = first}, {.bits = second}}).bits ==
          second);
    CHECK_INT(pure_eval(PURE_eq_r, (Slot[3]){{.bits = first}, {.bits = second}}).i, 0);
    CHECK_INT(pure_eval(PURE_eq_r, (Slot[3]){{.bits = REF_NULL}, {.bits = REF_NULL}}).i, 1);
}
