/* SPDX-License-Identifier: MIT
 *
 * Jobs over the real drivers: what was called printed is at the far end, of what was not at most
 * its beginning is there, and the next job is whole.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "details.h"
#include "far_usb.h"
#include "road.h"
#include "tap.h"

extern const struct platen_backend platen_backend_serial, platen_backend_parallel,
    platen_backend_usb;

enum moment { BEFORE, DURING, AT_END, AFTER, MOMENTS };
enum outcome { STAYS, HEALS, CANCELLED, OUTCOMES };

enum { SMALL = 16 << 10, LARGE = 1 << 20, NEXT = 700 };

#define PATIENCE (250 * MS)

static const char *const moments[] = {"before", "during", "at the end of", "after"};
static const char *const outcomes[] = {"stays", "passes", "and a cancel"};

/* What becomes of a job by the moment: Printed, Failed, Waits for help and fails without; Either,
 * as nobody can
 * know; - it is not tried. */
#define WAITS    "WWWP"
#define HARMLESS "PPPP"

struct fault {
    const char *what;
    const char *becomes;
    unsigned state;
    uint32_t at_start; /* with what a job fails that begins then; 0: it begins */
    uint32_t tail;     /* how many bytes are left at its end; 0: 1000 */
};

/* ---- one job ------------------------------------------------------------------------------- */

struct job {
    struct road *road;
    uint8_t *data;
    uint32_t size;
    uint32_t done;
    enum outcome outcome;
    bool stuck; /* a call has come back without having moved anything, or none is to */
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
    return road_write(job->road, data, left, job->stuck ? PATIENT : PATIENCE, moved);
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
        error = road_drain(job->road, job->stuck ? PATIENT : PATIENCE);
    if (error == PLATEN_TIMEOUT && job->done == job->size)
        error = stumble(job);
    ended = road_end(job->road, error != 0, PATIENT);
    return error ? error : ended;
}

/* ---- what arrived -------------------------------------------------------------------------- */

/* The next job says what of this one has come: nothing comes later than it. */
static void look(struct job *job, bool printed)
{
    struct job next = {.road = job->road, .data = make_bytes(NEXT, 77), .size = NEXT};
    uint32_t error, before;

    heal(job);
    error = road_start(job->road, PATIENT);
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
    bool hopeless = moment == BEFORE && strchr("FE", fault->becomes[moment]);
    uint32_t error = road_start(job->road, hopeless ? SECOND : PATIENT);
    tap_expect(error == expected, "start_doc: error %u, not %u", (unsigned)error,
               (unsigned)expected);
    return !error;
}

static void judge(const struct fault *fault, enum moment moment, enum outcome outcome,
                  uint32_t error, bool fine)
{
    char becomes = fault->becomes[moment];
    if (outcome == CANCELLED)
        tap_expect(error == PLATEN_OPERATION_ABORTED, "cancelled: error %u", (unsigned)error);
    else if (becomes == 'P' || outcome == HEALS)
        tap_expect(fine, "not printed: error %u", (unsigned)error);
    else if (becomes != 'E' && outcome == STAYS)
        tap_expect(!fine, "called printed");
}

static void try_fault(struct road *road, const struct fault *fault, enum moment moment,
                      enum outcome outcome)
{
    struct job job = {
        .road = road, .size = SMALL, .outcome = outcome, .stuck = fault->becomes[moment] == 'P'};
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
    judge(fault, moment, outcome, error, fine);
    look(&job, fine);
    free(job.data);
    tap_end();
}

/* Only what is waited for can pass or be cancelled, a job that did not begin cannot; a cancel is
 * tried in the middle, where it has something to interrupt. */
static bool is_sensible(const struct fault *fault, enum moment moment, enum outcome outcome)
{
    if (outcome == STAYS)
        return fault->becomes[moment] != '-';
    if (fault->becomes[moment] != 'W' || (moment == BEFORE && fault->at_start))
        return false;
    return outcome == HEALS || moment == DURING;
}

static void try_device(struct road *road, const struct fault *faults)
{
    for (; faults->what; faults++)
        for (int moment = 0; moment < MOMENTS; moment++)
            for (int outcome = 0; outcome < OUTCOMES; outcome++)
                if (is_sensible(faults, moment, outcome))
                    try_fault(road, faults, moment, outcome);
}

static void try_large(struct road *road)
{
    struct job job = {.road = road, .size = LARGE, .stuck = true};
    uint32_t error;
    tap_begin("%s: a large job", road->far->name);
    job.data = make_bytes(job.size, 5);
    road->far->reset(road->far);
    error = road_start(road, PATIENT);
    if (!error)
        error = print(&job);
    tap_expect(!error, "error %u", (unsigned)error);
    look(&job, !error);
    free(job.data);
    tap_end();
}

/* ---- devices ------------------------------------------------------------------------------- */

