/* upgrade.h (graph) - from drafts of KHR_interactivity to the ratified form, file to file.
**
** Exporters wrote files before the specification was ratified. What such a file says, and the ratified form can say
** too, is said in that form; what cannot be said is refused, with the nodes it concerns. Nothing is judged here: the
** result is for the loader to check, like any other file. */
#ifndef TREADLE_UPGRADE_H
#define TREADLE_UPGRADE_H

#include "../base/err.h"
#include "../base/limit.h"

/* One difference, and what became of it. All texts are in the arena of the Upgrade. */
typedef struct Change {
    Err kind;            /* a row of err.def, DRAFT_... */
    u32 offset;          /* in the JSON text of the source */
    u32 line, column;    /* from 1 */
    const char *pointer; /* JSON Pointer in the source */
    const char *was, *now;
} Change;

typedef struct Upgrade {
    Arena arena; /* owns the changes */
    struct {
        Change *at;
        u32 count, cap;
    } changes; /* in the order of the source */
    Buf bytes; /* owns: the new file; empty when there is nothing to change */
} Upgrade;

/* Upgrades all graphs of a file: a .glb, a .gltf or a bare extension. Only the text of the KHR_interactivity object is
** new; a GLB keeps its other chunks byte for byte. A graph that cannot be upgraded stays as it is, which is a warning
** for all but the one to load (`graph`; -1: the file's default). Takes time and memory linear in the file. Whatever is
** returned, upgrade_close has to follow. */
Err upgrade(Text bytes, const Limits *limits, i32 graph, Diags *diags, Upgrade *out);
void upgrade_close(Upgrade *u);

/* How many changes are of one kind; *first is the first of them. */
u32 upgrade_count(const Upgrade *u, Err kind, const Change **first);

#endif
