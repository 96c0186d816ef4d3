/* json.c (graph) - cJSON behind the scan: trees, the fields of objects, words for what was seen. */
#include "json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scan.h"

/* --- opening --------------------------------------------------------------------------------- */

/* Values in the order of the text, without recursion. */
typedef struct Order {
    cJSON *up[SCAN_DEPTH_MAX];
    u32 depth;
} Order;

static cJSON *next_value(Order *o, cJSON *item) {
    if (item->child) {
        ASSERT(o->depth < SCAN_DEPTH_MAX);
        o->up[o->depth++] = item;
        return item->child;
    }
    while (!item->next) {
        if (o->depth == 0) return NULL;
        item = o->up[--o->depth];
    }
    return item->next;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* The next number of the text from *at on, and *at behind it: is it spelled as an integer? */
static bool next_is_integer(const char **at, const char *end) {
    const char *p = *at;
    for (; p < end && !is_digit(*p); p++) {
        if (*p != '"') continue;
        for (p++; *p != '"'; p++) p += *p == '\\';
    }
    bool integer = true;
    for (; p < end && (is_digit(*p) || strchr(".eE+-", *p)); p++) integer = integer && is_digit(*p);
    *at = p;
    return integer;
}

/* The numbers of the tree and those of the text come in the same order. */
static void keep_spelling(cJSON *root, Text text) {
    Order order = {.depth = 0};
    const char *at = text.data, *end = text.data + text.len;
    for (cJSON *item = root; item; item = next_value(&order, item)) {
        if (cJSON_IsNumber(item)) item->valueint = next_is_integer(&at, end);
    }
}

/* cJSON asks for three blocks a member and frees them one by one. From a region that takes a
** quarter of the load's time less (100,000 nodes: 0.31 s, 0.23 s), and lays what is read together
** side by side. cJSON's hooks know no owner: this is the region while parse() runs. */
static Arena *region;

static void *take(size_t size) { return arena_take(region, size); }

static void leave(void *block) { (void)block; }

static cJSON *parse(Text text, Arena *arena) {
    cJSON_Hooks hooks = {take, leave};
    cJSON_InitHooks(&hooks);
    region = arena;
    u32 mark = text.len >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    text = (Text){text.data + mark, text.len - mark};
    cJSON *root = cJSON_ParseWithLengthOpts(text.data, text.len, NULL, false);
    region = NULL;
    return root;
}

Err json_open(Json *j, Text text, const Limits *limits, Diags *diags) {
    ScanInfo info;
    *j = (Json){.text = text};
    TRY(scan(text, limits, diags, &info));
    j->root = parse(text, &j->arena);
    if (!j->root) { /* it has passed the scan, so only memory can be missing */
        json_close(j);
        return diag_report(diags, ERR_MEMORY, NULL, (Detail){0});
    }
    keep_spelling(j->root, text);
    return ERR_OK;
}

void json_close(Json *j) {
    arena_close(&j->arena);
    j->root = NULL;
}

bool json_is_integer(const cJSON *number) { return cJSON_IsNumber(number) && number->valueint; }

bool json_int32(const cJSON *item, i32 *out) {
    if (!cJSON_IsNumber(item)) return false;
    f64 value = item->valuedouble;
    if (!(value >= INT32_MIN && value <= INT32_MAX) || value != trunc(value)) return false;
    *out = (i32)value;
    return true;
}

bool json_index(const cJSON *item, u32 count, u32 *out) {
    i32 index;
    if (!json_int32(item, &index) || index < 0 || (u32)index >= count) return false;
    *out = (u32)index;
    return true;
}

/* --- objects --------------------------------------------------------------------------------- */

static bool same(const char *a, const char *b) { return *a == *b && strcmp(a, b) == 0; }

bool json_reserved(const char *name) {
    return same(name, "__proto__") || same(name, "constructor") || same(name, "prototype");
}

static void report_key(const cJSON *member, const At *up, const char *const *keys, u32 count, Diags *diags) {
    const char *name = member->string;
    Text key = {name, (u32)strlen(name)};
    At at = {up, key, 0};
    const char *quoted = diag_quote(diags, key), *nearest = nearest_name(key, keys, count);
    Detail detail = {.seen = quoted};
    char fix[96];
    if (json_reserved(name)) {
        diag_report(diags, ERR_NAME_RESERVED, &at, detail, quoted);
        return;
    }
    if (nearest) {
        snprintf(fix, sizeof fix, "Did you mean \"%s\"?", nearest);
        detail.expected = nearest;
        detail.fix = fix;
    }
    diag_report(diags, ERR_KEY_UNKNOWN, &at, detail, quoted);
}

/* Writers keep the order of keys, so the search goes on where it last ended. */
static u32 find_key(const char *name, const char *const *keys, u32 count, u32 hint) {
    for (u32 i = 0; i < count; i++) {
        u32 k = hint + i < count ? hint + i : hint + i - count;
        if (same(name, keys[k])) return k;
    }
    return NONE;
}

void json_fields(const cJSON *object, const At *at, const char *const *keys, const cJSON **items, u32 count,
                 bool strict, Diags *diags) {
    u32 hint = 0;
    for (u32 i = 0; i < count; i++) items[i] = NULL;
    for (const cJSON *member = object->child; member; member = member->next) {
        u32 k = find_key(member->string, keys, count, hint);
        if (k != NONE) {
            items[k] = member;
            hint = k + 1 < count ? k + 1 : 0;
        } else if (strict && !same(member->string, "extras") && !same(member->string, "extensions")) {
            report_key(member, at, keys, count, diags);
        }
    }
}

/* --- words ----------------------------------------------------------------------------------- */

const char *json_seen(Diags *diags, const cJSON *item) {
    if (!item) return "nothing";
    if (cJSON_IsObject(item)) return "object";
    if (cJSON_IsArray(item)) return "array";
    if (cJSON_IsNull(item)) return "null";
    if (cJSON_IsBool(item)) return cJSON_IsTrue(item) ? "true" : "false";
    Buf b = {0};
    if (cJSON_IsNumber(item))
        buf_number(&b, item->valuedouble);
    else {
        const char *quoted = diag_quote(diags, (Text){item->valuestring, (u32)strlen(item->valuestring)});
        buf_print(&b, "string \"%s\"", quoted);
    }
    const char *seen = b.data ? arena_copy(diags->arena, (Text){b.data, b.len}) : NULL;
    buf_close(&b);
    return seen ? seen : "a value";
}
