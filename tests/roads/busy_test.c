/* SPDX-License-Identifier: MIT
 *
 * Sixty-four printers print at once through one instance of our monitor while ports come, go and
 * are listed by other threads. Every device ends with exactly its jobs' bytes, in order. The thread
 * sanitizer watches.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/monitor.h>
#include <platen/sim.h>
#include <platen/spooler.h>

#include "os/text.h"
#include "os/thread.h"

#define PRINTERS     64
#define JOBS         12
#define JOB_SIZE     5000
#define CHANGE_TURNS 150

static platen_spooler *spooler;
static struct platen_monitor_options options;
static unsigned char pattern[JOB_SIZE];
static atomic_bool done;
static atomic_uint refused; /* answers that no interleaving explains */

static LPMONITOR2 WINAPI entry(PMONITORINIT init, PHANDLE monitor)
{
    return platen_monitor_create(init, &options, monitor);
}

static uint32_t tell_monitor(const char *command, const char *port)
{
    platen_xcv *xcv;
    uint32_t status = 0;
    char16_t name[64];
    size_t units = platen_text_to16(port, SIZE_MAX, name, 64) + 1;
    if (platen_xcv_open(spooler, ",XcvMonitor Platen", SERVER_ACCESS_ADMINISTER, &xcv) != 0) {
        return UINT32_MAX;
    }
    uint32_t error = platen_xcv_data(xcv, command, name, (uint32_t)(units * sizeof *name), NULL, 0,
                                     NULL, &status);
    platen_xcv_close(xcv);
    return error != 0 ? error : status;
}

/* Adds and deletes ports of its own, and ports that it fights about with the others. */
static void change_ports(void *argument)
{
    unsigned self = (unsigned)(uintptr_t)argument;
    for (unsigned turn = 0; turn < CHANGE_TURNS; turn++) {
        char mine[64];
        char common[64];
        snprintf(mine, sizeof mine, "SIM:own-%u-%u", self, turn % 7);
        snprintf(common, sizeof common, "SIM:common-%u", turn % 3);
        uint32_t added = tell_monitor("AddPort", mine);
        uint32_t deleted = tell_monitor("DeletePort", mine);
        uint32_t fought = tell_monitor(turn % 2 ? "AddPort" : "DeletePort", common);
        bool fair = fought == 0 || fought == PLATEN_ALREADY_EXISTS ||
                    fought == PLATEN_FILE_NOT_FOUND || fought == PLATEN_BUSY;
        if (added != 0 || deleted != 0 || !fair) {
            atomic_fetch_add(&refused, 1);
        }
    }
}

static void list_ports(void *argument)
{
    (void)argument;
    while (!atomic_load(&done)) {
        struct platen_port *ports;
        size_t count;
        if (platen_spooler_ports(spooler, "Platen", &ports, &count) != 0 || count < PRINTERS) {
            atomic_fetch_add(&refused, 1);
        }
        platen_free(ports);
        platen_os_thread_yield();
    }
}

static void make_printers(platen_sim **devices)
{
    HANDLE instance;
    const MONITOR2 *table;
    assert_int_equal(platen_spooler_monitor(spooler, "Platen", &instance, &table), 0);
    for (unsigned i = 0; i < PRINTERS; i++) {
        char port[32];
        char uri[32];
        char printer[32];
        snprintf(uri, sizeof uri, "busy-%u", i);
        devices[i] = platen_sim_create(uri);
        assert_non_null(devices[i]);
        assert_int_equal(platen_sim_script(devices[i], i % 4 == 0 ? "short 777" : "", NULL), 0);
        snprintf(uri, sizeof uri, "sim:busy-%u", i);
        snprintf(port, sizeof port, "BUSY%u:", i);
        snprintf(printer, sizeof printer, "printer %u", i);
        assert_int_equal(platen_monitor_add_port(instance, port, uri), 0);
        assert_int_equal(platen_printer_add(spooler, printer, port), 0);
    }
}

static void submit_jobs(void)
{
    struct platen_document document = {
        .size = sizeof document, .data = pattern, .data_size = sizeof pattern};
    for (unsigned job = 0; job < JOBS; job++) {
        for (unsigned i = 0; i < PRINTERS; i++) {
            char printer[32];
            uint32_t id;
            snprintf(printer, sizeof printer, "printer %u", i);
            assert_int_equal(platen_job_submit(spooler, printer, &document, &id), 0);
        }
    }
}

static void check_device(platen_sim *device)
{
    unsigned char copy[JOB_SIZE];
    assert_int_equal(platen_sim_received(device), (uint64_t)JOBS * JOB_SIZE);
    for (unsigned job = 0; job < JOBS; job++) {
        assert_int_equal(platen_sim_copy(device, (uint64_t)job * JOB_SIZE, copy, JOB_SIZE),
                         JOB_SIZE);
        assert_memory_equal(copy, pattern, JOB_SIZE);
    }
    platen_sim_release(device);
}

static void sixty_four_printers_at_once(void **state)
{
    static platen_sim *devices[PRINTERS];
    platen_os_thread *threads[5];
    (void)state;
    for (unsigned i = 0; i < JOB_SIZE; i++) {
        pattern[i] = (unsigned char)(i * 7 + i / 251);
    }
    options = (struct platen_monitor_options){.size = sizeof options,
                                              .imports = platen_spooler_imports()};
    assert_int_equal(platen_spooler_create(NULL, &spooler), 0);
    assert_int_equal(platen_spooler_attach(spooler, "Platen", entry, NULL), 0);
    make_printers(devices);
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(platen_os_thread_start(&threads[i], "ports", 0,
                                                i < 3 ? change_ports : list_ports,
                                                (void *)(uintptr_t)i),
                         0);
    }
    submit_jobs();
    assert_int_equal(platen_job_wait(spooler, 0, PLATEN_FOREVER, NULL), 0);
    for (unsigned i = 0; i < 3; i++) {
        platen_os_thread_join(threads[i]);
    }
    atomic_store(&done, true);
    platen_os_thread_join(threads[3]);
    platen_os_thread_join(threads[4]);
    platen_spooler_destroy(spooler);
    assert_int_equal(atomic_load(&refused), 0);
    for (unsigned i = 0; i < PRINTERS; i++) {
        check_device(devices[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sixty_four_printers_at_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
