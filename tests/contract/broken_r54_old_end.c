/* SPDX-License-Identifier: MIT
 *
 * Breaks R54: a file is not cut: behind a short document stands the end of the long one that
 * was printed before.
 */
#include "system.h"
#define channel_open_file(channel, name) channel_open(channel, name, CHANNEL_KEEPING)
#include "style.h"

static void rework(MONITOR2 *changed)
{
    (void)changed;
}
