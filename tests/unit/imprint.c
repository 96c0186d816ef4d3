/* imprint.c (unit) - the hash of where a run stands: what must change it, and what must not. */
#include "../../src/engine/task.h"
#include "play.h"
#include "test.h"

#include <string.h>

/* for i in 0..5: v = v + i, and a float beside it. */
#define SUM                                                                                        \
    GRAPH_WITH(INT("v", 0) "," FLOAT("x", 0.5),                                                    \
               START("s", "loop") GET("get", "v") FOR("loop", "0", "5", "'loopBody':'set'")        \
               "{'id':'add','op':'math/add','values':{'a':{'from':'get'},'b':{'from':'loop:index'}}}," \
               SET("set", "v", "{'from':'add'}", "") LAST)

static void open_sum(Play *p) {
    play_open(p, SUM, RUNNER_VM);
    CHECK(p->instance);
    CHECK(td_watch_yields(p->e, p->instance));
    td_cadence(p->e, 1);
    p->e->engine->yields = true; /* as in variants that do */
}

/* Slices up to the n-th yield from here; what the run looks like there. */
static const char *imprint_after(Play *p, u32 yields) {
    static char text[17];
    while (yields--) td_slice(p->e);
    td_imprint(p->e, p->instance);
    memcpy(text, td_text(p->e), sizeof text);
    return text;
}

static Slot *slot_of_variable(Play *p, u32 variable) {
    Instance *in = play_instance(p);
    return &in->slots[in->graph->variable_slot[variable]];
}

TEST(imprint_is_the_same_for_the_same_run) {
    Play p, q;
    open_sum(&p);
    open_sum(&q);
    for (u32 i = 0; i < 3; i++) {
        char first[17];
        memcpy(first, imprint_after(&p, 1), sizeof first);
        CHECK_TEXT(imprint_after(&q, 1), first);
    }
    play_drain(&p);
    play_drain(&q);
    CHECK_INT(*engine_yields_hash(play_instance(&p)), *engine_yields_hash(play_instance(&q)));
    play_end(&p);
    play_end(&q);
}

static void check_changed(Play *p, const char *was) { CHECK(strcmp(imprint_after(p, 0), was) != 0); }

TEST(imprint_sees_state_the_place_the_stack_and_the_fuel) {
    Play p;
    char was[17];
    open_sum(&p);
    memcpy(was, imprint_after(&p, 3), sizeof was);
    Instance *in = play_instance(&p);
    CHECK(in->busy && in->depth > 0);
    Slot *v = slot_of_variable(&p, 0), *top = &in->slots[in->program->stack_first + in->depth - 1];
    v->i ^= 1;
    check_changed(&p, was);
    v->i ^= 1;
    top->bits ^= 1;
    check_changed(&p, was);
    top->bits ^= 1;
    in->pc++;
    check_changed(&p, was);
    in->pc--;
    CHECK_TEXT(imprint_after(&p, 0), was);
    imprint_after(&p, 1);
    check_changed(&p, was);
    play_end(&p);
}

TEST(imprint_counts_all_nans_for_one_and_looks_at_no_upper_half_of_an_int) {
    Play p;
    char was[17];
    open_sum(&p);
    Slot *v = slot_of_variable(&p, 0), *x = slot_of_variable(&p, 1);
    x->bits = NAN_BITS;
    memcpy(was, imprint_after(&p, 2), sizeof was);
    x->bits = NAN_BITS ^ UINT64_C(0x8000000000000123);
    v->bits |= UINT64_C(1) << 40;
    CHECK_TEXT(imprint_after(&p, 0), was);
    play_end(&p);
}

TEST(yields_hash_tells_two_cadences_apart_and_is_told_only_when_asked_for) {
    Play p, q;
    open_sum(&p);
    open_sum(&q);
    td_cadence(q.e, 2);
    play_drain(&p);
    play_drain(&q);
    CHECK(*engine_yields_hash(play_instance(&p)) != *engine_yields_hash(play_instance(&q)));
    td_report(p.e, p.instance);
    CHECK(strstr(td_text(p.e), "\"yieldsHash\":\"") != NULL);
    play_end(&p);
    play_end(&q);
    play_open(&p, SUM, RUNNER_VM);
    play_drain(&p);
    td_report(p.e, p.instance);
    CHECK(strstr(td_text(p.e), "yieldsHash") == NULL);
    CHECK(!td_imprint(p.e, p.instance));
    play_end(&p);
}

TEST(walkers_yields_cannot_be_watched) {
    Play p;
    play_open(&p, SUM, RUNNER_WALK);
    CHECK(!td_watch_yields(p.e, p.instance));
    CHECK_TEXT(td_text(p.e), "The walker's frames are its own, or there is no memory.");
    play_end(&p);
}
