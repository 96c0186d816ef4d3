/* spell.c (unit) - spellings of rows as WebAssembly: that they read, that their types fit, and that they compute what the
** row's C function does, to the bit but for NaNs. They are run by a small stack machine here, which knows WebAssembly from
** its specification (4.3, numerics); native/wasm-op.test.js holds the opcodes against a real engine. */
#include "../../src/op/spell.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "../../src/op/vec.h"
#include "test.h"

static const char *row_name(u32 r) { return r < PURE_COUNT ? pure_row((PureId)r)->id : vec_row((RowId)r)->id; }

/* ---- shapes: how many lanes a row takes and gives, and their types in WebAssembly ---- */

static char wasm_letter(char letter) { return letter == 'F' || letter == 'R' ? letter : 'I'; }

static u32 input_lanes(u32 r, u32 input) {
    return r < PURE_COUNT ? 1 : type_lanes(row_input_type(r, input, TYPE_FLOAT));
}

static char input_letter(u32 r, u32 input) {
    return wasm_letter(r < PURE_COUNT ? pure_row((PureId)r)->letter[input]
                                      : type_letter(row_input_type(r, input, TYPE_FLOAT)));
}

/* The letters of a row's results, lane by lane, ending in NUL. */
static const char *result_letters(u32 r) {
    static char letters[VEC_LANES_MAX + 1];
    u32 count = 0;
    if (r < PURE_COUNT) {
        letters[count++] = wasm_letter(pure_row((PureId)r)->result);
    } else {
        for (u32 k = 0; k < row_outputs(r); k++) {
            Type type = row_output_type(r, k, TYPE_FLOAT);
            for (u32 i = 0; i < type_lanes(type); i++) letters[count++] = wasm_letter(type_letter(type));
        }
    }
    letters[count] = '\0';
    return letters;
}

/* ---- types ---- */

enum { STACK = 64, NESTED = 4 };

/* The type of each value on the stack while a spelling is looked at from left to right, both ways of an if alike. */
typedef struct Typing {
    char stack[STACK + 1];
    u32 height;
    u32 set; /* a bit for each temporary that has a value */
    struct { u32 height, set; char type; bool other; } open[NESTED];
    u32 opened;
    const char *fault;
} Typing;

static void push_type(Typing *t, char type) {
    if (t->height == STACK) t->fault = "stack too high";
    else t->stack[t->height++] = type;
}

static char pop_type(Typing *t, char type) {
    if (t->height == 0 || (t->opened && t->height == t->open[t->opened - 1].height)) {
        t->fault = "stack is empty";
        return 0;
    }
    char found = t->stack[--t->height];
    if (type && found != type) t->fault = "another type on the stack";
    return found;
}

static void type_effect(Typing *t, const char *effect) {
    const char *colon = strchr(effect, ':');
    if (!colon) {
        t->fault = "an instruction that spellings cannot use";
        return;
    }
    for (const char *at = colon; at-- > effect;) pop_type(t, *at);
    for (const char *at = colon + 1; *at; at++) push_type(t, *at);
}

static void type_op(Typing *t, WasmOp op) {
    if (op == WASM_select) {
        pop_type(t, 'I');
        push_type(t, pop_type(t, pop_type(t, 0)));
    } else {
        type_effect(t, wasm_op_row(op)->effect);
    }
}

static void type_if(Typing *t, char type) {
    pop_type(t, 'I');
    if (t->opened == NESTED) {
        t->fault = "too many ifs within each other";
        return;
    }
    t->open[t->opened].height = t->height;
    t->open[t->opened].set = t->set;
    t->open[t->opened].other = false;
    t->open[t->opened++].type = type;
}

/* A way of the innermost if ends, the first or the other: it has left one value of the right type and nothing else. */
static void end_way(Typing *t, bool other) {
    if (!t->opened || t->open[t->opened - 1].other != other) {
        t->fault = "if, else and end do not match";
        return;
    }
    u32 k = t->opened - 1;
    pop_type(t, t->open[k].type);
    if (t->height != t->open[k].height) t->fault = "a way of an if leaves more than one value";
    t->set = t->open[k].set;
    t->open[k].other = true;
    if (other) {
        t->opened--;
        push_type(t, t->open[k].type);
    }
}

static void type_temp(Typing *t, const Spelling *s, const SpellStep *step) {
    if (step->lane >= s->temps || s->temp_type[step->lane] != step->type) t->fault = "a temporary of another type";
    if (step->kind == SPELL_GET && !(t->set >> step->lane & 1)) t->fault = "a temporary without a value";
    if (step->kind != SPELL_GET) {
        pop_type(t, step->type);
        t->set |= 1u << step->lane;
    }
    if (step->kind != SPELL_SET) push_type(t, step->type);
}

