/* node.c (code) - one lower_ function for each flow op: what an activation does and where it goes on. */
#include "node.h"

static u32 input_of(const Lower *l, u32 node, u32 k) { return l->graph->value_in[node] + k; }
static u32 output_of(const Lower *l, u32 node, u32 k) { return l->graph->flow_out[node] + k; }

void lower_on(Lower *l, u32 node, u32 k, Context in) { push_output(l, output_of(l, node, k), in); }

/* Two ways: output k when the condition held, output m (NONE: the end of the chain) at `otherwise`. */
static void fork(Lower *l, u32 node, u32 k, u32 m, u32 otherwise, Context in) {
    if (m == NONE)
        push_task(l, (Task){.kind = TASK_GOTO, .in = in});
    else
        lower_on(l, node, m, in);
    push_bind(l, otherwise);
    lower_on(l, node, k, in);
}

static void emit_unless(Lower *l, Condition c, u32 label) {
    if (c.fused)
        emit(&l->e, c.code, 0, (i32)label, c.a, c.b, 0);
    else
        emit(&l->e, CODE_jump_not, 0, (i32)label, c.a, 0, 0);
}

static void emit_enter(Lower *l, u32 node) {
    i32 active = OPERAND(REGION_STATE, l->graph->node_active[node]);
    emit(&l->e, CODE_enter, 0, active, (i32)node, 0, 0);
}

/* ---- control ---- */

/* The last connected flow output before `past`, NONE. Unconnected ones are never pending. */
static u32 last_connected(const Graph *g, u32 node, u32 past) {
    while (past > g->flow_out[node])
        if (g->flow_target[--past] != NONE) return past;
    return NONE;
}

static void lower_flow_sequence(Lower *l, u32 node, Context in) {
    const Graph *g = l->graph;
    u32 last = last_connected(g, node, g->flow_out[node + 1]);
    if (last == NONE) {
        end_chain(l, in);
        return;
    }
    u32 before = last_connected(g, node, last);
    bool counted = g->node_cyclic[node] && before != NONE;
    if (counted) emit_enter(l, node);
    push_output(l, last, in);
    if (counted) push_task(l, (Task){.kind = TASK_LEAVE, .what = node});
    for (; before != NONE; before = last_connected(g, node, before)) {
        u32 next = emit_label(&l->e);
        push_bind(l, next);
        push_output(l, before, (Context){next, in.own});
    }
}

static void lower_flow_branch(Lower *l, u32 node, Context in) {
    u32 otherwise = emit_label(&l->e);
    emit_unless(l, pull_condition(l, input_of(l, node, 0)), otherwise);
    fork(l, node, 0, 1, otherwise, in);
}

/* A switch over `n` flow outputs from `first` on; `otherwise` of -1: the end of the chain, else a flow output. */
static void lower_choice(Lower *l, i32 selection, const i32 *cases, u32 first, u32 n, u32 otherwise, Context in) {
    u32 *targets = system_take(sizeof(u32) * (n + 1));
    if (!targets) {
        l->e.failed = true;
        return;
    }
    for (u32 k = 0; k <= n; k++) targets[k] = emit_label(&l->e);
    i32 table = emit_table(&l->e, cases, targets, n, targets[n]);
    emit(&l->e, CODE_switch, 0, table, selection, 0, 0);
    if (otherwise == NONE)
        push_task(l, (Task){.kind = TASK_GOTO, .in = in});
    else
        push_output(l, otherwise, in);
    push_bind(l, targets[n]);
    for (u32 k = n; k-- > 0;) {
        push_output(l, first + k, in);
        push_bind(l, targets[k]);
    }
    system_give(targets);
}

static void lower_flow_switch(Lower *l, u32 node, Context in) {
    const i32 *p = graph_params(l->graph, node);
    u32 n = (u32)p[0], first = output_of(l, node, 0);
    pull(l, input_of(l, node, 0), input_of(l, node, 1));
    lower_choice(l, pull_operand(l, input_of(l, node, 0)), p + 1, first, n, first + n, in);
}

