/* wgen_hoist.c (run) - values that are the same in every turn of a loop: worked out once, in front of it.
**
** Pure instructions only, so nobody can tell; and only what costs more than a local does, with what it is worked out from. Control
** comes into a loop through its front even when a run is taken up in the middle of a turn, so what was hoisted is worked out
** again there and need not be kept with the run. */
#include <stdlib.h>
#include <string.h>

#include "wgen_unit.h"

enum { WORTH = 8, HOISTS_MOST = 2000 }; /* spell_cost: a division, a root, a call, a matrix; instructions of one unit */

typedef struct Search {
    Writer *u;
    u64 *written;       /* by loop: caches that are written in it, cache_words each */
    const Block *block; /* in hand ... */
    u32 *loop;          /* ... by instruction of it: the outermost loop that it is the same in, NONE */
    u32 room;           /* of `loop` */
} Search;

/* ---- what loops write ---- */

static void add_cache(Search *s, u32 loop, u32 slot) {
    const Writer *u = s->u;
    u32 k = is_state(u, slot) ? u->w->cache_of[slot] : NONE;
    for (; k != NONE && loop != NONE; loop = u->nest.loops[loop].up)
        s->written[(u64)loop * u->cache_words + k / 64] |= UINT64_C(1) << k % 64;
}

static void add_all(Search *s, u32 loop) {
    for (; loop != NONE; loop = s->u->nest.loops[loop].up)
        memset(s->written + (u64)loop * s->u->cache_words, 0xff, sizeof(u64) * s->u->cache_words);
}

static void add_reach(Search *s, u32 loop, const Ins *i) {
    const Graph *g = s->u->p->graph;
    u32 node;
    EffectReach reach = effect_writes(s->u->p, i, &node);
    if (i->code == CODE_host || reach == REACH_ALL || reach == REACH_CELLS) add_all(s, loop);
    if (reach != REACH_NODE) return;
    for (u32 out = g->value_out[node]; out < g->value_out[node + 1]; out++)
        for (u32 k = 0; g->out_slot[out] != NONE && k < type_lanes((Type)g->out_type[out]); k++)
            add_cache(s, loop, g->out_slot[out] + k);
}

static void add_callee(Search *s, u32 loop, u32 unit) {
    const struct Writes *writes = &s->u->w->writes[unit];
    if (writes->count == WRITES_ALL)
        add_all(s, loop);
    else
        for (u32 k = 0; k < writes->count; k++) add_cache(s, loop, writes->slots[k]);
}

static void add_writes(Search *s, u32 loop, const Block *b) {
    Access list[ACCESS_MAX];
    for (u32 pc = b->first; pc < b->past; pc++) {
        const Ins *i = &s->u->p->code[pc];
        if (ins_kind((Code)i->code) == INS_EFFECT) add_reach(s, loop, i);
        for (u32 a = 0, n = access_of(s->u->p, i, list); a < n; a++)
            for (u32 k = 0; list[a].write && k < list[a].count; k++) add_cache(s, loop, list[a].slot + k);
    }
    if (b->callee != NONE) add_callee(s, loop, s->u->c->blocks[b->callee].unit);
}

/* ---- what is the same in every turn ---- */

static u32 depth_of(const Writer *u, u32 loop) {
    u32 depth = 0;
    for (; loop != NONE; loop = u->nest.loops[loop].up) depth++;
    return depth;
}

/* The outermost loop from `loop` on whose turns do not write the slot; NONE. */
static u32 steady(const Search *s, u32 loop, u32 slot) {
    const Writer *u = s->u;
    u32 k = u->w->cache_of[slot], best = NONE;
    if (k == NONE) return NONE;
    for (; loop != NONE; loop = u->nest.loops[loop].up) {
        if (s->written[(u64)loop * u->cache_words + k / 64] >> k % 64 & 1) break;
        best = loop;
    }
    return best;
}

/* Of a temporary: that of who wrote it last in this block. */
static u32 loop_of_slot(const Search *s, u32 loop, u32 slot) {
    const Wgen *w = s->u->w;
    if (is_state(s->u, slot)) return steady(s, loop, slot);
    return w->read_in[slot] == w->stamp ? s->loop[w->last_read[slot] - s->block->first] : NONE;
}

