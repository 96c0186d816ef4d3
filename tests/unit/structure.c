/* structure.c (unit) - control flow nested: small shapes written out by hand, random ones walked beside their nests. */
#include <stdio.h>
#include <string.h>
#include "../../src/code/cfg.h"
#include "../../src/code/structure.h"
#include "lowered.h"

/* A shape in text: the successors of each node, each node closed by a semicolon. */
typedef struct Case {
    Arena arena;
    u32 first[64], succ[256];
    Shape shape;
    Nest nest;
    char text[4096];
} Case;

static void read_shape(Case *c, const char *text) {
    u32 count = 0, edges = 0;
    for (const char *at = text; *at; at++) {
        if (*at == ';') c->first[++count] = edges;
        if (*at >= '0' && *at <= '9') c->succ[edges++] = (u32)(*at - '0');
    }
    c->shape = (Shape){count, c->first, c->succ};
}

static void print(Case *c, const char *format, unsigned a) {
    size_t length = strlen(c->text);
    snprintf(c->text + length, sizeof c->text - length, format, a);
}

static void print_words(Case *c, const NestOp *op) {
    const u32 *words = c->nest.words + (op->kind == NEST_PICK ? op->a : op->b);
    if (op->kind == NEST_SWITCH) {
        print(c, "switch%u[", op->a);
        u32 outs = c->shape.first[op->a + 1] - c->shape.first[op->a];
        for (u32 k = 0; k < outs; k++) print(c, k + 1 < outs ? "%u " : "%u] ", words[k]);
        return;
    }
    print(c, "pick[", 0);
    for (u32 k = 0; k < words[0]; k++) {
        print(c, "%u:", words[1 + 2 * k]);
        print(c, "%u ", words[2 + 2 * k]);
    }
    print(c, "*:%u] ", words[1 + 2 * words[0]]);
}

static void print_nest(Case *c) {
    static const char *const FORMAT[] = {[NEST_CODE] = "%u ",  [NEST_LOOP] = "loop%u{ ", [NEST_BLOCK] = "block{ ",
                                         [NEST_IF] = "if%u{ ", [NEST_ELSE] = "}else{ ",  [NEST_END] = "} ",
                                         [NEST_GO] = "go%u ",  [NEST_SET] = "set%u ",    [NEST_STOP] = "stop%u "};
    for (u32 k = 0; k < c->nest.count; k++) {
        const NestOp *op = &c->nest.ops[k];
        if (op->kind == NEST_SWITCH || op->kind == NEST_PICK)
            print_words(c, op);
        else
            print(c, FORMAT[op->kind], op->a);
    }
    if (c->text[0]) c->text[strlen(c->text) - 1] = 0;
}

/* The nest of a shape in text is `ops`; `heads` are the heads of its loops, one digit each, and `loops` is the
** innermost loop of each node, '-' for none. */
static void check_case(const char *shape, const char *ops, const char *heads, const char *loops) {
    static Case c;
    memset(&c, 0, sizeof c);
    read_shape(&c, shape);
    arena_open(&c.arena, 0);
    Err err = structure(&c.arena, &c.shape, &c.nest);
    char seen_heads[64] = {0}, seen_loops[64] = {0};
    if (err == ERR_OK) {
        print_nest(&c);
        for (u32 k = 0; k < c.nest.loop_count; k++) seen_heads[k] = (char)('0' + c.nest.loops[k].head);
        for (u32 k = 0; k < c.shape.count; k++)
            seen_loops[k] = c.nest.loop[k] == NONE ? '-' : (char)('0' + c.nest.loop[k]);
    }
    arena_close(&c.arena);
    CHECK_INT(err, ERR_OK);
    CHECK_TEXT(c.text, ops);
    CHECK_TEXT(seen_heads, heads);
    CHECK_TEXT(seen_loops, loops);
}

TEST(structure_writes_what_is_straight_straight) {
    check_case("1;;", "1 stop1", "", "--");
    check_case("1;2;3;;", "1 2 3 stop3", "", "----");
    check_case("2;;1;", "2 1 stop1", "", "---");
}

TEST(structure_leaves_out_what_nothing_leads_to) {
    check_case("2;2 3;;1;", "2 stop2", "", "----");
    check_case(";", "stop0", "", "-");
}

