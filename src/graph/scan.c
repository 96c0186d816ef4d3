/* scan.c (graph) - RFC 8259 and our stricter rules in one pass over the bytes, no recursion. */
#include "scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keys.h"

/* A container whose end has not come yet. */
typedef struct Open {
    u32 offset;    /* of its bracket */
    u32 first_key; /* where its keys begin in Keys */
    bool object;
} Open;

typedef struct Scan {
    const u8 *text, *at, *end;
    const Limits *limits;
    Diags *diags;
    ScanInfo info;
    u32 depth, depth_max;
    Open open[SCAN_DEPTH_MAX];
    Keys keys;
} Scan;

#define REPORT(s, err, place, ...) diag_report_offset((s)->diags, ERR_##err, (u32)((place) - (s)->text), __VA_ARGS__)
#define NO_DETAIL                  ((Detail){0})

/* --- bytes ----------------------------------------------------------------------------------- */

static int peek(const Scan *s) { return s->at < s->end ? *s->at : -1; }

static int peek_at(const Scan *s, u32 ahead) { return (size_t)(s->end - s->at) > ahead ? s->at[ahead] : -1; }

static void skip_blanks(Scan *s) {
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\n' || *s->at == '\r' || *s->at == '\t')) s->at++;
}

static bool is_digit(int c) { return c >= '0' && c <= '9'; }

