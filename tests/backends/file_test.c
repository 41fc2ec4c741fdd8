/* SPDX-License-Identifier: MIT
 *
 * What the file backend promises beyond the laws, on every system.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/file.h"
#include "trial.h"

extern const struct platen_backend platen_backend_file;

static struct trial trial;
static char path[1200];

static const char *in_folder(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", trial.folder, name);
    return path;
}

static int set_up(void **state)
{
    (void)state;
    trial_begin(&trial, &platen_backend_file, "FILE:");
    return trial.complaint[0] ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    trial_end(&trial);
    return 0;
}

static void assert_no_complaint(void)
{
    assert_string_equal(trial.complaint, "");
}

static void claims_files(void **state)
{
    static const struct {
        const char *name;
        unsigned claim;
    } rows[] = {
        {"FILE:", 3},   {"file:", 3},    {"", 0},      {"LPT1:", 0},     {"NUL:", 0},
        {"out.prn", 1}, {"/tmp/x", 2},   {"a/b", 2},   {"C:\\x.prn", 2}, {"a\\b", 2},
        {"x:y", 0},     {"/tmp/a:b", 2}, {"/tmp/", 2}, {"/tmp/x:", 0},   {":", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (platen_backend_file.claims(rows[i].name) != rows[i].claim)
            fail_msg("claims of %s is not %u", rows[i].name, rows[i].claim);
}

static void files_are_off_without_a_root(void **state)
{
    static const char *const names[] = {"FILE:", "out.prn", "/tmp/out.prn", "C:\\out.prn"};
    struct port port;
    (void)state;
    trial.root = NULL;
    port_make(&trial, &port, NULL);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(port_check(&trial, &port, names[i]), PLATEN_ACCESS_DENIED);
        assert_int_equal(port_open(&trial, &port, names[i]), PLATEN_ACCESS_DENIED);
    }
    port_dispose(&port);
}

/* What a job that names this file gets. */
static uint32_t print_to(struct port *port, const char *target)
{
    struct platen_doc doc = port_document(port);
    uint32_t error;
    doc.output_file = target;
    error = port_start(&trial, port, &doc, soon());
    return error ? error : port_end(&trial, port, false);
}

static void check_answers_by_syntax_and_folder(void **state)
{
    struct port port;
    (void)state;
    assert_int_equal(platen_os_make_folder(in_folder("sub")), 0);
    port_make(&trial, &port, NULL);
    assert_int_equal(port_check(&trial, &port, "FILE:"), 0);
    assert_int_equal(port_check(&trial, &port, "out.prn"), 0);
    assert_int_equal(port_check(&trial, &port, "sub/out.prn"), 0);
    assert_int_equal(port_check(&trial, &port, in_folder("out.prn")), 0);
    assert_int_equal(port_check(&trial, &port, in_folder("sub/out.prn")), 0);
    assert_int_equal(port_check(&trial, &port, "none/out.prn"), PLATEN_PATH_NOT_FOUND);
    assert_int_equal(port_check(&trial, &port, "sub"), PLATEN_DIRECTORY);
    assert_int_equal(port_check(&trial, &port, "../out.prn"), PLATEN_INVALID_NAME);
    assert_int_equal(port_check(&trial, &port, "sub/../out.prn"), PLATEN_INVALID_NAME);
    assert_int_equal(port_check(&trial, &port, ""), PLATEN_INVALID_NAME);
    assert_int_equal(count_entries(trial.folder), 1);
    assert_int_equal(count_entries(in_folder("sub")), 0);
    trial.root = in_folder("none");
    assert_int_equal(port_check(&trial, &port, "FILE:"), PLATEN_PATH_NOT_FOUND);
    assert_int_equal(port_check(&trial, &port, "out.prn"), PLATEN_PATH_NOT_FOUND);
    port_dispose(&port);
}

/* CVE-2020-1048: a path outside is refused when the port is added, when it is opened, and when a
 * job names it. */
