/* cgen_table.c (run) - what emitted C knows of its graph: the plan as tables, the header, the functions it declares. */
#include <string.h>

#include "cgen_part.h"

/* ---- tables ---- */

static void put_number(Buf *out, u32 number) {
    if (number == NONE)
        buf_text(out, "NONE");
    else
        buf_print(out, "%u", (unsigned)number);
}

/* C has no empty arrays: an empty list has one entry that nobody reads. */
static void put_list(Cgen *c, Buf *out, const char *type, const char *name, const u32 *list, u32 count) {
    buf_print(out, "static const %s %s_%s[] = {", type, c->name, name);
    for (u32 i = 0; i < count; i++) {
        buf_text(out, i % 16 == 0 ? "\n    " : " ");
        if (type[0] == 'i')
            put_c_int(out, (i32)list[i]);
        else
            put_number(out, list[i]);
        buf_byte(out, ',');
    }
    buf_text(out, count ? "\n};\n\n" : "0};\n\n");
}

static void put_ports(Cgen *c, Buf *out, const char *what, const char *name, const AlonePort *list, u32 count) {
    buf_print(out, "/* %s: name, type, letter, lanes, slot, entry, move. */\n", what);
    buf_print(out, "static const AlonePort %s_%s[] = {\n", c->name, name);
    for (u32 i = 0; i < count; i++) {
        buf_text(out, "    {");
        put_c_string(out, list[i].name);
        buf_print(out, ", \"%s\", '%c', %u, ", list[i].type, (char)list[i].letter, (unsigned)list[i].lanes);
        const u32 rest[] = {list[i].slot, list[i].entry, list[i].move};
        for (u32 k = 0; k < 3; k++) {
            put_number(out, rest[k]);
            buf_text(out, k < 2 ? ", " : "},\n");
        }
    }
    buf_text(out, count ? "};\n\n" : "    {NULL, NULL, 0, 0, 0, NONE, NONE}\n};\n\n");
}

static void put_events(Cgen *c, Buf *out) {
    const AlonePlan *p = &c->plan.plan;
    buf_text(out, "/* Events: id, values from and to, lanes, receivers from and to. */\n");
    buf_print(out, "static const AloneEvent %s_events[] = {\n", c->name);
    for (u32 e = 0; e < p->event_count; e++) {
        const AloneEvent *event = &p->events[e];
        buf_text(out, "    {");
        put_c_string(out, event->id);
        buf_print(out, ", %u, %u, %u, %u, %u},\n", event->value_first, event->value_past, event->lanes,
                  event->receiver_first, event->receiver_past);
    }
    buf_text(out, p->event_count ? "};\n\n" : "    {NULL, 0, 0, 0, 0, 0}\n};\n\n");
}

static void put_nodes(Cgen *c, Buf *out) {
    const AlonePlan *p = &c->plan.plan;
    buf_text(
        out,
        "/* Nodes by handle: id, op, first output's slot, private slots, parameters, flow outputs, lanes, root. */\n");
    buf_print(out, "static const AloneNode %s_nodes[] = {\n", c->name);
    for (u32 i = 0; i < p->node_count; i++) {
        const AloneNode *n = &p->nodes[i];
        const u32 numbers[] = {n->out, n->state, n->params, n->flows, n->lanes, n->root};
        buf_text(out, "    {");
        put_c_string(out, n->id);
        buf_text(out, ", ");
        put_c_string(out, n->op);
        for (u32 k = 0; k < COUNT_OF(numbers); k++) {
            buf_text(out, ", ");
            put_number(out, numbers[k]);
        }
        buf_print(out, "}, /* %u */\n", (unsigned)i);
    }
    buf_text(out, p->node_count ? "};\n\n" : "    {NULL, NULL, 0, 0, 0, 0, 0, NONE}\n};\n\n");
}

static void put_pieces(Cgen *c, Buf *out) {
    const AlonePlan *p = &c->plan.plan;
    buf_text(out, "/* Pieces of log lines: text, or letter, lanes and first lane of a value. */\n");
    buf_print(out, "static const AlonePiece %s_pieces[] = {\n", c->name);
    for (u32 i = 0; i < c->plan.piece_count; i++) {
        const AlonePiece *piece = &p->pieces[i];
        buf_text(out, "    {");
        if (piece->text) {
            put_c_string(out, piece->text);
            buf_text(out, ", 0, 0, 0},\n");
        } else {
            buf_print(out, "NULL, '%c', %u, %u},\n", (char)piece->letter, (unsigned)piece->lanes,
                      (unsigned)piece->lane);
        }
    }
    buf_text(out, c->plan.piece_count ? "};\n\n" : "    {NULL, 0, 0, 0}\n};\n\n");
}

