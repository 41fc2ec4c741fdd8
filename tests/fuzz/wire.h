/* SPDX-License-Identifier: MIT
 *
 * A connection whose other end is the input: the linker leads the seam's functions here (--wrap).
 */
#ifndef FUZZ_WIRE_H
#define FUZZ_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "call/frame.h"

/* Bytes that come in, at most `piece` of them at a time (0: as many as are wanted), and then the
 * end. They are borrowed. What is sent must be frames, and is forgotten. */
struct platen_channel *fuzz_wire(const uint8_t *data, size_t size, size_t piece);

/* Frames as text, so that a mutation does not cost the header. Form feeds stand between them:
 *
 *   C0WritePort cbBuf=4 -> ?      kind (H A L U C R E B), flags (0 to 9), body
 *   R0TRUE pBuffer=@bulk\vabcd    a vertical tab before a bulk
 *
 * Returns them as bytes, static; *size is written. */
const uint8_t *fuzz_wire_frames(const uint8_t *text, size_t length, size_t *size);

/* The lines of the text before its first form feed, one after the other: NULL at the end. What is
 * behind it is *rest. */
struct fuzz_lines {
    const char *at;
    size_t left;
};
struct fuzz_lines fuzz_lines(const uint8_t *data, size_t size, const uint8_t **rest,
                             size_t *rest_size);
const char *fuzz_line_next(struct fuzz_lines *lines, size_t *length);

#endif
