/* SPDX-License-Identifier: MIT */
#include "command/guard.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "command/command.h"
#include "os/clock.h"
#include "os/console.h"
#include "os/crash.h"
#include "os/thread.h"

static atomic_bool interrupted;
static atomic_bool reading;
static atomic_bool monitor_loaded;

/* ---- last words --------------------------------------------------------------------------------
 */

static void (*_Atomic say_last_words)(void *context);
static void *_Atomic last_words_context;

static void speak(void)
{
    void (*say)(void *context) = atomic_load(&say_last_words);
    if (say != NULL) {
        say(atomic_load(&last_words_context));
    }
}

void guard_last_words(void (*say)(void *context), void *context)
{
    if (say == NULL) {
        platen_os_on_crash(NULL);
        atomic_store(&say_last_words, NULL);
        return;
    }
    atomic_store(&last_words_context, context);
    atomic_store(&say_last_words, say);
    platen_os_on_crash(speak);
}

/* ---- the person at the keyboard ----------------------------------------------------------------
 */

/* Runs where the system likes, perhaps in a signal handler. */
static void on_interrupt(void)
{
    atomic_store(&interrupted, true);
    if (atomic_load(&reading)) {
        speak();
        _Exit(EXIT_FAILED);
    }
}

void guard_begin(void)
{
    platen_os_on_interrupt(on_interrupt);
}

bool guard_interrupted(void)
{
    return atomic_load(&interrupted);
}

/* ---- a document that does not end ---------------------------------------------------------------
 */

static struct {
    platen_os_thread *thread;
    const char *document;
    uint64_t until;
    uint32_t done; /* atomic; the watch sleeps on it */
} watch;

static uint32_t *watch_word(void)
{
    return &watch.done;
}

static bool is_done(void)
{
    return atomic_load((_Atomic uint32_t *)watch_word()) != 0;
}

static void watch_reading(void *argument)
{
    (void)argument;
    while (!is_done() && platen_os_now() < watch.until) {
        platen_os_wait(watch_word(), 0, watch.until);
    }
    if (!is_done()) {
        complain("%s: not printed: it could not be read within --timeout",
                 printable(watch.document));
        speak();
        _Exit(EXIT_FAILED);
    }
}

void guard_reading_begin(const char *document, uint64_t patience)
{
    watch.thread = NULL;
    watch.document = document;
    watch.done = 0;
    atomic_store(&reading, true);
    if (patience != 0) {
        watch.until = platen_os_now() + patience;
        platen_os_thread_start(&watch.thread, "watch", 0, watch_reading, NULL);
    }
}

void guard_reading_end(void)
{
    atomic_store(&reading, false);
    if (watch.thread != NULL) {
        atomic_store((_Atomic uint32_t *)watch_word(), 1);
        platen_os_wake(watch_word());
        platen_os_thread_join(watch.thread);
        watch.thread = NULL;
    }
}

/* ---- a monitor that does not come back ----------------------------------------------------------
 */

static void at_exit(void)
{
    if (atomic_load(&monitor_loaded)) {
        fputs("platen: the monitor ended the process\n", stderr);
        fflush(NULL);
        speak();
        _Exit(EXIT_CRASHED);
    }
}

void guard_monitor(bool loaded)
{
    static atomic_flag registered = ATOMIC_FLAG_INIT;
    if (!atomic_flag_test_and_set(&registered)) {
        (void)atexit(at_exit);
    }
    atomic_store(&monitor_loaded, loaded);
}

void guard_give_up(const char *what)
{
    complain("%s", what);
    fflush(NULL);
    speak();
    _Exit(EXIT_CRASHED);
}
