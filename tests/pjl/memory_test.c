/* SPDX-License-Identifier: MIT
 *
 * Every allocation fails once: the call says so or does without, and nothing is lost. Linked with
 * --wrap, so that the monitor's allocations come through here.
 */
#include "world.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define PJL_ID "MFG:Acme;CMD:PJL;"

static atomic_int countdown; /* the allocation that fails: 1 is the next; 0: none */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);

static bool fails(void)
{
    int left = atomic_load(&countdown);
    while (left > 0)
        if (atomic_compare_exchange_weak(&countdown, &left, left - 1))
            return left == 1;
    return false;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

static bool is_done(BOOL done)
{
    if (!done)
        assert_int_equal(world_last_error(), PLATEN_NOT_ENOUGH_MEMORY);
    return done;
}

static void ask(struct world *world)
{
    BIDI_REQUEST_CONTAINER request = {.Version = 1, .Count = 1};
    PBIDI_RESPONSE_CONTAINER answer = NULL;
    request.aData[0].pSchema = (LPWSTR)(uintptr_t)u"\\Printer.DeviceInfo:ModelName";
    DWORD code = world->lm->pfnSendRecvBidiDataFromPort(world->port, BIDI_ACCESS_USER,
                                                        TEXT("GetAll"), &request, &answer);
    /* A printer that could not be listened to has told nothing: the port monitor is asked. */
    assert_true(answer || code == PLATEN_NOT_ENOUGH_MEMORY || code == PLATEN_BIDI_DEVICE_OFFLINE);
    if (answer)
        world_free_answer(answer);
}

/* A job that may not begin; once it has, it is printed. */
static void print(struct world *world, DWORD job)
{
    if (!is_done(world_start(world, job, u"a")))
        return;
    world_write(world, "text", 4);
    assert_true(world_end(world));
    world_await_set_jobs(world, 1);
    assert_int_equal(world->set_jobs[0].command, JOB_CONTROL_LAST_PAGE_EJECTED);
}

static void live(struct world *world)
{
    MONITOR2 table = world->table;
    if (!is_done(world_make(world)))
        return;
    if (is_done(world_open_ex(world, &table))) {
        print(world, 1);
        ask(world);
        world_close(world);
    }
    world_shutdown(world);
}

static void each_fails(const char *id)
{
    bool all = false;
    for (int n = 1; !all; n++) {
        struct world *world = world_new();
        world->id = id;
        world->speaks = world->confirms = true;
        atomic_store(&countdown, n);
        live(world);
        all = atomic_exchange(&countdown, 0) > 0;
        world_free(world);
        assert_true(n < 1000);
    }
}

static void with_an_id(void **state)
{
    (void)state;
    each_fails(PJL_ID);
}

static void without_one(void **state)
{
    (void)state;
    each_fails(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_an_id),
        cmocka_unit_test(without_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
