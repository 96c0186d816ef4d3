/* reduce.c (code) - finds the loops of control flow, and leads all ways into a loop through one node.
**
** Loops: a depth-first walk from node 0; the node of a cycle that it meets first is the cycle's head (Havlak, "Nesting
** of reducible and irreducible loops", TOPLAS 1997). The walk goes way 0 to its end before it looks at way 1, so what
** a run usually does decides which node is the head, and a way in at another place is led around. */
#include "reduce.h"

/* ---- the walk ---- */

typedef struct Step {
    u32 node, edge;
} Step;

/* Loops are known by their heads here. Node 0 is in none, so that 0 is no head. */
typedef struct Finder {
    const Shape *shape;
    u32 *met, count;   /* nodes in the order in which they were met */
    u32 *order, *last; /* by node: its place in this order (NONE: never met), and that of the last one met beyond it */
    u32 *from;         /* by edge: its node */
    u32 *in, *in_next; /* by node, by edge: edges to the node; of a head: to all nodes of its loop, from outside */
    u32 *around;       /* by node: the head of the innermost loop it is in, its own not counted; 0: none */
    u32 *outermost;    /* by node: the outermost head that is known so far, over several steps; itself: none */
    u32 *taken;        /* by node: the last head whose loop took it */
    u32 *body, body_count; /* what is directly in a loop: nodes, and heads of loops in it */
    u8 *is_head;
} Finder;

static bool open_finder(Finder *f, Arena *a, const Shape *shape) {
    u64 nodes = shape->count, edges = shape->first[shape->count];
    *f = (Finder){.shape = shape};
    f->met = ARENA_ARRAY(a, u32, nodes);
    f->order = arena_nones(a, nodes);
    f->last = ARENA_ARRAY(a, u32, nodes);
    f->from = ARENA_ARRAY(a, u32, edges);
    f->in = arena_nones(a, nodes);
    f->in_next = arena_nones(a, edges);
    f->around = ARENA_ARRAY(a, u32, nodes);
    f->outermost = ARENA_ARRAY(a, u32, nodes);
    f->taken = ARENA_ARRAY(a, u32, nodes);
    f->body = ARENA_ARRAY(a, u32, nodes);
    f->is_head = ARENA_ARRAY(a, u8, nodes);
    return !a->full;
}

static void link_edge(Finder *f, u32 edge, u32 to) {
    f->in_next[edge] = f->in[to];
    f->in[to] = edge;
}

static Step meet(Finder *f, u32 node) {
    f->order[node] = f->count;
    f->outermost[node] = node;
    f->met[f->count++] = node;
    return (Step){node, f->shape->first[node]};
}

static void walk(Finder *f, Step *stack) {
    u32 depth = 0;
    stack[depth++] = meet(f, 0);
    while (depth) {
        Step *top = &stack[depth - 1];
        if (top->edge == f->shape->first[top->node + 1]) {
            f->last[top->node] = f->count - 1;
            depth--;
            continue;
        }
        u32 edge = top->edge++, to = f->shape->succ[edge];
        f->from[edge] = top->node;
        link_edge(f, edge, to);
        if (f->order[to] == NONE) stack[depth++] = meet(f, to);
    }
}

/* ---- loops ---- */

static u32 outermost(Finder *f, u32 node) {
    u32 *up = f->outermost;
    while (up[node] != node) node = up[node] = up[up[node]];
    return node;
}

static bool is_beyond(const Finder *f, u32 node, u32 head) {
    return f->order[head] <= f->order[node] && f->order[node] <= f->last[head];
}

static void take(Finder *f, u32 node, u32 head) {
    if (node == head || f->taken[node] == head) return;
    f->taken[node] = head;
    f->body[f->body_count++] = node;
}

