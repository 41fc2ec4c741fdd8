/* SPDX-License-Identifier: MIT */
#include "command/bench_house.h"

#include <stdlib.h>

#include "command/command.h"
#include "os/file.h"
#include "spooler/observe.h"

/* What `entry` makes a monitor of: of the house that is being opened. */
static struct platen_monitor_options monitor_options;

static LPMONITOR2 WINAPI entry(PMONITORINIT init, PHANDLE monitor)
{
    return platen_monitor_create(init, &monitor_options, monitor);
}

static bool fine(const char *what, uint32_t error)
{
    if (error != 0) {
        complain("bench: %s: %s", printable(what), describe_error(error));
    }
    return error == 0;
}

static void on_event(void *trace, const struct platen_event *event)
{
    platen_trace_event(trace, event);
}

static bool make_spooler(struct bench_house *house, uint32_t chunk, struct platen_trace *trace)
{
    struct platen_spooler_options options = {.size = sizeof options,
                                             .chunk = chunk,
                                             .on_event = trace == NULL ? NULL : on_event,
                                             .event_context = trace};
    *house = (struct bench_house){.trace = trace};
    if (!fine("no spooler", platen_spooler_create(&options, &house->spooler))) {
        return false;
    }
    platen_spooler_observe(house->spooler, platen_trace_observer(trace));
    return true;
}

/* With the options that are set. */
static bool attach_monitor(struct bench_house *house)
{
    monitor_options.size = sizeof monitor_options;
    monitor_options.imports = platen_spooler_imports();
    return fine("no monitor", platen_spooler_attach(house->spooler, "bench", entry, NULL)) &&
           fine("no monitor",
                platen_spooler_monitor(house->spooler, "bench", &house->instance, &house->table));
}

bool bench_house_open(struct bench_house *house, uint32_t chunk, const char *file_root)
{
    return bench_house_open_traced(house, chunk, file_root, NULL);
}

bool bench_house_open_traced(struct bench_house *house, uint32_t chunk, const char *file_root,
                             struct platen_trace *trace)
{
    monitor_options = (struct platen_monitor_options){.file_root = file_root};
    return make_spooler(house, chunk, trace) && attach_monitor(house);
}

bool bench_house_open_waiting(struct bench_house *house, uint32_t milliseconds)
{
    monitor_options = (struct platen_monitor_options){.write_timeout = milliseconds,
                                                      .read_timeout = milliseconds,
                                                      .start_timeout = milliseconds,
                                                      .drain_timeout = milliseconds};
    return make_spooler(house, 0, NULL) && attach_monitor(house);
}

void bench_house_close(struct bench_house *house)
{
    platen_spooler_destroy(house->spooler);
    *house = (struct bench_house){0};
}

bool bench_house_add_printer(const struct bench_house *house, const char *port)
{
    return fine(port, platen_printer_add(house->spooler, "bench", port));
}

bool bench_house_add_port(const struct bench_house *house, const char *name, const char *uri)
{
    return fine(uri, platen_monitor_add_port(house->instance, name, uri)) &&
           fine(name, platen_printer_add(house->spooler, name, name));
}

bool bench_house_print(const struct bench_house *house, const struct platen_document *document,
                       uint64_t size)
{
    struct platen_job_info info = {0};
    uint32_t job;
    uint32_t error = platen_trace_submit(house->trace, house->spooler, "bench", document, &job);
    if (error == 0) {
        error = platen_job_wait(house->spooler, job, PLATEN_FOREVER, &info);
    }
    if (error != 0 || info.state != PLATEN_JOB_PRINTED || info.bytes != size) {
        complain("bench: the job was not printed: %s",
                 describe_error(error != 0 ? error : info.error));
        return false;
    }
    platen_job_forget(house->spooler, job);
    return true;
}

/* On hold, so that all of it is there when it is let go. */
static bool fill_queue(const struct bench_house *house, const struct platen_document *document,
                       uint32_t *ids, uint32_t jobs)
{
    uint32_t error = platen_printer_hold(house->spooler, "bench", true);
    for (uint32_t i = 0; error == 0 && i < jobs; i++) {
        error = platen_job_submit(house->spooler, "bench", document, &ids[i]);
    }
    return fine("the queue cannot be filled", error);
}

static bool forget_printed(const struct bench_house *house, const uint32_t *ids, uint32_t jobs)
{
    bool printed = true;
    for (uint32_t i = 0; printed && i < jobs; i++) {
        struct platen_job_info info;
        printed = platen_job_query(house->spooler, ids[i], &info) == 0 &&
                  info.state == PLATEN_JOB_PRINTED;
        platen_job_forget(house->spooler, ids[i]);
    }
    if (!printed) {
        complain("bench: a job was not printed");
    }
    return printed;
}

bool bench_house_drain(const struct bench_house *house, const struct platen_document *document,
                       uint32_t jobs, struct sample *sample)
{
    struct meter meter;
    uint32_t *ids = calloc(jobs, sizeof *ids);
    bool filled = ids != NULL && fill_queue(house, document, ids, jobs);
    meter_start(&meter);
    filled = filled && platen_printer_hold(house->spooler, "bench", false) == 0 &&
             platen_job_wait(house->spooler, 0, PLATEN_FOREVER, NULL) == 0;
    meter_stop_wall(&meter, sample);
    bool printed = filled && forget_printed(house, ids, jobs);
    free(ids);
    return printed;
}

bool bench_house_make_source(const char *path, uint64_t size)
{
    static unsigned char block[BENCH_LARGEST_BLOCK];
    platen_os_file file;
    uint32_t error = platen_os_file_open_write(path, &file);
    if (error != 0) {
        return fine(path, error);
    }
    for (uint32_t i = 0; i < sizeof block; i++) {
        block[i] = (unsigned char)(i * 2654435761u >> 24);
    }
    for (uint64_t left = size; error == 0 && left > 0;) {
        size_t moved;
        error = platen_os_file_write(file, block, left < sizeof block ? (size_t)left : sizeof block,
                                     &moved);
        left -= moved;
    }
    uint32_t closed = platen_os_file_close(file);
    return fine(path, error != 0 ? error : closed);
}

double bench_house_per_gib(const struct bench *bench, double cost)
{
    return cost / 1e9 * (double)(1u << 30) / (double)bench->size;
}
