/* wgen_unit.c (run) - one unit: which slots get locals, what is newer than memory where, and its nested control. */
#include "wgen_unit.h"

#include <string.h>

/* Caches of one unit: more make engines slow, since every merge of control looks at every local. */
enum { CACHES_MOST = 1024, DIRTY_WORDS_MOST = 1 << 20 };

static const Block *block_of(const Writer *u, u32 node) {
    const Unit *unit = &u->c->units[u->unit];
    if (node >= u->shape.charge_first)
        return &u->c->blocks[u->c->ways[unit->way_first + u->shape.charge[node - u->shape.charge_first]].block];
    return &u->c->blocks[u->c->members[unit->block_first + node - 1]];
}

static bool is_go(const Writer *u, u32 node) { return node >= u->shape.go_first; }
static bool is_charge_node(const Writer *u, u32 node) { return node >= u->shape.charge_first && !is_go(u, node); }

/* The instructions of a node: a charge alone, or its block's. */
static u32 first_of(const Writer *u, u32 node) {
    const Block *b = block_of(u, node);
    return is_charge_node(u, node) ? b->past - 1 : b->first;
}

/* ---- which temporaries live in memory ---- */

static void expose(void *context, u32 slot) {
    Writer *u = context;
    Wgen *w = u->w;
    if (w->exposed[slot]) return;
    w->exposed[slot] = 1;
    if (u->exposed_count == u->exposed_cap) {
        u32 cap = u->exposed_cap ? 2 * u->exposed_cap : 64;
        u32 *more = system_grow(u->exposed, sizeof(u32) * cap);
        if (!more) {
            u->failed = true;
            return;
        }
        u->exposed = more;
        u->exposed_cap = cap;
    }
    u->exposed[u->exposed_count++] = slot;
}

/* read_in serves as the stamp of the last write here. */
void visit_given(Wgen *w, const Block *b, void (*visit)(void *context, u32 slot), void *context) {
    const Program *p = w->program;
    Access list[ACCESS_MAX];
    w->stamp++;
    for (u32 pc = b->first; pc < b->past; pc++)
        for (u32 a = 0, n = access_of(p, &p->code[pc], list); a < n; a++)
            for (u32 s = list[a].slot; s < list[a].slot + list[a].count; s++) {
                if (s < p->temp_first) continue;
                if (list[a].write)
                    w->read_in[s] = w->stamp;
                else if (w->read_in[s] != w->stamp)
                    visit(context, s);
            }
}

static void find_exposed(Writer *u, const u32 *blocks, u32 count) {
    for (u32 k = 0; k < count; k++) visit_given(u->w, &u->c->blocks[blocks[k]], expose, u);
}

void find_last_reads(Writer *u, u32 first, u32 past) {
    Wgen *w = u->w;
    Access list[ACCESS_MAX];
    u->block_stamp = ++w->stamp;
    for (u32 pc = first; pc < past; pc++)
        for (u32 a = 0, n = access_of(u->p, &u->p->code[pc], list); a < n; a++)
            for (u32 s = list[a].slot; !list[a].write && s < list[a].slot + list[a].count; s++) {
                w->read_in[s] = w->stamp;
                w->last_read[s] = pc;
            }
}

/* ---- which state gets locals ---- */

/* Its slots are read and written by instructions, not by services. */
static bool is_direct(Code code) {
    InsKind kind = ins_kind(code);
    if (kind == INS_PURE && (u32)code < VEC_PAST && (u32)code >= PURE_COUNT) return spell((RowId)code)->steps != NULL;
    return kind != INS_EFFECT || code == CODE_enter || code == CODE_leave || code == CODE_random;
}

