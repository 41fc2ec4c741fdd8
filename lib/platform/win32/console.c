/* SPDX-License-Identifier: MIT */
#include <windows.h>
#include <shellapi.h>

#include "os/console.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "os/text.h"

static HANDLE handle_of(enum platen_os_stream stream)
{
    static const DWORD numbers[] = {
        [PLATEN_OS_STDIN] = STD_INPUT_HANDLE,
        [PLATEN_OS_STDOUT] = STD_OUTPUT_HANDLE,
        [PLATEN_OS_STDERR] = STD_ERROR_HANDLE,
    };
    return GetStdHandle(numbers[stream]);
}

/* All or nothing: an argument that is missing is worse than one with strange letters. */
static char **convert(int count, WCHAR **wide)
{
    char **texts = calloc((size_t)count + 1, sizeof *texts);

    for (int i = 0; texts && i < count; i++) {
        texts[i] = platen_text_new8(wide[i], SIZE_MAX);
        if (!texts[i]) {
            while (i-- > 0)
                free(texts[i]);
            free(texts);
            return NULL;
        }
    }
    return texts;
}

char **platen_os_arguments(int argc, char **argv, int *count)
{
    int found = 0;
    WCHAR **wide = CommandLineToArgvW(GetCommandLineW(), &found);
    char **texts = wide ? convert(found, wide) : NULL;

    LocalFree(wide);
    *count = texts ? found : argc;
    return texts ? texts : argv;
}

bool platen_os_is_terminal(enum platen_os_stream stream)
{
    DWORD mode;
    return GetConsoleMode(handle_of(stream), &mode) != 0;
}

/* The console outlives the program: it gets its code page back. */
static UINT code_page_before;

static void restore_code_page(void)
{
    SetConsoleOutputCP(code_page_before);
}

static bool speak_utf8(void)
{
    UINT now = GetConsoleOutputCP();

    if (now == CP_UTF8)
        return true;
    if (!SetConsoleOutputCP(CP_UTF8))
        return false;
    code_page_before = now;
    atexit(restore_code_page);
    return true;
}

bool platen_os_prepare_terminal(enum platen_os_stream stream)
{
    HANDLE console = handle_of(stream);
    DWORD mode;

    if (!GetConsoleMode(console, &mode) || !speak_utf8())
        return false;
    return SetConsoleMode(console, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING) != 0;
}

/* The value can change between asking for its size and for itself. */
static WCHAR *read_variable(const WCHAR *name)
{
    WCHAR *value = NULL;
    DWORD room = 0, needed = GetEnvironmentVariableW(name, NULL, 0);

    while (needed > room) {
        WCHAR *grown = realloc(value, needed * sizeof *value);
        if (!grown)
            break;
        value = grown;
        room = needed;
        value[0] = 0;
        needed = GetEnvironmentVariableW(name, value, room);
    }
    return value;
}

char *platen_os_environment(const char *name)
{
    WCHAR *wide_name = platen_text_new16(name, SIZE_MAX);
    WCHAR *value = wide_name ? read_variable(wide_name) : NULL;
    char *text = platen_text_new8(value, SIZE_MAX);

    free(wide_name);
    free(value);
    return text;
}

static void (*_Atomic on_request)(void);
static atomic_bool requested;

/* What the system does not let us decline (window closed, log off) it lets us delay a little: as
 * long as this thread does not return, the others may end in order. */
static BOOL WINAPI forward(DWORD event)
{
    void (*handler)(void) = atomic_load(&on_request);

    if (atomic_exchange(&requested, true) && (event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT))
        return FALSE;
    if (handler)
        handler();
    if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT)
        Sleep(INFINITE);
    return TRUE;
}

void platen_os_on_interrupt(void (*handler)(void))
{
    atomic_store(&on_request, handler);
    atomic_store(&requested, false);
    SetConsoleCtrlHandler(forward, FALSE);
    SetConsoleCtrlHandler(forward, TRUE);
}
