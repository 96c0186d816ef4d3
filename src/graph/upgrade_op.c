/* upgrade_op.c (graph) - ops that need other inputs now, and outputs that are no more. */
#include <string.h>

#include "upgrader.h"

/* --- math/rotate3D --------------------------------------------------------------------------- */

/* By a quaternion "b", until 2025-03; before that about an axis "b" by an angle "c". */
static Err rotate(Upgrader *u, u32 node) {
    cJSON *values = u->nodes.at[node].values;
    cJSON *b = tree_member(values, "b"), *c = tree_member(values, "c");
    if (!b || tree_member(values, "rotation")) return ERR_OK;
    if (!c) {
        up_tell(u, ERR_DRAFT_SOCKET, b, "b", "rotation");
        b->string = (char *)(uintptr_t) "rotation";
        return ERR_OK;
    }
    u32 turn = up_insert(u, node, "math/quatFromAxisAngle");
    if (turn == NONE) return up_memory(u);
    up_tell(u, ERR_DRAFT_SOCKET, b, "axis b, angle c", "rotation of a math/quatFromAxisAngle");
    tree_remove(values, b);
    tree_remove(values, c);
    cJSON *inputs = up_part(u, turn, &u->nodes.at[turn].values, "values");
    tree_add(inputs, "axis", b);
    tree_add(inputs, "angle", c);
    up_input_output(u, node, "rotation", turn, NULL);
    return ERR_OK;
}

/* --- math/matDecompose.isValid --------------------------------------------------------------- */

/* A node of two inputs that are outputs. */
static u32 join(Upgrader *u, u32 before, const char *op, u32 a, const char *a_socket, u32 b, const char *b_socket) {
    u32 node = up_insert(u, before, op);
    up_input_output(u, node, "a", a, a_socket);
    up_input_output(u, node, "b", b, b_socket);
    return node;
}

/* None of the three scales is 0 (a mirroring one is negative), all are finite: so is the least, and the greatest of their
** absolute values (a NaN among them is both). */
static u32 test_scale(Upgrader *u, u32 before, u32 decompose) {
    u32 absolute = up_insert(u, before, "math/abs"), scale = up_insert(u, before, "math/extract3");
    up_input_output(u, absolute, "a", decompose, "scale");
    up_input_output(u, scale, "a", absolute, NULL);
    u32 least = join(u, before, "math/min", scale, "0", scale, "1");
    least = join(u, before, "math/min", least, NULL, scale, "2");
    u32 greatest = join(u, before, "math/max", scale, "0", scale, "1");
    greatest = join(u, before, "math/max", greatest, NULL, scale, "2");
    u32 above = up_insert(u, before, "math/gt"), infinity = up_insert(u, before, "math/Inf");
    up_input_output(u, above, "a", least, NULL);
    up_input_number(u, above, "b", TYPE_FLOAT, 0);
    u32 below = join(u, before, "math/lt", greatest, NULL, infinity, NULL);
    return join(u, before, "math/and", above, NULL, below, NULL);
}

/* The last row is 0 0 0 1. */
static u32 test_row(Upgrader *u, u32 before, u32 decompose) {
    static const char *const keys[] = {"a", "b", "c", "d"}, *const cells[] = {"3", "7", "11", "15"};
    u32 lanes = up_insert(u, before, "math/extract4x4"), row = up_insert(u, before, "math/combine4");
    u32 right = up_insert(u, before, "math/eq");
    if (lanes == NONE || row == NONE || right == NONE) return NONE;
    u32 place = tree_place(u->nodes.at[before].item);
    tree_add(up_part(u, lanes, &u->nodes.at[lanes].values, "values"), "a",
             tree_again(u->arena, tree_member(u->nodes.at[decompose].values, "a")));
    for (u32 i = 0; i < 4; i++) up_input_output(u, row, keys[i], lanes, cells[i]);
    up_input_output(u, right, "a", row, NULL);
    cJSON *unit = up_constant(u, place, TYPE_FLOAT4, tree_number(u->arena, 0, place));
    for (u32 i = 1; i < 4; i++) tree_add(tree_member(unit, "value"), NULL, tree_number(u->arena, i == 3, place));
    tree_add(u->nodes.at[right].values, "b", unit);
    return right;
}

static Err replace_validity(Upgrader *u, u32 decompose, u32 *test) {
    if (*test == NONE) {
        u32 scale = test_scale(u, decompose, decompose), row = test_row(u, decompose, decompose);
        *test = join(u, decompose, "math/and", scale, NULL, row, NULL);
    }
    return *test == NONE ? up_memory(u) : ERR_OK;
}

/* Reads of an output that is gone; one test for all that read it. */
static Err decompose(Upgrader *u, u32 node) {
    u32 test = NONE;
    if (!tree_member(u->nodes.at[node].values, "a")) return ERR_OK; /* the loader refuses that */
    for (u32 i = u->first_edge[node]; i < u->first_edge[node + 1]; i++) {
        const char *socket;
        const UpEdge *e = &u->edges[i];
        if (e->flow || up_source(e->item, &socket) == NONE || !same(socket, "isValid")) continue;
        TRY(replace_validity(u, node, &test));
        up_tell(u, ERR_DRAFT_VALID, e->item, up_show(u, e->item),
                "no scale 0, all finite, last row 0 0 0 1; shear is not looked for");
        cJSON *type = tree_member(e->item, "type");
        tree_member(e->item, "node")->valuedouble = test;
        tree_remove(e->item, tree_member(e->item, "socket"));
        tree_remove(e->item, type);
    }
    return ERR_OK;
}

