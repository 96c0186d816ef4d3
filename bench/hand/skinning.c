/* skinning.c (bench) - a chain of matrices, and a point that each of them moves. */
#include "hand.h"

static void multiply(const double a[16], const double b[16], double product[16]) {
    for (int c = 0; c < 16; c += 4)
        for (int r = 0; r < 4; r++)
            product[c + r] = a[r] * b[c] + a[r + 4] * b[c + 1] + a[r + 8] * b[c + 2] + a[r + 12] * b[c + 3];
}

void skinning(double n) {
    static const double turn[16] = {0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1, 0, 1, 2, 0, 1};
    static const double point[4] = {3, 5, 7, 1}, weight[4] = {1, 16, 256, 0};
    double m[16] = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}, s = 0;
    for (int i = 0; i < (int)n; i++) {
        double next[16], seen = 0;
        multiply(m, turn, next);
        __builtin_memcpy(m, next, sizeof m);
        for (int r = 0; r < 4; r++) {
            double lane = m[r] * point[0] + m[r + 4] * point[1] + m[r + 8] * point[2] + m[r + 12] * point[3];
            seen += lane * weight[r];
        }
        s += seen;
    }
    out[0] = s;
}
