/* SPDX-License-Identifier: MIT */
#include <windows.h>

#include "trial.h"

size_t system_open_handles(void)
{
    DWORD count = 0;
    return GetProcessHandleCount(GetCurrentProcess(), &count) ? count : 0;
}
