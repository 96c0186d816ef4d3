/* place.c (graph) - from JSON Pointers and byte offsets to lines and columns, for messages only. */
#include "scan.h"

#include <stdio.h>
#include <string.h>

#include "keys.h"

/* --- lines ----------------------------------------------------------------------------------- */

void scan_advance(ScanCursor *c, u32 offset) {
    if (offset > c->text.len) offset = c->text.len;
    while (c->at < offset) {
        const char *found = (const char *)memchr(c->text.data + c->at, '\n', offset - c->at);
        if (!found) break;
        c->at = c->line_start = (u32)(found - c->text.data) + 1;
        c->line++;
    }
    c->at = offset;
}

void scan_line(Text text, u32 offset, u32 *line, u32 *column) {
    ScanCursor c = {.text = text, .line = 1};
    scan_advance(&c, offset);
    *line = c.line;
    *column = c.at - c.line_start + 1;
}

/* --- pointers -------------------------------------------------------------------------------- */

enum { SOUGHT_MAX = 64 };

/* A pointer on its way down: `rest` is what still has to be matched. */
typedef struct Sought {
    const char *rest;
    u32 offset; /* of the last value matched */
    u32 key;    /* of its key, NONE without */
} Sought;

/* An open container and the pointers (bits) that lead into it. */
typedef struct Level {
    u64 inside;
    u32 index;
    bool object;
} Level;

typedef struct Walk {
    const char *at, *start, *end;
    Sought *sought;
    u64 wanted; /* pointers not matched to their end yet */
    Level level[SCAN_DEPTH_MAX];
    u32 depth;
} Walk;

static bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

static char look(Walk *w) {
    while (w->at < w->end && is_blank(*w->at)) w->at++;
    return w->at < w->end ? *w->at : 0;
}

/* Over a string; the text between the quotes. */
static Text pass_string(Walk *w) {
    const char *start = ++w->at;
    while (w->at < w->end && *w->at != '"') w->at += *w->at == '\\' ? 2 : 1;
    if (w->at > w->end) w->at = w->end;
    Text inside = {start, (u32)(w->at - start)};
    if (w->at < w->end) w->at++;
    return inside;
}

static void pass_scalar(Walk *w) {
    while (w->at < w->end && !is_blank(*w->at) && !strchr(",]}", *w->at)) w->at++;
}

/* On to the end of `depth` open containers; of one value when there are none. */
static void pass(Walk *w, u32 depth) {
    do {
        char c = look(w);
        if (c == 0)
            w->at = w->end;
        else if (c == '"')
            pass_string(w);
        else if (c == '{' || c == '[')
            depth++, w->at++;
        else if (c == '}' || c == ']')
            depth--, w->at++;
        else if (c == ',' || c == ':')
            w->at++;
        else
            pass_scalar(w);
    } while (depth > 0 && w->at < w->end);
}

/* One byte of a pointer's step, its ~0 and ~1 undone. */
static char pointer_byte(const char **at) {
    if (**at != '~') return *(*at)++;
    char c = (*at)[1];
    *at += c ? 2 : 1;
    return c == '1' ? '/' : '~';
}

/* Takes the first step off `rest` when it is `name`, a key as the file spells it. */
static bool take_step(const char **rest, Text name) {
    Buf decoded = {0};
    if (name.len && memchr(name.data, '\\', name.len)) {
        keys_decode(name.data, UINT32_MAX, &decoded);
        name = (Text){decoded.data, decoded.len};
    }
    const char *at = *rest + 1;
    u32 i = 0;
    while (i < name.len && *at && *at != '/' && pointer_byte(&at) == name.data[i]) i++;
    bool same = i == name.len && (*at == 0 || *at == '/');
    buf_close(&decoded);
    if (same) *rest = at;
    return same;
}

