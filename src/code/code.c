/* code.c (code) - what the instruction table says, and the end of a program. */
#include "code.h"

#include <string.h>

static const struct {
    const char *name, *operands;
} TABLE[CODE_COUNT] = {
#define PURE(id, op, types, inputs, output, signature, expression) {#id, NULL},
#include "../op/op.def"
#undef PURE
#define VEC(id, op, inputs, outputs, meaning) {#id, NULL},
#include "../op/vec.def"
#define CODE(id, operands, meaning) {#id, operands},
#include "code.def"
#undef CODE
};

char code_operand(Code c, u32 k) {
    if (TABLE[c].operands) return TABLE[c].operands[k];
    if (k == 0) return 'd';
    return k <= row_inputs(c) ? 's' : '-';
}

const char *code_name(Code c) { return TABLE[c].name; }

void program_free(Program *p) {
    if (!p) return;
    Arena arena = p->arena; /* the program itself lies in it */
    arena_close(&arena);
}
