/* tree.c (graph) - changes cJSON trees by hand: cJSON's own ways to do so ask for memory elsewhere. */
#include "tree.h"

#include <string.h>

#include "scan.h"

/* --- places ---------------------------------------------------------------------------------- */

/* An upgrade may wrap what is as deep as can be. */
enum { DEPTH_MAX = SCAN_DEPTH_MAX + 8 };

static const char *pass(const char *at, const char *end, const char *these) {
    while (at < end && *at && strchr(these, *at)) at++;
    return at;
}

static const char *pass_string(const char *at, const char *end) {
    for (at++; at < end && *at != '"'; at++) at += *at == '\\';
    return at < end ? at + 1 : end;
}

/* Over a value that holds no other. */
static const char *pass_scalar(const char *at, const char *end) {
    if (at < end && *at == '"') return pass_string(at, end);
    while (at < end && !strchr(" \t\r\n,:]}", *at)) at++;
    return at;
}

void tree_places(cJSON *root, Text text) {
    cJSON *up[DEPTH_MAX], *item = root;
    u32 depth = 0;
    const char *at = text.data, *end = text.data + text.len;
    if (text.len >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0) at += 3;
    for (;;) {
        at = pass(at, end, " \t\r\n,]}");
        if (item->string && depth) at = pass(pass_string(at, end), end, " \t\r\n:");
        item->valueint = (int)(at - text.data);
        bool container = cJSON_IsObject(item) || cJSON_IsArray(item);
        at = container ? at + 1 : pass_scalar(at, end);
        if (item->child) {
            ASSERT(depth < DEPTH_MAX);
            up[depth++] = item;
            item = item->child;
            continue;
        }
        while (depth && !item->next) item = up[--depth];
        if (depth == 0) return;
        item = item->next;
    }
}

/* --- new values ------------------------------------------------------------------------------ */

static cJSON *make(Arena *a, int type, u32 place) {
    cJSON *item = ARENA_NEW(a, cJSON);
    if (!item) return NULL;
    item->type = type;
    item->valueint = (int)place;
    return item;
}

static cJSON *make_text(Arena *a, int type, const char *text, u32 place) {
    cJSON *item = text ? make(a, type, place) : NULL;
    if (item) item->valuestring = (char *)(uintptr_t)text;
    return item;
}

cJSON *tree_object(Arena *a, u32 place) { return make(a, cJSON_Object, place); }
cJSON *tree_array(Arena *a, u32 place) { return make(a, cJSON_Array, place); }
cJSON *tree_text(Arena *a, const char *text, u32 place) { return make_text(a, cJSON_String, text, place); }
cJSON *tree_raw(Arena *a, const char *json, u32 place) { return make_text(a, cJSON_Raw, json, place); }

cJSON *tree_number(Arena *a, f64 value, u32 place) {
    cJSON *item = make(a, cJSON_Number, place);
    if (item) item->valuedouble = value;
    return item;
}

cJSON *tree_again(Arena *a, const cJSON *item) {
    cJSON *copy = item ? make(a, item->type, tree_place(item)) : NULL;
    if (!copy) return NULL;
    copy->child = item->child;
    copy->valuestring = item->valuestring;
    copy->valuedouble = item->valuedouble;
    return copy;
}

/* --- members --------------------------------------------------------------------------------- */

cJSON *tree_member(const cJSON *object, const char *key) {
    for (cJSON *item = cJSON_IsObject(object) ? object->child : NULL; item; item = item->next)
        if (strcmp(item->string, key) == 0) return item;
    return NULL;
}

u32 tree_widest(const cJSON *root) {
    const cJSON *up[DEPTH_MAX], *item = root;
    u32 members[DEPTH_MAX] = {0}, depth = 0, widest = 0;
    for (;;) {
        if (depth && cJSON_IsObject(up[depth - 1]) && ++members[depth - 1] > widest) widest = members[depth - 1];
        if (item->child) {
            ASSERT(depth < DEPTH_MAX);
            members[depth] = 0;
            up[depth++] = item;
            item = item->child;
            continue;
        }
        while (depth && !item->next) item = up[--depth];
        if (depth == 0) return widest;
        item = item->next;
    }
}

