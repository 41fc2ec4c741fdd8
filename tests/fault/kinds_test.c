/* SPDX-License-Identifier: MIT
 *
 * What a fault does to a call: answers, out-parameters, sizes, junk.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "call/served.h"
#include "fault/fault.h"
#include "os/lasterror.h"
#include "recorder.h"

static platen_faults *faults;
static struct platen_lane lane;
static struct platen_call seen_after; /* by an observer that stands behind */

static void see(struct platen_observer *observer, struct platen_call *call)
{
    (void)observer;
    seen_after = *call;
}

static struct platen_observer trace = {.after = see};

static int make(void **state)
{
    (void)state;
    faults = platen_faults_create(NULL);
    if (faults == NULL)
        return 1;
    platen_faults_observer(faults)->next = &trace;
    lane = (struct platen_lane){.name = "lane", .observers = platen_faults_observer(faults)};
    recorded = (struct recorded){.last_error_left = UINT32_MAX};
    platen_serve(&recorder_registry, &recorder_winspool);
    platen_lane_enter(&lane);
    platen_os_set_last_error(77);
    return 0;
}

static int unmake(void **state)
{
    (void)state;
    platen_lane_enter(NULL);
    platen_faults_destroy(faults);
    return 0;
}

static platen_fault *add(struct platen_fault_rule rule)
{
    platen_fault *fault;

    assert_int_equal(platen_fault_add(faults, &rule, &fault, NULL), 0);
    return fault;
}

static platen_fault *add_error(const char *calls, uint32_t code)
{
    return add((struct platen_fault_rule){
        .calls = calls, .count = 1, .kind = PLATEN_FAULT_ERROR, .code = code});
}

/* ---- error ----------------------------------------------------------------------------------- */

static bool gives_back(enum platen_slot slot)
{
    return slot == PLATEN_SLOT_EndDocPort || slot == PLATEN_SLOT_ClosePort ||
           slot == PLATEN_SLOT_XcvClosePort || slot == PLATEN_SLOT_CloseKey ||
           slot == PLATEN_SLOT_ClosePrinter;
}

/* All arguments are bits, but for what comes back, which is memory of ours. */
static void fill(struct platen_call *call, enum platen_slot slot, uint64_t room[16])
{
    struct platen_slot_info info = platen_slot_info(slot);

    recorder_fill(call, slot);
    for (unsigned i = 0; i < info.arg_count; i++) {
        void *place = &room[i];
        room[i] = UINT64_C(0x7777777777777777);
        if (info.args[i].direction != PLATEN_IN && info.args[i].width == sizeof place)
            memcpy((unsigned char *)&call->args + info.args[i].offset, &place, sizeof place);
    }
    call->lane = &lane;
}

/* After a failure numbers that come back are 0 and handles NULL; the rest is as it was. */
static void assert_empty(enum platen_slot slot, const uint64_t room[16])
{
    struct platen_slot_info info = platen_slot_info(slot);

    for (unsigned i = 0; i < info.arg_count; i++) {
        const struct platen_arg_info *arg = &info.args[i];
        bool out = arg->direction == PLATEN_OUT && !gives_back(slot);
        uint32_t low = (uint32_t)room[i];
        if (out && arg->kind == PLATEN_KIND_COUNT)
            assert_int_equal(low, 0);
        else if (out &&
                 (strstr(platen_kind_text(arg->kind), "responses") != NULL ||
                  (arg->kind >= PLATEN_KIND_NEW_MONITOR && arg->kind <= PLATEN_KIND_NEW_KEY)))
            assert_true((uintptr_t)room[i] == 0);
        else
            assert_true(room[i] == UINT64_C(0x7777777777777777));
    }
}

