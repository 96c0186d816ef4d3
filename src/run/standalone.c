/* standalone.c (run) - a graph as a WebAssembly module that needs no engine: see standalone.h. */
#include "standalone.h"

#include <string.h>

#include "../code/access.h"
#include "alone_door.h"
#include "descriptors.h"
#include "plan.h"
#include "splice.h"
#include "wlink.h"

typedef struct Maker {
    const Program *p;
    const Graph *g;
    const StandaloneOptions *o;
    Splice *splice;
    Wgen *wgen;
    Arena arena; /* owns the plan */
    Plan plan;
    Buf *why;

    u32 unit_type, first_unit, element; /* of the units: their type, and the first one's index and place in the table */
    u32 state, state_size;              /* what changes while it runs: an address, and the bytes from there on */
    u32 slots, values, told, moves, delays, queue_values, queue; /* addresses in it */
    u8 *plan_bytes, *door_bytes;
} Maker;

static bool refuse(Maker *m, const char *why) {
    if (!m->why->len) buf_text(m->why, why);
    return false;
}

static bool has_code(const Maker *m, Code code) {
    for (u32 pc = 0; pc < m->p->count; pc++)
        if (m->p->code[pc].code == code) return true;
    return false;
}

/* ---- what is needed of the runtime ---- */

static const char *const exported[] = {"init", "step", "run", "tick",       "next_due",
                                       "send", "set",  "get", "set_number", "get_number"};

static bool tells_events(const Maker *m) {
    for (u32 n = 0; n < m->g->node_count; n++)
        if (m->g->node_id[n] == NODE_event_send && m->g->event_id[graph_params(m->g, n)[0]][0]) return true;
    return false;
}

/* What the host calls, and what calls the host. A graph that tells it nothing imports nothing; what it never does is
** left out. */
static void need_runtime(Maker *m) {
    Splice *s = m->splice;
    if (!has_code(m, CODE_log)) splice_instead(s, "alone_said", "alone_untold");
    if (!tells_events(m)) splice_instead(s, "alone_sent", "alone_untold");
    if (!m->plan.plan.delays) splice_instead(s, "alone_next_delay", "alone_no_delay");
    if (!m->plan.plan.moves) splice_instead(s, "alone_next_move", "alone_no_move");
    for (u32 i = 0; i < COUNT_OF(exported); i++) splice_root(s, exported[i]);
    if (has_code(m, CODE_log)) splice_root(s, "alone_log");
    if (has_code(m, CODE_send)) splice_root(s, "alone_send");
    if (has_code(m, CODE_host)) splice_root(s, "alone_host");
}

/* ---- memory that changes: side by side, so that it can be saved in one piece ---- */

static u32 zeros(Maker *m, u64 count, u64 size) {
    if (count * size <= UINT32_MAX) return splice_data(m->splice, NULL, (u32)(count * size), 8);
    refuse(m, "its limits want more than a memory holds");
    return NONE;
}

static void place_state(Maker *m) {
    const AlonePlan *p = &m->plan.plan;
    u32 size;
    m->state = splice_symbol(m->splice, "graph_state", &size);
    m->slots = zeros(m, p->slot_count, sizeof(Slot));
    m->values = zeros(m, p->event_lanes, sizeof(Slot));
    m->told = zeros(m, p->event_lanes, sizeof(Slot));
    m->moves = zeros(m, p->moves, sizeof(AloneMove));
    m->delays = zeros(m, p->delays, sizeof(Delay));
    m->queue_values = zeros(m, (u64)p->queue * p->event_lanes, sizeof(Slot));
    m->queue = zeros(m, p->queue, sizeof(AloneEntry));
    m->state_size = m->queue + p->queue * (u32)sizeof(AloneEntry) - m->state;
    splice_define(m->splice, "graph_values", m->values);
}

/* ---- tables: words of 4 bytes ---- */

typedef struct Words {
    u8 *at, *past;
} Words;

static void put_word(Words *w, u32 value) {
    for (u32 i = 0; i < 4 && w->at < w->past; i++) *w->at++ = (u8)(value >> 8 * i);
}

