/* SPDX-License-Identifier: MIT
 *
 * One monitor in this process, in a host, and in a host of 32 bits: every call and every call back
 * is the same, line for line, as the observers see them; the bytes arrive; nothing is left.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/build.h"
#include "call/print.h"
#include "hosted/hosted.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/thread.h"
#include "spooler/observe.h"

#define SECOND UINT64_C(1000000000)
#define SIZE   300000u

/* ---- what the observers see ------------------------------------------------------------------ */

struct record {
    struct platen_observer observer; /* the first member */
    platen_os_mutex lock;
    char *text;
    size_t used;
    unsigned findings;
    unsigned statuses; /* of ports */
};

/* Which handle it is does not matter, but whose. */
static bool name(void *context, enum platen_kind kind, uint64_t value, char *to, size_t size)
{
    (void)context;
    if (value == 0) {
        return false;
    }
    snprintf(to, size, "$%s", platen_kind_text(platen_kind_of_handle(kind)));
    return true;
}

static void after(struct platen_observer *observer, struct platen_call *call)
{
    struct record *record = (struct record *)(void *)observer;
    const struct platen_call_form form = {.name = name, .inline_bytes = 64};
    static char line[65536];
    platen_os_mutex_lock(&record->lock);
    platen_call_print(call, &form, line, sizeof line);
    size_t length = strlen(line);
    record->text = realloc(record->text, record->used + length + 2);
    memcpy(record->text + record->used, line, length);
    record->used += length;
    memcpy(record->text + record->used, "\n", 2);
    record->used++;
    platen_os_mutex_unlock(&record->lock);
}

static void before(struct platen_observer *observer, struct platen_call *call)
{
    (void)observer;
    platen_call_keep_given(call);
}

static void on_event(void *context, const struct platen_event *event)
{
    struct record *record = context;
    platen_os_mutex_lock(&record->lock);
    record->findings += event->kind == PLATEN_EVENT_FINDING;
    record->statuses += event->kind == PLATEN_EVENT_PORT_STATUS;
    platen_os_mutex_unlock(&record->lock);
}

/* ---- what is done ---------------------------------------------------------------------------- */

static void print_document(platen_spooler *spooler, const char *data)
{
    const struct platen_document document = {
        .size = sizeof document, .title = "A title: \"\xc3\xa9\"", .data = data, .data_size = SIZE};
    struct platen_job_info info;
    uint32_t job;
    assert_int_equal(platen_printer_add(spooler, "Printer", "OUT:"), 0);
    assert_int_equal(platen_job_submit(spooler, "Printer", &document, &job), 0);
    assert_int_equal(platen_job_wait(spooler, job, platen_os_now() + 60 * SECOND, &info), 0);
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    assert_int_equal(info.completions, 1);
    assert_int_equal(platen_printer_delete(spooler, "Printer"), 0);
}

static void ask_xcv(platen_spooler *spooler)
{
    static unsigned char in[1000];
    static unsigned char back[1000];
    platen_xcv *xcv;
    uint32_t status;
    uint32_t needed = 0;
    for (unsigned i = 0; i < sizeof in; i++) {
        in[i] = (unsigned char)(i * 11);
    }
    assert_int_equal(platen_xcv_open(spooler, ",XcvMonitor whole", 1, &xcv), 0);
    assert_int_equal(platen_xcv_data(xcv, "Turn", in, sizeof in, back, 10, &needed, &status), 0);
    assert_int_equal(status, PLATEN_INSUFFICIENT_BUFFER);
    assert_int_equal(needed, sizeof in);
    assert_int_equal(
        platen_xcv_data(xcv, "Turn", in, sizeof in, back, sizeof back, &needed, &status), 0);
    assert_int_equal(status, 0);
    for (unsigned i = 0; i < sizeof in; i++) {
        assert_int_equal(back[i], in[sizeof in - 1 - i]);
    }
    platen_xcv_close(xcv);
}

