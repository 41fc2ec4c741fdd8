/* SPDX-License-Identifier: MIT
 *
 * Private to the seam on Windows: what the file nouns share.
 */
#ifndef PLATFORM_WIN32_PATH_H
#define PLATFORM_WIN32_PATH_H

#include <windows.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The absolute form of a path as the system has it, malloc'ed. */
uint32_t platen_os_full_path(const char *path, WCHAR **full);

/* The same in the form that may be longer than 260 units; devices ("NUL") and forms that begin with
 * \\?\ or \\.\ stay what they are. */
uint32_t platen_os_wide_path(const char *path, WCHAR **wide);

/* `folder`, a backslash if it lacks one, and `name`; malloc'ed, NULL when memory is out. */
WCHAR *platen_os_join(const WCHAR *folder, const WCHAR *name);

/* A name in `folder` that nobody could guess; malloc'ed, NULL if there is none. */
WCHAR *platen_os_random_name(const WCHAR *folder);

/* The system's folder for temporary things; malloc'ed, NULL if there is none. */
WCHAR *platen_os_temporary_place(void);

/* Where an open file or folder is, all links resolved; malloc'ed, NULL if the system does not say.
 */
WCHAR *platen_os_final_path(HANDLE handle);

bool platen_os_is_folder(const WCHAR *path);
bool platen_os_is_separator(char c);

#endif
