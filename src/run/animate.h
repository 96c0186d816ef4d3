/* animate.h (run) - the animations that play: begun, stopped and stepped on the endless timeline.
**
** Each animation of the glTF plays at most once, in a list in creation order. A tick steps those that began before it;
** an animation that ends leaves the list before its done flow is activated, and done flows may begin and stop any of
** them. Source: KHR_interactivity, "Animation Control Operations". */
#ifndef TREADLE_ANIMATE_H
#define TREADLE_ANIMATE_H

#include "instance.h"

/* Of one animation; in the list while `serial` is not 0. */
struct Play {
    u32 before, after; /* neighbours, NONE at the ends */
    u64 serial;
    f64 begun;                    /* the instance's clock, seconds */
    f64 start, end, stop, speed;  /* timeline, seconds; end may be infinite; stop is `end` until stopAt */
    u32 node, stop_node;          /* whose done flow follows the end, or the stop (NONE) */
    f64 playhead, virtual_playhead; /* effective and requested time of the last step */
};

/* Memory for the graph's animations; false: refused. */
bool animate_open(Instance *in);

/* animation/start: args = animation, startTime, endTime, speed. False: err flow. */
bool animate_start(Instance *in, u32 node, const Slot *args);
/* animation/stop, animation/stopAt (args = animation, stopTime): false: err flow. */
bool animate_stop(Instance *in, u64 ref);
bool animate_stop_at(Instance *in, u32 node, const Slot *args);

/* Steps what plays in a tick, as interpolate_begin and interpolate_next do: *node is the one whose done output is to
** be activated, else NONE. */
void animate_begin(Instance *in);
bool animate_next(Instance *in, u64 serial, u32 *node);

/* Whether one of them comes to an end by itself. */
bool animate_ends(const Instance *in);

/* What an animation of the glTF does now: `row` is one of its five computed properties. */
void animate_state(const Instance *in, u32 animation, PointerRow row, Slot *out);

/* From the endless timeline into a clip of `last` seconds. */
f64 animate_wrap(f64 time, f64 last);

#endif
