/* hand.c (bench) - the workloads as a C programmer would write them: what a compiler makes of them is the ceiling of speed. */
#include "hand.h"

double out[3];

double *results(void) { return out; }
