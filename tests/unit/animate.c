/* animate.c (unit) - the endless timeline, numbers at its edges. */
#include "../../src/run/animate.h"

#include <math.h>

#include "test.h"

TEST(timeline_wraps_into_the_clip) {
    /* r > 0: r - ceil((r - T) / T) * T, so T is T; r <= 0: r - floor(r / T) * T, so 0 is 0 and -T is 0 */
    static const f64 cases[][3] = {{0, 2, 0},     {0.5, 2, 0.5}, {2, 2, 2},    {2.5, 2, 0.5}, {4, 2, 2},     {-0.5, 2, 1.5},
                                   {-2, 2, 0},    {-2.5, 2, 1.5}, {-4, 2, 0},  {7, 0, 0},     {-7, 0, 0},    {1e300, 2, 0},
                                   {0.25, 0.125, 0.125}, {3, 4, 3}, {-3, 4, 1}};
    for (u32 i = 0; i < COUNT_OF(cases); i++) {
        f64 seen = animate_wrap(cases[i][0], cases[i][1]);
        if (cases[i][0] == 1e300)
            CHECK(seen >= 0 && seen <= 2); /* where there, nobody can say */
        else
            CHECK_FLOAT(seen, cases[i][2]);
    }
}

TEST(timeline_stays_inside_the_clip_whatever_is_rounded) {
    static const f64 lasts[] = {0.1, 1.0 / 3, 5e-324, 1e-9, 1.7e308}, times[] = {0.3, -0.3, 1e17, -1e17, 5e-324, INFINITY, -INFINITY, 1.7e308};
    for (u32 i = 0; i < COUNT_OF(lasts); i++) {
        for (u32 k = 0; k < COUNT_OF(times); k++) {
            f64 seen = animate_wrap(times[k], lasts[i]);
            CHECK(seen >= 0 && seen <= lasts[i]);
        }
    }
}
