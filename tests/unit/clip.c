/* clip.c (unit) - animations of a glTF decoded at load: what may play, what may not, and where that is said. */
#include <math.h>

#include "asset.h"

/* Times 0, 1 (accessor 0), two translations (1), two rotations (2); a graph that reaches animations. */
#define SCRIPT                                                                                     \
    "'extensions':{'KHR_interactivity':{'graphs':[{'types':[{'signature':'ref'}],"                 \
    "'declarations':[{'op':'event/onStart'},{'op':'animation/stop'}],"                             \
    "'nodes':[{'declaration':0,'flows':{'out':{'node':1}}},{'declaration':1,'values':{'animation':{'type':0,'value':['/animations/0']}}}]}]}}"
#define DATA(accessors)                                                                            \
    "'buffers':[{'byteLength':64}],'bufferViews':[{'buffer':0,'byteLength':64}],'accessors':["     \
    "{'bufferView':0,'componentType':5126,'count':2,'type':'SCALAR','min':[0],'max':[1]},"         \
    "{'bufferView':0,'byteOffset':8,'componentType':5126,'count':2,'type':'VEC3'},"                \
    "{'bufferView':0,'byteOffset':32,'componentType':5126,'count':2,'type':'VEC4'}" accessors "]"
#define NODES "'nodes':[{},{'matrix':[1,0,0,0,0,1,0,0,0,0,1,0,0,0,0,1]}]"
#define ASSET(animations) "{'asset':{'version':'2.0'}," NODES "," DATA("") ",'animations':[" animations "]," SCRIPT "}"
#define ANIMATION(channels, samplers) "{'channels':[" channels "],'samplers':[" samplers "]}"
#define CHANNEL(sampler, node, path) "{'sampler':" #sampler ",'target':{'node':" #node ",'path':'" path "'}}"
#define SAMPLER(input, output, rest) "{'input':" #input ",'output':" #output rest "}"
#define MOVE CHANNEL(0, 0, "translation")
#define LINE SAMPLER(0, 1, "")

static const float numbers[16] = {0, 1, 1, 2, 3, 4, 5, 6, 0, 0, 0, 1, 0, 0, 1, 0};

static void open_asset(Loading *l, Asset *a, const char *quoted) {
    loading_open(l);
    asset_floats(a, numbers, 16);
    asset_pack(a, quoted);
    loading_bytes(l, a->file.data, a->file.len);
}

static void close_asset(Loading *l, Asset *a) {
    loading_close(l);
    asset_close(a);
}

/* A file whose only animation cannot be played: it loads, says why in so many words, at this place, and the times are
** NaN. */
#define CANNOT_PLAY(file, place, words)                                                            \
    do {                                                                                           \
        Loading l;                                                                                 \
        Asset a = {0};                                                                             \
        open_asset(&l, &a, file);                                                                  \
        u32 last = l.diags.count - 1;                                                              \
        CHECK(l.graph != NULL && l.diags.count > 0);                                               \
        CHECK_TEXT(l.diags.list[last].message, "animation 0 cannot be played: " words);            \
        CHECK_TEXT(l.diags.list[last].pointer, "/animations/0" place);                             \
        CHECK_INT(l.diags.list[last].severity, SEVERITY_WARNING);                                  \
        CHECK_INT(l.graph->clips.count, 1);                                                        \
        CHECK(!l.graph->clips.clip[0].valid);                                                      \
        CHECK_FLOAT(l.graph->clips.clip[0].first, NAN);                                            \
        CHECK_FLOAT(l.graph->clips.clip[0].last, NAN);                                             \
        CHECK_INT(l.graph->clips.channel_count, 0);                                                \
        close_asset(&l, &a);                                                                       \
    } while (0)

