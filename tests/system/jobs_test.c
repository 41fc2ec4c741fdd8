/* SPDX-License-Identifier: MIT
 *
 * Jobs over the real drivers: what was called printed is at the far end, of what was not at most
 * its beginning is there, and the next job is whole.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "far.h"
#include "road.h"
#include "tap.h"

extern const struct platen_backend platen_backend_serial, platen_backend_parallel;

enum moment { BEFORE, DURING, AT_END, AFTER, MOMENTS };
enum outcome { STAYS, HEALS, CANCELLED, OUTCOMES };

enum { SMALL = 16 << 10, LARGE = 1 << 20, NEXT = 700 };

#define PATIENCE (250 * MS)

static const char *const moments[] = {"before", "during", "at the end of", "after"};
static const char *const outcomes[] = {"stays", "passes", "and a cancel"};

struct fault {
    const char *what;
    unsigned state;
    uint32_t at_start; /* with what a job fails that begins then; 0: it begins */
};

/* ---- one job ------------------------------------------------------------------------------- */

struct job {
    struct road *road;
    uint8_t *data;
    uint32_t size;
    uint32_t done;
    enum outcome outcome;
    bool stuck; /* a call has come back without having moved anything */
};

static void heal(struct job *job)
{
    struct far *far = job->road->far;
    far->plan(far, 0, 0);
    far->set(far, far->well);
}

/* A call whose time was over: heals the device and goes on, or gives up. */
static uint32_t stumble(struct job *job)
{
    bool first = !job->stuck;
    job->stuck = true;
    if (job->outcome != HEALS || !first)
        return PLATEN_TIMEOUT;
    heal(job);
    return 0;
}

static uint32_t write_once(struct job *job, uint32_t *moved)
{
    const uint8_t *data = job->data + job->done;
    uint32_t left = job->size - job->done;
    if (job->outcome == CANCELLED)
        return road_write_cancelled(job->road, data, left, job->size / 2, moved);
    return road_write(job->road, data, left, job->stuck ? 10 * SECOND : PATIENCE, moved);
}

static uint32_t write_all(struct job *job)
{
    uint32_t error = 0, moved;
    while (!error && job->done < job->size) {
        error = write_once(job, &moved);
        job->done += moved;
        if (error == PLATEN_TIMEOUT)
            error = moved ? 0 : stumble(job);
    }
    return error;
}

/* 0: it is printed. */
static uint32_t print(struct job *job)
{
    uint32_t error = write_all(job), ended;
    if (!error)
        error = road_drain(job->road, PATIENCE);
    if (error == PLATEN_TIMEOUT && job->done == job->size)
        error = stumble(job);
    ended = road_end(job->road, error != 0, 10 * SECOND);
    return error ? error : ended;
}

/* ---- what arrived -------------------------------------------------------------------------- */

/* The next job says what of this one has come: nothing comes later than it. */
static void look(struct job *job, bool printed)
{
    struct job next = {.road = job->road, .data = make_bytes(NEXT, 77), .size = NEXT};
    uint32_t error, before;

    heal(job);
    error = road_start(job->road, 10 * SECOND);
    next.stuck = true; /* patient */
    if (!error)
        error = print(&next);
    tap_expect(!error, "the next job: error %u", (unsigned)error);
    before = error ? UINT32_MAX : road_await(job->road, next.data, next.size);
    if (tap_expect(error || before != UINT32_MAX, "the next job did not arrive") && !error) {
        tap_expect(before <= job->size && memcmp(road_bytes(), job->data, before) == 0,
                   "what arrived is no beginning of the job (%u bytes)", (unsigned)before);
        tap_expect(!printed || before == job->size, "called printed, but %u of %u bytes arrived",
                   (unsigned)before, (unsigned)job->size);
    }
    free(next.data);
}

/* ---- faults -------------------------------------------------------------------------------- */

