/* SPDX-License-Identifier: MIT
 *
 * Simulated printers that misbehave as they are told, and what they cannot be told.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "trial.h"

/* ---- bad printers ------------------------------------------------------------------------- */

static void one_that_refuses(void **state)
{
    (void)state;
    struct platen_device_options options = {.size = sizeof options, .refuse = true};
    platen_device *device = trial_start_with(&options);
    struct client *client = trial_clients(1, device);
    client_run(client, 1);
    assert_int_equal(client->error, UV_ECONNREFUSED);
    assert_false(client->connected);
    assert_int_equal(platen_device_count(device, PLATEN_DEVICE_CONNECTIONS), 0);
    platen_device_stop(device);
    free(client);
}

static void one_that_is_deaf(void **state)
{
    (void)state;
    struct platen_device_options options = {.size = sizeof options, .deaf = true};
    platen_device *device;
    uv_utsname_t system;
    uint32_t error = platen_device_start(&options, &device);
    if (uv_os_uname(&system) != 0 || strcmp(system.sysname, "Linux") != 0) {
        assert_int_equal(error, PLATEN_NOT_SUPPORTED);
        return;
    }
    assert_int_equal(error, 0);
    struct client *clients = trial_clients(3, device);
    for (unsigned i = 0; i < 3; i++) {
        clients[i].give_up = 300;
    }
    client_run(clients, 3);
    for (unsigned i = 0; i < 3; i++) {
        assert_true(clients[i].gave_up);
        assert_false(clients[i].connected);
    }
    platen_device_stop(device);
    free(clients);
}

static void one_that_resets_and_is_good_again(void **state)
{
    (void)state;
    static const uint64_t places[] = {0, 1, 65535, 65536, 65537, 200000};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct platen_device_manner manner = {
            .size = sizeof manner, .jobs = 1, .reset = true, .reset_after = places[i]};
        platen_device *device = trial_start(&manner);
        struct client *clients = trial_clients(2, device);
        clients[0].size = 1000000;
        clients[0].end = CLIENT_HOLDS;
        client_run(clients, 1);
        assert_true(clients[0].error != 0 || clients[0].saw_end);
        clients[1].size = 300000;
        client_run(clients + 1, 1);
        assert_int_equal(trial_job(device, 1).end, PLATEN_DEVICE_CUT);
        assert_int_equal(trial_job(device, 1).bytes, places[i]);
        assert_true(trial_job(device, 2).whole);
        assert_int_equal(clients[1].error, 0);
        platen_device_stop(device);
        free(clients);
    }
}

static void one_that_closes_early(void **state)
{
    (void)state;
    struct platen_device_manner manner = {
        .size = sizeof manner, .close = true, .close_after = 5000};
    platen_device *device = trial_start(&manner);
    struct client *clients = trial_clients(2, device);
    clients[0].size = 5000; /* nothing is left unread: its end is a clean one */
    clients[0].end = CLIENT_HOLDS;
    client_run(clients, 1);
    assert_int_equal(clients[0].error, 0);
    assert_true(clients[0].saw_end);
    clients[1].size = 50000000;
    clients[1].end = CLIENT_HOLDS;
    clients[1].deaf = true;
    client_run(clients + 1, 1);
    assert_int_not_equal(clients[1].error, 0);
    for (uint32_t number = 1; number <= 2; number++) {
        struct platen_device_job job = trial_job(device, number);
        assert_int_equal(job.end, PLATEN_DEVICE_CUT);
        assert_false(job.whole);
        assert_int_equal(job.bytes, 5000);
    }
    platen_device_stop(device);
    free(clients);
}

static void one_that_stalls_for_ever(void **state)
{
    (void)state;
    struct platen_device_manner manner = {
        .size = sizeof manner, .stall = true, .stall_after = 10000};
    platen_device *device = trial_start(&manner);
    struct client *client = trial_clients(1, device);
    uv_loop_t loop;
    uv_loop_init(&loop);
    client->size = 50000000;
    client_begin(&loop, client);
    while (platen_device_count(device, PLATEN_DEVICE_STALLS) == 0) {
        uv_run(&loop, UV_RUN_NOWAIT);
    }
    for (int i = 0; i < 100; i++) {
        uv_run(&loop, UV_RUN_NOWAIT);
    }
    assert_int_equal(platen_device_count(device, PLATEN_DEVICE_RECEIVED), 10000);
    assert_true(client->sent < client->size);
    platen_device_stop(device);
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
    assert_int_not_equal(client->error, 0);
    free(client);
}

static void one_that_stalls_for_a_while_and_is_slow(void **state)
{
    (void)state;
    struct platen_device_manner manner = {.size = sizeof manner,
                                          .stall = true,
                                          .stall_after = 1000,
                                          .stall_for = 100 * MS,
                                          .rate = 20000};
    platen_device *device = trial_start(&manner);
    struct client *client = trial_clients(1, device);
    client->size = 6000;
    client_run(client, 1);
    struct platen_device_job job = trial_job(device, 1);
    assert_true(job.whole);
    assert_int_equal(job.bytes, 6000);
    /* 1000 bytes, the stall (in which credit for 2000 more is earned), the rest. */
    assert_true(job.last >= 280 * MS);
    assert_int_equal(platen_device_count(device, PLATEN_DEVICE_STALLS), 1);
    platen_device_stop(device);
    free(client);
}

