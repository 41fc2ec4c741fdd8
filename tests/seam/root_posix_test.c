/* SPDX-License-Identifier: MIT
 *
 * The root where only POSIX can attack it: with links that come and go, with pipes and devices.
 */
#include "help.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/thread.h"

#define SWAPS     10000
#define PATH_SIZE 600

static platen_os_root *open_root(const char *folder)
{
    platen_os_root *root;
    assert_int_equal(platen_os_root_open(folder, &root), 0);
    return root;
}

static void assert_refused(platen_os_root *root, const char *below, uint32_t error)
{
    platen_os_file file = 0;

    assert_int_equal(platen_os_root_check(root, below), error);
    assert_int_equal(platen_os_root_create(root, below, &file), error);
    assert_int_equal(file, PLATEN_OS_NO_FILE);
}

static void test_links_that_lead_nowhere_or_inside(void **state)
{
    platen_os_root *root = open_root(*state);

    assert_int_equal(mkdir(in_scratch(state, "folder"), 0777), 0);
    system_link(in_scratch(state, "new"), in_scratch(state, "nowhere"));
    system_link("folder", in_scratch(state, "inside"));
    system_link("loop", in_scratch(state, "loop"));
    assert_refused(root, "nowhere", PLATEN_STOPPED_ON_SYMLINK);
    assert_refused(root, "nowhere/x", PLATEN_STOPPED_ON_SYMLINK);
    assert_refused(root, "inside/x", PLATEN_STOPPED_ON_SYMLINK);
    assert_refused(root, "loop", PLATEN_STOPPED_ON_SYMLINK);
    assert_refused(root, "loop/x", PLATEN_STOPPED_ON_SYMLINK);
    assert_false(is_there(in_scratch(state, "new")));
    assert_int_equal(system_count_entries(in_scratch(state, "folder")), 0);
    platen_os_root_close(root);
}

/* The kernel's own links, which lead where no text says. */
static void test_links_of_proc(void **state)
{
    platen_os_root *root = open_root("/proc");

    (void)state;
    assert_refused(root, "self/comm", PLATEN_STOPPED_ON_SYMLINK);
    assert_refused(root, "thread-self/fd/1", PLATEN_STOPPED_ON_SYMLINK);
    platen_os_root_close(root);
}

/* Opening either would wait for the other side, for ever. */
static void test_pipes_are_refused(void **state)
{
    platen_os_root *root = open_root(*state);
    int reader;

    assert_int_equal(mkfifo(in_scratch(state, "fifo"), 0666), 0);
    assert_refused(root, "fifo", PLATEN_BAD_DEV_TYPE);
    reader = open(in_scratch(state, "fifo"), O_RDONLY | O_NONBLOCK);
    assert_true(reader >= 0);
    assert_refused(root, "fifo", PLATEN_BAD_DEV_TYPE);
    close(reader);
    platen_os_root_close(root);
}

static void test_a_device_only_where_the_root_is_its_folder(void **state)
{
    platen_os_root *dev = open_root("/dev"), *all = open_root("/");
    platen_os_file one, other;
    size_t moved = 1;

    (void)state;
    assert_refused(all, "dev/null", PLATEN_BAD_DEV_TYPE);
    assert_refused(all, "dev/full", PLATEN_BAD_DEV_TYPE);
    assert_int_equal(platen_os_root_check(dev, "full"), 0);
    assert_int_equal(platen_os_root_create(dev, "full", &one), 0);
    assert_int_equal(platen_os_file_write(one, "x", 1, &moved), PLATEN_DISK_FULL);
    assert_int_equal(moved, 0);
    assert_int_equal(platen_os_file_close(one), 0);
    assert_int_equal(platen_os_root_create(dev, "null", &one), 0);
    assert_int_equal(platen_os_root_create(dev, "null", &other), 0);
    assert_int_equal(fcntl((int)one, F_GETFL) & O_NONBLOCK, 0);
    assert_int_equal(platen_os_file_write(one, "x", 1, &moved), 0);
    assert_int_equal(platen_os_file_close(one), 0);
    assert_int_equal(platen_os_file_close(other), 0);
    platen_os_root_close(dev);
    platen_os_root_close(all);
}

