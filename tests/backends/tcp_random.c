/* SPDX-License-Identifier: MIT
 *
 * tcp_random [RUNS [SEED]]: jobs for printers that misbehave at random. What the backend calls
 * printed must have been received whole by the printer's system; the printer's program may have
 * thrown it away unread all the same, which is counted and said.
 */
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bare.h"
#include "os/clock.h"
#include "os/socket.h"
#include "os/thread.h"
#include "trial.h"

extern const struct platen_backend platen_backend_tcp;

enum { LANES = 4, MOST = 1 << 20, MILLISECONDS = 1000000 };

enum habit {
    GOOD,         /* reads all, then closes */
    TALKS,        /* the same, and answers */
    ONLY_LISTENS, /* ends its own side at once, reads all */
    KEEPS,        /* reads all, closes when the job is long over */
    CLOSES,       /* closes after some bytes */
    RESETS,       /* breaks off after some bytes */
    STALLS,       /* reads no more after some bytes */
    SLEEPS,       /* never takes the connection */
    HABITS
};

static const char *const habit_names[HABITS] = {"good",   "talks",  "only listens", "keeps",
                                                "closes", "resets", "stalls",       "sleeps"};

/* One thread that prints, its printer, and what they make of one job. */
struct lane {
    uint32_t random;
    unsigned runs;
    struct trial trials[2]; /* with and without waiteof */
    struct port ports[2];
    bare_socket listener;
    bool can_reset;

    bool wait_for_end;
    bool cancels;
    bool reads;
    enum habit habit;
    uint32_t size;
    uint32_t some;
    const unsigned char *data;
    _Atomic uint32_t over; /* the job is, for the backend */

    uint32_t received; /* by the printer's program */
    uint32_t unread;   /* by it, of what its system has */
    bool spoilt;       /* what it received is not what was sent */

    unsigned printed, failed, thrown_away;
    char complaint[200];
};

static uint32_t below(struct lane *lane, uint32_t limit)
{
    return next_random(&lane->random) % limit;
}

static struct port *port_of(struct lane *lane)
{
    return &lane->ports[lane->wait_for_end];
}

static struct trial *trial_of(struct lane *lane)
{
    return &lane->trials[lane->wait_for_end];
}

/* ---- the printer ----------------------------------------------------------------------------- */

static void await_over(struct lane *lane)
{
    while (!atomic_load(&lane->over))
        platen_os_wait((const uint32_t *)(uintptr_t)&lane->over, 0, soon());
}

/* Up to so many bytes, or to the end; false at the end. */
static bool receive(struct lane *lane, bare_socket peer, uint32_t limit)
{
    static _Thread_local unsigned char room[8192];
    while (lane->received < limit) {
        uint32_t left = limit - lane->received;
        long count = bare_receive(peer, room, left < sizeof room ? left : sizeof room);
        if (count <= 0)
            return false;
        lane->spoilt = lane->spoilt || lane->received + (uint32_t)count > lane->size ||
                       memcmp(room, lane->data + lane->received, (size_t)count) != 0;
        lane->received += (uint32_t)count;
        if (lane->habit == TALKS)
            bare_send(peer, "status\r\n", 8);
    }
    return true;
}

static void print_to_end(struct lane *lane, bare_socket peer)
{
    if (lane->habit == ONLY_LISTENS)
        bare_end_sending(peer);
    receive(lane, peer, UINT32_MAX);
    if (lane->habit == KEEPS)
        await_over(lane);
    bare_close(peer);
}

/* What came before the close is counted after it, when no more can come. */
static void print_some(struct lane *lane, bare_socket peer)
{
    bool more = receive(lane, peer, lane->some);
    if (more && lane->habit == STALLS)
        await_over(lane);
    if (lane->habit == RESETS && lane->can_reset) {
        lane->unread = bare_unread(peer);
        bare_reset(peer);
        return;
    }
    if (lane->habit == CLOSES || lane->habit == RESETS)
        bare_shut(peer);
    lane->unread = bare_unread(peer);
    bare_close(peer);
}

