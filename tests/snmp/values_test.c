/* SPDX-License-Identifier: MIT
 *
 * What a printer's agent says, as values of bidi requests.
 */
#include "trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct trial trial;

static char *read_file(const char *path)
{
    char *text = calloc(1, 100000);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_true(fread(text, 1, 99999, file) > 0);
    fclose(file);
    return text;
}

/* Line by line, so that a difference is told where it is. */
static void compare(char *got, char *wanted)
{
    char *rest_got = NULL, *rest_wanted = NULL;
    char *line = strtok_r(got, "\n", &rest_got), *other = strtok_r(wanted, "\n", &rest_wanted);
    while (other && other[0] == '#')
        other = strtok_r(NULL, "\n", &rest_wanted);
    for (; line && other;
         line = strtok_r(NULL, "\n", &rest_got), other = strtok_r(NULL, "\n", &rest_wanted))
        assert_string_equal(line, other);
    assert_true(!line && !other);
}

static void the_whole_printer(void **state)
{
    char *got, *wanted = read_file(TRIAL_VALUES);
    (void)state;
    trial_begin(&trial);
    got = trial_all(&trial);
    if (getenv("PLATEN_SHOW"))
        printf("%s", got);
    compare(got, wanted);
    assert_true(atomic_load(&trial.agent.asked) < 40);
    trial_end(&trial);
    free(wanted);
    free(got);
}

static void the_same_by_every_way(void **state)
{
    static const struct {
        int version;
        size_t most_bytes;
    } ways[] = {{0, 1400}, {1, 484}, {1, 150}, {0, 150}, {1, 50000}};
    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        char *got, *wanted = read_file(TRIAL_VALUES);
        trial_begin(&trial);
        agent_limit(&trial.agent, ways[i].version, ways[i].most_bytes);
        got = trial_all(&trial);
        compare(got, wanted);
        trial_end(&trial);
        free(wanted);
        free(got);
    }
}

static void another_printer(void **state)
{
    char text[100];
    (void)state;
    trial_begin(&trial);
    trial_reopen(&trial, "127.0.0.1", "public", 2);
    trial_expect(&trial, "\\Printer.DeviceInfo:FriendlyName", "Eight");
    trial_expect(&trial, "\\Printer.DeviceInfo:Manufacturer", "Other");
    trial_expect(&trial, "\\Printer.Status.Summary:State", "Idle");
    trial_expect(&trial, "\\Printer.Consumables.Other:Model", "not of this printer");
    trial_expect(&trial, "\\Printer.Consumables.Other:Level", "-1");
    assert_int_equal(trial_get(&trial, "\\Printer.Configuration.DuplexUnit:Installed", text,
                               sizeof text, SECOND),
                     PLATEN_BIDI_SCHEMA_NOT_SUPPORTED);
    trial_end(&trial);
}

static void unknown_values(void **state)
{
    static const char *const schemas[] = {"",
                                          "\\Printer",
                                          "\\Printer.Status",
                                          "\\Printer.Status.Summary:Mood",
                                          "\\Printer.Statuses:State",
                                          "\\Printer.Maintenance:CleanHead",
                                          "\\Printer.Consumables.BlackToner",
                                          "\\Printer.Consumables.:Level",
                                          "\\Printer.Consumables.%s%n:Level",
                                          "Printer.Status.Summary:State"};
    char text[100], tight[5] = "kept";
    (void)state;
    trial_begin(&trial);
    for (size_t i = 0; i < sizeof schemas / sizeof *schemas; i++) {
        assert_int_equal(trial_get(&trial, schemas[i], text, sizeof text, 20 * SECOND),
                         PLATEN_BIDI_SCHEMA_NOT_SUPPORTED);
        assert_string_equal(text, "");
    }
    assert_int_equal(trial_get(&trial, "\\Printer.DeviceInfo:FriendlyName", tight, 5, 20 * SECOND),
                     PLATEN_INSUFFICIENT_BUFFER);
    assert_int_equal(trial_get(&trial, "\\Printer.DeviceInfo:FriendlyName", text, 6, 20 * SECOND),
                     0);
    assert_string_equal(text, "Seven");
    trial_end(&trial);
}

