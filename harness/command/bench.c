/* SPDX-License-Identifier: MIT */
#include "command/bench.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/report.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/memory.h"
#include "os/meter.h"

static const struct bench_row *const rows[] = {
#define BENCH_POINTER(row) &row,
    BENCH_ROWS(BENCH_POINTER)
#undef BENCH_POINTER
};
#define ROW_COUNT (sizeof rows / sizeof *rows)

struct result {
    double figure;
    double bare;
    double ratio; /* of the medians of the costs: below 1 is cheaper than bare */
    double wall_ratio;
    double worst; /* in the unit of the figures */
    double bare_worst;
    struct sample run_sample;
    struct sample bare_sample;
};

void meter_start(struct meter *meter)
{
    platen_os_io_calls(&meter->reads, &meter->writes);
    meter->wall = platen_os_now();
    meter->cpu = platen_os_cpu_time();
}

static void stop(const struct meter *meter, struct sample *sample)
{
    sample->wall = (double)(platen_os_now() - meter->wall);
    uint64_t reads;
    uint64_t writes;
    bool counted = platen_os_io_calls(&reads, &writes);
    /* Counting the first time was itself one read. */
    sample->reads = counted && reads > meter->reads ? reads - meter->reads - 1 : 0;
    sample->writes = counted ? writes - meter->writes : 0;
}

void meter_stop_cpu(const struct meter *meter, struct sample *sample)
{
    sample->cost = (double)(platen_os_cpu_time() - meter->cpu);
    stop(meter, sample);
}

void meter_stop_wall(const struct meter *meter, struct sample *sample)
{
    stop(meter, sample);
    sample->cost = sample->wall;
}

double bench_milliseconds(const struct bench *bench, double cost)
{
    (void)bench;
    return cost / 1e6;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, unsigned count)
{
    qsort(values, count, sizeof *values, by_value);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* A machine's mood changes within a second; runs as short as these find it the same on both sides.
 */
#define PIECE       (UINT64_C(128) << 20)
#define MOST_PIECES 16u
#define MOST_PAIRS  (BENCH_MAX_PAIRS * MOST_PIECES) /* `times` and pieces do not go together */

struct series {
    double cost[MOST_PAIRS];
    double wall[MOST_PAIRS];
};

static void note(struct series *series, unsigned at, const struct sample *sample)
{
    series->cost[at] = sample->cost;
    series->wall[at] = sample->wall;
}

/* One pair; which of the two goes first changes from pair to pair: A B B A. */
static bool run_pair(const struct bench_row *row, struct bench *bench, struct result *result,
                     unsigned pair)
{
    if (pair % 2 == 0) {
        return row->run(bench, &result->run_sample) && row->bare(bench, &result->bare_sample);
    }
    return row->bare(bench, &result->bare_sample) && row->run(bench, &result->run_sample);
}

/* One pair to warm up, then those that count. */
static bool measure(const struct bench_row *row, struct bench *bench, struct result *result)
{
    static struct series ours;
    static struct series bare;
    unsigned pairs = bench->pairs;
    bool fine = row->once || run_pair(row, bench, result, 0);

    for (unsigned i = 0; fine && i < pairs; i++) {
        fine = run_pair(row, bench, result, row->once ? 1 : i);
        note(&ours, i, &result->run_sample);
        note(&bare, i, &result->bare_sample);
    }
    if (fine) {
        double cost = median(ours.cost, pairs);
        double bare_cost = median(bare.cost, pairs);
        result->figure = row->figure(bench, cost);
        result->bare = row->figure(bench, bare_cost);
        result->ratio = cost / bare_cost;
        result->wall_ratio = median(ours.wall, pairs) / median(bare.wall, pairs);
        result->worst = row->figure(bench, ours.cost[pairs - 1]); /* they are sorted now */
        result->bare_worst = row->figure(bench, bare.cost[pairs - 1]);
    }
    return fine;
}

static void tell(const struct bench_row *row, const struct bench *bench,
                 const struct result *result, struct report *report)
{
    printf("%-16s %12.4g %12.4g  %-18s %6.3f %6.3f   %" PRIu64 "/%" PRIu64 " and %" PRIu64
           "/%" PRIu64 "\n",
           row->name, result->figure, result->bare, row->unit, result->ratio, result->wall_ratio,
           result->run_sample.reads, result->run_sample.writes, result->bare_sample.reads,
           result->bare_sample.writes);
    report_write(
        report,
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:f, s:f, s:f, s:f, s:i, s:[I, I], s:[I, I]}", "event",
                  "bench", "row", row->name, "what", row->what, "against", row->bare_what, "unit",
                  row->unit, "platen", result->figure, "bare", result->bare, "cost_ratio",
                  result->ratio, "wall_ratio", result->wall_ratio, "pairs", (int)bench->pairs,
                  "calls", (json_int_t)result->run_sample.reads,
                  (json_int_t)result->run_sample.writes, "bare_calls",
                  (json_int_t)result->bare_sample.reads, (json_int_t)result->bare_sample.writes));
}

