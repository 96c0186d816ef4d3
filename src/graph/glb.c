/* glb.c (graph) - steps through the chunks of a GLB; lengths are checked by subtraction. */
#include "glb.h"

#include <stdio.h>
#include <string.h>

enum { HEADER = 12, CHUNK_HEADER = 8, VERSION = 2 };
enum { CHUNK_JSON = 0x4E4F534A, CHUNK_BIN = 0x004E4942 };

static u32 word(Text bytes, u32 at) {
    const u8 *b = (const u8 *)bytes.data + at;
    return b[0] | (u32)b[1] << 8 | (u32)b[2] << 16 | (u32)b[3] << 24;
}

static bool has_magic(Text bytes) { return bytes.len >= 4 && memcmp(bytes.data, "glTF", 4) == 0; }

bool glb_is(Text bytes, const char *file) {
    size_t len = strlen(file);
    return has_magic(bytes) || (len > 4 && strcmp(file + len - 4, ".glb") == 0);
}

static Err refuse_magic(Text bytes, Diags *diags) {
    u8 b[4] = {0};
    memcpy(b, bytes.data, bytes.len < 4 ? bytes.len : 4);
    const char *guess = b[0] == '<'                  ? " (HTML?)"
                        : b[0] == '{'                ? " (JSON?)"
                        : b[0] == 'P' && b[1] == 'K' ? " (ZIP?)"
                                                     : "";
    return diag_report_offset(diags, ERR_GLB_MAGIC, 0, (Detail){0}, b[0], b[1], b[2], b[3], guess);
}

static Err check_header(Text bytes, Diags *diags) {
    Detail none = {0};
    if (!has_magic(bytes)) return refuse_magic(bytes, diags);
    if (bytes.len < HEADER + CHUNK_HEADER) return diag_report_offset(diags, ERR_GLB_SHORT, 0, none, bytes.len);
    if (word(bytes, 4) != VERSION) return diag_report_offset(diags, ERR_GLB_VERSION, 4, none, word(bytes, 4));
    if (word(bytes, 8) != bytes.len)
        return diag_report_offset(diags, ERR_GLB_LENGTH, 8, none, word(bytes, 8), bytes.len);
    return ERR_OK;
}

static Err refuse_first(u32 type, u32 at, Diags *diags) {
    char name[16];
    snprintf(name, sizeof name, "0x%08X", type);
    return diag_report_offset(diags, ERR_GLB_FIRST, at, (Detail){0}, type == CHUNK_BIN ? "BIN" : name);
}

Err glb_open(Text bytes, Diags *diags, Text *json, Text *bin) {
    TRY(check_header(bytes, diags));
    u32 chunk = 0;
    *bin = (Text){NULL, 0};
    for (u32 at = HEADER; at < bytes.len; chunk++) {
        u32 left = bytes.len - at;
        u32 len = left < CHUNK_HEADER ? 0 : word(bytes, at), type = left < CHUNK_HEADER ? 0 : word(bytes, at + 4);
        if (left < CHUNK_HEADER || len > left - CHUNK_HEADER)
            return diag_report_offset(diags, ERR_GLB_CHUNK, at, (Detail){0}, chunk, len);
        if (len % 4) return diag_report_offset(diags, ERR_GLB_ALIGN, at, (Detail){0}, chunk, len);
        if (chunk == 0 && type != CHUNK_JSON) return refuse_first(type, at + 4, diags);
        if (chunk && type == CHUNK_JSON) return diag_report_offset(diags, ERR_GLB_TWICE, at + 4, (Detail){0}, chunk);
        if (chunk == 0) *json = (Text){bytes.data + at + CHUNK_HEADER, len};
        if (chunk == 1 && type == CHUNK_BIN) *bin = (Text){bytes.data + at + CHUNK_HEADER, len};
        at += CHUNK_HEADER + len;
    }
    return ERR_OK;
}
