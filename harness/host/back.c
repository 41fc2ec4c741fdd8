/* SPDX-License-Identifier: MIT
 *
 * The way back: the tables that monitors get, as call/served.h has them; here each entry ships the
 * call to the harness.
 */
#include "call/router.h"
#include "call/sequence.h"
#include "call/served.h"
#include "host/host.h"
#include "host/native.h"
#include "os/lasterror.h"

#define GIVE_BOOL(call) (BOOL)(call)->result.code

/* clang-format off */
#define SHIP_ENTRY(result, slot, members)
#define SHIP_MONITOR(result, slot, members)
#define SHIP_REGISTRY(result_, slot_, members)                                                     \
    static LONG WINAPI ship_##slot_(PARAMETERS(members))                                           \
    {                                                                                              \
        struct platen_call call = {.slot = PLATEN_SLOT_##slot_, .args.slot_ = {NAMES(members)}};   \
        host_ship(&call, 0);                                                                       \
        return (LONG)call.result.code;                                                             \
    }
#define SHIP_WINSPOOL(result_, slot_, members)                                                     \
    static PLATEN_TYPE_##result_ WINAPI ship_##slot_(PARAMETERS(members))                          \
    {                                                                                              \
        struct platen_call call = {.slot = PLATEN_SLOT_##slot_, .args.slot_ = {NAMES(members)}};   \
        host_ship(&call, 0);                                                                       \
        return GIVE_##result_(&call);                                                              \
    }
#define PLATEN_SLOT(table, result, slot, members) SHIP_##table(result, slot, members)
#include "call/slots.def"
#undef PLATEN_SLOT
/* clang-format on */

/* ---- what does not cross --------------------------------------------------------------------- */

/* What RevertToPrinterSelf gives a thread that has no token: never NULL (D9). */
static char nobody;

static DWORD WINAPI get_last_error(void)
{
    return platen_os_get_last_error();
}

static VOID WINAPI set_last_error(DWORD code)
{
    platen_os_set_last_error(code);
}

static BOOL WINAPI impersonate(HANDLE taken)
{
    bool fine = taken == &nobody || host_native_impersonate(taken);
    if (!fine) {
        platen_os_set_last_error(ERROR_INVALID_HANDLE);
    }
    return fine;
}

static HANDLE WINAPI revert(VOID)
{
    void *taken = host_native_revert();
    return taken == NULL ? &nobody : taken;
}

/* clang-format off */
#define ENTRY_ENTRY(slot)
#define ENTRY_MONITOR(slot)
#define ENTRY_REGISTRY(slot) .fp##slot = ship_##slot,
#define ENTRY_WINSPOOL(slot)
#define PLATEN_SLOT(table, result, slot, members) ENTRY_##table(slot)
const MONITORREG platen_served_registry = {
    .cbSize = sizeof(MONITORREG),
#include "call/slots.def"
};
#undef ENTRY_REGISTRY
#undef ENTRY_WINSPOOL
#define ENTRY_REGISTRY(slot)
#define ENTRY_WINSPOOL(slot) .slot = ship_##slot,
const PLATEN_IMPORTS platen_served_imports = {
    .cbSize = sizeof(PLATEN_IMPORTS),
    .GetLastError = get_last_error,
    .SetLastError = set_last_error,
#include "call/slots.def"
    .ImpersonatePrinterClient = impersonate,
    .RevertToPrinterSelf = revert,
    .RouterAllocBidiResponseContainer = platen_router_alloc_container,
    .RouterAllocBidiMem = platen_router_alloc_mem,
    .RouterFreeBidiResponseContainer = platen_router_free_container,
    .RouterFreeBidiMem = platen_router_free_mem,
};
#undef PLATEN_SLOT
/* clang-format on */
