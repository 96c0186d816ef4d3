/* pull.c (code) - lowering of value inputs: pure nodes inline, once per activation, constants folded. */
#include "node.h"

#include "../op/vec.h"

i32 pull_state(const Lower *l, u32 value_out) { return OPERAND(REGION_STATE, l->graph->out_slot[value_out]); }

void pull_give(Lower *l, u32 out, i32 operand) {
    l->value[out] = operand;
    l->value_at[out] = l->stamp;
}

i32 pull_operand(Lower *l, u32 in) {
    const Graph *g = l->graph;
    u32 from = g->in_from[in];
    if (from == NONE) return OPERAND(REGION_CONST, g->in_const[in]);
    if (g->out_slot[from] != NONE) return pull_state(l, from);
    ASSERT(l->value_at[from] == l->stamp);
    return l->value[from];
}

void pull_move(Lower *l, i32 to, i32 from, u32 lanes) {
    if (lanes <= 2)
        for (u32 i = 0; i < lanes; i++) emit(&l->e, CODE_mov, 0, to + (i32)i, from + (i32)i, 0, 0);
    else
        emit(&l->e, CODE_copy, lanes, to, from, 0, 0);
}

/* ---- pure rows ---- */

static bool is_laned(char letter) { return letter >= 'A' && letter <= 'Z'; }

/* Operand of input k in lane `lane`. */
static i32 lane_operand(const PureRow *row, const i32 *in, u32 k, u32 lane) {
    return is_laned(row->letter[k]) ? in[k] + (i32)lane : in[k];
}

static void emit_lane(Lower *l, u32 row_id, const PureRow *row, i32 to, const i32 *in, u32 lane) {
    i32 operand[3] = {0, 0, 0};
    for (u32 k = 0; k < row->arity; k++) operand[k] = lane_operand(row, in, k, lane);
    emit(&l->e, (Code)row_id, 0, to, operand[0], operand[1], operand[2]);
}

/* A result letter that is small over several lanes: the AND of the lanes. */
static void emit_reduced(Lower *l, u32 row_id, const PureRow *row, i32 to, const i32 *in, u32 lanes) {
    emit_lane(l, row_id, row, to, in, 0);
    i32 next = emit_temps(&l->e, 1);
    for (u32 lane = 1; lane < lanes; lane++) {
        emit_lane(l, row_id, row, next, in, lane);
        emit(&l->e, CODE_and_b, 0, to, to, next, 0);
    }
}

static void emit_row(Lower *l, u32 row_id, u32 lanes, i32 to, const i32 *in) {
    const PureRow *row = pure_row((PureId)row_id);
    if (!is_laned(row->result) && lanes > 1) {
        emit_reduced(l, row_id, row, to, in, lanes);
        return;
    }
    for (u32 lane = 0; lane < (is_laned(row->result) ? lanes : 1); lane++)
        emit_lane(l, row_id, row, to + (i32)lane, in, lane);
}

static bool fold_lane(Lower *l, u32 row_id, const PureRow *row, const i32 *in, u32 lane, Slot *out) {
    Slot values[3] = {{0}, {0}, {0}};
    for (u32 k = 0; k < row->arity; k++) {
        const Slot *value = emit_const_value(&l->e, lane_operand(row, in, k, lane));
        if (!value) return false;
        values[k] = *value;
    }
    *out = pure_eval((PureId)row_id, values);
    return true;
}

/* All inputs constant: the value as a constant operand. */
static bool fold_row(Lower *l, u32 row_id, u32 lanes, const i32 *in, i32 *operand) {
    const PureRow *row = pure_row((PureId)row_id);
    bool reduced = !is_laned(row->result) && lanes > 1;
    u32 results = is_laned(row->result) ? lanes : 1;
    Slot out[LANES_MAX];
    for (u32 lane = 0; lane < (reduced ? lanes : results); lane++)
        if (!fold_lane(l, row_id, row, in, lane, &out[lane])) return false;
    for (u32 lane = 1; reduced && lane < lanes; lane++) out[0].i &= out[lane].i;
    char letter = row->result;
    if (letter >= 'a') letter = (char)(letter - 'a' + 'A');
    for (u32 lane = 0; lane < results; lane++)
        if (letter == 'I' || letter == 'B') out[lane].bits = out[lane].u;
    *operand = emit_const(&l->e, out, results, letter);
    return true;
}