/* Results that go to state pass through locals, which functions that work on memory know nothing of. */
static bool can_hoist(const Writer *u, const Ins *i) {
    if (i->code >= VEC_PAST) return false;
    if (is_state(u, (u32)i->a)) return i->code < PURE_COUNT || spell((RowId)i->code)->steps;
    return !u->w->exposed[i->a];
}

static u32 loop_of_ins(const Search *s, u32 loop, const Ins *i) {
    const Writer *u = s->u;
    Access list[ACCESS_MAX];
    u32 best = loop;
    if (!can_hoist(u, i)) return NONE;
    while (u->nest.loops[best].up != NONE) best = u->nest.loops[best].up;
    for (u32 a = 0, n = access_of(u->p, i, list); a + 1 < n; a++)
        for (u32 slot = list[a].slot; slot < list[a].slot + list[a].count; slot++) {
            if (is_const(u, slot)) continue;
            u32 at = loop_of_slot(s, loop, slot);
            if (at == NONE) return NONE;
            if (depth_of(u, at) > depth_of(u, best)) best = at;
        }
    return best;
}

/* read_in and last_read serve as who wrote a temporary last. */
static void find_loops(Search *s, u32 loop) {
    Wgen *w = s->u->w;
    Access list[ACCESS_MAX];
    w->stamp++;
    for (u32 pc = s->block->first; pc < s->block->past; pc++) {
        const Ins *i = &s->u->p->code[pc];
        s->loop[pc - s->block->first] = loop_of_ins(s, loop, i);
        for (u32 a = 0, n = access_of(s->u->p, i, list); a < n; a++)
            for (u32 slot = list[a].slot; list[a].write && slot < list[a].slot + list[a].count; slot++) {
                w->read_in[slot] = w->stamp;
                w->last_read[slot] = pc;
            }
    }
}

/* ---- what is worth it ---- */

/* Marks by read_in the temporaries that a hoisted instruction is worked out from; those it writes are no more asked for. */
static bool settle_writes(Writer *u, const Access *list, u32 n) {
    Wgen *w = u->w;
    bool asked = false;
    for (u32 a = 0; a < n; a++)
        for (u32 slot = list[a].slot; list[a].write && slot < list[a].slot + list[a].count; slot++) {
            asked |= w->read_in[slot] == w->stamp;
            w->read_in[slot] = w->stamp - 1;
        }
    return asked;
}

/* From the last instruction to the first: who is worth it, then who is needed for that. All of a block, or as many as there is room for
** from the end: then sources may be missing, and the block keeps none. */
static void choose(Search *s) {
    Writer *u = s->u;
    Wgen *w = u->w;
    Access list[ACCESS_MAX];
    u32 before = u->hoist_count;
    w->stamp += 2;
    for (u32 pc = s->block->past; pc-- > s->block->first;) {
        const Ins *i = &u->p->code[pc];
        u32 n = access_of(u->p, i, list), loop = s->loop[pc - s->block->first];
        bool asked = settle_writes(u, list, n);
        if (loop == NONE || (!asked && spell_cost((RowId)i->code) < WORTH)) continue;
        if (u->hoist_count == HOISTS_MOST) {
            u->hoist_count = before;
            return;
        }
        u->hoists[u->hoist_count++] = (Hoist){pc, loop, NONE};
        for (u32 a = 0; a + 1 < n; a++)
            for (u32 slot = list[a].slot; slot < list[a].slot + list[a].count; slot++)
                if (!is_state(u, slot) && !is_const(u, slot)) w->read_in[slot] = w->stamp;
    }
}

/* ---- the unit's hoists ---- */

static u32 lanes_of(const Writer *u, const Ins *i) {
    Access list[ACCESS_MAX];
    u32 n = access_of(u->p, i, list);
    return list[n - 1].count;
}

static u8 letter_of_lane(const Ins *i, u32 lane) {
    if (i->code < PURE_COUNT) {
        char letter = pure_row((PureId)i->code)->result;
        return (u8)(letter >= 'a' ? letter - 'a' + 'A' : letter);
    }
    const VecRow *row = vec_row((RowId)i->code);
    u32 k = 0;
    while (lane >= type_lanes((Type)row->out[k].type)) lane -= type_lanes((Type)row->out[k++].type);
    return (u8)type_letter((Type)row->out[k].type);
}

static int compare_hoists(const void *a, const void *b) {
    u32 left = ((const Hoist *)a)->pc, right = ((const Hoist *)b)->pc;
    return (left > right) - (left < right);
}

