/* cgen_source.c (run) - cuts the engine's C text into items, and finds those that are needed. */
#include "cgen_source.h"

#include <string.h>

/* The Makefile makes a .text of each file: its lines as C strings. */
static const char *const files[] = {
#include "base/base.h.text"
    ,
#include "base/buf.h.text"
    ,
#include "base/number.c.text"
    ,
#include "op/type.h.text"
    ,
#include "op/fn.h.text"
    ,
#include "op/fn.c.text"
    ,
#include "op/vec.h.text"
    ,
#include "op/vec.c.text"
    ,
#include "graph/model.h.text"
    ,
#include "graph/model.c.text"
    ,
#include "run/share.h.text"
    ,
#include "run/alone.h.text"
    ,
#include "run/alone_c.h.text"
    ,
#include "run/alone.c.text"
    ,
#include "run/alone_c.c.text"
};

typedef struct Item {
    Text text; /* with the comment above it */
    Text code; /* without */
    bool needed, printed;
} Item;

/* A name that an item defines; several items can have one (a prototype, a function). */
typedef struct Name {
    Text word;
    u32 item;  /* NONE: known */
    u32 after; /* in the same bucket, NONE */
} Name;

enum { ITEMS_MAX = 2048, NAMES_MAX = 4096, BUCKETS = 1024 };

struct Sources {
    Item items[ITEMS_MAX];
    Name names[NAMES_MAX];
    u32 buckets[BUCKETS];
    u32 queue[ITEMS_MAX]; /* needed, what they name not yet looked at */
    u32 item_count, name_count, queued;
};

/* ---- words ---- */

static bool is_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
static bool is_part(char c) { return is_start(c) || (c >= '0' && c <= '9'); }
static bool is_same(Text a, Text b) { return a.len == b.len && memcmp(a.data, b.data, a.len) == 0; }

static u32 bucket_of(Text word) {
    u32 hash = 2166136261u;
    for (u32 i = 0; i < word.len; i++) hash = (hash ^ (u8)word.data[i]) * 16777619u;
    return hash % BUCKETS;
}

static void add_name(Sources *s, Text word, u32 item) {
    ASSERT(s->name_count < NAMES_MAX);
    u32 *bucket = &s->buckets[bucket_of(word)];
    s->names[s->name_count] = (Name){word, item, *bucket};
    *bucket = s->name_count++;
}

/* Past what begins at `at`, when it is a comment, a string or a character; else `at`. */
static u32 skip_quoted(Text t, u32 at) {
    char quote = t.data[at];
    if (quote == '/' && at + 1 < t.len && t.data[at + 1] == '*') {
        for (at += 2; at + 1 < t.len && !(t.data[at] == '*' && t.data[at + 1] == '/'); at++) {}
        return at + 2;
    }
    if (quote != '"' && quote != '\'') return at;
    for (at++; at < t.len && t.data[at] != quote; at++) at += t.data[at] == '\\';
    return at + 1;
}

/* The next identifier at or behind *at, which moves past it; empty: there is none. Numbers are none. */
static Text next_word(Text t, u32 *at) {
    while (*at < t.len) {
        u32 past = skip_quoted(t, *at);
        if (past > *at) {
            *at = past;
            continue;
        }
        u32 first = *at;
        if (!is_part(t.data[first])) {
            ++*at;
            continue;
        }
        while (*at < t.len && is_part(t.data[*at])) ++*at;
        if (is_start(t.data[first])) return (Text){t.data + first, *at - first};
    }
    return (Text){0};
}

/* ---- what an item defines ---- */

/* The last identifier before `past`. */
static Text word_before(Text t, u32 past) {
    while (past > 0 && !is_part(t.data[past - 1])) past--;
    u32 first = past;
    while (first > 0 && is_part(t.data[first - 1])) first--;
    return (Text){t.data + first, past - first};
}

/* The first of these characters outside of braces, quotes and comments; t.len: none. */
static u32 find_outside(Text t, const char *which) {
    u32 depth = 0;
    for (u32 at = 0; at < t.len;) {
        u32 past = skip_quoted(t, at);
        if (past > at) {
            at = past;
            continue;
        }
        char c = t.data[at];
        if (depth == 0 && strchr(which, c)) return at;
        depth += c == '{';
        depth -= c == '}';
        at++;
    }
    return t.len;
}

