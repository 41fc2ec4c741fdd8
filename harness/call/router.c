/* SPDX-License-Identifier: MIT */
#include "call/router.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "os/thread.h"

struct block {
    struct block *next;
    struct block **link; /* what points here */
    size_t size;
    uint64_t room[]; /* the memory itself, aligned for anything */
};

static struct {
    atomic_flag held; /* for moments only, and needs no beginning */
    struct block *first;
    uint32_t count;
} ledger = {.held = ATOMIC_FLAG_INIT};

static void lock(void)
{
    while (atomic_flag_test_and_set_explicit(&ledger.held, memory_order_acquire)) {
        platen_os_thread_yield();
    }
}

static void unlock(void)
{
    atomic_flag_clear_explicit(&ledger.held, memory_order_release);
}

LPVOID WINAPI platen_router_alloc_mem(size_t size)
{
    struct block *block =
        size > SIZE_MAX - sizeof *block ? NULL : calloc(1, sizeof *block + (size > 0 ? size : 1));
    if (block == NULL) {
        return NULL;
    }
    block->size = size;
    lock();
    block->next = ledger.first;
    block->link = &ledger.first;
    if (block->next != NULL) {
        block->next->link = &block->next;
    }
    ledger.first = block;
    ledger.count++;
    unlock();
    return block->room;
}

VOID WINAPI platen_router_free_mem(LPVOID memory)
{
    lock();
    struct block *block = ledger.first;
    while (block != NULL && block->room != memory) {
        block = block->next;
    }
    if (block != NULL) {
        *block->link = block->next;
        if (block->next != NULL) {
            block->next->link = block->link;
        }
        ledger.count--;
    }
    unlock();
    free(block);
}

/* An empty block has its begin. */
static bool is_in(const struct block *block, const void *at)
{
    return at == block->room || (uintptr_t)at - (uintptr_t)block->room < block->size;
}

bool platen_router_block(const void *at, const void **begin, size_t *size)
{
    lock();
    const struct block *block = ledger.first;
    while (block != NULL && !is_in(block, at)) {
        block = block->next;
    }
    *begin = block == NULL ? NULL : block->room;
    *size = block == NULL ? 0 : block->size;
    unlock();
    return *begin != NULL;
}

uint32_t platen_router_count(void)
{
    lock();
    uint32_t count = ledger.count;
    unlock();
    return count;
}

/* ---- containers ------------------------------------------------------------------------------ */

PBIDI_RESPONSE_CONTAINER WINAPI platen_router_alloc_container(DWORD count)
{
    const size_t head = offsetof(BIDI_RESPONSE_CONTAINER, aData);
    size_t room = (size_t)count + 1; /* the type itself has one */
    if (room == 0 || room > (SIZE_MAX - head) / sizeof(BIDI_RESPONSE_DATA)) {
        return NULL;
    }
    return platen_router_alloc_mem(head + room * sizeof(BIDI_RESPONSE_DATA));
}

static void free_value(const BIDI_DATA *value)
{
    switch (value->dwBidiType) {
    case BIDI_STRING:
    case BIDI_TEXT:
    case BIDI_ENUM:
        platen_router_free_mem(value->u.sData);
        break;
    case BIDI_BLOB:
        platen_router_free_mem(value->u.biData.pData);
        break;
    default:
        break;
    }
}

/* No more entries than there is room for, whatever it says. */
DWORD WINAPI platen_router_free_container(PBIDI_RESPONSE_CONTAINER tree)
{
    const size_t head = offsetof(BIDI_RESPONSE_CONTAINER, aData);
    const void *begin;
    size_t size;
    bool ours = platen_router_block(tree, &begin, &size) && begin == tree;
    size_t most = !ours || size < head ? 0 : (size - head) / sizeof(BIDI_RESPONSE_DATA);
    for (size_t i = 0; i < most && i < tree->Count; i++) {
        platen_router_free_mem(tree->aData[i].pSchema);
        free_value(&tree->aData[i].data);
    }
    platen_router_free_mem(tree);
    return 0;
}
