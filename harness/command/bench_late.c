/* SPDX-License-Identifier: MIT
 *
 * How late a call comes back from a TCP printer that lets it hang: after the deadline it had, and
 * after a cancel from another thread. Beside it what the system itself takes to end a bare wait.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "call/call.h"
#include "command/bench_house.h"
#include "command/command.h"
#include "os/clock.h"
#include "os/lasterror.h"
#include "os/socket.h"
#include "os/thread.h"

#define MILLISECOND UINT64_C(1000000)
#define PATIENCE    50u                /* of the calls that have a deadline, milliseconds */
#define SETTLED     (20 * MILLISECOND) /* a call that takes so long hangs, and can be cancelled */
#define PIECE_SIZE  65536u

struct late_state {
    const struct trouble *trouble;
    struct bench_house house;
    platen_device *device;
    HANDLE port;
    platen_os_bell bell;
    uint64_t cancelled;     /* when */
    _Atomic uint64_t since; /* when the call began that is under way; 0: none yet */
    unsigned char piece[PIECE_SIZE];
};

static void wait_until(uint64_t until)
{
    platen_os_socket_wait(PLATEN_OS_NO_SOCKET, PLATEN_OS_READABLE, PLATEN_OS_NO_BELL, until);
}

/* ---- calls that hang --------------------------------------------------------------------------
 */

static bool start(struct late_state *state)
{
    static WCHAR title[] = TEXT("late");
    DOC_INFO_1W doc = {.pDocName = title};
    atomic_store(&state->since, platen_os_now());
    return platen_call_StartDocPort(NULL, state->house.table, state->port, NULL, 1, 1,
                                    (LPBYTE)&doc);
}

static bool write(struct late_state *state)
{
    DWORD written;
    atomic_store(&state->since, platen_os_now());
    return platen_call_WritePort(NULL, state->house.table, state->port, state->piece, PIECE_SIZE,
                                 &written);
}

/* Until the printer takes no more. */
static bool write_on(struct late_state *state)
{
    while (write(state)) {
    }
    return false;
}

static bool end_doc(struct late_state *state)
{
    atomic_store(&state->since, platen_os_now());
    return platen_call_EndDocPort(NULL, state->house.table, state->port);
}

static bool start_and_write(struct late_state *state)
{
    return start(state) && write(state);
}

/* What is wrong with the printer, and what leads up to the call that it lets hang. */
static const struct trouble {
    struct platen_device_options device;
    struct platen_device_manner manner;
    bool (*approach)(struct late_state *state);
    bool (*hang)(struct late_state *state);
    uint32_t at_deadline; /* what the call says then */
} troubles[] = {
    {.device = {.deaf = true}, .hang = start, .at_deadline = PLATEN_TIMEOUT},
    {.manner = {.stall = true}, .approach = start, .hang = write_on, .at_deadline = PLATEN_TIMEOUT},
    /* It has every byte: the job is printed, the wait for its end is given up. */
    {.manner = {.close_late = PLATEN_FOREVER}, .approach = start_and_write, .hang = end_doc},
};
enum { CONNECT, WRITE, END };

/* ---- begin and end ----------------------------------------------------------------------------
 */

static uint32_t start_device(const struct trouble *trouble, platen_device **device)
{
    struct platen_device_options options = trouble->device;
    struct platen_device_manner manner = trouble->manner;
    manner.size = sizeof manner;
    options.size = sizeof options;
    options.manner = &manner;
    return platen_device_start(&options, device);
}

static const char *no_deaf_device(void)
{
    platen_device *device = NULL;
    uint32_t error = start_device(&troubles[CONNECT], &device);
    platen_device_stop(device);
    return error == PLATEN_NOT_SUPPORTED ? "no connection can be left unanswered here" : NULL;
}

static bool add_port(struct late_state *state)
{
    char uri[64];
    uint32_t error = start_device(state->trouble, &state->device);
    if (error != 0) {
        complain("bench: no simulated printer: %s", describe_error(error));
        return false;
    }
    snprintf(uri, sizeof uri, "socket://127.0.0.1:%u", platen_device_port(state->device));
    return bench_house_add_port(&state->house, "late", uri);
}

static bool begin_with(struct bench *bench, uint32_t milliseconds)
{
    struct late_state *state = calloc(1, sizeof *state);
    bench->state = state;
    if (state == NULL || platen_os_bell_create(&state->bell) != 0) {
        complain("bench: no memory");
        free(state);
        bench->state = NULL;
        return false;
    }
    state->trouble = &troubles[bench->count];
    return bench_house_open_waiting(&state->house, milliseconds) && add_port(state);
}

static bool begin_deadline(struct bench *bench)
{
    return begin_with(bench, PATIENCE);
}

static bool begin_cancel(struct bench *bench)
{
    return begin_with(bench, 0);
}

static void end(struct bench *bench)
{
    struct late_state *state = bench->state;
    if (state != NULL) {
        bench_house_close(&state->house);
        platen_device_stop(state->device);
        platen_os_bell_destroy(state->bell);
        free(state);
    }
}

/* ---- runs -------------------------------------------------------------------------------------
 */

static void note_late(struct sample *sample, uint64_t back, uint64_t due)
{
    *sample = (struct sample){.cost = (double)back - (double)due, .wall = 1};
}

