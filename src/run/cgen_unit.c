/* cgen_unit.c (run) - one unit as a C function: its nest as if, for and switch, with goto only where these cannot say it.
**
** A branch goes to a place: the op that is reached next, past all ends and branches that lie between. When that is where
** control falls anyway the branch is not written; when it is the innermost loop, or what is behind it, it is a continue or
** a break. */
#include <string.h>

#include "cgen_part.h"

typedef enum Jump { JUMP_NONE, JUMP_CONTINUE, JUMP_BREAK, JUMP_GOTO } Jump;

typedef struct Writer {
    Cgen *c;
    const Unit *u;
    UnitShape shape;
    Nest nest;
    u32 *partner; /* by op: of LOOP, BLOCK, IF, ELSE: their END; of END: what it ends */
    u32 *other;   /* of IF: its ELSE */
    u32 *raw;     /* of GO: where it leads, before anything is skipped */
    u32 *place;   /* by op, and one more: what is reached next from there */
    u32 *lines;   /* by op, and one more: ops before it that are written */
    u8 *labelled; /* by place */
    u32 *open;    /* ops that are open, the innermost last */
    u32 opened;
    u8 *flat_end; /* by op END: the arm for successor 1 follows its IF without an else, there is nothing to end */
    bool shortly; /* an if and its branch stand in one line */
} Writer;

/* ---- where ops lead ---- */

static bool take_arrays(Writer *w, Arena *a) {
    u64 n = (u64)w->nest.count + 2;
    w->partner = ARENA_ARRAY(a, u32, n);
    w->other = ARENA_ARRAY(a, u32, n);
    w->raw = ARENA_ARRAY(a, u32, n);
    w->place = ARENA_ARRAY(a, u32, n);
    w->lines = ARENA_ARRAY(a, u32, n);
    w->labelled = ARENA_ARRAY(a, u8, n);
    w->flat_end = ARENA_ARRAY(a, u8, n);
    w->open = ARENA_ARRAY(a, u32, (u64)w->nest.deepest + 2);
    return !a->full;
}

static void match(Writer *w) {
    w->opened = 0;
    for (u32 i = 0; i < w->nest.count; i++) {
        u8 kind = w->nest.ops[i].kind;
        if (kind == NEST_LOOP || kind == NEST_BLOCK || kind == NEST_IF) w->open[w->opened++] = i;
        if (kind == NEST_ELSE) w->other[w->open[w->opened - 1]] = i;
        if (kind != NEST_END) continue;
        u32 opener = w->open[--w->opened];
        w->partner[opener] = i;
        w->partner[i] = opener;
        if (w->nest.ops[opener].kind == NEST_IF) w->partner[w->other[opener]] = i;
    }
}

/* The op that a branch by so many levels comes to. */
static u32 branch(const Writer *w, u32 levels) {
    u32 opener = w->open[w->opened - 1 - levels];
    return w->nest.ops[opener].kind == NEST_LOOP ? opener : w->partner[opener] + 1;
}

/* Keeps `open` as it is before op i while ops are visited one after the other. */
static void track(Writer *w, u32 i) {
    u8 kind = w->nest.ops[i].kind;
    if (kind == NEST_LOOP || kind == NEST_BLOCK || kind == NEST_IF) w->open[w->opened++] = i;
    if (kind == NEST_END) w->opened--;
}

static void find_places(Writer *w) {
    u32 n = w->nest.count;
    w->opened = 0;
    for (u32 i = 0; i < n; track(w, i++))
        if (w->nest.ops[i].kind == NEST_GO) w->raw[i] = branch(w, w->nest.ops[i].a);
    w->place[n] = n;
    for (u32 i = n; i-- > 0;) {
        switch (w->nest.ops[i].kind) {
        case NEST_BLOCK: w->place[i] = w->place[i + 1]; break;
        case NEST_ELSE: w->place[i] = w->place[w->partner[i] + 1]; break;
        case NEST_GO: w->place[i] = w->raw[i] > i ? w->place[w->raw[i]] : w->raw[i]; break;
        case NEST_END: {
            u32 opener = w->partner[i];
            w->place[i] = w->nest.ops[opener].kind == NEST_LOOP ? opener : w->place[i + 1];
            break;
        }
        default: w->place[i] = i;
        }
    }
}

static u32 innermost_loop(const Writer *w) {
    for (u32 k = w->opened; k-- > 0;)
        if (w->nest.ops[w->open[k]].kind == NEST_LOOP) return w->open[k];
    return NONE;
}

