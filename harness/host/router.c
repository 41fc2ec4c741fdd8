/* SPDX-License-Identifier: MIT
 *
 * The allocators of bidi answers (contract 6), with a ledger: what they gave is what an answer may
 * be made of, and nothing else is read or freed.
 */
#include <stdlib.h>
#include <string.h>

#include "host/host.h"
#include "os/thread.h"

struct block {
    struct block *next;
    struct block **link; /* what points here */
    size_t size;
    uint64_t room[]; /* the memory itself, aligned for anything */
};

static struct {
    platen_os_mutex lock;
    struct block *first;
} ledger;

void host_router_prepare(void)
{
    platen_os_mutex_init(&ledger.lock);
}

LPVOID WINAPI host_router_alloc_mem(size_t size)
{
    struct block *block =
        size > SIZE_MAX - sizeof *block ? NULL : calloc(1, sizeof *block + (size > 0 ? size : 1));
    if (block == NULL) {
        return NULL;
    }
    block->size = size;
    platen_os_mutex_lock(&ledger.lock);
    block->next = ledger.first;
    block->link = &ledger.first;
    if (block->next != NULL) {
        block->next->link = &block->next;
    }
    ledger.first = block;
    platen_os_mutex_unlock(&ledger.lock);
    return block->room;
}

/* The block that `at` lies in, with the lock held. */
static struct block *block_of(const void *at)
{
    struct block *block = ledger.first;
    while (block != NULL && (uintptr_t)at - (uintptr_t)block->room >= block->size) {
        block = block->next;
    }
    return block;
}

size_t host_router_reach(void *context, const void *at)
{
    (void)context;
    platen_os_mutex_lock(&ledger.lock);
    const struct block *block = block_of(at);
    size_t reach =
        block == NULL ? 0 : block->size - (size_t)((uintptr_t)at - (uintptr_t)block->room);
    platen_os_mutex_unlock(&ledger.lock);
    return reach;
}

VOID WINAPI host_router_free_mem(LPVOID memory)
{
    platen_os_mutex_lock(&ledger.lock);
    struct block *block = ledger.first;
    while (block != NULL && block->room != memory) {
        block = block->next;
    }
    if (block != NULL) {
        *block->link = block->next;
        if (block->next != NULL) {
            block->next->link = block->link;
        }
    }
    platen_os_mutex_unlock(&ledger.lock);
    free(block);
}

PBIDI_RESPONSE_CONTAINER WINAPI host_router_alloc_container(DWORD count)
{
    const size_t head = offsetof(BIDI_RESPONSE_CONTAINER, aData);
    size_t room = (size_t)count + 1; /* the type itself has one */
    if (room == 0 || room > (SIZE_MAX - head) / sizeof(BIDI_RESPONSE_DATA)) {
        return NULL;
    }
    return host_router_alloc_mem(head + room * sizeof(BIDI_RESPONSE_DATA));
}

static void free_value(const BIDI_DATA *value)
{
    switch (value->dwBidiType) {
    case BIDI_STRING:
    case BIDI_TEXT:
    case BIDI_ENUM:
        host_router_free_mem(value->u.sData);
        break;
    case BIDI_BLOB:
        host_router_free_mem(value->u.biData.pData);
        break;
    default:
        break;
    }
}

/* No more entries than there is room for, whatever it says. */
DWORD WINAPI host_router_free_container(PBIDI_RESPONSE_CONTAINER tree)
{
    const size_t head = offsetof(BIDI_RESPONSE_CONTAINER, aData);
    size_t reach = host_router_reach(NULL, tree);
    size_t most = reach < head ? 0 : (reach - head) / sizeof(BIDI_RESPONSE_DATA);
    for (size_t i = 0; i < most && i < tree->Count; i++) {
        host_router_free_mem(tree->aData[i].pSchema);
        free_value(&tree->aData[i].data);
    }
    host_router_free_mem(tree);
    return 0;
}
