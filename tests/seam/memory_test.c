/* SPDX-License-Identifier: MIT */
#include "help.h"

#include <stdlib.h>
#include <string.h>

#include "os/file.h"
#include "os/memory.h"
#include "os/meter.h"
#include "os/thread.h"

static void test_pages_are_zeroed_and_whole(void **state)
{
    size_t page = platen_os_page_size();
    char *pages = platen_os_pages_alloc(page + 1);

    (void)state;
    assert_true(page >= 4096 && (page & (page - 1)) == 0);
    assert_non_null(pages);
    assert_int_equal((uintptr_t)pages % page, 0);
    for (size_t i = 0; i < 2 * page; i++)
        assert_int_equal(pages[i], 0);
    memset(pages, 'x', 2 * page);
    platen_os_pages_free(pages, page + 1);
}

static void test_access_is_what_was_asked_for(void **state)
{
    size_t page = platen_os_page_size();
    char *pages = platen_os_pages_alloc(3 * page);

    (void)state;
    assert_non_null(pages);
    assert_int_equal(platen_os_pages_protect(pages, page, PLATEN_OS_READ_ONLY), 0);
    assert_int_equal(platen_os_pages_protect(pages + page, page, PLATEN_OS_NO_ACCESS), 0);
    assert_true(system_can_read(pages) && !system_can_write(pages));
    assert_true(system_can_read(pages + page - 1) && !system_can_write(pages + page - 1));
    assert_true(!system_can_read(pages + page) && !system_can_write(pages + page));
    assert_true(!system_can_read(pages + 2 * page - 1));
    assert_true(system_can_read(pages + 2 * page) && system_can_write(pages + 2 * page));
    assert_int_equal(platen_os_pages_protect(pages, 3 * page, PLATEN_OS_READ_WRITE), 0);
    assert_true(system_can_write(pages) && system_can_write(pages + page));
    platen_os_pages_free(pages, 3 * page);
}

static void test_what_can_be_done_with_memory_is_known(void **state)
{
    static const int constant = 1;
    static int variable = 1;
    const unsigned both = PLATEN_OS_CAN_READ | PLATEN_OS_CAN_WRITE;
    size_t page = platen_os_page_size();
    char *pages = platen_os_pages_alloc(3 * page);
    void (*function)(void **) = test_what_can_be_done_with_memory_is_known;
    const void *code;

    (void)state;
    memcpy(&code, &function, sizeof code);
    assert_int_equal(platen_os_rights(code, 4) & ~PLATEN_OS_CAN_WRITE,
                     PLATEN_OS_CAN_READ | PLATEN_OS_CAN_RUN);
    assert_int_equal(platen_os_rights(&constant, sizeof constant) & PLATEN_OS_CAN_READ,
                     PLATEN_OS_CAN_READ);
    assert_int_equal(platen_os_rights(&variable, sizeof variable), both);
    assert_int_equal(platen_os_rights(pages, 3 * page), both);
    assert_int_equal(platen_os_pages_protect(pages + page, page, PLATEN_OS_READ_ONLY), 0);
    assert_int_equal(platen_os_pages_protect(pages + 2 * page, page, PLATEN_OS_NO_ACCESS), 0);
    assert_int_equal(platen_os_rights(pages, page), both);
    assert_int_equal(platen_os_rights(pages, page + 1), PLATEN_OS_CAN_READ);
    assert_int_equal(platen_os_rights(pages + page - 1, 1), both);
    assert_int_equal(platen_os_rights(pages + page, page), PLATEN_OS_CAN_READ);
    assert_int_equal(platen_os_rights(pages + page, page + 1), 0);
    assert_int_equal(platen_os_rights(pages + 2 * page, 1), 0);
    assert_int_equal(platen_os_rights(NULL, 1), 0);
    assert_int_equal(platen_os_rights(pages, SIZE_MAX), 0);
    platen_os_pages_free(pages, 3 * page);
}

static void wait_for_the_end(void *argument)
{
    platen_os_mutex *mutex = argument;
    platen_os_mutex_lock(mutex);
    platen_os_mutex_unlock(mutex);
}

/* What cannot be had is -1 before and after. */
static void test_what_the_process_uses_is_known(void **state)
{
    const size_t size = 1u << 20;
    struct platen_os_use before;
    struct platen_os_use with;
    platen_os_mutex mutex;
    platen_os_thread *thread;
    platen_os_root *root;

    (void)state;
    platen_os_mutex_init(&mutex);
    platen_os_mutex_lock(&mutex);
    platen_os_process_use(&before);
    assert_int_equal(platen_os_thread_start(&thread, "one", 0, wait_for_the_end, &mutex), 0);
    assert_int_equal(platen_os_root_open(".", &root), 0);
    char *volatile memory = malloc(size);
    platen_os_process_use(&with);
    platen_os_mutex_unlock(&mutex);
    platen_os_thread_join(thread);
    platen_os_root_close(root);
    memory[size - 1] = 1;
    free(memory);
    platen_os_mutex_destroy(&mutex);
    assert_true(before.threads == -1 ? with.threads == -1 : with.threads > before.threads);
    assert_true(before.handles == -1 ? with.handles == -1 : with.handles > before.handles);
    assert_true(before.heap == -1 || with.heap >= before.heap + (int64_t)size);
}

static void test_what_cannot_be_had_is_refused(void **state)
{
    char *page = platen_os_pages_alloc(0);

    (void)state;
    assert_null(platen_os_pages_alloc(SIZE_MAX));
    assert_null(platen_os_pages_alloc(SIZE_MAX / 2));
    platen_os_pages_free(NULL, 4096);
    assert_non_null(page);
    page[platen_os_page_size() - 1] = 1;
    platen_os_pages_free(page, 0);
    assert_int_not_equal(platen_os_pages_protect(NULL, 4096, PLATEN_OS_READ_WRITE), 0);
}

static void test_the_peak_does_not_sink(void **state)
{
    const size_t size = 32u << 20;
    char *pages = platen_os_pages_alloc(size);
    uint64_t peak;

    (void)state;
    assert_non_null(pages);
    memset(pages, 1, size);
    peak = platen_os_peak_memory();
    platen_os_pages_free(pages, size);
    assert_true(peak >= size);
    assert_true(platen_os_peak_memory() >= size);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages_are_zeroed_and_whole),
        cmocka_unit_test(test_access_is_what_was_asked_for),
        cmocka_unit_test(test_what_can_be_done_with_memory_is_known),
        cmocka_unit_test(test_what_the_process_uses_is_known),
        cmocka_unit_test(test_what_cannot_be_had_is_refused),
        cmocka_unit_test(test_the_peak_does_not_sink),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
