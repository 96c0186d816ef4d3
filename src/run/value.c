/* value.c (run) - typed values as others may see them: JSON, text, hash. */
#include "instance.h"

/* A lane as a number; bool and ref have words of their own. */
static f64 lane_number(Type t, Slot s) { return type_letter(t) == 'F' ? s.f : s.i; }

/* "/nodes/3"; a host may hand in anything, so it may name no array. */
static void object_text(Buf *out, unsigned long long payload) {
    if (payload >> 32 < GLTF_ARRAYS)
        buf_print(out, "%s/%u", gltf_array_path((GltfArray)(payload >> 32)), (u32)payload);
    else
        buf_print(out, "object:%llu", payload);
}

/* What a reference names, without quotes: /nodes/3, delay:1, event:7. */
static void ref_text(Buf *out, u64 ref) {
    unsigned long long payload = REF_PAYLOAD(ref);
    switch (REF_KIND(ref)) {
    case REF_OBJECT: object_text(out, payload); return;
    case REF_DELAY: buf_print(out, "delay:%llu", payload); return;
    case REF_EVENT: buf_print(out, "event:%llu", payload); return;
    default: buf_text(out, "null"); return;
    }
}

static void lane_json(Buf *out, Type t, Slot s) {
    if (t == TYPE_BOOL) {
        buf_text(out, s.i ? "true" : "false");
    } else if (t == TYPE_REF && s.bits != REF_NULL) {
        buf_byte(out, '"');
        ref_text(out, s.bits);
        buf_byte(out, '"');
    } else if (t == TYPE_REF) {
        buf_text(out, "null");
    } else {
        buf_json_number(out, lane_number(t, s));
    }
}

static void lane_text(Buf *out, Type t, Slot s) {
    if (t == TYPE_BOOL)
        buf_text(out, s.i ? "true" : "false");
    else if (t == TYPE_REF)
        ref_text(out, s.bits);
    else
        buf_number(out, lane_number(t, s));
}

void value_json(Buf *out, Type t, const Slot *value) {
    u32 lanes = type_lanes(t);
    if (lanes != 1) buf_byte(out, '[');
    for (u32 i = 0; i < lanes; i++) {
        if (i) buf_byte(out, ',');
        lane_json(out, t, value[i]);
    }
    if (lanes != 1) buf_byte(out, ']');
}

void value_text(Buf *out, Type t, const Slot *value) {
    u32 lanes = type_lanes(t);
    if (lanes != 1) buf_byte(out, '(');
    for (u32 i = 0; i < lanes; i++) {
        if (i) buf_text(out, ", ");
        lane_text(out, t, value[i]);
    }
    if (lanes != 1) buf_byte(out, ')');
}

u64 value_hash(u64 hash, Type t, const Slot *value) {
    for (u32 i = 0; i < type_lanes(t); i++) hash = hash_u64(hash, slot_canonical(value[i], t).bits);
    return hash;
}