static void outside_is_denied_each_time(void **state)
{
    static const char *const outside[] = {"/etc/cron.d/x", "C:\\Windows\\System32\\x.dll",
                                          "\\\\host\\share\\x", "/"};
    struct port port;
    (void)state;
    assert_true(port_open_new(&trial, &port, NULL));
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        uint32_t error;
        if (outside[i][0] != trial.folder[0] && trial.folder[0] == '/')
            continue; /* on POSIX those are odd names of files below the root */
        error = port_check(&trial, &port, outside[i]);
        assert_true(error == PLATEN_ACCESS_DENIED || error == PLATEN_INVALID_NAME);
        assert_int_equal(print_to(&port, outside[i]), error);
    }
    assert_int_equal(port_check(&trial, &port, in_folder("../x")), PLATEN_INVALID_NAME);
    assert_int_equal(print_to(&port, in_folder("../x")), PLATEN_INVALID_NAME);
    snprintf(path, sizeof path, "%s-beside/x", trial.folder);
    assert_int_equal(port_check(&trial, &port, path), PLATEN_ACCESS_DENIED);
    assert_int_equal(print_to(&port, path), PLATEN_ACCESS_DENIED);
    assert_int_equal(count_entries(trial.folder), 0);
    port_finish(&trial, &port);

    port_make(&trial, &port, NULL);
    assert_int_equal(port_open(&trial, &port, path), PLATEN_ACCESS_DENIED);
    port_dispose(&port);
}

static void a_job_must_name_its_file(void **state)
{
    struct port port;
    (void)state;
    assert_true(port_open_new(&trial, &port, NULL));
    assert_int_equal(print_to(&port, NULL), PLATEN_INVALID_PARAMETER);
    assert_int_equal(print_to(&port, ""), PLATEN_INVALID_PARAMETER);
    assert_int_equal(print_to(&port, "out.prn"), 0);
    assert_int_equal(print_to(&port, in_folder("other.prn")), 0);
    assert_int_equal(count_entries(trial.folder), 2);
    port_finish(&trial, &port);
}

static void start_writing(struct port *port, const char *target)
{
    struct platen_doc doc;
    uint32_t moved;
    assert_true(port_open_new(&trial, port, NULL));
    doc = port_document(port);
    doc.output_file = target;
    assert_int_equal(port_start(&trial, port, &doc, soon()), 0);
    assert_int_equal(port_write(&trial, port, target, 5, soon(), &moved), 0);
    assert_int_equal(moved, 5);
}

static void assert_file(const char *name, const char *content)
{
    char *data;
    size_t size;
    assert_int_equal(platen_os_file_load(in_folder(name), 1000, &data, &size), 0);
    assert_string_equal(data, content);
    free(data);
}

static void jobs_run_in_parallel(void **state)
{
    struct port a, b, c;
    struct platen_doc doc;
    (void)state;
    start_writing(&a, "a.prn");
    start_writing(&b, "b.prn");
    assert_true(port_open_new(&trial, &c, NULL));
    doc = port_document(&c);
    doc.output_file = "a.prn";
    assert_int_equal(port_start(&trial, &c, &doc, soon()), PLATEN_SHARING_VIOLATION);
    assert_int_equal(port_end(&trial, &b, false), 0);
    assert_file("b.prn", "b.prn");
    assert_int_equal(port_end(&trial, &a, false), 0);
    assert_file("a.prn", "a.prn");
    assert_int_equal(port_start(&trial, &c, &doc, soon()), 0);
    assert_file("a.prn", "");
    assert_int_equal(port_end(&trial, &c, false), 0);
    port_finish(&trial, &a);
    port_finish(&trial, &b);
    port_finish(&trial, &c);
    assert_no_complaint();
}

