/* store.c (unit) - the object model: what templates name, what is lowered in place, what hosts write and see. */
#include "../../src/run/store.h"

#include <string.h>

#include "../../src/engine/task.h"
#include "../../src/run/served.h"
#include "lowered.h"
#undef INT
#undef START
#undef GET
#undef SET
#include "play.h"

#define POINTERS KHR_ALL_TYPES ",'declarations':[{'op':'event/onStart'},{'op':'pointer/set'},{'op':'pointer/get'},{'op':'variable/set'},{'op':'flow/for'}]"
#define AT(pointer, type) "'configuration':{'pointer':{'value':['" pointer "']},'type':{'value':[" #type "]}}"
#define SCENE(graph)                                                                               \
    "{'asset':{'version':'2.0'},'nodes':[{'translation':[1,2,3],'children':[1]},{}],'extensions':{'KHR_interactivity':{'graphs':[{" \
    POINTERS "," graph "}]}}}"
#define VECTOR ",'value':{'type':4,'value':[7,8,9]}"
#define WRITES(pointer, parameter)                                                                 \
    SCENE("'nodes':[{'declaration':0,'flows':{'out':{'node':1}}},{'declaration':1," AT(pointer, 4) ",'values':{" parameter "}}]")

/* ---- paths ---- */

static bool below(PointerRow row, const char *prefix) { return pointer_below(row, (Text){prefix, (u32)strlen(prefix)}); }

TEST(a_prefix_covers_whole_steps) {
    CHECK(below(POINTER_node_translation, ""));
    CHECK(below(POINTER_node_translation, "/nodes"));
    CHECK(below(POINTER_node_translation, "/nodes/{}/translation"));
    CHECK(below(POINTER_node_translation, "/nodes/7"));
    CHECK(!below(POINTER_node_translation, "/node"));
    CHECK(!below(POINTER_node_translation, "/nodes/x/translation"));
    CHECK(!below(POINTER_node_translation, "/nodes/{}/translation/0"));
    CHECK(below(POINTER_ior, "/materials/{}/extensions/KHR_materials_ior")); /* whether or not it must be there */
}

TEST(the_indices_of_a_path_say_what_they_count_in) {
    CHECK_INT(pointer_index(POINTER_node_weight, 0), GLTF_NODES);
    CHECK_INT(pointer_index(POINTER_node_weight, 1), INDEX_PART);
    CHECK_INT(pointer_index(POINTER_light_color, 0), GLTF_LIGHTS);
    CHECK_INT(pointer_index(POINTER_light_color, 1), INDEX_NONE);
    CHECK_INT(pointer_index(POINTER_nodes_length, 0), INDEX_NONE);
    CHECK_INT(pointer_index(POINTER_delay, 0), INDEX_DELAY);
}

/* ---- lowering ---- */

TEST(a_cell_that_is_known_is_written_in_place) {
    static const char *const known[] = {WRITES("/nodes/1/translation", "'x':{'type':1,'value':[0]}" VECTOR),
                                        WRITES("/nodes/[i]/translation", "'i':{'type':1,'value':[1]}" VECTOR),
                                        WRITES("/nodes/{r}/translation", "'r':{'type':6,'value':['/nodes/1']}" VECTOR)};
    for (u32 i = 0; i < COUNT_OF(known); i++) {
        Lowered l;
        char why[128];
        lowered_open(&l, known[i]);
        CHECK_INT(lowered_count(&l, CODE_touch), 1);
        CHECK_INT(lowered_count(&l, CODE_copy), 1);
        CHECK_INT(lowered_count(&l, CODE_pointer_set), 0);
        CHECK_INT(lowered_count(&l, CODE_jump_not), 0);
        CHECK(verify(l.program, why, sizeof why));
        lowered_close(&l);
    }
}

TEST(a_cell_that_is_not_there_is_asked_for_when_it_runs) {
    Lowered l;
    lowered_open(&l, WRITES("/nodes/2/translation", "'x':{'type':1,'value':[0]}" VECTOR));
    CHECK_INT(lowered_count(&l, CODE_touch), 0);
    CHECK_INT(lowered_count(&l, CODE_pointer_set), 1);
    lowered_close(&l);
}

TEST(no_program_writes_what_is_fixed_or_touches_what_is_no_cell) {
    Lowered l;
    char why[128];
    lowered_open(&l, SCENE("'variables':[{'type':1}],'nodes':[{'declaration':0,'flows':{'out':{'node':2}}},{'declaration':2," AT("/nodes.length", 1)
                           "},{'declaration':3,'configuration':{'variables':{'value':[0]}},'values':{'0':{'node':1}}}]"));
    const Model *m = &l.graph->model;
    CHECK_INT(m->cell_count, 1);
    CHECK_INT(m->mutable_count, 0);
    CHECK(verify(l.program, why, sizeof why));
    Ins *mov = NULL;
    for (u32 pc = 0; pc < l.program->count; pc++)
        if (l.program->code[pc].code == CODE_mov) mov = &l.program->code[pc];
    CHECK(mov != NULL);
    i32 variable = mov->a;
    mov->a = (i32)m->cell_slot[0];
    CHECK(!verify(l.program, why, sizeof why));
    CHECK(strstr(why, "writes what is fixed") != NULL);
    mov->a = variable;
    mov->code = CODE_touch;
    CHECK(!verify(l.program, why, sizeof why));
    lowered_close(&l);
}

/* ---- hosts ---- */

static const f64 *changes(Play *p) { return td_changes(p->e, p->instance); }

