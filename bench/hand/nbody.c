/* nbody.c (bench) - a sun and four planets. */
#include "hand.h"

#include <math.h>

#define BODIES 5

typedef struct {
    double mass, p[3], v[3];
} Body;

static void pull(Body *a, Body *b) {
    double d[3];
    for (int k = 0; k < 3; k++) d[k] = b->p[k] - a->p[k];
    double r2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
    double w = 0.015625 / (r2 * sqrt(r2));
    for (int k = 0; k < 3; k++) {
        double force = d[k] * w;
        a->v[k] += force * b->mass;
        b->v[k] -= force * a->mass;
    }
}

void nbody(double n) {
    Body body[BODIES] = {
        {1, {0, 0, 0}, {0, 0, 0}},
        {0x1p-6, {4, 0, 0.25}, {0, 0.5, 0}},
        {0x1p-7, {0, 6, -0.5}, {-0.40625, 0, 0}},
        {0x1p-8, {-8, 0, 0.5}, {0, -0.34375, 0}},
        {0x1p-9, {0, -10, 0.25}, {0.3125, 0, 0}},
    };
    for (int step = 0; step < (int)n; step++) {
        for (int i = 0; i < BODIES; i++)
            for (int j = i + 1; j < BODIES; j++) pull(&body[i], &body[j]);
        for (int i = 0; i < BODIES; i++)
            for (int k = 0; k < 3; k++) body[i].p[k] += body[i].v[k] * 0.015625;
    }
    double s = 0;
    for (int i = 0; i < BODIES; i++) s += body[i].p[0] + body[i].p[1] * 16 + body[i].p[2] * 256;
    out[0] = s;
}
