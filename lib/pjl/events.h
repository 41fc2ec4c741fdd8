/* SPDX-License-Identifier: MIT
 *
 * What is the matter with a printer as values of bidi requests:
 * \Printer.Status.Detailed.Event001:Name, :Severity, .Component:Group and :Name, the most urgent
 * first; and of trays that it says are empty, their level. Pure.
 */
#ifndef PLATEN_PJL_EVENTS_H
#define PLATEN_PJL_EVENTS_H

#include "learned.h"

/* So many names there are at most; each may be missing. */
enum { PJL_EVENT_NAMES = PJL_CODES * 5 };

/* The name of one, and its value; false: there is none of this number. `name` has room for
 * PJL_SCHEMA, `text` for PJL_TEXT. */
bool pjl_event_value(const struct pjl_state *state, unsigned number, char *name, char *text);

#endif
