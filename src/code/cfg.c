/* cfg.c (code) - a verified program as basic blocks, and these as units. */
#include "cfg.h"

#include <string.h>

typedef struct Make {
    Cfg *c;
    const Program *p;
    const CfgOptions *options;
    Arena scratch;
    u8 *leader; /* by pc: a block begins here */
    u8 *head;   /* by block: a root, a graph output or a procedure begins here */
    u32 *order; /* reachable blocks in reverse postorder */
    u32 *place; /* by block: its place in `order`, NONE */
    u32 reached;
    u32 *owner; /* by block: what unit it is in, by some block of it */
} Make;

/* ---- blocks ---- */

/* How many places instruction pc can go to beside the next one, and the k-th of them. */
static u32 target_count(const Program *p, const Ins *i) {
    if (i->code == CODE_switch) return (u32)p->words[i->a] + 1;
    return code_operand((Code)i->code, 0) == 't';
}

static u32 target_at(const Program *p, u32 pc, u32 k) {
    const Ins *i = &p->code[pc];
    if (i->code != CODE_switch) return (u32)((i32)pc + 1 + i->a);
    const i32 *table = p->words + i->a;
    u32 cases = (u32)table[0];
    return (u32)((i32)pc + 1 + (k < cases ? table[2 + 2 * k] : table[1 + 2 * cases]));
}

/* END_NEXT: it does not end a block by itself. */
static BlockEnd end_of(Code code) {
    switch (code) {
    case CODE_jump: return END_JUMP;
    case CODE_switch: return END_SWITCH;
    case CODE_fuel: return END_FUEL;
    case CODE_turn:
    case CODE_next_turn: return END_TURN;
    case CODE_call: return END_CALL;
    case CODE_host: return END_HOST;
    case CODE_ret: return END_RET;
    case CODE_halt: return END_HALT;
    default: return code_forks(code) ? END_FORK : END_NEXT;
    }
}

static void find_leaders(Make *m) {
    const Program *p = m->p;
    u32 since = 0;
    m->leader[0] = 1;
    for (u32 i = 0; i < p->graph->flow_out_count; i++)
        if (p->entry[i] != NONE) m->leader[p->entry[i]] = 1;
    for (u32 i = 0; i < p->graph->output_count; i++)
        if (p->output_entry[i] != NONE) m->leader[p->output_entry[i]] = 1;
    for (u32 pc = 0; pc < p->count; pc++) {
        const Ins *i = &p->code[pc];
        for (u32 k = 0, n = target_count(p, i); k < n; k++) m->leader[target_at(p, pc, k)] = 1;
        if (end_of((Code)i->code) != END_NEXT) m->leader[pc + 1] = 1; /* there is room for one past the last */
    }
    for (u32 pc = 0; m->options->instructions && pc < p->count; pc++) {
        since = m->leader[pc] ? 1 : since + 1;
        if (since > m->options->instructions) m->leader[pc] = 1, since = 1;
    }
}

static bool take_blocks(Make *m) {
    Cfg *c = m->c;
    u32 n = 0, succs = 0;
    for (u32 pc = 0; pc < m->p->count; pc++) {
        n += m->leader[pc];
        succs += target_count(m->p, &m->p->code[pc]) + 1;
    }
    c->blocks = ARENA_ARRAY(&c->arena, Block, n + 1);
    c->succ = ARENA_ARRAY(&c->arena, u32, succs + n + 1);
    c->block_at = ARENA_ARRAY(&c->arena, u32, m->p->count + 1);
    c->way_at = ARENA_ARRAY(&c->arena, u32, m->p->count + 1);
    m->head = ARENA_ARRAY(&m->scratch, u8, n + 1);
    m->order = ARENA_ARRAY(&m->scratch, u32, n + 1);
    m->place = ARENA_ARRAY(&m->scratch, u32, n + 1);
    m->owner = ARENA_ARRAY(&m->scratch, u32, n + 1);
    c->block_count = n;
    return !c->arena.full && !m->scratch.full;
}

