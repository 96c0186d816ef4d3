/* standalone.c (run) - a graph as a WebAssembly module that needs no engine: see standalone.h. */
#include "standalone.h"

#include <string.h>

#include "../code/access.h"
#include "alone_door.h"
#include "descriptors.h"
#include "splice.h"
#include "wlink.h"

/* Rooms of a queue that only the host's own writes wait in, while something runs. */
enum { WRITES_QUEUE = 256 };

typedef struct Maker {
    const Program *p;
    const Graph *g;
    const StandaloneOptions *o;
    Splice *splice;
    Wgen *wgen;
    Arena arena; /* what is needed while the module is made */
    Buf *why;

    u32 unit_type, units, first_unit, element;
    u32 state, state_size;
    u32 slots, delays, queue, queue_values, moves, told, values; /* addresses */
    u32 delay_room, queue_room, event_lanes, move_count;
    u32 plan, door;
    u8 *plan_bytes, *door_bytes;
    u32 *move_of; /* by variable: its place in moves, NONE */
} Maker;

static bool refuse(Maker *m, const char *why) {
    if (!m->why->len) buf_text(m->why, why);
    return false;
}

static u64 least(u64 a, u64 b) { return a < b ? a : b; }

/* ---- what cannot stand alone ---- */

static bool needs_scene(u16 code) {
    switch (code) {
    case CODE_touch:
    case CODE_pointer_get:
    case CODE_pointer_set:
    case CODE_pointer_interpolate:
    case CODE_animation_start:
    case CODE_animation_stop:
    case CODE_animation_stop_at: return true;
    default: return false;
    }
}

static bool check(Maker *m) {
    for (u32 pc = 0; pc < m->p->count; pc++) {
        if (!needs_scene(m->p->code[pc].code)) continue;
        buf_print(m->why, "it reads or writes the glTF around it (%s), which a module of its own does not have",
                  code_name((Code)m->p->code[pc].code));
        return false;
    }
    return true;
}

static bool has_code(const Maker *m, Code code) {
    for (u32 pc = 0; pc < m->p->count; pc++)
        if (m->p->code[pc].code == code) return true;
    return false;
}

static bool has_node(const Maker *m, NodeId id) {
    for (u32 n = 0; n < m->g->node_count; n++)
        if (m->g->node_id[n] == id) return true;
    return false;
}

/* ---- what is needed of the runtime ---- */

static const char *const exported[] = {"init", "step", "run", "tick", "send", "set", "get", "set_number", "get_number"};

static bool tells_events(const Maker *m) {
    for (u32 n = 0; n < m->g->node_count; n++)
        if (m->g->node_id[n] == NODE_event_send && m->g->event_id[graph_params(m->g, n)[0]][0]) return true;
    return false;
}

static void need_effect(Maker *m, Code code) {
    char name[64] = "alone_";
    strcpy(name + 6, code_name(code));
    splice_root(m->splice, name);
}

static void need_runtime(Maker *m) {
    if (!has_code(m, CODE_log)) splice_empty(m->splice, "alone_said");
    if (!tells_events(m)) splice_empty(m->splice, "alone_sent");
    for (u32 i = 0; i < COUNT_OF(exported); i++) splice_root(m->splice, exported[i]);
    for (u32 code = 0; code < CODE_COUNT; code++)
        if (ins_kind((Code)code) == INS_EFFECT && has_code(m, (Code)code)) need_effect(m, (Code)code);
}

/* ---- memory that changes: side by side, so that it can be saved in one piece ---- */

static u32 event_lanes(const Graph *g) {
    u32 most = LANES_MAX;
    for (u32 e = 0; e < g->event_count; e++) {
        u32 lanes = 0;
        for (u32 v = g->event_value[e]; v < g->event_value[e + 1]; v++) lanes += type_lanes((Type)g->event_value_type[v]);
        if (lanes > most) most = lanes;
    }
    return most;
}

static void number_moves(Maker *m) {
    for (u32 v = 0; v < m->g->variable_count; v++)
        m->move_of[v] = m->g->variable_interpolated[v] ? m->move_count++ : NONE;
}

static u32 zeros(Maker *m, u64 count, u64 size) {
    if (count * size <= UINT32_MAX) return splice_data(m->splice, NULL, (u32)(count * size), 8);
    refuse(m, "its limits want more than a memory holds");
    return NONE;
}

