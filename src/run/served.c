/* served.c (run) - pointers that the host serves: parameters checked, then the host is asked. */
#include "served.h"

#include <string.h>

/* No parameter is negative, none is null. */
static bool are_valid(const Served *s, const Slot *args) {
    for (u32 i = 0; i < s->parameters; i++)
        if (s->parameter[i] == TYPE_INT ? args[i].i < 0 : args[i].bits == REF_NULL) return false;
    return true;
}

bool served_get(const Instance *in, u32 served, const Slot *args, Slot *out) {
    return are_valid(&in->graph->served[served], args) && host_pointer_get(in->id, served, args, out);
}

bool served_set(const Instance *in, u32 served, const Slot *args, const Slot *value) {
    return are_valid(&in->graph->served[served], args) && host_pointer_set(in->id, served, args, value);
}

/* ---- effective pointers, compared byte by byte without being written out ---- */

/* A template being read with its parameters in place. */
typedef struct Reader {
    const char *at;
    const Slot *args;
    char digits[24]; /* of the parameter in hand, from `left` on */
    u32 left;
} Reader;

/* A parameter as it stands in a pointer: an index or a serial number. */
static void begin_digits(Reader *r, u64 number) {
    r->left = sizeof r->digits;
    do r->digits[--r->left] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
}

/* The next byte, '\0' at the end. Doubled brackets are one. */
static char next_byte(Reader *r) {
    if (r->left < sizeof r->digits) return r->digits[r->left++];
    char c = *r->at;
    if (c == '\0') return c;
    r->at++;
    if (!strchr("[]{}", c)) return c;
    if (*r->at == c) {
        r->at++;
        return c;
    }
    Slot s = *r->args++;
    bool is_ref = c == '{', is_object = is_ref && REF_KIND(s.bits) == REF_OBJECT;
    begin_digits(r, !is_ref || is_object ? s.u : REF_PAYLOAD(s.bits));
    r->at = strchr(r->at, is_ref ? '}' : ']') + 1;
    return r->digits[r->left++];
}

static Reader read_pointer(const Instance *in, u32 served, const Slot *args) {
    Reader r = {.at = in->graph->served[served].pointer, .args = args, .left = sizeof r.digits};
    return r;
}

bool served_is_same(const Instance *in, u32 a, const Slot *a_args, u32 b, const Slot *b_args) {
    Reader x = read_pointer(in, a, a_args), y = read_pointer(in, b, b_args);
    char c;
    do
        if ((c = next_byte(&x)) != next_byte(&y)) return false;
    while (c != '\0');
    return true;
}

u64 served_hash(const Instance *in, u32 served, const Slot *args) {
    Reader r = read_pointer(in, served, args);
    u64 hash = HASH_START;
    for (char c; (c = next_byte(&r)) != '\0';) hash = hash_bytes(hash, &c, 1);
    return hash;
}