static void add_succ(Cfg *c, Block *b, u32 pc) {
    c->succ[c->succ_count++] = c->block_at[pc];
    b->succs++;
}

static void end_block(Make *m, Block *b) {
    Cfg *c = m->c;
    u32 pc = b->past - 1;
    const Ins *i = &m->p->code[pc];
    b->end = (u8)end_of((Code)i->code);
    b->succ_first = c->succ_count;
    b->callee = b->end == END_CALL ? c->block_at[target_at(m->p, pc, 0)] : NONE;
    bool falls = b->end != END_JUMP && b->end != END_SWITCH && b->end != END_RET && b->end != END_HALT;
    if (falls) add_succ(c, b, pc + 1);
    for (u32 k = 0, n = target_count(m->p, i); k < n && b->end != END_CALL; k++) add_succ(c, b, target_at(m->p, pc, k));
}

static void make_blocks(Make *m) {
    Cfg *c = m->c;
    u32 block = NONE;
    for (u32 pc = 0; pc < m->p->count; pc++) {
        if (m->leader[pc]) {
            block = block == NONE ? 0 : block + 1;
            c->blocks[block].first = pc;
        }
        c->blocks[block].past = pc + 1;
        c->block_at[pc] = block;
        c->way_at[pc] = NONE;
    }
    for (u32 b = 0; b < c->block_count; b++) end_block(m, &c->blocks[b]);
}

static void find_heads(Make *m) {
    const Program *p = m->p;
    const Cfg *c = m->c;
    for (u32 i = 0; i < p->graph->flow_out_count; i++)
        if (p->entry[i] != NONE) m->head[c->block_at[p->entry[i]]] = 1;
    for (u32 i = 0; i < p->graph->output_count; i++)
        if (p->output_entry[i] != NONE) m->head[c->block_at[p->output_entry[i]]] = 1;
    for (u32 b = 0; b < c->block_count; b++)
        if (c->blocks[b].callee != NONE) m->head[c->blocks[b].callee] = 1;
}

/* ---- order ---- */

/* Postorder from one head, behind what is there already; `next` counts the successors that were looked at. Calls lead to heads. */
static void visit(Make *m, u32 head, u32 *stack, u32 *next, u32 *done) {
    const Cfg *c = m->c;
    u32 depth = 0;
    if (m->place[head] != NONE) return;
    m->place[head] = 0;
    stack[depth++] = head;
    while (depth) {
        u32 b = stack[depth - 1];
        const Block *block = &c->blocks[b];
        if (next[b] < block->succs) {
            u32 to = c->succ[block->succ_first + next[b]++];
            if (m->place[to] != NONE) continue;
            m->place[to] = 0;
            stack[depth++] = to;
        } else {
            m->order[(*done)++] = b;
            depth--;
        }
    }
}

static bool put_in_order(Make *m) {
    u32 n = m->c->block_count, done = 0;
    u32 *stack = ARENA_ARRAY(&m->scratch, u32, n + 1), *next = ARENA_ARRAY(&m->scratch, u32, n + 1);
    if (m->scratch.full) return false;
    for (u32 b = 0; b < n; b++) m->place[b] = NONE;
    for (u32 b = n; b-- > 0;)
        if (m->head[b]) visit(m, b, stack, next, &done);
    for (u32 i = 0; i < done / 2; i++) {
        u32 other = m->order[i];
        m->order[i] = m->order[done - 1 - i];
        m->order[done - 1 - i] = other;
    }
    for (u32 i = 0; i < done; i++) m->place[m->order[i]] = i;
    m->reached = done;
    return true;
}

