/* SPDX-License-Identifier: MIT
 *
 * GetPrinterDataFromPort with ControlID 0: the printer is asked where that is possible, which is
 * between jobs on a port that carries something then. Otherwise what it told with the last job is
 * the answer; nobody waits for a job to end.
 */
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "os/clock.h"
#include "os/text.h"
#include "port.h"

static const struct row {
    const char16_t *name;
    enum pjl_fact fact;
    const char *question; /* of INFO */
    bool is_text;         /* otherwise a DWORD; memory in bytes, as the printer tells it */
} rows[] = {
    {u"Installed Memory", PJL_FACT_INSTALLED, "CONFIG", false},
    {u"Available Memory", PJL_FACT_AVAILABLE, "MEMORY", false},
    {u"Page Count", PJL_FACT_PAGES, "PAGECOUNT", false},
    {u"Model", PJL_FACT_MODEL, "ID", true},
};

static const struct row *row_of(const char16_t *name)
{
    for (size_t i = 0; name && i < sizeof(rows) / sizeof(rows[0]); i++)
        if (platen_text_equal_folded(name, rows[i].name))
            return &rows[i];
    return NULL;
}

/* The turn, between jobs and where there is somebody to ask. Who has it then is soon done, as with
 * the greeting, or begins a job. */
static bool may_ask(struct pjl_port *port)
{
    uint64_t until = platen_os_now() + PJL_ANSWER;
    platen_os_mutex_lock(&port->lock);
    while (port->turn && !port->job && !port->closing)
        if (!platen_os_cond_wait_until(&port->changed, &port->lock, until))
            break;
    bool may =
        port->between == PJL_WORKS && !port->job && !port->turn && !port->closing && !port->deaf;
    if (may)
        port->turn = true;
    platen_os_mutex_unlock(&port->lock);
    return may;
}

static void await(struct pjl_port *port, enum pjl_fact fact, uint32_t before)
{
    uint64_t until = platen_os_now() + PJL_ANSWER;
    platen_os_mutex_lock(&port->lock);
    while (port->learned.answers[fact] == before && !port->deaf && !port->closing)
        if (!platen_os_cond_wait_until(&port->changed, &port->lock, until))
            break;
    platen_os_mutex_unlock(&port->lock);
}

static uint32_t answers(struct pjl_port *port, enum pjl_fact fact)
{
    platen_os_mutex_lock(&port->lock);
    uint32_t count = port->learned.answers[fact];
    platen_os_mutex_unlock(&port->lock);
    return count;
}

static void ask(struct pjl_port *port, const struct row *row)
{
    struct pjl_say say;
    if (!may_ask(port))
        return;
    uint32_t before = answers(port, row->fact);
    pjl_say_info(&say, row->question);
    if (!pjl_port_say(port, &say, 0, false) && say.sent == say.size)
        await(port, row->fact, before);
    pjl_turn_leave(port);
}

static uint32_t known(struct pjl_port *port, const struct row *row, char *text)
{
    platen_os_mutex_lock(&port->lock);
    memcpy(text, port->learned.facts[row->fact], PJL_FACT_BYTES);
    bool mute = port->speech == PJL_FOREIGN || port->speech == PJL_SILENT;
    platen_os_mutex_unlock(&port->lock);
    if (*text)
        return 0;
    return mute ? PLATEN_NOT_SUPPORTED : PLATEN_NOT_READY;
}

/* More than a DWORD holds is its largest. */
static uint32_t number_of(const char *text)
{
    unsigned long long number = strtoull(text, NULL, 10);
    return number < UINT32_MAX ? (uint32_t)number : UINT32_MAX;
}

static uint32_t give(const void *value, uint32_t bytes, void *to, uint32_t size, uint32_t *returned)
{
    *returned = bytes;
    if (size < bytes || !to)
        return PLATEN_INSUFFICIENT_BUFFER;
    memcpy(to, value, bytes);
    return 0;
}

uint32_t pjl_data_get(struct pjl_port *port, const char16_t *name, void *to, uint32_t size,
                      uint32_t *returned)
{
    char text[PJL_FACT_BYTES];
    char16_t wide[PJL_FACT_BYTES];
    *returned = 0;
    const struct row *row = row_of(name);
    if (!row)
        return PLATEN_INVALID_PARAMETER; /* R56 */
    ask(port, row);
    uint32_t error = known(port, row, text);
    if (error)
        return error;
    uint32_t number = number_of(text);
    if (!row->is_text)
        return give(&number, sizeof(number), to, size, returned);
    size_t units = platen_text_to16(text, SIZE_MAX, wide, PJL_FACT_BYTES);
    return give(wide, (uint32_t)((units + 1) * sizeof(char16_t)), to, size, returned);
}
