/* type.c (op) - value types by name, their defaults, and the bits that outsiders may see. */
#include "type.h"

#include <string.h>

typedef struct TypeRow {
    const char *name;
    u32 lanes;
    char letter;
} TypeRow;

static const TypeRow rows[TYPE_COUNT] = {
#define TYPE(id, name, lanes, letter) {name, lanes, letter},
#include "type.def"
#undef TYPE
};

const char *type_name(Type t) { return t < TYPE_COUNT ? rows[t].name : "custom"; }

u32 type_lanes(Type t) { return t < TYPE_COUNT ? rows[t].lanes : 0; }

char type_letter(Type t) { return t < TYPE_COUNT ? rows[t].letter : '?'; }

Type type_find(Text name) {
    for (u32 t = 0; t < TYPE_COUNT; t++) {
        if (strlen(rows[t].name) != name.len) continue;
        if (memcmp(rows[t].name, name.data, name.len) == 0) return (Type)t;
    }
    return TYPE_NONE;
}

Slot type_default(Type t) { return (Slot){.bits = type_letter(t) == 'F' ? NAN_BITS : 0}; }

Slot slot_canonical(Slot s, Type t) {
    switch (type_letter(t)) {
    case 'B':
    case 'I': return (Slot){.bits = s.u};
    case 'F': return s.f == s.f ? s : (Slot){.bits = NAN_BITS};
    default: return s;
    }
}