/* ---- loops ---- */

/* Whether there is a (next) turn, and what it costs. */
static void check_turn(Lower *l, u32 node, u32 exit) {
    emit_unless(l, pull_condition(l, input_of(l, node, 0)), exit);
    emit(&l->e, CODE_fuel, 0, (i32)l->graph->turn_cost[node], 0, 0, 0);
}

/* The condition stands twice, before the loop and at its end: so a turn takes one jump, and a run that is left for want of fuel
** comes in again at the body, which is where the loop begins for whoever compiles it. */
static void lower_flow_while(Lower *l, u32 node, Context in) {
    Task end = {.kind = TASK_WHILE, .what = node, .in = in};
    end.body = emit_label(&l->e);
    end.latch = emit_label(&l->e);
    end.exit = emit_label(&l->e);
    if (l->graph->node_cyclic[node]) emit_enter(l, node);
    check_turn(l, node, end.exit);
    emit_bind(&l->e, end.body);
    push_task(l, end);
    lower_on(l, node, 0, (Context){end.latch, in.own});
}

static void end_while(Lower *l, const Task *t) {
    const Graph *g = l->graph;
    emit_bind(&l->e, t->latch);
    emit_temps_reset(&l->e);
    if (g->uses_random) emit(&l->e, CODE_epoch, 0, 0, 0, 0, 0);
    check_turn(l, t->what, t->exit);
    emit_jump(&l->e, t->body);
    emit_bind(&l->e, t->exit);
    lower_on(l, t->what, 1, t->in);
    if (g->node_cyclic[t->what]) push_task(l, (Task){.kind = TASK_LEAVE, .what = t->what});
}

/* The end index is read in place: no instruction computes it, and counting does not change it. */
static bool end_is_simple(const Lower *l, u32 node) {
    const Graph *g = l->graph;
    u32 from = g->in_from[input_of(l, node, 1)];
    if (from == NONE) return true;
    return g->out_slot[from] != NONE && from != g->value_out[node];
}

static void lower_flow_for(Lower *l, u32 node, Context in) {
    const Graph *g = l->graph;
    i32 index = pull_state(l, g->value_out[node]);
    bool cyclic = g->node_cyclic[node];
    Task end = {.kind = TASK_FOR, .what = node, .in = in};
    end.body = emit_label(&l->e);
    end.latch = emit_label(&l->e);
    end.exit = emit_label(&l->e);
    if (cyclic) emit_enter(l, node);
    pull_into(l, input_of(l, node, 0), index);
    pull(l, input_of(l, node, 1), input_of(l, node, 2));
    i32 stop = pull_operand(l, input_of(l, node, 1));
    emit(&l->e, CODE_turn, 0, (i32)end.body, index, stop, (i32)g->turn_cost[node]);
    emit_jump(&l->e, end.exit);
    emit_bind(&l->e, end.body);
    if (cyclic) emit(&l->e, CODE_push, 0, index, 0, 0, 0);
    push_task(l, end);
    lower_on(l, node, 0, (Context){end.latch, emit_own(&l->e, g->value_out[node], in.own)});
}

/* endIndex of a later turn. It sees the new index; everybody else only when the turn is paid. */
static i32 next_stop(Lower *l, u32 node, i32 index) {
    u32 in = input_of(l, node, 1);
    if (end_is_simple(l, node)) return pull_operand(l, in);
    i32 one = emit_const_int(&l->e, 1), stop = emit_temps(&l->e, 1);
    emit(&l->e, CODE_add_i, 0, index, index, one, 0);
    pull(l, in, in + 1);
    pull_move(l, stop, pull_operand(l, in), 1);
    emit(&l->e, CODE_sub_i, 0, index, index, one, 0);
    return stop;
}