/* --- events of extensions -------------------------------------------------------------------- */

/* "stopPropagation": true is a node now. */
static Err stop_event(Upgrader *u, u32 node) {
    cJSON *configuration = u->nodes.at[node].configuration, *flows = u->nodes.at[node].flows;
    cJSON *setting = tree_member(configuration, "stopPropagation");
    const cJSON *value = up_setting(configuration, "stopPropagation");
    bool stops = cJSON_IsTrue(value);
    if (!setting) return ERR_OK;
    up_tell(u, ERR_DRAFT_CONFIG, setting, up_show(u, value), stops ? "an event/stopPropagation behind it" : "left out");
    tree_remove(configuration, setting);
    if (!configuration->child) {
        tree_remove(u->nodes.at[node].item, configuration);
        u->nodes.at[node].configuration = NULL;
    }
    if (!stops) return ERR_OK;
    u32 stop = up_insert(u, node, "event/stopPropagation"), place = tree_place(setting);
    if (stop == NONE) return up_memory(u);
    cJSON *values = up_part(u, stop, &u->nodes.at[stop].values, "values");
    cJSON *no = tree_object(u->arena, place);
    if (no) no->type = cJSON_False;
    tree_add(values, "stopImmediate", up_constant(u, place, TYPE_BOOL, no));
    up_input_output(u, stop, "event", node, "event");
    cJSON *out = tree_member(flows, "out"), *to_stop = up_reference(u, place, stop, NULL);
    if (out) {
        tree_replace(flows, out, to_stop);
        tree_add(up_part(u, stop, &u->nodes.at[stop].flows, "flows"), "out", out);
    } else {
        tree_add(up_part(u, node, &u->nodes.at[node].flows, "flows"), "out", to_stop);
    }
    return ERR_OK;
}

/* --- pointers of before 2024 ----------------------------------------------------------------- */

/* The types of the properties that could be reached then. */
static Type property_type(const char *pointer) {
    const char *last = strrchr(pointer, '/');
    last = last ? last + 1 : pointer;
    if (same(last, "translation") || same(last, "scale")) return TYPE_FLOAT3;
    return same(last, "rotation") ? TYPE_FLOAT4 : TYPE_NONE;
}

static Err refuse_pointer(Upgrader *u, u32 node) {
    UpPlace p;
    return diag_report(u->diags, ERR_DRAFT_POINTER, up_at(u, &p, node, NULL, NULL), (Detail){0}, up_label(u, node));
}

/* Without a first slash, without a type; the value to set was "a". */
static Err complete_pointer(Upgrader *u, u32 node) {
    cJSON *configuration = u->nodes.at[node].configuration, *pointer = up_setting(configuration, "pointer");
    cJSON *values = u->nodes.at[node].values, *a = tree_member(values, "a");
    if (!cJSON_IsString(pointer)) return ERR_OK;
    if (pointer->valuestring[0] && pointer->valuestring[0] != '/') {
        const char *now = up_print(u, "/%s", pointer->valuestring);
        up_tell(u, ERR_DRAFT_CONFIG, pointer, pointer->valuestring, now);
        pointer->valuestring = (char *)(uintptr_t)now;
    }
    if (a && !tree_member(values, "value")) a->string = (char *)(uintptr_t) "value";
    if (tree_member(configuration, "type")) return ERR_OK;
    Type type = a ? up_type_of(u, tree_member(a, "type")) : TYPE_NONE;
    if (type == TYPE_NONE) type = property_type(pointer->valuestring);
    if (type == TYPE_NONE) return refuse_pointer(u, node);
    u32 place = tree_place(pointer);
    cJSON *setting = tree_object(u->arena, place), *list = tree_array(u->arena, place);
    tree_add(list, NULL, tree_number(u->arena, up_type(u, type), place));
    tree_add(setting, "value", list);
    tree_add(configuration, "type", setting);
    up_tell(u, ERR_DRAFT_CONFIG, pointer, "no type", type_name(type));
    return ERR_OK;
}

/* --- all nodes ------------------------------------------------------------------------------- */

Err up_ops(Upgrader *u) {
    for (u32 node = 0; node < u->source_nodes; node++) {
        const char *op = up_op(u, node), *any = up_any_op(u, node);
        const char *draft = u->declarations.at[u->nodes.at[node].declaration].draft;
        if (same(op, "math/rotate3D")) TRY(rotate(u, node));
        if (same(op, "math/matDecompose")) TRY(decompose(u, node));
        if (!*op && strncmp(any, "event/on", 8) == 0) TRY(stop_event(u, node));
        if (draft && strncmp(draft, "world/", 6) == 0) TRY(complete_pointer(u, node));
    }
    return up_end(u);
}
