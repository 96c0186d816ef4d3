/* log.c (run) - debug/log: templates become lines, which are told to the host and put on record. */
#include <string.h>

#include "record.h"

/* Where value input k of a node lies among its arguments. */
static u32 argument_slot(const Graph *g, u32 node, u32 k) {
    u32 slot = 0, first = g->value_in[node];
    for (u32 i = first; i < first + k; i++) slot += type_lanes((Type)g->in_type[i]);
    return slot;
}

static void put_piece(Buf *out, const Graph *g, u32 node, const Piece *p, const Slot *args) {
    if (p->text)
        buf_text(out, p->text);
    else
        value_text(out, (Type)g->in_type[g->value_in[node] + p->input], args + argument_slot(g, node, p->input));
}

/* {"severity","text","time"} into in->line. */
static void line_json(Instance *in, i32 severity, Text text) {
    buf_clear(&in->line);
    buf_print(&in->line, "{\"severity\":%d,\"text\":", severity);
    buf_json_string(&in->line, text);
    buf_text(&in->line, ",\"time\":");
    buf_json_number(&in->line, in->now);
    buf_byte(&in->line, '}');
}

void log_write(Instance *in, i32 severity, Text text) {
    host_log(in->id, severity, text.data, text.len);
    in->log_hash = hash_u64(hash_u64(in->log_hash, (u32)severity), text.len);
    in->log_hash = value_hash(hash_bytes(in->log_hash, text.data, text.len), TYPE_FLOAT, &(Slot){.f = in->now});
    if (in->limits->log == 0 || in->log_count < in->limits->log) {
        line_json(in, severity, text);
        record_keep(in, &in->log, in->log_count);
    }
    in->log_count++;
}

void instance_log(Instance *in, u32 node, const Slot *args) {
    const Graph *g = in->graph;
    const i32 *params = graph_params(g, node);
    Buf *text = &in->message;
    buf_clear(text);
    for (i32 i = 0; i < params[2]; i++) put_piece(text, g, node, &g->pieces[params[1] + i], args);
    log_write(in, params[0], (Text){text->len ? text->data : "", text->len});
}
