/* native.c (bench) - runs a graph that was compiled to C, and says how long that took and what its variables hold.
**
**     treadle compile workload.json -o workload.c
**     gcc -O3 -D_POSIX_C_SOURCE=200809L -include workload.h native.c workload.c -lm -o workload
**     ./workload GRAPHS TICKS
**
** GRAPHS instances are started, then ticked TICKS times, 64 times a second. Out comes a line of JSON: milliseconds, and
** each int or float variable, summed over the instances. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

/* Fuel without end; whatever a limit ended is told by results that are wrong. */
static void run_all(Alone **graphs, long count) {
    for (long k = 0; k < count; k++)
        while (workload_module.run(graphs[k], UINT64_MAX) == ALONE_MORE) {}
}

int main(int argc, char **argv) {
    long count = argc > 1 ? strtol(argv[1], NULL, 10) : 1, ticks = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
    Alone **graphs = malloc(sizeof *graphs * (size_t)count);
    if (!graphs) return 1;
    for (long k = 0; k < count; k++) {
        void *state = malloc(workload_module.size);
        if (!state) return 1;
        graphs[k] = workload_module.init(state, 0, NULL);
    }
    double begin = now_ms();
    run_all(graphs, count);
    for (long tick = 0; tick < ticks; tick++) {
        for (long k = 0; k < count; k++) workload_module.tick(graphs[k], (double)tick / 64);
        run_all(graphs, count);
    }
    printf("{\"ms\":%.6f", now_ms() - begin);
    for (u32 v = 0; v < workload_module.plan->variable_count; v++) {
        const AlonePort *port = &workload_module.plan->variables[v];
        if (port->lanes > 1 || (port->letter != 'I' && port->letter != 'F')) continue;
        double sum = 0;
        for (long k = 0; k < count; k++) {
            const Slot *slot = &graphs[k]->slots[port->slot];
            sum += port->letter == 'I' ? slot->i : slot->f;
        }
        printf(",\"%s\":%.17g", port->name, sum);
    }
    puts("}");
    return 0;
}
