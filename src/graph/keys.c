/* keys.c (graph) - the keys of open objects, and the table that finds equal ones among many. */
#include "keys.h"

#include <string.h>

#include "scan.h"

/* --- keys as bytes --------------------------------------------------------------------------- */

/* Gives a key's bytes one by one with its escapes undone. The text has passed the scan so far. */
typedef struct Reader {
    const char *at;
    u8 ready[4]; /* bytes of the escape just read */
    u8 count, next;
} Reader;

static u32 read_hex(const char *at) {
    u32 code = 0;
    for (u32 i = 0; i < 4; i++) {
        u8 c = (u8)at[i];
        code = code << 4 | (c <= '9' ? c - 48u : (c | 0x20u) - 87u); /* '0', 'a' - 10 */
    }
    return code;
}

static void put_code(Reader *r, u32 code) {
    static const u8 mark[5] = {0, 0, 0xC0, 0xE0, 0xF0};
    u8 count = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (u8 i = count; i-- > 1; code >>= 6) r->ready[i] = (u8)(0x80 | (code & 0x3F));
    r->ready[0] = (u8)(mark[count] | code);
    r->count = count;
    r->next = 0;
}

static void read_escape(Reader *r) {
    static const char letters[] = "bfnrt", bytes[] = "\b\f\n\r\t";
    char c = r->at[1];
    r->at += 2;
    if (c != 'u') {
        const char *known = strchr(letters, c);
        put_code(r, known ? (u8)bytes[known - letters] : (u8)c);
        return;
    }
    u32 code = read_hex(r->at);
    r->at += 4;
    if (code >= 0xD800 && code < 0xDC00) {
        code = 0x10000 + ((code - 0xD800) << 10) + (read_hex(r->at + 2) - 0xDC00);
        r->at += 6;
    }
    put_code(r, code);
}

/* The next byte, -1 at the end. */
static int read_byte(Reader *r) {
    if (r->next == r->count) {
        if (*r->at == '"') return -1;
        if (*r->at != '\\') return (u8)*r->at++;
        read_escape(r);
    }
    return r->ready[r->next++];
}

static bool same_key(const Keys *k, u32 a, u32 b) {
    Reader x = {.at = k->text.data + a}, y = {.at = k->text.data + b};
    for (;;) {
        int byte = read_byte(&x);
        if (byte != read_byte(&y)) return false;
        if (byte < 0) return true;
    }
}

void keys_decode(const char *at, u32 most, Buf *out) {
    Reader r = {.at = at};
    for (int byte; out->len < most && (byte = read_byte(&r)) >= 0;) buf_byte(out, (char)byte);
}

/* --- hashes ---------------------------------------------------------------------------------- */

static u64 mix(u64 hash, u64 word) {
    hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 29;
}

/* Little-endian whatever the machine; compilers make one load of it. */
static u64 word_at(const char *at, u32 len) {
    u64 word = 0;
    for (u32 i = 0; i < len; i++) word |= (u64)(u8)at[i] << (8 * i);
    return word;
}

static u64 hash_plain(u64 seed, const char *at, u32 len) {
    u64 hash = seed;
    u32 i = 0;
    for (; i + 8 <= len; i += 8) hash = mix(hash, word_at(at + i, 8));
    return mix(hash, word_at(at + i, len - i) ^ (u64)len << 56);
}

/* The same hash of a key that is written with escapes. */
static u64 hash_escaped(u64 seed, const char *at) {
    Reader r = {.at = at};
    u64 hash = seed, word = 0;
    u32 len = 0;
    for (int byte; (byte = read_byte(&r)) >= 0;) {
        word |= (u64)byte << (8 * (len & 7));
        if ((++len & 7) == 0) {
            hash = mix(hash, word);
            word = 0;
        }
    }
    return mix(hash, word ^ (u64)len << 56);
}

/* Whoever writes a file can search for keys that collide; a seed made from the whole text changes
** with every key he tries. */
static u64 seed(Keys *k) {
    if (!k->seed) k->seed = hash_plain(1, k->text.data, k->text.len) | 1;
    return k->seed;
}

