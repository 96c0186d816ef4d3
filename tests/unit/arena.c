/* arena.c (unit) - regions: alignment, quotas, growth, and every request of the system refused in
** turn. */
#include "../../src/base/arena.h"

#include <string.h>

#include "test.h"

static bool is_zero(const u8 *bytes, u32 count) {
    for (u32 i = 0; i < count; i++)
        if (bytes[i]) return false;
    return true;
}

TEST(arena_gives_zeroed_memory_aligned_to_16) {
    Arena a;
    arena_open(&a, 0);
    for (u32 size = 0; size < 300; size += 7) {
        u8 *memory = (u8 *)arena_take(&a, size);
        CHECK(memory != NULL);
        CHECK_INT((uintptr_t)memory & 15, 0);
        CHECK(is_zero(memory, size));
        memset(memory, 0xFF, size);
    }
    arena_close(&a);
}

TEST(arena_gives_each_take_its_own_bytes) {
    Arena a;
    arena_open(&a, 0);
    u32 *taken[1000];
    for (u32 i = 0; i < 1000; i++) {
        taken[i] = ARENA_ARRAY(&a, u32, i % 2000 + 1);
        taken[i][0] = taken[i][i % 2000] = i;
    }
    for (u32 i = 0; i < 1000; i++) CHECK_INT(taken[i][0], i);
    arena_close(&a);
}

TEST(arena_gives_back_all_it_took) {
    i64 before = system_live;
    Arena a;
    arena_open(&a, 0);
    for (u32 i = 0; i < 100; i++) arena_take(&a, 50000);
    arena_take(&a, 5000000);
    CHECK(system_live > before);
    arena_close(&a);
    CHECK_INT(system_live, before);
    CHECK_INT(a.used, 0);
}

TEST(arena_goes_on_filling_a_chunk_after_a_large_take) {
    Arena a;
    arena_open(&a, 0);
    u8 *small = (u8 *)arena_take(&a, 16);
    CHECK(arena_take(&a, 10000000) != NULL);
    CHECK(arena_take(&a, 16) == small + 16);
    arena_close(&a);
}

TEST(arena_never_passes_its_quota_and_says_so) {
    Arena a;
    arena_open(&a, 100000);
    u32 taken = 0;
    while (arena_take(&a, 1000)) taken++;
    CHECK(a.full && a.over);
    CHECK(a.used <= 100000);
    CHECK(taken >= 90); /* little is lost at the edge */
    arena_close(&a);
}

TEST(arena_refuses_what_no_memory_could_hold) {
    Arena a;
    arena_open(&a, 0);
    CHECK(arena_take(&a, UINT64_MAX) == NULL);
    CHECK(arena_take(&a, UINT64_MAX / 2) == NULL);
    CHECK(ARENA_ARRAY(&a, u64, UINT64_C(1) << 60) == NULL);
    CHECK(a.full);
    CHECK(arena_take(&a, 16) != NULL);
    arena_close(&a);
}

TEST(arena_copies_text_and_ends_it_with_nul) {
    Arena a;
    arena_open(&a, 0);
    CHECK_TEXT(arena_copy(&a, (Text){"abcdef", 3}), "abc");
    CHECK_TEXT(arena_copy(&a, (Text){NULL, 0}), "");
    arena_close(&a);
}

TEST(system_refuses_just_the_request_asked_for) {
    i64 before = system_live;
    system_fail_after = 1;
    void *first = system_take(8), *second = system_take(8), *third = system_take(8);
    CHECK(first != NULL);
    CHECK(second == NULL);
    CHECK(third != NULL);
    system_give(first);
    system_give(second);
    system_give(third);
    CHECK_INT(system_live, before);
}

TEST(system_can_refuse_all_requests_from_one_on) {
    system_fail_after = 0;
    system_fail_on = true;
    void *first = system_take(8), *second = system_take(8);
    system_fail_after = -1;
    system_fail_on = false;
    CHECK(first == NULL && second == NULL);
}

TEST(system_keeps_a_block_that_cannot_grow) {
    char *memory = (char *)system_take(4);
    memcpy(memory, "abc", 4);
    system_fail_after = 0;
    CHECK(system_grow(memory, 4000) == NULL);
    CHECK_TEXT(memory, "abc");
    system_give(memory);
}

TEST(arena_stays_usable_after_a_refusal) {
    Arena a;
    arena_open(&a, 0);
    system_fail_after = 0;
    CHECK(arena_take(&a, 100) == NULL);
    CHECK(a.full && !a.over);
    CHECK(arena_take(&a, 100) != NULL);
    arena_close(&a);
}
