/* SPDX-License-Identifier: MIT */
#include "wire.h"

#include <string.h>

#include <platen/errors.h>

#include "fuzz.h"

#define WIRE 7777 /* the socket's number; nothing is asked of the system */

static struct {
    const uint8_t *at;
    size_t left;
    size_t piece;
    size_t frame; /* bytes that belong to the frame that is being sent */
} wire;

struct platen_channel *fuzz_wire(const uint8_t *data, size_t size, size_t piece)
{
    wire.at = data;
    wire.left = size;
    wire.piece = piece;
    wire.frame = 0;
    struct platen_channel *channel = platen_channel_new(WIRE);
    FUZZ_ASSERT(channel != NULL);
    return channel;
}

/* ---- the seam's functions -------------------------------------------------------------------- */

uint32_t __wrap_platen_os_socket_receive(platen_os_socket socket, void *data, uint32_t size,
                                         uint32_t *moved);
uint32_t __wrap_platen_os_socket_receive(platen_os_socket socket, void *data, uint32_t size,
                                         uint32_t *moved)
{
    size_t most = wire.piece != 0 && wire.piece < size ? wire.piece : size;
    FUZZ_ASSERT(socket == WIRE && size > 0);
    most = most < wire.left ? most : wire.left;
    *moved = (uint32_t)most;
    if (most == 0) {
        return PLATEN_HANDLE_EOF;
    }
    memcpy(data, wire.at, most);
    wire.at += most;
    wire.left -= most;
    return 0;
}

static uint32_t number_at(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* A frame begins with its header, in one piece, and what follows is as long as that says. */
static void check(const uint8_t *bytes, size_t size)
{
    if (wire.frame == 0 && size > 0) {
        FUZZ_ASSERT(size >= PLATEN_FRAME_HEADER && memcmp(bytes, "PLT1", 4) == 0);
        wire.frame = (size_t)PLATEN_FRAME_HEADER + number_at(bytes + 8) + number_at(bytes + 12);
    }
    FUZZ_ASSERT(size <= wire.frame);
    wire.frame -= size;
}

uint32_t __wrap_platen_os_socket_send_both(platen_os_socket socket, const void *first,
                                           uint32_t first_size, const void *second,
                                           uint32_t second_size, uint32_t *moved);
uint32_t __wrap_platen_os_socket_send_both(platen_os_socket socket, const void *first,
                                           uint32_t first_size, const void *second,
                                           uint32_t second_size, uint32_t *moved)
{
    volatile uint8_t sum = 0;
    FUZZ_ASSERT(socket == WIRE);
    check(first, first_size);
    check(second, second_size);
    for (uint32_t i = 0; i < second_size; i++) { /* all of it can be read */
        sum = (uint8_t)(sum + ((const uint8_t *)second)[i]);
    }
    *moved = first_size + second_size;
    return 0;
}

uint32_t __wrap_platen_os_socket_wait(platen_os_socket socket, enum platen_os_readiness readiness,
                                      platen_os_bell bell, uint64_t until);
uint32_t __wrap_platen_os_socket_wait(platen_os_socket socket, enum platen_os_readiness readiness,
                                      platen_os_bell bell, uint64_t until)
{
    (void)socket, (void)readiness, (void)bell, (void)until;
    return 0;
}

void __wrap_platen_os_socket_close(platen_os_socket socket, bool reset);
void __wrap_platen_os_socket_close(platen_os_socket socket, bool reset)
{
    (void)reset;
    FUZZ_ASSERT(socket == WIRE);
}

/* ---- frames as text -------------------------------------------------------------------------- */

static void put_number(uint8_t *to, size_t number)
{
    for (unsigned i = 0; i < 4; i++) {
        to[i] = (uint8_t)(number >> (8 * i));
    }
}

static size_t put_frame(uint8_t *to, const uint8_t *text, size_t length)
{
    static const char kinds[] = "?HALUCREB";
    uint8_t header[PLATEN_FRAME_HEADER] = {'P', 'L', 'T', '1'};
    const char *kind = length < 2 ? NULL : strchr(kinds, text[0]);
    if (kind == NULL) {
        return 0;
    }
    const uint8_t *mark = memchr(text, '\v', length);
    size_t body = (mark == NULL ? length : (size_t)(mark - text)) - 2;
    size_t bulk = mark == NULL ? 0 : length - body - 3;
    if (mark == text + 1) {
        return 0;
    }
    header[4] = (uint8_t)(kind - kinds);
    header[6] = (uint8_t)(text[1] - '0');
    put_number(header + 8, body);
    put_number(header + 12, bulk);
    memcpy(to, header, sizeof header);
    memcpy(to + sizeof header, text + 2, body);
    memcpy(to + sizeof header + body, text + length - bulk, bulk);
    return sizeof header + body + bulk;
}

const uint8_t *fuzz_wire_frames(const uint8_t *text, size_t length, size_t *size)
{
    static uint8_t room[1 << 20];
    *size = 0;
    while (length > 0) {
        const uint8_t *mark = memchr(text, '\f', length);
        size_t part = mark == NULL ? length : (size_t)(mark - text);
        if (part + PLATEN_FRAME_HEADER > sizeof room - *size) {
            break;
        }
        *size += put_frame(room + *size, text, part);
        text += part + (mark != NULL);
        length -= part + (mark != NULL);
    }
    return room;
}

/* ---- lines ----------------------------------------------------------------------------------- */

struct fuzz_lines fuzz_lines(const uint8_t *data, size_t size, const uint8_t **rest,
                             size_t *rest_size)
{
    const uint8_t *mark = size == 0 ? NULL : memchr(data, '\f', size);
    size_t length = mark == NULL ? size : (size_t)(mark - data);
    *rest = mark == NULL ? data + size : mark + 1;
    *rest_size = mark == NULL ? 0 : size - length - 1;
    return (struct fuzz_lines){(const char *)data, length};
}

const char *fuzz_line_next(struct fuzz_lines *lines, size_t *length)
{
    const char *line = lines->at;
    if (lines->left == 0) {
        return NULL;
    }
    const char *end = memchr(line, '\n', lines->left);
    *length = end == NULL ? lines->left : (size_t)(end - line);
    size_t used = *length + (end != NULL);
    lines->at += used;
    lines->left -= used;
    return line;
}
