/* SPDX-License-Identifier: MIT
 *
 * What ways to break a monitor are written with.
 */
#ifndef RULES_BREAK_H
#define RULES_BREAK_H

#include "probe.h"

/* A function `name` that puts `function` into the table, for trial_break's `wrap`. */
#define WRAP(name, member, function)                                                               \
    static void name(MONITOR2 *table)                                                              \
    {                                                                                              \
        table->member = function;                                                                  \
    }

/* Heads of wrappers, and the genuine function with the same arguments. */
#define ENUM_BREAK(name)                                                                           \
    static BOOL WINAPI name(HANDLE h, LPWSTR server, DWORD level, LPBYTE ports, DWORD size,        \
                            LPDWORD needed, LPDWORD returned)
#define REAL_ENUM() trial_real()->pfnEnumPorts(h, server, level, ports, size, needed, returned)

#define OPEN_BREAK(name) static BOOL WINAPI name(HANDLE h, LPWSTR port, PHANDLE handle)
#define REAL_OPEN()      trial_real()->pfnOpenPort(h, port, handle)

#define CLOSE_BREAK(name) static BOOL WINAPI name(HANDLE port)
#define REAL_CLOSE()      trial_real()->pfnClosePort(port)

#define XCV_OPEN_BREAK(name)                                                                       \
    static BOOL WINAPI name(HANDLE h, LPCWSTR object, ACCESS_MASK access, PHANDLE xcv)
#define REAL_XCV_OPEN() trial_real()->pfnXcvOpenPort(h, object, access, xcv)

#define XCV_BREAK(name)                                                                            \
    static DWORD WINAPI name(HANDLE xcv, LPCWSTR command, PBYTE input, DWORD input_size,           \
                             PBYTE output, DWORD output_size, PDWORD needed)
#define REAL_XCV()                                                                                 \
    trial_real()->pfnXcvDataPort(xcv, command, input, input_size, output, output_size, needed)

#define ENTRY_BREAK(name) static LPMONITOR2 WINAPI name(PMONITORINIT init, PHANDLE monitor)
#define REAL_ENTRY()      platen_monitor_create(init, &trial_now_running()->options, monitor)

#endif
