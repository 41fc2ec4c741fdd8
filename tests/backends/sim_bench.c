/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "sim_bench.h"

static uint64_t fake_now(struct platen_clock *clock)
{
    return ((struct fake_clock *)(void *)clock)->now;
}

static void fake_wait(struct platen_clock *clock, const uint32_t *word, uint32_t seen,
                      uint64_t until)
{
    struct fake_clock *own = (struct fake_clock *)(void *)clock;
    assert_true(until != PLATEN_FOREVER); /* nobody would ever end it */
    if (*word == seen && until > own->now)
        own->now = until;
}

static void fake_wake(struct platen_clock *clock, const uint32_t *word)
{
    (void)clock;
    (void)word;
}

static const struct fake_clock start_of_time = {{fake_now, fake_wait, fake_wake}, 1000 * SECOND};
struct fake_clock fake;
struct trial trial;
struct port port;
platen_sim *device;

int sim_set_up(void **state)
{
    struct platen_clock *system;
    (void)state;
    trial_begin(&trial, &platen_backend_sim, "sim:device");
    system = trial.clock;
    fake = start_of_time;
    trial.clock = &fake.clock;
    device = platen_sim_create("device");
    if (!device || !port_open_new(&trial, &port, NULL))
        return -1;
    trial.clock = system;
    return 0;
}

int sim_set_up_in_real_time(void **state)
{
    (void)state;
    trial_begin(&trial, &platen_backend_sim, "sim:device");
    device = platen_sim_create("device");
    return device && port_open_new(&trial, &port, NULL) ? 0 : -1;
}

int sim_tear_down(void **state)
{
    (void)state;
    port_finish(&trial, &port);
    platen_sim_release(device);
    trial_end(&trial);
    return 0;
}

void script(const char *text)
{
    const char *complaint;
    if (platen_sim_script(device, text, &complaint) != 0)
        fail_msg("%s: %s", text, complaint);
    assert_null(complaint);
}

uint32_t start(struct port *on)
{
    struct platen_doc doc = port_document(on);
    return port_start(&trial, on, &doc, fake.now + 10 * SECOND);
}

uint32_t end(bool abandoned)
{
    return platen_backend_sim.end_doc(port.state, abandoned, fake.now + 10 * SECOND);
}

void expect_write(uint32_t size, uint32_t error, uint32_t moved)
{
    unsigned char *data = make_bytes(size, size);
    uint32_t really = 0;
    assert_int_equal(port_write(&trial, &port, data, size, fake.now + 10 * SECOND, &really), error);
    assert_int_equal(really, moved);
    free(data);
}

void expect_read(const char *text)
{
    char room[100] = "";
    uint32_t moved = 99;
    assert_int_equal(platen_backend_sim.read(port.state, room, sizeof room, fake.now, &moved), 0);
    assert_int_equal(moved, strlen(text));
    assert_memory_equal(room, text, moved);
}
