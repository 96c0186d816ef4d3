/* dump.h (code) - a Program as readable text. */
#ifndef TREADLE_DUMP_H
#define TREADLE_DUMP_H

#include "code.h"
#include "../base/buf.h"

/* One line per instruction, with node ids, variable names and the op.def expression with registers put in. */
void dump(const Program *p, Buf *out);

#endif
