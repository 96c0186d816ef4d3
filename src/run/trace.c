/* trace.c (run) - the trace: what was activated, written and sent, as a hash and as JSON lines. */
#include "record.h"

/* Keeps in->line as one line of text, while there is room. */
static void keep_line(Instance *in) {
    Buf *b = &in->trace.text;
    if (in->line.full || (u64)b->len + in->line.len + 1 > TRACE_TEXT_MAX) return;
    buf_put(b, in->line.data, in->line.len);
    buf_byte(b, '\n');
}

static bool has_room(const Instance *in) { return in->trace.text.len < TRACE_TEXT_MAX && !in->trace.text.full; }

void instance_trace_activate(Instance *in, u32 flow_in) {
    const Graph *g = in->graph;
    if (!in->trace.on) return;
    in->trace.hash = hash_u64(hash_u64(in->trace.hash, in->root), flow_in);
    if (!has_room(in)) return;
    char label[128];
    graph_node_label(g, g->flow_in_node[flow_in], label, sizeof label);
    buf_clear(&in->line);
    buf_print(&in->line, "{\"root\":%llu,\"node\":", (unsigned long long)in->root);
    record_name(&in->line, label);
    buf_text(&in->line, ",\"in\":");
    record_name(&in->line, g->flow_in_name[flow_in]);
    buf_byte(&in->line, '}');
    keep_line(in);
}

/* A variable without a name is told by its index. */
static void variable_label(Buf *out, const Graph *g, u32 variable) {
    if (g->variable_name[variable][0])
        record_name(out, g->variable_name[variable]);
    else
        buf_print(out, "\"#%u\"", variable);
}

void instance_trace_write(Instance *in, u32 variable) {
    const Graph *g = in->graph;
    if (!in->trace.on) return;
    Type t = (Type)g->variable_type[variable];
    const Slot *value = in->slots + g->variable_slot[variable];
    in->trace.hash = value_hash(hash_u64(in->trace.hash, variable), t, value);
    if (!has_room(in)) return;
    buf_clear(&in->line);
    buf_text(&in->line, "{\"set\":");
    variable_label(&in->line, g, variable);
    buf_text(&in->line, ",\"value\":");
    value_json(&in->line, t, value);
    buf_byte(&in->line, '}');
    keep_line(in);
}

void instance_trace_pointer(Instance *in, u32 cell) {
    const Model *m = &in->graph->model;
    if (!in->trace.on) return;
    Type t = (Type)pointer_shape((PointerRow)m->cell_row[cell])->type;
    const Slot *value = in->slots + m->cell_slot[cell];
    in->trace.hash = value_hash(hash_u64(in->trace.hash, cell), t, value);
    if (!has_room(in)) return;
    char pointer[POINTER_TEXT_MAX];
    model_cell_text(m, cell, pointer, sizeof pointer);
    buf_clear(&in->line);
    buf_text(&in->line, "{\"set\":");
    record_name(&in->line, pointer);
    buf_text(&in->line, ",\"value\":");
    value_json(&in->line, t, value);
    buf_byte(&in->line, '}');
    keep_line(in);
}

/* An event without an id is told by its index. */
void instance_trace_send(Instance *in, u32 event, const Slot *values) {
    const Graph *g = in->graph;
    if (!in->trace.on) return;
    in->trace.hash = hash_u64(in->trace.hash, event);
    const Slot *value = values;
    for (u32 i = g->event_value[event]; i < g->event_value[event + 1]; i++) {
        in->trace.hash = value_hash(in->trace.hash, (Type)g->event_value_type[i], value);
        value += type_lanes((Type)g->event_value_type[i]);
    }
    if (!has_room(in)) return;
    buf_clear(&in->line);
    buf_text(&in->line, "{\"send\":");
    if (g->event_id[event][0])
        record_name(&in->line, g->event_id[event]);
    else
        buf_print(&in->line, "\"#%u\"", event);
    buf_text(&in->line, ",\"values\":");
    record_values(&in->line, g, event, values);
    buf_byte(&in->line, '}');
    keep_line(in);
}
