/* SPDX-License-Identifier: MIT
 *
 * The lpr backend with servers that behave and that do not.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "lpr_bench.h"
#include "lpr_port.h"

/* ---- what is said -----------------------------------------------------------------------------
 */

static void says_what_rfc_1179_has(void **state)
{
    struct platen_doc doc = lpr_document();
    struct lpr_bench bench;
    (void)state;
    lpr_begin(&bench, "/raw", 1);
    assert_int_equal(lpr_print(&bench, &doc, "hello", 5), 0);
    lpr_assert_printed(&bench, "hello", 5);
    assert_string_equal(bench.said.queue, "raw");
    assert_string_equal(bench.said.control_name, "cfA007DESK-1");
    assert_string_equal(bench.said.data_name, "dfA007DESK-1");
    assert_string_equal(bench.said.control, "HDESK-1\nPann\nJA title\nldfA007DESK-1\n"
                                            "UdfA007DESK-1\nNA title\n");
    assert_int_equal(bench.said.control_place, 1);
    lpr_end(&bench);
}

static void says_it_in_the_other_order(void **state)
{
    struct platen_doc doc = lpr_document();
    struct lpr_bench bench;
    (void)state;
    lpr_begin(&bench, "/a/b?order=data,control&banner=on&format=f", 1);
    assert_int_equal(lpr_print(&bench, &doc, "hello", 5), 0);
    lpr_assert_printed(&bench, "hello", 5);
    assert_string_equal(bench.said.queue, "a/b");
    assert_int_equal(bench.said.data_place, 1);
    assert_int_equal(bench.said.control_place, 2);
    assert_string_equal(bench.said.control, "HDESK-1\nPann\nJA title\nCDESK-1\nLann\n"
                                            "fdfA007DESK-1\nUdfA007DESK-1\nNA title\n");
    lpr_end(&bench);
}

static void streams(void **state)
{
    unsigned char *data = make_bytes(200000, 5);
    struct platen_doc doc = lpr_document();
    struct lpr_bench bench;
    (void)state;
    lpr_begin(&bench, "/raw?mode=stream&count=123456789", 1);
    assert_int_equal(lpr_print(&bench, &doc, data, 200000), 0);
    assert_int_equal(bench.said.count, 123456789);
    assert_int_equal(bench.said.size, 200000);
    assert_false(bench.said.malformed);
    assert_memory_equal(bench.room, data, 200000);
    lpr_end(&bench);
    free(data);
}

static void streams_no_more_than_it_said(void **state)
{
    struct platen_doc doc = lpr_document();
    struct lpr_bench bench;
    uint32_t moved;
    (void)state;
    lpr_begin(&bench, "/raw?mode=stream&count=4", 1);
    lpr_start_server(&bench);
    assert_int_equal(port_start(&bench.trial, &bench.port, &doc, soon()), 0);
    assert_int_equal(port_write(&bench.trial, &bench.port, "hello", 5, soon(), &moved), 0);
    assert_int_equal(moved, 4);
    assert_int_equal(port_write(&bench.trial, &bench.port, "o", 1, soon(), &moved),
                     PLATEN_FILE_TOO_LARGE);
    port_end(&bench.trial, &bench.port, true);
    lpr_end(&bench);
}

/* ---- servers that say no ----------------------------------------------------------------------
 */

static void tells_of_refusals(void **state)
{
    (void)state;
    for (unsigned turn = 1; turn <= 5; turn++) {
        struct platen_doc doc = lpr_document();
        struct lpr_bench bench;
        lpr_begin(&bench, turn % 2 ? "/raw" : "/raw?order=data,control", 1);
        bench.habit.refuse_turn = turn;
        assert_int_equal(lpr_print(&bench, &doc, "hello", 5),
                         turn == 1 ? PLATEN_NOT_READY : PLATEN_WRITE_FAULT);
        lpr_end(&bench);
    }
}

static void tells_of_connections_that_end(void **state)
{
    (void)state;
    for (unsigned turn = 1; turn <= 5; turn++) {
        struct platen_doc doc = lpr_document();
        struct lpr_bench bench;
        lpr_begin(&bench, turn % 2 ? "/raw" : "/raw?order=data,control", 1);
        bench.habit.end_turn = turn;
        uint32_t error = lpr_print(&bench, &doc, "hello", 5);
        assert_true(error == PLATEN_BROKEN_PIPE || error == PLATEN_NETNAME_DELETED ||
                    error == PLATEN_CONNECTION_ABORTED);
        lpr_end(&bench);
    }
}

