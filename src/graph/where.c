/* where.c (graph) - says where in the file something is, and what is there, for messages. */
#include "draft.h"

#include <stdarg.h>
#include <stdio.h>

enum { WORDS_MAX = 512, LISTED_MAX = 12 };

const At *place_node(Place *p, const At *graph, u32 node, const char *part, const char *name) {
    p->at[0] = (At){graph, TEXT("nodes"), 0};
    p->at[1] = (At){&p->at[0], {NULL, 0}, node};
    if (!part) return &p->at[1];
    p->at[2] = (At){&p->at[1], text_of(part), 0};
    if (!name) return &p->at[2];
    p->at[3] = (At){&p->at[2], text_of(name), 0};
    return &p->at[3];
}

const At *draft_place(Draft *d, Place *p, u32 node, const char *part, const char *name) {
    draft_about(d, node);
    return place_node(p, d->at, node, part, name);
}

void draft_about(Draft *d, u32 node) {
    d->diags->node = node == NONE ? -1 : (i32)node;
    d->diags->name = "";
    if (node >= d->nodes.count) return;
    const DraftNode *n = &d->nodes.at[node];
    if (n->name)
        d->diags->name = n->name->text;
    else if (n->op_name)
        d->diags->name = n->op_name->text;
}

bool draft_silent(const Draft *d) { return d->diags->errors >= DIAG_MAX; }

/* Formatted words in the arena of diags; "" when memory is refused or nobody would read them. */
__attribute__((format(printf, 2, 3))) static const char *say(Draft *d, const char *format, ...) {
    char words[WORDS_MAX];
    if (draft_silent(d)) return "";
    va_list args;
    va_start(args, format);
    vsnprintf(words, sizeof words, format, args);
    va_end(args);
    const char *copy = arena_copy(d->diags->arena, text_of(words));
    return copy ? copy : "";
}

const char *draft_label(Draft *d, u32 node) {
    const DraftNode *n = &d->nodes.at[node];
    if (n->name) return say(d, "node %u \"%s\"", node, draft_quote(d, text_of(n->name->text)));
    return say(d, "node %u %s", node, draft_op_label(d, node));
}

const char *draft_op_label(Draft *d, u32 node) {
    const Name *op = d->nodes.at[node].op_name;
    return op ? draft_quote(d, text_of(op->text)) : "node without op";
}

const char *draft_quote(Draft *d, Text text) { return draft_silent(d) ? "" : diag_quote(d->diags, text); }

const char *draft_seen(Draft *d, const cJSON *item) { return draft_silent(d) ? "" : json_seen(d->diags, item); }

const char *draft_did_you_mean(Draft *d, Text seen, const char *const *names, u32 count) {
    const char *near = draft_silent(d) ? NULL : nearest_name(seen, names, count);
    return near ? say(d, "Did you mean \"%s\"?", draft_quote(d, text_of(near))) : NULL;
}

static const char *kind_word(NameKind kind, bool many) {
    switch (kind) {
    case OF_VALUE_IN: return many ? "inputs" : "input";
    case OF_VALUE_OUT: return many ? "outputs" : "output";
    case OF_FLOW_IN: return many ? "flow inputs" : "flow input";
    default: return many ? "flow outputs" : "flow output";
    }
}

/* "a, b, c" of up to LISTED_MAX names. */
static const char *list_names(Draft *d, const char *const *names, u32 count) {
    Buf b = {0};
    for (u32 i = 0; i < count && i < LISTED_MAX; i++) {
        if (i) buf_text(&b, ", ");
        buf_text(&b, draft_quote(d, text_of(names[i])));
    }
    if (count > LISTED_MAX) buf_text(&b, " ...");
    const char *list = say(d, "%s", b.data ? b.data : "");
    buf_close(&b);
    return list;
}

void draft_no_socket(Draft *d, const At *at, NameKind kind, u32 node, Text seen) {
    u32 first, past;
    draft_sockets(d, kind, node, &first, &past);
    if (first == past) {
        diag_report(d->diags, ERR_SOCKET_NONE, at, (Detail){0}, draft_op_label(d, node), kind_word(kind, true));
        return;
    }
    const char *names[NEAREST_MAX];
    u32 count = past - first > NEAREST_MAX ? NEAREST_MAX : past - first;
    for (u32 i = 0; i < count; i++) names[i] = draft_socket_name(d, kind, first + i)->text;
    diag_report(d->diags, ERR_SOCKET_UNKNOWN, at, (Detail){.fix = draft_did_you_mean(d, seen, names, count)},
                kind_word(kind, false), draft_quote(d, seen), draft_op_label(d, node), list_names(d, names, count));
}

void draft_which_socket(Draft *d, const At *at, NameKind kind, u32 node) {
    diag_report(d->diags, ERR_SOCKET_WHICH, at, (Detail){0}, draft_op_label(d, node), kind_word(kind, false));
}

/* ---- shapes ---- */

void draft_missing(Draft *d, const At *at, const char *key) {
    diag_report(d->diags, ERR_KEY_MISSING, at, (Detail){0}, key);
}

void draft_wrong(Draft *d, const At *at, const char *key, const char *must, const cJSON *item) {
    const char *seen = draft_seen(d, item);
    Detail detail = {.seen = seen, .expected = must};
    diag_report(d->diags, ERR_KEY_TYPE, at, detail, key, must, seen);
}

bool draft_is_object(Draft *d, const At *at, const cJSON *item) {
    if (cJSON_IsObject(item)) return true;
    const char *seen = draft_seen(d, item);
    Detail detail = {.seen = seen, .expected = "object"};
    diag_report(d->diags, ERR_ITEM_TYPE, at, detail, "object", seen);
    return false;
}

u32 draft_count(const cJSON *list) {
    u32 n = 0;
    for (const cJSON *item = list ? list->child : NULL; item; item = item->next) n++;
    return n;
}

void draft_no_value(Draft *d, u32 node, u32 in) {
    Place p;
    const DraftNode *n = &d->nodes.at[node];
    const At *at = draft_place(d, &p, node, n->values ? "values" : NULL, NULL);
    const char *name = draft_quote(d, name_text(d->value_in.at[in].name));
    if (n->id == NODE_event_send) {
        Text event = text_of(d->g->event_id[d->params.at[n->params]]);
        diag_report(d->diags, ERR_EVENT_VALUE_MISSING, at, (Detail){0}, draft_quote(d, event), name);
    } else {
        diag_report(d->diags, ERR_SOCKET_MISSING, at, (Detail){0}, name);
    }
}
