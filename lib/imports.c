/* SPDX-License-Identifier: MIT */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "imports.h"

typedef VOID(WINAPI *set_last_error)(DWORD code);

static _Atomic(set_last_error) remembered;

/* The header's functions by name: off Windows they look into the module's import table, on Windows
 * they are the system's. */
static DWORD WINAPI module_get_last_error(void)
{
    return GetLastError();
}

static VOID WINAPI module_set_last_error(DWORD code)
{
    SetLastError(code);
}

static BOOL WINAPI module_open_printer(LPWSTR name, PHANDLE printer, LPVOID defaults)
{
    return OpenPrinterW(name, printer, defaults);
}

static void take_module_functions(PLATEN_IMPORTS *to)
{
    to->OpenPrinterW = module_open_printer;
    to->ClosePrinter = ClosePrinter;
    to->SetJobW = SetJobW;
    to->GetJobW = GetJobW;
    to->SetPortW = SetPortW;
    to->EnumPortsW = EnumPortsW;
    to->ImpersonatePrinterClient = ImpersonatePrinterClient;
    to->RevertToPrinterSelf = RevertToPrinterSelf;
}

/* All four or none: what one makes another frees. */
static void need_router(PLATEN_IMPORTS *to)
{
    if (to->RouterAllocBidiResponseContainer && to->RouterAllocBidiMem &&
        to->RouterFreeBidiResponseContainer && to->RouterFreeBidiMem)
        return;
    to->RouterAllocBidiResponseContainer = RouterAllocBidiResponseContainer;
    to->RouterAllocBidiMem = RouterAllocBidiMem;
    to->RouterFreeBidiResponseContainer = RouterFreeBidiResponseContainer;
    to->RouterFreeBidiMem = RouterFreeBidiMem;
}

void imports_copy(PLATEN_IMPORTS *to, const PLATEN_IMPORTS *from)
{
    memset(to, 0, sizeof(*to));
    if (from)
        memcpy(to, from, from->cbSize < sizeof(*to) ? from->cbSize : sizeof(*to));
    else
        take_module_functions(to);
    to->cbSize = sizeof(*to);
    if (!to->GetLastError || !to->SetLastError) {
        to->GetLastError = module_get_last_error;
        to->SetLastError = module_set_last_error;
    }
    need_router(to);
}

void imports_set_last_error(uint32_t code)
{
    set_last_error set = atomic_load_explicit(&remembered, memory_order_acquire);
    if (set)
        set(code);
    else
        SetLastError(code);
}

void imports_remember(const PLATEN_IMPORTS *imports)
{
    atomic_store_explicit(&remembered, imports->SetLastError, memory_order_release);
}

void imports_forget(const PLATEN_IMPORTS *imports)
{
    set_last_error mine = imports->SetLastError;
    atomic_compare_exchange_strong(&remembered, &mine, (set_last_error)NULL);
}

static uint32_t code_of(const PLATEN_IMPORTS *imports, BOOL done)
{
    uint32_t code = done ? 0 : (uint32_t)imports->GetLastError();
    return done || code ? code : PLATEN_GEN_FAILURE;
}

uint32_t imports_open_printer(const PLATEN_IMPORTS *imports, const char16_t *name, HANDLE *printer)
{
    *printer = NULL;
    if (!imports->OpenPrinterW)
        return PLATEN_CALL_NOT_IMPLEMENTED;
    /* The interface predates const; the name is only read. */
    return code_of(imports, imports->OpenPrinterW((LPWSTR)(uintptr_t)name, printer, NULL));
}

void imports_close_printer(const PLATEN_IMPORTS *imports, HANDLE printer)
{
    if (imports->ClosePrinter)
        imports->ClosePrinter(printer);
}

uint32_t imports_set_job(const PLATEN_IMPORTS *imports, HANDLE printer, uint32_t job,
                         uint32_t command)
{
    if (!imports->SetJobW)
        return PLATEN_CALL_NOT_IMPLEMENTED;
    return code_of(imports, imports->SetJobW(printer, job, 0, NULL, command));
}

