/* err.h (base) - errors: one row each in err.def, and the diagnostics that carry their place.
**
** A function that can fail returns Err; TRY passes it on. Loaders do not stop at the first fault:
** they report it with diag_report and go on, up to DIAG_MAX; the file is refused when any
** diagnostic of severity error was reported. */
#ifndef TREADLE_ERR_H
#define TREADLE_ERR_H

#include "arena.h"
#include "base.h"
#include "buf.h"

typedef enum Err {
    ERR_OK = 0,
#define ERR(id, number, format, fix) ERR_##id,
#include "err.def"
#undef ERR
    ERR_COUNT
} Err;

/* "E1207", or "W1022" for a row that is only a warning. */
const char *err_code(Err e);

#define TRY(call)                                                                                  \
    do {                                                                                           \
        Err try_err_ = (call);                                                                     \
        if (try_err_ != ERR_OK) return try_err_;                                                   \
    } while (0)

enum { DIAG_MAX = 50 };

typedef enum Severity { SEVERITY_ERROR, SEVERITY_WARNING } Severity;

/* One step of the way from the root of a JSON document to a value: a chain of these on the C stack
** is a JSON Pointer. key.data == NULL: an array index. */
typedef struct At {
    const struct At *up; /* NULL: the document itself */
    Text key;
    u32 index;
} At;

typedef struct Diag {
    Err err;
    Severity severity;
    u32 offset;          /* in bytes, from 0; NONE: not known yet, or no place */
    u32 line, column;    /* from 1, column in bytes; line 0: not known yet, or no place */
    const char *pointer; /* JSON Pointer (RFC 6901); "" the document */
    i32 graph;           /* index in the file, -1: none */
    i32 node;            /* load index, -1: none */
    const char *name;    /* the node's id or op; "" none */
    const char *message; /* the sentence, ready to print */
    const char *seen, *expected, *fix; /* parts of it; "" when they say nothing */
    u64 limit;                         /* the limit that was hit, 0: none */
} Diag;

/* Everything a load had to say. All strings live in `arena`. */
typedef struct Diags {
    Arena *arena;
    const char *file; /* borrowed, as the user named it */
    Text source;      /* the file's bytes, borrowed during the load: places are found in it */
    Diag list[DIAG_MAX];
    u32 count;    /* kept in list */
    u32 errors;   /* reported, kept or not */
    u32 warnings; /* reported, kept or not */
    i32 graph;    /* put into each report */
    i32 node;
    const char *name;
} Diags;

void diags_open(Diags *d, Arena *arena, const char *file, Text source);

/* What a report says beside its row's sentence. Zero fields say nothing. */
typedef struct Detail {
    const char *seen, *expected, *fix; /* fix overrides the row's */
    u64 limit;
} Detail;

/* Reports error `e` at a JSON value; its line and column are found at the end of the load
** (scan_place, graph floor). The row's sentence takes the variable arguments. Returns e. */
Err diag_report(Diags *d, Err e, const At *at, Detail detail, ...);

/* The same at a byte offset (the scan has no tree yet); scan_place finds line and column. */
Err diag_report_offset(Diags *d, Err e, u32 offset, Detail detail, ...);

/* "E1207 door.json:41:17 /graphs/0/nodes/7/values/a (node 7 "Add"): sentence. Fix." as one line. */
void diag_line(const Diag *diag, const char *file, Buf *out);

/* One JSON object {"code","severity","file","line","column","pointer","graph","node","name",
** "message","seen","expected","limit","fix"}; absent parts are left out. */
void diag_json(const Diag *diag, const char *file, Buf *out);

/* Writes the chain as an RFC 6901 pointer. */
void at_pointer(const At *at, Buf *out);

/* The name in `names` closest to `seen` (at most a third of its letters differ, case aside), or
** NULL: "did you mean". Looks at the first NEAREST_MAX names. */
enum { NEAREST_MAX = 4096 };
const char *nearest_name(Text seen, const char *const *names, u32 count);

/* A value from a file as it may be shown: at most 64 characters, control and bidirectional
** characters escaped. In the arena of d. */
const char *diag_quote(Diags *d, Text text);

#endif
