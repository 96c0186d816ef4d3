/* sieve.c (bench) - primes below 1024 by striking out, in bits; a gate lets the first eleven strike. */
#include "hand.h"

void sieve(double rounds) {
    int count = 0, top = 0;
    for (int round = 0; round < (int)rounds; round++) {
        unsigned words[32] = {0};
        int passed = 0;
        for (int i = 2; i < 1024; i++) {
            if (words[i >> 5] >> (i & 31) & 1) continue;
            count++;
            top = i;
            if (passed == 11) continue;
            passed++;
            for (int k = i; k < 1023 / i + 1; k++) words[i * k >> 5] |= 1u << (i * k & 31);
        }
    }
    out[0] = count;
    out[1] = top;
}
