/* upgrade_name.c (graph) - ops, sockets and configuration keys that drafts called otherwise (upgrade.def). */
#include <string.h>

#include "upgrader.h"

typedef struct Rename {
    const char *op, *draft, *ratified;
} Rename;

static const Rename ops[] = {
#define OP(draft, ratified) {NULL, draft, ratified},
#include "upgrade.def"
};
static const Rename inputs[] = {
#define INPUT(op, draft, ratified) {op, draft, ratified},
#include "upgrade.def"
};
static const Rename outputs[] = {
#define OUTPUT(op, draft, ratified) {op, draft, ratified},
#include "upgrade.def"
};
static const Rename settings[] = {
#define CONFIG(op, draft, ratified) {op, draft, ratified},
#include "upgrade.def"
};

static const char *ratified_op(const char *op) {
    for (u32 i = 0; i < COUNT_OF(ops); i++)
        if (same(ops[i].draft, op)) return ops[i].ratified;
    return op;
}

/* --- reading a graph ------------------------------------------------------------------------- */

static Err refuse(Upgrader *u, const At *at, const char *what) {
    return diag_report(u->diags, ERR_DRAFT_SHAPE, at, (Detail){0}, what);
}

/* A list of the graph; *list is NULL when it is absent. */
static Err read_list(Upgrader *u, const char *key, cJSON **list) {
    At at = {&u->at, text_of(key), 0};
    *list = tree_member(u->graph, key);
    return !*list || cJSON_IsArray(*list) ? ERR_OK : refuse(u, &at, key);
}

static Err read_types(Upgrader *u) {
    TRY(read_list(u, "types", &u->types));
    if (!LIST_ROOM(u->arena, u->type, up_count(u->types))) return up_memory(u);
    for (const cJSON *item = u->types ? u->types->child : NULL; item; item = item->next) {
        const cJSON *signature = tree_member(item, "signature");
        Type type = cJSON_IsString(signature) ? type_find(text_of(signature->valuestring)) : TYPE_NONE;
        if (type != TYPE_NONE && u->type_at[type] == NONE) u->type_at[type] = u->type.count;
        u->type.at[u->type.count++] = (u8)type;
    }
    return ERR_OK;
}

/* --- declarations ---------------------------------------------------------------------------- */

static Err read_declaration(Upgrader *u, cJSON *item) {
    cJSON *op = tree_member(item, "op"), *extension = tree_member(item, "extension");
    UpDeclaration d = {.item = item, .op = "", .same = NONE};
    if (cJSON_IsString(op)) d.op = op->valuestring;
    if (cJSON_IsString(extension)) d.extension = extension->valuestring;
    if (!LIST_ROOM(u->arena, u->declarations, 1)) return up_memory(u);
    u->declarations.at[u->declarations.count++] = d;
    return ERR_OK;
}

static const struct {
    const char *op, *extension;
    const char *name[6];
    Type type[6];
} events[] = {
    {"event/onSelect",
     "KHR_node_selectability",
     {"selectedNode", "controllerIndex", "selectionPoint", "selectionRayOrigin", "event"},
     {TYPE_REF, TYPE_INT, TYPE_FLOAT3, TYPE_FLOAT3, TYPE_REF}},
    {"event/onHoverIn",
     "KHR_node_hoverability",
     {"hoveredNode", "controllerIndex", "event"},
     {TYPE_REF, TYPE_INT, TYPE_REF}},
    {"event/onHoverOut",
     "KHR_node_hoverability",
     {"hoveredNode", "controllerIndex", "event"},
     {TYPE_REF, TYPE_INT, TYPE_REF}},
};

static bool is_declared_so(const Upgrader *u, const cJSON *sockets, u32 row) {
    u32 count = 0;
    for (; events[row].name[count]; count++) {
        const cJSON *socket = tree_member(sockets, events[row].name[count]);
        if (up_type_of(u, tree_member(socket, "type")) != events[row].type[count]) return false;
    }
    return up_count(sockets) == count;
}

/* Events of extensions are declared with all their outputs, else they do nothing. */
static void declare_outputs(Upgrader *u, UpDeclaration *d, u32 row) {
    cJSON *had = tree_member(d->item, "outputValueSockets"), *sockets = tree_object(u->arena, tree_place(d->item));
    if (is_declared_so(u, had, row)) return;
    for (u32 i = 0; events[row].name[i]; i++)
        tree_add(sockets, events[row].name[i], up_default(u, tree_place(d->item), events[row].type[i]));
    if (had)
        tree_replace(d->item, had, sockets);
    else
        tree_add(d->item, "outputValueSockets", sockets);
    up_tell(u, ERR_DRAFT_DECLARATION, had ? had : d->item, up_print(u, "%u outputs", up_count(had)),
            up_print(u, "%u outputs", up_count(sockets)));
}

