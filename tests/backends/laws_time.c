/* SPDX-License-Identifier: MIT
 *
 * Laws about deadlines, cancel, and two threads at once. No law depends on speed: the bounds are
 * seconds where a backend has 50 ms, and a backend that is only slow keeps them.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "laws.h"
#include "os/thread.h"

/* Threads wait for each other on words, never by spinning: under valgrind one that spins may keep
 * the others from running at all. */
static const uint32_t *plain(_Atomic uint32_t *word)
{
    return (const uint32_t *)(uintptr_t)word;
}

static void step(_Atomic uint32_t *word)
{
    atomic_fetch_add(word, 1);
    platen_os_wake(plain(word));
}

/* Until the word has reached the number; false if it does not. */
static bool await(_Atomic uint32_t *word, uint32_t number)
{
    uint64_t until = soon();
    uint32_t seen;
    while ((seen = atomic_load(word)) < number && platen_os_now() < until)
        platen_os_wait(plain(word), seen, until);
    return seen >= number;
}

static void expect_soon(struct trial *trial, uint64_t since, const char *what)
{
    trial_expect(trial, platen_os_now() - since < AT_ONCE, "%s does not return", what);
}

void law_past_deadlines(struct trial *trial)
{
    struct platen_doc doc;
    struct port port;
    uint32_t error, moved;
    uint64_t since;

    if (!port_open_new(trial, &port, NULL))
        return;
    doc = port_document(&port);
    since = platen_os_now();
    error = port_start(trial, &port, &doc, since);
    expect_soon(trial, since, "start_doc");
    if (!error) {
        since = platen_os_now();
        port_write(trial, &port, "late", 4, 0, &moved);
        expect_soon(trial, since, "write");
        since = platen_os_now();
        trial->backend.end_doc(port.state, false, 0);
        expect_soon(trial, since, "end_doc");
    }
    port_print(trial, &port, "fine", 4);
    port_finish(trial, &port);
}

/* Until it says something else than "not yet". */
static uint32_t drain_in_slices(struct trial *trial, struct port *port)
{
    uint64_t until = soon();
    uint32_t error;
    do {
        uint64_t since = platen_os_now();
        error = trial->backend.drain(port->state, since + SECOND / 100);
        expect_soon(trial, since, "drain");
    } while ((error == PLATEN_TIMEOUT || error == PLATEN_IO_PENDING) && platen_os_now() < until);
    return error;
}

static void drain_job(struct trial *trial, struct port *port, bool cancelled)
{
    struct platen_doc doc = port_document(port);
    uint32_t error;

    if (!trial_expect(trial, port_start(trial, port, &doc, soon()) == 0, "start_doc fails"))
        return;
    port_write_all(trial, port, "drained", 7);
    if (cancelled)
        trial->backend.cancel(port->state);
    error = drain_in_slices(trial, port);
    trial_expect(trial, error == (cancelled ? PLATEN_OPERATION_ABORTED : 0), "drain: error %u%s",
                 (unsigned)error, cancelled ? " after cancel" : "");
    error = trial->backend.end_doc(port->state, error != 0, 0);
    trial_expect(trial, !error || cancelled, "end_doc after drain: error %u", (unsigned)error);
    if (!cancelled)
        port_expect_arrived(trial, port, "drained", 7);
}

void law_draining(struct trial *trial)
{
    struct port port;

    if (!trial->backend.drain || !port_open_new(trial, &port, NULL))
        return;
    for (int round = 0; round < 4; round++)
        drain_job(trial, &port, round % 2 && trial->backend.cancel);
    port_print(trial, &port, "the next one", 12);
    port_finish(trial, &port);
}

/* One read at the guard of painted bytes. */
static void read_once(struct trial *trial, struct port *port, uint32_t size)
{
    unsigned char room[64];
    uint32_t moved = 0xA5A5A5A5;
    uint64_t since = platen_os_now();
    uint32_t error;

    if (trial->complaint[0])
        return;
    memset(room, 0x5A, sizeof room);
    error = trial->backend.read(port->state, room, size, since, &moved);
    expect_soon(trial, since, "read");
    trial_expect(trial, !error, "read with nothing there: error %u", (unsigned)error);
    if (!trial_expect(trial, moved <= size, "read of %u bytes moved %u", (unsigned)size,
                      (unsigned)moved))
        return;
    for (size_t i = moved; i < sizeof room; i++)
        trial_expect(trial, room[i] == 0x5A, "read touches bytes beyond what it moved");
}

