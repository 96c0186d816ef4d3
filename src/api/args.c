/* args.c (api) - values that come in as JSON: parsed strictly, checked, laid into slots. */
#include <math.h>
#include <string.h>

#include "../graph/json.h"
#include "api.h"

/* ---- one value ---- */

static bool same_text(const cJSON *item, const char *text) {
    return cJSON_IsString(item) && strcmp(item->valuestring, text) == 0;
}

static bool read_float(const cJSON *item, Slot *out) {
    if (cJSON_IsNumber(item))
        out->f = item->valuedouble;
    else if (same_text(item, "NaN"))
        out->bits = NAN_BITS;
    else if (same_text(item, "Infinity"))
        out->f = INFINITY;
    else if (same_text(item, "-Infinity"))
        out->f = -INFINITY;
    else
        return false;
    return true;
}

/* The digits after `prefix`, all of the text; false: it is something else. */
static bool read_payload(const char *text, const char *prefix, u64 *out) {
    size_t skip = strlen(prefix);
    if (strncmp(text, prefix, skip) != 0 || !text[skip]) return false;
    *out = 0;
    for (const char *c = text + skip; *c; c++) {
        if (*c < '0' || *c > '9' || *out > (UINT64_MAX - 9) / 10) return false;
        *out = *out * 10 + (u64)(*c - '0');
    }
    return true;
}

/* "/nodes/3": an element of an array of the glTF. */
static bool read_object(const char *text, Slot *out) {
    for (u32 a = 0; a < GLTF_ARRAYS; a++) {
        const char *path = gltf_array_path((GltfArray)a);
        size_t len = strlen(path);
        u32 index;
        if (strncmp(text, path, len) != 0 || text[len] != '/' || !pointer_digits(api_text(text + len + 1), &index))
            continue;
        out->bits = REF_GLTF(a, index);
        return true;
    }
    return false;
}

/* What value_json writes; also the bare number of a reference, as JavaScript's bigint spells it. */
static bool read_ref(const cJSON *item, Slot *out) {
    static const struct {
        const char *prefix;
        u32 kind;
    } forms[] = {{"object:", REF_OBJECT}, {"delay:", REF_DELAY}, {"event:", REF_EVENT}, {"", REF_NULL}};
    *out = (Slot){.bits = REF_NULL};
    if (cJSON_IsNull(item)) return true;
    if (!cJSON_IsString(item)) return false;
    if (read_object(item->valuestring, out)) return true;
    for (u32 i = 0; i < COUNT_OF(forms); i++) {
        u64 payload;
        if (!read_payload(item->valuestring, forms[i].prefix, &payload)) continue;
        out->bits = forms[i].kind == REF_NULL ? payload : REF_MAKE(forms[i].kind, REF_PAYLOAD(payload));
        return true;
    }
    return false;
}

static bool read_lane(const cJSON *item, Type t, Slot *out) {
    i32 number;
    switch (type_letter(t)) {
    case 'B': *out = (Slot){.bits = cJSON_IsTrue(item) != 0}; return cJSON_IsBool(item);
    case 'I':
        if (!cJSON_IsNumber(item) || !json_int32(item, &number)) return false;
        *out = (Slot){.bits = (u32)number};
        return true;
    case 'F': return read_float(item, out);
    case 'R': return read_ref(item, out);
    default: return false;
    }
}

static bool read_value(const cJSON *item, Type t, Slot *out) {
    u32 lanes = type_lanes(t), i = 0;
    if (lanes == 1) return read_lane(item, t, out);
    if (!cJSON_IsArray(item)) return false;
    for (const cJSON *lane = item->child; lane; lane = lane->next, i++)
        if (i == lanes || !read_lane(lane, t, &out[i])) return false;
    return i == lanes && lanes > 0;
}

/* ---- sentences ---- */

static void put_expected(Buf *out, Type t) {
    switch (type_letter(t)) {
    case 'B': buf_text(out, "true or false"); return;
    case 'I': buf_text(out, "a whole number from -2147483648 to 2147483647"); return;
    case 'R': buf_text(out, "null or a reference"); return;
    default: break;
    }
    if (type_lanes(t) == 1)
        buf_text(out, "a number, \"NaN\", \"Infinity\" or \"-Infinity\"");
    else
        buf_print(out, "an array of %u numbers", type_lanes(t));
}

static bool refuse_value(td_Engine *e, const char *name, Type t, const cJSON *seen) {
    api_refuse(e, "%s is %s: expected ", diag_quote(&e->diags, api_text(name)), type_name(t));
    put_expected(&e->text, t);
    buf_print(&e->text, ", got %s.", json_seen(&e->diags, seen));
    return false;
}

/* Strict JSON, or a sentence that says where it is not. */
static bool parse(td_Engine *e, const char *name, const char *json, Json *out) {
    Text text = api_text(json);
    api_hear(e, name, text);
    if (json_open(out, text, engine_limits(e->engine), &e->diags) == ERR_OK) return true;
    const char *why = e->diags.count ? e->diags.list[0].message : "out of memory.";
    return api_refuse(e, "The value of %s is not JSON: %s", diag_quote(&e->diags, api_text(name)), why);
}

bool args_value(td_Engine *e, const char *name, const char *json, Type t, Slot *out) {
    Json parsed;
    if (!parse(e, name, json, &parsed)) return false;
    bool fits = read_value(parsed.root, t, out);
    if (!fits) refuse_value(e, name, t, parsed.root);
    json_close(&parsed);
    return fits;
}

/* ---- named values ---- */

/* The place of a name in a list and its first lane; false: there is none. */
static bool find_name(const ArgList *list, const char *name, u32 *place, u32 *lane) {
    *lane = 0;
    for (*place = 0; *place < list->count; ++*place) {
        if (strcmp(list->names[*place], name) == 0) return true;
        *lane += type_lanes((Type)list->types[*place]);
    }
    return false;
}

static bool refuse_name(td_Engine *e, const ArgList *list, const char *name) {
    const char *near = nearest_name(api_text(name), list->names, list->count);
    const char *seen = diag_quote(&e->diags, api_text(name));
    if (near) return api_refuse(e, "%s has no value \"%s\". Did you mean \"%s\"?", list->what, seen, near);
    return api_refuse(e, "%s has no value \"%s\".", list->what, seen);
}

static bool read_members(td_Engine *e, const ArgList *list, const cJSON *object, Slot *lanes) {
    if (!cJSON_IsObject(object))
        return api_refuse(e, "The values of %s are an object, not %s.", list->what, json_seen(&e->diags, object));
    for (const cJSON *item = object->child; item; item = item->next) {
        u32 place, lane;
        if (!find_name(list, item->string, &place, &lane)) return refuse_name(e, list, item->string);
        Type t = (Type)list->types[place];
        if (!read_value(item, t, lanes + lane)) return refuse_value(e, item->string, t, item);
    }
    return true;
}

bool args_object(td_Engine *e, const ArgList *list, const char *json, Slot *lanes) {
    Json parsed;
    if (!json || !*json) return true;
    if (!parse(e, list->what, json, &parsed)) return false;
    bool fits = read_members(e, list, parsed.root, lanes);
    json_close(&parsed);
    return fits;
}
