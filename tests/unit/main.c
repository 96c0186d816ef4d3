/* main.c (unit) - runs all unit tests, or those whose file or name holds the first argument. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "test.h"

static Test *first, **end = &first;
static bool failed;

void test_add(Test *test) {
    *end = test;
    end = &test->next;
}

bool test_check(bool holds, const char *what, const char *file, int line) {
    if (holds) return true;
    failed = true;
    printf("%s:%d: does not hold: %s\n", file, line, what);
    return false;
}

bool test_ints(long long seen, long long expected, const char *what, const char *file, int line) {
    if (seen == expected) return true;
    failed = true;
    printf("%s:%d: %s is %lld, not %lld\n", file, line, what, seen, expected);
    return false;
}

static bool same_float(double a, double b) {
    if (isnan(a) || isnan(b)) return isnan(a) && isnan(b);
    return memcmp(&a, &b, sizeof a) == 0;
}

bool test_floats(double seen, double expected, const char *what, const char *file, int line) {
    if (same_float(seen, expected)) return true;
    failed = true;
    printf("%s:%d: %s is %.17g, not %.17g\n", file, line, what, seen, expected);
    return false;
}

bool test_texts(const char *seen, const char *expected, const char *what, const char *file, int line) {
    if (seen && expected && strcmp(seen, expected) == 0) return true;
    failed = true;
    printf("%s:%d: %s is not as expected\n--- seen\n%s\n--- expected\n%s\n---\n", file, line, what,
           seen ? seen : "(no text)", expected ? expected : "(no text)");
    return false;
}

static bool wanted(const Test *test, const char *filter) {
    return !filter || strstr(test->name, filter) || strstr(test->file, filter);
}

int main(int argc, char **argv) {
    const char *filter = argc > 1 ? argv[1] : NULL;
    int count = 0, lost = 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (Test *test = first; test; test = test->next) {
        if (!wanted(test, filter)) continue;
        failed = false;
        test->run();
        printf("%s %s\n", failed ? "not ok" : "ok", test->name);
        count++;
        lost += failed;
    }
    printf("%d passed, %d failed\n", count - lost, lost);
    return lost ? 1 : 0;
}
