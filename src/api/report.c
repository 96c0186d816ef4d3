/* report.c (api) - what can be seen of graphs and runs: as JSON, and for people. */
#include <stdio.h>

#include "api.h"

/* ---- words ---- */

void report_text(Buf *out, const char *text) { buf_json_string(out, api_text(text)); }

static void put_number(Buf *out, const char *key, f64 number) {
    buf_key(out, key);
    buf_json_number(out, number);
}

static void put_hash(Buf *out, const char *key, u64 hash) {
    buf_key(out, key);
    buf_print(out, "\"%016llx\"", (unsigned long long)hash);
}

const char *report_status(InstanceStatus s) {
    static const char *const words[] = {"running", "idle", "done", "limit", "stopped", "paused"};
    return words[s];
}

/* ---- a run ---- */

/* A native variable has an id; KHR's name is only for display, and may be missing. */
static void put_variable_name(Buf *out, const Graph *g, u32 v) {
    const char *name = g->variable_name[v];
    if (name[0]) buf_member(out, g->dialect == DIALECT_NATIVE ? "id" : "name", name);
    put_number(out, "index", v);
    buf_member(out, "type", type_name((Type)g->variable_type[v]));
}

static void put_variables(Buf *out, const Instance *in) {
    const Graph *g = in->graph;
    buf_key(out, "variables");
    buf_byte(out, '[');
    for (u32 v = 0; v < g->variable_count; v++) {
        buf_text(out, v ? ",{" : "{");
        put_variable_name(out, g, v);
        buf_key(out, "value");
        value_json(out, (Type)g->variable_type[v], in->slots + g->variable_slot[v]);
        buf_byte(out, '}');
    }
    buf_byte(out, ']');
}

static void put_outputs(Buf *out, Instance *in) {
    const Graph *g = in->graph;
    buf_key(out, "outputs");
    buf_byte(out, '{');
    for (u32 i = 0; i < g->output_count; i++) {
        Slot value[LANES_MAX];
        engine_output(in, i, value);
        if (i) buf_byte(out, ',');
        report_text(out, g->output_name[i]);
        buf_byte(out, ':');
        value_json(out, (Type)g->output_type[i], value);
    }
    buf_byte(out, '}');
}

/* A list whose items were written when they happened. */
static void put_list(Buf *out, const char *key, const Buf *items) {
    buf_key(out, key);
    buf_byte(out, '[');
    buf_put(out, items->data, items->len);
    buf_byte(out, ']');
}

/* What the result of a run is: variables, outputs, the object model, events, log. */
static u64 result_hash(Instance *in) {
    const Graph *g = in->graph;
    u64 hash = HASH_START;
    for (u32 v = 0; v < g->variable_count; v++)
        hash = value_hash(hash, (Type)g->variable_type[v], in->slots + g->variable_slot[v]);
    for (u32 i = 0; i < g->output_count; i++) {
        Slot value[LANES_MAX];
        engine_output(in, i, value);
        hash = value_hash(hash, (Type)g->output_type[i], value);
    }
    const Model *m = &g->model;
    for (u32 cell = 0; cell < m->mutable_count; cell++)
        hash =
            value_hash(hash, (Type)pointer_shape((PointerRow)m->cell_row[cell])->type, in->slots + m->cell_slot[cell]);
    hash = hash_u64(hash_u64(hash, in->sent_count), in->sent_hash);
    return hash_u64(hash_u64(hash, in->log_count), in->log_hash);
}

static void put_reason(Buf *out, const Instance *in) {
    char label[128];
    buf_member(out, "reason", engine_reason(in));
    if (in->reason_node == NONE) return;
    graph_node_label(in->graph, in->reason_node, label, sizeof label);
    buf_member(out, "node", label);
}

/* Records that a limit kept out are told by number. */
static void put_dropped(Buf *out, const Instance *in) {
    u64 kept = in->limits->log ? in->limits->log : UINT32_MAX;
    if (in->log_count > kept) put_number(out, "logDropped", (f64)(in->log_count - kept));
    if (in->sent_count > kept) put_number(out, "eventsDropped", (f64)(in->sent_count - kept));
}

