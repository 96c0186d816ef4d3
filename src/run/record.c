/* record.c (run) - lines put on record: kept up to a limit, written as JSON. */
#include "record.h"

#include <string.h>

void record_keep(Instance *in, Buf *list, u32 index) {
    const Limits *l = in->limits;
    u64 bytes = (u64)list->len + in->line.len + 1;
    if (in->line.full || (l->log && index >= l->log) || (l->memory && bytes > l->memory)) return;
    u32 before = list->len;
    if (list->len) buf_byte(list, ',');
    buf_put(list, in->line.data, in->line.len);
    if (!list->full) return;
    list->len = before; /* half a line is no JSON */
    if (list->data) list->data[before] = '\0';
}

void record_name(Buf *out, const char *name) { buf_json_string(out, (Text){name, (u32)strlen(name)}); }

void record_values(Buf *out, const Graph *g, u32 event, const Slot *values) {
    u32 first = g->event_value[event];
    buf_byte(out, '{');
    for (u32 i = first; i < g->event_value[event + 1]; i++) {
        Type t = (Type)g->event_value_type[i];
        if (i > first) buf_byte(out, ',');
        record_name(out, g->event_value_name[i]);
        buf_byte(out, ':');
        value_json(out, t, values);
        values += type_lanes(t);
    }
    buf_byte(out, '}');
}
