/* SPDX-License-Identifier: MIT */
#include "call/served.h"
#include "call/sequence.h"
#include "os/lasterror.h"

static struct {
    const MONITORREG *registry;
    const PLATEN_IMPORTS *winspool;
    struct platen_lane *(*foreign)(HANDLE hSpooler);
} service;

void platen_serve(const MONITORREG *registry, const PLATEN_IMPORTS *winspool)
{
    service.registry = registry;
    service.winspool = winspool;
}

const void *platen_served_by(enum platen_table table)
{
    return table == PLATEN_TABLE_REGISTRY ? (const void *)service.registry
                                          : (const void *)service.winspool;
}

void platen_serve_foreign_threads(struct platen_lane *(*find)(HANDLE hSpooler))
{
    service.foreign = find;
}

static struct platen_lane *lane_for(HANDLE hSpooler)
{
    struct platen_lane *lane = platen_lane_here();
    return lane == NULL && service.foreign != NULL ? service.foreign(hSpooler) : lane;
}

/* One function per slot of the two tables that monitors get. The other tables' slots are calls in
 * the other direction and need none. */
/* clang-format off */
#define SERVE_ENTRY(result, slot, members)
#define SERVE_MONITOR(result, slot, members)
#define SERVE_REGISTRY(result, slot, members)                                                      \
    static LONG WINAPI serve_##slot(PARAMETERS(members))                                           \
    {                                                                                              \
        return (LONG)platen_call_##slot(lane_for(hSpooler), service.registry MORE_NAMES(members)); \
    }
#define SERVE_WINSPOOL(result, slot, members)                                                      \
    static PLATEN_TYPE_##result WINAPI serve_##slot(PARAMETERS(members))                           \
    {                                                                                              \
        return platen_call_##slot(lane_for(NULL), service.winspool MORE_NAMES(members));           \
    }
#define PLATEN_SLOT(table, result, slot, members) SERVE_##table(result, slot, members)
#include "call/slots.def"
#undef PLATEN_SLOT
/* clang-format on */

/* Not calls but services of the process that the monitor runs in (they are reported, not shipped).
 */
static DWORD WINAPI serve_GetLastError(void)
{
    return platen_os_get_last_error();
}

static VOID WINAPI serve_SetLastError(DWORD dwError)
{
    platen_os_set_last_error(dwError);
}

static BOOL WINAPI serve_Impersonate(HANDLE hToken)
{
    return service.winspool->ImpersonatePrinterClient(hToken);
}

static HANDLE WINAPI serve_Revert(VOID)
{
    return service.winspool->RevertToPrinterSelf();
}

static PBIDI_RESPONSE_CONTAINER WINAPI serve_AllocContainer(DWORD Count)
{
    return service.winspool->RouterAllocBidiResponseContainer(Count);
}

static LPVOID WINAPI serve_AllocMem(size_t NumBytes)
{
    return service.winspool->RouterAllocBidiMem(NumBytes);
}

static DWORD WINAPI serve_FreeContainer(PBIDI_RESPONSE_CONTAINER pData)
{
    return service.winspool->RouterFreeBidiResponseContainer(pData);
}

static VOID WINAPI serve_FreeMem(LPVOID pMemPointer)
{
    service.winspool->RouterFreeBidiMem(pMemPointer);
}

/* clang-format off */
#define ENTRY_ENTRY(slot)
#define ENTRY_MONITOR(slot)
#define ENTRY_REGISTRY(slot) .fp##slot = serve_##slot,
#define ENTRY_WINSPOOL(slot)
#define PLATEN_SLOT(table, result, slot, members) ENTRY_##table(slot)
const MONITORREG platen_served_registry = {
    .cbSize = sizeof(MONITORREG),
#include "call/slots.def"
};
#undef ENTRY_REGISTRY
#undef ENTRY_WINSPOOL
#define ENTRY_REGISTRY(slot)
#define ENTRY_WINSPOOL(slot) .slot = serve_##slot,
const PLATEN_IMPORTS platen_served_imports = {
    .cbSize = sizeof(PLATEN_IMPORTS),
    .GetLastError = serve_GetLastError,
    .SetLastError = serve_SetLastError,
#include "call/slots.def"
    .ImpersonatePrinterClient = serve_Impersonate,
    .RevertToPrinterSelf = serve_Revert,
    .RouterAllocBidiResponseContainer = serve_AllocContainer,
    .RouterAllocBidiMem = serve_AllocMem,
    .RouterFreeBidiResponseContainer = serve_FreeContainer,
    .RouterFreeBidiMem = serve_FreeMem,
};
#undef PLATEN_SLOT
/* clang-format on */