static void tells_of_silence(void **state)
{
    (void)state;
    for (unsigned turn = 1; turn <= 5; turn += 2) {
        struct platen_doc doc = lpr_document();
        struct lpr_bench bench;
        lpr_begin(&bench, "/raw?timeout=1", 1);
        bench.habit.stall_turn = turn;
        assert_int_equal(lpr_print(&bench, &doc, "hello", 5), PLATEN_SEM_TIMEOUT);
        lpr_end(&bench);
    }
}

static void tells_of_a_job_that_is_cut_off(void **state)
{
    unsigned char *data = make_bytes(300000, 6);
    struct platen_doc doc = lpr_document();
    struct lpr_bench bench;
    (void)state;
    lpr_begin(&bench, "/raw", 1);
    bench.habit.end_after = 70000;
    assert_int_not_equal(lpr_print(&bench, &doc, data, 300000), 0);
    assert_false(bench.said.whole);
    lpr_end(&bench);
    free(data);
}

static void takes_an_answer_before_the_zero(void **state)
{
    struct platen_doc doc = lpr_document();
    struct lpr_bench bench;
    (void)state;
    lpr_begin(&bench, "/raw", 1);
    bench.habit.early = true;
    assert_int_equal(lpr_print(&bench, &doc, "hello", 5), 0);
    lpr_assert_printed(&bench, "hello", 5);
    lpr_end(&bench);
}

/* ---- time -------------------------------------------------------------------------------------
 */

static void connects_again_before_the_first_byte(void **state)
{
    struct platen_doc doc = lpr_document();
    struct lpr_bench bench;
    (void)state;
    lpr_begin(&bench, "/raw", 2);
    bench.drops = 1;
    lpr_start_server(&bench);
    assert_int_equal(port_start(&bench.trial, &bench.port, &doc, soon()), 0);
    assert_int_equal(port_write_all(&bench.trial, &bench.port, "hello", 5), 0);
    const struct lpr_port *inside = bench.port.state; /* until the server's end has come */
    assert_int_equal(
        platen_os_socket_wait(inside->tcp.socket, PLATEN_OS_READABLE, PLATEN_OS_NO_BELL, soon()),
        0);
    assert_int_equal(port_end(&bench.trial, &bench.port, false), 0);
    lpr_join_server(&bench);
    lpr_assert_printed(&bench, "hello", 5);
    lpr_end(&bench);
}

static void cancels_everywhere(void **state)
{
    (void)state;
    for (unsigned turn = 1; turn <= 5; turn++) {
        struct platen_doc doc = lpr_document();
        struct lpr_bench bench;
        lpr_begin(&bench, "/raw", 1);
        bench.habit.stall_turn = turn;
        lpr_start_server(&bench);
        uint32_t error = port_start(&bench.trial, &bench.port, &doc,
                                    platen_os_now() + (turn == 1 ? SECOND / 20 : 10 * SECOND));
        assert_int_equal(error, turn == 1 ? PLATEN_TIMEOUT : 0);
        if (!error) {
            assert_int_equal(port_write_all(&bench.trial, &bench.port, "hello", 5), 0);
            error = platen_backend_lpr.drain(bench.port.state, platen_os_now() + SECOND / 20);
            assert_true(error == PLATEN_TIMEOUT || error == PLATEN_IO_PENDING);
            platen_backend_lpr.cancel(bench.port.state);
            error = platen_backend_lpr.drain(bench.port.state, soon());
            assert_int_equal(error, PLATEN_OPERATION_ABORTED);
            assert_int_not_equal(platen_backend_lpr.end_doc(bench.port.state, false, soon()), 0);
        }
        lpr_end(&bench);
    }
}

