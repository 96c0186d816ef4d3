/* err.c (base) - diagnostics: how a report becomes a sentence, a line of text and a JSON object. */
#include "err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* --- rows ------------------------------------------------------------------------------------ */

typedef struct Row {
    char code[6];
    Severity severity;
    const char *sentence, *fix;
} Row;

static const Row rows[ERR_COUNT] = {
    [ERR_OK] = {"OK", SEVERITY_WARNING, "", ""},
#define ERR(id, number, sentence, fix)  [ERR_##id] = {"E" #number, SEVERITY_ERROR, sentence, fix},
#define WARN(id, number, sentence, fix) [ERR_##id] = {"W" #number, SEVERITY_WARNING, sentence, fix},
#include "err.def"
#undef WARN
#undef ERR
};

const char *err_code(Err e) {
    ASSERT(e < ERR_COUNT);
    return rows[e].code;
}

/* --- reporting ------------------------------------------------------------------------------- */

void diags_open(Diags *d, Arena *arena, const char *file, Text source) {
    *d = (Diags){.arena = arena, .file = file, .source = source, .graph = -1, .node = -1, .name = ""};
}

/* When memory is gone the bare row still says what is wrong. */
static const char *sentence(Diags *d, const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    char *text = len < 0 ? NULL : (char *)arena_take(d->arena, (u64)len + 1);
    if (text) vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return text ? text : format;
}

static const char *keep(Diags *d, const char *text) {
    if (!text || !*text) return "";
    const char *copy = arena_copy(d->arena, (Text){text, (u32)strlen(text)});
    return copy ? copy : "";
}

static const char *keep_pointer(Diags *d, const At *at) {
    Buf b = {0};
    at_pointer(at, &b);
    const char *pointer = keep(d, b.data);
    buf_close(&b);
    return pointer;
}

/* The place for one more; NULL when the list is full. Errors push out warnings. */
static Diag *place(Diags *d, Severity severity) {
    if (severity == SEVERITY_ERROR)
        d->errors++;
    else
        d->warnings++;
    if (d->count < DIAG_MAX) return &d->list[d->count++];
    if (severity == SEVERITY_WARNING) return NULL;
    for (u32 i = DIAG_MAX; i-- > 0;) {
        if (d->list[i].severity == SEVERITY_WARNING) return &d->list[i];
    }
    return NULL;
}

static Diag *add(Diags *d, Err e, Detail detail, va_list args) {
    ASSERT(e != ERR_OK && e < ERR_COUNT);
    Diag *diag = place(d, rows[e].severity);
    if (!diag) return NULL;
    *diag = (Diag){
        .err = e,
        .severity = rows[e].severity,
        .offset = NONE,
        .pointer = "",
        .graph = d->graph,
        .node = d->node,
        .name = keep(d, d->name),
        .message = sentence(d, rows[e].sentence, args),
        .seen = keep(d, detail.seen),
        .expected = keep(d, detail.expected),
        .fix = detail.fix ? keep(d, detail.fix) : rows[e].fix,
        .limit = detail.limit,
    };
    return diag;
}

Err diag_report(Diags *d, Err e, const At *at, Detail detail, ...) {
    va_list args;
    va_start(args, detail);
    Diag *diag = add(d, e, detail, args);
    va_end(args);
    if (diag) diag->pointer = keep_pointer(d, at);
    return e;
}

Err diag_report_offset(Diags *d, Err e, u32 offset, Detail detail, ...) {
    va_list args;
    va_start(args, detail);
    Diag *diag = add(d, e, detail, args);
    va_end(args);
    if (diag) diag->offset = offset;
    return e;
}

/* --- words of a report ----------------------------------------------------------------------- */

enum { QUOTE_MAX = 64 };

/* Nobody will read the words of a report that is only counted. */
const char *diag_quote(Diags *d, Text text) {
    if (d->errors >= DIAG_MAX) return "";
    Buf b = {0};
    u32 put = buf_escaped(&b, text, QUOTE_MAX);
    if (put < text.len) {
        buf_clear(&b);
        buf_escaped(&b, text, QUOTE_MAX - 3);
        buf_text(&b, "...");
    }
    const char *quoted = keep(d, b.data);
    buf_close(&b);
    return quoted;
}

static const At *step(const At *at, u32 up) {
    while (up-- > 0) at = at->up;
    return at;
}

static void put_step(const At *at, Buf *out) {
    buf_byte(out, '/');
    if (!at->key.data) {
        buf_print(out, "%u", at->index);
        return;
    }
    for (u32 i = 0; i < at->key.len; i++) {
        char c = at->key.data[i];
        if (c == '~')
            buf_text(out, "~0");
        else if (c == '/')
            buf_text(out, "~1");
        else
            buf_byte(out, c);
    }
}