static void fail_one(enum platen_slot slot)
{
    struct platen_slot_info info = platen_slot_info(slot);
    struct platen_call call;
    uint64_t room[16];
    bool code = info.result == PLATEN_RESULT_CODE;
    bool back = info.table == PLATEN_TABLE_REGISTRY || info.table == PLATEN_TABLE_WINSPOOL;

    platen_fault *fault = add_error(info.name, 1460);
    fill(&call, slot, room);
    recorded.calls = 0;
    platen_os_set_last_error(77);
    uint64_t result = recorder_direct(&call, recorder_table(slot));
    assert_true(platen_fault_reached(faults, fault));
    assert_true(result == (code ? 1460 : 0));
    assert_int_equal(platen_os_get_last_error(), code ? (back ? 77 : 0) : 1460);
    assert_int_equal(recorded.calls, gives_back(slot));
    assert_empty(slot, room);
    assert_int_equal(seen_after.slot, slot);
    assert_int_equal(seen_after.last_error, platen_os_get_last_error());
    platen_fault_remove(faults, fault);
}

static void every_call_can_fail(void **state)
{
    (void)state;
    for (unsigned slot = 0; slot < PLATEN_SLOT_COUNT; slot++)
        if (slot != PLATEN_SLOT_Shutdown)
            fail_one((enum platen_slot)slot);
}

static void a_failure_without_a_reason(void **state)
{
    (void)state;
    add_error("OpenPort", 0);
    HANDLE port = &port;
    assert_int_equal(platen_call_OpenPort(&lane, &recorder_monitor, NULL, NULL, &port), FALSE);
    assert_int_equal(platen_os_get_last_error(), 0);
    assert_null(port);
}

static void missing_out_parameters_are_no_trouble(void **state)
{
    (void)state;
    add_error("WritePort", 28);
    assert_int_equal(platen_call_WritePort(&lane, &recorder_monitor, NULL, NULL, 5, NULL), FALSE);
    assert_int_equal(platen_os_get_last_error(), 28);
}

static BOOL set_job_answer;

static void complete(void)
{
    set_job_answer = platen_served_imports.SetJobW(NULL, 1, 0, NULL, JOB_CONTROL_SENT_TO_PRINTER);
}

static void pause_job(void)
{
    set_job_answer = platen_served_imports.SetJobW(NULL, 1, 0, NULL, JOB_CONTROL_PAUSE);
}

/* A monitor whose EndDocPort fails has not told before that all is well. */
static void a_job_whose_end_fails_is_not_completed(void **state)
{
    (void)state;
    add_error("EndDocPort", 31);
    recorded.during = complete;
    assert_int_equal(platen_call_EndDocPort(&lane, &recorder_monitor, NULL), FALSE);
    assert_int_equal(platen_os_get_last_error(), 31);
    assert_int_equal(set_job_answer, TRUE);
    assert_int_equal(recorded.calls, 1);
    assert_int_equal(recorded.last.slot, PLATEN_SLOT_EndDocPort);
    recorded.during = complete; /* the rule has had its turn */
    assert_true(platen_call_EndDocPort(&lane, &recorder_monitor, NULL));
    assert_int_equal(recorded.calls, 3);
}

static void other_words_about_the_job_go_through(void **state)
{
    (void)state;
    add_error("EndDocPort", 31);
    recorded.during = pause_job;
    assert_int_equal(platen_call_EndDocPort(&lane, &recorder_monitor, NULL), FALSE);
    assert_int_equal(recorded.calls, 2);
    assert_int_equal(set_job_answer, recorder_answer(PLATEN_SLOT_SetJobW));
}

/* ---- a monitor with a say -------------------------------------------------------------------- */

static uint32_t size_told, answer_code;

static BOOL WINAPI write_port(HANDLE port, LPBYTE data, DWORD size, LPDWORD written)
{
    (void)port;
    (void)data;
    size_told = size;
    *written = size;
    return TRUE;
}

static BOOL WINAPI read_port(HANDLE port, LPBYTE data, DWORD size, LPDWORD count)
{
    (void)port;
    memset(data, 'r', size);
    size_told = size;
    *count = size;
    return TRUE;
}

static DWORD WINAPI xcv_data(HANDLE xcv, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out,
                             DWORD out_size, PDWORD needed)
{
    (void)xcv;
    (void)name;
    (void)in;
    (void)in_size;
    (void)out;
    size_told = out_size;
    *needed = 40;
    return out_size < 40 ? 122 : 0;
}

