/* host.c (tests) - runs any graph that was compiled to C, from its descriptors; prints what `treadle run --json` prints.
**
**     cc host.c demo.c -DMODULES='M(demo)' -DHEADER='"demo.h"' -lm && ./a.out demo [--until S] [--tick MS] [--fuel N]
**        [--cadence N] [--seed N] [--set NAME=JSON]... [--send EVENT[=JSON]]...
**
** It knows no graph by name but through its module (alone_c.h): several can be linked into one host. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include HEADER

#define M(name) extern const AloneModule name##_module;
MODULES
#undef M

static const struct {
    const char *name;
    const AloneModule *module;
} modules[] = {
#define M(name) {#name, &name##_module},
    MODULES
};

enum { QUIET_SECONDS = 60 };

typedef struct Options {
    double until, tick, fuel, cadence, seed; /* until < 0: until nothing is pending */
} Options;

/* ---- what it hears, as JSON lists ---- */

typedef struct List {
    char *text;
    size_t len, room;
} List;

static List events, lines;
static const Alone *running;

static void put(List *l, const char *text) {
    size_t len = strlen(text);
    if (l->len + len + 1 > l->room) {
        l->room = 2 * (l->len + len + 1);
        l->text = realloc(l->text, l->room);
        if (!l->text) abort();
    }
    memcpy(l->text + l->len, text, len + 1);
    l->len += len;
}

static void put_number(List *l, double number) {
    char text[40];
    snprintf(text, sizeof text, isnan(number) ? "\"NaN\"" : isinf(number) ? "\"%sInfinity\"" : "%s%.17g",
             number < 0 && isinf(number) ? "-" : "", number);
    put(l, text);
}

static void put_string(List *l, const char *text) {
    put(l, "\"");
    for (char one[8]; *text; text++) {
        unsigned char c = (unsigned char)*text;
        snprintf(one, sizeof one, c < ' ' || c == '"' || c == '\\' ? "\\u%04x" : "%c", c);
        put(l, one);
    }
    put(l, "\"");
}

/* References as the tool writes them, but for objects of a glTF, which compiled graphs only hand on. */
static void put_lane(List *l, u32 letter, Slot lane) {
    char text[40];
    const char *const kinds[] = {"null", "object", "delay", "event"};
    u32 kind = REF_KIND(lane.bits);
    if (letter == 'B') {
        put(l, lane.i ? "true" : "false");
    } else if (letter != 'R') {
        put_number(l, letter == 'F' ? lane.f : lane.i);
    } else if (kind == 0 || kind > 3) {
        put(l, "null");
    } else {
        snprintf(text, sizeof text, "\"%s:%llu\"", kinds[kind], (unsigned long long)REF_PAYLOAD(lane.bits));
        put(l, text);
    }
}

static void put_value(List *l, const AlonePort *port, const Slot *value) {
    if (port->lanes > 1) put(l, "[");
    for (u32 i = 0; i < port->lanes; i++) {
        if (i) put(l, ",");
        put_lane(l, port->letter, value[i]);
    }
    if (port->lanes > 1) put(l, "]");
}

static void hear_log(void *user, i32 severity, const char *text) {
    List *l = user;
    put(l, l->len ? ",{\"severity\":" : "{\"severity\":");
    put_number(l, severity);
    put(l, ",\"text\":");
    put_string(l, text);
    put(l, ",\"time\":");
    put_number(l, running->now);
    put(l, "}");
}

static void hear_event(void *user, const AlonePlan *plan, u32 event, const Slot *values) {
    const AloneEvent *e = &plan->events[event];
    List *l = &events;
    (void)user;
    put(l, l->len ? ",{\"time\":" : "{\"time\":");
    put_number(l, running->now);
    put(l, ",\"id\":");
    put_string(l, e->id);
    put(l, ",\"values\":{");
    for (u32 v = e->value_first; v < e->value_past; v++) {
        if (v > e->value_first) put(l, ",");
        put_string(l, plan->values[v].name);
        put(l, ":");
        put_value(l, &plan->values[v], values + plan->values[v].slot);
    }
    put(l, "}}");
}

