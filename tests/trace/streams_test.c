/* SPDX-License-Identifier: MIT
 *
 * Documents of jobs: what WritePort was given is told as slices of them.
 */
#include "trial.h"

#include <stdio.h>
#include <stdlib.h>

#include "device/sha256.h"
#include "os/file.h"
#include "spooler/observe.h"

#define SIZE 5000u

static platen_spooler *spooler;
static unsigned char document[SIZE];
static char document_path[700];

static void on_event(void *context, const struct platen_event *event)
{
    (void)context;
    platen_trace_event(trial.trace, event);
}

static void start(uint32_t chunk, uint32_t retries)
{
    struct platen_spooler_options options = {
        .size = sizeof options, .chunk = chunk, .retries = retries, .on_event = on_event};
    platen_os_file file;
    size_t moved;
    snprintf(document_path, sizeof document_path, "%s/a document", trial.folder);
    for (size_t i = 0; i < SIZE; i++) {
        document[i] = (unsigned char)(i * i >> 3);
    }
    assert_int_equal(platen_os_file_open_write(document_path, &file), 0);
    assert_int_equal(platen_os_file_write(file, document, SIZE, &moved), 0);
    assert_int_equal(platen_os_file_close(file), 0);
    orders.keep = true;
    trial_open(false, false);
    assert_int_equal(platen_spooler_create(&options, &spooler), 0);
    platen_spooler_observe(spooler, platen_trace_observer(trial.trace));
    assert_int_equal(platen_spooler_attach(spooler, "Trial", trial_entry, NULL), 0);
    assert_int_equal(platen_printer_add(spooler, "Printer", "P1:"), 0);
}

static void finish(void)
{
    platen_spooler_destroy(spooler);
    trial_close();
}

static uint32_t submit(const struct platen_document *what)
{
    uint32_t job;
    uint32_t error = platen_trace_submit(trial.trace, spooler, "Printer", what, &job);
    return error != 0 ? error : platen_job_wait(spooler, job, PLATEN_FOREVER, NULL);
}

static void print_file(void)
{
    struct platen_document file = {.size = sizeof file, .path = document_path};
    assert_int_equal(submit(&file), 0);
}

static void print_memory(const void *data, uint64_t size)
{
    struct platen_document memory = {.size = sizeof memory, .data = data, .data_size = size};
    assert_int_equal(submit(&memory), 0);
}

/* What the WritePort lines of depth 0 say that was accepted, put together; to be freed. */
static unsigned char *put_together(const char *stream, const unsigned char *bytes, size_t size,
                                   size_t *total)
{
    char pattern[64];
    unsigned char *all = calloc(1, 1u << 20);
    *total = 0;
    snprintf(pattern, sizeof pattern, "P1: WritePort hPort=$port1 pBuffer=@%s[", stream);
    for (size_t i = 0; i < trial.count; i++) {
        if (strncmp(trial.lines[i], pattern, strlen(pattern)) != 0) {
            continue;
        }
        char *rest;
        size_t offset = strtoul(trial.lines[i] + strlen(pattern), &rest, 10);
        size_t length = strtoul(rest + 1, &rest, 10);
        size_t written = strtoul(strstr(rest, "pcbWritten=") + 11, NULL, 10);
        assert_true(offset + length <= size && written <= length);
        memcpy(all + *total, bytes + offset, written);
        *total += written;
    }
    return all;
}

static void expect_whole(const char *stream, const unsigned char *bytes, size_t size)
{
    size_t total;
    unsigned char *all = put_together(stream, bytes, size, &total);
    assert_int_equal(total, taken.size);
    assert_memory_equal(all, taken.data, total);
    free(all);
}

static void a_file_is_told_in_slices(void **state)
{
    char expected[900];
    char sum[65];
    struct device_sha256 digest;
    (void)state;
    start(1000, 0);
    print_file();
    finish();
    expect_whole("doc1", document, SIZE);
    assert_int_equal(trial_count("WritePort"), 5);
    trial_line("pBuffer=@doc1[4000+1000] cbBuf=1000 -> TRUE pcbWritten=1000");
    assert_non_null(strstr(trial_line("stream @doc1 file \""), "a document\" size=5000"));
    device_sha256_begin(&digest);
    device_sha256_take(&digest, document, SIZE);
    device_sha256_end(&digest, sum);
    snprintf(expected, sizeof expected, "stream @doc1 sha256=\"%s\"", sum);
    trial_line(expected);
    assert_int_equal(trial_count("blobs"), 0);
}

static void one_file_is_one_stream(void **state)
{
    (void)state;
    start(0, 0);
    print_file();
    print_file();
    finish();
    assert_int_equal(trial_count("stream @doc1 file"), 1);
    assert_int_equal(trial_count("stream @doc1 sha256"), 1);
    assert_int_equal(trial_count("pBuffer=@doc1[0+5000]"), 2);
    expect_whole("doc1", document, SIZE);
}

