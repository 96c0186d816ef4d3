/* sum.c (bench) - v = v + i. */
#include "hand.h"

void sum(double n) {
    double v = 0;
    for (int i = 0; i < (int)n; i++) v += i;
    out[0] = v;
}
