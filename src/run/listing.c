/* listing.c (run) - what became of a program, for people: its units and loops, with the fuel of a turn. */
#include "listing.h"

#include "../code/structure.h"

typedef struct Listing {
    const Cfg *c;
    const Unit *u;
    UnitShape shape;
    Nest nest;
    Arena arena; /* owns both */
    Buf *out;
} Listing;

enum { LABEL = 96 };

/* Fuel that instruction pc charges; of a turn, what the next one costs. */
static u32 charge_at(const Program *p, u32 pc) {
    const Ins *i = &p->code[pc];
    if (i->code == CODE_fuel) return (u32)i->a;
    return i->code == CODE_turn || i->code == CODE_next_turn ? (u32)i->d : 0;
}

/* The first node that a block activates; false: none. */
static bool label_block(const Program *p, const Block *b, char label[LABEL]) {
    for (u32 pc = b->first; pc < b->past; pc++)
        for (u32 m = p->mark_at[pc]; m < p->mark_count && p->marks[m].pc == pc; m++) {
            if (p->marks[m].kind != MARK_ACTIVATE) continue;
            graph_node_label(p->graph, p->graph->flow_in_node[p->marks[m].what], label, LABEL);
            return true;
        }
    return false;
}

static const Block *member(const Listing *l, u32 k) { return &l->c->blocks[l->c->members[l->u->block_first + k]]; }

/* Of a loop: blocks of its own, and what they charge together. A turn may pass by some of them. */
static void list_loop(Listing *l, u32 loop) {
    char label[LABEL] = "";
    u32 fuel = 0, blocks = 0, deep = 0;
    for (u32 node = 1; node < l->shape.charge_first; node++) {
        if (l->nest.loop[node] != loop) continue;
        const Block *b = member(l, node - 1);
        blocks++;
        for (u32 pc = b->first; pc < b->past; pc++) fuel += charge_at(l->c->program, pc);
        if (!label[0]) label_block(l->c->program, b, label);
    }
    for (u32 up = loop; up != NONE && deep < 20; up = l->nest.loops[up].up) deep++;
    buf_print(l->out, "%*sloop", (int)(2 * deep), "");
    if (label[0]) buf_print(l->out, " with %s", label);
    buf_print(l->out, ": %u blocks, fuel of a turn at most %u, inner loops aside\n", (unsigned)blocks, (unsigned)fuel);
}

static void list_name(const Listing *l, u32 unit, const char *name) {
    char label[LABEL] = "";
    if (name) {
        buf_text(l->out, name);
        return;
    }
    for (u32 k = 0; k < l->u->blocks && !label[0]; k++) label_block(l->c->program, member(l, k), label);
    buf_print(l->out, label[0] ? "unit %u (%s)" : "unit %u", (unsigned)unit, label);
}

/* A unit that goes on in others was cut, or shares with them what several lead to. */
static void list_whole(const Listing *l, u32 bytes) {
    u32 instructions = 0, goes = l->shape.count - l->shape.go_first;
    for (u32 k = 0; k < l->u->blocks; k++) instructions += member(l, k)->past - member(l, k)->first;
    buf_print(l->out, ": %u instructions in %u blocks, entered in %u ways", (unsigned)instructions,
              (unsigned)l->u->blocks, (unsigned)l->u->ways);
    if (goes) buf_print(l->out, ", goes on in others in %u", (unsigned)goes);
    if (bytes) buf_print(l->out, ", %u bytes", (unsigned)bytes);
    buf_byte(l->out, '\n');
}

Err list_unit(const Cfg *c, u32 unit, const char *name, u32 bytes, Buf *out) {
    Listing l = {.c = c, .u = &c->units[unit], .out = out};
    arena_open(&l.arena, 0);
    Err err = cfg_shape(c, unit, &l.arena, &l.shape);
    if (err == ERR_OK) err = structure(&l.arena, &(Shape){l.shape.count, l.shape.first, l.shape.succ}, &l.nest);
    if (err == ERR_OK) {
        list_name(&l, unit, name);
        list_whole(&l, bytes);
        for (u32 loop = 0; loop < l.nest.loop_count; loop++) list_loop(&l, loop);
    }
    arena_close(&l.arena);
    return err;
}
