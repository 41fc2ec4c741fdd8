/* SPDX-License-Identifier: MIT
 *
 * The seam, noun: crash. Last words, when the process is about to end by a fault of its own: memory
 * that is not there, an instruction that is none, a division by zero, abort().
 */
#ifndef OS_CRASH_H
#define OS_CRASH_H

#include <stdbool.h>
#include <stdint.h>

/* Calls `handler` on the thread that is at fault; afterwards the process ends as it would have
 * without it. It may touch lock-free atomics and memory and write to files that are open, and must
 * not allocate or take a lock. Should it fault itself it is called once more on the same thread,
 * so that it can go on behind that place; it counts on its own how far it came. Threads that fault
 * meanwhile are held. NULL: nobody is called any more. */
void platen_os_on_crash(void (*handler)(void));

/* What has happened. */
struct platen_os_crash {
    uint32_t code;    /* the signal's number, or the exception's code */
    const char *name; /* "SIGSEGV", "EXCEPTION_ACCESS_VIOLATION"; static; NULL: it has none here */
    bool has_address; /* of memory that was touched: */
    uint64_t address;
    const void *context; /* the system's own: the thread's registers (ucontext_t, CONTEXT); may be
                            NULL */
};

/* To be called by the handler; the first fault, if it has come to more of them. */
const struct platen_os_crash *platen_os_crash_now(void);

/* Gives the calling thread a little memory of its own for that, so that the handler can run even
 * when the thread's stack is full. It is released at the thread's end. Does nothing where the
 * system sees to it, or the thread has such memory. */
void platen_os_crash_prepare_thread(void);

#endif
