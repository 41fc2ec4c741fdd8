/* SPDX-License-Identifier: MIT */
#include <windows.h>

#include <stdio.h>

#include "trial.h"

/* Wine has no such count. Handles are multiples of 4, and the lowest free one is taken. */
static size_t probe_handles(void)
{
    DWORD flags;
    size_t count = 0;
    for (uintptr_t value = 4; value <= 4 * 2048; value += 4)
        count += GetHandleInformation((HANDLE)value, &flags) != 0;
    return count;
}

size_t system_open_handles(void)
{
    DWORD count = 0;
    if (GetProcessHandleCount(GetCurrentProcess(), &count) && count)
        return count;
    return probe_handles();
}

bool system_process_lives(long id)
{
    HANDLE process = OpenProcess(SYNCHRONIZE, FALSE, (DWORD)id);
    bool lives = process && WaitForSingleObject(process, 0) == WAIT_TIMEOUT;
    if (process)
        CloseHandle(process);
    return lives;
}

bool system_make_program(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return false;
    fputs(text, file);
    return fclose(file) == 0;
}
