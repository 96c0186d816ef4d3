/* fn.c (op) - what fn.h leaves out of line: cases too rare to have in every runner's loop. */
#include "fn.h"

SHARED i32 fn_wrap(f64 a) {
    u64 bits = (Slot){.f = a}.bits;
    u64 fraction = (bits & UINT64_C(0xFFFFFFFFFFFFF)) | UINT64_C(0x10000000000000);
    u32 exponent = (u32)(bits >> 52) & 0x7FF; /* |a| is fraction * 2^(exponent - 1075) */
    if (exponent > 1075 + 31) return 0;       /* whole multiples of 2^32, infinities, NaN */
    u64 whole = exponent < 1075 ? fraction >> (1075 - exponent) : fraction << (exponent - 1075);
    return (i32)(bits >> 63 ? 0u - (u32)whole : (u32)whole);
}
