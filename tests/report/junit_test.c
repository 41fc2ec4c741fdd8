/* SPDX-License-Identifier: MIT
 *
 * JUnit's XML, read back by libxml2.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <libxml/xmlreader.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "os/text.h"
#include "trial.h"

/* Goes through the elements of the report; what is no XML fails. */
struct walk {
    xmlTextReaderPtr reader;
};

static void walk_begin(struct walk *walk, struct trial *trial)
{
    const char *text = trial_text(trial);
    walk->reader = xmlReaderForMemory(text, (int)trial->size, NULL, NULL, XML_PARSE_HUGE);
    assert_non_null(walk->reader);
}

/* The next element of that name, in the order of the document; false after the last. */
static bool walk_to(struct walk *walk, const char *element)
{
    int more;
    while ((more = xmlTextReaderRead(walk->reader)) == 1) {
        const char *name = (const char *)xmlTextReaderConstName(walk->reader);
        if (xmlTextReaderNodeType(walk->reader) == XML_READER_TYPE_ELEMENT &&
            strcmp(name, element) == 0) {
            return true;
        }
    }
    assert_int_equal(more, 0);
    return false;
}

static void walk_end(struct walk *walk)
{
    while (walk_to(walk, "")) {
    }
    xmlFreeTextReader(walk->reader);
}

/* NULL if there is none. */
static char *attribute(const struct walk *walk, const char *name)
{
    return (char *)xmlTextReaderGetAttribute(walk->reader, (const xmlChar *)name);
}

static void assert_attribute(const struct walk *walk, const char *name, const char *expected)
{
    char *value = attribute(walk, name);
    assert_non_null(value);
    assert_string_equal(value, expected);
    xmlFree(value);
}

static void assert_text(const struct walk *walk, const char *expected)
{
    char *text = (char *)xmlTextReaderReadString(walk->reader);
    assert_non_null(text);
    assert_string_equal(text, expected);
    xmlFree(text);
}

/* May it stand in XML as it is? */
static bool is_xml(const char *name)
{
    size_t length = strlen(name);
    char16_t *units = platen_text_new16(name, length);
    bool fine = platen_text_is_utf8(name, length);
    for (size_t i = 0; fine && units[i] != 0; i++) {
        fine = (units[i] >= 0x20 || units[i] == '\t' || units[i] == '\n' || units[i] == '\r') &&
               units[i] < 0xFFFE;
    }
    free(units);
    return fine;
}

static void every_name_comes_back(void **state)
{
    (void)state;
    struct trial trial;
    struct walk walk;
    size_t count = hostile_names() + 200;
    size_t exact = 0;
    trial_open(&trial, PLATEN_REPORT_JUNIT);
    for (size_t i = 0; i < count; i++) {
        char *name = hostile_name(i);
        tell_file(&trial, name);
        tell_test(&trial, name);
        tell_check(&trial, name, PLATEN_REPORT_FAIL, name, name);
        tell_log(&trial, name);
        tell_test_end(&trial, PLATEN_REPORT_FAIL, name);
        tell_file_end(&trial);
        free(name);
    }
    tell_run_end(&trial);
    walk_begin(&walk, &trial);
    for (size_t i = 0; i < count; i++) {
        assert_true(walk_to(&walk, "testcase"));
        char *name = hostile_name(i);
        char *back = attribute(&walk, "name");
        assert_non_null(back);
        assert_true(platen_text_is_utf8(back, strlen(back)));
        if (is_xml(name)) {
            assert_int_equal(strcmp(back, name), 0);
            exact++;
        } else {
            assert_true(strstr(back, "\\x") != NULL || strstr(back, "\\u") != NULL);
        }
        xmlFree(back);
        free(name);
    }
    assert_false(walk_to(&walk, "testcase"));
    assert_true(exact > 20 && exact < count);
    walk_end(&walk);
    trial_close(&trial);
}

static void what_xml_cannot_have_is_escaped(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *shown;
    } rows[] = {
        {"bell \x07 and \x1b[31m", "bell \\x07 and \\x1b[31m"},
        {"lone \xed\xa0\x80", "lone \\ud800"},
        {"bytes \xff\xc3", "bytes \\xff\\xc3"},
        {"none \xef\xbf\xbe", "none \\ufffe"},
        {"as it is: \\x07 \x7f \xe2\x80\xae", "as it is: \\x07 \x7f \xe2\x80\xae"},
        {"two\nlines\ttab\r]]>", "two\nlines\ttab\r]]>"},
    };
    struct trial trial;
    struct walk walk;
    trial_open(&trial, PLATEN_REPORT_JUNIT);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        tell_whole_test(&trial, rows[i].name, PLATEN_REPORT_PASS, NULL);
    }
    tell_run_end(&trial);
    walk_begin(&walk, &trial);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(walk_to(&walk, "testcase"));
        assert_attribute(&walk, "name", rows[i].shown);
    }
    walk_end(&walk);
    trial_close(&trial);
}