/* Stack heights over a head's, along any way: verify has seen that all ways agree. */
static void find_heights(Make *m) {
    const Cfg *c = m->c;
    for (u32 i = 0; i < m->reached; i++) {
        Block *b = &c->blocks[m->order[i]];
        i32 height = b->height;
        for (u32 pc = b->first; pc < b->past; pc++)
            height += (m->p->code[pc].code == CODE_push) - (m->p->code[pc].code == CODE_pop);
        for (u32 k = 0; k < b->succs; k++) {
            u32 to = c->succ[b->succ_first + k];
            if (m->place[to] > i) c->blocks[to].height = height;
        }
    }
}

/* ---- units ---- */

/* Predecessors by block, in one list: those of b from first[b] to first[b + 1]. */
typedef struct Preds {
    u32 *first, *from;
} Preds;

static bool find_preds(Make *m, Preds *out) {
    const Cfg *c = m->c;
    u32 n = c->block_count;
    out->first = ARENA_ARRAY(&m->scratch, u32, n + 2);
    out->from = ARENA_ARRAY(&m->scratch, u32, c->succ_count + 1);
    if (m->scratch.full) return false;
    for (u32 b = 0; b < n; b++)
        for (u32 k = 0; m->place[b] != NONE && k < c->blocks[b].succs; k++)
            out->first[c->succ[c->blocks[b].succ_first + k] + 2]++;
    for (u32 b = 0; b <= n; b++) out->first[b + 1] += out->first[b];
    for (u32 b = 0; b < n; b++)
        for (u32 k = 0; m->place[b] != NONE && k < c->blocks[b].succs; k++)
            out->from[out->first[c->succ[c->blocks[b].succ_first + k] + 1]++] = b;
    return true;
}

/* The owner of each block: the last one but the root on the way up the dominator tree, where a root of all leads to every
** head. So what only one head leads to belongs to it, and where two meet something of its own begins. It takes as many rounds
** as loops hang together. */
static bool find_owners(Make *m) {
    Preds preds;
    if (!find_preds(m, &preds)) return false;
    for (u32 b = 0; b < m->c->block_count; b++) m->owner[b] = m->head[b] ? b : NONE;
    for (bool changed = true; changed;) {
        changed = false;
        for (u32 i = 0; i < m->reached; i++) {
            u32 b = m->order[i], owner = NONE;
            if (m->owner[b] == b) continue;
            for (u32 k = preds.first[b]; k < preds.first[b + 1] && owner != b; k++) {
                u32 from = m->owner[preds.from[k]];
                if (from == NONE || from == owner) continue;
                owner = owner == NONE ? from : b;
            }
            changed |= m->owner[b] != owner;
            m->owner[b] = owner;
        }
    }
    return true;
}

/* Tarjan's strongly connected components among owners, without recursion. `low` ends as the component's first member. */
typedef struct Circles {
    u32 *index, *low, *path, *stack, *at, *k; /* by block, but for stacks */
    u32 indices, depth, pending;
} Circles;

static void close_circle(Circles *s, u32 owner, u32 *merged) {
    u32 member;
    do {
        member = s->path[--s->pending];
        merged[member] = owner;
    } while (member != owner);
}

static void open_circle(Circles *s, u32 owner, u32 place) {
    s->index[owner] = s->low[owner] = ++s->indices;
    s->path[s->pending++] = owner;
    s->stack[s->depth] = owner;
    s->at[s->depth] = place; /* in the list of its members */
    s->k[s->depth++] = 0;
}

/* Blocks sorted by owner; those of o from first[o] on. */
typedef struct Members {
    u32 *first, *list;
} Members;

static bool find_members(Make *m, Members *out) {
    u32 n = m->c->block_count;
    out->first = ARENA_ARRAY(&m->scratch, u32, n + 2);
    out->list = ARENA_ARRAY(&m->scratch, u32, n + 1);
    if (m->scratch.full) return false;
    for (u32 b = 0; b < n; b++)
        if (m->place[b] != NONE) out->first[m->owner[b] + 2]++;
    for (u32 b = 0; b <= n; b++) out->first[b + 1] += out->first[b];
    for (u32 b = 0; b < n; b++)
        if (m->place[b] != NONE) out->list[out->first[m->owner[b] + 1]++] = b;
    return true;
}