static const char *const runners[] = {"vm", "walk", "wasm", "structured", "scheduler", "auto"};
_Static_assert(COUNT_OF(runners) == RUNNERS, "a word for each runner");

const char *report_runner(Runner r) { return runners[r]; }

/* Who ran it, and the fuel that each charged. */
static void put_runners(Buf *out, const Instance *in) {
    buf_key(out, "runners");
    buf_byte(out, '{');
    for (u32 r = 0; r < RUNNERS; r++)
        if (in->ran >> r & 1) put_number(out, runners[r], (f64)in->fuel_by[r]);
    buf_byte(out, '}');
}

void report_run(Buf *out, const Engine *e, Instance *in) {
    buf_byte(out, '{');
    buf_member(out, "status", report_status(engine_status(e, in)));
    put_reason(out, in);
    put_variables(out, in);
    put_list(out, "events", &in->sent);
    put_list(out, "log", &in->log);
    put_dropped(out, in);
    put_outputs(out, in);
    put_number(out, "yields", (f64)engine_yields(in));
    put_number(out, "instructions", (f64)in->instructions);
    put_number(out, "fuel", (f64)engine_fuel(in));
    put_runners(out, in);
    if (engine_yields_hash(in)) put_hash(out, "yieldsHash", *engine_yields_hash(in));
    put_hash(out, "resultHash", result_hash(in));
    if (in->trace.on) put_hash(out, "traceHash", in->trace.hash);
    buf_byte(out, '}');
}

/* ---- a run, for people ---- */

static void put_line(Buf *out, const char *name, Type t, const Slot *value) {
    buf_plain(out, api_text(name));
    buf_text(out, " = ");
    value_text(out, t, value);
    buf_byte(out, '\n');
}

static void put_lines(Buf *out, Instance *in) {
    const Graph *g = in->graph;
    for (u32 v = 0; v < g->variable_count; v++) {
        char index[16];
        snprintf(index, sizeof index, "#%u", v);
        const char *name = g->variable_name[v][0] ? g->variable_name[v] : index;
        put_line(out, name, (Type)g->variable_type[v], in->slots + g->variable_slot[v]);
    }
    for (u32 i = 0; i < g->output_count; i++) {
        Slot value[LANES_MAX];
        engine_output(in, i, value);
        buf_text(out, "-> ");
        put_line(out, g->output_name[i], (Type)g->output_type[i], value);
    }
}

/* " (vm 200000, wasm 4800000)", where compiled code took part. */
static void put_shares(Buf *out, const Instance *in) {
    const char *before = " (";
    if (!(in->ran >> RUNNER_WASM)) return;
    for (u32 r = 0; r < RUNNERS; r++) {
        if (!(in->ran >> r & 1)) continue;
        buf_print(out, "%s%s %llu", before, runners[r], (unsigned long long)in->fuel_by[r]);
        before = ", ";
    }
    buf_byte(out, ')');
}

void report_summary(Buf *out, const Engine *e, Instance *in) {
    char label[128];
    put_lines(out, in);
    buf_text(out, report_status(engine_status(e, in)));
    if (in->reason) buf_print(out, " %s", in->reason);
    if (in->reason_node != NONE) {
        graph_node_label(in->graph, in->reason_node, label, sizeof label);
        buf_text(out, " at ");
        buf_plain(out, api_text(label));
    }
    buf_print(out, ": fuel %llu", (unsigned long long)engine_fuel(in));
    put_shares(out, in);
    buf_print(out, ", %s %llu, yields %llu, time ", in->runner == RUNNER_WALK ? "nodes" : "instructions",
              (unsigned long long)in->instructions, (unsigned long long)engine_yields(in));
    buf_number(out, in->now);
    buf_text(out, " s\n");
}

/* ---- a graph ---- */

static void put_ports(Buf *out, const char *const *names, const u8 *types, u32 count) {
    buf_byte(out, '[');
    for (u32 i = 0; i < count; i++) {
        buf_text(out, i ? ",{" : "{");
        buf_member(out, "id", names[i]);
        buf_member(out, "type", type_name((Type)types[i]));
        buf_byte(out, '}');
    }
    buf_byte(out, ']');
}