static BOOL WINAPI open_port(HANDLE monitor, LPWSTR name, PHANDLE port)
{
    (void)monitor;
    (void)name;
    *port = (HANDLE)(uintptr_t)0x500;
    return answer_code == 0;
}

static LONG WINAPI query_value(HANDLE key, LPCWSTR name, PDWORD type, PBYTE data, PDWORD size,
                               HANDLE spooler)
{
    (void)key;
    (void)name;
    (void)spooler;
    size_told = *size;
    if (type != NULL)
        *type = 1;
    if (data != NULL && *size < 20) {
        *size = 20;
        return 234;
    }
    if (data != NULL)
        memset(data, 'q', 20);
    *size = 20;
    return 0;
}

static const MONITOR2 monitor = {.cbSize = sizeof(MONITOR2),
                                 .pfnOpenPort = open_port,
                                 .pfnWritePort = write_port,
                                 .pfnReadPort = read_port,
                                 .pfnXcvDataPort = xcv_data};
static const MONITORREG registry = {.cbSize = sizeof(MONITORREG), .fpQueryValue = query_value};

/* ---- short ----------------------------------------------------------------------------------- */

static void add_short(const char *calls, uint32_t limit)
{
    add((struct platen_fault_rule){
        .calls = calls, .count = 0, .kind = PLATEN_FAULT_SHORT, .limit = limit});
}

static void a_short_write(void **state)
{
    DWORD written = 0;
    BYTE data[10] = {0};
    (void)state;
    add_short("WritePort", 4);
    assert_true(platen_call_WritePort(&lane, &monitor, NULL, data, 10, &written));
    assert_int_equal(size_told, 4);
    assert_int_equal(written, 4);
    assert_int_equal(seen_after.args.WritePort.cbBuf, 10); /* what the spooler said */
    assert_true(platen_call_WritePort(&lane, &monitor, NULL, data, 3, &written));
    assert_int_equal(size_told, 3);
}

static void nothing_is_taken_at_all(void **state)
{
    DWORD written = 9;
    BYTE data[10] = {0};
    (void)state;
    add_short("WritePort", 0);
    assert_true(platen_call_WritePort(&lane, &monitor, NULL, data, 10, &written));
    assert_int_equal(written, 0);
}

static void a_short_read(void **state)
{
    DWORD count = 0;
    BYTE data[10] = {0};
    (void)state;
    add_short("ReadPort", 4);
    assert_true(platen_call_ReadPort(&lane, &monitor, NULL, data, 10, &count));
    assert_int_equal(count, 4);
    assert_int_equal(data[4], 0);
    assert_int_equal(seen_after.args.ReadPort.cbBuffer, 10);
}

static void a_buffer_that_seems_too_small(void **state)
{
    BYTE data[64] = {0};
    DWORD needed = 0;
    (void)state;
    add_short("xcv", 8);
    assert_int_equal(
        platen_call_XcvDataPort(&lane, &monitor, NULL, NULL, NULL, 0, data, 64, &needed), 122);
    assert_int_equal(size_told, 8);
    assert_int_equal(needed, 40);
    assert_int_equal(seen_after.args.XcvDataPort.cbOutputData, 64);
}

static void a_value_that_seems_too_long(void **state)
{
    BYTE data[64];
    DWORD size = sizeof data, type;
    (void)state;
    add_short("registry", 8);
    assert_int_equal(platen_call_QueryValue(&lane, &registry, NULL, NULL, &type, data, &size, NULL),
                     234);
    assert_int_equal(size_told, 8);
    assert_int_equal(size, 20);
    size = 64; /* how much is it? That is no buffer. */
    assert_int_equal(platen_call_QueryValue(&lane, &registry, NULL, NULL, NULL, NULL, &size, NULL),
                     0);
    assert_int_equal(size_told, 64);
}

/* ---- garbage --------------------------------------------------------------------------------- */

