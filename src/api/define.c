/* define.c (api) - host operations: signatures that a host gives, kept while the engine lives. */
#include <string.h>

#include "../graph/json.h"
#include "api.h"

/* The ports of one direction: {"id","type"} objects in an array, which may be absent. */
typedef struct Ports {
    const char **name;
    u8 *type;
    u32 count;
} Ports;

static bool is_text(const cJSON *item) { return cJSON_IsString(item) && item->valuestring[0]; }

static bool read_port(td_Engine *e, const cJSON *item, Ports *ports) {
    static const char *const keys[] = {"id", "type"};
    const cJSON *fields[2] = {0};
    if (cJSON_IsObject(item)) json_fields(item, NULL, keys, fields, 2, false, &e->diags);
    if (!is_text(fields[0]) || !is_text(fields[1]))
        return api_refuse(e, "A port is {\"id\":NAME,\"type\":TYPE}, not %s.", json_seen(&e->diags, item));
    const char *id = fields[0]->valuestring;
    Type t = type_find(api_text(fields[1]->valuestring));
    if (t == TYPE_NONE)
        return api_refuse(e, "Port \"%s\": there is no type \"%s\".", diag_quote(&e->diags, api_text(id)),
                          diag_quote(&e->diags, api_text(fields[1]->valuestring)));
    for (u32 i = 0; i < ports->count; i++)
        if (strcmp(ports->name[i], id) == 0)
            return api_refuse(e, "Two ports are called \"%s\".", diag_quote(&e->diags, api_text(id)));
    ports->name[ports->count] = arena_copy(&e->ops, api_text(id));
    ports->type[ports->count] = (u8)t;
    return ports->name[ports->count++] || api_refuse(e, "Out of memory.");
}

static bool read_ports(td_Engine *e, const cJSON *list, Ports *ports) {
    if (!list) return true;
    if (!cJSON_IsArray(list)) return api_refuse(e, "Ports are an array, not %s.", json_seen(&e->diags, list));
    u32 count = (u32)cJSON_GetArraySize(list);
    if (count > engine_limits(e->engine)->ports)
        return api_refuse(e, "%u ports; limit ports=%llu.", count, (unsigned long long)engine_limits(e->engine)->ports);
    ports->name = ARENA_ARRAY(&e->ops, const char *, count);
    ports->type = ARENA_ARRAY(&e->ops, u8, count);
    if (!ports->name || !ports->type) return api_refuse(e, "Out of memory.");
    for (const cJSON *item = list->child; item; item = item->next)
        if (!read_port(e, item, ports)) return false;
    return true;
}

static bool check_name(td_Engine *e, const cJSON *op) {
    if (!is_text(op) || !strchr(op->valuestring, '/'))
        return api_refuse(e, "An op is named \"domain/name\", not %s.", op ? json_seen(&e->diags, op) : "nothing");
    Text name = api_text(op->valuestring);
    if (op_find(name))
        return api_refuse(e, "The op \"%s\" is the engine's own.", diag_quote(&e->diags, name));
    for (u32 i = 0; i < e->host_op_count; i++)
        if (strcmp(e->host_ops[i].name, name.data) == 0)
            return api_refuse(e, "The op \"%s\" is defined already.", diag_quote(&e->diags, name));
    return true;
}

static bool make_room(td_Engine *e) {
    if (!e->host_ops) e->host_ops = ARENA_ARRAY(&e->ops, HostOp, HOST_OPS_MAX);
    if (!e->host_ops) return api_refuse(e, "Out of memory.");
    return e->host_op_count < HOST_OPS_MAX || api_refuse(e, "More than %d host operations.", HOST_OPS_MAX);
}

static bool read_op(td_Engine *e, const cJSON *root) {
    static const char *const keys[] = {"op", "inputs", "outputs"};
    const cJSON *fields[3] = {0};
    Ports in = {0}, out = {0};
    if (!cJSON_IsObject(root)) return api_refuse(e, "A definition is an object.");
    json_fields(root, NULL, keys, fields, 3, true, &e->diags);
    if (e->diags.errors) return api_refuse(e, "%s", e->diags.list[0].message);
    if (!check_name(e, fields[0]) || !make_room(e)) return false;
    if (!read_ports(e, fields[1], &in) || !read_ports(e, fields[2], &out)) return false;
    char *name = arena_copy(&e->ops, api_text(fields[0]->valuestring));
    if (!name) return api_refuse(e, "Out of memory.");
    e->host_ops[e->host_op_count++] = (HostOp){name, in.count, out.count, in.name, out.name, in.type, out.type};
    return true;
}

u32 define_op(td_Engine *e, const char *json) {
    Json parsed;
    Text text = api_text(json);
    api_hear(e, "definition", text);
    if (json_open(&parsed, text, engine_limits(e->engine), &e->diags) != ERR_OK) {
        api_refuse(e, "The definition is not JSON: %s", e->diags.count ? e->diags.list[0].message : "out of memory.");
        return 0;
    }
    bool defined = read_op(e, parsed.root);
    json_close(&parsed);
    return defined ? e->host_op_count : 0;
}
