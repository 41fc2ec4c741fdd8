/* SPDX-License-Identifier: MIT
 * `paced:x?rate=9600` takes so many bytes a second and throws them away. */
#include <stdatomic.h>
#include <stdlib.h>
#include <platen/backend.h>

struct paced { /* the private state of one open port; begins as zeroes */
    struct platen_clock *clock;
    uint64_t rate;              /* bytes a second */
    uint64_t due;               /* the moment when what was taken is through */
    _Atomic uint32_t cancelled; /* this job; also the word to sleep on */
};

static const struct platen_setting settings[] = {
    {"rate", PLATEN_SETTING_NUMBER, "9600", 1, 1000000000, "how fast, in bytes a second"}, {0}};

static unsigned claims(const char *port_name)
{
    return (void)port_name, 0; /* none is ours by its name alone */
}

static uint32_t open_port(void *state, const struct platen_port_setup *setup)
{
    struct paced *port = state;
    port->clock = setup->clock;
    port->rate = strtoull(setup->values[0], NULL, 10); /* the library has checked it */
    return 0;
}

static uint32_t start_doc(void *state, const struct platen_doc *doc, uint64_t deadline)
{
    struct paced *port = state;
    port->due = 0;
    atomic_store(&port->cancelled, 0); /* from here on a cancel means this job */
    return (void)doc, (void)deadline, 0;
}

/* Waits until what was taken is through; not beyond the deadline, nor after a cancel. */
static uint32_t settle(struct paced *port, uint64_t deadline)
{
    const uint64_t until = port->due < deadline ? port->due : deadline;
    while (port->clock->now(port->clock) < until && !atomic_load(&port->cancelled))
        port->clock->wait(port->clock, (const uint32_t *)(uintptr_t)&port->cancelled, 0, until);
    uint32_t late = port->due > deadline ? PLATEN_TIMEOUT : 0;
    return atomic_load(&port->cancelled) ? PLATEN_OPERATION_ABORTED : late;
}

static uint32_t take(void *state, const void *data, uint32_t size, uint64_t until, uint32_t *moved)
{
    struct paced *port = state;
    uint32_t error = settle(port, until);
    *moved = error ? 0 : size;
    if (!error)
        port->due = port->clock->now(port->clock) + size * UINT64_C(1000000000) / port->rate;
    return (void)data, error;
}

static uint32_t end_doc(void *state, bool abandoned, uint64_t deadline)
{
    return abandoned ? 0 : settle(state, deadline);
}

static void close_port(void *state)
{
    (void)state;
}

static void cancel(void *state)
{
    struct paced *port = state;
    atomic_store(&port->cancelled, 1);
    port->clock->wake(port->clock, (const uint32_t *)(uintptr_t)&port->cancelled);
}

// clang-format off
const struct platen_backend platen_backend_paced = {
    .size = sizeof(struct platen_backend), .name = "paced", .settings = settings,
    .summary = "takes some bytes a second and throws them away", .example = "paced:x?rate=50000000",
    .state_size = sizeof(struct paced), .claims = claims, .open = open_port, .start_doc = start_doc,
    .write = take, .end_doc = end_doc, .close = close_port, .cancel = cancel};