static void tell_everything(struct trial *trial)
{
    tell_run(trial, "platen run");
    tell_file(trial, "a.spool");
    tell_whole_test(trial, "passes", PLATEN_REPORT_PASS, NULL);
    tell_test(trial, "fails");
    tell_check(trial, "OpenPort", PLATEN_REPORT_FAIL, "TRUE", "FALSE 5");
    tell_log(trial, "first ]]>");
    tell_log(trial, "second");
    tell_test_end(trial, PLATEN_REPORT_FAIL, NULL);
    tell_whole_test(trial, "skipped", PLATEN_REPORT_SKIP, "no printer");
    tell_file_end(trial);
    tell_file(trial, "b.spool");
    tell_whole_test(trial, "fails as expected", PLATEN_REPORT_XFAIL, "some day");
    tell_whole_test(trial, "passes unexpectedly", PLATEN_REPORT_XPASS, "was to fail");
    tell_whole_test(trial, "cannot be judged", PLATEN_REPORT_ERROR, "crash");
    tell_file_end(trial);
    tell_whole_test(trial, "in no file", PLATEN_REPORT_PASS, NULL);
    platen_report_tell(trial->report,
                       &(struct platen_report_event){.kind = PLATEN_REPORT_RUN_END,
                                                     .duration = UINT64_C(1500000000)});
}

static void assert_counts(const struct walk *walk, const char *name, const char *const counts[4])
{
    static const char *const names[] = {"tests", "failures", "errors", "skipped"};
    assert_attribute(walk, "name", name);
    for (size_t i = 0; i < 4; i++) {
        assert_attribute(walk, names[i], counts[i]);
    }
}

static void suites_count_what_is_in_them(void **state)
{
    (void)state;
    struct trial trial;
    struct walk walk;
    trial_open(&trial, PLATEN_REPORT_JUNIT);
    tell_everything(&trial);
    walk_begin(&walk, &trial);
    assert_true(walk_to(&walk, "testsuites"));
    assert_counts(&walk, "platen run", (const char *const[]){"7", "2", "1", "2"});
    assert_attribute(&walk, "time", "1.500000");
    assert_true(walk_to(&walk, "testsuite"));
    assert_counts(&walk, "a.spool", (const char *const[]){"3", "1", "0", "1"});
    assert_true(walk_to(&walk, "testsuite"));
    assert_counts(&walk, "b.spool", (const char *const[]){"3", "1", "1", "1"});
    assert_true(walk_to(&walk, "testsuite"));
    assert_counts(&walk, "platen run", (const char *const[]){"1", "0", "0", "0"});
    assert_false(walk_to(&walk, "testsuite"));
    walk_end(&walk);
    trial_close(&trial);
}

static void cases_say_what_happened(void **state)
{
    (void)state;
    struct trial trial;
    struct walk walk;
    trial_open(&trial, PLATEN_REPORT_JUNIT);
    tell_everything(&trial);
    walk_begin(&walk, &trial);
    assert_true(walk_to(&walk, "failure"));
    assert_attribute(&walk, "type", "fail");
    assert_attribute(&walk, "message", "OpenPort");
    assert_text(&walk, "a.spool:12:5: OpenPort\n  expected: TRUE\n  got: FALSE 5\n");
    assert_true(walk_to(&walk, "system-out"));
    assert_text(&walk, "first ]]>\nsecond\n");
    assert_true(walk_to(&walk, "skipped"));
    assert_attribute(&walk, "message", "no printer");
    assert_true(walk_to(&walk, "skipped"));
    assert_attribute(&walk, "message", "expected failure: some day");
    assert_true(walk_to(&walk, "failure"));
    assert_attribute(&walk, "type", "xpass");
    assert_true(walk_to(&walk, "error"));
    assert_attribute(&walk, "message", "crash");
    assert_true(walk_to(&walk, "testcase"));
    assert_attribute(&walk, "classname", "platen run");
    walk_end(&walk);
    trial_close(&trial);
}

static void a_run_that_is_broken_off_has_an_error(void **state)
{
    (void)state;
    struct trial trial;
    struct walk walk;
    trial_open(&trial, PLATEN_REPORT_JUNIT);
    tell_run(&trial, "platen run");
    tell_whole_test(&trial, "test", PLATEN_REPORT_PASS, NULL);
    walk_begin(&walk, &trial);
    assert_true(walk_to(&walk, "testsuites"));
    assert_counts(&walk, "platen run", (const char *const[]){"2", "0", "1", "0"});
    assert_true(walk_to(&walk, "error"));
    assert_attribute(&walk, "message", "the run did not end");
    walk_end(&walk);
    trial_close(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_comes_back),
        cmocka_unit_test(what_xml_cannot_have_is_escaped),
        cmocka_unit_test(suites_count_what_is_in_them),
        cmocka_unit_test(cases_say_what_happened),
        cmocka_unit_test(a_run_that_is_broken_off_has_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
