/* SPDX-License-Identifier: MIT
 *
 * The ANSI variants of the functions that are calls back: the structures are the same but for the
 * width of their texts.
 */
#include "host/native_win32.h"

#include <stdlib.h>
#include <string.h>

#include "call/served.h"

/* Where a structure has texts, and a DEVMODE, which does not cross. */
struct shape {
    DWORD level;
    size_t size;
    size_t devmode; /* 0: it has none */
    size_t texts[10];
    unsigned count;
};

#define AT(type, name) offsetof(type, name)
static const struct shape jobs[] = {
    {1,
     sizeof(JOB_INFO_1W),
     0,
     {AT(JOB_INFO_1W, pPrinterName), AT(JOB_INFO_1W, pMachineName), AT(JOB_INFO_1W, pUserName),
      AT(JOB_INFO_1W, pDocument), AT(JOB_INFO_1W, pDatatype), AT(JOB_INFO_1W, pStatus)},
     6},
    {2,
     sizeof(JOB_INFO_2W),
     AT(JOB_INFO_2W, pDevMode),
     {AT(JOB_INFO_2W, pPrinterName), AT(JOB_INFO_2W, pMachineName), AT(JOB_INFO_2W, pUserName),
      AT(JOB_INFO_2W, pDocument), AT(JOB_INFO_2W, pNotifyName), AT(JOB_INFO_2W, pDatatype),
      AT(JOB_INFO_2W, pPrintProcessor), AT(JOB_INFO_2W, pParameters), AT(JOB_INFO_2W, pDriverName),
      AT(JOB_INFO_2W, pStatus)},
     10},
    {3, sizeof(JOB_INFO_3), 0, {0}, 0},
    {0, 0, 0, {0}, 0},
};

static const struct shape ports[] = {
    {1, sizeof(PORT_INFO_1W), 0, {AT(PORT_INFO_1W, pName)}, 1},
    {2,
     sizeof(PORT_INFO_2W),
     0,
     {AT(PORT_INFO_2W, pPortName), AT(PORT_INFO_2W, pMonitorName), AT(PORT_INFO_2W, pDescription)},
     3},
    {3, sizeof(PORT_INFO_3W), 0, {AT(PORT_INFO_3W, pszStatus)}, 1},
    {0, 0, 0, {0}, 0},
};

static const struct shape defaults_shape = {0,
                                            sizeof(PRINTER_DEFAULTSW),
                                            AT(PRINTER_DEFAULTSW, pDevMode),
                                            {AT(PRINTER_DEFAULTSW, pDatatype)},
                                            1};

static const struct shape *shape_of(const struct shape *list, DWORD level)
{
    while (list->size != 0 && list->level != level) {
        list++;
    }
    return list->size == 0 ? NULL : list;
}

/* ---- to the wide side ------------------------------------------------------------------------ */

/* malloc'ed; NULL for NULL, and when memory is out. */
static WCHAR *widen(const char *text)
{
    int count = text == NULL ? 0 : MultiByteToWideChar(CP_ACP, 0, text, -1, NULL, 0);
    WCHAR *wide = count <= 0 ? NULL : malloc((size_t)count * sizeof *wide);
    if (wide != NULL) {
        MultiByteToWideChar(CP_ACP, 0, text, -1, wide, count);
    }
    return wide;
}

/* Big enough for each of the structures. */
union wide_structure {
    JOB_INFO_2W job;
    PRINTER_DEFAULTSW defaults;
    unsigned char bytes[sizeof(JOB_INFO_2W)];
};

static void *widen_structure(const struct shape *shape, const void *from, union wide_structure *to)
{
    if (shape == NULL || from == NULL) {
        return NULL;
    }
    memcpy(to->bytes, from, shape->size);
    for (unsigned i = 0; i < shape->count; i++) {
        const char *text;
        memcpy(&text, to->bytes + shape->texts[i], sizeof text);
        WCHAR *wide = widen(text);
        memcpy(to->bytes + shape->texts[i], &wide, sizeof wide);
    }
    if (shape->devmode != 0) {
        memset(to->bytes + shape->devmode, 0, sizeof(void *));
    }
    return to->bytes;
}

