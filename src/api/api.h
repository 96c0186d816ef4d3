/* api.h (api) - what stands behind a td_Engine; only the files of this floor look inside. */
#ifndef TREADLE_API_H
#define TREADLE_API_H

#include "../base/table.h"
#include "../code/code.h"
#include "../engine/engine.h"
#include "../graph/load.h"
#include "../graph/upgrade.h"
#include "../run/compiled.h"
#include "treadle.h"

/* Code of a program in one shape. */
typedef struct Made {
    struct Wgen *wgen;         /* owns: while it is emitted, and until it is installed; NULL */
    struct Compiled *compiled; /* owns: from when the module is complete; NULL */
    bool asked;                /* somebody has been told to make it, or makes it */
} Made;

/* A loaded file: what td_load gives a handle to. */
typedef struct Loaded {
    Graph *graph;     /* owns */
    Program *program; /* owns */
    Made made[SHAPES][2]; /* by shape, and whether it writes the trace */
    u32 handle;
    u32 instances; /* running; the last one to end frees an unloaded program */
    bool unloaded;
} Loaded;

enum { HOST_OPS_MAX = 1024, PREFIXES_MAX = 64 };

typedef struct Prefixes {
    Text at[PREFIXES_MAX];
    u32 count;
} Prefixes;

struct td_Engine {
    Engine *engine; /* owns */
    Buf text;       /* what the last call left */
    Table programs; /* of Loaded; owns */
    bool running;   /* a slice or a step: nothing may be freed under it ... */
    bool leftovers; /* ... and this was */
    bool driving;   /* drive() is entered, perhaps asleep */

    Arena ops;        /* owns host_ops and all they hold */
    HostOp *host_ops; /* HOST_OPS_MAX in place for good: graphs borrow them; NULL: none yet */
    u32 host_op_count;

    Prefixes observed, served; /* of pointers, for loads; their texts lie in `ops` */
    f64 *changes;              /* owns: what the last td_changes left */
    u64 change_room;           /* in numbers */

    Buf compiled; /* what the last td_compile_* made */

    Arena said; /* owns what the last load or argument had to say */
    Diags diags;
    Upgrade upgrade; /* owns; the last td_upgrade */
    bool upgraded;   /* td_lines: its changes too */
};

/* Leaves a sentence; returns false, so that it can end a call. */
bool api_refuse(td_Engine *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Forgets what was said before, and is ready for reports about `text`. */
void api_hear(td_Engine *e, const char *file, Text text);

/* NULL, and a sentence, when the handle names nothing. */
Instance *api_instance(td_Engine *e, u32 handle);
Loaded *api_program(td_Engine *e, u32 handle);

Text api_text(const char *text); /* NULL is "" */

/* ---- report.c: what can be seen, as JSON; text appended to `out` ---- */

void report_run(Buf *out, const Engine *e, Instance *in);
void report_summary(Buf *out, const Engine *e, Instance *in);
void report_graph(Buf *out, const Graph *g);
void report_diags(Buf *out, const Diags *d, bool ok);
/* An upgrade as the text of td_upgrade; its changes as lines. */
void report_upgrade(Buf *out, const Upgrade *u, const Diags *d, bool ok);
void report_change_lines(Buf *out, const Upgrade *u, const char *file);
const char *report_status(InstanceStatus s);
const char *report_runner(Runner r);
void report_text(Buf *out, const char *text); /* a JSON string */

/* ---- tables.c ---- */

void tables_json(Buf *out);
void tables_ops(Buf *out);
void tables_ops_markdown(Buf *out);

/* ---- args.c: values that come in as JSON ---- */

/* Reads one value; false, and a sentence about `name`, when it is not one of type t. */
bool args_value(td_Engine *e, const char *name, const char *json, Type t, Slot *out);

/* Named values of an object into lanes, which hold the defaults already. */
typedef struct ArgList {
    const char *what; /* "event won" */
    const char *const *names;
    const u8 *types;
    u32 count;
} ArgList;
bool args_object(td_Engine *e, const ArgList *list, const char *json, Slot *lanes);

/* Says why a write or an event was not taken; false. */
bool api_refuse_input(td_Engine *e, const Instance *in);

/* ---- point.c: the object model ---- */
void point_cells(Buf *out, const Graph *g); /* see td_pointers */

/* ---- compile.c: code made of programs ---- */
void compile_close(Loaded *l);
/* What an instance can begin with; NULL: there is none yet. */
const Compiled *compile_installed(const Loaded *l, CompiledShape shape, bool traced);

/* ---- define.c: host operations ---- */
u32 define_op(td_Engine *e, const char *json);

#endif
