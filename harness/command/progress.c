/* SPDX-License-Identifier: MIT */
#include "command/progress.h"

#include <stdio.h>

#include "command/command.h"
#include "os/clock.h"
#include "os/console.h"

#define QUIET_TIME 1000000000u
#define MEBI       (1024.0 * 1024.0)

void progress_init(struct progress *progress)
{
    platen_os_mutex_init(&progress->lock);
    progress->terminal = platen_os_is_terminal(PLATEN_OS_STDERR);
}

void progress_start(struct progress *progress, const char *document)
{
    platen_os_mutex_lock(&progress->lock);
    progress->document = document;
    progress->start = platen_os_now();
    progress->shown = false;
    platen_os_mutex_unlock(&progress->lock);
}

void progress_show(struct progress *progress, const struct platen_event *event)
{
    platen_os_mutex_lock(&progress->lock);
    uint64_t taken = platen_os_now() - progress->start;
    if (progress->terminal && taken >= QUIET_TIME) {
        double mebis = (double)event->bytes / MEBI;
        char part[16] = "";
        if (event->size != UINT64_MAX && event->size > 0) {
            snprintf(part, sizeof part, "%3.0f %%  ",
                     100.0 * (double)event->bytes / (double)event->size);
        }
        fprintf(stderr, "\r\033[K%s  %s%.1f MiB  %.1f MiB/s", printable(progress->document), part,
                mebis, mebis / ((double)taken / 1e9));
        fflush(stderr);
        progress->shown = true;
    }
    platen_os_mutex_unlock(&progress->lock);
}

void progress_clear(struct progress *progress)
{
    platen_os_mutex_lock(&progress->lock);
    if (progress->shown) {
        fputs("\r\033[K", stderr);
        progress->shown = false;
    }
    platen_os_mutex_unlock(&progress->lock);
}
