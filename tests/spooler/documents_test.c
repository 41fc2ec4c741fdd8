/* SPDX-License-Identifier: MIT
 *
 * Where documents come from: files, memory, functions; and what happens if they cannot be read.
 */
#include "stub.h"

#include <stdio.h>
#include <stdlib.h>

#include "os/file.h"

#define SIZE 300001u

static uint8_t *pattern(void)
{
    uint8_t *data = malloc(SIZE);
    assert_non_null(data);
    for (size_t i = 0; i < SIZE; i++)
        data[i] = (uint8_t)(i * 2654435761u >> 11);
    return data;
}

static struct platen_job_info print_path(platen_spooler *spooler, const char *path)
{
    struct platen_document document = {.size = sizeof document, .path = path};
    struct platen_job_info info;
    uint32_t id;

    assert_int_equal(platen_job_submit(spooler, "Printer", &document, &id), 0);
    assert_int_equal(platen_job_wait(spooler, id, PLATEN_FOREVER, &info), 0);
    return info;
}

static void files_arrive_whole(void **state)
{
    char folder[260];
    char path[300];
    uint8_t *data = pattern();
    struct stub stub;
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(NULL, &stub);

    (void)state;
    assert_int_equal(platen_os_make_temporary_folder(folder, sizeof folder), 0);
    snprintf(path, sizeof path, "%s/page.ps", folder);
    assert_int_equal(platen_os_file_replace(path, data, SIZE), 0);
    struct platen_job_info info = print_path(spooler, path);
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    assert_int_equal(info.size, SIZE);
    assert_int_equal(info.writes, 5); /* of 64 KiB */
    assert_int_equal(stub.ports[0].size, SIZE);
    assert_memory_equal(stub.ports[0].data, data, SIZE);
    assert_memory_equal(stub.ports[0].title, u"page.ps", 16);
    assert_int_equal(platen_os_file_replace(path, data, 0), 0);
    info = print_path(spooler, path);
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    assert_int_equal(info.size, 0);
    assert_int_equal(platen_os_remove_folder(folder), 0);
    struct platen_document gone = {.size = sizeof gone, .path = path};
    uint32_t id;
    assert_true(platen_job_submit(spooler, "Printer", &gone, &id) != 0);
    assert_int_equal(id, 0);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
    free(data);
}

/* A file that has become shorter since it was submitted is not a document any more. */
static void a_file_that_shrank_fails_the_job(void **state)
{
    char folder[260];
    char path[300];
    uint8_t *data = pattern();
    struct listener listener;
    struct stub stub;
    platen_os_file file;
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(&listener, &stub);
    struct platen_document document = {.size = sizeof document, .path = path};
    struct platen_job_info info;
    uint32_t id;

    (void)state;
    assert_int_equal(platen_os_make_temporary_folder(folder, sizeof folder), 0);
    snprintf(path, sizeof path, "%s/page.ps", folder);
    assert_int_equal(platen_os_file_replace(path, data, SIZE), 0);
    assert_int_equal(platen_printer_hold(spooler, "Printer", true), 0);
    assert_int_equal(platen_job_submit(spooler, "Printer", &document, &id), 0);
    if (platen_os_file_open_write(path, &file) == 0) { /* empties it, where the system lets us */
        platen_os_file_close(file);
        assert_int_equal(platen_printer_hold(spooler, "Printer", false), 0);
        assert_int_equal(platen_job_wait(spooler, id, PLATEN_FOREVER, &info), 0);
        assert_int_equal(info.state, PLATEN_JOB_FAILED);
        assert_int_equal(info.error, PLATEN_HANDLE_EOF);
        assert_null(info.slot);
        assert_int_equal(stub.ports[0].ends, 1);
        assert_non_null(strstr(listener.text[PLATEN_EVENT_LOG], "ended after 0 bytes"));
    }
    platen_spooler_destroy(spooler);
    assert_int_equal(platen_os_remove_folder(folder), 0);
    stub_check(&stub);
    free(data);
}

/* ---- functions ------------------------------------------------------------------------------- */

struct text {
    const uint8_t *data;
    uint64_t size;
    uint32_t most; /* bytes per answer */
    uint64_t fails_at;
    uint32_t error;
};

static uint32_t read_text(void *context, uint64_t offset, void *to, uint32_t size, uint32_t *moved)
{
    const struct text *text = context;
    uint64_t left = text->size - offset;

    *moved = 0;
    if (offset >= text->fails_at)
        return text->error;
    uint32_t now = size < text->most ? size : text->most;
    now = left < now ? (uint32_t)left : now;
    memcpy(to, text->data + offset, now);
    *moved = now;
    return 0;
}

static struct platen_job_info print_text(platen_spooler *spooler, struct text *text)
{
    struct platen_document document = {
        .size = sizeof document, .read_at = read_text, .read_context = text};
    struct platen_job_info info;
    uint32_t id;

    assert_int_equal(platen_job_submit(spooler, "Printer", &document, &id), 0);
    assert_int_equal(platen_job_wait(spooler, id, PLATEN_FOREVER, &info), 0);
    return info;
}

static void functions_are_read_to_their_end(void **state)
{
    uint8_t *data = pattern();
    struct text text = {data, SIZE, 7777, UINT64_MAX, 0};
    struct stub stub;
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(NULL, &stub);
    struct platen_job_info info = print_text(spooler, &text);

    (void)state;
    assert_int_equal(info.state, PLATEN_JOB_PRINTED);
    assert_true(info.size == UINT64_MAX);
    assert_int_equal(info.bytes, SIZE);
    assert_memory_equal(stub.ports[0].data, data, SIZE);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
    free(data);
}

static void a_function_that_fails_ends_the_job(void **state)
{
    uint8_t *data = pattern();
    struct text text = {data, SIZE, 7777, 20000, PLATEN_CRC};
    struct listener listener;
    struct stub stub;
    stub_prepare(&stub);
    platen_spooler *spooler = new_house(&listener, &stub);
    struct platen_job_info info = print_text(spooler, &text);

    (void)state;
    assert_int_equal(info.state, PLATEN_JOB_FAILED);
    assert_int_equal(info.error, PLATEN_CRC);
    assert_null(info.slot);
    assert_int_equal(info.bytes, 3 * 7777);
    assert_int_equal(stub.ports[0].ends, 1);
    assert_non_null(strstr(listener.text[PLATEN_EVENT_LOG], "cannot be read at byte 23331"));
    text.fails_at = UINT64_MAX;
    assert_int_equal(print_text(spooler, &text).state, PLATEN_JOB_PRINTED);
    platen_spooler_destroy(spooler);
    stub_check(&stub);
    free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_arrive_whole),
        cmocka_unit_test(a_file_that_shrank_fails_the_job),
        cmocka_unit_test(functions_are_read_to_their_end),
        cmocka_unit_test(a_function_that_fails_ends_the_job),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
