/* type.c (unit) - value types: names, lanes, defaults, canonical bits. */
#include "../../src/op/type.h"
#include "test.h"

TEST(a_type_has_the_lanes_of_its_signature) {
    CHECK_INT(type_lanes(TYPE_BOOL), 1);
    CHECK_INT(type_lanes(TYPE_FLOAT3), 3);
    CHECK_INT(type_lanes(TYPE_FLOAT2X2), 4);
    CHECK_INT(type_lanes(TYPE_FLOAT3X3), 9);
    CHECK_INT(type_lanes(TYPE_FLOAT4X4), 16);
    CHECK_INT(type_lanes(TYPE_REF), 1);
    CHECK_INT(type_lanes(TYPE_NONE), 0);
}

TEST(no_type_has_more_lanes_than_a_value_can_have) {
    for (u32 t = 0; t < TYPE_COUNT; t++) CHECK(type_lanes((Type)t) <= LANES_MAX);
}

TEST(a_type_is_found_by_its_exact_signature) {
    CHECK_INT(type_find(TEXT("float4x4")), TYPE_FLOAT4X4);
    CHECK_INT(type_find(TEXT("float4")), TYPE_FLOAT4);
    CHECK_INT(type_find(TEXT("ref")), TYPE_REF);
    CHECK_INT(type_find(TEXT("Float")), TYPE_NONE);
    CHECK_INT(type_find(TEXT("floa")), TYPE_NONE);
    CHECK_INT(type_find(TEXT("float2x")), TYPE_NONE);
    CHECK_INT(type_find(TEXT("")), TYPE_NONE);
    CHECK_INT(type_find(TEXT("custom")), TYPE_NONE);
}

TEST(every_type_is_found_under_its_own_name) {
    for (u32 t = 0; t < TYPE_COUNT; t++) {
        const char *name = type_name((Type)t);
        u32 len = 0;
        while (name[len]) len++;
        CHECK_INT(type_find((Text){name, len}), t);
    }
}

TEST(defaults_are_false_0_nan_and_null) {
    CHECK_INT(type_default(TYPE_BOOL).bits, 0);
    CHECK_INT(type_default(TYPE_INT).bits, 0);
    CHECK_INT(type_default(TYPE_REF).bits, REF_NULL);
    CHECK(type_default(TYPE_FLOAT).bits == NAN_BITS);
    CHECK(type_default(TYPE_FLOAT3X3).bits == NAN_BITS);
}

TEST(all_nans_have_one_canonical_form_and_zeros_keep_their_sign) {
    CHECK(slot_canonical((Slot){.bits = UINT64_C(0xFFF8000000000000)}, TYPE_FLOAT).bits ==
          NAN_BITS);
    CHECK(slot_canonical((Slot){.bits = UINT64_C(0x7FF0000000000001)}, TYPE_FLOAT4).bits ==
          NAN_BITS);
    CHECK(slot_canonical((Slot){.f = -0.0}, TYPE_FLOAT).bits == UINT64_C(0x8000000000000000));
    CHECK(slot_canonical((Slot){.bits = UINT64_C(0xFFF0000000000000)}, TYPE_FLOAT).bits ==
          UINT64_C(0xFFF0000000000000));
}

TEST(an_int_shows_its_lower_half_only) {
    CHECK(slot_canonical((Slot){.bits = UINT64_C(0x12345678FFFFFFFF)}, TYPE_INT).bits ==
          UINT64_C(0xFFFFFFFF));
    CHECK(slot_canonical((Slot){.bits = UINT64_C(0x7FF8000000000001)}, TYPE_BOOL).bits == 1);
}

TEST(a_reference_is_all_its_bits) {
    u64 ref = REF_MAKE(REF_DELAY, 7);
    CHECK(slot_canonical((Slot){.bits = ref}, TYPE_REF).bits == ref);
    CHECK_INT(REF_KIND(ref), REF_DELAY);
    CHECK_INT(REF_PAYLOAD(ref), 7);
}
