/* asset.h (unit) - glTF assets for tests: JSON written with ' for ", and the bytes of its buffer behind it in a GLB. */
#ifndef TREADLE_ASSET_H
#define TREADLE_ASSET_H

#include "loading.h"

typedef struct Asset {
    Buf bytes; /* of the buffer */
    Buf file;  /* the GLB */
} Asset;

static inline void asset_float(Asset *a, float value) {
    u32 bits;
    memcpy(&bits, &value, sizeof bits);
    for (u32 i = 0; i < 32; i += 8) buf_byte(&a->bytes, (char)(bits >> i & 0xFF));
}

static inline void asset_floats(Asset *a, const float *values, u32 count) {
    for (u32 i = 0; i < count; i++) asset_float(a, values[i]);
}

static inline void asset_word(Buf *out, u32 word) {
    for (u32 i = 0; i < 32; i += 8) buf_byte(out, (char)(word >> i & 0xFF));
}

static inline void asset_chunk(Buf *out, u32 type, const Buf *data, char pad) {
    u32 len = (data->len + 3) & ~3u;
    asset_word(out, len);
    asset_word(out, type);
    buf_put(out, data->data, data->len);
    for (u32 i = data->len; i < len; i++) buf_byte(out, pad);
}

/* The GLB of a JSON text and the bytes. */
static inline void asset_pack(Asset *a, const char *quoted) {
    Buf json = {0};
    for (; *quoted; quoted++) buf_byte(&json, *quoted == '\'' ? '"' : *quoted);
    buf_clear(&a->file);
    buf_text(&a->file, "glTF");
    asset_word(&a->file, 2);
    asset_word(&a->file, 12 + 8 + ((json.len + 3) & ~3u) + 8 + ((a->bytes.len + 3) & ~3u));
    asset_chunk(&a->file, 0x4E4F534A, &json, ' ');
    asset_chunk(&a->file, 0x004E4942, &a->bytes, 0);
    buf_close(&json);
}

static inline void asset_close(Asset *a) {
    buf_close(&a->bytes);
    buf_close(&a->file);
}

#endif
