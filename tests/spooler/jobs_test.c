/* SPDX-License-Identifier: MIT
 *
 * Jobs on their way through a port: what arrives, and what becomes of a job whose calls fail.
 */
#include "stub.h"

#include <stdlib.h>

static const char hello[] = "hello";

static void prints_and_keeps_the_port_open(void **state)
{
    struct stub stub;
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(NULL, &stub);
    struct platen_document document = {.size = sizeof document,
                                       .title = "T\xC3\xA4tig",
                                       .output_file = "/tmp/x",
                                       .datatype = "TEXT",
                                       .data = hello,
                                       .data_size = 5};
    struct platen_job_info info;
    uint32_t id;

    (void)state;
    assert_int_equal(platen_job_submit(spooler, "pRINTER", &document, &id), 0);
    assert_int_equal(platen_job_wait(spooler, id, PLATEN_FOREVER, &info), 0);
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    assert_int_equal(info.status, JOB_STATUS_PRINTED);
    assert_int_equal(info.bytes, 5);
    assert_int_equal(info.size, 5);
    assert_int_equal(info.writes, 1);
    assert_true(info.queued_at <= info.started_at && info.started_at <= info.ended_at);
    assert_true(platen_text_equal_folded(stub.ports[0].printer, u"Printer"));
    assert_memory_equal(stub.ports[0].title, u"T\u00E4tig", 12);
    assert_memory_equal(stub.ports[0].output, u"/tmp/x", 14);
    assert_memory_equal(stub.ports[0].datatype, u"TEXT", 10);
    print_bytes(spooler, hello, 5);
    assert_memory_equal(stub.ports[0].datatype, u"RAW", 8);
    assert_int_equal(stub.ports[0].output[0], 0);
    assert_int_equal(stub.ports[0].opens, 1);
    assert_int_equal(stub.ports[0].closes, 0);
    assert_int_equal(stub.ports[0].size, 10);
    assert_memory_equal(stub.ports[0].data, "hellohello", 10);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

static void nothing_is_written_for_nothing(void **state)
{
    struct stub stub;
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(NULL, &stub);
    struct platen_job_info info = print_bytes(spooler, hello, 0);

    (void)state;
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    assert_int_equal(info.writes, 0);
    assert_int_equal(stub.ports[0].starts, 1);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

static uint32_t short_and_zero(struct stub *stub, uint32_t size)
{
    uint32_t *seed = stub->own;
    *seed = *seed * 1664525u + 1013904223u;
    uint32_t kind = *seed >> 28;
    if (kind == 0)
        return 0;
    return kind < 6 ? size : (*seed >> 8) % size + 1;
}

static void short_accepts_lose_nothing(void **state)
{
    struct stub stub;
    uint32_t seed = 7;
    size_t size = 3 << 20;
    uint8_t *data = malloc(size);

    (void)state;
    assert_non_null(data);
    for (size_t i = 0; i < size; i++)
        data[i] = (uint8_t)(i * 2654435761u >> 13);
    stub_prepare(&stub);
    stub.own = &seed;
    stub.accept = short_and_zero;
    platen_spooler *spooler = new_house(NULL, &stub);
    struct platen_job_info info = print_bytes(spooler, data, size);
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    assert_int_equal(info.bytes, size);
    assert_int_equal(info.writes, stub.ports[0].writes);
    assert_int_equal(stub.ports[0].size, size);
    assert_memory_equal(stub.ports[0].data, data, size);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
    free(data);
}

static uint32_t nothing_at_first(struct stub *stub, uint32_t size)
{
    unsigned *left = stub->own;
    return *left > 0 ? (--*left, 0) : size;
}

static platen_spooler *timed_house(struct fake_clock *clock, uint32_t retries, uint32_t chunk,
                                   struct listener *listener, struct stub *stub)
{
    struct platen_spooler_options options = {
        .size = sizeof options, .retries = retries, .chunk = chunk, .clock = &clock->clock};
    platen_spooler *spooler;

    fake_clock_prepare(clock);
    listener_prepare(listener);
    options.on_event = note_event;
    options.event_context = listener;
    assert_int_equal(platen_spooler_create(&options, &spooler), 0);
    assert_int_equal(stub_attach(spooler, stub, "Stub", NULL), 0);
    assert_int_equal(platen_printer_add(spooler, "Printer", "p1:"), 0);
    return spooler;
}

static void a_hundred_zeroes_are_no_error(void **state)
{
    struct listener listener;
    struct fake_clock clock;
    struct stub stub;
    unsigned left = 100;
    stub_prepare(&stub);
    stub.own = &left;
    stub.accept = nothing_at_first;
    platen_spooler *spooler = timed_house(&clock, 0, 0, &listener, &stub);
    struct platen_job_info info = print_bytes(spooler, hello, 5);

    (void)state;
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    assert_int_equal(info.writes, 101);
    assert_true(atomic_load(&clock.waits) >= 90);                        /* it does not spin */
    assert_true(info.ended_at - info.started_at < UINT64_C(2000000000)); /* nor does it doze */
    assert_int_equal(listener.count[PLATEN_EVENT_FINDING], 0);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

static void zeroes_for_ever_end_the_job(void **state)
{
    struct listener listener;
    struct fake_clock clock;
    struct stub stub;
    unsigned left = UINT32_MAX;
    stub_prepare(&stub);
    stub.own = &left;
    stub.accept = nothing_at_first;
    platen_spooler *spooler = timed_house(&clock, 0, 0, &listener, &stub);
    struct platen_job_info info = print_bytes(spooler, hello, 5);

    (void)state;
    assert_int_equal(info.state, PLATEN_JOB_FAILED);
    assert_int_equal(info.error, PLATEN_TIMEOUT);
    assert_string_equal(info.slot, "WritePort");
    assert_int_equal(listener.count[PLATEN_EVENT_FINDING], 1);
    left = 0;
    assert_int_equal(print_bytes(spooler, hello, 5).state, PLATEN_JOB_PRINTED);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

/* ---- failures -------------------------------------------------------------------------------- */

/* Fails the calls of one kind with a code, so many times. */
struct failing {
    enum stub_at at;
    uint32_t code;
    unsigned after; /* good calls before */
    unsigned times;
};

static uint32_t fail_some(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    struct failing *failing = stub->own;
    (void)port;
    if (at != failing->at || failing->times == 0)
        return 0;
    if (failing->after > 0) {
        failing->after--;
        return 0;
    }
    failing->times--;
    return failing->code;
}

static const struct case_of_failure {
    struct failing failing;
    enum platen_job_state state;
    uint32_t error;
    const char *slot;
    unsigned starts;
} cases[] = {
    {{AT_OPEN, 1796, 0, 1}, PLATEN_JOB_FAILED, 1796, "OpenPort", 0},
    {{AT_OPEN, UINT32_MAX, 0, 1}, PLATEN_JOB_FAILED, 31, "OpenPort", 0},
    {{AT_START, 170, 0, 1}, PLATEN_JOB_FAILED, 170, "StartDocPort", 0},
    {{AT_START, UINT32_MAX, 0, 1}, PLATEN_JOB_FAILED, 31, "StartDocPort", 0},
    {{AT_START, 63, 0, 1}, PLATEN_JOB_CANCELLED, 0, "StartDocPort", 0},
    {{AT_WRITE, 112, 0, 1}, PLATEN_JOB_FAILED, 112, "WritePort", 1},
    {{AT_WRITE, 1460, 1, 1}, PLATEN_JOB_FAILED, 1460, "WritePort", 1},
    {{AT_WRITE, UINT32_MAX, 1, 1}, PLATEN_JOB_FAILED, 31, "WritePort", 1},
    {{AT_WRITE, 63, 1, 1}, PLATEN_JOB_CANCELLED, 0, "WritePort", 1},
    {{AT_WRITE, 0x12345678, 0, 1}, PLATEN_JOB_FAILED, 0x12345678, "WritePort", 1},
    {{AT_END, 28, 0, 1}, PLATEN_JOB_FAILED, 28, "EndDocPort", 1},
    {{AT_END, UINT32_MAX, 0, 1}, PLATEN_JOB_FAILED, 31, "EndDocPort", 1},
};

static void check_failure(const struct case_of_failure *expected)
{
    static const uint8_t data[100000];
    struct failing failing = expected->failing;
    struct listener listener;
    struct stub stub;

    stub_prepare(&stub);
    stub.own = &failing;
    stub.inside = fail_some;
    platen_spooler *spooler = new_house(&listener, &stub);
    struct platen_job_info info = print_bytes(spooler, data, sizeof data);
    assert_int_equal(info.state, expected->state);
    assert_int_equal(info.error, expected->error);
    assert_string_equal(info.slot, expected->slot);
    assert_int_equal(stub.ports[0].starts, expected->starts);
    assert_int_equal(stub.ports[0].ends, expected->starts);
    assert_int_equal(listener.count[PLATEN_EVENT_FINDING],
                     expected->failing.code == UINT32_MAX ? 1 : 0);
    info = print_bytes(spooler, hello, 5);
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    assert_memory_equal(stub.ports[0].data + stub.ports[0].size - 5, hello, 5);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

static void failures_end_the_job_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_failure(&cases[i]);
}

/* The first failure is the one that counts. */
static uint32_t fail_all(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    (void)stub;
    (void)port;
    return at == AT_WRITE ? 112 : at == AT_END ? 28 : 0;
}

static void the_first_failure_counts(void **state)
{
    struct stub stub;
    stub_prepare(&stub);
    stub.inside = fail_all;
    platen_spooler *spooler = new_house(NULL, &stub);
    struct platen_job_info info = print_bytes(spooler, hello, 5);

    (void)state;
    assert_int_equal(info.error, 112);
    assert_string_equal(info.slot, "WritePort");
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

static uint32_t too_many(struct stub *stub, uint32_t size)
{
    (void)stub;
    return size + 1;
}

static void a_count_that_cannot_be_is_a_finding(void **state)
{
    struct listener listener;
    struct stub stub;
    stub_prepare(&stub);
    stub.accept = too_many;
    platen_spooler *spooler = new_house(&listener, &stub);
    struct platen_job_info info = print_bytes(spooler, hello, 5);

    (void)state;
    assert_int_equal(info.bytes, 5);
    assert_int_equal(listener.count[PLATEN_EVENT_FINDING], 1);
    assert_non_null(strstr(listener.text[PLATEN_EVENT_FINDING], "claims 6 bytes of 5"));
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

static void a_failure_may_pass(void **state)
{
    struct failing failing = {AT_WRITE, 21, 1, 3};
    struct listener listener;
    struct fake_clock clock;
    struct stub stub;

    (void)state;
    stub_prepare(&stub);
    stub.own = &failing;
    stub.inside = fail_some;
    platen_spooler *spooler = timed_house(&clock, 3, 4, &listener, &stub);
    struct platen_job_info info = print_bytes(spooler, hello, 5);
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    assert_int_equal(info.writes, 5);
    assert_int_equal(listener.count[PLATEN_EVENT_JOB_TROUBLE], 3);
    assert_memory_equal(stub.ports[0].data, hello, 5);
    failing = (struct failing){AT_WRITE, 21, 0, 4};
    info = print_bytes(spooler, hello, 5);
    assert_int_equal(info.error, 21);
    assert_int_equal(info.writes, 4);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

/* ---- handles --------------------------------------------------------------------------------- */

static void any_value_is_a_handle(void **state)
{
    const uintptr_t values[] = {0, 1, 3, UINTPTR_MAX, 0x1001};

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct stub stub;
        stub_prepare(&stub);
        stub.any_handle = stub.any_instance = true;
        stub.port_handle = stub.instance = (HANDLE)values[i];
        platen_spooler *spooler = new_house(NULL, &stub);
        HANDLE instance;
        const MONITOR2 *table;
        assert_int_equal(platen_spooler_monitor(spooler, "stub", &instance, &table), 0);
        assert_ptr_equal(instance, stub.instance);
        assert_int_equal(print_bytes(spooler, hello, 5).state, PLATEN_JOB_PRINTED);
        assert_int_equal(print_bytes(spooler, hello, 5).state, PLATEN_JOB_PRINTED);
        platen_spooler_destroy(spooler);
        stub_check(&stub);
    }
}

/* ---- events ---------------------------------------------------------------------------------- */

static void events_tell_the_story(void **state)
{
    struct listener listener;
    struct stub stub;
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(&listener, &stub);

    (void)state;
    print_bytes(spooler, hello, 5);
    assert_int_equal(listener.count[PLATEN_EVENT_JOB_QUEUED], 1);
    assert_int_equal(listener.count[PLATEN_EVENT_JOB_STARTED], 1);
    assert_int_equal(listener.count[PLATEN_EVENT_JOB_ENDED], 1); /* before the wait was over */
    assert_int_equal(listener.last[PLATEN_EVENT_JOB_ENDED].state, PLATEN_JOB_PRINTED);
    assert_int_equal(listener.last[PLATEN_EVENT_JOB_ENDED].bytes, 5);
    assert_int_equal(listener.last[PLATEN_EVENT_JOB_ENDED].size, 5);
    assert_int_equal(listener.last[PLATEN_EVENT_JOB_QUEUED].job_id, 1);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_and_keeps_the_port_open),
        cmocka_unit_test(nothing_is_written_for_nothing),
        cmocka_unit_test(short_accepts_lose_nothing),
        cmocka_unit_test(a_hundred_zeroes_are_no_error),
        cmocka_unit_test(zeroes_for_ever_end_the_job),
        cmocka_unit_test(failures_end_the_job_alone),
        cmocka_unit_test(the_first_failure_counts),
        cmocka_unit_test(a_count_that_cannot_be_is_a_finding),
        cmocka_unit_test(a_failure_may_pass),
        cmocka_unit_test(any_value_is_a_handle),
        cmocka_unit_test(events_tell_the_story),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
