/* SPDX-License-Identifier: MIT
 *
 * A language monitor over a port monitor, each of them in this process, in a host, or in a host of
 * 32 bits: the calls between them pass through here, and the bytes arrive.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hosted/hosted.h"
#include "os/clock.h"
#include "os/file.h"

#define SECOND UINT64_C(1000000000)
#define SIZE   200000u

static const char line[] = "@lingua\n";

enum place { HERE, HOST, NARROW };

static const char *host_of(enum place place)
{
    static const char *const programs[] = {[HERE] = NULL,
                                           [HOST] = HOST_FILE,
#ifdef HOST32_FILE
                                           [NARROW] = HOST32_FILE
#endif
    };
    return programs[place];
}

static void load(platen_spooler *spooler, enum place place, const char *name, const char *wide,
                 const char *narrow, bool language)
{
    const struct platen_hosted_options how = {.program = host_of(place), .language = language};
    const char *module = place == NARROW ? narrow : wide;
    char *complaint = NULL;
    uint32_t error = place != HERE ? platen_hosted_load(spooler, name, module, &how, &complaint)
                     : language    ? platen_spooler_load_language(spooler, name, module, &complaint)
                                   : platen_spooler_load(spooler, name, module, &complaint);
    if (error != 0) {
        fail_msg("%s", complaint);
    }
}

static void print(platen_spooler *spooler, const char *data)
{
    static const char *const ports[] = {"OUT:"};
    const struct platen_printer_options printer = {.size = sizeof printer,
                                                   .ports = ports,
                                                   .port_count = 1,
                                                   .language = "lingua",
                                                   .bidi = true};
    const struct platen_document document = {
        .size = sizeof document, .data = data, .data_size = SIZE};
    struct platen_job_info info;
    uint32_t job;
    assert_int_equal(platen_printer_create(spooler, "Printer", &printer), 0);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(platen_job_submit(spooler, "Printer", &document, &job), 0);
        assert_int_equal(platen_job_wait(spooler, job, platen_os_now() + 60 * SECOND, &info), 0);
        assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    }
}

static void stack(enum place below, enum place above)
{
    char folder[1024];
    char out[1100];
    platen_spooler *spooler;
    char *printed;
    size_t size;
    char *data = malloc(SIZE);
    for (unsigned i = 0; i < SIZE; i++) {
        data[i] = (char)(i * 13 + i / 99);
    }
    assert_int_equal(platen_os_make_temporary_folder(folder, sizeof folder), 0);
    snprintf(out, sizeof out, "%s/out", folder);
    setenv("OUT", out, 1);
    assert_int_equal(platen_spooler_create(NULL, &spooler), 0);
    load(spooler, below, "whole", MODULE_FILE, MODULE32_FILE, false);
    load(spooler, above, "lingua", LINGUA_FILE, LINGUA32_FILE, true);
    print(spooler, data);
    platen_spooler_destroy(spooler);
    assert_int_equal(platen_os_file_load(out, 2 * SIZE, &printed, &size), 0);
    assert_int_equal(size, SIZE + sizeof line - 1);
    assert_memory_equal(printed, line, sizeof line - 1);
    assert_memory_equal(printed + sizeof line - 1, data, SIZE);
    free(printed);
    free(data);
    platen_os_remove_folder(folder);
}

static void in_one_process(void **state)
{
    (void)state;
    stack(HERE, HERE);
}

static void in_hosts(void **state)
{
    (void)state;
    stack(HERE, HOST);
    stack(HOST, HERE);
    stack(HOST, HOST);
}

static void in_narrow_hosts(void **state)
{
    (void)state;
    if (host_of(NARROW) == NULL) {
        skip();
    }
    stack(HERE, NARROW);
    stack(HOST, NARROW);
    stack(NARROW, HOST);
    stack(NARROW, NARROW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_one_process),
        cmocka_unit_test(in_hosts),
        cmocka_unit_test(in_narrow_hosts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
