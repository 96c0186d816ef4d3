/* scene.c (engine) - select and hover: the handlers that an occurrence reaches as it rises through the glTF's nodes.
**
** It begins at the node that was hit; handlers of one node run in file order, then those of its parent. A hover that
** moves leaves first: onHoverOut from the old node up, then, as an occurrence of its own, onHoverIn from the new one
** up; both end below the first node that holds the old and the new one. Sources: KHR_node_selectability,
** KHR_node_hoverability. */
#include "task.h"

static const Handlers *handlers_of(const Task *t) { return &t->in->roots.handlers[t->dispatch]; }

static u32 parent_of(const Task *t, u32 node) { return t->in->graph->model.parent[node]; }

/* Nodes that are climbed over in the time of one fuel. */
enum { WORK_SHARE = 4 };

/* ---- the tree ---- */

static u32 depth_of(const Task *t, u32 node) {
    u32 depth = 0;
    for (; node != NONE; node = parent_of(t, node)) depth++;
    return depth;
}

/* The lowest node that holds both; NONE: there is none, or a or b is. */
static u32 common_ancestor(const Task *t, u32 a, u32 b) {
    u32 above_a = depth_of(t, a), above_b = depth_of(t, b);
    t->in->work += (above_a + above_b) / WORK_SHARE;
    for (; above_a > above_b; above_a--) a = parent_of(t, a);
    for (; above_b > above_a; above_b--) b = parent_of(t, b);
    while (a != b) a = parent_of(t, a), b = parent_of(t, b);
    return a;
}

/* ---- occurrences ---- */

static void begin_rise(Task *t, Dispatch dispatch, u32 node) {
    t->dispatch = dispatch;
    t->hit = t->rising = node;
    t->event_occurrence = ++t->occurrences;
}

void scene_select(Task *t, u32 node) {
    t->rise_end = NONE;
    begin_rise(t, DISPATCH_SELECT, node);
}

void scene_hover(Task *t, u32 node) {
    u32 *hovered = &t->in->hovered[t->in->occurrence_values[0].i], old = *hovered;
    *hovered = node;
    if (old == node) return;
    t->rise_end = common_ancestor(t, old, node);
    t->entering = node;
    if (old != NONE) begin_rise(t, DISPATCH_HOVER_OUT, old);
}

bool scene_rests(const Task *t) { return t->rising == NONE && t->entering == NONE; }

/* The handlers of one node, if it has some, become those to be run. */
static void look_at(Task *t, u32 node) {
    const Handlers *h = handlers_of(t);
    if (!h->first) return;
    t->receivers = h->nodes;
    t->receiver = h->first[node];
    t->receiver_end = h->first[node + 1];
}

void scene_next(Task *t) {
    u32 climbed = 0;
    for (; t->rising != NONE && t->rising != t->rise_end && t->receiver == t->receiver_end; climbed++) {
        look_at(t, t->rising);
        t->rising = parent_of(t, t->rising);
    }
    t->in->work += climbed / WORK_SHARE;
    if (t->receiver != t->receiver_end) return;
    t->rising = NONE;
    if (t->entering == NONE) return;
    begin_rise(t, DISPATCH_HOVER_IN, t->entering);
    t->entering = NONE;
}