/* Counts uses by slot into w->last_read, stamped; in a loop each counts for many. */
static void count_uses(Writer *u, u32 *slots, u32 *count, u32 most) {
    Wgen *w = u->w;
    Access list[ACCESS_MAX];
    w->stamp++;
    for (u32 node = 1; node < u->shape.charge_first; node++) {
        const Block *b = block_of(u, node);
        u32 weight = u->nest.loop[node] == NONE ? 1 : 16;
        for (u32 pc = b->first; pc < b->past; pc++) {
            if (!is_direct((Code)u->p->code[pc].code)) continue;
            for (u32 a = 0, n = access_of(u->p, &u->p->code[pc], list); a < n; a++)
                for (u32 s = list[a].slot; s < list[a].slot + list[a].count && is_state(u, s); s++) {
                    if (w->read_in[s] != w->stamp) {
                        if (*count == most) continue;
                        slots[(*count)++] = s;
                        w->read_in[s] = w->stamp;
                        w->last_read[s] = 0;
                    }
                    w->last_read[s] += weight;
                }
        }
    }
}

static bool is_known(u8 letter) { return letter == 'B' || letter == 'I' || letter == 'F' || letter == 'R'; }

/* Slots of loops first, then others that are used more than twice. */
static bool choose_caches(Writer *u) {
    Wgen *w = u->w;
    u32 most = CACHES_MOST * 8, count = 0;
    u32 *slots = ARENA_ARRAY(&u->arena, u32, most);
    u->caches = ARENA_ARRAY(&u->arena, Cache, CACHES_MOST);
    if (u->arena.full) return false;
    count_uses(u, slots, &count, most);
    u32 room = DIRTY_WORDS_MOST / u->shape.count * 64;
    if (room > CACHES_MOST) room = CACHES_MOST;
    for (u32 pass = 0; pass < 2; pass++)
        for (u32 k = 0; k < count && u->cache_count < room; k++) {
            u32 s = slots[k], uses = w->last_read[s];
            if (!is_known(w->letters[s]) || (pass == 0 ? uses < 16 : uses >= 16 || uses < 3)) continue;
            w->cache_of[s] = u->cache_count;
            u->caches[u->cache_count++] = (Cache){s, take_local(u, wasm_type(w->letters[s])), w->letters[s], false};
        }
    return !u->failed;
}

/* ---- what is newer than memory ---- */

static void set_dirty(Writer *u, u64 *set, u32 slot) {
    u32 k = is_state(u, slot) ? u->w->cache_of[slot] : NONE;
    if (k == NONE) return;
    set[k / 64] |= UINT64_C(1) << k % 64;
    u->caches[k].written = true;
}

/* Whether wgen_ins.c flushes before it. In traced code services read what they tell of, but those that it writes inline. */
static bool flushes(const Writer *u, const Ins *i) {
    u32 node;
    if (i->code == CODE_call) return true;
    if (ins_kind((Code)i->code) != INS_EFFECT) return false;
    EffectReach reads = effect_reads(u->p, i, &node);
    bool is_inline = is_direct((Code)i->code) || i->code == CODE_interpolate_stop;
    return reads == REACH_ALL || reads == REACH_CELLS || (u->w->options.traced && !is_inline);
}

/* What an instruction adds to the set, or that it empties it. What services write is loaded again and so not newer. */
static void pass(Writer *u, u64 *set, const Ins *i) {
    Access list[ACCESS_MAX];
    if (flushes(u, i)) memset(set, 0, sizeof(u64) * u->cache_words);
    if (!is_direct((Code)i->code)) return;
    for (u32 a = 0, n = access_of(u->p, i, list); a < n; a++)
        for (u32 s = list[a].slot; list[a].write && s < list[a].slot + list[a].count; s++) set_dirty(u, set, s);
}

/* Adds what is dirty behind `node` to its successors'; whether that was news. */
static bool pass_on(Writer *u, u32 node, u64 *set) {
    bool news = false;
    memcpy(set, u->dirty + (u64)node * u->cache_words, sizeof(u64) * u->cache_words);
    if (node && !is_go(u, node))
        for (u32 pc = first_of(u, node); pc < block_of(u, node)->past; pc++) pass(u, set, &u->p->code[pc]);
    for (u32 k = u->shape.first[node]; k < u->shape.first[node + 1]; k++) {
        u64 *to = u->dirty + (u64)u->shape.succ[k] * u->cache_words;
        for (u32 word = 0; word < u->cache_words; word++) {
            news |= (set[word] & ~to[word]) != 0;
            to[word] |= set[word];
        }
    }
    return news;
}

