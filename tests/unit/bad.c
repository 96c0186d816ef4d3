/* bad.c (unit) - each file of tests/bad is refused, or warned of, in just the words that stand
** beside it. */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/graph/load.h"
#include "test.h"

#define FOLDER "tests/bad/"

static Text read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) return (Text){NULL, 0};
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *data = (char *)malloc((size_t)size + 1);
    size_t got = fread(data, 1, (size_t)size, file);
    fclose(file);
    data[got] = 0;
    return (Text){data, (u32)got};
}

static void load_graph(Text text, Diags *diags) {
    Limits limits = limits_default();
    LoadOptions options = {.limits = &limits, .graph = -1};
    Graph *graph;
    load(text, &options, diags, &graph);
    graph_free(graph);
}

/* All that is said about a file, a line each. */
static void print_all(const Diags *diags, const char *name, Buf *out) {
    for (u32 i = 0; i < diags->count; i++) {
        diag_line(&diags->list[i], name, out);
        buf_byte(out, '\n');
    }
}

static void check_file(const char *name) {
    static Diags diags;
    char path[300];
    Arena arena;
    Buf out = {0};
    snprintf(path, sizeof path, FOLDER "%s", name);
    Text text = read_file(path);
    snprintf(path, sizeof path, FOLDER "%.*s.expect", (int)(strrchr(name, '.') - name), name);
    Text expected = read_file(path);
    arena_open(&arena, 0);
    diags_open(&diags, &arena, name, text);
    load_graph(text, &diags);
    print_all(&diags, name, &out);
    test_texts(out.data ? out.data : "", expected.data ? expected.data : "(no .expect)", name,
               __FILE__, __LINE__);
    buf_close(&out);
    arena_close(&arena);
    free((void *)(uintptr_t)text.data);
    free((void *)(uintptr_t)expected.data);
}

static bool is_graph(const char *name) {
    const char *end = strrchr(name, '.');
    return end && (strcmp(end, ".json") == 0 || strcmp(end, ".gltf") == 0 || strcmp(end, ".glb") == 0);
}

TEST(bad_files_are_named_in_the_expected_words) {
    struct dirent **entries;
    u32 files = 0;
    int count = scandir(FOLDER, &entries, NULL, alphasort);
    CHECK(count > 0);
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        if (is_graph(name)) {
            check_file(name);
            files++;
        }
        free(entries[i]);
    }
    free(entries);
    CHECK(files >= 120);
}
