/* SPDX-License-Identifier: MIT
 *
 * What else the devices are tried with, besides jobs and faults.
 */
#ifndef DETAILS_H
#define DETAILS_H

#include "far.h"
#include "trial.h"

/* The settings of lines, as an adapter sees them. */
void try_settings(void);
/* What comes back through a port. */
void try_way_back(const struct platen_backend *backend, const char *uri, struct far *far);
/* An adapter that lets data through, and answers nothing. */
void try_mute(void);
/* Questions to a USB printer, and how it is found. */
void try_questions(void);
void try_another_place(void);

#endif