static void end_for(Lower *l, const Task *t) {
    const Graph *g = l->graph;
    u32 node = t->what;
    i32 index = pull_state(l, g->value_out[node]);
    bool cyclic = g->node_cyclic[node];
    emit_bind(&l->e, t->latch);
    emit_temps_reset(&l->e);
    if (cyclic) emit(&l->e, CODE_pop, 0, index, 0, 0, 0);
    if (g->uses_random) emit(&l->e, CODE_epoch, 0, 0, 0, 0, 0);
    emit(&l->e, CODE_next_turn, 0, (i32)t->body, index, next_stop(l, node, index), (i32)g->turn_cost[node]);
    emit_bind(&l->e, t->exit);
    lower_on(l, node, 1, t->in);
    if (cyclic) push_task(l, (Task){.kind = TASK_LEAVE, .what = node});
}

void lower_loop_end(Lower *l, const Task *task) {
    if (task->kind == TASK_FOR)
        end_for(l, task);
    else
        end_while(l, task);
}

/* ---- ops that remember ---- */

static void lower_flow_doN(Lower *l, u32 node, u32 input, Context in) {
    i32 count = pull_state(l, l->graph->value_out[node]);
    if (input == 1) {
        emit(&l->e, CODE_mov, 0, count, emit_const_int(&l->e, 0), 0, 0);
        end_chain(l, in);
        return;
    }
    u32 otherwise = emit_label(&l->e);
    pull(l, input_of(l, node, 0), input_of(l, node, 1));
    emit(&l->e, CODE_unless_lt_i, 0, (i32)otherwise, count, pull_operand(l, input_of(l, node, 0)), 0);
    emit(&l->e, CODE_add_i, 0, count, count, emit_const_int(&l->e, 1), 0);
    fork(l, node, 0, NONE, otherwise, in);
}

static void lower_flow_multiGate(Lower *l, u32 node, u32 input, Context in) {
    const Graph *g = l->graph;
    u32 first = g->flow_out[node], n = g->flow_out[node + 1] - first;
    if (input == 1) {
        emit(&l->e, CODE_gate_reset, 0, (i32)node, 0, 0, 0);
        end_chain(l, in);
        return;
    }
    i32 chosen = emit_temps(&l->e, 1), *cases = system_take(sizeof(i32) * (n + 1));
    if (!cases) {
        l->e.failed = true;
        return;
    }
    for (u32 k = 0; k < n; k++) cases[k] = (i32)k;
    emit(&l->e, CODE_gate, 0, chosen, (i32)node, 0, 0);
    lower_choice(l, chosen, cases, first, n, NONE, in);
    system_give(cases);
}

static void lower_flow_waitAll(Lower *l, u32 node, u32 input, Context in) {
    u32 inputs = (u32)graph_params(l->graph, node)[0];
    if (input == inputs) {
        emit(&l->e, CODE_wait_all_reset, 0, (i32)node, 0, 0, 0);
        end_chain(l, in);
        return;
    }
    i32 complete = emit_temps(&l->e, 1);
    u32 otherwise = emit_label(&l->e);
    emit(&l->e, CODE_wait_all, 0, complete, (i32)node, (i32)input, 0);
    emit(&l->e, CODE_jump_not, 0, (i32)otherwise, complete, 0, 0);
    fork(l, node, 1, 0, otherwise, in);
}

static void lower_flow_throttle(Lower *l, u32 node, u32 input, Context in) {
    if (input == 1) {
        emit(&l->e, CODE_throttle_reset, 0, (i32)node, 0, 0, 0);
        end_chain(l, in);
        return;
    }
    static const i32 CASES[] = {0, 1}; /* throttle's answers: 0 err, 1 out, 2 nothing */
    pull(l, input_of(l, node, 0), input_of(l, node, 1));
    i32 answer = emit_temps(&l->e, 1);
    emit(&l->e, CODE_throttle, 0, answer, pull_operand(l, input_of(l, node, 0)), (i32)node, 0);
    u32 err = emit_label(&l->e), out = emit_label(&l->e), nothing = emit_label(&l->e);
    emit(&l->e, CODE_switch, 0, emit_table(&l->e, CASES, (u32[]){err, out}, 2, nothing), answer, 0, 0);
    push_task(l, (Task){.kind = TASK_GOTO, .in = in});
    push_bind(l, nothing);
    lower_on(l, node, 1, in);
    push_bind(l, err);
    lower_on(l, node, 0, in);
    push_bind(l, out);
}

