/* SPDX-License-Identifier: MIT */
#include "call/frame.h"

#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#define MAGIC     "PLT1"
#define IN_ROOM   ((64u << 10) + 4096) /* a WritePort of the usual size fits, with its text */
#define OUT_ROOM  4096u
#define IN_KEPT   (1u << 20) /* larger buffers are given back with the next frame */
#define AT_A_TIME (1u << 30)
#define BELIEVED  (16u << 20) /* bytes of a bulk for which there is memory before they come */

struct buffer {
    unsigned char *bytes;
    size_t room;
};

struct platen_channel {
    platen_os_socket socket;
    struct buffer in; /* bytes begin..end have been received and not been handed out */
    size_t begin;
    size_t end;
    struct buffer out;  /* header and body of the next frame */
    struct buffer bulk; /* a bulk that is too large for `in` */
};

struct header {
    uint16_t kind;
    uint16_t flags;
    uint32_t body;
    uint32_t bulk;
};

/* ---- memory ---------------------------------------------------------------------------------- */

static bool make_room(struct buffer *buffer, size_t room)
{
    if (buffer->room >= room) {
        return true;
    }
    size_t more = buffer->room + buffer->room / 2;
    more = more > room ? more : room;
    unsigned char *bytes = realloc(buffer->bytes, more);
    if (bytes == NULL) {
        return false;
    }
    *buffer = (struct buffer){.bytes = bytes, .room = more};
    return true;
}

static void drop(struct buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (struct buffer){.room = 0};
}

struct platen_channel *platen_channel_new(platen_os_socket socket)
{
    struct platen_channel *channel = calloc(1, sizeof *channel);
    if (channel != NULL && make_room(&channel->in, IN_ROOM) && make_room(&channel->out, OUT_ROOM)) {
        channel->socket = socket;
        return channel;
    }
    if (channel != NULL) {
        channel->socket = socket;
        platen_channel_free(channel);
    } else {
        platen_os_socket_close(socket, true);
    }
    return NULL;
}

void platen_channel_free(struct platen_channel *channel)
{
    if (channel == NULL) {
        return;
    }
    platen_os_socket_close(channel->socket, false);
    drop(&channel->in);
    drop(&channel->out);
    drop(&channel->bulk);
    free(channel);
}

platen_os_socket platen_channel_socket(const struct platen_channel *channel)
{
    return channel->socket;
}

char *platen_channel_body(struct platen_channel *channel, size_t size)
{
    if (size > PLATEN_FRAME_BODY || !make_room(&channel->out, PLATEN_FRAME_HEADER + size)) {
        return NULL;
    }
    return (char *)channel->out.bytes + PLATEN_FRAME_HEADER;
}

size_t platen_channel_room(const struct platen_channel *channel)
{
    size_t room = channel->out.room - PLATEN_FRAME_HEADER;
    return room < PLATEN_FRAME_BODY ? room : PLATEN_FRAME_BODY;
}

/* ---- the header ------------------------------------------------------------------------------ */

static void put(unsigned char *to, uint32_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) {
        to[i] = (unsigned char)(value >> (8 * i));
    }
}

static uint32_t get(const unsigned char *from, unsigned bytes)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < bytes; i++) {
        value |= (uint32_t)from[i] << (8 * i);
    }
    return value;
}

static void write_header(unsigned char *to, const struct header *header)
{
    for (unsigned i = 0; i < 4; i++) {
        to[i] = (unsigned char)MAGIC[i];
    }
    put(to + 4, header->kind, 2);
    put(to + 6, header->flags, 2);
    put(to + 8, header->body, 4);
    put(to + 12, header->bulk, 4);
}

static bool read_header(const unsigned char *from, struct header *header)
{
    *header = (struct header){.kind = (uint16_t)get(from + 4, 2),
                              .flags = (uint16_t)get(from + 6, 2),
                              .body = get(from + 8, 4),
                              .bulk = get(from + 12, 4)};
    return memcmp(from, MAGIC, 4) == 0 && header->kind >= PLATEN_FRAME_HELLO &&
           header->kind < PLATEN_FRAME_KINDS && header->body <= PLATEN_FRAME_BODY &&
           header->bulk <= PLATEN_FRAME_BULK;
}

