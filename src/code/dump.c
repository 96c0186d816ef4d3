/* dump.c (code) - a program as text: what an expert reads to see what became of a graph. */
#include "dump.h"

/* ---- names of slots ---- */

static void put_label(const Graph *g, u32 node, Buf *out) {
    char label[96];
    graph_node_label(g, node, label, sizeof label);
    buf_text(out, label);
}

static bool put_variable(const Graph *g, u32 slot, Buf *out) {
    for (u32 v = 0; v < g->variable_count; v++) {
        u32 first = g->variable_slot[v], lanes = type_lanes((Type)g->variable_type[v]);
        if (slot < first || slot >= first + lanes) continue;
        if (g->variable_name[v][0])
            buf_text(out, g->variable_name[v]);
        else
            buf_print(out, "var%u", (unsigned)v);
        if (lanes > 1) buf_print(out, ".%u", (unsigned)(slot - first));
        return true;
    }
    return false;
}

static void put_state(const Program *p, u32 slot, Buf *out) {
    const Graph *g = p->graph;
    if (put_variable(g, slot, out)) return;
    for (u32 o = 0; o < g->value_out_count; o++) {
        u32 first = g->out_slot[o], lanes = type_lanes((Type)g->out_type[o]);
        if (first == NONE || slot < first || slot >= first + lanes) continue;
        if (g->out_node[o] == NONE)
            buf_text(out, "in");
        else
            put_label(g, g->out_node[o], out);
        buf_print(out, ":%s", g->out_name[o]);
        if (lanes > 1) buf_print(out, ".%u", (unsigned)(slot - first));
        return;
    }
    buf_print(out, "s%u", (unsigned)slot);
}

static void put_const(const Program *p, u32 i, Buf *out) {
    Slot s = p->consts[i];
    switch (p->const_letter[i]) {
    case 'B': buf_text(out, s.i ? "true" : "false"); break;
    case 'I': buf_print(out, "%d", (int)s.i); break;
    case 'R': buf_print(out, "ref %llx", (unsigned long long)s.bits); break;
    default: buf_number(out, s.f); break;
    }
}

static void put_slot(const Program *p, i32 operand, Buf *out) {
    u32 slot = (u32)operand;
    if (slot < p->const_first)
        put_state(p, slot, out);
    else if (slot < p->temp_first)
        put_const(p, slot - p->const_first, out);
    else if (slot < p->out_first)
        buf_print(out, "t%u", (unsigned)(slot - p->temp_first));
    else
        buf_print(out, "o%u", (unsigned)(slot - p->out_first));
}

/* ---- instructions ---- */

/* The expression of an op.def row with slots in place of the words a, b, c. */
static void put_expression(const Program *p, const Ins *i, Buf *out) {
    const PureRow *row = pure_row((PureId)i->code);
    const i32 operand[3] = {i->b, i->c, i->d};
    char before = ' ';
    for (const char *c = row->text; *c; before = *c++) {
        char after = c[1];
        bool word = (before >= 'a' && before <= 'z') || (before >= 'A' && before <= 'Z') || before == '_' ||
                    (before >= '0' && before <= '9') || (after >= 'a' && after <= 'z') ||
                    (after >= '0' && after <= '9') || after == '_' || after == '(';
        if (*c >= 'a' && *c < 'a' + row->arity && !word)
            put_slot(p, operand[*c - 'a'], out);
        else
            buf_byte(out, *c);
    }
}

static void put_pure(const Program *p, const Ins *i, Buf *out) {
    buf_print(out, "%-12s ", code_name((Code)i->code));
    put_slot(p, i->a, out);
    buf_text(out, " = ");
    put_expression(p, i, out);
}

/* A whole value: its first slot, and dots when there are more. */
static void put_value(const Program *p, i32 slot, Type t, Buf *out) {
    put_slot(p, slot, out);
    if (type_lanes(t) > 1) buf_text(out, "..");
}

static void put_vec(const Program *p, const Ins *i, Buf *out) {
    const VecRow *row = vec_row((RowId)i->code);
    const i32 operand[3] = {i->b, i->c, i->d};
    i32 to = i->a;
    buf_print(out, "%-12s", row->id);
    for (u32 k = 0; k < row->outs; k++) {
        buf_byte(out, ' ');
        put_value(p, to, (Type)row->out[k].type, out);
        to += (i32)type_lanes((Type)row->out[k].type);
    }
    buf_text(out, " =");
    for (u32 k = 0; k < row->ins; k++) {
        buf_byte(out, ' ');
        put_value(p, operand[k], (Type)row->in[k].type, out);
    }
}

