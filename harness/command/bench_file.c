/* SPDX-License-Identifier: MIT
 *
 * The file road: a job of `size` bytes from a file through spooler and monitor to a file, against a
 * loop of read and write.
 */
#include <stdio.h>
#include <stdlib.h>

#include "command/bench_house.h"
#include "command/command.h"
#include "os/file.h"

struct file_state {
    char source[1100];
    char target[1100];
    struct bench_house house;
    unsigned char block[BENCH_LARGEST_BLOCK];
};

static bool begin(struct bench *bench)
{
    struct file_state *state = calloc(1, sizeof *state);
    bench->state = state;
    if (state == NULL) {
        complain("bench: no memory");
        return false;
    }
    snprintf(state->source, sizeof state->source, "%s/source", bench->folder);
    snprintf(state->target, sizeof state->target, "%s/target", bench->folder);
    return bench_house_make_source(state->source, bench->size) &&
           bench_house_open(&state->house, bench->block, bench->folder) &&
           bench_house_add_printer(&state->house, "FILE:");
}

static bool run(struct bench *bench, struct sample *sample)
{
    struct file_state *state = bench->state;
    struct meter meter;
    struct platen_document document = {
        .size = sizeof document, .path = state->source, .output_file = state->target};
    meter_start(&meter);
    bool fine = bench_house_print(&state->house, &document, bench->size);
    meter_stop_cpu(&meter, sample);
    return fine;
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
        bench_house_close(&state->house);
        platen_os_remove_file(state->source);
        platen_os_remove_file(state->target);
        free(state);
    }
}

const struct bench_row bench_file = {
    .name = "file",
    .what = "one job from a file through spooler and monitor to a file, 64 KiB blocks",
    .bare_what = "read and write in a loop",
    .block = 65536,
    .in_pieces = true,
    .unit = "CPU s per GiB",
    .figure = bench_house_per_gib,
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
    .in_pieces = true,
    .unit = "CPU s per GiB",
    .figure = bench_house_per_gib,
    .begin = begin,
    .run = run,
    .bare = bare,
    .end = end,
};