static void tell_late(const struct bench_row *row, const struct bench *bench,
                      const struct result *result, struct report *report)
{
    printf("%-16s %12.4g %12.4g  %-18s at most %.4g and %.4g\n", row->name, result->figure,
           result->bare, row->unit, result->worst, result->bare_worst);
    report_write(report, json_pack("{s:s, s:s, s:s, s:s, s:s, s:f, s:f, s:f, s:f, s:i}", "event",
                                   "bench", "row", row->name, "what", row->what, "against",
                                   row->bare_what, "unit", row->unit, "platen", result->figure,
                                   "bare", result->bare, "worst", result->worst, "bare_worst",
                                   result->bare_worst, "pairs", (int)bench->pairs));
}

static unsigned pieces_of(uint64_t size)
{
    uint64_t pieces = (size + PIECE - 1) / PIECE;
    return pieces < MOST_PIECES ? (unsigned)pieces : MOST_PIECES;
}

/* What was asked for, as the row takes it. */
static void apportion(const struct bench_row *row, const struct bench *asked, struct bench *bench)
{
    unsigned pieces = row->in_pieces ? pieces_of(asked->size) : 1;
    bench->size = asked->size / pieces;
    bench->pairs = row->once ? 1 : asked->pairs * pieces * (row->times == 0 ? 1 : row->times);
}

static int run_row(const struct bench_row *row, const struct bench *asked, struct report *report)
{
    struct result result = {0};
    struct bench bench = *asked;
    bench.block = row->block;
    bench.count = row->count;
    apportion(row, asked, &bench);
    bool fine = row->begin(&bench) && measure(row, &bench, &result);
    row->end(&bench);
    if (fine) {
        (row->late ? tell_late : tell)(row, &bench, &result, report);
    }
    return fine ? EXIT_OK : EXIT_ENVIRONMENT;
}

static bool wanted(const struct arguments *arguments, const struct bench_row *row)
{
    for (int i = 0; i < arguments->rest_count; i++) {
        if (strcmp(arguments->rest[i], row->name) == 0) {
            return true;
        }
    }
    return arguments->rest_count == 0 && (!row->cups || arguments->values[OPTION_against] != NULL);
}

static bool check_name(const struct arguments *arguments, const char *name)
{
    size_t row = 0;
    while (row < ROW_COUNT && strcmp(rows[row]->name, name) != 0) {
        row++;
    }
    if (row == ROW_COUNT) {
        complain("bench: no row \"%s\" (platen bench --help names them)", printable(name));
        return false;
    }
    if (rows[row]->cups && arguments->values[OPTION_against] == NULL) {
        complain("bench: the row \"%s\" runs only with --against cups", name);
        return false;
    }
    return true;
}

static bool check_names(const struct arguments *arguments)
{
    const char *against = arguments->values[OPTION_against];
    if (against != NULL && strcmp(against, "cups") != 0) {
        complain("bench: --against takes \"cups\", not \"%s\"", printable(against));
        return false;
    }
    for (int i = 0; i < arguments->rest_count; i++) {
        if (!check_name(arguments, arguments->rest[i])) {
            return false;
        }
    }
    return true;
}

static void skip(const struct bench_row *row, const char *why, struct report *report)
{
    printf("%-16s skipped: %s\n", row->name, why);
    report_write(report,
                 json_pack("{s:s, s:s, s:s}", "event", "bench", "row", row->name, "skipped", why));
}

/* The rows that are wanted; skipping all of them is NOTHING. */
static int run_rows(const struct arguments *arguments, const struct bench *bench,
                    struct report *report)
{
    int status = EXIT_OK;
    unsigned ran = 0;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (!wanted(arguments, rows[i])) {
            continue;
        }
        const char *why = rows[i]->missing == NULL ? NULL : rows[i]->missing();
        if (why != NULL) {
            skip(rows[i], why, report);
        } else {
            status = worse_exit(status, run_row(rows[i], bench, report));
            ran++;
        }
    }
    return ran > 0 ? status : EXIT_NOTHING;
}

int command_bench(const struct arguments *arguments)
{
    struct bench bench = {0};
    struct report report;
    uint64_t pairs;

    if (!check_names(arguments) ||
        !option_number(arguments, OPTION_pairs, 1, BENCH_MAX_PAIRS, 9, &pairs) ||
        !option_number(arguments, OPTION_size, 65536, 1ull << 40, 1ull << 30, &bench.size)) {
        return EXIT_USAGE;
    }
    int status = report_open(&report, arguments);
    if (status != EXIT_OK) {
        return status;
    }
    bench.pairs = (unsigned)pairs;
    if (platen_os_make_temporary_folder(bench.folder, sizeof bench.folder) != 0) {
        complain("bench: no temporary folder can be made");
        return report_close(&report, EXIT_ENVIRONMENT);
    }
    printf(
        "medians of %u interleaved pairs, of more where they are short; cost and wall are ratios:\n"
        "below 1 is cheaper than bare\n\n",
        bench.pairs);
    printf("%-16s %12s %12s  %-18s %6s %6s   %s\n", "row", "platen", "bare", "unit", "cost", "wall",
           "read/write calls of both");
    status = run_rows(arguments, &bench, &report);
    printf("\n");
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (wanted(arguments, rows[i])) {
            printf("%-16s %s, against %s\n", rows[i]->name, rows[i]->what, rows[i]->bare_what);
        }
    }
    printf("peak memory of the whole run: %.1f MiB\n",
           (double)platen_os_peak_memory() / (1024.0 * 1024.0));
    platen_os_remove_folder(bench.folder);
    return report_close(&report, status);
}
