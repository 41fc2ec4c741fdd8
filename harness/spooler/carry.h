/* SPDX-License-Identifier: MIT
 *
 * Monitors that are neither modules nor linked in: somebody carries the calls to where they run.
 */
#ifndef SPOOLER_CARRY_H
#define SPOOLER_CARRY_H

#include <platen/spooler.h>

#include "call/call.h"

struct platen_spooler_carrier {
    struct platen_entry_table entry; /* DllMain may be NULL: then it is none of the spooler's */
    const char *path;                /* for complaints */
    bool language;
    /* After Shutdown and DllMain, as the last thing: where a module would be unloaded. */
    void (*release)(void *context);
    /* Has it come to its end by itself? Then what it left behind is no finding. */
    bool (*is_gone)(void *context);
    void *context; /* of both */
};

/* As platen_spooler_load, with DllMain if there is one; on failure nothing is released. */
uint32_t platen_spooler_carry(platen_spooler *spooler, const char *name,
                              const struct platen_spooler_carrier *carrier, char **complaint);

/* An event of that kind, with that text. On any thread. */
void platen_spooler_tell(platen_spooler *spooler, enum platen_event_kind kind, const char *text);
/* The finding that a monitor's process has ended before it was told to: its error is
 * PROCESS_ABORTED, which no other finding has. */
void platen_spooler_tell_end(platen_spooler *spooler, const char *text);

/* The lane of the calling thread, which serves a thread that the monitor made ("t1"); NULL: no
 * memory. It lives as long as the spooler. */
struct platen_lane *platen_spooler_stranger(platen_spooler *spooler);

#endif
