/* op.c (op) - the op tables read: ops by name, overloads, sockets, and any row evaluated. */
#include "op.h"

#include <string.h>
#include "../base/err.h"
#include "fn.h"
#include "vec.h"

static void build(void);

static Text text_of(const char *text) { return (Text){text, (u32)strlen(text)}; }

/* ---- the rows of op.def ---- */

/* arity, letter and result of a signature such as "FF_F". */
#define LETTER(sig, i) (i < (int)sizeof(sig) - 3 ? sig[i] : '\0')
#define SHAPE(sig)     (u8)(sizeof(sig) - 3), {LETTER(sig, 0), LETTER(sig, 1), LETTER(sig, 2)}, sig[sizeof(sig) - 2]

static const PureRow pure_rows[PURE_COUNT] = {
#define PURE(id, op, types, inputs, output, signature, expression)                                                     \
    {#id, op, TYPES_##types, inputs, output, #signature, #expression, SHAPE(#signature)},
#include "op.def"
#undef PURE
};

const PureRow *pure_row(PureId id) {
    ASSERT(id < PURE_COUNT);
    return &pure_rows[id];
}

/* The type that a letter of a row stands for when the operands have type t. */
static Type letter_type(char letter, Type t) {
    switch (letter) {
    case 'b': return TYPE_BOOL;
    case 'B': return TYPE_BOOL;
    case 'I': return TYPE_INT;
    case 'R': return TYPE_REF;
    default: return type_letter(t) == 'F' ? t : TYPE_FLOAT;
    }
}

static bool same_overload(const PureRow *a, const PureRow *b) {
    return a->types == b->types && strcmp(a->op, b->op) == 0;
}

static u32 pure_outputs(PureId first) {
    const PureRow *row = pure_row(first);
    u32 count = 1;
    while (first + count < PURE_COUNT && same_overload(&row[count], row)) count++;
    return count;
}

/* The next word of a list whose words stand between blanks and commas; empty at its end. */
static Text take_word(const char **list) {
    const char *start = *list + strspn(*list, " ,");
    u32 len = (u32)strcspn(start, " ,");
    *list = start + len;
    return (Text){start, len};
}

static Text pure_input_name(PureId row, u32 input) {
    const char *list = pure_row(row)->inputs;
    ASSERT(input < pure_row(row)->arity);
    while (input-- > 0) take_word(&list);
    return take_word(&list);
}

Slot pure_eval(PureId id, const Slot *in) {
    Slot out = {.bits = 0};
    ASSERT(id < PURE_COUNT);
    switch (id) {
#define PURE(id, op, types, inputs, output, signature, expression)                                                     \
    case PURE_##id:                                                                                                    \
        APPLY_##signature(fn_##id, out, in[0], in[1], in[2]);                                                          \
        break;
#include "op.def"
#undef PURE
    default: break;
    }
    return out;
}

/* ---- the rows of vec.def ---- */

static const struct {
    const char *id, *op, *in, *out, *text;
} vec_words[ROW_COUNT - PURE_COUNT] = {
#define VEC(id, op, inputs, outputs, meaning) {#id, op, inputs, outputs, meaning},
#include "vec.def"
#define LANES(id, op, inputs, outputs) {#id, op, inputs, outputs, "the same lanes"},
#include "vec.def"
};

static VecRow vec_rows[COUNT_OF(vec_words)]; /* the same, read by build */

const VecRow *vec_row(RowId id) {
    ASSERT(id >= PURE_COUNT && id < ROW_COUNT);
    build();
    return &vec_rows[id - PURE_COUNT];
}

void vec_eval(RowId id, Slot *d, const Slot *a, const Slot *b, const Slot *c) {
    switch (id) {
#define VEC(id, op, inputs, outputs, meaning)                                                                          \
    case VEC_##id:                                                                                                     \
        vec_##id(d, a, b, c);                                                                                          \
        break;
#include "vec.def"
    default: assert_failed("not a row of vec.def", __FILE__, __LINE__);
    }
}

/* ---- the sockets of any row ---- */

u32 row_inputs(u32 row) { return row < PURE_COUNT ? pure_row(row)->arity : vec_row(row)->ins; }

u32 row_outputs(u32 row) { return row < PURE_COUNT ? pure_outputs(row) : vec_row(row)->outs; }

Text row_input_name(u32 row, u32 input) {
    ASSERT(input < row_inputs(row));
    return row < PURE_COUNT ? pure_input_name(row, input) : vec_row(row)->in[input].name;
}

Text row_output_name(u32 row, u32 output) {
    ASSERT(output < row_outputs(row));
    return row < PURE_COUNT ? text_of(pure_row(row + output)->output) : vec_row(row)->out[output].name;
}

Type row_input_type(u32 row, u32 input, Type t) {
    ASSERT(input < row_inputs(row));
    return row < PURE_COUNT ? letter_type(pure_row(row)->letter[input], t) : (Type)vec_row(row)->in[input].type;
}

Type row_output_type(u32 row, u32 output, Type t) {
    ASSERT(output < row_outputs(row));
    return row < PURE_COUNT ? letter_type(pure_row(row + output)->result, t) : (Type)vec_row(row)->out[output].type;
}

/* ---- ops by name ---- */

enum { OPS_MAX = 256, HASH_SIZE = 1024, SOCKETS_MAX = 1024 };

static Op ops[OPS_MAX];
static const char *names[OPS_MAX]; /* the same, for nearest_name */
static u32 op_count;
static Socket sockets[SOCKETS_MAX]; /* of all ops and of vec_rows, each list in one piece */
static u32 socket_count;
static u16 hash[HASH_SIZE]; /* open addressing: index into ops + 1, 0 free */

static bool same_text(Text a, Text b) { return a.len == b.len && memcmp(a.data, b.data, a.len) == 0; }

/* Where `name` is in the hash index, or the free place where it belongs. FNV-1a. */
static u32 hash_place(Text name) {
    u32 h = 2166136261u;
    for (u32 i = 0; i < name.len; i++) h = (h ^ (u8)name.data[i]) * 16777619u;
    u32 place = h % HASH_SIZE;
    while (hash[place] && !same_text(ops[hash[place] - 1].name, name)) place = (place + 1) % HASH_SIZE;
    return place;
}

static Op *add_op(const char *name) {
    ASSERT(op_count < OPS_MAX);
    Op *op = &ops[op_count];
    op->name = text_of(name);
    op->summary = op->notes = "";
    names[op_count] = name;
    hash[hash_place(op->name)] = (u16)(op_count + 1);
    op_count++;
    return op;
}

/* Appends to a list, which must be the one that is being added to. */
static void add_socket(const Socket **list, u8 *count, Text name, u32 type) {
    ASSERT(socket_count < SOCKETS_MAX);
    if (*count == 0) *list = &sockets[socket_count];
    ASSERT(*list + *count == &sockets[socket_count]);
    sockets[socket_count++] = (Socket){name, (u8)type};
    ++*count;
}

/* "type name" pairs, and groups, which are one word. T is no type's name. */
static void add_values(const Socket **list, u8 *count, const char *words) {
    for (Text word; (word = take_word(&words)).len > 0;) {
        bool group = word.data[0] == '*';
        add_socket(list, count, group ? word : take_word(&words), group ? TYPE_NONE : type_find(word));
    }
}

/* ---- ops of op.def and vec.def ---- */

static void read_vec_rows(void) {
    for (u32 i = 0; i < COUNT_OF(vec_words); i++) {
        VecRow *row = &vec_rows[i];
        *row = (VecRow){.id = vec_words[i].id, .op = vec_words[i].op, .text = vec_words[i].text};
        add_values(&row->in, &row->ins, vec_words[i].in);
        add_values(&row->out, &row->outs, vec_words[i].out);
        ASSERT(row->ins <= 3 || PURE_COUNT + i >= VEC_PAST);
    }
}

/* A value socket over all overloads of an op. */
typedef struct Common {
    Type only;    /* its type in all of them so far, TYPE_NONE at first */
    bool differs; /* in some it has another */
    bool is_t;    /* in each it is T */
} Common;

static void see_type(Common *c, Type type, Type t) {
    if (c->only == TYPE_NONE) c->only = type;
    if (type != c->only) c->differs = true;
    if (type != t) c->is_t = false;
}

static Type socket_type(u32 row, bool output, u32 k, Type t) {
    return output ? row_output_type(row, k, t) : row_input_type(row, k, t);
}

/* The type of socket k for the whole op: its own when it is the same in each overload, else T, or TYPE_FOLLOWS. */
static u32 common_type(const Op *op, bool output, u32 k) {
    Common c = {TYPE_NONE, false, true};
    for (u32 t = 0; t < TYPE_COUNT; t++) {
        u32 row = op_overload(op, (Type)t);
        if (row != NONE) see_type(&c, socket_type(row, output, k, (Type)t), (Type)t);
    }
    return !c.differs ? c.only : c.is_t ? TYPE_NONE : TYPE_FOLLOWS;
}

static void add_row_sockets(Op *op) {
    u32 row = op->rows ? op->row : op->vec_row;
    for (u32 k = 0; k < row_inputs(row); k++)
        add_socket(&op->value_in, &op->value_ins, row_input_name(row, k), common_type(op, false, k));
    for (u32 k = 0; k < row_outputs(row); k++)
        add_socket(&op->value_out, &op->value_outs, row_output_name(row, k), common_type(op, true, k));
}

static Op *add_pure(const char *name) {
    Op *op = add_op(name);
    op->kind = KIND_VALUE;
    op->node = NODE_PURE;
    return op;
}

static void add_pure_ops(void) {
    for (u32 first = 0, past; first < PURE_COUNT; first = past) {
        for (past = first + 1; past < PURE_COUNT && strcmp(pure_rows[past].op, pure_rows[first].op) == 0;) past++;
        Op *op = add_pure(pure_rows[first].op);
        op->row = (u16)first;
        op->rows = (u16)(past - first);
    }
}

static Op *find_op(const char *name) {
    u32 found = hash[hash_place(text_of(name))];
    return found ? &ops[found - 1] : NULL;
}

static void add_vec_ops(void) {
    for (u32 i = 0; i < COUNT_OF(vec_rows); i++) {
        Op *op = find_op(vec_rows[i].op);
        if (!op) op = add_pure(vec_rows[i].op);
        if (!op->vec_rows) op->vec_row = (u16)(PURE_COUNT + i);
        op->vec_rows++;
    }
}

/* "key:type" or "key:type=fallback". */
static void add_configs(Op *op, const char *words) {
    for (Text word; (word = take_word(&words)).len > 0;) {
        const char *end = word.data + word.len;
        const char *colon = memchr(word.data, ':', word.len);
        const char *equals = memchr(word.data, '=', word.len);
        ASSERT(colon && op->configs < COUNT_OF(op->config));
        const char *type_end = equals ? equals : end;
        op->config[op->configs].key = (Text){word.data, (u32)(colon - word.data)};
        op->config[op->configs].type = (Text){colon + 1, (u32)(type_end - colon - 1)};
        op->config[op->configs].has_fallback = equals != NULL;
        if (equals) op->config[op->configs].fallback = (Text){equals + 1, (u32)(end - equals - 1)};
        op->configs++;
    }
}

static void add_rows(void) {
    read_vec_rows();
    add_pure_ops();
    add_vec_ops();
    for (u32 i = 0; i < op_count; i++) add_row_sockets(&ops[i]);
#define CHOICE(op, config) add_configs(find_op(op), config);
#include "vec.def"
}

/* ---- the rows of node.def ---- */

static const struct NodeRow {
    const char *op;
    u8 kind;
    const char *flow_in, *value_in, *value_out, *flow_out, *config;
} node_rows[NODE_COUNT] = {
#define NODE(id, op, kind, flow_in, value_in, value_out, flow_out, config)                                             \
    {op, KIND_##kind, flow_in, value_in, value_out, flow_out, config},
#include "node.def"
#undef NODE
};

/* Empty: a core op. */
static Text find_extension(Text op) {
    static const struct {
        const char *op, *extension;
    } list[] = {
#define EXTENSION_OP(op, extension) {op, extension},
#include "extension.def"
    };
    for (u32 i = 0; i < COUNT_OF(list); i++)
        if (same_text(op, text_of(list[i].op))) return text_of(list[i].extension);
    return TEXT("");
}

static void add_flows(const Socket **list, u8 *count, const char *words) {
    for (Text word; (word = take_word(&words)).len > 0;) add_socket(list, count, word, TYPE_NONE);
}

static void add_node(u32 id) {
    const struct NodeRow *row = &node_rows[id];
    if (row->op[0] == '\0') return; /* named by the host or by nobody */
    Op *op = add_op(row->op);
    op->extension = find_extension(op->name);
    op->kind = row->kind;
    op->node = (u8)id;
    add_flows(&op->flow_in, &op->flow_ins, row->flow_in);
    add_values(&op->value_in, &op->value_ins, row->value_in);
    add_values(&op->value_out, &op->value_outs, row->value_out);
    add_flows(&op->flow_out, &op->flow_outs, row->flow_out);
    add_configs(op, row->config);
}

static void add_docs(void) {
    static const struct {
        const char *op, *summary, *notes;
    } docs[] = {
#define DOC(op, summary, notes) {op, summary, notes},
#include "doc.def"
    };
    for (u32 i = 0; i < COUNT_OF(docs); i++) {
        Op *op = find_op(docs[i].op);
        ASSERT(op); /* no row but for an op */
        op->summary = docs[i].summary;
        op->notes = docs[i].notes;
    }
}

static void build(void) {
    if (op_count > 0) return;
    add_rows();
    for (u32 id = 0; id < NODE_COUNT; id++) add_node(id);
    add_docs();
}

/* ---- what others ask ---- */

const Op *op_list(u32 *count) {
    build();
    *count = op_count;
    return ops;
}

const Op *op_find(Text name) {
    build();
    u32 found = hash[hash_place(name)];
    return found ? &ops[found - 1] : NULL;
}

bool op_is_words(Text type) { return memchr(type.data, '|', type.len) != NULL; }

bool op_word(Text type, Text word, i32 *index) {
    const char *end = type.data + type.len;
    for (*index = 0; type.data < end; ++*index) {
        const char *bar = memchr(type.data, '|', (size_t)(end - type.data));
        if (same_text((Text){type.data, (u32)((bar ? bar : end) - type.data)}, word)) return true;
        if (!bar) break;
        type.data = bar + 1;
    }
    *index = 0;
    return false;
}

const char *op_nearest(Text name) {
    build();
    return nearest_name(name, names, op_count);
}

u32 op_overload(const Op *op, Type t) {
    if (t >= TYPE_COUNT) return NONE;
    for (u32 r = op->row; r < (u32)op->row + op->rows; r++)
        if (pure_rows[r].types >> t & 1) return r;
    for (u32 r = op->vec_row; r < (u32)op->vec_row + op->vec_rows; r++)
        if (vec_rows[r - PURE_COUNT].in[0].type == t) return r;
    return NONE;
}
