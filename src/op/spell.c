/* spell.c (op) - spellings read from wasm.def, what rows cost, and the addresses of their C functions. */
#include "spell.h"

#include <stdlib.h>
#include <string.h>
#include "fn.h"
#include "vec.h"

/* ---- tables ---- */

static const WasmOpRow wasm_ops[WASM_OPS] = {
#define INSTR(id, text, code, effect) {text, code, effect},
#include "wasm_op.def"
#undef INSTR
};

const WasmOpRow *wasm_op_row(WasmOp op) {
    ASSERT(op < WASM_OPS);
    return &wasm_ops[op];
}

static const SpellHelper helpers[HELPERS] = {
    [HELPER_wrap] = {"wrap", "fn_wrap", "F:I", (RowFunction)fn_wrap},
    [HELPER_far_length] = {"far_length", "vec_far_length", "FFFF:F", (RowFunction)vec_far_length},
};

const SpellHelper *spell_helper(SpellHelperId id) {
    ASSERT(id < HELPERS);
    return &helpers[id];
}

RowFunction row_function(RowId r) {
    static const RowFunction functions[VEC_PAST] = {
#define PURE(id, op, types, inputs, output, signature, expression) [PURE_##id] = (RowFunction)fn_##id,
#include "op.def"
#undef PURE
#define VEC(id, op, inputs, outputs, meaning) [VEC_##id] = (RowFunction)vec_##id,
#include "vec.def"
    };
    ASSERT(r < VEC_PAST);
    return functions[r];
}

/* A row's id is that of op.def or vec.def; no id is in both. */
enum {
#define PURE(id, op, types, inputs, output, signature, expression) ROW_##id = PURE_##id,
#include "op.def"
#undef PURE
#define VEC(id, op, inputs, outputs, meaning) ROW_##id = VEC_##id,
#include "vec.def"
};

static const char *const texts[VEC_PAST] = {
#define SPELL(row, text) [ROW_##row] = text,
#include "wasm.def"
#undef SPELL
};

/* ---- reading a text ---- */

/* A text is part of the program: what is wrong in it is our mistake, and every one is read by a unit test. */

enum { STEPS_MAX = 2048 }; /* of all texts */

static SpellStep steps[STEPS_MAX];
static u32 step_count;
static Spelling spellings[VEC_PAST];
static bool is_read[VEC_PAST];

static bool is_word(Text word, const char *text) {
    return strlen(text) == word.len && memcmp(word.data, text, word.len) == 0;
}

static bool begins(Text word, const char *text) {
    size_t len = strlen(text);
    return word.len > len && memcmp(word.data, text, len) == 0;
}

static Text without(Text word, u32 front) { return (Text){word.data + front, word.len - front}; }

static bool has_digit(Text word) { return word.len > 0 && word.data[0] >= '0' && word.data[0] <= '9'; }

/* The whole of a word as a number below `past`. */
static u8 read_index(Text word, u32 past) {
    char *end;
    unsigned long index = strtoul(word.data, &end, 10);
    ASSERT(end == word.data + word.len && index < past);
    return (u8)index;
}

/* f64 instructions that have a sign of their own. */
static const struct {
    char sign;
    u16 op;
} signs[] = {{'+', WASM_f64_add}, {'-', WASM_f64_sub}, {'*', WASM_f64_mul}, {'/', WASM_f64_div}};

static u32 find_op(Text word) {
    for (u32 i = 0; i < COUNT_OF(signs); i++)
        if (word.len == 1 && word.data[0] == signs[i].sign) return signs[i].op;
    for (u32 op = 0; op < WASM_OPS; op++)
        if (is_word(word, wasm_ops[op].text)) return op;
    return NONE;
}

static SpellStep read_op(Text word) {
    u32 op = find_op(word);
    ASSERT(op != NONE);
    return (SpellStep){.kind = SPELL_OP, .op = (u16)op};
}

static SpellStep read_call(Text name) {
    u32 id = 0;
    while (id < HELPERS && !is_word(name, helpers[id].name)) id++;
    ASSERT(id < HELPERS);
    return (SpellStep){.kind = SPELL_CALL, .op = (u16)id};
}