TEST(structure_falls_out_of_ifs_without_blocks) {
    check_case("1;2 3;3;;", "1 if1{ 2 }else{ } 3 stop3", "", "----");
    check_case("1;3 2;3;;", "1 if1{ }else{ 2 } 3 stop3", "", "----");
    check_case("1;2 3;4;4;;", "1 if1{ 2 }else{ 3 } 4 stop4", "", "-----");
    check_case("1;2 3;;;", "1 if1{ 2 stop2 }else{ 3 stop3 }", "", "----");
    check_case("1;2 2;;", "1 if1{ }else{ } 2 stop2", "", "---"); /* it may do something, even so */
    check_case("1;2 4;3 4;;;", "1 if1{ 2 if2{ 3 stop3 }else{ } }else{ } 4 stop4", "", "-----");
}

TEST(structure_puts_an_arm_with_most_nodes_behind_its_if) {
    check_case("1;2 5;3 5;4 5;;;", "block{ 1 if1{ }else{ go1 } 2 if2{ }else{ go1 } 3 if3{ 4 stop4 }else{ } } 5 stop5",
               "", "------");
    check_case("1;2 3;;4 5;;;", "1 if1{ 2 stop2 }else{ } 3 if3{ 4 stop4 }else{ 5 stop5 }", "", "------");
}

TEST(structure_puts_what_follows_a_loop_behind_it) {
    /* while */
    check_case("1;2 3;1;;", "block{ loop0{ 1 if1{ }else{ go2 } 2 go0 } } 3 stop3", "1", "-00-");
    /* do while */
    check_case("1;1 2;;", "block{ loop0{ 1 if1{ go1 }else{ } go1 } } 2 stop2", "1", "-0-");
    check_case("1;2;3 1;;", "block{ loop0{ 1 2 if2{ go2 }else{ } go0 } } 3 stop3", "1", "-00-");
    /* endless */
    check_case("1;1;", "loop0{ 1 go0 }", "1", "-0");
    check_case("1;2;1;", "loop0{ 1 2 go0 }", "1", "-00");
    /* one behind the other */
    check_case("1;1 2;2 3;;",
               "block{ loop0{ 1 if1{ go1 }else{ } go1 } } block{ loop1{ 2 if2{ go1 }else{ } go1 } } 3 stop3", "12",
               "-01-");
}

TEST(structure_nests_loops) {
    check_case("1;2 5;3 4;2;1;;",
               "block{ loop0{ 1 if1{ }else{ go2 } block{ loop1{ 2 if2{ }else{ go2 } 3 go0 } } 4 go0 } } 5 stop5", "12",
               "-0110-");
    /* Two edges back to one head are one loop. */
    check_case("1;2;3 1;1 4;;", "block{ loop0{ 1 2 if2{ }else{ go1 } 3 if3{ go1 }else{ } go1 } } 4 stop4", "1",
               "-000-");
    /* A way out of both loops at once, and one from the inner loop to the head of the outer one. */
    check_case("1;2;3 1;2 4;;", "block{ loop0{ 1 loop1{ 2 if2{ }else{ go2 } 3 if3{ go1 }else{ } go2 } } } 4 stop4",
               "12", "-011-");
}

TEST(structure_leaves_a_loop_by_two_ways) {
    check_case("1;2 4;3 5;1;5;;", "block{ block{ loop0{ 1 if1{ }else{ go2 } 2 if2{ }else{ go3 } 3 go0 } } 4 } 5 stop5",
               "1", "-000--");
}

TEST(structure_switches_to_labels) {
    check_case("1;2 3 4 2;5;5;5;;", "block{ block{ block{ block{ 1 switch1[2 0 1 2] } 3 go2 } 4 go1 } 2 } 5 stop5", "",
               "------");
    /* Back to the head, and out. */
    check_case("1;1 2 1;;", "block{ loop0{ 1 switch1[0 1 0] } } 2 stop2", "1", "-0-");
}

TEST(structure_picks_by_way_at_the_entry) {
    check_case("1 1 2 1;2;;", "block{ block{ block{ block{ pick[1:1 2:0 3:1 *:2] } set0 go2 } set0 } 1 } 2 stop2", "",
               "---");
    /* To a loop's head: the loop itself knows nothing of it. */
    check_case("1 1;2 3;1;;",
               "block{ block{ pick[1:0 *:1] } set0 } block{ loop0{ 1 if1{ }else{ go2 } 2 go0 } } 3 stop3", "1", "-00-");
}

