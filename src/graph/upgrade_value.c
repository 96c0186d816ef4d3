/* upgrade_value.c (graph) - numbers that drafts wrote as text: "1.5", "NaN", "Infinity", "-Infinity".
**
** Ratified JSON has no literal for what is not finite. NaN is the default of every float type: such a value is left
** out. An infinity comes from math/Inf, a vector that holds one from math/combineN; a variable that begins with one is
** set before anything else runs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "upgrader.h"

/* --- lanes ----------------------------------------------------------------------------------- */

typedef struct Lanes {
    Type type;
    u32 count;
    f64 lane[LANES_MAX];
    bool all_nan, all_finite;
} Lanes;

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static const char *pass_digits(const char *at) {
    while (is_digit(*at)) at++;
    return at;
}

/* A number as JSON spells it. */
static bool is_number(const char *text) {
    const char *at = text + (*text == '-'), *digits = at;
    at = pass_digits(at);
    if (at == digits || (*digits == '0' && at > digits + 1)) return false;
    if (*at == '.') {
        digits = ++at;
        if ((at = pass_digits(at)) == digits) return false;
    }
    if (*at == 'e' || *at == 'E') {
        at += at[1] == '+' || at[1] == '-' ? 2 : 1;
        digits = at;
        if ((at = pass_digits(at)) == digits) return false;
    }
    return *at == 0;
}

static bool read_text(const char *text, f64 *out) {
    static const struct {
        const char *text;
        f64 value;
    } words[] = {{"NaN", (f64)NAN}, {"Infinity", (f64)INFINITY}, {"-Infinity", -(f64)INFINITY}};
    for (u32 i = 0; i < COUNT_OF(words); i++) {
        if (strcmp(words[i].text, text) != 0) continue;
        *out = words[i].value;
        return true;
    }
    if (!is_number(text)) return false;
    *out = strtod(text, NULL);
    return isfinite(*out);
}

/* Reads {"type","value"} when some of it is text; false: there is nothing to do, or nothing that can be done. */
static bool read_lanes(const Upgrader *u, const cJSON *object, Lanes *l) {
    const cJSON *value = tree_member(object, "value");
    bool any = false;
    *l = (Lanes){.type = up_type_of(u, tree_member(object, "type")), .all_nan = true, .all_finite = true};
    if (l->type == TYPE_NONE || !cJSON_IsArray(value) || tree_member(object, "node")) return false;
    if (type_letter(l->type) != 'F' && type_letter(l->type) != 'I') return false;
    for (const cJSON *item = value->child; item; item = item->next, l->count++) {
        if (l->count == type_lanes(l->type)) return false;
        f64 *lane = &l->lane[l->count];
        any = any || cJSON_IsString(item);
        if (cJSON_IsNumber(item))
            *lane = item->valuedouble;
        else if (!cJSON_IsString(item) || !read_text(item->valuestring, lane))
            return false;
        l->all_nan = l->all_nan && isnan(*lane);
        l->all_finite = l->all_finite && isfinite(*lane);
    }
    return any && l->count == type_lanes(l->type) && (type_letter(l->type) == 'F' || l->all_finite);
}

/* Text that is a number becomes one; a value that is NaN throughout goes. False: it holds an infinity. */
static bool write_plainly(Upgrader *u, cJSON *object, const Lanes *l) {
    cJSON *value = tree_member(object, "value");
    if (l->all_nan) {
        up_tell(u, ERR_DRAFT_NOT_FINITE, value, up_show(u, value), "left out: NaN is the default");
        tree_remove(object, value);
        return true;
    }
    if (!l->all_finite) return false;
    const char *was = up_show(u, value);
    u32 i = 0;
    for (cJSON *item = value->child; item; item = item->next, i++) {
        item->type = cJSON_Number;
        item->valuedouble = l->lane[i];
    }
    up_tell(u, ERR_DRAFT_NUMBER, value, was, up_show(u, value));
    return true;
}

/* --- inputs ---------------------------------------------------------------------------------- */

static u32 infinity(Upgrader *u, u32 before) {
    if (u->infinity == NONE) u->infinity = up_insert(u, before, "math/Inf");
    return u->infinity;
}

static u32 minus_infinity(Upgrader *u, u32 before) {
    if (u->minus_infinity != NONE) return u->minus_infinity;
    u32 plus = infinity(u, before);
    u->minus_infinity = up_insert(u, before, "math/neg");
    up_input_output(u, u->minus_infinity, "a", plus, NULL);
    return u->minus_infinity;
}

static u32 infinite(Upgrader *u, u32 before, f64 value) {
    return value > 0 ? infinity(u, before) : minus_infinity(u, before);
}

static const char *combine_op(Type type) {
    switch (type) {
    case TYPE_FLOAT2: return "math/combine2";
    case TYPE_FLOAT3: return "math/combine3";
    case TYPE_FLOAT4: return "math/combine4";
    case TYPE_FLOAT2X2: return "math/combine2x2";
    case TYPE_FLOAT3X3: return "math/combine3x3";
    default: return "math/combine4x4";
    }
}