static void free_texts(const struct shape *shape, const union wide_structure *of)
{
    for (unsigned i = 0; shape != NULL && i < shape->count; i++) {
        WCHAR *text;
        memcpy(&text, of->bytes + shape->texts[i], sizeof text);
        free(text);
    }
}

/* ---- and back -------------------------------------------------------------------------------- */

/* Bytes of a text with its NUL. */
static size_t narrow_size(const WCHAR *text)
{
    int size = text == NULL ? 0 : WideCharToMultiByte(CP_ACP, 0, text, -1, NULL, 0, NULL, NULL);
    return size > 0 ? (size_t)size : 0;
}

static const WCHAR *text_at(const unsigned char *row, size_t offset)
{
    const WCHAR *text;
    memcpy(&text, row + offset, sizeof text);
    return text;
}

static size_t narrow_rows_size(const struct shape *shape, const unsigned char *rows, DWORD count)
{
    size_t size = count * shape->size;
    for (DWORD i = 0; i < count; i++) {
        for (unsigned k = 0; k < shape->count; k++) {
            size += narrow_size(text_at(rows + i * shape->size, shape->texts[k]));
        }
    }
    return size;
}

/* Texts from the end of the buffer downwards. */
static void narrow_row(const struct shape *shape, const unsigned char *row, unsigned char *to,
                       char **end)
{
    memcpy(to, row, shape->size);
    for (unsigned k = 0; k < shape->count; k++) {
        const WCHAR *text = text_at(row, shape->texts[k]);
        size_t size = narrow_size(text);
        char *at = NULL;
        if (size > 0) {
            *end -= size;
            at = *end;
            WideCharToMultiByte(CP_ACP, 0, text, -1, at, (int)size, NULL, NULL);
        }
        memcpy(to + shape->texts[k], &at, sizeof at);
    }
    if (shape->devmode != 0) {
        memset(to + shape->devmode, 0, sizeof(void *));
    }
}

static BOOL narrow_rows(const struct shape *shape, const unsigned char *rows, DWORD count,
                        LPBYTE buffer, DWORD size, LPDWORD needed)
{
    size_t whole = narrow_rows_size(shape, rows, count);
    *needed = (DWORD)whole;
    if (whole > size || (buffer == NULL && whole > 0)) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return FALSE;
    }
    char *end = (char *)buffer + size;
    for (DWORD i = 0; i < count; i++) {
        narrow_row(shape, rows + i * shape->size, buffer + i * shape->size, &end);
    }
    return TRUE;
}

/* ---- asking the wide side -------------------------------------------------------------------- */

struct question {
    HANDLE printer; /* of a job ... */
    DWORD job;
    WCHAR *name; /* ... or of a server's ports */
    DWORD level;
    bool of_ports;
};

static BOOL ask(const struct question *question, LPBYTE rows, DWORD size, LPDWORD needed,
                LPDWORD count)
{
    const PLATEN_IMPORTS *wide = &platen_served_imports;
    if (question->of_ports) {
        return wide->EnumPortsW(question->name, question->level, rows, size, needed, count);
    }
    *count = 1;
    return wide->GetJobW(question->printer, question->job, question->level, rows, size, needed);
}

/* Until it fits: what is asked for may grow meanwhile. malloc'ed rows; NULL: it failed. */
static LPBYTE ask_all(const struct question *question, DWORD *count)
{
    LPBYTE rows = NULL;
    DWORD size = 4096;
    for (int attempt = 0; attempt < 8; attempt++) {
        DWORD needed = 0;
        LPBYTE more = realloc(rows, size);
        if (more == NULL) {
            SetLastError(ERROR_NOT_ENOUGH_MEMORY);
            break;
        }
        rows = more;
        if (ask(question, rows, size, &needed, count)) {
            return rows;
        }
        if (GetLastError() != ERROR_INSUFFICIENT_BUFFER || needed <= size) {
            break;
        }
        size = needed;
    }
    DWORD error = GetLastError();
    free(rows);
    SetLastError(error);
    return NULL;
}