static void walk_circles(Make *m, Circles *s, const Members *members, u32 *merged) {
    const Cfg *c = m->c;
    while (s->depth) {
        u32 owner = s->stack[s->depth - 1], *at = &s->at[s->depth - 1], *k = &s->k[s->depth - 1];
        if (*at == members->first[owner + 1]) {
            s->depth--;
            if (s->depth && s->low[owner] < s->low[s->stack[s->depth - 1]])
                s->low[s->stack[s->depth - 1]] = s->low[owner];
            if (s->low[owner] == s->index[owner]) close_circle(s, owner, merged);
            continue;
        }
        const Block *b = &c->blocks[members->list[*at]];
        if (*k == b->succs) {
            ++*at;
            *k = 0;
            continue;
        }
        u32 to = m->owner[c->succ[b->succ_first + (*k)++]];
        if (!s->index[to])
            open_circle(s, to, members->first[to]);
        else if (merged[to] == NONE && s->index[to] < s->low[owner])
            s->low[owner] = s->index[to];
    }
}

/* Owners that jump to each other in circles become one. */
static bool merge_circles(Make *m) {
    u32 n = m->c->block_count;
    Members members;
    Circles s = {0};
    u32 *merged = ARENA_ARRAY(&m->scratch, u32, n + 1), *words = ARENA_ARRAY(&m->scratch, u32, 6 * (u64)n + 6);
    if (!find_members(m, &members) || m->scratch.full) return false;
    u32 **lists[] = {&s.index, &s.low, &s.path, &s.stack, &s.at, &s.k};
    for (u32 i = 0; i < 6; i++) *lists[i] = words + i * (u64)n;
    for (u32 b = 0; b < n; b++) merged[b] = NONE;
    for (u32 b = 0; b < n; b++) {
        if (m->place[b] == NONE || m->owner[b] != b || s.index[b]) continue;
        open_circle(&s, b, members.first[b]);
        walk_circles(m, &s, &members, merged);
    }
    for (u32 b = 0; b < n; b++)
        if (m->place[b] != NONE) m->owner[b] = merged[m->owner[b]];
    return true;
}

/* Numbers the units in order of their first instruction; one that is too large is cut, along reverse postorder. */
static bool number_units(Make *m) {
    Cfg *c = m->c;
    u32 n = c->block_count, limit = m->options->instructions;
    u32 *unit = ARENA_ARRAY(&m->scratch, u32, n + 1), *size = ARENA_ARRAY(&m->scratch, u32, n + 1);
    if (m->scratch.full) return false;
    for (u32 b = 0; b < n; b++) unit[b] = NONE;
    for (u32 b = 0; b < n; b++) c->blocks[b].unit = NONE;
    for (u32 i = 0; i < m->reached; i++) {
        Block *b = &c->blocks[m->order[i]];
        u32 owner = m->owner[m->order[i]], count = b->past - b->first;
        if (unit[owner] == NONE || (limit && size[owner] + count > limit)) {
            unit[owner] = c->unit_count++;
            size[owner] = 0;
        }
        size[owner] += count;
        b->unit = unit[owner];
    }
    return true;
}

static bool fill_units(Make *m) {
    Cfg *c = m->c;
    c->units = ARENA_ARRAY(&c->arena, Unit, c->unit_count + 1);
    c->members = ARENA_ARRAY(&c->arena, u32, m->reached + 1);
    if (c->arena.full) return false;
    u32 first = 0;
    for (u32 b = 0; b < c->block_count; b++)
        if (c->blocks[b].unit != NONE) c->units[c->blocks[b].unit].blocks++;
    for (u32 u = 0; u < c->unit_count; u++) {
        c->units[u].block_first = first;
        first += c->units[u].blocks;
        c->units[u].blocks = 0;
    }
    for (u32 b = 0; b < c->block_count; b++) {
        if (c->blocks[b].unit == NONE) continue;
        Unit *u = &c->units[c->blocks[b].unit];
        c->members[u->block_first + u->blocks++] = b;
    }
    return true;
}

