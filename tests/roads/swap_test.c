/* SPDX-License-Identifier: MIT
 *
 * CVE-2020-1337, down the whole road: a port is added for a file; while 10,000 jobs are printed to
 * it somebody swaps the file, and the folder it lies in, for links to a canary. The canary never
 * changes, and what is called printed went into the folder.
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
#include <unistd.h>

#include <platen/monitor.h>
#include <platen/spooler.h>

#include "os/clock.h"
#include "os/file.h"
#include "os/text.h"
#include "os/thread.h"

#define JOBS     10000
#define PATIENCE UINT64_C(100000000000)

static char root[600];
static char target[720];   /* root/way/out.prn: the port */
static char way[700];      /* root/way */
static char aside[700];    /* where the true folder is put meanwhile */
static char treasure[600]; /* a folder outside, with a file of the port's name in it */
static char canary[700];
static atomic_bool done;
static struct platen_monitor_options options;

static LPMONITOR2 WINAPI entry(PMONITORINIT init, PHANDLE monitor)
{
    return platen_monitor_create(init, &options, monitor);
}

/* The file for a link to the canary, then the whole folder for a link to the treasure, and back. */
static void swap_targets(void *argument)
{
    (void)argument;
    while (!atomic_load(&done)) {
        unlink(target);
        (void)!symlink(canary, target);
        unlink(target);
        if (rename(way, aside) == 0) {
            (void)!symlink(treasure, way);
            unlink(way);
            rename(aside, way);
        }
    }
}

static void make_places(void)
{
    char name[512];
    assert_int_equal(platen_os_make_temporary_folder(name, sizeof name), 0);
    snprintf(root, sizeof root, "%s/root", name);
    snprintf(way, sizeof way, "%s/way", root);
    snprintf(aside, sizeof aside, "%s/aside", root);
    snprintf(target, sizeof target, "%s/out.prn", way);
    snprintf(treasure, sizeof treasure, "%s/treasure", name);
    snprintf(canary, sizeof canary, "%s/out.prn", treasure);
    assert_int_equal(platen_os_make_folder(way), 0);
    assert_int_equal(platen_os_make_folder(treasure), 0);
    assert_int_equal(platen_os_file_replace(canary, "canary", 6), 0);
}

static void check_canary(void)
{
    char *data;
    size_t size;
    assert_int_equal(platen_os_file_load(canary, 100, &data, &size), 0);
    assert_int_equal(size, 6);
    assert_memory_equal(data, "canary", 6);
    free(data);
}

static void add_port(platen_spooler *spooler)
{
    platen_xcv *xcv;
    uint32_t status = 1;
    char16_t name[1100];
    size_t units = platen_text_to16(target, SIZE_MAX, name, 1100) + 1;
    assert_int_equal(platen_xcv_open(spooler, ",XcvMonitor Platen", SERVER_ACCESS_ADMINISTER, &xcv),
                     0);
    assert_int_equal(platen_xcv_data(xcv, "AddPort", name, (uint32_t)(units * sizeof *name), NULL,
                                     0, NULL, &status),
                     0);
    assert_int_equal(status, 0);
    platen_xcv_close(xcv);
}

static void links_are_never_followed(void **state)
{
    platen_spooler *spooler;
    platen_os_thread *thread;
    struct platen_job_info info;
    struct platen_document document = {.size = sizeof document, .data = "page", .data_size = 4};
    unsigned printed = 0;
    unsigned stopped = 0;

    (void)state;
    make_places();
    options = (struct platen_monitor_options){
        .size = sizeof options, .imports = platen_spooler_imports(), .file_root = root};
    assert_int_equal(platen_spooler_create(NULL, &spooler), 0);
    assert_int_equal(platen_spooler_attach(spooler, "Platen", entry, NULL), 0);
    add_port(spooler);
    assert_int_equal(platen_printer_add(spooler, "printer", target), 0);
    assert_int_equal(platen_os_thread_start(&thread, "swap", 0, swap_targets, NULL), 0);
    /* Where the system holds the other thread up in the middle of its swaps, no job can be printed
     * until it goes on. */
    uint64_t until = platen_os_now() + PATIENCE;
    unsigned jobs = 0;
    for (; jobs < JOBS || (printed == 0 && platen_os_now() < until); jobs++) {
        uint32_t id;
        assert_int_equal(platen_job_submit(spooler, "printer", &document, &id), 0);
        assert_int_equal(platen_job_wait(spooler, id, PLATEN_FOREVER, &info), 0);
        platen_job_forget(spooler, id);
        printed += info.state == PLATEN_JOB_PRINTED;
        stopped += info.state == PLATEN_JOB_FAILED;
    }
    atomic_store(&done, true);
    platen_os_thread_join(thread);
    check_canary();
    assert_int_equal(printed + stopped, jobs);
    assert_int_not_equal(printed, 0);
    /* Undisturbed, the port is as good as ever. */
    uint32_t id;
    assert_int_equal(platen_job_submit(spooler, "printer", &document, &id), 0);
    assert_int_equal(platen_job_wait(spooler, id, PLATEN_FOREVER, &info), 0);
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    platen_spooler_destroy(spooler);
    *strrchr(root, '/') = '\0';
    assert_int_equal(platen_os_remove_folder(root), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(links_are_never_followed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
