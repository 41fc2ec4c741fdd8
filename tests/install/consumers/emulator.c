/* SPDX-License-Identifier: MIT
 *
 * What an emulator of the Windows spooler does with the library: it makes a monitor with two
 * backends of its choice and prints through the MONITOR2.
 *   emulator FOLDER own|shared     prints into FOLDER/out.prn
 * own: the program gives the monitor functions for last-error. shared: it gives none, and has the
 * monitor's last-error in common with it, as programs have that link the archive.
 */
#include <platen/monitor.h>

#include <stdio.h>
#include <string.h>

#include "own_names.h"

static const char page[] = "one page\n";

static DWORD WINAPI own_get_last_error(void)
{
    return GetLastError();
}

static VOID WINAPI own_set_last_error(DWORD code)
{
    SetLastError(code);
}

static int fail(const char *what)
{
    fprintf(stderr, "emulator: %s: last-error %u\n", what, (unsigned)GetLastError());
    return 1;
}

static const struct platen_backend *backend(const char *name)
{
    const struct platen_backend *const *all = platen_backends();

    while (*all && strcmp((*all)->name, name) != 0)
        all++;
    return *all;
}

static int print(const MONITOR2 *table, HANDLE monitor, LPWSTR name)
{
    WCHAR title[] = TEXT("a page");
    WCHAR datatype[] = TEXT("RAW");
    DOC_INFO_1W document = {title, NULL, datatype};
    BYTE bytes[sizeof page];
    DWORD written = 0;
    HANDLE port = NULL;

    memcpy(bytes, page, sizeof page);
    if (!table->pfnOpenPort(monitor, name, &port))
        return fail("OpenPort");
    if (!table->pfnStartDocPort(port, NULL, 1, 1, (LPBYTE)(void *)&document))
        return fail("StartDocPort");
    if (!table->pfnWritePort(port, bytes, sizeof page - 1, &written) || written != sizeof page - 1)
        return fail("WritePort");
    if (!table->pfnEndDocPort(port))
        return fail("EndDocPort");
    return table->pfnClosePort(port) ? 0 : fail("ClosePort");
}

/* A port that there is not: the code has to arrive in this program's last-error. */
static int miss(const MONITOR2 *table, HANDLE monitor)
{
    WCHAR name[] = TEXT("NOWHERE:");
    HANDLE port = NULL;

    SetLastError(4711);
    if (table->pfnOpenPort(monitor, name, &port))
        return fail("OpenPort of no port");
    return GetLastError() == ERROR_UNKNOWN_PORT ? 0 : fail("OpenPort of no port");
}

static int same(const char *folder)
{
    char path[1024];
    char got[sizeof page + 1] = "";

    snprintf(path, sizeof path, "%s/out.prn", folder);
    FILE *file = fopen(path, "rb");
    if (!file)
        return fail(path);
    size_t size = fread(got, 1, sizeof got, file);
    fclose(file);
    return size == sizeof page - 1 && memcmp(got, page, size) == 0 ? 0 : fail("what was printed");
}

static int use(const MONITOR2 *table, HANDLE monitor, const char *folder)
{
    WCHAR file_port[] = TEXT("OUT:");
    WCHAR null_port[] = TEXT("NUL:");
    char uri[1024];

    snprintf(uri, sizeof uri, "file:%s/out.prn", folder);
    if (platen_monitor_add_port(monitor, "OUT:", uri))
        return fail("add_port");
    if (platen_monitor_add_port(monitor, "SIM:", "sim:one") != PLATEN_NOT_SUPPORTED)
        return fail("a backend that was not chosen");
    return print(table, monitor, file_port) || print(table, monitor, null_port) ||
           miss(table, monitor) || same(folder);
}

int main(int count, char **words)
{
    const struct platen_backend *backends[] = {backend("null"), backend("file"), NULL};
    PLATEN_IMPORTS imports = {.cbSize = sizeof imports,
                              .GetLastError = own_get_last_error,
                              .SetLastError = own_set_last_error};
    struct platen_monitor_options options = {.size = sizeof options, .backends = backends};
    MONITORINIT init = {.cbSize = sizeof init, .bLocal = TRUE};
    HANDLE monitor = NULL;

    if (count != 3 || !backends[0] || !backends[1])
        return fail("emulator FOLDER own|shared");
    options.file_root = words[1];
    if (strcmp(words[2], "own") == 0)
        options.imports = &imports;
    LPMONITOR2 table = platen_monitor_create(&init, &options, &monitor);
    if (!table)
        return fail("platen_monitor_create");
    int status = use(table, monitor, words[1]);
    table->pfnShutdown(monitor);
    return status;
}