void law_reading(struct trial *trial)
{
    struct platen_doc doc;
    struct port port;

    if (!trial->backend.read || !port_open_new(trial, &port, NULL))
        return;
    read_once(trial, &port, 0);
    read_once(trial, &port, 40);
    doc = port_document(&port);
    if (port_start(trial, &port, &doc, soon()) == 0) {
        read_once(trial, &port, 0);
        read_once(trial, &port, 40);
        port_end(trial, &port, false);
    }
    port_finish(trial, &port);
}

/* A thread that writes until it is told that it was cancelled, and gives up two seconds after. */
struct writer {
    struct trial *trial;
    struct port *port;
    _Atomic uint64_t cancelled_at;
    _Atomic uint32_t writes;
    uint32_t error;
    uint64_t ended_at;
};

static void write_on(void *argument)
{
    struct writer *writer = argument;
    uint32_t moved;
    do {
        uint64_t cancelled_at = atomic_load(&writer->cancelled_at);
        writer->error = port_write(writer->trial, writer->port, "bytes", 5, soon(), &moved);
        writer->ended_at = platen_os_now();
        step(&writer->writes);
        if (cancelled_at && writer->ended_at - cancelled_at > 2 * SECOND)
            break;
    } while (!writer->error);
}

static void cancel_writer(struct trial *trial, struct port *port)
{
    struct writer writer = {.trial = trial, .port = port};
    platen_os_thread *thread;
    unsigned wanted = trial->serial % 7;
    uint64_t cancelled_at;

    if (platen_os_thread_start(&thread, "writer", 0, write_on, &writer))
        return;
    trial_expect(trial, await(&writer.writes, wanted), "write hangs");
    cancelled_at = platen_os_now();
    trial->backend.cancel(port->state);
    atomic_store(&writer.cancelled_at, cancelled_at);
    platen_os_thread_join(thread);
    trial_expect(trial, writer.error == PLATEN_OPERATION_ABORTED,
                 "a cancelled write gives %u, not 995", (unsigned)writer.error);
    trial_expect(trial, writer.ended_at < cancelled_at + AT_ONCE, "cancel does not end a write");
}

void law_cancelling(struct trial *trial)
{
    struct platen_doc doc;
    struct port port;
    uint32_t moved;

    if (!trial->backend.cancel || !port_open_new(trial, &port, NULL))
        return;
    for (int round = 0; round < 20 && !trial->complaint[0]; round++, trial->serial++) {
        doc = port_document(&port);
        if (!trial_expect(trial, port_start(trial, &port, &doc, soon()) == 0, "start_doc fails"))
            break;
        cancel_writer(trial, &port);
        trial_expect(trial,
                     port_write(trial, &port, "x", 1, soon(), &moved) == PLATEN_OPERATION_ABORTED,
                     "a write after cancel goes on");
        trial_expect(trial, port_end(trial, &port, round & 1) != 0 || (round & 1),
                     "a cancelled job ends as if it were printed");
        port_print(trial, &port, "the next one", 12);
    }
    port_finish(trial, &port);
}

/* Jobs without bytes, again and again, while cancel is called. */
struct repeater {
    struct trial *trial;
    struct port *port;
    _Atomic uint32_t done;
    uint32_t wrong;
};

static void note_wrong(struct repeater *repeater, uint32_t error)
{
    if (error && error != PLATEN_OPERATION_ABORTED)
        repeater->wrong = error;
}

static void repeat_jobs(void *argument)
{
    struct repeater *repeater = argument;
    struct platen_doc doc = port_document(repeater->port);
    uint64_t since = platen_os_now();
    for (int i = 0; i < 300 && (i < 30 || !was_long(since)); i++) {
        uint32_t error = port_start(repeater->trial, repeater->port, &doc, soon());
        note_wrong(repeater, error);
        if (!error)
            note_wrong(repeater, port_end(repeater->trial, repeater->port, false));
    }
    step(&repeater->done);
}

