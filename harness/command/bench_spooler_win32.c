/* SPDX-License-Identifier: MIT
 *
 * A job through Windows' spooler, by a printer, to a file: by platen.dll, and by a monitor that
 * does nothing else. It is meant for Wine, whose spooler works in the program that prints, so that
 * its time is ours; the monitors lie beside the program, and are added for the row alone.
 */
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>
#include <winspool.h>

#include "command/bench.h"
#include "command/command.h"

#define CONTROL  L"System\\CurrentControlSet\\Control\\Print\\"
#define JOB_SIZE (UINT32_C(100) << 20)

enum { BLOCK = 65536, TEXT = 1200 };

struct road {
    const wchar_t *monitor;
    const wchar_t *dll;
    const wchar_t *port;
    const wchar_t *printer;
};

static const struct road ours = {L"Platen bench", L"platen.dll", L"bench.prn", L"Platen bench"};
static const struct road theirs = {L"Platen bare", L"platen-bench.dll", L"bare.prn",
                                   L"Platen bare"};

/* ---- the spooler ------------------------------------------------------------------------------
 */

static bool beside_us(const wchar_t *name, wchar_t *path)
{
    DWORD length = GetModuleFileNameW(NULL, path, MAX_PATH);
    wchar_t *last = length > 0 && length < MAX_PATH ? wcsrchr(path, L'\\') : NULL;
    if (last == NULL || last + 1 + wcslen(name) >= path + MAX_PATH) {
        return false;
    }
    wcscpy(last + 1, name);
    return true;
}

static const char *missing(void)
{
    wchar_t path[MAX_PATH];
    bool there = beside_us(theirs.dll, path) &&
                 GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES && beside_us(ours.dll, path) &&
                 GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
    return there ? NULL : "there is no platen.dll or no platen-bench.dll beside the program";
}

static bool set_text(const wchar_t *folder, const wchar_t *of, const wchar_t *name,
                     const wchar_t *text)
{
    wchar_t path[256];
    HKEY key;
    DWORD size = (DWORD)((wcslen(text) + 1) * sizeof *text);
    swprintf(path, 256, L"%ls%ls\\%ls", CONTROL, folder, of);
    if (RegCreateKeyW(HKEY_LOCAL_MACHINE, path, &key) != 0) {
        return false;
    }
    LONG error = RegSetValueExW(key, name, 0, REG_SZ, (const BYTE *)text, size);
    RegCloseKey(key);
    return error == 0;
}

static void remove_key(const wchar_t *folder, const wchar_t *of)
{
    wchar_t path[256];
    swprintf(path, 256, L"%ls%ls\\%ls", CONTROL, folder, of);
    RegDeleteTreeW(HKEY_LOCAL_MACHINE, path);
}

/* Wine finds a port by its key, and takes these values for a printer. */
static bool add(const struct road *road, const wchar_t *root)
{
    wchar_t dll[MAX_PATH];
    wchar_t name[64];
    wchar_t port[128];
    MONITOR_INFO_2W info = {.pName = name, .pDLLName = dll};
    wcscpy(name, road->monitor);
    swprintf(port, 128, L"%ls\\Ports\\%ls", road->monitor, road->port);
    bool fine =
        beside_us(road->dll, dll) && set_text(L"Printers", road->printer, L"Port", road->port) &&
        set_text(L"Printers", road->printer, L"Print Processor", L"winprint") &&
        set_text(L"Printers", road->printer, L"Datatype", L"RAW") &&
        set_text(L"Monitors", road->monitor, L"FileRoot", root) &&
        set_text(L"Monitors", port, L"Of", L"platen bench") && AddMonitorW(NULL, 2, (LPBYTE)&info);
    if (!fine) {
        complain("bench: a monitor cannot be added to the spooler: error %lu", GetLastError());
    }
    return fine;
}

static void take_away(const struct road *road)
{
    wchar_t name[64];
    wcscpy(name, road->monitor);
    DeleteMonitorW(NULL, NULL, name);
    remove_key(L"Monitors", road->monitor);
    remove_key(L"Printers", road->printer);
}

static bool print(const struct road *road)
{
    static BYTE block[BLOCK];
    wchar_t name[64], title[] = L"bench", datatype[] = L"RAW";
    DOC_INFO_1W doc = {.pDocName = title, .pDatatype = datatype};
    HANDLE printer;
    DWORD written;
    wcscpy(name, road->printer);
    if (!OpenPrinterW(name, &printer, NULL)) {
        return false;
    }
    bool fine = StartDocPrinterW(printer, 1, (LPBYTE)&doc) != 0;
    for (uint32_t at = 0; fine && at < JOB_SIZE; at += BLOCK) {
        fine = WritePrinter(printer, block, BLOCK, &written) && written == BLOCK;
    }
    fine = fine && EndDocPrinter(printer);
    ClosePrinter(printer);
    return fine;
}

/* ---- the row ----------------------------------------------------------------------------------
 */

static bool begin(struct bench *bench)
{
    wchar_t root[TEXT], file[TEXT];
    if (MultiByteToWideChar(CP_UTF8, 0, bench->folder, -1, root, TEXT - 16) == 0) {
        return false;
    }
    swprintf(file, TEXT, L"%ls\\%ls", root, theirs.port);
    SetEnvironmentVariableW(L"PLATEN_BENCH_FILE", file);
    return add(&ours, root) && add(&theirs, root);
}

static bool is_there(const struct bench *bench, const struct road *road)
{
    wchar_t path[TEXT];
    WIN32_FILE_ATTRIBUTE_DATA facts;
    swprintf(path, TEXT, L"%hs\\%ls", bench->folder, road->port);
    return GetFileAttributesExW(path, GetFileExInfoStandard, &facts) &&
           facts.nFileSizeLow == JOB_SIZE;
}

static bool measured(const struct bench *bench, const struct road *road, struct sample *sample)
{
    struct meter meter;
    meter_start(&meter);
    bool fine = print(road);
    meter_stop_cpu(&meter, sample);
    if (!fine || !is_there(bench, road)) {
        complain("bench: a job was not printed: error %lu", GetLastError());
        return false;
    }
    return true;
}

static bool run(struct bench *bench, struct sample *sample)
{
    return measured(bench, &ours, sample);
}

static bool bare(struct bench *bench, struct sample *sample)
{
    return measured(bench, &theirs, sample);
}

static void end(struct bench *bench)
{
    (void)bench;
    take_away(&ours);
    take_away(&theirs);
}

const struct bench_row bench_spooler = {
    .name = "spooler",
    .what = "one job of 100 MiB through Windows' spooler and platen.dll to a file",
    .bare_what = "the same through a monitor that only writes a file",
    .unit = "CPU ms per job",
    .figure = bench_milliseconds,
    .missing = missing,
    .begin = begin,
    .run = run,
    .bare = bare,
    .end = end,
};