static void type_input(Typing *t, u32 r, const SpellStep *step) {
    if (step->input >= row_inputs(r) || step->lane >= input_lanes(r, step->input)) t->fault = "no such lane";
    else push_type(t, input_letter(r, step->input));
}

static void type_step(Typing *t, u32 r, const Spelling *s, const SpellStep *step) {
    switch (step->kind) {
    case SPELL_INPUT: type_input(t, r, step); break;
    case SPELL_F: push_type(t, 'F'); break;
    case SPELL_I: push_type(t, 'I'); break;
    case SPELL_OP: type_op(t, (WasmOp)step->op); break;
    case SPELL_SET:
    case SPELL_TEE:
    case SPELL_GET: type_temp(t, s, step); break;
    case SPELL_IF: type_if(t, step->type); break;
    case SPELL_ELSE: end_way(t, false); break;
    case SPELL_END: end_way(t, true); break;
    case SPELL_CALL: type_effect(t, spell_helper((SpellHelperId)step->op)->effect); break;
    default: t->fault = "no such step";
    }
}

static const char *typing_fault(u32 r) {
    const Spelling *s = spell((RowId)r);
    Typing t = {.fault = ""};
    for (u32 i = 0; i < s->count && !*t.fault; i++) type_step(&t, r, s, &s->steps[i]);
    t.stack[t.height] = '\0';
    if (!*t.fault && t.opened) t.fault = "an if without end";
    if (!*t.fault && strcmp(t.stack, result_letters(r)) != 0) t.fault = "other results than the row's";
    return t.fault;
}

TEST(every_spelling_leaves_its_rows_results_and_nothing_else) {
    u32 spelled = 0;
    for (u32 r = 0; r < VEC_PAST; r++) {
        if (!spell((RowId)r)->steps) continue;
        char said[100];
        snprintf(said, sizeof said, "%s: %s", row_name(r), typing_fault(r));
        char expected[100];
        snprintf(expected, sizeof expected, "%s: ", row_name(r));
        CHECK_TEXT(said, expected);
        spelled++;
    }
    CHECK(spelled > 100);
}

/* ---- running ---- */

typedef struct Machine {
    Slot stack[STACK];
    u32 height;
    Slot temps[SPELL_TEMPS];
    const char *fault; /* what WebAssembly would trap for */
} Machine;

static void push(Machine *m, Slot value) { m->stack[m->height++] = value; }
static void push_f(Machine *m, f64 value) { push(m, (Slot){.f = value}); }
static void push_u(Machine *m, u32 value) { push(m, (Slot){.bits = value}); }
static Slot pop(Machine *m) { return m->stack[--m->height]; }

static f64 wasm_min(f64 a, f64 b) {
    if (isnan(a) || isnan(b)) return (f64)NAN;
    if (a == 0 && b == 0) return signbit(a) || signbit(b) ? -0.0 : 0.0;
    return a < b ? a : b;
}

static f64 wasm_max(f64 a, f64 b) {
    if (isnan(a) || isnan(b)) return (f64)NAN;
    if (a == 0 && b == 0) return signbit(a) && signbit(b) ? -0.0 : 0.0;
    return a > b ? a : b;
}

/* Of 32 bits from the left or from the right, those before the first 1. */
static u32 zeros(u32 value, bool from_left) {
    u32 count = 0;
    while (count < 32 && !(value >> (from_left ? 31 - count : count) & 1)) count++;
    return count;
}

static u32 ones(u32 value) {
    u32 count = 0;
    for (u32 i = 0; i < 32; i++) count += value >> i & 1;
    return count;
}

static u32 divided(Machine *m, i32 a, i32 b) {
    if (b == 0 || (a == INT32_MIN && b == -1)) {
        m->fault = "i32.div_s traps";
        return 0;
    }
    return (u32)(a / b);
}

static u32 remainder_of(Machine *m, i32 a, i32 b) {
    if (b == 0) m->fault = "i32.rem_s traps";
    return b == 0 || b == -1 ? 0 : (u32)(a % b);
}

static u32 truncated(Machine *m, f64 a) {
    if (a > -2147483649.0 && a < 2147483648.0) return (u32)(i32)a;
    m->fault = "i32.trunc_f64_s traps";
    return 0;
}

static u32 shifted_right(i32 a, u32 by) {
    u32 sign = a < 0 ? ~0u : 0;
    return by == 0 ? (u32)a : (u32)a >> by | (sign << (32 - by));
}

