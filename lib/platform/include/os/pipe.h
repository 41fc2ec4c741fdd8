/* SPDX-License-Identifier: MIT
 *
 * The seam, noun: pipe. Named pipes that stand in the file system, for those who want to see what
 * a writer does when nobody reads. Only systems that have them there: NOT_SUPPORTED elsewhere.
 */
#ifndef OS_PIPE_H
#define OS_PIPE_H

#include <stdbool.h>
#include <stdint.h>

#include "os/file.h"

/* Puts one there, in place of a file, and holds its reading end open: who opens it for writing does
 * not wait, and who writes comes to a stand when it is full. */
uint32_t platen_os_pipe_make(const char *path, platen_os_file *pipe);
/* Reads what is in it and throws it away; *ended: nobody has it open for writing. */
uint32_t platen_os_pipe_drain(platen_os_file pipe, uint64_t *bytes, bool *ended);

#endif
