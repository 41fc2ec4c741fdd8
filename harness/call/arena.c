/* SPDX-License-Identifier: MIT */
#include "call/arena.h"

#include <stdint.h>
#include <stdlib.h>

#define ALIGNMENT  16u
#define BLOCK_SIZE (16u << 10)
#define HEAD       ((sizeof(struct call_block) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT)

static unsigned char *bytes_of(struct call_block *block)
{
    return (unsigned char *)block + HEAD;
}

/* A block with that much room, behind the current one: the next, if it is large enough. */
static struct call_block *next_block(struct call_arena *arena, size_t size)
{
    struct call_block **link = arena->current == NULL ? &arena->first : &arena->current->next;
    struct call_block *block = *link;
    if (block != NULL && block->size >= size) {
        return block;
    }
    size_t room = size < BLOCK_SIZE ? BLOCK_SIZE : size;
    block = malloc(HEAD + room);
    if (block != NULL) {
        block->size = room;
        block->next = *link;
        *link = block;
    }
    return block;
}

void *call_arena_take(struct call_arena *arena, size_t size)
{
    if (size > SIZE_MAX - HEAD - ALIGNMENT) {
        return NULL;
    }
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct call_block *block = arena->current;
    if (block == NULL || size > block->size - block->used) {
        block = next_block(arena, size);
        if (block == NULL) {
            return NULL;
        }
        block->used = 0;
        arena->current = block;
    }
    void *piece = bytes_of(block) + block->used;
    block->used += size;
    return piece;
}

void call_arena_reset(struct call_arena *arena)
{
    arena->current = NULL;
}

void call_arena_free(struct call_arena *arena)
{
    for (struct call_block *block = arena->first, *next; block != NULL; block = next) {
        next = block->next;
        free(block);
    }
    *arena = (struct call_arena){.first = NULL};
}

size_t call_arena_reach(const struct call_arena *arena, const void *at)
{
    uintptr_t place = (uintptr_t)at;
    struct call_block *last = arena->current;
    for (struct call_block *block = arena->first; last != NULL; block = block->next) {
        uintptr_t begin = (uintptr_t)bytes_of(block);
        if (place >= begin && place - begin < block->used) {
            return begin + block->used - place;
        }
        if (block == last) {
            break;
        }
    }
    return 0;
}