static u32 combine(Upgrader *u, u32 before, const Lanes *l) {
    static const char *const keys[LANES_MAX] = {"a", "b", "c", "d", "e", "f", "g", "h",
                                                "i", "j", "k", "l", "m", "n", "o", "p"};
    u32 plus = NONE, minus = NONE;
    for (u32 i = 0; i < l->count; i++) {
        if (isinf(l->lane[i]) && l->lane[i] > 0) plus = infinity(u, before);
        if (isinf(l->lane[i]) && l->lane[i] < 0) minus = minus_infinity(u, before);
    }
    u32 node = up_insert(u, before, combine_op(l->type));
    for (u32 i = 0; i < l->count; i++) {
        if (isnan(l->lane[i]))
            up_input_default(u, node, keys[i], TYPE_FLOAT);
        else if (isinf(l->lane[i]))
            up_input_output(u, node, keys[i], l->lane[i] > 0 ? plus : minus, NULL);
        else
            up_input_number(u, node, keys[i], TYPE_FLOAT, l->lane[i]);
    }
    return node;
}

/* An input that holds an infinity reads a node. */
static void connect(Upgrader *u, u32 node, cJSON *input, const Lanes *l, bool told) {
    u32 from = l->count == 1 ? infinite(u, node, l->lane[0]) : combine(u, node, l);
    cJSON *reference = up_reference(u, tree_place(input), from, NULL);
    if (told)
        up_tell(u, ERR_DRAFT_NOT_FINITE, input, up_show(u, input),
                up_print(u, "an output of \"%s\"", from == NONE ? "" : up_op(u, from)));
    tree_replace(u->nodes.at[node].values, input, reference);
}

static void write_inputs(Upgrader *u, u32 node) {
    const cJSON *values = u->nodes.at[node].values;
    for (cJSON *input = values ? values->child : NULL, *next; input; input = next) {
        Lanes l;
        next = input->next;
        if (read_lanes(u, input, &l) && !write_plainly(u, input, &l)) connect(u, node, input, &l, true);
    }
}

/* --- variables and events -------------------------------------------------------------------- */

/* variable/set of the variables that begin with an infinity; its values are filled in as they come. */
typedef struct First {
    u32 set;
    cJSON *variables;
} First;

/* It is the first onStart of the graph, so that all others see what it sets. */
static void make_first(Upgrader *u, First *first, u32 place) {
    u32 start = up_insert(u, 0, "event/onStart");
    first->set = up_insert(u, 0, "variable/set");
    if (start == NONE || first->set == NONE) return;
    cJSON *flows = up_part(u, start, &u->nodes.at[start].flows, "flows"), *setting = tree_object(u->arena, place);
    tree_add(flows, "out", up_reference(u, place, first->set, NULL));
    first->variables = tree_array(u->arena, place);
    tree_add(setting, "value", first->variables);
    tree_add(up_part(u, first->set, &u->nodes.at[first->set].configuration, "configuration"), "variables", setting);
}

static Err set_first(Upgrader *u, First *first, const At *at, cJSON *variable, u32 index, const Lanes *l) {
    cJSON *value = tree_member(variable, "value");
    At here = {at, TEXT("value"), 0};
    u32 place = tree_place(value);
    if (u->source_nodes == 0) return diag_report(u->diags, ERR_DRAFT_BEGIN, &here, (Detail){0}, up_show(u, value));
    if (first->set == NONE) make_first(u, first, place);
    if (first->set == NONE) return up_memory(u);
    up_tell(u, ERR_DRAFT_NOT_FINITE, value, up_show(u, value), "set by a variable/set at event/onStart");
    tree_remove(variable, value);
    tree_add(first->variables, NULL, tree_number(u->arena, index, place));
    cJSON *input = tree_object(u->arena, place);
    tree_add(up_part(u, first->set, &u->nodes.at[first->set].values, "values"), up_print(u, "%u", index), input);
    if (input) connect(u, first->set, input, l, false);
    return ERR_OK;
}

static Err write_variables(Upgrader *u) {
    At list = {&u->at, TEXT("variables"), 0};
    First first = {.set = NONE};
    u32 i = 0;
    for (cJSON *item = u->variables ? u->variables->child : NULL; item; item = item->next, i++) {
        At at = {&list, {NULL, 0}, i};
        Lanes l;
        if (read_lanes(u, item, &l) && !write_plainly(u, item, &l)) TRY(set_first(u, &first, &at, item, i, &l));
    }
    return ERR_OK;
}

static Err write_event(Upgrader *u, const At *event, const cJSON *values) {
    At list = {event, TEXT("values"), 0};
    for (cJSON *item = cJSON_IsObject(values) ? values->child : NULL; item; item = item->next) {
        At at = {&list, text_of(item->string), 0}, here = {&at, TEXT("value"), 0};
        Lanes l;
        if (!read_lanes(u, item, &l) || write_plainly(u, item, &l)) continue;
        return diag_report(u->diags, ERR_DRAFT_BEGIN, &here, (Detail){0}, up_show(u, tree_member(item, "value")));
    }
    return ERR_OK;
}

Err up_values(Upgrader *u) {
    At list = {&u->at, TEXT("events"), 0};
    u32 i = 0;
    TRY(write_variables(u));
    for (const cJSON *item = u->events ? u->events->child : NULL; item; item = item->next, i++)
        TRY(write_event(u, &(At){&list, {NULL, 0}, i}, tree_member(item, "values")));
    for (u32 node = 0; node < u->source_nodes; node++) write_inputs(u, node);
    return up_end(u);
}