/* Enumerators: the first word behind { and each comma. */
static void name_enumerators(Sources *s, Text code, u32 item) {
    bool first = false;
    u32 parens = 0;
    for (u32 at = 0; at < code.len;) {
        u32 past = skip_quoted(code, at);
        char c = code.data[at];
        if (past > at) {
            at = past;
        } else if (first && is_start(c)) {
            add_name(s, next_word(code, &at), item);
            first = false;
        } else {
            parens += c == '(';
            parens -= c == ')';
            first = first ? c == ' ' || c == '\n' : c == '{' || (c == ',' && !parens);
            at++;
        }
    }
}

/* What the engine's own macros make a name of: LANE_CODE(id) is vec_id. The word is made in `room`. */
static Text made_name(Text macro, Text code, u32 open, char room[64]) {
    static const struct {
        const char *macro, *prefix;
    } makers[] = {{"LANE_CODE", "vec_"}, {"INLINE_LANE_CODE", "vec_"}, {"ALONE_EFFECT", "alone_"}};
    for (u32 i = 0; i < COUNT_OF(makers); i++) {
        if (!is_same(macro, (Text){makers[i].macro, (u32)strlen(makers[i].macro)})) continue;
        Text id = next_word(code, &open);
        u32 len = (u32)strlen(makers[i].prefix);
        memcpy(room, makers[i].prefix, len);
        memcpy(room + len, id.data, id.len < 50 ? id.len : 50);
        return (Text){room, len + (id.len < 50 ? id.len : 50)};
    }
    return macro;
}

static bool begins(Text t, const char *with) {
    u32 len = (u32)strlen(with);
    return t.len >= len && memcmp(t.data, with, len) == 0;
}

static void name_directive(Sources *s, Text code, u32 item) {
    for (u32 at = 0; at + 7 < code.len; at++) {
        if (!begins((Text){code.data + at, code.len - at}, "#define")) continue;
        at += 7;
        add_name(s, next_word(code, &at), item);
    }
}

/* The place of an item's name depends on what it is: a function's is in front of its (, a variable's in front of its [ or =,
** a type's in front of its ;. */
static void name_item(Sources *s, Arena *arena, Text code, u32 item) {
    if (code.data[0] == '#') name_directive(s, code, item);
    if (begins(code, "enum") || begins(code, "typedef enum")) name_enumerators(s, code, item);
    if (begins(code, "#if") || begins(code, "typedef")) {
        u32 at = 0;
        if (begins(code, "typedef")) add_name(s, word_before(code, code.len), item);
        while (begins(code, "#if") &&
               at < code.len) { /* functions in a condition: words in front of a ( after a line's start */
            u32 line = at;
            while (at < code.len && code.data[at] != '\n') at++;
            Text text = {code.data + line, at++ - line};
            if (begins(text, "static")) add_name(s, word_before(text, find_outside(text, "(")), item);
        }
        return;
    }
    if (code.data[0] == '#' || begins(code, "enum")) return;
    char room[64];
    u32 place = find_outside(code, "(=[;");
    Text name = place < code.len && code.data[place] == '(' ? made_name(word_before(code, place), code, place, room)
                                                            : word_before(code, place);
    if (name.data == room) name.data = arena_copy(arena, name);
    if (name.data) add_name(s, name, item);
}

/* ---- cutting ---- */

static u32 line_end(Text t, u32 at) {
    while (at < t.len && t.data[at] != '\n') at++;
    return at;
}

/* Past a directive and its continuations; of a condition, past its #endif. */
static u32 directive_end(Text t, u32 at) {
    bool condition = begins((Text){t.data + at, t.len - at}, "#if");
    for (;;) {
        u32 end = line_end(t, at);
        bool goes_on = end > at && t.data[end - 1] == '\\';
        bool closes = begins((Text){t.data + at, t.len - at}, "#endif");
        if (end >= t.len || closes || (!condition && !goes_on)) return end;
        at = end + 1;
    }
}

