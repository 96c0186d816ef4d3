/* wgen.h (run) - a verified program as a WebAssembly module: written unit by unit, so that it can be done in slices.
**
** The module works on the engine's memory and table. Its imports:
**   e m    memory, the engine's
**   e t    table of functions, the engine's, with room for the units at ...
**   e b    ... this index: a constant i32
**   f N    the function at index N of that table: an op (op.h row_function) or service of the engine, N in decimal
** It exports nothing: an element segment puts unit k at index b + k. See compiled.h for what a unit is.
**
** With WgenOptions.link there is no module, only bodies for one that somebody else makes (wlink.h). */
#ifndef TREADLE_WGEN_H
#define TREADLE_WGEN_H

#include "../base/buf.h"
#include "compiled.h"
#include "wlink.h"

typedef struct WgenOptions {
    CompiledShape shape;
    bool traced;
    bool labels; /* keep what wgen_dump shows */
    const WgenLink *link; /* borrowed; NULL: a module for the engine */
} WgenOptions;

typedef struct Wgen Wgen;

/* NULL: no memory. The program outlives it. One that verify (code/verify.h) has not passed is refused when the first unit is asked for:
** whatever is written of one that has passed is a valid module. */
Wgen *wgen_open(const Program *p, const WgenOptions *options);
void wgen_close(Wgen *w);

/* Writes units until about so many instructions were looked at. 1: there is more to do; 0: the module is complete; -1: refused, wgen_refusal
** says why: too large for any engine, or no memory. */
i32 wgen_some(Wgen *w, u32 instructions);
const char *wgen_refusal(const Wgen *w);

/* The complete module, owned by w. */
Text wgen_module(const Wgen *w);

/* What the run loop needs; the caller's from now on, closed by compiled_close. NULL: no memory. */
Compiled *wgen_compiled(Wgen *w);
void compiled_close(Compiled *c);

/* Every byte of the module with what it is, as text for people. */
void wgen_dump(const Wgen *w, Buf *out);

/* What was done to the program, for people: rows inlined, called and hoisted, the units written so far, their loops with the fuel of
** a turn. False: no memory. */
bool wgen_list(const Wgen *w, Buf *out);

#endif
