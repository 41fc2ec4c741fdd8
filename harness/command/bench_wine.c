/* SPDX-License-Identifier: MIT
 *
 * What it costs to start a monitor's host under Wine, against a program there that does nothing, in
 * the same prefix. The monitor does nothing, either: what DLLs bring along is theirs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "command/bench.h"
#include "command/bench_process.h"
#include "command/command.h"
#include "hosted/hosted.h"
#include "hosted/wine.h"
#include "os/file.h"

#define SETTINGS 64u

struct wine_state {
    char monitor[1200];
    char empty[1200];
    char says[1200];
    const char *settings[SETTINGS + 1];
};

/* ---- a program and a DLL that do nothing -----------------------------------------------------
 */

struct word {
    uint32_t at;
    uint32_t bytes;
    uint64_t value;
};
#define END                                                                                        \
    {                                                                                              \
        0, 0, 0                                                                                    \
    }

#define FILE_SIZE 0x600u
#define CODE      0x200u /* where the one section stands in the file */

/* What Windows wants of a PE file's header, for x86-64, with one section and no imports. */
static const struct word head[] = {
    {0x00, 2, 0x5a4d},   /* MZ */
    {0x3c, 4, 0x40},     /* where the rest begins */
    {0x40, 4, 0x4550},   /* PE */
    {0x44, 2, 0x8664},   /* machine */
    {0x46, 2, 1},        /* sections */
    {0x54, 2, 0xf0},     /* bytes of what follows */
    {0x58, 2, 0x20b},    /* PE32+ */
    {0x5c, 4, 0x400},    /* bytes of code */
    {0x6c, 4, 0x1000},   /* its base */
    {0x78, 4, 0x1000},   /* alignment in memory */
    {0x7c, 4, 0x200},    /* and in the file */
    {0x80, 2, 6},        /* of the system */
    {0x88, 2, 6},        /* of the subsystem */
    {0x90, 4, 0x2000},   /* bytes in memory */
    {0x94, 4, 0x200},    /* of headers */
    {0x9c, 2, 3},        /* a console program */
    {0xa0, 8, 0x100000}, /* stack: room and pages */
    {0xa8, 8, 0x1000},
    {0xb0, 8, 0x100000}, /* heap: the same */
    {0xb8, 8, 0x1000},
    {0xc4, 4, 16},            /* directories */
    {0x148, 8, 0x747865742e}, /* .text */
    {0x150, 4, 0x400},
    {0x154, 4, 0x1000},
    {0x158, 4, 0x400},
    {0x15c, 4, CODE},
    {0x16c, 4, 0xe0000060}, /* code and data */
    END,
};

static const struct word program[] = {
    {0x56, 2, 0x23},        /* a program that cannot be moved */
    {0x68, 4, 0x1000},      /* where it begins */
    {0x70, 8, 0x140000000}, /* the image's base */
    {CODE, 4, 0xc3c031},    /* xor eax, eax; ret */
    END,
};

#define LIBRARY_BASE 0x180000000u
#define TABLE        (CODE + 0x100u)

/* InitializePrintMonitor2 gives a table at 0x1100, each of whose functions says TRUE. */
static const struct word library[] = {
    {0x56, 2, 0x2023}, /* a DLL that cannot be moved */
    {0x70, 8, LIBRARY_BASE},
    {0xc8, 4, 0x1200}, /* exports */
    {0xcc, 4, 0x80},
    {CODE, 6, 0xc300000001b8},            /* mov eax, 1; ret */
    {CODE + 0x10, 8, 0x48000000e9058d48}, /* lea rax, [rip + 0xe9] */
    {CODE + 0x18, 3, 0xc30289},           /* mov [rdx], rax; ret */
    {TABLE, 4, 8 + 22 * 8},               /* cbSize */
    {CODE + 0x20c, 4, 0x1260},            /* the DLL's name */
    {CODE + 0x210, 4, 1},                 /* the first number */
    {CODE + 0x214, 4, 1},                 /* functions */
    {CODE + 0x218, 4, 1},                 /* names */
    {CODE + 0x21c, 4, 0x1230},            /* the functions' addresses */
    {CODE + 0x220, 4, 0x1234},            /* the names' */
    {CODE + 0x224, 4, 0x1238},            /* which belongs to which */
    {CODE + 0x230, 4, 0x1010},
    {CODE + 0x234, 4, 0x1240},
    END,
};

static void put_words(unsigned char *to, const struct word *words)
{
    for (; words->bytes != 0; words++) {
        for (uint32_t i = 0; i < words->bytes; i++) {
            to[words->at + i] = (unsigned char)(words->value >> (8 * i));
        }
    }
}

