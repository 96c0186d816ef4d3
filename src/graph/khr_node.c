/* khr_node.c (graph) - KHR_interactivity: what op each node runs, and its sockets. */
#include "khr.h"

#include "values.h"

enum { KEY_DECLARATION, KEY_CONFIGURATION, KEY_VALUES, KEY_FLOWS, KEYS };
static const char *const keys[KEYS] = {"declaration", "configuration", "values", "flows"};

static void find_declaration(Khr *k, const At *at, const cJSON *item, DraftNode *node, u32 *index) {
    Draft *d = &k->d;
    At here = {at, TEXT("declaration"), 0};
    *index = NONE;
    if (!item) draft_missing(d, at, "declaration");
    if (!item || !values_index(d, &here, item, "declaration", "declarations", k->declaration_count, index)) return;
    const KhrDeclaration *dec = &k->declarations[*index];
    node->op_name = dec->name;
    node->op = dec->op;
    if (dec->name) d->diags->name = dec->name->text;
    if (dec->op) {
        node->broken = false;
        node->kind = dec->op->kind;
        node->id = dec->op->node;
    } else if (dec->extension) {
        node->broken = false;
        node->kind = KIND_VALUE;
        node->id = NODE_no_op;
    }
}

/* The sockets of a node that does nothing are those its op was declared with. */
static Err add_declared(Khr *k, const KhrDeclaration *dec) {
    for (u32 i = 0; i < dec->ins; i++) {
        const KhrSocket *s = &k->sockets.at[dec->in + i];
        TRY(draft_value_in(&k->d, s->name, s->type, RULE_FIXED, NULL));
    }
    for (u32 i = 0; i < dec->outs; i++) {
        const KhrSocket *s = &k->sockets.at[dec->out + i];
        TRY(draft_value_out(&k->d, s->name, s->type, RULE_FIXED, NULL));
    }
    return ERR_OK;
}

static Err add_sockets(Khr *k, const At *at, const Setting *settings, u32 declaration, bool *ok) {
    Draft *d = &k->d;
    const KhrDeclaration *dec = &k->declarations[declaration];
    At configuration = {at, TEXT("configuration"), 0}, pointer = {&configuration, TEXT("pointer"), 0};
    At value = {&pointer, TEXT("value"), 0}, first = {&value, {NULL, 0}, 0};
    if (!dec->op) return add_declared(k, dec);
    *ok = sockets_check(d, dec->op, settings, &configuration);
    return *ok ? sockets_add(d, settings, &first, ok) : ERR_OK;
}

static Err read_node(Khr *k, const At *at, const cJSON *item, u32 index) {
    const cJSON *fields[KEYS] = {NULL};
    Draft *d = &k->d;
    DraftNode node = {.type = TYPE_NONE, .broken = true};
    Setting settings[SETTINGS_MAX] = {{0}};
    u32 declaration;
    bool ok = true;
    draft_about(d, NONE);
    d->diags->node = (i32)index;
    if (!draft_is_object(d, at, item)) return draft_node(d, &node);
    json_fields(item, at, keys, fields, KEYS, false, d->diags);
    find_declaration(k, at, fields[KEY_DECLARATION], &node, &declaration);
    node.values = khr_object(d, at, "values", fields[KEY_VALUES]);
    node.flows = khr_object(d, at, "flows", fields[KEY_FLOWS]);
    const cJSON *configuration = khr_object(d, at, "configuration", fields[KEY_CONFIGURATION]);
    TRY(draft_node(d, &node));
    TRY(khr_config(k, at, node.op, configuration, settings, &ok));
    if (ok && !node.broken) TRY(add_sockets(k, at, settings, declaration, &ok));
    TRY(sockets_limit(d, at, &ok));
    if (!ok) d->nodes.at[index].broken = true;
    return ERR_OK;
}

Err khr_nodes(Khr *k, const cJSON *list) {
    Draft *d = &k->d;
    At at = {d->at, TEXT("nodes"), 0};
    u32 n = draft_count(list), i = 0;
    TRY(draft_limit(d, &at, n, d->limits->nodes, "nodes", "nodes"));
    TRY(draft_reserve(d, n));
    for (const cJSON *item = list ? list->child : NULL; item; item = item->next, i++)
        TRY(read_node(k, &(At){&at, {NULL, 0}, i}, item, i));
    return draft_nodes_end(d);
}