/* All that leads to the edges back to `head` without passing it. Loops in it were found before: they stand for all
** their nodes. Nodes that lead into it but were not met beyond the head enter it at another place; from now on they
** lead to the head. */
static void find_loop(Finder *f, u32 head) {
    f->body_count = 0;
    for (u32 edge = f->in[head]; edge != NONE; edge = f->in_next[edge]) {
        if (!is_beyond(f, f->from[edge], head)) continue;
        f->is_head[head] = 1;
        take(f, outermost(f, f->from[edge]), head);
    }
    for (u32 k = 0; k < f->body_count; k++) {
        for (u32 edge = f->in [f->body[k]], next; edge != NONE; edge = next) {
            next = f->in_next[edge];
            u32 from = outermost(f, f->from[edge]);
            if (is_beyond(f, from, head))
                take(f, from, head);
            else
                link_edge(f, edge, head);
        }
    }
    for (u32 k = 0; k < f->body_count; k++) f->around[f->body[k]] = f->outermost[f->body[k]] = head;
}

/* Outer loops come before those in them, as the walk met their heads. */
static Err number_loops(const Finder *f, Arena *arena, Nest *nest, Flow *out, Arena *scratch) {
    u32 count = 0;
    for (u32 k = 0; k < f->count; k++) count += f->is_head[f->met[k]];
    nest->loops = ARENA_ARRAY(arena, NestLoop, count);
    nest->loop = arena_nones(arena, f->shape->count);
    out->depth = ARENA_ARRAY(scratch, u32, count);
    if (arena->full || scratch->full) return ERR_MEMORY;
    for (u32 k = 0; k < f->count; k++) {
        u32 node = f->met[k], up = f->around[node] ? nest->loop[f->around[node]] : NONE;
        nest->loop[node] = up;
        if (!f->is_head[node]) continue;
        nest->loop[node] = nest->loop_count;
        nest->loops[nest->loop_count] = (NestLoop){node, up};
        out->depth[nest->loop_count++] = up == NONE ? 1 : out->depth[up] + 1;
    }
    return ERR_OK;
}

static Err find_loops(Arena *arena, Arena *scratch, Finder *f, Nest *nest, Flow *out) {
    Step *stack = ARENA_ARRAY(scratch, Step, f->shape->count);
    if (!stack) return ERR_MEMORY;
    walk(f, stack);
    for (u32 k = f->count; k-- > 1;) find_loop(f, f->met[k]);
    return number_loops(f, arena, nest, out, scratch);
}

static u32 depth_of(const Flow *f, u32 loop) { return loop == NONE ? 0 : f->depth[loop]; }

u32 flow_entered(const Flow *f, u32 inner, u32 other) {
    u32 entered = NONE;
    while (inner != other) {
        if (depth_of(f, inner) < depth_of(f, other)) {
            other = f->loops[other].up;
            continue;
        }
        entered = inner;
        inner = f->loops[inner].up;
    }
    return entered;
}

/* ---- ways into loops ----
**
** An edge that enters loops beside their heads goes to the pick of the outermost of them instead. Each pick passes it
** on to the pick of the next loop; behind the last one `way` is cleared. Edges to the head itself go to the pick too,
** and set nothing. */

/* A way that leads through the picks from loop `outer` down to `node`. */
typedef struct Lead {
    u32 way, node, outer;
} Lead;

typedef struct Reducer {
    const Finder *found;
    const Nest *nest;
    Flow *f;
    u32 *turned; /* by edge: the outermost loop that it enters beside its head, NONE */
    u32 *id;     /* by node: the way that edges to it note when they are turned */
    u32 *outer;  /* by node: the outermost loop that such an edge enters, NONE: no edge notes it */
    u32 *clear;  /* by node: the set in front of it that clears `way`, NONE */
    u32 *pick;   /* by loop, NONE */
    u32 *pairs;  /* by loop: how many ways its pick knows */
    Lead *leads; /* ways rise */
    u32 lead_count, turned_count, set_count, edge_count;
    u32 *set_to; /* by set */
} Reducer;

static bool open_reducer(Reducer *r, Arena *a, const Finder *found, const Nest *nest, Flow *f) {
    const Shape *s = found->shape;
    *r = (Reducer){.found = found, .nest = nest, .f = f};
    r->turned = arena_nones(a, s->first[s->count]);
    r->outer = arena_nones(a, s->count);
    r->id = ARENA_ARRAY(a, u32, s->count);
    r->clear = arena_nones(a, s->count);
    r->pick = arena_nones(a, nest->loop_count);
    r->pairs = ARENA_ARRAY(a, u32, nest->loop_count);
    r->leads = ARENA_ARRAY(a, Lead, (u64)s->count + s->first[1]);
    return !a->full;
}

