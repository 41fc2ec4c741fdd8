/* SPDX-License-Identifier: MIT */
#include "road.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "os/clock.h"
#include "tap.h"

#define TICK     (5 * MS)
#define MAY_LATE (100 * MS)
#define STALL    (20 * MS) /* no machine wakes a thread so late that has time for it */

enum { ROOM = 4 << 20 };

static uint8_t bytes[ROOM];

/* ---- how late the machine is --------------------------------------------------------------- */

static _Atomic uint64_t due, lost;

static void note_lateness(uint64_t late)
{
    if (late > STALL)
        atomic_fetch_add(&lost, late);
}

static void *sleep_and_look(void *unused)
{
    struct timespec tick = {.tv_nsec = TICK};
    (void)unused;
    for (;;) {
        uint64_t now = platen_os_now();
        atomic_store(&due, now + TICK);
        nanosleep(&tick, NULL);
        note_lateness(platen_os_now() - atomic_load(&due));
    }
    return NULL;
}

static void begin_looking(void)
{
    static bool looks;
    pthread_t thread;
    if (!looks && pthread_create(&thread, NULL, sleep_and_look, NULL))
        far_broken("no thread");
    looks = true;
    atomic_store(&lost, 0);
}

/* A call takes several threads, here and in the emulated device; each of them may have been kept
 * waiting as often as ours was. */
static uint64_t allowance(uint64_t stalled)
{
    return stalled ? 2 * SECOND + 3 * stalled : MAY_LATE;
}

/* Of a call that has just returned. */
static void judge_time(struct road *road, const char *what, uint64_t end)
{
    uint64_t now = platen_os_now(), should = atomic_load(&due), late, stalled;
    if (now > should)
        note_lateness(now - should);
    stalled = atomic_load(&lost);
    late = now > end ? now - end : 0;
    tap_expect(late <= allowance(stalled), "%s came back %u ms late (the machine lost %u ms)", what,
               (unsigned)(late / MS), (unsigned)(stalled / MS));
    if (!stalled && late > road->latest)
        road->latest = late;
}

/* ---- calls --------------------------------------------------------------------------------- */

void road_open(struct road *road, const struct platen_backend *backend, const char *uri,
               struct far *far)
{
    memset(road, 0, sizeof *road);
    road->far = far;
    trial_begin(&road->trial, backend, uri);
    if (!port_open_new(&road->trial, &road->port, NULL))
        far_broken("%s: %s", uri, road->trial.complaint);
}

void road_close(struct road *road)
{
    begin_looking();
    uint64_t end = platen_os_now();
    port_close(&road->trial, &road->port);
    judge_time(road, "close", end);
    port_dispose(&road->port);
    trial_end(&road->trial);
    tap_expect(!road->trial.complaint[0], "%s", road->trial.complaint);
}

uint32_t road_start(struct road *road, uint64_t patience)
{
    struct platen_doc doc = port_document(&road->port);
    begin_looking();
    uint64_t end = platen_os_now() + patience;
    uint32_t error = port_start(&road->trial, &road->port, &doc, end);
    judge_time(road, "start_doc", end);
    return error;
}

uint32_t road_write(struct road *road, const void *data, uint32_t size, uint64_t patience,
                    uint32_t *moved)
{
    begin_looking();
    uint64_t end = platen_os_now() + patience;
    uint32_t error = port_write(&road->trial, &road->port, data, size, end, moved);
    judge_time(road, "write", end);
    return error;
}

uint32_t road_drain(struct road *road, uint64_t patience)
{
    begin_looking();
    uint64_t end = platen_os_now() + patience;
    uint32_t error =
        road->trial.backend.drain ? road->trial.backend.drain(road->port.state, end) : 0;
    judge_time(road, "drain", end);
    return error;
}

uint32_t road_end(struct road *road, bool abandoned, uint64_t patience)
{
    begin_looking();
    uint64_t end = platen_os_now() + patience;
    uint32_t error = road->trial.backend.end_doc(road->port.state, abandoned, end);
    judge_time(road, "end_doc", end);
    return error;
}

uint32_t road_read(struct road *road, void *data, uint32_t size, uint64_t patience, uint32_t *moved)
{
    begin_looking();
    uint64_t end = platen_os_now() + patience;
    uint32_t error = road->trial.backend.read(road->port.state, data, size, end, moved);
    judge_time(road, "read", end);
    return error;
}

/* ---- cancel -------------------------------------------------------------------------------- */

struct later {
    struct road *road;
    uint32_t bytes; /* that come before */
    uint64_t at;    /* when it was done */
};

static void pass(uint64_t nanoseconds)
{
    struct timespec time = {.tv_sec = (time_t)(nanoseconds / SECOND),
                            .tv_nsec = (long)(nanoseconds % SECOND)};
    nanosleep(&time, NULL);
}

static void *cancel(void *argument)
{
    struct later *later = argument;
    struct far *far = later->road->far;
    uint64_t until = soon();
    while (far->count(far) < later->bytes && platen_os_now() < until)
        pass(10 * MS);
    pass(150 * MS);
    begin_looking();
    later->at = platen_os_now();
    later->road->trial.backend.cancel(later->road->port.state);
    return NULL;
}

uint32_t road_write_cancelled(struct road *road, const void *data, uint32_t size, uint32_t at,
                              uint32_t *moved)
{
    struct later later = {.road = road, .bytes = at};
    uint32_t error, all = 0;
    pthread_t thread;
    if (pthread_create(&thread, NULL, cancel, &later))
        far_broken("no thread");
    do {
        const char *from = (const char *)data + all;
        error = port_write(&road->trial, &road->port, from, size - all, platen_os_now() + PATIENT,
                           moved);
        all += *moved;
    } while (!error && all < size);
    *moved = all;
    pthread_join(thread, NULL);
    judge_time(road, "a cancelled write", later.at);
    return error;
}

/* ---- what came ----------------------------------------------------------------------------- */

uint32_t road_await(struct road *road, const void *data, uint32_t size)
{
    uint64_t until = platen_os_now() + PATIENT;
    do {
        uint32_t count = road->far->take(road->far, bytes, sizeof bytes);
        if (count >= size && memcmp(bytes + (count - size), data, size) == 0)
            return count - size;
        tap_note("%u bytes have come", (unsigned)count);
        pass(20 * MS);
    } while (platen_os_now() < until);
    return UINT32_MAX;
}

const uint8_t *road_bytes(void)
{
    return bytes;
}
