/* alone_door.c (run) - what a standalone module shows its host: compiled into the runtime module only, behind alone.c.
**
** Numbers come and go as f64 where every host has them at hand. Values of more than one lane, references and those of
** events pass through `graph_values`, 8 bytes for each lane (type.h Slot); its address is in the descriptors. */
#include "alone_door.h"

#define EXPORT(type) __attribute__((used, visibility("default"))) type
#define IMPORT(name) __attribute__((import_module("host"), import_name(name)))

/* ---- what a module is given by its graph: standalone.c ---- */

extern const AlonePlan graph_plan;
extern const AloneDoor graph_door;
extern Slot graph_values[];

/* Its size is read from here. */
extern Alone graph_state;
Alone graph_state;

/* ---- what its maker knows of it ---- */

_Static_assert(offsetof(Alone, pc) == ALONE_AT_PC && offsetof(Alone, depth) == ALONE_AT_DEPTH, "wlink.h");
_Static_assert(offsetof(Alone, budget) == ALONE_AT_BUDGET && offsetof(Alone, charge) == ALONE_AT_CHARGE, "wlink.h");
_Static_assert(offsetof(Alone, slots) == ALONE_AT_SLOTS, "wlink.h");
_Static_assert(offsetof(Alone, fuel) == ALONE_AT_FUEL && offsetof(Alone, now) == ALONE_AT_NOW, "descriptors.h");
_Static_assert(offsetof(Alone, fuel_limit) == ALONE_AT_FUEL_LIMIT, "descriptors.h");
_Static_assert(offsetof(Alone, reason) == ALONE_AT_REASON, "descriptors.h");

