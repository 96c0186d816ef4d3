/* wgen_unit.h (run) - what the files of the emitter share: the module in the making, and the unit that is being written. */
#ifndef TREADLE_WGEN_UNIT_H
#define TREADLE_WGEN_UNIT_H

#include "../code/access.h"
#include "../code/cfg.h"
#include "../code/structure.h"
#include "wasm.h"
#include "wgen.h"

/* ---- the module ---- */

/* Functions that a module imports: rows of op.def and vec.def, helpers of spellings, services. */
enum { SERVICE_EFFECT, SERVICE_BEFORE, SERVICE_WROTE, SERVICES };
enum {
    WGEN_HELPER = CODE_COUNT,                  /* below: rows, and with a link effects, by Code */
    WGEN_SERVICE = WGEN_HELPER + HELPERS,
    WGEN_KEYS = WGEN_SERVICE + SERVICES
};

/* Types of functions, by number in the type section: the unit's first, then those of imports. */
typedef struct WgenImport {
    u32 key;  /* a Code; WGEN_HELPER + a SpellHelperId; WGEN_SERVICE + a service */
    u32 type; /* in the type section */
} WgenImport;

struct Wgen {
    Arena arena; /* lives as long as the emission */
    const Program *program;
    WgenOptions options;
    Cfg cfg;
    struct WgenStretch {
        u32 first, past; /* instructions */
    } *stretches;        /* scheduler shape: what each function is made of */
    u32 units;           /* functions in all: Cfg's units, or stretches */
    u32 next;            /* unit */
    i32 status;  /* 1 more to do, 0 done, -1 refused */
    char refusal[200];
    WasmBuf code; /* bodies of the units so far */
    WasmBuf module;

    u8 *letters;      /* by slot below stack_first: slot_letters */
    WgenImport *imports;
    u32 import_count;
    u32 *import_of;   /* by key: its function index, NONE */
    u32 unit_first;   /* function index of unit 0 */
    bool hosts;       /* a host may be called: the stack is in memory then, return addresses too */
    struct { u32 pc, depth, budget; } at; /* offsets in what LOCAL_IN points at */
    u32 locals_most;  /* of any unit: for Compiled.levels */
    u32 height_most;
    u32 *bytes; /* by unit: of its code */
    u32 hoisted; /* instructions that are done in front of a loop */

    /* State that units write, callees included: for what is loaded anew behind a call. */
    struct Writes {
        u32 *slots; /* rising; NULL and count WRITES_ALL: any */
        u32 count;
    } *writes;
    u32 *writes_store;

    /* By slot: scratch of the unit in hand. */
    u32 *cache_of;  /* index of its cache in the unit, NONE */
    u32 *temp_of;   /* local that holds a temporary, NONE: memory */
    u32 *last_read; /* of a temporary in the block in hand: pc */
    u32 *read_in;   /* ... stamp of that block */
    u32 stamp;      /* of read_in */
    u8 *exposed;    /* a temporary that is read in another block than it was written in: it lives in memory */
    u8 *passed;     /* a temporary that one function may read and another have written: it lives in memory, too */
};

typedef struct WgenStretch WgenStretch;

enum { WRITES_MOST = 48, WRITES_ALL = 0xffffffff };