/* Operands of the inputs of a pure node: of op.def and VEC rows at most three, of LANES rows LANES_MAX. */
static u32 pure_inputs(Lower *l, u32 node, i32 in[LANES_MAX]) {
    const Graph *g = l->graph;
    u32 first = g->value_in[node], n = g->value_in[node + 1] - first;
    for (u32 k = 0; k < n; k++) in[k] = pull_operand(l, first + k);
    return n;
}

/* Lowers a node of rows of op.def; with in_place, the one output that is read goes to `target`. */
static void lower_rows(Lower *l, u32 node, i32 target, bool in_place) {
    const Graph *g = l->graph;
    i32 in[LANES_MAX] = {0};
    pure_inputs(l, node, in);
    u32 lanes = type_lanes((Type)g->node_type[node]);
    for (u32 out = g->value_out[node], k = 0; out < g->value_out[node + 1]; out++, k++) {
        if (l->used_at[out] != l->stamp) continue;
        u32 row = g->node_row[node] + k;
        i32 to;
        if (!fold_row(l, row, lanes, in, &to)) {
            to = in_place ? target : emit_temps(&l->e, type_lanes((Type)g->out_type[out]));
            emit_row(l, row, lanes, to, in);
        }
        pull_give(l, out, to);
    }
}

/* ---- rows of vec.def ---- */

/* Outputs that lie side by side from an operand on. */
static void give_all(Lower *l, u32 node, i32 at) {
    const Graph *g = l->graph;
    for (u32 out = g->value_out[node]; out < g->value_out[node + 1]; out++) {
        pull_give(l, out, at);
        at += (i32)type_lanes((Type)g->out_type[out]);
    }
}

static u32 output_lanes(const Graph *g, u32 node) {
    u32 lanes = 0;
    for (u32 out = g->value_out[node]; out < g->value_out[node + 1]; out++) lanes += type_lanes((Type)g->out_type[out]);
    return lanes;
}

/* All inputs constant: the outputs as constants. */
static bool fold_vec(Lower *l, u32 node, const i32 *in, u32 n) {
    const Graph *g = l->graph;
    const Slot *values[3] = {NULL, NULL, NULL};
    Slot results[VEC_LANES_MAX], *next = results;
    for (u32 k = 0; k < n; k++)
        if (!(values[k] = emit_const_value(&l->e, in[k]))) return false;
    vec_eval((RowId)g->node_row[node], results, values[0], values[1], values[2]);
    for (u32 out = g->value_out[node]; out < g->value_out[node + 1]; out++) {
        Type type = (Type)g->out_type[out];
        if (l->used_at[out] == l->stamp)
            pull_give(l, out, emit_const(&l->e, next, type_lanes(type), type_letter(type)));
        next += type_lanes(type);
    }
    return true;
}

/* One instruction for all outputs. It reads everything before it writes: `target` may be what it reads, but several
** outputs need more room than that. */
static void lower_vec(Lower *l, u32 node, i32 target, bool in_place) {
    const Graph *g = l->graph;
    i32 in[LANES_MAX] = {0};
    u32 n = pure_inputs(l, node, in);
    if (fold_vec(l, node, in, n)) return;
    bool single = g->value_out[node + 1] - g->value_out[node] == 1;
    i32 to = in_place && single ? target : emit_temps(&l->e, output_lanes(g, node));
    emit(&l->e, (Code)g->node_row[node], 0, to, in[0], in[1], in[2]);
    give_all(l, node, to);
}

/* Lanes that are constants, together. */
static bool fold_lanes(Lower *l, u32 node, const i32 *in, u32 n) {
    Slot values[LANES_MAX];
    for (u32 k = 0; k < n; k++) {
        const Slot *value = emit_const_value(&l->e, in[k]);
        if (!value) return false;
        values[k] = *value;
    }
    give_all(l, node, emit_const(&l->e, values, n, 'F'));
    return true;
}

/* Moving lane after lane to `to` reads none that was written before. */
static bool can_gather(const i32 *in, u32 n, i32 to) {
    for (u32 k = 1; k < n; k++)
        if (in[k] >= to && in[k] < to + (i32)k) return false;
    return true;
}

