/* SPDX-License-Identifier: MIT
 *
 * What the host of DLLs answers itself, whatever Wine has of it: the functions of winspool.drv and
 * spoolss.dll. Those that are modelled stand here once more, the others are the host's own list.
 */
#include <string.h>

#include "inspect/reader.h"
#include "os/text.h"

/* clang-format off */
#define PLATEN_PRINT(answer, count, name) #name,
static const char *const names[] = {
    "OpenPrinterW", "ClosePrinter", "SetJobW", "GetJobW", "SetPortW", "EnumPortsW",
    "ImpersonatePrinterClient", "RevertToPrinterSelf",
    "RouterAllocBidiResponseContainer", "RouterAllocBidiMem",
    "RouterFreeBidiResponseContainer", "RouterFreeBidiMem",
    "OpenPrinterA", "OpenPrinter2A", "OpenPrinter2W", "SetJobA", "GetJobA", "SetPortA",
    "EnumPortsA",
    "AllocSplStr", "DllAllocSplMem", "DllAllocSplStr", "DllFreeSplMem", "DllFreeSplStr",
    "DllReallocSplMem", "DllReallocSplStr", "MIDL_user_allocate1", "MIDL_user_free1",
    "ReallocSplMem", "ReallocSplStr",
#include "host/unmodelled.def"
};
#undef PLATEN_PRINT
/* clang-format on */

bool image_pe_is_served(const char *library, const char *name)
{
    if (!platen_text_equal_folded8(library, "winspool.drv") &&
        !platen_text_equal_folded8(library, "spoolss.dll")) {
        return false;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}
