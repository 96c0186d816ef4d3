/* model_read.h (graph) - builds a graph's object model from the glTF around it. */
#ifndef TREADLE_MODEL_READ_H
#define TREADLE_MODEL_READ_H

#include "gltf.h"

/* Fills d->g->model, for the nodes that the draft has. What is wrong with the asset is a warning, and counts as left
** out. Slots are numbered from 0: state.c moves them to where they lie. Takes time linear in the file for each row
** that is reached. */
Err model_read(Draft *d);

/* A template of the newest node, well formed. */
typedef struct Template {
    Text text;
    const Text *steps; /* parameters with their brackets; as many as are looked at */
    u32 count;         /* all of them */
    TypeId type;       /* what the node wants */
} Template;

/* Finds the property that it names, and adds the node's params (graph.h). What does not fit is a warning. */
Err model_match(Draft *d, const At *at, const Template *t);

#endif