static void place_state(Maker *m) {
    const Limits *l = m->o->limits;
    u64 most = UINT16_MAX + 1;
    u32 size;
    m->delay_room = has_code(m, CODE_delay) ? (u32)least(l->delays ? l->delays : most, UINT32_MAX) : 0;
    m->queue_room = has_node(m, NODE_event_receive) ? (u32)least(l->queue ? l->queue : most, UINT32_MAX) : WRITES_QUEUE;
    m->event_lanes = event_lanes(m->g);
    m->state = splice_symbol(m->splice, "graph_state", &size);
    m->slots = zeros(m, m->p->slot_count, sizeof(Slot));
    m->values = zeros(m, m->event_lanes, sizeof(Slot));
    m->told = zeros(m, m->event_lanes, sizeof(Slot));
    m->moves = zeros(m, m->move_count, sizeof(AloneMove));
    m->delays = zeros(m, m->delay_room, sizeof(Delay));
    m->queue_values = zeros(m, (u64)m->queue_room * m->event_lanes, sizeof(Slot));
    m->queue = zeros(m, m->queue_room, sizeof(AloneEntry));
    m->state_size = m->queue + m->queue_room * (u32)sizeof(AloneEntry) - m->state;
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

/* The words of a struct, by the names of its fields: WORDS(w, AlonePort, ALONE_PORT_FIELDS, .lanes = 1). */
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
    WAY_WORDS = 3
};

static void put_port(Words *w, u8 type, u32 slot, u32 entry, u32 move) {
    PUT_STRUCT(w, ALONE_PORT_FIELDS, .letter = (u32)type_letter((Type)type), .lanes = type_lanes((Type)type), .slot = slot,
               .entry = entry, .move = move);
}

static u32 put_variables(Maker *m) {
    const Graph *g = m->g;
    Words w;
    u32 address = table(m, &w, (u64)g->variable_count * PORT_WORDS);
    for (u32 v = 0; v < g->variable_count; v++) put_port(&w, g->variable_type[v], g->variable_slot[v], NONE, m->move_of[v]);
    return address;
}

static u32 put_inputs(Maker *m) {
    const Graph *g = m->g;
    Words w;
    u32 address = table(m, &w, (u64)g->input_count * PORT_WORDS);
    for (u32 i = g->value_out_count - g->input_count; i < g->value_out_count; i++)
        put_port(&w, g->out_type[i], g->out_slot[i], NONE, NONE);
    return address;
}

static u32 put_outputs(Maker *m) {
    const Graph *g = m->g;
    Words w;
    u32 address = table(m, &w, (u64)g->output_count * PORT_WORDS);
    for (u32 o = 0; o < g->output_count; o++)
        put_port(&w, g->output_type[o], m->p->output_slot[o], m->p->output_entry[o], NONE);
    return address;
}

static u32 put_values(Maker *m) {
    const Graph *g = m->g;
    Words w;
    u32 address = table(m, &w, (u64)g->event_value[g->event_count] * PORT_WORDS);
    for (u32 e = 0; e < g->event_count; e++) {
        u32 lane = 0;
        for (u32 v = g->event_value[e]; v < g->event_value[e + 1]; v++) {
            put_port(&w, g->event_value_type[v], lane, NONE, NONE);
            lane += type_lanes((Type)g->event_value_type[v]);
        }
    }
    return address;
}

static u32 lanes_of(const u8 *types, u32 first, u32 past) {
    u32 lanes = 0;
    for (u32 i = first; i < past; i++) lanes += type_lanes((Type)types[i]);
    return lanes;
}

/* Receivers are listed by event, so the first one of an event is where the list of those before it ends. */
static u32 put_events(Maker *m, const u32 *receiver_first) {
    const Graph *g = m->g;
    Words w;
    u32 text = splice_data(m->splice, "?", 2, 1), address = table(m, &w, (u64)g->event_count * EVENT_WORDS);
    for (u32 e = 0; e < g->event_count; e++)
        PUT_STRUCT(&w, ALONE_EVENT_FIELDS, .id = g->event_id[e][0] ? text : text + 1, .value_first = g->event_value[e],
                   .value_past = g->event_value[e + 1],
                   .lanes = lanes_of(g->event_value_type, g->event_value[e], g->event_value[e + 1]),
                   .receiver_first = receiver_first[e], .receiver_past = receiver_first[e + 1]);
    return address;
}

/* Nodes of one kind, in order of their handles. */
static u32 put_kind(Maker *m, NodeId id, u32 *count) {
    Words w;
    for (u32 n = 0; n < m->g->node_count; n++) *count += m->g->node_id[n] == id;
    u32 address = table(m, &w, *count);
    for (u32 n = 0; n < m->g->node_count; n++)
        if (m->g->node_id[n] == id) put_word(&w, n);
    return address;
}