static void put_initial(Cgen *c, Buf *out) {
    const AlonePlan *p = &c->plan.plan;
    buf_text(out, "/* The state at the beginning, then constants, then the defaults of events' values. */\n");
    buf_print(out, "static const Slot %s_initial[] = {\n", c->name);
    for (u32 i = 0; i < c->plan.initial_count; i++) {
        const Field *f = i < c->p->const_first ? &c->fields[i] : NULL;
        char letter = i < p->initials ? (char)c->letters[i] : 'P';
        if (letter == 'F') {
            buf_text(out, "    {.f = ");
            put_c_float(out, p->initial[i].f);
        } else {
            buf_print(out, "    {.bits = UINT64_C(0x%llX)", (unsigned long long)p->initial[i].bits);
        }
        if (f && f->path && f->lane == 0)
            buf_print(out, "}, /* %u: %s */\n", (unsigned)i, f->path);
        else
            buf_text(out, "},\n");
    }
    buf_text(out, "};\n\n");
}

static void put_plan(Cgen *c, Buf *out) {
    const AlonePlan *p = &c->plan.plan;
    static const char *const lists[] = {"nodes",  "variables", "inputs",    "outputs", "values", "events", "order",
                                        "starts", "ticks",     "receivers", "params",  "pieces", "initial"};
    buf_print(out, "static const AlonePlan %s_plan = {\n    .name = ", c->name);
    put_c_string(out, c->g->name[0] ? c->g->name : c->name);
    buf_text(out, ",\n");
    for (u32 i = 0; i < COUNT_OF(lists); i++) buf_print(out, "    .%s = %s_%s,\n", lists[i], c->name, lists[i]);
    const struct {
        const char *name;
        u32 number;
    } numbers[] = {{"node_count", p->node_count},
                   {"variable_count", p->variable_count},
                   {"input_count", p->input_count},
                   {"output_count", p->output_count},
                   {"event_count", p->event_count},
                   {"start_count", p->start_count},
                   {"tick_count", p->tick_count},
                   {"initials", p->initials},
                   {"slot_count", p->slot_count},
                   {"stack_first", p->stack_first},
                   {"stack_count", p->stack_count},
                   {"event_lanes", p->event_lanes},
                   {"heard", p->heard},
                   {"call_depth", p->call_depth},
                   {"tick_events", p->tick_events},
                   {"interpolations", p->interpolations},
                   {"moves", p->moves}};
    for (u32 i = 0; i < COUNT_OF(numbers); i++)
        buf_print(out, "    .%s = %uu,\n", numbers[i].name, (unsigned)numbers[i].number);
    if (p->delays) buf_print(out, "    .delays = %s_DELAYS,\n", c->name);
    buf_print(out, "    .queue = %s_QUEUE,\n};\n\n", c->name);
}

void put_tables(Cgen *c, Buf *out) {
    const AlonePlan *p = &c->plan.plan;
    put_nodes(c, out);
    buf_text(out, "/* All nodes, each behind those whose values it reads. */\n");
    put_list(c, out, "u32", "order", p->order, p->node_count);
    put_ports(c, out, "Variables", "variables", p->variables, p->variable_count);
    put_ports(c, out, "Graph inputs", "inputs", p->inputs, p->input_count);
    put_ports(c, out, "Graph outputs", "outputs", p->outputs, p->output_count);
    put_ports(c, out, "Values of events (slot: lane)", "values", p->values, c->plan.value_count);
    put_events(c, out);
    buf_text(out, "/* Who begins: event/onStart, event/onTick, event/receive by event. */\n");
    put_list(c, out, "u32", "starts", p->starts, p->start_count);
    put_list(c, out, "u32", "ticks", p->ticks, p->tick_count);
    put_list(c, out, "u32", "receivers", p->receivers, c->plan.receiver_count);
    put_list(c, out, "i32", "params", (const u32 *)p->params, c->plan.param_count);
    put_pieces(c, out);
    put_initial(c, out);
    put_plan(c, out);
}

/* ---- the header ---- */

