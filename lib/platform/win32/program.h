/* SPDX-License-Identifier: MIT
 *
 * Private to the seam on Windows: the parts of program.h.
 */
#ifndef PLATFORM_WIN32_PROGRAM_H
#define PLATFORM_WIN32_PROGRAM_H

#include <windows.h>

#include "os/program.h"

/* Both malloc'ed, NULL after an error; BAD_ARGUMENTS for texts that are too long. */
uint32_t platen_win32_command_line(const struct platen_os_program_setup *setup, WCHAR **line);
uint32_t platen_win32_environment(const struct platen_os_program_setup *setup, WCHAR **made);

#endif