TEST(structure_leads_ways_into_the_middle_of_a_loop_through_its_head) {
    check_case(
        "1 3;2 4;3;1;;",
        "block{ loop0{ block{ block{ block{ pick[1:0 *:1] } set0 go1 } 1 if1{ }else{ go3 } 2 } 3 go0 } } 4 stop4", "1",
        "-000-");
}

TEST(structure_nests_what_the_header_draws) {
    check_case("1 4;2 3;1;;2;",
               "block{ block{ pick[1:0 *:1] } set0 4 set2 } "
               "block{ loop0{ block{ block{ block{ pick[2:0 *:1] } set0 go1 } 1 if1{ }else{ go3 } } 2 go0 } } 3 stop3",
               "1", "-00--");
}

TEST(structure_keeps_a_loop_free_of_picks_that_is_resumed_at_its_head) {
    /* 6 is a charge that is tried again: it leads to the head of the inner loop, in the middle of the outer one. */
    check_case("1 6;2 5;3 4;2;1;;2;",
               "block{ block{ pick[1:0 *:1] } set0 6 set2 } "
               "block{ loop0{ block{ block{ block{ pick[2:0 *:1] } set0 go1 } 1 if1{ }else{ go3 } } "
               "block{ loop1{ 2 if2{ }else{ go2 } 3 go0 } } 4 go0 } } 5 stop5",
               "12", "-0110--");
}

TEST(structure_passes_ways_on_to_inner_loops) {
    check_case("1 3;2 5;3 4;2;1;;",
               "block{ loop0{ block{ block{ pick[1:1 *:0] } 1 if1{ }else{ go3 } } "
               "block{ loop1{ block{ block{ block{ pick[1:0 *:1] } set0 go1 } 2 if2{ }else{ go3 } } 3 go0 } } 4 go0 } "
               "} 5 stop5",
               "12", "-0110-");
}

TEST(structure_gives_a_loop_of_two_entries_one_head) {
    /* The walk meets 2 before 3, so 1 notes way 1 (0 is the only one of node 0) on its edge to 3. */
    check_case("1;2 3;3;2 4;;",
               "1 if1{ }else{ set1 } "
               "block{ loop0{ block{ block{ block{ pick[1:0 *:1] } set0 go1 } 2 } 3 if3{ go1 }else{ } go1 } } 4 stop4",
               "2", "--00-");
}

/* ---- a nest is walked beside its shape ---- */

enum { MOST_NODES = 4096, MOST_LEVELS = 4096, SMALL = 24 };

typedef struct Walk {
    const Shape *shape;
    const Nest *nest;
    u32 *end;              /* by op that opens a level, and by ELSE: the END of it */
    u32 open[MOST_LEVELS]; /* the ops that opened the levels */
    u32 depth, pc, at, way;
    bool arrived; /* at `at`: its code was passed */
    u32 *seed;
    u32 visits, left;
} Walk;

static u32 chance(u32 *seed, u32 below) {
    *seed = *seed * 1664525u + 1013904223u;
    return (u32)(((u64)(*seed >> 8) * below) >> 24);
}

static u32 outs(const Shape *s, u32 node) { return s->first[node + 1] - s->first[node]; }

/* Pairs ELSEs and ENDs with what they belong to; false when they do not pair. */
static bool pair(const Nest *n, u32 *end, u32 *open) {
    u32 depth = 0, deepest = 0;
    for (u32 k = 0; k < n->count; k++) {
        u8 kind = n->ops[k].kind;
        if (kind == NEST_LOOP || kind == NEST_BLOCK || kind == NEST_IF) open[depth++] = k;
        if (depth > deepest) deepest = depth;
        if (kind == NEST_ELSE) {
            if (depth == 0 || n->ops[open[depth - 1]].kind != NEST_IF) return false;
            end[open[depth - 1]] = k; /* its END follows */
        }
        if (kind != NEST_END) continue;
        if (depth == 0) return false;
        u32 begin = open[--depth];
        if (n->ops[begin].kind == NEST_IF) {
            if (end[begin] == 0) return false;
            end[end[begin]] = k;
        } else {
            end[begin] = k;
        }
    }
    return depth == 0 && deepest == n->deepest;
}