/* Past a declaration's ; or a function's }. */
static u32 declaration_end(Text t, u32 at) {
    i32 depth = 0;
    bool function = false;
    char last = 0; /* in front of what is looked at, blanks aside */
    while (at < t.len) {
        u32 past = skip_quoted(t, at);
        if (past > at) {
            at = past;
            last = '"';
            continue;
        }
        char c = t.data[at++];
        if (c == '{' && depth++ == 0) function = last == ')';
        if (c == '}' && --depth == 0 && function) break;
        if (c == ';' && depth == 0) break;
        if (c != ' ' && c != '\n') last = c;
    }
    return line_end(t, at); /* with a comment behind it */
}

static void add_item(Sources *s, Arena *arena, Text file, u32 from, u32 first, u32 past) {
    Text code = {file.data + first, past - first};
    ASSERT(s->item_count < ITEMS_MAX);
    s->items[s->item_count] = (Item){.text = {file.data + from, past - from}, .code = code};
    u32 comment = find_outside(code, ";"); /* a comment behind a ; is not looked at for names */
    if (begins(code, "typedef")) code.len = comment;
    name_item(s, arena, code, s->item_count++);
}

static bool is_guard(Text t) { return begins(t, "#ifndef TREADLE_") || begins(t, "#define TREADLE_"); }

/* Includes, the guard around a file, and #undef are left out. */
static void cut(Sources *s, Arena *arena, Text t) {
    u32 comment = NONE;
    for (u32 at = 0; at < t.len;) {
        Text rest = {t.data + at, t.len - at};
        if (rest.data[0] == '\n') {
            if (at > 0 && t.data[at - 1] == '\n') comment = NONE; /* an empty line */
            at++;
        } else if (begins(rest, "/*")) {
            comment = at;
            at = skip_quoted(t, at);
        } else if (is_guard(rest) || begins(rest, "#include") || begins(rest, "#undef") || begins(rest, "#endif")) {
            comment = NONE;
            at = line_end(t, at);
        } else {
            u32 past = rest.data[0] == '#' ? directive_end(t, at) : declaration_end(t, at);
            add_item(s, arena, t, comment == NONE ? at : comment, at, past);
            comment = NONE;
            at = past;
        }
    }
}

Sources *sources_open(Arena *arena) {
    Sources *s = ARENA_NEW(arena, Sources);
    if (!s) return NULL;
    for (u32 i = 0; i < BUCKETS; i++) s->buckets[i] = NONE;
    for (u32 i = 0; i < COUNT_OF(files); i++) cut(s, arena, (Text){files[i], (u32)strlen(files[i])});
    return s;
}

/* ---- what is needed ---- */

void sources_known(Sources *s, const char *name) { add_name(s, (Text){name, (u32)strlen(name)}, NONE); }

static void need_word(Sources *s, Text word) {
    u32 first = s->buckets[bucket_of(word)];
    for (u32 i = first; i != NONE; i = s->names[i].after)
        if (s->names[i].item == NONE && is_same(s->names[i].word, word)) return;
    for (u32 i = first; i != NONE; i = s->names[i].after) {
        if (!is_same(s->names[i].word, word) || s->items[s->names[i].item].needed) continue;
        s->items[s->names[i].item].needed = true;
        s->queue[s->queued++] = s->names[i].item;
    }
}

static void need_words(Sources *s, Text text) {
    for (u32 at = 0; at < text.len;) {
        Text word = next_word(text, &at);
        if (word.len) need_word(s, word);
    }
}

void sources_need(Sources *s, Text text) {
    need_words(s, text);
    while (s->queued) {
        const Item *item = &s->items[s->queue[--s->queued]];
        char room[64];
        u32 open = find_outside(item->code, "(");
        need_words(s, item->code);
        if (open < item->code.len) need_word(s, made_name(word_before(item->code, open), item->code, open, room));
    }
}

/* One-line items stand together, others apart. */
void sources_print(Sources *s, Buf *out) {
    bool apart = true;
    for (u32 i = 0; i < s->item_count; i++) {
        Item *item = &s->items[i];
        if (!item->needed || item->printed) continue;
        item->printed = true;
        bool many = memchr(item->text.data, '\n', item->text.len) != NULL;
        if (many && !apart) buf_byte(out, '\n');
        apart = many;
        buf_put(out, item->text.data, item->text.len);
        buf_text(out, many ? "\n\n" : "\n");
    }
    if (!apart) buf_byte(out, '\n');
}
