/* SPDX-License-Identifier: MIT
 *
 * Frames: how calls travel between the harness and a host. A frame is a header, a body of text, and
 * a bulk of bytes that are too many to stand in the text:
 *
 *   magic "PLT1" · kind (16 bits) · flags (16 bits) · bytes of body (32) · bytes of bulk (32)
 *
 * all little-endian, whatever the machine. One connection carries the calls of one lane: at any
 * moment one of the two sides speaks, and the other listens. What comes in is hostile: a frame that
 * is too large, or of a kind that there is not, is an error, and the connection is of no use then.
 */
#ifndef CALL_FRAME_H
#define CALL_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "os/socket.h"

#define PLATEN_FRAME_HEADER 16u
#define PLATEN_FRAME_BODY   (16u << 20) /* at most */
#define PLATEN_FRAME_BULK   (1u << 30)

enum platen_frame_kind {
    PLATEN_FRAME_HELLO = 1, /* the first on a connection, from the host: token, lane, word */
    PLATEN_FRAME_LANE,      /* to the host: open a connection for the lane of that number */
    PLATEN_FRAME_LOAD,      /* to the host: load a module */
    PLATEN_FRAME_UNLOAD,    /* to the host: unload it */
    PLATEN_FRAME_CALL,      /* a call */
    PLATEN_FRAME_RETURN,    /* the answer to any of the three before */
    PLATEN_FRAME_ECHO,      /* to the host: a RETURN of as many bytes as the flags say, at once */
    PLATEN_FRAME_BYE,       /* to the host: end; from it: this lane is at fault, "crash", "exit" */
    PLATEN_FRAME_KINDS
};

struct platen_frame {
    enum platen_frame_kind kind;
    uint16_t flags;
    const char *body; /* not terminated; valid until the next frame is received */
    size_t body_size;
    const unsigned char *bulk; /* as long */
    size_t bulk_size;
};

/* One piece of a bulk. */
struct platen_frame_part {
    const void *bytes;
    size_t size;
};

/* A connection with its buffers. One thread at a time. */
struct platen_channel;

/* Takes the socket over. NULL: no memory, and the socket is closed. */
struct platen_channel *platen_channel_new(platen_os_socket socket);
void platen_channel_free(struct platen_channel *channel);
platen_os_socket platen_channel_socket(const struct platen_channel *channel);

/* Where the body of the next frame is to be written: at least `size` bytes, what stands there
 * already stays. NULL: no memory, or a body cannot be that long. */
char *platen_channel_body(struct platen_channel *channel, size_t size);
/* So many bytes of a text; the body has no NUL. */
static inline void platen_channel_copy(char *to, const char *from, size_t size)
{
    memcpy(to, from, size);
}
/* How much room there is now. */
size_t platen_channel_room(const struct platen_channel *channel);
/* Sends a frame with the body that was written there, and all parts as its bulk. A frame without a
 * bulk is one system call, one with a single part usually as well. FILE_TOO_LARGE where a bound is
 * passed: then nothing was sent. */
uint32_t platen_channel_send(struct platen_channel *channel, enum platen_frame_kind kind,
                             uint16_t flags, size_t body_size,
                             const struct platen_frame_part *parts, size_t part_count);
/* The same with that text as the body. */
uint32_t platen_channel_say(struct platen_channel *channel, enum platen_frame_kind kind,
                            const char *text);

/* The next frame. `until` counts only on a socket that does not block. HANDLE_EOF, TIMEOUT,
 * INVALID_DATA (it is no frame), NOT_ENOUGH_MEMORY, or what became of the connection. */
uint32_t platen_channel_receive(struct platen_channel *channel, uint64_t until,
                                struct platen_frame *frame);

#endif