static bool branch(Walk *w, u32 levels) {
    if (levels >= w->depth) return false;
    w->depth -= levels;
    u32 begin = w->open[w->depth - 1];
    if (w->nest->ops[begin].kind == NEST_IF) return false;
    if (w->nest->ops[begin].kind == NEST_LOOP) {
        w->pc = begin + 1;
        return true;
    }
    w->depth--;
    w->pc = w->end[begin] + 1;
    return true;
}

/* The code of `node` is where the shape is now, and no way is left over. */
static bool arrive(Walk *w, u32 node) {
    bool right = node == w->at && !w->arrived && w->way == 0;
    w->visits++;
    w->arrived = outs(w->shape, node) != 1;
    if (!w->arrived) w->at = w->shape->succ[w->shape->first[node]];
    return right;
}

/* Node `node` decides. */
static bool decide(Walk *w, u32 node, u32 *choice) {
    if (node != w->at || !w->arrived) return false;
    *choice = chance(w->seed, outs(w->shape, node));
    w->at = w->shape->succ[w->shape->first[node] + *choice];
    w->arrived = false;
    return true;
}

static bool pick(Walk *w, const u32 *words) {
    u32 levels = words[1 + 2 * words[0]];
    for (u32 k = 0; k < words[0]; k++) {
        if (k && words[1 + 2 * k] <= words[2 * k - 1]) return false;
        if (words[1 + 2 * k] == w->way) levels = words[2 + 2 * k];
    }
    return branch(w, levels);
}

/* One op; false when it is wrong. */
static bool step(Walk *w) {
    const NestOp *op = &w->nest->ops[w->pc++];
    u32 choice;
    switch (op->kind) {
    case NEST_CODE: return arrive(w, op->a);
    case NEST_LOOP:
    case NEST_BLOCK: w->open[w->depth++] = w->pc - 1; return true;
    case NEST_IF:
        if (outs(w->shape, op->a) != 2 || !decide(w, op->a, &choice)) return false;
        w->open[w->depth++] = w->pc - 1;
        if (choice == 1) w->pc = w->end[w->pc - 1] + 1;
        return true;
    case NEST_ELSE: w->pc = w->end[w->pc - 1]; return true;
    case NEST_END: return w->nest->ops[w->open[--w->depth]].kind != NEST_LOOP;
    case NEST_GO: return branch(w, op->a);
    case NEST_SET: w->way = op->a; return true;
    case NEST_SWITCH: return decide(w, op->a, &choice) && branch(w, w->nest->words[op->b + choice]);
    case NEST_PICK: return pick(w, w->nest->words + op->a);
    default: return false;
    }
}

/* Comes in by `way` and goes on for `visits` nodes, or to one without successors. */
static bool walk(Walk *w, u32 way, u32 visits) {
    w->depth = w->pc = w->visits = 0;
    w->way = way;
    w->at = w->shape->succ[way];
    w->arrived = false;
    for (u32 idle = 0; w->visits < visits; idle++) {
        if (w->pc >= w->nest->count) return false;
        const NestOp *op = &w->nest->ops[w->pc];
        if (op->kind == NEST_STOP) return w->arrived && op->a == w->at && outs(w->shape, op->a) == 0;
        if (op->kind == NEST_CODE) idle = 0;
        if (idle > w->nest->count || !step(w)) return false;
    }
    return true;
}

/* ---- what a nest says about loops, against what the shape says ---- */

static bool in_loop(const Nest *n, u32 node, u32 loop) {
    u32 l = n->loop[node];
    while (l != NONE && l != loop) l = n->loops[l].up;
    return l == loop;
}

static void mark_reached(const Shape *s, bool *reached, u32 *queue, u32 from) {
    u32 count = 0;
    if (!reached[from]) queue[count++] = from;
    reached[from] = true;
    for (u32 k = 0; k < count; k++)
        for (u32 e = s->first[queue[k]]; e < s->first[queue[k] + 1]; e++) {
            if (!reached[s->succ[e]]) queue[count++] = s->succ[e];
            reached[s->succ[e]] = true;
        }
}

/* Loops that some edge enters from outside at another node than the head. */
static void mark_sides(const Shape *s, const Nest *n, const bool *reached, bool *side) {
    for (u32 node = 0; node < s->count; node++)
        for (u32 e = s->first[node]; reached[node] && e < s->first[node + 1]; e++)
            for (u32 l = n->loop[s->succ[e]]; l != NONE && !in_loop(n, node, l); l = n->loops[l].up)
                if (n->loops[l].head != s->succ[e]) side[l] = true;
}