/* How control gets from op i to op `to`. In a switch a break is none of the loop's. */
static Jump jump(const Writer *w, u32 i, u32 to, bool in_switch) {
    u32 place = w->place[to], loop = innermost_loop(w);
    if (w->place[i + 1] == place) return JUMP_NONE;
    if (loop == NONE) return JUMP_GOTO;
    if (place == loop) return JUMP_CONTINUE;
    return !in_switch && w->place[w->partner[loop] + 1] == place ? JUMP_BREAK : JUMP_GOTO;
}

/* ---- what is written of an op ---- */

static u32 block_of(const Writer *w, u32 node) {
    if (node < w->shape.charge_first) return w->c->cfg.members[w->u->block_first + node - 1];
    const Way *way = &w->c->cfg.ways[w->u->way_first + w->shape.charge[node - w->shape.charge_first]];
    return way->block;
}

static bool code_writes(const Writer *w, u32 node) {
    const Cgen *c = w->c;
    if (node >= w->shape.go_first) return false;
    if (node >= w->shape.charge_first) return true;
    const Block *b = &c->cfg.blocks[block_of(w, node)];
    if (b->end == END_FUEL || b->end == END_TURN || b->end == END_CALL || b->end == END_HOST) return true;
    if (b->past - b->first > 1 || b->end == END_NEXT) return true;
    return c->p->mark_at[b->first] != NONE;
}

static void mark_label(Writer *w, u32 i, u32 to, bool in_switch) {
    if (jump(w, i, to, in_switch) == JUMP_GOTO) w->labelled[w->place[to]] = 1;
}

/* A SWITCH's branches: by successor, the default's last; a PICK's: by pair, then for all other ways. */
static u32 choices(const Writer *w, const NestOp *op) {
    if (op->kind == NEST_PICK) return w->nest.words[op->a] + 1;
    return w->shape.first[op->a + 1] - w->shape.first[op->a];
}

static u32 choice(const Writer *w, const NestOp *op, u32 k) {
    if (op->kind == NEST_SWITCH) return branch(w, w->nest.words[op->b + k]);
    u32 n = w->nest.words[op->a];
    return branch(w, w->nest.words[op->a + 1 + (k < n ? 2 * k + 1 : 2 * n)]);
}

static void find_lines(Writer *w) {
    w->opened = 0;
    for (u32 i = 0; i < w->nest.count; track(w, i++)) {
        const NestOp *op = &w->nest.ops[i];
        bool writes = op->kind == NEST_LOOP || op->kind == NEST_IF || op->kind == NEST_SET || op->kind == NEST_STOP;
        if (op->kind == NEST_CODE) writes = code_writes(w, op->a);
        if (op->kind == NEST_GO) {
            writes = jump(w, i, w->raw[i], false) != JUMP_NONE;
            mark_label(w, i, w->raw[i], false);
        }
        if (op->kind == NEST_SWITCH || op->kind == NEST_PICK) {
            writes = true;
            for (u32 k = 0; k < choices(w, op); k++) mark_label(w, i, choice(w, op, k), true);
        }
        w->lines[i + 1] = w->lines[i] + writes;
    }
    for (u32 i = 0; i < w->nest.count; i++) w->flat_end[i] = 0;
}

/* Between two ops nothing is written. */
static bool is_empty(const Writer *w, u32 from, u32 past) { return w->lines[from] == w->lines[past]; }

/* The last instruction of a node's block: what it branches by. */
static u32 branch_pc(const Writer *w, u32 node) { return w->c->cfg.blocks[block_of(w, node)].past - 1; }

/* What successor 1 of an IF costs: the turn that begins there. */
static i32 price(const Writer *w, u32 i) {
    const Ins *last = &w->c->p->code[branch_pc(w, w->nest.ops[i].a)];
    return last->code == CODE_turn || last->code == CODE_next_turn ? last->d : 0;
}

static bool has_first(const Writer *w, u32 i) { return !is_empty(w, i + 1, w->other[i]); }
static bool has_second(const Writer *w, u32 i) { return price(w, i) || !is_empty(w, w->other[i] + 1, w->partner[i]); }

/* The arm that comes first, the only one when the other is empty, is one branch or return: no braces, no else. */
static bool is_short(const Writer *w, u32 i) {
    bool first = has_first(w, i);
    u32 from = first ? i + 1 : w->other[i] + 1, last = (first ? w->other[i] : w->partner[i]) - 1;
    u8 kind = w->nest.ops[last].kind;
    if (!first && price(w, i)) return false;
    return w->lines[last + 1] - w->lines[from] == 1 && w->lines[last + 1] > w->lines[last] && !w->labelled[last] &&
           (kind == NEST_GO || kind == NEST_STOP);
}

/* ---- writing ---- */

/* Behind the condition of a short if, else on a line of its own. */
static void put_start(Writer *w) {
    if (w->shortly)
        buf_byte(w->c->out, ' ');
    else
        put_indent(w->c);
    w->shortly = false;
}

