/* number.c (base) - a number as JavaScript spells it: the fewest digits that read back to it. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"

enum { DIGITS_MAX = 17 };

/* Adds one to the last digit of "1.234e+05", or takes one off. False when the first digit would
** run out. */
static bool number_step(char *text, bool up) {
    const char from = up ? '9' : '0', to = up ? '0' : '9';
    for (char *at = strchr(text, 'e') - 1; at > text; at--) {
        if (*at < '0' || *at > '9') continue; /* the point, whatever the locale makes of it */
        if (*at != from) {
            *at = (char)(*at + (up ? 1 : -1));
            return true;
        }
        *at = to;
    }
    return false;
}

/* Beside a power of two doubles lie denser below than above, and the 16 digits nearest to it may
** read back as its neighbour while those one further off do not. */
static bool number_reads_back(char *text, f64 value, int precision) {
    f64 read = strtod(text, NULL);
    if (read == value || precision != 16) return read == value;
    return number_step(text, read < value) && strtod(text, NULL) == value;
}

/* The fewest significant digits that read back to `value` (positive, finite); value = 0.digits x
** 10^point. A decimal of up to 15 digits survives a double, so fewer than 15 are only tried where
** doubles are sparser than that. */
static u32 number_shortest(f64 value, char digits[DIGITS_MAX + 1], i32 *point) {
    char text[64];
    for (int precision = value < DBL_MIN ? 1 : 15; precision <= DIGITS_MAX; precision++) {
        snprintf(text, sizeof text, "%.*e", precision - 1, value);
        if (number_reads_back(text, value, precision)) break;
    }
    u32 count = 0;
    const char *at = text;
    for (; *at && *at != 'e'; at++) {
        if (*at >= '0' && *at <= '9') digits[count++] = *at;
    }
    while (count > 1 && digits[count - 1] == '0') count--;
    digits[count] = 0;
    *point = (i32)strtol(at + 1, NULL, 10) + 1;
    return count;
}

/* Whole numbers of up to 15 digits need no search, and most numbers are: indices, counts, times. */
static u32 number_spell_whole(f64 value, char out[NUMBER_SIZE]) {
    char digits[16];
    u32 count = 0, len = 0;
    u64 rest = (u64)fabs(value);
    do digits[count++] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (signbit(value)) out[len++] = '-';
    while (count) out[len++] = digits[--count];
    out[len] = 0;
    return len;
}

/* The layout rules are those of ECMAScript's Number::toString. */
SHARED u32 number_spell(f64 value, char out[NUMBER_SIZE]) {
    char digits[DIGITS_MAX + 1];
    i32 point;
    const char *sign = signbit(value) ? "-" : "";
    if (fabs(value) < 1e15 && value == (f64)(i64)value) return number_spell_whole(value, out);
    i32 count = (i32)number_shortest(fabs(value), digits, &point);
    int len;
    if (count <= point && point <= 21)
        len = snprintf(out, NUMBER_SIZE, "%s%s%.*s", sign, digits, point - count, "00000000000000000000");
    else if (0 < point && point <= 21)
        len = snprintf(out, NUMBER_SIZE, "%s%.*s.%s", sign, point, digits, digits + point);
    else if (-6 < point && point <= 0)
        len = snprintf(out, NUMBER_SIZE, "%s0.%.*s%s", sign, -point, "00000", digits);
    else if (count == 1)
        len = snprintf(out, NUMBER_SIZE, "%s%se%+d", sign, digits, point - 1);
    else
        len = snprintf(out, NUMBER_SIZE, "%s%c.%se%+d", sign, digits[0], digits + 1, point - 1);
    return (u32)len;
}