static bool open_port(struct late_state *state)
{
    static WCHAR name[] = TEXT("late");
    atomic_store(&state->since, 0);
    return platen_call_OpenPort(NULL, state->house.table, state->house.instance, name,
                                &state->port) &&
           (state->trouble->approach == NULL || state->trouble->approach(state));
}

static bool was_to_hang(uint32_t error)
{
    complain("bench: the call that was to hang said %s", describe_error(error));
    return false;
}

static bool run_deadline(struct bench *bench, struct sample *sample)
{
    struct late_state *state = bench->state;
    bool fine = open_port(state);
    if (fine) {
        uint32_t error = state->trouble->hang(state) ? 0 : platen_os_get_last_error();
        note_late(sample, platen_os_now(), atomic_load(&state->since) + PATIENCE * MILLISECOND);
        fine = error == state->trouble->at_deadline || was_to_hang(error);
    }
    return platen_call_ClosePort(NULL, state->house.table, state->port) && fine;
}

static bool bare_deadline(struct bench *bench, struct sample *sample)
{
    uint64_t due = platen_os_now() + PATIENCE * MILLISECOND;
    (void)bench;
    wait_until(due);
    note_late(sample, platen_os_now(), due);
    return true;
}

/* When the same call has been under way for long enough. */
static void await_hang(struct late_state *state)
{
    uint64_t since;
    do {
        since = atomic_load(&state->since);
        wait_until((since == 0 ? platen_os_now() : since) + SETTLED);
    } while (since == 0 || since != atomic_load(&state->since));
}

static void cancel(void *argument)
{
    struct late_state *state = argument;
    await_hang(state);
    state->cancelled = platen_os_now();
    platen_call_ClosePort(NULL, state->house.table, state->port);
}

static void ring(void *argument)
{
    struct late_state *state = argument;
    await_hang(state);
    state->cancelled = platen_os_now();
    platen_os_bell_ring(state->bell);
}

/* A call that hangs, and who ends it. A WritePort that had moved something says so, and the next
 * one finds the handle closed. */
static bool run_against(struct late_state *state, void (*ender)(void *),
                        bool (*hang)(struct late_state *), struct sample *sample)
{
    platen_os_thread *thread;
    uint32_t error = platen_os_thread_start(&thread, "cancel", 0, ender, state);
    if (error != 0) {
        complain("bench: no thread: %s", describe_error(error));
        return false;
    }
    error = hang(state) ? 0 : platen_os_get_last_error();
    uint64_t back = platen_os_now();
    platen_os_thread_join(thread);
    note_late(sample, back, state->cancelled);
    return error == PLATEN_OPERATION_ABORTED || error == PLATEN_INVALID_HANDLE ||
           was_to_hang(error);
}

static bool run_cancel(struct bench *bench, struct sample *sample)
{
    struct late_state *state = bench->state;
    return open_port(state) && run_against(state, cancel, state->trouble->hang, sample);
}

static bool wait_for_bell(struct late_state *state)
{
    atomic_store(&state->since, platen_os_now());
    uint32_t error = platen_os_socket_wait(PLATEN_OS_NO_SOCKET, PLATEN_OS_READABLE, state->bell,
                                           PLATEN_OS_FOREVER);
    platen_os_set_last_error(error);
    return error == 0;
}

static bool bare_cancel(struct bench *bench, struct sample *sample)
{
    struct late_state *state = bench->state;
    atomic_store(&state->since, 0);
    bool fine = run_against(state, ring, wait_for_bell, sample);
    platen_os_bell_hush(state->bell);
    return fine;
}

#define LATE_ROW(kind, trouble, title, text, against)                                              \
    {                                                                                              \
        .name = #kind "-" title, .what = text, .bare_what = against, .count = (trouble),           \
        .late = true, .times = 5, .unit = "ms late", .figure = bench_milliseconds,                 \
        .missing = (trouble) == CONNECT ? no_deaf_device : NULL, .begin = begin_##kind,            \
        .run = run_##kind, .bare = bare_##kind, .end = end,                                        \
    }
#define DEADLINE_ROW(trouble, title, text)                                                         \
    LATE_ROW(deadline, trouble, title, text " with a deadline of 50 ms", "a bare wait for as long")
#define CANCEL_ROW(trouble, title, text)                                                           \
    LATE_ROW(cancel, trouble, title, text ", and ClosePort on another thread",                     \
             "a bare wait that another thread ends")

const struct bench_row bench_deadline_connect =
    DEADLINE_ROW(CONNECT, "connect", "StartDocPort on a printer that never answers");
const struct bench_row bench_deadline_write =
    DEADLINE_ROW(WRITE, "write", "WritePort to a printer that reads nothing");
const struct bench_row bench_deadline_end =
    DEADLINE_ROW(END, "end", "EndDocPort on a printer that never closes the connection");
const struct bench_row bench_cancel_connect =
    CANCEL_ROW(CONNECT, "connect", "StartDocPort on a printer that never answers");
const struct bench_row bench_cancel_write =
    CANCEL_ROW(WRITE, "write", "WritePort to a printer that reads nothing");
const struct bench_row bench_cancel_end =
    CANCEL_ROW(END, "end", "EndDocPort on a printer that never closes the connection");
