/* write_names.c (graph) - what variables and events are called in a native file, where names are ids. */
#include "json.h"
#include "names.h"
#include "writer.h"

/* Bytes of an id that are left for what makes it unlike others. */
enum { SPARE = 16 };

/* What native_id takes. */
static bool is_id(const Writer *w, const char *text) {
    u64 most = w->limits->id;
    return *text && !strchr(text, ':') && !json_reserved(text) && !(most && strlen(text) > most);
}

/* What a name becomes that cannot stay: without colons, and short enough for some more bytes; "variable3" for none. */
static void put_likeness(const Writer *w, const char *text, const char *word, u32 index, Buf *out) {
    u64 most = w->limits->id ? w->limits->id : UINT32_MAX;
    if (!*text || json_reserved(text) || most < SPARE * 2) {
        buf_print(out, "%s%u", word, index);
        return;
    }
    for (u32 code, len; *text && out->len + SPARE < most; text += len) {
        len = utf8_read(text_of(text), &code);
        if (code == ':')
            buf_byte(out, '-');
        else
            buf_put(out, text, len);
    }
}

/* That, with lines behind it as long as something else is called so. NULL: no memory. */
static const Name *make_name(Names *names, NameKind kind, Buf *text, u32 index) {
    const Name *name = NULL;
    for (u32 had = 0; had != NONE; buf_byte(text, '_')) {
        name = text->full ? NULL : names_put(names, (Text){text->data, text->len});
        if (!name || !names_bind(names, kind, 0, name, index, &had)) return NULL;
    }
    return name;
}

/* Names that can stay are theirs who had them first; all others get one that is free. */
static Err name_all(Writer *w, Names *names, NameKind kind, const char *word, const char *const *old, const char **ids,
                    u32 count) {
    for (u32 i = 0; i < count; i++) {
        const Name *name = is_id(w, old[i]) ? names_put(names, text_of(old[i])) : NULL;
        u32 had = NONE;
        if (is_id(w, old[i]) && (!name || !names_bind(names, kind, 0, name, i, &had))) return ERR_MEMORY;
        ids[i] = name && had == NONE ? name->text : NULL;
    }
    for (u32 i = 0; i < count; i++) {
        if (ids[i]) continue;
        Buf text = {0};
        put_likeness(w, old[i], word, i, &text);
        const Name *name = make_name(names, kind, &text, i);
        buf_close(&text);
        if (!name) return ERR_MEMORY;
        ids[i] = name->text;
    }
    return ERR_OK;
}

/* A variable's name is for people: another is as good. */
static Err name_variables(Writer *w, Names *names) {
    const Graph *g = w->g;
    TRY(name_all(w, names, OF_VARIABLE, "variable", g->variable_name, w->variable_id, g->variable_count));
    for (u32 i = 0; i < g->variable_count; i++) {
        const char *old = g->variable_name[i];
        Place p;
        if (!*old || strcmp(old, w->variable_id[i]) == 0) continue;
        const At *at = write_place_in(w, &p, "variables", i, "name");
        diag_report(w->diags, ERR_WRITE_RENAMED, at, (Detail){0}, write_quote(w, old),
                    write_quote(w, w->variable_id[i]));
    }
    return ERR_OK;
}

static void refuse_name(Writer *w, const At *at, const char *what, const char *name) {
    diag_report(w->diags, ERR_WRITE_NAME, at, (Detail){0}, what, write_quote(w, name));
}

/* What the host calls an event and its values cannot become something else. */
static void check_event(Writer *w, u32 event) {
    const Graph *g = w->g;
    Place p;
    const char *id = g->event_id[event];
    if (*id && !is_id(w, id)) refuse_name(w, write_place_in(w, &p, "events", event, "id"), "event", id);
    for (u32 v = g->event_value[event]; v < g->event_value[event + 1]; v++)
        if (!is_id(w, g->event_value_name[v]))
            refuse_name(w, write_place_in(w, &p, "events", event, "values"), "event value", g->event_value_name[v]);
}

/* The outputs of a sequence are its flows' keys. */
static void check_flows(Writer *w) {
    const Graph *g = w->g;
    Place p;
    for (u32 out = 0; out < g->flow_out_count; out++) {
        const char *name = g->flow_out_name[out];
        if (json_reserved(name)) refuse_name(w, write_place(w, &p, g->flow_out_node[out], "flows", name), "flow", name);
    }
}

static Err name_events(Writer *w, Names *names) {
    const Graph *g = w->g;
    for (u32 i = 0; i < g->event_count; i++) check_event(w, i);
    return name_all(w, names, OF_EVENT, "event", g->event_id, w->event_id, g->event_count);
}

Err write_find_names(Writer *w) {
    Names names;
    names_open(&names, &w->scratch, &w->scratch, w->g->hash);
    w->variable_id = ARENA_ARRAY(&w->scratch, const char *, w->g->variable_count);
    w->event_id = ARENA_ARRAY(&w->scratch, const char *, w->g->event_count);
    if (!w->variable_id || !w->event_id) return ERR_MEMORY;
    check_flows(w);
    TRY(name_variables(w, &names));
    return name_events(w, &names);
}
