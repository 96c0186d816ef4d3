/* imprint.c (run) - a hash of where a run stands. */
#include "imprint.h"

#include <math.h>

#include "../code/access.h"

/* The bits of a slot that mean something. Temporaries are operands of charges: ints. */
static u64 meaning(const Slot *s, u8 letter) {
    switch (letter) {
    case 'F': return isnan(s->f) ? NAN_BITS : s->bits;
    case 'R':
    case 'P': return s->bits;
    default: return s->u;
    }
}

static u64 add_operands(const Instance *in, const u8 *letters, u64 hash) {
    const Program *p = in->program;
    Access reads[ACCESS_MAX];
    u32 count = access_of(p, &p->code[in->pc], reads);
    for (u32 i = 0; i < count && !reads[i].write; i++)
        for (u32 s = reads[i].slot; s < reads[i].slot + reads[i].count; s++)
            if (s >= p->temp_first) hash = hash_u64(hash, meaning(&in->slots[s], letters[s]));
    return hash;
}

u64 imprint(const Instance *in, const u8 *letters, u64 hash) {
    const Program *p = in->program;
    for (u32 s = 0; s < in->graph->state_count; s++) hash = hash_u64(hash, meaning(&in->slots[s], letters[s]));
    if (!in->busy) return hash;
    hash = hash_u64(hash_u64(hash_u64(hash, in->pc), in->charge), in->depth);
    for (u32 i = 0; i < in->depth; i++) hash = hash_u64(hash, in->slots[p->stack_first + i].bits);
    return add_operands(in, letters, hash);
}