static void run_one(Machine *m, WasmOp op) {
    Slot a = pop(m);
    switch (op) {
    case WASM_f64_abs: push_f(m, fabs(a.f)); break;
    case WASM_f64_neg: push_f(m, -a.f); break;
    case WASM_f64_ceil: push_f(m, ceil(a.f)); break;
    case WASM_f64_floor: push_f(m, floor(a.f)); break;
    case WASM_f64_trunc: push_f(m, trunc(a.f)); break;
    case WASM_f64_sqrt: push_f(m, sqrt(a.f)); break;
    case WASM_f64_convert_i32_s: push_f(m, (f64)a.i); break;
    case WASM_i32_trunc_f64_s: push_u(m, truncated(m, a.f)); break;
    case WASM_i32_eqz: push_u(m, a.u == 0); break;
    case WASM_i32_clz: push_u(m, zeros(a.u, true)); break;
    case WASM_i32_ctz: push_u(m, zeros(a.u, false)); break;
    case WASM_i32_popcnt: push_u(m, ones(a.u)); break;
    default: m->fault = "an instruction that this test does not know";
    }
}

static void run_two(Machine *m, WasmOp op) {
    Slot b = pop(m), a = pop(m);
    switch (op) {
    case WASM_f64_add: push_f(m, a.f + b.f); break;
    case WASM_f64_sub: push_f(m, a.f - b.f); break;
    case WASM_f64_mul: push_f(m, a.f * b.f); break;
    case WASM_f64_div: push_f(m, a.f / b.f); break;
    case WASM_f64_min: push_f(m, wasm_min(a.f, b.f)); break;
    case WASM_f64_max: push_f(m, wasm_max(a.f, b.f)); break;
    case WASM_f64_copysign: push_f(m, copysign(a.f, b.f)); break;
    case WASM_f64_eq: push_u(m, a.f == b.f); break;
    case WASM_f64_ne: push_u(m, a.f != b.f); break;
    case WASM_f64_lt: push_u(m, a.f < b.f); break;
    case WASM_f64_gt: push_u(m, a.f > b.f); break;
    case WASM_f64_le: push_u(m, a.f <= b.f); break;
    case WASM_f64_ge: push_u(m, a.f >= b.f); break;
    case WASM_i32_add: push_u(m, a.u + b.u); break;
    case WASM_i32_sub: push_u(m, a.u - b.u); break;
    case WASM_i32_mul: push_u(m, a.u * b.u); break;
    case WASM_i32_div_s: push_u(m, divided(m, a.i, b.i)); break;
    case WASM_i32_rem_s: push_u(m, remainder_of(m, a.i, b.i)); break;
    case WASM_i32_and: push_u(m, a.u & b.u); break;
    case WASM_i32_or: push_u(m, a.u | b.u); break;
    case WASM_i32_xor: push_u(m, a.u ^ b.u); break;
    case WASM_i32_shl: push_u(m, a.u << (b.u % 32)); break;
    case WASM_i32_shr_s: push_u(m, shifted_right(a.i, b.u % 32)); break;
    case WASM_i32_eq: push_u(m, a.u == b.u); break;
    case WASM_i32_ne: push_u(m, a.u != b.u); break;
    case WASM_i32_lt_s: push_u(m, a.i < b.i); break;
    case WASM_i32_gt_s: push_u(m, a.i > b.i); break;
    case WASM_i32_gt_u: push_u(m, a.u > b.u); break;
    case WASM_i32_le_s: push_u(m, a.i <= b.i); break;
    case WASM_i32_ge_s: push_u(m, a.i >= b.i); break;
    case WASM_i64_eq: push_u(m, a.bits == b.bits); break;
    default: m->fault = "an instruction that this test does not know";
    }
}

static void run_op(Machine *m, WasmOp op) {
    if (op == WASM_select) {
        Slot condition = pop(m), b = pop(m), a = pop(m);
        push(m, condition.u ? a : b);
    } else if (wasm_op_row(op)->effect[1] == ':') {
        run_one(m, op);
    } else {
        run_two(m, op);
    }
}

static void run_call(Machine *m, SpellHelperId id) {
    RowFunction function = spell_helper(id)->function;
    if (id == HELPER_wrap) {
        push_u(m, (u32)((i32(*)(f64))function)(pop(m).f));
    } else {
        Slot w = pop(m), z = pop(m), y = pop(m), x = pop(m);
        push_f(m, ((f64(*)(f64, f64, f64, f64))function)(x.f, y.f, z.f, w.f));
    }
}

