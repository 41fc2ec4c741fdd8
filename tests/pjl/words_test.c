/* SPDX-License-Identifier: MIT
 *
 * What we say, and what a printer's states mean.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <platen/winsplp.h>

#include "codes.h"
#include "command.h"

#define UEL "\033%-12345X"

static void assert_name(const char16_t *document, const char *expected)
{
    char name[PJL_NAME + 1];
    pjl_name(name, document, 12, 3);
    assert_string_equal(name, expected);
}

static void names(void **state)
{
    char16_t longest[400];
    char name[PJL_NAME + 1];

    (void)state;
    assert_name(u"letter", "letter [12.3]");
    assert_name(NULL, " [12.3]");
    assert_name(u"", " [12.3]");
    assert_name(u"a\"b\r\n\f\t@PJL \x1b%-12345X", "a_b____@PJL _%-12345X [12.3]");
    assert_name(u"\x00e9\x20ac\xd800\x7f\x0085", "_____ [12.3]");
    for (size_t i = 0; i < 399; i++)
        longest[i] = u'n';
    longest[399] = 0;
    for (uint32_t job = 1; job < 2000000000; job = job * 7 + 1) {
        pjl_name(name, longest, job, UINT32_MAX);
        assert_int_equal(strlen(name), PJL_NAME);
        assert_int_equal(name[PJL_NAME - 1], ']');
    }
}

static void names_that_come_back(void **state)
{
    (void)state;
    assert_true(pjl_is_name("letter [1.2]", "letter [1.2]"));
    assert_true(pjl_is_name("letter [1.2]", "letter [1"));
    assert_false(pjl_is_name("letter [1.2]", ""));
    assert_false(pjl_is_name("letter [1.2]", "letter [1.2]x"));
    assert_false(pjl_is_name("letter [1.2]", "other"));
}

static void texts(void **state)
{
    struct pjl_say say;
    char name[PJL_NAME + 1];

    (void)state;
    pjl_say_question(&say);
    assert_string_equal(say.text, UEL "@PJL INFO ID\r\n" UEL);
    pjl_say_end_of_job(&say, "x [1.1]");
    assert_string_equal(say.text, UEL "@PJL EOJ NAME = \"x [1.1]\"\r\n" UEL);
    assert_int_equal(say.size, strlen(say.text));
    assert_int_equal(say.sent, 0);
    pjl_say_goodbye(&say);
    assert_string_equal(say.text, UEL "@PJL USTATUSOFF\r\n" UEL);
    static const char *const words[] = {"MEMORY", "SUPPLIES"};
    pjl_say_info(&say, words, 1);
    assert_string_equal(say.text, UEL "@PJL INFO MEMORY\r\n" UEL);
    pjl_say_info(&say, words, 2);
    assert_string_equal(say.text, UEL "@PJL INFO MEMORY\r\n@PJL INFO SUPPLIES\r\n" UEL);
    memset(name, 'n', PJL_NAME);
    name[PJL_NAME] = '\0';
    pjl_say_job(&say, PJL_EVERYTHING, name); /* the longest: there is room for it */
    assert_memory_equal(say.text, UEL "@PJL ", 14);
    assert_string_equal(say.text + say.size - 5, "nn\"\r\n");
    pjl_say_hello(&say, PJL_STATE_ALONE);
    assert_null(strstr(say.text, "JOB NAME"));
    assert_string_equal(say.text + say.size - 9, UEL);
}

static void assert_meaning(uint32_t code, bool online, uint32_t status, uint32_t severity)
{
    struct pjl_meaning meaning = pjl_meaning_of(code, online);
    if (meaning.status != status || meaning.severity != severity)
        fail_msg("%u: %u/%u", (unsigned)code, (unsigned)meaning.status, (unsigned)meaning.severity);
    assert_non_null(meaning.reason);
}

static void states(void **state)
{
    (void)state;
    assert_meaning(10001, true, 0, 0);
    assert_meaning(10023, true, 0, 0);
    assert_meaning(10003, true, PORT_STATUS_WARMING_UP, PORT_STATUS_TYPE_INFO);
    assert_meaning(10006, true, PORT_STATUS_TONER_LOW, PORT_STATUS_TYPE_WARNING);
    assert_meaning(10000, true, PORT_STATUS_POWER_SAVE, PORT_STATUS_TYPE_INFO);
    assert_meaning(10001, false, PORT_STATUS_OFFLINE, PORT_STATUS_TYPE_ERROR);
    assert_meaning(40079, false, PORT_STATUS_OFFLINE, PORT_STATUS_TYPE_ERROR);
    assert_meaning(40010, false, PORT_STATUS_NO_TONER, PORT_STATUS_TYPE_ERROR);
    assert_meaning(40019, false, PORT_STATUS_OUTPUT_BIN_FULL, PORT_STATUS_TYPE_ERROR);
    assert_meaning(40021, false, PORT_STATUS_DOOR_OPEN, PORT_STATUS_TYPE_ERROR);
    assert_meaning(40022, false, PORT_STATUS_PAPER_JAM, PORT_STATUS_TYPE_ERROR);
    assert_meaning(40999, false, PORT_STATUS_USER_INTERVENTION, PORT_STATUS_TYPE_ERROR);
    assert_meaning(41002, false, PORT_STATUS_PAPER_OUT, PORT_STATUS_TYPE_ERROR);
    assert_meaning(42202, false, PORT_STATUS_PAPER_JAM, PORT_STATUS_TYPE_ERROR);
    assert_meaning(50000, false, PORT_STATUS_USER_INTERVENTION, PORT_STATUS_TYPE_ERROR);
    assert_meaning(30016, true, PORT_STATUS_OUT_OF_MEMORY, PORT_STATUS_TYPE_WARNING);
    assert_meaning(0, true, 0, 0);
    assert_meaning(UINT32_MAX, true, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(names_that_come_back),
        cmocka_unit_test(texts),
        cmocka_unit_test(states),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