/* ---- sending --------------------------------------------------------------------------------- */

static uint32_t wait_if_full(const struct platen_channel *channel, uint32_t moved)
{
    return moved > 0 ? 0
                     : platen_os_socket_wait(channel->socket, PLATEN_OS_WRITABLE, PLATEN_OS_NO_BELL,
                                             UINT64_MAX);
}

/* Both of them, one behind the other. */
static uint32_t send_both(const struct platen_channel *channel, const unsigned char *first,
                          size_t first_size, const unsigned char *second, size_t second_size)
{
    uint32_t error = 0;
    while (error == 0 && (first_size > 0 || second_size > 0)) {
        uint32_t moved = 0;
        error = platen_os_socket_send_both(channel->socket, first, (uint32_t)first_size, second,
                                           (uint32_t)second_size, &moved);
        error = error == 0 ? wait_if_full(channel, moved) : error;
        size_t of_first = moved < first_size ? moved : first_size;
        first += of_first;
        first_size -= of_first;
        second = second_size > 0 ? second + (moved - of_first) : second;
        second_size -= moved - of_first;
    }
    return error;
}

static bool is_too_large(size_t body_size, const struct platen_frame_part *parts, size_t part_count,
                         size_t *bulk)
{
    *bulk = 0;
    for (size_t i = 0; i < part_count; i++) {
        if (parts[i].size > PLATEN_FRAME_BULK - *bulk) {
            return true;
        }
        *bulk += parts[i].size;
    }
    return body_size > PLATEN_FRAME_BODY;
}

uint32_t platen_channel_send(struct platen_channel *channel, enum platen_frame_kind kind,
                             uint16_t flags, size_t body_size,
                             const struct platen_frame_part *parts, size_t part_count)
{
    size_t bulk;
    if (is_too_large(body_size, parts, part_count, &bulk)) {
        return PLATEN_FILE_TOO_LARGE;
    }
    const struct header header = {.kind = (uint16_t)kind,
                                  .flags = flags,
                                  .body = (uint32_t)body_size,
                                  .bulk = (uint32_t)bulk};
    write_header(channel->out.bytes, &header);
    uint32_t error =
        send_both(channel, channel->out.bytes, PLATEN_FRAME_HEADER + body_size,
                  part_count > 0 ? parts[0].bytes : NULL, part_count > 0 ? parts[0].size : 0);
    for (size_t i = 1; i < part_count && error == 0; i += 2) {
        bool two = i + 1 < part_count;
        error = send_both(channel, parts[i].bytes, parts[i].size, two ? parts[i + 1].bytes : NULL,
                          two ? parts[i + 1].size : 0);
    }
    return error;
}