/* ---- values from the command line ---- */

static const char *read_lane(const char *at, u32 letter, Slot *out) {
    char *end;
    out->bits = 0;
    if (strncmp(at, "true", 4) == 0) return out->bits = 1, at + 4;
    if (strncmp(at, "false", 5) == 0) return at + 5;
    if (strncmp(at, "null", 4) == 0) return at + 4;
    double number = strtod(at + (*at == '"'), &end); /* "NaN", "Infinity" */
    if (letter == 'F')
        out->f = number;
    else
        out->bits = (u32)(i32)number;
    return end + (*end == '"');
}

static const char *read_value(const char *at, const AlonePort *port, Slot *out) {
    at += *at == '[';
    for (u32 i = 0; i < port->lanes; i++) {
        at = read_lane(at, port->letter, &out[i]);
        at += strspn(at, ", ");
    }
    return at + (*at == ']');
}

static bool is_name(const char *text, size_t len, const char *name) { return strlen(name) == len && !strncmp(text, name, len); }

static const AlonePort *find_port(const AlonePort *list, u32 count, const char *text, size_t len) {
    for (u32 i = 0; i < count; i++)
        if (is_name(text, len, list[i].name)) return &list[i];
    return NULL;
}

static void set(const AloneModule *m, Alone *s, const char *word) {
    size_t len = strcspn(word, "=");
    const AlonePort *port = find_port(m->plan->inputs, m->plan->input_count, word, len);
    Slot value[ALONE_LANES];
    if (!port) port = find_port(m->plan->variables, m->plan->variable_count, word, len);
    if (!port || !word[len]) exit(3);
    read_value(word + len + 1, port, value);
    m->write(s, port->slot, port->lanes, value);
}

/* {"name":value,...} over the defaults. */
static void read_values(const AlonePlan *p, const AloneEvent *e, const char *at, Slot *values) {
    for (u32 v = e->value_first; v < e->value_past; v++)
        memcpy(values + p->values[v].slot, p->initial + p->values[v].entry, p->values[v].lanes * sizeof(Slot));
    while ((at = strchr(at, '"')) != NULL) {
        size_t len = strcspn(at + 1, "\"");
        const AlonePort *port = find_port(p->values + e->value_first, e->value_past - e->value_first, at + 1, len);
        if (!port) exit(3);
        at = read_value(strchr(at + 1 + len, ':') + 1, port, values + port->slot);
    }
}

static void send(const AloneModule *m, Alone *s, const char *word) {
    const AlonePlan *p = m->plan;
    size_t len = strcspn(word, "=");
    for (u32 e = 0; e < p->event_count; e++) {
        if (!is_name(word, len, p->events[e].id)) continue;
        Slot *values = calloc(p->events[e].lanes + 1, sizeof *values);
        if (!values) abort();
        read_values(p, &p->events[e], word + len, values);
        m->post(s, e, values);
        free(values);
        return;
    }
    exit(3);
}

/* ---- the run, in virtual time ---- */

static AloneStatus work(const AloneModule *m, Alone *s, const Options *o) {
    AloneStatus status;
    u64 fuel = o->cadence > 0 ? (u64)o->cadence : (u64)1 << 62;
    do status = m->run(s, fuel);
    while (status == ALONE_MORE);
    return status;
}

static bool something_is_due(const Alone *s) { return s->delay_count || s->move_count || s->queue_count; }

static bool goes_on(const AloneModule *m, const Alone *s, const Options *o, u64 k, double now) {
    if (s->reason || !m->waits(s)) return false;
    if (o->until >= 0) return now <= o->until;
    return k == 0 || (now <= QUIET_SECONDS && something_is_due(s));
}

static void run(const AloneModule *m, Alone *s, const Options *o) {
    work(m, s, o);
    for (u64 k = 0; goes_on(m, s, o, k, (double)k * o->tick / 1000); k++) {
        m->tick(s, (double)k * o->tick / 1000);
        work(m, s, o);
    }
}

/* ---- the report ---- */

