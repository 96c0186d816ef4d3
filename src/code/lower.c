/* lower.c (code) - the order of lowering: roots, procedures of shared chains, graph outputs. */
#include "lower.h"

#include "node.h"

void push_task(Lower *l, Task task) {
    if (l->tasks.count == l->tasks.cap) {
        u32 cap = l->tasks.cap ? l->tasks.cap * 2 : 64;
        Task *more = system_grow(l->tasks.data, sizeof(Task) * cap);
        if (!more) {
            l->e.failed = true;
            return;
        }
        l->tasks.data = more;
        l->tasks.cap = cap;
    }
    l->tasks.data[l->tasks.count++] = task;
}

void push_output(Lower *l, u32 flow_out, Context in) {
    push_task(l, (Task){.kind = TASK_OUTPUT, .what = flow_out, .in = in});
}

void push_bind(Lower *l, u32 label) { push_task(l, (Task){.kind = TASK_BIND, .what = label}); }

void end_chain(Lower *l, Context in) {
    if (in.after == RETURN)
        emit(&l->e, CODE_ret, 0, 0, 0, 0, 0);
    else
        emit_jump(&l->e, in.after);
}

/* ---- activations ---- */

/* Begins the activation of a flow input: its fuel, its mark, its epoch. */
static void begin(Lower *l, u32 flow_in, u32 cost) {
    if (cost) emit(&l->e, CODE_fuel, 0, (i32)cost, 0, 0, 0);
    emit_mark_activate(&l->e, flow_in);
    if (l->graph->uses_random) emit(&l->e, CODE_epoch, 0, 0, 0, 0, 0);
}

/* Chains that several outputs lead to are procedures: lowered once, called or, in tail position, jumped to. */
static u32 want_procedure(Lower *l, u32 flow_in, bool backward) {
    if (l->procedure[flow_in] == NONE) {
        l->procedure[flow_in] = emit_label(&l->e);
        l->wanted[l->wanted_count++] = flow_in;
    }
    return backward ? l->procedure_back[flow_in] : l->procedure[flow_in];
}

static void lower_call(Lower *l, u32 label, Context in) {
    if (in.after == RETURN) {
        emit_jump(&l->e, label);
        return;
    }
    u32 pc = emit(&l->e, CODE_call, 0, (i32)label, 0, 0, 0);
    emit_owns(&l->e, pc, in.own);
    emit_jump(&l->e, in.after);
}

static void lower_output(Lower *l, u32 flow_out, Context in) {
    const Graph *g = l->graph;
    u32 target = g->flow_target[flow_out];
    if (target == NONE) {
        end_chain(l, in);
        return;
    }
    if (g->flow_in_edges[target] > 1) {
        lower_call(l, want_procedure(l, target, g->flow_backward[flow_out]), in);
        return;
    }
    begin(l, target, g->flow_in_cost[target] + g->flow_backward[flow_out]);
    lower_node(l, g->flow_in_node[target], target, in);
}

static void run_task(Lower *l, const Task *t) {
    switch (t->kind) {
    case TASK_OUTPUT: lower_output(l, t->what, t->in); break;
    case TASK_BIND: emit_bind(&l->e, t->what); break;
    case TASK_GOTO: end_chain(l, t->in); break;
    case TASK_LEAVE: {
        i32 active = OPERAND(REGION_STATE, l->graph->node_active[t->what]);
        emit(&l->e, CODE_leave, 0, active, 0, 0, 0);
        break;
    }
    case TASK_FOR:
    case TASK_WHILE: lower_loop_end(l, t); break;
    }
}

static void run_tasks(Lower *l) {
    while (l->tasks.count && !l->e.failed) {
        Task t = l->tasks.data[--l->tasks.count];
        run_task(l, &t);
    }
}

/* Labels for all backward entries, before any procedure is lowered: a later chain may be the first to need one. */
static void find_backward(Lower *l) {
    const Graph *g = l->graph;
    for (u32 out = 0; out < g->flow_out_count && !l->e.failed; out++)
        if (g->flow_backward[out] && l->procedure_back[g->flow_target[out]] == NONE)
            l->procedure_back[g->flow_target[out]] = emit_label(&l->e);
}

/* A procedure's backward entry charges one more, in the same charge. */
static void lower_procedure(Lower *l, u32 flow_in) {
    const Graph *g = l->graph;
    Context in = {RETURN, NONE};
    u32 cost = g->flow_in_cost[flow_in], body = emit_label(&l->e);
    if (l->procedure_back[flow_in] != NONE) {
        emit_bind(&l->e, l->procedure_back[flow_in]);
        emit(&l->e, CODE_fuel, 0, (i32)cost + 1, 0, 0, 0);
        emit_jump(&l->e, body);
    }
    emit_bind(&l->e, l->procedure[flow_in]);
    if (cost) emit(&l->e, CODE_fuel, 0, (i32)cost, 0, 0, 0);
    emit_bind(&l->e, body);
    begin(l, flow_in, 0);
    lower_node(l, g->flow_in_node[flow_in], flow_in, in);
    run_tasks(l);
}