i32 wgen_refuse(Wgen *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- one unit ---- */

/* Parameters and first locals of a unit (compiled.h). */
enum { LOCAL_IN, LOCAL_DEPTH, LOCAL_DEEPEST, LOCAL_WAY, LOCAL_FUEL, LOCAL_SLOTS, LOCAL_PC, LOCAL_FIRST };

/* A state slot that lives in a local. */
typedef struct Cache {
    u32 slot, local;
    u8 letter;
    bool written;
} Cache;

/* An instruction that is done in front of a loop; its results are in locals from `local` on. */
typedef struct Hoist {
    u32 pc, loop, local;
} Hoist;

typedef struct LocalPool {
    u32 *free; /* stack */
    u32 count, cap;
} LocalPool;

enum { POOL_I, POOL_F, POOL_R, POOLS };

typedef struct Writer {
    Wgen *w;
    const Program *p;
    const Cfg *c;
    u32 unit;
    Arena arena; /* dies with the unit */
    UnitShape shape;
    Nest nest;
    WasmBuf body;

    Cache *caches;
    u32 cache_count, cache_words; /* words of 64 for a set of caches */
    u64 *dirty;     /* by node: what may be newer than memory when it begins; cache_words each */
    u64 *now;       /* the same at the place in hand */
    u64 *aside;     /* for a copy of it */

    Hoist *hoists;  /* rising by pc */
    u32 hoist_count;
    u32 pinned, pinned_past; /* their locals: never given back */
    bool hoisting;           /* in front of a loop: nobody knows what is read last */

    u8 *local_type; /* by local from LOCAL_FIRST on: WASM_ type */
    u32 local_count, local_cap;
    LocalPool pool[POOLS];
    u32 *held;      /* temporaries that live in locals */
    u32 held_count, held_cap;
    u32 *exposed;   /* those that live in memory throughout the unit */
    u32 exposed_count, exposed_cap;
    u32 block_stamp; /* of w->read_in */
    u32 pc;         /* in hand */
    u32 conditional; /* ifs of the spelling in hand: what is loaded there is not known behind them */
    i32 height;     /* stack entries over the unit's first */
    u32 level;      /* open blocks, inside of the function */
    bool charges;   /* something branches to the leave block */
    bool failed;
} Writer;

/* wgen_unit.c: visits the temporaries that a block reads and did not write. */
void visit_given(Wgen *w, const Block *b, void (*visit)(void *context, u32 slot), void *context);

/* wgen_unit.c: writes unit w->next. 0, or -1 when refused. */
i32 wgen_unit(Wgen *w);

/* For whoever writes a function: what stands first; where temporaries of [first, past) are read last. */
void write_prologue(Writer *u);
void find_last_reads(Writer *u, u32 first, u32 past);

/* wgen_turns.c: the body of a function of the scheduler shape. False: no memory. */
bool write_turns(Writer *u, const WgenStretch *stretch);

/* wgen_hoist.c: finds what is the same in every turn of a loop; does that in front of it; whether an instruction was done there,
** and then its results are where it leaves them. */
bool find_hoists(Writer *u);
void write_hoists(Writer *u, u32 loop);
bool write_hoisted(Writer *u, u32 pc);

/* wgen_ins.c */

/* A row's results: on the stack, first lane deepest (true), or in memory. */
bool push_row(Writer *u, const Ins *i);

/* Instruction `pc` of the node in hand, which is no charge and no control but push and pop. */
void write_ins(Writer *u, u32 pc);
/* Leaves the condition under which a fork's successor 0 is taken, on the stack: an i32. */
void write_condition(Writer *u, const Ins *i);
/* Leaves whether there is no (next) turn; pays for it and counts on. */
void write_turn_test(Writer *u, const Ins *i);
void write_turn_over(Writer *u, const Ins *i);
void write_turn_on(Writer *u, u32 pc, const Ins *i);
/* A charge, with its way out. */
void write_charge(Writer *u, u32 pc, i32 cost);
/* Entries of the stack, from the unit's first of this place on: a return address; what lies there. */
void write_return_address(Writer *u, u32 pc);
void write_stack_load(Writer *u, i32 entry);
/* Stores depth (with the entries of this place) and fuel: what of a run's position is in locals. */
void store_state_of_run(Writer *u);
/* The activations that are marked at an instruction, where it is written by others than write_ins. */
void write_activations(Writer *u, u32 pc);
/* Ends of blocks: a call, a host call, a jump into another unit, a return. */
void write_call(Writer *u, const Block *b);
void write_host(Writer *u, u32 pc, const Ins *i);
void write_go(Writer *u, u32 block);
void write_return(Writer *u);

/* ---- wgen_slot.c: where slots are ---- */

/* A local that nobody has had. */
u32 fresh_local(Writer *u, u8 type);
/* A temporary's value is in this local. */
void hold_local(Writer *u, u32 slot, u32 local);
/* Pushes what lies in memory. */
void write_load(Writer *u, u32 slot, u8 letter);
/* A local for the unit's own use; NONE when there are too many. */
u32 take_local(Writer *u, u8 type);
void give_local(Writer *u, u32 local);
u8 wasm_type(u8 letter);

/* Pushes the value of a slot, or pops one into it. Letters: B I F R. */
void write_read(Writer *u, u32 slot, u8 letter);
void write_write(Writer *u, u32 slot, u8 letter);
/* What a slot holds; 0: a temporary in memory, of some letter. */
u8 letter_of(const Writer *u, u32 slot);
/* Pushes the address of a slot. */
void write_address(Writer *u, u32 slot);

/* Stores every cache that may be newer than memory; one; loads one anew; all. */
void flush(Writer *u);
void flush_slot(Writer *u, u32 slot);
void reload_slot(Writer *u, u32 slot);
void reload_all(Writer *u);
/* Whether a slot's cache may be newer than memory; it is. */
bool is_dirty(Writer *u, u32 slot);
void mark_dirty(Writer *u, u32 slot);
/* Slots of a range lie in memory, whatever they are; memory is newer than what locals hold of it. */
void to_memory(Writer *u, u32 slot, u32 count);
void from_memory(Writer *u, u32 slot, u32 count);
/* Temporaries that nobody reads behind u->pc are over; all of the node in hand are. */
void release_reads(Writer *u, const Ins *i);
void forget_temps(Writer *u);

static inline bool is_state(const Writer *u, u32 slot) { return slot < u->p->const_first; }
static inline bool is_const(const Writer *u, u32 slot) { return slot >= u->p->const_first && slot < u->p->temp_first; }

#endif