/* Of the pointers that lead into this container, those whose next step is `name`; they lead
** nowhere else. */
static u64 follow(Walk *w, Text name, u32 key, u32 value) {
    u64 matched = 0, inside = w->level[w->depth - 1].inside;
    for (u32 i = 0; inside >> i; i++) {
        if (!(inside >> i & 1) || !take_step(&w->sought[i].rest, name)) continue;
        matched |= UINT64_C(1) << i;
        w->sought[i].offset = value;
        w->sought[i].key = key;
    }
    w->level[w->depth - 1].inside &= ~matched;
    return matched;
}

/* Pointers of `set` that end at the value just reached are found; the others lead into it. */
static u64 settle(Walk *w, u64 set) {
    u64 deeper = 0;
    for (u32 i = 0; set >> i; i++) {
        if (set >> i & 1 && *w->sought[i].rest) deeper |= UINT64_C(1) << i;
    }
    w->wanted &= ~(set & ~deeper);
    return deeper;
}

/* At a value that the pointers of `set` lead to: goes into it, or passes it. */
static void enter(Walk *w, u64 set) {
    u64 deeper = settle(w, set);
    char c = look(w);
    if (!w->wanted) return;
    if (!deeper || (c != '{' && c != '[') || w->depth == SCAN_DEPTH_MAX) {
        pass(w, 0);
        return;
    }
    w->level[w->depth++] = (Level){deeper, 0, c == '{'};
    w->at++;
}

static void enter_member(Walk *w) {
    u32 key = (u32)(w->at - w->start);
    Text name = pass_string(w);
    if (look(w) == ':') w->at++;
    look(w);
    enter(w, follow(w, name, key, (u32)(w->at - w->start)));
}

static void enter_element(Walk *w) {
    char name[12];
    int len = snprintf(name, sizeof name, "%u", w->level[w->depth - 1].index++);
    enter(w, follow(w, (Text){name, (u32)len}, NONE, (u32)(w->at - w->start)));
}

/* One step inside the innermost container; it is left once no pointer leads into it any more. */
static void go_on(Walk *w) {
    Level *level = &w->level[w->depth - 1];
    char c = look(w);
    if (!level->inside) {
        pass(w, 1);
        w->depth--;
    } else if (c == ',')
        w->at++;
    else if (c == '}' || c == ']')
        w->depth--, w->at++;
    else if (level->object && c == '"')
        enter_member(w);
    else if (!level->object && c)
        enter_element(w);
    else
        w->at = w->end; /* not JSON */
}

static void find_all(Text text, Sought *sought, u64 set) {
    Walk w = {.at = text.data, .start = text.data, .end = text.data + text.len, .sought = sought, .wanted = set};
    if (text.len >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0) w.at += 3;
    char c = look(&w);
    if (c == 0) return;
    for (u32 i = 0; set >> i; i++) {
        if (set >> i & 1) sought[i].offset = (u32)(w.at - w.start);
    }
    enter(&w, set);
    while (w.wanted && w.depth > 0 && w.at < w.end) go_on(&w);
}

bool scan_locate(Text text, const char *pointer, bool key, u32 *offset) {
    Sought sought = {pointer, NONE, NONE};
    find_all(text, &sought, 1);
    if (*sought.rest || sought.offset == NONE || (key && sought.key == NONE)) return false;
    *offset = key ? sought.key : sought.offset;
    return true;
}

Text scan_value(Text text, u32 offset) {
    Walk w = {.at = text.data + offset, .start = text.data, .end = text.data + text.len};
    pass(&w, 0);
    return (Text){text.data + offset, (u32)(w.at - w.start) - offset};
}

/* --- from offsets to pointers ---------------------------------------------------------------- */

/* The way to the value that is read. */
typedef struct Way {
    Text key[SCAN_DEPTH_MAX]; /* as the file spells it; data NULL: an element */
    u32 index[SCAN_DEPTH_MAX];
    bool object[SCAN_DEPTH_MAX];
    u32 depth;
} Way;

static void put_key(Buf *out, Text key) {
    Buf plain = {0};
    keys_decode(key.data, UINT32_MAX, &plain);
    at_pointer(&(At){NULL, {plain.data ? plain.data : "", plain.len}, 0}, out);
    buf_close(&plain);
}

