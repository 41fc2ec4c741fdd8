/* SPDX-License-Identifier: MIT
 *
 * Reading a request, which may lie at any address and hold anything.
 */
#ifndef PLATEN_LIB_BIDI_REQUEST_H
#define PLATEN_LIB_BIDI_REQUEST_H

#include "bidi/bidi.h"

/* How many entries it says that it has. */
uint32_t request_count(const BIDI_REQUEST_CONTAINER *request);
BIDI_REQUEST_DATA request_entry(const BIDI_REQUEST_CONTAINER *request, uint32_t index);

/* A NUL-terminated text of the caller's as UTF-8; false if it does not fit, or is NULL. Reads no
 * more than `size` units of it. */
bool request_text(const void *text, char *to, size_t size);

/* Is the caller's text that word? Case does not count. */
bool request_is(const void *text, const char *word);

/* The text of a value that has to be of `type`; BIDI_NULL: any that has a text, or none at all,
 * which is "". INVALID_PARAMETER if it is none of these, or too long. */
uint32_t request_value(const BIDI_DATA *data, uint32_t type, char *to, size_t size);

#endif
