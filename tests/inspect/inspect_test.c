/* SPDX-License-Identifier: MIT
 *
 * Modules as files: what is told of good ones, and that no byte of a bad one does harm.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "inspect/inspect.h"
#include "made.h"
#include "os/file.h"

static char folder[1024];

static int begin(void **state)
{
    (void)state;
    return platen_os_make_temporary_folder(folder, sizeof folder) == 0 ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    platen_os_remove_folder(folder);
    return 0;
}

static const char *path_of(const char *name)
{
    static char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static const char *write_file(const char *name, const void *data, size_t size)
{
    const char *path = path_of(name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    return path;
}

static const char *write_pe(const char *name, const struct made_pe *what)
{
    static uint8_t room[MADE_ROOM];
    return write_file(name, room, make_pe(what, room));
}

static struct platen_image *read_good(const char *path)
{
    struct platen_image *image;
    char *complaint;
    uint32_t error = platen_image_read(path, &image, &complaint);
    if (error != 0) {
        fail_msg("%s: %u %s", path, (unsigned)error, complaint == NULL ? "" : complaint);
    }
    return image;
}

/* ---- PE -------------------------------------------------------------------------------------- */

static const struct made_pe machines[] = {
    {.wide = true, .machine = 0x8664, .characteristics = 0x2000},
    {.wide = false, .machine = 0x14c, .characteristics = 0x2000},
};

static void a_dll_tells_its_machine_exports_and_imports(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct made_pe what = machines[i];
        what.export = "InitializePrintMonitor2";
        what.library = "SPOOLSS.dll";
        what.function = "OpenPrinterW";
        what.delayed = "late.dll";
        struct platen_image *image = read_good(write_pe("a.dll", &what));
        assert_int_equal(image->format, PLATEN_IMAGE_PE);
        assert_int_equal(image->bits, i == 0 ? 64 : 32);
        assert_string_equal(image->machine, i == 0 ? "x86-64" : "i386");
        assert_true(image->library && image->entry && !image->managed && !image->builtin);
        assert_int_equal(image->export_count, 1);
        assert_non_null(platen_image_find(image, "InitializePrintMonitor2"));
        assert_int_equal(image->library_count, 2);
        assert_string_equal(image->libraries[0].name, "SPOOLSS.dll");
        assert_int_equal(image->import_count, 2);
        assert_string_equal(image->imports[0].name, "OpenPrinterW");
        assert_false(image->imports[0].optional);
        assert_string_equal(image->libraries[1].name, "late.dll");
        assert_true(image->imports[1].optional);
        assert_int_equal(image->imports[1].library, 1);
        platen_image_destroy(image);
    }
}

static void imports_by_number(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct made_pe what = machines[i];
        what.library = "ws2_32.dll";
        struct platen_image *image = read_good(write_pe("a.dll", &what));
        assert_int_equal(image->import_count, 1);
        assert_null(image->imports[0].name);
        assert_int_equal(image->imports[0].ordinal, 7);
        platen_image_destroy(image);
    }
}

static void a_decorated_export_is_found_and_shown_as_it_is(void **state)
{
    struct made_pe what = machines[1];
    (void)state;
    what.export = "_InitializePrintMonitor2@8";
    struct platen_image *image = read_good(write_pe("a.dll", &what));
    const struct platen_image_export *found = platen_image_find(image, "InitializePrintMonitor2");
    assert_non_null(found);
    assert_string_equal(found->name, "_InitializePrintMonitor2@8");
    assert_null(platen_image_find(image, "InitializePrintMonitor"));
    platen_image_destroy(image);
}

/* ---- what is needed -------------------------------------------------------------------------- */

static const struct platen_image *resolve(struct platen_image *image, const char *path)
{
    char wine[4096];
    const char *folders[] = {folder};
    struct platen_image_places places = {.folders = folders, .folder_count = 1, .wine = wine};
    snprintf(wine, sizeof wine, "%s/wine", folder);
    assert_int_equal(platen_image_resolve(image, path, &places), 0);
    return image;
}

static enum platen_image_state state_of(const struct made_pe *friend, const char *friend_name,
                                        const struct made_pe *what)
{
    if (friend != NULL) {
        write_pe(friend_name, friend);
    }
    const char *path = write_pe("a.dll", what);
    struct platen_image *image = read_good(path);
    resolve(image, path);
    enum platen_image_state state = image->imports[0].state;
    platen_image_destroy(image);
    if (friend != NULL) {
        remove(path_of(friend_name));
    }
    return state;
}

static void functions_are_looked_for_in_the_friends(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct made_pe what = machines[i];
        struct made_pe friend = machines[i];
        what.library = "Friend.dll";
        what.function = "Help";
        assert_int_equal(state_of(NULL, NULL, &what), PLATEN_IMAGE_UNKNOWN);
        friend.export = "Help";
        assert_int_equal(state_of(&friend, "friend.dll", &what), PLATEN_IMAGE_FOUND);
        friend.stub = true; /* not one of Wine's: it may begin as it likes */
        assert_int_equal(state_of(&friend, "friend.dll", &what), PLATEN_IMAGE_FOUND);
        friend.wine = true;
        assert_int_equal(state_of(&friend, "friend.dll", &what), PLATEN_IMAGE_STUB);
        friend.export = "Other";
        assert_int_equal(state_of(&friend, "friend.dll", &what), PLATEN_IMAGE_MISSING);
        struct made_pe foreign = machines[1 - i];
        foreign.export = "Help";
        assert_int_equal(state_of(&foreign, "friend.dll", &what), PLATEN_IMAGE_UNKNOWN);
    }
}

