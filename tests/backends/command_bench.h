/* SPDX-License-Identifier: MIT
 *
 * A command port that runs tests/peer/puppet.c, and what its tests look at. The functions assert.
 */
#ifndef COMMAND_BENCH_H
#define COMMAND_BENCH_H

#include "trial.h"

extern const struct platen_backend platen_backend_command;

extern struct trial trial;
extern char command_log[1 << 18]; /* a line each, with its level before it */
extern char command_note[700];    /* a path in the trial's folder */

int command_set_up(void **state);
int command_tear_down(void **state);

/* A port whose puppet has these arguments, what stands for %s being the note; options may follow
 * behind a '&'. */
struct port *command_open(const char *args);
void command_close(void);
/* Starts a job of that name. */
uint32_t command_start(const char *title);
/* Writes so many bytes, and ends the job; the first error. */
uint32_t command_finish(size_t size);
/* A whole job. */
uint32_t command_print(const char *args, const char *title, size_t size);
/* What is in the note; freed by the next call. */
const char *command_read_note(void);
/* Is this one of its lines? */
bool command_note_has(const char *line);

#endif
