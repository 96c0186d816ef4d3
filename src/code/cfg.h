/* cfg.h (code) - a verified program as basic blocks, and these as units: functions of what is compiled from it.
**
** A unit is left and entered like this, whatever it is compiled to. Control comes in by a *way*: the beginning of a root or of a
** procedure, or an instruction where a run can be found when it is taken up again. Jumps within a unit are its own control
** flow. A jump into another unit leaves: all state goes to memory, and the run loop enters the other unit by the way of that
** instruction. A CODE_call calls the unit that its target is in, by that way. CODE_ret returns.
**
** What only one root or procedure leads to is in its unit; chains that jump into each other in circles share one; what several
** lead to is a unit of its own. */
#ifndef TREADLE_CFG_H
#define TREADLE_CFG_H

#include "code.h"

typedef enum BlockEnd {
    END_NEXT,   /* goes on with the next block; the last instruction is a usual one */
    END_JUMP,   /* CODE_jump: one successor */
    END_FORK,   /* CODE_jump_not, unless_*: successor 0 when the condition holds (the next block), 1 when not */
    END_SWITCH, /* CODE_switch: a successor for each case in the table's order, then its default's */
    END_FUEL,   /* CODE_fuel: successor 0 when it is paid */
    END_TURN,   /* CODE_turn, CODE_next_turn: successor 0 when there is no (next) turn, 1 when there is one and it is paid */
    END_CALL,   /* CODE_call: `callee`; successor 0 when that has returned */
    END_HOST,   /* CODE_host: successor 0 when the host has answered */
    END_RET,    /* CODE_ret, none */
    END_HALT    /* CODE_halt, none */
} BlockEnd;

typedef struct Block {
    u32 first, past;        /* instructions; the last one is what `end` says, but for END_NEXT */
    u8 end;
    u32 succ_first, succs;  /* in Cfg.succ: blocks */
    u32 callee;             /* END_CALL: a block, the beginning of a procedure; else NONE */
    u32 unit;               /* NONE: nothing leads there */
    i32 height;             /* stack entries over those at the beginning of its activation or procedure */
} Block;

/* How control comes into a unit. */
typedef enum WayKind {
    WAY_BLOCK, /* block `block` from its beginning: of a root, a procedure, where a call returns to, what other units jump to */
    WAY_CHARGE /* the last instruction of block `block`, a charge, alone: it could not be paid and is tried again */
} WayKind;

typedef struct Way {
    u8 kind;
    u32 block;
    u32 pc; /* where the run is found */
} Way;

typedef struct Unit {
    u32 block_first, blocks; /* in Cfg.members: its blocks, in order of their instructions */
    u32 way_first, ways;     /* in Cfg.ways, in order of their instructions */
} Unit;

typedef struct Cfg {
    Arena arena; /* owns the rest */
    const Program *program;
    Block *blocks;
    u32 block_count;
    u32 *succ;
    u32 succ_count;
    Unit *units;
    u32 unit_count;
    u32 *members;
    Way *ways;
    u32 way_count;
    u32 *block_at; /* by pc: the block it is in */
    u32 *way_at;   /* by pc: index in ways, NONE: control never comes in there */
} Cfg;

typedef struct CfgOptions {
    bool charges;     /* charges are ways in: a run can be left there */
    u32 instructions; /* most in one block and about the most in one unit; larger ones are cut. 0: no limit */
} CfgOptions;

/* ERR_MEMORY, and nothing to close, when memory is refused. The program is verified and outlives it. */
Err cfg_open(const Program *p, const CfgOptions *options, Cfg *out);
void cfg_close(Cfg *c);

/* What structure.h nests: node 0 is the way in, node 1 + k block k of the unit; then a node for each WAY_CHARGE, in order of the ways:
** the charge alone, with its block's successors; then one for each block of other units that is jumped to: the leaving.
** Edges pass through blocks that only jump. */
typedef struct UnitShape {
    u32 count;
    u32 *first, *succ; /* as Shape has them */
    u32 charge_first;  /* node of the first charge */
    u32 *charge;       /* by node - charge_first: its way, counted from the unit's first */
    u32 go_first;      /* node of the first leaving */
    u32 *go;           /* by node - go_first: the block it goes to */
} UnitShape;

Err cfg_shape(const Cfg *c, u32 unit, Arena *arena, UnitShape *out);

#endif
