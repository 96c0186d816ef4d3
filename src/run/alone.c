/* alone.c (run) - runs the roots of a compiled graph without the engine, and does what its instructions do beyond slots. */
#include "alone.h"

#include <string.h>

#include "../op/vec.h"

/* State slots that every graph has (graph.h). */
enum { SLOT_EPOCH = 0, SLOT_DEPTH = 1 };

static void alone_fail(Alone *s, const char *reason, u32 node) {
    if (s->reason) return;
    s->reason = reason;
    s->reason_node = node;
}

/* ---- opening ---- */

static void alone_clear_moves(Alone *s) {
    for (u32 i = 0; i < s->plan->moves; i++) s->moves[i].serial = 0;
    s->move_first = s->move_last = s->move_next = NONE;
    s->move_count = 0;
}

SHARED void alone_open(Alone *s, u64 seed) {
    const AlonePlan *p = s->plan;
    memcpy(s->slots, p->initial, p->initials * sizeof(Slot));
    memset(s->slots + p->initials, 0, (p->slot_count - p->initials) * sizeof(Slot));
    s->of_seed = chance_of_seed(seed);
    s->pc = s->depth = s->charge = 0;
    s->budget = 0;
    s->fuel = s->fuel_limit = s->serial = s->tick_serial = s->ticks = 0;
    s->occurrences = s->occurrence = s->event_occurrence = s->list_occurrence = s->tick_occurrence = 0;
    s->now = s->origin = 0;
    s->last_tick = s->since_tick = (f64)NAN;
    s->reason = NULL;
    s->reason_node = NONE;
    s->busy = s->begun = s->next = s->receiver = s->receiver_past = s->stops = 0;
    s->phase = s->root_phase = ALONE_STARTS;
    s->delay_count = s->queue_first = s->queue_count = s->tick_events = s->held = 0;
    alone_clear_moves(s);
}

/* ---- the queue of events and writes ---- */

static bool alone_put(Alone *s, AloneEntry entry, const Slot *values) {
    const AlonePlan *p = s->plan;
    if (s->queue_count >= p->queue) return false;
    u32 at = (s->queue_first + s->queue_count++) % p->queue;
    s->queue[at] = entry;
    memcpy(s->queue_values + (size_t)at * p->event_lanes, values, entry.lanes * sizeof(Slot));
    return true;
}

static AloneEntry alone_take(Alone *s) {
    const AlonePlan *p = s->plan;
    u32 at = s->queue_first;
    s->queue_first = (at + 1) % p->queue;
    s->queue_count--;
    memcpy(s->told, s->queue_values + (size_t)at * p->event_lanes, s->queue[at].lanes * sizeof(Slot));
    return s->queue[at];
}

/* It may be drained in this tick. */
static bool alone_may_dispatch(const Alone *s) {
    u32 limit = s->plan->tick_events;
    return s->queue_count && (s->queue[s->queue_first].event == NONE || !limit || s->tick_events < limit);
}

static void alone_drop_move(Alone *s, u32 i);

/* A host's write ends an interpolation of the same variable, as variable/set does. */
static void alone_do_write(Alone *s, AloneEntry e, const Slot *values) {
    for (u32 i = s->move_first; i != NONE; i = s->moves[i].after) {
        if (s->plan->variables[s->moves[i].variable].slot != e.slot) continue;
        alone_drop_move(s, i);
        break;
    }
    memcpy(s->slots + e.slot, values, e.lanes * sizeof(Slot));
}

/* ---- roots ---- */

static void alone_begin(Alone *s, u32 node, u64 occurrence, AlonePhase list) {
    u32 root = s->plan->nodes[node].root;
    if (root == NONE) return;
    s->pc = root;
    s->slots[s->plan->stack_first].bits = 0; /* the halt */
    s->depth = 1;
    s->occurrence = occurrence;
    s->stops = 0;
    s->root_phase = list;
    s->busy = 1;
}

static void alone_skip_ticks(Alone *s) {
    s->next = s->plan->tick_count;
    s->tick_occurrence = 0;
}

/* The activation is over. What event/stopPropagation ended is skipped. */
static void alone_root_over(Alone *s) {
    s->busy = 0;
    if (s->stops & 2) alone_skip_ticks(s);
    if (s->stops & 1) {
        if (s->root_phase == ALONE_RESTS) s->receiver = s->receiver_past;
        if (s->root_phase == ALONE_STARTS) s->next = s->plan->start_count;
        if (s->root_phase == ALONE_TICKS) alone_skip_ticks(s);
    }
    s->stops = 0;
}