static void ask_port(platen_spooler *spooler, struct platen_lane *lane)
{
    static unsigned char bytes[5000];
    struct {
        BIDI_REQUEST_CONTAINER head;
        BIDI_REQUEST_DATA more;
    } request = {.head = {.Version = 1, .Count = 2}};
    PBIDI_RESPONSE_CONTAINER tree = NULL;
    const MONITOR2 *table;
    HANDLE instance;
    HANDLE port;
    DWORD moved = 0;
    request.head.aData[0].pSchema = (LPWSTR)(uintptr_t)u"\\Printer.One";
    request.more.pSchema = (LPWSTR)(uintptr_t)u"\\Printer.Two";
    assert_int_equal(platen_spooler_monitor(spooler, "whole", &instance, &table), 0);
    assert_true(platen_call_OpenPort(lane, table, instance, (LPWSTR)(uintptr_t)u"OUT:", &port));
    assert_true(platen_call_ReadPort(lane, table, port, bytes, sizeof bytes, &moved));
    assert_int_equal(moved, sizeof bytes);
    for (unsigned i = 0; i < sizeof bytes; i++) {
        assert_int_equal(bytes[i], (unsigned char)(i * 3));
    }
    assert_int_equal(platen_call_SendRecvBidiDataFromPort(lane, table, port, 1, u"BIDI_ACTION_GET",
                                                          &request.head, &tree),
                     0);
    assert_int_equal(tree->Count, 3);
    assert_memory_equal(tree->aData[1].pSchema, u"\\Printer.Two", sizeof u"\\Printer.Two");
    assert_memory_equal(tree->aData[1].data.u.sData, u"\\Printer: \"ready\"",
                        sizeof u"\\Printer: \"ready\"");
    assert_int_equal(tree->aData[2].data.u.iData, 42);
    platen_spooler_imports()->RouterFreeBidiResponseContainer(tree);
    assert_true(platen_call_ClosePort(lane, table, port));
    assert_false(platen_call_OpenPort(lane, table, instance, (LPWSTR)(uintptr_t)u"OTHER", &port));
    assert_null(port);
}

/* All of it, with the monitor in a host if one is named. */
static void live(const char *host, const char *module, struct record *record, const char *out)
{
    platen_spooler *spooler;
    const struct platen_spooler_options options = {.size = sizeof options,
                                                   .server_name = "\\\\server",
                                                   .on_event = on_event,
                                                   .event_context = record};
    const struct platen_hosted_options how = {.program = host};
    char *data = malloc(SIZE);
    for (unsigned i = 0; i < SIZE; i++) {
        data[i] = (char)(i * 31 + i / 256);
    }
    *record = (struct record){.observer = {.before = before, .after = after}};
    platen_os_mutex_init(&record->lock);
    setenv("OUT", out, 1);
    assert_int_equal(platen_spooler_create(&options, &spooler), 0);
    platen_spooler_observe(spooler, &record->observer);
    struct platen_lane lane = {.name = "test", .spooler = spooler, .observers = &record->observer};
    assert_int_equal(host == NULL ? platen_spooler_load(spooler, "whole", module, NULL)
                                  : platen_hosted_load(spooler, "whole", module, &how, NULL),
                     0);
    print_document(spooler, data);
    ask_xcv(spooler);
    ask_port(spooler, &lane);
    platen_spooler_destroy(spooler);

    char *printed;
    size_t size;
    assert_int_equal(platen_os_file_load(out, SIZE + 1, &printed, &size), 0);
    assert_int_equal(size, SIZE);
    assert_memory_equal(printed, data, SIZE);
    free(printed);
    free(data);
    platen_os_remove_file(out);
    assert_int_equal(record->findings, 1); /* the printer that is closed twice */
}

/* ---- the comparison -------------------------------------------------------------------------- */

static char folder[1024];
static char out_path[1100];
static struct record expected;

/* What follows the name, up to a blank, is not compared. */
static void cut_out(char *text, const char *name_)
{
    for (char *at = text; (at = strstr(at, name_)) != NULL;) {
        at += strlen(name_);
        size_t length = strcspn(at, " }\n");
        memmove(at, at + length, strlen(at + length) + 1);
    }
}

/* Times; and where a size is that of structures with pointers, another width needs another. */
static void cut_varying(char *text, bool narrow)
{
    cut_out(text, " Submitted=");
    cut_out(text, " Time=");
    cut_out(text, " pftLastWriteTime=");
    if (narrow) {
        cut_out(text, " pcbNeeded=");
        cut_out(text, " cbBuf=");
    }
}

