/* buf.h (base) - a growing byte buffer; how numbers and characters are spelled.
**
** A buffer that could not grow is `full`: it keeps what it has, ignores what follows, and the
** writer looks once at the end. */
#ifndef TREADLE_BUF_H
#define TREADLE_BUF_H

#include "base.h"

typedef struct Buf {
    char *data; /* owns; NUL-terminated once anything was put */
    u32 len;
    u32 cap;
    bool full;
} Buf;

void buf_close(Buf *b);
void buf_clear(Buf *b);
void buf_byte(Buf *b, char c);
void buf_put(Buf *b, const void *data, u32 len);
void buf_text(Buf *b, const char *text);
void buf_print(Buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A JSON string with quotes; control characters escaped, C1 and bidirectional controls too
** (they rewrite terminals), invalid UTF-8 as U+FFFD. */
void buf_json_string(Buf *b, Text text);

/* The inside of such a string, without quotes: as much of the text as `room` columns hold. Returns
** the bytes of text that were put. */
u32 buf_escaped(Buf *b, Text text, u32 room);

/* Text as a terminal may show it: escaped as a JSON string is, but quotes and backslashes stand for themselves. */
void buf_plain(Buf *b, Text text);

/* "key": in a JSON object; a comma goes before all but the first. buf_member: with a string, NUL-terminated,
** NULL as "". */
void buf_key(Buf *b, const char *key);
void buf_member(Buf *b, const char *key, const char *text);

/* A number as JSON: the shortest form that reads back to the same double; NaN and infinities as
** the strings "NaN", "Infinity", "-Infinity"; -0 as -0. */
void buf_json_number(Buf *b, f64 value);

/* The same number as plain text, for logs and messages (NaN, Infinity, -0 spelled so). */
void buf_number(Buf *b, f64 value);

/* A finite number as JavaScript spells it: 0.1, 1e+21, 5e-324; -0 as -0. Returns the length;
** NUL-terminated. */
enum { NUMBER_SIZE = 48 };
SHARED u32 number_spell(f64 value, char out[NUMBER_SIZE]);

/* The length of the UTF-8 character at the start of text, its code point in *code; 0 when there is
** none (cut short, overlong, a surrogate, above U+10FFFF). text.len > 0. */
u32 utf8_read(Text text, u32 *code);

#endif