static void one_that_keeps_the_line(void **state)
{
    (void)state;
    struct platen_device_manner manner = {.size = sizeof manner, .close_late = 100 * MS};
    platen_device *device = trial_start(&manner);
    struct client *client = trial_clients(1, device);
    client->text = "abc";
    client_run(client, 1);
    assert_true(client->saw_end);
    struct platen_device_job job = trial_job(device, 1);
    assert_true(job.whole);
    assert_true(job.ended - job.last >= 90 * MS);
    platen_device_stop(device);
    free(client);
}

static void one_whose_end_comes_with_the_limit(void **state)
{
    (void)state;
    struct platen_device_manner manner = {.size = sizeof manner, .close_late = PLATEN_FOREVER};
    struct platen_device_options options = {
        .size = sizeof options, .manner = &manner, .limit = 2000 * MS};
    platen_device *device = trial_start_with(&options);
    struct client *client = trial_clients(1, device);
    client->text = "abc";
    client_run(client, 1);
    assert_true(client->saw_end);
    assert_true(trial_job(device, 1).whole);
    platen_device_stop(device);
    free(client);
}

static void its_manner_may_change(void **state)
{
    (void)state;
    platen_device *device = trial_start(NULL);
    struct platen_device_manner manner = {.size = sizeof manner, .answers = "at start \"hello\""};
    struct platen_device_manner wrong = {.size = sizeof wrong, .answers = "hello"};
    struct client *clients = trial_clients(3, device);
    client_run(clients, 1);
    assert_int_equal(platen_device_behave(device, &manner), 0);
    assert_int_equal(platen_device_behave(device, &wrong), PLATEN_INVALID_DATA);
    client_run(clients + 1, 1);
    assert_int_equal(platen_device_behave(device, NULL), 0);
    client_run(clients + 2, 1);
    assert_string_equal(clients[0].answer, "");
    assert_string_equal(clients[1].answer, "hello");
    assert_string_equal(clients[2].answer, "");
    platen_device_stop(device);
    free(clients);
}

static void after_its_jobs_it_listens_no_more(void **state)
{
    (void)state;
    struct platen_device_options options = {.size = sizeof options, .jobs = 2};
    platen_device *device = trial_start_with(&options);
    struct client *clients = trial_clients(3, device);
    client_run(clients, 2);
    trial_wait(device, PLATEN_DEVICE_JOBS, 2);
    client_run(clients + 2, 1);
    assert_int_equal(clients[2].error, UV_ECONNREFUSED);
    platen_device_stop(device);
    free(clients);
}

/* ---- what cannot be ----------------------------------------------------------------------- */

static void options_that_cannot_be(void **state)
{
    (void)state;
    struct platen_device_manner manner = {.size = sizeof manner};
    struct platen_device_options options = {.size = sizeof options, .address = "localhost"};
    platen_device *first;
    platen_device *device;
    assert_int_equal(platen_device_start(&options, &device), PLATEN_INVALID_PARAMETER);
    assert_null(device);
    options.address = "192.0.2.1"; /* nobody's */
    assert_int_not_equal(platen_device_start(&options, &device), 0);
    options.address = NULL;
    options.size--;
    assert_int_equal(platen_device_start(&options, &device), PLATEN_INVALID_PARAMETER);
    options.size++;
    options.manner = &manner;
    manner.answers = "on \"\" \"x\"";
    assert_int_equal(platen_device_start(&options, &device), PLATEN_INVALID_DATA);
    manner.answers = NULL;
    manner.size = 0;
    assert_int_equal(platen_device_start(&options, &device), PLATEN_INVALID_PARAMETER);
    options.manner = NULL;
    assert_int_equal(platen_device_start(NULL, &first), 0);
    options.port = platen_device_port(first);
    assert_int_equal(platen_device_start(&options, &device), PLATEN_DEVICE_IN_USE);
    assert_null(device);
    platen_device_stop(first);
    platen_device_stop(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_that_refuses),
        cmocka_unit_test(one_that_is_deaf),
        cmocka_unit_test(one_that_resets_and_is_good_again),
        cmocka_unit_test(one_that_closes_early),
        cmocka_unit_test(one_that_stalls_for_ever),
        cmocka_unit_test(one_that_stalls_for_a_while_and_is_slow),
        cmocka_unit_test(one_that_keeps_the_line),
        cmocka_unit_test(one_whose_end_comes_with_the_limit),
        cmocka_unit_test(its_manner_may_change),
        cmocka_unit_test(after_its_jobs_it_listens_no_more),
        cmocka_unit_test(options_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
