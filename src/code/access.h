/* access.h (code) - which slots an instruction reads and writes, and what else it does: said once, for all who compile. */
#ifndef TREADLE_ACCESS_H
#define TREADLE_ACCESS_H

#include "code.h"

/* A range of slots that an instruction names by its operands, in the order of its operands; reads come before writes. */
typedef struct Access {
    u32 slot, count;
    bool write;
} Access;

enum { ACCESS_MAX = 6 };

/* The ranges of instruction i; how many. Not the state that an effect reaches by node (effect_writes). */
u32 access_of(const Program *p, const Ins *i, Access out[ACCESS_MAX]);

typedef enum InsKind {
    INS_PURE,    /* rows of op.def and vec.def, mov, copy, and nop: writes what it reads from, and nothing else happens */
    INS_CONTROL, /* jumps, forks, switch, call, ret, halt, push, pop */
    INS_CHARGE,  /* fuel, turn, next_turn: a run may be left here */
    INS_EFFECT   /* all others: the instance's services do it (run/effect.h) */
} InsKind;

InsKind ins_kind(Code code);

/* State that an effect may write beyond its operands: */
typedef enum EffectReach {
    REACH_NONE,  /* none */
    REACH_NODE,  /* the value outputs and private state of node *node */
    REACH_CELLS, /* any cell of the object model that may be written */
    REACH_ALL    /* any state */
} EffectReach;

EffectReach effect_writes(const Program *p, const Ins *i, u32 *node);
/* An effect reads state beyond its operands: it must lie in memory then. */
EffectReach effect_reads(const Program *p, const Ins *i, u32 *node);

/* By slot of the file, below stack_first: B I F R as verify knows it, 'P' for private words of ops; temporaries 0. */
void slot_letters(const Program *p, u8 *letters);

#endif
