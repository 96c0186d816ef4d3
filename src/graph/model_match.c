/* model_match.c (graph) - from a pointer template to the property it names, and where its indices come from. */
#include "gltf.h"
#include "model_read.h"
#include "template.h"

#include <string.h>

/* Where one index of a path comes from. */
typedef struct Source {
    i32 from; /* a number, or -1 - i for value input i */
    GltfArray in;
} Source;

typedef struct Match {
    PointerRow row;
    Source index[POINTER_INDICES];
    Text misplaced; /* a parameter that cannot stand where it stands */
} Match;

/* A {ref} names only elements of arrays that have refs; delays and events have nothing else. */
static bool may_stand(Text parameter, GltfArray in) {
    bool is_ref = parameter.data[0] == '{';
    if (in == INDEX_DELAY || in == INDEX_EVENT) return is_ref;
    return !is_ref || in < GLTF_ARRAYS;
}

/* A step of the template that stands for an index. False: it is none. */
static bool take_index(Match *m, u32 k, Text step, u32 *parameters) {
    u32 number;
    Source *s = &m->index[k];
    s->in = pointer_index(m->row, k);
    if (template_is_parameter(step)) {
        s->from = -1 - (i32)(*parameters)++;
        if (!may_stand(step, s->in)) m->misplaced = step;
        return true;
    }
    if (s->in >= INDEX_DELAY || !pointer_digits(step, &number)) return false;
    s->from = number > INT32_MAX ? INT32_MAX : (i32)number; /* no array is that long */
    return true;
}

/* Step by step; *parameters counts those of the template. */
static bool match_row(const Draft *d, const Template *t, PointerRow row, Match *m) {
    const char *path = pointer_shape(row)->path;
    Text rest = {path, (u32)strlen(path)}, step;
    u32 n = 0, k = 0, parameters = 0;
    *m = (Match){.row = row, .index = {{0, INDEX_NONE}, {0, INDEX_NONE}}};
    for (; pointer_step(&rest, &step); n++) {
        if (n == t->count) return false;
        pointer_must_be(&step);
        bool fits = text_same(step, TEXT("#"))   ? take_index(m, k++, t->steps[n], &parameters)
                    : text_same(step, TEXT("*")) ? gltf_enables(d->gltf, t->steps[n])
                                                 : text_same(step, t->steps[n]);
        if (!fits) return false;
    }
    return n == t->count;
}

static Err add_params(Draft *d, const Match *m) {
    TRY(draft_param(d, (i32)m->row));
    for (u32 k = 0; k < POINTER_INDICES; k++) {
        TRY(draft_param(d, m->index[k].from));
        TRY(draft_param(d, (i32)m->index[k].in));
    }
    return ERR_OK;
}

static Err add_nothing(Draft *d) { return add_params(d, &(Match){.row = POINTER_NOTHING}); }

/* ---- what the host serves ---- */

/* The template lies at or below the prefix; {} in it fits any one step. */
static bool is_below(const Template *t, Text prefix) {
    Text wanted;
    u32 n = 0;
    for (; pointer_step(&prefix, &wanted); n++) {
        if (n == t->count || n == TEMPLATE_STEPS) return false;
        if (!text_same(wanted, TEXT("{}")) && !text_same(wanted, t->steps[n])) return false;
    }
    return true;
}

static bool is_served(const Draft *d, const Template *t) {
    for (u32 i = 0; i < d->options->served_count; i++)
        if (is_below(t, d->options->served[i])) return true;
    return false;
}

static Err add_served(Draft *d, const Template *t, u32 n) {
    u32 first = d->nodes.at[d->nodes.count - 1].value_in;
    const char *pointer = arena_copy(&d->g->arena, t->text);
    u8 *parameter = arena_take(&d->g->arena, (u64)n + 1);
    if (!pointer || !parameter || !LIST_ROOM(&d->scratch, d->served, 1)) return draft_no_memory(d);
    for (u32 i = 0; i < n; i++) parameter[i] = (u8)d->value_in.at[first + i].type;
    d->served.at[d->served.count] = (Served){pointer, (u8)draft_base(t->type), n, parameter};
    TRY(draft_param(d, POINTER_HOST));
    return draft_param(d, (i32)d->served.count++);
}

/* ---- the whole ---- */

static bool writes(const Draft *d) {
    u8 id = d->nodes.at[d->nodes.count - 1].id;
    return id != NODE_pointer_get;
}

/* The row whose path and type fit. What is there but of another type, or holds a misplaced parameter, is in *near. */
static bool find_row(const Draft *d, const Template *t, Match *found, Match *near) {
    near->row = POINTER_NOTHING;
    for (u32 row = 0; row < POINTER_ROWS && t->count <= TEMPLATE_STEPS; row++) {
        if (!match_row(d, t, (PointerRow)row, found)) continue;
        if (pointer_shape((PointerRow)row)->type == t->type && !found->misplaced.len) return true;
        if (near->row == POINTER_NOTHING || found->misplaced.len) *near = *found;
    }
    return false;
}

static void warn_nothing(Draft *d, const At *at, const Template *t, const Match *near) {
    const char *shown = draft_quote(d, t->text);
    if (near->row == POINTER_NOTHING)
        diag_report(d->diags, ERR_POINTER_MODEL, at, (Detail){0}, shown);
    else if (near->misplaced.len)
        diag_report(d->diags, ERR_POINTER_PARAMETER, at, (Detail){0}, shown, draft_quote(d, near->misplaced));
    else
        diag_report(d->diags, ERR_POINTER_TYPE, at, (Detail){0}, shown, type_name((Type)pointer_shape(near->row)->type),
                    draft_type_name(t->type));
}

Err model_match(Draft *d, const At *at, const Template *t) {
    Match found, near;
    u32 parameters = d->value_in.count - d->nodes.at[d->nodes.count - 1].value_in;
    if (t->type < TYPE_CUSTOM && parameters <= SERVED_PARAMETERS && is_served(d, t))
        return add_served(d, t, parameters);
    if (!find_row(d, t, &found, &near)) {
        warn_nothing(d, at, t, &near);
        return add_nothing(d);
    }
    if (writes(d) && pointer_shape(found.row)->access != ACCESS_CELL)
        diag_report(d->diags, ERR_POINTER_READ_ONLY, at, (Detail){0}, draft_quote(d, t->text));
    return add_params(d, &found);
}
