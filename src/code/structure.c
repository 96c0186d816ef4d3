/* structure.c (code) - control flow as nested loops, blocks and ifs: the dominator tree of a reduced flow, written out.
**
** After Ramsey, "Beyond Relooper" (ICFP 2022), with one difference: what a loop is left for stands behind its LOOP,
** not in it, so a LOOP holds exactly the nodes of its loop, and loops one after another do not nest. An arm that is
** most of what follows its IF stands behind it for the same reason: a chain of 100,000 early exits is flat. */
#include "structure.h"

#include "reduce.h"

/* A branch is to a label: of node n, n is its BLOCK's, and count + n its LOOP's. */
typedef struct Later {
    u8 kind;
    u32 label, next;
} Later;

enum {
    LATER_EDGE,  /* a branch to `label`, or what is there, if this is the only way to it */
    LATER_PLACE, /* the end of the block `label`, and what is there */
    LATER_ELSE,
    LATER_END /* of the loop `label`, or of an IF: NONE */
};

typedef struct Nester {
    const Flow *flow;
    u32 *order, count;    /* nodes in reverse postorder; but for edges back to heads, all edges lead onwards in it */
    u32 *rank;            /* by node: its place there, NONE: nothing leads to it */
    u32 *dom;             /* by node: its immediate dominator */
    u32 *parent;          /* by node: the one in whose part of the code its own is placed */
    u32 *depth, *skip;    /* by node: in the tree of these; and a dominator some way up */
    u32 *inputs;          /* by node: edges onwards to it */
    u32 *size;            /* by node: how many nodes its part of the code has */
    u32 *within, *behind; /* by node: labelled nodes placed in its part, and behind it (a loop's), the last first */
    u32 *before;          /* by labelled node: the one placed before it */
    u8 *labelled;         /* by node: it is branched to; else its part stands where the one edge to it comes from */
    u32 most_ops, most_words;
    NestOp *ops; /* with labels for levels; END: its label, NONE of an IF */
    u32 op_count;
    u32 *words, word_count;
    u8 *used;     /* by label */
    Later *steps; /* a stack */
    u32 step_count;
    u32 *opened; /* by label: how many levels were open around it */
} Nester;

static bool open_nester(Nester *n, Arena *a, const Flow *flow) {
    u64 count = flow->count;
    *n = (Nester){.flow = flow};
    n->order = ARENA_ARRAY(a, u32, count);
    n->rank = arena_nones(a, count);
    n->dom = arena_nones(a, count);
    n->parent = ARENA_ARRAY(a, u32, count);
    n->depth = ARENA_ARRAY(a, u32, count);
    n->skip = ARENA_ARRAY(a, u32, count);
    n->inputs = ARENA_ARRAY(a, u32, count);
    n->size = ARENA_ARRAY(a, u32, count);
    n->within = arena_nones(a, count);
    n->behind = arena_nones(a, count);
    n->before = arena_nones(a, count);
    n->labelled = ARENA_ARRAY(a, u8, count);
    n->used = ARENA_ARRAY(a, u8, 2 * count);
    n->opened = ARENA_ARRAY(a, u32, 2 * count);
    return !a->full;
}

static u32 successors(const Flow *f, u32 node) { return f->first[node + 1] - f->first[node]; }

/* ---- order ---- */

typedef struct Step {
    u32 node, left;
} Step;

/* The last successor is walked first: successor 0 then comes first in the order, as in the program, and the usual way
** out of a pick comes last, behind what is there for runs that are resumed. */
static void rank_nodes(Nester *n, Step *stack) {
    const Flow *f = n->flow;
    u32 depth = 0, place = f->count;
    n->rank[0] = 0;
    stack[depth++] = (Step){0, successors(f, 0)};
    while (depth) {
        Step *top = &stack[depth - 1];
        if (top->left == 0) {
            n->order[--place] = top->node;
            depth--;
            continue;
        }
        u32 to = f->succ[f->first[top->node] + --top->left];
        if (n->rank[to] != NONE) continue;
        n->rank[to] = 0;
        stack[depth++] = (Step){to, successors(f, to)};
    }
    n->order += place;
    n->count = f->count - place;
    for (u32 k = 0; k < n->count; k++) n->rank[n->order[k]] = k;
}

