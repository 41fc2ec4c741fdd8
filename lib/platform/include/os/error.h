/* SPDX-License-Identifier: MIT
 *
 * The seam, noun: error. What the system says is translated once, here, to Win32 codes.
 */
#ifndef OS_ERROR_H
#define OS_ERROR_H

#include <stdint.h>

#include <platen/errors.h>

/* A code of the system (errno on POSIX, itself on Windows) as a Win32 code; 0 stays 0, what is not
 * in the table becomes GEN_FAILURE. */
uint32_t platen_os_error_from(int code);
/* The same for the calling thread's last system error; never 0. */
uint32_t platen_os_last_error(void);

/* "ERROR_BUSY" for 170, NULL for a number that has no name. */
const char *platen_error_name(uint32_t code);
/* "it is in use" for 170; for others NULL. */
const char *platen_error_text(uint32_t code);
/* The number of a name ("ERROR_BUSY" or "BUSY"), or UINT32_MAX. */
uint32_t platen_error_number(const char *name);

#endif
