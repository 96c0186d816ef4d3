/* upgrade_part.c (graph) - what all steps of the upgrade need: changes, types, declarations, nodes put in. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "upgrader.h"

enum { SHOWN_MAX = 80 };

Err up_memory(Upgrader *u) {
    return u->arena->over ? diag_report(u->diags, ERR_LIMIT_MEMORY, NULL, (Detail){.limit = u->limits->memory},
                                        (unsigned long long)u->limits->memory)
                          : diag_report(u->diags, ERR_MEMORY, NULL, (Detail){0});
}

Err up_end(Upgrader *u) { return u->arena->full ? up_memory(u) : ERR_OK; }

/* --- texts ----------------------------------------------------------------------------------- */

static const char *keep(Upgrader *u, const Buf *text) {
    const char *copy = text->data && !text->full ? arena_copy(u->arena, (Text){text->data, text->len}) : NULL;
    return copy ? copy : "";
}

const char *up_print(Upgrader *u, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    char *text = len < 0 ? NULL : arena_take(u->arena, (u64)len + 1);
    if (text) vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    va_end(args);
    return text ? text : "";
}

const char *up_show(Upgrader *u, const cJSON *item) {
    Buf text = {0};
    if (!item) return "nothing";
    if ((cJSON_IsObject(item) || cJSON_IsArray(item)) && up_count(item) > 16)
        buf_text(&text, cJSON_IsObject(item) ? "{...}" : "[...]");
    else
        tree_write(&text, item, 0, 0);
    const char *shown = keep(u, &text);
    buf_close(&text);
    return shown;
}

/* As much as a line shows; what rewrites terminals is escaped in it. */
static const char *fit(Upgrader *u, const char *text) {
    Buf shown = {0};
    u32 len = (u32)strlen(text), put = len <= SHOWN_MAX ? len : SHOWN_MAX - 3;
    while (put < len && put > 0 && ((u8)text[put] & 0xC0) == 0x80) put--;
    buf_plain(&shown, (Text){text, put});
    if (put < len) buf_text(&shown, "...");
    const char *kept = keep(u, &shown);
    buf_close(&shown);
    return kept;
}

void up_tell(Upgrader *u, Err kind, const cJSON *item, const char *was, const char *now) {
    if (!LIST_ROOM(u->arena, u->out->changes, 1)) return;
    Change *change = &u->out->changes.at[u->out->changes.count++];
    *change = (Change){.kind = kind, .offset = item ? tree_place(item) : 0, .pointer = ""};
    change->was = fit(u, was);
    change->now = fit(u, now);
}

const At *up_at(const Upgrader *u, UpPlace *p, u32 node, const char *part, const char *key) {
    p->nodes = (At){&u->at, TEXT("nodes"), 0};
    p->node = (At){&p->nodes, {NULL, 0}, u->nodes.at[node].source};
    if (!part) return &p->node;
    p->part = (At){&p->node, text_of(part), 0};
    if (!key) return &p->part;
    p->key = (At){&p->part, text_of(key), 0};
    return &p->key;
}

const char *up_label(Upgrader *u, u32 node) {
    const char *op = up_any_op(u, node);
    const UpNode *n = &u->nodes.at[node];
    return up_print(u, n->rank == NONE ? "%u \"%s\"" : "(new for %u) \"%s\"", n->source, diag_quote(u->diags, text_of(op)));
}

/* --- reading --------------------------------------------------------------------------------- */

u32 up_count(const cJSON *list) {
    u32 n = 0;
    for (const cJSON *item = list ? list->child : NULL; item; item = item->next) n++;
    return n;
}

const char *up_any_op(const Upgrader *u, u32 node) {
    u32 d = u->nodes.at[node].declaration;
    return d == NONE ? "" : u->declarations.at[d].op;
}

const char *up_op(const Upgrader *u, u32 node) {
    u32 d = u->nodes.at[node].declaration;
    return d == NONE || u->declarations.at[d].extension ? "" : u->declarations.at[d].op;
}

u32 up_source(const cJSON *input, const char **socket) {
    const cJSON *node = tree_member(input, "node"), *name = tree_member(input, "socket");
    *socket = cJSON_IsString(name) ? name->valuestring : "value";
    return node ? (u32)node->valuedouble : NONE;
}

cJSON *up_setting(const cJSON *configuration, const char *key) {
    const cJSON *value = tree_member(tree_member(configuration, key), "value");
    return cJSON_IsArray(value) && value->child && !value->child->next ? value->child : NULL;
}

static u32 read_index(const cJSON *item, u32 count) {
    if (!cJSON_IsNumber(item)) return NONE;
    f64 value = item->valuedouble;
    return value >= 0 && value < count && value == trunc(value) ? (u32)value : NONE;
}

u32 up_setting_index(const cJSON *configuration, const char *key, u32 count) {
    return read_index(up_setting(configuration, key), count);
}

