/* type.h (op) - value types and slots: how a typed value lies in memory. */
#ifndef TREADLE_TYPE_H
#define TREADLE_TYPE_H

#include "../base/base.h"

typedef enum Type {
#define TYPE(id, name, lanes, letter) TYPE_##id,
#include "type.def"
#undef TYPE
    TYPE_COUNT,
    TYPE_NONE = 255 /* a custom type, or not known yet */
} Type;

/* One lane of one value: 8 bytes, whatever the type. bool is i (0 or 1), with the upper half 0;
** int is i with the upper half 0; float is f; ref is bits, 0 is null. */
typedef union Slot {
    i32 i;
    u32 u;
    f64 f;
    u64 bits;
} Slot;

enum { LANES_MAX = 16 };

const char *type_name(Type t);
u32 type_lanes(Type t);  /* 0 for TYPE_NONE */
char type_letter(Type t); /* B I F R */

/* TYPE_NONE when no type has that signature. */
Type type_find(Text name);

/* The specification's default in every lane: false, 0, NaN, null. */
Slot type_default(Type t);

/* The one NaN whose bits anybody outside may see. */
#define NAN_BITS UINT64_C(0x7FF8000000000000)

/* Two values have the same type-wise bits, NaNs counted equal. */
Slot slot_canonical(Slot s, Type t);

/* References. A ref is an opaque number: its kind above, an index or a serial number below. An object's index is
** that of a glTF node: REF_MAKE(REF_OBJECT, 3) is /nodes/3. */
enum { REF_NULL = 0, REF_OBJECT = 1, REF_DELAY = 2, REF_EVENT = 3 };
#define REF_MAKE(kind, payload) (((u64)(kind) << 56) | (u64)(payload))
#define REF_KIND(bits) ((u32)((bits) >> 56))
#define REF_PAYLOAD(bits) ((bits) & UINT64_C(0x00FFFFFFFFFFFFFF))

#endif