static void add_garbage(const char *calls, bool says)
{
    add((struct platen_fault_rule){.calls = calls,
                                   .count = 0,
                                   .kind = PLATEN_FAULT_GARBAGE,
                                   .says = says,
                                   .code = 5,
                                   .seed = 7});
}

static void junk_after_true(void **state)
{
    BYTE data[16], guard = 0x33;
    DWORD count = 0;
    (void)state;
    add_garbage("ReadPort", true);
    memset(data, 0, sizeof data);
    data[11] = guard;
    assert_true(platen_call_ReadPort(&lane, &monitor, NULL, data, 11, &count));
    assert_int_equal(size_told, 11);
    assert_int_not_equal(count, 11);
    assert_int_not_equal(memcmp(data, "rrrrrrrrrrr", 11), 0);
    assert_int_equal(data[11], guard);
}

static void junk_is_the_same_in_each_run(void **state)
{
    DWORD counts[4];
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        BYTE data[1];
        if (i % 2 == 0) {
            unmake(NULL);
            make(NULL);
            add_garbage("ReadPort", true);
        }
        platen_call_ReadPort(&lane, &monitor, NULL, data, 1, &counts[i]);
    }
    assert_int_equal(counts[0], counts[2]);
    assert_int_equal(counts[1], counts[3]);
    assert_int_not_equal(counts[0], counts[1]);
}

static void junk_after_false(void **state)
{
    BYTE data[11] = {0};
    DWORD written = 0;
    (void)state;
    add_garbage("WritePort", false);
    size_told = 99;
    assert_int_equal(platen_call_WritePort(&lane, &monitor, NULL, data, 11, &written), FALSE);
    assert_int_equal(platen_os_get_last_error(), 5);
    assert_int_equal(size_told, 99); /* it was not asked */
    assert_int_not_equal(written, 0);
}

static void junk_for_a_handle(void **state)
{
    HANDLE handle = NULL;
    (void)state;
    add_garbage("OpenPort", true);
    answer_code = 0;
    assert_true(platen_call_OpenPort(&lane, &monitor, NULL, NULL, &handle));
    assert_ptr_not_equal(handle, (HANDLE)(uintptr_t)0x500);
    assert_non_null(handle);
}

static void a_call_that_failed_by_itself_is_left_alone(void **state)
{
    HANDLE handle = NULL;
    (void)state;
    add_garbage("OpenPort", true);
    answer_code = 1;
    assert_false(platen_call_OpenPort(&lane, &monitor, NULL, NULL, &handle));
    assert_ptr_equal(handle, (HANDLE)(uintptr_t)0x500);
    answer_code = 0;
}

static void junk_from_the_registry(void **state)
{
    BYTE data[32] = {0};
    DWORD size = 24, type = 1;
    (void)state;
    add_garbage("registry", true);
    assert_int_equal(platen_call_QueryValue(&lane, &registry, NULL, NULL, &type, data, &size, NULL),
                     0);
    assert_int_not_equal(size, 20);
    assert_int_not_equal(type, 1);
    assert_int_not_equal(memcmp(data, "qqqqqqqqqqqqqqqqqqqq", 20), 0);
    for (size_t i = 24; i < sizeof data; i++)
        assert_int_equal(data[i], 0); /* beyond the room nothing is written */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_call_can_fail),
        TEST(a_failure_without_a_reason),
        TEST(missing_out_parameters_are_no_trouble),
        TEST(a_job_whose_end_fails_is_not_completed),
        TEST(other_words_about_the_job_go_through),
        TEST(a_short_write),
        TEST(nothing_is_taken_at_all),
        TEST(a_short_read),
        TEST(a_buffer_that_seems_too_small),
        TEST(a_value_that_seems_too_long),
        TEST(junk_after_true),
        TEST(junk_is_the_same_in_each_run),
        TEST(junk_after_false),
        TEST(junk_for_a_handle),
        TEST(a_call_that_failed_by_itself_is_left_alone),
        TEST(junk_from_the_registry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
