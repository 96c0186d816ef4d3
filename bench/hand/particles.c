/* particles.c (bench) - something that falls, in three lanes. */
#include "hand.h"

void particles(double n) {
    double v[3] = {1, 0.5, 0.25}, p[3] = {0, 0, 0}, e = 0;
    for (int i = 0; i < (int)n; i++) {
        v[1] += -0.0078125;
        for (int lane = 0; lane < 3; lane++) p[lane] += v[lane] * 0.5;
        e += v[0] * p[0] + v[1] * p[1] + v[2] * p[2];
    }
    out[0] = e;
}