static void test_the_mode_is_what_the_umask_leaves(void **state)
{
    platen_os_root *root = open_root(*state);
    mode_t before = umask(027);
    platen_os_file file;
    struct stat facts;

    assert_int_equal(platen_os_root_create(root, "file", &file), 0);
    umask(before);
    assert_int_equal(platen_os_file_close(file), 0);
    assert_int_equal(stat(in_scratch(state, "file"), &facts), 0);
    assert_int_equal(facts.st_mode & 07777, 0640);
    platen_os_root_close(root);
}

/* The root is the folder, not the name that it had. */
static void test_the_root_moves_with_its_folder(void **state)
{
    platen_os_root *root;
    platen_os_file file;

    assert_int_equal(mkdir(in_scratch(state, "before"), 0777), 0);
    assert_int_equal(mkdir(in_scratch(state, "trap"), 0777), 0);
    root = open_root(in_scratch(state, "before"));
    assert_int_equal(rename(in_scratch(state, "before"), in_scratch(state, "after")), 0);
    system_link("trap", in_scratch(state, "before"));
    assert_int_equal(platen_os_root_create(root, "file", &file), 0);
    assert_int_equal(platen_os_file_close(file), 0);
    assert_true(is_there(in_scratch(state, "after/file")));
    assert_int_equal(system_count_entries(in_scratch(state, "trap")), 0);
    platen_os_root_close(root);
}

/* As root no mode keeps us out, so the child becomes nobody first. */
static int try_as_nobody(const char *folder)
{
    platen_os_root *root;
    platen_os_file file;
    uint32_t error = PLATEN_ACCESS_DENIED;

    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        return 2;
    if (platen_os_root_open(folder, &root) != 0)
        return 3;
    if (platen_os_root_check(root, "new") != 0)
        return 4;
    error = platen_os_root_create(root, "new", &file);
    if (error == PLATEN_ACCESS_DENIED)
        error = platen_os_root_create(root, "file", &file);
    platen_os_root_close(root);
    return error == PLATEN_ACCESS_DENIED ? 0 : 5;
}

