/* json.h (graph) - reading cJSON trees: walk lists once, look keys up in a table.
**
** cJSON finds a key by walking the object, so loaders do not search: json_fields walks an object
** once and sorts its members into the fields a loader asked for. Strings compare case-sensitively;
** numbers are valuedouble, never valueint. */
#ifndef TREADLE_JSON_H
#define TREADLE_JSON_H

#include <cJSON.h>
#include "../base/err.h"
#include "../base/limit.h"

/* Scans and parses; NULL after reporting. Give back with json_close. The text must stay
** (positions). An integer's spelling matters in the native dialect ("5" is an int, "5.0" a float)
** and cJSON forgets it: after parsing, json_open goes through the tree and the text side by side
** and leaves the answer in the field nobody may use otherwise, valueint. */
typedef struct Json {
    cJSON *root; /* in arena: not for cJSON_Delete */
    Text text;
    Arena arena; /* owns */
} Json;

Err json_open(Json *j, Text text, const Limits *limits, Diags *diags);
void json_close(Json *j);

/* True when this number was written without '.', 'e' or 'E' ("5", not "5.0" or "5e0"). */
bool json_is_integer(const cJSON *number);

/* Sorts the members of `object` into items[i] for keys[i] (NULL where absent). Members with other
** keys are reported as unknown when `strict` ("did you mean"), else ignored. `extras` and
** `extensions` are never reported. */
void json_fields(const cJSON *object, const At *at, const char *const *keys, const cJSON **items,
                 u32 count, bool strict, Diags *diags);

/* Names that JavaScript objects have of themselves ("__proto__"): refused as keys and ids. */
bool json_reserved(const char *name);

/* "object", "array", "string \"x\"", "5", "true", "null": what was seen, for messages. In the
** arena of diags. */
const char *json_seen(Diags *diags, const cJSON *item);

/* A number that is an int32 (5, 5.0, 0.5e1; not 1.5, not 2147483648). */
bool json_int32(const cJSON *item, i32 *out);

/* The same as an index into a list of `count` elements. NULL is none. */
bool json_index(const cJSON *item, u32 count, u32 *out);

#endif
