/* SPDX-License-Identifier: MIT
 *
 * The seam, noun: memory. Whole pages with chosen access, for guard pages and poisoned arguments.
 */
#ifndef OS_MEMORY_H
#define OS_MEMORY_H

#include <stddef.h>
#include <stdint.h>

enum platen_os_access { PLATEN_OS_NO_ACCESS, PLATEN_OS_READ_ONLY, PLATEN_OS_READ_WRITE };

size_t platen_os_page_size(void);
/* Zeroed, readable and writable; size is rounded up to whole pages. NULL if there is no memory. */
void *platen_os_pages_alloc(size_t size);
void platen_os_pages_free(void *pages, size_t size);
/* Changes the access of whole pages. 0 or a Win32 code. */
uint32_t platen_os_pages_protect(void *pages, size_t size, enum platen_os_access access);
/* What can be done with all of these bytes, whoever made them: PLATEN_OS_CAN_ bits. Costs a look at
 * the whole map of the process. */
enum { PLATEN_OS_CAN_READ = 1, PLATEN_OS_CAN_WRITE = 2, PLATEN_OS_CAN_RUN = 4 };
unsigned platen_os_rights(const void *at, size_t size);
/* The most memory this process has had resident at once, in bytes; 0 where unknown. */
uint64_t platen_os_peak_memory(void);

#endif