static void test_what_the_user_may_not_write_is_denied(void **state)
{
    int status;
    pid_t child;

    write_text(in_scratch(state, "file"), "kept");
    assert_int_equal(chmod(in_scratch(state, "file"), 0444), 0);
    assert_int_equal(chmod(*state, 0555), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(try_as_nobody(*state));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(chmod(*state, 0755), 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_text(in_scratch(state, "file"), "kept");
}

/* Somebody who puts `other` in the place of `target` and back, as fast as he can. */
struct swapper {
    char target[PATH_SIZE];
    char spare[2][PATH_SIZE];
    void (*make[2])(const char *path, const char *aim);
    char aim[PATH_SIZE];
    atomic_bool done;
};

static void make_file(const char *path, const char *aim)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    (void)aim;
    if (file >= 0)
        close(file);
}

static void make_link(const char *path, const char *aim)
{
    if (symlink(aim, path) != 0)
        abort();
}

static void make_pipe(const char *path, const char *aim)
{
    (void)aim;
    if (mkfifo(path, 0666) != 0)
        abort();
}

static void swap_files(void *argument)
{
    struct swapper *swapper = argument;

    for (int i = 0; i < SWAPS; i++) {
        swapper->make[i % 2](swapper->spare[0], swapper->aim);
        rename(swapper->spare[0], swapper->target);
    }
    atomic_store(&swapper->done, true);
}

/* A folder cannot be renamed over a link, nor a link over a folder: they take turns. */
static void swap_folders(void *argument)
{
    struct swapper *swapper = argument;

    for (int i = 0; i < SWAPS; i++) {
        rename(swapper->target, swapper->spare[i % 2]);
        rename(swapper->spare[(i + 1) % 2], swapper->target);
    }
    atomic_store(&swapper->done, true);
}

/* A folder that is to be removed, and for moments a link to another. */
static void swap_with_link(void *argument)
{
    struct swapper *swapper = argument;

    for (int i = 0; i < SWAPS; i++) {
        mkdir(swapper->target, 0777);
        rename(swapper->target, swapper->spare[0]);
        make_link(swapper->target, swapper->aim);
        unlink(swapper->target);
        rename(swapper->spare[0], swapper->target);
    }
    atomic_store(&swapper->done, true);
}

static void prepare(struct swapper *swapper, void **state)
{
    *swapper = (struct swapper){.make = {make_file, make_link}};
    assert_int_equal(mkdir(in_scratch(state, "out"), 0777), 0);
    assert_int_equal(mkdir(in_scratch(state, "root"), 0777), 0);
    write_text(in_scratch(state, "out/canary"), "canary");
    snprintf(swapper->target, PATH_SIZE, "%s", in_scratch(state, "root/target"));
    snprintf(swapper->spare[0], PATH_SIZE, "%s", in_scratch(state, "root/spare0"));
    snprintf(swapper->spare[1], PATH_SIZE, "%s", in_scratch(state, "root/spare1"));
    snprintf(swapper->aim, PATH_SIZE, "%s", in_scratch(state, "out/canary"));
}

/* Writes below the root until the swaps are done; nothing outside may change. */
static void write_meanwhile(void **state, struct swapper *swapper, void (*swap)(void *),
                            const char *below)
{
    platen_os_root *root = open_root(in_scratch(state, "root"));
    platen_os_thread *thread;
    platen_os_file file;
    size_t moved;

    assert_int_equal(platen_os_thread_start(&thread, "swapper", 0, swap, swapper), 0);
    while (!atomic_load(&swapper->done)) {
        platen_os_root_check(root, below);
        if (platen_os_root_create(root, below, &file) != 0)
            continue;
        platen_os_file_write(file, "overwritten", 11, &moved);
        platen_os_file_close(file);
    }
    platen_os_thread_join(thread);
    platen_os_root_close(root);
    assert_text(in_scratch(state, "out/canary"), "canary");
    assert_int_equal(system_count_entries(in_scratch(state, "out")), 1);
}

static void test_a_link_that_takes_the_place_of_the_file(void **state)
{
    struct swapper swapper;

    prepare(&swapper, state);
    write_meanwhile(state, &swapper, swap_files, "target");
}

static void test_a_link_to_where_nothing_is(void **state)
{
    struct swapper swapper;

    prepare(&swapper, state);
    snprintf(swapper.aim, PATH_SIZE, "%s", in_scratch(state, "out/new"));
    write_meanwhile(state, &swapper, swap_files, "target");
}

static void test_a_link_that_takes_the_place_of_a_folder(void **state)
{
    struct swapper swapper;

    prepare(&swapper, state);
    assert_int_equal(mkdir(swapper.target, 0777), 0);
    system_link(in_scratch(state, "out"), swapper.spare[1]);
    write_meanwhile(state, &swapper, swap_folders, "target/canary");
}

static void test_a_pipe_that_takes_the_place_of_the_file(void **state)
{
    struct swapper swapper;

    prepare(&swapper, state);
    swapper.make[1] = make_pipe;
    write_meanwhile(state, &swapper, swap_files, "target");
}

static void test_removing_what_becomes_a_link(void **state)
{
    struct swapper swapper;
    platen_os_thread *thread;

    prepare(&swapper, state);
    snprintf(swapper.aim, PATH_SIZE, "%s", in_scratch(state, "out"));
    assert_int_equal(platen_os_thread_start(&thread, "swapper", 0, swap_with_link, &swapper), 0);
    while (!atomic_load(&swapper.done))
        platen_os_remove_folder(swapper.target);
    platen_os_thread_join(thread);
    assert_text(in_scratch(state, "out/canary"), "canary");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(test_links_that_lead_nowhere_or_inside),
        scratch_test(test_links_of_proc),
        scratch_test(test_pipes_are_refused),
        scratch_test(test_a_device_only_where_the_root_is_its_folder),
        scratch_test(test_the_mode_is_what_the_umask_leaves),
        scratch_test(test_the_root_moves_with_its_folder),
        scratch_test(test_what_the_user_may_not_write_is_denied),
        scratch_test(test_a_link_that_takes_the_place_of_the_file),
        scratch_test(test_a_link_to_where_nothing_is),
        scratch_test(test_a_link_that_takes_the_place_of_a_folder),
        scratch_test(test_a_pipe_that_takes_the_place_of_the_file),
        scratch_test(test_removing_what_becomes_a_link),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
