/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "fake_device.h"

struct device device;

void device_reset(void)
{
    memset(&device, 0, sizeof(device));
    device.steps[0].bytes = UINT32_MAX;
    device.now = 1000 * MS;
}

static uint64_t now(struct platen_clock *clock)
{
    (void)clock;
    return device.now;
}

static void wait(struct platen_clock *clock, const uint32_t *word, uint32_t seen, uint64_t until)
{
    (void)clock;
    (void)word;
    (void)seen;
    device.now = until;
}

static void wake(struct platen_clock *clock, const uint32_t *word)
{
    (void)clock;
    (void)word;
}

struct platen_clock device_clock = {.now = now, .wait = wait, .wake = wake};

static unsigned claims(const char *name)
{
    return strchr("TtN", name[0]) ? 2 : 0;
}

static uint32_t check(const struct platen_port_setup *setup)
{
    (void)setup;
    return device.check_error;
}

static void enumerate(struct platen_enumeration *to)
{
    to->add(to, "BUILT:", "Always there");
    if (device.plugged)
        to->add(to, device.plugged, "Has been plugged in");
}

static void keep(char *to, size_t size, const char *text)
{
    snprintf(to, size, "%s", text ? text : "(null)");
}

static uint32_t open_port(void *state, const struct platen_port_setup *setup)
{
    (void)state;
    if (device.open_error)
        return device.open_error;
    device.opens++;
    keep(device.target, sizeof(device.target), setup->target);
    keep(device.speed, sizeof(device.speed), setup->values[0]);
    return 0;
}

static uint32_t start_doc(void *state, const struct platen_doc *doc, uint64_t deadline)
{
    (void)state;
    device.last_deadline = deadline;
    if (device.start_error)
        return device.start_error;
    device.starts++;
    keep(device.title, sizeof(device.title), doc->name);
    keep(device.output, sizeof(device.output), doc->output_file);
    keep(device.printer, sizeof(device.printer), doc->printer);
    keep(device.user, sizeof(device.user), doc->user);
    keep(device.machine, sizeof(device.machine), doc->machine);
    return 0;
}

static void receive(const void *data, uint32_t size)
{
    if (device.received + size <= sizeof(device.data))
        memcpy(device.data + device.received, data, size);
    device.received += size;
}

static uint32_t write_data(void *state, const void *data, uint32_t size, uint64_t deadline,
                           uint32_t *moved)
{
    struct device_step step = device.steps[device.step];
    uint64_t at = device.now + step.ms * MS;
    (void)state;
    device.writes++;
    device.last_deadline = deadline;
    *moved = 0;
    if (device.on_write)
        device.on_write();
    if (at > deadline) {
        device.now = deadline;
        device.steps[device.step].ms -= (uint32_t)((deadline - (at - step.ms * MS)) / MS);
        return PLATEN_TIMEOUT;
    }
    device.now = at;
    *moved = step.bytes < size ? step.bytes : size;
    receive(data, *moved);
    if (device.step < 15 &&
        (device.steps[device.step + 1].bytes || device.steps[device.step + 1].error ||
         device.steps[device.step + 1].ms))
        device.step++;
    return step.error;
}

static uint32_t read_data(void *state, void *data, uint32_t size, uint64_t deadline,
                          uint32_t *moved)
{
    (void)state;
    *moved = device.read_bytes < size ? device.read_bytes : size;
    memset(data, 'r', *moved);
    if (*moved == 0)
        device.now = deadline;
    return 0;
}

static uint32_t drain(void *state, uint64_t deadline)
{
    uint64_t at = device.now + device.drain_ms * MS;
    (void)state;
    device.drains++;
    device.last_deadline = deadline;
    if (device.on_drain)
        device.on_drain();
    if (at > deadline) {
        device.drain_ms = (uint32_t)((at - deadline) / MS);
        device.now = deadline;
        return PLATEN_TIMEOUT;
    }
    device.now = at;
    if (device.drain_pieces) {
        device.drain_pieces--;
        return PLATEN_IO_PENDING;
    }
    device.drain_ms = 0;
    return device.drain_error;
}

static uint32_t end_doc(void *state, bool abandoned, uint64_t deadline)
{
    (void)state;
    device.last_deadline = deadline;
    if (abandoned)
        device.abandons++;
    else
        device.ends++;
    return device.end_error;
}

static void close_port(void *state)
{
    (void)state;
    device.closes++;
}

static void cancel(void *state)
{
    (void)state;
    device.cancels++;
}

static const struct platen_setting settings[] = {
    {"speed", PLATEN_SETTING_NUMBER, "100", 1, 1000, "how fast, in pages"},
    {"loud", PLATEN_SETTING_BOOL, "no", 0, 1, "whether it may be heard"},
    {"note", PLATEN_SETTING_TEXT, "", 0, 0, "anything"},
    {NULL, PLATEN_SETTING_TEXT, NULL, 0, 0, NULL},
};

const struct platen_backend device_backend = {
    .size = sizeof(struct platen_backend),
    .name = "test",
    .summary = "does as it is told",
    .state_size = 16,
    .settings = settings,
    .example = "T1:",
    .claims = claims,
    .check = check,
    .enumerate = enumerate,
    .open = open_port,
    .start_doc = start_doc,
    .write = write_data,
    .read = read_data,
    .end_doc = end_doc,
    .close = close_port,
    .cancel = cancel,
    .drain = drain,
};