/* In the order of the nest, which is one in which most news goes forward. */
static bool find_dirty(Writer *u) {
    u->cache_words = (u->cache_count + 63) / 64;
    u->dirty = ARENA_ARRAY(&u->arena, u64, (u64)u->shape.count * u->cache_words + 1);
    u->now = ARENA_ARRAY(&u->arena, u64, u->cache_words + 1);
    u->aside = ARENA_ARRAY(&u->arena, u64, u->cache_words + 1);
    if (u->arena.full) return false;
    for (bool news = u->cache_words > 0; news;) {
        news = false;
        for (u32 k = 0; k < u->nest.count; k++)
            if (u->nest.ops[k].kind == NEST_CODE) news |= pass_on(u, u->nest.ops[k].a, u->now);
    }
    return true;
}

/* ---- nested control ---- */

static void write_node(Writer *u, u32 node) {
    if (is_go(u, node)) {
        forget_temps(u);
        memcpy(u->now, u->dirty + (u64)node * u->cache_words, sizeof(u64) * u->cache_words);
        u->height = u->c->blocks[u->shape.go[node - u->shape.go_first]].height;
        write_go(u, u->shape.go[node - u->shape.go_first]);
        return;
    }
    const Block *b = block_of(u, node);
    u32 last = b->past - 1;
    const Ins *end = &u->p->code[last];
    forget_temps(u);
    find_last_reads(u, first_of(u, node), b->past);
    memcpy(u->now, u->dirty + (u64)node * u->cache_words, sizeof(u64) * u->cache_words);
    u->height = b->height;
    if (is_charge_node(u, node)) wasm_label(&u->body, "resume at %", last);
    if (is_charge_node(u, node)) /* where the block's own charge stands */
        for (u32 pc = b->first; pc < last; pc++)
            u->height += (u->p->code[pc].code == CODE_push) - (u->p->code[pc].code == CODE_pop);
    for (u32 pc = first_of(u, node); pc < last; pc++) write_ins(u, pc);
    u->pc = last;
    if (b->end == END_NEXT) {
        write_ins(u, last);
        return;
    }
    write_activations(u, last);
    switch (b->end) {
    case END_FUEL: write_charge(u, last, end->a); break;
    case END_CALL: write_call(u, b); break;
    case END_HOST: write_host(u, last, end); break;
    default: break;
    }
}

static void write_if(Writer *u, u32 node) {
    const Block *b = block_of(u, node);
    const Ins *end = &u->p->code[b->past - 1];
    u->pc = b->past - 1;
    if (b->end == END_TURN)
        write_turn_test(u, end);
    else
        write_condition(u, end);
    wasm_begin(&u->body, WASM_if, WASM_VOID);
    u->level++;
    if (b->end == END_TURN) write_turn_over(u, end);
}

static void write_else(Writer *u, u32 node) {
    const Block *b = block_of(u, node);
    wasm_label(&u->body, "else", 0);
    wasm_else(&u->body);
    u->height = b->height;
    for (u32 pc = b->first; pc < b->past; pc++)
        u->height += (u->p->code[pc].code == CODE_push) - (u->p->code[pc].code == CODE_pop);
    u->pc = b->past - 1;
    if (b->end == END_TURN) write_turn_on(u, b->past - 1, &u->p->code[b->past - 1]);
}