/* The chain leads upward, the pointer downward: each step is found again from the lowest. */
void at_pointer(const At *at, Buf *out) {
    u32 depth = 0;
    for (const At *up = at; up; up = up->up) depth++;
    while (depth-- > 0) put_step(step(at, depth), out);
}

enum { NAME_MAX = 64 };

static u8 lower(char c) { return (u8)(c >= 'A' && c <= 'Z' ? c + 32 : c); }

static u32 least(u32 a, u32 b) { return a < b ? a : b; }

/* Edit distance without regard to case, swapped neighbours counted once; `most` + 1 when it is
** larger. Three rows of the classic table. */
static u32 distance(Text a, Text b, u32 most) {
    u32 table[3][NAME_MAX + 1] = {{0}};
    if (a.len > NAME_MAX || b.len > NAME_MAX) return most + 1;
    if (a.len > b.len + most || b.len > a.len + most) return most + 1;
    for (u32 j = 0; j <= b.len; j++) table[0][j] = j;
    for (u32 i = 1; i <= a.len; i++) {
        u32 *row = table[i % 3], *above = table[(i + 2) % 3], *before = table[(i + 1) % 3];
        u32 best = row[0] = i;
        for (u32 j = 1; j <= b.len; j++) {
            u8 x = lower(a.data[i - 1]), y = lower(b.data[j - 1]);
            u32 d = least(least(above[j], row[j - 1]) + 1, above[j - 1] + (x != y));
            bool swapped = i > 1 && j > 1 && x == lower(b.data[j - 2]) && y == lower(a.data[i - 2]);
            row[j] = swapped ? least(d, before[j - 2] + 1) : d;
            best = least(best, row[j]);
        }
        if (best > most) return most + 1;
    }
    return table[a.len % 3][b.len];
}

const char *nearest_name(Text seen, const char *const *names, u32 count) {
    u32 most = seen.len < 3 ? seen.len / 2 : seen.len / 3;
    const char *nearest = NULL;
    for (u32 i = 0; i < count && i < NEAREST_MAX; i++) {
        u32 d = distance(seen, (Text){names[i], (u32)strlen(names[i])}, most);
        if (d > most) continue;
        nearest = names[i];
        if (d == 0) break;
        most = d - 1;
    }
    return nearest;
}

/* --- printing -------------------------------------------------------------------------------- */

static void put_place(const Diag *diag, const char *file, Buf *out) {
    buf_escaped(out, (Text){file, (u32)strlen(file)}, UINT32_MAX);
    if (diag->line) buf_print(out, ":%u:%u", diag->line, diag->column);
    if (*diag->pointer) {
        buf_byte(out, ' ');
        buf_escaped(out, (Text){diag->pointer, (u32)strlen(diag->pointer)}, UINT32_MAX);
    }
    if (diag->node < 0) return;
    buf_print(out, " (node %d", diag->node);
    if (*diag->name) {
        buf_byte(out, ' ');
        buf_json_string(out, (Text){diag->name, (u32)strlen(diag->name)});
    }
    buf_byte(out, ')');
}

void diag_line(const Diag *diag, const char *file, Buf *out) {
    buf_print(out, "%s ", err_code(diag->err));
    put_place(diag, file, out);
    buf_print(out, ": %s.", diag->message);
    if (*diag->fix) buf_print(out, " %s", diag->fix);
}

static void put_text(Buf *out, const char *key, const char *text) {
    if (!*text) return;
    buf_print(out, ",\"%s\":", key);
    buf_json_string(out, (Text){text, (u32)strlen(text)});
}

static void put_index(Buf *out, const char *key, i32 index) {
    if (index >= 0) buf_print(out, ",\"%s\":%d", key, index);
}

void diag_json(const Diag *diag, const char *file, Buf *out) {
    buf_print(out, "{\"code\":\"%s\",\"severity\":\"%s\"", err_code(diag->err),
              diag->severity == SEVERITY_ERROR ? "error" : "warning");
    put_text(out, "file", file);
    if (diag->line) buf_print(out, ",\"line\":%u,\"column\":%u", diag->line, diag->column);
    put_text(out, "pointer", diag->pointer);
    put_index(out, "graph", diag->graph);
    put_index(out, "node", diag->node);
    put_text(out, "name", diag->name);
    put_text(out, "message", diag->message);
    put_text(out, "seen", diag->seen);
    put_text(out, "expected", diag->expected);
    if (diag->limit) buf_print(out, ",\"limit\":%llu", (unsigned long long)diag->limit);
    put_text(out, "fix", diag->fix);
    buf_byte(out, '}');
}
