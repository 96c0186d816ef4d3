/* upgrade_order.c (graph) - puts nodes in an order in which values come from before and flows lead behind.
**
** Of the nodes that may come next always the one that stood first comes: so events keep their order among each other
** (it is meaning), and a list that is in order already stays as it is. */
#include <string.h>

#include "upgrader.h"

/* --- which node comes next ------------------------------------------------------------------- */

typedef struct Queue {
    const Upgrader *u;
    u32 *heap, count; /* nodes; the least on top */
    u32 *waits;       /* by node: how many must still come before it */
} Queue;

static bool is_less(const Upgrader *u, u32 a, u32 b) {
    const UpNode *x = &u->nodes.at[a], *y = &u->nodes.at[b];
    return x->source != y->source ? x->source < y->source : x->rank < y->rank;
}

static void push(Queue *q, u32 node) {
    u32 i = q->count++;
    for (; i > 0 && is_less(q->u, node, q->heap[(i - 1) / 2]); i = (i - 1) / 2) q->heap[i] = q->heap[(i - 1) / 2];
    q->heap[i] = node;
}

static u32 pop(Queue *q) {
    u32 top = q->heap[0], last = q->heap[--q->count], i = 0;
    for (;;) {
        u32 child = 2 * i + 1;
        if (child >= q->count) break;
        if (child + 1 < q->count && is_less(q->u, q->heap[child + 1], q->heap[child])) child++;
        if (!is_less(q->u, q->heap[child], last)) break;
        q->heap[i] = q->heap[child];
        i = child;
    }
    q->heap[i] = last;
    return top;
}

/* The nodes that can come, in their order; how many these are. */
static u32 sort(Queue *q, u32 *order) {
    const Upgrader *u = q->u;
    u32 done = 0;
    for (u32 i = 0; i < u->edge_count; i++) q->waits[u->edges[i].to]++;
    for (u32 node = 0; node < u->nodes.count; node++)
        if (q->waits[node] == 0) push(q, node);
    while (q->count) {
        u32 node = order[done++] = pop(q);
        for (u32 i = u->first_edge[node]; i < u->first_edge[node + 1]; i++)
            if (--q->waits[u->edges[i].to] == 0) push(q, u->edges[i].to);
    }
    return done;
}

/* --- cycles ---------------------------------------------------------------------------------- */

enum { CYCLE_SHOWN = 8 };

/* Each node that still waits, waits for another: from one to the next, a cycle is reached. `before` is of all nodes,
** one that must come before it and waits itself. */
static u32 find_cycle(const Upgrader *u, const u32 *waits, u32 *before) {
    u32 node = 0;
    for (u32 i = 0; i < u->edge_count; i++)
        if (waits[u->edges[i].from] && waits[u->edges[i].to]) before[u->edges[i].to] = u->edges[i].from;
    while (!waits[node]) node++;
    for (u32 i = 0; i < u->nodes.count; i++) node = before[node];
    return node;
}

/* Whether a flow leads from one node to another; else it is a value. */
static bool has_flow(const Upgrader *u, u32 from, u32 to) {
    for (u32 i = u->first_edge[from]; i < u->first_edge[from + 1]; i++)
        if (u->edges[i].to == to && u->edges[i].flow) return true;
    return false;
}

static Err refuse_cycle(Upgrader *u, const u32 *waits) {
    u32 *before = ARENA_ARRAY(u->arena, u32, u->nodes.count), shown[CYCLE_SHOWN + 1], count = 0;
    if (!before) return up_memory(u);
    u32 first = find_cycle(u, waits, before);
    UpPlace p;
    Buf text = {0};
    shown[count++] = first;
    for (u32 node = before[first]; node != first && count < CYCLE_SHOWN; node = before[node]) shown[count++] = node;
    bool cut = before[shown[count - 1]] != first;
    buf_text(&text, up_label(u, first));
    if (cut) buf_text(&text, " -> ...");
    for (u32 i = count; i-- > 0;) {
        u32 from = i + 1 < count ? shown[i + 1] : first;
        bool known = i + 1 < count || !cut;
        buf_text(&text, !known ? " -> " : has_flow(u, from, shown[i]) ? " -flow-> " : " -value-> ");
        buf_text(&text, up_label(u, shown[i]));
    }
    const char *path = text.data && !text.full ? text.data : "";
    Err e = diag_report(u->diags, ERR_DRAFT_CYCLE, up_at(u, &p, first, NULL, NULL), (Detail){0}, path);
    buf_close(&text);
    return e;
}

/* --- numbers into indices -------------------------------------------------------------------- */

static bool is_backward(const Upgrader *u, const UpEdge *e) {
    return e->from > e->to && e->from < u->source_nodes && e->to < u->source_nodes;
}

/* An edge from the file that leads the wrong way there. */
static void tell_backward(Upgrader *u, const UpEdge *e, const u32 *index) {
    u32 owner = e->flow ? e->from : e->to, other = e->flow ? e->to : e->from;
    if (!is_backward(u, e)) return;
    up_tell(u, ERR_DRAFT_ORDER, tree_member(e->item, "node"), up_print(u, "%u (from %u)", other, owner),
            up_print(u, "%u (from %u)", index[other], index[owner]));
}

static void number_edges(Upgrader *u, const u32 *index) {
    for (u32 i = 0; i < u->edge_count; i++) {
        const UpEdge *e = &u->edges[i];
        tell_backward(u, e, index);
        tree_member(e->item, "node")->valuedouble = index[e->flow ? e->to : e->from];
    }
}

/* The list of declarations as it is now. */
static void list_declarations(Upgrader *u, u32 *index) {
    u32 count = 0;
    if (u->declared) u->declared->child = NULL;
    for (u32 i = 0; i < u->declarations.count; i++) {
        const UpDeclaration *d = &u->declarations.at[i];
        if (d->same != NONE) continue;
        if (!u->declared) {
            u->declared = tree_array(u->arena, tree_place(u->graph));
            tree_add(u->graph, "declarations", u->declared);
        }
        tree_add(u->declared, NULL, d->item);
        index[i] = count++;
    }
}

static void list_nodes(Upgrader *u, const u32 *order, const u32 *declaration) {
    u->listed->child = NULL;
    for (u32 i = 0; i < u->nodes.count; i++) {
        const UpNode *n = &u->nodes.at[order[i]];
        cJSON *was = tree_member(n->item, "declaration");
        cJSON *now = tree_number(u->arena, declaration[n->declaration], n->item ? tree_place(n->item) : 0);
        if (was)
            tree_replace(n->item, was, now);
        else
            tree_add(n->item, "declaration", now);
        tree_add(u->listed, NULL, n->item);
    }
}

Err up_order(Upgrader *u) {
    u32 n = u->nodes.count;
    Queue q = {.u = u, .heap = ARENA_ARRAY(u->arena, u32, n), .waits = ARENA_ARRAY(u->arena, u32, n)};
    u32 *order = ARENA_ARRAY(u->arena, u32, n), *index = ARENA_ARRAY(u->arena, u32, n);
    u32 *declaration = ARENA_ARRAY(u->arena, u32, u->declarations.count);
    if (!q.heap || !q.waits || !order || !index || !declaration) return up_memory(u);
    if (sort(&q, order) < n) return refuse_cycle(u, q.waits);
    for (u32 i = 0; i < n; i++) index[order[i]] = i;
    number_edges(u, index);
    list_declarations(u, declaration);
    if (u->listed) list_nodes(u, order, declaration);
    return up_end(u);
}
