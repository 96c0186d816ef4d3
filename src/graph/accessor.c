/* accessor.c (graph) - looks at an accessor, its views and buffers, then reads its numbers. */
#include "accessor.h"

#include <math.h>
#include <string.h>

enum { NEW, GOOD, BAD }; /* states of accessors and buffers */

enum { STRIDE_MAX = 252, INDEX_MAX = 1 << 30 };

/* ---- lists ---- */

bool items_open(Items *items, const cJSON *array, Arena *arena) {
    u32 n = 0;
    *items = (Items){NULL, 0};
    for (const cJSON *item = cJSON_IsArray(array) ? array->child : NULL; item; item = item->next) n++;
    items->at = ARENA_ARRAY(arena, const cJSON *, n);
    if (!items->at) return false;
    for (const cJSON *item = n ? array->child : NULL; item; item = item->next) items->at[items->count++] = item;
    return true;
}

bool accessors_open(Accessors *a, const cJSON *root, Text bin, Arena *values, Arena *scratch, Diags *diags) {
    static const char *const keys[] = {"accessors", "bufferViews", "buffers"};
    const cJSON *lists[3] = {NULL};
    *a = (Accessors){.values = values, .scratch = scratch, .diags = diags, .bin = bin};
    if (cJSON_IsObject(root)) json_fields(root, NULL, keys, lists, 3, false, diags);
    if (!items_open(&a->accessors, lists[0], scratch) || !items_open(&a->views, lists[1], scratch) ||
        !items_open(&a->buffers, lists[2], scratch))
        return false;
    a->looked = ARENA_ARRAY(scratch, Accessor, a->accessors.count);
    a->bytes = ARENA_ARRAY(scratch, Text, a->buffers.count);
    a->buffer_state = ARENA_ARRAY(scratch, u8, a->buffers.count);
    a->found = ARENA_ARRAY(scratch, View, a->views.count);
    return a->looked && a->bytes && a->buffer_state && a->found;
}

bool accessor_fits(const Arena *arena, u64 size) {
    if (size > SIZE_MAX / 2) return false;
    return arena->quota == 0 || (arena->used <= arena->quota && size <= arena->quota - arena->used);
}

/* ---- one thing of the file being read ---- */

/* An accessor, and where the complaint about it goes. */
typedef struct Reader {
    Accessors *a;
    u32 index;
} Reader;

static bool refuse(const Reader *r, const char *why) {
    At list = {NULL, TEXT("accessors"), 0}, at = {&list, {NULL, 0}, r->index};
    diag_report(r->a->diags, ERR_ACCESSOR, &at, (Detail){0}, r->index, why);
    return false;
}

/* A whole number from 0 on that a double holds exactly; `otherwise` when there is none. */
static bool read_count(const cJSON *item, u64 otherwise, u64 *out) {
    *out = otherwise;
    if (!item) return true;
    if (!cJSON_IsNumber(item)) return false;
    f64 value = item->valuedouble;
    if (!(value >= 0 && value <= 0x1p53) || value != floor(value)) return false;
    *out = (u64)value;
    return true;
}

static bool read_index(const cJSON *item, u32 count, u32 *out) {
    u64 value;
    if (!item || !read_count(item, 0, &value) || value >= count) return false;
    *out = (u32)value;
    return true;
}

/* ---- base64 (RFC 4648) ---- */

