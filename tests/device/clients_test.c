/* SPDX-License-Identifier: MIT
 *
 * A simulated printer, met by good and by hostile clients.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trial.h"

static const char sha_empty[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
static const char sha_abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/* ---- good clients ------------------------------------------------------------------------- */

static void a_job_is_recorded(void **state)
{
    (void)state;
    platen_device *device = trial_start(NULL);
    struct client *client = trial_clients(1, device);
    client->text = "abc";
    client_run(client, 1);
    assert_int_equal(client->error, 0);
    assert_true(client->saw_end);
    struct platen_device_job job = trial_job(device, 1);
    assert_int_equal(job.end, PLATEN_DEVICE_CLOSED);
    assert_true(job.whole);
    assert_int_equal(job.bytes, 3);
    assert_string_equal(job.sha256, sha_abc);
    assert_memory_equal(job.client, "127.0.0.1:", 10);
    assert_string_equal(job.file, "");
    assert_true(job.begun > 1500000000u * (uint64_t)1000000000u);
    assert_true(job.first <= job.last && job.last <= job.ended);
    assert_int_equal(platen_device_count(device, PLATEN_DEVICE_CONNECTIONS), 1);
    assert_int_equal(platen_device_count(device, PLATEN_DEVICE_WHOLE), 1);
    assert_int_equal(platen_device_count(device, PLATEN_DEVICE_RECEIVED), 3);
    assert_int_equal(platen_device_find_job(device, 2, &job), PLATEN_INVALID_PARAMETER);
    assert_int_equal(platen_device_find_job(device, 0, &job), PLATEN_INVALID_PARAMETER);
    assert_int_equal(platen_device_wait(device, PLATEN_DEVICE_JOBS, 2, 0), PLATEN_TIMEOUT);
    platen_device_stop(device);
    free(client);
}

static void an_empty_job_is_one(void **state)
{
    (void)state;
    platen_device *device = trial_start(NULL);
    struct client *clients = trial_clients(2, device);
    clients[1].end = CLIENT_CLOSES;
    client_run(clients, 2);
    for (uint32_t number = 1; number <= 2; number++) {
        trial_wait(device, PLATEN_DEVICE_JOBS, 2);
        struct platen_device_job job = trial_job(device, number);
        assert_true(job.whole);
        assert_int_equal(job.bytes, 0);
        assert_int_equal(job.first, 0);
        assert_string_equal(job.sha256, sha_empty);
    }
    platen_device_stop(device);
    free(clients);
}

struct checked {
    uint64_t at;
    uint64_t wrong;
};

static void check_data(void *context, uint32_t number, const void *data, size_t size)
{
    struct checked *checked = context;
    const unsigned char *bytes = data;
    (void)number;
    for (size_t i = 0; i < size; i++) {
        checked->wrong += bytes[i] != client_byte(checked->at++);
    }
}

/* The thread sanitizer looks at each byte several times. */
#ifdef __SANITIZE_THREAD__
#    define MOST 10
#else
#    define MOST 100
#endif

static void a_large_job_arrives_as_sent(void **state)
{
    (void)state;
    uint64_t size = (trial_is_slow() ? 3 : MOST) * (uint64_t)1000003;
    struct checked checked = {0};
    struct platen_device_options options = {
        .size = sizeof options, .on_data = check_data, .context = &checked};
    platen_device *device = trial_start_with(&options);
    struct client *client = trial_clients(1, device);
    client->size = size;
    client_run(client, 1);
    struct platen_device_job job = trial_job(device, 1);
    assert_true(job.whole);
    assert_int_equal(job.bytes, size);
    platen_device_stop(device);
    assert_int_equal(checked.at, size);
    assert_int_equal(checked.wrong, 0);
    free(client);
}