/* The fields of one section, in order of their slots. */
static void put_section(Cgen *c, Buf *out, const char *section) {
    size_t len = strlen(section);
    bool begun = false;
    for (u32 slot = 0; slot < c->p->const_first; slot++) {
        const Field *f = &c->fields[slot];
        if (!f->path || f->lane || strncmp(f->path, section, len) != 0 || f->path[len] != '.') continue;
        if (!begun) buf_text(out, "            struct {\n");
        begun = true;
        buf_print(out, "                Slot %s", f->path + len + 1);
        if (f->lanes > 1) buf_print(out, "[%u]", (unsigned)f->lanes);
        buf_print(out, "; /* .%s */\n", c->letters[slot] == 'F' ? "f" : c->letters[slot] == 'R' ? "bits" : "i");
    }
    if (begun) buf_print(out, "            } %s;\n", section);
}

static void put_room(Buf *out, const char *name, u32 room) {
    if (room) buf_print(out, "            Slot %s[%u];\n", name, (unsigned)room);
}

static void put_state(Cgen *c, Buf *out) {
    const Program *p = c->p;
    const AlonePlan *plan = &c->plan.plan;
    const char *n = c->name;
    u32 named = STATE_FIRST;
    for (u32 slot = STATE_FIRST; slot < p->const_first; slot++) named += c->fields[slot].path != NULL;
    buf_print(out,
              "/* A running graph. State is data: it may be copied, kept and gone on with; a copy is told so by "
              "%s_moved. */\n",
              n);
    buf_print(out, "struct %s_state {\n    Alone alone;\n    union {\n        Slot slots[%u];\n        struct {\n", n,
              (unsigned)p->slot_count);
    buf_text(out, "            Slot epoch, depth;\n");
    put_section(c, out, "var");
    put_section(c, out, "in");
    put_section(c, out, "out");
    put_room(out, "memory", p->const_first - named);
    put_room(out, "constant", p->const_count);
    put_room(out, "temp", p->temp_count + p->out_count);
    put_room(out, "stack", p->stack_count);
    buf_text(out, "        };\n    };\n");
    if (plan->delays) buf_print(out, "    Delay delays[%s_DELAYS];\n", n);
    if (plan->moves) buf_print(out, "    AloneMove moves[%u];\n", (unsigned)plan->moves);
    buf_print(out, "    AloneEntry queue[%s_QUEUE];\n    Slot queue_values[%s_QUEUE * %u], told[%u];\n};\n\n", n, n,
              (unsigned)plan->event_lanes, (unsigned)plan->event_lanes);
}

static const char *field_type(u32 letter) { return letter == 'F' ? "f64" : letter == 'R' ? "u64" : "i32"; }

/* The word of a graph input's field; outputs have words of their own. */
static const char *input_word(const Cgen *c, u32 i) {
    return c->fields[c->plan.plan.inputs[i].slot].path + sizeof "in";
}

static void put_member(Buf *out, const AlonePort *port, const char *word) {
    buf_print(out, "    %s %s", field_type(port->letter), word);
    if (port->lanes > 1) buf_print(out, "[%u]", (unsigned)port->lanes);
    buf_text(out, ";\n");
}

static void put_ports_structs(Cgen *c, Buf *out) {
    const AlonePlan *p = &c->plan.plan;
    buf_print(
        out,
        "/* What a step is given: the time, in seconds of any clock, and the graph inputs. */\nstruct %s_inputs {\n",
        c->name);
    buf_text(out, "    f64 seconds_now;\n");
    for (u32 i = 0; i < p->input_count; i++) put_member(out, &p->inputs[i], input_word(c, i));
    buf_print(out, "};\n\n/* What it gives. */\nstruct %s_outputs {\n", c->name);
    buf_text(out, "    AloneStatus step_status;\n");
    for (u32 i = 0; i < p->output_count; i++) put_member(out, &p->outputs[i], c->output_word[i]);
    buf_text(out, "};\n\n");
}

static void put_event_numbers(Cgen *c, Buf *out) {
    const AlonePlan *p = &c->plan.plan;
    bool begun = false;
    for (u32 e = 0; e < p->event_count; e++) {
        if (!p->events[e].id[0]) continue;
        const char *word = name_word(c, p->events[e].id, "event");
        buf_print(out, "%s%s_EVENT_%u_%s = %u", begun ? ", " : "enum { ", c->name, (unsigned)e, word ? word : "",
                  (unsigned)e);
        begun = true;
    }
    if (begun) buf_text(out, " };\n\n");
}

