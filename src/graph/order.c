/* order.c (graph) - fixes types along value edges in any order, and finds value cycles.
**
** A depth-first walk from readers to what they read, without recursion. Outputs of flow and event
** nodes are state: a loop may read its own index, so only edges between VALUE nodes can close a
** cycle. */
#include "types.h"

typedef struct Step {
    u32 node, in;
} Step;

typedef struct Order {
    Draft *d;
    u8 *seen;
    Step *stack;
    u32 depth;
} Order;

enum { NEW, OPEN, FIXED };
enum { SHOWN_MAX = 12 };

/* The VALUE node an input reads from; NONE. */
static u32 source(const Draft *d, u32 in) {
    u32 from = d->value_in.at[in].from;
    u32 node = from == NONE ? NONE : d->value_out.at[from].node;
    return node != NONE && d->nodes.at[node].kind == KIND_VALUE ? node : NONE;
}

static void put_node(Draft *d, Buf *b, u32 node) {
    const Name *name = d->nodes.at[node].name;
    buf_print(b, "%u", node);
    if (name) buf_print(b, " \"%s\"", draft_quote(d, name_text(name)));
}

/* The way of the values: from the node that was met again to what reads it, and so on back to
** it. */
static void report_cycle(Order *o, u32 node) {
    Draft *d = o->d;
    Buf way = {0};
    u32 from = o->depth, shown = 0;
    put_node(d, &way, node);
    while (o->stack[from - 1].node != node) {
        from--;
        if (shown++ == SHOWN_MAX) buf_text(&way, " -> ...");
        if (shown > SHOWN_MAX) continue;
        buf_text(&way, " -> ");
        put_node(d, &way, o->stack[from].node);
    }
    buf_print(&way, " -> %u", node);
    Place p;
    const Step *top = &o->stack[o->depth - 1];
    const At *at = draft_place(d, &p, top->node, "values", d->value_in.at[top->in - 1].name->text);
    diag_report(d->diags, ERR_VALUE_CYCLE, at, (Detail){0}, way.data ? way.data : "");
    buf_close(&way);
}

static void report_self(Order *o, u32 node, u32 in) {
    Place p;
    const Name *name = o->d->value_in.at[in].name;
    const At *at = draft_place(o->d, &p, node, "values", name->text);
    diag_report(o->d->diags, ERR_SELF_EDGE, at, (Detail){0}, node, draft_quote(o->d, name_text(name)));
}

static void open_node(Order *o, u32 node) {
    o->seen[node] = OPEN;
    o->stack[o->depth++] = (Step){node, o->d->nodes.at[node].value_in};
}

static Err fix_from(Order *o, u32 start) {
    Draft *d = o->d;
    open_node(o, start);
    while (o->depth) {
        Step *top = &o->stack[o->depth - 1];
        if (top->in == d->nodes.at[top->node + 1].value_in) {
            o->seen[top->node] = FIXED;
            o->depth--;
            TRY(types_fix(d, top->node));
            continue;
        }
        u32 reader = top->node, in = top->in++, node = source(d, in);
        if (node == NONE || o->seen[node] == FIXED) continue;
        if (node == reader)
            report_self(o, node, in);
        else if (o->seen[node] == OPEN && !draft_silent(d))
            report_cycle(o, node);
        else if (o->seen[node] == NEW)
            open_node(o, node);
    }
    return ERR_OK;
}

Err types_fix_all(Draft *d) {
    u32 n = d->nodes.count;
    Order o = {d, ARENA_ARRAY(&d->scratch, u8, n), ARENA_ARRAY(&d->scratch, Step, n), 0};
    if (!o.seen || !o.stack) return draft_no_memory(d);
    for (u32 node = 0; node < n; node++)
        if (d->nodes.at[node].kind == KIND_VALUE && o.seen[node] == NEW) TRY(fix_from(&o, node));
    for (u32 node = 0; node < n; node++)
        if (d->nodes.at[node].kind != KIND_VALUE) TRY(types_fix(d, node));
    return ERR_OK;
}