static i32 base64_digit(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* `out` has room for three bytes for each four characters begun. */
static bool decode_base64(Text in, u8 *out, u32 *len) {
    u32 bits = 0, held = 0;
    bool padded = in.len % 4 == 0 && in.len > 0 && in.data[in.len - 1] == '=';
    if (padded) in.len -= in.data[in.len - 2] == '=' ? 2 : 1;
    *len = 0;
    for (u32 i = 0; i < in.len; i++) {
        i32 digit = base64_digit(in.data[i]);
        if (digit < 0) return false;
        bits = bits << 6 | (u32)digit;
        held += 6;
        if (held < 8) continue;
        held -= 8;
        out[(*len)++] = (u8)(bits >> held);
    }
    return held < 6;
}

static bool decode_uri(const Reader *r, const char *uri, Text *out) {
    static const char mark[] = ";base64,";
    Accessors *a = r->a;
    const char *data = strncmp(uri, "data:", 5) == 0 ? strchr(uri, ',') : NULL;
    if (!data) return refuse(r, "its buffer is not in the file");
    if ((size_t)(data - uri) + 1 < sizeof mark - 1 || memcmp(data + 2 - sizeof mark, mark, sizeof mark - 1) != 0)
        return refuse(r, "the uri of its buffer is not base64");
    Text text = {data + 1, (u32)strlen(data + 1)};
    u64 size = (u64)text.len / 4 * 3 + 3;
    u8 *bytes = accessor_fits(a->scratch, size) ? arena_take(a->scratch, size) : NULL;
    if (!bytes) return refuse(r, "its buffer needs more than limit memory");
    out->data = (const char *)bytes;
    return decode_base64(text, bytes, &out->len) || refuse(r, "the base64 of its buffer is damaged");
}

/* ---- buffers and views ---- */

/* The bytes of a buffer: without a uri, the first one is the BIN chunk, which may be padded. */
static bool find_buffer(const Reader *r, u32 index) {
    static const char *const keys[] = {"byteLength", "uri"};
    Accessors *a = r->a;
    const cJSON *fields[2];
    u64 length;
    Text bytes = {NULL, 0};
    if (!cJSON_IsObject(a->buffers.at[index])) return refuse(r, "its buffer is not an object");
    json_fields(a->buffers.at[index], NULL, keys, fields, 2, false, a->diags);
    if (!read_count(fields[0], 0, &length) || length == 0) return refuse(r, "its buffer has no byteLength");
    if (fields[1] && !cJSON_IsString(fields[1])) return refuse(r, "the uri of its buffer is not a string");
    if (fields[1] && !decode_uri(r, fields[1]->valuestring, &bytes)) return false;
    if (!fields[1] && index == 0) bytes = a->bin;
    if (!bytes.data) return refuse(r, "its buffer is not in the file");
    if (length > bytes.len) return refuse(r, "its buffer is shorter than its byteLength");
    a->bytes[index] = (Text){bytes.data, (u32)length};
    return true;
}

static bool use_buffer(const Reader *r, u32 index) {
    u8 *state = &r->a->buffer_state[index];
    if (*state == BAD) return refuse(r, "its buffer cannot be read");
    if (*state == NEW) *state = find_buffer(r, index) ? GOOD : BAD;
    return *state == GOOD;
}

enum { VIEW_BUFFER, VIEW_OFFSET, VIEW_LENGTH, VIEW_STRIDE, VIEW_KEYS };

static bool find_view(const Reader *r, u32 index, View *out) {
    static const char *const keys[VIEW_KEYS] = {"buffer", "byteOffset", "byteLength", "byteStride"};
    Accessors *a = r->a;
    const cJSON *fields[VIEW_KEYS];
    u64 start, length;
    u32 buffer;
    if (!cJSON_IsObject(a->views.at[index])) return refuse(r, "its buffer view is not an object");
    json_fields(a->views.at[index], NULL, keys, fields, VIEW_KEYS, false, a->diags);
    if (!read_count(fields[VIEW_OFFSET], 0, &start) || !read_count(fields[VIEW_LENGTH], 0, &length) ||
        !read_count(fields[VIEW_STRIDE], 0, &out->stride))
        return refuse(r, "an offset, length or stride is not a whole number from 0 on");
    if (!read_index(fields[VIEW_BUFFER], a->buffers.count, &buffer)) return refuse(r, "there is no such buffer");
    if (!use_buffer(r, buffer)) return false;
    Text bytes = a->bytes[buffer];
    if (start > bytes.len || length > bytes.len - start)
        return refuse(r, "its buffer view passes the end of the buffer");
    out->bytes = (const u8 *)bytes.data + start;
    out->start = start;
    out->length = length;
    out->strided = fields[VIEW_STRIDE] != NULL;
    return true;
}

static const View *use_view(const Reader *r, u32 index) {
    View *view = &r->a->found[index];
    if (view->state == BAD) refuse(r, "its buffer view cannot be read");
    if (view->state == NEW) view->state = find_view(r, index, view) ? GOOD : BAD;
    return view->state == GOOD ? view : NULL;
}

/* Where the elements of a part of an accessor lie. */
typedef struct Source {
    const u8 *at;
    u64 stride;
} Source;

/* What is wanted of a view: so many elements of a size, from an offset on, in multiples of a component's size. */
typedef struct Wanted {
    const cJSON *view, *offset;
    u64 count;
    u32 size, unit;
    bool strided; /* the view may have a byteStride */
} Wanted;

static bool find_elements(const Reader *r, const Wanted *w, Source *out) {
    u32 index;
    u64 offset;
    if (!read_index(w->view, r->a->views.count, &index)) return refuse(r, "there is no such buffer view");
    if (!read_count(w->offset, 0, &offset)) return refuse(r, "its byteOffset is not a whole number from 0 on");
    const View *view = use_view(r, index);
    if (!view) return false;
    u64 stride = view->strided ? view->stride : w->size;
    if (view->strided && (!w->strided || stride < w->size || stride > STRIDE_MAX || stride % 4))
        return refuse(r, "its byteStride does not fit its elements");
    if (view->start % w->unit || offset % w->unit) return refuse(r, "it is not aligned to its components");
    bool fits = offset <= view->length && w->size <= view->length - offset &&
                w->count - 1 <= (view->length - offset - w->size) / stride;
    if (!fits) return refuse(r, "it passes the end of its buffer view");
    *out = (Source){view->bytes + offset, stride};
    return true;
}

/* ---- components ---- */

static u32 component_size(u32 component) {
    switch (component) {
    case COMPONENT_I8:
    case COMPONENT_U8: return 1;
    case COMPONENT_I16:
    case COMPONENT_U16: return 2;
    case COMPONENT_U32:
    case COMPONENT_F32: return 4;
    default: return 0;
    }
}

/* Little-endian, at any address. */
static u32 word(const u8 *at, u32 size) {
    u32 bits = 0;
    for (u32 i = 0; i < size; i++) bits |= (u32)at[i] << (8 * i);
    return bits;
}

static f64 read_float(const u8 *at) {
    u32 bits = word(at, 4);
    float value;
    memcpy(&value, &bits, sizeof value);
    return (f64)value;
}

/* glTF 2.0, 3.11 "Animations": -128 and -127 of a signed byte are both -1. */
static f64 normalize(f64 value, u32 component) {
    switch (component) {
    case COMPONENT_I8: return fmax(value / 127.0, -1.0);
    case COMPONENT_U8: return value / 255.0;
    case COMPONENT_I16: return fmax(value / 32767.0, -1.0);
    default: return value / 65535.0;
    }
}

static f64 read_component(const u8 *at, u32 component) {
    switch (component) {
    case COMPONENT_I8: return (i8)*at;
    case COMPONENT_U8: return *at;
    case COMPONENT_I16: return (i16)(u16)word(at, 2);
    case COMPONENT_U16: return (u16)word(at, 2);
    case COMPONENT_U32: return word(at, 4);
    default: return read_float(at);
    }
}

/* ---- looking ---- */

enum { KEY_VIEW, KEY_OFFSET, KEY_COMPONENT, KEY_NORMALIZED, KEY_COUNT, KEY_TYPE, KEY_SPARSE, KEY_MIN, KEY_MAX, KEYS };
static const char *const keys[KEYS] = {"bufferView", "byteOffset", "componentType", "normalized", "count",
                                       "type",       "sparse",     "min",           "max"};

enum { SPARSE_COUNT, SPARSE_INDICES, SPARSE_VALUES, SPARSE_KEYS };
enum { PART_VIEW, PART_OFFSET, PART_COMPONENT, PART_KEYS };

/* An accessor's parts: where its elements lie, and those that are put in their place. */
typedef struct Parts {
    Source dense; /* at NULL: zeros */
    Source indices, values;
    u64 sparse; /* 0: none */
    u32 index_component;
} Parts;

static u32 lanes_of(const cJSON *type) {
    static const char *const types[] = {"SCALAR", "VEC2", "VEC3", "VEC4"};
    for (u32 i = 0; i < COUNT_OF(types); i++)
        if (cJSON_IsString(type) && strcmp(type->valuestring, types[i]) == 0) return i + 1;
    return 0;
}

static bool read_shape(const Reader *r, const cJSON *const *fields, Accessor *out) {
    u64 count, component;
    if (!fields[KEY_COUNT] || !read_count(fields[KEY_COUNT], 0, &count) || count == 0 || count > INDEX_MAX)
        return refuse(r, "its count is not a whole number from 1 on, or too large");
    if (!read_count(fields[KEY_COMPONENT], 0, &component) || !component_size((u32)(component & UINT16_MAX)) ||
        component > UINT16_MAX)
        return refuse(r, "there is no such componentType");
    if (fields[KEY_NORMALIZED] && !cJSON_IsBool(fields[KEY_NORMALIZED]))
        return refuse(r, "normalized is true or false");
    if (!(out->lanes = lanes_of(fields[KEY_TYPE]))) return refuse(r, "its type is none of SCALAR, VEC2, VEC3, VEC4");
    out->count = out->backed = (u32)count;
    out->component = (u16)component;
    out->normalized = cJSON_IsTrue(fields[KEY_NORMALIZED]);
    out->min = fields[KEY_MIN];
    out->max = fields[KEY_MAX];
    bool plain = component == COMPONENT_F32 || component == COMPONENT_U32;
    return !(plain && out->normalized) || refuse(r, "its componentType cannot be normalized");
}

static bool find_part(const Reader *r, const cJSON *part, Wanted *w, u32 *component, Source *out) {
    static const char *const part_keys[PART_KEYS] = {"bufferView", "byteOffset", "componentType"};
    const cJSON *fields[PART_KEYS];
    if (!cJSON_IsObject(part)) return refuse(r, "its sparse part is not complete");
    json_fields(part, NULL, part_keys, fields, PART_KEYS, false, r->a->diags);
    if (component) {
        u64 value;
        if (!read_count(fields[PART_COMPONENT], 0, &value)) value = 0;
        bool fits = value == COMPONENT_U8 || value == COMPONENT_U16 || value == COMPONENT_U32;
        if (!fits) return refuse(r, "its sparse indices are not unsigned integers");
        *component = (u32)value;
        w->size = w->unit = component_size(*component);
    }
    w->view = fields[PART_VIEW];
    w->offset = fields[PART_OFFSET];
    return find_elements(r, w, out);
}

static bool find_sparse(const Reader *r, const cJSON *sparse, const Accessor *shape, Wanted values, Parts *out) {
    static const char *const sparse_keys[SPARSE_KEYS] = {"count", "indices", "values"};
    const cJSON *fields[SPARSE_KEYS];
    if (!cJSON_IsObject(sparse)) return refuse(r, "its sparse part is not an object");
    json_fields(sparse, NULL, sparse_keys, fields, SPARSE_KEYS, false, r->a->diags);
    if (!read_count(fields[SPARSE_COUNT], 0, &out->sparse) || out->sparse == 0 || out->sparse > shape->count)
        return refuse(r, "its sparse count is not 1 to its count");
    Wanted indices = {.count = out->sparse};
    values.count = out->sparse;
    values.strided = false;
    return find_part(r, fields[SPARSE_INDICES], &indices, &out->index_component, &out->indices) &&
           find_part(r, fields[SPARSE_VALUES], &values, NULL, &out->values);
}

static bool find_parts(const Reader *r, const cJSON *const *fields, Accessor *shape, Parts *out) {
    u32 unit = component_size(shape->component);
    Wanted w = {fields[KEY_VIEW], fields[KEY_OFFSET], shape->count, unit * shape->lanes, unit, true};
    *out = (Parts){0};
    if (fields[KEY_VIEW] && !find_elements(r, &w, &out->dense)) return false;
    if (fields[KEY_SPARSE] && !find_sparse(r, fields[KEY_SPARSE], shape, w, out)) return false;
    if (!fields[KEY_VIEW]) shape->backed = (u32)out->sparse;
    return true;
}

static bool look(const Reader *r, Accessor *shape, Parts *parts) {
    const cJSON *fields[KEYS], *item = r->a->accessors.at[r->index];
    if (!cJSON_IsObject(item)) return refuse(r, "it is not an object");
    json_fields(item, NULL, keys, fields, KEYS, false, r->a->diags);
    return read_shape(r, fields, shape) && find_parts(r, fields, shape, parts);
}

const Accessor *accessor_look(Accessors *a, u32 index) {
    Reader r = {a, index};
    Accessor *shape = &a->looked[index];
    Parts parts;
    if (shape->state == NEW) {
        bool good = look(&r, shape, &parts);
        shape->state = good ? GOOD : BAD;
    }
    return shape->state == GOOD ? shape : NULL;
}

/* ---- reading ---- */

static bool read_element(const Accessor *shape, const u8 *at, f64 *out) {
    u32 size = component_size(shape->component);
    for (u32 i = 0; i < shape->lanes; i++, at += size) {
        f64 value = read_component(at, shape->component);
        out[i] = shape->normalized ? normalize(value, shape->component) : value;
        if (!isfinite(value)) return false;
    }
    return true;
}

static bool read_dense(const Reader *r, const Accessor *shape, Source from, f64 *out) {
    for (u32 i = 0; from.at && i < shape->count; i++)
        if (!read_element(shape, from.at + i * from.stride, out + (u64)i * shape->lanes))
            return refuse(r, "it holds NaN or an infinity");
    return true;
}

static bool read_sparse(const Reader *r, const Accessor *shape, const Parts *parts, f64 *out) {
    u64 next = 0; /* indices rise */
    for (u32 i = 0; i < parts->sparse; i++) {
        u64 index = word(parts->indices.at + i * parts->indices.stride, component_size(parts->index_component));
        if (index < next || index >= shape->count)
            return refuse(r, "its sparse indices do not rise, or pass its count");
        if (!read_element(shape, parts->values.at + i * parts->values.stride, out + index * shape->lanes))
            return refuse(r, "it holds NaN or an infinity");
        next = index + 1;
    }
    return true;
}

const f64 *accessor_read(Accessors *a, u32 index) {
    Reader r = {a, index};
    Accessor *shape = &a->looked[index];
    Parts parts;
    if (!accessor_look(a, index) || shape->values) return shape->state == GOOD ? shape->values : NULL;
    u64 size = (u64)shape->count * shape->lanes * sizeof(f64);
    bool fits = accessor_fits(a->values, size);
    if (!fits) refuse(&r, "its values need more than limit memory");
    f64 *values = fits ? arena_take(a->values, size) : NULL;
    bool good = values && look(&r, shape, &parts) && read_dense(&r, shape, parts.dense, values) &&
                read_sparse(&r, shape, &parts, values);
    shape->state = good ? GOOD : BAD;
    shape->values = good ? values : NULL;
    return shape->values;
}