/* Locals of their own: nobody else is given them. */
static void take_locals(Writer *u) {
    u->pinned = LOCAL_FIRST + u->local_count;
    for (u32 k = 0; k < u->hoist_count; k++) {
        const Ins *i = &u->p->code[u->hoists[k].pc];
        u->hoists[k].local = LOCAL_FIRST + u->local_count;
        for (u32 lane = 0, lanes = lanes_of(u, i); lane < lanes; lane++)
            fresh_local(u, wasm_type(letter_of_lane(i, lane)));
    }
    u->pinned_past = LOCAL_FIRST + u->local_count;
}

static const Block *block_of(const Writer *u, u32 node) {
    return &u->c->blocks[u->c->members[u->c->units[u->unit].block_first + node - 1]];
}

static void search_block(Search *s, u32 node) {
    Writer *u = s->u;
    s->block = block_of(u, node);
    u32 count = s->block->past - s->block->first;
    if (count > s->room) {
        s->loop = ARENA_ARRAY(&u->arena, u32, 2 * (u64)count);
        s->room = 2 * count;
    }
    if (!s->loop) return;
    find_loops(s, u->nest.loop[node]);
    choose(s);
}

bool find_hoists(Writer *u) {
    Search s = {.u = u};
    if (!u->nest.loop_count) return true;
    s.written = ARENA_ARRAY(&u->arena, u64, (u64)u->nest.loop_count * u->cache_words + 1);
    u->hoists = ARENA_ARRAY(&u->arena, Hoist, HOISTS_MOST);
    if (u->arena.full) return false;
    for (u32 node = 1; node < u->shape.charge_first; node++)
        if (u->nest.loop[node] != NONE) add_writes(&s, u->nest.loop[node], block_of(u, node));
    for (u32 node = 1; node < u->shape.charge_first && !u->arena.full; node++)
        if (u->nest.loop[node] != NONE) search_block(&s, node);
    if (u->hoist_count) qsort(u->hoists, u->hoist_count, sizeof(Hoist), compare_hoists);
    take_locals(u);
    return !u->arena.full && !u->failed;
}

/* ---- in front of a loop, and in it ---- */

static void keep_results(Writer *u, const Hoist *h, const Ins *i, bool pushed) {
    u32 lanes = lanes_of(u, i);
    for (u32 lane = lanes; pushed && lane-- > 0;) wasm_set(&u->body, h->local + lane);
    for (u32 lane = 0; !pushed && lane < lanes; lane++) {
        write_load(u, (u32)i->a + lane, letter_of_lane(i, lane));
        wasm_set(&u->body, h->local + lane);
    }
}

/* Its temporaries are its locals from here on. */
static void bind_results(Writer *u, const Hoist *h, const Ins *i) {
    if (is_state(u, (u32)i->a)) return;
    for (u32 lane = 0, lanes = lanes_of(u, i); lane < lanes; lane++) hold_local(u, (u32)i->a + lane, h->local + lane);
}

void write_hoists(Writer *u, u32 loop) {
    u32 block = NONE;
    u->hoisting = true;
    for (u32 k = 0; k < u->hoist_count; k++) {
        const Hoist *h = &u->hoists[k];
        const Ins *i = &u->p->code[h->pc];
        if (u->c->block_at[h->pc] != block) forget_temps(u);
        block = u->c->block_at[h->pc];
        u->pc = h->pc;
        if (h->loop == loop) wasm_label(&u->body, "hoisted from %", h->pc);
        if (h->loop == loop) keep_results(u, h, i, push_row(u, i));
        bind_results(u, h, i);
    }
    forget_temps(u);
    u->hoisting = false;
}

bool write_hoisted(Writer *u, u32 pc) {
    Hoist key = {.pc = pc};
    const Hoist *h = u->hoist_count ? bsearch(&key, u->hoists, u->hoist_count, sizeof(Hoist), compare_hoists) : NULL;
    if (!h) return false;
    const Ins *i = &u->p->code[pc];
    bind_results(u, h, i);
    for (u32 lane = lanes_of(u, i); is_state(u, (u32)i->a) && lane-- > 0;) {
        wasm_get(&u->body, h->local + lane);
        write_write(u, (u32)i->a + lane, letter_of_lane(i, lane));
    }
    return true;
}
