/* sockets.h (graph) - the sockets of a node, from its op's row and its configuration. */
#ifndef TREADLE_SOCKETS_H
#define TREADLE_SOCKETS_H

#include "draft.h"

/* One configuration key as read by a dialect, in the order of the op's row. All zero is every
** row's default. */
typedef struct Setting {
    i32 number;      /* int; bool; index of a variable, an event, a word in the key's list (CHOICE of vec.def); of a node of
                     ** the glTF, index + 1 */
    const i32 *list; /* int[]; indices of variables */
    u32 count;
    Text text;   /* string */
    TypeId type; /* type */
} Setting;

enum { SETTINGS_MAX = 2, WAIT_MAX = 64 };

/* False, and reported, when variable/interpolate cannot interpolate that variable that way. */
bool sockets_check(Draft *d, const Op *op, const Setting *settings, const At *at);

/* Adds the sockets and params of the newest node, which has an op. `at` is its pointer or message
** in the file. False in *valid: reported. */
Err sockets_add(Draft *d, const Setting *settings, const At *at, bool *valid);

/* The same for a host operation, and for a node that does nothing. */
Err sockets_add_host(Draft *d, u32 host_op);

/* Reports when the newest node has more sockets of a kind than limit ports. */
Err sockets_limit(Draft *d, const At *at, bool *valid);

#endif
