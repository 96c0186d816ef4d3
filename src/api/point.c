/* point.c (api) - the object model for hosts: which pointers there are, their values, and what has changed. */
#include <string.h>

#include "../run/store.h"
#include "api.h"

/* ---- before a load: what the host wants to see, what it answers for ---- */

/* Appends a prefix to a list; false: text says why. */
static bool add_prefix(td_Engine *e, Prefixes *list, const char *prefix) {
    Text text = api_text(prefix);
    if (text.len && text.data[0] != '/') return api_refuse(e, "A prefix of pointers is empty or starts with /.");
    if (list->count == PREFIXES_MAX) return api_refuse(e, "Too many prefixes.");
    const char *copy = arena_copy(&e->ops, text);
    if (!copy) return api_refuse(e, "Out of memory.");
    list->at[list->count++] = (Text){copy, text.len};
    return true;
}

bool td_observe(td_Engine *e, const char *prefix) { return add_prefix(e, &e->observed, prefix); }
bool td_serve(td_Engine *e, const char *prefix) { return add_prefix(e, &e->served, prefix); }

/* ---- what there is ---- */

void point_cells(Buf *out, const Graph *g) {
    const Model *m = &g->model;
    char pointer[POINTER_TEXT_MAX];
    buf_byte(out, '[');
    for (u32 cell = 0; cell < m->cell_count; cell++) {
        const PointerShape *shape = pointer_shape((PointerRow)m->cell_row[cell]);
        model_cell_text(m, cell, pointer, sizeof pointer);
        buf_text(out, cell ? ",{\"pointer\":" : "{\"pointer\":");
        report_text(out, pointer);
        buf_print(out, ",\"type\":\"%s\",\"mutable\":%s}", type_name((Type)shape->type),
                  shape->access == ACCESS_CELL ? "true" : "false");
    }
    buf_byte(out, ']');
}

/* ---- what has changed ---- */

static u32 cell_lanes(const Model *m, u32 cell) {
    return type_lanes((Type)pointer_shape((PointerRow)m->cell_row[cell])->type);
}

/* Room for all changes of an instance; false: no memory. */
static bool reserve(td_Engine *e, const Instance *in) {
    u64 room = 1;
    for (u32 i = 0; i < in->change_count; i++) room += 2 + cell_lanes(&in->graph->model, in->changes[i]);
    if (room <= e->change_room) return true;
    f64 *grown = room > SIZE_MAX / sizeof(f64) ? NULL : system_grow(e->changes, (size_t)room * sizeof(f64));
    if (!grown) return false;
    e->changes = grown;
    e->change_room = room;
    return true;
}

/* One cell: its number, its lanes, their values as numbers; what a bool says is 0 or 1. */
static f64 *put_change(const Instance *in, u32 cell, f64 *out) {
    const Model *m = &in->graph->model;
    const Slot *value = in->slots + m->cell_slot[cell];
    bool floats = type_letter((Type)pointer_shape((PointerRow)m->cell_row[cell])->type) == 'F';
    u32 lanes = cell_lanes(m, cell);
    *out++ = cell;
    *out++ = lanes;
    for (u32 i = 0; i < lanes; i++) *out++ = floats ? value[i].f : value[i].i;
    return out;
}

const f64 *td_changes(td_Engine *e, u32 instance) {
    Instance *in = api_instance(e, instance);
    if (!in || !reserve(e, in)) return NULL;
    f64 *out = e->changes;
    *out++ = in->change_count;
    for (u32 i = 0; i < in->change_count; i++) out = put_change(in, in->changes[i], out);
    store_forget_changes(in);
    return e->changes;
}

/* ---- one pointer ---- */

static bool find(td_Engine *e, const Instance *in, const char *pointer, Pointed *out) {
    *out = (Pointed){0};
    if (model_find(&in->graph->model, api_text(pointer), &out->row, out->index)) return true;
    api_hear(e, "", (Text){0});
    return api_refuse(e, "There is no pointer \"%s\": no pointer of the graph leads there, and it is not observed.",
                      diag_quote(&e->diags, api_text(pointer)));
}

bool td_point_get(td_Engine *e, u32 instance, const char *pointer) {
    Instance *in = api_instance(e, instance);
    Pointed p;
    Slot value[LANES_MAX];
    if (!in || !find(e, in, pointer, &p)) return false;
    if (!store_read(in, &p, value)) return api_refuse(e, "The property is not defined.");
    buf_clear(&e->text);
    value_json(&e->text, (Type)pointer_shape(p.row)->type, value);
    return true;
}

bool td_point_set(td_Engine *e, u32 instance, const char *pointer, const char *json) {
    Instance *in = api_instance(e, instance);
    Pointed p;
    Slot value[LANES_MAX];
    if (!in || !find(e, in, pointer, &p)) return false;
    u32 cell = store_cell(in->graph, &p);
    if (cell == NONE) return api_refuse(e, "The pointer is read-only.");
    if (!args_value(e, pointer, json, (Type)pointer_shape(p.row)->type, value)) return false;
    return engine_write_cell(e->engine, in, cell, value) || api_refuse_input(e, in);
}