static bool write_file(const char *path, const void *bytes)
{
    uint32_t error = platen_os_file_replace(path, bytes, FILE_SIZE);
    if (error != 0) {
        complain("bench: %s: %s", printable(path), describe_error(error));
    }
    return error == 0;
}

static bool write_program(const char *path)
{
    unsigned char bytes[FILE_SIZE] = {0};
    put_words(bytes, head);
    put_words(bytes, program);
    return write_file(path, bytes);
}

static bool write_library(const char *path)
{
    static const char name[] = "InitializePrintMonitor2";
    static const char own[] = "bench.dll";
    unsigned char bytes[FILE_SIZE] = {0};
    put_words(bytes, head);
    put_words(bytes, library);
    for (uint32_t i = 0; i < 22; i++) {
        const struct word member[] = {{TABLE + 8 + 8 * i, 8, LIBRARY_BASE + 0x1000}, END};
        put_words(bytes, member);
    }
    memcpy(bytes + CODE + 0x240, name, sizeof name);
    memcpy(bytes + CODE + 0x260, own, sizeof own);
    return write_file(path, bytes);
}

/* ---- the row ----------------------------------------------------------------------------------
 */

static void say(void *context, const char *text)
{
    (void)context;
    complain("%s", text);
}

static const char *missing(void)
{
    static const struct platen_wine_options options = {.news = {.say = say}};
    char *complaint = NULL;
    uint32_t error = platen_wine_start(&options, &complaint);
    free(complaint);
    return error != 0 || platen_wine_program() == NULL ? "there is no Wine that works" : NULL;
}

/* As little as a program needs, and what the prefix wants. */
static void settle(struct wine_state *state)
{
    static char home[4200];
    static char path[4200];
    char **wine = platen_wine_environment();
    size_t used = 0;
    snprintf(home, sizeof home, "HOME=%s", getenv("HOME") == NULL ? "/" : getenv("HOME"));
    snprintf(path, sizeof path, "PATH=%s", getenv("PATH") == NULL ? "" : getenv("PATH"));
    state->settings[used++] = home;
    state->settings[used++] = path;
    for (; wine != NULL && *wine != NULL && used < SETTINGS; wine++) {
        if (strchr(*wine, '=') != NULL) {
            state->settings[used++] = *wine;
        }
    }
}

static bool begin(struct bench *bench)
{
    struct wine_state *state = calloc(1, sizeof *state);
    struct sample unused;
    bench->state = state;
    if (state == NULL) {
        return false;
    }
    snprintf(state->monitor, sizeof state->monitor, "%s/bench.dll", bench->folder);
    snprintf(state->empty, sizeof state->empty, "%s/empty.exe", bench->folder);
    snprintf(state->says, sizeof state->says, "%s/said", bench->folder);
    settle(state);
    /* The first of all is slower than all others: Wine's own services start with it. */
    return write_program(state->empty) && write_library(state->monitor) &&
           bench_wine.bare(bench, &unused);
}

/* Until the monitor is there: loaded, and initialised. */
static bool run(struct bench *bench, struct sample *sample)
{
    const struct wine_state *state = bench->state;
    const struct platen_spooler_options options = {.size = sizeof options};
    platen_spooler *spooler;
    struct meter meter;
    char *complaint = NULL;
    if (platen_spooler_create(&options, &spooler) != 0) {
        return false;
    }
    meter_start(&meter);
    uint32_t error = platen_hosted_load(spooler, "bench", state->monitor, NULL, &complaint);
    meter_stop_wall(&meter, sample);
    if (error != 0) {
        complain("bench: %s", complaint == NULL ? describe_error(error) : printable(complaint));
    }
    platen_free(complaint);
    platen_spooler_destroy(spooler);
    return error == 0;
}

/* From its start to its end. */
static bool bare(struct bench *bench, struct sample *sample)
{
    const struct wine_state *state = bench->state;
    const char *const arguments[] = {platen_wine_program(), state->empty, NULL};
    struct meter meter;
    meter_start(&meter);
    bool fine = bench_process_run(arguments[0], arguments, state->settings, state->says);
    meter_stop_wall(&meter, sample);
    sample->reads = sample->writes = 0; /* another process's are not counted */
    return fine;
}

static void end(struct bench *bench)
{
    free(bench->state);
}

const struct bench_row bench_wine = {
    .name = "host-wine",
    .what = "the start of a host under Wine, until a monitor that does nothing is initialised",
    .bare_what = "a program that does nothing, under Wine in the same prefix, from start to end",
    .unit = "ms per start",
    .figure = bench_milliseconds,
    .missing = missing,
    .begin = begin,
    .run = run,
    .bare = bare,
    .end = end,
};
