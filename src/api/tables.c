/* tables.c (api) - the engine's own lists as JSON, so that nobody types them twice. */
#include "../engine/hook.h"
#include "../graph/model.h"
#include "api.h"

static void comma(Buf *out, bool needed) {
    if (needed) buf_byte(out, ',');
}

static void put_pair(Buf *out, const char *key, Text text) {
    buf_print(out, "\"%s\":", key);
    buf_json_string(out, text);
}

static void put_types(Buf *out) {
    buf_text(out, ",\"types\":[");
    for (u32 t = 0; t < TYPE_COUNT; t++) {
        comma(out, t);
        buf_print(out, "{\"name\":\"%s\",\"lanes\":%u,\"letter\":\"%c\"}", type_name((Type)t), type_lanes((Type)t),
                  type_letter((Type)t));
    }
    buf_byte(out, ']');
}

static void put_limits(Buf *out) {
    static const struct {
        const char *name, *unit, *guards;
        u64 value;
    } rows[] = {
#define LIMIT(id, name, value, unit, guards) {name, unit, guards, value},
#include "../base/limit.def"
#undef LIMIT
    };
    buf_text(out, ",\"limits\":[");
    for (u32 i = 0; i < COUNT_OF(rows); i++) {
        comma(out, i);
        buf_print(out, "{\"name\":\"%s\",\"default\":%llu,\"unit\":\"%s\",\"guards\":\"%s\"}", rows[i].name,
                  (unsigned long long)rows[i].value, rows[i].unit, rows[i].guards);
    }
    buf_byte(out, ']');
}

/* The object model: # is an index, * a name. */
static void put_path(Buf *out, const char *path) {
    buf_text(out, "{\"path\":\"");
    for (; *path; path++)
        if (*path != '!') buf_byte(out, *path); /* what must be there: a matter of loading */
    buf_byte(out, '"');
}

static void put_properties(Buf *out) {
    static const char *const access[] = {"cell", "fixed", "index", "length", "computed"};
    buf_text(out, ",\"properties\":[");
    for (u32 row = 0; row < POINTER_ROWS; row++) {
        const PointerShape *shape = pointer_shape((PointerRow)row);
        comma(out, row);
        put_path(out, shape->path);
        buf_print(out, ",\"type\":\"%s\",\"access\":\"%s\"}", type_name((Type)shape->type), access[shape->access]);
    }
    buf_byte(out, ']');
}

static void put_words(Buf *out) {
    buf_text(out, ",\"statuses\":[");
    for (u32 s = STATUS_RUNNING; s <= STATUS_PAUSED; s++) {
        comma(out, s);
        report_text(out, report_status((InstanceStatus)s));
    }
    buf_text(out, "],\"runners\":[");
    for (u32 r = 0; r < RUNNERS; r++) buf_print(out, r ? ",\"%s\"" : "\"%s\"", report_runner((Runner)r));
    buf_text(out, "],\"shapes\":[\"preemptible\",\"structured\",\"scheduler\"],\"stats\":[");
    static const char *const stats[] = {
#define STAT(id, meaning) #id,
#include "../engine/stat.def"
#undef STAT
    };
    for (u32 i = 0; i < COUNT_OF(stats); i++) {
        comma(out, i);
        report_text(out, stats[i]);
    }
    buf_byte(out, ']');
}

/* ---- ops ---- */

static const char *op_kind(const Op *op) {
    static const char *const kinds[] = {"event", "flow", "value"};
    return op->node == NODE_PURE ? "pure" : kinds[op->kind];
}

static void put_sockets(Buf *out, const char *key, const Socket *sockets, u32 count, bool typed) {
    buf_print(out, ",\"%s\":[", key);
    for (u32 i = 0; i < count; i++) {
        comma(out, i);
        buf_byte(out, '{');
        put_pair(out, "name", sockets[i].name);
        if (typed && sockets[i].type < TYPE_COUNT) buf_print(out, ",\"type\":\"%s\"", type_name((Type)sockets[i].type));
        buf_byte(out, '}');
    }
    buf_byte(out, ']');
}

static void put_configuration(Buf *out, const Op *op) {
    buf_text(out, ",\"configuration\":[");
    for (u32 i = 0; i < op->configs; i++) {
        comma(out, i);
        buf_byte(out, '{');
        put_pair(out, "key", op->config[i].key);
        buf_byte(out, ',');
        put_pair(out, "type", op->config[i].type);
        if (op->config[i].has_fallback) {
            buf_byte(out, ',');
            put_pair(out, "default", op->config[i].fallback);
        }
        buf_byte(out, '}');
    }
    buf_byte(out, ']');
}

/* ,"types":[...]: the names of a set of types. */
static void put_type_set(Buf *out, u32 types) {
    bool more = false;
    buf_text(out, ",\"types\":[");
    for (u32 t = 0; t < TYPE_COUNT; t++) {
        if (!(types >> t & 1)) continue;
        comma(out, more);
        report_text(out, type_name((Type)t));
        more = true;
    }
    buf_byte(out, ']');
}

