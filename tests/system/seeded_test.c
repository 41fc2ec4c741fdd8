/* SPDX-License-Identifier: MIT
 *
 * guest-seeded [JOBS [SEED]]: jobs for USB printers that vanish and return, hold still and fail,
 * each job tried again until it is printed, as a spooler does. Of every attempt: what was called
 * printed has come out whole, and what came out was the job's beginning. Of every job: it came out
 * once, and once more at most for each error that was told.
 *
 * Each printer has a hub of its own, and a port that means it by its serial number: which node it
 * has changes as they come and go.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "far_usb.h"
#include "tap.h"
#include "trial.h"

extern const struct platen_backend platen_backend_usb;

#define MS       UINT64_C(1000000)
#define PATIENCE (60 * SECOND)  /* of a call, with a printer that takes what it gets */
#define HOPELESS (250 * MS)     /* with one that holds still */
#define IN_ALL   (120 * SECOND) /* for a good printer, and whoever has to find it */

enum { LANES = 4, MOST_TROUBLES = 3, MOST_BYTES = 1 << 16, MOST_PARTS = 64 };

enum trouble { GONE, VANISHES, FAILS, HOLDS, TROUBLES };

static const char *const names[] = {"gone", "vanishes", "fails", "holds still", "fine"};
static const unsigned states[] = {USB_GONE, USB_GONE, USB_FAILS, USB_HOLDS, USB_WELL};

struct lane {
    uint32_t random;
    unsigned jobs;
    struct far *far;
    struct trial trial;
    struct port port;
    uint8_t *room; /* for what came */

    /* Of this job. */
    uint8_t *data;
    uint32_t size;
    enum trouble troubles[MOST_TROUBLES];
    unsigned count;
    uint32_t parts[MOST_PARTS]; /* where what came of an attempt begins */
    unsigned part_count;
    unsigned failures; /* each told */
    unsigned wholes;
    uint32_t error; /* the last */

    bool returns; /* somebody is plugging the printer in ... */
    pthread_t helper;
    _Atomic bool is_back; /* ... and has done it */

    unsigned all_failures, twice;
    char complaint[500];
};

static _Atomic unsigned printed;

static uint32_t below(struct lane *lane, uint32_t limit)
{
    return next_random(&lane->random) % limit;
}

static void complain(struct lane *lane, const char *what)
{
    size_t length = 0;
    if (lane->complaint[0])
        return;
    length +=
        (size_t)snprintf(lane->complaint, sizeof lane->complaint,
                         "%s: %u bytes, %u errors, the last %u, %u times whole; the printer", what,
                         (unsigned)lane->size, lane->failures, (unsigned)lane->error, lane->wholes);
    for (unsigned i = 0; i <= lane->count && length < sizeof lane->complaint; i++)
        length +=
            (size_t)snprintf(lane->complaint + length, sizeof lane->complaint - length, "%s %s",
                             i ? "," : "", names[i < lane->count ? lane->troubles[i] : TROUBLES]);
}

/* ---- trouble ------------------------------------------------------------------------------- */

/* One that vanishes with a byte may do so with the last. */
static void arm(struct lane *lane, enum trouble trouble)
{
    struct far *far = lane->far;
    if (trouble == GONE)
        far->set(far, USB_GONE);
    else if (trouble != TROUBLES)
        far->plan(far, states[trouble], far->count(far) + 1 + below(lane, lane->size));
}

static void *heal(void *argument)
{
    struct lane *lane = argument;
    lane->far->set(lane->far, lane->far->well);
    atomic_store(&lane->is_back, true);
    return NULL;
}

/* A printer comes back while nobody prints, or while somebody looks for it. */
static void help(struct lane *lane)
{
    lane->far->plan(lane->far, 0, 0);
    atomic_store(&lane->is_back, false);
    lane->returns = below(lane, 2);
    if (!lane->returns)
        heal(lane);
    else if (pthread_create(&lane->helper, NULL, heal, lane))
        far_broken("no thread");
}

static void await_return(struct lane *lane)
{
    if (lane->returns && pthread_join(lane->helper, NULL))
        far_broken("a thread is lost");
    lane->returns = false;
}

/* ---- an attempt ---------------------------------------------------------------------------- */

/* What comes from now on is of this attempt. */
static uint32_t begin(struct lane *lane, uint64_t patience)
{
    struct platen_doc doc = port_document(&lane->port);
    uint32_t error = port_start(&lane->trial, &lane->port, &doc, platen_os_now() + patience);
    if (!error && lane->part_count == MOST_PARTS)
        far_broken("too many attempts");
    if (!error)
        lane->parts[lane->part_count++] = lane->far->count(lane->far);
    return error;
}

static uint32_t write_all(struct lane *lane, uint64_t patience)
{
    uint32_t error = 0, done = 0, moved;
    while (!error && done < lane->size) {
        uint32_t left = lane->size - done, piece = 1 + below(lane, 20000);
        error = port_write(&lane->trial, &lane->port, lane->data + done,
                           piece < left ? piece : left, platen_os_now() + patience, &moved);
        done += moved;
    }
    return error;
}

static uint32_t attempt(struct lane *lane, uint64_t patience)
{
    const struct platen_backend *backend = &lane->trial.backend;
    void *state = lane->port.state;
    uint32_t error = begin(lane, patience), ended;
    if (error)
        return error;
    error = write_all(lane, patience);
    if (!error && below(lane, 2))
        error = backend->drain(state, platen_os_now() + patience);
    ended = backend->end_doc(state, error != 0, platen_os_now() + patience);
    if (!error && !ended &&
        lane->far->count(lane->far) - lane->parts[lane->part_count - 1] != lane->size)
        complain(lane, "called printed, and not whole");
    return error ? error : ended;
}

