/* SPDX-License-Identifier: MIT
 *
 * IEEE 1284 device ids, "MFG:Acme;MDL:Jet 5;CMD:PJL,PCL;": hostile text from a device. Keys compare
 * without regard to case; of several the first counts; blanks around keys and values do not.
 */
#ifndef PLATEN_LIB_DEVICEID_H
#define PLATEN_LIB_DEVICEID_H

#include <stdbool.h>
#include <stddef.h>

/* Makes an id of `length` bytes fit to be shown, in place: it ends at the first NUL, what is not
 * printable ASCII becomes '?', and white space at its ends goes. Returns its length; a NUL follows,
 * so there must be room for length + 1 bytes. */
size_t device_id_clean(char *id, size_t length);

/* The value of the first key that is one of `keys` ("MFG|MANUFACTURER"), cut to `size` with its
 * NUL; false, and "", if there is none or it is empty. */
bool device_id_value(const char *id, const char *keys, char *value, size_t size);

/* Does COMMAND SET, or CMD, name that language ("PJL")? In any case, as a whole word of the list;
 * words divided by ',' or blanks. */
bool device_id_speaks(const char *id, const char *language);

#endif