static void put_jump(Writer *w, Jump how, u32 to) {
    Buf *out = w->c->out;
    if (how == JUMP_CONTINUE) buf_text(out, "continue;");
    if (how == JUMP_BREAK) buf_text(out, "break;");
    if (how == JUMP_GOTO) buf_print(out, "goto at_%u;", (unsigned)w->place[to]);
}

static void put_go(Writer *w, u32 i) {
    Jump how = jump(w, i, w->raw[i], false);
    if (how == JUMP_NONE) return;
    put_start(w);
    put_jump(w, how, w->raw[i]);
    buf_byte(w->c->out, '\n');
}

static void put_stop(Writer *w, u32 node) {
    Cgen *c = w->c;
    put_start(w);
    if (node < w->shape.go_first) {
        buf_text(c->out, "return fuel;\n");
        return;
    }
    const Block *to = &c->cfg.blocks[w->shape.go[node - w->shape.go_first]];
    char depth[DEPTH_TEXT];
    buf_print(c->out, "return alone_go(&s->alone, %u, %s, fuel);\n", (unsigned)to->first,
              put_depth(c, to->height, depth));
}

static void put_code(Writer *w, u32 node) {
    Cgen *c = w->c;
    if (node >= w->shape.go_first) return;
    u32 block = block_of(w, node);
    if (node < w->shape.charge_first) {
        put_block(c, block);
        return;
    }
    const Block *b = &c->cfg.blocks[block];
    c->block = block;
    c->height = b->height;
    for (u32 pc = b->first; pc + 1 < b->past; pc++)
        c->height += (c->p->code[pc].code == CODE_push) - (c->p->code[pc].code == CODE_pop);
    put_charge(c, b->past - 1);
}

static void pay(Writer *w, u32 i) {
    if (price(w, i)) put_line(w->c, "fuel -= %d;", (int)price(w, i));
}

static void put_if(Writer *w, u32 i) {
    Cgen *c = w->c;
    if (!has_first(w, i) && !has_second(w, i)) {
        put_either_way(c, branch_pc(w, w->nest.ops[i].a));
        return;
    }
    put_indent(c);
    buf_text(c->out, "if (");
    put_condition(c, branch_pc(w, w->nest.ops[i].a), !has_first(w, i));
    w->shortly = is_short(w, i);
    buf_text(c->out, w->shortly ? ")" : ") {\n");
    if (!w->shortly) c->indent++;
    if (!has_first(w, i)) pay(w, i);
}

/* The first arm never falls out of its end. */
static bool leaves(const Writer *w, u32 i) {
    const NestOp *last = &w->nest.ops[w->other[i] - 1];
    return last->kind == NEST_STOP || (last->kind == NEST_GO && !is_empty(w, w->other[i] - 1, w->other[i]));
}

static void put_else(Writer *w, u32 i) {
    Cgen *c = w->c;
    u32 opener = w->partner[w->partner[i]];
    if ((has_first(w, opener) || has_second(w, opener)) && is_short(w, opener)) {
        w->flat_end[w->partner[i]] = 1;
        if (has_first(w, opener)) pay(w, opener);
        return;
    }
    if (!has_first(w, opener) || !has_second(w, opener)) return; /* one arm: the END ends it */
    c->indent--;
    put_line(c, leaves(w, opener) ? "}" : "} else {");
    if (leaves(w, opener))
        w->flat_end[w->partner[i]] = 1;
    else
        c->indent++;
    pay(w, opener);
}

static void put_end(Writer *w, u32 i) {
    u32 opener = w->partner[i];
    u8 kind = w->nest.ops[opener].kind;
    if (kind == NEST_BLOCK || w->flat_end[i]) return;
    if (kind == NEST_IF && !has_first(w, opener) && !has_second(w, opener)) return;
    w->c->indent--;
    put_line(w->c, "}");
}

/* The number that choice k is for; the last choice has none. */
static i32 choice_number(const Writer *w, const NestOp *op, u32 k) {
    if (op->kind == NEST_PICK) return (i32)w->nest.words[op->a + 1 + 2 * k];
    const Program *p = w->c->p;
    return p->words[p->code[branch_pc(w, op->a)].a + 1 + 2 * (i32)k];
}

static void put_selector(Writer *w, const NestOp *op) {
    if (op->kind == NEST_PICK) {
        w->c->uses_way = true;
        buf_text(w->c->out, "way");
        return;
    }
    put_read(w->c, w->c->p->code[branch_pc(w, op->a)].b, 'I');
}

static void put_choice(Writer *w, u32 i, u32 to) {
    Jump how = jump(w, i, to, true);
    if (how == JUMP_NONE)
        buf_text(w->c->out, " break;");
    else {
        buf_byte(w->c->out, ' ');
        put_jump(w, how, to);
    }
    buf_byte(w->c->out, '\n');
}