/* The first of a list knows the last in its prev. */
void tree_add(cJSON *container, const char *key, cJSON *item) {
    if (!container || !item) return;
    item->string = (char *)(uintptr_t)key;
    item->next = NULL;
    if (container->child) {
        item->prev = container->child->prev;
        item->prev->next = item;
    } else {
        item->prev = item;
        container->child = item;
    }
    container->child->prev = item;
}

void tree_remove(cJSON *container, cJSON *item) {
    if (!container || !item) return;
    if (item->next)
        item->next->prev = item->prev;
    else
        container->child->prev = item->prev;
    if (item == container->child)
        container->child = item->next;
    else
        item->prev->next = item->next;
    item->next = item->prev = NULL;
}

void tree_replace(cJSON *container, cJSON *old, cJSON *item) {
    if (!container || !old || !item) return;
    bool first = container->child == old;
    item->string = old->string;
    item->next = old->next;
    item->prev = old->prev == old ? item : old->prev;
    if (item->next)
        item->next->prev = item;
    else if (!first)
        container->child->prev = item;
    if (first)
        container->child = item;
    else
        item->prev->next = item;
    old->next = old->prev = NULL;
}

/* --- text ------------------------------------------------------------------------------------ */

typedef struct Writer {
    Buf *out;
    u32 lines, indent, depth;
    const cJSON *up[DEPTH_MAX];
} Writer;

static void put_text(Buf *out, const char *text) { buf_json_string(out, (Text){text, (u32)strlen(text)}); }

/* What stands between the brackets of a container at this depth and its members. */
static void put_break(Writer *w, u32 depth) {
    if (w->depth > w->lines) return;
    buf_byte(w->out, '\n');
    for (u32 i = 0; i < w->indent + 2 * depth; i++) buf_byte(w->out, ' ');
}

static void put_scalar(Writer *w, const cJSON *item) {
    if (cJSON_IsString(item))
        put_text(w->out, item->valuestring);
    else if (cJSON_IsRaw(item))
        buf_text(w->out, item->valuestring);
    else if (cJSON_IsNumber(item))
        buf_json_number(w->out, item->valuedouble);
    else if (cJSON_IsObject(item) || cJSON_IsArray(item))
        buf_text(w->out, cJSON_IsObject(item) ? "{}" : "[]");
    else
        buf_text(w->out, cJSON_IsTrue(item) ? "true" : cJSON_IsFalse(item) ? "false" : "null");
}

/* A scalar whole; of a container that holds something, the bracket. */
static void begin(Writer *w, const cJSON *item) {
    bool inside_object = w->depth && cJSON_IsObject(w->up[w->depth - 1]);
    if (w->depth) put_break(w, w->depth);
    if (inside_object) {
        put_text(w->out, item->string);
        buf_text(w->out, w->lines ? ": " : ":");
    }
    if (!item->child) {
        put_scalar(w, item);
        return;
    }
    ASSERT(w->depth < DEPTH_MAX);
    w->up[w->depth++] = item;
    buf_byte(w->out, cJSON_IsObject(item) ? '{' : '[');
}

static const cJSON *end(Writer *w) {
    const cJSON *item = w->up[w->depth - 1];
    put_break(w, w->depth - 1);
    w->depth--;
    buf_byte(w->out, cJSON_IsObject(item) ? '}' : ']');
    return item;
}

void tree_write(Buf *out, const cJSON *root, u32 lines, u32 indent) {
    Writer w = {.out = out, .lines = lines, .indent = indent};
    const cJSON *item = root;
    for (;;) {
        begin(&w, item);
        if (item->child) {
            item = item->child;
            continue;
        }
        while (w.depth && !item->next) item = end(&w);
        if (w.depth == 0) return;
        item = item->next;
        buf_text(out, w.lines && w.depth > w.lines ? ", " : ",");
    }
}
