/* clip.c (graph) - reads the animations of a glTF into a graph that can play them. */
#include "clip.h"

#include <math.h>
#include <string.h>
#include "accessor.h"
#include "gltf.h"

/* Of a node: what it can be animated with, and which animation did so last. */
typedef struct Target {
    u32 mesh;    /* NONE */
    u32 used_by; /* the last animation with a channel for it, from 1 ... */
    u8 used;     /* ... and the paths of these channels, as bits */
    bool is_object, has_matrix;
} Target;

typedef struct Sampler {
    u32 input, output; /* accessors */
    u8 mode;
    const char *wrong; /* NULL: nothing */
} Sampler;

/* What all animations of a file share while they are read, and the one in hand. Each object of the file is read once,
** however many channels name it. */
typedef struct Reader {
    Draft *d;
    Clips *clips;
    Accessors accessors;
    const char **times_wrong; /* by accessor: why its values are no times; "" they are; NULL not known yet */
    Target *targets;          /* by node */
    u32 target_count;
    u32 *weights; /* by mesh */
    u32 mesh_count;
    u32 index; /* of the animation */
    Sampler *samplers;
    u32 sampler_count;
} Reader;

/* The members of an item that must be an object. */
static bool read_fields(const Reader *r, const cJSON *item, const char *const *keys, const cJSON **fields, u32 count) {
    if (!cJSON_IsObject(item)) return false;
    json_fields(item, NULL, keys, fields, count, false, r->d->diags);
    return true;
}

/* ---- saying why an animation cannot be played ---- */

static bool refuse_at(const Reader *r, const char *list, u32 index, const char *why) {
    At all = {NULL, TEXT("animations"), 0}, at = {&all, {NULL, 0}, r->index};
    At part = {&at, {list, (u32)strlen(list)}, 0}, element = {&part, {NULL, 0}, index};
    diag_report(r->d->diags, ERR_ANIMATION, *list ? &element : &at, (Detail){0}, r->index, why);
    return false;
}

static bool refuse(const Reader *r, const char *why) { return refuse_at(r, "", 0, why); }
static bool refuse_sampler(const Reader *r, u32 i, const char *why) { return refuse_at(r, "samplers", i, why); }
static bool refuse_channel(const Reader *r, u32 i, const char *why) { return refuse_at(r, "channels", i, why); }

/* ---- times ---- */

static bool is_bound(const cJSON *bound, f64 value) {
    const cJSON *number = cJSON_IsArray(bound) ? bound->child : NULL;
    return cJSON_IsNumber(number) && !number->next && (f64)(float)number->valuedouble == value;
}

/* The data decides: a bound that was rounded on the way would end a clip beside its last key. */
static void check_bounds(const Reader *r, u32 accessor, const Accessor *shape, const f64 *times) {
    At list = {NULL, TEXT("accessors"), 0}, at = {&list, {NULL, 0}, accessor};
    if (is_bound(shape->min, times[0]) && is_bound(shape->max, times[shape->count - 1])) return;
    diag_report(r->d->diags, ERR_ANIMATION_BOUNDS, &at, (Detail){0}, accessor);
}

/* Times rise strictly: before anything is taken, all but one must have bytes of their own. */
static const char *judge_times(Reader *r, u32 accessor) {
    const Accessor *shape = accessor_look(&r->accessors, accessor);
    if (!shape) return "its input cannot be read";
    if (shape->component != COMPONENT_F32 || shape->lanes != 1) return "its input is not a list of floats";
    if (!shape->min || !shape->max) return "its input has no min and max";
    if (shape->count - 1 > shape->backed) return "its times do not rise";
    const f64 *times = accessor_read(&r->accessors, accessor);
    if (!times) return "its input cannot be read";
    for (u32 i = 1; i < shape->count; i++)
        if (!(times[i] > times[i - 1])) return "its times do not rise";
    if (times[0] < 0) return "its times begin before 0";
    check_bounds(r, accessor, shape, times);
    return "";
}

static bool read_times(Reader *r, u32 sampler, Channel *out) {
    u32 accessor = r->samplers[sampler].input;
    const char **wrong = &r->times_wrong[accessor];
    if (!*wrong) *wrong = judge_times(r, accessor);
    if (**wrong) return refuse_sampler(r, sampler, *wrong);
    out->times = r->accessors.looked[accessor].values;
    out->keys = r->accessors.looked[accessor].count;
    return true;
}

