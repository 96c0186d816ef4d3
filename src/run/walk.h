/* walk.h (run) - the obvious interpreter of the graph itself: the oracle for every other runner.
**
** It follows nodes and edges, keeps (node, phase) on an explicit stack, and uses nothing of the code
** floor: what it shares with the VM is the Graph, fn.h through pure_eval, and the instance's
** services. What every runner must do alike stands at the top of walk.c. */
#ifndef TREADLE_WALK_H
#define TREADLE_WALK_H

#include "instance.h"

/* The walker's frame for an instance; false when memory is refused. Freed with walk_close. */
bool walk_open(Instance *in);
void walk_close(Instance *in);

/* As vm_begin, vm_run, vm_resume, vm_output; the same statuses, the same fuel, the same trace. */
void walk_begin(Instance *in, u32 root);
RunStatus walk_run(Instance *in);
void walk_resume(Instance *in, Parked *p);
void walk_output(Instance *in, u32 i, Slot *out);

#endif