TEST(what_was_written_is_told_once_with_its_last_value) {
    for (i32 runner = RUNNER_VM; runner <= RUNNER_WALK; runner++) {
        Play p;
        play_open(&p, WRITES("/nodes/1/translation", "'x':{'type':1,'value':[0]}" VECTOR), runner);
        CHECK(p.instance);
        CHECK_FLOAT(changes(&p)[0], 0);
        play_drain(&p);
        const f64 *list = changes(&p);
        static const f64 expected[] = {1, 1, 3, 7, 8, 9}; /* one change: cell 1, 3 lanes */
        for (u32 i = 0; i < COUNT_OF(expected); i++) CHECK_FLOAT(list[i], expected[i]);
        CHECK_FLOAT(changes(&p)[0], 0);
        play_end(&p);
    }
}

static bool point_set(Play *p, const char *pointer, const char *json) {
    return td_point_set(p->e, p->instance, pointer, json);
}

TEST(a_host_writes_at_once_when_nothing_runs_else_behind_what_does) {
    Play p;
    play_open(&p, SCENE("'nodes':[{'declaration':0,'flows':{'out':{'node':1}}},{'declaration':4,'values':{'startIndex':{'type':1,'value':[0]},"
                        "'endIndex':{'type':1,'value':[3]}},'flows':{'loopBody':{'node':2}}},{'declaration':1," AT("/nodes/0/translation", 4)
                        ",'values':{'x':{'type':1,'value':[0]}" VECTOR "}}]"), RUNNER_VM);
    CHECK(p.instance);
    CHECK(point_set(&p, "/nodes/0/translation", "[4,5,6]")); /* nothing has run: at once */
    CHECK(td_point_get(p.e, p.instance, "/nodes/0/translation"));
    CHECK_TEXT(td_text(p.e), "[4,5,6]");
    td_cadence(p.e, 1);
    p.e->engine->yields = true;
    CHECK_INT(td_slice(p.e), 1); /* the loop has begun */
    CHECK(point_set(&p, "/nodes/0/translation", "[0,0,1]"));
    play_drain(&p);
    td_point_get(p.e, p.instance, "/nodes/0/translation");
    CHECK_TEXT(td_text(p.e), "[0,0,1]"); /* after the graph's last 7,8,9 */
    CHECK(!point_set(&p, "/nodes/0/translation", "[0,0]"));
    CHECK(!point_set(&p, "/nodes/0/rotation", "[0,0,0,1]")); /* neither reached nor observed */
    CHECK(!td_point_get(p.e, p.instance, "nodes/0/translation"));
    play_end(&p);
}

TEST(what_a_host_observes_has_cells_that_no_pointer_names) {
    td_Engine *e = td_open();
    CHECK(td_observe(e, "/nodes/{}/scale"));
    CHECK(!td_observe(e, "nodes"));
    char json[2048];
    u32 n = 0;
    for (const char *c = SCENE("'name':'empty'"); *c; c++) json[n++] = *c == '\'' ? '"' : *c;
    u32 program = td_load(e, "test", json, n, -1);
    CHECK(program);
    td_pointers(e, program);
    CHECK_TEXT(td_text(e), "[{\"pointer\":\"/nodes/0/scale\",\"type\":\"float3\",\"mutable\":true},"
                           "{\"pointer\":\"/nodes/1/scale\",\"type\":\"float3\",\"mutable\":true}]");
    td_close(e);
}

TEST(a_model_bears_any_refusal_of_memory) {
    for (i64 granted = 0;; granted++) {
        Loading l;
        loading_open(&l);
        for (const char *c = WRITES("/nodes/1/translation", "'x':{'type':1,'value':[0]}" VECTOR); *c; c++)
            buf_byte(&l.text, *c == '\'' ? '"' : *c);
        system_fail_after = granted;
        system_fail_on = true;
        loading_bytes(&l, l.text.data, l.text.len);
        system_fail_after = -1;
        system_fail_on = false;
        bool loaded = l.graph != NULL;
        CHECK(loaded || l.err != ERR_OK);
        loading_close(&l);
        if (loaded) break;
        CHECK(granted < 10000);
    }
}

/* ---- what the host serves ---- */

TEST(served_pointers_are_the_same_when_they_read_the_same) {
    static u8 one[] = {TYPE_INT}, ref[] = {TYPE_REF};
    static Served served[] = {{"/lamp/3/power", TYPE_FLOAT, 0, NULL},
                              {"/lamp/[i]/power", TYPE_FLOAT, 1, one},
                              {"/lamp/{n}/power", TYPE_FLOAT, 1, ref},
                              {"/lamp/[[3]]/power", TYPE_FLOAT, 0, NULL}};
    Graph g = {.served_count = 4, .served = served};
    Instance in = {.graph = &g};
    Slot three = {.i = 3}, thirty = {.i = 30}, node = {.bits = REF_GLTF(GLTF_MESHES, 3)}, none = {0};
    CHECK(served_is_same(&in, 0, &none, 1, &three));
    CHECK(served_hash(&in, 0, &none) == served_hash(&in, 1, &three));
    CHECK(served_hash(&in, 1, &three) == served_hash(&in, 2, &node));
    CHECK(served_hash(&in, 0, &none) != served_hash(&in, 1, &thirty));
    CHECK(served_is_same(&in, 1, &three, 2, &node));
    CHECK(!served_is_same(&in, 0, &none, 1, &thirty));
    CHECK(!served_is_same(&in, 1, &thirty, 2, &node));
    CHECK(!served_is_same(&in, 0, &none, 3, &none));
}
