/* door.c (api) - what a Wasm module has beside treadle.h: memory for the host, and drive(). */
#include "../base/arena.h"
#include "../engine/hook.h"
#include "api.h"

/* Memory that the host fills and gives back: file bytes and names on their way in. 0: none left. */
TD_EXPORT void *td_alloc(u32 size);
TD_EXPORT void td_free(void *memory);

void *td_alloc(u32 size) { return system_take(size); }
void td_free(void *memory) { system_give(memory); }

#ifdef VARIANT_SLEEP

/* The only function that is rewritten to be left in the middle. Everything it calls returns
** first: it must stay this small, and td_slice, exported and called from here, must stay a
** function of its own. */
i32 drive(td_Engine *e) {
    if (e->driving) return 2;
    e->driving = true;
    while (td_slice(e)) VARIANT_SLEEP();
    e->driving = false;
    return 0;
}

#else

i32 drive(td_Engine *e) { return td_slice(e); }

#endif
