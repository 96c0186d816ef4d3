/* pointer.c (run) - pointer/get and pointer/set: what of its glTF nodes a graph can reach. */
#include <string.h>

#include "instance.h"

/* What a pointer's parameter names; -1: nothing. */
static i64 parameter_index(Type t, Slot s) {
    if (t == TYPE_INT) return s.i < 0 ? -1 : s.i;
    return REF_KIND(s.bits) == REF_OBJECT ? (i64)REF_PAYLOAD(s.bits) : -1;
}

/* Parameters before the value in `args`. */
static u32 parameter_count(const i32 *params) { return params[0] != POINTER_UNKNOWN && params[1] < 0; }

/* The slots of the node's translation that the effective pointer names, its index in *index;
** NULL: no such property, or of another type. */
static Slot *resolve(Instance *in, u32 node, Type type, const Slot *args, u32 *index) {
    const Graph *g = in->graph;
    const i32 *params = graph_params(g, node);
    if (params[0] != POINTER_NODE_TRANSLATION || type != TYPE_FLOAT3 || g->translation_slot == NONE) return NULL;
    i64 named = params[1] >= 0 ? params[1] : parameter_index((Type)g->in_type[g->value_in[node]], args[0]);
    if (named < 0 || named >= (i64)g->gltf_nodes) return NULL;
    *index = (u32)named;
    return in->slots + g->translation_slot + 3 * *index;
}

void instance_pointer_get(Instance *in, u32 node, const Slot *args, Slot *out) {
    const Graph *g = in->graph;
    Type type = (Type)g->out_type[g->value_out[node]];
    u32 index, lanes = type_lanes(type);
    const Slot *found = resolve(in, node, type, args, &index);
    for (u32 i = 0; i < lanes; i++) out[i] = found ? found[i] : type_default(type);
    out[lanes].bits = found != NULL;
}

bool instance_pointer_set(Instance *in, u32 node, const Slot *args) {
    const Graph *g = in->graph;
    Type type = (Type)g->in_type[g->value_in[node + 1] - 1];
    u32 index;
    Slot *found = resolve(in, node, type, args, &index);
    if (!found) return false;
    memcpy(found, args + parameter_count(graph_params(g, node)), 3 * sizeof(Slot));
    instance_trace_pointer(in, index, found);
    return true;
}
