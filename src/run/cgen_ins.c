/* cgen_ins.c (run) - instructions as C statements: slots as fields, variables or literals, rows as expressions. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cgen_part.h"

/* ---- lines ---- */

void put_indent(Cgen *c) {
    for (u32 i = 0; i < c->indent; i++) buf_text(c->out, "    ");
}

void put_line(Cgen *c, const char *format, ...) {
    char line[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    put_indent(c);
    buf_text(c->out, line);
    buf_byte(c->out, '\n');
}

/* ---- which temporaries are C variables ---- */

static bool is_temporary(const Cgen *c, u32 slot) { return slot >= c->p->temp_first && slot < c->p->stack_first; }

/* One lane in, one lane out: what these write can be a C variable. */
static bool is_scalar(const Ins *i) { return i->code < PURE_COUNT || i->code == CODE_mov; }

/* What reads temporaries as values, by name: no address and no slot number is wanted. */
static bool reads_values(const Ins *i) {
    return is_scalar(i) || (ins_kind((Code)i->code) != INS_EFFECT && i->code >= VEC_PAST && i->code != CODE_copy);
}

/* Temporaries live in the state where a block reads what another wrote, and in blocks where effects or lane code use them, or
** a charge that is tried again. Elsewhere they are C variables. */
static bool in_memory(const Cgen *c, u32 slot) { return c->exposed[slot] || c->touched[slot] == c->block + 1; }

static bool is_local(const Cgen *c, u32 slot) { return is_temporary(c, slot) && !in_memory(c, slot); }

static void touch_temporaries(Cgen *c, u32 block) {
    const Block *b = &c->cfg.blocks[block];
    c->block = block;
    for (u32 pc = b->first; pc < b->past; pc++) {
        Access access[ACCESS_MAX];
        const Ins *i = &c->p->code[pc];
        bool charge = ins_kind((Code)i->code) == INS_CHARGE;
        for (u32 k = 0, n = access_of(c->p, i, access); k < n; k++) {
            const Access *a = &access[k];
            if (!charge && (a->write ? is_scalar(i) : reads_values(i))) continue;
            for (u32 slot = a->slot; slot < a->slot + a->count; slot++)
                if (is_temporary(c, slot)) c->touched[slot] = block + 1;
        }
    }
}

/* A charge that is tried again reads without having written. */
static void expose_temporaries(Cgen *c, const Block *b, u32 *written, u32 stamp) {
    for (u32 pc = b->first; pc < b->past; pc++) {
        Access access[ACCESS_MAX];
        const Ins *i = &c->p->code[pc];
        bool charge = ins_kind((Code)i->code) == INS_CHARGE;
        for (u32 k = 0, n = access_of(c->p, i, access); k < n; k++) {
            const Access *a = &access[k];
            for (u32 slot = a->slot; slot < a->slot + a->count; slot++) {
                if (!is_temporary(c, slot)) continue;
                u32 *last = &written[slot - c->p->temp_first];
                if (a->write) *last = stamp;
                if (!a->write && (charge || *last != stamp)) c->exposed[slot] = 1;
            }
        }
    }
}

/* Writes of C variables that nothing reads any more are left out: a warning they would be. */
static void find_dead(Cgen *c, const Block *b, u32 *read, u32 stamp) {
    for (u32 pc = b->past; pc-- > b->first;) {
        Access access[ACCESS_MAX];
        const Ins *i = &c->p->code[pc];
        for (u32 k = access_of(c->p, i, access); k-- > 0;) {
            const Access *a = &access[k];
            if (!is_local(c, a->slot)) continue;
            u32 *last = &read[a->slot - c->p->temp_first];
            if (!a->write && !c->dead[pc]) *last = stamp;
            if (!a->write) continue;
            c->dead[pc] = *last != stamp;
            *last = 0;
        }
    }
}

bool sort_temporaries(Cgen *c) {
    const Program *p = c->p;
    u32 temps = p->stack_first - p->temp_first;
    u32 *written = ARENA_ARRAY(&c->arena, u32, (u64)temps + 1), *read = ARENA_ARRAY(&c->arena, u32, (u64)temps + 1);
    c->exposed = ARENA_ARRAY(&c->arena, u8, (u64)p->stack_first + 1);
    c->touched = ARENA_ARRAY(&c->arena, u32, (u64)p->stack_first + 1);
    c->dead = ARENA_ARRAY(&c->arena, u8, (u64)p->count + 1);
    c->locals = ARENA_ARRAY(&c->arena, Local, (u64)p->stack_first + 1);
    c->letters = ARENA_ARRAY(&c->arena, u8, (u64)p->stack_first + 1);
    c->rows = ARENA_ARRAY(&c->arena, u8, PURE_COUNT);
    if (c->arena.full) return false;
    slot_letters(p, c->letters);
    for (u32 slot = p->out_first; slot < p->stack_first; slot++)
        c->exposed[slot] = 1; /* graph outputs are looked at there */
    for (u32 b = 0; b < c->cfg.block_count; b++)
        if (c->cfg.blocks[b].unit != NONE) expose_temporaries(c, &c->cfg.blocks[b], written, b + 1);
    for (u32 b = 0; b < c->cfg.block_count; b++) {
        if (c->cfg.blocks[b].unit == NONE) continue;
        touch_temporaries(c, b);
        find_dead(c, &c->cfg.blocks[b], read, b + 1);
    }
    return true;
}

/* ---- slots ---- */

static const char *member(char letter) { return letter == 'F' ? "f" : letter == 'B' || letter == 'I' ? "i" : "bits"; }
static const char *c_type(char letter) {
    return letter == 'F' ? "f64" : letter == 'B' || letter == 'I' ? "i32" : "u64";
}

static void put_literal(Cgen *c, Slot value, char letter) {
    if (letter == 'F')
        put_c_float(c->out, value.f);
    else if (letter == 'B' || letter == 'I')
        put_c_int(c->out, value.i);
    else
        buf_print(c->out, "UINT64_C(0x%llX)", (unsigned long long)value.bits);
}

/* The slot itself, of type Slot. */
static void put_slot(Cgen *c, u32 slot) {
    const Program *p = c->p;
    if (slot < p->const_first && c->fields[slot].path) {
        buf_print(c->out, "s->%s", c->fields[slot].path);
        if (c->fields[slot].lanes > 1) buf_print(c->out, "[%u]", (unsigned)c->fields[slot].lane);
    } else if (slot == STATE_EPOCH || slot == STATE_DEPTH) {
        buf_text(c->out, slot == STATE_EPOCH ? "s->epoch" : "s->depth");
    } else if (is_temporary(c, slot)) {
        buf_print(c->out, "s->temp[%u]", (unsigned)(slot - p->temp_first));
    } else {
        buf_print(c->out, "s->slots[%u]", (unsigned)slot);
    }
}

void put_read(Cgen *c, i32 operand, char letter) {
    const Program *p = c->p;
    u32 slot = (u32)operand;
    if (slot >= p->const_first && slot < p->temp_first) {
        put_literal(c, p->consts[slot - p->const_first], letter);
    } else if (is_local(c, slot) && c->locals[slot].number == NONE) {
        put_literal(c, p->consts[c->locals[slot].constant - p->const_first], letter);
    } else if (is_local(c, slot)) {
        buf_print(c->out, "t%u", (unsigned)c->locals[slot].number);
    } else {
        put_slot(c, slot);
        buf_print(c->out, ".%s", member(letter));
    }
}

/* "const f64 t5 = " or "s->var.x.f = ", indented. The new variable stands for the slot from then on only (see name_written):
** what is on the right may still read the old one. */
static void put_target(Cgen *c, i32 operand, char letter) {
    u32 slot = (u32)operand;
    put_indent(c);
    if (is_local(c, slot)) {
        buf_print(c->out, "const %s t%u = ", c_type(letter), (unsigned)c->next_local);
    } else {
        put_slot(c, slot);
        buf_print(c->out, ".%s = ", member(letter));
    }
}

static void name_written(Cgen *c, i32 operand, char letter) {
    u32 slot = (u32)operand;
    if (!is_temporary(c, slot)) return;
    c->letters[slot] = (u8)letter;
    if (is_local(c, slot)) c->locals[slot] = (Local){c->next_local++, NONE};
}

/* The address of the first of so many lanes. */
static void put_address(Cgen *c, i32 operand, u32 lanes) {
    const Program *p = c->p;
    u32 slot = (u32)operand;
    const Field *f = slot < p->const_first ? &c->fields[slot] : NULL;
    if (slot >= p->const_first && slot < p->temp_first)
        buf_print(c->out, "%s_initial + %u", c->name, (unsigned)slot);
    else if (is_temporary(c, slot))
        buf_print(c->out, "s->temp + %u", (unsigned)(slot - p->temp_first));
    else if (f && f->path && f->lane == 0 && f->lanes == 1 && lanes == 1)
        buf_print(c->out, "&s->%s", f->path);
    else if (f && f->path && f->lanes > 1 && f->lane + lanes <= f->lanes)
        buf_print(c->out, f->lane ? "s->%s + %u" : "s->%s", f->path, (unsigned)f->lane);
    else
        buf_print(c->out, "s->slots + %u", (unsigned)slot);
}

/* ---- rows of op.def ---- */

static char upper(char letter) { return letter >= 'a' ? (char)(letter - 'a' + 'A') : letter; }

static bool is_word_part(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Which input the character at `at` of a row's text stands for; row->arity: none. */
static u32 input_at(const PureRow *row, const char *at) {
    bool word = (at > row->text && is_word_part(at[-1])) || is_word_part(at[1]) || at[1] == '(';
    return *at >= 'a' && *at < 'a' + row->arity && !word ? (u32)(*at - 'a') : row->arity;
}

/* Each input stands in it once, and no compiler finds a comparison of something with itself. */
static bool is_expression(const PureRow *row, const i32 operand[3]) {
    u32 uses[3] = {0, 0, 0};
    for (const char *at = row->text; *at; at++)
        if (input_at(row, at) < row->arity) uses[input_at(row, at)]++;
    for (u32 k = 0; k < row->arity; k++)
        if (uses[k] != 1) return false;
    return row->arity < 2 || operand[0] != operand[1];
}

static void put_row(Cgen *c, const Ins *i) {
    const PureRow *row = pure_row((PureId)i->code);
    const i32 operand[3] = {i->b, i->c, i->d};
    if (is_expression(row, operand)) {
        for (const char *at = row->text; *at; at++) {
            u32 k = input_at(row, at);
            if (k < row->arity)
                put_read(c, operand[k], upper(row->letter[k]));
            else
                buf_byte(c->out, *at);
        }
        return;
    }
    c->rows[i->code] = 1;
    buf_print(c->out, "fn_%s(", row->id);
    for (u32 k = 0; k < row->arity; k++) {
        if (k) buf_text(c->out, ", ");
        put_read(c, operand[k], upper(row->letter[k]));
    }
    buf_byte(c->out, ')');
}

static void put_pure(Cgen *c, const Ins *i) {
    char letter = upper(pure_row((PureId)i->code)->result);
    put_target(c, i->a, letter);
    put_row(c, i);
    buf_text(c->out, ";\n");
    name_written(c, i->a, letter);
}

/* ---- moves, lane code, effects ---- */

static char letter_of(const Cgen *c, i32 operand) {
    char letter = (char)c->letters[operand];
    return letter == 'P' || letter == 0 ? 'R' : letter;
}

/* Between C variables nothing is moved: the one is the other's name. */
static bool rename_local(Cgen *c, u32 to, u32 from) {
    bool constant = from >= c->p->const_first && from < c->p->temp_first;
    if (!is_local(c, to) || !(constant || is_local(c, from))) return false;
    c->locals[to] = constant ? (Local){NONE, from} : c->locals[from];
    c->letters[to] = c->letters[from];
    return true;
}

static void put_move(Cgen *c, i32 to, i32 from) {
    char letter = letter_of(c, from);
    if (rename_local(c, (u32)to, (u32)from)) return;
    put_target(c, to, letter);
    put_read(c, from, letter);
    buf_text(c->out, ";\n");
    name_written(c, to, letter);
}

static void put_copy(Cgen *c, const Ins *i) {
    i32 n = i->n;
    bool apart = i->a + n <= i->b || i->b + n <= i->a;
    if (apart && n <= 4) {
        for (i32 k = 0; k < n; k++) put_move(c, i->a + k, i->b + k);
        return;
    }
    put_indent(c);
    buf_text(c->out, "memmove(");
    put_address(c, i->a, (u32)n);
    buf_text(c->out, ", ");
    put_address(c, i->b, (u32)n);
    buf_print(c->out, ", %d * sizeof(Slot));\n", (int)n);
    for (i32 k = 0; k < n; k++) name_written(c, i->a + k, letter_of(c, i->b + k));
}

static void put_vec(Cgen *c, const Ins *i) {
    const VecRow *row = vec_row((RowId)i->code);
    const i32 operand[3] = {i->b, i->c, i->d};
    u32 lanes = 0;
    for (u32 k = 0; k < row->outs; k++)
        for (u32 lane = 0; lane < type_lanes((Type)row->out[k].type); lane++, lanes++)
            name_written(c, i->a + (i32)lanes, type_letter((Type)row->out[k].type));
    put_indent(c);
    buf_print(c->out, "vec_%s(", row->id);
    put_address(c, i->a, lanes);
    for (u32 k = 0; k < 3; k++) {
        buf_text(c->out, ", ");
        if (k < row->ins)
            put_address(c, operand[k], type_lanes((Type)row->in[k].type));
        else
            buf_text(c->out, "NULL");
    }
    buf_text(c->out, ");\n");
}

/* The node that an effect is of; NONE. */
static u32 node_of(const Ins *i) {
    switch (i->code) {
    case CODE_delay:
    case CODE_throttle:
    case CODE_interpolate:
    case CODE_host: return (u32)i->c;
    case CODE_enter:
    case CODE_gate:
    case CODE_wait_all:
    case CODE_send:
    case CODE_random:
    case CODE_log: return (u32)i->b;
    case CODE_delay_stop:
    case CODE_throttle_reset:
    case CODE_gate_reset:
    case CODE_wait_all_reset: return (u32)i->a;
    default: return NONE;
    }
}

/* What it writes: the letter of the lanes that begin at its d operand. */
static void note_effect(Cgen *c, const Ins *i) {
    if (code_operand((Code)i->code, 0) == 'd') name_written(c, i->a, i->code == CODE_random ? 'F' : 'I');
    if (i->code != CODE_host) return;
    const Graph *g = c->g;
    i32 slot = i->a + 1;
    for (u32 out = g->value_out[i->c]; out < g->value_out[i->c + 1]; out++)
        for (u32 k = 0; k < type_lanes((Type)g->out_type[out]); k++)
            name_written(c, slot++, type_letter((Type)g->out_type[out]));
}

static void put_effect(Cgen *c, u32 pc) {
    const Ins *i = &c->p->code[pc];
    u32 node = node_of(i);
    bool ends = i->code == CODE_enter || i->code == CODE_send;
    put_indent(c);
    buf_print(c->out, "%salone_%s(&s->alone, %d, %d, %d, %d)%s", ends ? "if (!" : "", code_name((Code)i->code),
              (int)i->a, (int)i->b, (int)i->c, (int)i->d, ends ? ")" : ";");
    if (node != NONE) {
        buf_text(c->out, " /* ");
        put_node(c, node);
        buf_text(c->out, " */");
    }
    buf_byte(c->out, '\n');
    char depth[DEPTH_TEXT];
    if (ends)
        put_line(c, "    return alone_limit(&s->alone, %u, %s, fuel);", (unsigned)pc, put_depth(c, c->height, depth));
    note_effect(c, i);
}

/* ---- control ---- */

/* The height of the stack, as an expression: "depth + 2". */
const char *put_depth(Cgen *c, i32 height, char room[DEPTH_TEXT]) {
    c->uses_depth = true;
    snprintf(room, DEPTH_TEXT, height ? "depth + %d" : "depth", (int)height);
    return room;
}

static void put_stack(Cgen *c, u32 pc, const Ins *i) {
    char depth[DEPTH_TEXT];
    if (i->code == CODE_pop) {
        put_target(c, i->a, 'I');
        buf_print(c->out, "s->stack[%s].i;\n", put_depth(c, --c->height, depth));
        name_written(c, i->a, 'I');
        return;
    }
    put_depth(c, c->height++, depth);
    put_line(c, "if (%s >= %u) return alone_overflow(&s->alone, %u, %s, fuel);", depth, (unsigned)c->p->stack_count,
             (unsigned)pc, depth);
    put_indent(c);
    buf_print(c->out, "s->stack[%s].i = ", depth);
    put_read(c, i->a, 'I');
    buf_text(c->out, ";\n");
}

static void put_more(Cgen *c, u32 pc, i32 charge, const char *when) {
    char depth[DEPTH_TEXT];
    put_line(c, "if (%sfuel < %d) return alone_more(&s->alone, %u, %s, fuel, %d);", when, (int)charge, (unsigned)pc,
             put_depth(c, c->height, depth), (int)charge);
}

/* What turn and next_turn compare is decided here, so that the charge is known to be paid before anything happens; it is paid
** where the turn begins. */
void put_charge(Cgen *c, u32 pc) {
    const Ins *i = &c->p->code[pc];
    if (i->code == CODE_fuel) {
        put_more(c, pc, i->a, "");
        put_line(c, "fuel -= %d;", (int)i->a);
        return;
    }
    u32 turn = c->next_local++;
    bool next = i->code == CODE_next_turn;
    if (next) {
        put_indent(c);
        buf_print(c->out, "const i32 t%u = (i32)(", (unsigned)c->next_local);
        put_slot(c, (u32)i->b);
        buf_text(c->out, ".u + 1u);\n");
    }
    put_indent(c);
    buf_print(c->out, "const bool t%u = ", (unsigned)turn);
    if (next) {
        buf_print(c->out, "t%u < ", (unsigned)c->next_local);
        put_read(c, i->c, 'I');
    } else {
        put_row(c, &(Ins){.code = PURE_lt_i, .b = i->b, .c = i->c});
    }
    buf_text(c->out, ";\n");
    char when[24];
    snprintf(when, sizeof when, "t%u && ", (unsigned)turn);
    put_more(c, pc, i->d, when);
    if (next) {
        put_indent(c);
        put_slot(c, (u32)i->b);
        buf_print(c->out, ".i = t%u;\n", (unsigned)c->next_local++);
    }
    c->turn = turn;
}

static const char *comparison(Code code, bool negated) {
    switch (code) {
    case CODE_unless_lt_i: return negated ? " >= " : " < ";
    case CODE_unless_le_i: return negated ? " > " : " <= ";
    case CODE_unless_gt_i: return negated ? " <= " : " > ";
    case CODE_unless_ge_i: return negated ? " < " : " >= ";
    case CODE_unless_eq_i: return negated ? " != " : " == ";
    case CODE_unless_lt_f: return " < ";
    case CODE_unless_le_f: return " <= ";
    case CODE_unless_gt_f: return " > ";
    case CODE_unless_ge_f: return " >= ";
    default: return " == ";
    }
}

static void put_own_comparison(Cgen *c, const Ins *i, bool negated) {
    static const u16 rows[] = {PURE_lt_i, PURE_le_i, PURE_gt_i, PURE_ge_i, PURE_eq_i,
                               PURE_lt_f, PURE_le_f, PURE_gt_f, PURE_ge_f, PURE_eq_f};
    if (negated) buf_byte(c->out, '!');
    put_row(c, &(Ins){.code = rows[i->code - CODE_unless_lt_i], .b = i->b, .c = i->c});
}

void put_condition(Cgen *c, u32 pc, bool negated) {
    const Ins *i = &c->p->code[pc];
    if (ins_kind((Code)i->code) == INS_CHARGE) { /* successor 0: there is no turn */
        buf_print(c->out, negated ? "t%u" : "!t%u", (unsigned)c->turn);
        return;
    }
    if (i->code == CODE_jump_not) {
        if (negated) buf_byte(c->out, '!');
        put_read(c, i->b, 'B');
        return;
    }
    if (i->code == CODE_switch) { /* of one case: successor 0 */
        put_read(c, i->b, 'I');
        buf_text(c->out, negated ? " != " : " == ");
        put_c_int(c->out, c->p->words[i->a + 1]);
        return;
    }
    bool floats = i->code >= CODE_unless_lt_f && i->code <= CODE_unless_eq_f;
    char letter = floats ? 'F' : 'I';
    if (i->b == i->c) { /* compilers find a comparison of something with itself odd */
        put_own_comparison(c, i, negated);
        return;
    }
    if (floats && negated) buf_text(c->out, "!(");
    put_read(c, i->b, letter);
    buf_text(c->out, comparison((Code)i->code, negated));
    put_read(c, i->c, letter);
    if (floats && negated) buf_byte(c->out, ')');
}

void put_either_way(Cgen *c, u32 pc) {
    const Ins *i = &c->p->code[pc];
    const i32 operand[2] = {i->b, i->c};
    bool one = i->code == CODE_jump_not || i->code == CODE_switch;
    for (u32 k = 0; k < (one ? 1u : 2u); k++)
        if (is_local(c, (u32)operand[k]) && c->locals[operand[k]].number != NONE)
            put_line(c, "(void)t%u;", (unsigned)c->locals[operand[k]].number);
}

static void put_call(Cgen *c, u32 pc, const Block *b) {
    const Cfg *cfg = &c->cfg;
    const Block *callee = &cfg->blocks[b->callee];
    u32 way = cfg->way_at[callee->first] - cfg->units[callee->unit].way_first;
    i32 h = c->height;
    char depth[DEPTH_TEXT], within[DEPTH_TEXT];
    put_depth(c, h, depth);
    put_line(c, "if (%s >= s->alone.deepest) return alone_call(&s->alone, %u, %s, %u, fuel);", depth,
             (unsigned)callee->first, depth, (unsigned)pc + 1);
    put_line(c, "fuel = %s(s, %s, %u, fuel);", c->unit_name[callee->unit], put_depth(c, h + 1, within), (unsigned)way);
    put_line(c, "if (fuel < 0) return alone_outward(&s->alone, %s, %u, fuel);", depth, (unsigned)pc + 1);
}

/* ---- blocks ---- */

static void put_marks(Cgen *c, u32 pc) {
    const Program *p = c->p;
    for (u32 m = p->mark_at[pc]; m < p->mark_count && p->marks[m].pc == pc; m++) {
        if (p->marks[m].kind != MARK_ACTIVATE) continue;
        put_indent(c);
        buf_text(c->out, "/* ");
        put_node(c, c->g->flow_in_node[p->marks[m].what]);
        buf_text(c->out, ": ");
        put_comment(c, c->g->node_op[c->g->flow_in_node[p->marks[m].what]]);
        buf_text(c->out, ", ");
        put_comment(c, c->g->flow_in_name[p->marks[m].what]);
        buf_text(c->out, " */\n");
    }
}

void put_instruction(Cgen *c, u32 pc) {
    const Ins *i = &c->p->code[pc];
    put_marks(c, pc);
    if (c->dead[pc]) return;
    if (i->code < PURE_COUNT) {
        put_pure(c, i);
        return;
    }
    if (i->code < VEC_PAST) {
        put_vec(c, i);
        return;
    }
    switch (i->code) {
    case CODE_nop: break;
    case CODE_mov: put_move(c, i->a, i->b); break;
    case CODE_copy: put_copy(c, i); break;
    case CODE_epoch: put_line(c, "s->epoch.u++;"); break;
    case CODE_push:
    case CODE_pop: put_stack(c, pc, i); break;
    default: put_effect(c, pc);
    }
}

void put_block(Cgen *c, u32 block) {
    const Block *b = &c->cfg.blocks[block];
    u32 last = b->past - 1;
    touch_temporaries(c, block);
    c->height = b->height;
    for (u32 pc = b->first; pc < last; pc++) put_instruction(c, pc);
    if (b->end == END_NEXT || b->end == END_HOST) {
        put_instruction(c, last);
        return;
    }
    put_marks(c, last);
    if (b->end == END_FUEL || b->end == END_TURN) put_charge(c, last);
    if (b->end == END_CALL) put_call(c, last, b);
    if (b->end == END_SWITCH && b->succs == 1) put_either_way(c, last);
}
