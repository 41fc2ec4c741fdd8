/* SPDX-License-Identifier: MIT
 *
 * What broken spoolers are written with.
 */
#ifndef TESTS_VERIFY_BREAK_H
#define TESTS_VERIFY_BREAK_H

#include "stage.h"

/* A function `name` that puts `function` into the table, for stage_break's wrap and over. */
#define WRAP(name, member, function)                                                               \
    static void name(MONITOR2 *table)                                                              \
    {                                                                                              \
        table->member = function;                                                                  \
    }

/* Heads of wrappers, and the monitor's own function with the same arguments. */
#define ENUM_BREAK(name)                                                                           \
    static BOOL WINAPI name(HANDLE h, LPWSTR server, DWORD level, LPBYTE ports, DWORD size,        \
                            LPDWORD needed, LPDWORD returned)
#define REAL_ENUM() stage_real()->pfnEnumPorts(h, server, level, ports, size, needed, returned)

#define OPEN_BREAK(name) static BOOL WINAPI name(HANDLE h, LPWSTR port, PHANDLE handle)
#define REAL_OPEN()      stage_real()->pfnOpenPort(h, port, handle)

#define CLOSE_BREAK(name) static BOOL WINAPI name(HANDLE port)
#define REAL_CLOSE()      stage_real()->pfnClosePort(port)

#define START_BREAK(name)                                                                          \
    static BOOL WINAPI name(HANDLE port, LPWSTR printer, DWORD job, DWORD level, LPBYTE info)
#define REAL_START() stage_real()->pfnStartDocPort(port, printer, job, level, info)

#define WRITE_BREAK(name)                                                                          \
    static BOOL WINAPI name(HANDLE port, LPBYTE data, DWORD size, LPDWORD written)
#define REAL_WRITE() stage_real()->pfnWritePort(port, data, size, written)

#define END_BREAK(name) static BOOL WINAPI name(HANDLE port)
#define REAL_END()      stage_real()->pfnEndDocPort(port)

#define XCV_OPEN_BREAK(name)                                                                       \
    static BOOL WINAPI name(HANDLE h, LPCWSTR object, ACCESS_MASK access, PHANDLE xcv)
#define REAL_XCV_OPEN() stage_real()->pfnXcvOpenPort(h, object, access, xcv)

#define XCV_BREAK(name)                                                                            \
    static DWORD WINAPI name(HANDLE xcv, LPCWSTR command, PBYTE input, DWORD input_size,           \
                             PBYTE output, DWORD output_size, PDWORD needed)
#define REAL_XCV()                                                                                 \
    stage_real()->pfnXcvDataPort(xcv, command, input, input_size, output, output_size, needed)

#define XCV_CLOSE_BREAK(name) static BOOL WINAPI name(HANDLE xcv)
#define REAL_XCV_CLOSE()      stage_real()->pfnXcvClosePort(xcv)

#define SHUTDOWN_BREAK(name) static VOID WINAPI name(HANDLE h)
#define REAL_SHUTDOWN()      stage_real()->pfnShutdown(h)

#define ENTRY_BREAK(name) static LPMONITOR2 WINAPI name(PMONITORINIT init, PHANDLE monitor)

/* FALSE with that last-error. */
static inline BOOL fails_with(DWORD code)
{
    stage_spl->SetLastError(code);
    return FALSE;
}

/* A text that may be handed to who takes a modifiable one. */
static inline LPWSTR text_of(const char16_t *text)
{
    return (LPWSTR)(uintptr_t)text;
}

#endif
