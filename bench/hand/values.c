/* values.c (bench) - ten thousand values a turn: 99 chains of a hundred. */
#include "hand.h"

void values(double n) {
    double v = 0;
    for (int i = 0; i < (int)n; i++) {
        double sum = 0;
        for (int k = 0; k < 99; k++) {
            double c = i;
            for (int g = 0; g < 25; g++) {
                c = c * 0.75 + k - g;
                c = c > 0 ? c : 0;
            }
            sum += c;
        }
        v += sum;
    }
    out[0] = v;
}
