/* SPDX-License-Identifier: MIT
 *
 * Reading a file that nobody vouches for: every look is checked, none moves.
 */
#ifndef INSPECT_READER_H
#define INSPECT_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inspect/inspect.h"
#include "os/format.h"

#define MOST_NAMES 1000000u /* exports or imports of one module */

/* Is [offset, offset + size) inside the file? */
static inline bool image_holds(const struct platen_image *image, uint64_t offset, uint64_t size)
{
    return offset <= image->size && size <= image->size - offset;
}

/* A little-endian number of `bytes` bytes; 0 beyond the file. */
uint64_t image_number(const struct platen_image *image, uint64_t offset, unsigned bytes);
/* A text with its NUL in the file; NULL if it has none there, or none within 4096 bytes. */
const char *image_text(const struct platen_image *image, uint64_t offset);

/* Appends a zeroed element to a malloc'ed array of `count`; NULL when memory is out. */
void *image_append(void **array, size_t *count, size_t size);

/* Fills in `image`, whose data are there; BAD_EXE_FORMAT with a reason, or NOT_ENOUGH_MEMORY. */
uint32_t image_read_elf(struct platen_image *image, const char **reason);
uint32_t image_read_pe(struct platen_image *image, const char **reason);
/* PE: where an address of the image lies in the file; UINT64_MAX: nowhere. */
uint64_t image_pe_offset(const struct platen_image *image, uint64_t address);
/* PE: is this function of Wine's only there by name? */
bool image_pe_is_stub(const struct platen_image *image, const struct platen_image_export *function);
/* Does the host answer that function of that DLL? */
bool image_pe_is_served(const char *library, const char *name);

#endif