/* ---- ways ---- */

/* Which blocks control comes into from elsewhere. */
static void mark_ways(Make *m, u8 *in) {
    const Cfg *c = m->c;
    for (u32 b = 0; b < c->block_count; b++) {
        const Block *block = &c->blocks[b];
        if (block->unit == NONE) continue;
        if (m->head[b]) in[b] = 1;
        bool leaves = block->end == END_CALL || block->end == END_HOST;
        for (u32 k = 0; k < block->succs; k++) {
            u32 to = c->succ[block->succ_first + k];
            if (leaves || c->blocks[to].unit != block->unit) in[to] = 1;
        }
    }
}

static bool is_charge(const Block *b) { return b->end == END_FUEL || b->end == END_TURN; }

static void add_way(Cfg *c, Unit *u, WayKind kind, u32 block, u32 pc) {
    if (c->way_at[pc] != NONE) return; /* a block that is a charge only */
    c->way_at[pc] = c->way_count;
    c->ways[c->way_count++] = (Way){(u8)kind, block, pc};
    u->ways++;
}

static bool find_ways(Make *m) {
    Cfg *c = m->c;
    u8 *in = ARENA_ARRAY(&m->scratch, u8, c->block_count + 1);
    c->ways = ARENA_ARRAY(&c->arena, Way, 2 * (u64)m->reached + 1);
    if (m->scratch.full || c->arena.full) return false;
    mark_ways(m, in);
    for (u32 i = 0; i < c->unit_count; i++) {
        Unit *u = &c->units[i];
        u->way_first = c->way_count;
        for (u32 k = 0; k < u->blocks; k++) {
            u32 b = c->members[u->block_first + k];
            const Block *block = &c->blocks[b];
            if (in[b]) add_way(c, u, WAY_BLOCK, b, block->first);
            if (m->options->charges && is_charge(block)) add_way(c, u, WAY_CHARGE, b, block->past - 1);
        }
    }
    return true;
}

/* ---- the whole ---- */

static bool make(Make *m) {
    m->leader = ARENA_ARRAY(&m->scratch, u8, (u64)m->p->count + 1);
    if (!m->leader) return false;
    find_leaders(m);
    if (!take_blocks(m)) return false;
    make_blocks(m);
    find_heads(m);
    if (!put_in_order(m)) return false;
    find_heights(m);
    return find_owners(m) && merge_circles(m) && number_units(m) && fill_units(m) && find_ways(m);
}

Err cfg_open(const Program *p, const CfgOptions *options, Cfg *out) {
    *out = (Cfg){.program = p};
    ASSERT(p->verified);
    Make m = {.c = out, .p = p, .options = options};
    arena_open(&out->arena, 0);
    arena_open(&m.scratch, 0);
    bool made = make(&m);
    arena_close(&m.scratch);
    if (made) return ERR_OK;
    cfg_close(out);
    return ERR_MEMORY;
}

void cfg_close(Cfg *c) { arena_close(&c->arena); }

/* ---- the shape of a unit ---- */

typedef struct Shaping {
    const Cfg *c;
    const Unit *u;
    u32 unit;
    UnitShape *out;
    u32 succs, gos;
    u32 *node; /* by block of the unit, from its first instruction's order: see node_of */
} Shaping;

/* Where a block stands among the unit's, by bisection: they are in order. */
static u32 node_of(const Shaping *s, u32 block) {
    const u32 *members = s->c->members + s->u->block_first;
    u32 low = 0, high = s->u->blocks;
    while (high - low > 1) {
        u32 middle = (low + high) / 2;
        if (members[middle] <= block)
            low = middle;
        else
            high = middle;
    }
    return 1 + low;
}