static uint32_t get_job(const PLATEN_IMPORTS *imports, HANDLE printer, uint32_t job, void *buffer,
                        DWORD *size)
{
    DWORD needed = 0;
    uint32_t code = code_of(imports, imports->GetJobW(printer, job, 1, buffer, *size, &needed));
    if (code == PLATEN_INSUFFICIENT_BUFFER)
        *size = needed;
    return code;
}

/* A job with long names: they may grow while we ask, but not for ever. */
static uint32_t load_job(const PLATEN_IMPORTS *imports, HANDLE printer, uint32_t job, DWORD size,
                         JOB_INFO_1W **info)
{
    uint32_t code = PLATEN_INSUFFICIENT_BUFFER;
    *info = NULL;
    for (int tries = 0; tries < 4 && code == PLATEN_INSUFFICIENT_BUFFER; tries++) {
        free(*info);
        *info = NULL;
        if (size < sizeof(JOB_INFO_1W))
            return PLATEN_GEN_FAILURE;
        *info = malloc(size);
        if (!*info)
            return PLATEN_NOT_ENOUGH_MEMORY;
        code = get_job(imports, printer, job, *info, &size);
    }
    if (code) {
        free(*info);
        *info = NULL;
    }
    return code;
}

uint32_t imports_job_info(const PLATEN_IMPORTS *imports, HANDLE printer, uint32_t job,
                          JOB_INFO_1W **info)
{
    *info = NULL;
    if (!imports->GetJobW)
        return PLATEN_CALL_NOT_IMPLEMENTED;
    return load_job(imports, printer, job, 8 * sizeof(JOB_INFO_1W), info);
}

static uint32_t long_job_status(const PLATEN_IMPORTS *imports, HANDLE printer, uint32_t job,
                                DWORD size, uint32_t *status)
{
    JOB_INFO_1W *info;
    uint32_t code = load_job(imports, printer, job, size, &info);
    if (!code)
        *status = info->Status;
    free(info);
    return code;
}

uint32_t imports_job_status(const PLATEN_IMPORTS *imports, HANDLE printer, uint32_t job,
                            uint32_t *status)
{
    JOB_INFO_1W room[8]; /* the structure, and what its texts usually take */
    DWORD size = sizeof(room);

    *status = 0;
    if (!imports->GetJobW)
        return PLATEN_CALL_NOT_IMPLEMENTED;
    uint32_t code = get_job(imports, printer, job, room, &size);
    if (code == PLATEN_INSUFFICIENT_BUFFER)
        return long_job_status(imports, printer, job, size, status);
    if (!code)
        *status = room[0].Status;
    return code;
}

uint32_t imports_enum_ports(const PLATEN_IMPORTS *imports, void *buffer, uint32_t size,
                            uint32_t *needed, uint32_t *count)
{
    DWORD bytes = 0;
    DWORD entries = 0;
    uint32_t code = PLATEN_CALL_NOT_IMPLEMENTED;
    if (imports->EnumPortsW)
        code = code_of(imports, imports->EnumPortsW(NULL, 1, buffer, size, &bytes, &entries));
    *needed = bytes;
    *count = code ? 0 : entries;
    return code;
}

uint32_t imports_set_port(const PLATEN_IMPORTS *imports, const char16_t *port, uint32_t status,
                          uint32_t severity)
{
    PORT_INFO_3W info = {.dwStatus = status, .dwSeverity = severity};
    if (!imports->SetPortW)
        return PLATEN_CALL_NOT_IMPLEMENTED;
    /* The interface predates const; the name is only read. */
    LPWSTR name = (LPWSTR)(uintptr_t)port;
    return code_of(imports, imports->SetPortW(NULL, name, 3, (LPBYTE)(void *)&info));
}

HANDLE imports_revert(const PLATEN_IMPORTS *imports)
{
    return imports->RevertToPrinterSelf ? imports->RevertToPrinterSelf() : NULL;
}

void imports_impersonate(const PLATEN_IMPORTS *imports, HANDLE token)
{
    if (token && imports->ImpersonatePrinterClient)
        imports->ImpersonatePrinterClient(token);
}