static Words words_at(u8 *bytes, u32 count) { return (Words){bytes, bytes ? bytes + 4 * count : NULL}; }

/* Room for a table; its address. */
static u32 table(Maker *m, Words *w, u64 count) {
    u32 address = 0;
    *w = (Words){0};
    if (count > UINT32_MAX / 4) refuse(m, "its tables are larger than a memory");
    if (count && count <= UINT32_MAX / 4)
        *w = words_at(splice_room(m->splice, (u32)count * 4, 8, &address), (u32)count);
    return address;
}

/* The words of a struct, by the names of its fields: PUT_STRUCT(w, ALONE_PORT_FIELDS, .lanes = 1). */
#define FIELD_U32(name) u32 name;
#define FIELD_PUT(name) put_word(words_, fields_.name);
#define PUT_STRUCT(w, FIELDS, ...)                                                                                     \
    do {                                                                                                               \
        struct {                                                                                                       \
            FIELDS(FIELD_U32)                                                                                          \
        } fields_ = {__VA_ARGS__};                                                                                     \
        Words *words_ = (w);                                                                                           \
        FIELDS(FIELD_PUT)                                                                                              \
    } while (0)
#define FIELD_ONE(name) +1
enum {
    PLAN_WORDS = 0 ALONE_PLAN_FIELDS(FIELD_ONE),
    DOOR_WORDS = 0 ALONE_DOOR_FIELDS(FIELD_ONE),
    NODE_WORDS = 0 ALONE_NODE_FIELDS(FIELD_ONE),
    PORT_WORDS = 0 ALONE_PORT_FIELDS(FIELD_ONE),
    EVENT_WORDS = 0 ALONE_EVENT_FIELDS(FIELD_ONE),
    WAY_WORDS = 5
};

static u32 put_ports(Maker *m, const AlonePort *ports, u32 count) {
    Words w;
    u32 address = table(m, &w, (u64)count * PORT_WORDS);
    for (u32 i = 0; i < count; i++)
        PUT_STRUCT(&w, ALONE_PORT_FIELDS, .letter = ports[i].letter, .lanes = ports[i].lanes, .slot = ports[i].slot,
                   .entry = ports[i].entry, .move = ports[i].move);
    return address;
}

/* Of an id only matters whether there is one. */
static u32 put_events(Maker *m, const AlonePlan *p) {
    Words w;
    u32 text = p->event_count ? splice_data(m->splice, "?", 2, 1) : 0;
    u32 address = table(m, &w, (u64)p->event_count * EVENT_WORDS);
    for (u32 e = 0; e < p->event_count; e++)
        PUT_STRUCT(&w, ALONE_EVENT_FIELDS, .id = p->events[e].id[0] ? text : text + 1,
                   .value_first = p->events[e].value_first, .value_past = p->events[e].value_past,
                   .lanes = p->events[e].lanes, .receiver_first = p->events[e].receiver_first,
                   .receiver_past = p->events[e].receiver_past);
    return address;
}

/* Rows of nodes that nothing looks at while the graph runs are left zero: they take no room in the module. */
static u32 put_nodes(Maker *m, const AlonePlan *p) {
    Words w;
    u32 address = table(m, &w, (u64)p->node_count * NODE_WORDS);
    for (u32 i = 0; i < p->node_count; i++) {
        const AloneNode *n = &p->nodes[i];
        bool counts = m->g->node_kind[i] != KIND_VALUE;
        PUT_STRUCT(&w, ALONE_NODE_FIELDS, .out = counts ? n->out : 0, .state = counts ? n->state : 0,
                   .params = counts ? n->params : 0, .flows = counts ? n->flows : 0, .lanes = counts ? n->lanes : 0,
                   .root = counts ? n->root : 0);
    }
    return address;
}

static u32 put_numbers(Maker *m, const u32 *numbers, u32 count) {
    Words w;
    u32 address = table(m, &w, count);
    for (u32 i = 0; i < count; i++) put_word(&w, numbers[i]);
    return address;
}

