/* hash.h (base) - FNV-1a over bytes and numbers, the same on every machine. */
#ifndef TREADLE_HASH_H
#define TREADLE_HASH_H

#include "base.h"

#define HASH_START UINT64_C(0xCBF29CE484222325)

static inline u64 hash_bytes(u64 hash, const void *data, size_t size) {
    const u8 *byte = data;
    for (size_t i = 0; i < size; i++) hash = (hash ^ byte[i]) * UINT64_C(0x100000001B3);
    return hash;
}

/* Lowest byte first, whatever the machine's order. */
static inline u64 hash_u64(u64 hash, u64 number) {
    for (u32 i = 0; i < 64; i += 8) hash = (hash ^ (number >> i & 0xFF)) * UINT64_C(0x100000001B3);
    return hash;
}

#endif
