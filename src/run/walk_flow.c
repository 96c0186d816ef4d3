/* walk_flow.c (run) - what each op does when the walker reaches it.
**
** Written from the specification op by op; nothing here is shared with another runner. A node does
** its work and takes an output, or puts itself on the stack when it has more than one to take. */
#include "animate.h"
#include "frame.h"

#include <math.h>
#include <string.h>

/* Ordinals of sockets, from node.def. */
enum {
    RESET = 1, /* of doN, multiGate, throttle */
    CANCEL = 1,
    OUT = 0,
    FAILED = 1,
    IF_TRUE = 0,
    IF_FALSE = 1,
    LOOP_BODY = 0,
    COMPLETED = 1
};

/* The lanes of all value inputs of a node, side by side, evaluated now. */
static const Slot *inputs(Instance *in, u32 node) {
    const Graph *g = in->graph;
    return eval_inputs(&in->walk->eval, in, g->value_in[node], g->value_in[node + 1]);
}

/* One scalar input. */
static Slot input(Instance *in, u32 node, u32 k) {
    u32 i = in->graph->value_in[node] + k;
    return *eval_inputs(&in->walk->eval, in, i, i + 1);
}

/* ---- sequence ---- */

/* The next connected flow output of a node from ordinal k on; NONE. */
static u32 next_connected(const Graph *g, u32 node, u32 k) {
    for (u32 o = g->flow_out[node] + k; o < g->flow_out[node + 1]; o++)
        if (g->flow_target[o] != NONE) return o - g->flow_out[node];
    return NONE;
}

static void do_sequence(Instance *in, u32 node) {
    u32 first = next_connected(in->graph, node, 0);
    if (first == NONE) return;
    Entry *e = walk_enter(in, node);
    if (e) e->phase = first;
}

static void move_sequence(Instance *in, Entry *e) {
    u32 node = e->node, k = e->phase;
    e->phase = next_connected(in->graph, node, k + 1);
    if (e->phase == NONE) walk_pop(in);
    walk_take(in, node, k);
}

/* ---- loops ---- */

/* Phases: the next turn is due but not paid; a turn was taken, is there another; there is none. */
enum { TURN_DUE, TURN_TAKEN, TURNS_OVER };

static void test_for(Instance *in, Entry *e) { e->phase = e->index < input(in, e->node, 1).i ? TURN_DUE : TURNS_OVER; }

static void test_while(Instance *in, Entry *e) { e->phase = input(in, e->node, 0).i ? TURN_DUE : TURNS_OVER; }

static void do_for(Instance *in, u32 node) {
    Entry *e = walk_enter(in, node);
    if (!e) return;
    e->index = input(in, node, 0).i;
    *walk_output_slot(in, node, 0) = int_slot(e->index);
    test_for(in, e);
}

static void do_while(Instance *in, u32 node) {
    Entry *e = walk_enter(in, node);
    if (e) test_while(in, e);
}

/* endIndex sees the new index; everybody else only when the turn is paid, and until then the loop's own, where a loop of the same node
** ran in between. */
static void next_for(Instance *in, Entry *e) {
    Slot *index = walk_output_slot(in, e->node, 0), before = int_slot(e->index);
    e->index++;
    *index = int_slot(e->index);
    test_for(in, e);
    if (e->phase == TURN_DUE) *index = before;
}

static void begin_turn(Instance *in, Entry *e) {
    if (!walk_pay(in, in->graph->turn_cost[e->node])) return;
    if (in->graph->node_id[e->node] == NODE_flow_for) *walk_output_slot(in, e->node, 0) = int_slot(e->index);
    e->phase = TURN_TAKEN;
    walk_take(in, e->node, LOOP_BODY);
}

static void end_turn(Instance *in, Entry *e) {
    walk_raise_epoch(in);
    if (in->graph->node_id[e->node] == NODE_flow_for)
        next_for(in, e);
    else
        test_while(in, e);
}

static void end_loop(Instance *in, u32 node) {
    walk_pop(in);
    walk_take(in, node, COMPLETED);
}

static void move_loop(Instance *in, Entry *e) {
    switch (e->phase) {
    case TURN_DUE: begin_turn(in, e); break;
    case TURN_TAKEN: end_turn(in, e); break;
    default: end_loop(in, e->node);
    }
}

void walk_move(Instance *in) {
    Entry *e = &in->walk->stack[in->walk->depth - 1];
    if (in->graph->node_id[e->node] == NODE_flow_sequence)
        move_sequence(in, e);
    else
        move_loop(in, e);
}