Type up_type_of(const Upgrader *u, const cJSON *index) {
    u32 i = read_index(index, u->type.count);
    return i == NONE ? TYPE_NONE : (Type)u->type.at[i];
}

/* --- adding ---------------------------------------------------------------------------------- */

/* Element of a list of the graph; the list is made when it is not there. */
static void add_element(Upgrader *u, cJSON **list, const char *key, cJSON *item) {
    if (!*list) {
        *list = tree_array(u->arena, tree_place(u->graph));
        tree_add(u->graph, key, *list);
    }
    tree_add(*list, NULL, item);
}

u32 up_type(Upgrader *u, Type type) {
    if (u->type_at[type] != NONE) return u->type_at[type];
    cJSON *item = tree_object(u->arena, tree_place(u->graph));
    if (!LIST_ROOM(u->arena, u->type, 1)) return NONE;
    tree_add(item, "signature", tree_text(u->arena, type_name(type), tree_place(u->graph)));
    add_element(u, &u->types, "types", item);
    u->type.at[u->type.count] = (u8)type;
    return u->type_at[type] = u->type.count++;
}

bool up_declare(Upgrader *u, u32 declaration, u32 *had) {
    const UpDeclaration *d = &u->declarations.at[declaration];
    const Name *name = names_put(&u->names, text_of(d->op));
    return name && names_bind(&u->names, OF_DECLARATION, d->extension != NULL, name, declaration, had);
}

u32 up_declaration(Upgrader *u, const char *op, u32 place) {
    const Name *name = names_put(&u->names, text_of(op));
    u32 found = names_look(&u->names, OF_DECLARATION, 0, name), had;
    if (found != NONE || !name) return found;
    cJSON *item = tree_object(u->arena, place);
    if (!LIST_ROOM(u->arena, u->declarations, 1)) return NONE;
    tree_add(item, "op", tree_text(u->arena, op, place));
    u->declarations.at[u->declarations.count] = (UpDeclaration){.item = item, .op = op, .same = NONE};
    if (!up_declare(u, u->declarations.count, &had)) return NONE;
    return u->declarations.count++;
}

u32 up_insert(Upgrader *u, u32 before, const char *op) {
    u32 source = u->nodes.at[before].source, place = tree_place(u->nodes.at[before].item);
    UpNode node = {.source = source, .rank = u->nodes.count - u->source_nodes, .next = NONE};
    node.item = tree_object(u->arena, place);
    node.declaration = up_declaration(u, op, place);
    if (!LIST_ROOM(u->arena, u->nodes, 1)) return NONE;
    u->nodes.at[u->nodes.count] = node;
    return u->nodes.count++;
}

cJSON *up_part(Upgrader *u, u32 node, cJSON **part, const char *key) {
    cJSON *item = u->nodes.at[node].item;
    if (!*part) {
        *part = tree_object(u->arena, item ? tree_place(item) : 0);
        tree_add(item, key, *part);
    }
    return *part;
}

cJSON *up_reference(Upgrader *u, u32 place, u32 from, const char *socket) {
    cJSON *item = tree_object(u->arena, place);
    tree_add(item, "node", tree_number(u->arena, from, place));
    if (socket) tree_add(item, "socket", tree_text(u->arena, socket, place));
    return item;
}

cJSON *up_default(Upgrader *u, u32 place, Type type) {
    cJSON *item = tree_object(u->arena, place);
    tree_add(item, "type", tree_number(u->arena, up_type(u, type), place));
    return item;
}

cJSON *up_constant(Upgrader *u, u32 place, Type type, cJSON *lane) {
    cJSON *item = tree_object(u->arena, place), *value = tree_array(u->arena, place);
    tree_add(value, NULL, lane);
    tree_add(item, "value", value);
    tree_add(item, "type", tree_number(u->arena, up_type(u, type), place));
    return item;
}

static void add_input(Upgrader *u, u32 node, const char *key, cJSON *input) {
    if (node == NONE) return;
    tree_add(up_part(u, node, &u->nodes.at[node].values, "values"), key, input);
}

static u32 place_of(const Upgrader *u, u32 node) {
    return node != NONE && u->nodes.at[node].item ? tree_place(u->nodes.at[node].item) : 0;
}

void up_input_number(Upgrader *u, u32 node, const char *key, Type type, f64 value) {
    u32 place = place_of(u, node);
    add_input(u, node, key, up_constant(u, place, type, tree_number(u->arena, value, place)));
}

void up_input_default(Upgrader *u, u32 node, const char *key, Type type) {
    add_input(u, node, key, up_default(u, place_of(u, node), type));
}

void up_input_output(Upgrader *u, u32 node, const char *key, u32 from, const char *socket) {
    add_input(u, node, key, up_reference(u, place_of(u, node), from, socket));
}
