/* cgen_part.h (run) - what the files of the C emitter share; nobody else includes this. */
#ifndef TREADLE_CGEN_PART_H
#define TREADLE_CGEN_PART_H

#include "../code/access.h"
#include "../code/cfg.h"
#include "../code/structure.h"
#include "cgen.h"
#include "plan.h"

/* Where a slot's field lies in the state: "var.position", and which of its lanes. */
typedef struct Field {
    const char *path; /* NULL: it has no name */
    u32 lane, lanes;
} Field;

/* A temporary's value while a block is written: a C variable, or (number NONE) a constant's slot. */
typedef struct Local {
    u32 number, constant;
} Local;

typedef struct Cgen {
    Arena arena;
    const Program *p;
    const Graph *g;
    Plan plan;
    Cfg cfg;
    const char *name;       /* of the graph, in C */
    Field *fields;          /* by state slot */
    u8 *letters;            /* by slot below stack_first (slot_letters); temporaries: the letter in hand */
    u8 *exposed;            /* by slot: a temporary that some block reads and another wrote */
    u32 *touched;           /* by slot: the last block, plus 1, where it is wanted in memory */
    u8 *dead;               /* by pc: what it writes is read by nobody */
    Local *locals;          /* by slot */
    u8 *rows;               /* by row of op.def: its function is called */
    const char **unit_name; /* by unit */
    const char **output_word; /* by graph output: its field in struct NAME_outputs */
    Buf *out;               /* what is being written */
    Buf body;               /* owns: the units */

    /* The unit in hand. */
    u32 unit, block;
    u32 next_local;
    u32 turn;     /* the C variable that says whether the turn begins which the block in hand decided on */
    i32 height;   /* of the stack, over the beginning of the unit, where the instruction in hand stands */
    u32 indent;
    bool uses_depth, uses_way;
} Cgen;

/* cgen_name.c */
bool name_fields(Cgen *c);
bool name_outputs(Cgen *c);
bool name_units(Cgen *c);
/* An identifier made of any name, that no keyword is; `otherwise` when nothing is left of it. In the arena; NULL: no memory. */
const char *name_word(Cgen *c, const char *name, const char *otherwise);
void put_comment(Cgen *c, const char *text); /* without what would end it */
void put_node(Cgen *c, u32 node);            /* its label, as a part of a comment */
void put_c_string(Buf *out, const char *text);
void put_c_float(Buf *out, f64 value);
void put_c_int(Buf *out, i32 value);

enum { DEPTH_TEXT = 24 };

/* cgen_ins.c: one instruction as statements; control instructions up to where they branch. */
bool sort_temporaries(Cgen *c);
void put_line(Cgen *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
void put_indent(Cgen *c);
void put_read(Cgen *c, i32 slot, char letter);
const char *put_depth(Cgen *c, i32 height, char room[DEPTH_TEXT]); /* returns room */
void put_instruction(Cgen *c, u32 pc);
/* The condition on which the block that ends at pc goes to its successor 0, or (negated) to 1. */
void put_condition(Cgen *c, u32 pc, bool negated);

/* The same, when both ways lead to the same place: only what would be an unused variable is read. */
void put_either_way(Cgen *c, u32 pc);

/* cgen_unit.c */
bool put_unit(Cgen *c, u32 unit);
void put_block(Cgen *c, u32 block); /* cgen_ins.c */
void put_charge(Cgen *c, u32 pc);   /* cgen_ins.c: the charge that ends a block */

/* cgen_table.c */
void put_tables(Cgen *c, Buf *out);
void put_header(Cgen *c, Buf *out);
void put_interface(Cgen *c, Buf *out); /* the functions that the header declares */

#endif