static void put_events(Buf *out, const Graph *g) {
    buf_key(out, "events");
    buf_byte(out, '[');
    for (u32 i = 0; i < g->event_count; i++) {
        u32 first = g->event_value[i];
        if (!g->event_id[i][0]) continue;
        buf_text(out, out->data[out->len - 1] == '[' ? "{" : ",{");
        buf_member(out, "id", g->event_id[i]);
        buf_key(out, "values");
        put_ports(out, g->event_value_name + first, g->event_value_type + first, g->event_value[i + 1] - first);
        buf_byte(out, '}');
    }
    buf_byte(out, ']');
}

static void put_served(Buf *out, const Graph *g) {
    buf_key(out, "served");
    buf_byte(out, '[');
    for (u32 i = 0; i < g->served_count; i++) {
        const Served *s = &g->served[i];
        buf_text(out, i ? ",{" : "{");
        buf_member(out, "pointer", s->pointer);
        buf_member(out, "type", type_name((Type)s->type));
        buf_key(out, "parameters");
        buf_byte(out, '[');
        for (u32 k = 0; k < s->parameters; k++)
            buf_print(out, k ? ",\"%s\"" : "\"%s\"", type_name((Type)s->parameter[k]));
        buf_text(out, "]}");
    }
    buf_byte(out, ']');
}

void report_graph(Buf *out, const Graph *g) {
    buf_byte(out, '{');
    buf_member(out, "name", g->name);
    buf_member(out, "dialect", g->dialect == DIALECT_NATIVE ? "native" : "khr");
    put_number(out, "graph", g->index);
    put_number(out, "nodes", g->node_count);
    buf_key(out, "variables");
    buf_byte(out, '[');
    for (u32 v = 0; v < g->variable_count; v++) {
        buf_text(out, v ? ",{" : "{");
        put_variable_name(out, g, v);
        buf_byte(out, '}');
    }
    buf_byte(out, ']');
    put_events(out, g);
    buf_key(out, "inputs");
    put_ports(out, g->input_name, g->out_type + g->value_out_count - g->input_count, g->input_count);
    buf_key(out, "outputs");
    put_ports(out, g->output_name, g->output_type, g->output_count);
    put_served(out, g);
    put_hash(out, "hash", g->hash);
    buf_byte(out, '}');
}

static void put_diags(Buf *out, const Diags *d) {
    buf_key(out, "diagnostics");
    buf_byte(out, '[');
    for (u32 i = 0; i < d->count; i++) {
        if (i) buf_byte(out, ',');
        diag_json(&d->list[i], d->file, out);
    }
    buf_print(out, "],\"errors\":%u,\"warnings\":%u}", d->errors, d->warnings);
}

void report_diags(Buf *out, const Diags *d, bool ok) {
    buf_print(out, "{\"ok\":%s", ok ? "true" : "false");
    put_diags(out, d);
}

/* ---- an upgrade ---- */

static void put_change(Buf *out, const Change *c) {
    buf_print(out, "{\"code\":\"%s\"", err_code(c->kind));
    buf_member(out, "pointer", c->pointer);
    put_number(out, "line", c->line);
    put_number(out, "column", c->column);
    buf_member(out, "was", c->was);
    buf_member(out, "now", c->now);
    buf_byte(out, '}');
}

void report_upgrade(Buf *out, const Upgrade *u, const Diags *d, bool ok) {
    buf_print(out, "{\"ok\":%s", ok ? "true" : "false");
    put_number(out, "count", u->changes.count);
    buf_key(out, "changes");
    buf_byte(out, '[');
    for (u32 i = 0; i < u->changes.count; i++) {
        if (i) buf_byte(out, ',');
        put_change(out, &u->changes.at[i]);
    }
    buf_byte(out, ']');
    put_diags(out, d);
}

void report_change_lines(Buf *out, const Upgrade *u, const char *file) {
    for (u32 i = 0; i < u->changes.count; i++) {
        const Change *c = &u->changes.at[i];
        buf_print(out, "%s ", err_code(c->kind));
        buf_plain(out, api_text(file));
        buf_print(out, ":%u:%u ", c->line, c->column);
        buf_plain(out, api_text(c->pointer));
        buf_print(out, ": %s => %s\n", c->was, c->now);
    }
}
