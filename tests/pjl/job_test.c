/* SPDX-License-Identifier: MIT
 *
 * Jobs on their way: what is put around them, and how their bytes are counted.
 */
#include "world.h"

#include <stdlib.h>
#include <string.h>

#define PJL_ID     "MFG:Acme;CMD:PCL,PJL;MDL:5;"
#define FOREIGN_ID "MFG:Acme;CMD:ESCP;MDL:5;"

static void assert_completed(struct world *world, unsigned at, DWORD job, DWORD command)
{
    assert_true(world->set_job_count > at);
    assert_int_equal(world->set_jobs[at].job, job);
    assert_int_equal(world->set_jobs[at].command, command);
}

static void finish(struct world *world)
{
    world_close(world);
    world_shutdown(world);
    world_free(world);
}

/* ---- R78, R79, R80 -------------------------------------------------------------------------- */

static void R78_a_function_that_is_missing(void **state)
{
    static const size_t needed[] = {
        offsetof(MONITOR2, pfnOpenPort),   offsetof(MONITOR2, pfnStartDocPort),
        offsetof(MONITOR2, pfnWritePort),  offsetof(MONITOR2, pfnReadPort),
        offsetof(MONITOR2, pfnEndDocPort), offsetof(MONITOR2, pfnClosePort),
    };
    struct world *world = world_new();

    (void)state;
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        MONITOR2 table = world->table;
        memset((char *)&table + needed[i], 0, sizeof(void *));
        world->port = PORT;
        assert_false(world_open_ex(world, &table));
        assert_int_equal(world_last_error(), PLATEN_INVALID_PRINT_MONITOR);
        assert_null(world->port);
    }
    MONITOR2 table = world->table;
    table.cbSize = offsetof(MONITOR2, pfnClosePort);
    assert_false(world_open_ex(world, &table));
    assert_int_equal(world->opens, 0);
    assert_int_equal(world->controls, 0);
    world_shutdown(world);
    world_free(world);
}

/* Of an older table what lies behind its end is no function. */
static void R79_no_more_than_cbsize(void **state)
{
    struct world *world = world_new();
    BIDI_REQUEST_CONTAINER request = {.Version = 1, .Count = 1};
    PBIDI_RESPONSE_CONTAINER answer = NULL;
    MONITOR2 table = world->table;

    (void)state;
    table.cbSize = (DWORD)PLATEN_MONITOR2_WIN2K;
    assert_true(world_open_ex(world, &table));
    memset(&table, 0xDD, sizeof(table));
    assert_int_equal(
        world->lm->pfnSendRecvBidiDataFromPort(world->port, 1, TEXT("Get"), &request, &answer),
        PLATEN_NOT_SUPPORTED);
    assert_int_equal(world->bidis, 0);
    world->mute = true;
    world_print(world, 1, u"a", "text");
    world_assert_received(world, "text");
    finish(world);
}

static void handles_that_are_none(void **state)
{
    struct world *world = world_new();
    HANDLE stale;
    DWORD count = 7;
    BYTE byte = 0;

    (void)state;
    world_open(world);
    stale = world->port;
    world_close(world);
    HANDLE wrong[] = {NULL, INVALID_HANDLE_VALUE, stale, world->instance, PORT};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        world_set_last_error(0);
        assert_false(world->lm->pfnWritePort(wrong[i], &byte, 1, &count));
        assert_int_equal(world_last_error(), PLATEN_INVALID_HANDLE);
        assert_int_equal(count, 0);
        assert_false(world->lm->pfnReadPort(wrong[i], &byte, 1, &count));
        assert_false(world->lm->pfnEndDocPort(wrong[i]));
        assert_false(world->lm->pfnClosePort(wrong[i]));
        assert_int_equal(world_last_error(), PLATEN_INVALID_HANDLE);
    }
    world_shutdown(world);
    world_free(world);
}

/* ---- framing -------------------------------------------------------------------------------- */

static void a_job_is_framed(void **state)
{
    struct world *world = world_new();

    (void)state;
    world->speaks = world->confirms = true;
    world_open(world);
    world_print(world, 4, u"letter \"x\"\r\n", "page one");
    assert_completed(world, 0, 4, JOB_CONTROL_LAST_PAGE_EJECTED);
    world_assert_received(
        world, ASK TELL_ALL JOB("letter _x___ [4.1]") "page one" END_OF("letter _x___ [4.1]"));
    world_print(world, 5, u"next", "page two");
    assert_completed(world, 1, 5, JOB_CONTROL_LAST_PAGE_EJECTED);
    world_assert_received(
        world, ASK TELL_ALL JOB("letter _x___ [4.1]") "page one" END_OF("letter _x___ [4.1]")
                   TELL JOB("next [5.2]") "page two" END_OF("next [5.2]"));
    assert_int_equal(world->starts, 2);
    assert_int_equal(world->ends, 2);
    assert_int_equal(world->set_job_count, 2);
    finish(world);
}

