/* SPDX-License-Identifier: MIT */
#include <windows.h>

#include "help.h"

#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#include "os/text.h"

static void to_wide(const char *text, WCHAR *wide, size_t size)
{
    assert_true(platen_text_to16(text, SIZE_MAX, wide, size) < size);
}

/* Quoted as CommandLineToArgvW reads it: backslashes count only before a quote. */
static void append_quoted(WCHAR *line, const char *argument)
{
    WCHAR wide[512];
    WCHAR *to = line + wcslen(line);

    to_wide(argument, wide, 512);
    *to++ = L' ';
    *to++ = L'"';
    for (const WCHAR *from = wide;; from++) {
        size_t slashes = wcsspn(from, L"\\");
        size_t written = from[slashes] == L'"' || !from[slashes] ? slashes * 2 : slashes;
        wmemset(to, L'\\', written);
        to += written;
        from += slashes;
        if (!*from)
            break;
        if (*from == L'"')
            *to++ = L'\\';
        *to++ = *from;
    }
    wcscpy(to, L"\"");
}

static size_t read_all(HANDLE from, char *output, size_t size)
{
    size_t used = 0;
    DWORD got;
    while (used + 1 < size && ReadFile(from, output + used, (DWORD)(size - 1 - used), &got, NULL) &&
           got > 0)
        used += got;
    return used;
}

