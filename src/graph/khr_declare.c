/* khr_declare.c (graph) - KHR_interactivity: declarations, the table of the ops a graph uses. */
#include "khr.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_OP, KEY_EXTENSION, KEY_INPUTS, KEY_OUTPUTS, KEYS };
static const char *const keys[KEYS] = {"op", "extension", "inputValueSockets", "outputValueSockets"};

static void report_op(Draft *d, const At *at, const cJSON *item) {
    At here = {at, TEXT("op"), 0};
    const char *near = draft_silent(d) ? NULL : op_nearest(text_of(item->valuestring));
    Detail detail = {.fix = near ? draft_did_you_mean(d, text_of(item->valuestring), &near, 1) : NULL};
    diag_report(d->diags, ERR_NODE_UNKNOWN_OP, &here, detail, draft_quote(d, text_of(item->valuestring)));
}

/* The sockets an extension's op is declared with: {NAME: {"type"}}. */
static Err read_sockets(Khr *k, const At *up, const char *key, const cJSON *item, u32 *first, u32 *count) {
    static const char *const socket_keys[] = {"type"};
    const cJSON *fields[1], *sockets = khr_object(&k->d, up, key, item);
    At at = {up, text_of(key), 0};
    *first = k->sockets.count;
    *count = draft_count(sockets);
    if (draft_limit(&k->d, &at, *count, k->d.limits->ports, "ports", "sockets") != ERR_OK) *count = 0;
    if (*count == 0) return ERR_OK;
    if (!LIST_ROOM(&k->d.scratch, k->sockets, *count)) return draft_no_memory(&k->d);
    for (const cJSON *socket = sockets->child; socket; socket = socket->next) {
        At here = {&at, text_of(socket->string), 0};
        const Name *name = draft_name(&k->d, here.key);
        if (!name) return draft_no_memory(&k->d);
        TypeId type = TYPE_NONE;
        if (draft_is_object(&k->d, &here, socket)) {
            json_fields(socket, &here, socket_keys, fields, 1, false, k->d.diags);
            type = khr_type(k, &here, fields[0]);
        }
        k->sockets.at[k->sockets.count++] = (KhrSocket){name, type};
    }
    return ERR_OK;
}

static int compare_sockets(const void *a, const void *b) {
    return strcmp(((const KhrSocket *)a)->name->text, ((const KhrSocket *)b)->name->text);
}

/* Declarations are equal when op, extension and input sockets are: then they write the same text
** here. */
static Err claim(Khr *k, const At *at, KhrDeclaration *dec, u32 index) {
    Draft *d = &k->d;
    Buf text = {0};
    u32 had = NONE;
    KhrSocket *ins = dec->ins ? k->sockets.at + dec->in : NULL;
    if (ins) qsort(ins, dec->ins, sizeof *ins, compare_sockets);
    buf_print(&text, "%s %u:%s", dec->name->text, dec->extension ? dec->extension->len + 1 : 0,
              dec->extension ? dec->extension->text : "");
    for (u32 i = 0; i < dec->ins; i++) buf_print(&text, " %u:%s=%u", ins[i].name->len, ins[i].name->text, ins[i].type);
    const Name *name = text.full ? NULL : draft_name(d, (Text){text.data, text.len});
    buf_close(&text);
    if (!name || !names_bind(&d->names, OF_DECLARATION, 0, name, index, &had)) return draft_no_memory(d);
    const char *op = had == NONE ? "" : draft_quote(d, text_of(dec->name->text));
    if (had != NONE) diag_report(d->diags, ERR_KHR_DECLARATION_TWICE, at, (Detail){0}, had, index, op);
    return ERR_OK;
}

static Err read_core(Khr *k, const At *at, const cJSON **fields, KhrDeclaration *dec) {
    Draft *d = &k->d;
    Text op = text_of(fields[KEY_OP]->valuestring);
    dec->op = op_find(op);
    if (dec->op && dec->op->extension.len) dec->op = NULL; /* it must name its extension */
    if (!dec->op) {
        report_op(d, at, fields[KEY_OP]);
        dec->name = NULL;
    } else if (fields[KEY_INPUTS] || fields[KEY_OUTPUTS]) {
        diag_report(d->diags, ERR_KHR_CORE_SOCKETS, at, (Detail){0},
                    draft_quote(d, text_of(fields[KEY_OP]->valuestring)));
    }
    return ERR_OK;
}

