/* wgen_slot.c (run) - where a slot's value is while a unit runs: an immediate, a local, or the frame in memory.
**
** A state slot that is used often has a local, its cache. A cache always holds what the slot holds; memory may be older where
** the set `now` says so. A temporary has a local from where it is written to where it is last read, in one block. */
#include "wgen_unit.h"

/* More locals than this are too much for engines: temporaries stay in memory then. */
enum { LOCALS_MOST = 20000 };

u8 wasm_type(u8 letter) { return letter == 'F' ? WASM_F64 : letter == 'R' ? WASM_I64 : WASM_I32; }

static u32 pool_of(u8 type) { return type == WASM_F64 ? POOL_F : type == WASM_I64 ? POOL_R : POOL_I; }

/* ---- locals ---- */

static bool grow(void **data, u32 *cap, size_t size) {
    u32 want = *cap ? *cap * 2 : 64;
    void *more = want > *cap ? system_grow(*data, size * want) : NULL;
    if (!more) return false;
    *data = more;
    *cap = want;
    return true;
}

u32 take_local(Writer *u, u8 type) {
    LocalPool *pool = &u->pool[pool_of(type)];
    return pool->count ? pool->free[--pool->count] : fresh_local(u, type);
}

u32 fresh_local(Writer *u, u8 type) {
    if (u->local_count == u->local_cap && !grow((void **)&u->local_type, &u->local_cap, 1)) {
        u->failed = true;
        return LOCAL_FIRST;
    }
    u->local_type[u->local_count] = type;
    return LOCAL_FIRST + u->local_count++;
}

void give_local(Writer *u, u32 local) {
    if (u->failed || (local >= u->pinned && local < u->pinned_past)) return;
    LocalPool *pool = &u->pool[pool_of(u->local_type[local - LOCAL_FIRST])];
    if (pool->count == pool->cap && !grow((void **)&pool->free, &pool->cap, sizeof(u32)))
        u->failed = true;
    else
        pool->free[pool->count++] = local;
}

/* ---- temporaries ---- */

static void hold(Writer *u, u32 slot, u32 local) {
    if (u->held_count == u->held_cap && !grow((void **)&u->held, &u->held_cap, sizeof(u32))) {
        u->failed = true;
        return;
    }
    u->w->temp_of[slot] = local;
    u->held[u->held_count++] = slot;
}

/* It stays in the list of held ones until the node is over. */
static void let_go(Writer *u, u32 slot) {
    u32 *local = &u->w->temp_of[slot];
    if (*local == NONE) return;
    give_local(u, *local);
    *local = NONE;
}

void hold_local(Writer *u, u32 slot, u32 local) {
    let_go(u, slot);
    hold(u, slot, local);
}

void forget_temps(Writer *u) {
    for (u32 i = 0; i < u->held_count; i++) let_go(u, u->held[i]);
    u->held_count = 0;
}

static bool is_read_later(const Writer *u, u32 slot) {
    if (u->hoisting) return true;
    return u->w->read_in[slot] == u->block_stamp && u->w->last_read[slot] > u->pc;
}

void release_reads(Writer *u, const Ins *i) {
    Access list[ACCESS_MAX];
    for (u32 k = 0, n = access_of(u->p, i, list); k < n; k++)
        for (u32 s = list[k].slot; !list[k].write && s < list[k].slot + list[k].count; s++)
            if (!is_state(u, s) && !is_const(u, s) && !is_read_later(u, s)) let_go(u, s);
}

static bool is_exposed(const Writer *u, u32 slot) { return u->w->exposed[slot] || u->w->passed[slot]; }

/* ---- memory ---- */

static u32 offset_of(u32 slot) { return slot * (u32)sizeof(Slot); }

void write_address(Writer *u, u32 slot) {
    wasm_get(&u->body, LOCAL_SLOTS);
    wasm_const_i32(&u->body, (i32)offset_of(slot));
    wasm_op(&u->body, WASM_i32_add);
}

void write_load(Writer *u, u32 slot, u8 letter) {
    wasm_get(&u->body, LOCAL_SLOTS);
    wasm_load(&u->body, wasm_type(letter), offset_of(slot));
}

/* Stores a local. Ints and bools have nothing above them: the machine writes slots whole, and so must we where another letter
** may have been. */
static void store(Writer *u, u32 slot, u32 local, u8 type) {
    wasm_get(&u->body, LOCAL_SLOTS);
    wasm_get(&u->body, local);
    if (type == WASM_I32 && !is_state(u, slot)) {
        wasm_op(&u->body, WASM_i64_extend_i32_u);
        type = WASM_I64;
    }
    wasm_store(&u->body, type, offset_of(slot));
}

/* Pops into memory. */
static void store_popped(Writer *u, u32 slot, u8 letter) {
    u32 local = take_local(u, wasm_type(letter));
    wasm_set(&u->body, local);
    store(u, slot, local, wasm_type(letter));
    give_local(u, local);
}

/* ---- caches ---- */