int system_run_self(const char *const arguments[], char *output, size_t size)
{
    SECURITY_ATTRIBUTES inherit = {.nLength = sizeof inherit, .bInheritHandle = TRUE};
    STARTUPINFOW start = {.cb = sizeof start, .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION process;
    WCHAR program[MAX_PATH], line[4096] = L"\"self\"";
    HANDLE from;
    DWORD status = 0;

    assert_true(GetModuleFileNameW(NULL, program, MAX_PATH) > 0);
    for (size_t i = 0; arguments[i]; i++)
        append_quoted(line, arguments[i]);
    assert_true(CreatePipe(&from, &start.hStdOutput, &inherit, 0));
    SetHandleInformation(from, HANDLE_FLAG_INHERIT, 0);
    start.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    assert_true(CreateProcessW(program, line, NULL, NULL, TRUE, 0, NULL, NULL, &start, &process));
    CloseHandle(start.hStdOutput);
    output[read_all(from, output, size)] = 0;
    CloseHandle(from);
    assert_int_equal(WaitForSingleObject(process.hProcess, INFINITE), WAIT_OBJECT_0);
    assert_true(GetExitCodeProcess(process.hProcess, &status));
    CloseHandle(process.hProcess);
    CloseHandle(process.hThread);
    return (int)status;
}

void system_set_variable(const char *name, const char *value)
{
    WCHAR wide_name[64], wide_value[512];

    to_wide(name, wide_name, 64);
    to_wide(value ? value : "", wide_value, 512);
    assert_true(SetEnvironmentVariableW(wide_name, value ? wide_value : NULL));
}

/* Reading the memory of a process shows also what the process itself may not read, under Wine; so
 * the pages' state is asked for. */
static DWORD state_of(const void *address)
{
    MEMORY_BASIC_INFORMATION facts;
    assert_true(VirtualQuery(address, &facts, sizeof facts) > 0);
    return facts.State == MEM_COMMIT ? facts.Protect : PAGE_NOACCESS;
}

bool system_can_read(const void *address)
{
    return state_of(address) == PAGE_READONLY || system_can_write((void *)(uintptr_t)address);
}

bool system_can_write(void *address)
{
    return state_of(address) == PAGE_READWRITE;
}

bool system_is_inherited(platen_os_file file)
{
    DWORD flags;
    assert_true(GetHandleInformation((HANDLE)file, &flags));
    return flags & HANDLE_FLAG_INHERIT;
}

void system_pipe(platen_os_file ends[2])
{
    HANDLE from, to;
    assert_true(CreatePipe(&from, &to, NULL, 0));
    ends[0] = (platen_os_file)from;
    ends[1] = (platen_os_file)to;
}

size_t system_count_entries(const char *folder)
{
    WCHAR pattern[512];
    WIN32_FIND_DATAW entry;
    HANDLE search;
    size_t count = 0;

    to_wide(folder, pattern, 500);
    wcscat(pattern, L"\\*");
    search = FindFirstFileW(pattern, &entry);
    assert_true(search != INVALID_HANDLE_VALUE);
    do
        count += wcscmp(entry.cFileName, L".") != 0 && wcscmp(entry.cFileName, L"..") != 0;
    while (FindNextFileW(search, &entry));
    FindClose(search);
    return count;
}

static void full(const char *path, WCHAR wide[MAX_PATH])
{
    WCHAR given[MAX_PATH];
    to_wide(path, given, MAX_PATH);
    assert_true(GetFullPathNameW(given, MAX_PATH, wide, NULL) > 0);
}

/* Wine's CreateSymbolicLinkW says that it has made a link, and has made none; and to delete one
 * would delete what it leads to. The system below it has programs for that. They cannot be waited
 * for, but their work can. */
typedef char *CDECL get_unix_name(const WCHAR *dos_name);

static get_unix_name *unix_name(void)
{
    return (get_unix_name *)(void (*)(void))GetProcAddress(GetModuleHandleW(L"kernel32.dll"),
                                                           "wine_get_unix_file_name");
}

static void run_below_wine(const WCHAR *program, const char *name, const WCHAR *first,
                           const WCHAR *second)
{
    STARTUPINFOW start = {.cb = sizeof start};
    PROCESS_INFORMATION process;
    char *one = unix_name()(first), *other = unix_name()(second);
    char line[2048];
    WCHAR wide[2048];

    snprintf(line, sizeof line, "%s \"%s\" \"%s\"", name, one, other);
    HeapFree(GetProcessHeap(), 0, one);
    HeapFree(GetProcessHeap(), 0, other);
    to_wide(line, wide, 2048);
    assert_true(CreateProcessW(program, wide, NULL, NULL, FALSE, 0, NULL, NULL, &start, &process));
}

static void make_link(const WCHAR *target, const WCHAR *path)
{
    DWORD attributes = GetFileAttributesW(target), flags = 0;

    assert_true(attributes != INVALID_FILE_ATTRIBUTES);
    if (attributes & FILE_ATTRIBUTE_DIRECTORY)
        flags = SYMBOLIC_LINK_FLAG_DIRECTORY;
    if (!unix_name()) {
        assert_true(CreateSymbolicLinkW(path, target,
                                        flags | SYMBOLIC_LINK_FLAG_ALLOW_UNPRIVILEGED_CREATE));
        return;
    }
    run_below_wine(L"\\\\?\\unix\\bin\\ln", "ln -sT", target, path);
    while (GetFileAttributesW(path) == INVALID_FILE_ATTRIBUTES)
        Sleep(1);
}

static WCHAR links[8][MAX_PATH];
static size_t link_count;

void system_link(const char *target, const char *path)
{
    WCHAR to[MAX_PATH];

    assert_true(link_count < sizeof links / sizeof *links);
    full(target, to);
    full(path, links[link_count]);
    make_link(to, links[link_count]);
    link_count++;
}

/* On Windows they are removed as everything else is. */
void system_forget_links(void)
{
    for (size_t i = 0; i < link_count && unix_name(); i++) {
        run_below_wine(L"\\\\?\\unix\\bin\\rm", "rm -f", links[i], links[i]);
        while (GetFileAttributesW(links[i]) != INVALID_FILE_ATTRIBUTES)
            Sleep(1);
    }
    link_count = 0;
}

void system_hard_link(const char *target, const char *path)
{
    WCHAR to[MAX_PATH], at[MAX_PATH];
    full(target, to);
    full(path, at);
    assert_true(CreateHardLinkW(at, to, NULL));
}
