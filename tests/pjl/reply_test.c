/* SPDX-License-Identifier: MIT
 *
 * What a printer says, taken apart: whole, cut at every byte, and garbage.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "learned.h"
#include "reply.h"

/* What was found, as text: "<INFO ID>", "[line]", ".", "!" for an end that is none, and the rest as
 * it came. */
struct found {
    char text[4096];
    size_t length;
};

static void add(struct found *found, const char *text, size_t size)
{
    assert_true(found->length + size < sizeof(found->text));
    memcpy(found->text + found->length, text, size);
    found->length += size;
    found->text[found->length] = '\0';
}

static void on_begin(void *context, const char *heading)
{
    add(context, "<", 1);
    add(context, heading, strlen(heading));
    add(context, ">", 1);
}

static void on_line(void *context, const char *line)
{
    add(context, "[", 1);
    add(context, line, strlen(line));
    add(context, "]", 1);
}

static void on_end(void *context, bool whole)
{
    add(context, whole ? "." : "!", 1);
}

static void on_aside(void *context, const char *bytes, size_t size)
{
    add(context, bytes, size);
}

static void feed(struct pjl_reply *reply, struct found *found, const void *bytes, size_t size)
{
    const struct pjl_reply_sink sink = {found, on_begin, on_line, on_end, on_aside};
    pjl_reply_feed(reply, bytes, size, &sink);
}

/* Whole, in single bytes, and cut in two at every place: always the same. */
static void assert_found(const char *bytes, const char *expected)
{
    size_t size = strlen(bytes);
    for (size_t cut = 0; cut <= size + 1; cut++) {
        struct pjl_reply reply = {0};
        struct found found = {0};
        if (cut <= size) {
            feed(&reply, &found, bytes, cut);
            feed(&reply, &found, bytes + cut, size - cut);
        }
        for (size_t i = 0; cut > size && i < size; i++)
            feed(&reply, &found, bytes + i, 1);
        assert_string_equal(found.text, expected);
    }
}

static void messages(void **state)
{
    (void)state;
    assert_found("@PJL INFO ID\r\n\"HP LaserJet\"\r\n\f", "<INFO ID>[\"HP LaserJet\"].");
    assert_found("@PJL ECHO 17\r\n\f@PJL USTATUS PAGE\r\n1\r\n\f", "<ECHO 17>.<USTATUS PAGE>[1].");
    assert_found("@PJL INFO STATUS\nCODE=1\n\n\tONLINE=TRUE \n\f",
                 "<INFO STATUS>[CODE=1][ONLINE=TRUE].");
    assert_found("@PJL INFO STATUS\rCODE=1\r\f", "<INFO STATUS>[CODE=1].");
    assert_found("@PJL A\r\nlast line\f", "<A>[last line].");
    assert_found("@PJL \r\n\f", "<>.");
}

static void what_is_no_message(void **state)
{
    (void)state;
    assert_found("hello", "hello");
    assert_found("a@b@PJ@PJLX@@PJL ID\r\n\fb", "a@b@PJ@PJLX@<ID>.b");
    assert_found("\r\n\f", "\r\n\f");
    assert_found("noise@PJL ID\r\nx\r\n\fnoise", "noise<ID>[x].noise");
    assert_found("", "");
}

static void ends_that_are_missing(void **state)
{
    (void)state;
    assert_found("@PJL A\r\none\r\n@PJL B\r\ntwo\r\n\f", "<A>[one]!<B>[two].");
    assert_found("@PJL A\r\none\r\n", "<A>[one]");
    assert_found("@PJL A", "");
    assert_found("@PJL A\r\nthe @PJL B\r\n\f", "<A>[the @PJL B].");
}

static void endless(void **state)
{
    struct pjl_reply reply = {0};
    struct found found = {0};

    (void)state;
    feed(&reply, &found, "@PJL INFO ID\r\n", 14);
    while (reply.inside)
        feed(&reply, &found, "x", 1);
    assert_string_equal(found.text, "<INFO ID>!");
    feed(&reply, &found, "@PJL B\r\n\f", 9);
    assert_string_equal(found.text, "<INFO ID>!<B>.");
    feed(&reply, &found, "@PJL ", 5);
    while (reply.inside) /* a heading without an end is none */
        feed(&reply, &found, "y", 1);
    assert_string_equal(found.text, "<INFO ID>!<B>.");
}

static void long_lines_are_cut(void **state)
{
    struct pjl_reply reply = {0};
    struct found found = {0};
    char line[1000];

    (void)state;
    memset(line, 'z', sizeof(line));
    feed(&reply, &found, "@PJL A\r\n", 8);
    feed(&reply, &found, line, sizeof(line));
    feed(&reply, &found, "\r\n\f", 3);
    assert_int_equal(found.length, 3 + 2 + (PJL_REPLY_LINE - 1) + 1);
}

static void a_nul_ends_nothing(void **state)
{
    static const char bytes[] = "@PJL A\r\nO\0K\r\n\f";
    struct pjl_reply reply = {0};
    struct found found = {0};

    (void)state;
    feed(&reply, &found, bytes, sizeof(bytes) - 1);
    assert_string_equal(found.text, "<A>[OK].");
}

/* After any garbage the next message is found, unless it is taken for a line of one that began in
 * the garbage; that one's end is its own. */
