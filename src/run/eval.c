/* eval.c (run) - values on demand, for the walker: pure nodes in order, rows of op.def lane by lane. */
#include "eval.h"

#include <string.h>

/* Gives every computed output its place in e->values. */
static bool place_outputs(Eval *e, Instance *in) {
    const Graph *g = in->graph;
    u64 lanes = 0;
    for (u32 o = 0; o < g->value_out_count; o++) {
        e->place[o] = NONE;
        if (g->out_slot[o] != NONE) continue;
        e->place[o] = (u32)lanes;
        lanes += type_lanes((Type)g->out_type[o]);
    }
    e->values = ARENA_ARRAY(&in->arena, Slot, lanes + 1);
    return e->values;
}

static u64 input_lanes(const Graph *g, u32 first, u32 past) {
    u64 lanes = 0;
    for (u32 i = first; i < past; i++) lanes += type_lanes((Type)g->in_type[i]);
    return lanes;
}

bool eval_open(Eval *e, Instance *in) {
    const Graph *g = in->graph;
    u64 widest = 0;
    for (u32 n = 0; n < g->node_count; n++) {
        u64 lanes = input_lanes(g, g->value_in[n], g->value_in[n + 1]);
        if (lanes > widest) widest = lanes;
    }
    e->place = ARENA_ARRAY(&in->arena, u32, (u64)g->value_out_count + 1);
    e->inputs = ARENA_ARRAY(&in->arena, Slot, widest + 1);
    e->mark = ARENA_ARRAY(&in->arena, u32, (u64)g->node_count + 1);
    e->list = ARENA_ARRAY(&in->arena, u32, (u64)g->node_count + 1);
    e->stamp = 0;
    return e->place && e->inputs && e->mark && e->list && place_outputs(e, in);
}

static const Slot *output_value(const Eval *e, const Instance *in, u32 output) {
    u32 slot = in->graph->out_slot[output];
    return slot == NONE ? e->values + e->place[output] : in->slots + slot;
}

static const Slot *input_value(const Eval *e, const Instance *in, u32 input) {
    const Graph *g = in->graph;
    u32 from = g->in_from[input];
    return from == NONE ? g->consts + g->in_const[input] : output_value(e, in, from);
}

/* Copies the values of inputs [first, past) side by side into e->inputs. */
static void gather(Eval *e, const Instance *in, u32 first, u32 past) {
    Slot *to = e->inputs;
    for (u32 i = first; i < past; i++) {
        u32 lanes = type_lanes((Type)in->graph->in_type[i]);
        memcpy(to, input_value(e, in, i), lanes * sizeof(Slot));
        to += lanes;
    }
}

static void copy_output(Eval *e, const Instance *in, u32 output, const Slot *from) {
    u32 lanes = type_lanes((Type)in->graph->out_type[output]);
    memcpy(e->values + e->place[output], from, lanes * sizeof(Slot));
}

static bool is_laned(char letter) { return letter >= 'A' && letter <= 'Z'; }

/* How often a row is evaluated: once for each lane of its wide operands, else of its result. */
static u32 row_lanes(const Graph *g, const PureRow *row, u32 first_input, u32 output) {
    for (u32 i = 0; i < row->arity; i++)
        if (is_laned(row->letter[i])) return type_lanes((Type)g->in_type[first_input + i]);
    return type_lanes((Type)g->out_type[output]);
}

/* One row of op.def: lane by lane; a small result letter is the AND of the lanes. */
static void evaluate_row(Eval *e, const Instance *in, u32 node, u32 k) {
    const Graph *g = in->graph;
    PureId id = (PureId)(g->node_row[node] + k);
    const PureRow *row = pure_row(id);
    u32 first = g->value_in[node], output = g->value_out[node] + k;
    u32 lanes = row_lanes(g, row, first, output);
    Slot *to = e->values + e->place[output];
    bool all = true;
    for (u32 lane = 0; lane < lanes; lane++) {
        Slot operands[COUNT_OF(row->letter)] = {0};
        for (u32 i = 0; i < row->arity; i++)
            operands[i] = input_value(e, in, first + i)[is_laned(row->letter[i]) ? lane : 0];
        Slot value = pure_eval(id, operands);
        all = all && value.i;
        if (is_laned(row->result)) to[lane] = value;
    }
    if (!is_laned(row->result)) *to = (Slot){.bits = all};
}

