/* root.c (engine) - the order of one instance's root activations; engine.h tells it in words. */
#include <math.h>
#include <string.h>

#include "../run/animate.h"
#include "../run/store.h"
#include "runner.h"
#include "task.h"

/* Ordinals of flow outputs, from node.def. */
enum { OUT = 0, DONE = 2 };

static Slot *output(Instance *in, u32 node, u32 k) {
    const Graph *g = in->graph;
    return in->slots + g->out_slot[g->value_out[node] + k];
}

/* Begins the activation that flow output k of a node roots; an unconnected one does nothing and
** costs nothing. */
static void begin(Task *t, u32 node, u32 k, u64 occurrence, Phase list) {
    Instance *in = t->in;
    u32 root = in->graph->flow_out[node] + k;
    if (in->graph->flow_target[root] == NONE) return;
    in->root = ++t->roots;
    in->root_out = root;
    in->occurrence = occurrence;
    in->stops = 0;
    t->root_phase = list;
    runner_begin(in, root);
    in->busy = true;
}

static void skip_ticks(Task *t) {
    t->next = t->in->roots.tick_count;
    t->in->tick_occurrence = 0;
}

/* event/stopPropagation: the rest of the list that this root is of is skipped, or only what is above in the glTF. */
static void skip_rest(Task *t, u8 stops) {
    if (stops & STOP_TICKS) skip_ticks(t);
    if (stops & STOP_RISE && t->root_phase == PHASE_REST) t->rising = NONE;
    if (!(stops & STOP_REST)) return;
    if (t->root_phase == PHASE_REST) t->receiver = t->receiver_end;
    if (t->root_phase == PHASE_START) t->next = t->in->roots.start_count;
    if (t->root_phase == PHASE_TICKS) skip_ticks(t);
}

void root_over(Task *t) {
    t->in->busy = false;
    if (t->in->stops) skip_rest(t, t->in->stops);
    t->in->stops = 0;
}

/* ---- what can be next ---- */

static void next_start(Task *t) {
    Instance *in = t->in;
    if (t->next == in->roots.start_count) {
        t->phase = PHASE_REST;
        return;
    }
    if (t->next == 0) t->list_occurrence = ++t->occurrences;
    u32 node = in->roots.starts[t->next++];
    output(in, node, 0)->bits = REF_MAKE(REF_EVENT, t->list_occurrence);
    begin(t, node, OUT, t->list_occurrence, PHASE_START);
}

static void next_receiver(Task *t) {
    Instance *in = t->in;
    u32 node = t->receivers[t->receiver++];
    in->occurrence = t->event_occurrence;
    if (t->dispatch == DISPATCH_EVENT)
        event_deliver(in, node);
    else
        event_deliver_hit(in, node, t->hit);
    begin(t, node, OUT, t->event_occurrence, PHASE_REST);
}

static void resume(Task *t) {
    Instance *in = t->in;
    Parked *p = call_ready(in);
    in->taken++;
    in->root = p->root;
    in->root_out = p->root_out;
    in->occurrence = 0; /* the occurrence it belonged to is over: nothing is left to stop */
    t->root_phase = PHASE_DELAYS;
    runner_resume(in, p);
    instance_unpark(p);
    in->busy = true;
}

/* A host's write ends an interpolation of the same variable or cell, as variable/set and pointer/set do. */
void root_write(Instance *in, Event e, const Slot *value) {
    const Graph *g = in->graph;
    if (e.cell != NONE) instance_interpolate_stop(in, g->variable_count + e.cell);
    u32 i = e.cell == NONE ? in->interpolating[INTERPOLATES_VARIABLES].first : NONE;
    for (; i != NONE; i = in->interpolations[i].after) {
        u32 variable = in->interpolations[i].target;
        if (g->variable_slot[variable] != e.slot) continue;
        instance_interpolate_stop(in, variable);
        break;
    }
    memcpy(in->slots + e.slot, value, e.lanes * sizeof(Slot));
    if (e.cell != NONE) store_touch(in, e.cell);
}

static void tell_receivers(Task *t, u32 event) {
    const Roots *r = &t->in->roots;
    t->dispatch = DISPATCH_EVENT;
    t->receivers = r->receivers;
    t->receiver = r->receiver_first[event];
    t->receiver_end = r->receiver_first[event + 1];
    t->event_occurrence = ++t->occurrences;
}

