/* op.c (op) - the op tables read: ops by name, overloads, sockets, and one lane of any pure row. */
#include "op.h"

#include <string.h>
#include "../base/err.h"
#include "fn.h"

/* ---- the rows of op.def ---- */

/* arity, letter and result of a signature such as "FF_F". */
#define LETTER(sig, i) (i < (int)sizeof(sig) - 3 ? sig[i] : '\0')
#define SHAPE(sig)     (u8)(sizeof(sig) - 3), {LETTER(sig, 0), LETTER(sig, 1), LETTER(sig, 2)}, sig[sizeof(sig) - 2]

static const PureRow rows[PURE_COUNT] = {
#define PURE(id, op, types, inputs, output, signature, expression)                                                     \
    {#id, op, TYPES_##types, inputs, output, #signature, #expression, SHAPE(#signature)},
#include "op.def"
#undef PURE
};

const PureRow *pure_row(PureId id) {
    ASSERT(id < PURE_COUNT);
    return &rows[id];
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

u32 pure_outputs(PureId first) {
    const PureRow *row = pure_row(first);
    u32 count = 1;
    while (first + count < PURE_COUNT && same_overload(&row[count], row)) count++;
    return count;
}

Type pure_output_type(PureId row, Type t) { return letter_type(pure_row(row)->result, t); }

Type pure_input_type(PureId row, u32 input, Type t) {
    ASSERT(input < pure_row(row)->arity);
    return letter_type(pure_row(row)->letter[input], t);
}

/* The next word of a list whose words stand between blanks and commas; empty at its end. */
static Text take_word(const char **list) {
    const char *start = *list + strspn(*list, " ,");
    u32 len = (u32)strcspn(start, " ,");
    *list = start + len;
    return (Text){start, len};
}

Text pure_input_name(PureId row, u32 input) {
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
    case PURE_COUNT: break;
    }
    return out;
}

/* ---- ops by name ---- */

enum { OPS_MAX = 256, HASH_SIZE = 1024 };

static Op ops[OPS_MAX];
static const char *names[OPS_MAX]; /* the same, for nearest_name */
static u32 op_count;
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

static Text text_of(const char *text) { return (Text){text, (u32)strlen(text)}; }

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

static void add_socket(Socket *list, u8 *count, Text name, Type type) {
    ASSERT(*count < SHAPE_MAX);
    list[(*count)++] = (Socket){name, (u8)type};
}

static char letter_at(const PureRow *row, u32 place) { return place < row->arity ? row->letter[place] : row->result; }

/* The type of a socket for the whole op: TYPE_NONE when it is T, that is, when each overload has
** its own. `place` is an input, or the arity for the result; from one overload to the next it is
** `step` rows. */
static Type shape_type(u32 first, u32 past, u32 step, u32 place) {
    u32 types = 0;
    for (u32 r = first; r < past; r += step) {
        const PureRow *row = &rows[r];
        char letter = letter_at(row, place);
        if (letter != type_letter((Type)__builtin_ctz(row->types))) return letter_type(letter, TYPE_FLOAT);
        types |= row->types;
    }
    return (types & (types - 1)) == 0 ? (Type)__builtin_ctz(types) : TYPE_NONE;
}

static void add_pure(u32 first, u32 past) {
    const PureRow *row = &rows[first];
    u32 outputs = pure_outputs((PureId)first);
    Op *op = add_op(row->op);
    op->kind = KIND_VALUE;
    op->node = NODE_PURE;
    op->row = (u16)first;
    op->rows = (u16)(past - first);
    for (u32 i = 0; i < row->arity; i++)
        add_socket(op->value_in, &op->value_ins, pure_input_name((PureId)first, i),
                   shape_type(first, past, outputs, i));
    for (u32 i = 0; i < outputs; i++)
        add_socket(op->value_out, &op->value_outs, text_of(row[i].output),
                   shape_type(first + i, past, outputs, row->arity));
}

static void add_pure_ops(void) {
    for (u32 first = 0, past; first < PURE_COUNT; first = past) {
        for (past = first + 1; past < PURE_COUNT && strcmp(rows[past].op, rows[first].op) == 0;) past++;
        add_pure(first, past);
    }
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

static void add_flows(Socket *list, u8 *count, const char *words) {
    for (Text word; (word = take_word(&words)).len > 0;) add_socket(list, count, word, TYPE_NONE);
}

/* "type name" pairs, and groups, which are one word. T is no type's name. */
static void add_values(Socket *list, u8 *count, const char *words) {
    for (Text word; (word = take_word(&words)).len > 0;) {
        bool group = word.data[0] == '*';
        add_socket(list, count, group ? word : take_word(&words), group ? TYPE_NONE : type_find(word));
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

static void add_node(u32 id) {
    const struct NodeRow *row = &node_rows[id];
    if (row->op[0] == '\0') return; /* named by the host or by nobody */
    Op *op = add_op(row->op);
    op->extension = find_extension(op->name);
    op->kind = row->kind;
    op->node = (u8)id;
    add_flows(op->flow_in, &op->flow_ins, row->flow_in);
    add_values(op->value_in, &op->value_ins, row->value_in);
    add_values(op->value_out, &op->value_outs, row->value_out);
    add_flows(op->flow_out, &op->flow_outs, row->flow_out);
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
        u32 found = hash[hash_place(text_of(docs[i].op))];
        if (!found) continue; /* an op of later.def */
        ops[found - 1].summary = docs[i].summary;
        ops[found - 1].notes = docs[i].notes;
    }
}

static void build(void) {
    if (op_count > 0) return;
    add_pure_ops();
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

static bool is_one_of(Text name, const char *const *list, u32 count) {
    for (u32 i = 0; i < count; i++)
        if (same_text(name, text_of(list[i]))) return true;
    return false;
}

bool op_is_khr(Text name) {
    static const char *const later[] = {
#define LATER(op) op,
#include "later.def"
    };
    return is_one_of(name, later, COUNT_OF(later));
}

bool op_is_partial(Text name) {
    static const char *const partly[] = {
#define PARTLY(op) op,
#include "later.def"
    };
    return is_one_of(name, partly, COUNT_OF(partly));
}

const char *op_nearest(Text name) {
    build();
    return nearest_name(name, names, op_count);
}

u32 op_overload(const Op *op, Type t) {
    if (t >= TYPE_COUNT) return NONE;
    for (u32 r = op->row; r < (u32)op->row + op->rows; r++)
        if (rows[r].types >> t & 1) return r;
    return NONE;
}
