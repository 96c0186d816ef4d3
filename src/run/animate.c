/* animate.c (run) - animation/start, stop and stopAt, and what an animation does in each tick. */
#include "animate.h"

#include <math.h>

#include "sample.h"
#include "store.h"

bool animate_open(Instance *in) {
    const Clips *clips = &in->graph->clips;
    in->play_first = in->play_last = in->play_next = NONE;
    in->plays = ARENA_ARRAY(&in->arena, Play, clips->count);
    in->key_cursors = ARENA_ARRAY(&in->arena, u32, clips->channel_count);
    return in->plays && in->key_cursors;
}

/* ---- the list ---- */

static void append(Instance *in, u32 i) {
    Play *p = &in->plays[i];
    p->before = in->play_last;
    p->after = NONE;
    if (p->before == NONE)
        in->play_first = i;
    else
        in->plays[p->before].after = i;
    in->play_last = i;
    in->play_count++;
}

static void drop(Instance *in, u32 i) {
    Play *p = &in->plays[i];
    if (!p->serial) return;
    if (in->play_next == i) in->play_next = p->after;
    if (p->before == NONE)
        in->play_first = p->after;
    else
        in->plays[p->before].after = p->after;
    if (p->after == NONE)
        in->play_last = p->before;
    else
        in->plays[p->after].before = p->before;
    p->serial = 0;
    in->play_count--;
}

/* ---- begin and stop ---- */

/* The animation that a reference names, NONE. */
static u32 find_animation(const Instance *in, u64 ref) {
    u64 first = REF_GLTF(GLTF_ANIMATIONS, 0);
    return ref >= first && ref - first < in->graph->clips.count ? (u32)(ref - first) : NONE;
}

static bool has_room(const Instance *in, u32 animation) {
    u64 limit = in->limits->animations;
    return in->plays[animation].serial || !limit || in->play_count < limit;
}

bool animate_start(Instance *in, u32 node, const Slot *args) {
    u32 i = find_animation(in, args[0].bits);
    f64 start = args[1].f, end = args[2].f, speed = args[3].f;
    if (i == NONE || !isfinite(start) || isnan(end) || !isfinite(speed) || speed <= 0) return false;
    if (!in->graph->clips.clip[i].valid || !has_room(in, i)) return false;
    drop(in, i);
    Play *p = &in->plays[i];
    p->serial = ++in->serial;
    p->begun = in->now;
    p->start = start;
    p->end = p->stop = end;
    p->speed = speed;
    p->node = node;
    p->stop_node = NONE;
    append(in, i);
    return true;
}

bool animate_stop(Instance *in, u64 ref) {
    u32 i = find_animation(in, ref);
    if (i != NONE) drop(in, i);
    return i != NONE;
}

bool animate_stop_at(Instance *in, u32 node, const Slot *args) {
    u32 i = find_animation(in, args[0].bits);
    if (i == NONE || isnan(args[1].f)) return false;
    in->plays[i].stop = args[1].f; /* of one that does not play: a start forgets it */
    in->plays[i].stop_node = node;
    return true;
}

/* ---- the pose at a time ---- */

f64 animate_wrap(f64 time, f64 last) {
    if (last == 0) return 0;
    f64 turns = time > 0 ? ceil((time - last) / last) : floor(time / last);
    f64 inside = time - turns * last;
    return !(inside > 0) ? 0 : inside < last ? inside : last; /* rounding can leave it, and so can what is too large */
}

/* Numbers that are mixed in the time of one fuel. */
enum { WORK_SHARE = 4 };

static void pose_channel(Instance *in, const Channel *c, Spot spot) {
    Slot *to = in->slots + c->slot;
    f64 turned[4];
    if (c->path == PATH_ROTATION) sample_rotation(c, spot, turned);
    for (u32 i = 0; i < c->lanes; i++) to[i].f = c->path == PATH_ROTATION ? turned[i] : sample_lane(c, spot, i);
    for (u32 i = 0; i < (c->path == PATH_WEIGHTS ? c->lanes : 1); i++) store_touch(in, c->cell + i);
    in->work += 1 + c->lanes / WORK_SHARE;
}

static void pose(Instance *in, u32 animation, f64 requested) {
    const Clips *clips = &in->graph->clips;
    const Clip *clip = &clips->clip[animation];
    Play *p = &in->plays[animation];
    p->virtual_playhead = requested;
    p->playhead = animate_wrap(requested, clip->last);
    for (u32 i = clip->channel; i < clip->channel + clip->channel_count; i++) {
        const Channel *c = &clips->channels[i];
        pose_channel(in, c, sample_find(c, p->playhead, &in->key_cursors[i]));
    }
}

/* ---- one step ---- */

/* `time` was reached, on the way from start to end. */
static bool has_reached(const Play *p, f64 now, f64 time) { return p->start < p->end ? now >= time : now <= time; }

/* stopAt counts from the start on and before the end. */
static bool has_stop(const Play *p) {
    return p->start < p->end ? p->stop >= p->start && p->stop < p->end : p->stop <= p->start && p->stop > p->end;
}

/* Where an animation goes in this tick; *node: whose done follows, NONE: it plays on. */
static f64 advance(const Instance *in, const Play *p, u32 *node) {
    f64 gone = (in->now - p->begun) * p->speed;
    f64 now = p->start + (p->start > p->end ? -gone : gone);
    bool stops = p->start != p->end && has_stop(p) && has_reached(p, now, p->stop);
    bool ends = p->start == p->end || has_reached(p, now, p->end);
    *node = stops ? p->stop_node : ends ? p->node : NONE;
    return stops ? p->stop : ends ? p->end : now;
}

void animate_begin(Instance *in) { in->play_next = in->play_first; }

bool animate_next(Instance *in, u64 serial, u32 *node) {
    u32 i = in->play_next;
    *node = NONE;
    if (i == NONE || in->plays[i].serial > serial) return false;
    Play *p = &in->plays[i];
    in->play_next = p->after;
    pose(in, i, advance(in, p, node));
    if (*node != NONE) drop(in, i);
    return true;
}

bool animate_ends(const Instance *in) {
    for (u32 i = in->play_first; i != NONE; i = in->plays[i].after)
        if (isfinite(in->plays[i].end) || has_stop(&in->plays[i])) return true;
    return false;
}

/* ---- for pointers ---- */

void animate_state(const Instance *in, u32 animation, PointerRow row, Slot *out) {
    const Clip *clip = &in->graph->clips.clip[animation];
    const Play *p = &in->plays[animation];
    switch (row) {
    case POINTER_is_playing: out->bits = p->serial != 0; break;
    case POINTER_min_time: out->f = clip->first; break;
    case POINTER_max_time: out->f = clip->last; break;
    case POINTER_playhead: out->f = clip->valid ? p->playhead : NAN; break;
    default: out->f = clip->valid ? p->virtual_playhead : NAN; break;
    }
}
