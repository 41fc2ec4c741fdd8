/* SPDX-License-Identifier: MIT
 *
 * Rules as scripts write them: read, written, and complained about.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "fault/fault.h"

#define MOST 16

/* Words divided by blanks, as the reader of scripts gives them: name=value has a name. */
static size_t split(char *line, struct platen_fault_field *fields)
{
    size_t count = 0;

    for (char *word = strtok(line, " "); word != NULL; word = strtok(NULL, " ")) {
        char *sign = strchr(word, '=');
        if (sign != NULL)
            *sign = '\0';
        fields[count].name = sign != NULL ? word : NULL;
        fields[count++].value = sign != NULL ? sign + 1 : word;
    }
    return count;
}

static char line[256];
static struct platen_fault_rule rule;
static size_t wrong;
static const char *complaint;

static uint32_t parse(const char *text)
{
    struct platen_fault_field fields[MOST];

    snprintf(line, sizeof line, "%s", text);
    return platen_fault_parse(fields, split(line, fields), &rule, &wrong, &complaint);
}

static void assert_rule(const char *text, struct platen_fault_rule expected)
{
    assert_int_equal(parse(text), 0);
    assert_null(complaint);
    assert_string_equal(rule.calls, expected.calls);
    assert_string_equal(rule.lane != NULL ? rule.lane : "(any)",
                        expected.lane != NULL ? expected.lane : "(any)");
    assert_true(rule.nth == (expected.nth != 0 ? expected.nth : 1));
    assert_true(rule.count == expected.count);
    assert_true(rule.delay == expected.delay);
    assert_int_equal(rule.kind, expected.kind);
    assert_int_equal(rule.code, expected.code);
    assert_int_equal(rule.limit, expected.limit);
    assert_int_equal(rule.says, expected.says);
    assert_true(rule.seed == expected.seed);
}

/* Member by member, in the order of the struct. */
#define RULE(...) ((struct platen_fault_rule){__VA_ARGS__})

static void rules_are_read(void **state)
{
    (void)state;
    assert_rule("WritePort nth=3 error 28", RULE(.calls = "WritePort", .nth = 3, .count = 1,
                                                 .kind = PLATEN_FAULT_ERROR, .code = 28));
    assert_rule("registry nth=17 error 0x8", RULE(.calls = "registry", .nth = 17, .count = 1,
                                                  .kind = PLATEN_FAULT_ERROR, .code = 8));
    assert_rule("SetJobW always hang", RULE(.calls = "SetJobW", .delay = PLATEN_FOREVER));
    assert_rule("EndDocPort lane=LPT1: delay 45s error ERROR_SEM_TIMEOUT",
                RULE(.calls = "EndDocPort", .lane = "LPT1:", .count = 1,
                     .delay = UINT64_C(45000000000), .kind = PLATEN_FAULT_ERROR, .code = 121));
    assert_rule(
        "WritePort nth=2 count=5 short 100",
        RULE(.calls = "WritePort", .nth = 2, .count = 5, .kind = PLATEN_FAULT_SHORT, .limit = 100));
    assert_rule("WritePort once disconnect",
                RULE(.calls = "WritePort", .count = 1, .kind = PLATEN_FAULT_DISCONNECT));
    assert_rule("nth=2 job error OUT_OF_PAPER count=0",
                RULE(.calls = "job", .nth = 2, .kind = PLATEN_FAULT_ERROR, .code = 28));
    assert_rule("xcv error 4294967295",
                RULE(.calls = "xcv", .count = 1, .kind = PLATEN_FAULT_ERROR, .code = UINT32_MAX));
}

