/* SPDX-License-Identifier: MIT
 *
 * The seam, noun: thread. Threads, locks, conditions. Every function here succeeds or ends the
 * program if it is used wrongly, except platen_os_thread_start, which may lack resources.
 */
#ifndef OS_THREAD_H
#define OS_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Big enough for what each system needs, and aligned for it. */
typedef struct platen_os_mutex {
    uint64_t room[8];
} platen_os_mutex;
typedef struct platen_os_cond {
    uint64_t room[8];
} platen_os_cond;
typedef struct platen_os_thread platen_os_thread;

/* A lock that its holder may not take twice. */
void platen_os_mutex_init(platen_os_mutex *mutex);
void platen_os_mutex_destroy(platen_os_mutex *mutex);
void platen_os_mutex_lock(platen_os_mutex *mutex);
void platen_os_mutex_unlock(platen_os_mutex *mutex);

void platen_os_cond_init(platen_os_cond *cond);
void platen_os_cond_destroy(platen_os_cond *cond);
/* Releases the mutex, sleeps, takes it again. May wake for no reason. */
void platen_os_cond_wait(platen_os_cond *cond, platen_os_mutex *mutex);
/* The same, until a moment on platen_os_now's clock at the latest; false when that has come. */
bool platen_os_cond_wait_until(platen_os_cond *cond, platen_os_mutex *mutex, uint64_t until);
void platen_os_cond_signal(platen_os_cond *cond);
void platen_os_cond_broadcast(platen_os_cond *cond);

/* Runs `body(argument)` on a new thread in which every signal is blocked, but those that a thread
 * brings upon itself (SIGSEGV and its kind): blocked, they would end the process before any handler
 * could report them. `name` shows in debuggers (at most 15 bytes count). stack_size 0: the system's
 * default. 0 or a Win32 code. */
uint32_t platen_os_thread_start(platen_os_thread **thread, const char *name, size_t stack_size,
                                void (*body)(void *argument), void *argument);
/* Waits for the thread's end and frees it. */
void platen_os_thread_join(platen_os_thread *thread);
/* Instead of that: nobody waits for it, and it frees itself. For threads that wait for what may
 * never come, and that need nothing which is ever taken away. */
void platen_os_thread_let_go(platen_os_thread *thread);
/* Runs body(argument) on a thread of ours, which platen_os_thread_cancel may reach there and
 * nowhere else. If it does, `body` does not return: the thread calls interrupted(argument) and
 * ends. Windows makes the system's call in `body` fail instead. */
void platen_os_thread_expose(void (*body)(void *argument), void (*interrupted)(void *argument),
                             void *argument);
/* Ends what the thread waits for in the system while it is exposed; later, when it next is. */
void platen_os_thread_cancel(platen_os_thread *thread);
/* A number that no other living thread of this process has. */
uint64_t platen_os_thread_id(void);
/* Lets others run. */
void platen_os_thread_yield(void);

#endif
