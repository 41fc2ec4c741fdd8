/* SPDX-License-Identifier: MIT
 *
 * A small monitor, which waits if it is told to: what WritePort writes decides. "hang" waits until
 * the test lets go, "ask" until its job is gone.
 */
#ifndef SESSION_MONITOR_H
#define SESSION_MONITOR_H

#include <stdatomic.h>

#include <platen/spooler.h>

extern atomic_bool session_monitor_hangs;

/* In the place of the builtin monitor: struct platen_script_world. */
uint32_t session_monitor_attach(void *context, platen_spooler *spooler, const char *name,
                                const char *root, const char *program_root,
                                struct platen_clock *clock, char **complaint);

#endif
