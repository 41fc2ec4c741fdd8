/* SPDX-License-Identifier: MIT
 *
 * Where a report is written: a file that was asked for, or standard output.
 */
#ifndef REPORT_OUTPUT_H
#define REPORT_OUTPUT_H

#include "os/file.h"
#include "report/text.h"

struct output {
    char *path;
    platen_os_file file;
    bool standard;    /* standard output: never closed */
    bool at_once;     /* a regular file that is to stand there whole: written by output_settle */
    bool settled;     /* that was done */
    struct text text; /* what is not written yet */
    uint32_t error;   /* the first that occurred; after it nothing more is written */
};

/* Opens `path`, "-" being standard output. `beginnings` (up to a NULL) are the ways in which an
 * older report of this format begins: a regular file that is neither empty nor begins so is
 * FILE_EXISTS. With `whole` a regular file is emptied now and replaced as a whole in the end. */
uint32_t output_open(struct output *output, const char *path, const char *const *beginnings,
                     bool whole);
/* Writes what has gathered, unless it has to wait for the end. */
void output_flush(struct output *output);
/* The run has ended: what had to wait is written, since a process may not come to the close. */
void output_settle(struct output *output);
/* Writes the rest and closes; returns the first error that occurred. The path stays. */
uint32_t output_close(struct output *output);

#endif