/* Cases that lie close together are a table; else one is looked for after the other, halving. */
static void write_cases(Writer *u, const i32 *table, const u32 *levels, u32 low, u32 high, u32 local, u32 nested) {
    u32 n = (u32)table[0];
    for (u32 k = low; k < high; k++) {
        wasm_get(&u->body, local);
        wasm_const_i32(&u->body, table[1 + 2 * k]);
        wasm_op(&u->body, WASM_i32_eq);
        wasm_br_if(&u->body, levels[k] + nested);
    }
    wasm_br(&u->body, levels[n] + nested);
}

enum { FEW_CASES = 4, DENSE_MOST = 4096 };

static bool is_dense(const i32 *table) {
    i64 n = table[0], span = n ? (i64)table[2 * n - 1] - table[1] + 1 : 0;
    return n > FEW_CASES && span <= 4 * n && span <= DENSE_MOST;
}

static void write_dense(Writer *u, const i32 *table, const u32 *levels, u32 local) {
    u32 n = (u32)table[0], span = (u32)(table[2 * n - 1] - table[1] + 1);
    u32 *list = ARENA_ARRAY(&u->arena, u32, span);
    if (!list) {
        u->failed = true;
        return;
    }
    for (u32 k = 0; k < span; k++) list[k] = levels[n];
    for (u32 k = 0; k < n; k++) list[table[1 + 2 * k] - table[1]] = levels[k];
    wasm_get(&u->body, local);
    wasm_const_i32(&u->body, table[1]);
    wasm_op(&u->body, WASM_i32_sub);
    wasm_br_table(&u->body, list, span, levels[n]);
}

/* Halves the cases until few are left: at most 32 levels deep. */
static void write_sparse(Writer *u, const i32 *table, const u32 *levels, u32 local) {
    struct {
        u32 low, high, stage;
    } stack[40];
    u32 depth = 0, nested = 0;
    stack[depth++] = (__typeof__(stack[0])){0, (u32)table[0], 0};
    while (depth) {
        u32 low = stack[depth - 1].low, high = stack[depth - 1].high, middle = (low + high) / 2;
        switch (stack[depth - 1].stage++) {
        case 0:
            if (high - low <= FEW_CASES) {
                write_cases(u, table, levels, low, high, local, nested);
                depth--;
                break;
            }
            wasm_get(&u->body, local);
            wasm_const_i32(&u->body, table[1 + 2 * middle]);
            wasm_op(&u->body, WASM_i32_lt_s);
            wasm_begin(&u->body, WASM_if, WASM_VOID);
            nested++;
            stack[depth++] = (__typeof__(stack[0])){low, middle, 0};
            break;
        case 1:
            wasm_end(&u->body);
            nested--;
            stack[depth - 1].low = middle;
            stack[depth - 1].stage = 0;
            break;
        }
    }
}

static void write_switch(Writer *u, u32 node, const u32 *levels) {
    const Ins *i = &u->p->code[block_of(u, node)->past - 1];
    const i32 *table = u->p->words + i->a;
    u->pc = block_of(u, node)->past - 1;
    u32 local = take_local(u, WASM_I32);
    write_read(u, (u32)i->b, 'I');
    wasm_set(&u->body, local);
    if (is_dense(table))
        write_dense(u, table, levels, local);
    else
        write_sparse(u, table, levels, local);
    give_local(u, local);
}

/* Ways are few and small numbers, so a table from 0 on. */
static void write_pick(Writer *u, const u32 *words) {
    u32 n = words[0], most = n ? words[2 * n - 1] + 1 : 0, otherwise = words[1 + 2 * n];
    u32 *list = ARENA_ARRAY(&u->arena, u32, most + 1);
    if (!list) {
        u->failed = true;
        return;
    }
    for (u32 k = 0; k < most; k++) list[k] = otherwise;
    for (u32 k = 0; k < n; k++) list[words[1 + 2 * k]] = words[2 + 2 * k];
    wasm_label(&u->body, "pick by way", 0);
    wasm_get(&u->body, LOCAL_WAY);
    wasm_br_table(&u->body, list, most, otherwise);
}

static void write_end(Writer *u) {
    wasm_end(&u->body);
    u->level--;
}