/* ---- values ---- */

static bool is_output(const Accessor *shape) {
    if (shape->component == COMPONENT_F32) return true;
    return shape->normalized && shape->component != COMPONENT_U32;
}

/* How many elements the output has, and how wide they are, follows from the target. */
static bool read_values(Reader *r, u32 sampler, Channel *out) {
    u32 accessor = r->samplers[sampler].output;
    const Accessor *shape = accessor_look(&r->accessors, accessor);
    if (!shape) return refuse_sampler(r, sampler, "its output cannot be read");
    u64 elements = (u64)out->keys * (out->mode == MODE_CUBIC ? 3 : 1);
    if (out->path == PATH_WEIGHTS) elements *= out->lanes;
    u32 lanes = out->path == PATH_WEIGHTS ? 1 : out->lanes;
    if (!is_output(shape)) return refuse_sampler(r, sampler, "its output is neither float nor normalized");
    if (shape->lanes != lanes) return refuse_sampler(r, sampler, "its output has another type than the target");
    if (shape->count != elements) return refuse_sampler(r, sampler, "its output does not have a value for each time");
    out->values = accessor_read(&r->accessors, accessor);
    return out->values || refuse_sampler(r, sampler, "its output cannot be read");
}

/* ---- targets ---- */

/* A node and path may be the target of one channel of an animation. */
static bool claim(Reader *r, const Channel *c) {
    Target *t = &r->targets[c->node];
    if (t->used_by != r->index + 1) t->used = 0;
    t->used_by = r->index + 1;
    bool fresh = !(t->used >> c->path & 1);
    t->used |= (u8)(1 << c->path);
    return fresh;
}

static bool read_target(Reader *r, u32 channel, Channel *out) {
    static const u32 lanes[PATHS] = {3, 4, 3, 0};
    const Target *t = &r->targets[out->node];
    if (!t->is_object) return refuse_channel(r, channel, "its node is not an object");
    if (!claim(r, out)) return refuse_channel(r, channel, "another channel has the same target");
    out->lanes = out->path != PATH_WEIGHTS ? lanes[out->path] : t->mesh == NONE ? 0 : r->weights[t->mesh];
    if (!out->lanes) return refuse_channel(r, channel, "its node has no weights");
    if (t->has_matrix && out->path != PATH_WEIGHTS) return refuse_channel(r, channel, "its node has a matrix");
    return true;
}

/* PATHS: an extension's. */
static u8 read_path(const cJSON *item) {
    static const char *const paths[PATHS] = {"translation", "rotation", "scale", "weights"};
    u8 path = 0;
    while (path < PATHS && !(cJSON_IsString(item) && strcmp(item->valuestring, paths[path]) == 0)) path++;
    return path;
}

/* ---- samplers ---- */

static bool read_mode(const cJSON *item, u8 *out) {
    static const char *const modes[] = {"LINEAR", "STEP", "CUBICSPLINE"};
    *out = MODE_LINEAR;
    if (!item) return true;
    for (u32 i = 0; cJSON_IsString(item) && i < COUNT_OF(modes); i++) {
        if (strcmp(item->valuestring, modes[i]) != 0) continue;
        *out = (u8)i;
        return true;
    }
    return false;
}

enum { SAMPLER_INPUT, SAMPLER_OUTPUT, SAMPLER_MODE, SAMPLER_KEYS };

/* What is wrong with an unused one is nobody's concern. */
static Sampler read_sampler(const Reader *r, const cJSON *item) {
    static const char *const keys[SAMPLER_KEYS] = {"input", "output", "interpolation"};
    const cJSON *fields[SAMPLER_KEYS];
    Sampler s = {.wrong = NULL};
    u32 accessors = r->accessors.accessors.count;
    if (!read_fields(r, item, keys, fields, SAMPLER_KEYS) || !json_index(fields[SAMPLER_INPUT], accessors, &s.input) ||
        !json_index(fields[SAMPLER_OUTPUT], accessors, &s.output))
        s.wrong = "its input or output is no accessor";
    else if (!read_mode(fields[SAMPLER_MODE], &s.mode))
        s.wrong = "its interpolation is unknown";
    return s;
}