/* The outputs of one input are its lanes, where they are; single lanes are gathered into one output. */
static void lower_lanes(Lower *l, u32 node, i32 target, bool in_place) {
    i32 in[LANES_MAX] = {0};
    u32 n = pure_inputs(l, node, in);
    if (n == 1) {
        give_all(l, node, in[0]);
        return;
    }
    if (fold_lanes(l, node, in, n)) return;
    i32 to = in_place && can_gather(in, n, target) ? target : emit_temps(&l->e, n);
    for (u32 k = 0; k < n; k++) pull_move(l, to + (i32)k, in[k], 1);
    give_all(l, node, to);
}

static void lower_pure(Lower *l, u32 node, i32 target, bool in_place) {
    u32 row = l->graph->node_row[node];
    if (row < PURE_COUNT)
        lower_rows(l, node, target, in_place);
    else if (row < VEC_PAST)
        lower_vec(l, node, target, in_place);
    else
        lower_lanes(l, node, target, in_place);
}

/* ---- value nodes of node.def ---- */

static Code select_code(Type t) {
    switch (type_letter(t)) {
    case 'B': return CODE_select_b;
    case 'I': return CODE_select_i;
    case 'R': return CODE_select_r;
    default: return CODE_select_f;
    }
}

/* math/switch: a chain of selects, last case first, so that the order of evaluation shows nowhere. */
static void lower_math_switch(Lower *l, u32 node) {
    const Graph *g = l->graph;
    const i32 *p = graph_params(g, node);
    u32 out = g->value_out[node], first = g->value_in[node], lanes = type_lanes((Type)g->out_type[out]);
    u32 cases = (u32)p[0];
    i32 selection = pull_operand(l, first), otherwise = pull_operand(l, first + 1 + cases);
    i32 to = emit_temps(&l->e, lanes), hit = emit_temps(&l->e, 1);
    pull_move(l, to, otherwise, lanes);
    for (u32 k = 0; k < cases; k++) {
        i32 value = pull_operand(l, first + 1 + k);
        emit(&l->e, CODE_eq_i, 0, hit, selection, emit_const_int(&l->e, p[1 + k]), 0);
        for (i32 lane = 0; lane < (i32)lanes; lane++)
            emit(&l->e, select_code((Type)g->out_type[out]), 0, to + lane, hit, value + lane, to + lane);
    }
    pull_give(l, out, to);
}

static void lower_math_random(Lower *l, u32 node) {
    i32 to = emit_temps(&l->e, 1);
    emit(&l->e, CODE_random, 0, to, (i32)node, 0, 0);
    pull_give(l, l->graph->value_out[node], to);
}

/* An extension op nobody supports: its outputs are type defaults. */
static void lower_no_op(Lower *l, u32 node) {
    const Graph *g = l->graph;
    for (u32 out = g->value_out[node]; out < g->value_out[node + 1]; out++) {
        Slot lanes[LANES_MAX];
        Type t = (Type)g->out_type[out];
        if (type_lanes(t) == 0) continue; /* a custom type: nobody can read it */
        for (u32 i = 0; i < type_lanes(t); i++) lanes[i] = type_default(t);
        pull_give(l, out, emit_const(&l->e, lanes, type_lanes(t), type_letter(t)));
    }
}

static void lower_value(Lower *l, u32 node) {
    switch (l->graph->node_id[node]) {
    case NODE_PURE: lower_pure(l, node, 0, false); break;
    case NODE_math_switch: lower_math_switch(l, node); break;
    case NODE_math_random: lower_math_random(l, node); break;
    case NODE_pointer_get: lower_pointer_get(l, node); break;
    case NODE_no_op: lower_no_op(l, node); break;
    default: break; /* variable/get and everything with state is read in place */
    }
}

/* ---- pulling ---- */

static void count_use(Lower *l, u32 in) {
    u32 from = l->graph->in_from[in];
    if (from == NONE) return;
    if (l->used_at[from] != l->stamp) l->uses[from] = 0;
    l->used_at[from] = l->stamp;
    l->uses[from]++;
}