static void short_counts_and_failures(void **state)
{
    (void)state;
    orders.accepts = 700;
    orders.fails = 2;
    start(2000, 5);
    print_file();
    finish();
    assert_int_equal(taken.size, SIZE);
    assert_memory_equal(taken.data, document, SIZE);
    expect_whole("doc1", document, SIZE);
    trial_line("pBuffer=@doc1[350+1650] cbBuf=1650 -> FALSE pcbWritten=350 ERROR_BUSY");
}

static void memory_is_kept_whole(void **state)
{
    size_t size;
    (void)state;
    start(1000, 0);
    print_memory("short", 5);
    print_memory(document, 3000);
    print_memory(document + 1, 2500);
    finish();
    assert_int_equal(trial_count("stream @doc"), 0);
    unsigned char *blobs = (unsigned char *)trial_file("blobs.bin", &size);
    assert_int_equal(size, 5500);
    trial_line("pBuffer=\"short\"");
    trial_line("pBuffer=@blobs[3000+1000]");
    memmove(taken.data, taken.data + 5, taken.size - 5);
    taken.size -= 5;
    expect_whole("blobs", blobs, size);
    free(blobs);
}

static uint32_t read_at(void *context, uint64_t offset, void *to, uint32_t size, uint32_t *moved)
{
    (void)context;
    *moved = offset >= SIZE ? 0 : SIZE - offset < size ? (uint32_t)(SIZE - offset) : size;
    memcpy(to, document + offset, *moved);
    return 0;
}

static void what_a_program_makes_is_kept_call_by_call(void **state)
{
    struct platen_document made = {.size = sizeof made, .read_at = read_at};
    size_t size;
    (void)state;
    start(2000, 0);
    assert_int_equal(submit(&made), 0);
    finish();
    unsigned char *blobs = (unsigned char *)trial_file("blobs.bin", &size);
    assert_int_equal(size, SIZE);
    expect_whole("blobs", blobs, size);
    free(blobs);
}

/* A language monitor hands a part of what it got on to the monitor below. */
static void hand_on(LPBYTE data, DWORD size)
{
    static unsigned char other[300];
    DWORD written;
    orders.inside = NULL;
    platen_call_WritePort(platen_lane_here(), &trial_monitor, (HANDLE)(uintptr_t)0x502, data + 10,
                          size - 20, &written);
    platen_call_WritePort(platen_lane_here(), &trial_monitor, (HANDLE)(uintptr_t)0x502, other,
                          sizeof other, &written);
    orders.inside = hand_on;
}

static void what_is_handed_on_is_a_slice_too(void **state)
{
    (void)state;
    orders.inside = hand_on;
    start(1000, 0);
    print_file();
    finish();
    trial_line("P1:   WritePort hPort=$port2 pBuffer=@doc1[10+980] cbBuf=980");
    trial_line("P1:   WritePort hPort=$port2 pBuffer=@doc1[4010+980] cbBuf=980");
    trial_line("P1:   WritePort hPort=$port2 pBuffer=@blobs[0+300] cbBuf=300");
}

static void files_that_are_not_there(void **state)
{
    struct platen_document none = {.size = sizeof none, .path = trial.path};
    char path[800];
    (void)state;
    start(0, 0);
    snprintf(path, sizeof path, "%s/missing", trial.folder);
    none.path = path;
    assert_int_equal(submit(&none), PLATEN_FILE_NOT_FOUND);
    none.path = trial.folder;
    assert_int_not_equal(submit(&none), 0);
    finish();
    assert_int_equal(trial_count("stream"), 0);
}

/* Its size is what it was; the hash of what is there no more cannot be made. */
static void a_file_that_is_gone_when_its_job_ends(void **state)
{
    uint32_t job;
    struct platen_document file = {.size = sizeof file, .path = document_path};
    (void)state;
    start(0, 0);
    assert_int_equal(platen_printer_hold(spooler, "Printer", true), 0);
    assert_int_equal(platen_trace_submit(trial.trace, spooler, "Printer", &file, &job), 0);
    assert_int_equal(platen_job_cancel(spooler, job), 0);
    platen_os_remove_file(document_path);
    finish();
    assert_int_equal(trial_count("stream @doc1"), trial_count("sha256") + 1);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, trial_setup, trial_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_is_told_in_slices),
        TEST(one_file_is_one_stream),
        TEST(short_counts_and_failures),
        TEST(memory_is_kept_whole),
        TEST(what_a_program_makes_is_kept_call_by_call),
        TEST(what_is_handed_on_is_a_slice_too),
        TEST(files_that_are_not_there),
        TEST(a_file_that_is_gone_when_its_job_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
