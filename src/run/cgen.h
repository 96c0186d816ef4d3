/* cgen.h (run) - a verified program as C: one file and its header, which need nothing but a C11 compiler and its libm.
**
** What is in them: the plan of the graph as constant tables (alone.h), its state as a struct with a field for each value, a
** function for each unit (code/cfg.h) in structured control flow, and of the engine's text just what these use
** (cgen_source.h). The result of a run is the engine's, fuel included, to the bit but for the functions of libm. */
#ifndef TREADLE_CGEN_H
#define TREADLE_CGEN_H

#include "../code/code.h"

typedef struct CgenOptions {
    const char *header; /* how the C file includes its header: "demo.h"; then everything is called demo_... */
    const Limits *limits;
} CgenOptions;

/* Writes both files. ERR_COMPILE_OP and others: said in diags; ERR_MEMORY: it was refused. */
Err cgen(const Program *p, const CgenOptions *options, Diags *diags, Buf *c, Buf *h);

/* What became of the program, one line for each unit and each loop, with the fuel of a turn; names as with that header. */
Err cgen_list(const Program *p, const char *header, Buf *out);

#endif
