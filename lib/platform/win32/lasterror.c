/* SPDX-License-Identifier: MIT */
#include <windows.h>

#include "os/lasterror.h"

uint32_t platen_os_get_last_error(void)
{
    return GetLastError();
}

void platen_os_set_last_error(uint32_t code)
{
    SetLastError(code);
}
