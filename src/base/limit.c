/* limit.c (base) - the limits' defaults and names, read from limit.def. */
#include "limit.h"

#include <string.h>

Limits limits_default(void) {
    return (Limits){
#define LIMIT(id, name, value, unit, guards) .id = (value),
#include "limit.def"
#undef LIMIT
    };
}

static const struct {
    Text name;
    size_t offset;
} rows[] = {
#define LIMIT(id, name, value, unit, guards) {{(name), sizeof(name) - 1}, offsetof(Limits, id)},
#include "limit.def"
#undef LIMIT
};

bool limits_set(Limits *l, Text name, u64 value) {
    for (u32 i = 0; i < COUNT_OF(rows); i++) {
        Text row = rows[i].name;
        if (row.len != name.len || memcmp(row.data, name.data, row.len) != 0) continue;
        memcpy((char *)l + rows[i].offset, &value, sizeof value);
        return true;
    }
    return false;
}
