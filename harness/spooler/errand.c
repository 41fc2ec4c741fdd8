/* SPDX-License-Identifier: MIT
 *
 * Errands: what a program wants of a printer's port beside jobs. Calls on one handle come one after
 * another (R102), so that the port's lane runs them, between jobs: a language monitor may wait for
 * the end of a job before it answers (contract 5).
 */
#include "call/call.h"
#include "spooler/inside.h"

/* With the lock held: a port that is free, or the first. */
static struct port *choose_port(const struct printer *printer)
{
    for (uint32_t i = 0; i < printer->port_count; i++) {
        struct port *port = printer->bindings[i].port;
        if (port->current == NULL && !port->busy)
            return port;
    }
    return printer->port_count > 0 ? printer->bindings[0].port : NULL;
}

static void put(struct port *port, struct errand *errand)
{
    struct errand **end = &port->errands;

    while (*end != NULL)
        end = &(*end)->next;
    *end = errand;
    spool_lane_nudge(port);
}

static bool take_back(struct port *port, struct errand *errand)
{
    for (struct errand **at = &port->errands; *at != NULL; at = &(*at)->next) {
        if (*at == errand) {
            *at = errand->next;
            return true;
        }
    }
    return false;
}

/* With the lock held, which is given up meanwhile. One that has been begun is waited for. */
static uint32_t wait_for(struct port *port, struct errand *errand, uint64_t until)
{
    platen_spooler *spooler = port->spooler;

    while (!errand->done) {
        bool late = !errand->begun && spooler->clock->now(spooler->clock) >= until;
        if (late && take_back(port, errand))
            return PLATEN_TIMEOUT;
        sleep_on(spooler, &spooler->done, errand->begun ? PLATEN_FOREVER : until);
    }
    return errand->error;
}

/* With the lock held. */
static uint32_t run(struct port *port, struct errand *errand, uint64_t until)
{
    if (errand->hurried && port->current != NULL)
        return PLATEN_TIMEOUT;
    put(port, errand);
    return wait_for(port, errand, until);
}

/* With the lock held: the thread is a lane, or in a call of a monitor. */
static bool may_not_wait(const platen_spooler *spooler)
{
    const struct platen_lane *here = platen_lane_here();
    const struct port *port = spooler->ports;

    while (port != NULL && &port->lane != here)
        port = port->next;
    return here != NULL && (port != NULL || here->depth > 0);
}

uint32_t spool_errand_run(platen_spooler *spooler, const char16_t *name, struct errand *errand)
{
    uint64_t until = spooler->clock->now(spooler->clock) + SPOOL_ERRAND_PATIENCE;
    uint32_t error = PLATEN_INVALID_PRINTER_NAME;

    lock(spooler);
    if (may_not_wait(spooler)) {
        unlock(spooler);
        return PLATEN_BUSY;
    }
    struct printer *printer = spool_printer_named(spooler, name);
    struct port *port = printer != NULL && !spooler->ending ? choose_port(printer) : NULL;
    if (port != NULL) {
        errand->printer = printer;
        printer->refs++;
        error = run(port, errand, until);
        spool_printer_unref(printer);
    }
    unlock(spooler);
    return error;
}

/* ---- on the lane ----------------------------------------------------------------------------- */

static void end(struct port *port, struct errand *errand, uint32_t error)
{
    errand->error = error;
    errand->done = true;
    wake(port->spooler, &port->spooler->done);
}

/* With the lock held, which is given up meanwhile. */
bool spool_errand_next(struct port *port)
{
    struct errand *errand = port->errands;
    struct fault fault = {.slot = NULL};

    if (errand == NULL)
        return false;
    port->errands = errand->next;
    if (port->bindings == NULL || port->spooler->ending) {
        end(port, errand, PLATEN_INVALID_PRINTER_NAME);
        return true;
    }
    struct way way = errand->printer->way;
    errand->begun = true;
    port->busy = true;
    unlock(port->spooler);
    uint32_t error = 0;
    if (spool_way_open(port, &way, errand->printer->name16, &fault) != SPOOL_GO_ON)
        error = fault.error;
    if (!error)
        error = errand->run(port, errand);
    lock(port->spooler);
    port->busy = false;
    end(port, errand, error);
    return true;
}