static void write_begin(Writer *u, WasmOp op) {
    wasm_begin(&u->body, op, WASM_VOID);
    u->level++;
}

static void write_stop(Writer *u, u32 node) {
    if (!is_go(u, node)) write_return(u);
}

static bool write_nest(Writer *u) {
    u32 *ifs = ARENA_ARRAY(&u->arena, u32, u->nest.deepest + 1), open = 0;
    if (!ifs) return false;
    for (u32 k = 0; k < u->nest.count && !u->failed; k++) {
        const NestOp *op = &u->nest.ops[k];
        switch (op->kind) {
        case NEST_CODE: write_node(u, op->a); break;
        case NEST_LOOP:
            write_hoists(u, op->a);
            wasm_label(&u->body, "loop %", op->a);
            ifs[open++] = NONE;
            write_begin(u, WASM_loop);
            break;
        case NEST_BLOCK:
            ifs[open++] = NONE;
            write_begin(u, WASM_block);
            break;
        case NEST_IF:
            ifs[open++] = op->a;
            write_if(u, op->a);
            break;
        case NEST_ELSE: write_else(u, ifs[open - 1]); break;
        case NEST_END:
            open--;
            write_end(u);
            break;
        case NEST_GO:
            wasm_label(&u->body, "go", 0);
            wasm_br(&u->body, op->a);
            break;
        case NEST_SET:
            wasm_label(&u->body, "way %", op->a);
            wasm_const_i32(&u->body, (i32)op->a);
            wasm_set(&u->body, LOCAL_WAY);
            break;
        case NEST_SWITCH: write_switch(u, op->a, u->nest.words + op->b); break;
        case NEST_PICK: write_pick(u, u->nest.words + op->a); break;
        case NEST_STOP: write_stop(u, op->a); break;
        default: assert_failed("a nest of no kind", __FILE__, __LINE__);
        }
    }
    return !u->failed && !u->arena.full;
}

/* ---- the function ---- */

void write_prologue(Writer *u) {
    const WgenLink *link = u->w->options.link;
    wasm_label(&u->body, "where slots are", 0);
    if (link) {
        wasm_const_i32(&u->body, (i32)link->slots);
    } else {
        wasm_get(&u->body, LOCAL_IN);
        wasm_load(&u->body, WASM_I32, offsetof(Instance, slots));
    }
    wasm_set(&u->body, LOCAL_SLOTS);
    reload_all(u);
}

/* A charge could not be paid: all that may be newer goes to memory. LOCAL_PC is where, LOCAL_DEPTH complete. */
static void write_leaving(Writer *u) {
    wasm_label(&u->body, "leave: not paid", 0);
    for (u32 k = 0; k < u->cache_count; k++)
        if (u->caches[k].written) mark_dirty(u, u->caches[k].slot);
    flush(u);
    wasm_label(&u->body, "the run is where it could not pay", 0);
    wasm_get(&u->body, LOCAL_IN);
    wasm_get(&u->body, LOCAL_PC);
    wasm_store(&u->body, WASM_I32, u->w->at.pc);
    u->height = 0;
    store_state_of_run(u);
    wasm_const_i32(&u->body, LEFT_CHARGE);
    wasm_return(&u->body);
}

static bool write_function(Writer *u) {
    write_prologue(u);
    wasm_label(&u->body, "what it does", 0);
    wasm_begin(&u->body, WASM_block, WASM_VOID);
    if (!write_nest(u)) return false;
    wasm_op(&u->body, WASM_unreachable);
    wasm_end(&u->body);
    if (u->charges)
        write_leaving(u);
    else
        wasm_op(&u->body, WASM_unreachable);
    wasm_end(&u->body);
    return !u->failed && !wasm_failed(&u->body);
}

