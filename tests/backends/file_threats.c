/* SPDX-License-Identifier: MIT
 *
 * Attacks on file targets that printing systems have suffered. A canary outside the root stands for
 * whatever an attacker would have us write.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/clock.h"
#include "os/console.h"
#include "os/file.h"
#include "os/thread.h"
#include "trial.h"

extern const struct platen_backend platen_backend_file;

#define CANARY "the canary sings"

static struct trial trial;
static char root[600], canary_folder[600], canary[700];

static const char *below(char *to, const char *name)
{
    snprintf(to, 800, "%s/%s", root, name);
    return to;
}

static void write_text(const char *path, const char *text)
{
    platen_os_file file;
    size_t moved;
    assert_int_equal(platen_os_file_open_write(path, &file), 0);
    assert_int_equal(platen_os_file_write(file, text, strlen(text), &moved), 0);
    assert_int_equal(platen_os_file_close(file), 0);
}

/* The root is one folder, what must not change lies in another. */
static int set_up(void **state)
{
    (void)state;
    trial_begin(&trial, &platen_backend_file, "FILE:");
    snprintf(root, sizeof root, "%s/root", trial.folder);
    snprintf(canary_folder, sizeof canary_folder, "%s/elsewhere", trial.folder);
    snprintf(canary, sizeof canary, "%s/out.prn", canary_folder);
    trial.root = root;
    if (platen_os_make_folder(root) || platen_os_make_folder(canary_folder))
        return -1;
    write_text(canary, CANARY);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    trial_end(&trial);
    return 0;
}

static void assert_canary(void)
{
    char *data;
    size_t size;
    assert_int_equal(platen_os_file_load(canary, 1000, &data, &size), 0);
    assert_string_equal(data, CANARY);
    assert_int_equal(count_entries(canary_folder), 1);
    free(data);
}

static uint32_t print_on(struct port *port)
{
    struct platen_doc doc = port_document(port);
    uint32_t error = port_start(&trial, port, &doc, soon());
    uint32_t moved;
    if (error)
        return error;
    error = port_write(&trial, port, "bytes", 5, soon(), &moved);
    return port_end(&trial, port, false) + error;
}

/* What a port with this target says to a job, and whether check says the same. */
static uint32_t print_to(const char *target)
{
    struct port port;
    uint32_t checked, error;
    port_make(&trial, &port, NULL);
    checked = port_check(&trial, &port, target);
    error = port_open(&trial, &port, target);
    assert_int_equal(error, 0);
    error = print_on(&port);
    assert_int_equal(error, checked);
    port_finish(&trial, &port);
    return error;
}

static void assert_access_denied(const char *target)
{
    struct port port;
    port_make(&trial, &port, NULL);
    assert_int_equal(port_check(&trial, &port, target), PLATEN_ACCESS_DENIED);
    assert_int_equal(port_open(&trial, &port, target), PLATEN_ACCESS_DENIED);
    port_dispose(&port);
}

/* No threat, but a matter of POSIX paths: file:///path is file:/path. */
static void a_uri_may_have_three_slashes(void **state)
{
    char path[800], target[900];
    (void)state;
    snprintf(target, sizeof target, "//%s", below(path, "out.prn"));
    assert_int_equal(print_to(target), 0);
    assert_int_equal(count_entries(root), 1);
    snprintf(target, sizeof target, "//%s", canary);
    assert_access_denied(target);
    assert_canary();
}

static void links_are_not_followed(void **state)
{
    char path[800];
    (void)state;
    assert_int_equal(symlink(canary, below(path, "link")), 0);
    assert_int_equal(symlink(canary_folder, below(path, "folder")), 0);
    assert_int_equal(symlink("nowhere", below(path, "dangling")), 0);
    assert_int_equal(print_to("link"), PLATEN_STOPPED_ON_SYMLINK);
    assert_int_equal(print_to("folder/out.prn"), PLATEN_STOPPED_ON_SYMLINK);
    assert_int_equal(print_to("folder/new.prn"), PLATEN_STOPPED_ON_SYMLINK);
    assert_int_equal(print_to("dangling"), PLATEN_STOPPED_ON_SYMLINK);
    assert_int_equal(access(below(path, "nowhere"), F_OK), -1);
    assert_canary();
}

static void second_names_are_refused(void **state)
{
    char path[800];
    (void)state;
    assert_int_equal(link(canary, below(path, "out.prn")), 0);
    assert_int_equal(print_to("out.prn"), PLATEN_TOO_MANY_LINKS);
    assert_canary();
}

static void a_root_may_be_reached_through_a_link(void **state)
{
    char path[800];
    (void)state;
    snprintf(path, sizeof path, "%s/to-root", trial.folder);
    assert_int_equal(symlink(root, path), 0);
    trial.root = path;
    assert_int_equal(print_to("out.prn"), 0);
    assert_int_equal(count_entries(root), 1);
}