/* Outputs of one node lie side by side in e->values. */
static void evaluate_vec(Eval *e, const Instance *in, u32 node) {
    const Graph *g = in->graph;
    const Slot *operands[3] = {NULL};
    u32 first = g->value_in[node];
    for (u32 i = first; i < g->value_in[node + 1]; i++) operands[i - first] = input_value(e, in, i);
    Slot *to = e->values + e->place[g->value_out[node]];
    vec_eval((RowId)g->node_row[node], to, operands[0], operands[1], operands[2]);
}

static void evaluate_lanes(Eval *e, const Instance *in, u32 node) {
    const Graph *g = in->graph;
    u32 first = g->value_in[node], past = g->value_in[node + 1];
    gather(e, in, first, past);
    memcpy(e->values + e->place[g->value_out[node]], e->inputs, (size_t)input_lanes(g, first, past) * sizeof(Slot));
}

static void evaluate_pure(Eval *e, const Instance *in, u32 node) {
    const Graph *g = in->graph;
    if (g->node_row[node] >= VEC_PAST) {
        evaluate_lanes(e, in, node);
        return;
    }
    if (g->node_row[node] >= PURE_COUNT) {
        evaluate_vec(e, in, node);
        return;
    }
    u32 outputs = g->value_out[node + 1] - g->value_out[node];
    for (u32 k = 0; k < outputs; k++) evaluate_row(e, in, node, k);
}

/* math/switch: selection, the cases' inputs, default. */
static void evaluate_switch(Eval *e, const Instance *in, u32 node) {
    const Graph *g = in->graph;
    const i32 *params = graph_params(g, node);
    u32 first = g->value_in[node], count = (u32)params[0], chosen = count;
    i32 selection = input_value(e, in, first)->i;
    for (u32 i = 0; i < count; i++)
        if (params[1 + i] == selection) chosen = i;
    copy_output(e, in, g->value_out[node], input_value(e, in, first + 1 + chosen));
}

static void evaluate_random(Eval *e, const Instance *in, u32 node) {
    e->values[e->place[in->graph->value_out[node]]] = (Slot){.f = instance_random(in, node)};
}

static void evaluate_pointer(Eval *e, Instance *in, u32 node) {
    const Graph *g = in->graph;
    gather(e, in, g->value_in[node], g->value_in[node + 1]);
    instance_pointer_get(in, node, e->inputs, e->values + e->place[g->value_out[node]]);
}

/* An op of an extension nobody supports: its outputs are their types' defaults. */
static void evaluate_nothing(Eval *e, const Instance *in, u32 node) {
    const Graph *g = in->graph;
    for (u32 o = g->value_out[node]; o < g->value_out[node + 1]; o++) {
        Type type = (Type)g->out_type[o];
        Slot *to = e->values + e->place[o];
        for (u32 lane = 0; lane < type_lanes(type); lane++) to[lane] = type_default(type);
    }
}

/* Leaves the outputs of a node that computes them in e->values; its inputs are there already. */
static void evaluate(Eval *e, Instance *in, u32 node) {
    in->instructions++;
    switch (in->graph->node_id[node]) {
    case NODE_PURE: evaluate_pure(e, in, node); break;
    case NODE_math_switch: evaluate_switch(e, in, node); break;
    case NODE_math_random: evaluate_random(e, in, node); break;
    case NODE_pointer_get: evaluate_pointer(e, in, node); break;
    case NODE_no_op: evaluate_nothing(e, in, node); break;
    default: ASSERT(false); /* the outputs of all others live in state */
    }
}

static void evaluate_inputs(Eval *e, Instance *in, u32 first, u32 past) {
    u32 count = graph_pull(in->graph, first, past, e->mark, &e->stamp, e->list);
    for (u32 i = 0; i < count; i++) evaluate(e, in, e->list[i]);
}

const Slot *eval_inputs(Eval *e, Instance *in, u32 first, u32 past) {
    evaluate_inputs(e, in, first, past);
    gather(e, in, first, past);
    return e->inputs;
}

const Slot *eval_output(Eval *e, Instance *in, u32 i) {
    const Graph *g = in->graph;
    u32 count = graph_pull_output(g, i, e->mark, &e->stamp, e->list);
    for (u32 k = 0; k < count; k++) evaluate(e, in, e->list[k]);
    return output_value(e, in, g->output_from[i]);
}