/* From an if or else to behind its else, or behind its end. */
static u32 skip(const Spelling *s, u32 at, SpellKind to) {
    u32 inner = 0;
    for (at++; inner || s->steps[at].kind != to; at++) {
        if (s->steps[at].kind == SPELL_IF) inner++;
        if (s->steps[at].kind == SPELL_END) inner--;
    }
    return at + 1;
}

static void run_step(Machine *m, const SpellStep *step, const Slot (*in)[LANES_MAX]) {
    switch (step->kind) {
    case SPELL_INPUT: push(m, in[step->input][step->lane]); break;
    case SPELL_F: push_f(m, step->number); break;
    case SPELL_I: push_u(m, (u32)(i32)step->number); break;
    case SPELL_OP: run_op(m, (WasmOp)step->op); break;
    case SPELL_SET: m->temps[step->lane] = pop(m); break;
    case SPELL_TEE: m->temps[step->lane] = m->stack[m->height - 1]; break;
    case SPELL_GET: push(m, m->temps[step->lane]); break;
    default: run_call(m, (SpellHelperId)step->op);
    }
}

static const char *run_spelling(u32 r, const Slot (*in)[LANES_MAX], Slot *out) {
    const Spelling *s = spell((RowId)r);
    Machine m = {.fault = ""};
    for (u32 at = 0; at < s->count && !*m.fault;) {
        const SpellStep *step = &s->steps[at];
        if (step->kind == SPELL_ELSE) at = skip(s, at, SPELL_END);
        else if (step->kind == SPELL_END) at++;
        else if (step->kind == SPELL_IF) at = pop(&m).u ? at + 1 : skip(s, at, SPELL_ELSE);
        else run_step(&m, step, in), at++;
    }
    memcpy(out, m.stack, m.height * sizeof *out);
    return m.fault;
}

/* ---- the same as the row's function ---- */

static const f64 floats[] = {0.0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, 0.49999999999999994, 3.7, -3.7, 5e-324, -2.2250738585072014e-308,
                             1e-140, 1.5e-155, 1e160, -1.7976931348623157e308, 4503599627370497.5, 2147483647, 2147483648, -2147483648.0,
                             -2147483649.0, 2147483647.9, 4294967296, -6442450945.5, 1e300,
                             (f64)INFINITY, -(f64)INFINITY, (f64)NAN};
static const i32 ints[] = {0, 1, -1, 2, -2, 7, -7, 31, 32, 33, 65536, 1073741824, INT32_MAX, INT32_MAX - 1, INT32_MIN, INT32_MIN + 1};
static const u64 refs[] = {0, 1, REF_MAKE(REF_OBJECT, 3), REF_MAKE(REF_DELAY, 3), UINT64_MAX};

static u64 random_state;