static void a_job_without_bytes_has_no_frame(void **state)
{
    struct world *world = world_new();

    (void)state;
    world->id = PJL_ID;
    world->speaks = true;
    world_open(world);
    world_print(world, 1, u"a", "");
    assert_completed(world, 0, 1, JOB_CONTROL_LAST_PAGE_EJECTED);
    world_assert_received(world, "");
    finish(world);
}

/* The id says that it is none: it is not asked. */
static void a_foreign_printer_gets_the_bytes_alone(void **state)
{
    struct world *world = world_new();

    (void)state;
    world->id = FOREIGN_ID;
    world_open(world);
    world_print(world, 1, u"a", "text");
    world_print(world, 2, u"b", "more");
    world_assert_received(world, "textmore");
    assert_completed(world, 0, 1, JOB_CONTROL_LAST_PAGE_EJECTED);
    assert_completed(world, 1, 2, JOB_CONTROL_LAST_PAGE_EJECTED);
    assert_int_equal(world->reads, 0);
    finish(world);
}

/* Nor is one that could not be heard. */
static void a_port_without_a_way_back(void **state)
{
    struct world *world = world_new();

    (void)state;
    world->mute = true;
    world_open(world);
    world_print(world, 1, u"a", "text");
    world_assert_received(world, "text");
    assert_completed(world, 0, 1, JOB_CONTROL_LAST_PAGE_EJECTED);
    finish(world);
}

/* The id is enough, though the printer cannot be heard: the job is framed, and nobody waits. */
static void a_printer_that_cannot_be_heard(void **state)
{
    struct world *world = world_new();

    (void)state;
    world->mute = true;
    world->id = PJL_ID;
    world_open(world);
    world_print(world, 1, u"a", "text");
    world_assert_received(world, TELL_ALL JOB("a [1.1]") "text" END_OF("a [1.1]"));
    world_close(world);
    assert_int_equal(world->set_job_count, 1);
    world_shutdown(world);
    world_free(world);
}

/* It is asked once, and after that left alone. */
static void a_silent_printer_is_asked_once(void **state)
{
    struct world *world = world_new();

    (void)state;
    world_open(world);
    world_print(world, 1, u"a", "text");
    world_print(world, 2, u"b", "more");
    world_assert_received(world, ASK "textmore");
    assert_int_equal(world->set_job_count, 2);
    finish(world);
}

/* An answer that comes late counts from the next job on. */
static void a_slow_printer(void **state)
{
    struct world *world = world_new();

    (void)state;
    world_open(world);
    assert_true(world_start(world, 1, u"a"));
    world_write(world, "text", 4);
    world_say(world, "@PJL INFO ID\r\n\"LASER 5\"\r\n\f@PJL USTATUS DEVICE\r\nCODE=40021\r\n\f");
    world_await_set_ports(world, 1);
    assert_true(world_end(world));
    world_change(world, &world->speaks, true);
    world_change(world, &world->confirms, true);
    world_print(world, 2, u"b", "more");
    world_assert_received(world, ASK "text" TELL_ALL JOB("b [2.2]") "more" END_OF("b [2.2]"));
    finish(world);
}

/* A loop gives back the question, and a form feed of the job behind it. */
static void a_loop_is_no_printer(void **state)
{
    struct world *world = world_new();

    (void)state;
    world->loop = true;
    world_open(world);
    world_print(world, 1, u"a", "text\r\n\f");
    world_print(world, 2, u"b", "more\r\n\f");
    world_assert_received(world, ASK "text\r\n\fmore\r\n\f");
    finish(world);
}

/* ---- R38, R39, R44, R81 --------------------------------------------------------------------- */

static char *make_text(size_t size)
{
    char *text = malloc(size + 1);
    assert_non_null(text);
    for (size_t i = 0; i < size; i++)
        text[i] = (char)('a' + i % 26);
    text[size] = '\0';
    return text;
}

/* Framing is cut as well, and nothing of it is counted. */
static void R39_short_writes(void **state)
{
    static const uint32_t most[] = {1, 2, 7, 100, 0};
    char *text = make_text(3000);

    (void)state;
    for (size_t i = 0; i < sizeof(most) / sizeof(most[0]); i++) {
        struct world *world = world_new();
        world->speaks = world->confirms = true;
        world->most = most[i];
        world->nothing = 3;
        world_open(world);
        world_print(world, 1, u"a", text);
        const size_t before = sizeof(ASK TELL_ALL JOB("a [1.1]")) - 1;
        assert_memory_equal(world->received, ASK TELL_ALL JOB("a [1.1]"), before);
        assert_memory_equal(world->received + before, text, 3000);
        assert_int_equal(world->size, before + 3000 + sizeof(END_OF("a [1.1]")) - 1);
        finish(world);
    }
    free(text);
}