/* Until somebody connects, or the job is over without that. */
static bare_socket take_connection(struct lane *lane)
{
    if (lane->habit == SLEEPS)
        await_over(lane);
    for (;;) {
        bool over = atomic_load(&lane->over);
        if (bare_wait(lane->listener, over ? 0 : 20))
            return bare_accept(lane->listener);
        if (over)
            return NO_SOCKET;
    }
}

static void be_printer(void *argument)
{
    struct lane *lane = argument;
    bare_socket peer = take_connection(lane);
    if (peer == NO_SOCKET)
        return;
    if (lane->habit == SLEEPS) {
        lane->unread = bare_unread(peer);
        bare_close(peer);
    } else if (lane->habit < CLOSES) {
        print_to_end(lane, peer);
    } else {
        print_some(lane, peer);
    }
}

/* ---- the job --------------------------------------------------------------------------------- */

static void call_off(void *argument)
{
    struct lane *lane = argument;
    uint64_t until = platen_os_now() + (lane->some % 5000) * UINT64_C(1000);
    platen_os_socket_wait(PLATEN_OS_NO_SOCKET, PLATEN_OS_READABLE, PLATEN_OS_NO_BELL, until);
    trial_of(lane)->backend.cancel(port_of(lane)->state);
}

static void read_beside(void *argument)
{
    struct lane *lane = argument;
    char room[64];
    uint32_t moved;
    while (!atomic_load(&lane->over))
        trial_of(lane)->backend.read(port_of(lane)->state, room, sizeof room,
                                     platen_os_now() + 5 * MILLISECONDS, &moved);
}

/* Where the printer never goes on, patience is short. */
static uint64_t patience(const struct lane *lane)
{
    bool hopeless = lane->habit == STALLS || lane->habit == SLEEPS || lane->habit == KEEPS;
    return platen_os_now() + (hopeless ? 60 * MILLISECONDS : 20 * SECOND);
}

static uint32_t write_job(struct lane *lane)
{
    uint32_t at = 0, error = 0;
    while (at < lane->size && !error) {
        uint32_t moved, piece = 1 + below(lane, 70000);
        if (piece > lane->size - at)
            piece = lane->size - at;
        error = port_write(trial_of(lane), port_of(lane), lane->data + at, piece, patience(lane),
                           &moved);
        at += moved;
    }
    return error;
}

static uint32_t print_job(struct lane *lane)
{
    struct trial *trial = trial_of(lane);
    struct port *port = port_of(lane);
    struct platen_doc doc = port_document(port);
    uint32_t ended, error = port_start(trial, port, &doc, soon());
    if (error)
        return error;
    error = write_job(lane);
    if (!error && below(lane, 2)) {
        error = trial->backend.drain(port->state, patience(lane));
        error = error == PLATEN_TIMEOUT ? 0 : error;
    }
    ended = trial->backend.end_doc(port->state, error != 0, patience(lane));
    return error ? error : ended;
}

/* ---- a run ----------------------------------------------------------------------------------- */

static void plan(struct lane *lane)
{
    uint32_t scale = below(lane, 21);
    lane->habit = (enum habit)below(lane, HABITS);
    lane->wait_for_end = lane->habit == RESETS || below(lane, 2);
    lane->cancels = below(lane, 8) == 0;
    lane->reads = below(lane, 4) == 0;
    lane->size = below(lane, (1u << scale) + 1);
    lane->some = below(lane, lane->size + 2);
    lane->received = lane->unread = 0;
    lane->spoilt = false;
    atomic_store(&lane->over, 0);
}

static void complain(struct lane *lane, const char *what, uint32_t error)
{
    if (!lane->complaint[0])
        snprintf(lane->complaint, sizeof lane->complaint,
                 "%s: %u bytes, %u read, %u unread, at %u, habit: %s%s%s, error %u", what,
                 (unsigned)lane->size, (unsigned)lane->received, (unsigned)lane->unread,
                 (unsigned)lane->some, habit_names[lane->habit],
                 lane->wait_for_end ? ", waiteof" : "", lane->cancels ? ", cancel" : "",
                 (unsigned)error);
}

