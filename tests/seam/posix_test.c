/* SPDX-License-Identifier: MIT
 *
 * What the seam promises on POSIX alone: errno, signals, descriptors, wrong use.
 */
#include "help.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <time.h>
#include <unistd.h>

#include "os/clock.h"
#include "os/console.h"
#include "os/error.h"
#include "os/thread.h"

/* How a child ended that did this: its status, or minus the signal. */
static int end_of(void (*act)(void))
{
    int status;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        act();
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static void test_errno_becomes_the_nearest_code(void **state)
{
    static const struct {
        int number;
        uint32_t code;
    } rows[] = {
        {ENOSPC, PLATEN_DISK_FULL},
        {EDQUOT, PLATEN_DISK_FULL},
        {EROFS, PLATEN_WRITE_PROTECT},
        {EISDIR, PLATEN_DIRECTORY},
        {ENOENT, PLATEN_FILE_NOT_FOUND},
        {ECONNREFUSED, PLATEN_CONNECTION_REFUSED},
        {EACCES, PLATEN_ACCESS_DENIED},
        {ELOOP, PLATEN_STOPPED_ON_SYMLINK},
        {ETXTBSY, PLATEN_SHARING_VIOLATION},
        {99999, PLATEN_GEN_FAILURE},
        {-1, PLATEN_GEN_FAILURE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(platen_os_error_from(rows[i].number), rows[i].code);
        errno = rows[i].number;
        assert_int_equal(platen_os_last_error(), rows[i].code);
    }
    errno = 0;
    assert_int_equal(platen_os_last_error(), PLATEN_GEN_FAILURE);
}

/* From now on the kernel kills this process when it asks for the time. */
static void forbid_the_question(void)
{
    struct sock_filter steps[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clock_gettime, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof steps / sizeof *steps, .filter = steps};

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        _exit(1);
}

static void ask_by_call(void)
{
    struct timespec now;
    forbid_the_question();
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
}

static void ask_the_system(void)
{
    struct timespec now;
    forbid_the_question();
    clock_gettime(CLOCK_MONOTONIC, &now);
}

static void ask_the_seam(void)
{
    forbid_the_question();
    platen_os_now();
}

/* Where the C library needs a call, so do we. */
static void test_now_costs_what_the_system_asks_for_it(void **state)
{
    (void)state;
    assert_int_equal(end_of(ask_by_call), -SIGSYS);
    assert_int_equal(end_of(ask_the_seam), end_of(ask_the_system));
}

static void read_mask(void *argument)
{
    pthread_sigmask(SIG_BLOCK, NULL, argument);
}

static void test_threads_block_what_comes_from_outside(void **state)
{
    static const int blocked[] = {SIGINT, SIGTERM, SIGHUP, SIGALRM, SIGPIPE, SIGCHLD, SIGUSR1};
    static const int heard[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    platen_os_thread *thread;
    sigset_t mask, mine;

    (void)state;
    assert_int_equal(platen_os_thread_start(&thread, "mask", 0, read_mask, &mask), 0);
    platen_os_thread_join(thread);
    for (size_t i = 0; i < sizeof blocked / sizeof *blocked; i++)
        assert_int_equal(sigismember(&mask, blocked[i]), 1);
    for (size_t i = 0; i < sizeof heard / sizeof *heard; i++)
        assert_int_equal(sigismember(&mask, heard[i]), 0);
    read_mask(&mine);
    assert_int_equal(sigismember(&mine, SIGINT), 0);
}

static void read_name(void *argument)
{
    pthread_getname_np(pthread_self(), argument, 16);
}

static void test_threads_have_names(void **state)
{
    platen_os_thread *thread;
    char name[16];

    (void)state;
    assert_int_equal(platen_os_thread_start(&thread, "a name too long for it", 0, read_name, name),
                     0);
    platen_os_thread_join(thread);
    assert_string_equal(name, "a name too long");
}

static platen_os_mutex mutex;

static void lock_twice(void)
{
    platen_os_mutex_lock(&mutex);
    platen_os_mutex_lock(&mutex);
}

static void unlock_what_is_not_locked(void)
{
    platen_os_mutex_unlock(&mutex);
}

static void destroy_what_is_locked(void)
{
    platen_os_mutex_lock(&mutex);
    platen_os_mutex_destroy(&mutex);
}

static void test_wrong_use_ends_the_program(void **state)
{
    (void)state;
    platen_os_mutex_init(&mutex);
    assert_int_not_equal(end_of(lock_twice), 0);
    assert_int_not_equal(end_of(unlock_what_is_not_locked), 0);
    assert_int_not_equal(end_of(destroy_what_is_locked), 0);
    platen_os_mutex_destroy(&mutex);
}

static atomic_int requests;

static void count_request(void)
{
    atomic_fetch_add(&requests, 1);
}

static void interrupt_twice(void)
{
    signal(SIGHUP, SIG_IGN);
    platen_os_on_interrupt(count_request);
    raise(SIGHUP);
    if (atomic_load(&requests) != 0)
        _exit(1);
    raise(SIGTERM);
    if (atomic_load(&requests) != 1)
        _exit(2);
    raise(SIGHUP);
    raise(SIGINT);
}

static void test_the_second_request_ends_the_program(void **state)
{
    (void)state;
    assert_int_equal(end_of(interrupt_twice), -SIGINT);
}

/* In the child standard output is a terminal: 0 if all that should follows from that. */
static void look_at_terminal(void)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY), slave;

    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
        _exit(10);
    slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    if (slave < 0 || dup2(slave, STDOUT_FILENO) < 0)
        _exit(11);
    setenv("TERM", "xterm", 1);
    if (!platen_os_is_terminal(PLATEN_OS_STDOUT) || !platen_os_prepare_terminal(PLATEN_OS_STDOUT))
        _exit(12);
    setenv("TERM", "dumb", 1);
    if (platen_os_prepare_terminal(PLATEN_OS_STDOUT))
        _exit(13);
    close(STDOUT_FILENO);
    if (platen_os_is_terminal(PLATEN_OS_STDOUT))
        _exit(14);
}

static void test_a_terminal_is_known(void **state)
{
    (void)state;
    assert_int_equal(end_of(look_at_terminal), 0);
}

static atomic_int interruptions;

static void note_interruption(int number)
{
    (void)number;
    atomic_fetch_add(&interruptions, 1);
}

static void write_after_interruptions(void *argument)
{
    size_t moved;
    while (atomic_load(&interruptions) < 3)
        platen_os_thread_yield();
    platen_os_file_write(*(platen_os_file *)argument, "x", 1, &moved);
}

/* The reader waits while a timer interrupts it; only then the writer writes. */
static void test_a_signal_does_not_end_a_read(void **state)
{
    struct sigaction note = {.sa_handler = note_interruption}, ignore = {.sa_handler = SIG_IGN};
    struct itimerval often = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
    platen_os_thread *thread;
    platen_os_file ends[2];
    char data[4];
    size_t moved;

    (void)state;
    system_pipe(ends);
    assert_int_equal(
        platen_os_thread_start(&thread, "writer", 0, write_after_interruptions, &ends[1]), 0);
    sigaction(SIGALRM, &note, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    assert_int_equal(platen_os_file_read(ends[0], data, 4, &moved), 0);
    setitimer(ITIMER_REAL, &never, NULL);
    sigaction(SIGALRM, &ignore, NULL);
    assert_int_equal(moved, 1);
    platen_os_thread_join(thread);
    platen_os_file_close(ends[0]);
    platen_os_file_close(ends[1]);
}

/* More than fits: one call moves what it can, a second would have to say that it cannot. */
static void test_a_write_is_one_call(void **state)
{
    const size_t size = 1 << 20;
    char *data = calloc(1, size);
    platen_os_file ends[2];
    size_t moved;

    (void)state;
    assert_non_null(data);
    system_pipe(ends);
    assert_int_equal(fcntl((int)ends[1], F_SETFL, O_NONBLOCK), 0);
    assert_int_equal(platen_os_file_write(ends[1], data, size, &moved), 0);
    assert_true(moved > 0 && moved < size);
    assert_int_equal(platen_os_file_write(ends[1], data, size, &moved), PLATEN_NOT_READY);
    assert_int_equal(moved, 0);
    platen_os_file_close(ends[0]);
    platen_os_file_close(ends[1]);
    free(data);
}

static void test_replace_keeps_the_mode(void **state)
{
    const char *path = in_scratch(state, "file");
    struct stat facts;
    mode_t before = umask(022);

    assert_int_equal(platen_os_file_replace(path, "x", 1), 0);
    umask(before);
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_mode & 07777, 0644);
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(platen_os_file_replace(path, "y", 1), 0);
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_mode & 07777, 0600);
    assert_int_equal(platen_os_file_replace("/dev/null", "x", 1), PLATEN_BAD_DEV_TYPE);
}