void law_early_cancelling(struct trial *trial)
{
    struct repeater repeater = {.trial = trial};
    platen_os_thread *thread;
    struct port port;

    if (!trial->backend.cancel || !port_open_new(trial, &port, NULL))
        return;
    trial->backend.cancel(port.state);
    port_print(trial, &port, "not harmed", 10);
    repeater.port = &port;
    if (platen_os_thread_start(&thread, "jobs", 0, repeat_jobs, &repeater) == 0) {
        while (!atomic_load(&repeater.done)) {
            trial->backend.cancel(port.state);
            platen_os_wait(plain(&repeater.done), 0, platen_os_now() + SECOND / 10000);
        }
        platen_os_thread_join(thread);
    }
    trial_expect(trial, repeater.wrong == 0, "start_doc or end_doc beside cancel: error %u",
                 (unsigned)repeater.wrong);
    port_print(trial, &port, "the next one", 12);
    port_finish(trial, &port);
}

struct reader {
    struct trial *trial;
    struct port *port;
    _Atomic bool stop;
    _Atomic uint32_t reads;
    uint32_t error;
};

static void read_on(void *argument)
{
    struct reader *reader = argument;
    char room[100];
    uint32_t moved;
    while (!atomic_load(&reader->stop)) {
        uint32_t error = reader->trial->backend.read(reader->port->state, room, sizeof room,
                                                     platen_os_now() + SECOND / 1000, &moved);
        if (error)
            reader->error = error;
        step(&reader->reads);
    }
}

/* A job that stays open for a while that is measured in reads. */
static void print_beside(struct trial *trial, struct port *port, struct reader *reader)
{
    struct platen_doc doc = port_document(port);
    uint32_t begun;

    if (!trial_expect(trial, port_start(trial, port, &doc, soon()) == 0, "start_doc fails"))
        return;
    port_write_all(trial, port, "bytes", 5);
    begun = atomic_load(&reader->reads);
    trial_expect(trial, await(&reader->reads, begun + 3), "read hangs in a job");
    port_write_all(trial, port, "bytes", 5);
    trial_expect(trial, port_end(trial, port, false) == 0, "end_doc fails");
}

void law_reading_aside(struct trial *trial)
{
    struct reader reader = {.trial = trial};
    unsigned char *data = make_bytes(5000, 5);
    platen_os_thread *thread;
    struct port port;

    if (data && trial->backend.read && port_open_new(trial, &port, NULL)) {
        reader.port = &port;
        if (platen_os_thread_start(&thread, "reader", 0, read_on, &reader) == 0) {
            for (int i = 0; i < 20; i++) {
                print_beside(trial, &port, &reader);
                port_print(trial, &port, data, 5000);
            }
            atomic_store(&reader.stop, true);
            platen_os_thread_join(thread);
        }
        trial_expect(trial, !reader.error, "read beside jobs: error %u", (unsigned)reader.error);
        port_finish(trial, &port);
    }
    free(data);
}

static void try_control(struct trial *trial, struct port *port, uint32_t code)
{
    unsigned char out[16];
    uint32_t returned = 0xA5A5A5A5, error;

    memset(out, 0x5A, sizeof out);
    error = trial->backend.control(port->state, code, NULL, 0, out, 8, &returned);
    trial_expect(trial, error == PLATEN_INVALID_PARAMETER, "an unknown control code: %u, not 87",
                 (unsigned)error);
    trial_expect(trial, returned <= 8, "control returned %u of 8 bytes", (unsigned)returned);
    for (size_t i = 8; i < sizeof out; i++)
        trial_expect(trial, out[i] == 0x5A, "control touches bytes beyond its buffer");
}

void law_extras(struct trial *trial)
{
    char value[16] = "";
    struct port port;

    if (!port_open_new(trial, &port, NULL))
        return;
    if (trial->backend.control) {
        try_control(trial, &port, 0xFFFFFFFF);
        try_control(trial, &port, 0);
    }
    if (trial->backend.bidi)
        trial_expect(trial,
                     trial->backend.bidi(port.state, "\\No.Such:Schema", value, sizeof value) ==
                         PLATEN_BIDI_SCHEMA_NOT_SUPPORTED,
                     "an unknown bidi schema is answered");
    const uint32_t none[PLATEN_TIMES] = {0};
    if (trial->backend.set_timeouts)
        trial_expect(trial, trial->backend.set_timeouts(port.state, none) == 0,
                     "set_timeouts refuses to leave things as they are");
    port_print(trial, &port, "fine", 4);
    port_finish(trial, &port);
}