/* ---- choices ---- */

static void do_branch(Instance *in, u32 node) { walk_take(in, node, inputs(in, node)->i ? IF_TRUE : IF_FALSE); }

/* A listed case without a connected output does nothing: default, the last output, is for values
** that are not listed. */
static void do_switch(Instance *in, u32 node) {
    const i32 *params = graph_params(in->graph, node);
    i32 selection = inputs(in, node)->i;
    u32 count = (u32)params[0], k = 0;
    while (k < count && params[1 + k] != selection) k++;
    walk_take(in, node, k);
}

static void do_do_n(Instance *in, u32 node, u32 socket) {
    Slot *count = walk_output_slot(in, node, 0);
    if (socket == RESET) {
        *count = int_slot(0);
    } else if (count->i < inputs(in, node)->i) {
        *count = int_slot(count->i + 1);
        walk_take(in, node, OUT);
    }
}

/* ---- multiGate: one bit for each output that was opened ---- */

static u64 *gate_word(const Instance *in, u32 node, u32 k) {
    return &in->slots[in->graph->node_state[node] + k / 64].bits;
}

static bool gate_used(const Instance *in, u32 node, u32 k) { return *gate_word(in, node, k) >> (k % 64) & 1; }

static u32 count_unused(const Instance *in, u32 node, u32 gates) {
    u32 unused = 0;
    for (u32 k = 0; k < gates; k++) unused += !gate_used(in, node, k);
    return unused;
}

static void clear_gates(Instance *in, u32 node, u32 gates) {
    for (u32 k = 0; k < gates; k += 64) *gate_word(in, node, k) = 0;
}

/* The unused output that has `skip` unused ones before it. */
static u32 find_unused(const Instance *in, u32 node, u32 skip) {
    for (u32 k = 0;; k++)
        if (!gate_used(in, node, k) && skip-- == 0) return k;
}

/* With isRandom unused output number floor(r * unused) is opened, r the node's random number. */
static void open_gate(Instance *in, u32 node, u32 unused) {
    bool is_random = graph_params(in->graph, node)[0];
    u32 k = find_unused(in, node, is_random ? (u32)(instance_random(in, node) * unused) : 0);
    *gate_word(in, node, k) |= UINT64_C(1) << (k % 64);
    *walk_output_slot(in, node, 0) = int_slot((i32)k);
    walk_take(in, node, k);
}

static void do_multi_gate(Instance *in, u32 node, u32 socket) {
    const Graph *g = in->graph;
    u32 gates = g->flow_out[node + 1] - g->flow_out[node];
    bool is_loop = graph_params(g, node)[1];
    if (socket == RESET) {
        clear_gates(in, node, gates);
        *walk_output_slot(in, node, 0) = int_slot(-1);
        return;
    }
    u32 unused = count_unused(in, node, gates);
    if (unused == 0 && is_loop) {
        clear_gates(in, node, gates);
        unused = gates;
    }
    if (unused > 0) open_gate(in, node, unused);
}

static void do_wait_all(Instance *in, u32 node, u32 socket) {
    u32 awaited = (u32)graph_params(in->graph, node)[0];
    Slot *seen = in->slots + in->graph->node_state[node];
    Slot *remaining = walk_output_slot(in, node, 0);
    if (socket == awaited) { /* reset, the last flow input */
        seen->bits = 0;
        *remaining = int_slot((i32)awaited);
        return;
    }
    u64 bit = UINT64_C(1) << socket;
    if (!(seen->bits & bit)) *remaining = int_slot(remaining->i - 1);
    seen->bits |= bit;
    walk_take(in, node, remaining->i == 0 ? COMPLETED : OUT);
}

/* ---- time ---- */

static void do_throttle(Instance *in, u32 node, u32 socket) {
    Slot *stamp = in->slots + in->graph->node_state[node];
    Slot *remaining = walk_output_slot(in, node, 0);
    if (socket == RESET) {
        *remaining = type_default(TYPE_FLOAT);
        return;
    }
    f64 duration = inputs(in, node)->f, elapsed = in->now - stamp->f;
    if (!isfinite(duration) || duration < 0) {
        walk_take(in, node, FAILED);
    } else if (isnan(remaining->f) || elapsed >= duration) {
        stamp->f = in->now;
        remaining->f = 0;
        walk_take(in, node, OUT);
    } else {
        remaining->f = duration - elapsed;
    }
}

static void do_set_delay(Instance *in, u32 node, u32 socket) {
    if (socket == CANCEL)
        instance_delay_stop(in, node);
    else
        walk_take(in, node, instance_delay(in, node, inputs(in, node)->f) ? OUT : FAILED);
}

