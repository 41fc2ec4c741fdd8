/* SPDX-License-Identifier: MIT
 *
 * Who wakes first: a pairing heap whose nodes are the sleepers' own memory, so that going to sleep
 * needs none.
 */
#ifndef CLOCK_HEAP_H
#define CLOCK_HEAP_H

#include <stdbool.h>
#include <stdint.h>

struct clock_node {
    uint64_t until;
    uint64_t order; /* of the same moment, the smaller comes first */
    struct clock_node *child;
    struct clock_node *next; /* sibling */
    struct clock_node *back; /* the sibling before it, or the parent of the first */
};

/* The heap is the pointer to its first node, NULL when empty. */
void clock_heap_add(struct clock_node **heap, struct clock_node *node);
/* Any node that is in the heap. */
void clock_heap_remove(struct clock_node **heap, struct clock_node *node);

#endif
