/* test.h (unit) - how a unit test is written: a sentence as a name, and checks.
**
**     TEST(arena_gives_aligned_memory) {
**         CHECK(((uintptr_t)arena_take(&arena, 3) & 7) == 0);
**     }
**
** A test registers itself: write it in any tests/unit/NAME.c and it runs. The first check that fails ends
** its test; CHECKs also work in helpers that return void, and there they end the helper. */
#ifndef TREADLE_TEST_H
#define TREADLE_TEST_H

#include <stdbool.h>
#include <stddef.h>

typedef struct Test {
    const char *name;
    const char *file;
    void (*run)(void);
    struct Test *next;
} Test;

void test_add(Test *test);
bool test_check(bool holds, const char *what, const char *file, int line);
bool test_ints(long long seen, long long expected, const char *what, const char *file, int line);
bool test_floats(double seen, double expected, const char *what, const char *file, int line);
bool test_texts(const char *seen, const char *expected, const char *what, const char *file, int line);

#define TEST(name)                                                                                 \
    static void test_##name(void);                                                                 \
    __attribute__((constructor)) static void add_##name(void) {                                    \
        static Test test = {#name, __FILE__, test_##name, NULL};                                   \
        test_add(&test);                                                                           \
    }                                                                                              \
    static void test_##name(void)

#define TEST_RETURN_UNLESS(holds)                                                                  \
    do {                                                                                           \
        if (!(holds)) return;                                                                      \
    } while (0)

/* That something holds. */
#define CHECK(what) TEST_RETURN_UNLESS(test_check((what), #what, __FILE__, __LINE__))

/* That two integers are equal. */
#define CHECK_INT(seen, expected)                                                                  \
    TEST_RETURN_UNLESS(test_ints((long long)(seen), (long long)(expected), #seen, __FILE__, __LINE__))

/* That two doubles are the same value: all NaNs are one, and -0 is not 0. */
#define CHECK_FLOAT(seen, expected)                                                                \
    TEST_RETURN_UNLESS(test_floats((seen), (expected), #seen, __FILE__, __LINE__))

/* That two texts, each ending in NUL, are equal. */
#define CHECK_TEXT(seen, expected)                                                                 \
    TEST_RETURN_UNLESS(test_texts((seen), (expected), #seen, __FILE__, __LINE__))

#endif
