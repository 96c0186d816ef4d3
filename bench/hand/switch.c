/* switch.c (bench) - a state machine with a gate that lets three through. */
#include "hand.h"

void machine(double n) {
    int a = 1, hits = 0, state = 0, passed = 0;
    for (int i = 0; i < (int)n; i++) {
        switch (state) {
        case 0:
            a = (a * 13 + 7) % 1021;
            state = 1;
            break;
        case 1: state = 2 + a % 2; break;
        case 2:
            a++;
            state = 0;
            passed = 0;
            break;
        default:
            state = 0;
            if (passed < 3) {
                passed++;
                hits++;
            }
        }
    }
    out[0] = a;
    out[1] = hits;
    out[2] = state;
}