/* The caller sends again what was not taken; what was is not sent twice, framing neither. */
static void R44_a_port_that_fails_now_and_then(void **state)
{
    struct world *world = world_new();
    DWORD count;

    (void)state;
    world->id = PJL_ID;
    world->speaks = world->confirms = true;
    world->error = PLATEN_OUT_OF_PAPER;
    world->most = 10;
    world_open(world);
    assert_true(world_start(world, 1, u"a"));
    for (unsigned i = 0; i < 3; i++) {
        world->failing = 1;
        count = 99;
        assert_false(world->lm->pfnWritePort(world->port, (LPBYTE)(uintptr_t) "text", 4, &count));
        assert_int_equal(world_last_error(), PLATEN_OUT_OF_PAPER); /* R81 */
        assert_int_equal(count, 0);
    }
    world_write(world, "te", 2);
    world->failing = 1;
    assert_false(world->lm->pfnWritePort(world->port, (LPBYTE)(uintptr_t) "xt", 2, &count));
    assert_int_equal(count, 0);
    world_write(world, "xt", 2);
    assert_true(world_end(world));
    world_assert_received(world, TELL_ALL JOB("a [1.1]") "text" END_OF("a [1.1]"));
    assert_completed(world, 0, 1, JOB_CONTROL_LAST_PAGE_EJECTED);
    finish(world);
}

static void R81_errors_are_passed_up(void **state)
{
    struct world *world = world_new();
    DWORD count;

    (void)state;
    world->id = FOREIGN_ID;
    world->error = PLATEN_IO_DEVICE;
    world_open(world);
    world->start_fails = true;
    assert_false(world_start(world, 1, u"a"));
    assert_int_equal(world_last_error(), PLATEN_IO_DEVICE);
    assert_int_equal(world->printers, 0);
    world->start_fails = false;
    world->printer_fails = true; /* R37 */
    assert_false(world_start(world, 1, u"a"));
    assert_int_equal(world_last_error(), PLATEN_INVALID_PRINTER_NAME);
    assert_int_equal(world->starts, 1);
    world->printer_fails = false;
    assert_true(world_start(world, 2, u"a"));
    assert_false(world_start(world, 3, u"b")); /* R34 */
    assert_int_equal(world_last_error(), PLATEN_BUSY);
    world_write(world, "x", 1);
    world->end_fails = true;
    assert_false(world_end(world));
    assert_int_equal(world_last_error(), PLATEN_IO_DEVICE);
    assert_true(world_end(world)); /* R51 */
    assert_int_equal(world->ends, 1);
    assert_int_equal(world->set_job_count, 0);
    /* Between jobs the port monitor decides (R42), and the next job is none the worse for it. */
    assert_false(world->lm->pfnWritePort(world->port, (LPBYTE)(uintptr_t) "y", 1, &count));
    assert_int_equal(world_last_error(), PLATEN_INVALID_HANDLE);
    world->end_fails = false;
    world_print(world, 4, u"c", "z");
    world_assert_received(world, "xz");
    assert_completed(world, 0, 4, JOB_CONTROL_LAST_PAGE_EJECTED);
    finish(world);
}

static void R31_levels(void **state)
{
    static const DWORD wrong[] = {0, 3, 0xFFFFFFFF};
    char16_t printer[] = u"Printer";
    struct world *world = world_new();

    (void)state;
    world->id = FOREIGN_ID;
    world_open(world);
    for (size_t i = 0; i < 3; i++) {
        assert_false(world->lm->pfnStartDocPort(world->port, printer, 1, wrong[i], NULL));
        assert_int_equal(world_last_error(), PLATEN_INVALID_LEVEL);
    }
    for (DWORD level = 1; level <= 2; level++) {
        assert_true(world->lm->pfnStartDocPort(world->port, printer, 1, level, NULL));
        assert_true(world_end(world));
    }
    assert_true(world->lm->pfnStartDocPort(world->port, NULL, 1, 1, NULL));
    assert_true(world_end(world));
    assert_int_equal(world->set_job_count, 2); /* without a printer there is nobody to tell */
    finish(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(R78_a_function_that_is_missing),
        cmocka_unit_test(R79_no_more_than_cbsize),
        cmocka_unit_test(handles_that_are_none),
        cmocka_unit_test(a_job_is_framed),
        cmocka_unit_test(a_job_without_bytes_has_no_frame),
        cmocka_unit_test(a_foreign_printer_gets_the_bytes_alone),
        cmocka_unit_test(a_port_without_a_way_back),
        cmocka_unit_test(a_printer_that_cannot_be_heard),
        cmocka_unit_test(a_silent_printer_is_asked_once),
        cmocka_unit_test(a_slow_printer),
        cmocka_unit_test(a_loop_is_no_printer),
        cmocka_unit_test(R39_short_writes),
        cmocka_unit_test(R44_a_port_that_fails_now_and_then),
        cmocka_unit_test(R81_errors_are_passed_up),
        cmocka_unit_test(R31_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
