/* SPDX-License-Identifier: MIT
 *
 * A host that lies, in many ways: the spooler goes on, and ends.
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

#define SECOND UINT64_C(1000000000)
#define SEEDS  100u

static void on_event(void *context, const struct platen_event *event)
{
    unsigned *findings = context;
    if (event->kind == PLATEN_EVENT_FINDING) {
        __atomic_fetch_add(findings, 1, __ATOMIC_RELAXED);
        assert_non_null(event->text);
    }
}

static void use(platen_spooler *spooler)
{
    static const char data[1000] = "data";
    static unsigned char bytes[5000];
    const struct platen_document document = {
        .size = sizeof document, .data = data, .data_size = sizeof data, .timeout = 2 * SECOND};
    struct platen_port *ports;
    struct platen_job_info info;
    size_t count;
    uint32_t job;
    uint32_t status;
    uint32_t needed;
    platen_xcv *xcv;
    if (platen_spooler_ports(spooler, NULL, &ports, &count) == 0) {
        for (size_t i = 0; i < count; i++) {
            assert_non_null(ports[i].name);
        }
        platen_free(ports);
    }
    if (platen_xcv_open(spooler, ",XcvMonitor liar", 1, &xcv) == 0) {
        for (unsigned i = 0; i < 5; i++) {
            platen_xcv_data(xcv, "X", bytes, 600, bytes, sizeof bytes, &needed, &status);
        }
        platen_xcv_close(xcv);
    }
    if (platen_printer_add(spooler, "Printer", "A") == 0 &&
        platen_job_submit(spooler, "Printer", &document, &job) == 0) {
        assert_int_equal(platen_job_wait(spooler, job, platen_os_now() + 60 * SECOND, &info), 0);
    }
}

static void lies_hurt_nobody(void **state)
{
    unsigned loaded = 0;
    unsigned findings = 0;
    (void)state;
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        char text[16];
        platen_spooler *spooler;
        const struct platen_spooler_options options = {
            .size = sizeof options, .on_event = on_event, .event_context = &findings};
        const struct platen_hosted_options how = {.program = FAKE_FILE, .timeout = 2 * SECOND};
        snprintf(text, sizeof text, "%u", seed);
        setenv("SEED", text, 1);
        assert_int_equal(platen_spooler_create(&options, &spooler), 0);
        if (platen_hosted_load(spooler, "liar", MODULE_FILE, &how, NULL) == 0) {
            loaded++;
            use(spooler);
        }
        platen_spooler_destroy(spooler);
    }
    assert_true(loaded > SEEDS / 4);
    assert_true(findings > SEEDS / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lies_hurt_nobody)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
