/* SPDX-License-Identifier: MIT
 *
 * What a simulated printer answers, and the jobs that it keeps.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/spooler.h>

#include "client.h"
#include "os/file.h"

#define PATIENT 300000000000u

/* What a printer with these answers says to a job of this text. */
static void converse(const char *script, const char *text, char answer[4096])
{
    struct platen_device_manner manner = {.size = sizeof manner, .answers = script};
    struct platen_device_options options = {.size = sizeof options, .manner = &manner};
    struct client *client = calloc(1, sizeof *client);
    platen_device *device;
    assert_non_null(client);
    assert_int_equal(platen_device_start(&options, &device), 0);
    client->port = platen_device_port(device);
    client->text = text;
    client_run(client, 1);
    assert_int_equal(client->error, 0);
    assert_true(client->saw_end);
    struct platen_device_job job;
    assert_int_equal(platen_device_wait(device, PLATEN_DEVICE_JOBS, 1, PATIENT), 0);
    assert_int_equal(platen_device_find_job(device, 1, &job), 0);
    assert_true(job.whole);
    assert_int_equal(job.answered, client->got);
    memcpy(answer, client->answer, 4096);
    platen_device_stop(device);
    free(client);
}

static void answers_come_when_they_are_due(void **state)
{
    char answer[4096];
    (void)state;
    converse("# a printer\n\n  at start \"S\"  # first\r\nafter 3 \"3\"\nafter 0 \"0\"\n"
             "after 9 \"9\"\nat end \"E\"",
             "12345", answer);
    assert_string_equal(answer, "S03E");
    converse("on \"aab\" \"!\"\non \"aa\" \"?\"", "aaabaab", answer);
    assert_int_equal(strlen(answer), 5); /* two of the first, three of the second */
    converse("on \"\\x1b%-12345X\" \"@PJL \\\"\\\\\\r\\n\\t\\e\\f\\x41\"", "\x1b%-12345X", answer);
    assert_string_equal(answer, "@PJL \"\\\r\n\t\x1b\fA");
    converse("at end \"a\\0b\"", NULL, answer);
    assert_memory_equal(answer, "a\0b", 4);
    converse("", "x", answer);
    assert_string_equal(answer, "");
}

static void every_match_is_found(void **state)
{
    char answer[4096];
    char text[1001];
    (void)state;
    memset(text, 'a', 1000);
    text[1000] = '\0';
    converse("on \"aaaa\" \"x\"", text, answer);
    assert_int_equal(strlen(answer), 997);
    converse("on \"abab\" \"x\"", "abababaabab", answer);
    assert_int_equal(strlen(answer), 3);
}

static void check_complaint(const char *script, const char *expected)
{
    char *complaint;
    assert_int_equal(platen_device_check_answers(script, &complaint), PLATEN_INVALID_DATA);
    assert_non_null(complaint);
    assert_string_equal(complaint, expected);
    platen_free(complaint);
    assert_int_equal(platen_device_check_answers(script, NULL), PLATEN_INVALID_DATA);
}

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    check_complaint("hello", "1:1: a line begins with \"at\", \"after\" or \"on\"");
    check_complaint("\n  at once \"x\"", "2:6: after \"at\" comes \"start\" or \"end\"");
    check_complaint("after x \"x\"", "1:7: a number of bytes is wanted");
    check_complaint("after 99999999999999999999 \"x\"", "1:7: the number is too large");
    check_complaint("at start", "1:9: a text in quotes is wanted");
    check_complaint("at starting", "1:4: after \"at\" comes \"start\" or \"end\"");
    check_complaint("at end x", "1:8: a text in quotes is wanted");
    check_complaint("at end \"x", "1:8: the text has no closing quote");
    check_complaint("at end \"x\n\"", "1:8: the text has no closing quote");
    check_complaint("at end \"x\\", "1:10: an escape that is not known");
    check_complaint("at end \"\\q\"", "1:9: an escape that is not known");
    check_complaint("at end \"\\x4\"", "1:9: \\x wants two hexadecimal digits");
    check_complaint("at end \"x\" y", "1:12: the line goes on");
    check_complaint("on \"\" \"y\"", "1:6: there is nothing to look for");
    check_complaint("on \"a\"", "1:7: a text in quotes is wanted");
}

