/* hook.h (engine) - the one place where variants differ: what happens when a slice is over.
**
** variants/NAME/variant.h defines
**   VARIANT_NAME     "plain", "step", ...
**   VARIANT_YIELDS   1: when a slice's time is up the run loop gives way; 0: it goes on (limits and
**                    the stop flag are still looked at)
**   VARIANT_SLEEP()  how it gives way in the middle of drive(); absent: drive() returns 1
**   VARIANT_LEAVE()  optional, with VARIANT_SLEEP: the last thing that drive() does before it returns
**   VARIANT_STEPS    defined: the module also exports step, run_batch and run_for (api/door.c) */
#ifndef TREADLE_HOOK_H
#define TREADLE_HOOK_H

#include "variant.h"

#ifndef VARIANT_LEAVE
#define VARIANT_LEAVE() ((void)0)
#endif

#endif