static void judge(struct lane *lane, uint32_t error)
{
    bool whole = lane->received + lane->unread == lane->size;
    bool well_behaved = lane->habit == GOOD || lane->habit == TALKS;
    *(error ? &lane->failed : &lane->printed) += 1;
    if (lane->spoilt)
        complain(lane, "other bytes arrived", error);
    if (!error && !whole)
        complain(lane, "called printed, and not received", error);
    if (error && well_behaved && !lane->cancels)
        complain(lane, "not printed by a good printer", error);
    if (!error && lane->unread)
        lane->thrown_away++;
}

static platen_os_thread *start(void (*body)(void *), struct lane *lane, bool wanted)
{
    platen_os_thread *thread = NULL;
    if (wanted && platen_os_thread_start(&thread, "lane", 0, body, lane))
        abort();
    return thread;
}

static void join(platen_os_thread *thread)
{
    if (thread)
        platen_os_thread_join(thread);
}

static void run(struct lane *lane)
{
    plan(lane);
    platen_os_thread *printer = start(be_printer, lane, true);
    platen_os_thread *reader = start(read_beside, lane, lane->reads);
    platen_os_thread *canceller = start(call_off, lane, lane->cancels);
    uint32_t error = print_job(lane);
    join(canceller);
    atomic_store(&lane->over, 1);
    platen_os_wake((const uint32_t *)(uintptr_t)&lane->over);
    join(reader);
    join(printer);
    while (bare_wait(lane->listener, 0)) /* of a start that was called off */
        bare_close(bare_accept(lane->listener));
    judge(lane, error);
}

static void run_all(void *argument)
{
    struct lane *lane = argument;
    for (unsigned i = 0; i < lane->runs && !lane->complaint[0]; i++)
        run(lane);
}

/* ---- all ------------------------------------------------------------------------------------- */

static void open_lane(struct lane *lane, uint32_t seed, unsigned runs, const unsigned char *data)
{
    static const char *const waits[] = {"false", "true"};
    static char uris[LANES][2][80];
    static unsigned next;
    char(*uri)[80] = uris[next++];
    uint16_t number;

    *lane = (struct lane){.random = seed | 1, .runs = runs, .data = data};
    lane->can_reset = bare_can_reset();
    lane->listener = bare_listen(4, 10, 0, &number);
    for (int i = 0; i < 2; i++) {
        snprintf(uri[i], sizeof uri[i], "socket://127.0.0.1:%u?waiteof=%s", (unsigned)number,
                 waits[i]);
        trial_begin(&lane->trials[i], &platen_backend_tcp, uri[i]);
        if (!port_open_new(&lane->trials[i], &lane->ports[i], NULL))
            abort();
    }
}

static void close_lane(struct lane *lane)
{
    for (int i = 0; i < 2; i++) {
        if (lane->trials[i].complaint[0] && !lane->complaint[0])
            snprintf(lane->complaint, sizeof lane->complaint, "%.190s", lane->trials[i].complaint);
        port_finish(&lane->trials[i], &lane->ports[i]);
        trial_end(&lane->trials[i]);
    }
    bare_close(lane->listener);
}

int main(int argc, char **argv)
{
    static struct lane lanes[LANES];
    platen_os_thread *threads[LANES];
    unsigned runs = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 200;
    uint32_t seed = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : (uint32_t)platen_os_now();
    unsigned char *data = make_bytes(MOST + 1, 1);
    unsigned printed = 0, failed = 0, thrown_away = 0;
    bool fine = data != NULL;

    printf("%u runs, seed %" PRIu32 "\n", runs, seed);
    fflush(stdout);
    for (unsigned i = 0; i < LANES; i++) {
        open_lane(&lanes[i], seed * 2654435761u + i * 40503u, (runs + LANES - 1) / LANES, data);
        threads[i] = start(run_all, &lanes[i], true);
    }
    for (unsigned i = 0; i < LANES; i++) {
        join(threads[i]);
        close_lane(&lanes[i]);
        printed += lanes[i].printed;
        failed += lanes[i].failed;
        thrown_away += lanes[i].thrown_away;
        fine = fine && !lanes[i].complaint[0];
        if (lanes[i].complaint[0])
            printf("%s\n", lanes[i].complaint);
    }
    free(data);
    printf("%u printed, %u not; %u of those printed were thrown away unread by their printer\n",
           printed, failed, thrown_away);
    return fine && printed && failed ? 0 : 1;
}