static void do_cancel_delay(Instance *in, u32 node) {
    instance_delay_cancel(in, inputs(in, node)->bits);
    walk_take(in, node, OUT);
}

/* ---- animations ---- */

static void do_animation_start(Instance *in, u32 node) {
    walk_take(in, node, animate_start(in, node, inputs(in, node)) ? OUT : FAILED);
}

static void do_animation_stop(Instance *in, u32 node) {
    walk_take(in, node, animate_stop(in, inputs(in, node)->bits) ? OUT : FAILED);
}

static void do_animation_stop_at(Instance *in, u32 node) {
    walk_take(in, node, animate_stop_at(in, node, inputs(in, node)) ? OUT : FAILED);
}

/* ---- variables, pointers, events, log ---- */

/* All inputs were evaluated before the first variable is written: swapping two works. */
static void do_variable_set(Instance *in, u32 node) {
    const Graph *g = in->graph;
    const i32 *params = graph_params(g, node);
    const Slot *from = inputs(in, node);
    for (i32 i = 0; i < params[0]; i++) {
        u32 variable = (u32)params[1 + i], lanes = type_lanes((Type)g->variable_type[variable]);
        if (g->variable_interpolated[variable]) instance_interpolate_stop(in, variable);
        memcpy(in->slots + g->variable_slot[variable], from, lanes * sizeof(Slot));
        instance_trace_write(in, variable);
        from += lanes;
    }
    walk_take(in, node, OUT);
}

static void do_interpolate(Instance *in, u32 node) {
    walk_take(in, node, instance_interpolate(in, node, inputs(in, node)) ? OUT : FAILED);
}

static void do_pointer_set(Instance *in, u32 node) {
    const Graph *g = in->graph;
    const Slot *args = inputs(in, node), *value = args + (g->value_in[node + 1] - g->value_in[node] - 1);
    walk_take(in, node, instance_pointer_set(in, node, args, value) ? OUT : FAILED);
}

static void do_pointer_interpolate(Instance *in, u32 node) {
    walk_take(in, node, instance_pointer_interpolate(in, node, inputs(in, node)) ? OUT : FAILED);
}

static void do_send(Instance *in, u32 node) {
    u32 event = (u32)graph_params(in->graph, node)[0];
    if (instance_send(in, event, inputs(in, node)))
        walk_take(in, node, OUT);
    else
        walk_leave(in, RUN_LIMIT);
}

static void do_stop_propagation(Instance *in, u32 node) {
    const Slot *values = inputs(in, node);
    instance_stop_propagation(in, values[0].i, values[1].bits);
    walk_take(in, node, OUT);
}

static void do_log(Instance *in, u32 node) {
    instance_log(in, node, inputs(in, node));
    walk_take(in, node, OUT);
}

void walk_work(Instance *in, u32 node, u32 socket) {
    switch (in->graph->node_id[node]) {
    case NODE_event_send: do_send(in, node); break;
    case NODE_event_stopPropagation: do_stop_propagation(in, node); break;
    case NODE_flow_sequence: do_sequence(in, node); break;
    case NODE_flow_branch: do_branch(in, node); break;
    case NODE_flow_switch: do_switch(in, node); break;
    case NODE_flow_while: do_while(in, node); break;
    case NODE_flow_for: do_for(in, node); break;
    case NODE_flow_doN: do_do_n(in, node, socket); break;
    case NODE_flow_multiGate: do_multi_gate(in, node, socket); break;
    case NODE_flow_waitAll: do_wait_all(in, node, socket); break;
    case NODE_flow_throttle: do_throttle(in, node, socket); break;
    case NODE_flow_setDelay: do_set_delay(in, node, socket); break;
    case NODE_flow_cancelDelay: do_cancel_delay(in, node); break;
    case NODE_variable_set: do_variable_set(in, node); break;
    case NODE_variable_interpolate: do_interpolate(in, node); break;
    case NODE_animation_start: do_animation_start(in, node); break;
    case NODE_animation_stop: do_animation_stop(in, node); break;
    case NODE_animation_stopAt: do_animation_stop_at(in, node); break;
    case NODE_pointer_set: do_pointer_set(in, node); break;
    case NODE_pointer_interpolate: do_pointer_interpolate(in, node); break;
    case NODE_debug_log: do_log(in, node); break;
    case NODE_host_call: walk_call(in, node); break;
    default: ASSERT(false); /* no other op has flow inputs */
    }
}
