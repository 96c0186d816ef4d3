/* slerp.c (bench) - quaternions between two others. */
#include "hand.h"

#include <math.h>

void slerp(double n, double step) {
    const double a[4] = {0, 0, 0, 1}, b[4] = {0.6, 0, 0, 0.8};
    double s = 0;
    for (int i = 0; i < (int)n; i++) {
        double c = i * step, q[4];
        double dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3], sign = dot < 0 ? -1 : 1;
        double angle = acos(fmin(sign * dot, 1));
        double from = 1 - c, to = sign * c;
        if (angle >= 1e-6) {
            from = sin((1 - c) * angle) / sin(angle);
            to = sign * sin(c * angle) / sin(angle);
        }
        for (int k = 0; k < 4; k++) q[k] = from * a[k] + to * b[k];
        s += 2 * q[0] + q[3];
    }
    out[0] = s;
}