static void put_variables(List *l, const AlonePlan *p, const Alone *s) {
    for (u32 v = 0; v < p->variable_count; v++) {
        put(l, v ? ",{\"name\":" : "{\"name\":");
        put_string(l, p->variables[v].name);
        put(l, ",\"value\":");
        put_value(l, &p->variables[v], s->slots + p->variables[v].slot);
        put(l, "}");
    }
}

static void put_outputs(List *l, const AloneModule *m, Alone *s) {
    for (u32 i = 0; i < m->plan->output_count; i++) {
        if (i) put(l, ",");
        put_string(l, m->plan->outputs[i].name);
        put(l, ":");
        put_value(l, &m->plan->outputs[i], m->output(s, i));
    }
}

static void put_reason(List *l, const AlonePlan *p, const Alone *s) {
    char handle[80];
    put(l, "{\"status\":");
    put(l, s->reason ? "\"limit\",\"reason\":" : "");
    if (!s->reason) return;
    put_string(l, s->reason);
    if (s->reason_node == NONE) return;
    const AloneNode *n = &p->nodes[s->reason_node];
    snprintf(handle, sizeof handle, "#%u %s", (unsigned)s->reason_node, n->op);
    put(l, ",\"node\":");
    put_string(l, n->id[0] ? n->id : handle);
}

static void report(const AloneModule *m, Alone *s) {
    List l = {0};
    put_reason(&l, m->plan, s);
    if (!s->reason) put(&l, m->waits(s) ? "\"idle\",\"reason\":\"\"" : "\"done\",\"reason\":\"\"");
    put(&l, ",\"variables\":[");
    put_variables(&l, m->plan, s);
    put(&l, "],\"events\":[");
    put(&l, events.text ? events.text : "");
    put(&l, "],\"log\":[");
    put(&l, lines.text ? lines.text : "");
    put(&l, "],\"outputs\":{");
    put_outputs(&l, m, s);
    put(&l, "},\"fuel\":");
    put_number(&l, (double)s->fuel);
    put(&l, "}\n");
    fputs(l.text, stdout);
    free(l.text);
}

/* ---- words ---- */

static void take_words(const AloneModule *m, Alone *s, Options *o, int count, char **words) {
    const struct {
        const char *name;
        double *number;
    } numbers[] = {{"--until", &o->until}, {"--tick", &o->tick}, {"--fuel", &o->fuel}, {"--cadence", &o->cadence},
                   {"--seed", &o->seed}};
    for (int i = 0; i + 1 < count; i += 2) {
        for (size_t k = 0; !s && k < sizeof numbers / sizeof *numbers; k++)
            if (!strcmp(words[i], numbers[k].name)) *numbers[k].number = strtod(words[i + 1], NULL);
        if (s && !strcmp(words[i], "--set")) set(m, s, words[i + 1]);
    }
    for (int i = 0; s && i + 1 < count; i += 2)
        if (!strcmp(words[i], "--send")) send(m, s, words[i + 1]);
}

static void run_module(const AloneModule *m, int count, char **words) {
    Options o = {-1, 16, 0, 0, 0};
    const AloneHost host = {.user = &lines, .log = hear_log, .event = hear_event};
    void *state = malloc(m->size);
    if (!state) abort();
    take_words(m, NULL, &o, count, words);
    Alone *s = m->init(state, (u64)(int64_t)o.seed, &host);
    running = s;
    s->fuel_limit = (u64)o.fuel;
    take_words(m, s, &o, count, words);
    run(m, s, &o);
    report(m, s);
    free(state);
}

int main(int argc, char **argv) {
    for (size_t i = 0; argc > 1 && i < sizeof modules / sizeof *modules; i++) {
        if (strcmp(modules[i].name, argv[1]) != 0) continue;
        run_module(modules[i].module, argc - 2, argv + 2);
        return 0;
    }
    fprintf(stderr, "usage: %s GRAPH [--until S] [--tick MS] [--fuel N] [--cadence N] [--seed N] [--set NAME=JSON] [--send EVENT=JSON]\n",
            argv[0]);
    return 3;
}