/* Of one case and all others: an if for whichever does not go on behind it. */
static void put_short_switch(Writer *w, u32 i, u32 to, u32 otherwise) {
    Cgen *c = w->c;
    const NestOp *op = &w->nest.ops[i];
    bool falls = jump(w, i, to, true) == JUMP_NONE, both = !falls && jump(w, i, otherwise, true) != JUMP_NONE;
    put_indent(c);
    buf_text(c->out, "if (");
    put_selector(w, op);
    buf_text(c->out, falls ? " != " : " == ");
    put_c_int(c->out, choice_number(w, op, 0));
    buf_text(c->out, ") ");
    put_jump(w, jump(w, i, falls ? otherwise : to, true), falls ? otherwise : to);
    buf_byte(c->out, '\n');
    if (!both) return;
    put_indent(c);
    put_jump(w, jump(w, i, otherwise, true), otherwise);
    buf_byte(c->out, '\n');
}

/* Cases that go where all others go are left out. */
static void put_switch(Writer *w, u32 i) {
    Cgen *c = w->c;
    const NestOp *op = &w->nest.ops[i];
    u32 n = choices(w, op) - 1, otherwise = choice(w, op, n);
    if (n == 1 && w->place[choice(w, op, 0)] != w->place[otherwise]) {
        put_short_switch(w, i, choice(w, op, 0), otherwise);
        return;
    }
    put_indent(c);
    buf_text(c->out, "switch (");
    put_selector(w, op);
    buf_text(c->out, ") {\n");
    for (u32 k = 0; k < n; k++) {
        u32 to = choice(w, op, k);
        if (w->place[to] == w->place[otherwise]) continue;
        put_indent(c);
        buf_text(c->out, "case ");
        put_c_int(c->out, choice_number(w, op, k));
        buf_byte(c->out, ':');
        if (k + 1 < n && w->place[choice(w, op, k + 1)] == w->place[to])
            buf_byte(c->out, '\n');
        else
            put_choice(w, i, to);
    }
    put_indent(c);
    buf_text(c->out, "default:");
    put_choice(w, i, otherwise);
    put_line(c, "}");
}

static void put_op(Writer *w, u32 i) {
    Cgen *c = w->c;
    const NestOp *op = &w->nest.ops[i];
    if (w->labelled[i]) buf_print(c->out, "at_%u:;\n", (unsigned)i);
    switch (op->kind) {
    case NEST_CODE: put_code(w, op->a); break;
    case NEST_LOOP:
        put_line(c, "for (;;) {");
        c->indent++;
        break;
    case NEST_IF: put_if(w, i); break;
    case NEST_ELSE: put_else(w, i); break;
    case NEST_END: put_end(w, i); break;
    case NEST_GO: put_go(w, i); break;
    case NEST_SET:
        c->uses_way = true;
        put_line(c, "way = %u;", (unsigned)op->a);
        break;
    case NEST_SWITCH:
    case NEST_PICK: put_switch(w, i); break;
    case NEST_STOP: put_stop(w, op->a); break;
    default: break;
    }
}

static void put_ops(Writer *w) {
    w->opened = 0;
    for (u32 i = 0; i < w->nest.count; track(w, i++)) put_op(w, i);
}

static void put_function(Writer *w) {
    Cgen *c = w->c;
    Buf ops = {0}, *out = c->out;
    c->indent = 1;
    c->next_local = 1;
    c->uses_depth = c->uses_way = false;
    c->out = &ops;
    put_ops(w);
    c->out = out;
    bool uses_state = ops.data && strstr(ops.data, "s->");
    buf_print(out, "static i32 %s(%sstruct %s_state *s, %su32 depth, %su32 way, i32 fuel) {\n", c->unit_name[c->unit],
              uses_state ? "" : "UNUSED ", c->name, c->uses_depth ? "" : "UNUSED ", c->uses_way ? "" : "UNUSED ");
    buf_put(out, ops.data, ops.len);
    buf_text(out, "}\n\n");
    out->full = out->full || ops.full;
    buf_close(&ops);
}

bool put_unit(Cgen *c, u32 unit) {
    Arena arena;
    arena_open(&arena, 0);
    Writer w = {.c = c, .u = &c->cfg.units[unit]};
    c->unit = unit;
    bool made = cfg_shape(&c->cfg, unit, &arena, &w.shape) == ERR_OK;
    Shape shape = {w.shape.count, w.shape.first, w.shape.succ};
    made = made && structure(&arena, &shape, &w.nest) == ERR_OK && take_arrays(&w, &arena);
    if (made) {
        match(&w);
        find_places(&w);
        find_lines(&w);
        put_function(&w);
    }
    arena_close(&arena);
    return made;
}