void lower_out_or_err(Lower *l, u32 node, i32 went, Context in) {
    u32 err = emit_label(&l->e);
    emit(&l->e, CODE_jump_not, 0, (i32)err, went, 0, 0);
    fork(l, node, 0, 1, err, in);
}

static void lower_flow_setDelay(Lower *l, u32 node, u32 input, Context in) {
    if (input == 1) {
        emit(&l->e, CODE_delay_stop, 0, (i32)node, 0, 0, 0);
        end_chain(l, in);
        return;
    }
    pull(l, input_of(l, node, 0), input_of(l, node, 1));
    i32 went = emit_temps(&l->e, 1);
    emit(&l->e, CODE_delay, 0, went, pull_operand(l, input_of(l, node, 0)), (i32)node, 0);
    lower_out_or_err(l, node, went, in);
}

static void lower_flow_cancelDelay(Lower *l, u32 node, Context in) {
    pull(l, input_of(l, node, 0), input_of(l, node, 1));
    emit(&l->e, CODE_delay_cancel, 0, pull_operand(l, input_of(l, node, 0)), 0, 0, 0);
    lower_on(l, node, 0, in);
}

/* ---- variables ---- */

static void wrote(Lower *l, u32 variable) {
    emit_mark_wrote(&l->e, variable);
    if (l->graph->variable_interpolated[variable]) emit(&l->e, CODE_interpolate_stop, 0, (i32)variable, 0, 0, 0);
}

static i32 variable_operand(const Lower *l, u32 variable) {
    return OPERAND(REGION_STATE, l->graph->variable_slot[variable]);
}

/* All inputs are read before any variable is written: values that lie in state go through temporaries. */
static void set_many(Lower *l, u32 node, const i32 *variables, u32 n) {
    const Graph *g = l->graph;
    u32 first = g->value_in[node];
    i32 from = pull_gather(l, first, first + n);
    for (u32 k = 0; k < n; k++) {
        u32 lanes = type_lanes((Type)g->in_type[first + k]);
        pull_move(l, variable_operand(l, (u32)variables[k]), from, lanes);
        wrote(l, (u32)variables[k]);
        from += (i32)lanes;
    }
}

static void lower_variable_set(Lower *l, u32 node, Context in) {
    const i32 *p = graph_params(l->graph, node);
    if (p[0] == 1) {
        pull_into(l, input_of(l, node, 0), variable_operand(l, (u32)p[1]));
        wrote(l, (u32)p[1]);
    } else {
        set_many(l, node, p + 1, (u32)p[0]);
    }
    lower_on(l, node, 0, in);
}

static void lower_variable_interpolate(Lower *l, u32 node, Context in) {
    i32 args = pull_gather(l, input_of(l, node, 0), l->graph->value_in[node + 1]);
    i32 went = emit_temps(&l->e, 1);
    emit(&l->e, CODE_interpolate, 0, went, args, (i32)node, 0);
    lower_out_or_err(l, node, went, in);
}

/* ---- animations ---- */

/* animation/start and stopAt: `code` takes all inputs side by side. */
static void lower_animation(Lower *l, Code code, u32 node, Context in) {
    i32 args = pull_gather(l, input_of(l, node, 0), l->graph->value_in[node + 1]);
    i32 went = emit_temps(&l->e, 1);
    emit(&l->e, code, 0, went, args, (i32)node, 0);
    lower_out_or_err(l, node, went, in);
}

static void lower_animation_stop(Lower *l, u32 node, Context in) {
    pull(l, input_of(l, node, 0), input_of(l, node, 1));
    i32 went = emit_temps(&l->e, 1);
    emit(&l->e, CODE_animation_stop, 0, went, pull_operand(l, input_of(l, node, 0)), 0, 0);
    lower_out_or_err(l, node, went, in);
}

/* ---- the world ---- */