/* "inf", "nan", "1", "-1", "1.0", "1e300"; false: it is none. */
static bool read_number(Text word, SpellStep *step) {
    *step = (SpellStep){.kind = SPELL_F, .type = 'F'};
    if (is_word(word, "inf"))
        step->number = (f64)INFINITY;
    else if (is_word(word, "nan"))
        step->number = (f64)NAN;
    else if (has_digit(word) || (word.data[0] == '-' && has_digit(without(word, 1)))) {
        char *end;
        step->number = strtod(word.data, &end);
        ASSERT(end == word.data + word.len);
        bool whole = !memchr(word.data, '.', word.len) && !memchr(word.data, 'e', word.len);
        if (whole) step->kind = SPELL_I, step->type = 'I';
    } else
        return false;
    return true;
}

/* Temporaries are numbered as they come in the text; f0 and i0 are two. */
typedef struct Names {
    Text name[SPELL_TEMPS];
} Names;

static u8 find_temp(Spelling *s, Names *names, Text name) {
    u32 i = 0;
    while (i < s->temps && (names->name[i].len != name.len || memcmp(names->name[i].data, name.data, name.len))) i++;
    ASSERT(i < SPELL_TEMPS);
    if (i == s->temps) {
        read_index(without(name, 1), SPELL_TEMPS);
        names->name[i] = name;
        s->temp_type[i] = name.data[0] == 'f' ? 'F' : 'I';
        s->temps++;
    }
    return (u8)i;
}

static SpellStep read_temp(Spelling *s, Names *names, Text name, SpellKind kind) {
    u8 temp = find_temp(s, names, name);
    return (SpellStep){.kind = (u8)kind, .lane = temp, .type = s->temp_type[temp]};
}

static bool is_lane(Text word) {
    return word.data[0] >= 'a' && word.data[0] <= 'c' && (word.len == 1 || has_digit(without(word, 1)));
}

/* f0, not f64.add. */
static bool is_temp(Text word) {
    bool lettered = word.data[0] == 'f' || word.data[0] == 'i';
    return lettered && has_digit(without(word, 1)) && !memchr(word.data, '.', word.len);
}

static SpellStep read_lane(Text word) {
    u8 lane = word.len > 1 ? read_index(without(word, 1), LANES_MAX) : 0;
    return (SpellStep){.kind = SPELL_INPUT, .input = (u8)(word.data[0] - 'a'), .lane = lane};
}

static SpellStep read_step(Spelling *s, Names *names, Text word) {
    SpellStep step;
    if (read_number(word, &step)) return step;
    if (is_lane(word)) return read_lane(word);
    if (is_temp(word)) return read_temp(s, names, word, SPELL_GET);
    if (word.data[0] == '=') return read_temp(s, names, without(word, 1), SPELL_SET);
    if (word.data[0] == '~') return read_temp(s, names, without(word, 1), SPELL_TEE);
    if (begins(word, "if:")) return (SpellStep){.kind = SPELL_IF, .type = word.data[3]};
    if (is_word(word, "else")) return (SpellStep){.kind = SPELL_ELSE};
    if (is_word(word, "end")) return (SpellStep){.kind = SPELL_END};
    if (begins(word, "call:")) return read_call(without(word, 5));
    return read_op(word);
}

static void read_text(Spelling *s, const char *text) {
    Names names;
    s->steps = &steps[step_count];
    for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
        u32 len = (u32)strcspn(text, " ");
        ASSERT(step_count < STEPS_MAX);
        steps[step_count++] = read_step(s, &names, (Text){text, len});
        s->count++;
        text += len;
    }
}

const Spelling *spell(RowId r) {
    static const Spelling none;
    if (r >= VEC_PAST) return &none;
    if (!is_read[r] && texts[r]) read_text(&spellings[r], texts[r]);
    is_read[r] = true;
    return &spellings[r];
}

/* ---- what rows cost ---- */

enum { COST_DIVISION = 8, COST_CALL = 30, COST_LIBRARY = 50 };

static u32 op_cost(WasmOp op) {
    switch (op) {
    case WASM_f64_div:
    case WASM_f64_sqrt:
    case WASM_i32_div_s:
    case WASM_i32_rem_s: return COST_DIVISION;
    default: return 1;
    }
}

/* Of a spelling both ways of an if count, but not the call of what is rare. */
static u32 steps_cost(const Spelling *s) {
    u32 cost = 0;
    for (u32 i = 0; i < s->count; i++)
        if (s->steps[i].kind == SPELL_OP) cost += op_cost((WasmOp)s->steps[i].op);
    return cost;
}

u32 spell_cost(RowId r) {
    const Spelling *s = spell(r);
    if (s->steps) return steps_cost(s);
    if (r >= VEC_PAST) return 0;
    return r < PURE_COUNT ? COST_CALL : COST_LIBRARY;
}
