/* montecarlo.c (bench) - throws at a quarter of a circle; numbers by the same hash as math/random has. */
#include "hand.h"

#include <stdint.h>

static const uint64_t golden = UINT64_C(0x9E3779B97F4A7C15);

static uint64_t mix(uint64_t x) {
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

/* Which of the two numbers, and of which turn. */
static double chance(uint64_t node, uint64_t turn) {
    uint64_t hash = mix(mix(golden) ^ (node + golden));
    return (double)(mix(hash ^ (turn + golden)) >> 11) * 0x1p-53;
}

void montecarlo(double n) {
    int hits = 0;
    for (int i = 0; i < (int)n; i++) {
        double x = chance(2, (uint64_t)i), y = chance(3, (uint64_t)i);
        if (x * x + y * y < 1) hits++;
    }
    out[0] = hits;
}