/* ---- dominators ---- */

/* Each node also knows a dominator further up, so that any way up takes a logarithm of steps (Myers, "An applicative
** random-access stack", 1983). 100,000 nodes that all may leave to one place would take 5 billion single steps. */
static void hang(Nester *n, u32 node) {
    u32 dom = n->dom[node], far = n->skip[dom];
    bool even = n->depth[dom] - n->depth[far] == n->depth[far] - n->depth[n->skip[far]];
    n->depth[node] = n->depth[dom] + 1;
    n->skip[node] = even ? n->skip[far] : dom;
}

static u32 common(const Nester *n, u32 a, u32 b) {
    while (n->depth[a] > n->depth[b]) a = n->depth[n->skip[a]] >= n->depth[b] ? n->skip[a] : n->dom[a];
    while (n->depth[b] > n->depth[a]) b = n->depth[n->skip[b]] >= n->depth[a] ? n->skip[b] : n->dom[b];
    while (a != b) {
        bool far = n->skip[a] != n->skip[b];
        a = far ? n->skip[a] : n->dom[a];
        b = far ? n->skip[b] : n->dom[b];
    }
    return a;
}

static bool is_back(const Nester *n, u32 from, u32 to) { return n->rank[to] <= n->rank[from]; }

/* One pass is enough: edges back change nothing where loops have one entry. */
static void find_dominators(Nester *n) {
    const Flow *f = n->flow;
    for (u32 k = 0; k < n->count; k++) {
        u32 node = n->order[k];
        if (k) hang(n, node);
        for (u32 edge = f->first[node]; edge < f->first[node + 1]; edge++) {
            u32 to = f->succ[edge];
            if (is_back(n, node, to)) continue;
            n->inputs[to]++;
            n->dom[to] = n->dom[to] == NONE ? node : common(n, n->dom[to], node);
        }
    }
}

/* ---- places ---- */

static bool is_pick(const Flow *f, u32 node) { return node == 0 || (node >= f->first_pick && node < f->first_set); }

/* It branches by a table, which takes labels only. */
static bool has_table(const Flow *f, u32 node) { return successors(f, node) > (is_pick(f, node) ? 1 : 2); }

static bool is_head(const Flow *f, u32 node) { return f->loop[node] != NONE && f->head[f->loop[node]] == node; }

/* A node is placed in the part of its dominator; when that is in loops and the node is not, behind the outermost of
** these. */
static void place(Nester *n, u32 node) {
    const Flow *f = n->flow;
    u32 dom = n->dom[node], left = flow_entered(f, f->loop[dom], f->loop[node]);
    u32 parent = n->parent[node] = left == NONE ? dom : f->head[left];
    n->labelled[node] = left != NONE || n->inputs[node] > 1 || has_table(f, dom);
    if (n->labelled[node]) {
        u32 *list = left == NONE ? n->within : n->behind;
        n->before[node] = list[parent];
        list[parent] = node;
    }
}

static void count_ops(Nester *n, u32 node) {
    u32 out = successors(n->flow, node);
    n->most_ops += 2u * n->labelled[node] + 2u * is_head(n->flow, node) + (out == 2 ? 6 : 2);
    if (is_pick(n->flow, node) || out > 2) n->most_words += 2 * out;
}

static void place_nodes(Nester *n) {
    for (u32 k = 0; k < n->count; k++) {
        if (k) place(n, n->order[k]);
        count_ops(n, n->order[k]);
    }
    for (u32 k = n->count; k-- > 0;) {
        u32 node = n->order[k];
        n->size[node]++;
        if (k) n->size[n->parent[node]] += n->size[node];
    }
}

/* ---- ops, with labels for levels ----
**
** `next` is the label where control goes on when it falls out of what is written: a branch to it is none. */

static void put(Nester *n, NestKind kind, u32 a, u32 b) { n->ops[n->op_count++] = (NestOp){(u8)kind, a, b}; }

static void put_word(Nester *n, u32 word) { n->words[n->word_count++] = word; }

static void put_label(Nester *n, u32 label) {
    n->used[label] = 1;
    put_word(n, label);
}