#define ALONE_REF(serial) REF_MAKE(REF_EVENT, serial)

static void alone_next_start(Alone *s) {
    const AlonePlan *p = s->plan;
    if (s->next == p->start_count) {
        s->phase = ALONE_RESTS;
        return;
    }
    if (s->next == 0) s->list_occurrence = ++s->occurrences;
    u32 node = p->starts[s->next++];
    s->slots[p->nodes[node].out].bits = ALONE_REF(s->list_occurrence);
    alone_begin(s, node, s->list_occurrence, ALONE_STARTS);
}

/* The receiver's outputs are the occurrence's values, and behind them itself. */
static void alone_next_receiver(Alone *s) {
    u32 node = s->plan->receivers[s->receiver++], others = s->plan->nodes[node].lanes - 1;
    Slot *out = s->slots + s->plan->nodes[node].out;
    s->occurrence = s->event_occurrence;
    memcpy(out, s->told, others * sizeof(Slot));
    out[others].bits = ALONE_REF(s->event_occurrence);
    alone_begin(s, node, s->event_occurrence, ALONE_RESTS);
}

static void alone_next_event(Alone *s) {
    AloneEntry e = alone_take(s);
    if (e.event == NONE) {
        alone_do_write(s, e, s->told);
        return;
    }
    s->tick_events++;
    s->receiver = s->plan->events[e.event].receiver_first;
    s->receiver_past = s->plan->events[e.event].receiver_past;
    s->event_occurrence = ++s->occurrences;
}

static void alone_next_delay(Alone *s) {
    bool due = s->delay_count && s->delays[0].time <= s->now && s->delays[0].serial <= s->tick_serial;
    if (!due) {
        s->phase = ALONE_MOVES;
        s->move_next = s->move_first;
        return;
    }
    u32 node = s->delays[0].node;
    delay_remove(s->delays, &s->delay_count, 0);
    alone_begin(s, node, 0, ALONE_DELAYS);
}

static void alone_next_tick(Alone *s) {
    const AlonePlan *p = s->plan;
    if (s->next == p->tick_count) {
        s->phase = ALONE_RESTS;
        return;
    }
    if (s->next == 0) s->list_occurrence = ++s->occurrences;
    u32 node = p->ticks[s->next++];
    s->tick_occurrence = s->next < p->tick_count ? s->list_occurrence : 0;
    Slot *out = s->slots + p->nodes[node].out;
    out[0].f = s->now;
    out[1].f = s->since_tick;
    out[2].bits = ALONE_REF(s->list_occurrence);
    alone_begin(s, node, s->list_occurrence, ALONE_TICKS);
}

static void alone_next_move(Alone *s);

/* One step towards the next root; false: there is nothing to do. */
static bool alone_next(Alone *s) {
    s->begun = 1;
    if (s->queue_count && !alone_may_dispatch(s) && !s->held) {
        s->held = 1;
        alone_said(s, NONE, NULL);
    }
    if (s->phase == ALONE_STARTS)
        alone_next_start(s);
    else if (s->receiver != s->receiver_past)
        alone_next_receiver(s);
    else if (alone_may_dispatch(s))
        alone_next_event(s);
    else if (s->phase == ALONE_DELAYS)
        alone_next_delay(s);
    else if (s->phase == ALONE_MOVES)
        alone_next_move(s);
    else if (s->phase == ALONE_TICKS)
        alone_next_tick(s);
    else
        return false;
    return true;
}

/* ---- running ---- */

/* The activation in progress, from unit to unit, until it is over or cannot pay. s->budget is its fuel. */
static void alone_go_on(Alone *s) {
    i32 fuel = s->budget;
    for (;;) {
        s->deepest = s->depth + ALONE_LEVELS;
        if (s->deepest > s->plan->stack_count) s->deepest = s->plan->stack_count;
        fuel = alone_unit(s, fuel);
        if (fuel == ALONE_LEFT_GO) {
            fuel = s->budget;
        } else if (fuel < 0) {
            if (fuel == ALONE_LEFT_CHARGE) s->budget += (i32)s->charge;
            return;
        } else {
            s->pc = s->slots[s->plan->stack_first + --s->depth].u;
            if (s->pc == 0) break; /* the halt */
        }
    }
    s->budget = fuel;
    alone_root_over(s);
}