static bool same_text(Text a, Text b) { return a.len == b.len && memcmp(a.data, b.data, a.len) == 0; }

static bool has_socket(const Khr *k, u32 first, u32 count, const Socket *wanted) {
    for (const KhrSocket *s = k->sockets.at + first; count > 0; s++, count--)
        if (same_text(name_text(s->name), wanted->name)) return s->type == wanted->type;
    return false;
}

/* The declared sockets are exactly those of the op. Names do not repeat: they are keys. */
static bool has_sockets(const Khr *k, const KhrDeclaration *dec, const Op *op) {
    if (dec->ins != op->value_ins || dec->outs != op->value_outs) return false;
    for (u32 i = 0; i < op->value_ins; i++)
        if (!has_socket(k, dec->in, dec->ins, &op->value_in[i])) return false;
    for (u32 i = 0; i < op->value_outs; i++)
        if (!has_socket(k, dec->out, dec->outs, &op->value_out[i])) return false;
    return true;
}

/* An op that is not supported, or declared in another shape, does nothing. */
static Err read_extension(Khr *k, const At *at, const cJSON **fields, const char *extension, KhrDeclaration *dec) {
    Draft *d = &k->d;
    if (!(dec->extension = draft_name(d, text_of(extension)))) return draft_no_memory(d);
    TRY(read_sockets(k, at, keys[KEY_INPUTS], fields[KEY_INPUTS], &dec->in, &dec->ins));
    TRY(read_sockets(k, at, keys[KEY_OUTPUTS], fields[KEY_OUTPUTS], &dec->out, &dec->outs));
    const Op *op = op_find(text_of(fields[KEY_OP]->valuestring));
    bool known = op && same_text(op->extension, text_of(extension));
    if (known && has_sockets(k, dec, op)) {
        dec->op = op;
        return ERR_OK;
    }
    diag_report(d->diags, known ? ERR_KHR_NO_OP_SOCKETS : ERR_KHR_NO_OP, at, (Detail){0},
                draft_quote(d, text_of(fields[KEY_OP]->valuestring)), draft_quote(d, text_of(extension)));
    return ERR_OK;
}

static Err read_declaration(Khr *k, const At *at, const cJSON *item, u32 index) {
    const cJSON *fields[KEYS];
    Draft *d = &k->d;
    KhrDeclaration *dec = &k->declarations[index];
    const char *op, *extension;
    if (!draft_is_object(d, at, item)) return ERR_OK;
    json_fields(item, at, keys, fields, KEYS, false, d->diags);
    if (!fields[KEY_OP]) draft_missing(d, at, "op");
    bool good = khr_string(d, at, "extension", fields[KEY_EXTENSION], &extension);
    if (!khr_string(d, at, "op", fields[KEY_OP], &op) || !op || !good) return ERR_OK;
    if (!(dec->name = draft_name(d, text_of(op)))) return draft_no_memory(d);
    if (extension)
        TRY(read_extension(k, at, fields, extension, dec));
    else
        TRY(read_core(k, at, fields, dec));
    return dec->name ? claim(k, at, dec, index) : ERR_OK;
}

Err khr_declarations(Khr *k, const cJSON *list) {
    Draft *d = &k->d;
    At at = {d->at, TEXT("declarations"), 0};
    u32 i = 0;
    k->declaration_count = draft_count(list);
    k->declarations = ARENA_ARRAY(&d->scratch, KhrDeclaration, k->declaration_count);
    if (!k->declarations) return draft_no_memory(d);
    for (const cJSON *item = list ? list->child : NULL; item; item = item->next, i++)
        TRY(read_declaration(k, &(At){&at, {NULL, 0}, i}, item, i));
    return ERR_OK;
}
