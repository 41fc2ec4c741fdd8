/* SPDX-License-Identifier: MIT */
#include "four.h"

#include <stdlib.h>

FOUR_PROBE(port)

const WCHAR four_port_name[] = TEXT("FOUR:");

BOOL WINAPI four_enum_ports(HANDLE monitor, LPWSTR server, DWORD level, LPBYTE ports, DWORD size,
                            LPDWORD needed, LPDWORD returned)
{
    const DWORD text = (DWORD)sizeof(WCHAR) * 6;
    PORT_INFO_1W *info = (PORT_INFO_1W *)(void *)ports;

    (void)monitor, (void)server;
    *needed = (DWORD)sizeof(*info) + text;
    *returned = 0;
    if (level != 1)
        return four_fail(ERROR_INVALID_LEVEL);
    if (size < *needed)
        return four_fail(ERROR_INSUFFICIENT_BUFFER);
    info->pName = (LPWSTR)(void *)(ports + (size & ~1u) - text);
    lstrcpynW(info->pName, four_port_name, 6);
    *returned = 1;
    return TRUE;
}

BOOL WINAPI four_open_port(HANDLE monitor, LPWSTR name, PHANDLE handle)
{
    (void)monitor;
    *handle = NULL;
    if (lstrcmpiW(name, four_port_name) != 0)
        return four_fail(ERROR_UNKNOWN_PORT);
    *handle = calloc(1, sizeof(struct four_port));
    return *handle ? TRUE : four_fail(ERROR_NOT_ENOUGH_MEMORY);
}

BOOL WINAPI four_close_port(HANDLE handle)
{
    four_end_doc(handle);
    free(handle);
    return TRUE;
}
