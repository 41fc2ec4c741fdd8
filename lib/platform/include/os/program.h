/* SPDX-License-Identifier: MIT
 *
 * The seam, noun: program. Another program, started with its input and its output in our hands. It
 * gets an argv and never a shell, its own three streams and no other file or handle of ours, and
 * leads a family (process group, job object) that can be ended as a whole.
 *
 * Every function returns 0 or a Win32 code and writes its out-parameters on every path. None but
 * platen_os_program_wait waits, and none raises a signal. One thread at a time uses a program, but
 * for platen_os_program_interrupt. Moments are on platen_os_now's clock.
 */
#ifndef OS_PROGRAM_H
#define OS_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct platen_os_program platen_os_program;

struct platen_os_program_setup {
    const char *path;               /* absolute */
    const char *const *arguments;   /* behind the program's own name; NULL-terminated */
    const char *const *environment; /* "NAME=value", beside this process's; NULL-terminated */
    const char *hidden;             /* variables of this process that begin so are not handed on */
    const char *folder;             /* where it begins to run; NULL: where this process does */
};

/* Could a file of that name be started? Looks, and runs nothing. FILE_NOT_FOUND, PATH_NOT_FOUND,
 * BAD_DEV_TYPE (no regular file), ACCESS_DENIED; BAD_EXE_FORMAT for what the system would hand to
 * an interpreter of command lines (a batch file). */
uint32_t platen_os_program_check(const char *path);

/* As platen_os_program_check, and BAD_ARGUMENTS if the texts are longer than the system takes,
 * BAD_EXE_FORMAT for a file that is no program. `folder` may be missing: PATH_NOT_FOUND. */
uint32_t platen_os_program_start(const struct platen_os_program_setup *setup,
                                 platen_os_program **program);

/* Hands over input: as much as goes at once, *moved 0 if none does. What was moved is on its way in
 * the system and may never be read. BROKEN_PIPE: nobody reads any more. size > 0. */
uint32_t platen_os_program_write(platen_os_program *program, const void *data, uint32_t size,
                                 uint32_t *moved);
/* What it printed, to either stream; *moved 0: nothing now. HANDLE_EOF: no more comes. size > 0. */
uint32_t platen_os_program_read(platen_os_program *program, void *data, uint32_t size,
                                uint32_t *moved);
/* No more input comes. Where the system has not taken all of what was moved, NOT_READY: try again
 * when it takes input. */
uint32_t platen_os_program_close_input(platen_os_program *program);

enum platen_os_program_news {
    PLATEN_OS_TAKES_INPUT = 1,
    PLATEN_OS_HAS_OUTPUT = 2, /* or its end */
    PLATEN_OS_HAS_ENDED = 4   /* the program itself, whatever its family does */
};

/* Until one of the `wanted` news has come; *news are those that have. TIMEOUT; OPERATION_ABORTED
 * after platen_os_program_interrupt. */
uint32_t platen_os_program_wait(platen_os_program *program, unsigned wanted, uint64_t until,
                                unsigned *news);
/* Ends the wait that is under way and all later ones. Any thread. */
void platen_os_program_interrupt(platen_os_program *program);

/* How it ended, once it has. */
struct platen_os_program_end {
    bool exited;     /* by itself; false: it was killed, crashed, or nobody knows */
    uint32_t status; /* what it exited with, else the signal or exception */
    bool left_input; /* it has not read all that was written */
};
uint32_t platen_os_program_result(platen_os_program *program, struct platen_os_program_end *end);

/* The last call. With `end` it and its family are ended, and it is gone when this returns, unless
 * the system cannot end it within a second. Without, it must have ended, and what it has left
 * behind runs on. */
void platen_os_program_release(platen_os_program *program, bool end);

#endif