/* What one entry of compiled code may use. */
static i32 alone_grant(const Alone *s, u64 left) {
    u64 rest = s->fuel_limit - s->fuel;
    if (s->fuel_limit && rest < left) left = rest;
    return left < INT32_MAX ? (i32)left : INT32_MAX;
}

SHARED AloneStatus alone_run(Alone *s, u64 fuel) {
    u64 left = fuel < s->charge ? s->charge : fuel;
    while (!s->reason) {
        if (!s->busy) {
            if (!alone_next(s)) return ALONE_DONE;
            continue;
        }
        i32 granted = alone_grant(s, left);
        s->budget = granted;
        s->charge = 0;
        alone_go_on(s);
        u32 spent = (u32)(granted - s->budget);
        s->fuel += spent;
        left -= spent;
        if (s->fuel_limit && s->charge > s->fuel_limit - s->fuel)
            alone_fail(s, "fuel", NONE);
        else if (s->charge > left)
            return ALONE_MORE;
    }
    return ALONE_LIMIT;
}

static bool alone_rests(const Alone *s) {
    return !s->busy && s->phase == ALONE_RESTS && s->receiver == s->receiver_past;
}

SHARED i32 alone_waits(const Alone *s) {
    return s->delay_count || s->move_count || s->queue_count || s->plan->tick_count || s->plan->heard;
}

SHARED i32 alone_tick(Alone *s, f64 now) {
    if (s->reason || !alone_rests(s) || !isfinite(now)) return 0;
    if (s->ticks++ == 0) s->origin = now;
    now -= s->origin;
    s->now = now > s->now ? now : s->now;
    s->since_tick = s->now - s->last_tick;
    s->last_tick = s->now;
    s->tick_events = 0;
    s->tick_serial = s->serial;
    s->next = 0;
    s->phase = ALONE_DELAYS;
    return 1;
}

SHARED i32 alone_post(Alone *s, u32 event, const Slot *values) {
    const AloneEvent *e = &s->plan->events[event];
    if (s->reason) return 0;
    if (e->receiver_first == e->receiver_past) return 1;
    return alone_put(s, (AloneEntry){event, 0, e->lanes}, values);
}

SHARED i32 alone_write(Alone *s, u32 slot, u32 lanes, const Slot *values) {
    AloneEntry e = {NONE, slot, lanes};
    if (s->reason) return 0;
    if (s->queue_count || (s->begun && !alone_rests(s))) return alone_put(s, e, values);
    alone_do_write(s, e, values);
    return 1;
}

/* Output code has temporaries of its own, no fuel and no stack: only what says where the run is needs care. */
SHARED const Slot *alone_output(Alone *s, u32 k) {
    const AlonePort *o = &s->plan->outputs[k];
    if (o->entry != NONE) {
        u32 pc = s->pc, depth = s->depth;
        s->pc = o->entry;
        alone_unit(s, 0);
        s->pc = pc;
        s->depth = depth;
    }
    return s->slots + o->slot;
}

/* ---- flow/setDelay, flow/cancelDelay ---- */

static Slot *alone_first_output(Alone *s, i32 node) { return s->slots + s->plan->nodes[node].out; }

ALONE_EFFECT(delay) {
    f64 duration = s->slots[b].f, time = s->now + duration; /* infinite when the duration is too long to be added */
    bool starts = duration >= 0 && isfinite(time) && s->delay_count < s->plan->delays;
    s->slots[a].bits = starts;
    if (!starts) return 1;
    s->delays[s->delay_count] = (Delay){time, ++s->serial, (u32)c};
    delay_lift(s->delays, s->delay_count++);
    alone_first_output(s, c)->bits = REF_MAKE(REF_DELAY, s->serial);
    return 1;
}

ALONE_EFFECT(delay_stop) {
    delay_remove_node(s->delays, &s->delay_count, (u32)a);
    alone_first_output(s, a)->bits = REF_NULL;
    return 1;
}

ALONE_EFFECT(delay_cancel) {
    delay_remove_ref(s->delays, &s->delay_count, s->slots[a].bits);
    return 1;
}

/* ---- variable/interpolate ---- */

static void alone_append_move(Alone *s, u32 i) {
    s->moves[i].before = s->move_last;
    s->moves[i].after = NONE;
    if (s->move_last == NONE)
        s->move_first = i;
    else
        s->moves[s->move_last].after = i;
    s->move_last = i;
    s->move_count++;
}

