/* event.c (run) - custom events: the FIFO of occurrences and writes, and what the host is told. */
#include <string.h>

#include "record.h"

u32 event_lanes(const Graph *g, u32 event) {
    u32 lanes = 0;
    for (u32 i = g->event_value[event]; i < g->event_value[event + 1]; i++)
        lanes += type_lanes((Type)g->event_value_type[i]);
    return lanes;
}

/* ---- rings: capacities are powers of two ---- */

/* Makes room for `wanted` items; what had wrapped to the front moves behind the old end. */
static bool grow_ring(Instance *in, void **ring, u32 *cap, u32 head, u32 count, u32 wanted, u32 size) {
    u32 old = *cap, now = old ? old : 16;
    while (now < wanted && now <= UINT32_MAX / 2) now *= 2;
    if (now < wanted) return false;
    if (now == old) return true;
    u8 *grown = instance_grow(in, *ring, (u64)old * size, (u64)now * size);
    if (!grown) return false;
    *ring = grown;
    *cap = now;
    if ((u64)head + count > old) memcpy(grown + (size_t)old * size, grown, ((size_t)head + count - old) * size);
    return true;
}

static bool make_room(Instance *in, u32 lanes) {
    void *events = in->events, *values = in->event_values;
    bool room =
        grow_ring(in, &events, &in->event_cap, in->event_head, in->event_count, in->event_count + 1, sizeof(Event));
    in->events = events;
    room = room && grow_ring(in, &values, &in->value_cap, in->value_head, in->value_count, in->value_count + lanes,
                             sizeof(Slot));
    in->event_values = values;
    return room;
}

const char *event_put(Instance *in, Event e, const Slot *lanes) {
    if (in->limits->queue && in->event_count >= in->limits->queue) return "queue";
    if (!make_room(in, e.lanes)) return "memory";
    in->events[(in->event_head + in->event_count++) & (in->event_cap - 1)] = e;
    for (u32 i = 0; i < e.lanes; i++)
        in->event_values[(in->value_head + in->value_count++) & (in->value_cap - 1)] = lanes[i];
    return NULL;
}

bool event_take(Instance *in, Event *out) {
    if (!in->event_count) return false;
    *out = in->events[in->event_head];
    in->event_head = (in->event_head + 1) & (in->event_cap - 1);
    in->event_count--;
    for (u32 i = 0; i < out->lanes; i++)
        in->occurrence_values[i] = in->event_values[(in->value_head + i) & (in->value_cap - 1)];
    in->value_head = (in->value_head + out->lanes) & (in->value_cap - 1);
    in->value_count -= out->lanes;
    return true;
}

/* ---- event/send, event/receive, event/stopPropagation ---- */

/* {"time","id","values"}: the record, and what the host is told. */
static void event_json(Instance *in, u32 event, const Slot *values) {
    const Graph *g = in->graph;
    Buf *b = &in->line;
    buf_clear(b);
    buf_text(b, "{\"time\":");
    buf_json_number(b, in->now);
    buf_text(b, ",\"id\":");
    record_name(b, g->event_id[event]);
    buf_text(b, ",\"values\":");
    record_values(b, g, event, values);
    buf_text(b, "}");
}

static u64 values_hash(const Graph *g, u32 event, const Slot *values, u64 hash) {
    for (u32 i = g->event_value[event]; i < g->event_value[event + 1]; i++) {
        Type t = (Type)g->event_value_type[i];
        hash = value_hash(hash, t, values);
        values += type_lanes(t);
    }
    return hash;
}

static void tell_host(Instance *in, u32 event, const Slot *values) {
    Slot now = {.f = in->now};
    event_json(in, event, values);
    record_keep(in, &in->sent, in->sent_count++);
    in->sent_hash = value_hash(hash_u64(in->sent_hash, event), TYPE_FLOAT, &now);
    in->sent_hash = values_hash(in->graph, event, values, in->sent_hash);
    if (!in->line.full) host_event(in->id, in->line.data, in->line.len);
}

bool instance_send(Instance *in, u32 event, const Slot *values) {
    const Graph *g = in->graph;
    const Roots *r = &in->roots;
    instance_trace_send(in, event, values);
    if (g->event_id[event][0]) tell_host(in, event, values);
    if (r->receiver_first[event] == r->receiver_first[event + 1]) return true;
    const char *full = event_put(in, (Event){.event = event, .lanes = event_lanes(g, event)}, values);
    if (full) instance_fail(in, full, NONE);
    return !full;
}

/* Value outputs from `out` on are the occurrence's values in order, the last one is itself. */
static void deliver(Instance *in, u32 node, u32 out) {
    const Graph *g = in->graph;
    const Slot *from = in->occurrence_values;
    u32 last = g->value_out[node + 1] - 1;
    for (; out < last; out++) {
        u32 lanes = type_lanes((Type)g->out_type[out]);
        memcpy(in->slots + g->out_slot[out], from, lanes * sizeof(Slot));
        from += lanes;
    }
    in->slots[g->out_slot[last]].bits = REF_MAKE(REF_EVENT, in->occurrence);
}

void event_deliver(Instance *in, u32 node) { deliver(in, node, in->graph->value_out[node]); }

void event_deliver_hit(Instance *in, u32 node, u32 hit) {
    u32 out = in->graph->value_out[node];
    in->slots[in->graph->out_slot[out]].bits = REF_GLTF(GLTF_NODES, hit);
    deliver(in, node, out + 1);
}

void instance_stop_propagation(Instance *in, bool immediate, u64 ref) {
    if (ref == REF_MAKE(REF_EVENT, in->occurrence))
        in->stops |= immediate ? STOP_RISE | STOP_REST : STOP_RISE;
    else if (immediate && in->tick_occurrence && ref == REF_MAKE(REF_EVENT, in->tick_occurrence))
        in->stops |= STOP_TICKS;
}