/* Each node that is reached has its code once, in the LOOPs that its loops are and no others; so have picks, in loops
** that need them; each block is branched to. */
static bool check_places(const Shape *s, const Nest *n, const bool *reached, const bool *side, u32 *open, u32 *codes,
                         u32 *used) {
    u32 depth = 0, loop = NONE, picks = 0, entry_picks = 0;
    memset(codes, 0, sizeof *codes * s->count);
    for (u32 k = 0; k < n->count; k++) {
        const NestOp *op = &n->ops[k];
        switch (op->kind) {
        case NEST_CODE:
            if (!reached[op->a] || n->loop[op->a] != loop || codes[op->a]++) return false;
            break;
        case NEST_LOOP:
            if (n->loops[op->a].up != loop) return false;
            loop = op->a;
            used[k] = 1;
            open[depth++] = k;
            break;
        case NEST_BLOCK:
        case NEST_IF:
            used[k] = op->kind == NEST_IF;
            open[depth++] = k;
            break;
        case NEST_END:
            if (!used[open[--depth]]) return false;
            if (n->ops[open[depth]].kind == NEST_LOOP) loop = n->loops[loop].up;
            break;
        case NEST_GO: used[open[depth - 1 - op->a]] = 1; break;
        case NEST_SWITCH:
            for (u32 i = 0; i < outs(s, op->a); i++) used[open[depth - 1 - n->words[op->b + i]]] = 1;
            break;
        case NEST_PICK:
            for (u32 i = 0; i < n->words[op->a]; i++) used[open[depth - 1 - n->words[op->a + 2 + 2 * i]]] = 1;
            used[open[depth - 1 - n->words[op->a + 1 + 2 * n->words[op->a]]]] = 1;
            picks++;
            entry_picks += loop == NONE;
            if (loop != NONE && !side[loop]) return false;
            break;
        default: break;
        }
    }
    u32 wanted = entry_picks;
    for (u32 l = 0; l < n->loop_count; l++) wanted += side[l];
    for (u32 node = 1; node < s->count; node++)
        if (reached[node] != (codes[node] == 1)) return false;
    return picks == wanted && entry_picks <= 1 && n->picks == (picks > 0);
}

/* Nodes of `set` that lead back to themselves by way of `node` within `set`, without any edge to `barred`. */
static u32 component(const Shape *s, u32 set, u32 node, u32 barred) {
    u32 to[32] = {0}, all = 0;
    for (u32 v = 0; v < s->count; v++)
        for (u32 e = s->first[v]; (set >> v & 1) && e < s->first[v + 1]; e++)
            if (s->succ[e] != barred) to[v] |= set & 1u << s->succ[e];
    for (u32 round = 0; round < s->count; round++)
        for (u32 v = 0; v < s->count; v++)
            for (u32 t = 0; t < s->count; t++)
                if (to[v] >> t & 1) to[v] |= to[t];
    for (u32 v = 0; v < s->count; v++)
        if ((to[v] >> node & 1) && (to[node] >> v & 1)) all |= 1u << v;
    return all;
}

static u32 entries(const Shape *s, u32 set, const bool *reached) {
    u32 all = 0;
    for (u32 v = 0; v < s->count; v++)
        for (u32 e = s->first[v]; reached[v] && !(set >> v & 1) && e < s->first[v + 1]; e++) {
            bool usual = v > 0 || e == 0;
            if (usual) all |= set & 1u << s->succ[e];
        }
    return all;
}

/* The loops directly in loop `up` (NONE: the shape) are the strongly connected components of its nodes when no edge
** leads to its head; one that usual runs enter at one node has that for its head: then it dominates the others in
** them. */
static bool check_loops_in(const Shape *s, const Nest *n, const bool *reached, const bool *usual, u32 up) {
    u32 set = 0, barred = up == NONE ? 0 : n->loops[up].head, inner = 0;
    for (u32 v = 1; v < s->count; v++)
        if (reached[v] && (up == NONE || in_loop(n, v, up))) set |= 1u << v;
    for (u32 l = 0; l < n->loop_count; l++) {
        if (n->loops[l].up != up) continue;
        u32 members = component(s, set, n->loops[l].head, barred), by_usual = entries(s, members, usual);
        for (u32 v = 0; v < s->count; v++)
            if ((members >> v & 1) != in_loop(n, v, l)) return false;
        if (by_usual && (by_usual & (by_usual - 1)) == 0 && by_usual != 1u << n->loops[l].head) return false;
        inner |= members;
    }
    for (u32 v = 1; v < s->count; v++)
        if ((set & ~inner) >> v & 1 && component(s, set, v, barred)) return false;
    return true;
}