static BOOL answer(const struct question *question, const struct shape *shape, LPBYTE buffer,
                   DWORD size, LPDWORD needed, LPDWORD count)
{
    if (shape == NULL || needed == NULL || count == NULL) {
        SetLastError(shape == NULL ? ERROR_INVALID_LEVEL : ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    *needed = *count = 0;
    LPBYTE rows = ask_all(question, count);
    if (rows == NULL) {
        return FALSE;
    }
    BOOL fine = narrow_rows(shape, rows, *count, buffer, size, needed);
    *count = fine ? *count : 0;
    free(rows);
    return fine;
}

/* ---- the functions --------------------------------------------------------------------------- */

static BOOL WINAPI open_printer(LPSTR name, PHANDLE printer, LPPRINTER_DEFAULTSA defaults)
{
    union wide_structure structure;
    WCHAR *wide = widen(name);
    BOOL fine = platen_served_imports.OpenPrinterW(
        wide, printer, widen_structure(&defaults_shape, defaults, &structure));
    free_texts(defaults == NULL ? NULL : &defaults_shape, &structure);
    free(wide);
    return fine;
}

static BOOL WINAPI open_printer_2(LPCSTR name, PHANDLE printer, LPPRINTER_DEFAULTSA defaults,
                                  PVOID options)
{
    (void)options;
    return open_printer((LPSTR)(ULONG_PTR)name, printer, defaults);
}

static BOOL WINAPI open_printer_2_wide(LPCWSTR name, PHANDLE printer, LPPRINTER_DEFAULTSW defaults,
                                       PVOID options)
{
    (void)options;
    return platen_served_imports.OpenPrinterW((LPWSTR)(ULONG_PTR)name, printer, defaults);
}

static BOOL WINAPI set_job(HANDLE printer, DWORD job, DWORD level, LPBYTE data, DWORD command)
{
    union wide_structure structure;
    const struct shape *shape = shape_of(jobs, level);
    LPBYTE wide = shape == NULL ? data : widen_structure(shape, data, &structure);
    BOOL fine = platen_served_imports.SetJobW(printer, job, level, wide, command);
    free_texts(data == NULL ? NULL : shape, &structure);
    return fine;
}

static BOOL WINAPI get_job(HANDLE printer, DWORD job, DWORD level, LPBYTE buffer, DWORD size,
                           LPDWORD needed)
{
    DWORD count;
    struct question question = {.printer = printer, .job = job, .level = level};
    return answer(&question, shape_of(jobs, level), buffer, size, needed, &count);
}

static BOOL WINAPI set_port(LPSTR name, LPSTR port, DWORD level, LPBYTE info)
{
    union wide_structure structure;
    const struct shape *shape = level == 3 ? shape_of(ports, level) : NULL;
    LPBYTE wide = shape == NULL ? info : widen_structure(shape, info, &structure);
    WCHAR *server = widen(name);
    WCHAR *port_name = widen(port);
    BOOL fine = platen_served_imports.SetPortW(server, port_name, level, wide);
    free_texts(info == NULL ? NULL : shape, &structure);
    free(port_name);
    free(server);
    return fine;
}

static BOOL WINAPI enum_ports(LPSTR name, DWORD level, LPBYTE buffer, DWORD size, LPDWORD needed,
                              LPDWORD count)
{
    WCHAR *server = widen(name);
    struct question question = {.name = server, .level = level, .of_ports = true};
    const struct shape *shape = level == 3 ? NULL : shape_of(ports, level);
    BOOL fine = answer(&question, shape, buffer, size, needed, count);
    free(server);
    return fine;
}

const struct host_stand_in host_ansi[] = {
    {"EnumPortsA", (host_function)enum_ports},
    {"GetJobA", (host_function)get_job},
    {"OpenPrinterA", (host_function)open_printer},
    {"OpenPrinter2A", (host_function)open_printer_2},
    {"OpenPrinter2W", (host_function)open_printer_2_wide},
    {"SetJobA", (host_function)set_job},
    {"SetPortA", (host_function)set_port},
    {NULL, NULL},
};
