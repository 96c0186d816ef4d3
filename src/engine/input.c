/* input.c (engine) - what the host puts in: events, values, answers. */
#include <string.h>

#include "task.h"

bool engine_send(Engine *e, Instance *in, u32 event, const Slot *values) {
    const Graph *g = in->graph;
    const Roots *r = &in->roots;
    if (task_is_over(in->task)) return false;
    if (r->receiver_first[event] == r->receiver_first[event + 1]) return true;
    if (event_put(in, (Event){.event = event, .lanes = event_lanes(g, event)}, values)) return false;
    task_settle(e, in->task);
    return true;
}

bool engine_select(Engine *e, Instance *in, u32 node, const Slot *values) {
    if (task_is_over(in->task)) return false;
    if (!in->roots.handlers[DISPATCH_SELECT].first) return true;
    if (event_put(in, (Event){EVENT_SELECT, node, SELECT_LANES, NONE}, values)) return false;
    task_settle(e, in->task);
    return true;
}

bool engine_hover(Engine *e, Instance *in, u32 node, u32 controller) {
    Slot value = {.bits = controller};
    ASSERT(controller < CONTROLLERS_MAX);
    if (task_is_over(in->task)) return false;
    if (!in->hovered) return true;
    if (event_put(in, (Event){EVENT_HOVER, node, HOVER_LANES, NONE}, &value)) return false;
    task_settle(e, in->task);
    return true;
}

/* Whether a write can be done at once: nothing waits before it, and nothing is under way that it
** could disturb. */
static bool is_quiet(const Task *t) { return !t->in->event_count && (!t->begun || root_rests(t)); }

static bool put_write(Engine *e, Instance *in, Event write, const Slot *value) {
    if (task_is_over(in->task)) return false;
    if (is_quiet(in->task)) {
        root_write(in, write, value);
        return true;
    }
    if (event_put(in, write, value)) return false;
    task_settle(e, in->task);
    return true;
}

bool engine_write(Engine *e, Instance *in, u32 first_slot, Type t, const Slot *value) {
    return put_write(e, in, (Event){NONE, first_slot, type_lanes(t), NONE}, value);
}

bool engine_write_cell(Engine *e, Instance *in, u32 cell, const Slot *value) {
    const Model *m = &in->graph->model;
    u32 lanes = type_lanes((Type)pointer_shape((PointerRow)m->cell_row[cell])->type);
    return put_write(e, in, (Event){NONE, m->cell_slot[cell], lanes, cell}, value);
}

/* From within host_call: nothing is parked yet, and the runner takes the answer as the call's
** own. */
static bool answer_call(Instance *in, HostAnswer answer, const Slot *results, u32 count) {
    if (in->answered) return false;
    if (answer == HOST_DONE && count) memcpy(in->answer_results, results, count * sizeof(Slot));
    in->answer = (i32)answer;
    in->answered = true;
    return true;
}

bool engine_complete(Engine *e, Instance *in, u32 call, HostAnswer answer, const Slot *results, u32 count) {
    if (in->calling && call == in->call) return answer_call(in, answer, results, count);
    Parked *p = task_is_over(in->task) ? NULL : call_find(in, call);
    if (!p || !call_answer(in, p, answer, results, count)) return false;
    if (!e->inside) task_settle(e, in->task);
    return true;
}
