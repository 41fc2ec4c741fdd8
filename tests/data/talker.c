/* SPDX-License-Identifier: MIT */
#include "talker.h"

#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "handle.h"

#define PAINT 0x5A

struct talker talker;
const MONITOR2 *table;
HANDLE monitor, port;

/* ---- the device ---------------------------------------------------------------------------- */

static void enter(void)
{
    int now = atomic_fetch_add(&talker.inside, 1) + 1;
    if (now > atomic_load(&talker.most))
        atomic_store(&talker.most, now);
    if (talker.meanwhile)
        talker.meanwhile();
}

static uint32_t leave(uint32_t error)
{
    atomic_fetch_sub(&talker.inside, 1);
    return error;
}

static uint32_t give(const void *data, uint32_t size, void *out, uint32_t room, uint32_t *returned)
{
    if (size > room)
        return PLATEN_INSUFFICIENT_BUFFER;
    memcpy(out, data, size);
    *returned = size;
    return 0;
}

static uint32_t answer_all(void *out, uint32_t room, uint32_t *returned)
{
    *returned = talker.returned < room ? talker.returned : room;
    for (uint32_t i = 0; i < *returned; i++)
        ((uint8_t *)out)[i] = (uint8_t)(0xC0 + i);
    return 0;
}

static uint32_t answer(uint32_t code, void *out, uint32_t room, uint32_t *returned)
{
    uint8_t status = (uint8_t)talker.status;
    if (talker.error)
        return talker.error;
    if (code == IOCTL_PAR_QUERY_DEVICE_ID && talker.id)
        return give(talker.id, talker.id_length, out, room, returned);
    if (code == IOCTL_PAR_QUERY_INFORMATION && talker.status >= 0)
        return give(&status, 1, out, room, returned);
    if (code == IOCTL_SERIAL_GET_BAUD_RATE && talker.line_rate)
        return give(&talker.line_rate, 4, out, room, returned);
    if (code == IOCTL_SERIAL_GET_TIMEOUTS && talker.keeps_times)
        return give(talker.times, 20, out, room, returned);
    if (code == IOCTL_SERIAL_SET_TIMEOUTS && talker.keeps_times) {
        memcpy(talker.times, talker.in, 20);
        return talker.times[1] == UINT32_MAX ? PLATEN_INVALID_PARAMETER : 0;
    }
    return talker.all ? answer_all(out, room, returned) : PLATEN_INVALID_PARAMETER;
}

static uint32_t control(void *state, uint32_t code, const void *in, uint32_t in_size, void *out,
                        uint32_t out_size, uint32_t *returned)
{
    (void)state;
    enter();
    talker.calls++;
    talker.code = code;
    talker.in_size = in_size;
    if (in_size && in_size <= sizeof(talker.in))
        memcpy(talker.in, in, in_size);
    return leave(answer(code, out, out_size, returned));
}

static unsigned claims(const char *name)
{
    (void)name;
    return 1;
}

static uint32_t check(const struct platen_port_setup *setup)
{
    (void)setup;
    return 0;
}

static uint32_t open_it(void *state, const struct platen_port_setup *setup)
{
    (void)setup;
    *(int *)state = 0;
    return 0;
}

static void be_at_work(void)
{
    if (talker.on_job)
        talker.on_job();
}

static uint32_t start_doc(void *state, const struct platen_doc *doc, uint64_t deadline)
{
    (void)state;
    (void)doc;
    (void)deadline;
    be_at_work();
    return 0;
}

static uint32_t write_all(void *state, const void *data, uint32_t size, uint64_t deadline,
                          uint32_t *moved)
{
    (void)state;
    (void)data;
    (void)deadline;
    be_at_work();
    *moved = size;
    return 0;
}

static uint32_t read_nothing(void *state, void *data, uint32_t size, uint64_t deadline,
                             uint32_t *moved)
{
    (void)state;
    (void)data;
    (void)size;
    *moved = 0;
    be_at_work();
    device.now = deadline;
    return 0;
}