TEST(clip_keys_and_targets_are_those_of_the_file) {
    Loading l;
    Asset a = {0};
    open_asset(&l, &a, ASSET(ANIMATION(MOVE "," CHANNEL(1, 0, "rotation"), LINE "," SAMPLER(0, 2, ",'interpolation':'STEP'"))));
    CHECK_TEXT(loading_says(&l, 0), "");
    const Clips *clips = &l.graph->clips;
    CHECK_INT(clips->count, 1);
    CHECK(clips->clip[0].valid);
    CHECK_FLOAT(clips->clip[0].first, 0);
    CHECK_FLOAT(clips->clip[0].last, 1);
    CHECK_INT(clips->clip[0].channel_count, 2);
    const Channel *move = &clips->channels[0], *turn = &clips->channels[1];
    CHECK_INT(move->path, PATH_TRANSLATION);
    CHECK_INT(move->mode, MODE_LINEAR);
    CHECK_INT(move->keys, 2);
    CHECK_INT(move->lanes, 3);
    CHECK_FLOAT(move->values[5], 6);
    CHECK_INT(turn->path, PATH_ROTATION);
    CHECK_INT(turn->mode, MODE_STEP);
    CHECK_FLOAT(turn->values[6], 1);
    CHECK(turn->times == move->times); /* one accessor, read once */
    CHECK(move->slot + 3 <= l.graph->state_count);
    close_asset(&l, &a);
}

TEST(clip_is_not_read_by_a_graph_that_reaches_no_animation) {
    Loading l;
    Asset a = {0};
    open_asset(&l, &a, "{" NODES "," DATA("") ",'animations':[" ANIMATION(MOVE, "{}") "],"
                       "'extensions':{'KHR_interactivity':{'graphs':[{}]}}}");
    CHECK_TEXT(loading_says(&l, 0), "");
    CHECK_INT(l.graph->clips.count, 0);
    close_asset(&l, &a);
}

TEST(clip_channels_of_extensions_count_for_the_times_and_do_nothing) {
    Loading l;
    Asset a = {0};
    open_asset(&l, &a, ASSET(ANIMATION("{'sampler':0,'target':{'path':'pointer'}},{'sampler':0,'target':{'path':'translation'}},{'sampler':0,'target':{'node':0,'path':'other'}}", SAMPLER(0, 2, ""))));
    CHECK_TEXT(loading_says(&l, 0), "");
    CHECK(l.graph->clips.clip[0].valid);
    CHECK_INT(l.graph->clips.clip[0].channel_count, 0);
    CHECK_FLOAT(l.graph->clips.clip[0].last, 1);
    close_asset(&l, &a);
}

TEST(clip_samplers_that_nobody_uses_may_be_anything) {
    Loading l;
    Asset a = {0};
    open_asset(&l, &a, ASSET(ANIMATION(MOVE, LINE "," SAMPLER(99, -1, ",'interpolation':5") ",7")));
    CHECK_TEXT(loading_says(&l, 0), "");
    CHECK(l.graph->clips.clip[0].valid);
    close_asset(&l, &a);
}

TEST(clip_channels_must_have_a_target_and_a_sampler) {
    CANNOT_PLAY(ASSET("5"), "", "it is not an object");
    CANNOT_PLAY(ASSET("{'samplers':[]}"), "", "it has no channels");
    CANNOT_PLAY(ASSET(ANIMATION("", LINE)), "", "it has no channels");
    CANNOT_PLAY(ASSET(ANIMATION("{'sampler':0}", LINE)), "/channels/0", "it is not complete");
    CANNOT_PLAY(ASSET(ANIMATION(CHANNEL(1, 0, "translation"), LINE)), "/channels/0", "it has no such sampler");
    CANNOT_PLAY(ASSET(ANIMATION(CHANNEL(-1, 0, "translation"), LINE)), "/channels/0", "it has no such sampler");
    CANNOT_PLAY(ASSET(ANIMATION("{'sampler':0,'target':{'node':0}}", LINE)), "/channels/0", "its path is not a string");
    CANNOT_PLAY(ASSET(ANIMATION(CHANNEL(0, 2, "translation"), LINE)), "/channels/0", "it has no such node");
    CANNOT_PLAY(ASSET(ANIMATION(MOVE "," MOVE, LINE)), "/channels/1", "another channel has the same target");
    CANNOT_PLAY(ASSET(ANIMATION(CHANNEL(0, 1, "translation"), LINE)), "/channels/0", "its node has a matrix");
    CANNOT_PLAY(ASSET(ANIMATION(CHANNEL(0, 0, "weights"), LINE)), "/channels/0", "its node has no weights");
}

