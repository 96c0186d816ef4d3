/* record.h (run) - what log, event and trace have in common when they put a line on record. */
#ifndef TREADLE_RECORD_H
#define TREADLE_RECORD_H

#include "instance.h"

/* Appends in->line as item `index` of a JSON array's body, while limit log allows and memory
** lasts. */
void record_keep(Instance *in, Buf *list, u32 index);

/* A graph's name as a JSON string. */
void record_name(Buf *out, const char *name);

/* {"name":value,...} of an event's values. */
void record_values(Buf *out, const Graph *g, u32 event, const Slot *values);

#endif
