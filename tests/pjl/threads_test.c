/* SPDX-License-Identifier: MIT
 *
 * Calls at the same time: jobs on one thread, questions and ReadPort on others, and ClosePort in
 * the middle of them (R49, R80).
 */
#include "world.h"

#include <stdatomic.h>
#include <stdlib.h>

#define PJL_ID "MFG:Acme;CMD:PJL;"
#define JOBS   40 /* as many as are recorded, and some */

static atomic_bool over;

static void ask_for_data(void *argument)
{
    struct world *world = argument;
    DWORD number;
    DWORD returned;
    while (!atomic_load(&over))
        world->lm->pfnGetPrinterDataFromPort(world->port, 0,
                                             (LPWSTR)(uintptr_t)TEXT("Available Memory"), NULL, 0,
                                             (LPWSTR)(void *)&number, sizeof(number), &returned);
}

static void ask_for_values(void *argument)
{
    struct world *world = argument;
    BIDI_REQUEST_CONTAINER request = {.Version = 1, .Count = 1};
    PBIDI_RESPONSE_CONTAINER answer;
    request.aData[0].pSchema = (LPWSTR)(uintptr_t)TEXT("\\Printer.Status");
    while (!atomic_load(&over)) {
        answer = NULL;
        world->lm->pfnSendRecvBidiDataFromPort(world->port, BIDI_ACCESS_USER, TEXT("GetAll"),
                                               &request, &answer);
        if (answer)
            world_free_answer(answer);
    }
}

static void read_port(void *argument)
{
    struct world *world = argument;
    BYTE bytes[16];
    DWORD count;
    while (!atomic_load(&over))
        world->lm->pfnReadPort(world->port, bytes, sizeof(bytes), &count);
}

static void live(bool between)
{
    void (*const bodies[])(void *) = {ask_for_data, ask_for_values, read_port};
    platen_os_thread *threads[3];
    struct world *world = world_new();

    world->id = PJL_ID;
    world->speaks = world->confirms = true;
    world->between = between;
    world->forgets = true; /* the questions may be many, on a slow machine */
    atomic_store(&over, false);
    world_open(world);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(platen_os_thread_start(&threads[i], "asks", 0, bodies[i], world), 0);
    for (DWORD job = 1; job <= JOBS; job++)
        world_print(world, job, u"a", "some text");
    assert_true(world->lm->pfnClosePort(world->port)); /* the others learn it by error 6 */
    assert_int_equal(world->closes, 1);
    atomic_store(&over, true);
    for (size_t i = 0; i < 3; i++)
        platen_os_thread_join(threads[i]);
    assert_int_equal(world->set_job_count, JOBS);
    world_shutdown(world);
    world_free(world);
}

static void on_a_connection(void **state)
{
    (void)state;
    live(false);
}

static void on_a_port_that_can_be_heard(void **state)
{
    (void)state;
    live(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(on_a_connection),
        cmocka_unit_test(on_a_port_that_can_be_heard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
