/* SPDX-License-Identifier: MIT
 *
 * A module has its last-error and winspool's functions from who loads it, by way of the import
 * table of <platen/winsplp.h>; and so the monitor that it loads itself.
 */
#include "host/native.h"
#include "os/lasterror.h"
#include "record/record.h"

uint32_t platen_os_get_last_error(void)
{
    return GetLastError();
}

void platen_os_set_last_error(uint32_t code)
{
    SetLastError(code);
}

static BOOL WINAPI open_printer(LPWSTR name, PHANDLE printer, LPVOID defaults)
{
    return OpenPrinterW(name, printer, defaults);
}

const PLATEN_IMPORTS *record_imports(void)
{
    static const PLATEN_IMPORTS imports = {
        .cbSize = sizeof imports,
        .GetLastError = GetLastError,
        .SetLastError = SetLastError,
        .OpenPrinterW = open_printer,
        .ClosePrinter = ClosePrinter,
        .SetJobW = SetJobW,
        .GetJobW = GetJobW,
        .SetPortW = SetPortW,
        .EnumPortsW = EnumPortsW,
        .ImpersonatePrinterClient = ImpersonatePrinterClient,
        .RevertToPrinterSelf = RevertToPrinterSelf,
        .RouterAllocBidiResponseContainer = RouterAllocBidiResponseContainer,
        .RouterAllocBidiMem = RouterAllocBidiMem,
        .RouterFreeBidiResponseContainer = RouterFreeBidiResponseContainer,
        .RouterFreeBidiMem = RouterFreeBidiMem,
    };
    return &imports;
}

/* There is no other registry. */
void host_native_root(const char *path, const char *key)
{
    (void)path;
    (void)key;
}
