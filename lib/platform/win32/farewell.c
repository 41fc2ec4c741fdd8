/* SPDX-License-Identifier: MIT */
#include <windows.h>

#include "os/farewell.h"

#include <stdbool.h>

#include <platen/errors.h>

static VOID WINAPI say(PVOID value)
{
    struct platen_os_farewell *farewell = value;

    if (farewell)
        farewell->say(farewell);
}

uint32_t platen_os_farewells_make(platen_os_farewells *place)
{
    DWORD index = FlsAlloc(say);

    if (index == FLS_OUT_OF_INDEXES)
        return PLATEN_NOT_ENOUGH_MEMORY;
    place->room = index;
    return 0;
}

void platen_os_farewells_end(platen_os_farewells *place)
{
    FlsFree((DWORD)place->room);
}

bool platen_os_farewell_set(const platen_os_farewells *place, struct platen_os_farewell *farewell)
{
    return FlsSetValue((DWORD)place->room, farewell) != 0;
}

/* The system's function says in last-error that all is well: no business of the caller's. */
struct platen_os_farewell *platen_os_farewell_get(const platen_os_farewells *place)
{
    DWORD kept = GetLastError();
    struct platen_os_farewell *farewell = FlsGetValue((DWORD)place->room);

    SetLastError(kept);
    return farewell;
}
