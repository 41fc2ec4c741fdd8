/* SPDX-License-Identifier: MIT
 *
 * The calls that the monitor makes: last-error and winspool, through an instance's table. Each
 * returns a Win32 code: what the table lacks is CALL_NOT_IMPLEMENTED, and FALSE without a
 * last-error is GEN_FAILURE. No lock of ours is held in any of them: the spooler may call us
 * meanwhile.
 */
#ifndef PLATEN_LIB_IMPORTS_H
#define PLATEN_LIB_IMPORTS_H

#include <stdbool.h>

#include <platen/winsplp.h>

#include "os/text.h"

/* Copies a table, or with NULL the one that this module has: filled by its loader, or the system's.
 * Without last-error in it, or without all of the Router's functions, the module's own stand in. */
void imports_copy(PLATEN_IMPORTS *to, const PLATEN_IMPORTS *from);

/* Last-error for a call whose handle leads to no instance. The module then uses the functions of
 * the last instance that was made and still lives: in one program they are all the same. */
void imports_set_last_error(uint32_t code);
void imports_remember(const PLATEN_IMPORTS *imports);
void imports_forget(const PLATEN_IMPORTS *imports);

uint32_t imports_open_printer(const PLATEN_IMPORTS *imports, const char16_t *name, HANDLE *printer);
void imports_close_printer(const PLATEN_IMPORTS *imports, HANDLE printer);
/* SetJob with a JOB_CONTROL_ command. */
uint32_t imports_set_job(const PLATEN_IMPORTS *imports, HANDLE printer, uint32_t job,
                         uint32_t command);
/* The JOB_STATUS_ bits of a job. */
uint32_t imports_job_status(const PLATEN_IMPORTS *imports, HANDLE printer, uint32_t job,
                            uint32_t *status);
/* All of that: a structure with its texts behind it, to be freed; NULL after an error. */
uint32_t imports_job_info(const PLATEN_IMPORTS *imports, HANDLE printer, uint32_t job,
                          JOB_INFO_1W **info);
/* EnumPorts of all monitors, level 1, as the spooler answers it. */
uint32_t imports_enum_ports(const PLATEN_IMPORTS *imports, void *buffer, uint32_t size,
                            uint32_t *needed, uint32_t *count);
/* SetPort: the PORT_STATUS_ code of a port and its PORT_STATUS_TYPE_; 0 and 0 take it back. */
uint32_t imports_set_port(const PLATEN_IMPORTS *imports, const char16_t *port, uint32_t status,
                          uint32_t severity);
/* The spooler's own rights for what is done between the two. NULL is fine and means that the thread
 * had them already (D9). */
HANDLE imports_revert(const PLATEN_IMPORTS *imports);
void imports_impersonate(const PLATEN_IMPORTS *imports, HANDLE token);

#endif
