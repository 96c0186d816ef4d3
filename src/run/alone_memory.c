/* alone_memory.c (run) - memcpy and its like for the runtime module: the C library's want a host's help. */
#include <stddef.h>
#include <string.h>

/* Words where both sides allow it. Built without builtins, or the loops would become calls of themselves. */
void *memcpy(void *to, const void *from, size_t count) {
    unsigned char *d = to;
    const unsigned char *s = from;
    for (; count >= 8; count -= 8, d += 8, s += 8) __builtin_memcpy_inline(d, s, 8);
    for (; count; count--) *d++ = *s++;
    return to;
}

void *memmove(void *to, const void *from, size_t count) {
    unsigned char *d = to;
    const unsigned char *s = from;
    if (d <= s || d >= s + count) return memcpy(to, from, count);
    while (count--) d[count] = s[count];
    return to;
}

void *memset(void *to, int byte, size_t count) {
    unsigned char *d = to;
    while (count--) *d++ = (unsigned char)byte;
    return to;
}
