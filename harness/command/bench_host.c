/* SPDX-License-Identifier: MIT
 *
 * What it costs that a monitor runs in a process of its own: calls of our loadable library in a
 * host, against the same frames, sent there and answered without being read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "command/bench.h"
#include "command/command.h"
#include "hosted/echo.h"
#include "hosted/hosted.h"
#include "os/file.h"

#define MONITOR_NAME "bench"
#define CALLS        20000u
#define SMALL        64u

struct host_state {
    platen_spooler *spooler;
    const MONITOR2 *table;
    HANDLE port;
    unsigned char block[65536];
};

/* ---- the monitor ------------------------------------------------------------------------------
 */

/* Our own library, as it is built and installed. */
static const char *find_library(void)
{
    static const char *const places[] = {"../lib/libplaten.so", "platen.dll", "../lib/platen.dll"};
    static char path[4300];
    char here[4096];
    size_t size = sizeof here;
    if (uv_exepath(here, &size) != 0) {
        return NULL;
    }
    int folder = (int)(platen_os_path_name(here) - here);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        platen_os_file file;
        snprintf(path, sizeof path, "%.*s%s", folder, here, places[i]);
        if (platen_os_file_open_read(path, &file) == 0) {
            platen_os_file_close(file);
            return path;
        }
    }
    return NULL;
}

static const char *missing(void)
{
    const char *what;
    const char *library = find_library();
    char *host = library == NULL ? NULL : platen_hosted_program(library, &what);
    const char *why = library == NULL ? "there is no libplaten.so beside this program"
                      : host == NULL  ? "there is no platen-host beside this program"
                                      : NULL;
    free(host);
    return why;
}

static bool fine(const char *what, uint32_t error)
{
    if (error != 0) {
        complain("bench: %s: %s", what, describe_error(error));
    }
    return error == 0;
}

static bool start_document(const struct host_state *state)
{
    WCHAR name[] = TEXT("bench");
    DOC_INFO_1W doc = {.pDocName = name};
    return state->table->pfnStartDocPort(state->port, NULL, 1, 1, (LPBYTE)&doc);
}

static bool begin(struct bench *bench)
{
    WCHAR name[] = TEXT("NUL:");
    struct host_state *state = calloc(1, sizeof *state);
    HANDLE instance;
    bench->state = state;
    if (state == NULL || !fine("no spooler", platen_spooler_create(NULL, &state->spooler)) ||
        !fine("no monitor",
              platen_hosted_load(state->spooler, MONITOR_NAME, find_library(), NULL, NULL)) ||
        !fine("no monitor",
              platen_spooler_monitor(state->spooler, MONITOR_NAME, &instance, &state->table))) {
        return false;
    }
    memset(state->block, 'x', sizeof state->block);
    return state->table->pfnOpenPort(instance, name, &state->port) && start_document(state);
}

static void end(struct bench *bench)
{
    struct host_state *state = bench->state;
    if (state != NULL) {
        if (state->port != NULL) {
            state->table->pfnEndDocPort(state->port);
            state->table->pfnClosePort(state->port);
        }
        platen_spooler_destroy(state->spooler);
        free(state);
    }
}

/* ---- calls ------------------------------------------------------------------------------------
 */

static bool write_port(const struct host_state *state, uint32_t size, unsigned times)
{
    bool good = true;
    for (unsigned i = 0; good && i < times; i++) {
        DWORD written = 0;
        good = state->table->pfnWritePort(state->port, (LPBYTE)(uintptr_t)state->block, size,
                                          &written) &&
               written == size;
    }
    return good;
}

static bool run_small(struct bench *bench, struct sample *sample)
{
    struct meter meter;
    meter_start(&meter);
    bool good = write_port(bench->state, SMALL, CALLS);
    meter_stop_wall(&meter, sample);
    return good;
}

/* The text of such a call, and of its answer. */
static bool bare_small(struct bench *bench, struct sample *sample)
{
    static const char call[] =
        "?  WritePort hPort=port:0x100000001 "
        "pBuffer=\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\" cbBuf=64 -> "
        "?";
    const struct host_state *state = bench->state;
    struct meter meter;
    meter_start(&meter);
    bool good = platen_hosted_echo(state->spooler, MONITOR_NAME, CALLS, call, NULL, 0,
                                   sizeof "TRUE pcbWritten=64" - 1);
    meter_stop_wall(&meter, sample);
    return good;
}

static unsigned blocks_of(const struct bench *bench)
{
    uint64_t blocks = bench->size / bench->block;
    return blocks < 1 ? 1 : (unsigned)blocks;
}

static bool run_bulk(struct bench *bench, struct sample *sample)
{
    struct meter meter;
    meter_start(&meter);
    bool good = write_port(bench->state, bench->block, blocks_of(bench));
    meter_stop_wall(&meter, sample);
    return good;
}

static bool bare_bulk(struct bench *bench, struct sample *sample)
{
    static const char call[] =
        "?  WritePort hPort=port:0x100000001 pBuffer=@bulk[0+65536] cbBuf=65536 -> ?";
    const struct host_state *state = bench->state;
    struct meter meter;
    meter_start(&meter);
    bool good = platen_hosted_echo(state->spooler, MONITOR_NAME, blocks_of(bench), call,
                                   state->block, bench->block, sizeof "TRUE pcbWritten=65536" - 1);
    meter_stop_wall(&meter, sample);
    return good;
}

static double microseconds(const struct bench *bench, double cost)
{
    (void)bench;
    return cost / CALLS / 1e3;
}

static double mebibytes(const struct bench *bench, double cost)
{
    return (double)blocks_of(bench) * bench->block / (1024.0 * 1024.0) / (cost / 1e9);
}

const struct bench_row bench_host = {
    .name = "host",
    .what = "one WritePort of 64 bytes to NUL: of libplaten.so in a host",
    .bare_what = "the same frames, sent to the host and answered at once",
    .unit = "us per call",
    .figure = microseconds,
    .missing = missing,
    .begin = begin,
    .run = run_small,
    .bare = bare_small,
    .end = end,
};

const struct bench_row bench_host_bulk = {
    .name = "host-bulk",
    .what = "bytes in WritePorts of 64 KiB to NUL: of libplaten.so in a host",
    .bare_what = "the same frames, sent to the host and answered at once",
    .block = 65536,
    .in_pieces = true,
    .unit = "MiB per second",
    .figure = mebibytes,
    .missing = missing,
    .begin = begin,
    .run = run_bulk,
    .bare = bare_bulk,
    .end = end,
};
