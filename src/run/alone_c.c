/* alone_c.c (run) - tells the program around a graph compiled to C: log lines as text, events, host operations. */
#include "alone_c.h"

#include <stdio.h>
#include <string.h>

#include "../base/buf.h"
#include "../graph/model.h"

/* The emitter says how long a line can become. */
#ifndef ALONE_LINE
#define ALONE_LINE 256
#endif

typedef struct AloneText {
    char data[ALONE_LINE];
    u32 len;
} AloneText;

static void alone_put_text(AloneText *t, const char *text) {
    size_t len = strlen(text), room = ALONE_LINE - 1 - (size_t)t->len;
    if (len > room) len = room;
    memcpy(t->data + t->len, text, len);
    t->len += (u32)len;
    t->data[t->len] = '\0';
}

static void alone_put_number(AloneText *t, f64 number) {
    char text[NUMBER_SIZE];
    if (isfinite(number)) number_spell(number, text);
    alone_put_text(t, isnan(number) ? "NaN" : isfinite(number) ? text : number < 0 ? "-Infinity" : "Infinity");
}

static void alone_put_count(AloneText *t, u64 number) {
    char text[24], *at = text + sizeof text - 1;
    *at = '\0';
    do *--at = (char)('0' + number % 10);
    while (number /= 10);
    alone_put_text(t, at);
}

/* What a reference names: /nodes/3, delay:1, event:7. */
static void alone_put_ref(AloneText *t, u64 ref) {
    u64 payload = REF_PAYLOAD(ref);
    u32 kind = REF_KIND(ref);
    if (kind == REF_OBJECT && payload >> 32 < GLTF_ARRAYS) {
        alone_put_text(t, gltf_array_path((GltfArray)(payload >> 32)));
        alone_put_text(t, "/");
        alone_put_count(t, (u32)payload);
    } else if (kind >= REF_OBJECT && kind <= REF_EVENT) {
        alone_put_text(t, kind == REF_OBJECT ? "object:" : kind == REF_DELAY ? "delay:" : "event:");
        alone_put_count(t, payload);
    } else {
        alone_put_text(t, "null");
    }
}

static void alone_put_lane(AloneText *t, u32 letter, Slot lane) {
    if (letter == 'B')
        alone_put_text(t, lane.i ? "true" : "false");
    else if (letter == 'R')
        alone_put_ref(t, lane.bits);
    else
        alone_put_number(t, letter == 'F' ? lane.f : lane.i);
}

static void alone_put_value(AloneText *t, const AlonePiece *piece, const Slot *value) {
    if (piece->lanes > 1) alone_put_text(t, "(");
    for (u32 i = 0; i < piece->lanes; i++) {
        if (i) alone_put_text(t, ", ");
        alone_put_lane(t, piece->letter, value[i]);
    }
    if (piece->lanes > 1) alone_put_text(t, ")");
}

static void alone_say_line(const Alone *s, const AloneHost *host, u32 node, const Slot *values) {
    const i32 *params = s->plan->params + s->plan->nodes[node].params;
    AloneText line = {.len = 0};
    line.data[0] = '\0';
    for (i32 i = 0; i < params[2]; i++) {
        const AlonePiece *piece = &s->plan->pieces[params[1] + i];
        if (piece->text)
            alone_put_text(&line, piece->text);
        else
            alone_put_value(&line, piece, values + piece->lane);
    }
    host->log(host->user, params[0], line.data);
}

static void alone_say_held(const Alone *s, const AloneHost *host) {
    char line[128];
    snprintf(line, sizeof line, "more than %u events in one tick: the rest waits (limit tick-events)",
             (unsigned)s->plan->tick_events);
    host->log(host->user, 1, line);
}

SHARED void alone_said(Alone *s, u32 node, const Slot *values) {
    const AloneHost *host = s->host;
    if (!host || !host->log) return;
    if (node == NONE)
        alone_say_held(s, host);
    else
        alone_say_line(s, host, node, values);
}

SHARED void alone_sent(Alone *s, u32 event, const Slot *values) {
    const AloneHost *host = s->host;
    if (host && host->event) host->event(host->user, s->plan, event, values);
}

SHARED i32 alone_called(Alone *s, u32 node, const Slot *args, Slot *results) {
    const AloneHost *host = s->host;
    return host && host->call ? host->call(host->user, s->plan->nodes[node].op, args, results) : 0;
}

/* ---- how units leave ---- */

/* At pc, with so many entries on the stack; what is returned is the unit's. */
static i32 alone_stop_at(Alone *s, u32 pc, u32 depth, i32 fuel, i32 how) {
    s->pc = pc;
    s->depth = depth;
    s->budget = fuel;
    return how;
}

/* The instruction there wants more fuel than there is. */
static i32 alone_more(Alone *s, u32 pc, u32 depth, i32 fuel, i32 charge) {
    s->charge = (u32)charge;
    return alone_stop_at(s, pc, depth, fuel - charge, ALONE_LEFT_CHARGE);
}

/* It goes on there, in another unit. */
static i32 alone_go(Alone *s, u32 pc, u32 depth, i32 fuel) { return alone_stop_at(s, pc, depth, fuel, ALONE_LEFT_GO); }

static i32 alone_limit(Alone *s, u32 pc, u32 depth, i32 fuel) {
    return alone_stop_at(s, pc, depth, fuel, ALONE_LEFT_LIMIT);
}

static i32 alone_overflow(Alone *s, u32 pc, u32 depth, i32 fuel) {
    alone_fail(s, "call-depth", NONE);
    return alone_limit(s, pc, depth, fuel);
}

/* A call of the unit at pc that is not made here, since C's stack is deep enough. */
static i32 alone_call(Alone *s, u32 pc, u32 depth, u32 back, i32 fuel) {
    if (depth >= s->plan->stack_count) return alone_overflow(s, back - 1, depth, fuel);
    s->slots[s->plan->stack_first + depth].bits = back;
    return alone_go(s, pc, depth + 1, fuel);
}

/* A unit that was called has left: where it would have returned to goes onto the stack. */
static i32 alone_outward(Alone *s, u32 depth, u32 back, i32 left) {
    s->slots[s->plan->stack_first + depth].bits = back;
    return left;
}
