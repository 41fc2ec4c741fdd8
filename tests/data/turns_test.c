/* SPDX-License-Identifier: MIT
 *
 * Many ask at once: one question at a time reaches the device, nobody waits for ever, and who
 * closes the port is not kept.
 */
#include "talker.h"

#include <stdlib.h>
#include <string.h>

#include "os/thread.h"

static uint32_t get_status(void)
{
    uint8_t status;
    DWORD count;
    BOOL done = table->pfnGetPrinterDataFromPort(port, IOCTL_PAR_QUERY_INFORMATION, NULL, NULL, 0,
                                                 (LPWSTR)(void *)&status, 1, &count);
    return done ? 0 : (uint32_t)fake_last_error();
}

static uint32_t enumerate(PBIDI_RESPONSE_CONTAINER *answer)
{
    BIDI_REQUEST_CONTAINER request = {.Version = 1};
    return table->pfnSendRecvBidiDataFromPort(port, 1, u"EnumSchema", &request, answer);
}

/* ---- a question within a question ---------------------------------------------------------- */

static uint32_t inner_data, inner_bidi;

static void ask_again(void)
{
    PBIDI_RESPONSE_CONTAINER answer = (void *)&inner_bidi;
    talker.meanwhile = NULL;
    inner_data = get_status();
    inner_bidi = enumerate(&answer);
    assert_null(answer);
}

/* The device takes longer than anybody's patience. */
static void a_slow_answer(void **state)
{
    uint64_t before = device.now;
    (void)state;
    talker.status = 0;
    talker.meanwhile = ask_again;
    assert_int_equal(get_status(), 0);
    assert_int_equal(inner_data, 170);
    assert_int_equal(inner_bidi, 170);
    assert_int_equal(device.now - before, 10000 * MS);
    assert_int_equal(talker.calls, 1);
    assert_int_equal(get_status(), 0); /* and then it is free again */
}

static void close_meanwhile(void)
{
    talker.meanwhile = NULL;
    assert_true(table->pfnClosePort(port));
}

/* What is left of a request is not asked of a port that is closed meanwhile. */
static void closed_under_way(void **state)
{
    PBIDI_RESPONSE_CONTAINER answer;
    (void)state;
    talker.status = PARALLEL_SELECTED;
    talker.id = "MFG:a;MDL:b;";
    talker.id_length = 12;
    talker.meanwhile = close_meanwhile;
    uint32_t code = enumerate(&answer);
    assert_true(code == 0 || code == 13001);
    trial_free(answer);
    assert_int_equal(get_status(), 6);
}

/* ---- threads ------------------------------------------------------------------------------- */

enum { THREADS = 4 };

static int rounds;

static void ask_often(void *argument)
{
    uint32_t *failed = argument;
    for (int i = 0; i < rounds; i++) {
        PBIDI_RESPONSE_CONTAINER answer = NULL;
        uint32_t code = i % 2 ? get_status() : enumerate(&answer);
        *failed += code != 0;
        for (DWORD k = 0; answer && k < answer->Count; k++) /* texts, all of them */
            free(answer->aData[k].data.u.sData);
        free(answer);
    }
}

static LPVOID WINAPI plain_memory(size_t size)
{
    return malloc(size);
}

static PBIDI_RESPONSE_CONTAINER WINAPI plain_container(DWORD count)
{
    return calloc(1, sizeof(BIDI_RESPONSE_CONTAINER) + count * sizeof(BIDI_RESPONSE_DATA));
}

static VOID WINAPI plain_free(LPVOID memory)
{
    free(memory);
}

static DWORD WINAPI plain_free_container(PBIDI_RESPONSE_CONTAINER container)
{
    free(container);
    return 0;
}

static void a_crowd(void **state)
{
    struct platen_monitor_options options = talker_options();
    PLATEN_IMPORTS imports = *options.imports;
    platen_os_thread *threads[THREADS];
    uint32_t failed[THREADS] = {0};
    (void)state;
    table->pfnClosePort(port);
    table->pfnShutdown(monitor);
    imports.RouterAllocBidiMem = plain_memory;
    imports.RouterAllocBidiResponseContainer = plain_container;
    imports.RouterFreeBidiMem = plain_free;
    imports.RouterFreeBidiResponseContainer = plain_free_container;
    options.imports = &imports;
    options.clock = NULL; /* the system's */
    table = fake_monitor(&monitor, &options);
    port = talker_port("LPT8:");
    rounds = getenv("PLATEN_SLOW") ? 50 : 500;
    talker.status = 0;
    atomic_store(&talker.most, 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(platen_os_thread_start(&threads[i], "asker", 0, ask_often, &failed[i]), 0);
    for (int i = 0; i < THREADS; i++)
        platen_os_thread_join(threads[i]);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(failed[i], 0);
    assert_int_equal(atomic_load(&talker.most), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, talker_open, talker_close)
    const struct CMUnitTest tests[] = {TEST(a_slow_answer), TEST(closed_under_way), TEST(a_crowd)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
