/* SPDX-License-Identifier: MIT
 *
 * What came to a line or a file: files below the folder PLATEN_PRINTED.
 */
#ifndef WINE_PRINTED_H
#define WINE_PRINTED_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

void printed_forget(const char *name);
/* What is printed to a line comes there a moment after the job: waits until so many bytes have
 * come. NULL: they have not, or there are more. */
FILE *printed_open(const char *name, uint64_t size);
/* The document (sink.h) that begins here: is it that of this seed? */
bool printed_document(FILE *file, uint8_t seed, uint64_t size);
/* Is it this document alone? */
bool printed_has(const char *name, uint8_t seed, uint64_t size);

#endif
