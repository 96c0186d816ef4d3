/* template.c (graph) - finds the parameters in JSON Pointer templates and messages. */
#include "template.h"

#include <string.h>
#include "model_read.h"

bool template_is_pointer(Text text) {
    if (text.len == 0) return true;
    if (text.data[0] != '/') return false;
    for (u32 i = 0; i < text.len; i++) {
        if (text.data[i] != '~') continue;
        if (i + 1 == text.len || (text.data[i + 1] != '0' && text.data[i + 1] != '1')) return false;
    }
    return true;
}

/* ---- JSON Pointer templates ---- */

/* A template being read. */
typedef struct Reader {
    Draft *d;
    const At *at;
    Text text;
    bool valid;
} Reader;

static const char *quoted(const Reader *r) { return draft_quote(r->d, r->text); }

static void refuse_bracket(Reader *r, Err e, char bracket) {
    const char *word = bracket == '[' || bracket == ']' ? "bracket" : "brace";
    r->valid = false;
    diag_report(r->d->diags, e, r->at, (Detail){0}, quoted(r), word);
}

static void refuse(Reader *r, Err e, const char *what) {
    r->valid = false;
    diag_report(r->d->diags, e, r->at, (Detail){0}, quoted(r), what);
}

/* ~1 is /, ~0 is ~: the name of a parameter as its socket is called. NULL: no memory. */
static const Name *unescape(Draft *d, Text text) {
    char *name = arena_take(&d->scratch, (u64)text.len + 1);
    u32 len = 0;
    if (!name) return NULL;
    for (u32 i = 0; i < text.len; i++) {
        bool escape = text.data[i] == '~';
        if (escape) i++;
        name[len++] = escape ? (text.data[i] == '1' ? '/' : '~') : text.data[i];
    }
    return draft_name(d, (Text){name, len});
}

bool template_is_parameter(Text segment) {
    char c = segment.len ? segment.data[0] : '\0';
    return (c == '[' || c == '{') && (segment.len == 1 || segment.data[1] != c);
}

/* Between its brackets a parameter holds no other bracket. */
static bool check_parameter(Reader *r, Text segment) {
    char open = segment.data[0], close = open == '[' ? ']' : '}';
    bool closed = segment.len > 1 && segment.data[segment.len - 1] == close;
    for (u32 i = 1; i < segment.len; i++) {
        char c = segment.data[i];
        if (!strchr("[]{}", c) || (closed && i + 1 == segment.len)) continue;
        refuse_bracket(r, ERR_POINTER_BRACKETS, c);
        return false;
    }
    if (!closed)
        refuse_bracket(r, ERR_POINTER_OPEN, open);
    else if (segment.len == 2)
        refuse(r, ERR_POINTER_EMPTY, "");
    return r->valid;
}

/* A name that the op's row gives to another of its inputs. */
static bool is_taken(const Op *op, const Name *name) {
    for (u32 i = 0; i < op->value_ins; i++) {
        Text own = op->value_in[i].name;
        if (own.len == name->len && memcmp(own.data, name->text, own.len) == 0) return true;
    }
    return false;
}

static Err read_parameter(Reader *r, Text segment) {
    Draft *d = r->d;
    if (!check_parameter(r, segment)) return ERR_OK;
    const Name *name = unescape(d, (Text){segment.data + 1, segment.len - 2});
    if (!name) return draft_no_memory(d);
    const char *shown = draft_quote(d, name_text(name));
    bool fresh = true;
    if (is_taken(d->nodes.at[d->nodes.count - 1].op, name)) {
        refuse(r, ERR_POINTER_NAME_TAKEN, shown);
        return ERR_OK;
    }
    TRY(draft_value_in(d, name, segment.data[0] == '[' ? TYPE_INT : TYPE_REF, RULE_FIXED, &fresh));
    if (!fresh) refuse(r, ERR_POINTER_REPEATED, shown);
    return ERR_OK;
}