static void garbage_is_read(void **state)
{
    (void)state;
    assert_rule("ReadPort always garbage seed=7",
                RULE(.calls = "ReadPort", .kind = PLATEN_FAULT_GARBAGE, .says = true, .seed = 7));
    assert_rule("ReadPort garbage TRUE",
                RULE(.calls = "ReadPort", .count = 1, .kind = PLATEN_FAULT_GARBAGE, .says = true));
    assert_rule("ReadPort garbage always",
                RULE(.calls = "ReadPort", .kind = PLATEN_FAULT_GARBAGE, .says = true));
    assert_rule("ReadPort garbage FALSE 5",
                RULE(.calls = "ReadPort", .count = 1, .kind = PLATEN_FAULT_GARBAGE, .code = 5));
    assert_rule("ReadPort garbage FALSE always",
                RULE(.calls = "ReadPort", .kind = PLATEN_FAULT_GARBAGE, .code = 31));
    assert_rule("ReadPort garbage FALSE",
                RULE(.calls = "ReadPort", .count = 1, .kind = PLATEN_FAULT_GARBAGE, .code = 31));
}

static void assert_delay(const char *duration, uint64_t nanoseconds)
{
    char text[64];

    snprintf(text, sizeof text, "WritePort delay %s", duration);
    assert_int_equal(parse(text), 0);
    assert_true(rule.delay == nanoseconds);
}

static void durations(void **state)
{
    (void)state;
    assert_delay("17", 17);
    assert_delay("17ns", 17);
    assert_delay("3us", 3000);
    assert_delay("250ms", 250000000);
    assert_delay("1.5s", 1500000000);
    assert_delay("0.000000001s", 1);
    assert_delay("0.0000000019s", 1);
    assert_delay("2min", UINT64_C(120000000000));
    assert_delay("1.25h", UINT64_C(4500000000000));
    assert_delay("18446744073709551614", PLATEN_FOREVER - 1);
}

static void assert_complaint(const char *text, size_t at, const char *why)
{
    assert_int_equal(parse(text), 87);
    assert_int_equal(wrong, at);
    assert_non_null(complaint);
    assert_non_null(strstr(complaint, why));
}

static void what_is_wrong_is_told(void **state)
{
    (void)state;
    assert_complaint("", 0, "begins with a call");
    assert_complaint("nth=3", 1, "begins with a call");
    assert_complaint("WritePort", 1, "what shall happen");
    assert_complaint("WritePort always", 2, "what shall happen");
    assert_complaint("WritePort delay 0s", 3, "what shall happen");
    assert_complaint("WritePort eror 28", 1, "knows once");
    assert_complaint("WritePort error", 1, "error is followed");
    assert_complaint("WritePort error nth=3", 1, "error is followed");
    assert_complaint("WritePort error ERROR_NONE_SUCH", 2, "error is followed");
    assert_complaint("WritePort error 4294967296", 2, "error is followed");
    assert_complaint("WritePort error 12x", 2, "error is followed");
    assert_complaint("WritePort error 0x", 2, "error is followed");
    assert_complaint("WritePort short", 1, "short is followed");
    assert_complaint("WritePort short -1", 2, "short is followed");
    assert_complaint("WritePort delay", 1, "delay is followed");
    assert_complaint("WritePort delay 3 weeks", 3, "knows once");
    assert_complaint("WritePort delay 3weeks", 2, "delay is followed");
    assert_complaint("WritePort delay s", 2, "delay is followed");
    assert_complaint("WritePort delay 99999999999h", 2, "delay is followed");
    assert_complaint("WritePort delay 18446744073709551615", 2, "delay is followed");
    assert_complaint("WritePort delay 99999999999999999999", 2, "delay is followed");
    assert_complaint("WritePort hang delay 3s", 3, "one delay");
    assert_complaint("WritePort error 5 short 3", 3, "does one thing");
    assert_complaint("WritePort error 5 error 6", 3, "does one thing");
    assert_complaint("WritePort nth=x error 5", 1, "a number");
    assert_complaint("WritePort nth=0 error 5", 1, "from 1");
    assert_complaint("WritePort error 5 nth=", 3, "a number");
    assert_complaint("WritePort error 5 port=LPT1:", 3, "lane=");
    assert_complaint("WritePort garbage MAYBE", 2, "knows once");
}