static u32 put_params(Maker *m) {
    Words w;
    u32 address = table(m, &w, m->plan.param_count);
    for (u32 i = 0; i < m->plan.param_count; i++) put_word(&w, (u32)m->plan.plan.params[i]);
    return address;
}

static u32 put_slots(Maker *m, const Slot *slots, u32 count) {
    Words w;
    u32 address = table(m, &w, 2 * (u64)count);
    for (u32 i = 0; i < count; i++) {
        put_word(&w, (u32)slots[i].bits);
        put_word(&w, (u32)(slots[i].bits >> 32));
    }
    return address;
}

/* Names, types, order and pieces are in the descriptors; nothing reads them while the graph runs. */
static void put_plan(Maker *m) {
    const AlonePlan *p = &m->plan.plan;
    Words w = words_at(m->plan_bytes, PLAN_WORDS);
    PUT_STRUCT(&w, ALONE_PLAN_FIELDS, .nodes = put_nodes(m, p),
               .variables = put_ports(m, p->variables, p->variable_count),
               .inputs = put_ports(m, p->inputs, p->input_count), .outputs = put_ports(m, p->outputs, p->output_count),
               .events = put_events(m, p), .starts = put_numbers(m, p->starts, p->start_count),
               .ticks = put_numbers(m, p->ticks, p->tick_count),
               .receivers = put_numbers(m, p->receivers, m->plan.receiver_count), .params = put_params(m),
               .initial = put_slots(m, p->initial, m->plan.initial_count), .node_count = p->node_count,
               .variable_count = p->variable_count, .input_count = p->input_count, .output_count = p->output_count,
               .event_count = p->event_count, .start_count = p->start_count, .tick_count = p->tick_count,
               .initials = p->initials, .slot_count = p->slot_count, .stack_first = p->stack_first,
               .stack_count = p->stack_count, .event_lanes = p->event_lanes, .heard = p->heard,
               .call_depth = p->call_depth, .tick_events = p->tick_events, .delays = p->delays, .queue = p->queue,
               .interpolations = p->interpolations, .moves = p->moves);
}

static u32 charge_of(const Ins *i) {
    if (ins_kind((Code)i->code) != INS_CHARGE) return 0;
    return (u32)(i->code == CODE_fuel ? i->a : i->d);
}

static void put_door(Maker *m, const Compiled *c) {
    Words ways;
    u32 count = 0;
    for (u32 pc = 0; pc < m->p->count; pc++) count += c->unit_at[pc] != NONE;
    u32 address = table(m, &ways, (u64)count * WAY_WORDS);
    for (u32 pc = 0; pc < m->p->count; pc++) {
        if (c->unit_at[pc] == NONE) continue;
        put_word(&ways, pc);
        put_word(&ways, m->element + c->unit_at[pc]);
        put_word(&ways, c->way_at[pc]);
        put_word(&ways, (u32)c->height[pc]);
        put_word(&ways, charge_of(&m->p->code[pc]));
    }
    Words w = words_at(m->door_bytes, DOOR_WORDS);
    PUT_STRUCT(&w, ALONE_DOOR_FIELDS, .ways = address, .way_count = count, .levels = c->levels, .slots = m->slots,
               .delays = m->delays, .queue = m->queue, .queue_values = m->queue_values, .moves = m->moves,
               .told = m->told);
}

/* ---- units ---- */

static u32 link_units(void *context, u32 count) {
    Maker *m = context;
    m->unit_type = splice_type(m->splice, "iiiii_i");
    m->first_unit = splice_functions(m->splice, count);
    m->element = splice_elements(m->splice, m->first_unit, count);
    return m->first_unit;
}

static u32 link_function(void *context, const char *name) {
    Maker *m = context;
    return splice_function(m->splice, name);
}

static void link_body(void *context, u32 k, const void *bytes, u32 len) {
    Maker *m = context;
    splice_body(m->splice, m->first_unit + k, m->unit_type, bytes, len);
}

