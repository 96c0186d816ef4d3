/* nested.c (bench) - three loops in each other. */
#include "hand.h"

void nested(double n) {
    double v = 0;
    for (int i = 0; i < (int)n; i++)
        for (int j = 0; j < (int)n; j++)
            for (int k = 0; k < (int)n; k++) v += i * j + k;
    out[0] = v;
}