static void later(Nester *n, u8 kind, u32 label, u32 next) { n->steps[n->step_count++] = (Later){kind, label, next}; }

static u32 label_to(const Nester *n, u32 from, u32 k) {
    u32 to = n->flow->succ[n->flow->first[from] + k];
    return is_back(n, from, to) ? n->flow->count + to : to;
}

static bool is_branch(const Nester *n, u32 label) { return label >= n->flow->count || n->labelled[label]; }

/* Opens the blocks in front of which labelled nodes stand, the last node's first; what falls out of them goes on at
** the first. */
static u32 open_blocks(Nester *n, u32 list, u32 next) {
    for (u32 node = list; node != NONE; node = n->before[node]) {
        put(n, NEST_BLOCK, node, 0);
        later(n, LATER_PLACE, node, next);
        next = node;
    }
    return next;
}

static void write_switch(Nester *n, u32 node) {
    put(n, NEST_SWITCH, node, n->word_count);
    for (u32 k = 0; k < successors(n->flow, node); k++) put_label(n, label_to(n, node, k));
}

static void write_pick(Nester *n, u32 node) {
    u32 pairs = successors(n->flow, node) - 1;
    put(n, NEST_PICK, n->word_count, 0);
    put_word(n, pairs);
    for (u32 k = 0; k < pairs; k++) {
        put_word(n, n->flow->way[n->flow->first[node] + k]);
        put_label(n, label_to(n, node, k));
    }
    put_label(n, label_to(n, node, pairs));
}

/* Which of two arms stands behind the END of their IF: the one that is left when the other one only branches away, or
** one that has most of the nodes, so that IFs nest as deep as the logarithm of these at most. 2: neither. */
static u32 arm_behind(const Nester *n, u32 node, const u32 arm[2], u32 next) {
    for (u32 k = 0; k < 2; k++)
        if (is_branch(n, arm[k]) && arm[k] != next) return 1 - k;
    for (u32 k = 0; k < 2; k++)
        if (!is_branch(n, arm[k]) && n->size[arm[k]] > n->size[node] / 2) return k;
    return 2;
}

static void write_if(Nester *n, u32 node, u32 next) {
    const u32 arm[2] = {label_to(n, node, 0), label_to(n, node, 1)};
    u32 behind = arm_behind(n, node, arm, next), out = behind == 2 ? next : NONE;
    put(n, NEST_IF, node, 0);
    if (behind != 2) later(n, LATER_EDGE, arm[behind], next);
    later(n, LATER_END, NONE, NONE);
    if (behind != 1) later(n, LATER_EDGE, arm[1], out);
    later(n, LATER_ELSE, NONE, NONE);
    if (behind != 0) later(n, LATER_EDGE, arm[0], out);
}

/* What a node does, and where it goes. */
static void write_node(Nester *n, u32 node, u32 next) {
    const Flow *f = n->flow;
    u32 out = successors(f, node);
    if (node >= f->first_set) put(n, NEST_SET, f->value[node - f->first_set], 0);
    if (node > 0 && node < f->first_pick) put(n, NEST_CODE, node, 0);
    if (out == 0)
        put(n, NEST_STOP, node, 0);
    else if (out == 1)
        later(n, LATER_EDGE, label_to(n, node, 0), next);
    else if (is_pick(f, node))
        write_pick(n, node);
    else if (out == 2)
        write_if(n, node, next);
    else
        write_switch(n, node);
}

/* A node with all that is placed in its part. */
static void write_part(Nester *n, u32 node, u32 next) {
    const Flow *f = n->flow;
    next = open_blocks(n, n->behind[node], next);
    if (is_head(f, node)) {
        put(n, NEST_LOOP, f->loop[node], f->count + node);
        later(n, LATER_END, f->count + node, NONE);
        next = NONE;
    }
    next = open_blocks(n, n->within[node], next);
    write_node(n, node, next);
}

static void write_edge(Nester *n, u32 label, u32 next) {
    if (!is_branch(n, label)) {
        write_part(n, label, next);
    } else if (label != next) {
        put(n, NEST_GO, label, 0);
        n->used[label] = 1;
    }
}