static void next_event(Task *t) {
    Instance *in = t->in;
    Event e;
    if (!event_take(in, &e)) return;
    if (e.event == EVENT_WRITE) {
        root_write(in, e, in->occurrence_values);
        return;
    }
    in->tick_events++;
    if (e.event == EVENT_SELECT)
        scene_select(t, e.slot);
    else if (e.event == EVENT_HOVER)
        scene_hover(t, e.slot);
    else
        tell_receivers(t, e.event);
}

static void next_delay(Task *t) {
    Delay due;
    if (delay_take_due(t->in, t->serial, &due)) {
        begin(t, due.node, DONE, 0, PHASE_DELAYS);
        return;
    }
    t->phase = PHASE_INTERPOLATIONS;
    interpolate_begin(t->in, INTERPOLATES_VARIABLES);
}

static void next_interpolation(Task *t) {
    bool variables = t->phase == PHASE_INTERPOLATIONS;
    u32 node;
    if (interpolate_next(t->in, variables ? INTERPOLATES_VARIABLES : INTERPOLATES_POINTERS, t->serial, &node)) {
        if (node != NONE) begin(t, node, DONE, 0, t->phase);
    } else if (variables) {
        t->phase = PHASE_POINTERS;
        interpolate_begin(t->in, INTERPOLATES_POINTERS);
    } else {
        t->phase = PHASE_ANIMATIONS;
        animate_begin(t->in);
    }
}

static void next_animation(Task *t) {
    u32 node;
    if (!animate_next(t->in, t->serial, &node)) {
        t->phase = PHASE_TICKS;
        t->next = 0;
    } else if (node != NONE) {
        begin(t, node, DONE, 0, PHASE_ANIMATIONS);
    }
}

static void next_tick(Task *t) {
    Instance *in = t->in;
    if (t->next == in->roots.tick_count) {
        t->phase = PHASE_REST;
        return;
    }
    if (t->next == 0) t->list_occurrence = ++t->occurrences;
    u32 node = in->roots.ticks[t->next++];
    in->tick_occurrence = t->next < in->roots.tick_count ? t->list_occurrence : 0;
    output(in, node, 0)->f = in->now;
    output(in, node, 1)->f = t->since_tick;
    output(in, node, 2)->bits = REF_MAKE(REF_EVENT, t->list_occurrence);
    begin(t, node, OUT, t->list_occurrence, PHASE_TICKS);
}

/* ---- choosing ---- */

/* The FIFO may be drained in this tick. */
static bool may_dispatch(const Task *t) {
    const Instance *in = t->in;
    if (!in->event_count) return false;
    bool is_write = in->events[in->event_head].event == EVENT_WRITE;
    return is_write || !in->limits->tick_events || in->tick_events < in->limits->tick_events;
}

/* Says once in a run that events wait. */
static void warn_held(Instance *in) {
    if (in->held) return;
    in->held = true;
    Buf *text = &in->message;
    buf_clear(text);
    buf_print(text, "more than %llu events in one tick: the rest waits (limit tick-events)",
              (unsigned long long)in->limits->tick_events);
    if (!text->full) log_write(in, 1, (Text){text->data, text->len});
}

static bool has_answers(const Instance *in) { return in->taken != in->answers; }

bool root_rests(const Task *t) {
    const Instance *in = t->in;
    return !in->busy && t->phase == PHASE_REST && t->receiver == t->receiver_end && scene_rests(t) && !has_answers(in);
}

bool root_has_work(const Task *t) { return !root_rests(t) || may_dispatch(t); }

bool root_next(Task *t) {
    Instance *in = t->in;
    t->begun = true;
    if (in->event_count && !may_dispatch(t)) warn_held(in);
    if (t->phase == PHASE_START)
        next_start(t);
    else if (t->receiver != t->receiver_end)
        next_receiver(t);
    else if (!scene_rests(t))
        scene_next(t);
    else if (has_answers(in))
        resume(t);
    else if (may_dispatch(t))
        next_event(t);
    else if (t->phase == PHASE_DELAYS)
        next_delay(t);
    else if (t->phase == PHASE_INTERPOLATIONS || t->phase == PHASE_POINTERS)
        next_interpolation(t);
    else if (t->phase == PHASE_ANIMATIONS)
        next_animation(t);
    else if (t->phase == PHASE_TICKS)
        next_tick(t);
    else
        return false;
    return true;
}