static bool write_units(Maker *m, Buf *list) {
    WgenLink link = {m, link_units, link_function, link_body, m->state, m->slots};
    WgenOptions options = {.shape = m->o->shape, .link = &link};
    m->wgen = wgen_open(m->p, &options);
    if (!m->wgen) return refuse(m, "out of memory");
    i32 status;
    do status = wgen_some(m->wgen, UINT32_MAX);
    while (status > 0);
    if (status < 0) return refuse(m, splice_refusal(m->splice) ? splice_refusal(m->splice) : wgen_refusal(m->wgen));
    Compiled *c = wgen_compiled(m->wgen);
    if (!c) return refuse(m, "out of memory");
    put_door(m, c);
    compiled_close(c);
    return !list || wgen_list(m->wgen, list) || refuse(m, "out of memory");
}

/* ---- the module ---- */

static const char *shape_name(CompiledShape shape) {
    static const char *const names[SHAPES] = {"preemptible", "structured", "scheduler"};
    return names[shape];
}

/* The descriptors must lie in the memory whose addresses they give, so they are put into it last. */
static bool describe(Maker *m, Buf *json) {
    DescriptorPlaces at = {.slots = m->slots,
                           .values = m->values,
                           .lanes = m->plan.plan.event_lanes,
                           .state = m->state,
                           .state_size = m->state_size,
                           .now = m->state + ALONE_AT_NOW,
                           .fuel = m->state + ALONE_AT_FUEL,
                           .fuel_limit = m->state + ALONE_AT_FUEL_LIMIT,
                           .reason = m->state + ALONE_AT_REASON};
    if (!descriptors_json(json, m->p, &m->plan.plan, m->o->version, shape_name(m->o->shape), &at))
        return refuse(m, "out of memory");
    splice_export_number(m->splice, "descriptor_at", splice_data(m->splice, json->data, json->len, 1));
    splice_export_number(m->splice, "descriptor_size", json->len);
    return true;
}

static void export_functions(Maker *m) {
    for (u32 i = 0; i < COUNT_OF(exported); i++)
        splice_export(m->splice, exported[i], splice_function(m->splice, exported[i]));
}

static void say_counts(Buf *list, const SpliceCounts *c, const Buf *module, u32 before) {
    buf_print(list,
              "module: %u bytes; %u units, %u functions of the runtime (%u bytes, and %u of its data), %u imports\n",
              module->len - before, c->own, c->spliced, c->code, c->data, c->imported);
}

static bool prepare(Maker *m) {
    u32 plan, door;
    if (plan_make(m->p, m->o->limits, &m->arena, &m->plan) != ERR_OK) return refuse(m, "out of memory");
    need_runtime(m);
    m->plan_bytes = splice_room(m->splice, 4 * PLAN_WORDS, 8, &plan);
    m->door_bytes = splice_room(m->splice, 4 * DOOR_WORDS, 8, &door);
    splice_define(m->splice, "graph_plan", plan);
    splice_define(m->splice, "graph_door", door);
    place_state(m);
    return !splice_refusal(m->splice) || refuse(m, splice_refusal(m->splice));
}

static bool write(Maker *m, Buf *json, Buf *out, Buf *list) {
    SpliceCounts counts;
    u32 before = out->len;
    if (!prepare(m) || !write_units(m, list)) return false;
    put_plan(m);
    export_functions(m);
    if (!describe(m, json)) return false;
    if (!splice_write(m->splice, out, &counts))
        return refuse(m, out->full ? "out of memory" : splice_refusal(m->splice));
    splice_custom(out, "treadle.descriptors", (Text){json->data, json->len});
    if (list) say_counts(list, &counts, out, before);
    return !out->full || refuse(m, "out of memory");
}

bool standalone_write(const Program *p, const StandaloneOptions *o, Buf *out, Buf *list, Buf *why) {
    Maker m = {.p = p, .g = p->graph, .o = o, .why = why};
    Buf json = {0};
    const char *refusal;
    bool fine = false;
    arena_open(&m.arena, 0);
    m.splice = splice_open(o->runtime.data, o->runtime.len, &refusal);
    if (m.splice)
        fine = write(&m, &json, out, list);
    else
        buf_print(why, "the runtime module cannot be used: %s", refusal);
    wgen_close(m.wgen);
    splice_close(m.splice);
    arena_close(&m.arena);
    buf_close(&json);
    return fine;
}
