/* vm.c (run) - the register machine: two loops made of one body, a fast one and one that watches. */
#include "vm.h"

#include <string.h>

#include "../op/fn.h"
#include "../op/vec.h"
#include "effect.h"
#include "store.h"

static i32 find_case(const i32 *table, i32 value) {
    u32 low = 0, high = (u32)table[0];
    while (low < high) {
        u32 middle = (low + high) / 2;
        if (table[1 + 2 * middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    bool hit = low < (u32)table[0] && table[1 + 2 * low] == value;
    return hit ? table[2 + 2 * low] : table[1 + 2 * table[0]];
}

void vm_resume(Instance *in, Parked *p) {
    const Ins *host = &in->program->code[p->pc - 1];
    in->pc = p->pc;
    in->depth = p->depth;
    in->root = p->root;
    in->root_out = p->root_out;
    in->marked = 0;
    in->busy = true;
    memcpy(in->slots + in->program->stack_first, p->frame, sizeof(Slot) * p->depth);
    for (u32 i = 0; i < p->own_count; i += 2) in->slots[p->own[i].bits] = p->own[i + 1];
    bool done = p->answer == HOST_DONE && p->result_count == host->n;
    in->slots[host->a].bits = done;
    for (u32 i = 0; done && i < host->n; i++) in->slots[host->a + 1 + (i32)i] = p->results[i];
}

/* ---- the loops ---- */

void vm_begin(Instance *in, u32 root) {
    in->root_out = root;
    in->pc = in->program->entry[root];
    in->slots[in->program->stack_first].bits = RETURN_BIT | 0; /* the halt */
    in->depth = 1;
    in->marked = 0;
    in->busy = true;
}

/* Marks before the instruction at in->pc. False: a step ends here. */
static bool see_activations(Instance *in) {
    const Program *p = in->program;
    u32 first = p->mark_at[in->pc];
    if (first == NONE) return true;
    for (u32 m = first + in->marked; m < p->mark_count && p->marks[m].pc == in->pc; m++) {
        if (p->marks[m].kind != MARK_ACTIVATE) break;
        if (in->steps == 0) return false;
        if (in->steps != UINT64_MAX) in->steps--;
        in->activations++;
        in->marked++;
        instance_trace_activate(in, p->marks[m].what);
    }
    return true;
}

#define VM_LOOP  run_fast
#define VM_WATCH 0
#include "vm_loop.h"
#undef VM_LOOP
#undef VM_WATCH

#define VM_LOOP  run_watched
#define VM_WATCH 1
#include "vm_loop.h"

RunStatus vm_run(Instance *in) { return in->watch ? run_watched(in) : run_fast(in); }

void vm_output(Instance *in, u32 i, Slot *out) {
    const Program *p = in->program;
    if (p->output_entry[i] != NONE) {
        /* Output code has temporaries of its own, no fuel and no stack: only the loop's own words need care. */
        Instance shadow = *in;
        shadow.pc = p->output_entry[i];
        shadow.watch = false;
        run_fast(&shadow);
    }
    memcpy(out, in->slots + p->output_slot[i], sizeof(Slot) * type_lanes((Type)in->graph->output_type[i]));
}
