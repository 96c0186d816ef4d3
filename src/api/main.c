/* main.c (api) - the native tool: run, check, dump, upgrade, convert, compile and ops, with the words of js/cli.js. */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../base/arena.h"
#include "../base/buf.h"
#include "../base/host.h"
#include "treadle.h"

enum { EXIT_FINE = 0, EXIT_ENDED = 1, EXIT_REJECTED = 2, EXIT_USAGE = 3 };

/* A run without --until ends when nothing is pending, or after so many seconds. */
#define QUIET_SECONDS 60.0

static const char usage[] =
    "usage: treadle run FILE... [--runner auto|vm|walk] [--set NAME=JSON]... [--send EVENT[=JSON]]...\n"
    "                   [--select NODE[,CONTROLLER[,X,Y,Z[,X,Y,Z]]]]... [--hover NODE[,CONTROLLER]]...\n"
    "                   [--clock real|virtual] [--until SECONDS] [--tick MS] [--fuel N] [--cadence N]\n"
    "                   [--seed N] [--limit NAME=N]... [--trace] [--json]\n"
    "       treadle check FILE... [--json]\n"
    "       treadle dump FILE [--wasm [--shape preemptible|structured|scheduler]]\n"
    "       treadle upgrade FILE [-o OUT] [--json]\n"
    "       treadle convert FILE [--to native|khr|gltf] [-o OUT] [--json]\n"
    "       treadle compile FILE -o OUT.wasm [--shape preemptible|structured] [--runtime FILE] [--list]\n"
    "       treadle compile FILE -o OUT.c [--limit NAME=N]... [--list]\n"
    "       treadle ops [--json]\n"
    "       treadle --help | --version\n"
    "\n"
    "A FILE is a native graph, a KHR_interactivity asset (.glb, .gltf) or its bare extension; - is standard\n"
    "input. With --upgrade run, check, dump and convert take drafts of KHR_interactivity, too. upgrade writes\n"
    "the ratified file: door.glb to door.upgraded.glb, or to OUT. convert writes to OUT, or to standard output.\n"
    "compile makes a module that needs no engine, of a runtime module: build/alone/runtime.wasm, or FILE; or C that "
    "needs\n"
    "nothing of treadle, and its header. --list says what became of the graph. dump shows the program that\n"
    "a graph becomes; with --wasm each byte of its WebAssembly, with what it is.\n"
    "\n"
    "Exit status: 0 fine, 1 the run was ended by a limit or failed, 2 the file was rejected, 3 the words were\n"
    "wrong, or a file cannot be read or written.\n";

typedef struct Options {
    const char *command;
    const char **files, **sets, **inputs, **limits; /* own; as many as there are arguments at most */
    int file_count, set_count, input_count, limit_count;
    const char *to, *out, *runtime; /* NULL: not said */
    i32 shape;
    i32 runner; /* of td_start */
    bool real, json, trace, upgrade, list, wasm;
    f64 until; /* s; negative: until nothing is pending */
    f64 tick;  /* ms */
    f64 fuel, cadence, seed;
} Options;

/* Set while a run wants to see its log and events as they come. */
static bool talks;

/* ---- the host (host.h) ---- */

f64 host_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (f64)t.tv_sec * 1e3 + (f64)t.tv_nsec / 1e6;
}

static void say(const char *before, Text text) {
    Buf line = {0};
    buf_text(&line, before);
    buf_plain(&line, text);
    if (!line.full) printf("%s\n", line.data);
    buf_close(&line);
}

void host_log(u32 instance, i32 severity, const char *text, u32 len) {
    (void)instance;
    if (talks) say(severity > 0 ? "warning: " : "", (Text){text, len});
}

void host_event(u32 instance, const char *json, u32 len) {
    (void)instance;
    if (talks) say("event ", (Text){json, len});
}

