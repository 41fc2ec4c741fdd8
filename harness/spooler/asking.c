/* SPDX-License-Identifier: MIT
 *
 * What applications ask of a printer, and its monitors answer: GetPrinterData, device control,
 * bidi.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/call.h"
#include "call/router.h"
#include "os/lasterror.h"
#include "spooler/inside.h"

#define PRINTERS "HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Control\\Print\\Printers\\"
#define DATA     "\\PrinterDriverData"

/* ---- GetPrinterDataFromPort ------------------------------------------------------------------ */

struct datum {
    struct errand errand;
    uint32_t control;
    char16_t *value; /* with control 0 */
    const void *in;
    uint32_t in_size;
    void *out;
    uint32_t room;
    uint32_t size;
};

static struct datum *datum_of(struct errand *errand)
{
    return (struct datum *)(void *)errand;
}

/* Buffers are typed as text, and are bytes. Who has nothing to give lends a place all the same. */
static uint32_t ask_for_datum(struct port *port, struct errand *errand)
{
    struct datum *datum = datum_of(errand);
    const struct monitor *through = port->through;
    DWORD size = 0;

    if (through->table.pfnGetPrinterDataFromPort == NULL)
        return PLATEN_NOT_SUPPORTED;
    BOOL done = platen_call_GetPrinterDataFromPort(
        &port->lane, &through->table, port->handle, datum->control, datum->value,
        (LPWSTR)(uintptr_t)datum->in, datum->in_size, datum->out, datum->room, &size);
    datum->size = size;
    if (!done)
        return spool_reason_of(port->spooler, through->name, "GetPrinterDataFromPort", port->name);
    if (size <= datum->room)
        return 0;
    spool_say(port->spooler, PLATEN_EVENT_FINDING, port->name, 0,
              "GetPrinterDataFromPort of '%s' said TRUE and %u bytes where there was room for %u",
              through->name, (unsigned)size, (unsigned)datum->room);
    return PLATEN_INVALID_DATA;
}

/* Values have names for language monitors alone (R116), and none of them is asked while
 * bidirectional support is switched off (R118). */
static uint32_t ask_for_value(struct port *port, struct errand *errand)
{
    const struct way *way = &port->way;

    if (way->language == NULL || !way->bidi)
        return PLATEN_NOT_SUPPORTED;
    return ask_for_datum(port, errand);
}

static uint32_t run_errand(platen_spooler *spooler, const char *printer, struct errand *errand)
{
    char16_t *name = platen_text_new16(printer, SIZE_MAX);
    uint32_t error = printer == NULL ? PLATEN_INVALID_PRINTER_NAME : PLATEN_NOT_ENOUGH_MEMORY;

    if (name != NULL)
        error = spool_errand_run(spooler, name, errand);
    free(name);
    return error;
}

/* The key of a printer's data, malloc'ed. */
static char *data_key(const char *printer)
{
    size_t room = sizeof PRINTERS + strlen(printer) + sizeof DATA;
    char *key = malloc(room);

    if (key != NULL)
        snprintf(key, room, PRINTERS "%s" DATA, printer);
    return key;
}

/* What a monitor said is said again when nobody can be asked. */
static uint32_t keep(platen_spooler *spooler, const char *printer, const char *value,
                     const void *data, uint32_t size)
{
    char *key = data_key(printer);

    if (key == NULL)
        return PLATEN_NOT_ENOUGH_MEMORY;
    uint32_t error = platen_registry_set(spooler->registry, key, value, REG_BINARY, data, size);
    free(key);
    return error;
}

static uint32_t look_up(platen_spooler *spooler, const char *printer, const char *value,
                        uint32_t *type, void *data, uint32_t *size)
{
    char *key = data_key(printer);

    if (key == NULL)
        return PLATEN_NOT_ENOUGH_MEMORY;
    uint32_t error = platen_registry_get(spooler->registry, key, value, type, data, size);
    free(key);
    return error;
}

static bool is_kept(platen_spooler *spooler, const char *printer, const char *value)
{
    uint32_t type;
    uint32_t size = 0;
    uint32_t error = look_up(spooler, printer, value, &type, NULL, &size);

    return error == 0 || error == PLATEN_MORE_DATA;
}