static bool check_loops(const Shape *s, const Nest *n, const bool *reached, const bool *usual) {
    for (u32 l = 0; l < n->loop_count; l++) {
        if (n->loop[n->loops[l].head] != l || (n->loops[l].up != NONE && n->loops[l].up >= l)) return false;
        if (!check_loops_in(s, n, reached, usual, l)) return false;
    }
    for (u32 v = 0; v < s->count; v++)
        if (!reached[v] && n->loop[v] != NONE) return false;
    return check_loops_in(s, n, reached, usual, NONE);
}

/* ---- random shapes ---- */

typedef struct Random {
    Arena arena;
    u32 seed, first[MOST_NODES + 1], succ[6 * MOST_NODES], queue[MOST_NODES];
    bool reached[MOST_NODES], usual[MOST_NODES];
    Shape shape;
    Nest nest;
    Walk walk;
} Random;

/* Near nodes make loops in loops, far ones tangles. */
static u32 random_target(Random *r, u32 node, u32 count, u32 far) {
    if (chance(&r->seed, 100) < far) return 1 + chance(&r->seed, count - 1);
    u32 near = node + chance(&r->seed, 5);
    if (chance(&r->seed, 3) == 0) near = node > 4 ? node - chance(&r->seed, 5) : node;
    return near == 0 ? 1 : near >= count ? count - 1 : near;
}

static void make_shape(Random *r, u32 count) {
    static const u8 OUTS[] = {0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 5};
    u32 edges = 0, far = chance(&r->seed, 3) * 30, ways = 1 + chance(&r->seed, 4) * chance(&r->seed, 2);
    for (u32 node = 0; node < count; node++) {
        r->first[node] = edges;
        u32 n = node == 0 ? ways : OUTS[chance(&r->seed, COUNT_OF(OUTS))];
        for (u32 k = 0; k < n; k++) {
            bool usual = node == 0 && k == 0 && chance(&r->seed, 4);
            r->succ[edges++] = usual ? 1 : random_target(r, node, count, node == 0 ? 100 : far);
        }
    }
    r->first[count] = edges;
    r->shape = (Shape){count, r->first, r->succ};
}

static bool check_random(Random *r) {
    const Shape *s = &r->shape;
    u32 *end = ARENA_ARRAY(&r->arena, u32, r->nest.count + 1);
    memset(r->reached, 0, sizeof r->reached);
    memset(r->usual, 0, sizeof r->usual);
    mark_reached(s, r->reached, r->queue, 0);
    r->usual[0] = true;
    mark_reached(s, r->usual, r->queue, s->succ[0]);
    r->walk = (Walk){.shape = s, .nest = &r->nest, .end = end, .seed = &r->seed};
    if (r->nest.deepest > MOST_LEVELS || !pair(&r->nest, end, r->walk.open)) return false;
    bool *side = ARENA_ARRAY(&r->arena, bool, s->count);
    mark_sides(s, &r->nest, r->reached, side);
    u32 *codes = ARENA_ARRAY(&r->arena, u32, s->count), *used = ARENA_ARRAY(&r->arena, u32, r->nest.count);
    if (!check_places(s, &r->nest, r->reached, side, r->walk.open, codes, used)) return false;
    if (s->count <= SMALL && !check_loops(s, &r->nest, r->reached, r->usual)) return false;
    for (u32 way = 0; way < outs(s, 0); way++)
        for (u32 round = 0; round < 4; round++)
            if (!walk(&r->walk, way, 4 * s->count + 40)) return false;
    return true;
}

static void try_random(u32 seeds, u32 least, u32 most) {
    static Random r;
    for (u32 seed = 1; seed <= seeds; seed++) {
        r.seed = seed * 2654435761u;
        make_shape(&r, least + chance(&r.seed, most - least + 1));
        arena_open(&r.arena, 0);
        Err err = structure(&r.arena, &r.shape, &r.nest);
        bool right = err == ERR_OK && check_random(&r);
        arena_close(&r.arena);
        if (!right) printf("seed %u of %u to %u nodes\n", (unsigned)seed, (unsigned)least, (unsigned)most);
        CHECK(right);
    }
}