static uint32_t end_doc(void *state, bool abandoned, uint64_t deadline)
{
    (void)state;
    (void)abandoned;
    (void)deadline;
    be_at_work();
    return 0;
}

static void close_it(void *state)
{
    (void)state;
    assert_int_equal(atomic_load(&talker.inside), 0);
}

#define COMMON                                                                                     \
    .size = sizeof(struct platen_backend), .summary = "answers as it was told", .state_size = 16,  \
    .claims = claims, .check = check, .open = open_it, .start_doc = start_doc, .write = write_all, \
    .read = read_nothing, .end_doc = end_doc, .close = close_it

const struct platen_backend talker_backend = {COMMON, .name = "talk", .control = control};
const struct platen_backend speechless_backend = {COMMON, .name = "mute"};

/* ---- the instance -------------------------------------------------------------------------- */

struct platen_monitor_options talker_options(void)
{
    static const struct platen_backend *const backends[] = {&talker_backend, &speechless_backend,
                                                            NULL};
    static PLATEN_IMPORTS imports;
    struct platen_monitor_options options = fake_options();
    imports = fake_imports;
    imports.RouterAllocBidiResponseContainer = trial_memory.new_container;
    imports.RouterAllocBidiMem = trial_memory.new_memory;
    imports.RouterFreeBidiResponseContainer = trial_memory.free_container;
    imports.RouterFreeBidiMem = trial_memory.free_memory;
    options.imports = &imports;
    options.backends = backends;
    return options;
}

HANDLE talker_port(const char *name)
{
    HANDLE opened;
    char16_t wide[100];
    fake_port(monitor, name);
    platen_text_to16(name, SIZE_MAX, wide, 100);
    assert_true(table->pfnOpenPort(monitor, (LPWSTR)wide, &opened));
    return opened;
}

int talker_open(void **state)
{
    struct platen_monitor_options options = talker_options();
    (void)state;
    fake_reset();
    trial_reset(NULL);
    memset(&talker, 0, sizeof(talker));
    talker.status = -1;
    talker.returned = UINT32_MAX;
    table = fake_monitor(&monitor, &options);
    port = talker_port("LPT7:");
    return 0;
}

int talker_close(void **state)
{
    table->pfnClosePort(port);
    table->pfnShutdown(monitor);
    assert_int_equal(fake.open_printers + fake.wrong_uses + fake.open_keys, 0);
    assert_int_equal(handle_count(), 0);
    return trial_is_clean(state);
}

/* ---- calls --------------------------------------------------------------------------------- */

static void *copy_of(const void *data, uint32_t size)
{
    void *copy = size ? malloc(size) : NULL;
    if (copy && data)
        memcpy(copy, data, size);
    return copy;
}

static void check_paint(const uint8_t *painted, uint32_t from, uint32_t size)
{
    for (uint32_t i = from; i < size; i++)
        assert_int_equal(painted[i], PAINT);
}

void talker_ask(uint32_t code, const void *in, uint32_t in_size, void *out, uint32_t out_size,
                uint32_t error, uint32_t *returned)
{
    uint8_t *painted = out_size ? malloc(out_size) : NULL;
    void *copied = copy_of(in, in_size);
    DWORD count = 0xDEADBEEF;
    if (painted)
        memset(painted, PAINT, out_size);
    fake_set_last_error(0xDEADBEEF);
    BOOL done = table->pfnGetPrinterDataFromPort(port, code, NULL, copied, in_size,
                                                 (LPWSTR)(void *)painted, out_size, &count);
    assert_int_equal(done, error == 0);
    if (error)
        assert_int_equal(fake_last_error(), error);
    assert_true(count != 0xDEADBEEF);
    assert_true(error || count <= out_size);
    check_paint(painted, error ? 0 : count, out_size);
    if (!error && count)
        memcpy(out, painted, count);
    *returned = count;
    free(painted);
    free(copied);
}