/* Lists what [first, past) pulls and counts the readers of each output. */
static u32 list_pulled(Lower *l, u32 first, u32 past) {
    const Graph *g = l->graph;
    u32 n = graph_pull(g, first, past, l->mark, &l->stamp, l->list);
    for (u32 in = first; in < past; in++) count_use(l, in);
    for (u32 k = 0; k < n; k++)
        for (u32 in = g->value_in[l->list[k]]; in < g->value_in[l->list[k] + 1]; in++) count_use(l, in);
    return n;
}

void pull(Lower *l, u32 first, u32 past) {
    u32 n = list_pulled(l, first, past);
    for (u32 k = 0; k < n; k++) lower_value(l, l->list[k]);
}

i32 pull_output(Lower *l, u32 out) {
    const Graph *g = l->graph;
    u32 node = g->out_node[out];
    pull(l, g->value_in[node], g->value_in[node + 1]);
    l->used_at[out] = l->stamp;
    lower_value(l, node);
    return l->value[out];
}

/* The compare-and-branch that does the work of a compare row; CODE_COUNT when there is none. */
static Code unless_code(u32 row) {
    switch (row) {
    case PURE_lt_i: return CODE_unless_lt_i;
    case PURE_le_i: return CODE_unless_le_i;
    case PURE_gt_i: return CODE_unless_gt_i;
    case PURE_ge_i: return CODE_unless_ge_i;
    case PURE_eq_i: return CODE_unless_eq_i;
    case PURE_lt_f: return CODE_unless_lt_f;
    case PURE_le_f: return CODE_unless_le_f;
    case PURE_gt_f: return CODE_unless_gt_f;
    case PURE_ge_f: return CODE_unless_ge_f;
    case PURE_eq_f: return CODE_unless_eq_f;
    default: return CODE_COUNT;
    }
}

/* The last pulled node feeds `in`, nobody else reads it, and it has one lane. */
static bool feeds_alone(const Lower *l, u32 n, u32 in) {
    const Graph *g = l->graph;
    u32 from = g->in_from[in];
    if (n == 0 || from == NONE || g->out_node[from] != l->list[n - 1]) return false;
    return g->node_id[l->list[n - 1]] == NODE_PURE && l->uses[from] == 1;
}

Condition pull_condition(Lower *l, u32 in) {
    const Graph *g = l->graph;
    u32 n = list_pulled(l, in, in + 1);
    bool alone = feeds_alone(l, n, in);
    u32 node = alone ? l->list[n - 1] : NONE;
    Code code = alone ? unless_code(g->node_row[node]) : CODE_COUNT;
    if (code == CODE_COUNT || type_lanes((Type)g->node_type[node]) != 1) {
        for (u32 k = 0; k < n; k++) lower_value(l, l->list[k]);
        return (Condition){.a = pull_operand(l, in)};
    }
    for (u32 k = 0; k + 1 < n; k++) lower_value(l, l->list[k]);
    i32 ops[LANES_MAX];
    pure_inputs(l, node, ops);
    return (Condition){.fused = true, .code = code, .a = ops[0], .b = ops[1]};
}

void pull_into(Lower *l, u32 in, i32 target) {
    const Graph *g = l->graph;
    u32 n = list_pulled(l, in, in + 1);
    u32 lanes = type_lanes((Type)g->in_type[in]);
    if (!feeds_alone(l, n, in)) {
        for (u32 k = 0; k < n; k++) lower_value(l, l->list[k]);
        pull_move(l, target, pull_operand(l, in), lanes);
        return;
    }
    /* The value's own node is the last to be computed. Each lane of a row of op.def reads at most the same lane of the
    ** target, and the others take care: it may write there at once. */
    for (u32 k = 0; k + 1 < n; k++) lower_value(l, l->list[k]);
    lower_pure(l, l->list[n - 1], target, true);
    i32 at = pull_operand(l, in);
    if (at != target) pull_move(l, target, at, lanes);
}

i32 pull_gather(Lower *l, u32 first, u32 past) {
    const Graph *g = l->graph;
    pull(l, first, past);
    u32 lanes = 0;
    for (u32 in = first; in < past; in++) lanes += type_lanes((Type)g->in_type[in]);
    i32 to = emit_temps(&l->e, lanes ? lanes : 1), next = to;
    for (u32 in = first; in < past; in++) {
        pull_move(l, next, pull_operand(l, in), type_lanes((Type)g->in_type[in]));
        next += (i32)type_lanes((Type)g->in_type[in]);
    }
    return to;
}
