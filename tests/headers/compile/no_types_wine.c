/* SPDX-License-Identifier: MIT */
#include "types_wine.h"

#define PLATEN_NO_TYPES
#include <platen/winsplp.h>
#include <platen/tcpxcv.h>
#include <platen/monitor.h>

/* What a spooler with its own types needs of the header: the import table. */
DWORD WINAPI answer(void);
DWORD WINAPI answer(void)
{
    static const PLATEN_IMPORTS imports = {.cbSize = sizeof(imports)};

    return imports.GetLastError ? imports.GetLastError() : imports.cbSize;
}