static uint32_t ask_and_keep(platen_spooler *spooler, const char *printer, const char *value,
                             void *data, uint32_t *size)
{
    struct datum datum = {.errand = {.run = ask_for_value}, .out = data, .room = *size};

    datum.errand.hurried = is_kept(spooler, printer, value);
    datum.value = platen_text_new16(value, SIZE_MAX);
    if (datum.value == NULL)
        return PLATEN_NOT_ENOUGH_MEMORY;
    uint32_t error = run_errand(spooler, printer, &datum.errand);
    free(datum.value);
    bool short_of = error == PLATEN_INSUFFICIENT_BUFFER || error == PLATEN_MORE_DATA;
    if (short_of && datum.size > *size) {
        *size = datum.size;
        return PLATEN_MORE_DATA;
    }
    if (error)
        return error;
    *size = datum.size;
    return keep(spooler, printer, value, data, datum.size);
}

uint32_t platen_printer_data(platen_spooler *spooler, const char *printer, const char *value,
                             uint32_t *type, void *data, uint32_t *size)
{
    struct platen_printer_info info;
    uint32_t room = *size;

    *type = REG_NONE;
    *size = 0;
    if (value == NULL || *value == '\0' || (data == NULL && room != 0))
        return PLATEN_INVALID_PARAMETER;
    uint32_t error = platen_printer_query(spooler, printer, &info);
    if (error)
        return error;
    *size = room;
    if (info.bidi) {
        error = ask_and_keep(spooler, printer, value, data, size);
        if (error == 0 || error == PLATEN_MORE_DATA) {
            *type = REG_BINARY;
            return error;
        }
    }
    *size = room;
    uint32_t found = look_up(spooler, printer, value, type, data, size);
    return found == PLATEN_FILE_NOT_FOUND && error ? error : found;
}

uint32_t platen_printer_control(platen_spooler *spooler, const char *printer, uint32_t control,
                                const void *in, uint32_t in_size, void *out, uint32_t room,
                                uint32_t *returned)
{
    struct datum datum = {.errand = {.run = ask_for_datum},
                          .control = control,
                          .in = in,
                          .in_size = in_size,
                          .out = out,
                          .room = room};

    *returned = 0;
    if (control == 0)
        return PLATEN_INVALID_PARAMETER;
    uint32_t error = run_errand(spooler, printer, &datum.errand);
    *returned = datum.size;
    return error;
}

/* ---- bidi ------------------------------------------------------------------------------------ */

struct bidi {
    struct errand errand;
    uint32_t access;
    char16_t *action;
    BIDI_REQUEST_CONTAINER *request;
    BIDI_RESPONSE_CONTAINER *response;
};

static uint32_t ask_bidi(struct port *port, struct errand *errand)
{
    struct bidi *bidi = (struct bidi *)(void *)errand;
    const struct monitor *through = port->through;

    if (through->table.pfnSendRecvBidiDataFromPort == NULL)
        return PLATEN_NOT_SUPPORTED;
    return platen_call_SendRecvBidiDataFromPort(&port->lane, &through->table, port->handle,
                                                bidi->access, bidi->action, bidi->request,
                                                &bidi->response);
}

uint32_t platen_printer_bidi(platen_spooler *spooler, const char *printer, uint32_t access,
                             const char *action, BIDI_REQUEST_CONTAINER *request,
                             BIDI_RESPONSE_CONTAINER **response)
{
    struct bidi bidi = {.errand = {.run = ask_bidi}, .access = access, .request = request};

    *response = NULL;
    if (action == NULL || request == NULL)
        return PLATEN_INVALID_PARAMETER;
    bidi.action = platen_text_new16(action, SIZE_MAX);
    if (bidi.action == NULL)
        return PLATEN_NOT_ENOUGH_MEMORY;
    uint32_t error = run_errand(spooler, printer, &bidi.errand);
    free(bidi.action);
    *response = bidi.response;
    return error;
}

void platen_bidi_free(BIDI_RESPONSE_CONTAINER *response)
{
    if (response != NULL)
        platen_router_free_container(response);
}
