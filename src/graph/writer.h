/* writer.h (graph) - what the writers of both dialects share: spelling, lines, configurations, places.
**
** Lists stand with one element on a line, each element on its line alone. Whether a comma is due shows in what was
** written last. */
#ifndef TREADLE_WRITER_H
#define TREADLE_WRITER_H

#include "where.h"
#include "write.h"

typedef struct Writer {
    const Graph *g;
    WriteForm form;
    const Limits *limits;
    Diags *diags;
    Arena scratch; /* owns what follows */
    Buf *out;      /* borrowed */
    u32 depth;     /* of the line being written */

    /* native: what variables and events are called */
    const char **variable_id, **event_id;

    /* KHR: numbered by their first use; NONE: not used yet */
    u32 type_index[TYPE_COUNT], type_count;
    u8 type_list[TYPE_COUNT]; /* Type, by number */
    const Op **op_list;       /* by number */
    u32 *op_index, op_count;  /* by place in op_list() */
    u32 *order;               /* the nodes as they are written */
    u32 *place;               /* of each node, in what is written */
    u32 *input_place;         /* of the variable/get that stands for each graph input; NONE: nobody reads it */
    u32 last;                 /* the last place */
} Writer;

/* ---- words ---- */

void write_line(Writer *w);                  /* a new line, after a comma when one is due */
void write_name(Writer *w, const char *key); /* "key": */
void write_key(Writer *w, const char *key);  /* the same on a line that may have members already */
void write_text(Writer *w, const char *text);
void write_member(Writer *w, const char *key, const char *text);

/* "key": [ on a line of its own, with elements on lines between, and ]. */
void write_open(Writer *w, const char *key);
void write_close(Writer *w);

/* The number in as many digits as read back to the same bits, never like an integer: 5.0, -0.0, 1e+30. */
void write_float(Writer *w, f64 value);

/* Whether JSON has words for a value: not for NaN and null, which are what a type has when nothing is said. */
bool write_can_tell(Type t, const Slot *value);
bool write_is_default(Type t, const Slot *value);

/* The lanes of a value, in brackets when there are several and in KHR always. */
void write_value(Writer *w, Type t, const Slot *value);

/* ---- what the dialects call differently: by id or by number ---- */

void write_type(Writer *w, Type t);
u32 write_type_index(Writer *w, Type t); /* KHR */
void write_variable(Writer *w, u32 variable);
void write_event(Writer *w, u32 event);

/* The name of a value input: those of variable/set are called after the variables. */
void write_input_name(Writer *w, u32 node, u32 in);

/* The member "config" or "configuration" of a node; nothing when the op's own default says it. */
void write_config(Writer *w, u32 node);

/* The member "flows" of a node: `put` writes each. An output that leads nowhere is left out, but for those of a
** flow/multiGate, which have their turn all the same. */
void write_flows(Writer *w, u32 node, void (*put)(Writer *w, u32 out));

/* ---- places ---- */

/* The way to node `node` of the loaded file, to its `part` ("values"; NULL: the node), to the member `name` (NULL: the
** part). The next report is about that node. Valid while *p is. */
const At *write_place(Writer *w, Place *p, u32 node, const char *part, const char *name);

/* The way to element `index` of a list of the graph, to its member (NULL: the element); the next report is about no
** node. */
const At *write_place_in(Writer *w, Place *p, const char *list, u32 index, const char *member);

/* A node as messages call it: quoted, in the arena of diags. */
const char *write_label(Writer *w, u32 node);
const char *write_quote(Writer *w, const char *text);

/* ---- the parts: each returns the first error of its own that is not reported (memory) ---- */

Err write_native(Writer *w); /* write_native.c */
Err write_khr(Writer *w);    /* write_khr.c */

/* write_order.c: fills in `order`; what cannot be put in order is reported. */
Err write_put_in_order(Writer *w);

/* write_names.c: fills in variable_id and event_id; names that a native file cannot have are reported. */
Err write_find_names(Writer *w);

#endif