static Cache *cache(const Writer *u, u32 slot) {
    u32 k = is_state(u, slot) ? u->w->cache_of[slot] : NONE;
    return k == NONE ? NULL : &u->caches[k];
}

static u64 *dirty_word(Writer *u, const Cache *c) { return &u->now[(u32)(c - u->caches) / 64]; }
static u64 dirty_bit(const Writer *u, const Cache *c) { return UINT64_C(1) << (u32)(c - u->caches) % 64; }

static void flush_cache(Writer *u, const Cache *c) {
    u64 *word = dirty_word(u, c), bit = dirty_bit(u, c);
    if (!(*word & bit)) return;
    wasm_label(&u->body, "slot % to memory", c->slot);
    store(u, c->slot, c->local, wasm_type(c->letter));
    *word &= ~bit;
}

void flush(Writer *u) {
    for (u32 k = 0; k < u->cache_count; k++) flush_cache(u, &u->caches[k]);
}

void flush_slot(Writer *u, u32 slot) {
    const Cache *c = cache(u, slot);
    if (c) flush_cache(u, c);
}

bool is_dirty(Writer *u, u32 slot) {
    const Cache *c = cache(u, slot);
    return c && *dirty_word(u, c) & dirty_bit(u, c);
}

void mark_dirty(Writer *u, u32 slot) {
    const Cache *c = cache(u, slot);
    if (c) *dirty_word(u, c) |= dirty_bit(u, c);
}

static void reload(Writer *u, const Cache *c) {
    wasm_label(&u->body, "slot % from memory", c->slot);
    write_load(u, c->slot, c->letter);
    wasm_set(&u->body, c->local);
    *dirty_word(u, c) &= ~dirty_bit(u, c);
}

void reload_slot(Writer *u, u32 slot) {
    const Cache *c = cache(u, slot);
    if (c) reload(u, c);
}

void reload_all(Writer *u) {
    for (u32 k = 0; k < u->cache_count; k++) reload(u, &u->caches[k]);
}

void to_memory(Writer *u, u32 slot, u32 count) {
    for (u32 s = slot; s < slot + count; s++) {
        flush_slot(u, s);
        u32 local = is_state(u, s) || is_const(u, s) ? NONE : u->w->temp_of[s];
        if (local != NONE) store(u, s, local, u->local_type[local - LOCAL_FIRST]);
    }
}

void from_memory(Writer *u, u32 slot, u32 count) {
    for (u32 s = slot; s < slot + count; s++) {
        if (is_state(u, s))
            reload_slot(u, s);
        else
            let_go(u, s);
    }
}

/* ---- reading and writing ---- */

u8 letter_of(const Writer *u, u32 slot) {
    if (is_state(u, slot) || is_const(u, slot)) return u->w->letters[slot];
    u32 local = u->w->temp_of[slot];
    if (local == NONE) return 0;
    u8 type = u->local_type[local - LOCAL_FIRST];
    return type == WASM_F64 ? 'F' : type == WASM_I64 ? 'R' : 'I';
}

static void read_const(Writer *u, u32 slot, u8 letter) {
    Slot value = u->p->consts[slot - u->p->const_first];
    if (letter == 'F')
        wasm_const_f64(&u->body, value.f);
    else if (letter == 'R')
        wasm_const_i64(&u->body, (i64)value.bits);
    else
        wasm_const_i32(&u->body, value.i);
}

/* One that an effect left in memory is loaded once. */
static void read_temp(Writer *u, u32 slot, u8 letter) {
    u32 local = u->w->temp_of[slot];
    if (local != NONE) {
        wasm_get(&u->body, local);
        return;
    }
    write_load(u, slot, letter);
    if (u->conditional || is_exposed(u, slot) || !is_read_later(u, slot) || u->local_count > LOCALS_MOST) return;
    local = take_local(u, wasm_type(letter));
    wasm_tee(&u->body, local);
    hold(u, slot, local);
}

void write_read(Writer *u, u32 slot, u8 letter) {
    const Cache *c = cache(u, slot);
    if (c)
        wasm_get(&u->body, c->local);
    else if (is_state(u, slot))
        write_load(u, slot, letter);
    else if (is_const(u, slot))
        read_const(u, slot, letter);
    else
        read_temp(u, slot, letter);
}

static void write_temp(Writer *u, u32 slot, u8 letter) {
    let_go(u, slot);
    if (is_exposed(u, slot) || u->local_count > LOCALS_MOST) {
        store_popped(u, slot, letter);
    } else if (!is_read_later(u, slot)) {
        wasm_op(&u->body, WASM_drop);
    } else {
        u32 local = take_local(u, wasm_type(letter));
        wasm_set(&u->body, local);
        hold(u, slot, local);
    }
}

void write_write(Writer *u, u32 slot, u8 letter) {
    const Cache *c = cache(u, slot);
    if (c) {
        wasm_set(&u->body, c->local);
        *dirty_word(u, c) |= dirty_bit(u, c);
    } else if (is_state(u, slot)) {
        store_popped(u, slot, letter);
    } else {
        write_temp(u, slot, letter);
    }
}