/* ---- a job --------------------------------------------------------------------------------- */

static void plan(struct lane *lane)
{
    lane->size = 1 + below(lane, 1u << below(lane, 17));
    lane->data = make_bytes(lane->size, lane->random);
    lane->count = below(lane, MOST_TROUBLES + 1);
    for (unsigned i = 0; i < lane->count; i++)
        lane->troubles[i] = (enum trouble)below(lane, TROUBLES);
    lane->part_count = lane->failures = lane->wholes = 0;
    lane->far->reset(lane->far);
}

static bool try_once(struct lane *lane, enum trouble trouble)
{
    arm(lane, trouble);
    lane->error = attempt(lane, trouble == HOLDS ? HOPELESS : PATIENCE);
    lane->failures += lane->error != 0;
    return !lane->error;
}

/* Again and again, with pauses, as a spooler does, but shorter ones; at least once. */
static bool try_on(struct lane *lane, const _Atomic bool *over)
{
    uint64_t until = platen_os_now() + IN_ALL;
    while (!try_once(lane, TROUBLES)) {
        if ((over && atomic_load(over)) || platen_os_now() >= until)
            return false;
        nanosleep(&(struct timespec){.tv_nsec = 20 * MS}, NULL);
    }
    return true;
}

/* With its troubles in turn, and then until it is printed. */
static bool print(struct lane *lane)
{
    bool fine = false;
    for (unsigned i = 0; i < lane->count && !fine; i++) {
        fine = try_once(lane, lane->troubles[i]);
        if (fine)
            break;
        help(lane);
        fine = lane->returns && try_on(lane, &lane->is_back);
        await_return(lane);
    }
    return fine || try_on(lane, NULL);
}

/* Nothing else than beginnings of the job came, one for each attempt. */
static void count_wholes(struct lane *lane)
{
    uint32_t all = lane->far->take(lane->far, lane->room, 4 << 20);
    if (all && (!lane->part_count || lane->parts[0]))
        complain(lane, "something came before the first attempt");
    for (unsigned i = 0; i < lane->part_count; i++) {
        uint32_t at = lane->parts[i];
        uint32_t size = (i + 1 < lane->part_count ? lane->parts[i + 1] : all) - at;
        if (size > lane->size || memcmp(lane->room + at, lane->data, size) != 0)
            complain(lane, "other bytes came out than the job's beginning");
        lane->wholes += size == lane->size;
    }
}

static void run(struct lane *lane)
{
    bool fine;
    unsigned all;
    plan(lane);
    fine = print(lane);
    count_wholes(lane);
    if (!fine)
        complain(lane, "not printed by a good printer");
    if (fine && !lane->wholes)
        complain(lane, "called printed, and lost");
    if (lane->wholes > lane->failures + 1)
        complain(lane, "printed more often than it was told of");
    if (lane->trial.complaint[0])
        complain(lane, lane->trial.complaint);
    lane->all_failures += lane->failures;
    lane->twice += lane->wholes > 1;
    free(lane->data);
    all = atomic_fetch_add(&printed, 1) + 1;
    if (all % 100 == 0) {
        printf("# %u jobs\n", all);
        fflush(stdout);
    }
}

static void *run_all(void *argument)
{
    struct lane *lane = argument;
    for (unsigned i = 0; i < lane->jobs && !lane->complaint[0]; i++)
        run(lane);
    return NULL;
}

/* ---- all printers -------------------------------------------------------------------------- */

static void start(struct lane *lane, unsigned number, uint32_t seed, pthread_t *thread)
{
    char uri[80];
    snprintf(uri, sizeof uri, "usb://Acme/Jet 3000?serial=M%u", number);
    lane->random = (seed * 2654435761u + number * 40503u) | 1;
    lane->far = far_one_of_many(number);
    lane->room = malloc(4 << 20);
    trial_begin(&lane->trial, &platen_backend_usb, uri);
    if (!port_open_new(&lane->trial, &lane->port, NULL))
        far_broken("%s: %s", uri, lane->trial.complaint);
    if (!lane->room || pthread_create(thread, NULL, run_all, lane))
        far_broken("no thread");
}

static void finish(struct lane *lane, unsigned number)
{
    tap_begin("usb: %u jobs for printer %u, which vanishes and returns", lane->jobs, number);
    port_finish(&lane->trial, &lane->port);
    trial_end(&lane->trial);
    tap_expect(!lane->complaint[0], "%s", lane->complaint);
    tap_expect(lane->all_failures > 0, "no trouble at all");
    tap_note("%u attempts told as errors, %u jobs came out more than once after one",
             lane->all_failures, lane->twice);
    free(lane->room);
    tap_end();
}

int main(int argc, char **argv)
{
    static struct lane lanes[LANES];
    pthread_t threads[LANES];
    unsigned jobs = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 300;
    uint32_t seed = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : (uint32_t)time(NULL);

    tap_note("%u jobs, seed %" PRIu32, jobs, seed);
    for (unsigned i = 0; i < LANES; i++) {
        lanes[i].jobs = (jobs + LANES - 1) / LANES;
        start(&lanes[i], i, seed, &threads[i]);
    }
    for (unsigned i = 0; i < LANES; i++)
        pthread_join(threads[i], NULL);
    for (unsigned i = 0; i < LANES; i++)
        finish(&lanes[i], i);
    return tap_finish();
}
