/* SPDX-License-Identifier: MIT
 *
 * slots.def: every slot is there, its tables describe the struct that the compiler made, and every
 * way to run a call hands over exactly its arguments.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "os/lasterror.h"
#include "recorder.h"

#define EACH_SLOT(slot)                                                                            \
    for (enum platen_slot slot = (enum platen_slot)0; slot < PLATEN_SLOT_COUNT;                    \
         slot = (enum platen_slot)(slot + 1))

/* ---- the tables ------------------------------------------------------------------------------ */

static const size_t sizes[] = {
#define PLATEN_SLOT(table, result, slot, members) sizeof(struct platen_args_##slot),
#include "call/slots.def"
#undef PLATEN_SLOT
};

static void names_are_found(void **state)
{
    (void)state;
    EACH_SLOT(slot)
    {
        assert_int_equal(platen_slot_find(platen_slot_info(slot).name), slot);
    }
    assert_int_equal(platen_slot_find("WritePort"), PLATEN_SLOT_WritePort);
    assert_int_equal(platen_slot_find("writeport"), PLATEN_SLOT_COUNT);
    assert_int_equal(platen_slot_find("WritePor"), PLATEN_SLOT_COUNT);
    assert_int_equal(platen_slot_find(""), PLATEN_SLOT_COUNT);
}

static bool is_argument(const struct platen_slot_info *info, uint16_t offset)
{
    bool found = false;
    for (unsigned i = 0; i < info->arg_count; i++) {
        found = found || info->args[i].offset == offset;
    }
    return found;
}

static void arguments_lie_within_their_struct(void **state)
{
    (void)state;
    EACH_SLOT(slot)
    {
        struct platen_slot_info info = platen_slot_info(slot);
        size_t end = 0;
        assert_true(info.arg_count > 0);
        for (unsigned i = 0; i < info.arg_count; i++) {
            const struct platen_arg_info *arg = &info.args[i];
            assert_true(arg->offset >= end);
            assert_true(arg->width == 4 || arg->width == sizeof(void *));
            assert_true(arg->kind < PLATEN_KINDS);
            assert_true(strlen(platen_kind_text(arg->kind)) > 0);
            assert_true(is_argument(&info, arg->size_at));
            assert_true(is_argument(&info, arg->count_at));
            end = (size_t)arg->offset + arg->width;
        }
        assert_true(end <= sizes[slot]);
        assert_true(sizes[slot] - end < sizeof(void *));
        assert_true(sizes[slot] <= sizeof(union platen_args));
    }
}

static const struct platen_arg_info *argument_at(const struct platen_slot_info *info,
                                                 uint16_t offset)
{
    const struct platen_arg_info *arg = info->args;
    while (arg->offset != offset) {
        arg++;
    }
    return arg;
}

/* Memory that is shown or shipped has something that says how much there is, and how much of it was
 * filled. */
static void memory_is_counted(void **state)
{
    (void)state;
    EACH_SLOT(slot)
    {
        struct platen_slot_info info = platen_slot_info(slot);
        for (unsigned i = 0; i < info.arg_count; i++) {
            const struct platen_arg_info *arg = &info.args[i];
            enum platen_kind size = argument_at(&info, arg->size_at)->kind;
            enum platen_kind count = argument_at(&info, arg->count_at)->kind;
            bool data = arg->kind == PLATEN_KIND_DATA_OUT || arg->kind == PLATEN_KIND_NAME_OUT;
            if (arg->kind == PLATEN_KIND_BYTES) {
                assert_int_equal(size, PLATEN_KIND_NUMBER);
            }
            if (data) {
                assert_int_equal(size, PLATEN_KIND_COUNT);
            }
            if (data || (arg->kind == PLATEN_KIND_BYTES && arg->direction != PLATEN_IN)) {
                assert_int_equal(count, PLATEN_KIND_COUNT);
            }
        }
    }
}

static unsigned null_members(const void *table, size_t from, size_t size)
{
    unsigned nulls = 0;
    for (size_t at = from; at < size; at += sizeof(void *)) {
        void *member;
        memcpy(&member, (const char *)table + at, sizeof member);
        nulls += member == NULL;
    }
    return nulls;
}

