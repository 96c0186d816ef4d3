/* cgen_name.c (run) - names in emitted C: of the graph's values, units and nodes; literals. */
#include <math.h>
#include <string.h>

#include "cgen_part.h"

/* ---- words ---- */

static const char *const reserved[] = {
    "auto",     "break",   "case",   "char",     "const",    "continue",  "default",      "do",
    "double",   "else",    "enum",   "extern",   "float",    "for",       "goto",         "if",
    "inline",   "int",     "long",   "register", "restrict", "return",    "short",        "signed",
    "sizeof",   "static",  "struct", "switch",   "typedef",  "union",     "unsigned",     "void",
    "volatile", "while",   "bool",   "true",     "false",    "asm",       "typeof",       "linux",
    "unix",     "i386",    "stdin",  "stdout",   "stderr",   "errno",     "complex",      "alignas",
    "alignof",  "nullptr", "alone",  "vec",      "fn",       "delay",     "number",       "chance",
    "curve",    "bezier",  "quat",   "has",      "is",       "constexpr", "thread_local", "static_assert"};

static bool is_reserved(const char *word) {
    bool upper = true; /* it may be a macro */
    for (const char *c = word; *c; c++) upper = upper && !(*c >= 'a' && *c <= 'z');
    for (u32 i = 0; i < COUNT_OF(reserved); i++)
        if (strcmp(word, reserved[i]) == 0) return true;
    return upper;
}

const char *name_word(Cgen *c, const char *name, const char *otherwise) {
    enum { LETTERS_MAX = 48 };
    char word[LETTERS_MAX + 4];
    u32 len = 0;
    for (const char *at = name; *at && len < LETTERS_MAX; at++) {
        bool digit = *at >= '0' && *at <= '9';
        bool letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z');
        if (digit && len == 0) word[len++] = 'n';
        if (digit || letter)
            word[len++] = *at;
        else if (len && word[len - 1] != '_')
            word[len++] = '_';
    }
    while (len && word[len - 1] == '_') len--;
    if (!len) return arena_copy(&c->arena, (Text){otherwise, (u32)strlen(otherwise)});
    word[len] = '\0';
    if (is_reserved(word)) word[len++] = '_';
    return arena_copy(&c->arena, (Text){word, len});
}

/* Names taken so far, by hash: open addressing, never full. */
typedef struct Taken {
    const char **names;
    u32 room;
} Taken;

static bool take_name(Taken *t, const char *name) {
    u32 at = 2166136261u;
    for (const char *c = name; *c; c++) at = (at ^ (u8)*c) * 16777619u;
    for (at &= t->room - 1; t->names[at]; at = (at + 1) & (t->room - 1))
        if (strcmp(t->names[at], name) == 0) return false;
    t->names[at] = name;
    return true;
}

static bool open_taken(Cgen *c, Taken *t, u64 names) {
    t->room = 16;
    while (t->room < 2 * names) t->room *= 2;
    t->names = ARENA_ARRAY(&c->arena, const char *, t->room);
    return t->names;
}

/* The word, with a number behind it when it is taken. NULL: no memory. */
static const char *make_unique(Cgen *c, Taken *t, const char *word) {
    Buf b = {0};
    const char *name = word;
    for (u32 k = 2; name && !take_name(t, name); k++) {
        buf_clear(&b);
        buf_print(&b, "%s_%u", word, (unsigned)k);
        name = b.full ? NULL : arena_copy(&c->arena, (Text){b.data, b.len});
    }
    buf_close(&b);
    return name;
}

static const char *join(Cgen *c, const char *first, const char *between, const char *second) {
    Buf b = {0};
    buf_print(&b, "%s%s%s", first, between, second);
    const char *joined = b.full ? NULL : arena_copy(&c->arena, (Text){b.data, b.len});
    buf_close(&b);
    return joined;
}

/* ---- fields ---- */

/* Gives the slots of one value a field of a section. */
static bool name_field(Cgen *c, Taken *t, const char *section, const char *word, u32 slot, u32 lanes) {
    const char *name = word ? make_unique(c, t, word) : NULL, *path = name ? join(c, section, ".", name) : NULL;
    for (u32 i = 0; path && i < lanes; i++) c->fields[slot + i] = (Field){path, i, lanes};
    return path;
}

/* "start_event" for output event of node start. */
static const char *output_word(Cgen *c, u32 out) {
    char label[96];
    graph_node_label(c->g, c->g->out_node[out], label, sizeof label);
    const char *node = name_word(c, label, "node"), *socket = name_word(c, c->g->out_name[out], "value");
    return node && socket ? join(c, node, "_", socket) : NULL;
}

bool name_fields(Cgen *c) {
    const Graph *g = c->g;
    u32 inputs = g->value_out_count - g->input_count;
    Taken var, in, out;
    c->fields = ARENA_ARRAY(&c->arena, Field, (u64)g->state_count + 1);
    if (!c->fields || !open_taken(c, &var, g->variable_count + 1) || !open_taken(c, &in, g->input_count + 1))
        return false;
    if (!open_taken(c, &out, g->value_out_count + 1)) return false;
    take_name(&in, "seconds_now");
    for (u32 v = 0; v < g->variable_count; v++)
        if (!name_field(c, &var, "var", name_word(c, g->variable_name[v], "variable"), g->variable_slot[v],
                        type_lanes((Type)g->variable_type[v])))
            return false;
    for (u32 i = 0; i < g->input_count; i++)
        if (!name_field(c, &in, "in", name_word(c, g->input_name[i], "input"), g->out_slot[inputs + i],
                        type_lanes((Type)g->out_type[inputs + i])))
            return false;
    for (u32 o = 0; o < inputs; o++) {
        if (g->node_kind[g->out_node[o]] == KIND_VALUE) continue;
        if (!name_field(c, &out, "out", output_word(c, o), g->out_slot[o], type_lanes((Type)g->out_type[o])))
            return false;
    }
    return true;
}