/* --- the stack ------------------------------------------------------------------------------- */

void keys_open(Keys *k, Text text, Diags *diags) {
    k->diags = diags;
    k->text = text;
    k->list = k->fixed;
    k->count = 0;
    k->cap = KEYS_FIXED;
    k->seed = 0;
    k->err = ERR_OK;
}

void keys_close(Keys *k) {
    if (k->list != k->fixed) system_give(k->list);
}

static Err grow(Keys *k) {
    u64 size = (u64)k->cap * 2 * sizeof(u64);
    if (size > SIZE_MAX / 2) return ERR_MEMORY;
    bool fixed = k->list == k->fixed;
    u64 *list = (u64 *)system_grow(fixed ? NULL : k->list, (size_t)size);
    if (!list) return ERR_MEMORY;
    if (fixed) memcpy(list, k->fixed, sizeof k->fixed);
    k->list = list;
    k->cap *= 2;
    return ERR_OK;
}

/* The key as a reader of the message knows it. */
static const char *show(const Keys *k, u32 offset) {
    Buf b = {0};
    keys_decode(k->text.data + offset, 256, &b);
    const char *shown = diag_quote(k->diags, (Text){b.data, b.len});
    buf_close(&b);
    return shown;
}

/* Both offsets are one past a quotation mark. */
static void report(Keys *k, u32 offset, u32 first) {
    u32 line = 0, column = 0;
    if (k->diags->errors < DIAG_MAX) scan_line(k->text, first - 1, &line, &column);
    k->err = diag_report_offset(k->diags, ERR_JSON_KEY_TWICE, offset - 1, (Detail){0}, show(k, offset), line, column);
}

Err keys_add(Keys *k, u32 first, u32 offset, u32 len, bool plain) {
    const char *at = k->text.data + offset;
    u64 hash = plain ? hash_plain(0, at, len) : hash_escaped(0, at);
    if (k->count - first < KEYS_FEW) {
        for (u32 i = first; i < k->count; i++) {
            u32 other = (u32)k->list[i];
            if (k->list[i] >> 32 != hash >> 32 || !same_key(k, offset, other)) continue;
            report(k, offset, other);
            return ERR_OK; /* not noted: so it is reported once */
        }
    }
    if (k->count == k->cap) TRY(grow(k));
    k->list[k->count++] = (hash >> 32) << 32 | offset;
    return ERR_OK;
}

/* --- many keys ------------------------------------------------------------------------------- */

/* Puts key i into the table of indices + 1, or reports that its like is there. */
static void enter(Keys *k, u32 i, u32 *table, u32 mask) {
    u32 offset = (u32)k->list[i];
    u64 hash = hash_escaped(seed(k), k->text.data + offset);
    k->list[i] = (hash >> 32) << 32 | offset;
    for (u32 slot = (u32)(hash >> 32) & mask;; slot = (slot + 1) & mask) {
        if (!table[slot]) {
            table[slot] = i + 1;
            return;
        }
        u64 other = k->list[table[slot] - 1];
        if (other >> 32 != hash >> 32 || !same_key(k, offset, (u32)other)) continue;
        report(k, offset, (u32)other);
        return;
    }
}

static Err look_through(Keys *k, u32 first) {
    u32 size = 64;
    while (size / 2 < k->count - first) size *= 2;
    u64 bytes = (u64)size * sizeof(u32);
    u32 *table = bytes > SIZE_MAX / 2 ? NULL : (u32 *)system_take((size_t)bytes);
    if (!table) return ERR_MEMORY;
    memset(table, 0, (size_t)bytes);
    for (u32 i = first; i < k->count; i++) enter(k, i, table, size - 1);
    system_give(table);
    return ERR_OK;
}

Err keys_end(Keys *k, u32 first) {
    if (k->count - first > KEYS_FEW) TRY(look_through(k, first));
    k->count = first;
    return ERR_OK;
}
