/* values.c (graph) - reads bools, numbers, vectors, references and indices. */
#include "values.h"

#include <math.h>
#include "gltf.h"
#include "template.h"

/* ---- lanes ---- */

static bool refuse(Draft *d, const At *at, const char *expected, const cJSON *item) {
    const char *seen = draft_seen(d, item);
    diag_report(d->diags, ERR_VALUE_TYPE, at, (Detail){.seen = seen, .expected = expected}, expected, seen);
    return false;
}

static bool read_bool(Draft *d, const At *at, const cJSON *item, Slot *out) {
    if (!cJSON_IsBool(item)) return refuse(d, at, "true or false", item);
    out->i = cJSON_IsTrue(item) ? 1 : 0;
    return true;
}

static bool read_int(Draft *d, const At *at, const cJSON *item, Slot *out) {
    if (!cJSON_IsNumber(item)) return refuse(d, at, "a whole number", item);
    i32 value;
    if (json_int32(item, &value)) {
        out->i = value;
        return true;
    }
    bool whole = trunc(item->valuedouble) == item->valuedouble;
    const char *seen = draft_seen(d, item);
    diag_report(d->diags, whole ? ERR_INT_RANGE : ERR_INT_WHOLE, at, (Detail){.seen = seen, .expected = "int"}, seen);
    return false;
}

static bool read_float(Draft *d, const At *at, const cJSON *item, Slot *out) {
    if (!cJSON_IsNumber(item)) return refuse(d, at, "a number", item);
    out->f = item->valuedouble;
    return true;
}

static bool read_ref(Draft *d, const At *at, const cJSON *item, Slot *out) {
    if (cJSON_IsNull(item) && d->g->dialect == DIALECT_NATIVE) return true;
    if (!cJSON_IsString(item)) return refuse(d, at, "a JSON Pointer in quotes", item);
    Text pointer = text_of(item->valuestring);
    if (template_is_pointer(pointer)) {
        out->bits = gltf_ref(d->gltf, pointer);
        return true;
    }
    diag_report(d->diags, ERR_REF_VALUE, at, (Detail){.expected = "ref"}, draft_quote(d, text_of(item->valuestring)));
    return false;
}

static bool read_lane(Draft *d, const At *at, Type type, const cJSON *item, Slot *out) {
    switch (type) {
    case TYPE_BOOL: return read_bool(d, at, item, out);
    case TYPE_INT: return read_int(d, at, item, out);
    case TYPE_REF: return read_ref(d, at, item, out);
    default: return read_float(d, at, item, out);
    }
}

/* Exactly as many elements as the type has lanes. */
static bool read_array(Draft *d, const At *at, Type type, const cJSON *array, Slot *out) {
    u32 lanes = type_lanes(type), count = 0;
    if (!cJSON_IsArray(array)) return refuse(d, at, "an array", array);
    for (const cJSON *item = array->child; item; item = item->next) count++;
    if (count != lanes) {
        const char *unit = type_letter(type) != 'F' ? "value" : lanes == 1 ? "number" : "numbers";
        diag_report(d->diags, ERR_VALUE_LENGTH, at, (Detail){0}, type_name(type), lanes, unit, count);
        return false;
    }
    bool ok = true;
    u32 i = 0;
    for (const cJSON *item = array->child; item; item = item->next, i++)
        ok = read_lane(d, &(At){at, {NULL, 0}, i}, type, item, out + i) && ok;
    return ok;
}

Err values_read(Draft *d, const At *at, TypeId type, const cJSON *item, u32 *first) {
    Type base = draft_base(type);
    TRY(draft_default(d, type, first));
    if (*first == NONE) return ERR_OK;
    Slot *out = d->consts.at + *first;
    if (type >= TYPE_CUSTOM) return ERR_OK; /* the form is its extension's affair */
    if (d->g->dialect == DIALECT_KHR || type_lanes(base) > 1)
        read_array(d, at, base, item, out);
    else
        read_lane(d, at, base, item, out);
    return ERR_OK;
}

/* A float4 or a float2x2: which of them a pure op takes tells. */
static TypeId type_of_four(const Op *op) {
    if (!op || op->node != NODE_PURE) return TYPE_NONE;
    bool vector = op_overload(op, TYPE_FLOAT4) != NONE, matrix = op_overload(op, TYPE_FLOAT2X2) != NONE;
    return vector == matrix ? TYPE_NONE : vector ? TYPE_FLOAT4 : TYPE_FLOAT2X2;
}

TypeId values_type(const cJSON *literal, const Op *op) {
    if (cJSON_IsBool(literal)) return TYPE_BOOL;
    if (cJSON_IsNumber(literal)) return json_is_integer(literal) ? TYPE_INT : TYPE_FLOAT;
    if (!cJSON_IsArray(literal)) return TYPE_NONE;
    u32 count = 0;
    for (const cJSON *item = literal->child; item && count <= LANES_MAX; item = item->next) count++;
    switch (count) {
    case 2: return TYPE_FLOAT2;
    case 3: return TYPE_FLOAT3;
    case 4: return type_of_four(op);
    case 9: return TYPE_FLOAT3X3;
    case 16: return TYPE_FLOAT4X4;
    default: return TYPE_NONE;
    }
}

/* ---- indices ---- */

bool values_index(Draft *d, const At *at, const cJSON *item, const char *what, const char *many, u32 count, u32 *out) {
    if (!cJSON_IsNumber(item)) return refuse(d, at, "an index", item);
    f64 value = item->valuedouble;
    const char *seen = draft_seen(d, item);
    if (value == 0 && signbit(value)) {
        diag_report(d->diags, ERR_INDEX_SIGN, at, (Detail){.seen = seen});
    } else if (count == 0) {
        diag_report(d->diags, ERR_INDEX_NONE, at, (Detail){.seen = seen}, what, seen, many);
    } else if (!(value >= 0 && value < count) || trunc(value) != value) {
        diag_report(d->diags, ERR_INDEX_RANGE, at, (Detail){.seen = seen}, what, seen, count - 1);
    } else {
        *out = (u32)value;
        return true;
    }
    return false;
}
