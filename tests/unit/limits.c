/* limits.c (unit) - each limit of limit.def has its default and can be set by its name, and only
** it. */
#include "../../src/base/limit.h"

#include <string.h>

#include "test.h"

TEST(limits_have_the_defaults_the_design_names) {
    Limits l = limits_default();
    CHECK_INT(l.file, 32 * 1024 * 1024);
    CHECK_INT(l.depth, 64);
    CHECK_INT(l.values, 4000000);
    CHECK_INT(l.nodes, 131072);
    CHECK_INT(l.fuel, 0);
}

TEST(limits_are_set_by_name_one_at_a_time) {
    Limits l, expected;
#define LIMIT(id, name, value, unit, guards)                                                       \
    l = expected = limits_default();                                                               \
    expected.id = 12345;                                                                           \
    CHECK(limits_set(&l, TEXT(name), 12345));                                                      \
    CHECK(memcmp(&l, &expected, sizeof l) == 0);
#include "../../src/base/limit.def"
#undef LIMIT
}

TEST(limits_of_no_such_name_are_refused) {
    Limits l = limits_default(), before = l;
    CHECK(!limits_set(&l, TEXT("dept"), 1));
    CHECK(!limits_set(&l, TEXT("depths"), 1));
    CHECK(!limits_set(&l, TEXT("call_depth"), 1));
    CHECK(!limits_set(&l, TEXT(""), 1));
    CHECK(memcmp(&l, &before, sizeof l) == 0);
}

TEST(limits_take_their_largest_value) {
    Limits l = limits_default();
    CHECK(limits_set(&l, TEXT("memory"), UINT64_MAX));
    CHECK(l.memory == UINT64_MAX);
}
