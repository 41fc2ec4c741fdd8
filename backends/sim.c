/* SPDX-License-Identifier: MIT
 *
 * The sim backend: ports on simulated devices (<platen/sim.h>). It waits on the port's clock and on
 * nothing else, so that it works in simulated time too.
 */
#include <string.h>

#include "os/text.h"
#include "sim_device.h"

enum { SETTING_SCRIPT };

static const struct platen_setting settings[] = {
    [SETTING_SCRIPT] =
        {"script", PLATEN_SETTING_TEXT, "", 0, 0,
         "what a device does that has been given no script yet: steps divided by ';'"},
    {0},
};

/* What stands behind "SIM:", or NULL. */
static const char *device_of(const char *port_name)
{
    char begin[5] = "";
    strncat(begin, port_name, 4);
    return platen_text_equal_folded8(begin, "SIM:") ? port_name + 4 : NULL;
}

static const char *device_name(const struct platen_port_setup *setup)
{
    const char *name = device_of(setup->target);
    return name ? name : setup->target;
}

static unsigned claims(const char *port_name)
{
    const char *name = device_of(port_name);
    return name && *name ? 3 : 0;
}

static uint32_t check(const struct platen_port_setup *setup)
{
    struct sim_script script;
    uint32_t error;

    if (!*device_name(setup))
        return PLATEN_INVALID_NAME;
    error = sim_script_parse(setup->values[SETTING_SCRIPT], &script, NULL);
    if (!error)
        sim_script_free(&script);
    return error;
}

static uint32_t open_port(void *state, const struct platen_port_setup *setup)
{
    const char *script = setup->values[SETTING_SCRIPT];
    const char *complaint = NULL;
    struct platen_sim *device;
    uint32_t error;

    if (!*device_name(setup))
        return PLATEN_INVALID_NAME;
    device = platen_sim_create(device_name(setup));
    if (!device)
        return PLATEN_OUTOFMEMORY;
    error = *script ? sim_preload(device, script, &complaint) : 0;
    if (error) {
        setup->log(setup->log_context, PLATEN_LOG_WARNING, complaint);
        platen_sim_release(device);
        return error;
    }
    sim_attach(state, device, setup->clock);
    return 0;
}

static uint32_t start_doc(void *state, const struct platen_doc *doc, uint64_t deadline)
{
    struct sim_port *port = state;
    (void)doc;
    (void)deadline; /* a device that refuses does so at once */
    return sim_try_start(port, port->clock->now(port->clock));
}

/* Sleeps until the port's news change, the device comes to something by itself, or the deadline;
 * false if that has come. */
static bool wait_for_news(struct sim_port *port, uint32_t news, uint64_t until, uint64_t deadline,
                          uint64_t now)
{
    if (now >= deadline)
        return false;
    port->clock->wait(port->clock, (const uint32_t *)(uintptr_t)&port->news, news,
                      until < deadline ? until : deadline);
    return true;
}

static uint32_t sim_write(void *state, const void *data, uint32_t size, uint64_t deadline,
                          uint32_t *moved)
{
    struct sim_port *port = state;
    for (;;) {
        uint32_t news = atomic_load(&port->news);
        uint64_t now = port->clock->now(port->clock);
        struct sim_outcome outcome = sim_try_write(port, data, size, now);
        *moved = outcome.moved;
        if (!outcome.wait)
            return outcome.error;
        if (!wait_for_news(port, news, outcome.until, deadline, now))
            return PLATEN_TIMEOUT;
    }
}

static uint32_t read_data(void *state, void *data, uint32_t size, uint64_t deadline,
                          uint32_t *moved)
{
    struct sim_port *port = state;
    *moved = 0;
    while (size) {
        uint32_t news = atomic_load(&port->news);
        uint64_t now = port->clock->now(port->clock);
        struct sim_outcome outcome = sim_try_read(port, data, size, now);
        *moved = outcome.moved;
        if (!outcome.wait)
            return outcome.error;
        if (!wait_for_news(port, news, outcome.until, deadline, now))
            break;
    }
    return 0;
}

/* The device has every byte as soon as a write returns; how long it takes to say so is the
 * script's.
 */
static uint32_t drain(void *state, uint64_t deadline)
{
    struct sim_port *port = state;
    for (;;) {
        uint32_t news = atomic_load(&port->news);
        uint64_t now = port->clock->now(port->clock);
        struct sim_outcome outcome = sim_try_drain(port, now);
        if (!outcome.wait)
            return outcome.error;
        if (!wait_for_news(port, news, outcome.until, deadline, now))
            return PLATEN_TIMEOUT;
    }
}

static uint32_t end_doc(void *state, bool abandoned, uint64_t deadline)
{
    struct sim_port *port = state;
    uint32_t drained = abandoned ? 0 : drain(state, deadline);
    uint32_t ended = sim_end(port, abandoned || drained, port->clock->now(port->clock));
    return drained ? drained : ended;
}

static void cancel(void *state)
{
    sim_cancel(state);
}

static void close_port(void *state)
{
    struct sim_port *port = state;
    sim_detach(port);
    platen_sim_release(port->device);
}

const struct platen_backend platen_backend_sim = {
    .size = sizeof(struct platen_backend),
    .name = "sim",
    .summary = "a simulated device inside the process, for tests (SIM:name)",
    .state_size = sizeof(struct sim_port),
    .capabilities = PLATEN_CAN_READ,
    .settings = settings,
    .example = "sim:example SIM:example sim:short?script=short97",
    .claims = claims,
    .check = check,
    .open = open_port,
    .start_doc = start_doc,
    .write = sim_write,
    .read = read_data,
    .end_doc = end_doc,
    .close = close_port,
    .cancel = cancel,
    .drain = drain,
    .control = sim_control,
    .bidi = sim_bidi,
    .bidi_list = sim_bidi_list,
    .bidi_set = sim_bidi_set,
};