/* Which of the events it declares; NONE. */
static u32 event_row(const UpDeclaration *d) {
    for (u32 row = 0; row < COUNT_OF(events); row++)
        if (same(events[row].op, d->op) && (!d->extension || same(events[row].extension, d->extension))) return row;
    return NONE;
}

static void declare_event(Upgrader *u, UpDeclaration *d) {
    u32 row = event_row(d);
    if (row == NONE) return;
    if (!d->extension) {
        d->extension = events[row].extension;
        if (!d->draft) d->draft = d->op;
        tree_add(d->item, "extension", tree_text(u->arena, d->extension, tree_place(d->item)));
        up_tell(u, ERR_DRAFT_DECLARATION, d->item, "core op", d->extension);
    }
    declare_outputs(u, d, row);
}

static void rename_op(Upgrader *u, UpDeclaration *d) {
    const char *now = ratified_op(d->op);
    if (d->extension || now == d->op) return;
    cJSON *was = tree_member(d->item, "op");
    up_tell(u, ERR_DRAFT_OP, was, d->op, now);
    tree_replace(d->item, was, tree_text(u->arena, now, tree_place(was)));
    d->draft = d->op;
    d->op = now;
}

static void declare(Upgrader *u) {
    for (u32 i = 0; i < u->declarations.count; i++) {
        rename_op(u, &u->declarations.at[i]);
        declare_event(u, &u->declarations.at[i]);
    }
}

/* Two names of drafts may be one now. Declarations that were equal before are not ours. */
static bool merge(Upgrader *u) {
    for (u32 drafts = 0; drafts < 2; drafts++) {
        for (u32 i = 0; i < u->declarations.count; i++) {
            UpDeclaration *d = &u->declarations.at[i];
            u32 had = NONE;
            if ((d->draft != NULL) != drafts) continue;
            if (d->extension && event_row(d) == NONE) continue;
            if (!up_declare(u, i, &had)) return false;
            if (drafts) d->same = had;
        }
    }
    return true;
}

static Err read_declarations(Upgrader *u) {
    for (cJSON *item = u->declared ? u->declared->child : NULL; item; item = item->next) TRY(read_declaration(u, item));
    declare(u);
    return merge(u) ? ERR_OK : up_memory(u);
}

/* --- reading nodes --------------------------------------------------------------------------- */

/* The op that a node names itself (see upgrade_form.c), or the index of its declaration. */
static Err read_declared(Upgrader *u, const At *at, cJSON *item, UpNode *node) {
    cJSON *declaration = tree_member(item, "declaration");
    At here = {at, TEXT("declaration"), 0};
    node->declaration = NONE;
    if (cJSON_IsString(declaration)) {
        const char *op = ratified_op(declaration->valuestring);
        node->declaration = up_declaration(u, op, tree_place(declaration));
        if (node->declaration == NONE) return up_memory(u);
        if (op != declaration->valuestring) {
            u->declarations.at[node->declaration].draft = declaration->valuestring;
            up_tell(u, ERR_DRAFT_OP, declaration, declaration->valuestring, op);
        }
        return ERR_OK;
    }
    if (!cJSON_IsNumber(declaration)) return refuse(u, at, "declaration");
    f64 index = declaration->valuedouble;
    if (!(index >= 0 && index < u->declarations.count && index == (u32)index)) return refuse(u, &here, "declaration");
    node->declaration = (u32)index;
    return ERR_OK;
}

/* A member of a node that must be an object; NULL when it is absent. */
static Err read_part(Upgrader *u, const At *at, cJSON *item, const char *key, cJSON **part) {
    At here = {at, text_of(key), 0};
    *part = tree_member(item, key);
    return !*part || cJSON_IsObject(*part) ? ERR_OK : refuse(u, &here, key);
}

