/* SPDX-License-Identifier: MIT
 *
 * seeded [JOBS [SEED]]: jobs for TCP and LPR printers that vanish and return, each job tried again
 * until it is printed, as a spooler does. Of every job: what was called printed has come out whole;
 * what did not come out was called an error; and what came out twice was tried again, after an
 * error that was told.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/thread.h"
#include "seeded.h"

enum { LANES = 4 };

struct lane {
    uint32_t random;
    unsigned jobs;
    char *room;
    struct printer printer;
    char uri[100];

    unsigned failures; /* of this job, each told */
    unsigned all_failures, twice;
    uint32_t error; /* the last */
    char complaint[800];
};

static uint32_t below(struct lane *lane, uint32_t limit)
{
    return next_random(&lane->random) % limit;
}

/* ---- a job and its printer ---------------------------------------------------------------------
 */

static enum trouble choose(struct lane *lane, bool first)
{
    if (first && below(lane, 3) == 0)
        return GONE;
    return (enum trouble)(RESETS + below(lane, lane->printer.lpr ? 4 : 2));
}

static void add_trouble(struct lane *lane)
{
    struct printer *printer = &lane->printer;
    unsigned at = printer->count++;
    bool first = seeded_absences(printer) == at;
    enum trouble trouble = choose(lane, first);
    bool turn = trouble == REFUSES || trouble == LEAVES;
    printer->troubles[at] = trouble;
    printer->where[at] = 1 + below(lane, turn ? 5 : (uint32_t)printer->size + 1);
    if (!turn && printer->where[at] > printer->size && printer->lpr)
        printer->where[at] = (unsigned)printer->size;
}

static void plan(struct lane *lane)
{
    static const char *const schemes[] = {"socket", "lpd", "lpd"};
    static const char *const behind[] = {"", "/q", "/q?order=data,control"};
    struct printer *printer = &lane->printer;
    uint32_t way = below(lane, 3), scale = below(lane, 18);
    *printer = (struct printer){.lpr = way > 0, .room = lane->room};
    printer->size = 1 + below(lane, 1u << scale);
    printer->data = make_bytes(printer->size, lane->random);
    for (unsigned left = below(lane, MOST_TROUBLES + 1); left; left--)
        add_trouble(lane);
    printer->met = seeded_absences(printer);
    printer->listener = bare_listen(4, printer->met ? -1 : 5, 0, &printer->number);
    snprintf(lane->uri, sizeof lane->uri, "%s://127.0.0.1:%u%s", schemes[way],
             (unsigned)printer->number, behind[way]);
}

/* ---- printing ----------------------------------------------------------------------------------
 */

static void raise_word(_Atomic uint32_t *word)
{
    atomic_store(word, 1);
    platen_os_wake((const uint32_t *)(uintptr_t)word);
}

static void come_back(struct printer *printer)
{
    bare_return(printer->listener);
    raise_word(&printer->here);
}

/* Until it is printed: a printer has only so many troubles. */
static bool print(struct lane *lane, struct way *way)
{
    struct printer *printer = &lane->printer;
    unsigned absences = printer->met, attempts = printer->count + 1;
    lane->failures = 0;
    while (attempts--) {
        lane->error = way_print(way);
        if (!lane->error)
            return true;
        lane->failures++;
        if (absences && --absences == 0)
            come_back(printer);
    }
    return false;
}

static void complain(struct lane *lane, const char *what)
{
    const struct printer *printer = &lane->printer;
    if (!lane->complaint[0])
        snprintf(lane->complaint, sizeof lane->complaint,
                 "%s: %s, %u bytes, %u troubles, %u met, %u errors, the last %u, %u times whole",
                 what, lane->uri, (unsigned)printer->size, printer->count, printer->met,
                 lane->failures, (unsigned)lane->error, printer->wholes);
}

static void judge(struct lane *lane, bool printed)
{
    const struct printer *printer = &lane->printer;
    if (!printed)
        complain(lane, "not printed by a good printer");
    if (printed && !printer->wholes)
        complain(lane, "called printed, and lost");
    if (printer->wholes > lane->failures + 1)
        complain(lane, "printed more often than it was told of");
    if (printer->spoilt)
        complain(lane, "other bytes came out");
    lane->all_failures += lane->failures;
    lane->twice += printer->wholes > 1;
}

static void run(struct lane *lane)
{
    char complaint[500] = "there is no such port";
    platen_os_thread *thread;
    struct way *way;
    bool printed = false;

    plan(lane);
    atomic_store(&lane->printer.here, lane->printer.met == 0);
    if (platen_os_thread_start(&thread, "printer", 0, seeded_printer, &lane->printer))
        abort();
    way = way_open(&lane->printer, lane->uri);
    if (way) {
        printed = print(lane, way);
        way_close(way, complaint, sizeof complaint);
    }
    atomic_store(&lane->printer.over, 1);
    platen_os_wake((const uint32_t *)(uintptr_t)&lane->printer.here);
    platen_os_thread_join(thread);
    bare_close(lane->printer.listener);
    judge(lane, printed);
    if (complaint[0])
        complain(lane, complaint);
    free((void *)(uintptr_t)lane->printer.data);
}

static void run_all(void *argument)
{
    struct lane *lane = argument;
    for (unsigned i = 0; i < lane->jobs && !lane->complaint[0]; i++)
        run(lane);
}

int main(int argc, char **argv)
{
    static struct lane lanes[LANES];
    platen_os_thread *threads[LANES];
    unsigned jobs = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 400, failures = 0, twice = 0;
    uint32_t seed = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : (uint32_t)platen_os_now();
    bool fine = true;

    printf("%u jobs, seed %" PRIu32 "\n", jobs, seed);
    fflush(stdout);
    for (unsigned i = 0; i < LANES; i++) {
        lanes[i].random = (seed * 2654435761u + i * 40503u) | 1;
        lanes[i].jobs = (jobs + LANES - 1) / LANES;
        lanes[i].room = malloc(MOST_BYTES + 2);
        if (!lanes[i].room || platen_os_thread_start(&threads[i], "lane", 0, run_all, &lanes[i]))
            abort();
    }
    for (unsigned i = 0; i < LANES; i++) {
        platen_os_thread_join(threads[i]);
        free(lanes[i].room);
        failures += lanes[i].all_failures;
        twice += lanes[i].twice;
        fine = fine && !lanes[i].complaint[0];
        if (lanes[i].complaint[0])
            printf("%s\n", lanes[i].complaint);
    }
    printf("%s, %u attempts told as errors, %u jobs came out more than once after one\n",
           fine ? "all printed" : "not as it has to be", failures, twice);
    return fine && failures ? 0 : 1;
}