static const char *way_pointer(const Way *way, Arena *arena) {
    Buf out = {0};
    for (u32 i = 0; i < way->depth; i++) {
        if (way->object[i])
            put_key(&out, way->key[i]);
        else
            buf_print(&out, "/%u", way->index[i]);
    }
    const char *pointer = out.full ? NULL : arena_copy(arena, (Text){out.data ? out.data : "", out.len});
    buf_close(&out);
    return pointer;
}

/* Past what stands before the next value: commas, closing brackets, a key. False: there is none. */
static bool next_value(Walk *w, Way *way) {
    for (;;) {
        char c = look(w);
        if (c == 0) return false;
        if (c == '}' || c == ']')
            way->depth--;
        else if (c == ',')
            way->index[way->depth - 1]++;
        else
            break;
        w->at++;
    }
    if (way->depth == 0 || !way->object[way->depth - 1]) return true;
    way->key[way->depth - 1] = pass_string(w);
    look(w);
    w->at++;
    return look(w) != 0;
}

/* A value; of a container, its bracket. */
static void pass_value(Walk *w, Way *way) {
    char c = *w->at;
    if (c == '{' || c == '[') {
        way->object[way->depth] = c == '{';
        way->index[way->depth++] = 0;
        w->at++;
    } else if (c == '"') {
        pass_string(w);
    } else {
        pass_scalar(w);
    }
}

bool scan_pointers(Text text, const u32 *offsets, u32 count, Arena *arena, const char **pointers) {
    Walk w = {.at = text.data, .start = text.data, .end = text.data + text.len};
    Way way = {.depth = 0};
    u32 i = 0;
    if (text.len >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0) w.at += 3;
    while (i < count && next_value(&w, &way)) {
        u32 at = (u32)(w.at - w.start);
        const char *pointer = NULL;
        for (; i < count && offsets[i] < at; i++) pointers[i] = "";
        for (; i < count && offsets[i] == at; i++) {
            if (!pointer && !(pointer = way_pointer(&way, arena))) return false;
            pointers[i] = pointer;
        }
        pass_value(&w, &way);
    }
    for (; i < count; i++) pointers[i] = "";
    return true;
}

/* --- diagnostics ----------------------------------------------------------------------------- */

/* Errors about a name point at the name, all others at the value. */
static bool about_key(Err e) { return e == ERR_KEY_UNKNOWN || e == ERR_NAME_RESERVED || e == ERR_SOCKET_UNKNOWN; }

static void find_offsets(Diags *d) {
    Sought sought[DIAG_MAX];
    u64 set = 0;
    for (u32 i = 0; i < d->count; i++) {
        sought[i] = (Sought){d->list[i].pointer, NONE, NONE};
        if (d->list[i].offset == NONE) set |= UINT64_C(1) << i;
    }
    if (!set) return;
    find_all(d->source, sought, set);
    for (u32 i = 0; i < d->count; i++) {
        if (!(set >> i & 1)) continue;
        bool key = about_key(d->list[i].err) && !*sought[i].rest && sought[i].key != NONE;
        d->list[i].offset = key ? sought[i].key : sought[i].offset;
    }
}

/* By place, those of one place in the order of their reports. */
static void sort(Diags *d) {
    for (u32 i = 1; i < d->count; i++) {
        Diag diag = d->list[i];
        u32 j = i;
        for (; j > 0 && d->list[j - 1].offset > diag.offset; j--) d->list[j] = d->list[j - 1];
        d->list[j] = diag;
    }
}

void scan_place(Diags *d) {
    ScanCursor cursor = {.text = d->source, .line = 1};
    find_offsets(d);
    sort(d);
    for (u32 i = 0; i < d->count && d->source.len; i++) {
        Diag *diag = &d->list[i];
        if (diag->offset == NONE) continue;
        scan_advance(&cursor, diag->offset);
        diag->line = cursor.line;
        diag->column = cursor.at - cursor.line_start + 1;
    }
}