/* The recorder's tables come from slots.def: what is NULL in them, slots.def has forgotten. */
static void every_member_is_a_slot(void **state)
{
    (void)state;
    const size_t first = sizeof(void *);
    assert_int_equal(null_members(&recorder_entry, 0, sizeof recorder_entry), 0);
    assert_int_equal(null_members(&recorder_monitor, first, sizeof recorder_monitor), 0);
    assert_int_equal(null_members(&recorder_registry, first, sizeof recorder_registry), 0);
    /* last-error, impersonation and the Router's four are services, no calls */
    assert_int_equal(null_members(&recorder_winspool, first, sizeof recorder_winspool), 8);
    assert_null(recorder_winspool.GetLastError);
    assert_null(recorder_winspool.SetLastError);
    assert_null(recorder_winspool.ImpersonatePrinterClient);
    assert_null(recorder_winspool.RouterFreeBidiMem);
}

static void numbers_of_arguments(void **state)
{
    (void)state;
    DWORD written = 17;
    struct platen_call call = {.slot = PLATEN_SLOT_WritePort,
                               .args.WritePort = {.cbBuf = 5, .pcbWritten = &written}};
    assert_int_equal(platen_call_number(&call, offsetof(struct platen_args_WritePort, pcbWritten)),
                     17);
    assert_int_equal(platen_call_number(&call, offsetof(struct platen_args_WritePort, cbBuf)), 5);
    call.args.WritePort.pcbWritten = NULL;
    assert_int_equal(platen_call_number(&call, offsetof(struct platen_args_WritePort, pcbWritten)),
                     0);
    assert_int_equal(platen_call_number(&call, 999), 0);
}

/* ---- running --------------------------------------------------------------------------------- */

struct watcher {
    struct platen_observer observer;
    unsigned befores;
    unsigned afters;
};

static void watch_before(struct platen_observer *observer, struct platen_call *call)
{
    ((struct watcher *)observer)->befores++;
    assert_int_equal(recorded.calls, 0);
    assert_int_equal(call->depth, 0);
    assert_false(call->answered);
}

static void watch_after(struct platen_observer *observer, struct platen_call *call)
{
    ((struct watcher *)observer)->afters++;
    assert_int_equal(recorded.calls, 1);
    assert_true(call->begin <= call->end);
    recorder_same(call);
}

static struct watcher watcher = {.observer = {watch_before, watch_after, NULL}};
static struct platen_lane unseen = {.name = "unseen"};
static struct platen_lane seen = {.name = "seen", .observers = &watcher.observer};
static struct platen_lane *const lanes[] = {NULL, &unseen, &seen};

static void start(enum platen_slot slot)
{
    recorded = (struct recorded){.last_error_left = 5000 + slot};
    watcher.befores = watcher.afters = 0;
    platen_os_set_last_error(77);
}

static void came_once(const struct platen_call *call)
{
    enum platen_table table = platen_slot_info(call->slot).table;
    bool back = table == PLATEN_TABLE_REGISTRY || table == PLATEN_TABLE_WINSPOOL;
    assert_int_equal(recorded.calls, 1);
    recorder_same(call);
    assert_int_equal(recorded.last_error_found, back ? 77 : 0);
    assert_int_equal(platen_os_get_last_error(), 5000 + call->slot);
    assert_int_equal(watcher.befores, call->lane == &seen);
    assert_int_equal(watcher.afters, call->lane == &seen);
    assert_int_equal(seen.depth, 0);
}

static uint64_t result_of(const struct platen_call *call)
{
    enum platen_result result = platen_slot_info(call->slot).result;
    bool pointer = result == PLATEN_RESULT_HANDLE || result == PLATEN_RESULT_TABLE;
    return pointer ? (uintptr_t)call->result.pointer : call->result.code;
}

static void every_slot_runs_as_data(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lanes / sizeof *lanes; i++) {
        EACH_SLOT(slot)
        {
            struct platen_call call;
            recorder_fill(&call, slot);
            call.lane = lanes[i];
            start(slot);
            platen_call_run(&call, recorder_table(slot));
            came_once(&call);
            assert_true(result_of(&call) == recorder_answer(slot));
            assert_int_equal(call.last_error, 5000 + slot);
        }
    }
}

static void every_slot_runs_as_a_function(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lanes / sizeof *lanes; i++) {
        EACH_SLOT(slot)
        {
            struct platen_call call;
            recorder_fill(&call, slot);
            call.lane = lanes[i];
            start(slot);
            uint64_t result = recorder_direct(&call, recorder_table(slot));
            came_once(&call);
            assert_true(result == recorder_answer(slot));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found),
        cmocka_unit_test(arguments_lie_within_their_struct),
        cmocka_unit_test(memory_is_counted),
        cmocka_unit_test(every_member_is_a_slot),
        cmocka_unit_test(numbers_of_arguments),
        cmocka_unit_test(every_slot_runs_as_data),
        cmocka_unit_test(every_slot_runs_as_a_function),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