static bool heads(const Nest *n, u32 node, u32 loop) { return loop != NONE && n->loops[loop].head == node; }

static bool has_way(u32 node, u32 way) { return node == 0 && way > 0; }

/* Looks at each edge once: does it enter loops beside their heads? */
static void turn_edges(Reducer *r) {
    const Shape *s = r->found->shape;
    for (u32 k = 0; k < r->found->count; k++) {
        u32 node = r->found->met[k];
        for (u32 edge = s->first[node]; edge < s->first[node + 1]; edge++) {
            u32 to = s->succ[edge], loop = flow_entered(r->f, r->nest->loop[to], r->nest->loop[node]);
            if (loop == NONE || heads(r->nest, to, loop)) continue;
            r->turned[edge] = loop;
            if (has_way(node, edge - s->first[node])) continue;
            r->turned_count++;
            if (r->outer[to] == NONE || depth_of(r->f, loop) < depth_of(r->f, r->outer[to])) r->outer[to] = loop;
        }
    }
}

/* The pick that sends control to `node` itself is that of this loop. */
static u32 last_pick(const Nest *n, u32 node) {
    u32 loop = n->loop[node];
    return heads(n, node, loop) ? n->loops[loop].up : loop;
}

static void lead(Reducer *r, u32 way, u32 node, u32 outer) {
    r->leads[r->lead_count++] = (Lead){way, node, outer};
    for (u32 loop = last_pick(r->nest, node);; loop = r->nest->loops[loop].up) {
        r->pick[loop] = 0;
        r->pairs[loop]++;
        if (loop == outer) return;
    }
}

/* Ways of node 0 are its successors' numbers; those that are noted within the flow come behind them. */
static void number_ways(Reducer *r) {
    const Shape *s = r->found->shape;
    u32 ways = s->first[1];
    for (u32 way = 1; way < ways; way++) {
        r->clear[s->succ[way]] = 0;
        if (r->turned[way] != NONE) lead(r, way, s->succ[way], r->turned[way]);
    }
    for (u32 node = 1; node < s->count; node++) {
        if (r->outer[node] == NONE) continue;
        r->clear[node] = 0;
        r->id[node] = ways++;
        lead(r, r->id[node], node, r->outer[node]);
    }
}

/* ---- the flow ---- */

/* Numbers picks and clearing sets; what is known of each list's size then. */
static Err open_flow(Reducer *r, Arena *a) {
    const Shape *s = r->found->shape;
    Flow *f = r->f;
    u64 edges = s->first[s->count], sets = r->turned_count;
    f->first_pick = f->count = s->count;
    for (u32 loop = 0; loop < r->nest->loop_count; loop++) {
        edges += (u64)r->pairs[loop] + 1;
        if (r->pick[loop] != NONE) r->pick[loop] = f->count++;
    }
    f->first_set = f->count;
    for (u32 node = 0; node < s->count; node++) {
        if (r->clear[node] == NONE) continue;
        r->clear[node] = f->first_set + r->set_count++;
    }
    sets += r->set_count;
    f->first = ARENA_ARRAY(a, u32, f->first_set + sets + 1);
    f->succ = ARENA_ARRAY(a, u32, edges + sets);
    f->way = ARENA_ARRAY(a, u32, edges + sets);
    f->loop = arena_nones(a, f->first_set + sets);
    f->head = ARENA_ARRAY(a, u32, r->nest->loop_count);
    f->value = ARENA_ARRAY(a, u32, sets);
    r->set_to = ARENA_ARRAY(a, u32, sets);
    return a->full ? ERR_MEMORY : ERR_OK;
}

/* Where edges to `node` go that note nothing. */
static u32 entry(const Reducer *r, u32 node) {
    u32 loop = r->nest->loop[node];
    return heads(r->nest, node, loop) && r->pick[loop] != NONE ? r->pick[loop] : node;
}

static void fill_set(Reducer *r, u32 set, u32 value, u32 to, u32 loop) {
    r->f->value[set - r->f->first_set] = value;
    r->set_to[set - r->f->first_set] = to;
    r->f->loop[set] = loop;
}