static void alone_drop_move(Alone *s, u32 i) {
    AloneMove *m = &s->moves[i];
    if (s->move_next == i) s->move_next = m->after;
    if (m->before == NONE)
        s->move_first = m->after;
    else
        s->moves[m->before].after = m->after;
    if (m->after == NONE)
        s->move_last = m->before;
    else
        s->moves[m->after].before = m->before;
    m->serial = 0;
    s->move_count--;
}

static void alone_set_curve(AloneMove *m, const Slot *curve) {
    m->duration = curve[0].f;
    for (u32 k = 0; k < 2; k++) {
        m->p1[k] = curve[1 + k].f;
        m->p2[k] = curve[3 + k].f;
    }
}

static bool alone_start_move(Alone *s, u32 node, const Slot *to) {
    u32 variable = (u32)s->plan->params[s->plan->nodes[node].params];
    const AlonePort *v = &s->plan->variables[variable];
    AloneMove *m = &s->moves[v->move];
    if (!curve_is_valid(to + v->lanes)) return false;
    if (!m->serial && s->plan->interpolations && s->move_count >= s->plan->interpolations) return false;
    if (m->serial) alone_drop_move(s, v->move);
    m->serial = ++s->serial;
    m->start = s->now;
    m->node = node;
    m->variable = variable;
    alone_set_curve(m, to + v->lanes);
    memcpy(m->from, s->slots + v->slot, v->lanes * sizeof(Slot));
    memcpy(m->to, to, v->lanes * sizeof(Slot));
    alone_append_move(s, v->move);
    return true;
}

ALONE_EFFECT(interpolate) {
    s->slots[a].bits = alone_start_move(s, (u32)c, s->slots + b);
    return 1;
}

ALONE_EFFECT(interpolate_stop) {
    u32 i = s->plan->variables[a].move;
    if (s->moves[i].serial) alone_drop_move(s, i);
    return 1;
}

/* The value at time t of its way, in (0, 1). */
static void alone_mix(const Alone *s, const AloneMove *m, f64 t, Slot *out) {
    f64 q = bezier_ease(t, m->p1, m->p2);
    bool slerp = s->plan->params[s->plan->nodes[m->node].params + 1] != 0;
    if (slerp)
        vec_quatSlerp(out, m->from, m->to, &(Slot){.f = q});
    else
        for (u32 i = 0; i < s->plan->variables[m->variable].lanes; i++)
            out[i].f = (1 - q) * m->from[i].f + q * m->to[i].f;
}

/* Writes the variable; true when it has arrived. */
static bool alone_step_move(Alone *s, const AloneMove *m) {
    const AlonePort *v = &s->plan->variables[m->variable];
    f64 t = (s->now - m->start) / m->duration;
    if (t <= 0) return false;
    bool arrived = !(t < 1); /* NaN too: a duration of 0 at its own start */
    if (arrived)
        memcpy(s->slots + v->slot, m->to, v->lanes * sizeof(Slot));
    else
        alone_mix(s, m, t, s->slots + v->slot);
    return arrived;
}

static void alone_next_move(Alone *s) {
    u32 i = s->move_next;
    if (i == NONE || s->moves[i].serial > s->tick_serial) {
        s->phase = ALONE_TICKS;
        return;
    }
    s->move_next = s->moves[i].after;
    if (!alone_step_move(s, &s->moves[i])) return;
    u32 node = s->moves[i].node;
    alone_drop_move(s, i);
    alone_begin(s, node, 0, ALONE_MOVES);
}

/* ---- ops that remember ---- */

ALONE_EFFECT(throttle) {
    Slot *remaining = alone_first_output(s, c), *stamp = s->slots + s->plan->nodes[c].state;
    f64 duration = s->slots[b].f, elapsed = s->now - stamp->f;
    u32 answer = 1; /* out */
    if (!(duration >= 0) || isinf(duration)) {
        answer = 0; /* err */
    } else if (!isnan(remaining->f) && elapsed < duration) {
        remaining->f = duration - elapsed;
        answer = 2; /* nothing */
    } else {
        stamp->f = s->now;
        remaining->f = 0;
    }
    s->slots[a].bits = answer;
    return 1;
}

ALONE_EFFECT(throttle_reset) {
    alone_first_output(s, a)->f = (f64)NAN;
    return 1;
}

