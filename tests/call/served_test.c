/* SPDX-License-Identifier: MIT
 *
 * The tables that monitors get: every entry makes a call of it, on the lane of the calling thread,
 * and threads that nobody knows get the lane that is found for them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "call/sequence.h"
#include "call/served.h"
#include "os/lasterror.h"
#include "os/thread.h"
#include "recorder.h"

/* Calls the slot's function out of the served tables with the arguments of the struct. */
/* clang-format off */
#define SERVE_ENTRY(result, slot, members)
#define SERVE_MONITOR(result, slot, members)
#define SERVE_REGISTRY(result, slot, members)                                                      \
    static uint64_t serve_##slot(const struct platen_call *call)                                   \
    {                                                                                              \
        const struct platen_args_##slot *a = &call->args.slot;                                     \
        return (uint32_t)platen_served_registry.fp##slot(MEMBERS(members));                        \
    }
#define SERVE_WINSPOOL(result, slot, members)                                                      \
    static uint64_t serve_##slot(const struct platen_call *call)                                   \
    {                                                                                              \
        const struct platen_args_##slot *a = &call->args.slot;                                     \
        return (uint32_t)platen_served_imports.slot(MEMBERS(members));                             \
    }
#define PLATEN_SLOT(table, result, slot, members) SERVE_##table(result, slot, members)
#include "call/slots.def"
#undef PLATEN_SLOT

#define ENTRY_ENTRY(slot)
#define ENTRY_MONITOR(slot)
#define ENTRY_REGISTRY(slot) {PLATEN_SLOT_##slot, serve_##slot},
#define ENTRY_WINSPOOL(slot) {PLATEN_SLOT_##slot, serve_##slot},
#define PLATEN_SLOT(table, result, slot, members) ENTRY_##table(slot)
static const struct {
    enum platen_slot slot;
    uint64_t (*serve)(const struct platen_call *call);
} served[] = {
#include "call/slots.def"
};
#undef PLATEN_SLOT
/* clang-format on */

#define SERVED (sizeof served / sizeof *served)

static struct platen_call observed;
static unsigned observations;

static void observe(struct platen_observer *observer, struct platen_call *call)
{
    (void)observer;
    observed = *call;
    observations++;
}

static struct platen_observer observer = {.after = observe};
static struct platen_lane lane = {.name = "lane", .observers = &observer};
static struct platen_lane found_lane = {.name = "t1", .observers = &observer};

static HANDLE asked_for;
static unsigned asked;

static struct platen_lane *find_lane(HANDLE hSpooler)
{
    asked_for = hSpooler;
    asked++;
    return &found_lane;
}

static int setup(void **state)
{
    (void)state;
    platen_serve(&recorder_registry, &recorder_winspool);
    platen_serve_foreign_threads(NULL);
    platen_lane_enter(NULL);
    observed = (struct platen_call){.lane = NULL};
    recorded = (struct recorded){.last_error_left = UINT32_MAX};
    observations = asked = 0;
    return 0;
}

static void serve_one(size_t i, struct platen_call *call)
{
    recorder_fill(call, served[i].slot);
    recorded.calls = 0;
    assert_true(served[i].serve(call) == recorder_answer(served[i].slot));
    assert_int_equal(recorded.calls, 1);
    recorder_same(call);
}

static void every_entry_runs_its_slot(void **state)
{
    (void)state;
    struct platen_call call;
    platen_lane_enter(&lane);
    assert_int_equal(SERVED, 16);
    for (size_t i = 0; i < SERVED; i++) {
        serve_one(i, &call);
        assert_int_equal(observations, i + 1);
        assert_int_equal(observed.slot, served[i].slot);
        assert_ptr_equal(observed.lane, &lane);
    }
}

static void strangers_are_not_observed_if_nobody_finds_them(void **state)
{
    (void)state;
    struct platen_call call;
    for (size_t i = 0; i < SERVED; i++) {
        serve_one(i, &call);
    }
    assert_int_equal(observations, 0);
}

static void strangers_get_the_lane_that_is_found(void **state)
{
    (void)state;
    struct platen_call call;
    platen_serve_foreign_threads(find_lane);
    for (size_t i = 0; i < SERVED; i++) {
        serve_one(i, &call);
        const struct platen_slot_info info = platen_slot_info(served[i].slot);
        const struct platen_arg_info *last = &info.args[info.arg_count - 1];
        bool registry = info.table == PLATEN_TABLE_REGISTRY;
        assert_int_equal(asked, i + 1);
        assert_ptr_equal(observed.lane, &found_lane);
        assert_true((uintptr_t)asked_for == (registry ? platen_call_arg(&call, last) : 0));
    }
    asked = 0;
    platen_lane_enter(&lane);
    serve_one(0, &call);
    assert_int_equal(asked, 0); /* no stranger: it has a lane */
    assert_ptr_equal(observed.lane, &lane);
}

