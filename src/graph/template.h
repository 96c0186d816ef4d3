/* template.h (graph) - texts with parameters: JSON Pointer templates and messages of debug/log. */
#ifndef TREADLE_TEMPLATE_H
#define TREADLE_TEMPLATE_H

#include "draft.h"

/* True for a JSON Pointer by RFC 6901: empty or starting with /, and ~ only as ~0 or ~1. */
bool template_is_pointer(Text text);

/* True for a step of a template that is a parameter: [x] or {x}. */
bool template_is_parameter(Text step);

/* Reads the pointer template of the newest node, whose params it adds: `[x]` becomes an int input
** x, `{x}` a ref input; brackets that are meant literally are doubled. What is wrong is reported
** and makes *valid false. No property lies deeper than TEMPLATE_STEPS. */
enum { TEMPLATE_STEPS = 16 };
Err template_pointer(Draft *d, const At *at, Text text, TypeId type, bool *valid);

/* True when every brace of a message closes or is doubled. */
bool template_is_message(Text text);

/* Adds the pieces of a valid message, and an input for each {x}, to the newest node. */
Err template_message(Draft *d, Text text);

#endif
