/* types.c (graph) - fixes the type of one node from its edges, its constants and its literals. */
#include "types.h"

#include <stdio.h>
#include "values.h"

/* ---- what is said when types differ ---- */

static const char *variable_label(Draft *d, i32 variable, char out[16]) {
    const char *name = d->g->variable_name[variable];
    snprintf(out, 16, "%d", variable);
    return *name ? draft_quote(d, text_of(name)) : out;
}

/* The variable that an input writes; -1. */
static i32 written_variable(const Draft *d, const DraftNode *n, u32 in) {
    u32 i = in - n->value_in;
    if (n->id == NODE_variable_set) return d->params.at[n->params + 1 + i];
    return n->id == NODE_variable_interpolate && i == 0 ? d->params.at[n->params] : -1;
}

static bool is_pointer_parameter(const Draft *d, u32 node, u32 in) {
    u32 first, past, id = d->nodes.at[node].id;
    draft_sockets(d, OF_VALUE_IN, node, &first, &past);
    u32 others = id == NODE_pointer_interpolate ? 4 : id == NODE_pointer_set; /* value; duration, p1, p2 */
    return (id == NODE_pointer_get || others) && in + others < past;
}

/* `from`: the value output it comes from; NONE: a constant. */
static void report_misfit(Draft *d, const At *at, u32 node, u32 in, TypeId given, u32 from) {
    DraftNode *n = &d->nodes.at[node];
    const DraftIn *socket = &d->value_in.at[in];
    const char *takes = draft_type_name(socket->type), *gives = draft_type_name(given);
    Detail detail = {.seen = gives, .expected = takes};
    i32 variable = written_variable(d, n, in);
    char number[16];
    if (variable >= 0) {
        diag_report(d->diags, ERR_VARIABLE_TYPE, at, detail, gives, variable_label(d, variable, number), takes);
    } else if (is_pointer_parameter(d, node, in)) {
        diag_report(d->diags, ERR_PARAMETER_TYPE, at, detail, draft_quote(d, name_text(socket->name)), takes, gives);
    } else if (from == NONE) {
        diag_report(d->diags, ERR_VALUE_TYPE, at, detail, takes, gives);
    } else {
        const DraftOut *out = &d->value_out.at[from];
        const char *source = out->node == NONE ? "graph input" : draft_label(d, out->node);
        diag_report(d->diags, ERR_TYPE_MISMATCH, at, detail, takes, source, out->name->text, gives);
    }
}

bool types_fit(Draft *d, const At *at, u32 node, u32 in, TypeId given) {
    const DraftIn *socket = &d->value_in.at[in];
    if (socket->rule != RULE_FIXED || socket->type == TYPE_NONE || socket->type == given) return true;
    report_misfit(d, at, node, in, given, NONE);
    return false;
}

/* ---- T ---- */

/* What is known about a node's type so far. */
typedef struct Fix {
    Draft *d;
    u32 node, first, past; /* its value inputs */
    TypeId type;           /* T */
    u32 said_by;           /* the input that said so */
    bool unknown;          /* an input of type T has been reported already */
    bool broken;
} Fix;

static const At *at_input(Fix *f, Place *p, u32 in) {
    return draft_place(f->d, p, f->node, "values", f->d->value_in.at[in].name->text);
}

static void agree(Fix *f, u32 in, TypeId type) {
    Draft *d = f->d;
    if (f->type == TYPE_NONE) {
        f->type = type;
        f->said_by = in;
    }
    if (f->type == type) return;
    Place p;
    const DraftIn *one = &d->value_in.at[f->said_by], *other = &d->value_in.at[in];
    const char *name = draft_quote(d, name_text(one->name));
    diag_report(d->diags, ERR_TYPE_SIBLINGS, at_input(f, &p, in), (Detail){0}, name, draft_type_name(f->type),
                draft_quote(d, name_text(other->name)), draft_type_name(type));
    f->broken = true;
}

static void look_at_edge(Fix *f, u32 in) {
    Draft *d = f->d;
    DraftIn *socket = &d->value_in.at[in];
    TypeId given = d->value_out.at[socket->from].type;
    Place p;
    if (given == TYPE_NONE) {
        if (socket->rule == RULE_SAME) f->unknown = true;
    } else if (socket->rule == RULE_SAME) {
        agree(f, in, given);
    } else if (socket->rule == RULE_ANY) {
        socket->type = given;
    } else if (socket->type != TYPE_NONE && socket->type != given) {
        report_misfit(d, at_input(f, &p, in), f->node, in, given, socket->from);
    }
}

static void look_at_inputs(Fix *f) {
    for (u32 in = f->first; in < f->past; in++) {
        const DraftIn *socket = &f->d->value_in.at[in];
        if (socket->from != NONE)
            look_at_edge(f, in);
        else if (socket->rule != RULE_SAME || socket->literal)
            continue;
        else if (socket->first != NONE)
            agree(f, in, socket->type);
        else
            f->unknown = true;
    }
}

/* The type all literals of a node can have; f->said_by is the first of them. */
static TypeId literals_type(Fix *f) {
    TypeId type = TYPE_NONE;
    for (u32 in = f->first; in < f->past; in++) {
        const DraftIn *socket = &f->d->value_in.at[in];
        if (socket->rule != RULE_SAME || !socket->literal) continue;
        TypeId own = values_type(socket->literal, f->d->nodes.at[f->node].op);
        if (f->said_by == NONE) f->said_by = in;
        if (type == TYPE_NONE || (type == TYPE_INT && own == TYPE_FLOAT)) type = own;
    }
    return type;
}

