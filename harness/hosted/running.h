/* SPDX-License-Identifier: MIT
 *
 * Programs of Wine's: finding and running them in a prefix.
 */
#ifndef HOSTED_RUNNING_H
#define HOSTED_RUNNING_H

#include <stdbool.h>
#include <stdint.h>

/* A program in PATH; malloc'ed; NULL. */
char *platen_running_find(const char *name);

/* What programs under Wine want of the environment: "NAME=value", or "NAME" for what must not be
 * there; NULL at the end. One block, to be freed. */
char **platen_running_settled(const char *prefix);

/* Runs the program, silently, and waits for it: its exit status; -1: it could not be started, or
 * did not end within that many seconds, and was killed. */
int platen_running_wait(const char *prefix, const char *const *arguments, unsigned seconds);

/* Starts the one who removes a copy when the last writer of the pipe on its standard input is gone:
 * whatever runs in the prefix is killed, and the folder deleted. It holds `lock`, too. Before it
 * waits it starts Wine's server, if that is not NULL; without one it does not wait. Its process id,
 * when the server runs or does not want to (*runs); -1. */
int64_t platen_running_keeper(const char *copy, int input, int lock, const char *server,
                              bool *runs);
/* Waits for it. */
void platen_running_join(int64_t keeper);

#endif
