/* SPDX-License-Identifier: MIT
 *
 * Breaks R36: the file is not kept from others during a job: two jobs that come at once end up
 * mixed in it.
 */
#ifndef STYLE
#    define STYLE "good_static.c"
#endif
#include "system.h"
#define channel_open_file(channel, name) channel_open(channel, name, CHANNEL_SHARED)
#include "style.h"

static void rework(MONITOR2 *changed)
{
    (void)changed;
}
