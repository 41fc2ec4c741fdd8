/* SPDX-License-Identifier: MIT
 *
 * The seam, noun: registry. Keys of the system's own registry, below a key that somebody else has
 * opened. For a monitor whose spooler hands over a registry root and no functions to use it with.
 * Where the system has no registry everything answers CALL_NOT_IMPLEMENTED.
 *
 * Results are 0 or Win32 codes; names are single parts of a path, except that a '\' in them
 * divides.
 */
#ifndef OS_REGISTRY_H
#define OS_REGISTRY_H

#include <stdint.h>

#include "os/text.h"

typedef struct platen_os_key platen_os_key;

/* A second handle for a key that its owner is about to close. */
uint32_t platen_os_key_reopen(void *native, platen_os_key **key);
void platen_os_key_close(platen_os_key *key);

/* A subkey: FILE_NOT_FOUND if there is none; or made if there is none. */
uint32_t platen_os_key_open(platen_os_key *parent, const char16_t *name, platen_os_key **key);
uint32_t platen_os_key_create(platen_os_key *parent, const char16_t *name, platen_os_key **key);
/* Deletes a subkey with its values; keys below it must be gone. */
uint32_t platen_os_key_delete(platen_os_key *parent, const char16_t *name);

/* The name of a subkey by number, cut off where there is none of that number (NO_MORE_ITEMS) or
 * where it does not fit (MORE_DATA). `size` in units, with the NUL. */
uint32_t platen_os_key_name(platen_os_key *key, uint32_t index, char16_t *name, uint32_t size);

/* A text value, malloc'ed and ended with a NUL. FILE_NOT_FOUND; INVALID_DATA if it is no text. */
uint32_t platen_os_key_get(platen_os_key *key, const char16_t *name, char16_t **text);
uint32_t platen_os_key_set(platen_os_key *key, const char16_t *name, const char16_t *text);

/* The same for a 32-bit number; *number is 0 after an error. */
uint32_t platen_os_key_get_number(platen_os_key *key, const char16_t *name, uint32_t *number);
uint32_t platen_os_key_set_number(platen_os_key *key, const char16_t *name, uint32_t number);

/* A value by number, whatever it is: its name, cut off as above, its type and its data. *bytes is
 * the room for the data, and then its size. NO_MORE_ITEMS, MORE_DATA. */
uint32_t platen_os_key_value(platen_os_key *key, uint32_t index, char16_t *name, uint32_t size,
                             uint32_t *type, void *data, uint32_t *bytes);

#endif
