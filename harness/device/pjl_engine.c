/* SPDX-License-Identifier: MIT
 *
 * The printer itself: what is the matter with it, and the one job that it prints.
 */
#include <stdio.h>
#include <string.h>

#include "device/pjl.h"

/* ---- state -------------------------------------------------------------------------------- */

struct pjl_state pjl_row(enum pjl_condition condition)
{
    static const struct pjl_state rows[] = {
#define PJL_CONDITION(symbol, word, code, display, online, takes) {code, display, online, takes},
#include "device/pjl_conditions.def"
    };
    return rows[condition];
}

static struct pjl_state state_of(const struct pjl_printer *printer)
{
    for (enum pjl_condition at = 0; at < PJL_PRINTING; at++) {
        if (printer->is[at]) {
            return at == PJL_OTHER ? printer->other : pjl_row(at);
        }
    }
    return pjl_row(printer->busy ? PJL_PRINTING : PJL_READY);
}

static bool takes(const struct pjl_printer *printer)
{
    for (enum pjl_condition at = 0; at < PJL_PRINTING; at++) {
        if (printer->is[at] && !(at == PJL_OTHER ? printer->other : pjl_row(at)).takes) {
            return false;
        }
    }
    return true;
}

static void tell_state(struct pjl_printer *printer)
{
    platen_device *device = printer->device;
    struct platen_device_state state = {.code = printer->shown.code,
                                        .online = printer->shown.online,
                                        .takes = printer->shown.takes};
    snprintf(state.display, sizeof state.display, "%s", printer->shown.display);
    platen_os_mutex_lock(&device->lock);
    device->state = state;
    platen_os_mutex_unlock(&device->lock);
    if (device->options.on_state != NULL) {
        device->options.on_state(device->options.context, &state);
    }
    device_add(device, PLATEN_DEVICE_STATES, 1);
}

/* A job that only waited for the printer is printed now. */
static void complete(struct pjl_printer *printer)
{
    bool cancelled = printer->cancelled;
    if (printer->page_bytes > 0 && !cancelled) {
        printer->pages++;
        printer->all_pages++;
        pjl_tell_page(printer);
        device_add(printer->device, PLATEN_DEVICE_PAGES, 1);
    }
    if (printer->named) {
        pjl_tell_job(printer, cancelled ? "CANCELED" : "END", !cancelled);
    }
    printer->busy = printer->finishing = printer->finished = false;
    printer->source = NULL;
    printer->ended++;
    device_add(printer->device, PLATEN_DEVICE_PRINTED, !cancelled);
    pjl_kick(printer);
}

void pjl_show(struct pjl_printer *printer)
{
    if (printer->finished && (takes(printer) || printer->cancelled)) {
        complete(printer);
    }
    struct pjl_state before = printer->shown;
    struct pjl_state now = state_of(printer);
    now.takes = takes(printer);
    if (now.takes && !before.takes) {
        pjl_kick(printer);
    }
    printer->shown = now;
    if (now.code != before.code || strcmp(now.display, before.display) != 0) {
        tell_state(printer);
        pjl_tell_device(printer, &before);
    }
}

void pjl_set(struct pjl_printer *printer, enum pjl_condition condition, bool is)
{
    printer->is[condition] = is;
    pjl_show(printer);
}

/* ---- jobs --------------------------------------------------------------------------------- */

bool pjl_begin(struct device_connection *connection)
{
    struct pjl_printer *printer = connection->device->pjl;
    if (printer->busy) {
        return printer->source == connection && !printer->finishing;
    }
    printer->busy = true;
    printer->cancelled = false;
    printer->source = connection;
    printer->bytes = printer->page_bytes = printer->pages = 0;
    printer->named = connection->talker->depth > 0;
    memcpy(printer->name, connection->talker->name, sizeof printer->name);
    printer->is[PJL_POWER_SAVE] = false;
    connection->job.printed++;
    if (printer->named) {
        pjl_tell_job(printer, "START", false);
    }
    pjl_show(printer);
    pjl_live(printer);
    return true;
}

uint64_t pjl_room(const struct device_connection *connection)
{
    const struct pjl_printer *printer = connection->device->pjl;
    bool others = printer->busy && (printer->source != connection || printer->finishing);
    if (others || !takes(printer)) {
        return 0;
    }
    return pjl_live_room(printer);
}

/* Pages that these bytes complete. */
static uint64_t count_pages(struct pjl_printer *printer, const char *data, size_t size)
{
    uint64_t pages = 0;
    if (printer->page_size != 0) {
        uint64_t all = printer->page_bytes + size;
        printer->page_bytes = all % printer->page_size;
        return all / printer->page_size;
    }
    printer->page_bytes += size;
    for (const char *feed; (feed = memchr(data, '\f', size)) != NULL; pages++) {
        size -= (size_t)(feed + 1 - data);
        data = feed + 1;
        printer->page_bytes = size;
    }
    return pages;
}

void pjl_print(struct device_connection *connection, const char *data, size_t size)
{
    struct pjl_printer *printer = connection->device->pjl;
    if (!pjl_begin(connection)) {
        return;
    }
    printer->bytes += size;
    uint64_t pages = count_pages(printer, data, size);
    for (uint64_t i = 0; i < pages; i++) {
        printer->pages++;
        printer->all_pages++;
        connection->job.pages++;
        pjl_tell_page(printer);
    }
    device_add(printer->device, PLATEN_DEVICE_PAGES, pages);
    pjl_live(printer);
}

static void on_finish(uv_timer_t *timer)
{
    struct pjl_printer *printer = timer->data;
    printer->finished = true;
    pjl_show(printer);
    pjl_live(printer);
}

void pjl_end(struct device_connection *connection, bool cancelled)
{
    struct pjl_printer *printer = connection->device->pjl;
    if (!printer->busy || printer->source != connection || printer->finishing) {
        return;
    }
    connection->job.pages += printer->page_bytes > 0 && !cancelled;
    printer->finishing = true;
    printer->cancelled = cancelled;
    if (printer->finish != 0 && !cancelled) {
        device_set_timer(&printer->finish_timer, on_finish, printer->finish);
        return;
    }
    printer->finished = true;
    pjl_show(printer);
    pjl_live(printer);
}