/* The node for leaving to a block; leavings are few, or else the unit was cut out of something huge: neighbours are looked at first. */
static u32 go_node(Shaping *s, u32 block) {
    UnitShape *out = s->out;
    for (u32 k = s->gos; k-- > 0 && s->gos - k <= 8;)
        if (out->go[k] == block) return out->go_first + k;
    out->go[s->gos++] = block;
    return out->go_first + s->gos - 1;
}

/* A block that only jumps. Its marks would be lost. */
static bool is_passage(const Shaping *s, u32 block) {
    const Block *b = &s->c->blocks[block];
    return b->unit == s->unit && b->end == END_JUMP && b->past - b->first == 1 &&
           s->c->program->mark_at[b->first] == NONE;
}

enum { PASSAGES_MOST = 16 }; /* nobody promised that jumps do not go round */

/* Where control does something again. A charge before a loop's jump back to its head, tried again alone, then leads to
** the head, and the loop needs no pick for it (structure.h). */
static u32 behind_passages(const Shaping *s, u32 block) {
    for (u32 k = 0; k < PASSAGES_MOST && is_passage(s, block); k++) block = s->c->succ[s->c->blocks[block].succ_first];
    return block;
}

static void add_successors(Shaping *s, const Block *b) {
    for (u32 k = 0; k < b->succs; k++) {
        u32 to = behind_passages(s, s->c->succ[b->succ_first + k]);
        bool stays = s->c->blocks[to].unit == s->unit;
        s->out->succ[s->succs++] = stays ? node_of(s, to) : go_node(s, to);
    }
}

static u32 count_charges(const Cfg *c, const Unit *u) {
    u32 n = 0;
    for (u32 k = 0; k < u->ways; k++) n += c->ways[u->way_first + k].kind == WAY_CHARGE;
    return n;
}

static u32 count_successors(const Cfg *c, const Unit *u) {
    u32 n = u->ways;
    for (u32 k = 0; k < u->blocks; k++) n += c->blocks[c->members[u->block_first + k]].succs;
    for (u32 k = 0; k < u->ways; k++) n += c->blocks[c->ways[u->way_first + k].block].succs;
    return n;
}

static void shape_entry(Shaping *s) {
    u32 charge = s->out->charge_first;
    s->out->first[0] = 0;
    for (u32 k = 0; k < s->u->ways; k++) {
        const Way *w = &s->c->ways[s->u->way_first + k];
        s->out->succ[s->succs++] = w->kind == WAY_CHARGE ? charge++ : node_of(s, w->block);
    }
}

Err cfg_shape(const Cfg *c, u32 unit, Arena *arena, UnitShape *out) {
    const Unit *u = &c->units[unit];
    u32 charges = count_charges(c, u), succs = count_successors(c, u), most = 1 + u->blocks + charges + succs;
    *out = (UnitShape){.charge_first = 1 + u->blocks, .go_first = 1 + u->blocks + charges};
    out->first = ARENA_ARRAY(arena, u32, most + 1);
    out->succ = ARENA_ARRAY(arena, u32, succs + 1);
    out->charge = ARENA_ARRAY(arena, u32, charges + 1);
    out->go = ARENA_ARRAY(arena, u32, succs + 1);
    if (arena->full) return ERR_MEMORY;
    Shaping s = {.c = c, .u = u, .unit = unit, .out = out};
    u32 node = 0, charge = 0;
    shape_entry(&s);
    for (u32 k = 0; k < u->blocks; k++) {
        out->first[++node] = s.succs;
        add_successors(&s, &c->blocks[c->members[u->block_first + k]]);
    }
    for (u32 k = 0; k < u->ways; k++) {
        const Way *w = &c->ways[u->way_first + k];
        if (w->kind != WAY_CHARGE) continue;
        out->charge[charge++] = k;
        out->first[++node] = s.succs;
        add_successors(&s, &c->blocks[w->block]);
    }
    for (u32 k = 0; k < s.gos; k++) out->first[++node] = s.succs;
    out->count = node + 1;
    out->first[out->count] = s.succs;
    return ERR_OK;
}