static void after_garbage(void **state)
{
    static const char letters[] = "@PJL \r\nABC=\"\f\033%-12345X";
    uint32_t chance = 1;

    (void)state;
    for (unsigned turn = 0; turn < 20000; turn++) {
        struct pjl_learned learned = {0};
        struct pjl_reply_sink sink = pjl_learned_sink(&learned);
        struct pjl_reply reply = {0};
        char garbage[24];
        for (size_t i = 0; i < sizeof(garbage); i++) {
            chance = chance * 1664525u + 1013904223u;
            garbage[i] = letters[(chance >> 16) % (sizeof(letters) - 1)];
        }
        pjl_reply_feed(&reply, garbage, sizeof(garbage), &sink);
        pjl_reply_feed(&reply, "\f@PJL USTATUS DEVICE\r\nCODE=41001\r\nONLINE=FALSE\r\n\f", 49,
                       &sink);
        assert_int_equal(learned.has_state, true);
        assert_int_equal(learned.state.codes[0], 41001);
        assert_false(learned.state.online);
    }
}

/* ---- what is learned ------------------------------------------------------------------------ */

static struct pjl_learned learn(const char *bytes)
{
    struct pjl_learned learned = {0};
    struct pjl_reply_sink sink = pjl_learned_sink(&learned);
    struct pjl_reply reply = {0};

    for (size_t i = 0; bytes[i]; i++)
        pjl_reply_feed(&reply, bytes + i, 1, &sink);
    return learned;
}

static void state_is_learned(void **state)
{
    static const char *const headings[] = {"USTATUS DEVICE", "USTATUS TIMED", "INFO STATUS"};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        char text[128] = "@PJL ";
        strcat(text, headings[i]);
        strcat(text, "\r\nCODE = 10006\r\nDISPLAY=\"TONER LOW\"\r\nONLINE=TRUE\r\n\f");
        struct pjl_learned learned = learn(text);
        assert_true(learned.has_state);
        assert_int_equal(learned.state.codes[0], 10006);
        assert_string_equal(learned.state.display, "TONER LOW");
        assert_true(learned.state.online);
    }
    assert_false(learn("@PJL USTATUS DEVICE\r\nDISPLAY=\"X\"\r\n\f").has_state);
    assert_false(learn("@PJL USTATUS DEVICE\r\nCODE=x\r\n\f").has_state);
    assert_false(learn("@PJL USTATUS DEVICE\r\nCODE=10001\r\n@PJL A\r\n\f").has_state);
    assert_false(learn("@PJL USTATUS PAGE\r\nCODE=10001\r\n\f").has_state);
}

static void facts_are_learned(void **state)
{
    struct pjl_learned learned = learn("@PJL INFO ID\r\n\"LASER 5\"\r\n\f"
                                       "@PJL INFO CONFIG\r\nIN TRAYS [2 ENUMERATED]\r\n\tMP\r\n"
                                       "DUPLEX\r\nMEMORY=4194304\r\n\f"
                                       "@PJL INFO MEMORY\r\nTOTAL=3000\r\nLARGEST=2000\r\n\f"
                                       "@PJL INFO PAGECOUNT\r\nPAGECOUNT=17\r\n\f");

    (void)state;
    assert_string_equal(learned.facts[PJL_FACT_MODEL], "LASER 5");
    assert_string_equal(learned.facts[PJL_FACT_INSTALLED], "4194304");
    assert_string_equal(learned.facts[PJL_FACT_AVAILABLE], "3000");
    assert_string_equal(learned.facts[PJL_FACT_PAGES], "17");
    learned = learn("@PJL INFO CONFIG\r\nMEMORY=1\r\n\f@PJL INFO PAGECOUNT\r\n99\r\n\f");
    assert_string_equal(learned.facts[PJL_FACT_PAGES], "99");
    assert_int_equal(learned.answers[PJL_ABOUT_PAGES], 1);
}

static void jobs_are_learned(void **state)
{
    struct pjl_learned learned =
        learn("@PJL USTATUS JOB\r\nSTART\r\nNAME=\"a [1.1]\"\r\n\f"
              "@PJL USTATUS JOB\r\nEND\r\nNAME=\"a [1.1]\"\r\nPAGES=3\r\n\f"
              "@PJL USTATUS JOB\r\nCANCELED\r\n\f"
              "@PJL USTATUS JOB\r\nNAME=\"x\"\r\n\f");
    struct pjl_event event;

    (void)state;
    assert_true(learned.tells_jobs);
    assert_true(pjl_learned_event(&learned, &event));
    assert_int_equal(event.what, PJL_JOB_STARTED);
    assert_true(pjl_learned_event(&learned, &event));
    assert_int_equal(event.what, PJL_JOB_PRINTED);
    assert_string_equal(event.name, "a [1.1]");
    assert_true(pjl_learned_event(&learned, &event));
    assert_int_equal(event.what, PJL_JOB_CANCELLED);
    assert_string_equal(event.name, "");
    assert_false(pjl_learned_event(&learned, &event));
}

/* On a loop our own words come back: they end in no form feed, unless the job has one. */
static void a_loop_is_no_printer(void **state)
{
    (void)state;
    assert_false(learn("\033%-12345X@PJL INFO ID\r\n\033%-12345Xtext\r\n\f").speaks);
    assert_false(learn("@PJL INFO ID\r\n").speaks);
    assert_true(learn("@PJL INFO ID\r\n\"A\"\r\n\f").speaks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages),
        cmocka_unit_test(what_is_no_message),
        cmocka_unit_test(ends_that_are_missing),
        cmocka_unit_test(endless),
        cmocka_unit_test(long_lines_are_cut),
        cmocka_unit_test(a_nul_ends_nothing),
        cmocka_unit_test(after_garbage),
        cmocka_unit_test(state_is_learned),
        cmocka_unit_test(facts_are_learned),
        cmocka_unit_test(jobs_are_learned),
        cmocka_unit_test(a_loop_is_no_printer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