/* Where an edge of the shape goes now. */
static u32 lead_edge(Reducer *r, u32 node, u32 edge) {
    const Shape *s = r->found->shape;
    u32 to = s->succ[edge], loop = r->turned[edge];
    if (has_way(node, edge - s->first[node])) return loop == NONE ? r->clear[to] : r->pick[loop];
    if (loop == NONE) return entry(r, to);
    u32 set = r->f->first_set + r->set_count++;
    fill_set(r, set, r->id[to], r->pick[loop], r->nest->loops[loop].up);
    return set;
}

static void add_edge(Reducer *r, u32 to, u32 way) {
    r->f->way[r->edge_count] = way;
    r->f->succ[r->edge_count++] = to;
}

/* Ways that way 0 takes care of need no pair. */
static void fill_entry(Reducer *r) {
    u32 ways = r->found->shape->first[1];
    if (ways == 0) return;
    u32 usual = lead_edge(r, 0, 0);
    for (u32 way = 1; way < ways; way++) {
        u32 to = lead_edge(r, 0, way);
        if (to != usual) add_edge(r, to, way);
    }
    add_edge(r, usual, 0);
}

static void fill_nodes(Reducer *r) {
    const Shape *s = r->found->shape;
    fill_entry(r);
    for (u32 node = 1; node < s->count; node++) {
        r->f->first[node] = r->edge_count;
        r->f->loop[node] = r->nest->loop[node];
        if (r->found->order[node] == NONE) continue;
        for (u32 edge = s->first[node]; edge < s->first[node + 1]; edge++) add_edge(r, lead_edge(r, node, edge), 0);
    }
}

/* One way's pairs, from its node outwards: in each loop's pick, to the pick of the loop within, and in the last one to
** the set that clears it. */
static void fill_lead(Reducer *r, const Lead *lead) {
    Flow *f = r->f;
    u32 to = r->clear[lead->node];
    for (u32 loop = last_pick(r->nest, lead->node);; loop = f->loops[loop].up) {
        u32 edge = f->first[r->pick[loop] + 1]++;
        f->succ[edge] = to;
        f->way[edge] = lead->way;
        if (loop == lead->outer) return;
        to = r->pick[loop];
    }
}

/* first[pick + 1] counts up to its final value while the pairs are filled in. */
static void fill_picks(Reducer *r) {
    Flow *f = r->f;
    f->first[f->first_pick] = r->edge_count;
    for (u32 loop = 0; loop < r->nest->loop_count; loop++) {
        u32 head = f->loops[loop].head, pick = r->pick[loop];
        f->head[loop] = entry(r, head);
        if (pick == NONE) continue;
        f->loop[pick] = loop;
        f->first[pick + 1] = r->edge_count;
        r->edge_count += r->pairs[loop];
        add_edge(r, head, 0);
    }
    for (u32 k = 0; k < r->lead_count; k++) fill_lead(r, &r->leads[k]);
    for (u32 pick = f->first_pick; pick < f->first_set; pick++) f->first[pick + 1]++;
}

static void fill_sets(Reducer *r) {
    Flow *f = r->f;
    for (u32 node = 0; node < f->first_pick; node++)
        if (r->clear[node] != NONE) fill_set(r, r->clear[node], 0, entry(r, node), last_pick(r->nest, node));
    for (u32 k = 0; k < r->set_count; k++) {
        f->first[f->first_set + k] = r->edge_count;
        add_edge(r, r->set_to[k], 0);
    }
    f->count = f->first_set + r->set_count;
    f->first[f->count] = r->edge_count;
}

Err reduce(Arena *arena, Arena *scratch, const Shape *shape, Nest *nest, Flow *out) {
    Finder found;
    Reducer r;
    *out = (Flow){0};
    if (!open_finder(&found, scratch, shape)) return ERR_MEMORY;
    TRY(find_loops(arena, scratch, &found, nest, out));
    out->loops = nest->loops;
    if (!open_reducer(&r, scratch, &found, nest, out)) return ERR_MEMORY;
    turn_edges(&r);
    number_ways(&r);
    TRY(open_flow(&r, scratch));
    fill_nodes(&r);
    fill_picks(&r);
    fill_sets(&r);
    return ERR_OK;
}