/* Runs of one type are declared together. */
static void declare_locals(WasmBuf *out, const Writer *u) {
    u32 runs = 0;
    for (u32 k = 0; k < u->local_count; k++) runs += k == 0 || u->local_type[k] != u->local_type[k - 1];
    wasm_label(out, "locals", 0);
    wasm_u32(out, runs + 1);
    wasm_u32(out, LOCAL_FIRST - LOCAL_SLOTS);
    wasm_byte(out, WASM_I32);
    for (u32 k = 0, from = 0; k < u->local_count; k++) {
        if (k + 1 < u->local_count && u->local_type[k + 1] == u->local_type[k]) continue;
        wasm_u32(out, k + 1 - from);
        wasm_byte(out, u->local_type[k]);
        from = k + 1;
    }
}

static bool append_function(Writer *u) {
    WasmBuf whole;
    wasm_open(&whole, u->w->options.labels);
    declare_locals(&whole, u);
    wasm_append(&whole, &u->body);
    const WgenLink *link = u->w->options.link;
    u->w->bytes[u->unit] = whole.bytes.len;
    u->w->hoisted += u->hoist_count;
    wasm_label(&u->w->code, "unit %", u->unit);
    if (link)
        link->body(link->context, u->unit, whole.bytes.data, whole.bytes.len);
    else
        wasm_body(&u->w->code, &whole);
    bool failed = wasm_failed(&whole) || wasm_failed(&u->w->code);
    wasm_close(&whole);
    return !failed;
}

static Err prepare(Writer *u) {
    const Unit *unit = &u->c->units[u->unit];
    TRY(cfg_shape(u->c, u->unit, &u->arena, &u->shape));
    Shape shape = {u->shape.count, u->shape.first, u->shape.succ};
    TRY(structure(&u->arena, &shape, &u->nest));
    find_exposed(u, u->c->members + unit->block_first, unit->blocks);
    return !u->failed && choose_caches(u) && find_dirty(u) && find_hoists(u) ? ERR_OK : ERR_MEMORY;
}

static void close_writer(Writer *u) {
    Wgen *w = u->w;
    forget_temps(u);
    for (u32 k = 0; k < u->cache_count; k++) w->cache_of[u->caches[k].slot] = NONE;
    for (u32 k = 0; k < u->exposed_count; k++) w->exposed[u->exposed[k]] = 0;
    if (u->local_count > w->locals_most) w->locals_most = u->local_count;
    system_give(u->held);
    system_give(u->exposed);
    system_give(u->local_type);
    for (u32 k = 0; k < POOLS; k++) system_give(u->pool[k].free);
    wasm_close(&u->body);
    arena_close(&u->arena);
}

/* All blocks of the stretch, in which temporaries may go from case to case. */
static bool write_stretch(Writer *u, const WgenStretch *stretch) {
    u32 first = u->c->block_at[stretch->first], past = u->c->block_at[stretch->past - 1] + 1;
    u32 *blocks = ARENA_ARRAY(&u->arena, u32, past - first + 1);
    if (!blocks) return false;
    for (u32 b = first; b < past; b++) blocks[b - first] = b;
    find_exposed(u, blocks, past - first);
    u->now = u->aside = (u64[1]){0};
    return !u->failed && write_turns(u, stretch);
}

enum { BODY_MOST = 7 << 20 }; /* V8 refuses larger functions (7,654,321 bytes) */

i32 wgen_unit(Wgen *w) {
    Writer u = {.w = w, .p = w->program, .c = &w->cfg, .unit = w->next};
    arena_open(&u.arena, 0);
    wasm_open(&u.body, w->options.labels);
    bool done = w->stretches ? write_stretch(&u, &w->stretches[w->next]) : prepare(&u) == ERR_OK && write_function(&u);
    bool small = u.body.bytes.len <= BODY_MOST;
    done = done && small && append_function(&u);
    close_writer(&u);
    if (done) return 0;
    if (small) return wgen_refuse(w, "no memory for the code of unit %u", (unsigned)w->next);
    return wgen_refuse(w, "unit %u is larger than any engine takes", (unsigned)w->next);
}
