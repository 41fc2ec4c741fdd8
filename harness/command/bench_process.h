/* SPDX-License-Identifier: MIT
 *
 * Other people's programs, for rows that measure against them.
 */
#ifndef COMMAND_BENCH_PROCESS_H
#define COMMAND_BENCH_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

struct bench_process;

/* Starts the program at `path` with these arguments and this environment (both end with NULL);
 * what it says goes to the file `says`. NULL after having complained. */
struct bench_process *bench_process_start(const char *path, const char *const *arguments,
                                          const char *const *environment, const char *says);
bool bench_process_runs(struct bench_process *process);
/* Asks it to end, insists if it does not, and waits; NULL is fine. */
void bench_process_end(struct bench_process *process);

/* Runs a program until it ends; false after having complained unless its status was 0. */
bool bench_process_run(const char *path, const char *const *arguments,
                       const char *const *environment, const char *says);

/* The path of a program that may be run, in one of these folders (which end with NULL). */
bool bench_process_find(const char *name, const char *const *folders, char *path, size_t size);
/* The last line that a program said, as a printable text; "" if none. */
const char *bench_process_last_word(const char *says);

#endif