static void put_pure_row(Buf *out, const PureRow *row) {
    buf_print(out, "{\"id\":\"%s\",\"output\":\"%s\",\"signature\":\"%s\"", row->id, row->output, row->sig);
    put_type_set(out, row->types);
    buf_text(out, ",\"meaning\":");
    report_text(out, row->text);
    buf_byte(out, '}');
}

static void put_vec_row(Buf *out, const VecRow *row) {
    buf_print(out, "{\"id\":\"%s\"", row->id);
    put_type_set(out, 1u << row->in[0].type);
    put_sockets(out, "valueIn", row->in, row->ins, true);
    put_sockets(out, "valueOut", row->out, row->outs, true);
    buf_text(out, ",\"meaning\":");
    report_text(out, row->text);
    buf_byte(out, '}');
}

/* The overloads of a pure op: for each row, which types it takes and what it means. Rows of vec.def are one for all
** outputs and say their sockets. */
static void put_rows(Buf *out, const Op *op) {
    if (op->node != NODE_PURE) return;
    buf_text(out, ",\"rows\":[");
    for (u32 i = 0; i < op->rows; i++) {
        comma(out, i);
        put_pure_row(out, pure_row(op->row + i));
    }
    for (u32 i = 0; i < op->vec_rows; i++) {
        comma(out, op->rows + i);
        put_vec_row(out, vec_row(op->vec_row + i));
    }
    buf_byte(out, ']');
}

static void put_op(Buf *out, const Op *op) {
    buf_byte(out, '{');
    put_pair(out, "op", op->name);
    if (op->extension.len) {
        buf_byte(out, ',');
        put_pair(out, "extension", op->extension);
    }
    buf_print(out, ",\"kind\":\"%s\",\"summary\":", op_kind(op));
    report_text(out, op->summary);
    buf_text(out, ",\"notes\":");
    report_text(out, op->notes);
    put_sockets(out, "flowIn", op->flow_in, op->flow_ins, false);
    put_sockets(out, "valueIn", op->value_in, op->value_ins, true);
    put_sockets(out, "valueOut", op->value_out, op->value_outs, true);
    put_sockets(out, "flowOut", op->flow_out, op->flow_outs, false);
    put_configuration(out, op);
    put_rows(out, op);
    buf_byte(out, '}');
}

void tables_ops(Buf *out) {
    u32 count;
    const Op *ops = op_list(&count);
    buf_byte(out, '[');
    for (u32 i = 0; i < count; i++) {
        comma(out, i);
        put_op(out, &ops[i]);
    }
    buf_byte(out, ']');
}

/* ---- ops, for people ---- */

/* A cell: "`a` float, `b` float"; groups stand for what the configuration gives. */
static void put_cell(Buf *out, const Socket *sockets, u32 count, bool typed) {
    buf_text(out, " | ");
    for (u32 i = 0; i < count; i++) {
        const Socket *s = &sockets[i];
        buf_print(out, "%s`%.*s`", i ? ", " : "", (int)s->name.len, s->name.data);
        bool group = s->name.data[0] == '*' || s->name.data[0] == '#';
        const char *type = s->type == TYPE_NONE ? "T" : s->type == TYPE_FOLLOWS ? "by T" : type_name((Type)s->type);
        if (typed && !group) buf_print(out, " %s", type);
    }
}

static void put_configuration_cell(Buf *out, const Op *op) {
    buf_text(out, " | ");
    for (u32 i = 0; i < op->configs; i++) {
        Text key = op->config[i].key, type = op->config[i].type;
        buf_print(out, "%s`%.*s` %.*s", i ? ", " : "", (int)key.len, key.data, (int)type.len, type.data);
    }
}

void tables_ops_markdown(Buf *out) {
    u32 count;
    const Op *ops = op_list(&count);
    buf_text(out, "| op | what it does | kind | flow in | value in | value out | flow out | configuration |\n"
                  "|---|---|---|---|---|---|---|---|\n");
    for (u32 i = 0; i < count; i++) {
        const Op *op = &ops[i];
        buf_print(out, "| `%.*s` | %s.%s%s | %s", (int)op->name.len, op->name.data, op->summary, *op->notes ? " " : "",
                  op->notes, op_kind(op));
        put_cell(out, op->flow_in, op->flow_ins, false);
        put_cell(out, op->value_in, op->value_ins, true);
        put_cell(out, op->value_out, op->value_outs, true);
        put_cell(out, op->flow_out, op->flow_outs, false);
        put_configuration_cell(out, op);
        buf_text(out, " |\n");
    }
}

void tables_json(Buf *out) {
    buf_text(out, "{\"version\":\"" TD_VERSION "\",\"variant\":\"" VARIANT_NAME "\"");
    put_types(out);
    put_limits(out);
    put_words(out);
    put_properties(out);
    buf_text(out, ",\"ops\":");
    tables_ops(out);
    buf_byte(out, '}');
}
