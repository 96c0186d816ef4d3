/* arena.c (base) - regions, and the one door to the system's memory. */
#include "arena.h"

#include <stdlib.h>
#include <string.h>

enum { ALIGN = 16, CHUNK_MIN = 4096, CHUNK_MAX = 1 << 20 };

/* Payload follows, aligned up; the newest chunk is the one being filled. */
struct Chunk {
    Chunk *older;
};

enum { CHUNK_HEAD = sizeof(Chunk) + ALIGN };

i64 system_fail_after = -1;
bool system_fail_on;
i64 system_live;

static bool refused(void) {
    if (system_fail_after < 0) return false;
    if (system_fail_after > 0) {
        system_fail_after--;
        return false;
    }
    if (!system_fail_on) system_fail_after = -1;
    return true;
}

void *system_take(size_t size) { return system_grow(NULL, size); }

void *system_grow(void *old, size_t size) {
    if (refused()) return NULL;
    void *memory = realloc(old, size ? size : 1);
    if (memory && !old) system_live++;
    return memory;
}

void system_give(void *memory) {
    if (!memory) return;
    ASSERT(system_live > 0);
    system_live--;
    free(memory);
}

void arena_open(Arena *a, u64 quota) { *a = (Arena){.quota = quota}; }

void arena_close(Arena *a) {
    for (Chunk *chunk = a->chunks; chunk;) {
        Chunk *older = chunk->older;
        system_give(chunk);
        chunk = older;
    }
    arena_open(a, a->quota);
}

static u8 *align_up(u8 *at) {
    uintptr_t over = (uintptr_t)at & (ALIGN - 1);
    return over ? at + (ALIGN - over) : at;
}

/* Chunks grow with the arena, so that their number is logarithmic and a small graph stays small;
** near the quota the last ones are cut to fit. */
static u64 chunk_size(const Arena *a, u64 least) {
    u64 size = a->used < CHUNK_MIN ? CHUNK_MIN : a->used;
    if (size > CHUNK_MAX) size = CHUNK_MAX;
    if (a->quota && size > a->quota - a->used) size = a->quota - a->used;
    return size < least ? least : size;
}

/* A large take gets a chunk of its own, behind the newest, which goes on being filled. */
static void *take_chunk(Arena *a, u64 payload) {
    bool own = a->chunks && payload > CHUNK_MAX / 4;
    u64 least = payload + CHUNK_HEAD;
    u64 size = own ? least : chunk_size(a, least);
    a->over = size > SIZE_MAX / 2 || (a->quota && size > a->quota - a->used);
    if (a->over) return NULL;
    Chunk *chunk = (Chunk *)system_take((size_t)size);
    if (!chunk) return NULL;
    a->used += size;
    Chunk **place = own ? &a->chunks->older : &a->chunks;
    chunk->older = *place;
    *place = chunk;
    u8 *start = align_up((u8 *)(chunk + 1));
    if (!own) {
        a->next = start + payload;
        a->end = (u8 *)chunk + size;
    }
    return start;
}

void *arena_take(Arena *a, u64 size) {
    if (size > UINT64_MAX / 2) {
        a->full = true;
        return NULL;
    }
    u64 payload = (size + (size == 0) + ALIGN - 1) & ~(u64)(ALIGN - 1);
    void *memory = a->next;
    if (payload <= (u64)(a->end - a->next)) {
        a->next += payload;
    } else {
        memory = take_chunk(a, payload);
    }
    if (memory)
        memset(memory, 0, (size_t)payload);
    else
        a->full = true;
    return memory;
}

u32 *arena_nones(Arena *a, u64 count) {
    u32 *list = ARENA_ARRAY(a, u32, count);
    if (list) memset(list, 0xff, (size_t)count * sizeof *list);
    return list;
}

char *arena_copy(Arena *a, Text text) {
    char *copy = (char *)arena_take(a, (u64)text.len + 1);
    if (copy && text.len) memcpy(copy, text.data, text.len);
    return copy;
}
