/* SPDX-License-Identifier: MIT
 *
 * The file road: a job of `size` bytes from a file through spooler and monitor to a file, against a
 * loop of read and write.
 */
#include <stdio.h>
#include <stdlib.h>

#include <platen/monitor.h>
#include <platen/spooler.h>

#include "command/bench.h"
#include "command/command.h"
#include "os/file.h"

#define LARGEST_BLOCK 65536u

struct file_state {
    char source[1100];
    char target[1100];
    platen_spooler *spooler;
    unsigned char block[LARGEST_BLOCK];
};

static struct platen_monitor_options monitor_options;

static LPMONITOR2 WINAPI entry(PMONITORINIT init, PHANDLE monitor)
{
    return platen_monitor_create(init, &monitor_options, monitor);
}

static bool make_source(struct file_state *state, uint64_t size)
{
    platen_os_file file;
    uint32_t error = platen_os_file_open_write(state->source, &file);
    for (uint32_t i = 0; i < LARGEST_BLOCK; i++) {
        state->block[i] = (unsigned char)(i * 2654435761u >> 24);
    }
    for (uint64_t left = size; error == 0 && left > 0;) {
        size_t moved;
        error = platen_os_file_write(file, state->block,
                                     left < LARGEST_BLOCK ? (size_t)left : LARGEST_BLOCK, &moved);
        left -= moved;
    }
    if (error != 0) {
        complain("bench: %s: %s", printable(state->source), describe_error(error));
        return false;
    }
    return platen_os_file_close(file) == 0;
}

static bool begin(struct bench *bench)
{
    struct file_state *state = calloc(1, sizeof *state);
    bench->state = state;
    if (state == NULL) {
        return false;
    }
    snprintf(state->source, sizeof state->source, "%s/source", bench->folder);
    snprintf(state->target, sizeof state->target, "%s/target", bench->folder);
    monitor_options = (struct platen_monitor_options){.size = sizeof monitor_options,
                                                      .imports = platen_spooler_imports(),
                                                      .file_root = bench->folder};
    struct platen_spooler_options options = {.size = sizeof options, .chunk = bench->block};
    return make_source(state, bench->size) &&
           platen_spooler_create(&options, &state->spooler) == 0 &&
           platen_spooler_attach(state->spooler, "bench", entry, NULL) == 0 &&
           platen_printer_add(state->spooler, "bench", "FILE:") == 0;
}

static bool run(struct bench *bench, struct sample *sample)
{
    struct file_state *state = bench->state;
    struct platen_job_info info;
    struct meter meter;
    uint32_t job;
    struct platen_document document = {
        .size = sizeof document, .path = state->source, .output_file = state->target};

    meter_start(&meter);
    uint32_t error = platen_job_submit(state->spooler, "bench", &document, &job);
    if (error == 0) {
        error = platen_job_wait(state->spooler, job, PLATEN_FOREVER, &info);
    }
    meter_stop_cpu(&meter, sample);
    if (error != 0 || info.state != PLATEN_JOB_PRINTED || info.bytes != bench->size) {
        complain("bench: the job was not printed: %s", describe_error(error ? error : info.error));
        return false;
    }
    platen_job_forget(state->spooler, job);
    return true;
}

/* The same system calls in the fewest lines: what nobody can do for less. */
static bool bare_loop(struct file_state *state, uint64_t size, uint32_t block)
{
    platen_os_file from;
    platen_os_file to;
    size_t got;
    size_t put;
    bool fine = platen_os_file_open_read(state->source, &from) == 0 &&
                platen_os_file_open_write(state->target, &to) == 0;
    for (uint64_t at = 0; fine && at < size; at += got) {
        fine = platen_os_file_read_at(from, at, state->block, block, &got) == 0 && got > 0 &&
               platen_os_file_write(to, state->block, got, &put) == 0 && put == got;
    }
    return fine && platen_os_file_close(from) == 0 && platen_os_file_close(to) == 0;
}

static bool bare(struct bench *bench, struct sample *sample)
{
    struct meter meter;
    meter_start(&meter);
    bool fine = bare_loop(bench->state, bench->size, bench->block);
    meter_stop_cpu(&meter, sample);
    return fine;
}

static void end(struct bench *bench)
{
    struct file_state *state = bench->state;
    if (state != NULL) {
        platen_spooler_destroy(state->spooler);
        platen_os_remove_file(state->source);
        platen_os_remove_file(state->target);
        free(state);
    }
}

static double per_gib(const struct bench *bench, double cost)
{
    return cost / 1e9 * (double)(1u << 30) / (double)bench->size;
}

const struct bench_row bench_file = {
    .name = "file",
    .what = "one job from a file through spooler and monitor to a file, 64 KiB blocks",
    .bare_what = "read and write in a loop",
    .block = 65536,
    .unit = "CPU s per GiB",
    .figure = per_gib,
    .begin = begin,
    .run = run,
    .bare = bare,
    .end = end,
};

const struct bench_row bench_file_4k = {
    .name = "file-4k",
    .what = "the same in 4 KiB blocks",
    .bare_what = "read and write in a loop",
    .block = 4096,
    .unit = "CPU s per GiB",
    .figure = per_gib,
    .begin = begin,
    .run = run,
    .bare = bare,
    .end = end,
};
