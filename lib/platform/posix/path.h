/* SPDX-License-Identifier: MIT
 *
 * Private to the seam on POSIX: what the file nouns share.
 */
#ifndef PLATFORM_POSIX_PATH_H
#define PLATFORM_POSIX_PATH_H

#include <stdint.h>

/* errno as a Win32 code, after a call that named `path`: a missing file and a missing folder on the
 * way to it are two codes there and one errno here. */
uint32_t platen_os_path_error(const char *path);

/* Where the system wants temporary things. */
const char *platen_os_temporary_place(void);

#endif