/* CVE-2020-1337: what a port was found to be when it was opened need not hold at its next job. */
static void a_link_that_comes_later_is_not_followed(void **state)
{
    char path[800], away[800];
    struct port port;
    (void)state;
    assert_int_equal(platen_os_make_folder(below(path, "sub")), 0);
    port_make(&trial, &port, NULL);
    assert_int_equal(port_open(&trial, &port, "sub/out.prn"), 0);
    assert_int_equal(print_on(&port), 0);
    assert_int_equal(rename(below(path, "sub"), below(away, "away")), 0);
    assert_int_equal(symlink(canary_folder, path), 0);
    assert_int_equal(print_on(&port), PLATEN_STOPPED_ON_SYMLINK);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rename(away, path), 0);
    assert_int_equal(print_on(&port), 0);
    port_finish(&trial, &port);
    assert_canary();
}

/* The root itself is swapped under an open port: its jobs go on into the folder that was opened. */
static void a_root_that_is_swapped_does_not_matter(void **state)
{
    char away[800];
    struct port port;
    (void)state;
    port_make(&trial, &port, NULL);
    assert_int_equal(port_open(&trial, &port, "out.prn"), 0);
    snprintf(away, sizeof away, "%s/away", trial.folder);
    assert_int_equal(rename(root, away), 0);
    assert_int_equal(symlink(canary_folder, root), 0);
    assert_int_equal(print_on(&port), 0);
    assert_int_equal(count_entries(away), 1);
    port_finish(&trial, &port);
    assert_canary();
}

#define PATIENCE UINT64_C(100000000000)

static unsigned swaps_wanted = 10000;
static _Atomic unsigned swaps;
static _Atomic bool enough;
static _Atomic bool swapping_failed;

static void note(int result)
{
    if (result != 0)
        atomic_store(&swapping_failed, true);
}

static void make_file(const char *path)
{
    platen_os_file file;
    uint32_t error = platen_os_file_open_write(path, &file);
    note(error != 0);
    if (!error)
        platen_os_file_close(file);
}

/* target: file, then link to the canary; sub: folder, then link to the canary's folder. */
static void swap_on(void *argument)
{
    char target[800], spare[800], sub[800], away[800];
    (void)argument;
    below(target, "out.prn");
    below(spare, "spare");
    below(sub, "sub");
    below(away, "away");
    for (unsigned i = 0; i < swaps_wanted && !atomic_load(&enough); i++) {
        note(symlink(canary, spare));
        note(rename(spare, target));
        note(rename(sub, away));
        note(symlink(canary_folder, sub));
        platen_os_thread_yield();
        make_file(spare);
        note(rename(spare, target));
        note(unlink(sub));
        note(rename(away, sub));
        platen_os_thread_yield();
        atomic_store(&swaps, i + 1);
    }
}

/* Two ports print while their targets are swapped under them. Each job is printed or refused. Where
 * swaps take their time, fewer must do. */
static void print_beside_swaps(struct port *ports)
{
    unsigned printed = 0, refused = 0;
    uint64_t until = platen_os_now() + PATIENCE;
    while (atomic_load(&swaps) < swaps_wanted && platen_os_now() < until) {
        for (int i = 0; i < 2; i++)
            *(print_on(&ports[i]) == 0 ? &printed : &refused) += 1;
        platen_os_thread_yield();
    }
    atomic_store(&enough, true);
    print_message("%u jobs printed, %u refused\n", printed, refused);
}

static void ten_thousand_swaps(void **state)
{
    struct port ports[2];
    platen_os_thread *thread;
    char path[800];
    (void)state;
    assert_int_equal(platen_os_make_folder(below(path, "sub")), 0);
    make_file(below(path, "out.prn"));
    port_make(&trial, &ports[0], NULL);
    port_make(&trial, &ports[1], NULL);
    assert_int_equal(port_open(&trial, &ports[0], "out.prn"), 0);
    assert_int_equal(port_open(&trial, &ports[1], "sub/out.prn"), 0);
    assert_int_equal(platen_os_thread_start(&thread, "swaps", 0, swap_on, NULL), 0);
    print_beside_swaps(ports);
    platen_os_thread_join(thread);
    assert_false(atomic_load(&swapping_failed));
    assert_canary();
    assert_int_equal(print_on(&ports[0]), 0);
    assert_int_equal(print_on(&ports[1]), 0);
    port_finish(&trial, &ports[0]);
    port_finish(&trial, &ports[1]);
}