static void put_rooms(Cgen *c, Buf *out) {
    const AlonePlan *p = &c->plan.plan;
    buf_text(out, "/* Rooms: smaller ones make the state smaller, and the limits tighter. */\n");
    if (p->delays)
        buf_print(out, "#ifndef %s_DELAYS\n#define %s_DELAYS %u\n#endif\n", c->name, c->name, (unsigned)p->delays);
    buf_print(out, "#ifndef %s_QUEUE\n#define %s_QUEUE %u\n#endif\n\n", c->name, c->name, (unsigned)p->queue);
}

void put_header(Cgen *c, Buf *out) {
    const char *n = c->name;
    put_rooms(c, out);
    put_state(c, out);
    put_ports_structs(c, out);
    put_event_numbers(c, out);
    buf_text(out, "/* Everything as at the beginning. The host may be NULL. */\n");
    buf_print(out, "void %s_init(struct %s_state *s, u64 seed, const AloneHost *host);\n\n", n, n);
    buf_text(out, "/* The state was copied here from elsewhere: it is to know its own parts and its host. */\n");
    buf_print(out, "void %s_moved(struct %s_state *s, const AloneHost *host);\n\n", n, n);
    buf_text(out, "/* Goes on until nothing is to be done (ALONE_DONE), or so much fuel is gone (ALONE_MORE: call it "
                  "again), or a limit\n"
                  "** ended the run (ALONE_LIMIT: s->alone.reason). */\n");
    buf_print(out, "AloneStatus %s_run(struct %s_state *s, u64 fuel);\n\n", n, n);
    buf_text(out, "/* Time has come to `now`, in seconds of any clock: 1. While something runs it is dropped: 0. */\n");
    buf_print(out, "i32 %s_tick(struct %s_state *s, f64 now);\n\n", n, n);
    buf_text(out, "/* An event from outside, its values lane by lane. 0: the queue is full, or the run is over. */\n");
    buf_print(out, "i32 %s_send(struct %s_state *s, u32 event, const Slot *values);\n\n", n, n);
    buf_text(out, "/* One whole step: sets the graph inputs, runs what is due, a tick and all events, and pulls the "
                  "outputs. Either may be\n"
                  "** NULL: then nothing is set and no time passes, or nothing is told. */\n");
    buf_print(out, "void %s_step(const struct %s_inputs *in, struct %s_outputs *out, struct %s_state *s);\n\n", n, n, n,
              n);
    buf_text(out, "/* All of it, for programs that know no graph by name. */\n");
    buf_print(out, "extern const AloneModule %s_module;\n", n);
}

/* ---- the functions that it declares ---- */

static void put_entries(Cgen *c, Buf *out) {
    const Cfg *cfg = &c->cfg;
    buf_text(out, "/* Where a run can be taken up, and which function goes on there. */\n");
    buf_print(out,
              "static i32 alone_unit(Alone *alone, i32 fuel) {\n    struct %s_state *s = (struct %s_state *)alone;\n",
              c->name, c->name);
    buf_text(out, "    switch (alone->pc) {\n");
    for (u32 w = 0; w < cfg->way_count; w++) {
        const Way *way = &cfg->ways[w];
        const Block *b = &cfg->blocks[way->block];
        i32 height = b->height;
        for (u32 pc = b->first; pc < way->pc; pc++)
            height += (c->p->code[pc].code == CODE_push) - (c->p->code[pc].code == CODE_pop);
        buf_print(out, "    case %u: return %s(s, alone->depth", (unsigned)way->pc, c->unit_name[b->unit]);
        if (height) buf_print(out, " -= %d", (int)height);
        buf_print(out, ", %u, fuel);\n", (unsigned)(w - cfg->units[b->unit].way_first));
    }
    buf_text(out, "    default: return alone_limit(&s->alone, alone->pc, alone->depth, fuel);\n    }\n}\n\n");
}