static void write_ops(Nester *n) {
    later(n, LATER_EDGE, 0, NONE);
    while (n->step_count) {
        Later step = n->steps[--n->step_count];
        switch (step.kind) {
        case LATER_EDGE: write_edge(n, step.label, step.next); break;
        case LATER_ELSE: put(n, NEST_ELSE, 0, 0); break;
        case LATER_PLACE:
            put(n, NEST_END, step.label, 0);
            write_part(n, step.label, step.next);
            break;
        default: put(n, NEST_END, step.label, 0);
        }
    }
}

/* ---- levels ---- */

static bool is_needless(const Nester *n, const NestOp *op) {
    if (op->kind == NEST_BLOCK) return !n->used[op->a];
    return op->kind == NEST_END && op->a < n->flow->count && !n->used[op->a];
}

static void open_level(Nester *n, Nest *out, u32 label, u32 *open) {
    if (label != NONE) n->opened[label] = *open;
    if (++*open > out->deepest) out->deepest = *open;
}

/* Words `first` and every `step`-th behind it, `count` in all. */
static void level_words(Nester *n, u32 first, u32 count, u32 step, u32 open) {
    for (u32 k = 0; k < count; k++) n->words[first + k * step] = open - 1 - n->opened[n->words[first + k * step]];
}

static NestOp level_op(Nester *n, Nest *out, NestOp op, u32 *open) {
    switch (op.kind) {
    case NEST_LOOP: open_level(n, out, op.b, open); return (NestOp){NEST_LOOP, op.a, 0};
    case NEST_BLOCK: open_level(n, out, op.a, open); return (NestOp){NEST_BLOCK, 0, 0};
    case NEST_IF: open_level(n, out, NONE, open); return op;
    case NEST_END: --*open; return (NestOp){NEST_END, 0, 0};
    case NEST_GO: return (NestOp){NEST_GO, *open - 1 - n->opened[op.a], 0};
    case NEST_SWITCH: level_words(n, op.b, successors(n->flow, op.a), 1, *open); return op;
    case NEST_PICK:
        out->picks = true;
        level_words(n, op.a + 2, n->words[op.a], 2, *open);
        level_words(n, op.a + 1 + 2 * n->words[op.a], 1, 1, *open);
        return op;
    default: return op;
    }
}

/* Leaves out the blocks that nothing branches to, and counts levels without them. */
static Err level_ops(Nester *n, Arena *arena, Nest *out) {
    u32 count = 0, open = 0;
    for (u32 k = 0; k < n->op_count; k++) count += !is_needless(n, &n->ops[k]);
    out->ops = ARENA_ARRAY(arena, NestOp, count);
    if (!out->ops) return ERR_MEMORY;
    for (u32 k = 0; k < n->op_count; k++)
        if (!is_needless(n, &n->ops[k])) out->ops[out->count++] = level_op(n, out, n->ops[k], &open);
    out->words = n->words;
    out->word_count = n->word_count;
    return ERR_OK;
}

/* ---- the whole ---- */

static Err nest(Arena *arena, Arena *scratch, const Flow *flow, Nest *out) {
    Nester n;
    Step *stack = ARENA_ARRAY(scratch, Step, flow->count);
    if (!open_nester(&n, scratch, flow) || !stack) return ERR_MEMORY;
    rank_nodes(&n, stack);
    find_dominators(&n);
    place_nodes(&n);
    n.ops = ARENA_ARRAY(scratch, NestOp, n.most_ops);
    n.steps = ARENA_ARRAY(scratch, Later, n.most_ops);
    n.words = ARENA_ARRAY(arena, u32, n.most_words);
    if (!n.ops || !n.steps || !n.words) return ERR_MEMORY;
    write_ops(&n);
    return level_ops(&n, arena, out);
}

Err structure(Arena *arena, const Shape *shape, Nest *out) {
    Arena scratch;
    Flow flow;
    *out = (Nest){0};
    arena_open(&scratch, 0);
    Err err = reduce(arena, &scratch, shape, out, &flow);
    if (err == ERR_OK) err = nest(arena, &scratch, &flow, out);
    arena_close(&scratch);
    return err;
}