/* 2 is a float where the op knows no ints. */
static TypeId suit_op(const DraftNode *n, TypeId type) {
    bool pure = n->id == NODE_PURE && type == TYPE_INT && op_overload(n->op, TYPE_INT) == NONE;
    return pure && op_overload(n->op, TYPE_FLOAT) != NONE ? TYPE_FLOAT : type;
}

static void ask_literals(Fix *f) {
    const DraftNode *n = &f->d->nodes.at[f->node];
    Place p;
    f->said_by = NONE;
    f->type = suit_op(n, literals_type(f));
    if (f->type != TYPE_NONE || f->said_by == NONE) return;
    const char *name = draft_quote(f->d, name_text(f->d->value_in.at[f->said_by].name));
    diag_report(f->d->diags, ERR_TYPE_AMBIGUOUS, at_input(f, &p, f->said_by), (Detail){0}, name);
    f->broken = true;
}

/* The T of a pure op none of whose inputs is T: that of its only overload. */
static TypeId only_type(const Op *op) {
    if (op->value_ins) return op->value_in[0].type;
    return (TypeId)__builtin_ctz(pure_row((PureId)op->row)->types);
}

static bool has_same(const Fix *f) {
    for (u32 in = f->first; in < f->past; in++)
        if (f->d->value_in.at[in].rule == RULE_SAME) return true;
    return false;
}

static void find_type(Fix *f) {
    const DraftNode *n = &f->d->nodes.at[f->node];
    if (f->type != TYPE_NONE) return;
    if (f->unknown)
        f->broken = true;
    else if (has_same(f))
        ask_literals(f);
    else if (n->id == NODE_PURE)
        f->type = only_type(n->op);
}

/* ---- what follows from T ---- */

static void find_overload(Fix *f) {
    DraftNode *n = &f->d->nodes.at[f->node];
    if (n->op->configs) return; /* it was chosen by the configuration */
    u32 row = op_overload(n->op, draft_base(f->type));
    if (row != NONE) {
        n->row = (u16)row;
        return;
    }
    Place p;
    const char *type = draft_type_name(f->type);
    const At *at = draft_place(f->d, &p, f->node, NULL, NULL);
    diag_report(f->d->diags, ERR_TYPE_NO_OVERLOAD, at, (Detail){.seen = type}, draft_op_label(f->d, f->node), type);
    f->broken = true;
}

/* Inputs whose type the overload says: what they were given must have it. */
static void type_followers(Fix *f) {
    Draft *d = f->d;
    for (u32 in = f->first; in < f->past; in++) {
        DraftIn *socket = &d->value_in.at[in];
        Place p;
        if (socket->rule != RULE_FOLLOWS) continue;
        TypeId given = socket->from == NONE ? socket->type : d->value_out.at[socket->from].type;
        socket->type = (TypeId)row_input_type(d->nodes.at[f->node].row, in - f->first, draft_base(f->type));
        if (given != TYPE_NONE && given != socket->type)
            report_misfit(d, at_input(f, &p, in), f->node, in, given, socket->from);
    }
}

static void type_outputs(Fix *f) {
    Draft *d = f->d;
    const DraftNode *n = &d->nodes.at[f->node];
    u32 first, past;
    draft_sockets(d, OF_VALUE_OUT, f->node, &first, &past);
    for (u32 out = first; out < past; out++) {
        Type base = draft_base(f->type);
        Type type = n->id == NODE_PURE ? row_output_type(n->row, out - first, base) : base;
        if (d->value_out.at[out].rule != RULE_FIXED) d->value_out.at[out].type = type == base ? f->type : (TypeId)type;
    }
}

static Err read_literal(Fix *f, u32 in) {
    DraftIn *socket = &f->d->value_in.at[in];
    Place p;
    const At *at = at_input(f, &p, in);
    if (socket->rule == RULE_SAME) socket->type = f->type;
    if (socket->rule == RULE_ANY) socket->type = values_type(socket->literal, NULL);
    if (socket->type == TYPE_NONE) {
        diag_report(f->d->diags, ERR_TYPE_AMBIGUOUS, at, (Detail){0}, draft_quote(f->d, name_text(socket->name)));
        return ERR_OK;
    }
    const cJSON *literal = socket->literal;
    socket->literal = NULL;
    u32 constant;
    TRY(values_read(f->d, at, socket->type, literal, &constant));
    socket->first = constant;
    return ERR_OK;
}

Err types_fix(Draft *d, u32 node) {
    Fix f = {.d = d, .node = node, .type = d->nodes.at[node].type, .said_by = NONE};
    if (d->nodes.at[node].broken) return ERR_OK;
    draft_sockets(d, OF_VALUE_IN, node, &f.first, &f.past);
    look_at_inputs(&f);
    if (!f.broken) find_type(&f);
    if (!f.broken && d->nodes.at[node].id == NODE_PURE) find_overload(&f);
    d->nodes.at[node].broken = f.broken;
    d->nodes.at[node].type = f.type;
    if (f.broken) return ERR_OK;
    if (d->nodes.at[node].id == NODE_PURE) type_followers(&f);
    type_outputs(&f);
    for (u32 in = f.first; in < f.past; in++) {
        if (d->value_in.at[in].literal) TRY(read_literal(&f, in));
        if (d->value_in.at[in].rule == RULE_SAME) d->value_in.at[in].type = f.type;
    }
    return ERR_OK;
}