static Err read_node(Upgrader *u, const At *at, cJSON *item, u32 index) {
    UpNode node = {.item = item, .source = index, .rank = NONE, .next = NONE};
    if (!cJSON_IsObject(item)) return refuse(u, at, "node");
    TRY(read_declared(u, at, item, &node));
    TRY(read_part(u, at, item, "values", &node.values));
    TRY(read_part(u, at, item, "flows", &node.flows));
    TRY(read_part(u, at, item, "configuration", &node.configuration));
    if (!LIST_ROOM(u->arena, u->nodes, 1)) return up_memory(u);
    u->nodes.at[u->nodes.count++] = node;
    return ERR_OK;
}

Err up_read(Upgrader *u) {
    At at = {&u->at, TEXT("nodes"), 0};
    u32 i = 0;
    TRY(read_types(u));
    TRY(read_list(u, "variables", &u->variables));
    TRY(read_list(u, "events", &u->events));
    TRY(read_list(u, "declarations", &u->declared));
    TRY(read_list(u, "nodes", &u->listed));
    TRY(read_declarations(u));
    for (cJSON *item = u->listed ? u->listed->child : NULL; item; item = item->next, i++)
        TRY(read_node(u, &(At){&at, {NULL, 0}, i}, item, i));
    u->source_nodes = u->nodes.count;
    for (u32 d = up_count(u->declared); d < u->declarations.count; d++) declare_event(u, &u->declarations.at[d]);
    return ERR_OK;
}

/* --- nodes ----------------------------------------------------------------------------------- */

static void rename_key(Upgrader *u, cJSON *object, const Rename *rename, Err kind) {
    cJSON *member = tree_member(object, rename->draft);
    if (!member || tree_member(object, rename->ratified)) return;
    up_tell(u, kind, member, rename->draft, rename->ratified);
    member->string = (char *)(uintptr_t)rename->ratified;
}

static void name_inputs(Upgrader *u, u32 node) {
    const char *op = up_op(u, node);
    for (u32 i = 0; i < COUNT_OF(inputs); i++)
        if (same(inputs[i].op, op)) rename_key(u, u->nodes.at[node].values, &inputs[i], ERR_DRAFT_SOCKET);
    for (u32 i = 0; i < COUNT_OF(settings); i++)
        if (same(settings[i].op, op)) rename_key(u, u->nodes.at[node].configuration, &settings[i], ERR_DRAFT_CONFIG);
}

/* The references of a node, to outputs that have other names now. */
static void name_output(Upgrader *u, cJSON *input) {
    cJSON *socket = tree_member(input, "socket");
    const cJSON *from = tree_member(input, "node");
    if (!cJSON_IsString(socket) || !cJSON_IsNumber(from)) return;
    if (!(from->valuedouble >= 0 && from->valuedouble < u->nodes.count)) return;
    const char *op = up_any_op(u, (u32)from->valuedouble);
    for (u32 i = 0; i < COUNT_OF(outputs); i++) {
        if (!same(outputs[i].draft, socket->valuestring) || (!same(outputs[i].op, op) && !same(outputs[i].op, "*")))
            continue;
        up_tell(u, ERR_DRAFT_SOCKET, socket, outputs[i].draft, outputs[i].ratified);
        tree_replace(input, socket, tree_text(u->arena, outputs[i].ratified, tree_place(socket)));
        return;
    }
}

/* One variable by "variable" and "value", before 2025-10. */
static void set_variable(Upgrader *u, u32 node) {
    UpNode *n = &u->nodes.at[node];
    cJSON *key = tree_member(n->configuration, "variable"), *value = tree_member(n->values, "value");
    u32 variable = up_setting_index(n->configuration, "variable", up_count(u->variables));
    if (variable == NONE || tree_member(n->configuration, "variables")) return;
    const char *socket = up_print(u, "%u", variable);
    up_tell(u, ERR_DRAFT_VARIABLE_SET, key, "variable", "variables");
    key->string = (char *)(uintptr_t) "variables";
    if (!value || tree_member(n->values, socket)) return;
    up_tell(u, ERR_DRAFT_VARIABLE_SET, value, "value", socket);
    value->string = (char *)(uintptr_t)socket;
}

Err up_names(Upgrader *u) {
    for (u32 node = 0; node < u->nodes.count; node++) {
        u32 same_as = u->declarations.at[u->nodes.at[node].declaration].same;
        if (same_as != NONE) u->nodes.at[node].declaration = same_as;
        name_inputs(u, node);
        if (same(up_op(u, node), "variable/set")) set_variable(u, node);
        const cJSON *values = u->nodes.at[node].values;
        for (cJSON *input = values ? values->child : NULL; input; input = input->next) name_output(u, input);
    }
    return up_end(u);
}