uint32_t platen_channel_say(struct platen_channel *channel, enum platen_frame_kind kind,
                            const char *text)
{
    size_t length = strlen(text);
    char *body = platen_channel_body(channel, length);
    if (body == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    platen_channel_copy(body, text, length);
    return platen_channel_send(channel, kind, 0, length, NULL, 0);
}

/* ---- receiving ------------------------------------------------------------------------------- */

/* Some bytes, at most so many. */
static uint32_t receive_some(const struct platen_channel *channel, uint64_t until,
                             unsigned char *to, size_t room, size_t *moved)
{
    uint32_t got = 0;
    uint32_t error = 0;
    uint32_t size = room < AT_A_TIME ? (uint32_t)room : AT_A_TIME;
    while (error == 0 && got == 0) {
        error = platen_os_socket_receive(channel->socket, to, size, &got);
        if (error == 0 && got == 0) {
            error = platen_os_socket_wait(channel->socket, PLATEN_OS_READABLE, PLATEN_OS_NO_BELL,
                                          until);
        }
    }
    *moved = got;
    return error;
}

/* Until at least `size` bytes lie in `in`, from `begin` on. A frame can claim what it likes: there
 * is memory for what has come. */
static uint32_t fill(struct platen_channel *channel, uint64_t until, size_t size)
{
    uint32_t error = 0;
    if (channel->begin + size > channel->in.room && channel->begin > 0) {
        memmove(channel->in.bytes, channel->in.bytes + channel->begin,
                channel->end - channel->begin);
        channel->end -= channel->begin;
        channel->begin = 0;
    }
    while (error == 0 && channel->end - channel->begin < size) {
        size_t moved;
        if (channel->end == channel->in.room && !make_room(&channel->in, channel->end + 1)) {
            return PLATEN_NOT_ENOUGH_MEMORY;
        }
        error = receive_some(channel, until, channel->in.bytes + channel->end,
                             channel->in.room - channel->end, &moved);
        channel->end += moved;
    }
    return error;
}

/* A bulk of its own: what has come of it lies in `in`, the rest goes to its place at once. */
static uint32_t fill_bulk(struct platen_channel *channel, uint64_t until, size_t size)
{
    uint32_t error = 0;
    size_t have = channel->end - channel->begin;
    if (!make_room(&channel->bulk, size < BELIEVED ? size : BELIEVED)) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    have = have < size ? have : size;
    if (have > 0) { /* an empty one has no place */
        memcpy(channel->bulk.bytes, channel->in.bytes + channel->begin, have);
    }
    channel->begin += have;
    while (error == 0 && have < size) {
        size_t moved;
        if (have == channel->bulk.room && !make_room(&channel->bulk, have + 1)) {
            return PLATEN_NOT_ENOUGH_MEMORY;
        }
        size_t room = channel->bulk.room < size ? channel->bulk.room : size;
        error = receive_some(channel, until, channel->bulk.bytes + have, room - have, &moved);
        have += moved;
    }
    return error;
}

/* What an unusual frame took is given back. */
static bool tidy(struct platen_channel *channel)
{
    if (channel->begin == channel->end) {
        channel->begin = channel->end = 0;
        if (channel->in.room > IN_KEPT) {
            drop(&channel->in);
        }
    }
    if (channel->bulk.room > IN_KEPT) {
        drop(&channel->bulk);
    }
    return make_room(&channel->in, IN_ROOM);
}

static uint32_t receive_header(struct platen_channel *channel, uint64_t until,
                               struct header *header)
{
    uint32_t error =
        tidy(channel) ? fill(channel, until, PLATEN_FRAME_HEADER) : PLATEN_NOT_ENOUGH_MEMORY;
    if (error == PLATEN_HANDLE_EOF && channel->end > channel->begin) {
        return PLATEN_INVALID_DATA; /* it ends within a frame */
    }
    if (error == 0 && !read_header(channel->in.bytes + channel->begin, header)) {
        error = PLATEN_INVALID_DATA;
    }
    return error;
}

uint32_t platen_channel_receive(struct platen_channel *channel, uint64_t until,
                                struct platen_frame *frame)
{
    struct header header;
    *frame = (struct platen_frame){.body = ""};
    uint32_t error = receive_header(channel, until, &header);
    if (error != 0) {
        return error;
    }
    size_t whole = (size_t)PLATEN_FRAME_HEADER + header.body;
    bool apart = header.bulk > IN_ROOM - PLATEN_FRAME_HEADER ||
                 whole > IN_ROOM - header.bulk; /* not in one buffer with the text */
    error = fill(channel, until, apart ? whole : whole + header.bulk);
    if (error == 0) {
        const unsigned char *at = channel->in.bytes + channel->begin;
        frame->body = (const char *)at + PLATEN_FRAME_HEADER;
        frame->bulk = at + whole;
        channel->begin += apart ? whole : whole + header.bulk;
        error = apart ? fill_bulk(channel, until, header.bulk) : 0;
        frame->bulk = apart ? channel->bulk.bytes : frame->bulk;
    }
    frame->kind = (enum platen_frame_kind)header.kind;
    frame->flags = header.flags;
    frame->body_size = header.body;
    frame->bulk_size = header.bulk;
    return error == PLATEN_HANDLE_EOF ? PLATEN_INVALID_DATA : error;
}