static bool read_samplers(Reader *r, const cJSON *list) {
    r->sampler_count = 0;
    r->samplers = ARENA_ARRAY(&r->d->scratch, Sampler, cJSON_IsArray(list) ? draft_count(list) : 0);
    for (const cJSON *item = r->samplers && cJSON_IsArray(list) ? list->child : NULL; item; item = item->next)
        r->samplers[r->sampler_count++] = read_sampler(r, item);
    return r->samplers;
}

/* ---- channels ---- */

/* The numbers of a channel; of one that is not played only the times. */
static bool read_numbers(Reader *r, u32 channel, u32 sampler, bool played, Channel *out) {
    const Sampler *s = &r->samplers[sampler];
    if (s->wrong) return refuse_sampler(r, sampler, s->wrong);
    out->mode = s->mode;
    if (!read_times(r, sampler, out)) return false;
    if (!played) return true;
    if (out->mode == MODE_CUBIC && out->keys < 2) return refuse_sampler(r, sampler, "a cubic spline needs two keys");
    return read_target(r, channel, out) && read_values(r, sampler, out);
}

/* Reads a channel to the end of the list, and counts it when it is played. */
static bool read_channel(Reader *r, const cJSON *item, u32 channel, Clip *clip) {
    static const char *const keys[] = {"sampler", "target"}, *const target_keys[] = {"node", "path"};
    const cJSON *fields[2], *target[2];
    Channel *out = &r->clips->channels[r->clips->channel_count];
    u32 sampler;
    *out = (Channel){.cell = NONE};
    if (!read_fields(r, item, keys, fields, 2) || !read_fields(r, fields[1], target_keys, target, 2))
        return refuse_channel(r, channel, "it is not complete");
    if (!json_index(fields[0], r->sampler_count, &sampler)) return refuse_channel(r, channel, "it has no such sampler");
    if (!cJSON_IsString(target[1])) return refuse_channel(r, channel, "its path is not a string");
    out->path = read_path(target[1]);
    bool played = target[0] && out->path < PATHS;
    if (target[0] && !json_index(target[0], r->target_count, &out->node))
        return refuse_channel(r, channel, "it has no such node");
    if (!read_numbers(r, channel, sampler, played, out)) return false;
    clip->first = fmin(clip->first, out->times[0]);
    clip->last = fmax(clip->last, out->times[out->keys - 1]);
    if (!played) return true;
    clip->channel_count++;
    r->clips->channel_count++;
    return true;
}

static bool read_channels(Reader *r, const cJSON *item, Clip *clip) {
    static const char *const keys[] = {"channels", "samplers"};
    const cJSON *fields[2];
    u32 channel = 0;
    if (!read_fields(r, item, keys, fields, 2)) return refuse(r, "it is not an object");
    if (!cJSON_IsArray(fields[0]) || !fields[0]->child) return refuse(r, "it has no channels");
    if (!read_samplers(r, fields[1])) return false; /* no memory */
    for (const cJSON *c = fields[0]->child; c; c = c->next, channel++)
        if (!read_channel(r, c, channel, clip)) return false;
    return true;
}

/* fmin and fmax take the first time in the place of NaN. */
static void read_clip(Reader *r, const cJSON *item) {
    Clips *clips = r->clips;
    Clip *clip = &clips->clip[r->index];
    *clip = (Clip){.first = NAN, .last = NAN, .channel = clips->channel_count};
    clip->valid = read_channels(r, item, clip);
    if (clip->valid) return;
    clips->channel_count = clip->channel;
    *clip = (Clip){.first = NAN, .last = NAN, .channel = clip->channel};
}

/* ---- all of them ---- */

static bool reaches_animations(const Draft *d) {
    for (u32 i = 0; i < d->nodes.count; i++) {
        u8 id = d->nodes.at[i].id;
        if (id == NODE_animation_start || id == NODE_animation_stop || id == NODE_animation_stopAt) return true;
        i32 row = id == NODE_pointer_get ? d->params.at[d->nodes.at[i].params] : POINTER_NOTHING;
        if (row >= POINTER_is_playing && row <= POINTER_virtual_playhead) return true;
    }
    return false;
}

