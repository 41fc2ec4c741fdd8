/* SPDX-License-Identifier: MIT
 *
 * A monitor in four files. Each can tell which import table and which last-error it sees: they are
 * one monitor's, whatever file asks.
 */
#ifndef FOUR_H
#define FOUR_H

#include <platen/winsplp.h>

#define FOUR_PROBE(file)                                                                           \
    PLATEN_EXPORT const void *four_table_##file(void);                                             \
    PLATEN_EXPORT DWORD four_error_##file(void);                                                   \
    const void *four_table_##file(void)                                                            \
    {                                                                                              \
        return four_table();                                                                       \
    }                                                                                              \
    DWORD four_error_##file(void)                                                                  \
    {                                                                                              \
        return GetLastError();                                                                     \
    }

/* On Windows there is no such table. */
static inline const void *four_table(void)
{
#if PLATEN_OWN_TYPES
    return &platen_module_imports;
#else
    return NULL;
#endif
}

static inline BOOL four_fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

struct four_port {
    BOOL printing;
    HANDLE printer;
    DWORD job;
};

/* Hidden: a name that two modules export is one name when both are loaded with RTLD_GLOBAL. */
#pragma GCC visibility push(hidden)
extern const WCHAR four_port_name[];

BOOL WINAPI four_enum_ports(HANDLE monitor, LPWSTR server, DWORD level, LPBYTE ports, DWORD size,
                            LPDWORD needed, LPDWORD returned);
BOOL WINAPI four_open_port(HANDLE monitor, LPWSTR name, PHANDLE handle);
BOOL WINAPI four_close_port(HANDLE handle);

BOOL WINAPI four_start_doc(HANDLE handle, LPWSTR printer, DWORD job, DWORD level, LPBYTE info);
BOOL WINAPI four_write(HANDLE handle, LPBYTE data, DWORD size, LPDWORD written);
BOOL WINAPI four_read(HANDLE handle, LPBYTE data, DWORD size, LPDWORD got);
BOOL WINAPI four_end_doc(HANDLE handle);

BOOL WINAPI four_xcv_open(HANDLE monitor, LPCWSTR object, ACCESS_MASK access, PHANDLE handle);
DWORD WINAPI four_xcv_data(HANDLE handle, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out,
                           DWORD out_size, PDWORD needed);
BOOL WINAPI four_xcv_close(HANDLE handle);
#pragma GCC visibility pop

#endif
