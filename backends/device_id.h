/* SPDX-License-Identifier: MIT
 *
 * What a printer's IEEE 1284 device id says.
 */
#ifndef DEVICE_ID_H
#define DEVICE_ID_H

#include <stddef.h>

enum { DEVICE_TEXT = 128 };

/* Make, model (without the make in front) and serial number, each with room for DEVICE_TEXT bytes;
 * what the id does not say stays as it was. */
void device_id_read(const char *id, char *make, char *model, char *serial);
/* "Make Model", or what there is of it; cut to size. */
void device_describe(const char *make, const char *model, char *text, size_t size);

#endif
