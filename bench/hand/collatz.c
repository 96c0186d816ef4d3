/* collatz.c (bench) - the longest chain. */
#include "hand.h"

void collatz(double n) {
    int best = 0, best_length = 0;
    for (int start = 1; start < (int)n; start++) {
        double x = start;
        int length = 1;
        for (; x > 1; length++) {
            double half = x * 0.5;
            x = __builtin_floor(half) == half ? half : 3 * x + 1;
        }
        if (length > best_length) {
            best = start;
            best_length = length;
        }
    }
    out[0] = best;
    out[1] = best_length;
}