/* Brackets of a literal segment stand in even runs. */
static void check_literal(Reader *r, Text segment) {
    for (u32 i = 0, run = 0; i < segment.len; i++) {
        char c = segment.data[i];
        run = i && segment.data[i - 1] == c ? run + 1 : 1;
        bool ends = i + 1 == segment.len || segment.data[i + 1] != c;
        if (!strchr("[]{}", c) || !ends || run % 2 == 0) continue;
        refuse_bracket(r, ERR_POINTER_BRACKETS, c);
        return;
    }
}

Err template_pointer(Draft *d, const At *at, Text text, TypeId type, bool *valid) {
    Reader r = {d, at, text, true};
    Text steps[TEMPLATE_STEPS], rest = text, step;
    u32 count = 0;
    if (text.len && text.data[0] != '/')
        refuse(&r, ERR_POINTER_START, "");
    else if (!template_is_pointer(text))
        refuse(&r, ERR_POINTER_ESCAPE, "");
    for (; r.valid && pointer_step(&rest, &step); count++) {
        if (count < TEMPLATE_STEPS) steps[count] = step;
        if (template_is_parameter(step))
            TRY(read_parameter(&r, step));
        else
            check_literal(&r, step);
    }
    *valid = r.valid;
    return r.valid ? model_match(d, at, &(Template){text, steps, count, type}) : ERR_OK;
}

/* ---- messages ---- */

/* The length of the part at the start of text, which is not empty: "{{" and "}}" are one
** character, "{x}" is a parameter, what lies between is one literal. 0: a brace is alone. */
static u32 next_part(Text text) {
    char c = text.data[0];
    if (c == '{' || c == '}') {
        if (text.len > 1 && text.data[1] == c) return 2;
        if (c == '}' || text.len == 1 || text.data[1] == '}') return 0;
        for (u32 i = 1; i < text.len; i++) {
            if (text.data[i] == '{') return 0;
            if (text.data[i] == '}') return i + 1;
        }
        return 0;
    }
    u32 len = 1;
    while (len < text.len && text.data[len] != '{' && text.data[len] != '}') len++;
    return len;
}

static Text skip(Text text, u32 n) { return (Text){text.data + n, text.len - n}; }

bool template_is_message(Text text) {
    while (text.len) {
        u32 len = next_part(text);
        if (len == 0) return false;
        text = skip(text, len);
    }
    return true;
}

/* Literal text since the last parameter. */
typedef struct Literal {
    char *text;
    u32 len;
} Literal;

static Err put_literal(Draft *d, Literal *literal) {
    if (literal->len == 0) return ERR_OK;
    const char *copy = arena_copy(&d->g->arena, (Text){literal->text, literal->len});
    literal->len = 0;
    return copy ? draft_piece(d, copy, 0) : draft_no_memory(d);
}

static Err put_parameter(Draft *d, Text name) {
    const Name *socket = draft_name(d, name);
    u32 node = d->nodes.count - 1;
    TRY(draft_value_in(d, socket, TYPE_NONE, RULE_ANY, NULL));
    return draft_piece(d, NULL, draft_find(d, OF_VALUE_IN, node, socket) - d->nodes.at[node].value_in);
}

Err template_message(Draft *d, Text text) {
    Literal literal = {arena_take(&d->scratch, (u64)text.len + 1), 0};
    if (!literal.text) return draft_no_memory(d);
    while (text.len) {
        u32 len = next_part(text);
        bool brace = text.data[0] == '{' || text.data[0] == '}';
        if (brace && len > 2) {
            TRY(put_literal(d, &literal));
            TRY(put_parameter(d, (Text){text.data + 1, len - 2}));
        } else {
            u32 keep = brace ? 1 : len;
            memcpy(literal.text + literal.len, text.data, keep);
            literal.len += keep;
        }
        text = skip(text, len);
    }
    return put_literal(d, &literal);
}