static bool is_letter(int c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$'; }

/* What a person would call one word or number, for messages. */
static Text word_from(const Scan *s, const u8 *start) {
    const u8 *end = start;
    while (end < s->end && (is_letter(*end) || is_digit(*end) || *end == '.' || *end == '+' || *end == '-')) end++;
    return (Text){(const char *)start, (u32)(end - start)};
}

static Text rest(const Scan *s) { return (Text){(const char *)s->at, (u32)(s->end - s->at)}; }

/* --- what is wrong --------------------------------------------------------------------------- */

/* A report whose sentence quotes the word or number at `start`. */
static Err bad_word(const Scan *s, Err err, const u8 *start) {
    const char *word = diag_quote(s->diags, word_from(s, start));
    return diag_report_offset(s->diags, err, (u32)(start - s->text), NO_DETAIL, word);
}

/* The bytes from s->at on as "0xC0 0xAF". */
static const char *hex_bytes(const Scan *s, u32 count, char out[24]) {
    char *end = out;
    for (u32 i = 0; i < count && peek_at(s, i) >= 0; i++)
        end += snprintf(end, 6, "%s0x%02X", i ? " " : "", (u32)s->at[i]);
    return out;
}

static bool continues(int c) { return c >= 0x80 && c <= 0xBF; }

static Err bad_character(const Scan *s, Err err, u32 bytes) {
    char hex[24];
    u32 offset = (u32)(s->at - s->text);
    return diag_report_offset(s->diags, err, offset, NO_DETAIL, hex_bytes(s, bytes, hex));
}

/* What kind of wrong UTF-8 stands at s->at. */
static Err bad_utf8(const Scan *s) {
    int first = *s->at, second = peek_at(s, 1), third = peek_at(s, 2);
    u32 offset = (u32)(s->at - s->text), len = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (first < 0xC0 || first > 0xF7) return REPORT(s, JSON_UTF8, s->at, NO_DETAIL, (u32)first, offset);
    if (!continues(second)) return bad_character(s, ERR_JSON_UTF8_CUT, 1);
    if (first < 0xC2 || (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90))
        return bad_character(s, ERR_JSON_OVERLONG, len);
    if (first == 0xED && second >= 0xA0) return bad_character(s, ERR_JSON_UTF8_SURROGATE, len);
    if (first > 0xF4 || (first == 0xF4 && second > 0x8F)) return bad_character(s, ERR_JSON_UTF8_RANGE, len);
    return bad_character(s, ERR_JSON_UTF8_CUT, continues(third) ? 3 : 2);
}

static Err cut(const Scan *s, const char *what, u32 opened, const char *missing) {
    u32 line, column;
    scan_line((Text){(const char *)s->text, (u32)(s->end - s->text)}, opened, &line, &column);
    return REPORT(s, JSON_CUT, s->end, NO_DETAIL, what, line, column, missing);
}

static Err cut_container(const Scan *s) {
    const Open *open = &s->open[s->depth - 1];
    return cut(s, open->object ? "object" : "array", open->offset, open->object ? "\"}\"" : "\"]\"");
}

/* The character at s->at, for "got ...". */
static const char *describe(const Scan *s, char out[24]) {
    int c = peek(s);
    if (c < 0) return "the end of the file";
    if (c == '"') return "a string";
    if (is_digit(c) || c == '-') return "a number";
    Buf b = {0};
    buf_escaped(&b, rest(s), 1);
    if (!b.len) buf_print(&b, "\\u%04x", (u32)c);
    snprintf(out, 24, "\"%s\"", b.data ? b.data : "");
    buf_close(&b);
    return out;
}

/* Faults that can stand anywhere between tokens; ERR_OK when it is none of them. */
static Err misplaced(const Scan *s) {
    int c = peek(s), next = peek_at(s, 1);
    u32 code;
    if (c < 0) return s->depth ? cut_container(s) : ERR_OK;
    if (c == 0) return REPORT(s, JSON_NUL_BYTE, s->at, NO_DETAIL, (u32)(s->at - s->text));
    if (c == '#' || (c == '/' && (next == '/' || next == '*'))) return REPORT(s, JSON_COMMENT, s->at, NO_DETAIL);
    if (c == '\'') return REPORT(s, JSON_QUOTE, s->at, NO_DETAIL);
    if (c >= 0x80 && !utf8_read(rest(s), &code)) return bad_utf8(s);
    return ERR_OK;
}

/* --- strings --------------------------------------------------------------------------------- */

enum { WORD = sizeof(u64) };

#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

/* Marks bytes that need a look: quotes, backslashes, controls, anything beyond ASCII. The lowest
** mark is exact (a borrow can only spoil those above it). */
static u64 marks(u64 word) {
    u64 quote = word ^ EACH_BYTE('"'), slash = word ^ EACH_BYTE('\\');
    u64 found = ((quote - EACH_BYTE(1)) & ~quote) | ((slash - EACH_BYTE(1)) & ~slash) | (word - EACH_BYTE(0x20)) | word;
    return found & EACH_BYTE(0x80);
}

static void skip_plain(Scan *s) {
    while (s->end - s->at >= WORD) {
        u64 word, found;
        memcpy(&word, s->at, WORD);
        found = marks(word);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        if (found) {
            s->at += __builtin_ctzll(found) / 8;
            return;
        }
#else
        if (found) break;
#endif
        s->at += WORD;
    }
    while (s->at < s->end && *s->at >= 0x20 && *s->at < 0x80 && *s->at != '"' && *s->at != '\\') s->at++;
}

/* Four hexadecimal digits at p as a number, -1 when they are not. */
static i32 hex4(const Scan *s, const u8 *p) {
    i32 code = 0;
    for (u32 i = 0; i < 4; i++, p++) {
        int c = p < s->end ? *p : -1;
        if (is_digit(c))
            code = code * 16 + c - '0';
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            code = code * 16 + (c | 0x20) - 'a' + 10;
        else
            return -1;
    }
    return code;
}

static Err lone_half(const Scan *s, const char *missing) {
    return REPORT(s, JSON_SURROGATE, s->at, NO_DETAIL, diag_quote(s->diags, (Text){(const char *)s->at + 1, 5}),
                  missing);
}

/* A \u escape at s->at; *bytes is what it takes as UTF-8. */
static Err unicode_escape(Scan *s, u32 *bytes) {
    i32 code = hex4(s, s->at + 2);
    if (code < 0) return REPORT(s, JSON_HEX, s->at, NO_DETAIL);
    if (code == 0) return REPORT(s, JSON_NUL_ESCAPE, s->at, NO_DETAIL);
    if (code >= 0xDC00 && code < 0xE000) return lone_half(s, "first");
    *bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
    if (code < 0xD800 || code >= 0xDC00) {
        s->at += 6;
        return ERR_OK;
    }
    i32 second = peek_at(s, 6) == '\\' && peek_at(s, 7) == 'u' ? hex4(s, s->at + 8) : -1;
    if (second < 0xDC00 || second > 0xDFFF) return lone_half(s, "second");
    *bytes = 4;
    s->at += 12;
    return ERR_OK;
}

static Err escape(Scan *s, u32 opened, u32 *bytes) {
    int c = peek_at(s, 1);
    *bytes = 1;
    if (c < 0) return cut(s, "string", opened, "a quotation mark");
    if (c == 'u') return unicode_escape(s, bytes);
    if (c && strchr("\"\\/bfnrt", c)) {
        s->at += 2;
        return ERR_OK;
    }
    u32 code, len = utf8_read((Text){(const char *)s->at + 1, (u32)(s->end - s->at - 1)}, &code);
    Text seen = {(const char *)s->at + 1, len ? len : 1};
    const char *quoted = diag_quote(s->diags, seen);
    char shown[72];
    snprintf(shown, sizeof shown, "\\%s", quoted);
    return REPORT(s, JSON_ESCAPE, s->at, NO_DETAIL, shown);
}

static Err control(const Scan *s) {
    u8 c = *s->at;
    if (c == 0) return REPORT(s, JSON_NUL_BYTE, s->at, NO_DETAIL, (u32)(s->at - s->text));
    if (c == '\n' || c == '\r') return REPORT(s, JSON_NEWLINE, s->at, NO_DETAIL);
    char fix[24];
    if (c == '\t')
        snprintf(fix, sizeof fix, "Write \\t.");
    else
        snprintf(fix, sizeof fix, "Write \\u%04x.", (u32)c);
    return REPORT(s, JSON_CONTROL, s->at, ((Detail){.fix = fix}), (u32)c);
}

/* Passes one character that is not plain; *less grows by the bytes it takes less when decoded. */
static Err special(Scan *s, u32 opened, u32 *less) {
    u8 c = *s->at;
    const u8 *start = s->at;
    u32 bytes, code;
    if (c == '\\') {
        TRY(escape(s, opened, &bytes));
        *less += (u32)(s->at - start) - bytes;
        return ERR_OK;
    }
    if (c < 0x20) return control(s);
    u32 len = utf8_read(rest(s), &code);
    if (!len) return bad_utf8(s);
    s->at += len;
    return ERR_OK;
}

/* A string whose quotation mark is at s->at; *inside is what stands between the two, undecoded. */
static Err string(Scan *s, Text *inside, bool *plain) {
    u32 opened = (u32)(s->at++ - s->text), less = 0;
    const u8 *start = s->at;
    for (;;) {
        skip_plain(s);
        if (s->at == s->end) return cut(s, "string", opened, "a quotation mark");
        if (*s->at == '"') break;
        TRY(special(s, opened, &less));
    }
    *inside = (Text){(const char *)start, (u32)(s->at - start)};
    *plain = less == 0;
    s->at++;
    s->info.strings++;
    u64 len = inside->len - less, limit = s->limits->string;
    if (!limit || len <= limit) return ERR_OK;
    return REPORT(s, LIMIT_STRING, start - 1, ((Detail){.limit = limit}), (unsigned long long)len,
                  (unsigned long long)limit);
}

/* --- numbers --------------------------------------------------------------------------------- */

/* The parts of a number that is written as RFC 8259 wants it. */
typedef struct Number {
    const u8 *start, *whole, *point, *power, *end; /* point, power: NULL without */
} Number;

static Err number_grammar(Scan *s, Number *n) {
    const u8 *start = s->at;
    *n = (Number){.start = start};
    if (*s->at == '-') s->at++;
    n->whole = s->at;
    if (peek(s) == 'I' || peek(s) == 'N') return bad_word(s, ERR_JSON_NAN, start);
    if (peek(s) == '.') return bad_word(s, ERR_JSON_NUMBER_POINT, start);
    if (!is_digit(peek(s))) return bad_word(s, ERR_JSON_NUMBER_SIGN, start);
    if (peek(s) == '0' && is_digit(peek_at(s, 1))) return bad_word(s, ERR_JSON_LEADING_ZERO, start);
    while (is_digit(peek(s))) s->at++;
    if (peek(s) == '.') {
        n->point = s->at++;
        if (!is_digit(peek(s))) return bad_word(s, ERR_JSON_NUMBER_POINT, start);
        while (is_digit(peek(s))) s->at++;
    }
    if ((peek(s) | 0x20) == 'e') {
        n->power = s->at++;
        if (peek(s) == '+' || peek(s) == '-') s->at++;
        if (!is_digit(peek(s))) return bad_word(s, ERR_JSON_NUMBER_EXPONENT, start);
        while (is_digit(peek(s))) s->at++;
    }
    n->end = s->at;
    if (is_letter(peek(s))) return bad_word(s, ERR_JSON_NUMBER_BASE, start);
    return ERR_OK;
}

/* The power of ten behind the e, far beyond any double at most. */
static i64 number_power(const Number *n) {
    if (!n->power) return 0;
    const u8 *at = n->power + 1;
    bool minus = *at == '-';
    if (*at == '-' || *at == '+') at++;
    i64 power = 0;
    for (; at < n->end; at++) {
        if (power < INT64_C(1) << 40) power = power * 10 + (*at - '0');
    }
    return minus ? -power : power;
}

/* Compares the digits from `at` on with 2^1024 - 2^970, the least number that rounds to infinity
** (309 digits). */
static bool rounds_to_infinity(const u8 *at, const u8 *end) {
    static const char least[] = "17976931348623158079372897140530341507993413271003782693617377898044496829276475"
                                "09466490179775872070963302864166928879109465555478519404026306574886715058206819"
                                "08902000708383676273854845817711531764475730270069855571366959622842914819860834"
                                "936475292719074168444365510704342711559699508093042880177904174497792";
    for (const char *digit = least; *digit; digit++, at++) {
        if (at < end && *at == '.') at++;
        u8 c = at < end ? *at : '0';
        if (c != (u8)*digit) return c > (u8)*digit;
    }
    return true;
}

/* 1e308 is a double, 1e309 is not, and among numbers of 309 digits the digits decide. */
static bool out_of_range(const Number *n) {
    const u8 *digits_end = n->power ? n->power : n->end, *point = n->point ? n->point : digits_end;
    const u8 *first = n->whole;
    while (first < digits_end && (*first == '0' || *first == '.')) first++;
    if (first == digits_end) return false;
    i64 place = first < point ? point - first - 1 : point - first;
    place += number_power(n);
    return place > 308 || (place == 308 && rounds_to_infinity(first, digits_end));
}

/* Whether an integer keeps its value as a double, or is at least how JavaScript writes that
** double: 2^60 comes out of JSON.stringify as 1152921504606847000. At most 309 digits. */
static bool kept(const Number *n) {
    char spelled[320], exact[320];
    u32 len = (u32)(n->end - n->whole);
    ASSERT(len < sizeof spelled);
    memcpy(spelled, n->whole, len);
    spelled[len] = 0;
    f64 value = strtod(spelled, NULL);
    snprintf(exact, sizeof exact, "%.0f", value);
    if (strcmp(exact, spelled) == 0) return true;
    number_spell(value, exact);
    return strcmp(exact, spelled) == 0;
}

static Err number(Scan *s) {
    Number n;
    TRY(number_grammar(s, &n));
    bool integer = !n.point && !n.power;
    if (n.end - n.whole < 16 && !n.power) return ERR_OK;
    if (out_of_range(&n)) return bad_word(s, ERR_JSON_NUMBER_RANGE, n.start);
    if (integer && !kept(&n)) return bad_word(s, ERR_JSON_NUMBER_EXACT, n.start);
    return ERR_OK;
}

/* --- values ---------------------------------------------------------------------------------- */

static bool next_is(const Scan *s, const char *word, u32 len) {
    return (size_t)(s->end - s->at) >= len && memcmp(s->at, word, len) == 0 && !is_letter(peek_at(s, len)) &&
           !is_digit(peek_at(s, len));
}

static Err unknown_word(const Scan *s) {
    static const char *const names[] = {"NaN", "Infinity"};
    Text word = word_from(s, s->at);
    for (u32 i = 0; i < COUNT_OF(names); i++) {
        if (word.len == strlen(names[i]) && memcmp(word.data, names[i], word.len) == 0)
            return REPORT(s, JSON_NAN, s->at, NO_DETAIL, names[i]);
    }
    return REPORT(s, JSON_WORD, s->at, NO_DETAIL, diag_quote(s->diags, word));
}

static Err literal(Scan *s) {
    u32 len = next_is(s, "true", 4) || next_is(s, "null", 4) ? 4 : next_is(s, "false", 5) ? 5 : 0;
    if (!len) return unknown_word(s);
    s->at += len;
    return ERR_OK;
}

/* Something that begins no value. */
static Err no_value(const Scan *s) {
    char got[24];
    int c = peek(s), next = peek_at(s, 1);
    TRY(misplaced(s));
    if (c == '+') return bad_word(s, ERR_JSON_NUMBER_PLUS, s->at);
    if (c == '.' && is_digit(next)) return bad_word(s, ERR_JSON_NUMBER_POINT, s->at);
    return REPORT(s, JSON_VALUE, s->at, NO_DETAIL, describe(s, got));
}

static Err key(Scan *s) {
    char got[24];
    Text inside;
    bool plain;
    skip_blanks(s);
    if (peek(s) != '"') {
        TRY(misplaced(s));
        if (!is_letter(peek(s))) return REPORT(s, JSON_KEY, s->at, NO_DETAIL, describe(s, got));
        const char *word = diag_quote(s->diags, word_from(s, s->at));
        return REPORT(s, JSON_KEY, s->at, ((Detail){.fix = "Add the quotes."}), word);
    }
    TRY(string(s, &inside, &plain));
    u32 offset = (u32)((const u8 *)inside.data - s->text);
    TRY(keys_add(&s->keys, s->open[s->depth - 1].first_key, offset, inside.len, plain));
    skip_blanks(s);
    if (peek(s) != ':') {
        TRY(misplaced(s));
        return REPORT(s, JSON_COLON, s->at, NO_DETAIL, describe(s, got));
    }
    s->at++;
    return ERR_OK;
}

static Err push(Scan *s, bool object) {
    if (s->depth == s->depth_max) {
        Detail detail = {.limit = s->depth_max};
        return REPORT(s, LIMIT_DEPTH, s->at, detail, s->depth + 1, (unsigned long long)s->depth_max);
    }
    s->open[s->depth++] = (Open){(u32)(s->at - s->text), s->keys.count, object};
    if (s->depth > s->info.depth) s->info.depth = s->depth;
    s->at++;
    return ERR_OK;
}

static Err pop(Scan *s) {
    s->at++;
    s->depth--;
    return s->open[s->depth].object ? keys_end(&s->keys, s->open[s->depth].first_key) : ERR_OK;
}

/* An opening bracket; *inside is false when the container is empty and so has ended already. */
static Err open_container(Scan *s, bool *inside) {
    bool object = *s->at == '{';
    TRY(push(s, object));
    skip_blanks(s);
    *inside = peek(s) != (object ? '}' : ']');
    if (!*inside) return pop(s);
    return object ? key(s) : ERR_OK;
}

/* A scalar whole, or the beginning of a container. */
static Err begin_value(Scan *s, bool *inside) {
    Text text;
    bool plain;
    *inside = false;
    skip_blanks(s);
    u64 limit = s->limits->values;
    if (limit && s->info.values >= limit)
        return REPORT(s, LIMIT_VALUES, s->at, ((Detail){.limit = limit}), (unsigned long long)limit);
    s->info.values++;
    int c = peek(s);
    if (c == '"') return string(s, &text, &plain);
    if (c == '{' || c == '[') return open_container(s, inside);
    if (c == '-' || is_digit(c)) return number(s);
    if (is_letter(c)) return literal(s);
    return no_value(s);
}

/* After a comma another member or element must come. */
static Err after_comma(Scan *s, bool object) {
    const u8 *comma = s->at++;
    skip_blanks(s);
    int c = peek(s);
    if (c == '}' || c == ']') return REPORT(s, JSON_COMMA_LAST, comma, NO_DETAIL, c == '}' ? "}" : "]");
    return object ? key(s) : ERR_OK;
}

/* What follows a value: goes up through all containers that end here; *more when another value
** comes. */
static Err end_value(Scan *s, bool *more) {
    char got[24];
    *more = false;
    while (s->depth > 0) {
        bool object = s->open[s->depth - 1].object;
        skip_blanks(s);
        int c = peek(s);
        if (c == ',') {
            *more = true;
            return after_comma(s, object);
        }
        if (c != (object ? '}' : ']')) {
            TRY(misplaced(s));
            return REPORT(s, JSON_COMMA, s->at, NO_DETAIL, object ? "}" : "]", describe(s, got));
        }
        TRY(pop(s));
    }
    return ERR_OK;
}

static Err values(Scan *s) {
    for (bool more = true; more;) {
        bool inside;
        TRY(begin_value(s, &inside));
        if (!inside) TRY(end_value(s, &more));
    }
    skip_blanks(s);
    if (s->at == s->end) return ERR_OK;
    TRY(misplaced(s));
    return REPORT(s, JSON_AFTER_END, s->at, NO_DETAIL, (u32)(s->at - s->text));
}

/* --- the file as a whole --------------------------------------------------------------------- */

/* "UTF-16" or "UTF-32" when the text begins as such a file does, else NULL. JSON begins with two
** ASCII characters, so the zeros among the first four bytes tell. */
static const char *wide(const Scan *s) {
    const u8 *b = s->text;
    if (s->end - b < 4) return s->end - b >= 2 && ((b[0] ^ b[1]) == 1) && (b[0] | b[1]) == 0xFF ? "UTF-16" : NULL;
    u32 zeros = (u32)(b[0] == 0) | (u32)(b[1] == 0) << 1 | (u32)(b[2] == 0) << 2 | (u32)(b[3] == 0) << 3;
    bool little = b[0] == 0xFF && b[1] == 0xFE, big = b[0] == 0xFE && b[1] == 0xFF;
    if (zeros == 14 || zeros == 7 || (little && zeros == 12) || (zeros == 3 && b[2] == 0xFE && b[3] == 0xFF))
        return "UTF-32";
    return little || big || zeros == 10 || zeros == 5 ? "UTF-16" : NULL;
}

static Err begin_file(Scan *s) {
    static const u8 mark[] = {0xEF, 0xBB, 0xBF};
    u64 size = (u64)(s->end - s->text), limit = s->limits->file;
    if (limit && size > limit)
        return REPORT(s, LIMIT_FILE, s->text, ((Detail){.limit = limit}), (unsigned long long)size,
                      (unsigned long long)limit);
    const char *other = wide(s);
    if (other) return REPORT(s, JSON_UTF16, s->text, NO_DETAIL, other);
    if (size >= sizeof mark && memcmp(s->text, mark, sizeof mark) == 0) {
        REPORT(s, JSON_MARK, s->text, NO_DETAIL);
        s->at += sizeof mark;
    }
    const u8 *start = s->at;
    skip_blanks(s);
    if (s->at < s->end) return ERR_OK;
    if (s->at == start) return REPORT(s, JSON_EMPTY, s->end, NO_DETAIL);
    return REPORT(s, JSON_BLANK, s->end, NO_DETAIL, (u32)(s->at - start));
}

static Err run(Scan *s) {
    TRY(begin_file(s));
    Err err = values(s);
    if (err == ERR_MEMORY) diag_report(s->diags, ERR_MEMORY, NULL, NO_DETAIL);
    return s->keys.err ? s->keys.err : err;
}

Err scan(Text text, const Limits *limits, Diags *diags, ScanInfo *info) {
    Scan s = {.text = (const u8 *)text.data, .limits = limits, .diags = diags};
    s.at = s.text;
    s.end = s.text + text.len;
    s.depth_max = limits->depth && limits->depth < SCAN_DEPTH_MAX ? (u32)limits->depth : SCAN_DEPTH_MAX;
    keys_open(&s.keys, text, diags);
    Err err = run(&s);
    keys_close(&s.keys);
    *info = s.info;
    return err;
}
