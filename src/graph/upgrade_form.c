/* upgrade_form.c (graph) - shapes of drafts: lists of {"id"}, values without brackets, and what is empty or null.
**
** Before 2024 there was one graph and no "graphs"; nodes named their op as "type"; values, flows and configurations
** were lists. Until 2025 exporters wrote every object and list, with or without something in it. */
#include <string.h>

#include "upgrader.h"

/* --- one member ------------------------------------------------------------------------------ */

static void drop(Upgrader *u, cJSON *object, cJSON *member, Err kind) {
    up_tell(u, kind, member, up_show(u, member), "left out");
    tree_remove(object, member);
}

static bool is_empty(const cJSON *item) { return (cJSON_IsObject(item) || cJSON_IsArray(item)) && !item->child; }

/* Leaves members out that are null, or (`empty`) hold nothing. */
static void drop_nothing(Upgrader *u, cJSON *object, const char *key, bool empty) {
    cJSON *member = tree_member(object, key);
    if (!member) return;
    if (cJSON_IsNull(member))
        drop(u, object, member, ERR_DRAFT_NULL);
    else if (empty && is_empty(member))
        drop(u, object, member, ERR_DRAFT_EMPTY);
}

static void rename_member(Upgrader *u, cJSON *object, const char *was, const char *now, Err kind) {
    cJSON *member = tree_member(object, was);
    if (!member || tree_member(object, now)) return;
    up_tell(u, kind, member, was, now);
    member->string = (char *)(uintptr_t)now;
}

/* {"value": 1} becomes {"value": [1]}. */
static void bracket(Upgrader *u, cJSON *object) {
    cJSON *value = tree_member(object, "value");
    if (!cJSON_IsNumber(value) && !cJSON_IsBool(value) && !cJSON_IsString(value)) return;
    cJSON *list = tree_array(u->arena, tree_place(value));
    if (!list) return;
    tree_replace(object, value, list);
    tree_add(list, NULL, value);
    up_tell(u, ERR_DRAFT_FORM, value, up_show(u, value), up_show(u, list));
}

/* [{"id":"a",...}] becomes {"a":{...}}. An empty list stays, and is dropped as such. False: no such list. */
static bool name_elements(Upgrader *u, cJSON *object, const char *key) {
    cJSON *list = tree_member(object, key);
    if (!cJSON_IsArray(list) || !list->child) return true;
    for (const cJSON *item = list->child; item; item = item->next)
        if (!cJSON_IsString(tree_member(item, "id"))) return false;
    cJSON *named = tree_object(u->arena, tree_place(list));
    if (!named) return true;
    for (cJSON *item = list->child, *next; item; item = next) {
        cJSON *id = tree_member(item, "id");
        next = item->next;
        tree_remove(item, id);
        tree_add(named, id->valuestring, item);
    }
    list->child = NULL;
    tree_replace(object, list, named);
    up_tell(u, ERR_DRAFT_FORM, named, "a list", "an object");
    return true;
}

static Err refuse(Upgrader *u, const At *at, const char *what) {
    return diag_report(u->diags, ERR_DRAFT_SHAPE, at, (Detail){0}, what);
}

/* --- the lists of a graph -------------------------------------------------------------------- */

static Err form_variable(Upgrader *u, const At *at, cJSON *variable) {
    (void)at;
    drop_nothing(u, variable, "value", false);
    drop_nothing(u, variable, "name", false);
    drop_nothing(u, variable, "id", false);
    bracket(u, variable);
    rename_member(u, variable, "id", "name", ERR_DRAFT_VARIABLE_ID);
    return ERR_OK;
}

static Err form_event(Upgrader *u, const At *at, cJSON *event) {
    At values_at = {at, TEXT("values"), 0};
    if (!name_elements(u, event, "values")) return refuse(u, &values_at, "values");
    drop_nothing(u, event, "id", false);
    drop_nothing(u, event, "name", false);
    drop_nothing(u, event, "values", true);
    const cJSON *values = tree_member(event, "values");
    for (cJSON *value = cJSON_IsObject(values) ? values->child : NULL; value; value = value->next) {
        drop_nothing(u, value, "value", false);
        bracket(u, value);
    }
    return ERR_OK;
}