/* Words that struct NAME_inputs and NAME_outputs have for themselves are taken. */
bool name_outputs(Cgen *c) {
    const Graph *g = c->g;
    Taken taken;
    c->output_word = ARENA_ARRAY(&c->arena, const char *, g->output_count + 1);
    if (!c->output_word || !open_taken(c, &taken, g->output_count + 2)) return false;
    take_name(&taken, "step_status");
    for (u32 i = 0; i < g->output_count; i++) {
        const char *word = name_word(c, g->output_name[i], "output");
        c->output_word[i] = word ? make_unique(c, &taken, word) : NULL;
        if (!c->output_word[i]) return false;
    }
    return true;
}

/* ---- units ---- */

/* By pc: the flow output that is rooted there, or flow_out_count + graph output; NONE. */
static u32 *find_roots(Cgen *c) {
    const Program *p = c->p;
    u32 *at = ARENA_ARRAY(&c->arena, u32, (u64)p->count + 1);
    for (u32 pc = 0; at && pc < p->count; pc++) at[pc] = NONE;
    for (u32 o = 0; at && o < c->g->flow_out_count; o++)
        if (p->entry[o] != NONE) at[p->entry[o]] = o;
    for (u32 o = 0; at && o < c->g->output_count; o++)
        if (p->output_entry[o] != NONE) at[p->output_entry[o]] = c->g->flow_out_count + o;
    return at;
}

static const char *node_word(Cgen *c, u32 node, const char *socket) {
    char label[96];
    graph_node_label(c->g, node, label, sizeof label);
    return join(c, name_word(c, label, "node"), "_", name_word(c, socket, "flow"));
}

/* What a unit is called after: the root, output or activation that its head is. */
static const char *unit_word(Cgen *c, u32 pc, const u32 *root_at) {
    const Program *p = c->p;
    const Graph *g = c->g;
    u32 root = root_at[pc], m = p->mark_at[pc];
    if (root != NONE && root >= g->flow_out_count)
        return join(c, "output", "_", name_word(c, g->output_name[root - g->flow_out_count], "value"));
    if (root != NONE) return node_word(c, g->flow_out_node[root], g->flow_out_name[root]);
    if (m == NONE || p->marks[m].kind != MARK_ACTIVATE) return "chain";
    return node_word(c, g->flow_in_node[p->marks[m].what], g->flow_in_name[p->marks[m].what]);
}

bool name_units(Cgen *c) {
    Taken taken;
    u32 *root_at = find_roots(c);
    c->unit_name = ARENA_ARRAY(&c->arena, const char *, c->cfg.unit_count + 1);
    if (!root_at || !c->unit_name || !open_taken(c, &taken, c->cfg.unit_count + 64)) return false;
    static const char *const own[] = {"init",  "moved",  "run",     "step",   "tick", "send",
                                      "state", "inputs", "outputs", "module", "plan"};
    for (u32 i = 0; i < COUNT_OF(own); i++) take_name(&taken, own[i]);
    for (u32 u = 0; u < c->cfg.unit_count; u++) {
        const char *word = unit_word(c, c->cfg.ways[c->cfg.units[u].way_first].pc, root_at);
        const char *unique = word ? make_unique(c, &taken, word) : NULL;
        c->unit_name[u] = unique ? join(c, c->name, "_", unique) : NULL;
        if (!c->unit_name[u]) return false;
    }
    return true;
}

/* ---- text ---- */

void put_comment(Cgen *c, const char *text) {
    for (char last = 0; *text; last = *text++)
        buf_byte(c->out, (*text == '/' && last == '*') || (u8)*text < ' ' ? ' ' : *text);
}

void put_node(Cgen *c, u32 node) {
    char label[96];
    graph_node_label(c->g, node, label, sizeof label);
    put_comment(c, label);
}

/* All but plain letters in octal; ? too, which trigraphs begin with. */
void put_c_string(Buf *out, const char *text) {
    buf_byte(out, '"');
    for (; *text; text++) {
        u8 byte = (u8)*text;
        if (byte < ' ' || byte > '~' || byte == '?' || byte == '"' || byte == '\\')
            buf_print(out, "\\%03o", byte);
        else
            buf_byte(out, *text);
    }
    buf_byte(out, '"');
}

void put_c_float(Buf *out, f64 value) {
    char text[NUMBER_SIZE];
    if (isnan(value) || isinf(value)) {
        buf_text(out, isnan(value) ? "(f64)NAN" : value > 0 ? "(f64)INFINITY" : "(-(f64)INFINITY)");
        return;
    }
    number_spell(fabs(value), text);
    bool whole = !strpbrk(text, ".e");
    buf_print(out, signbit(value) ? "(-%s%s)" : "%s%s", text, whole ? ".0" : "");
}

void put_c_int(Buf *out, i32 value) {
    if (value == INT32_MIN)
        buf_text(out, "INT32_MIN");
    else
        buf_print(out, value < 0 ? "(%d)" : "%d", (int)value);
}