TEST(structure_walks_small_random_shapes_as_they_are) { try_random(6000, 2, SMALL); }

TEST(structure_walks_large_random_shapes_as_they_are) { try_random(30, 500, MOST_NODES); }

/* ---- a program's shape ---- */

/* PICKs in a loop that has no loop in it. */
static u32 hot_picks(const Nest *n) {
    u32 loop = NONE, picks = 0;
    u32 open[64], depth = 0;
    for (u32 k = 0; k < n->count; k++) {
        u8 kind = n->ops[k].kind;
        if (kind == NEST_LOOP) loop = n->ops[k].a;
        if (kind == NEST_LOOP || kind == NEST_BLOCK || kind == NEST_IF) open[depth++] = k;
        if (kind == NEST_END && n->ops[open[--depth]].kind == NEST_LOOP) loop = n->loops[loop].up;
        bool inner = loop != NONE;
        for (u32 l = 0; l < n->loop_count; l++) inner &= n->loops[l].up != loop;
        picks += kind == NEST_PICK && inner;
    }
    return picks;
}

/* A for with a while in it: a run can be left at each charge, and yet the while's turns ask for no way. */
TEST(structure_lets_a_hot_loop_be_resumed_without_picks) {
    Lowered l;
    lowered_open(
        &l,
        WITH(
            INT("x"),
            START("rows")
                GET("x") "{'id':'more','op':'math/gt','values':{'a':" FROM("x:value") ",'b':1}},{'id':'less','op':'"
                                                                                      "math/sub','values':{'a':" FROM(
                                                                                          "x:value") ",'b':1}},"
                                                                                                     "{'id':'rows','op'"
                                                                                                     ":'flow/"
                                                                                                     "for','values':{'"
                                                                                                     "startIndex':0,'"
                                                                                                     "endIndex':9},'"
                                                                                                     "flows':{'"
                                                                                                     "loopBody':'again:"
                                                                                                     "in'}},"
                                                                                                     "{'id':'again','"
                                                                                                     "op':'flow/"
                                                                                                     "while','values':{"
                                                                                                     "'condition'"
                                                                                                     ":" FROM("more:"
                                                                                                              "value") "},'flows':{'loopBody':'set:in'}}," SET(
                                                                                                         "set", "x",
                                                                                                         FROM("less:"
                                                                                                              "value"),
                                                                                                         "")));
    if (!l.program) return;
    char why[128];
    CHECK(verify(l.program, why, sizeof why));
    Cfg c;
    UnitShape shape;
    Nest nest;
    CHECK_INT(cfg_open(l.program, &(CfgOptions){.charges = true}, &c), ERR_OK);
    CHECK_INT(c.unit_count, 1);
    CHECK_INT(cfg_shape(&c, 0, &c.arena, &shape), ERR_OK);
    CHECK_INT(structure(&c.arena, &(Shape){shape.count, shape.first, shape.succ}, &nest), ERR_OK);
    CHECK_INT(nest.loop_count, 2);
    CHECK_INT(nest.loops[1].up, 0);
    CHECK(nest.picks && nest.deepest <= 64);
    CHECK_INT(hot_picks(&nest), 0);
    cfg_close(&c);
    lowered_close(&l);
}

/* ---- large shapes ---- */

typedef struct Large {
    Arena arena;
    u32 *first, *succ, nodes, edges;
    Nest nest;
    Err err;
} Large;

static void open_large(Large *l, u32 nodes, u32 edges) {
    *l = (Large){0};
    arena_open(&l->arena, 0);
    l->first = ARENA_ARRAY(&l->arena, u32, nodes + 1);
    l->succ = ARENA_ARRAY(&l->arena, u32, edges);
}

static void edge(Large *l, u32 to) { l->succ[l->edges++] = to; }

static void node_done(Large *l) { l->first[++l->nodes] = l->edges; }

static void nest_large(Large *l) {
    Shape s = {l->nodes, l->first, l->succ};
    l->err = structure(&l->arena, &s, &l->nest);
}

enum { MANY = 100000, DEEP = 1000 };