static void put_init(Cgen *c, Buf *out) {
    const AlonePlan *p = &c->plan.plan;
    const char *n = c->name;
    buf_print(out, "void %s_moved(struct %s_state *s, const AloneHost *host) {\n    s->alone.plan = &%s_plan;\n", n, n,
              n);
    buf_text(out, "    s->alone.host = host;\n    s->alone.slots = s->slots;\n    s->alone.queue = s->queue;\n"
                  "    s->alone.queue_values = s->queue_values;\n    s->alone.told = s->told;\n");
    if (p->delays) buf_text(out, "    s->alone.delays = s->delays;\n");
    if (p->moves) buf_text(out, "    s->alone.moves = s->moves;\n");
    buf_print(out, "}\n\nvoid %s_init(struct %s_state *s, u64 seed, const AloneHost *host) {\n", n, n);
    buf_print(out, "    s->alone = (Alone){0};\n    %s_moved(s, host);\n    alone_open(&s->alone, seed);\n}\n\n", n);
}

static void put_input(Cgen *c, Buf *out, u32 i) {
    const AlonePort *port = &c->plan.plan.inputs[i];
    const char *word = input_word(c, i), *member = port->letter == 'F' ? "f" : "bits";
    buf_print(out, "        alone_write(&s->alone, %u, %u, (const Slot[]){", (unsigned)port->slot,
              (unsigned)port->lanes);
    for (u32 k = 0; k < port->lanes; k++) {
        buf_print(out, "%s{.%s = %sin->%s", k ? ", " : "", member,
                  port->letter == 'I'   ? "(u32)"
                  : port->letter == 'B' ? "0 != "
                                        : "",
                  word);
        if (port->lanes > 1) buf_print(out, "[%u]", (unsigned)k);
        buf_byte(out, '}');
    }
    buf_text(out, "});\n");
}

static void put_output(Cgen *c, Buf *out, u32 i) {
    const AlonePort *port = &c->plan.plan.outputs[i];
    const char *member = port->letter == 'F' ? "f" : port->letter == 'R' ? "bits" : "i";
    buf_print(out, "    value = alone_output(&s->alone, %u);\n", (unsigned)i);
    for (u32 k = 0; k < port->lanes; k++) {
        buf_print(out, "    out->%s", c->output_word[i]);
        if (port->lanes > 1) buf_print(out, "[%u]", (unsigned)k);
        buf_print(out, " = value[%u].%s;\n", (unsigned)k, member);
    }
}

static void put_step(Cgen *c, Buf *out) {
    const AlonePlan *p = &c->plan.plan;
    const char *n = c->name;
    buf_print(out, "void %s_step(const struct %s_inputs *in, struct %s_outputs *out, struct %s_state *s) {\n", n, n, n,
              n);
    if (p->input_count) {
        buf_text(out, "    if (in) {\n");
        for (u32 i = 0; i < p->input_count; i++) put_input(c, out, i);
        buf_text(out, "    }\n");
    }
    buf_text(out, "    AloneStatus status = alone_run(&s->alone, UINT64_MAX);\n"
                  "    if (in && alone_tick(&s->alone, in->seconds_now)) status = alone_run(&s->alone, UINT64_MAX);\n"
                  "    if (!out) return;\n    out->step_status = status;\n");
    if (p->output_count) buf_text(out, "    const Slot *value;\n");
    for (u32 i = 0; i < p->output_count; i++) put_output(c, out, i);
    buf_text(out, "}\n\n");
}

void put_interface(Cgen *c, Buf *out) {
    const char *n = c->name;
    put_entries(c, out);
    put_init(c, out);
    buf_print(out, "AloneStatus %s_run(struct %s_state *s, u64 fuel) { return alone_run(&s->alone, fuel); }\n\n", n, n);
    buf_print(out, "i32 %s_tick(struct %s_state *s, f64 now) { return alone_tick(&s->alone, now); }\n\n", n, n);
    buf_print(out,
              "i32 %s_send(struct %s_state *s, u32 event, const Slot *values) { return alone_post(&s->alone, event, "
              "values); }\n\n",
              n, n);
    put_step(c, out);
    buf_print(out, "static Alone *%s_open(void *state, u64 seed, const AloneHost *host) {\n", n);
    buf_print(out, "    struct %s_state *s = state;\n    %s_init(s, seed, host);\n    return &s->alone;\n}\n\n", n, n);
    buf_print(out, "const AloneModule %s_module = {\n    .plan = &%s_plan,\n    .size = sizeof(struct %s_state),\n", n,
              n, n);
    buf_print(out, "    .init = %s_open,\n    .run = alone_run,\n    .tick = alone_tick,\n    .post = alone_post,\n",
              n);
    buf_text(out, "    .write = alone_write,\n    .output = alone_output,\n    .waits = alone_waits,\n};\n");
}