static void lower_roots(Lower *l, u32 *entry) {
    const Graph *g = l->graph;
    find_backward(l);
    for (u32 out = 0; out < g->flow_out_count && !l->e.failed; out++) {
        entry[out] = NONE;
        if (!graph_is_root(g, out)) continue;
        entry[out] = l->e.code.count;
        l->e.bound = l->e.code.count; /* the engine jumps here */
        emit(&l->e, CODE_fuel, 0, (i32)g->root_cost[out], 0, 0, 0);
        push_output(l, out, (Context){RETURN, NONE});
        run_tasks(l);
    }
    while (l->wanted_done < l->wanted_count && !l->e.failed) lower_procedure(l, l->wanted[l->wanted_done++]);
}

/* Graph outputs are pulled by code of their own, into temporaries of their own: it may run while an activation
** is suspended. */
static void lower_graph_outputs(Lower *l, u32 *entry, u32 *slot) {
    const Graph *g = l->graph;
    l->e.outputs = true;
    for (u32 i = 0; i < g->output_count && !l->e.failed; i++) {
        u32 from = g->output_from[i];
        entry[i] = NONE;
        if (g->out_slot[from] != NONE) {
            slot[i] = (u32)pull_state(l, from);
            continue;
        }
        entry[i] = l->e.code.count;
        l->e.bound = l->e.code.count;
        slot[i] = (u32)pull_output(l, from);
        emit(&l->e, CODE_halt, 0, 0, 0, 0, 0);
    }
}

/* ---- the whole ---- */

static u32 *fresh(Lower *l, Arena *a, u32 count) {
    u32 *list = ARENA_ARRAY(a, u32, count + 1);
    if (!list) {
        l->e.failed = true;
        return NULL;
    }
    for (u32 i = 0; i < count; i++) list[i] = NONE;
    return list;
}

/* Scratch for the lowering, all in one arena that dies with it. */
static void lower_open(Lower *l, Arena *scratch, const Graph *g, const Limits *limits) {
    *l = (Lower){.graph = g, .limits = limits};
    emit_open(&l->e, g);
    l->procedure = fresh(l, scratch, g->flow_in_count);
    l->procedure_back = fresh(l, scratch, g->flow_in_count);
    l->wanted = fresh(l, scratch, g->flow_in_count);
    l->mark = ARENA_ARRAY(scratch, u32, g->node_count + 1);
    l->list = fresh(l, scratch, g->node_count);
    l->uses = ARENA_ARRAY(scratch, u32, g->value_out_count + 1);
    l->used_at = ARENA_ARRAY(scratch, u32, g->value_out_count + 1);
    l->value = ARENA_ARRAY(scratch, i32, g->value_out_count + 1);
    l->value_at = ARENA_ARRAY(scratch, u32, g->value_out_count + 1);
    if (scratch->full) l->e.failed = true;
}

static bool can_be_pending(const Graph *g, u32 node) {
    u8 id = g->node_id[node];
    if (id == NODE_flow_for || id == NODE_flow_while) return true;
    return id == NODE_flow_sequence && g->flow_out[node + 1] - g->flow_out[node] > 1;
}

/* The most slots an activation's stack can need: each pending entry holds at most one return address and one
** loop counter, and there are at most as many entries as nodes that can be pending plus call_depth re-entries.
** Depths are ints in compiled code: a stack that could not be counted is one that no memory has room for. */
enum { STACK_MOST = 1 << 30 };

static u32 stack_bound(const Graph *g, const Limits *limits) {
    u64 entries = 2;
    for (u32 node = 0; node < g->node_count; node++) entries += can_be_pending(g, node);
    u64 room = (STACK_MOST - 2) / 2 - entries; /* nodes are far fewer */
    entries += limits->call_depth < room ? limits->call_depth : room;
    return (u32)(2 * entries + 2);
}

static Err lower_into(Lower *l, Program *p) {
    const Graph *g = l->graph;
    p->entry = ARENA_ARRAY(&p->arena, u32, g->flow_out_count + 1);
    p->output_entry = ARENA_ARRAY(&p->arena, u32, g->output_count + 1);
    p->output_slot = ARENA_ARRAY(&p->arena, u32, g->output_count + 1);
    if (p->arena.full || l->e.failed) return ERR_MEMORY;
    emit(&l->e, CODE_halt, 0, 0, 0, 0, 0);
    lower_roots(l, p->entry);
    lower_graph_outputs(l, p->output_entry, p->output_slot);
    TRY(emit_finish(&l->e, stack_bound(g, l->limits), p));
    for (u32 i = 0; i < g->output_count; i++) p->output_slot[i] = emit_place(p, (i32)p->output_slot[i]);
    return ERR_OK;
}

Err lower(const Graph *g, const Limits *limits, Program **out) {
    *out = NULL;
    Arena arena, scratch;
    arena_open(&arena, limits->memory);
    arena_open(&scratch, 0);
    Program *p = ARENA_NEW(&arena, Program);
    Lower l;
    lower_open(&l, &scratch, g, limits);
    Err err = p ? ERR_OK : ERR_MEMORY;
    if (p) {
        p->arena = arena;
        p->graph = g;
        p->call_depth = limits->call_depth;
        err = lower_into(&l, p);
        arena = p->arena;
    }
    emit_close(&l.e);
    system_give(l.tasks.data);
    arena_close(&scratch);
    if (err == ERR_OK)
        *out = p;
    else
        arena_close(&arena);
    return err;
}
