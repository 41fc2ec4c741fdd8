/* SPDX-License-Identifier: MIT
 *
 * Last words: on which faults they are said, on which stack, and that the process ends afterwards
 * as it would have without them. Each in a child of its own.
 */
#include "help.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/crash.h"
#include "os/thread.h"

static int said[2]; /* a pipe */
static char *volatile nowhere = (char *)16;

static void say(const char *text)
{
    if (write(said[1], text, strlen(text)) < 0) {
        _exit(99);
    }
}

static void handler(void)
{
    say("last words;");
}

/* Runs `act` in a child; what its handler said, and the child's end: minus the signal. */
static int end_of(void (*act)(void), char *words, size_t size)
{
    int status;
    ssize_t length = 0;
    ssize_t part;

    assert_int_equal(pipe(said), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct rlimit none = {0, 0};
        setrlimit(RLIMIT_CORE, &none);
        for (int i = 1; i < 32; i++) {
            signal(i, SIG_DFL); /* the test's own handlers would take it for a failure of its own */
        }
        close(said[0]);
        act();
        _exit(0);
    }
    close(said[1]);
    while ((part = read(said[0], words + length, size - 1 - (size_t)length)) > 0) {
        length += part;
    }
    words[length] = '\0';
    close(said[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static void fault(void)
{
    *nowhere = 1;
}

static void fault_with_handler(void)
{
    platen_os_on_crash(handler);
    fault();
}

static void abort_with_handler(void)
{
    platen_os_on_crash(handler);
    abort();
}

static void signal_with_handler(void)
{
    platen_os_on_crash(handler);
    kill(getpid(), SIGSEGV);
}

static void fault_without(void)
{
    platen_os_on_crash(handler);
    platen_os_on_crash(NULL);
    fault();
}

/* Sanitizers end a process by a status of their own. */
static void check_end(int status, int signal)
{
    assert_int_not_equal(status, 0);
    assert_int_not_equal(status, 99);
    if (status < 0) {
        assert_int_equal(status, -signal);
    }
}

static void test_faults_are_told_and_end_the_process(void **state)
{
    static const struct {
        void (*act)(void);
        int signal;
        const char *words;
    } rows[] = {
        {fault_with_handler, SIGSEGV, "last words;"},
        {abort_with_handler, SIGABRT, "last words;"},
        {signal_with_handler, SIGSEGV, "last words;"},
        {fault_without, SIGSEGV, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char words[200];
        check_end(end_of(rows[i].act, words, sizeof words), rows[i].signal);
        assert_string_equal(words, rows[i].words);
    }
}

static int use_stack(volatile char *below);
static int (*volatile use_more)(volatile char *below) = use_stack;

static int use_stack(volatile char *below)
{
    volatile char page[4096];
    page[0] = below == NULL ? 0 : *below;
    return use_more(page) + page[0];
}

static void fill_stack(void *unused)
{
    (void)unused;
    platen_os_crash_prepare_thread();
    platen_os_crash_prepare_thread();
    use_stack(NULL);
}

static void fill_the_stack_of_a_thread(void)
{
    platen_os_thread *thread;
    platen_os_on_crash(handler);
    platen_os_thread_start(&thread, "deep", 0, fill_stack, NULL);
    platen_os_thread_join(thread);
}

static void test_a_full_stack(void **state)
{
    char words[200];
    (void)state;
    check_end(end_of(fill_the_stack_of_a_thread, words, sizeof words), SIGSEGV);
    assert_string_equal(words, "last words;");
}

/* Two threads: the second must not end the process while the first is speaking. */
static atomic_bool speaking;

static void speak_long(void)
{
    atomic_store(&speaking, true);
    say("one ");
    usleep(100000);
    say("word;");
}

static void fault_late(void *unused)
{
    (void)unused;
    while (!atomic_load(&speaking)) {
        platen_os_thread_yield();
    }
    fault();
}

static void fault_twice(void)
{
    platen_os_thread *thread;
    platen_os_on_crash(speak_long);
    platen_os_thread_start(&thread, "late", 0, fault_late, NULL);
    fault();
}

static void test_one_thread_speaks_to_the_end(void **state)
{
    char words[200];
    (void)state;
    check_end(end_of(fault_twice, words, sizeof words), SIGSEGV);
    assert_string_equal(words, "one word;");
}

static void prepare(void *unused)
{
    (void)unused;
    platen_os_crash_prepare_thread();
}

static void test_threads_end_in_order(void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++) {
        platen_os_thread *thread;
        assert_int_equal(platen_os_thread_start(&thread, "short", 0, prepare, NULL), 0);
        platen_os_thread_join(thread);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_faults_are_told_and_end_the_process),
        cmocka_unit_test(test_a_full_stack),
        cmocka_unit_test(test_one_thread_speaks_to_the_end),
        cmocka_unit_test(test_threads_end_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