static u64 next_random(void) { /* xorshift64 */
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* `extremes`: mostly values where something special happens; else moderate ones, so that not all results are NaN. */
static Slot random_value(char letter, bool extremes) {
    u64 bits = next_random() >> 8;
    bool edge = (bits & 0xff) < (extremes ? 200 : 10);
    bits >>= 8;
    switch (letter) {
    case 'F': return (Slot){.f = edge ? floats[bits % COUNT_OF(floats)] : (f64)(i64)(bits % 2000001) / 100000.0 - 10};
    case 'I': return (Slot){.bits = edge ? (u32)ints[bits % COUNT_OF(ints)] : (u32)bits};
    case 'R': return (Slot){.bits = refs[bits % COUNT_OF(refs)]};
    default: return (Slot){.bits = bits & 1};
    }
}

static char value_letter(u32 r, u32 input) {
    return r < PURE_COUNT ? pure_row((PureId)r)->letter[input] : type_letter(row_input_type(r, input, TYPE_FLOAT));
}

static void eval_row(u32 r, const Slot (*in)[LANES_MAX], Slot *out) {
    const Slot lanes[3] = {in[0][0], in[1][0], in[2][0]};
    if (r < PURE_COUNT) out[0] = pure_eval((PureId)r, lanes);
    else vec_eval((RowId)r, out, in[0], in[1], in[2]);
}

/* Runs both on one choice of inputs. */
static void compare(u32 r, bool extremes) {
    Slot in[3][LANES_MAX] = {{{0}}}, expected[VEC_LANES_MAX] = {{0}}, seen[STACK] = {{0}};
    for (u32 k = 0; k < row_inputs(r); k++)
        for (u32 i = 0; i < input_lanes(r, k); i++) in[k][i] = random_value(value_letter(r, k), extremes);
    eval_row(r, in, expected);
    CHECK_TEXT(run_spelling(r, in, seen), "");
    const char *letters = result_letters(r);
    for (u32 i = 0; letters[i]; i++) {
        Type type = letters[i] == 'F' ? TYPE_FLOAT : TYPE_INT;
        bool same = slot_canonical(seen[i], type).bits == slot_canonical(expected[i], type).bits;
        char what[200];
        snprintf(what, sizeof what, "%s lane %u of %a %a %a: %a instead of %a (%d, %d)", row_name(r), i, in[0][0].f,
                 in[1][0].f, in[2][0].f, seen[i].f, expected[i].f, seen[i].i, expected[i].i);
        CHECK_TEXT(same ? "" : what, "");
    }
}

TEST(every_spelling_computes_what_the_rows_function_does) {
    random_state = 88172645463325252u;
    for (u32 r = 0; r < VEC_PAST; r++)
        for (u32 round = 0; spell((RowId)r)->steps && round < 4000; round++) compare(r, round % 2);
}

/* ---- what is not a matter of chance ---- */

static i32 run_ints(RowId r, i32 a, i32 b) {
    Slot in[3][LANES_MAX] = {{{.bits = (u32)a}}, {{.bits = (u32)b}}}, out[STACK] = {{0}};
    run_spelling(r, (const Slot(*)[LANES_MAX])in, out);
    return out[0].i;
}

static f64 run_float(RowId r, f64 a) {
    Slot in[3][LANES_MAX] = {{{.f = a}}}, out[STACK] = {{0}};
    run_spelling(r, (const Slot(*)[LANES_MAX])in, out);
    return out[0].f;
}

TEST(spelled_integers_never_trap) {
    CHECK_INT(run_ints(PURE_div_i, 7, 0), 0);
    CHECK_INT(run_ints(PURE_div_i, INT32_MIN, -1), INT32_MIN);
    CHECK_INT(run_ints(PURE_div_i, -7, 2), -3);
    CHECK_INT(run_ints(PURE_rem_i, 7, 0), 0);
    CHECK_INT(run_ints(PURE_rem_i, INT32_MIN, -1), 0);
    CHECK_INT(run_ints(PURE_rem_i, -7, 2), -1);
    CHECK_INT(run_ints(PURE_asr_i, -8, 33), -4);
}

TEST(spelled_rounding_keeps_signs_and_takes_halves_away_from_zero) {
    CHECK_FLOAT(run_float(PURE_round_f, 2.5), 3);
    CHECK_FLOAT(run_float(PURE_round_f, -0.4), -0.0);
    CHECK_FLOAT(run_float(PURE_round_f, 0.49999999999999994), 0);
    CHECK_FLOAT(run_float(PURE_normalize_f, -5e-324), -1);
    CHECK_FLOAT(run_float(PURE_normalize_f, (f64)NAN), 0);
}

TEST(what_calls_the_c_library_has_no_spelling_and_costs_more) {
    CHECK(spell(PURE_sin_f)->steps == NULL);
    CHECK(spell(VEC_quatSlerp)->steps == NULL);
    CHECK(spell(LANES_combine2)->steps == NULL);
    CHECK(spell(VEC_matMul_4)->steps != NULL);
    CHECK_INT(spell_cost(PURE_pi), 0);
    CHECK_INT(spell_cost(PURE_boolToInt), 0);
    CHECK_INT(spell_cost(PURE_add_f), 1);
    CHECK_INT(spell_cost(VEC_dot_3), 5);
    CHECK_INT(spell_cost(LANES_combine2), 0);
    CHECK(spell_cost(PURE_sin_f) >= 30 && spell_cost(VEC_quatSlerp) >= 30);
}

TEST(rows_are_functions_with_the_types_of_their_signature) {
    CHECK_FLOAT(((f64(*)(f64, f64))row_function(PURE_add_f))(1, 2), 3);
    CHECK_INT(((i32(*)(i32, i32, i32))row_function(PURE_clamp_i))(9, 1, 5), 5);
    CHECK(((u64(*)(i32, u64, u64))row_function(PURE_select_r))(0, 4, UINT64_MAX) == UINT64_MAX);
    Slot a[3] = {{.f = 1}, {.f = 2}, {.f = 3}}, d[1];
    ((void (*)(Slot *, const Slot *, const Slot *, const Slot *))row_function(VEC_dot_3))(d, a, a, NULL);
    CHECK_FLOAT(d[0].f, 14);
    for (u32 r = 0; r < VEC_PAST; r++) CHECK(row_function((RowId)r) != NULL);
}