i32 host_call(u32 instance, u32 node, f64 now, u32 op, u32 call, const void *args, void *results) {
    (void)instance, (void)node, (void)now, (void)op, (void)call, (void)args, (void)results;
    return HOST_FAILED; /* the tool defines none */
}

i32 host_pointer_get(u32 instance, u32 served, const void *args, void *value) {
    (void)instance, (void)served, (void)args, (void)value;
    return 0; /* it serves none */
}

i32 host_pointer_set(u32 instance, u32 served, const void *args, const void *value) {
    (void)instance, (void)served, (void)args, (void)value;
    return 0;
}

static void sleep_ms(f64 ms) {
    if (ms <= 0) return;
    struct timespec t = {(time_t)(ms / 1e3), (long)(fmod(ms, 1e3) * 1e6)};
    nanosleep(&t, NULL);
}

/* ---- files ---- */

static bool fill(FILE *file, Buf *out) {
    char part[65536];
    size_t got;
    while ((got = fread(part, 1, sizeof part, file)) > 0 && !out->full) buf_put(out, part, (u32)got);
    return !ferror(file) && !out->full;
}

static bool read_file(const char *name, Buf *out) {
    bool is_stdin = strcmp(name, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(name, "rb");
    errno = file ? 0 : errno;
    bool whole = file && fill(file, out);
    if (!whole) fprintf(stderr, "treadle: %s: %s\n", name, errno ? strerror(errno) : "too large");
    if (file && !is_stdin) fclose(file);
    return whole;
}

static const char *shown_name(const char *name) { return strcmp(name, "-") ? name : "stdin"; }

static u32 load_bytes(td_Engine *e, const char *name, const Options *o, const Buf *bytes) {
    return (o->upgrade ? td_load_upgraded : td_load)(e, shown_name(name), bytes->data, bytes->len, -1);
}

/* A program; 0 when the file is rejected, or, with *unread set, cannot be read. */
static u32 load_file(td_Engine *e, const char *name, const Options *o, bool *unread) {
    Buf bytes = {0};
    *unread = !read_file(name, &bytes);
    u32 program = *unread ? 0 : load_bytes(e, name, o, &bytes);
    buf_close(&bytes);
    return program;
}

/* ---- run ---- */

enum {
#define STAT(id, meaning) STAT_##id,
#include "../engine/stat.def"
#undef STAT
};

static bool is_idle(td_Engine *e, u32 instance) { return td_status(e, instance) == 1; }

static void work(td_Engine *e) {
    f64 stop = td_stats(e)[STAT_stop];
    while (td_slice(e) && !(stop > 0 && host_now() >= stop)) {}
}

/* Whether a run gets a tick at `now` (s), the k-th. */
static bool goes_on(td_Engine *e, u32 instance, const Options *o, u64 k, f64 now) {
    if (!is_idle(e, instance)) return false;
    if (o->until >= 0) return now <= o->until;
    return k == 0 || (now <= QUIET_SECONDS && td_next_due(e, instance) < INFINITY);
}

static f64 tick_time(const Options *o, u64 k) { return (f64)k * o->tick / 1000; }

static void run_virtual(td_Engine *e, u32 instance, const Options *o) {
    work(e);
    for (u64 k = 0; goes_on(e, instance, o, k, tick_time(o, k)); k++) {
        td_tick(e, instance, tick_time(o, k));
        work(e);
    }
}

/* A tick that falls due while the run is busy is dropped. At the end what still runs is stopped. */
static void run_real(td_Engine *e, u32 instance, const Options *o) {
    f64 start = host_now(), stop = start + 1000 * (o->until >= 0 ? o->until : QUIET_SECONDS);
    td_stats(e)[STAT_stop] = stop;
    work(e);
    for (u64 k = 0; host_now() < stop && goes_on(e, instance, o, k, 0); k++) {
        td_tick(e, instance, (host_now() - start) / 1000);
        work(e);
        f64 next = start + o->tick * (floor((host_now() - start) / o->tick) + 1);
        if (is_idle(e, instance)) sleep_ms((next < stop ? next : stop) - host_now());
    }
    if (td_status(e, instance) == 0) td_stop(e, instance);
    td_stats(e)[STAT_stop] = 0;
}

/* NAME=JSON in two; what follows the first "=" is NULL when there is none. The name is for
** free(). */
static char *split(const char *argument, const char **rest) {
    const char *equals = strchr(argument, '=');
    size_t length = equals ? (size_t)(equals - argument) : strlen(argument);
    char *name = calloc(length + 1, 1);
    if (name) memcpy(name, argument, length);
    *rest = equals ? equals + 1 : NULL;
    return name;
}

static bool push_pair(td_Engine *e, u32 instance, const char *word, bool sets) {
    const char *rest;
    char *name = split(word, &rest);
    bool fine = name && (sets ? td_set(e, instance, name, rest) : td_send(e, instance, name, rest));
    free(name);
    return fine;
}

enum { HIT_NODE, HIT_CONTROLLER, HIT_POINT, HIT_ORIGIN = HIT_POINT + 3, HIT_NUMBERS = HIT_ORIGIN + 3 };

static bool is_index(f64 number, f64 least) {
    return number >= least && number <= INT32_MAX && number == floor(number);
}

/* NODE[,CONTROLLER[,POINT[,ORIGIN]]]; false when it is not. */
static bool read_hit(const char *word, f64 *hit) {
    int count = 0;
    for (char *end; count < HIT_NUMBERS; word = end + 1) {
        hit[count++] = strtod(word, &end);
        if (end == word || (*end && *end != ',')) return false;
        if (!*end) break;
        if (count == HIT_NUMBERS) return false;
    }
    for (int i = count; i < HIT_NUMBERS; i++) hit[i] = i < HIT_POINT ? 0 : NAN;
    bool whole = count <= HIT_POINT || count == HIT_ORIGIN || count == HIT_NUMBERS;
    return whole && is_index(hit[HIT_NODE], -1) && is_index(hit[HIT_CONTROLLER], 0);
}

static bool push_hit(td_Engine *e, u32 instance, const char *word, bool selects) {
    f64 hit[HIT_NUMBERS];
    read_hit(word, hit); /* it was looked at when the words were taken */
    const f64 *p = hit + HIT_POINT, *from = hit + HIT_ORIGIN;
    i32 node = (i32)hit[HIT_NODE], controller = (i32)hit[HIT_CONTROLLER];
    if (!selects) return td_hover(e, instance, node, controller);
    return td_select(e, instance, node, controller, p[0], p[1], p[2], from[0], from[1], from[2]);
}

/* One input, an option and its value behind it. */
static bool push_input(td_Engine *e, u32 instance, const char *option, const char *word) {
    bool selects = !strcmp(option, "--select"), hovers = !strcmp(option, "--hover");
    bool fine = selects || hovers ? push_hit(e, instance, word, selects)
                                  : push_pair(e, instance, word, !strcmp(option, "--set"));
    if (!fine) fprintf(stderr, "treadle: %s %s: %s\n", option, word, td_text(e));
    return fine;
}

/* --set, then the others in their order; false after saying why. */
static bool prepare(td_Engine *e, u32 instance, const Options *o) {
    bool fine = true;
    for (int i = 0; fine && i < o->set_count; i++) fine = push_input(e, instance, "--set", o->sets[i]);
    for (int i = 0; fine && i < o->input_count; i += 2) fine = push_input(e, instance, o->inputs[i], o->inputs[i + 1]);
    return fine;
}

static void print_run(td_Engine *e, u32 instance, const Options *o) {
    if (o->trace && !o->json) {
        td_trace(e, instance);
        fputs(td_text(e), stdout);
    }
    if (o->json)
        td_report(e, instance);
    else
        td_summary(e, instance);
    fputs(td_text(e), stdout);
    if (o->json) putchar('\n');
}

/* In the order of td_start. */
static const char *const runners[] = {"vm", "walk", "wasm", "structured", "scheduler", "auto"};
enum { FIRST_COMPILED = 2, LAST_COMPILED = 4 };

static int run_program(td_Engine *e, u32 program, const Options *o) {
    if (o->runner >= FIRST_COMPILED && o->runner <= LAST_COMPILED) {
        fprintf(stderr,
                "treadle: --runner %s wants WebAssembly, which a native build cannot run: js/cli.js in Node can\n",
                runners[o->runner]);
        return EXIT_USAGE;
    }
    u32 instance = td_start(e, program, o->runner, o->seed, o->fuel, o->trace);
    if (!instance) {
        fprintf(stderr, "treadle: %s\n", td_text(e));
        return EXIT_ENDED;
    }
    talks = !o->json;
    int status = EXIT_USAGE;
    if (prepare(e, instance, o)) {
        (o->real ? run_real : run_virtual)(e, instance, o);
        print_run(e, instance, o);
        status = td_status(e, instance) == 3 ? EXIT_ENDED : EXIT_FINE;
    }
    td_end(e, instance);
    return status;
}

/* td_load's text begins with {"ok":false, */
static void print_rejected(td_Engine *e, bool json) {
    static const char ok[] = "{\"ok\":false,";
    if (json) {
        printf("{\"status\":\"rejected\",\"reason\":\"the file was rejected\",%s\n", td_text(e) + sizeof ok - 1);
    } else {
        td_lines(e);
        fputs(td_text(e), stdout);
    }
}

/* A file that must load: *status says why it did not. */
static u32 load_whole(td_Engine *e, const char *file, const Options *o, int *status) {
    bool unread;
    u32 program = load_file(e, file, o, &unread);
    *status = unread ? EXIT_USAGE : EXIT_REJECTED;
    if (!program && !unread) print_rejected(e, o->json);
    return program;
}

static int run_file(td_Engine *e, const char *file, const Options *o) {
    int status;
    u32 program = load_whole(e, file, o, &status);
    if (!program) return status;
    status = run_program(e, program, o);
    td_unload(e, program);
    return status;
}

/* ---- check, dump, ops ---- */

static int check_file(td_Engine *e, const char *file, const Options *o) {
    bool unread;
    u32 program = load_file(e, file, o, &unread);
    if (unread) return EXIT_USAGE;
    if (!o->json) td_lines(e);
    fputs(td_text(e), stdout);
    if (o->json)
        putchar('\n');
    else if (program)
        printf("%s: fine\n", file);
    td_unload(e, program);
    return program ? EXIT_FINE : EXIT_REJECTED;
}

static int dump_file(td_Engine *e, const char *file, const Options *o) {
    int status;
    u32 program = load_whole(e, file, o, &status);
    if (!program) return status;
    bool fine = true;
    if (o->wasm)
        fine = td_dump_wasm(e, program, o->shape);
    else
        td_dump(e, program);
    if (fine)
        fputs(td_text(e), stdout);
    else
        fprintf(stderr, "treadle: %s\n", td_text(e));
    td_unload(e, program);
    return fine ? EXIT_FINE : EXIT_REJECTED;
}

/* ---- upgrade ---- */

/* "door.upgraded.glb" for "door.glb", in name; false: too long. */
static bool name_upgraded(const char *file, char name[4096]) {
    const char *slash = strrchr(file, '/'), *dot = strrchr(slash ? slash : file, '.');
    int stem = (int)(dot ? (size_t)(dot - file) : strlen(file));
    return snprintf(name, 4096, "%.*s.upgraded%s", stem, file, dot ? dot : "") < 4096;
}

static bool write_file(const char *name, const void *bytes, u32 len) {
    bool is_stdout = strcmp(name, "-") == 0;
    FILE *file = is_stdout ? stdout : fopen(name, "wb");
    errno = file ? 0 : errno;
    bool whole = file && fwrite(bytes, 1, len, file) == len && fflush(file) == 0;
    if (file && !is_stdout) whole = fclose(file) == 0 && whole;
    if (!whole) fprintf(stderr, "treadle: %s: %s\n", name, strerror(errno));
    return whole;
}

/* What was read, when nothing had to be changed: but only to where it was asked for. */
static int write_upgraded(td_Engine *e, const char *file, const Options *o, const Buf *read, i32 changes) {
    char name[4096];
    const char *out = o->out ? o->out : name;
    FILE *said = strcmp(out, "-") ? stdout : stderr;
    if (!changes && !o->out) return o->json || printf("%s: nothing to change\n", file) ? EXIT_FINE : EXIT_ENDED;
    if (!o->out && (!strcmp(file, "-") || !name_upgraded(file, name))) {
        fprintf(stderr, "treadle: %s: say where to write it: -o OUT\n", file);
        return EXIT_USAGE;
    }
    bool written = changes ? write_file(out, td_bytes(e), td_bytes_length(e)) : write_file(out, read->data, read->len);
    if (written && !o->json) fprintf(said, "%s: written to %s (changes: %d)\n", file, out, changes);
    return written ? EXIT_FINE : EXIT_USAGE;
}

static int upgrade_file(td_Engine *e, const char *file, const Options *o) {
    Buf bytes = {0};
    if (!read_file(file, &bytes)) {
        buf_close(&bytes);
        return EXIT_USAGE;
    }
    i32 changes = td_upgrade(e, shown_name(file), bytes.data, bytes.len);
    FILE *said = o->out && !strcmp(o->out, "-") ? stderr : stdout;
    if (!o->json) td_lines(e);
    fputs(td_text(e), said);
    if (o->json) putc('\n', said);
    int status = changes < 0 ? EXIT_REJECTED : write_upgraded(e, file, o, &bytes, changes);
    buf_close(&bytes);
    return status;
}

/* ---- convert ---- */

static bool ends_in(const char *text, const char *end) {
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* The form asked for: by its word, else by the name of the file to write, else the one that the graph is not in. */
static i32 choose_form(td_Engine *e, u32 program, const Options *o) {
    static const char *const words[] = {"native", "khr", "gltf"};
    bool native = o->to && !strcmp(o->to, words[0]);
    if (!native && o->out && ends_in(o->out, ".gltf")) return 2;
    for (i32 i = 0; o->to && i < (i32)COUNT_OF(words); i++)
        if (!strcmp(o->to, words[i])) return i;
    td_info(e, program);
    return strstr(td_text(e), "\"dialect\":\"native\"") ? 1 : 0;
}

/* The graph goes to OUT or standard output, what there is to say to standard error. Places in a text that was upgraded on
** the way have no lines. */
static int convert_program(td_Engine *e, u32 program, const Buf *bytes, const Options *o) {
    bool told = td_convert(e, program, choose_form(e, program, o), o->upgrade ? NULL : bytes->data, bytes->len);
    bool written = told && write_file(o->out ? o->out : "-", td_text(e), td_text_length(e));
    int status = !told ? EXIT_REJECTED : written ? EXIT_FINE : EXIT_USAGE;
    (o->json ? td_diagnostics : td_lines)(e);
    fprintf(stderr, o->json ? "%s\n" : "%s", td_text(e));
    return status;
}

static int convert_file(td_Engine *e, const char *file, const Options *o) {
    Buf bytes = {0};
    int status = EXIT_USAGE;
    u32 program = 0;
    if (read_file(file, &bytes)) {
        program = load_bytes(e, file, o, &bytes);
        status = EXIT_REJECTED;
        if (!program) print_rejected(e, o->json);
    }
    if (program) status = convert_program(e, program, &bytes, o);
    if (program) td_unload(e, program);
    buf_close(&bytes);
    return status;
}

static int list_ops(td_Engine *e, const Options *o) {
    td_ops(e, !o->json);
    fputs(td_text(e), stdout);
    if (o->json) putchar('\n');
    return EXIT_FINE;
}

/* ---- compile ---- */

static int refuse_compile(td_Engine *e, const Options *o) {
    (o->json ? td_diagnostics : td_lines)(e);
    fprintf(stderr, o->json ? "%s\n" : "%s", td_text(e));
    return EXIT_REJECTED;
}

/* "out/demo.h" for "out/demo.c", and "demo.h". */
static const char *name_header(const char *file, char name[4096]) {
    snprintf(name, 4096, "%s", file);
    name[strlen(name) - 1] = 'h';
    const char *slash = strrchr(name, '/');
    return slash ? slash + 1 : name;
}

static int compile_to_c(td_Engine *e, u32 program, const Options *o) {
    char name[4096];
    const char *header = name_header(o->out, name);
    for (i32 part = 0; part < 2; part++) {
        if (!td_compile_c(e, program, header, part)) return refuse_compile(e, o);
        if (!write_file(part ? name : o->out, td_text(e), td_text_length(e))) return EXIT_USAGE;
    }
    return EXIT_FINE;
}

static int list_compiled(td_Engine *e, u32 program, const Options *o) {
    char name[4096];
    td_compile_c(e, program, o->out ? name_header(o->out, name) : "", 2);
    fputs(td_text(e), stdout);
    return EXIT_FINE;
}

/* The runtime module: where it was said to be, else beside the folder that this program is in. False after saying so. */
static bool read_runtime(const Options *o, Buf *out) {
    char name[4096 + 32] = "";
    ssize_t length = readlink("/proc/self/exe", name, 4096);
    if (o->runtime) return read_file(o->runtime, out);
    char *slash = length > 0 ? strrchr(name, '/') : NULL;
    strcpy(slash ? slash + 1 : name, "../alone/runtime.wasm");
    if (access(name, R_OK) == 0) return read_file(name, out);
    fprintf(stderr,
            "treadle: there is no runtime module at %s: build it with \"make alone\", or name it by --runtime FILE\n",
            name);
    return false;
}

static int make_module(td_Engine *e, u32 program, const Buf *runtime, const Options *o) {
    bool made = td_compile_wasm(e, program, o->shape, runtime->data, runtime->len);
    if (!made && td_text(e)[0] == '{') return refuse_compile(e, o);
    if (!made) fprintf(stderr, "treadle: %s\n", td_text(e));
    if (made && o->list) fputs(td_text(e), stdout);
    if (!made) return EXIT_REJECTED;
    return write_file(o->out, td_compiled(e), td_compiled_length(e)) ? EXIT_FINE : EXIT_USAGE;
}

static int compile_to_wasm(td_Engine *e, u32 program, const Options *o) {
    Buf runtime = {0};
    int status = read_runtime(o, &runtime) ? make_module(e, program, &runtime, o) : EXIT_USAGE;
    buf_close(&runtime);
    return status;
}

static int compile_file(td_Engine *e, const char *file, const Options *o) {
    int status;
    u32 program = load_whole(e, file, o, &status);
    if (!program) return status;
    bool wasm = o->out && ends_in(o->out, ".wasm");
    status = wasm ? compile_to_wasm(e, program, o) : o->out ? compile_to_c(e, program, o) : EXIT_FINE;
    if (status == EXIT_FINE && o->list && !wasm) status = list_compiled(e, program, o);
    td_unload(e, program);
    return status;
}

/* ---- words ---- */

static bool complain(const char *what, const char *word) {
    fprintf(stderr, "treadle: %s%s\ntreadle --help lists all commands and options.\n", what, word);
    return false;
}

static bool complain_value(const char *option, const char *value) {
    char what[64];
    snprintf(what, sizeof what, "not a value of %s: ", option);
    return complain(what, value);
}

static bool read_number(const char *word, f64 least, bool whole, f64 *out) {
    char *end;
    *out = strtod(word, &end);
    return *word && !*end && isfinite(*out) && *out >= least && (!whole || *out == floor(*out));
}

static bool read_choice(const char *word, const char *no, const char *yes, bool *out) {
    *out = strcmp(word, yes) == 0;
    return *out || strcmp(word, no) == 0;
}

static bool read_shape(const char *word, i32 *shape) {
    static const char *const words[] = {"preemptible", "structured", "scheduler"};
    for (i32 i = 0; i < (i32)COUNT_OF(words); i++) {
        if (strcmp(word, words[i]) != 0) continue;
        *shape = i;
        return true;
    }
    return false;
}

static bool read_runner(const char *word, i32 *out) {
    for (*out = 0; *out < (i32)COUNT_OF(runners); ++*out)
        if (strcmp(word, runners[*out]) == 0) return true;
    return false;
}

static bool keep_input(Options *o, const char *name, const char *value) {
    o->inputs[o->input_count++] = name;
    o->inputs[o->input_count++] = value;
    return true;
}

/* One option with a value; false when the value is not one. */
static bool take_value(Options *o, const char *name, const char *value, bool *known) {
    *known = true;
    if (!strcmp(name, "--runner")) return read_runner(value, &o->runner);
    if (!strcmp(name, "--clock")) return read_choice(value, "virtual", "real", &o->real);
    if (!strcmp(name, "--set")) return (o->sets[o->set_count++] = value, strchr(value, '=') != NULL);
    if (!strcmp(name, "--send")) return keep_input(o, name, value);
    if (!strcmp(name, "--select") || !strcmp(name, "--hover"))
        return read_hit(value, (f64[HIT_NUMBERS]){0}) && keep_input(o, name, value);
    if (!strcmp(name, "--limit")) return (o->limits[o->limit_count++] = value, strchr(value, '=') != NULL);
    if (!strcmp(name, "-o")) return (o->out = value, *value != 0);
    if (!strcmp(name, "--shape")) return read_shape(value, &o->shape);
    if (!strcmp(name, "--runtime")) return (o->runtime = value, *value != 0);
    if (!strcmp(name, "--to"))
        return (o->to = value, !strcmp(value, "native") || !strcmp(value, "khr") || !strcmp(value, "gltf"));
    if (!strcmp(name, "--until")) return read_number(value, 0, false, &o->until);
    if (!strcmp(name, "--tick")) return read_number(value, 0.001, false, &o->tick);
    if (!strcmp(name, "--fuel")) return read_number(value, 0, true, &o->fuel);
    if (!strcmp(name, "--cadence")) return read_number(value, 0, true, &o->cadence) && o->cadence <= INT32_MAX;
    if (!strcmp(name, "--seed")) return read_number(value, -0x1p53, true, &o->seed);
    *known = false;
    return false;
}

static bool take_words(Options *o, int count, char **words) {
    for (int i = 0; i < count; i++) {
        bool known;
        if (!strcmp(words[i], "--json"))
            o->json = true;
        else if (!strcmp(words[i], "--trace"))
            o->trace = true;
        else if (!strcmp(words[i], "--upgrade"))
            o->upgrade = true;
        else if (!strcmp(words[i], "--list"))
            o->list = true;
        else if (!strcmp(words[i], "--wasm"))
            o->wasm = true;
        else if (strncmp(words[i], "--", 2) != 0 && strcmp(words[i], "-o") != 0)
            o->files[o->file_count++] = words[i];
        else if (!take_value(o, words[i], i + 1 < count ? words[i + 1] : "", &known))
            return known ? complain_value(words[i], i + 1 < count ? words[i + 1] : "nothing")
                         : complain("unknown option ", words[i]);
        else
            i++;
    }
    return true;
}

static bool set_limits(td_Engine *e, const Options *o) {
    bool fine = true;
    for (int i = 0; fine && i < o->limit_count; i++) {
        const char *rest;
        f64 value;
        char *name = split(o->limits[i], &rest);
        fine = name && td_limit(e, name, read_number(rest, 0, true, &value) ? value : -1);
        free(name);
        if (!fine) fprintf(stderr, "treadle: --limit %s: %s\n", o->limits[i], td_text(e));
    }
    return fine;
}

static bool has_command(const Options *o) {
    static const struct {
        const char *word;
        int least, most;
    } commands[] = {{"run", 1, INT32_MAX}, {"check", 1, INT32_MAX}, {"dump", 1, 1}, {"upgrade", 1, 1},
                    {"convert", 1, 1},     {"compile", 1, 1},       {"ops", 0, 0}};
    if (!strcmp(o->command, "convert") && o->out && ends_in(o->out, ".glb"))
        return complain("convert writes JSON, which a .glb is not: -o ", o->out);
    if (!strcmp(o->command, "compile") && !(o->out ? ends_in(o->out, ".c") || ends_in(o->out, ".wasm") : o->list))
        return complain("compile writes NAME.wasm, or NAME.c and its header: -o NAME, not ",
                        o->out ? o->out : "nothing");
    if (!strcmp(o->command, "compile") && o->shape > 1) return complain_value("--shape", "scheduler");
    for (u32 i = 0; i < COUNT_OF(commands); i++) {
        if (strcmp(o->command, commands[i].word) != 0) continue;
        bool fits = o->file_count >= commands[i].least && o->file_count <= commands[i].most;
        return fits || complain(o->file_count ? "too many files for " : "no file for ", o->command);
    }
    return complain("unknown command ", o->command);
}

static int obey(td_Engine *e, const Options *o) {
    int worst = EXIT_FINE;
    if (!set_limits(e, o)) return EXIT_USAGE;
    if (!strcmp(o->command, "ops")) return list_ops(e, o);
    td_cadence(e, (u32)o->cadence);
    for (int i = 0; i < o->file_count; i++) {
        int status = !strcmp(o->command, "run")       ? run_file(e, o->files[i], o)
                     : !strcmp(o->command, "check")   ? check_file(e, o->files[i], o)
                     : !strcmp(o->command, "upgrade") ? upgrade_file(e, o->files[i], o)
                     : !strcmp(o->command, "convert") ? convert_file(e, o->files[i], o)
                     : !strcmp(o->command, "compile") ? compile_file(e, o->files[i], o)
                                                      : dump_file(e, o->files[i], o);
        if (status > worst) worst = status;
    }
    return worst;
}

static int obey_words(Options *o, int count, char **words) {
    if (!take_words(o, count, words) || !has_command(o)) return EXIT_USAGE;
    td_Engine *e = td_open();
    if (!e) return EXIT_ENDED;
    int status = obey(e, o);
    td_close(e);
    return status;
}

static bool wants_help(int count, char **words) {
    bool wants = !strcmp(words[1], "help");
    for (int i = 1; i < count; i++) wants = wants || !strcmp(words[i], "--help") || !strcmp(words[i], "-h");
    return wants;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    if (wants_help(argc, argv)) return fputs(usage, stdout) < 0;
    if (!strcmp(argv[1], "--version")) return puts("treadle " TD_VERSION) < 0;
    size_t room = (size_t)argc;
    const char **lists = calloc(room * 4, sizeof *lists);
    if (!lists) return EXIT_ENDED;
    Options o = {.command = argv[1],
                 .files = lists,
                 .sets = lists + room,
                 .inputs = lists + 2 * room,
                 .limits = lists + 3 * room,
                 .until = -1,
                 .tick = 16};
    int status = obey_words(&o, argc - 2, argv + 2);
    free(lists);
    return status;
}
