/* SPDX-License-Identifier: MIT
 *
 * The way back: the tables that monitors get. Each entry makes a call of it on the lane of the
 * calling thread and runs it, observed, on the table that does the work.
 */
#ifndef CALL_SERVED_H
#define CALL_SERVED_H

#include "call/call.h"

/* What MONITORINIT's pMonitorReg points at. */
extern const MONITORREG platen_served_registry;
/* What a module's import table is filled with. */
extern const PLATEN_IMPORTS platen_served_imports;

/* Who does the work: set once, before the first monitor is loaded (the spooler does). */
void platen_serve(const MONITORREG *registry, const PLATEN_IMPORTS *winspool);

/* The table of REGISTRY or WINSPOOL that does the work, for calls back that came from elsewhere. */
const void *platen_served_by(enum platen_table table);

/* Asked for the lane of a thread that has none, with what is known of whose call it is
 * (MONITORREG's hSpooler, or NULL). Returns a lane or NULL. Set once, with platen_serve. */
void platen_serve_foreign_threads(struct platen_lane *(*find)(HANDLE hSpooler));

#endif
