/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <platen/errors.h>
#include <platen/ioctl.h>

#include "below.h"
#include "bidi/deviceid.h"

/* Between two bytes of an answer, in milliseconds: for serial lines. */
#define INTERVAL 100

uint32_t pjl_below_take(struct pjl_below *below, const MONITOR2 *table,
                        const PLATEN_IMPORTS *imports)
{
    size_t size = table->cbSize < sizeof(below->table) ? table->cbSize : sizeof(below->table);
    memset(below, 0, sizeof(*below));
    below->imports = imports;
    memcpy(&below->table, table, size - size % sizeof(void *)); /* no half of a pointer (D15) */
    bool whole = below->table.pfnOpenPort && below->table.pfnStartDocPort &&
                 below->table.pfnWritePort && below->table.pfnReadPort &&
                 below->table.pfnEndDocPort && below->table.pfnClosePort;
    return whole ? 0 : PLATEN_INVALID_PRINT_MONITOR;
}

/* What a port monitor forgot to say must not be what somebody said long ago. */
static void prepare(const struct pjl_below *below)
{
    below->imports->SetLastError(0);
}

static uint32_t code_of(const struct pjl_below *below, BOOL done)
{
    uint32_t code = done ? 0 : (uint32_t)below->imports->GetLastError();
    return done || code ? code : PLATEN_GEN_FAILURE;
}

uint32_t pjl_below_open(struct pjl_below *below, HANDLE instance, LPWSTR name)
{
    prepare(below);
    return code_of(below, below->table.pfnOpenPort(instance, name, &below->port));
}

uint32_t pjl_below_close(const struct pjl_below *below)
{
    prepare(below);
    return code_of(below, below->table.pfnClosePort(below->port));
}

uint32_t pjl_below_start(const struct pjl_below *below, LPWSTR printer, uint32_t job,
                         uint32_t level, LPBYTE document)
{
    prepare(below);
    return code_of(below, below->table.pfnStartDocPort(below->port, printer, job, level, document));
}

uint32_t pjl_below_write(const struct pjl_below *below, const void *data, uint32_t size,
                         uint32_t *moved)
{
    DWORD count = 0;
    prepare(below);
    /* The interface predates const; the bytes are only read (R45). */
    uint32_t code = code_of(
        below, below->table.pfnWritePort(below->port, (LPBYTE)(uintptr_t)data, size, &count));
    *moved = count < size ? (uint32_t)count : size;
    return code;
}

uint32_t pjl_below_read(const struct pjl_below *below, void *data, uint32_t size, uint32_t *moved)
{
    DWORD count = 0;
    prepare(below);
    uint32_t code = code_of(below, below->table.pfnReadPort(below->port, data, size, &count));
    *moved = code ? 0 : count < size ? (uint32_t)count : size;
    return code;
}

uint32_t pjl_below_end(const struct pjl_below *below)
{
    prepare(below);
    return code_of(below, below->table.pfnEndDocPort(below->port));
}

uint32_t pjl_below_set_read_timeout(const struct pjl_below *below, uint32_t milliseconds)
{
    COMMTIMEOUTS times = {.ReadIntervalTimeout = INTERVAL,
                          .ReadTotalTimeoutConstant = milliseconds};
    if (!below->table.pfnSetPortTimeOuts)
        return PLATEN_NOT_SUPPORTED;
    prepare(below);
    return code_of(below, below->table.pfnSetPortTimeOuts(below->port, &times, 0));
}

uint32_t pjl_below_id(const struct pjl_below *below, char *id, uint32_t size)
{
    DWORD count = 0;
    id[0] = '\0';
    if (!below->table.pfnGetPrinterDataFromPort)
        return PLATEN_NOT_SUPPORTED;
    prepare(below);
    /* The buffer holds bytes, whatever its type says (contract 5). */
    BOOL done =
        below->table.pfnGetPrinterDataFromPort(below->port, IOCTL_PAR_QUERY_DEVICE_ID, NULL, NULL,
                                               0, (LPWSTR)(void *)id, size - 1, &count);
    uint32_t code = code_of(below, done);
    size_t length = code ? 0 : count < size ? count : size - 1;
    device_id_clean(id, length);
    return code;
}
