/* SPDX-License-Identifier: MIT
 *
 * The allocators of bidi answers (contract 6), with a ledger: what they gave is what an answer may
 * be made of. A response container is freed with all that it leads to; what is no block of theirs
 * is neither read nor freed.
 */
#ifndef CALL_ROUTER_H
#define CALL_ROUTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <platen/winsplp.h>

PBIDI_RESPONSE_CONTAINER WINAPI platen_router_alloc_container(DWORD count);
LPVOID WINAPI platen_router_alloc_mem(size_t size);
DWORD WINAPI platen_router_free_container(PBIDI_RESPONSE_CONTAINER tree);
VOID WINAPI platen_router_free_mem(LPVOID memory);

/* The block that `at` lies in: its begin and size. false: none. */
bool platen_router_block(const void *at, const void **begin, size_t *size);
/* How many there are. */
uint32_t platen_router_count(void);

#endif
