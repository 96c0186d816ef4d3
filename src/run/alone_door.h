/* alone_door.h (run) - what a standalone module is given besides its plan (alone.h): where its code and memory are. */
#ifndef TREADLE_ALONE_DOOR_H
#define TREADLE_ALONE_DOOR_H

#include "alone.h"

/* Where a run can be taken up. */
typedef struct AloneWay {
    u32 pc;
    u32 element; /* of the table: its unit */
    u32 way;     /* in that unit */
    u32 height;  /* stack entries there over those at the unit's beginning */
    u32 charge;  /* what the instruction there costs, if it charges */
} AloneWay;

/* All fields are 4 bytes on wasm32, as in AlonePlan. */
typedef struct AloneDoor {
    const AloneWay *ways; /* rising by pc */
    u32 way_count;
    u32 levels; /* how deep units may call each other */
    Slot *slots;
    Delay *delays;
    AloneEntry *queue;
    Slot *queue_values;
    AloneMove *moves;
    Slot *told;
} AloneDoor;

/* Offsets in an Alone, on wasm32, of what hosts read beside those of alone.h. */
enum { ALONE_AT_FUEL = 64, ALONE_AT_FUEL_LIMIT = 72, ALONE_AT_NOW = 136, ALONE_AT_REASON = 176 };

/* The fields of these in their order, for who lays them out (standalone.c); alone_door.c sees that it is right. */
#define ALONE_PLAN_FIELDS(FIELD)                                                                                       \
    FIELD(name) FIELD(nodes) FIELD(variables) FIELD(inputs) FIELD(outputs) FIELD(values) FIELD(events) FIELD(order)    \
    FIELD(starts) FIELD(ticks) FIELD(receivers) FIELD(params) FIELD(pieces) FIELD(initial)                             \
    FIELD(node_count) FIELD(variable_count) FIELD(input_count) FIELD(output_count) FIELD(event_count)                  \
    FIELD(start_count) FIELD(tick_count) FIELD(initials) FIELD(slot_count) FIELD(stack_first) FIELD(stack_count)       \
    FIELD(event_lanes) FIELD(heard) FIELD(call_depth) FIELD(tick_events) FIELD(delays) FIELD(queue)                    \
    FIELD(interpolations) FIELD(moves)
#define ALONE_DOOR_FIELDS(FIELD)                                                                                       \
    FIELD(ways) FIELD(way_count) FIELD(levels) FIELD(slots) FIELD(delays) FIELD(queue) FIELD(queue_values)             \
    FIELD(moves) FIELD(told)
#define ALONE_NODE_FIELDS(FIELD)                                                                                       \
    FIELD(id) FIELD(op) FIELD(out) FIELD(state) FIELD(params) FIELD(flows) FIELD(lanes) FIELD(root)
#define ALONE_PORT_FIELDS(FIELD)                                                                                       \
    FIELD(name) FIELD(type) FIELD(letter) FIELD(lanes) FIELD(slot) FIELD(entry) FIELD(move)
#define ALONE_EVENT_FIELDS(FIELD)                                                                                      \
    FIELD(id) FIELD(value_first) FIELD(value_past) FIELD(lanes) FIELD(receiver_first) FIELD(receiver_past)

#endif