static u32 event_of(const Graph *g, u32 node) {
    return g->node_id[node] == NODE_event_receive ? (u32)graph_params(g, node)[0] : NONE;
}

/* Nodes grouped by event, and where each group begins. */
static u32 put_receivers(Maker *m, u32 *first) {
    const Graph *g = m->g;
    u32 *next = ARENA_ARRAY(&m->arena, u32, g->event_count + 1);
    if (!next) return 0;
    for (u32 n = 0; n < g->node_count; n++)
        if (event_of(g, n) != NONE) first[event_of(g, n) + 1]++;
    for (u32 e = 0; e < g->event_count; e++) next[e] = first[e + 1] += first[e];
    for (u32 e = g->event_count; e > 0; e--) next[e] = first[e - 1];
    Words w;
    u32 total = first[g->event_count], address = table(m, &w, total);
    for (u32 n = 0; w.at && n < g->node_count; n++) {
        u32 e = event_of(g, n);
        if (e == NONE) continue;
        Words one = words_at(w.at + 4 * next[e + 1]++, 1);
        put_word(&one, n);
    }
    return address;
}

/* Words of a node in its graph's params that are read while it runs. */
static u32 params_of(const Graph *g, u32 node) {
    switch (g->node_id[node]) {
    case NODE_flow_waitAll:
    case NODE_event_send: return 1;
    case NODE_flow_multiGate:
    case NODE_variable_interpolate: return 2;
    default: return 0;
    }
}

/* The flow output whose root a node's activations begin at: `out` of an event, `done` of what takes time. */
static u32 root_of(const Maker *m, u32 node) {
    const Graph *g = m->g;
    for (u32 out = g->flow_out[node]; out < g->flow_out[node + 1]; out++)
        if (graph_is_root(g, out)) return g->flow_target[out] == NONE ? NONE : m->p->entry[out];
    return NONE;
}

/* Rows of nodes that nothing looks at while the graph runs are zero: they take no room in the module. */
static void put_node(Maker *m, Words *w, u32 node, u32 params) {
    const Graph *g = m->g;
    u32 first = g->value_out[node], past = g->value_out[node + 1];
    if (g->node_kind[node] == KIND_VALUE) {
        PUT_STRUCT(w, ALONE_NODE_FIELDS, .id = 0);
        return;
    }
    PUT_STRUCT(w, ALONE_NODE_FIELDS, .out = first < past ? g->out_slot[first] : NONE, .state = g->node_state[node],
               .params = params, .flows = g->flow_out[node + 1] - g->flow_out[node],
               .lanes = lanes_of(g->out_type, first, past), .root = root_of(m, node));
}

static u32 put_nodes(Maker *m) {
    Words w;
    u32 params = 0, address = table(m, &w, (u64)m->g->node_count * NODE_WORDS);
    for (u32 n = 0; n < m->g->node_count; n++) {
        u32 count = params_of(m->g, n);
        put_node(m, &w, n, count ? params : NONE);
        params += count;
    }
    return address;
}

static u32 put_params(Maker *m) {
    const Graph *g = m->g;
    u64 count = 0;
    Words w;
    for (u32 n = 0; n < g->node_count; n++) count += params_of(g, n);
    u32 address = table(m, &w, count);
    for (u32 n = 0; n < g->node_count; n++)
        for (u32 k = 0; k < params_of(g, n); k++) put_word(&w, (u32)graph_params(g, n)[k]);
    return address;
}

/* State and constants, as they are in the beginning. */
static u32 put_initial(Maker *m) {
    const Program *p = m->p;
    Words w;
    u32 address = table(m, &w, 2 * (u64)p->temp_first);
    for (u32 slot = 0; slot < p->temp_first; slot++) {
        u64 bits = slot < p->const_first ? m->g->state_init[slot].bits : p->consts[slot - p->const_first].bits;
        put_word(&w, (u32)bits);
        put_word(&w, (u32)(bits >> 32));
    }
    return address;
}

