/* SPDX-License-Identifier: MIT
 *
 * Jobs through a spooler and the monitor. One that has failed is restarted, which has to be told:
 * whatever comes out once more was told of.
 */
#include <platen/monitor.h>
#include <platen/spooler.h>

#include <stdio.h>
#include <stdlib.h>

#include "seeded.h"

struct way {
    const struct printer *printer;
    platen_spooler *spooler;
    uint32_t job;
    _Atomic unsigned restarts; /* that were told */
    unsigned attempts;
    char complaint[200];
};

static LPMONITOR2 WINAPI entry(PMONITORINIT init, PHANDLE monitor)
{
    struct platen_monitor_options options = {.size = sizeof options,
                                             .imports = platen_spooler_imports()};
    return platen_monitor_create(init, &options, monitor);
}

static void hear(void *context, const struct platen_event *event)
{
    struct way *way = context;
    if (event->kind == PLATEN_EVENT_JOB_RESTARTED)
        atomic_fetch_add(&way->restarts, 1);
}

static void complain(struct way *way, const char *what, uint32_t error)
{
    if (!way->complaint[0])
        snprintf(way->complaint, sizeof way->complaint, "%s: error %u", what, (unsigned)error);
}

static uint32_t set_up(struct way *way, const char *uri)
{
    const struct platen_spooler_options options = {.size = sizeof options,
                                                   .chunk = 7919, /* as no buffer is */
                                                   .on_event = hear,
                                                   .event_context = way};
    HANDLE instance;
    const MONITOR2 *table;
    uint32_t error = platen_spooler_create(&options, &way->spooler);
    if (!error)
        error = platen_spooler_attach(way->spooler, "Platen", entry, NULL);
    if (!error)
        error = platen_spooler_monitor(way->spooler, "Platen", &instance, &table);
    if (!error)
        error = platen_monitor_add_port(instance, "P", uri);
    return error ? error : platen_printer_add(way->spooler, "Printer", "P");
}

struct way *way_open(const struct printer *printer, const char *uri)
{
    struct way *way = calloc(1, sizeof *way);
    uint32_t error;
    if (!way)
        return NULL;
    way->printer = printer;
    error = set_up(way, uri);
    if (error)
        complain(way, "the spooler cannot be set up", error);
    return way;
}

static uint32_t submit(struct way *way)
{
    const struct platen_document document = {.size = sizeof document,
                                             .title = "seeded",
                                             .data = way->printer->data,
                                             .data_size = way->printer->size,
                                             .lasting = true};
    return platen_job_submit(way->spooler, "Printer", &document, &way->job);
}

uint32_t way_print(struct way *way)
{
    struct platen_job_info info = {.error = 0};
    uint32_t error = way->attempts ? platen_job_control(way->spooler, way->job, PLATEN_JOB_RESTART)
                                   : submit(way);
    if (!error)
        error = platen_job_wait(way->spooler, way->job, PLATEN_FOREVER, &info);
    if (error) {
        complain(way, "the job cannot be printed", error);
        return error;
    }
    if (atomic_load(&way->restarts) != way->attempts)
        complain(way, "a restart was not told", 0);
    way->attempts++;
    if (info.state == PLATEN_JOB_PRINTED)
        return 0;
    if (!info.error)
        complain(way, "a job failed without an error", 0);
    return info.error ? info.error : PLATEN_GEN_FAILURE;
}

void way_close(struct way *way, char *complaint, size_t size)
{
    platen_spooler_destroy(way->spooler);
    snprintf(complaint, size, "%s", way->complaint);
    free(way);
}
