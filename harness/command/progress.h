/* SPDX-License-Identifier: MIT
 *
 * A line on the terminal that tells how far a job is, once it takes longer than a second.
 */
#ifndef COMMAND_PROGRESS_H
#define COMMAND_PROGRESS_H

#include <platen/spooler.h>

#include "os/thread.h"

struct progress {
    platen_os_mutex lock; /* events come from the lane's thread */
    bool terminal;
    bool shown;
    const char *document;
    uint64_t start;
};

void progress_init(struct progress *progress);
void progress_start(struct progress *progress, const char *document);
void progress_show(struct progress *progress, const struct platen_event *event);
/* Takes the line away before something else is said. */
void progress_clear(struct progress *progress);

#endif