static Err form_declaration(Upgrader *u, const At *at, cJSON *declaration) {
    (void)at;
    drop_nothing(u, declaration, "extension", false);
    drop_nothing(u, declaration, "inputValueSockets", true);
    drop_nothing(u, declaration, "outputValueSockets", true);
    return ERR_OK;
}

/* Inputs: {"value":1}, {"socket":null}. */
static void form_values(Upgrader *u, cJSON *values) {
    for (cJSON *input = cJSON_IsObject(values) ? values->child : NULL; input; input = input->next) {
        drop_nothing(u, input, "socket", false);
        drop_nothing(u, input, "value", false);
        drop_nothing(u, input, "node", false);
        bracket(u, input);
    }
}

/* An unconnected output has no flow. */
static void form_flows(Upgrader *u, cJSON *flows) {
    for (cJSON *flow = cJSON_IsObject(flows) ? flows->child : NULL, *next; flow; flow = next) {
        next = flow->next;
        drop_nothing(u, flow, "socket", false);
        if (is_empty(flow) || cJSON_IsNull(flow))
            drop(u, flows, flow, is_empty(flow) ? ERR_DRAFT_EMPTY : ERR_DRAFT_NULL);
    }
}

/* A key without a value has its default. */
static void form_configuration(Upgrader *u, cJSON *configuration) {
    for (cJSON *key = cJSON_IsObject(configuration) ? configuration->child : NULL, *next; key; key = next) {
        next = key->next;
        const cJSON *value = tree_member(key, "value");
        if (is_empty(key) || is_empty(value) || cJSON_IsNull(value))
            drop(u, configuration, key, cJSON_IsNull(value) ? ERR_DRAFT_NULL : ERR_DRAFT_EMPTY);
        else
            bracket(u, key);
    }
}

/* "type":"math/add" becomes a declaration. */
static void declare_type(Upgrader *u, cJSON *node) {
    const cJSON *type = tree_member(node, "type");
    if (!cJSON_IsString(type) || tree_member(node, "declaration")) return;
    rename_member(u, node, "type", "declaration", ERR_DRAFT_FORM);
}

static Err form_node(Upgrader *u, const At *at, cJSON *node) {
    static const char *const keys[] = {"values", "flows", "configuration"};
    void (*const form[])(Upgrader *, cJSON *) = {form_values, form_flows, form_configuration};
    for (u32 i = 0; i < COUNT_OF(keys); i++) {
        At here = {at, text_of(keys[i]), 0};
        if (!name_elements(u, node, keys[i])) return refuse(u, &here, keys[i]);
        form[i](u, tree_member(node, keys[i]));
        drop_nothing(u, node, keys[i], true);
    }
    declare_type(u, node);
    return ERR_OK;
}

static Err form_list(Upgrader *u, const char *key, Err (*form)(Upgrader *, const At *, cJSON *)) {
    At at = {&u->at, text_of(key), 0};
    u32 i = 0;
    drop_nothing(u, u->graph, key, true);
    const cJSON *list = tree_member(u->graph, key);
    for (cJSON *item = cJSON_IsArray(list) ? list->child : NULL; item; item = item->next, i++)
        if (cJSON_IsObject(item)) TRY(form(u, &(At){&at, {NULL, 0}, i}, item));
    return ERR_OK;
}

Err up_form(Upgrader *u) {
    rename_member(u, u->graph, "customEvents", "events", ERR_DRAFT_FORM);
    drop_nothing(u, u->graph, "types", true);
    drop_nothing(u, u->graph, "name", false);
    TRY(form_list(u, "variables", form_variable));
    TRY(form_list(u, "events", form_event));
    TRY(form_list(u, "declarations", form_declaration));
    return form_list(u, "nodes", form_node);
}

/* --- the extension object -------------------------------------------------------------------- */

Err up_extension(Upgrader *u, cJSON *extension) {
    if (tree_member(extension, "graphs") || !cJSON_IsArray(tree_member(extension, "nodes"))) return ERR_OK;
    cJSON *graph = tree_object(u->arena, tree_place(extension)), *graphs = tree_array(u->arena, tree_place(extension));
    if (!graph || !graphs) return up_memory(u);
    graph->child = extension->child;
    extension->child = NULL;
    tree_add(graphs, NULL, graph);
    tree_add(extension, "graphs", graphs);
    up_tell(u, ERR_DRAFT_FORM, extension, "one graph", "a list of graphs");
    return ERR_OK;
}