static void put_plan(Maker *m) {
    const Graph *g = m->g;
    const Program *p = m->p;
    const Limits *l = m->o->limits;
    u32 starts = 0, ticks = 0, *first = ARENA_ARRAY(&m->arena, u32, g->event_count + 2);
    if (!first) return;
    u32 receivers = put_receivers(m, first), heard = 0;
    for (u32 e = 0; e < g->event_count; e++) heard |= g->event_id[e][0] && first[e + 1] > first[e];
    Words w = words_at(m->plan_bytes, PLAN_WORDS);
    PUT_STRUCT(&w, ALONE_PLAN_FIELDS, .nodes = put_nodes(m), .variables = put_variables(m), .inputs = put_inputs(m),
               .outputs = put_outputs(m), .values = put_values(m), .events = put_events(m, first),
               .starts = put_kind(m, NODE_event_onStart, &starts), .ticks = put_kind(m, NODE_event_onTick, &ticks),
               .receivers = receivers, .params = put_params(m), .initial = put_initial(m), .node_count = g->node_count,
               .variable_count = g->variable_count, .input_count = g->input_count, .output_count = g->output_count,
               .event_count = g->event_count, .start_count = starts, .tick_count = ticks, .initials = p->temp_first,
               .slot_count = p->slot_count, .stack_first = p->stack_first, .stack_count = p->stack_count,
               .event_lanes = m->event_lanes, .heard = heard, .call_depth = (u32)least(l->call_depth, INT32_MAX),
               .tick_events = (u32)least(l->tick_events, UINT32_MAX), .delays = m->delay_room, .queue = m->queue_room,
               .interpolations = (u32)least(l->interpolations, UINT32_MAX), .moves = m->move_count);
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
    }
    Words w = words_at(m->door_bytes, DOOR_WORDS);
    PUT_STRUCT(&w, ALONE_DOOR_FIELDS, .ways = address, .way_count = count, .levels = c->levels, .slots = m->slots,
               .delays = m->delays, .queue = m->queue, .queue_values = m->queue_values, .moves = m->moves, .told = m->told);
}

/* ---- units ---- */

static u32 link_units(void *context, u32 count) {
    Maker *m = context;
    m->unit_type = splice_type(m->splice, "iiiii_i");
    m->units = count;
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
    if (list) wgen_list(m->wgen, list);
    return true;
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
                           .lanes = m->event_lanes,
                           .state = m->state,
                           .state_size = m->state_size,
                           .now = m->state + ALONE_AT_NOW,
                           .fuel = m->state + ALONE_AT_FUEL,
                           .fuel_limit = m->state + ALONE_AT_FUEL_LIMIT,
                           .reason = m->state + ALONE_AT_REASON};
    if (!descriptors_json(json, m->p, m->o->version, shape_name(m->o->shape), &at)) return refuse(m, "out of memory");
    splice_export_number(m->splice, "descriptor_at", splice_data(m->splice, json->data, json->len, 1));
    splice_export_number(m->splice, "descriptor_size", json->len);
    return true;
}

static void export_functions(Maker *m) {
    for (u32 i = 0; i < COUNT_OF(exported); i++)
        splice_export(m->splice, exported[i], splice_function(m->splice, exported[i]));
}

static void say_counts(Buf *list, const SpliceCounts *c, const Buf *module, u32 before) {
    buf_print(list, "module: %u bytes; %u units, %u functions of the runtime (%u bytes, and %u of its data), %u imports\n",
              module->len - before, c->own, c->spliced, c->code, c->data, c->imported);
}

static bool write(Maker *m, Buf *json, Buf *out, Buf *list) {
    SpliceCounts counts;
    u32 before = out->len;
    if (!check(m)) return false;
    number_moves(m);
    need_runtime(m);
    m->plan_bytes = splice_room(m->splice, 4 * PLAN_WORDS, 8, &m->plan);
    m->door_bytes = splice_room(m->splice, 4 * DOOR_WORDS, 8, &m->door);
    splice_define(m->splice, "graph_plan", m->plan);
    splice_define(m->splice, "graph_door", m->door);
    place_state(m);
    if (splice_refusal(m->splice)) return refuse(m, splice_refusal(m->splice));
    if (!write_units(m, list)) return false;
    put_plan(m);
    export_functions(m);
    if (!describe(m, json)) return false;
    if (m->arena.full) return refuse(m, "out of memory");
    if (!splice_write(m->splice, out, &counts)) return refuse(m, out->full ? "out of memory" : splice_refusal(m->splice));
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
    m.move_of = ARENA_ARRAY(&m.arena, u32, p->graph->variable_count);
    m.splice = splice_open(o->runtime.data, o->runtime.len, &refusal);
    if (!m.splice)
        buf_print(why, "the runtime module cannot be used: %s", refusal);
    else
        fine = m.move_of ? write(&m, &json, out, list) : refuse(&m, "out of memory");
    wgen_close(m.wgen);
    splice_close(m.splice);
    arena_close(&m.arena);
    buf_close(&json);
    return fine;
}
