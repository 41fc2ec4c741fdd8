/* SPDX-License-Identifier: MIT */
#include <windows.h>

#include "puppet.h"

#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <wchar.h>

#include "os/text.h"

void puppet_begin(void)
{
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
}

bool puppet_variable(size_t number, char *text, size_t size)
{
    WCHAR *block = GetEnvironmentStringsW();
    const WCHAR *at = block;
    for (size_t i = 0; i < number && *at; i++)
        at += wcslen(at) + 1;
    bool there = *at != 0;
    platen_text_to8((const char16_t *)at, SIZE_MAX, text, size);
    FreeEnvironmentStringsW(block);
    return there;
}

/* The system's own are among them: nobody knows how many there should be. */
int puppet_handles(void)
{
    return -1;
}

void puppet_place(char *folder, size_t size)
{
    GetCurrentDirectoryA((DWORD)size, folder);
}

long puppet_id(void)
{
    return (long)GetCurrentProcessId();
}

void puppet_pause(unsigned milliseconds)
{
    Sleep(milliseconds);
}

void puppet_crash(void)
{
    TerminateProcess(GetCurrentProcess(), (UINT)EXCEPTION_ACCESS_VIOLATION);
}
