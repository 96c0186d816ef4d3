/* buf.c (base) - a growing byte buffer; how characters and numbers are spelled. */
#include "buf.h"

#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

/* --- bytes ----------------------------------------------------------------------------------- */

void buf_close(Buf *b) {
    system_give(b->data);
    *b = (Buf){0};
}

void buf_clear(Buf *b) {
    b->len = 0;
    b->full = false;
    if (b->data) b->data[0] = 0;
}

/* Room for `more` bytes and the final NUL. */
static bool reserve(Buf *b, u32 more) {
    if (b->full) return false;
    u64 need = (u64)b->len + more + 1;
    if (need <= b->cap) return true;
    u64 cap = b->cap < 64 ? 128 : (u64)b->cap * 2;
    if (cap > UINT32_MAX) cap = UINT32_MAX;
    if (cap < need) cap = need;
    char *data = cap > UINT32_MAX ? NULL : (char *)system_grow(b->data, (size_t)cap);
    if (!data) {
        b->full = true;
        return false;
    }
    b->data = data;
    b->cap = (u32)cap;
    return true;
}

void buf_put(Buf *b, const void *data, u32 len) {
    if (!reserve(b, len)) return;
    if (len) memcpy(b->data + b->len, data, len);
    b->len += len;
    b->data[b->len] = 0;
}

void buf_byte(Buf *b, char c) { buf_put(b, &c, 1); }

void buf_text(Buf *b, const char *text) { buf_put(b, text, (u32)strlen(text)); }

void buf_print(Buf *b, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    if (len < 0)
        b->full = true;
    else if (reserve(b, (u32)len)) {
        vsnprintf(b->data + b->len, (size_t)len + 1, format, again);
        b->len += (u32)len;
    }
    va_end(again);
    va_end(args);
}

/* --- characters ------------------------------------------------------------------------------ */

static bool follows(Text text, u32 at, u8 least, u8 most) {
    return at < text.len && (u8)text.data[at] >= least && (u8)text.data[at] <= most;
}

/* Table 3-7 of the Unicode standard: only the second byte's range depends on the first. */
u32 utf8_read(Text text, u32 *code) {
    const u8 *at = (const u8 *)text.data;
    u8 first = at[0];
    if (first < 0x80) {
        *code = first;
        return 1;
    }
    if (first < 0xC2 || first > 0xF4) return 0;
    u8 least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    u8 most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (!follows(text, 1, least, most)) return 0;
    if (first < 0xE0) {
        *code = (u32)(first & 0x1F) << 6 | (at[1] & 0x3F);
        return 2;
    }
    if (!follows(text, 2, 0x80, 0xBF)) return 0;
    if (first < 0xF0) {
        *code = (u32)(first & 0x0F) << 12 | (u32)(at[1] & 0x3F) << 6 | (at[2] & 0x3F);
        return 3;
    }
    if (!follows(text, 3, 0x80, 0xBF)) return 0;
    *code = (u32)(first & 0x07) << 18 | (u32)(at[1] & 0x3F) << 12 | (u32)(at[2] & 0x3F) << 6 | (at[3] & 0x3F);
    return 4;
}

/* Characters that change how a terminal or a page shows the others. */
static bool hidden(u32 code) {
    return code < 0x20 || (code >= 0x7F && code <= 0x9F) || code == 0x061C || code == 0x200E || code == 0x200F ||
           (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

/* The escape of one character, or "" when it stands for itself. */
static void escape(u32 code, char out[8]) {
    static const char plain[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *known = code && code < 0x80 ? strchr(plain, (int)code) : NULL;
    if (known)
        snprintf(out, 8, "\\%c", letters[known - plain]);
    else if (hidden(code))
        snprintf(out, 8, "\\u%04x", code & 0xFFFF);
    else
        out[0] = 0;
}

u32 buf_escaped(Buf *b, Text text, u32 room) {
    u32 at = 0;
    while (at < text.len) {
        Text rest = {text.data + at, text.len - at};
        u32 code = 0xFFFD, len = utf8_read(rest, &code);
        char name[8];
        escape(code, name);
        u32 columns = name[0] ? (u32)strlen(name) : 1;
        if (columns > room) break;
        room -= columns;
        if (name[0])
            buf_text(b, name);
        else if (len)
            buf_put(b, rest.data, len);
        else
            buf_put(b, "\xEF\xBF\xBD", 3);
        at += len ? len : 1;
    }
    return at;
}

void buf_json_string(Buf *b, Text text) {
    buf_byte(b, '"');
    buf_escaped(b, text, UINT32_MAX);
    buf_byte(b, '"');
}

void buf_plain(Buf *b, Text text) {
    u32 from = 0;
    for (u32 at = 0; at < text.len; at++) {
        if (text.data[at] != '"' && text.data[at] != '\\') continue;
        buf_escaped(b, (Text){text.data + from, at - from}, UINT32_MAX);
        buf_byte(b, text.data[at]);
        from = at + 1;
    }
    buf_escaped(b, (Text){text.data + from, text.len - from}, UINT32_MAX);
}

/* --- numbers --------------------------------------------------------------------------------- */

void buf_number(Buf *b, f64 value) {
    char text[NUMBER_SIZE];
    if (isnan(value))
        buf_text(b, "NaN");
    else if (isinf(value))
        buf_text(b, value < 0 ? "-Infinity" : "Infinity");
    else
        buf_put(b, text, number_spell(value, text));
}

void buf_json_number(Buf *b, f64 value) {
    bool quoted = !isfinite(value);
    if (quoted) buf_byte(b, '"');
    buf_number(b, value);
    if (quoted) buf_byte(b, '"');
}

void buf_key(Buf *b, const char *key) {
    char last = b->len ? b->data[b->len - 1] : '{';
    if (last != '{' && last != '[') buf_byte(b, ',');
    buf_print(b, "\"%s\":", key);
}

void buf_member(Buf *b, const char *key, const char *text) {
    buf_key(b, key);
    buf_json_string(b, (Text){text ? text : "", text ? (u32)strlen(text) : 0});
}