static void a_second_start_does_not_disturb(void **state)
{
    struct port port;
    struct platen_doc doc;
    uint32_t moved;
    (void)state;
    start_writing(&port, "a.prn");
    doc = port_document(&port);
    doc.output_file = "b.prn";
    assert_int_equal(port_start(&trial, &port, &doc, soon()), PLATEN_BUSY);
    assert_int_equal(port_write(&trial, &port, "more", 4, soon(), &moved), 0);
    assert_int_equal(port_end(&trial, &port, false), 0);
    assert_file("a.prn", "a.prnmore");
    assert_int_equal(count_entries(trial.folder), 1);
    port_finish(&trial, &port);
}

static void an_abandoned_job_leaves_what_it_wrote(void **state)
{
    struct port port;
    (void)state;
    start_writing(&port, "a.prn");
    assert_int_equal(port_end(&trial, &port, true), 0);
    assert_file("a.prn", "a.prn");
    port_finish(&trial, &port);
}

static void a_missing_folder_is_an_error_until_it_is_there(void **state)
{
    struct port port;
    (void)state;
    assert_true(port_open_new(&trial, &port, NULL));
    assert_int_equal(print_to(&port, "sub/out.prn"), PLATEN_PATH_NOT_FOUND);
    assert_int_equal(count_entries(trial.folder), 0);
    assert_int_equal(platen_os_make_folder(in_folder("sub")), 0);
    assert_int_equal(print_to(&port, "sub/out.prn"), 0);
    assert_file("sub/out.prn", "");
    port_finish(&trial, &port);
}

static void a_missing_root_is_an_error_at_open(void **state)
{
    struct port port;
    (void)state;
    trial.root = in_folder("none");
    port_make(&trial, &port, NULL);
    assert_int_equal(port_open(&trial, &port, "FILE:"), PLATEN_PATH_NOT_FOUND);
    assert_int_equal(port_open(&trial, &port, "out.prn"), PLATEN_PATH_NOT_FOUND);
    port_dispose(&port);
}

/* Names of 0, 1, 255, 256 and 32767 units, as a port's and as a job's. */
static void names_of_every_length(void **state)
{
    static const size_t lengths[] = {0, 1, 255, 256, 32767};
    struct port port;
    (void)state;
    assert_true(port_open_new(&trial, &port, NULL));
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        size_t length = lengths[i];
        bool possible = length == 1;
        char *name = calloc(1, length + 1);
        uint32_t error;
        assert_non_null(name);
        memset(name, 'n', length);
        error = print_to(&port, name);
        if (length != 255) /* whether that one fits depends on where the folder is */
            assert_int_equal(error == 0, possible);
        if (length > 255)
            assert_int_equal(error, PLATEN_FILENAME_EXCED_RANGE);
        if (length > 255)
            assert_int_equal(port_check(&trial, &port, name), PLATEN_FILENAME_EXCED_RANGE);
        free(name);
    }
    port_finish(&trial, &port);
}

/* CVE-2010-2729: for a port with a file of its own, the job's file is nothing but text. */
static void a_named_file_ignores_the_jobs_file(void **state)
{
    struct port port;
    (void)state;
    port_make(&trial, &port, NULL);
    assert_int_equal(port_open(&trial, &port, "own.prn"), 0);
    assert_int_equal(print_to(&port, "stolen.prn"), 0);
    assert_int_equal(print_to(&port, "/etc/cron.d/x"), 0);
    assert_int_equal(print_to(&port, NULL), 0);
    assert_int_equal(count_entries(trial.folder), 1);
    assert_file("own.prn", "");
    port_finish(&trial, &port);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(claims_files),
        TEST(files_are_off_without_a_root),
        TEST(check_answers_by_syntax_and_folder),
        TEST(outside_is_denied_each_time),
        TEST(a_job_must_name_its_file),
        TEST(jobs_run_in_parallel),
        TEST(a_second_start_does_not_disturb),
        TEST(an_abandoned_job_leaves_what_it_wrote),
        TEST(a_missing_folder_is_an_error_until_it_is_there),
        TEST(a_missing_root_is_an_error_at_open),
        TEST(names_of_every_length),
        TEST(a_named_file_ignores_the_jobs_file),
    };
    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
