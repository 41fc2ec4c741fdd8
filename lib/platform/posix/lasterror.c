/* SPDX-License-Identifier: MIT */
#include "os/lasterror.h"

static _Thread_local uint32_t last_error;

uint32_t platen_os_get_last_error(void)
{
    return last_error;
}

void platen_os_set_last_error(uint32_t code)
{
    last_error = code;
}