static void sends_in_slices(void **state)
{
    unsigned char *data = make_bytes(LPR_ROOM, 7);
    struct platen_doc doc = lpr_document();
    struct lpr_bench bench;
    uint32_t error;
    (void)state;
    lpr_begin(&bench, "/raw", 1);
    lpr_start_server(&bench);
    assert_int_equal(port_start(&bench.trial, &bench.port, &doc, soon()), 0);
    assert_int_equal(port_write_all(&bench.trial, &bench.port, data, LPR_ROOM), 0);
    uint64_t until = soon();
    do /* a deadline that has passed: whatever goes at once goes */
        error = platen_backend_lpr.drain(bench.port.state, 0);
    while ((error == PLATEN_TIMEOUT || error == PLATEN_IO_PENDING) && platen_os_now() < until);
    assert_int_equal(error, 0);
    assert_int_equal(platen_backend_lpr.end_doc(bench.port.state, false, 0), 0);
    lpr_join_server(&bench);
    lpr_assert_printed(&bench, data, LPR_ROOM);
    lpr_end(&bench);
    free(data);
}

/* ---- targets ----------------------------------------------------------------------------------
 */

static void refuses_what_is_no_target(void **state)
{
    static const struct {
        const char *uri;
        uint32_t error;
    } rows[] = {
        {"lpd://host/q", 0},
        {"lpd://host:1/q?reserve=rfc1179", 0},
        {"lpd://[::1]:515/a queue", 0},
        {"lpd://host", PLATEN_INVALID_NAME},
        {"lpd://host/", PLATEN_INVALID_NAME},
        {"lpd:///q", PLATEN_INVALID_NAME},
        {"lpd://host:0/q", PLATEN_INVALID_NAME},
        {"lpd://host:99999/q", PLATEN_INVALID_NAME},
        {"lpd://host/a\nb", PLATEN_INVALID_NAME},
        {"lpd://a b/q", PLATEN_INVALID_NAME},
        {"lpd://host/q?format=x", PLATEN_INVALID_PARAMETER},
        {"lpd://host/q?format=ll", PLATEN_INVALID_PARAMETER},
        {"lpd://host/q?order=data", PLATEN_INVALID_PARAMETER},
        {"lpd://host/q?mode=x", PLATEN_INVALID_PARAMETER},
        {"lpd://host/q?reserve=all", PLATEN_INVALID_PARAMETER},
        {"lpd://host/q?mode=stream&order=data,control", PLATEN_INVALID_PARAMETER},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trial trial;
        struct port port;
        trial_begin(&trial, &platen_backend_lpr, rows[i].uri);
        port_make(&trial, &port, NULL);
        assert_int_equal(port_check(&trial, &port, NULL), rows[i].error);
        uint32_t error = port_open(&trial, &port, NULL);
        assert_int_equal(error, rows[i].error);
        if (!error)
            port_close(&trial, &port);
        port_dispose(&port);
        trial_end(&trial);
    }
}

/* Who may not have such a port is told so; who may comes from one. */
static void comes_from_a_reserved_port(void **state)
{
    struct platen_doc doc = lpr_document();
    struct lpr_bench bench;
    (void)state;
    lpr_begin(&bench, "/raw?reserve=rfc1179", 1);
    lpr_start_server(&bench);
    uint32_t error = port_start(&bench.trial, &bench.port, &doc, platen_os_now() + 2 * SECOND);
    if (error) { /* not allowed, or somebody has them all */
        assert_true(error == PLATEN_ACCESS_DENIED || error == PLATEN_TIMEOUT);
        bare_close(bare_connect(bench.number));
    } else {
        assert_int_equal(port_write_all(&bench.trial, &bench.port, "x", 1), 0);
        assert_int_equal(port_end(&bench.trial, &bench.port, false), 0);
        lpr_join_server(&bench);
        assert_in_range(bench.from, 721, 731);
    }
    lpr_end(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_rfc_1179_has),
        cmocka_unit_test(says_it_in_the_other_order),
        cmocka_unit_test(streams),
        cmocka_unit_test(streams_no_more_than_it_said),
        cmocka_unit_test(tells_of_refusals),
        cmocka_unit_test(tells_of_connections_that_end),
        cmocka_unit_test(tells_of_silence),
        cmocka_unit_test(tells_of_a_job_that_is_cut_off),
        cmocka_unit_test(takes_an_answer_before_the_zero),
        cmocka_unit_test(connects_again_before_the_first_byte),
        cmocka_unit_test(cancels_everywhere),
        cmocka_unit_test(sends_in_slices),
        cmocka_unit_test(refuses_what_is_no_target),
        cmocka_unit_test(comes_from_a_reserved_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
