/* SPDX-License-Identifier: MIT */
#include <windows.h>

#include "os/process.h"

#include <stdlib.h>

#include <platen/errors.h>

/* What advapi32 exports under a number's name, and every Windows and Wine has. */
BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG size);

uint64_t platen_os_process_id(void)
{
    return GetCurrentProcessId();
}

/* Whoever starts a process puts it into a job that ends with him. */
void platen_os_process_follow(void)
{
}

_Noreturn void platen_os_process_end_family(void)
{
    TerminateProcess(GetCurrentProcess(), 137);
    abort();
}

void platen_os_process_await_debugger(void)
{
    while (!IsDebuggerPresent())
        Sleep(100);
    DebugBreak();
}

uint32_t platen_os_process_on_copy(void (*here)(void), void (*in_copy)(void))
{
    (void)here;
    (void)in_copy;
    return 0;
}

uint64_t platen_os_process_habits(void)
{
    return 0;
}

/* The names and values that are asked for are ASCII. */
bool platen_os_environment_take(const char *name, char *to, size_t size)
{
    DWORD length = GetEnvironmentVariableA(name, to, (DWORD)size);
    bool fits = length > 0 && length < size;
    if (!fits)
        to[0] = '\0';
    SetEnvironmentVariableA(name, NULL);
    return fits;
}

uint32_t platen_os_random(void *to, size_t size)
{
    return SystemFunction036(to, (ULONG)size) ? 0 : PLATEN_GEN_FAILURE;
}
