/* SPDX-License-Identifier: MIT */
#include <windows.h>

#include "os/error.h"

uint32_t platen_os_error_from(int code)
{
    return (uint32_t)code;
}

uint32_t platen_os_last_error(void)
{
    uint32_t error = GetLastError();
    return error ? error : PLATEN_GEN_FAILURE;
}
