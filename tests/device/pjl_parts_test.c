/* SPDX-License-Identifier: MIT
 *
 * The simulated PJL printer: commands and data told apart to the byte, and the script of its life.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "device/pjl.h"

#define UEL "\x1b%-12345X"

/* ---- framing ------------------------------------------------------------------------------ */

struct parts {
    char data[4096];
    size_t data_size;
    char frame[4096];
    size_t frame_size;
    char lines[4096];
};

static void add(struct parts *parts, const struct pjl_framing *framing,
                const struct pjl_piece *piece)
{
    bool data = piece->kind == PJL_DATA;
    size_t *size = data ? &parts->data_size : &parts->frame_size;
    if (piece->size > 0) {
        memcpy((data ? parts->data : parts->frame) + *size, piece->text, piece->size);
        *size += piece->size;
    }
    if (piece->kind == PJL_COMMAND) {
        strcat(strcat(parts->lines, framing->line), "|");
    }
}

/* In steps of so many bytes, with room for so much data at a time; every third time there is none.
 */
static void split(const char *text, size_t size, size_t step, size_t room, struct parts *parts)
{
    struct pjl_framing framing = {.place = PJL_IN_DATA};
    struct pjl_piece piece;
    unsigned turn = 0;
    *parts = (struct parts){.data_size = 0};
    for (size_t at = 0; at < size;) {
        size_t given = size - at < step ? size - at : step;
        size_t may = ++turn % 3 == 0 ? 0 : room;
        at += pjl_split(&framing, text + at, given, may, &piece);
        assert_true(piece.kind != PJL_DATA || piece.size <= may);
        if (piece.kind != PJL_BLOCKED) {
            add(parts, &framing, &piece);
        }
    }
    while (pjl_split_end(&framing, &piece), piece.kind != PJL_NOTHING) {
        add(parts, &framing, &piece);
    }
}

static void streams_are_told_apart_wherever_they_are_cut(void **state)
{
    static const struct {
        const char *text;
        const char *data;
        const char *lines;
    } rows[] = {
        {"plain", "plain", ""},
        {"@PJL is data without an exit\n", "@PJL is data without an exit\n", ""},
        {UEL "@PJL INFO ID\r\n", "", " INFO ID|"},
        {UEL "@PJL A\r\n@PJL B\n" UEL "@PJL\r\n", "", " A| B||"},
        {UEL "@PJL A\r\n\r\n@PJL B\n", "\r\n@PJL B\n", " A|"},
        {UEL "@PJX" UEL "@PJ", "@PJX@PJ", ""},
        {UEL UEL UEL "@PJL A\n" UEL "x" UEL, "x", " A|"},
        {"a\x1b%-1234" UEL "b\x1b\x1b%-12345Xc\x1b",
         "a\x1b%-1234b\x1b"
         "c\x1b",
         ""},
        {UEL "@PJL unfinished", "", " unfinished|"},
        {UEL "@PJL A\r\n\x1b"
             "E\x1b%-12345",
         "\x1b"
         "E\x1b%-12345",
         " A|"},
    };
    struct parts parts;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t size = strlen(rows[i].text);
        for (size_t step = 1; step <= size; step++) {
            for (size_t room = 1; room <= 9; room++) {
                split(rows[i].text, size, step, room, &parts);
                assert_int_equal(parts.data_size, strlen(rows[i].data));
                assert_memory_equal(parts.data, rows[i].data, parts.data_size);
                assert_int_equal(parts.frame_size + parts.data_size, size);
                assert_string_equal(parts.lines, rows[i].lines);
            }
        }
    }
}

static void long_lines_are_bounded(void **state)
{
    static char text[20000];
    struct pjl_framing framing = {.place = PJL_IN_DATA};
    size_t at = (size_t)snprintf(text, sizeof text, "%s@PJL ", UEL);
    (void)state;
    memset(text + at, 'x', sizeof text - at);
    text[sizeof text - 1] = '\n';
    for (size_t used = 0; used < sizeof text;) {
        struct pjl_piece piece;
        used += pjl_split(&framing, text + used, sizeof text - used, 1, &piece);
        assert_true(piece.kind != PJL_DATA && piece.kind != PJL_BLOCKED);
    }
    assert_int_equal(strlen(framing.line), PJL_LINE - 1);
}

/* ---- lives -------------------------------------------------------------------------------- */

static void check_complaint(const char *life, const char *expected)
{
    char *complaint;
    assert_int_equal(platen_device_check_life(life, &complaint), PLATEN_INVALID_DATA);
    assert_string_equal(complaint, expected);
    platen_free(complaint);
}

static void lives_are_read(void **state)
{
    (void)state;
    assert_int_equal(platen_device_check_life(NULL, NULL), 0);
    assert_int_equal(platen_device_check_life(" ; ;\n# nothing\n;", NULL), 0);
    assert_int_equal(
        platen_device_check_life("warm-up; wait 1.25 ;ready # yes\nuntil byte 5\nclear paper-out;"
                                 "state 40024 \"FEED\" takes; say \"\\x01\\f\"; until end; repeat",
                                 NULL),
        0);
    size_t count;
    const struct platen_device_step *steps = platen_device_steps(&count);
    assert_true(count > 20);
    for (size_t i = 0; i < count; i++) {
        assert_non_null(steps[i].word);
        assert_true(strlen(steps[i].summary) > 0);
    }
    check_complaint("ready; dance", "1:8: no step of a printer's life begins so");
    check_complaint("paper", "1:1: no step of a printer's life begins so");
    check_complaint("paper-out-of", "1:1: no step of a printer's life begins so");
    check_complaint("ready\nwait x", "2:6: a number of bytes is wanted");
    check_complaint("wait 99999999999", "1:5: the time is too long");
    check_complaint("clear ready", "1:7: no condition is called so");
    check_complaint("state 5 x", "1:9: a text in quotes is wanted");
    check_complaint("state 5 \"\\n\"", "1:6: a display shows no such character");
    check_complaint("jam now", "1:5: the step goes on");
    check_complaint("jam; repeat",
                    "1:6: what repeats itself must wait: for time, an end or a query");
    check_complaint("jam; wait 0; repeat",
                    "1:14: what repeats itself must wait: for time, an end or a query");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_are_told_apart_wherever_they_are_cut),
        cmocka_unit_test(long_lines_are_bounded),
        cmocka_unit_test(lives_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