TEST(structure_does_not_nest_what_follows) {
    Large l;
    open_large(&l, MANY + 2, 2 * MANY + 2);
    edge(&l, 1);
    node_done(&l);
    for (u32 k = 1; k < MANY; k++) { /* each leads on, or to the last node */
        edge(&l, k + 1);
        edge(&l, MANY);
        node_done(&l);
    }
    node_done(&l);
    nest_large(&l);
    u32 deepest = l.nest.deepest;
    arena_close(&l.arena);
    CHECK_INT(l.err, ERR_OK);
    CHECK(deepest <= 18); /* the block around all, and a logarithm of the nodes */
}

TEST(structure_does_not_nest_loops_one_after_another) {
    Large l;
    open_large(&l, MANY + 2, 2 * MANY + 2);
    edge(&l, 1);
    node_done(&l);
    for (u32 k = 1; k < MANY; k++) { /* each again, or the next */
        edge(&l, k);
        edge(&l, k + 1);
        node_done(&l);
    }
    node_done(&l);
    nest_large(&l);
    u32 deepest = l.nest.deepest, loops = l.nest.loop_count;
    arena_close(&l.arena);
    CHECK_INT(l.err, ERR_OK);
    CHECK_INT(loops, MANY - 1);
    CHECK_INT(deepest, 3); /* block, loop, if */
}

/* Heads 1 to DEEP, each in the loop of the one before; from the innermost, and again from behind each loop, back to
** its head. A way of node 0 leads to each head. */
TEST(structure_nests_loops_deeply) {
    Large l;
    u32 ways = 0;
    open_large(&l, 2 * DEEP + 2, 5 * DEEP);
    for (u32 k = 1; k <= DEEP; k++) edge(&l, k);
    node_done(&l);
    for (u32 k = 1; k <= DEEP; k++) {
        edge(&l, k < DEEP ? k + 1 : 2 * DEEP);
        node_done(&l);
    }
    for (u32 k = DEEP + 1; k <= 2 * DEEP; k++) { /* node DEEP + k ends the loop of head k */
        edge(&l, k - DEEP);
        edge(&l, k - 1 > DEEP ? k - 1 : 2 * DEEP + 1);
        node_done(&l);
    }
    node_done(&l);
    nest_large(&l);
    if (l.err == ERR_OK)
        for (u32 k = 0; k < l.nest.count; k++)
            ways += l.nest.ops[k].kind == NEST_PICK ? l.nest.words[l.nest.ops[k].a] : 0;
    u32 innermost = l.err == ERR_OK ? l.nest.loop[DEEP] : 0, loops = l.nest.loop_count;
    arena_close(&l.arena);
    CHECK_INT(l.err, ERR_OK);
    CHECK_INT(loops, DEEP);
    CHECK_INT(innermost, DEEP - 1);
    CHECK_INT(ways, DEEP * (DEEP - 1) / 2); /* the way to head k passes the picks of the k - 1 loops around it */
}

TEST(structure_switches_widely) {
    Large l;
    u32 wide = 10000;
    open_large(&l, wide + 3, 2 * wide + 2);
    edge(&l, 1);
    node_done(&l);
    for (u32 k = 0; k < wide; k++) edge(&l, 2 + k);
    node_done(&l);
    for (u32 k = 0; k < wide; k++) {
        edge(&l, 2 + wide);
        node_done(&l);
    }
    node_done(&l);
    nest_large(&l);
    u32 deepest = l.nest.deepest, words = l.nest.word_count;
    arena_close(&l.arena);
    CHECK_INT(l.err, ERR_OK);
    CHECK_INT(deepest, wide + 1);
    CHECK_INT(words, wide);
}

TEST(structure_fails_cleanly_without_memory) {
    static Case c;
    bool refused = true;
    i64 before = system_live;
    for (u32 n = 0; refused; n++) {
        memset(&c, 0, sizeof c);
        read_shape(&c, "1 3;2 5;3 4;2;1;;");
        arena_open(&c.arena, 0);
        system_fail_after = n;
        Err err = structure(&c.arena, &c.shape, &c.nest);
        refused = system_fail_after < 0;
        system_fail_after = -1;
        arena_close(&c.arena);
        CHECK_INT(err, refused ? ERR_MEMORY : ERR_OK);
        CHECK(n < 100);
    }
    CHECK_INT(system_live, before);
}