static void arm(struct far *far, const struct fault *fault, enum moment moment, uint32_t size)
{
    far->reset(far);
    if (moment == BEFORE)
        far->set(far, fault->state);
    else
        far->plan(far, fault->state,
                  moment == DURING ? size / 2 : size - (moment == AT_END) * 1000);
}

static bool begins(struct job *job, const struct fault *fault, enum moment moment)
{
    uint32_t expected = moment == BEFORE ? fault->at_start : 0;
    uint32_t error = road_start(job->road, 10 * SECOND);
    tap_expect(error == expected, "start_doc: error %u, not %u", (unsigned)error,
               (unsigned)expected);
    return !error;
}

static void try_fault(struct road *road, const struct fault *fault, enum moment moment,
                      enum outcome outcome)
{
    struct job job = {.road = road, .size = SMALL, .outcome = outcome};
    bool begun, fine;
    uint32_t error = 0;

    tap_begin("%s: %s %s a job, %s", road->far->name, fault->what, moments[moment],
              outcomes[outcome]);
    job.data = make_bytes(job.size, moment + 1);
    arm(road->far, fault, moment, job.size);
    begun = begins(&job, fault, moment);
    if (begun)
        error = print(&job);
    fine = begun && !error;
    if (begun && outcome == CANCELLED)
        tap_expect(error == PLATEN_OPERATION_ABORTED, "cancelled: error %u", (unsigned)error);
    if (begun && (moment == AFTER || outcome == HEALS))
        tap_expect(fine, "not printed: error %u", (unsigned)error);
    else
        tap_expect(!fine, "called printed");
    look(&job, fine);
    free(job.data);
    tap_end();
}

/* A cancel is tried in the middle only, where it has something to interrupt. */
static void try_device(struct road *road, const struct fault *faults)
{
    for (; faults->what; faults++)
        for (int moment = 0; moment < MOMENTS; moment++)
            for (int outcome = 0; outcome < OUTCOMES; outcome++)
                if (outcome == STAYS || (outcome == HEALS && moment != AFTER) || moment == DURING)
                    try_fault(road, faults, moment, outcome);
}

static void try_large(struct road *road)
{
    struct job job = {.road = road, .size = LARGE, .stuck = true};
    uint32_t error;
    tap_begin("%s: a large job", road->far->name);
    job.data = make_bytes(job.size, 5);
    road->far->reset(road->far);
    error = road_start(road, 10 * SECOND);
    if (!error)
        error = print(&job);
    tap_expect(!error, "error %u", (unsigned)error);
    look(&job, !error);
    free(job.data);
    tap_end();
}

/* ---- devices ------------------------------------------------------------------------------- */

static const struct fault parallel[] = {
    {"busy", 0x58, 0},
    {"out of paper", 0x70, PLATEN_OUT_OF_PAPER},
    {"off line", 0x40, PLATEN_NOT_READY},
    {"a fault", 0x50, PLATEN_NOT_READY},
    {0},
};

static const struct fault serial[] = {
    {"takes nothing", LINE_STOPS, 0},
    {0},
};

static const struct device_row {
    const char *uri;
    const struct platen_backend *backend;
    struct far *(*far)(void);
    const struct fault *faults;
} devices[] = {
    {"parallel:/dev/lp0", &platen_backend_parallel, far_parallel, parallel},
    {"serial:/dev/ttyS1?baud=115200", &platen_backend_serial, far_serial, serial},
};

int main(void)
{
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) {
        struct road road;
        road_open(&road, devices[i].backend, devices[i].uri, devices[i].far());
        uint64_t begun = platen_os_now();
        try_large(&road);
        tap_note("took %u ms", (unsigned)((platen_os_now() - begun) / MS));
        try_device(&road, devices[i].faults);
        tap_note("took %u ms; the latest call: %u ms", (unsigned)((platen_os_now() - begun) / MS),
                 (unsigned)(road.latest / MS));
        road_close(&road);
    }
    return tap_finish();
}
