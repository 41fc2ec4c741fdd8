/* SPDX-License-Identifier: MIT
 *
 * What GetPrinter says of a printer: what its monitors last told of its ports with SetPort, and
 * what the spooler knows itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spooler/inside.h"

#define PAUSED   0x00000001u
#define IN_ERROR 0x00000002u
#define PRINTING 0x00000400u

static const struct {
    struct platen_printer_state state;
    uint32_t port;
} rows[] = {
#define PLATEN_PRINTER_STATE(bit, word, port) {{bit, word}, port},
#include "spooler/states.def"
};
#define ROWS (sizeof rows / sizeof *rows)

const char *platen_printer_state_word(uint32_t bit)
{
    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].state.bit == bit)
            return rows[i].state.word;
    }
    return NULL;
}

const struct platen_printer_state *platen_printer_state_at(size_t index)
{
    return index < ROWS ? &rows[index].state : NULL;
}

/* ---- with the lock held ---------------------------------------------------------------------- */

/* A text wins over a code (R108); of a trouble without a code a printer can only say that there is
 * one. */
static uint32_t bit_of(const PORT_INFO_3W *info)
{
    for (size_t i = 0; i < ROWS && info->dwStatus != 0; i++) {
        if (rows[i].port == info->dwStatus)
            return rows[i].state.bit;
    }
    return info->dwSeverity == PORT_STATUS_TYPE_ERROR ? IN_ERROR : 0;
}

void spool_status_note(struct port *port, const PORT_INFO_3W *info)
{
    char raw[sizeof port->told.text / 2] = "";
    bool clear = info->pszStatus == NULL && info->dwStatus == 0;

    port->told = (struct port_told){.bits = 0};
    if (clear)
        return;
    port->told.bits = bit_of(info);
    port->told.status = info->dwStatus;
    port->told.severity = info->dwSeverity;
    if (info->pszStatus != NULL)
        platen_text_to8(info->pszStatus, SIZE_MAX, raw, sizeof raw);
    platen_text_printable(raw, strlen(raw), port->told.text, sizeof port->told.text);
}

/* The port in the worst trouble speaks for all. */
static void add_port(const struct port *port, struct platen_printer_info *info)
{
    const struct port_told *told = &port->told;
    bool worse = told->severity != 0 && (info->severity == 0 || told->severity < info->severity);

    info->status |= told->bits;
    if (!worse && info->port_status != 0)
        return;
    info->port_status = told->status;
    info->severity = told->severity;
    memcpy(info->text, told->text, sizeof info->text);
}

static void fill(const struct printer *printer, struct platen_printer_info *info)
{
    info->status = (printer->held ? PAUSED : 0) | (printer->printing != 0 ? PRINTING : 0);
    info->jobs = printer->jobs;
    info->ports = printer->port_count;
    info->bidi = printer->way.language != NULL && printer->way.bidi;
    for (uint32_t i = 0; i < printer->port_count; i++)
        add_port(printer->bindings[i].port, info);
}

/* ---- the public side ------------------------------------------------------------------------- */

uint32_t platen_spooler_set_port(platen_spooler *spooler, const char *port, uint32_t status,
                                 uint32_t severity, const char *text)
{
    char16_t *name = platen_text_new16(port, SIZE_MAX);
    char16_t *words = text != NULL ? platen_text_new16(text, SIZE_MAX) : NULL;
    PORT_INFO_3W info = {.dwStatus = status, .pszStatus = (LPWSTR)words, .dwSeverity = severity};
    uint32_t error = port == NULL ? PLATEN_UNKNOWN_PORT : PLATEN_NOT_ENOUGH_MEMORY;

    if (name != NULL && (text == NULL || words != NULL))
        error = spool_port_set_status(spooler, name, &info);
    free(name);
    free(words);
    return error;
}

uint32_t platen_printer_query(platen_spooler *spooler, const char *name,
                              struct platen_printer_info *info)
{
    char16_t *name16 = platen_text_new16(name, SIZE_MAX);
    uint32_t error = PLATEN_INVALID_PRINTER_NAME;

    *info = (struct platen_printer_info){.status = 0};
    if (name16 == NULL)
        return name == NULL ? error : PLATEN_NOT_ENOUGH_MEMORY;
    lock(spooler);
    const struct printer *printer = spool_printer_named(spooler, name16);
    if (printer != NULL) {
        fill(printer, info);
        error = 0;
    }
    unlock(spooler);
    free(name16);
    return error;
}