/* CVE-2022-21997: a job that is cancelled deletes nothing, least of all through a link. */
static void nothing_is_deleted(void **state)
{
    char path[800];
    struct platen_doc doc;
    struct port port;
    struct stat facts;
    uint32_t moved;
    (void)state;
    port_make(&trial, &port, NULL);
    assert_int_equal(port_open(&trial, &port, "out.prn"), 0);
    doc = port_document(&port);
    assert_int_equal(port_start(&trial, &port, &doc, soon()), 0);
    assert_int_equal(port_write(&trial, &port, "bytes", 5, soon(), &moved), 0);
    assert_int_equal(unlink(below(path, "out.prn")), 0);
    assert_int_equal(symlink(canary, path), 0);
    assert_int_equal(port_write(&trial, &port, "bytes", 5, soon(), &moved), 0);
    assert_int_equal(port_end(&trial, &port, true), 0);
    port_finish(&trial, &port);
    assert_int_equal(lstat(path, &facts), 0);
    assert_true(S_ISLNK(facts.st_mode));
    assert_canary();
}

static void only_files_are_files(void **state)
{
    char path[800];
    (void)state;
    assert_int_equal(mkfifo(below(path, "fifo"), 0600), 0);
    assert_int_equal(mkdir(below(path, "folder"), 0700), 0);
    assert_int_equal(print_to("fifo"), PLATEN_BAD_DEV_TYPE); /* and nobody waited for a reader */
    assert_int_equal(print_to("folder"), PLATEN_DIRECTORY);
}

static void a_device_only_where_the_root_is_its_folder(void **state)
{
    struct port port;
    struct platen_doc doc;
    uint32_t moved;
    (void)state;
    trial.root = "/";
    assert_int_equal(print_to("/dev/full"), PLATEN_BAD_DEV_TYPE);
    assert_int_equal(print_to("/dev/null"), PLATEN_BAD_DEV_TYPE);
    trial.root = "/dev";
    port_make(&trial, &port, NULL);
    assert_int_equal(port_open(&trial, &port, "/dev/full"), 0);
    for (int i = 0; i < 2; i++) {
        doc = port_document(&port);
        assert_int_equal(port_start(&trial, &port, &doc, soon()), 0);
        assert_int_equal(port_write(&trial, &port, "bytes", 5, soon(), &moved), PLATEN_DISK_FULL);
        assert_int_equal(moved, 0);
        port_end(&trial, &port, true);
    }
    port_finish(&trial, &port);
}

/* A file that may not grow as far as the job is long: the bytes that fit are counted, then comes
 * the error, and the next job is fine. */
static void a_limit_in_mid_write(void **state)
{
    static const char bytes[1500];
    struct rlimit before, limit;
    struct platen_doc doc;
    struct port port;
    uint32_t moved[2], error[2];
    (void)state;
    port_make(&trial, &port, NULL);
    assert_int_equal(port_open(&trial, &port, "out.prn"), 0);
    doc = port_document(&port);
    assert_int_equal(port_start(&trial, &port, &doc, soon()), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = 1000;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    error[0] = port_write(&trial, &port, bytes, 1500, soon(), &moved[0]);
    error[1] = port_write(&trial, &port, bytes, 500, soon(), &moved[1]);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(error[0], 0);
    assert_int_equal(moved[0], 1000);
    assert_int_not_equal(error[1], 0);
    assert_int_equal(moved[1], 0);
    port_end(&trial, &port, true);
    assert_int_equal(print_on(&port), 0);
    port_finish(&trial, &port);
}

/* Nothing stops root, so root becomes somebody else for the moment. */
static void a_folder_without_the_right_to_write(void **state)
{
    const bool is_root = geteuid() == 0;
    const uid_t nobody = 65534;
    struct port port;
    uint32_t error;
    (void)state;
    port_make(&trial, &port, NULL);
    assert_int_equal(port_open(&trial, &port, "out.prn"), 0);
    assert_int_equal(chmod(root, 0500), 0);
    if (is_root) {
        assert_int_equal(chown(root, nobody, (gid_t)-1), 0);
        assert_int_equal(seteuid(nobody), 0);
    }
    error = print_on(&port);
    assert_int_equal(seteuid(is_root ? 0 : geteuid()), 0);
    assert_int_equal(error, PLATEN_ACCESS_DENIED);
    assert_int_equal(chmod(root, 0700), 0);
    assert_int_equal(print_on(&port), 0);
    port_finish(&trial, &port);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    char *slow = platen_os_environment("PLATEN_SLOW");
    swaps_wanted /= slow ? 10 : 1;
    free(slow);

    const struct CMUnitTest tests[] = {
        TEST(a_uri_may_have_three_slashes),
        TEST(links_are_not_followed),
        TEST(second_names_are_refused),
        TEST(a_root_may_be_reached_through_a_link),
        TEST(a_link_that_comes_later_is_not_followed),
        TEST(a_root_that_is_swapped_does_not_matter),
        TEST(ten_thousand_swaps),
        TEST(nothing_is_deleted),
        TEST(only_files_are_files),
        TEST(a_device_only_where_the_root_is_its_folder),
        TEST(a_limit_in_mid_write),
        TEST(a_folder_without_the_right_to_write),
    };
    return cmocka_run_group_tests_name("file threats", tests, NULL, NULL);
}