/* hrDeviceStatus, hrPrinterStatus, hrPrinterDetectedErrorState (RFC 3805, 2.2.13.2). */
static void states(void **state)
{
    static const struct {
        int device, printer;
        const char *errors, *state, *reasons;
    } rows[] = {
        {2, 3, "00", "Idle", "None"},
        {2, 4, "00", "Processing", "None"},
        {5, 5, "00", "Processing", "None"},
        {2, 1, "00", "Idle", "None"},
        {5, 1, "40", "Stopped", "MediaEmpty"},
        {5, 1, "04", "Stopped", "MediaJam"},
        {3, 3, "80", "Idle", "MediaLow"},
        {3, 4, "2000", "Processing", "MarkerSupplyLow"},
        {5, 3, "", "Stopped", "None"},
        {2, 1, "0200", "Stopped", "AttentionRequired"},
        {2, 2, "1808", "Stopped", "DoorOpen MarkerSupplyEmpty OutputAreaFull"},
        {2, 3, "fffe", "Idle",
         "AttentionRequired DoorOpen MarkerSupplyEmpty MarkerSupplyLow MediaEmpty MediaJam "
         "MediaLow "
         "MediaNeeded OutputAreaAlmostFull OutputAreaFull"},
        {2, 3, "0001ffffffffffffffff", "Idle", "None"},
    };
    char line[100];
    (void)state;
    trial_begin(&trial);
    agent_drop(&trial.agent, ".1.3.6.1.2.1.43.18");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(line, sizeof line, ".1.3.6.1.2.1.25.3.2.1.5.1 i %d", rows[i].device);
        agent_set(&trial.agent, line);
        snprintf(line, sizeof line, ".1.3.6.1.2.1.25.3.5.1.1.1 i %d", rows[i].printer);
        agent_set(&trial.agent, line);
        snprintf(line, sizeof line, ".1.3.6.1.2.1.25.3.5.1.2.1 x %s", rows[i].errors);
        agent_set(&trial.agent, line);
        trial_reopen(&trial, "127.0.0.1", "public", 1);
        trial_expect(&trial, "\\Printer.Status.Summary:State", rows[i].state);
        trial_expect(&trial, "\\Printer.Status.Summary:StateReason", rows[i].reasons);
    }
    trial_end(&trial);
}

static void hostile_texts(void **state)
{
    static const struct {
        const char *hex, *text;
    } rows[] = {
        {"410a1b5b324a0d42", "A  [2J B"},
        {"c3a4c3b6", "\xc3\xa4\xc3\xb6"}, /* UTF-8 */
        {"e4f6", "\xc3\xa4\xc3\xb6"},     /* Latin-1 */
        {"41c28542", "A  B"},             /* a control character of two bytes */
        {"2020412020", "A"},
        {"410042", "A"},
        {"41ff", "A\xc3\xbf"},
        {"256e2573", "%n%s"},
    };
    char line[200];
    (void)state;
    trial_begin(&trial);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(line, sizeof line, ".1.3.6.1.2.1.1.6.0 x %s", rows[i].hex);
        agent_set(&trial.agent, line);
        trial_reopen(&trial, "127.0.0.1", "public", 1);
        trial_expect(&trial, "\\Printer.DeviceInfo:Location", rows[i].text);
    }
    trial_end(&trial);
}

/* Any type where another is meant, and numbers at their ends. */
static void hostile_numbers(void **state)
{
    static const char *const lines[] = {
        ".1.3.6.1.2.1.43.11.1.1.9.1.1 i 2147483647",
        ".1.3.6.1.2.1.43.11.1.1.8.1.1 i 1",
        ".1.3.6.1.2.1.43.11.1.1.9.1.2 i -2147483648",
        ".1.3.6.1.2.1.43.11.1.1.9.1.3 s many",
        ".1.3.6.1.2.1.43.11.1.1.5.1.3 s toner",
        ".1.3.6.1.2.1.43.11.1.1.6.1.3 i 5",
        ".1.3.6.1.2.1.43.11.1.1.3.1.2 i -7",
        ".1.3.6.1.2.1.25.2.2.0 g 4294967295",
        ".1.3.6.1.2.1.25.3.5.1.2.1 i 3",
        ".1.3.6.1.2.1.25.2.3.1.4.2 i 2147483647",
        ".1.3.6.1.2.1.25.2.3.1.5.2 i 2147483647",
        ".1.3.6.1.2.1.43.8.2.1.6.1.1 i 2147483647",
        ".1.3.6.1.2.1.43.8.2.1.9.1.1 s x",
        ".1.3.6.1.2.1.43.9.2.1.4.1.1 i -2147483648",
    };
    char *all;
    (void)state;
    trial_begin(&trial);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        agent_set(&trial.agent, lines[i]);
    all = trial_all(&trial);
    trial_expect(&trial, "\\Printer.Consumables.BlackToner:Level", "100");
    trial_expect(&trial, "\\Printer.Consumables.Toner:Level", "-1");
    trial_expect(&trial, "\\Printer.Consumables.Other:Level", "-1");
    trial_expect(&trial, "\\Printer.Configuration.Memory:Size", "4294967295");
    trial_expect(&trial, "\\Printer.Configuration.HardDisk:Capacity", "4398046507008");
    free(all);
    trial_end(&trial);
}

/* Of a table without end that many rows are read. */
static void long_tables(void **state)
{
    char line[100], text[100];
    (void)state;
    trial_begin(&trial);
    for (int i = 1; i <= 1000; i++) {
        snprintf(line, sizeof line, ".1.3.6.1.2.1.43.9.2.1.4.1.%d i %d", i, i);
        agent_set(&trial.agent, line);
    }
    trial_expect(&trial, "\\Printer.Finishing.OutputBins.OutputBin128:Capacity", "128");
    assert_int_equal(trial_get(&trial, "\\Printer.Finishing.OutputBins.OutputBin129:Capacity", text,
                               sizeof text, 20 * SECOND),
                     PLATEN_BIDI_SCHEMA_NOT_SUPPORTED);
    trial_end(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_printer),
        cmocka_unit_test(the_same_by_every_way),
        cmocka_unit_test(another_printer),
        cmocka_unit_test(unknown_values),
        cmocka_unit_test(states),
        cmocka_unit_test(hostile_texts),
        cmocka_unit_test(hostile_numbers),
        cmocka_unit_test(long_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