static void both_answers_may_be_missing(void **state)
{
    struct platen_fault_field field = {NULL, "WritePort"};
    (void)state;
    assert_int_equal(platen_fault_parse(&field, 1, &rule, NULL, NULL), 87);
}

/* ---- writing --------------------------------------------------------------------------------- */

static void assert_text(const char *text)
{
    char written[256];

    assert_int_equal(parse(text), 0);
    assert_int_equal(platen_fault_print(&rule, written, sizeof written), strlen(text));
    assert_string_equal(written, text);
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    assert_text("WritePort nth=3 error ERROR_OUT_OF_PAPER");
    assert_text("WritePort error 12345");
    assert_text("registry always delay 1ns error ERROR_SUCCESS");
    assert_text("SetJobW nth=18446744073709551615 count=2 hang");
    assert_text("EndDocPort delay 45s short 100");
    assert_text("EndDocPort delay 1500ms disconnect");
    assert_text("EndDocPort delay 2h garbage TRUE");
    assert_text("EndDocPort seed=9 garbage FALSE ERROR_ACCESS_DENIED");
    assert_text("EndDocPort delay 18446744073709551614ns");
}

static void every_error_is_read_as_it_is_written(void **state)
{
    static const uint32_t codes[] = {
#define PLATEN_ERROR(name, value, text) value,
#include <platen/errors.def>
#undef PLATEN_ERROR
    };
    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        char text[128];
        struct platen_fault_rule made = {
            .calls = "OpenPort", .count = 1, .kind = PLATEN_FAULT_ERROR, .code = codes[i]};
        platen_fault_print(&made, text, sizeof text);
        assert_int_equal(parse(text), 0);
        assert_int_equal(rule.code, codes[i]);
    }
}

static void lanes_are_quoted(void **state)
{
    char text[64];
    (void)state;
    struct platen_fault_rule made = {.calls = "OpenPort",
                                     .lane = "a \"b\"\\\n\x7f",
                                     .count = 1,
                                     .kind = PLATEN_FAULT_DISCONNECT};
    platen_fault_print(&made, text, sizeof text);
    assert_string_equal(text, "OpenPort lane=\"a \\\"b\\\"\\\\\\x0a\\x7f\" disconnect");
}

static void what_does_not_fit_is_cut(void **state)
{
    char text[8] = "########";
    (void)state;
    assert_int_equal(parse("WritePort short 5"), 0);
    assert_int_equal(platen_fault_print(&rule, text, sizeof text), strlen("WritePort short 5"));
    assert_string_equal(text, "WritePo");
    assert_int_equal(platen_fault_print(&rule, NULL, 0), strlen("WritePort short 5"));
}

/* ---- lists ----------------------------------------------------------------------------------- */

static void every_kind_that_is_listed_is_known(void **state)
{
    size_t count = 0;
    (void)state;
    for (const struct platen_fault_word *at = platen_fault_kinds; at->name != NULL; at++) {
        char text[64];
        bool takes_one = strchr(at->usage, ' ') != NULL && strchr(at->usage, '[') == NULL;
        snprintf(text, sizeof text, "WritePort %s%s", at->name, takes_one ? " 5" : "");
        assert_int_equal(parse(text), 0);
        assert_memory_equal(at->usage, at->name, strlen(at->name));
        assert_true(strlen(at->summary) > 0);
        count++;
    }
    assert_int_equal(count, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_are_read),
        cmocka_unit_test(garbage_is_read),
        cmocka_unit_test(durations),
        cmocka_unit_test(what_is_wrong_is_told),
        cmocka_unit_test(both_answers_may_be_missing),
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(every_error_is_read_as_it_is_written),
        cmocka_unit_test(lanes_are_quoted),
        cmocka_unit_test(what_does_not_fit_is_cut),
        cmocka_unit_test(every_kind_that_is_listed_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