static void scripts_are_bounded(void **state)
{
    char *script = malloc(200000);
    (void)state;
    assert_non_null(script);
    static const char line[] = "at end \"x\"\n";
    size_t length = sizeof line - 1;
    for (size_t i = 0; i < 65; i++) {
        memcpy(script + i * length, line, sizeof line);
    }
    script[64 * length] = '\0';
    assert_int_equal(platen_device_check_answers(script, NULL), 0);
    script[64 * length] = 'a';
    check_complaint(script, "65:1: there are more than 64 lines");
    snprintf(script, 200000, "on \"%0*d\" \"x\"", 256, 0);
    assert_int_equal(platen_device_check_answers(script, NULL), 0);
    snprintf(script, 200000, "on \"%0*d\" \"x\"", 257, 0);
    check_complaint(script, "1:4: the text is too long");
    snprintf(script, 200000, "at end \"%0*d\"", 65536, 0);
    assert_int_equal(platen_device_check_answers(script, NULL), 0);
    snprintf(script, 200000, "at end \"%0*d\"", 65537, 0);
    check_complaint(script, "1:8: the text is too long");
    free(script);
}

/* ---- kept jobs ---------------------------------------------------------------------------- */

static char folder[512];

static int make_folder(void **state)
{
    (void)state;
    return platen_os_make_temporary_folder(folder, sizeof folder) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return platen_os_remove_folder(folder) == 0 ? 0 : -1;
}

/* NULL: there is no such file. Free it. */
static char *load(const char *name, size_t *size)
{
    char path[600];
    char *data = NULL;
    snprintf(path, sizeof path, "%s/jobs/%s", folder, name);
    return platen_os_file_load(path, 1 << 24, &data, size) == 0 ? data : NULL;
}

static bool exists(const char *name)
{
    size_t size;
    char *data = load(name, &size);
    free(data);
    return data != NULL;
}

static platen_device *start_keeping(const struct platen_device_manner *manner)
{
    char keep[600];
    platen_device *device;
    snprintf(keep, sizeof keep, "%s/jobs", folder);
    struct platen_device_options options = {.size = sizeof options, .manner = manner, .keep = keep};
    assert_int_equal(platen_device_start(&options, &device), 0);
    return device;
}

static void print(platen_device *device, uint64_t size)
{
    struct client *client = calloc(1, sizeof *client);
    assert_non_null(client);
    client->port = platen_device_port(device);
    client->size = size;
    client_run(client, 1);
    free(client);
}

static void jobs_are_kept_as_received(void **state)
{
    static const uint64_t sizes[] = {0, 1, 65536, 300001};
    static const char *const names[] = {"job-0001", "job-0002", "job-0003", "job-0004"};
    (void)state;
    platen_device *device = start_keeping(NULL);
    for (unsigned i = 0; i < 4; i++) {
        char name[32];
        char note[1024];
        size_t size;
        struct platen_device_job job;
        print(device, sizes[i]); /* it is there when the connection has ended */
        snprintf(name, sizeof name, "%s.prn", names[i]);
        char *data = load(name, &size);
        assert_non_null(data);
        assert_int_equal(size, sizes[i]);
        for (size_t at = 0; at < size; at++) {
            assert_int_equal((unsigned char)data[at], client_byte(at));
        }
        free(data);
        assert_int_equal(platen_device_wait(device, PLATEN_DEVICE_JOBS, i + 1, PATIENT), 0);
        assert_int_equal(platen_device_find_job(device, i + 1, &job), 0);
        assert_string_equal(job.file, name);
        assert_int_equal(job.error, 0);
        snprintf(name, sizeof name, "%s.json", names[i]);
        data = load(name, &size);
        assert_non_null(data);
        assert_int_equal(platen_device_note(&job, note, sizeof note), size - 1);
        assert_memory_equal(data, note, size - 1);
        free(data);
    }
    platen_device_stop(device);
    assert_false(exists("job-0001.receiving"));
}

