/* SPDX-License-Identifier: MIT */
#include "trial.h"

size_t system_open_handles(void)
{
    size_t count = count_entries("/proc/self/fd");
    return count == SIZE_MAX ? 0 : count;
}