static void forwards_are_followed_and_circles_end(void **state)
{
    struct made_pe what = machines[0];
    struct made_pe friend = machines[0];
    struct made_pe last = machines[0];
    (void)state;
    what.library = "friend.dll";
    what.function = "Help";
    friend.export = "Help";
    friend.forward = "LAST.Deed";
    assert_int_equal(state_of(&friend, "friend.dll", &what), PLATEN_IMAGE_MISSING);
    last.export = "Deed";
    write_pe("last.dll", &last);
    assert_int_equal(state_of(&friend, "friend.dll", &what), PLATEN_IMAGE_FOUND);
    friend.forward = "friend.Help";
    assert_int_equal(state_of(&friend, "friend.dll", &what), PLATEN_IMAGE_FOUND);
    remove(path_of("last.dll"));
}

/* ---- damage ---------------------------------------------------------------------------------- */

/* Reads it, resolves it, whatever it has become. */
static void survive(const void *data, size_t size)
{
    const char *path = write_file("bad.dll", data, size);
    struct platen_image *image;
    char *complaint;
    if (platen_image_read(path, &image, &complaint) == 0) {
        resolve(image, path);
        platen_image_find(image, "InitializePrintMonitor2");
    }
    platen_image_destroy(image);
    free(complaint);
}

static size_t step(void)
{
    return getenv("PLATEN_SLOW") != NULL ? 37 : 3;
}

static void damaged_files_of(const uint8_t *good, size_t size)
{
    static const uint8_t damage[] = {0x00, 0xff, 0x7f, 0x80};
    uint8_t *bad = malloc(size);
    assert_non_null(bad);
    for (size_t at = 0; at < size; at += step()) {
        survive(good, at);
        memcpy(bad, good, size);
        for (size_t i = 0; i < 4 && at + i < size; i++) {
            bad[at + i] = damage[(at + i) % sizeof damage];
        }
        survive(bad, size);
    }
    free(bad);
}

static void damaged_dlls(void **state)
{
    static uint8_t good[MADE_ROOM];
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct made_pe what = machines[i];
        what.export = "InitializePrintMonitor2";
        what.forward = "bad.InitializePrintMonitor2";
        what.library = "bad.dll";
        what.function = "Help";
        what.delayed = "bad.dll";
        damaged_files_of(good, make_pe(&what, good) / 4);
    }
}

/* A shared object of this build, as far as its tables go. */
static void damaged_shared_objects(void **state)
{
    char *good;
    size_t size;
    (void)state;
    assert_int_equal(platen_os_file_load(MODULE, 1 << 28, &good, &size), 0);
    damaged_files_of((const uint8_t *)good, size < 2048 ? size : 2048);
    free(good);
}

static void what_is_no_module_is_told_why(void **state)
{
    static const struct {
        const char *data;
        size_t size;
        const char *why;
    } cases[] = {
        {"", 0, "empty"}, {"#!/bin/sh\n", 10, "neither"}, {"MZ", 2, "PE"}, {"\177ELF", 4, "ELF"}};
    struct platen_image *image;
    char *complaint;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *path = write_file("x", cases[i].data, cases[i].size);
        assert_int_equal(platen_image_read(path, &image, &complaint), PLATEN_BAD_EXE_FORMAT);
        assert_null(image);
        assert_non_null(strstr(complaint, cases[i].why));
        free(complaint);
    }
    assert_int_equal(platen_image_read(path_of("none"), &image, &complaint), PLATEN_FILE_NOT_FOUND);
    assert_null(image);
    assert_null(complaint);
}

/* ---- this build ------------------------------------------------------------------------------ */

static void a_monitor_of_this_build_needs_nothing_that_is_missing(void **state)
{
    struct platen_image *image = read_good(MODULE);
    const char *entry = "InitializePrintMonitor2";
    struct platen_image_places places = {.folder_count = 0};
    (void)state;
    assert_true(image->library);
    assert_int_equal(image->bits, 8 * sizeof(void *));
    assert_non_null(platen_image_find(image, entry));
    assert_int_equal(platen_image_resolve(image, MODULE, &places), 0);
    for (size_t i = 0; i < image->library_count; i++) {
        bool known = image->libraries[i].state != PLATEN_IMAGE_MISSING;
        assert_true(known ||
                    image->format == PLATEN_IMAGE_PE); /* Wine is elsewhere, seen from in it */
    }
    for (size_t i = 0; i < image->import_count; i++) {
        assert_true(image->imports[i].optional || image->imports[i].state != PLATEN_IMAGE_MISSING);
    }
    platen_image_destroy(image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dll_tells_its_machine_exports_and_imports),
        cmocka_unit_test(imports_by_number),
        cmocka_unit_test(a_decorated_export_is_found_and_shown_as_it_is),
        cmocka_unit_test(functions_are_looked_for_in_the_friends),
        cmocka_unit_test(forwards_are_followed_and_circles_end),
        cmocka_unit_test(damaged_dlls),
        cmocka_unit_test(damaged_shared_objects),
        cmocka_unit_test(what_is_no_module_is_told_why),
        cmocka_unit_test(a_monitor_of_this_build_needs_nothing_that_is_missing),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