static void what_is_not_whole_is_called_so(void **state)
{
    (void)state;
    struct platen_device_manner manner = {
        .size = sizeof manner, .jobs = 1, .reset = true, .reset_after = 1000};
    platen_device *device = start_keeping(&manner);
    print(device, 100000);
    print(device, 5);
    platen_device_stop(device);
    assert_true(exists("job-0001.part"));
    assert_true(exists("job-0001.json"));
    assert_false(exists("job-0001.prn"));
    assert_true(exists("job-0002.prn"));
}

static void names_go_on_where_others_stopped(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        platen_device *device = start_keeping(NULL);
        print(device, 100 + (uint64_t)i);
        platen_device_stop(device);
    }
    size_t size;
    free(load("job-0001.prn", &size));
    assert_int_equal(size, 100);
    free(load("job-0003.prn", &size));
    assert_int_equal(size, 102);
}

static void two_devices_share_a_folder(void **state)
{
    (void)state;
    platen_device *a = start_keeping(NULL);
    platen_device *b = start_keeping(NULL);
    for (int i = 0; i < 5; i++) {
        print(a, 10);
        print(b, 20);
    }
    platen_device_stop(a);
    platen_device_stop(b);
    assert_true(exists("job-0010.prn"));
    assert_false(exists("job-0011.prn"));
}

static void a_folder_that_cannot_be(void **state)
{
    char keep[600];
    platen_os_file file;
    platen_device *device;
    (void)state;
    snprintf(keep, sizeof keep, "%s/file", folder);
    assert_int_equal(platen_os_file_open_write(keep, &file), 0);
    platen_os_file_close(file);
    struct platen_device_options options = {.size = sizeof options, .keep = keep};
    assert_int_not_equal(platen_device_start(&options, &device), 0);
    assert_null(device);
}

static void a_folder_that_goes_away(void **state)
{
    char keep[600];
    struct platen_device_job job;
    (void)state;
    platen_device *device = start_keeping(NULL);
    snprintf(keep, sizeof keep, "%s/jobs", folder);
    assert_int_equal(platen_os_remove_folder(keep), 0);
    print(device, 1000);
    assert_int_equal(platen_device_wait(device, PLATEN_DEVICE_JOBS, 1, PATIENT), 0);
    assert_int_equal(platen_device_find_job(device, 1, &job), 0);
    assert_true(job.whole);
    assert_int_equal(job.bytes, 1000);
    assert_string_equal(job.file, "");
    assert_int_not_equal(job.error, 0);
    platen_device_stop(device);
}

static void a_note_tells_all(void **state)
{
    static const struct platen_device_job job = {
        .number = 7,
        .end = PLATEN_DEVICE_RESET,
        .bytes = 12,
        .answered = 3,
        .sha256 = "ab",
        .client = "[::1]:5",
        .begun = 1709210096789012000u, /* a leap day */
        .first = 1000000,
        .last = 2000000,
        .ended = 3500000,
        .error = 112,
    };
    static const char expected[] =
        "{\"job\": 7, \"file\": null, \"whole\": false, \"end\": \"reset\", \"bytes\": 12, "
        "\"sha256\": \"ab\", \"answered\": 3, \"client\": \"[::1]:5\", "
        "\"begun\": \"2024-02-29T12:34:56.789012Z\", \"first_byte\": 0.001000, "
        "\"last_byte\": 0.002000, \"seconds\": 0.003500, \"error\": 112}";
    char note[1024];
    (void)state;
    assert_int_equal(platen_device_note(&job, note, sizeof note), sizeof expected - 1);
    assert_string_equal(note, expected);
    assert_int_equal(platen_device_note(&job, note, 10), sizeof expected - 1);
    assert_string_equal(note, "{\"job\": 7");
    assert_string_equal(platen_device_end_name(PLATEN_DEVICE_STALLED), "stalled");
    assert_string_equal(platen_device_end_name((enum platen_device_end)99), "unknown");
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_come_when_they_are_due),
        cmocka_unit_test(every_match_is_found),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(scripts_are_bounded),
        IN_FOLDER(jobs_are_kept_as_received),
        IN_FOLDER(what_is_not_whole_is_called_so),
        IN_FOLDER(names_go_on_where_others_stopped),
        IN_FOLDER(two_devices_share_a_folder),
        IN_FOLDER(a_folder_that_cannot_be),
        IN_FOLDER(a_folder_that_goes_away),
        cmocka_unit_test(a_note_tells_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
