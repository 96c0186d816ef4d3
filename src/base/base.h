/* base.h (base) - the words every other file is written in: sized integers, asserts, helpers. */
#ifndef TREADLE_BASE_H
#define TREADLE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t i8;
typedef int16_t i16;
typedef int32_t i32;
typedef int64_t i64;
typedef double f64;

#define COUNT_OF(array) ((u32)(sizeof(array) / sizeof((array)[0])))

/* A parameter that not every user of a common head needs. */
#define UNUSED __attribute__((unused))

/* Seen by other files; static where all is printed into one (run/cgen.h). */
#ifndef SHARED
#define SHARED
#endif

/* The handle that names nothing: an unconnected socket, an absent slot. */
#define NONE UINT32_MAX

/* Asserts state what the code relies on and stay on in every build: a broken engine stops with a
** name instead of going on with a wrong result. `assert_failed` does not return. */
_Noreturn void assert_failed(const char *what, const char *file, int line);
#define ASSERT(what) ((what) ? (void)0 : assert_failed(#what, __FILE__, __LINE__))

/* Borrowed text: `len` bytes of UTF-8 that need not end in NUL. */
typedef struct Text {
    const char *data;
    u32 len;
} Text;

#define TEXT(literal) ((Text){(literal), (u32)sizeof(literal) - 1})

#endif