// clang-format off
static const struct fault parallel[] = {
    {"busy",                    WAITS,  0x58, 0, 0},
    {"out of paper",            WAITS,  0x70, PLATEN_OUT_OF_PAPER, 0},
    {"out of paper, no fault",  WAITS,  0x78, PLATEN_OUT_OF_PAPER, 0},
    {"out of paper, not busy",  "FEEP", 0xF8, PLATEN_OUT_OF_PAPER, 0},
    {"off line",                WAITS,  0x40, PLATEN_NOT_READY, 0},
    {"off line, no fault",      WAITS,  0x48, PLATEN_NOT_READY, 0},
    {"off line, not busy",      "FEEP", 0xC8, PLATEN_NOT_READY, 0},
    {"a fault",                 WAITS,  0x50, PLATEN_NOT_READY, 0},
    {"no power",                WAITS,  0x00, PLATEN_NOT_READY, 0},
    {0},
};

static const struct fault serial[] = {
    {"takes nothing", WAITS, LINE_STOPS, 0, 0},
    {0},
};

static const struct fault adapter[] = {
    {"takes nothing",           WAITS,  USB_HOLDS, 0, 0},
    {"CTS off",                 WAITS,  ADAPTER_NO_CTS, 0, 0},
    {"CTS off, a little left",  WAITS,  ADAPTER_NO_CTS, 0, 100},
    {"carrier off",             "PFFE", ADAPTER_NO_CARRIER, 0, 0},
    {"pulled out",              "FFFE", USB_GONE, PLATEN_PRINTER_NOT_FOUND, 0},
    {"no answers",              "F-E-", USB_MUTE, PLATEN_TIMEOUT, 0}, /* seconds each */
    {0},
};

static const struct fault adapter_soft[] = {
    {"XOFF",                    WAITS,  ADAPTER_XOFF, 0, 0},
    {0},
};

static const struct fault adapter_dsr[] = {
    {"DSR off",                 WAITS,  ADAPTER_NO_DSR, 0, 0},
    {0},
};

static const struct fault usb[] = {
    {"takes nothing",           WAITS,  USB_HOLDS, 0, 0},
    {"out of paper",            WAITS,  USB_HOLDS | PRINTER_STATUS(0x38), PLATEN_OUT_OF_PAPER, 0},
    {"off line",                WAITS,  USB_HOLDS | PRINTER_STATUS(0x08), 0, 0},
    {"questions refused",       HARMLESS, USB_STALLS, 0, 0},
    {"no answers",              "EP-P", USB_MUTE, 0, 0}, /* the driver keeps writes waiting */
    {"transfers fail",          "FFFP", USB_FAILS, 0, 0},
    {"pulled out",              "FFFE", USB_GONE, PLATEN_PRINTER_NOT_FOUND, 0},
    {0},
};

static const struct fault usb_id[] = {
    {"pulled out",              "FFFE", USB_GONE, PLATEN_PRINTER_NOT_FOUND, 0},
    {0},
};

static const struct device_row {
    const char *name;
    const char *uri;
    const struct platen_backend *backend;
    struct far *(*far)(void);
    const struct fault *faults;
} devices[] = {
    {"lp0", "parallel:/dev/lp0", &platen_backend_parallel, far_parallel, parallel},
    {"ttyS1", "serial:/dev/ttyS1?baud=115200", &platen_backend_serial, far_serial, serial},
    {"ttyUSB0", "serial:/dev/ttyUSB0?baud=115200&flow=hard", &platen_backend_serial, far_adapter,
     adapter},
    {"ttyUSB0", "serial:/dev/ttyUSB0?baud=115200&flow=soft", &platen_backend_serial, far_adapter,
     adapter_soft},
    {"ttyUSB0", "serial:/dev/ttyUSB0?baud=115200&flow=dtrdsr", &platen_backend_serial, far_adapter,
     adapter_dsr},
    {"usb", "usb:/dev/usb/lp0", &platen_backend_usb, far_printer, usb},
    {"usb", "usb://Acme/Jet 3000?serial=SN0042", &platen_backend_usb, far_printer, usb_id},
};
// clang-format on

/* guest-jobs DEVICE...: as the far ends are called. */
static bool is_wanted(const char *name, int count, char **names)
{
    bool found = count == 1;
    for (int i = 1; i < count; i++)
        found = found || strcmp(names[i], name) == 0;
    return found;
}

static void try_row(const struct device_row *row, bool first)
{
    uint64_t begun = platen_os_now();
    struct road road;
    road_open(&road, row->backend, row->uri, row->far());
    if (first)
        try_large(&road);
    try_device(&road, row->faults);
    tap_note("%s: %u ms; the latest call: %u ms", row->uri,
             (unsigned)((platen_os_now() - begun) / MS), (unsigned)(road.latest / MS));
    road_close(&road);
    if (first && road.far->say)
        try_way_back(row->backend, row->uri, road.far);
}

int main(int count, char **names)
{
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
        if (is_wanted(devices[i].name, count, names))
            try_row(&devices[i], i == 0 || devices[i].far != devices[i - 1].far);
    if (is_wanted("ttyUSB0", count, names)) {
        try_settings();
        try_mute();
    }
    if (is_wanted("usb", count, names)) {
        try_questions();
        try_another_place();
    }
    return tap_finish();
}