static void two_hundred_printers_at_once(void **state)
{
    (void)state;
    unsigned count = trial_is_slow() ? 20 : 200;
    platen_device **devices = calloc(count, sizeof *devices);
    struct client *clients = trial_clients(count, NULL);
    assert_non_null(devices);
    for (unsigned i = 0; i < count; i++) {
        struct platen_device_manner hung = {.size = sizeof hung, .stall = true};
        devices[i] = trial_start(i == 7 ? &hung : NULL);
        clients[i].port = platen_device_port(devices[i]);
        clients[i].size = 100000 + i;
        clients[i].end = i == 7 ? CLIENT_CLOSES : CLIENT_SHUTS;
    }
    client_run(clients, count);
    for (unsigned i = 0; i < count; i++) {
        if (i != 7) {
            assert_int_equal(trial_job(devices[i], 1).bytes, 100000 + i);
            assert_true(trial_job(devices[i], 1).whole);
        }
        platen_device_stop(devices[i]);
    }
    free(clients);
    free(devices);
}

static void many_clients_wait_for_few_places(void **state)
{
    (void)state;
    unsigned count = trial_is_slow() ? 10 : 100;
    struct platen_device_options options = {.size = sizeof options, .at_once = 3};
    platen_device *device = trial_start_with(&options);
    struct client *clients = trial_clients(count, device);
    for (unsigned i = 0; i < count; i++) {
        clients[i].size = 1000 * (uint64_t)i;
    }
    client_run(clients, count);
    trial_wait(device, PLATEN_DEVICE_WHOLE, count);
    assert_int_equal(platen_device_count(device, PLATEN_DEVICE_RECEIVED),
                     (uint64_t)count * (count - 1) / 2 * 1000);
    platen_device_stop(device);
    free(clients);
}

static void ipv6(void **state)
{
    (void)state;
    struct platen_device_options options = {.size = sizeof options, .address = "::1"};
    platen_device *device;
    uint32_t error = platen_device_start(&options, &device);
    if (error == PLATEN_NETWORK_UNREACHABLE || error == PLATEN_NOT_SUPPORTED) {
        return; /* this machine has none */
    }
    assert_int_equal(error, 0);
    assert_string_equal(platen_device_address(device), "::1");
    struct client *client = trial_clients(1, device);
    client->address = "::1";
    client->text = "abc";
    client_run(client, 1);
    assert_memory_equal(trial_job(device, 1).client, "[::1]:", 6);
    platen_device_stop(device);
    free(client);
}

/* ---- bad clients -------------------------------------------------------------------------- */

static void a_job_that_the_client_resets_is_not_whole(void **state)
{
    (void)state;
    struct platen_device_manner manner = {.size = sizeof manner, .answers = "after 70000 \"x\""};
    platen_device *device = trial_start(&manner);
    struct client *client = trial_clients(1, device);
    client->size = 70000;
    client->end = CLIENT_RESETS;
    client_run(client, 1);
    struct platen_device_job job = trial_job(device, 1);
    assert_int_equal(job.end, PLATEN_DEVICE_RESET);
    assert_false(job.whole);
    assert_int_equal(job.bytes, 70000);
    assert_int_equal(platen_device_count(device, PLATEN_DEVICE_WHOLE), 0);
    platen_device_stop(device);
    free(client);
}

static void a_client_that_never_ends_meets_the_limit(void **state)
{
    (void)state;
    struct platen_device_options options = {.size = sizeof options, .limit = 1000 * MS};
    platen_device *device = trial_start_with(&options);
    struct client *client = trial_clients(1, device);
    client->text = "x";
    client->end = CLIENT_HOLDS;
    client_run(client, 1);
    assert_int_equal(client->error, UV_ECONNRESET);
    struct platen_device_job job = trial_job(device, 1);
    assert_int_equal(job.end, PLATEN_DEVICE_TIMED_OUT);
    assert_true(job.ended >= 990 * MS);
    platen_device_stop(device);
    free(client);
}

