/* tree.h (graph) - JSON trees that are changed: where each value stands, members in and out, the text of a tree.
**
** The trees are cJSON's, all in an arena, so nothing is ever freed alone. A take that is refused gives NULL, which
** every function here lets pass: who changes a tree looks once, at the end, at arena->full. */
#ifndef TREADLE_TREE_H
#define TREADLE_TREE_H

#include "json.h"

/* Notes for every value of a tree the offset of its first byte in the text it was parsed from (in valueint: how an
** integer was spelled is forgotten). Linear. */
void tree_places(cJSON *root, Text text);

/* That offset; new values have the one they were made with. */
static inline u32 tree_place(const cJSON *item) { return (u32)item->valueint; }

/* New values, that lead back to a place of the text. `text` is borrowed for the tree's life. */
cJSON *tree_object(Arena *a, u32 place);
cJSON *tree_array(Arena *a, u32 place);
cJSON *tree_number(Arena *a, f64 value, u32 place);
cJSON *tree_text(Arena *a, const char *text, u32 place);
/* JSON text as it is. */
cJSON *tree_raw(Arena *a, const char *json, u32 place);
/* Another value with the same content, that stands elsewhere; the content must not be changed any more. */
cJSON *tree_again(Arena *a, const cJSON *item);

/* The member with that key, NULL when there is none: goes through the whole object. */
cJSON *tree_member(const cJSON *object, const char *key);

/* How many members the object with the most of them has, in the whole tree. */
u32 tree_widest(const cJSON *root);

/* Appends a member, or (key NULL) an element. The key is borrowed. */
void tree_add(cJSON *container, const char *key, cJSON *item);
void tree_remove(cJSON *container, cJSON *item);
/* Puts `item` where `old` is, with its key. */
void tree_replace(cJSON *container, cJSON *old, cJSON *item);

/* Writes a tree as JSON. Containers less than `lines` deep stand on several lines, indented by `indent` blanks and two
** for each level; deeper ones, and all when `lines` is 0, on one. */
void tree_write(Buf *out, const cJSON *root, u32 lines, u32 indent);

#endif
