/* SPDX-License-Identifier: MIT */
#include "four.h"

FOUR_PROBE(job)

BOOL WINAPI four_start_doc(HANDLE handle, LPWSTR printer, DWORD job, DWORD level, LPBYTE info)
{
    struct four_port *port = handle;

    if (level != 1 || !info)
        return four_fail(level != 1 ? ERROR_INVALID_LEVEL : ERROR_INVALID_PARAMETER);
    if (!OpenPrinterW(printer, &port->printer, NULL))
        return FALSE; /* with OpenPrinter's error (R37) */
    port->job = job;
    port->printing = TRUE;
    return TRUE;
}

BOOL WINAPI four_write(HANDLE handle, LPBYTE data, DWORD size, LPDWORD written)
{
    const struct four_port *port = handle;

    (void)data;
    *written = port->printing ? size : 0;
    return port->printing ? TRUE : four_fail(ERROR_INVALID_HANDLE);
}

BOOL WINAPI four_read(HANDLE handle, LPBYTE data, DWORD size, LPDWORD got)
{
    (void)handle, (void)data, (void)size;
    *got = 0;
    return four_fail(ERROR_INVALID_HANDLE);
}

BOOL WINAPI four_end_doc(HANDLE handle)
{
    struct four_port *port = handle;

    if (!port->printing)
        return TRUE;
    port->printing = FALSE;
    SetJobW(port->printer, port->job, 0, NULL, JOB_CONTROL_SENT_TO_PRINTER);
    return ClosePrinter(port->printer);
}