/* Each list of fields names all there are, in their order. */
#define IN_ORDER(type, name) _Static_assert(offsetof(type, name) == 4 * AT_##type##_##name, #name);
#define SAME(type, FIELDS)                                                                                             \
    enum { FIELDS(PLACE_##type) WORDS_##type };                                                                        \
    FIELDS(CHECK_##type)                                                                                               \
    _Static_assert(sizeof(type) == 4 * WORDS_##type, #type)
#define PLACE_AlonePlan(name)  AT_AlonePlan_##name,
#define CHECK_AlonePlan(name)  IN_ORDER(AlonePlan, name)
#define PLACE_AloneDoor(name)  AT_AloneDoor_##name,
#define CHECK_AloneDoor(name)  IN_ORDER(AloneDoor, name)
#define PLACE_AloneNode(name)  AT_AloneNode_##name,
#define CHECK_AloneNode(name)  IN_ORDER(AloneNode, name)
#define PLACE_AlonePort(name)  AT_AlonePort_##name,
#define CHECK_AlonePort(name)  IN_ORDER(AlonePort, name)
#define PLACE_AloneEvent(name) AT_AloneEvent_##name,
#define CHECK_AloneEvent(name) IN_ORDER(AloneEvent, name)
SAME(AlonePlan, ALONE_PLAN_FIELDS);
SAME(AloneDoor, ALONE_DOOR_FIELDS);
SAME(AloneNode, ALONE_NODE_FIELDS);
SAME(AlonePort, ALONE_PORT_FIELDS);
SAME(AloneEvent, ALONE_EVENT_FIELDS);

/* ---- what the host supplies, if the graph needs it ---- */

/* debug/log node `node`: its arguments, lane by lane; -1: events wait since there were too many in one tick. */
IMPORT("log") void host_log(i32 node, const Slot *values);
/* An event with an id was sent. */
IMPORT("event") void host_event(i32 event, const Slot *values);
/* The host operation of a node: 1 when results are written, else the node's flow err is taken. */
IMPORT("call") i32 host_call(i32 node, const Slot *arguments, Slot *results);

void alone_said(Alone *s, u32 node, const Slot *values) {
    (void)s;
    host_log((i32)node, values);
}

void alone_sent(Alone *s, u32 event, const Slot *values) {
    (void)s;
    host_event((i32)event, values);
}

i32 alone_called(Alone *s, u32 node, const Slot *args, Slot *results) {
    (void)s;
    return host_call((i32)node, args, results) == 1;
}

/* ---- what stands in for services that a graph never needs (standalone.c) ---- */

void alone_untold(Alone *s, u32 what, const Slot *values);
void alone_untold(Alone *s, u32 what, const Slot *values) { (void)s, (void)what, (void)values; }

/* No tick finds a delay that is due, or an interpolation. */
void alone_no_delay(Alone *s);
void alone_no_delay(Alone *s) {
    s->phase = ALONE_MOVES;
    s->move_next = s->move_first;
}

void alone_no_move(Alone *s);
void alone_no_move(Alone *s) { s->phase = ALONE_TICKS; }

/* ---- units ---- */

typedef i32 UnitFunction(Alone *s, u32 depth, u32 deepest, u32 way, i32 fuel);

static const AloneWay *way_at(u32 pc) {
    u32 low = 0, high = graph_door.way_count;
    while (high - low > 1) {
        u32 middle = low + (high - low) / 2;
        if (graph_door.ways[middle].pc <= pc)
            low = middle;
        else
            high = middle;
    }
    return &graph_door.ways[low];
}

i32 alone_unit(Alone *s, i32 fuel) {
    const AloneWay *way = way_at(s->pc);
    UnitFunction *unit = (UnitFunction *)(uintptr_t)way->element;
    s->depth -= way->height;
    u32 deepest = s->depth + graph_door.levels, most = s->plan->stack_count;
    i32 left = unit(s, s->depth, deepest < most ? deepest : most, way->way, fuel);
    if (left == ALONE_LEFT_CHARGE) s->charge = way_at(s->pc)->charge;
    return left;
}

/* ---- what the host calls ---- */

/* What a status is to the host, besides AloneStatus: */
enum { DOOR_WAITS = 3 };

static i32 status_of(AloneStatus status) {
    return status == ALONE_DONE && alone_waits(&graph_state) ? DOOR_WAITS : (i32)status;
}

static u64 whole(f64 number) { return number >= 1 ? number < 0x1p63 ? (u64)number : UINT64_MAX : 0; }

EXPORT(void) init(f64 seed);
EXPORT(void) init(f64 seed) {
    const AloneDoor *door = &graph_door;
    graph_state = (Alone){.plan = &graph_plan,
                          .slots = door->slots,
                          .delays = door->delays,
                          .queue = door->queue,
                          .queue_values = door->queue_values,
                          .moves = door->moves,
                          .told = door->told};
    alone_open(&graph_state, (u64)(i64)(seed > -0x1p53 && seed < 0x1p53 ? seed : 0));
}

EXPORT(i32) tick(f64 now);
EXPORT(i32) tick(f64 now) { return alone_tick(&graph_state, now); }

EXPORT(i32) run(f64 fuel);
EXPORT(i32) run(f64 fuel) { return status_of(alone_run(&graph_state, whole(fuel))); }

EXPORT(i32) step(f64 now);
EXPORT(i32) step(f64 now) {
    alone_run(&graph_state, UINT64_MAX); /* what was due before */
    alone_tick(&graph_state, now);
    return status_of(alone_run(&graph_state, UINT64_MAX));
}

/* Seconds after the last tick at which time alone will do something: 0 the next tick, infinite never. */
EXPORT(f64) next_due(void);
EXPORT(f64) next_due(void) {
    const Alone *s = &graph_state;
    if (s->reason || !(s->move_count || s->queue_count || s->delay_count)) return __builtin_inf();
    if (s->move_count || s->queue_count || s->delays[0].time <= s->now) return 0;
    return s->delays[0].time - s->now;
}

EXPORT(i32) send(u32 event);
EXPORT(i32) send(u32 event) { return event < graph_plan.event_count && alone_post(&graph_state, event, graph_values); }

/* Handles of ports: variables first, then inputs, then outputs. */
static const AlonePort *port_of(u32 handle) {
    const AlonePlan *p = &graph_plan;
    if (handle < p->variable_count) return &p->variables[handle];
    handle -= p->variable_count;
    return handle < p->input_count ? &p->inputs[handle] : NULL;
}

EXPORT(i32) set(u32 handle);
EXPORT(i32) set(u32 handle) {
    const AlonePort *port = port_of(handle);
    return port && alone_write(&graph_state, port->slot, port->lanes, graph_values);
}

EXPORT(i32) set_number(u32 handle, f64 value);
EXPORT(i32) set_number(u32 handle, f64 value) {
    const AlonePort *port = port_of(handle);
    if (!port || port->lanes != 1) return 0;
    Slot slot = {.f = value};
    if (port->letter == 'I') slot.bits = (u32)(value >= -2147483648.0 && value < 2147483648.0 ? (i32)value : 0);
    if (port->letter == 'B') slot.bits = value == value && value != 0;
    return port->letter != 'R' && alone_write(&graph_state, port->slot, 1, &slot);
}

EXPORT(const Slot *) get(u32 handle);
EXPORT(const Slot *) get(u32 handle) {
    const AlonePlan *p = &graph_plan;
    const AlonePort *port = port_of(handle);
    if (port) return graph_state.slots + port->slot;
    u32 output = handle - p->variable_count - p->input_count;
    return output < p->output_count ? alone_output(&graph_state, output) : NULL;
}

EXPORT(f64) get_number(u32 handle);
EXPORT(f64) get_number(u32 handle) {
    const AlonePlan *p = &graph_plan;
    const Slot *value = get(handle);
    const AlonePort *port = port_of(handle);
    if (!port) port = &p->outputs[handle - p->variable_count - p->input_count];
    if (!value || port->lanes != 1) return __builtin_nan("");
    return port->letter == 'F' ? value->f : value->i;
}