/* ---- lanes and threads ----------------------------------------------------------------------- */

static struct platen_lane *seen_on_thread;

static void stranger(void *argument)
{
    (void)argument;
    seen_on_thread = platen_lane_here();
    (void)platen_served_registry.fpCloseKey(NULL, (HANDLE)(uintptr_t)5);
}

static void a_lane_belongs_to_its_thread(void **state)
{
    (void)state;
    platen_os_thread *thread;
    platen_serve_foreign_threads(find_lane);
    assert_null(platen_lane_enter(&lane));
    assert_int_equal(platen_os_thread_start(&thread, "stranger", 0, stranger, NULL), 0);
    platen_os_thread_join(thread);
    assert_null(seen_on_thread);
    assert_int_equal(asked, 1);
    assert_ptr_equal(asked_for, (HANDLE)(uintptr_t)5);
    assert_ptr_equal(observed.lane, &found_lane);
    assert_ptr_equal(platen_lane_here(), &lane);
    assert_ptr_equal(platen_lane_enter(&found_lane), &lane);
    assert_ptr_equal(platen_lane_enter(NULL), &found_lane);
    assert_null(platen_lane_here());
}

/* ---- services -------------------------------------------------------------------------------- */

static char container, memory;
static HANDLE impersonated;
static DWORD count_asked, freed;
static size_t bytes_asked;

static BOOL WINAPI impersonate(HANDLE hToken)
{
    impersonated = hToken;
    return 7;
}

static HANDLE WINAPI revert(VOID)
{
    return &memory;
}

static PBIDI_RESPONSE_CONTAINER WINAPI alloc_container(DWORD Count)
{
    count_asked = Count;
    return (PBIDI_RESPONSE_CONTAINER)(void *)&container;
}

static LPVOID WINAPI alloc_mem(size_t NumBytes)
{
    bytes_asked = NumBytes;
    return &memory;
}

static DWORD WINAPI free_container(PBIDI_RESPONSE_CONTAINER pData)
{
    return (void *)pData == &container ? 8 : 0;
}

static VOID WINAPI free_mem(LPVOID pMemPointer)
{
    freed += pMemPointer == &memory;
}

static void services_are_passed_on(void **state)
{
    (void)state;
    static PLATEN_IMPORTS imports;
    imports = recorder_winspool;
    imports.ImpersonatePrinterClient = impersonate;
    imports.RevertToPrinterSelf = revert;
    imports.RouterAllocBidiResponseContainer = alloc_container;
    imports.RouterAllocBidiMem = alloc_mem;
    imports.RouterFreeBidiResponseContainer = free_container;
    imports.RouterFreeBidiMem = free_mem;
    platen_serve(&recorder_registry, &imports);
    platen_lane_enter(&lane);
    const PLATEN_IMPORTS *table = &platen_served_imports;
    assert_int_equal(table->cbSize, sizeof *table);
    assert_int_equal(table->ImpersonatePrinterClient(&container), 7);
    assert_ptr_equal(impersonated, &container);
    assert_ptr_equal(table->RevertToPrinterSelf(), &memory);
    assert_ptr_equal(table->RouterAllocBidiResponseContainer(3), &container);
    assert_int_equal(count_asked, 3);
    assert_ptr_equal(table->RouterAllocBidiMem(44), &memory);
    assert_int_equal(bytes_asked, 44);
    assert_int_equal(
        table->RouterFreeBidiResponseContainer((PBIDI_RESPONSE_CONTAINER)(void *)&container), 8);
    table->RouterFreeBidiMem(&memory);
    assert_int_equal(freed, 1);
    assert_int_equal(observations, 0);
}

static void last_error_is_this_process_s(void **state)
{
    (void)state;
    platen_served_imports.SetLastError(1234);
    assert_int_equal(platen_os_get_last_error(), 1234);
    platen_os_set_last_error(4321);
    assert_int_equal(platen_served_imports.GetLastError(), 4321);
}

#define TEST(function) cmocka_unit_test_setup(function, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_entry_runs_its_slot),
        TEST(strangers_are_not_observed_if_nobody_finds_them),
        TEST(strangers_get_the_lane_that_is_found),
        TEST(a_lane_belongs_to_its_thread),
        TEST(services_are_passed_on),
        TEST(last_error_is_this_process_s),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