static f64 alone_chance(const Alone *s, u32 node) { return chance(s->of_seed, node, s->slots[SLOT_EPOCH].u); }

/* The output a gate opens next, the lowest unused or a random one; -1: all are used. */
static i32 alone_choose(const Alone *s, u32 node, const Slot *used, bool random) {
    u32 outputs = s->plan->nodes[node].flows, unused = 0;
    for (u32 k = 0; k < outputs; k++) unused += !(used[k / 64].bits >> k % 64 & 1);
    if (!unused) return -1;
    u32 skip = random ? (u32)(alone_chance(s, node) * unused) : 0, k = 0;
    while (used[k / 64].bits >> k % 64 & 1 || skip-- > 0) k++;
    return (i32)k;
}

static void alone_clear_gate(Alone *s, u32 node) {
    const AloneNode *n = &s->plan->nodes[node];
    for (u32 k = 0; k < n->flows; k += 64) s->slots[n->state + k / 64].bits = 0;
}

ALONE_EFFECT(gate) {
    const AloneNode *n = &s->plan->nodes[b];
    const i32 *params = s->plan->params + n->params;
    Slot *used = s->slots + n->state;
    i32 chosen = n->flows ? alone_choose(s, (u32)b, used, params[0]) : -1;
    if (chosen < 0 && n->flows && params[1]) {
        alone_clear_gate(s, (u32)b);
        chosen = alone_choose(s, (u32)b, used, params[0]);
    }
    s->slots[a].bits = (u32)chosen;
    if (chosen < 0) return 1;
    used[chosen / 64].bits |= UINT64_C(1) << chosen % 64;
    alone_first_output(s, b)->bits = (u32)chosen;
    return 1;
}

ALONE_EFFECT(gate_reset) {
    alone_first_output(s, a)->bits = (u32)-1;
    alone_clear_gate(s, (u32)a);
    return 1;
}

ALONE_EFFECT(wait_all) {
    Slot *remaining = alone_first_output(s, b), *seen = s->slots + s->plan->nodes[b].state;
    u64 bit = UINT64_C(1) << c;
    if (!(seen->bits & bit)) {
        seen->bits |= bit;
        remaining->i--;
    }
    s->slots[a].bits = remaining->i == 0;
    return 1;
}

ALONE_EFFECT(wait_all_reset) {
    s->slots[s->plan->nodes[a].state].bits = 0;
    alone_first_output(s, a)->i = s->plan->params[s->plan->nodes[a].params];
    return 1;
}

/* ---- calls and chance ---- */

/* Counts a pending entry of a node on a cycle; a second one is a call. */
ALONE_EFFECT(enter) {
    if (s->slots[a].i++ == 0) return 1;
    if ((u32)++s->slots[SLOT_DEPTH].i <= s->plan->call_depth) return 1;
    alone_fail(s, "call-depth", (u32)b);
    return 0;
}

ALONE_EFFECT(leave) {
    if (--s->slots[a].i > 0) s->slots[SLOT_DEPTH].i--;
    return 1;
}

ALONE_EFFECT(epoch) {
    s->slots[SLOT_EPOCH].u++;
    return 1;
}

ALONE_EFFECT(random) {
    s->slots[a].f = alone_chance(s, (u32)b);
    return 1;
}

/* ---- the world ---- */

ALONE_EFFECT(send) {
    u32 event = (u32)s->plan->params[s->plan->nodes[b].params];
    const AloneEvent *e = &s->plan->events[event];
    if (e->id[0]) alone_sent(s, event, s->slots + a);
    if (e->receiver_first == e->receiver_past) return 1;
    if (alone_put(s, (AloneEntry){event, 0, e->lanes}, s->slots + a)) return 1;
    alone_fail(s, "queue", NONE);
    return 0;
}

ALONE_EFFECT(stop) {
    bool immediate = s->slots[a].i != 0;
    u64 ref = s->slots[b].bits;
    if (ref == ALONE_REF(s->occurrence))
        s->stops |= immediate ? 1 : 0;
    else if (immediate && s->tick_occurrence && ref == ALONE_REF(s->tick_occurrence))
        s->stops |= 2;
    return 1;
}

ALONE_EFFECT(log) {
    alone_said(s, (u32)b, s->slots + a);
    return 1;
}

ALONE_EFFECT(host) {
    s->slots[a].bits = alone_called(s, (u32)c, s->slots + b, s->slots + a + 1) == 1;
    return 1;
}