static void compare(const char *host, const char *module, bool narrow)
{
    struct record got;
    live(host, module, &got, out_path);
    char *wanted = strdup(expected.text);
    cut_varying(wanted, narrow);
    cut_varying(got.text, narrow);
    assert_string_equal(got.text, wanted);
    free(wanted);
    free(got.text);
}

static void in_a_host_every_line_is_the_same(void **state)
{
    (void)state;
    compare(HOST_FILE, MODULE_FILE, false);
}

static void in_a_narrow_host_too(void **state)
{
    (void)state;
#ifdef HOST32_FILE
    compare(HOST32_FILE, MODULE32_FILE, true);
#else
    skip();
#endif
}

/* A thread of the monitor's own has a lane of its own, in every host. */
static void threads_of_the_monitor_call_back(void **state)
{
    struct record got;
    (void)state;
    setenv("OWN_THREAD", "1", 1);
    live(NULL, MODULE_FILE, &got, out_path);
    assert_non_null(strstr(got.text, "t1 SetPortW "));
    assert_int_equal(got.statuses, 1);
    free(got.text);
    live(HOST_FILE, MODULE_FILE, &got, out_path);
    assert_non_null(strstr(got.text, "t1 SetPortW "));
    assert_int_equal(got.statuses, 1);
    free(got.text);
    unsetenv("OWN_THREAD");
}

static void several_hosts_live_side_by_side(void **state)
{
    platen_spooler *spooler;
    char name_[16];
    const struct platen_hosted_options how = {.program = HOST_FILE};
    (void)state;
    assert_int_equal(platen_spooler_create(NULL, &spooler), 0);
    for (unsigned i = 0; i < 12; i++) {
        snprintf(name_, sizeof name_, "m%u", i);
        assert_int_equal(platen_hosted_load(spooler, name_, MODULE_FILE, &how, NULL), 0);
    }
    assert_int_equal(platen_hosted_load(spooler, "m3", MODULE_FILE, &how, NULL),
                     PLATEN_ALREADY_EXISTS);
    assert_int_equal(platen_spooler_unload(spooler, "m3"), 0);
    assert_int_equal(platen_hosted_load(spooler, "m3", MODULE_FILE, &how, NULL), 0);
    platen_spooler_destroy(spooler);
}

static void what_is_no_monitor_is_refused_in_the_same_words(void **state)
{
    static const char *const modules[] = {"/nowhere/at/all.so", HOST_FILE, __FILE__};
    const struct platen_hosted_options how = {.program = HOST_FILE};
    platen_spooler *spooler;
    (void)state;
    assert_int_equal(platen_spooler_create(NULL, &spooler), 0);
    for (size_t i = 0; i < 3; i++) {
        char *here = NULL;
        char *there = NULL;
        uint32_t error = platen_spooler_load(spooler, "x", modules[i], &here);
        assert_int_not_equal(error, 0);
        assert_int_equal(platen_hosted_load(spooler, "x", modules[i], &how, &there), error);
        assert_string_equal(here, there);
        platen_free(here);
        platen_free(there);
    }
    const struct platen_hosted_options missing = {.program = "/nowhere/platen-host"};
    char *complaint = NULL;
    assert_int_equal(platen_hosted_load(spooler, "x", MODULE_FILE, &missing, &complaint),
                     PLATEN_FILE_NOT_FOUND);
    assert_non_null(strstr(complaint, "/nowhere/platen-host"));
    platen_free(complaint);
    platen_spooler_destroy(spooler);
}

static int begin(void **state)
{
    (void)state;
    assert_int_equal(platen_os_make_temporary_folder(folder, sizeof folder), 0);
    snprintf(out_path, sizeof out_path, "%s/out", folder);
    live(NULL, MODULE_FILE, &expected, out_path);
    return 0;
}

static int end(void **state)
{
    (void)state;
    free(expected.text);
    return (int)platen_os_remove_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_a_host_every_line_is_the_same),
        cmocka_unit_test(in_a_narrow_host_too),
        cmocka_unit_test(threads_of_the_monitor_call_back),
        cmocka_unit_test(several_hosts_live_side_by_side),
        cmocka_unit_test(what_is_no_monitor_is_refused_in_the_same_words),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
