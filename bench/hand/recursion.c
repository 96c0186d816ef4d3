/* recursion.c (bench) - the leaves of the tree of Fibonacci's calls. */
#include "hand.h"

static int leaves;

static void tree(int n) {
    if (n < 2) {
        leaves++;
        return;
    }
    tree(n - 1);
    tree(n - 2);
}

void recursion(double depth) {
    leaves = 0;
    tree((int)depth);
    out[0] = leaves;
}
