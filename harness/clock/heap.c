/* SPDX-License-Identifier: MIT */
#include "clock/heap.h"

#include <stddef.h>

static bool is_before(const struct clock_node *a, const struct clock_node *b)
{
    return a->until != b->until ? a->until < b->until : a->order < b->order;
}

/* One of two heaps; the later root becomes the first child of the earlier. */
static struct clock_node *meld(struct clock_node *a, struct clock_node *b)
{
    if (a == NULL || b == NULL)
        return a != NULL ? a : b;
    if (is_before(b, a)) {
        struct clock_node *earlier = b;
        b = a;
        a = earlier;
    }
    b->back = a;
    b->next = a->child;
    if (b->next != NULL)
        b->next->back = b;
    a->child = b;
    return a;
}

static struct clock_node *alone(struct clock_node *node)
{
    node->next = NULL;
    node->back = NULL;
    return node;
}

/* One of a row of siblings: two by two from the left, then all from the right. */
static struct clock_node *gather(struct clock_node *row)
{
    struct clock_node *pairs = NULL;
    struct clock_node *whole = NULL;

    while (row != NULL) {
        struct clock_node *first = row;
        struct clock_node *second = row->next;
        row = second != NULL ? second->next : NULL;
        struct clock_node *pair = meld(alone(first), second != NULL ? alone(second) : NULL);
        pair->next = pairs;
        pairs = pair;
    }
    while (pairs != NULL) {
        struct clock_node *pair = pairs;
        pairs = pair->next;
        whole = meld(whole, alone(pair));
    }
    return whole;
}

void clock_heap_add(struct clock_node **heap, struct clock_node *node)
{
    node->child = NULL;
    *heap = meld(*heap, alone(node));
}

void clock_heap_remove(struct clock_node **heap, struct clock_node *node)
{
    struct clock_node *below = gather(node->child);

    if (*heap == node) {
        *heap = below;
        return;
    }
    if (node->back->child == node)
        node->back->child = node->next;
    else
        node->back->next = node->next;
    if (node->next != NULL)
        node->next->back = node->back;
    *heap = meld(*heap, below);
}
