/* SPDX-License-Identifier: MIT
 *
 * The spooler's side of the tests: a listener, a spooler with a stub and a printer, a clock.
 */
#include "stub.h"

#include <stdio.h>

void stub_violation(struct stub *stub, const char *format, ...)
{
    va_list args;

    platen_os_mutex_lock(&stub->lock);
    va_start(args, format);
    if (stub->violation[0] == '\0')
        vsnprintf(stub->violation, sizeof stub->violation, format, args);
    va_end(args);
    platen_os_mutex_unlock(&stub->lock);
}

void listener_prepare(struct listener *listener)
{
    memset(listener, 0, sizeof *listener);
    platen_os_mutex_init(&listener->lock);
}

void note_event(void *context, const struct platen_event *event)
{
    struct listener *listener = context;

    platen_os_mutex_lock(&listener->lock);
    listener->last[event->kind] = *event;
    snprintf(listener->text[event->kind], sizeof listener->text[0], "%s",
             event->text != NULL ? event->text : "");
    platen_os_mutex_unlock(&listener->lock);
    atomic_fetch_add(&listener->count[event->kind], 1);
}

platen_spooler *new_spooler(struct listener *listener)
{
    struct platen_spooler_options options = {.size = sizeof options};
    platen_spooler *spooler;

    if (listener != NULL) {
        listener_prepare(listener);
        options.on_event = note_event;
        options.event_context = listener;
    }
    assert_int_equal(platen_spooler_create(&options, &spooler), 0);
    return spooler;
}

platen_spooler *new_house(struct listener *listener, struct stub *stub)
{
    platen_spooler *spooler = new_spooler(listener);

    assert_int_equal(stub_attach(spooler, stub, "Stub", NULL), 0);
    assert_int_equal(platen_printer_add(spooler, "Printer", "P1:"), 0);
    return spooler;
}

uint32_t submit_bytes(platen_spooler *spooler, const char *printer, const void *data, uint64_t size)
{
    struct platen_document document = {
        .size = sizeof document, .title = "bytes", .data = data, .data_size = size};
    uint32_t id;

    assert_int_equal(platen_job_submit(spooler, printer, &document, &id), 0);
    assert_true(id > 0);
    return id;
}

struct platen_job_info print_bytes(platen_spooler *spooler, const void *data, uint64_t size)
{
    struct platen_job_info info;
    uint32_t id = submit_bytes(spooler, "Printer", data, size);

    assert_int_equal(platen_job_wait(spooler, id, PLATEN_FOREVER, &info), 0);
    assert_int_equal(info.id, id);
    return info;
}

void wait_for_count(const atomic_uint *count, unsigned value)
{
    while (atomic_load(count) < value)
        platen_os_thread_yield();
}

void gate_prepare(struct gate *gate)
{
    atomic_init(&gate->reached, 0);
    atomic_init(&gate->open, 0);
}

void gate_pass(struct gate *gate)
{
    atomic_fetch_add(&gate->reached, 1);
    wait_for_count(&gate->open, 1);
}

void gate_wait(struct gate *gate)
{
    wait_for_count(&gate->reached, 1);
}

void gate_open(struct gate *gate)
{
    atomic_store(&gate->open, 1);
}

struct platen_job_info wait_for_state(platen_spooler *spooler, uint32_t id,
                                      enum platen_job_state state)
{
    struct platen_job_info info;

    do {
        platen_os_thread_yield();
        assert_int_equal(platen_job_query(spooler, id, &info), 0);
    } while (info.state != state);
    return info;
}

static uint64_t fake_now(struct platen_clock *clock)
{
    return atomic_load(&((struct fake_clock *)clock)->now);
}

static void fake_wait(struct platen_clock *clock, const uint32_t *word, uint32_t seen,
                      uint64_t until)
{
    struct fake_clock *fake = (struct fake_clock *)clock;

    if (until == PLATEN_FOREVER) {
        platen_os_wait(word, seen, PLATEN_OS_FOREVER);
        return;
    }
    atomic_fetch_add(&fake->waits, 1);
    if (atomic_load(&fake->now) < until)
        atomic_store(&fake->now, until);
}

static void fake_wake(struct platen_clock *clock, const uint32_t *word)
{
    (void)clock;
    platen_os_wake(word);
}

void fake_clock_prepare(struct fake_clock *clock)
{
    clock->clock = (struct platen_clock){fake_now, fake_wait, fake_wake};
    atomic_init(&clock->now, 1000);
    atomic_init(&clock->waits, 0);
}
