/* door.c (api) - what a Wasm module has beside treadle.h: memory for the host, and drive(). */
#include "../base/arena.h"
#include "../base/host.h"
#include "../engine/hook.h"
#include "api.h"

/* Memory that the host fills and gives back: file bytes and names on their way in. 0: none left. */
TD_EXPORT void *td_alloc(u32 size);
TD_EXPORT void td_free(void *memory);

void *td_alloc(u32 size) { return system_take(size); }
void td_free(void *memory) { system_give(memory); }

#ifdef VARIANT_SLEEP

/* The only function that is left in the middle: rewritten for that (asyncify), or on a stack that the browser
** puts aside (jspi). Everything it calls returns first: it must stay this small, and td_slice, exported and
** called from here, must stay a function of its own. */
i32 drive(td_Engine *e) {
    if (e->driving) return 2;
    e->driving = true;
    while (td_slice(e)) VARIANT_SLEEP();
    e->driving = false;
    VARIANT_LEAVE();
    return 0;
}

#else

i32 drive(td_Engine *e) { return td_slice(e); }

#endif

#ifdef VARIANT_STEPS

/* What a page needs that drives the engine from its own requestAnimationFrame loop. */
TD_EXPORT f64 step(td_Engine *e, u32 instance); /* to the next flow activation: 1, or 0 when there is none */
TD_EXPORT f64 run_batch(td_Engine *e, u32 instance, f64 n); /* n of these; how many there were */
TD_EXPORT i32 run_for(td_Engine *e, f64 ms);                /* all instances, so long: 1 when work is left, else 0 */

f64 step(td_Engine *e, u32 instance) { return td_step(e, instance, 1); }

f64 run_batch(td_Engine *e, u32 instance, f64 n) { return td_step(e, instance, n); }

i32 run_for(td_Engine *e, f64 ms) {
    engine_stats(e->engine)->deadline = host_now() + ms;
    return td_slice(e);
}

#endif
