/* SPDX-License-Identifier: MIT
 *
 * The allocators of bidi answers (contract 6). A response container is freed with all that it leads
 * to: text and blobs of every entry.
 */
#include <stdlib.h>

#include "spooler/inside.h"

LPVOID WINAPI spool_router_alloc_mem(size_t size)
{
    return calloc(1, size != 0 ? size : 1);
}

VOID WINAPI spool_router_free_mem(LPVOID memory)
{
    free(memory);
}

PBIDI_RESPONSE_CONTAINER WINAPI spool_router_alloc_container(DWORD count)
{
    const size_t head = offsetof(BIDI_RESPONSE_CONTAINER, aData);
    size_t room = (size_t)count + 1; /* the type itself has one */

    if (room == 0 || room > (SIZE_MAX - head) / sizeof(BIDI_RESPONSE_DATA))
        return NULL;
    return calloc(1, head + room * sizeof(BIDI_RESPONSE_DATA));
}

static void free_value(const BIDI_DATA *value)
{
    switch (value->dwBidiType) {
    case BIDI_STRING:
    case BIDI_TEXT:
    case BIDI_ENUM:
        free(value->u.sData);
        break;
    case BIDI_BLOB:
        free(value->u.biData.pData);
        break;
    default:
        break;
    }
}

DWORD WINAPI spool_router_free_container(PBIDI_RESPONSE_CONTAINER tree)
{
    for (DWORD i = 0; tree != NULL && i < tree->Count; i++) {
        free(tree->aData[i].pSchema);
        free_value(&tree->aData[i].data);
    }
    free(tree);
    return 0;
}
