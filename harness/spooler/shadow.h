/* SPDX-License-Identifier: MIT
 *
 * Printers and jobs that no lane prints: for scripts that make the calls of a job themselves, and
 * for traces that are run again. OpenPrinter, GetJob and SetJob know them as any others; what
 * SetJob asks of them shows in GetJob and in platen_job_query, and nothing else happens.
 */
#ifndef SPOOLER_SHADOW_H
#define SPOOLER_SHADOW_H

#include <platen/spooler.h>

/* Makes sure that there is a printer of that name: 0 as well if there is one already, shadow or
 * not. A shadow takes no jobs from platen_job_submit (INVALID_PRINTER_NAME) and ends with its
 * spooler, or by platen_printer_delete. INVALID_PRINTER_NAME (empty, with ',' or '\'). */
uint32_t platen_shadow_printer(platen_spooler *spooler, const char *name);

/* A job of that number on that printer, which may be a real one; its state is PRINTING from the
 * beginning. id 0: a number that no other job has. *made (may be NULL) is its number.
 * INVALID_PRINTER_NAME; ALREADY_EXISTS: there is a job of that number, shadow or not. It does not
 * count for platen_job_wait(0). */
uint32_t platen_shadow_job(platen_spooler *spooler, const char *printer, uint32_t id,
                           uint32_t *made);

/* What GetJob says of the shadow's document from now on; NULL: nothing. INVALID_PARAMETER: no
 * shadow of that number. */
uint32_t platen_shadow_document(platen_spooler *spooler, uint32_t id, const char *title,
                                const char *datatype);

/* The job is gone: GetJob fails with 87 from now on. INVALID_PARAMETER: no shadow of that number.
 */
uint32_t platen_shadow_end_job(platen_spooler *spooler, uint32_t id);

#endif
