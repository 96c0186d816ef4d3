/* base.c (base) - what happens when an assert does not hold. */
#include "base.h"

#ifdef __wasm__
/* A trap reaches the shell as one exception; it knows the module is lost and says so. */
void assert_failed(const char *what, const char *file, int line) {
    (void)what, (void)file, (void)line;
    __builtin_trap();
}
#else
#include <stdio.h>
#include <stdlib.h>

void assert_failed(const char *what, const char *file, int line) {
    fprintf(stderr, "%s:%d: assert does not hold: %s\n", file, line, what);
    abort();
}
#endif
