/* SPDX-License-Identifier: MIT
 *
 * `platen bench`: rows of measurements. A row runs two things in turn, A B A B ..., the platen road
 * and a bare loop that makes the same system calls, and tells the ratio of the medians.
 */
#ifndef COMMAND_BENCH_H
#define COMMAND_BENCH_H

#include <stdbool.h>
#include <stdint.h>

#define BENCH_MAX_PAIRS 99

/* What one run took. */
struct sample {
    double cost;    /* nanoseconds, of processor time or of wall time as the row says */
    double wall;    /* nanoseconds on the clock, whatever the cost is */
    uint64_t reads; /* system calls; 0 where the system does not count */
    uint64_t writes;
};

struct bench {
    unsigned pairs;    /* taken for the row */
    uint64_t size;     /* bytes that one run of a bulk row moves */
    uint32_t block;    /* in blocks of so many; the row's own */
    uint32_t count;    /* the row's own, too */
    char folder[1024]; /* for files; empty at start, removed at the end */
    void *state;       /* the row's own */
};

struct bench_row {
    const char *name;
    const char *what;      /* what is measured */
    const char *bare_what; /* against what */
    uint32_t block;        /* bytes per WritePort; 0 where it does not matter */
    uint32_t count;        /* what tells it from other rows that are made like it */
    bool once;             /* no pairs: the figure does not vary */
    unsigned times;        /* so many pairs for one that is asked for, where they are short; 0: 1 */
    bool in_pieces;        /* a pair moves its bytes in many short runs by turns, not in two long */
    bool late;             /* the costs are delays: the worst of them is told, and no ratio */
    bool cups;             /* runs only with --against cups */
    const char *unit;      /* of the figures: "ns CPU per KiB", "jobs per second", "ns per call" */
    /* Turns a cost into a figure in `unit`; rates grow as costs shrink. */
    double (*figure)(const struct bench *bench, double cost);
    const char *(*missing)(void);       /* what keeps it from running here, or NULL; may be NULL */
    bool (*begin)(struct bench *bench); /* false: has complained */
    bool (*run)(struct bench *bench, struct sample *sample);
    bool (*bare)(struct bench *bench, struct sample *sample);
    void (*end)(struct bench *bench);
};

/* Starts and ends the metering of one run. */
struct meter {
    uint64_t cpu;
    uint64_t wall;
    uint64_t reads;
    uint64_t writes;
};
void meter_start(struct meter *meter);
void meter_stop_cpu(const struct meter *meter, struct sample *sample);
void meter_stop_wall(const struct meter *meter, struct sample *sample);

/* A row's `figure` whose unit is milliseconds. */
double bench_milliseconds(const struct bench *bench, double cost);

/* The rows, in the order in which they are measured; each stands in a bench_*.c. */
#define BENCH_ROWS(ROW)                                                                            \
    ROW(bench_memory)                                                                              \
    ROW(bench_idle_port)                                                                           \
    ROW(bench_file)                                                                                \
    ROW(bench_file_4k)                                                                             \
    ROW(bench_tcp)                                                                                 \
    ROW(bench_tcp_4k)                                                                              \
    ROW(bench_tcp_jobs)                                                                            \
    ROW(bench_hung)                                                                                \
    ROW(bench_null_jobs)                                                                           \
    ROW(bench_call)                                                                                \
    ROW(bench_trace)                                                                               \
    ROW(bench_trace_whole)                                                                         \
    ROW(bench_trace_file)                                                                          \
    ROW(bench_host)                                                                                \
    ROW(bench_host_bulk)                                                                           \
    ROW(bench_wine)                                                                                \
    ROW(bench_spooler)                                                                             \
    ROW(bench_ports_add)                                                                           \
    ROW(bench_ports_open_10k)                                                                      \
    ROW(bench_ports_open_100k)                                                                     \
    ROW(bench_ports_enum_100)                                                                      \
    ROW(bench_ports_enum_10k)                                                                      \
    ROW(bench_ports_enum_100k)                                                                     \
    ROW(bench_deadline_connect)                                                                    \
    ROW(bench_deadline_write)                                                                      \
    ROW(bench_deadline_end)                                                                        \
    ROW(bench_cancel_connect)                                                                      \
    ROW(bench_cancel_write)                                                                        \
    ROW(bench_cancel_end)                                                                          \
    ROW(bench_cups_socket)                                                                         \
    ROW(bench_cups_jobs)

#define BENCH_DECLARE(row) extern const struct bench_row row;
BENCH_ROWS(BENCH_DECLARE)
#undef BENCH_DECLARE

#endif
