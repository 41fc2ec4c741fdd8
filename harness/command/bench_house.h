/* SPDX-License-Identifier: MIT
 *
 * What the rows share: a spooler with our monitor, a source file, and one job's way through both.
 */
#ifndef COMMAND_BENCH_HOUSE_H
#define COMMAND_BENCH_HOUSE_H

#include <stdbool.h>
#include <stdint.h>

#include <platen/monitor.h>
#include <platen/spooler.h>

#include "command/bench.h"
#include "trace/trace.h"

#define BENCH_LARGEST_BLOCK 65536u

struct bench_house {
    platen_spooler *spooler;
    const MONITOR2 *table; /* of the monitor, which is called "bench" */
    HANDLE instance;       /* the monitor's */
    struct platen_trace *trace;
};

/* A spooler that hands out `chunk` bytes at a time (0: as it likes); `file_root` NULL: no files.
 * False after having complained; it is to be closed all the same. */
bool bench_house_open(struct bench_house *house, uint32_t chunk, const char *file_root);
/* The same, recorded by a trace, or by none. */
bool bench_house_open_traced(struct bench_house *house, uint32_t chunk, const char *file_root,
                             struct platen_trace *trace);
/* A house whose monitor waits so many milliseconds for whatever it waits for; 0: its defaults. */
bool bench_house_open_waiting(struct bench_house *house, uint32_t milliseconds);
void bench_house_close(struct bench_house *house);

/* A printer called "bench". False after having complained. */
bool bench_house_add_printer(const struct bench_house *house, const char *port);
/* A port with a printer of the same name. False after having complained. */
bool bench_house_add_port(const struct bench_house *house, const char *name, const char *uri);

/* Prints on "bench" until all `size` bytes are out, and forgets the job. False after having
 * complained. */
bool bench_house_print(const struct bench_house *house, const struct platen_document *document,
                       uint64_t size);

/* Fills the queue of "bench" with so many jobs and measures by the clock until the last is printed.
 * False after having complained. */
bool bench_house_drain(const struct bench_house *house, const struct platen_document *document,
                       uint32_t jobs, struct sample *sample);

/* A file of `size` bytes. False after having complained. */
bool bench_house_make_source(const char *path, uint64_t size);

/* Seconds per GiB, of what a bulk row's cost was. */
double bench_house_per_gib(const struct bench *bench, double cost);

#endif
