/* SPDX-License-Identifier: MIT
 *
 * What of a bidi answer can be read: what lies in memory that the allocators of the call gave.
 */
#include "call/router.h"
#include "host/host.h"

size_t host_router_reach(void *context, const void *at)
{
    const void *begin;
    size_t size;
    (void)context;
    bool found = platen_router_block(at, &begin, &size);
    return found ? size - (size_t)((uintptr_t)at - (uintptr_t)begin) : 0;
}
