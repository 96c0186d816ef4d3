/* arena.h (base) - regions: many small takes, one free.
**
** A graph, a program and a running instance live in one arena each: free the arena and it is gone.
** An arena has a quota, so no file and no graph can take more than its limit; the quota counts the
** bytes asked of the system. */
#ifndef TREADLE_ARENA_H
#define TREADLE_ARENA_H

#include "base.h"

typedef struct Chunk Chunk;

typedef struct Arena {
    Chunk *chunks; /* owns; newest first */
    u8 *next;      /* the free part of the newest chunk */
    u8 *end;
    u64 used;  /* bytes taken from the system */
    u64 quota; /* 0: none */
    bool full; /* a take was refused, by the quota or by the system */
    bool over; /* it was the quota */
} Arena;

void arena_open(Arena *a, u64 quota);
void arena_close(Arena *a);

/* `size` zeroed bytes, aligned to 16, valid until arena_close; NULL (and a->full) when refused. */
void *arena_take(Arena *a, u64 size);
#define ARENA_NEW(a, Type)      ((Type *)arena_take((a), sizeof(Type)))
#define ARENA_ARRAY(a, Type, n) ((Type *)arena_take((a), (u64)sizeof(Type) * (n)))

/* `count` times NONE; NULL when refused. */
u32 *arena_nones(Arena *a, u64 count);

/* A NUL-terminated copy of `text` in the arena; NULL when refused. */
char *arena_copy(Arena *a, Text text);

/* Every byte the engine asks of the system passes here. NULL when refused; a block that could not
** grow stays as it was. Tests make the n-th request fail. */
void *system_take(size_t size);
void *system_grow(void *old, size_t size);
void system_give(void *memory);
extern i64 system_fail_after; /* requests granted before one is refused; negative: none is */
extern bool system_fail_on;   /* all after that one are refused too */
extern i64 system_live;       /* blocks not given back */

#endif
