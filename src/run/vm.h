/* vm.h (run) - the register machine: runs verified programs on an instance's slots. */
#ifndef TREADLE_VM_H
#define TREADLE_VM_H

#include "instance.h"

/* Begins the root activation that flow output `root` starts (Program.entry). Nothing has run yet. */
void vm_begin(Instance *in, u32 root);

/* Goes on with the activation until it is over, the budget is too small, a host is awaited or a limit is hit.
** Charges fuel to in->budget. Never allocates, never recurses, never yields by itself. */
RunStatus vm_run(Instance *in);

/* Puts a parked activation whose host answered back in place; vm_run goes on with it. */
void vm_resume(Instance *in, Parked *p);

/* The current value of graph output `i` into `out` (LANES_MAX slots). May be called between slices. */
void vm_output(Instance *in, u32 i, Slot *out);

#endif