static u32 count_channels(const cJSON *animations) {
    static const char key[] = "channels";
    u32 n = 0;
    for (const cJSON *item = animations->child; item; item = item->next)
        for (const cJSON *part = cJSON_IsObject(item) ? item->child : NULL; part; part = part->next)
            if (strcmp(part->string, key) == 0 && cJSON_IsArray(part)) n += draft_count(part);
    return n;
}

static bool read_meshes(Reader *r, const cJSON *list) {
    r->weights = ARENA_ARRAY(&r->d->scratch, u32, cJSON_IsArray(list) ? draft_count(list) : 0);
    for (const cJSON *item = r->weights && cJSON_IsArray(list) ? list->child : NULL; item; item = item->next)
        r->weights[r->mesh_count++] = gltf_morph_targets(item);
    return r->weights;
}

static Target read_node(const Reader *r, const cJSON *item) {
    static const char *const keys[] = {"matrix", "mesh"};
    const cJSON *fields[2];
    Target t = {.mesh = NONE, .is_object = read_fields(r, item, keys, fields, 2)};
    if (!t.is_object) return t;
    t.has_matrix = fields[0] != NULL;
    if (!json_index(fields[1], r->mesh_count, &t.mesh)) t.mesh = NONE;
    return t;
}

static bool read_nodes(Reader *r, const cJSON *list) {
    r->targets = ARENA_ARRAY(&r->d->scratch, Target, cJSON_IsArray(list) ? draft_count(list) : 0);
    for (const cJSON *item = r->targets && cJSON_IsArray(list) ? list->child : NULL; item; item = item->next)
        r->targets[r->target_count++] = read_node(r, item);
    return r->targets;
}

enum { LIST_ANIMATIONS, LIST_NODES, LIST_MESHES, LISTS };

static bool open_reader(Reader *r, const cJSON *const *lists) {
    Draft *d = r->d;
    Clips *clips = r->clips;
    if (!accessors_open(&r->accessors, d->gltf->root, d->gltf->bin, &d->g->arena, &d->scratch, d->diags)) return false;
    if (!read_meshes(r, lists[LIST_MESHES]) || !read_nodes(r, lists[LIST_NODES])) return false;
    r->times_wrong = ARENA_ARRAY(&d->scratch, const char *, r->accessors.accessors.count);
    clips->count = draft_count(lists[LIST_ANIMATIONS]);
    clips->clip = ARENA_ARRAY(&d->g->arena, Clip, clips->count);
    clips->channels = ARENA_ARRAY(&d->g->arena, Channel, (u64)count_channels(lists[LIST_ANIMATIONS]) + 1);
    return r->times_wrong && clips->clip && clips->channels;
}

Err clip_enter(Draft *d) {
    static const char *const keys[LISTS] = {"animations", "nodes", "meshes"};
    const cJSON *lists[LISTS];
    if (!d->gltf || d->only_checked || !reaches_animations(d)) return ERR_OK;
    Reader r = {.d = d, .clips = &d->g->clips};
    json_fields(d->gltf->root, NULL, keys, lists, LISTS, false, d->diags);
    if (!cJSON_IsArray(lists[LIST_ANIMATIONS])) return ERR_OK;
    if (!open_reader(&r, lists)) return draft_no_memory(d);
    for (const cJSON *item = lists[LIST_ANIMATIONS]->child; item; item = item->next, r.index++) read_clip(&r, item);
    return d->scratch.full || d->g->arena.full ? draft_no_memory(d) : ERR_OK;
}

/* ---- where the targets live ---- */

_Static_assert((int)POINTER_node_translation + PATH_WEIGHTS == (int)POINTER_node_weight, "paths and rows go together");

PointerRow clip_row(const Channel *c) { return (PointerRow)(POINTER_node_translation + c->path); }

void clip_bind(Graph *g) {
    for (u32 i = 0; i < g->clips.channel_count; i++) {
        Channel *c = &g->clips.channels[i];
        c->cell = model_cell(&g->model, clip_row(c), c->node, 0);
        ASSERT(c->cell != NONE);
        c->slot = g->model.cell_slot[c->cell];
    }
}