static void test_a_temporary_folder_is_for_its_user_alone(void **state)
{
    struct stat facts;

    assert_int_equal(stat(*state, &facts), 0);
    assert_int_equal(facts.st_mode & 07777, 0700);
    assert_int_equal(facts.st_uid, geteuid());
}

static void feed_pipe(void *argument)
{
    int pipe = open(argument, O_WRONLY);
    static char data[100000];

    memset(data, 'd', sizeof data);
    for (size_t done = 0; pipe >= 0 && done < sizeof data;)
        done += (size_t)write(pipe, data + done, sizeof data - done);
    close(pipe);
}

static void test_a_pipe_can_be_loaded(void **state)
{
    char path[600], *data;
    platen_os_thread *thread;
    size_t size;

    snprintf(path, sizeof path, "%s/fifo", (const char *)*state);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(platen_os_thread_start(&thread, "feeder", 0, feed_pipe, path), 0);
    assert_int_equal(platen_os_file_load(path, 1 << 20, &data, &size), 0);
    platen_os_thread_join(thread);
    assert_int_equal(size, 100000);
    free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_errno_becomes_the_nearest_code),
        cmocka_unit_test(test_now_costs_what_the_system_asks_for_it),
        cmocka_unit_test(test_wrong_use_ends_the_program),
        cmocka_unit_test(test_the_second_request_ends_the_program),
        cmocka_unit_test(test_a_terminal_is_known),
        cmocka_unit_test(test_threads_block_what_comes_from_outside),
        cmocka_unit_test(test_threads_have_names),
        cmocka_unit_test(test_a_signal_does_not_end_a_read),
        cmocka_unit_test(test_a_write_is_one_call),
        scratch_test(test_replace_keeps_the_mode),
        scratch_test(test_a_temporary_folder_is_for_its_user_alone),
        scratch_test(test_a_pipe_can_be_loaded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
