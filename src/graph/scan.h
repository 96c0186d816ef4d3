/* scan.h (graph) - a strict look at JSON text before cJSON sees it.
**
** One pass, no recursion, a fixed stack and a list of keys: RFC 8259 exactly, UTF-8, no NUL, no
** duplicate keys, limits. What it accepts, JSON.parse accepts and reads as the same values. */
#ifndef TREADLE_SCAN_H
#define TREADLE_SCAN_H

#include "../base/err.h"
#include "../base/limit.h"

/* Deepest nesting there can be, whatever the limit says; cJSON is built with the same. */
enum { SCAN_DEPTH_MAX = 512 };

/* What the scan counted. */
typedef struct ScanInfo {
    u32 values, depth, strings;
} ScanInfo;

/* Checks the whole text, reporting at most one error (what follows a syntax error means nothing)
** and any number of duplicate keys. A UTF-8 mark is a warning. */
Err scan(Text text, const Limits *limits, Diags *diags, ScanInfo *info);

/* The byte offset of the value (or, with `key`, of the member's key) that a JSON Pointer names;
** text must have passed scan. Returns false when there is none. Linear; used for errors only. */
bool scan_locate(Text text, const char *pointer, bool key, u32 *offset);

/* The value whose first byte is at an offset of a text that has passed the scan. */
Text scan_value(Text text, u32 offset);

/* The JSON Pointers of the values that begin at `count` offsets, which rise; "" where none does. In `arena`; false
** when memory is refused. One pass. */
bool scan_pointers(Text text, const u32 *offsets, u32 count, Arena *arena, const char **pointers);

/* A position that only moves forward, so that many places cost one pass: begins as {.text, .line = 1}; the column is
** at - line_start + 1. */
typedef struct ScanCursor {
    Text text;
    u32 at, line, line_start;
} ScanCursor;
void scan_advance(ScanCursor *c, u32 offset);

/* Line and column (from 1, in bytes) of an offset. */
void scan_line(Text text, u32 offset, u32 *line, u32 *column);

/* Fills offset, line and column of every diagnostic that lacks them (a pointer into a part that is
** missing gives the nearest part that is there) and sorts them by place. Once per load, linear. */
void scan_place(Diags *diags);

#endif