static void a_job_may_be_too_large(void **state)
{
    (void)state;
    struct platen_device_options options = {.size = sizeof options, .largest = 1000};
    platen_device *device = trial_start_with(&options);
    struct client *client = trial_clients(2, device);
    client[0].size = 1000;
    client_run(client, 1);
    client[1].size = 1001;
    client_run(client + 1, 1);
    assert_true(trial_job(device, 1).whole);
    assert_int_equal(trial_job(device, 2).end, PLATEN_DEVICE_TOO_LARGE);
    assert_int_equal(trial_job(device, 2).bytes, 1001);
    platen_device_stop(device);
    free(client);
}

/* libuv takes a reset that it finds together with data for a clean end: while the device stalls,
 * both arrive. */
static void no_reset_is_taken_for_an_end(void **state)
{
    (void)state;
    unsigned count = 20;
    struct platen_device_manner manner = {
        .size = sizeof manner, .stall = true, .stall_for = 200 * MS};
    platen_device *device = trial_start(&manner);
    struct client *clients = trial_clients(count + 1, device);
    for (unsigned i = 0; i < count; i++) {
        clients[i].size = 1 + 500 * (uint64_t)i;
        clients[i].end = CLIENT_RESETS_AT_ONCE;
    }
    client_run(clients, count);
    client_run(clients + count, 1); /* it is taken after those */
    trial_wait(device, PLATEN_DEVICE_JOBS, platen_device_count(device, PLATEN_DEVICE_CONNECTIONS));
    assert_int_equal(platen_device_count(device, PLATEN_DEVICE_WHOLE), 1);
    platen_device_stop(device);
    free(clients);
}

static void answers_that_nobody_reads_are_bounded(void **state)
{
    (void)state;
    static char script[66000];
    static char flood[200000];
    snprintf(script, sizeof script, "on \"x\" \"");
    memset(script + 8, 'A', 65000);
    memcpy(script + 65008, "\"", 2);
    memset(flood, 'x', sizeof flood - 1);
    struct platen_device_manner manner = {.size = sizeof manner, .answers = script};
    platen_device *device = trial_start(&manner);
    struct client *client = trial_clients(1, device);
    uv_loop_t loop;
    uv_loop_init(&loop);
    client->text = flood;
    client->end = CLIENT_HOLDS;
    client->deaf = true;
    client_begin(&loop, client);
    while (platen_device_count(device, PLATEN_DEVICE_UNANSWERED) == 0 || !client->text_sent) {
        uv_run(&loop, UV_RUN_NOWAIT);
    }
    trial_wait(device, PLATEN_DEVICE_RECEIVED, sizeof flood - 1);
    platen_device_stop(device);
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
    assert_true(client->got > 0);
    free(client);
}

static void stopping_ends_what_is_open(void **state)
{
    (void)state;
    platen_device *device = trial_start(NULL);
    uv_loop_t loop;
    uv_loop_init(&loop);
    struct client *clients = trial_clients(5, device);
    for (unsigned i = 0; i < 5; i++) {
        clients[i].size = 1000;
        clients[i].end = CLIENT_HOLDS;
        client_begin(&loop, &clients[i]);
    }
    while (platen_device_count(device, PLATEN_DEVICE_RECEIVED) < 5000) {
        uv_run(&loop, UV_RUN_NOWAIT);
    }
    platen_device_stop(device);
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(clients[i].error, UV_ECONNRESET);
    }
    free(clients);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_job_is_recorded),
        cmocka_unit_test(an_empty_job_is_one),
        cmocka_unit_test(a_large_job_arrives_as_sent),
        cmocka_unit_test(two_hundred_printers_at_once),
        cmocka_unit_test(many_clients_wait_for_few_places),
        cmocka_unit_test(ipv6),
        cmocka_unit_test(a_job_that_the_client_resets_is_not_whole),
        cmocka_unit_test(a_client_that_never_ends_meets_the_limit),
        cmocka_unit_test(a_job_may_be_too_large),
        cmocka_unit_test(no_reset_is_taken_for_an_end),
        cmocka_unit_test(answers_that_nobody_reads_are_bounded),
        cmocka_unit_test(stopping_ends_what_is_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