static void put_table(const Program *p, u32 pc, const Ins *i, Buf *out) {
    const i32 *table = p->words + i->a;
    u32 n = (u32)table[0];
    buf_text(out, " {");
    for (u32 k = 0; k < n; k++)
        buf_print(out, " %d: %d,", (int)table[1 + 2 * k], (int)((i32)pc + 1 + table[2 + 2 * k]));
    buf_print(out, " else: %d }", (int)((i32)pc + 1 + table[1 + 2 * n]));
}

static void put_operands(const Program *p, u32 pc, const Ins *i, Buf *out) {
    const i32 operand[4] = {i->a, i->b, i->c, i->d};
    for (u32 k = 0; k < 4; k++) {
        char kind = code_operand((Code)i->code, k);
        if (kind == '-' || kind == 'w') continue;
        buf_byte(out, ' ');
        if (kind == 't') buf_print(out, "-> %d", (int)((i32)pc + 1 + operand[k]));
        if (kind == 'd' || kind == 's') put_slot(p, operand[k], out);
        if (kind == '#') buf_print(out, "#%d", (int)operand[k]);
    }
    if (i->n) buf_print(out, " x%u", (unsigned)i->n);
    if (i->code == CODE_switch) put_table(p, pc, i, out);
}

static void put_marks(const Program *p, u32 pc, Buf *out) {
    const Graph *g = p->graph;
    for (u32 m = p->mark_at[pc]; m < p->mark_count && p->marks[m].pc == pc; m++) {
        if (p->marks[m].kind != MARK_ACTIVATE) continue;
        u32 input = p->marks[m].what;
        buf_text(out, "      ; ");
        put_label(g, g->flow_in_node[input], out);
        buf_print(out, ":%s\n", g->flow_in_name[input]);
    }
}

static void put_entries(const Program *p, u32 pc, const u32 *root_at, Buf *out) {
    const Graph *g = p->graph;
    if (root_at[pc] == NONE) return;
    u32 o = root_at[pc];
    buf_text(out, "\n");
    if (o < g->flow_out_count) {
        put_label(g, g->flow_out_node[o], out);
        buf_print(out, ":%s\n", g->flow_out_name[o]);
    } else {
        buf_print(out, "output %s\n", g->output_name[o - g->flow_out_count]);
    }
}

/* By pc: the flow output, or flow_out_count + graph output, that enters there. */
static u32 *find_roots(const Program *p, Arena *a) {
    const Graph *g = p->graph;
    u32 *at = ARENA_ARRAY(a, u32, p->count + 1);
    if (!at) return NULL;
    for (u32 pc = 0; pc < p->count; pc++) at[pc] = NONE;
    for (u32 o = 0; o < g->flow_out_count; o++)
        if (p->entry[o] != NONE) at[p->entry[o]] = o;
    for (u32 o = 0; o < g->output_count; o++)
        if (p->output_entry[o] != NONE) at[p->output_entry[o]] = g->flow_out_count + o;
    return at;
}

void dump(const Program *p, Buf *out) {
    Arena a;
    arena_open(&a, 0);
    u32 *root_at = find_roots(p, &a);
    buf_print(out, "%u instructions; slots: %u state, %u constants, %u temporaries, %u stack\n", (unsigned)p->count,
              (unsigned)p->const_first, (unsigned)p->const_count, (unsigned)(p->temp_count + p->out_count),
              (unsigned)p->stack_count);
    for (u32 pc = 0; root_at && pc < p->count; pc++) {
        const Ins *i = &p->code[pc];
        put_entries(p, pc, root_at, out);
        put_marks(p, pc, out);
        buf_print(out, "%5u ", (unsigned)pc);
        if (i->code < PURE_COUNT) {
            put_pure(p, i, out);
        } else if (i->code < VEC_PAST) {
            put_vec(p, i, out);
        } else {
            buf_print(out, "%-12s", code_name((Code)i->code));
            put_operands(p, pc, i, out);
        }
        buf_byte(out, '\n');
    }
    arena_close(&a);
}