static void lower_event_send(Lower *l, u32 node, Context in) {
    i32 args = pull_gather(l, input_of(l, node, 0), l->graph->value_in[node + 1]);
    emit(&l->e, CODE_send, 0, args, (i32)node, 0, 0);
    lower_on(l, node, 0, in);
}

static void lower_event_stopPropagation(Lower *l, u32 node, Context in) {
    pull(l, input_of(l, node, 0), input_of(l, node, 2));
    emit(&l->e, CODE_stop, 0, pull_operand(l, input_of(l, node, 0)), pull_operand(l, input_of(l, node, 1)), 0, 0);
    lower_on(l, node, 0, in);
}

static void lower_debug_log(Lower *l, u32 node, Context in) {
    i32 args = pull_gather(l, input_of(l, node, 0), l->graph->value_in[node + 1]);
    emit(&l->e, CODE_log, 0, args, (i32)node, 0, 0);
    lower_on(l, node, 0, in);
}

static void lower_host_call(Lower *l, u32 node, Context in) {
    const Graph *g = l->graph;
    u32 lanes = 0, first = g->value_out[node], past = g->value_out[node + 1];
    for (u32 out = first; out < past; out++) lanes += type_lanes((Type)g->out_type[out]);
    i32 args = pull_gather(l, input_of(l, node, 0), g->value_in[node + 1]);
    i32 went = emit_temps(&l->e, 1 + lanes), result = went + 1;
    u32 err = emit_label(&l->e), pc = emit(&l->e, CODE_host, lanes, went, args, (i32)node, 0);
    emit_owns(&l->e, pc, in.own);
    emit(&l->e, CODE_jump_not, 0, (i32)err, went, 0, 0);
    for (u32 out = first; out < past; out++) {
        pull_move(l, pull_state(l, out), result, type_lanes((Type)g->out_type[out]));
        result += (i32)type_lanes((Type)g->out_type[out]);
    }
    fork(l, node, 0, 1, err, in);
}

void lower_node(Lower *l, u32 node, u32 flow_in, Context in) {
    u32 input = flow_in - l->graph->flow_in[node];
    emit_temps_reset(&l->e);
    switch (l->graph->node_id[node]) {
    case NODE_flow_sequence: lower_flow_sequence(l, node, in); break;
    case NODE_flow_branch: lower_flow_branch(l, node, in); break;
    case NODE_flow_switch: lower_flow_switch(l, node, in); break;
    case NODE_flow_while: lower_flow_while(l, node, in); break;
    case NODE_flow_for: lower_flow_for(l, node, in); break;
    case NODE_flow_doN: lower_flow_doN(l, node, input, in); break;
    case NODE_flow_multiGate: lower_flow_multiGate(l, node, input, in); break;
    case NODE_flow_waitAll: lower_flow_waitAll(l, node, input, in); break;
    case NODE_flow_throttle: lower_flow_throttle(l, node, input, in); break;
    case NODE_flow_setDelay: lower_flow_setDelay(l, node, input, in); break;
    case NODE_flow_cancelDelay: lower_flow_cancelDelay(l, node, in); break;
    case NODE_variable_set: lower_variable_set(l, node, in); break;
    case NODE_variable_interpolate: lower_variable_interpolate(l, node, in); break;
    case NODE_animation_start: lower_animation(l, CODE_animation_start, node, in); break;
    case NODE_animation_stop: lower_animation_stop(l, node, in); break;
    case NODE_animation_stopAt: lower_animation(l, CODE_animation_stop_at, node, in); break;
    case NODE_pointer_set: lower_pointer_set(l, node, in); break;
    case NODE_pointer_interpolate: lower_pointer_interpolate(l, node, in); break;
    case NODE_event_send: lower_event_send(l, node, in); break;
    case NODE_event_stopPropagation: lower_event_stopPropagation(l, node, in); break;
    case NODE_debug_log: lower_debug_log(l, node, in); break;
    case NODE_host_call: lower_host_call(l, node, in); break;
    default: assert_failed("a flow node without a lower_ function", __FILE__, __LINE__);
    }
}