TEST(clip_samplers_must_fit_their_targets) {
    CANNOT_PLAY(ASSET(ANIMATION(MOVE, "{}")), "/samplers/0", "its input or output is no accessor");
    CANNOT_PLAY(ASSET(ANIMATION(MOVE, SAMPLER(0, 9, ""))), "/samplers/0", "its input or output is no accessor");
    CANNOT_PLAY(ASSET(ANIMATION(MOVE, SAMPLER(0, 1, ",'interpolation':'SPLINE'"))), "/samplers/0", "its interpolation is unknown");
    CANNOT_PLAY(ASSET(ANIMATION(MOVE, SAMPLER(0, 2, ""))), "/samplers/0", "its output has another type than the target");
    CANNOT_PLAY(ASSET(ANIMATION(MOVE, SAMPLER(0, 1, ",'interpolation':'CUBICSPLINE'"))), "/samplers/0",
                "its output does not have a value for each time");
    CANNOT_PLAY(ASSET(ANIMATION(MOVE, SAMPLER(1, 1, ""))), "/samplers/0", "its input is not a list of floats");
}

/* One more accessor, 3, and an animation that reads its times from it. */
#define TIMES(accessor) "{" NODES "," DATA("," accessor) ",'animations':[" ANIMATION(MOVE, SAMPLER(3, 1, "")) "]," SCRIPT "}"

TEST(clip_times_must_rise_from_zero_on) {
    CANNOT_PLAY(TIMES("{'bufferView':0,'byteOffset':4,'componentType':5126,'count':2,'type':'SCALAR','min':[1],'max':[1]}"),
                "/samplers/0", "its times do not rise"); /* 1, 1 */
    CANNOT_PLAY(TIMES("{'bufferView':0,'componentType':5126,'count':2,'type':'SCALAR'}"), "/samplers/0",
                "its input has no min and max");
    CANNOT_PLAY(TIMES("{'componentType':5126,'count':1000000000,'type':'SCALAR','min':[0],'max':[1]}"), "/samplers/0",
                "its times do not rise"); /* found without reading */
    CANNOT_PLAY(TIMES("{'bufferView':0,'componentType':5126,'count':17,'type':'SCALAR','min':[0],'max':[1]}"), "/samplers/0",
                "its input cannot be read");
    CANNOT_PLAY(TIMES("{'bufferView':0,'componentType':5121,'normalized':true,'count':2,'type':'SCALAR','min':[0],'max':[1]}"),
                "/samplers/0", "its input is not a list of floats");
}

TEST(clip_bounds_that_are_wrong_are_told_and_the_data_counts) {
    Loading l;
    Asset a = {0};
    open_asset(&l, &a, TIMES("{'bufferView':0,'componentType':5126,'count':2,'type':'SCALAR','min':[0],'max':[2]}"));
    CHECK_TEXT(loading_says(&l, 0), "accessor 3: min and max are not those of its data, which is used");
    CHECK_TEXT(l.diags.list[0].pointer, "/accessors/3");
    CHECK(l.graph->clips.clip[0].valid);
    CHECK_FLOAT(l.graph->clips.clip[0].last, 1);
    close_asset(&l, &a);
}

TEST(clip_weights_are_as_many_as_the_mesh_has_targets) {
    Loading l;
    Asset a = {0};
    loading_open(&l);
    asset_floats(&a, numbers, 16);
    asset_pack(&a, "{'meshes':[{'primitives':[{'targets':[{},{}]}]}],'nodes':[{'mesh':0}]," DATA(",{'componentType':5126,'count':4,'type':'SCALAR'}")
                   ",'animations':[" ANIMATION(CHANNEL(0, 0, "weights"), SAMPLER(0, 3, "")) "]," SCRIPT "}");
    loading_bytes(&l, a.file.data, a.file.len);
    CHECK_TEXT(loading_says(&l, 0), "");
    CHECK_INT(l.graph->clips.channels[0].lanes, 2);
    CHECK_FLOAT(l.graph->clips.channels[0].values[3], 0);
    close_asset(&l, &a);
}

TEST(clip_other_animations_play_beside_one_that_cannot) {
    Loading l;
    Asset a = {0};
    open_asset(&l, &a, ASSET("7," ANIMATION(MOVE, LINE)));
    CHECK_INT(l.diags.warnings, 1);
    CHECK(!l.graph->clips.clip[0].valid);
    CHECK(l.graph->clips.clip[1].valid);
    CHECK_INT(l.graph->clips.channel_count, 1);
    close_asset(&l, &a);
}
