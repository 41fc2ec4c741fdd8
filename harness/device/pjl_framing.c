/* SPDX-License-Identifier: MIT
 *
 * A stream's commands and its jobs' data, told apart to the byte. The universal exit may stand
 * anywhere in data; behind it, and behind each command, either the next command begins, with
 * "@PJL", or data does, with anything else. A stream that begins without an exit is data.
 */
#include <string.h>

#include "device/pjl.h"

/* What was held back is data after all: as much of it as there is room for. */
static void release(struct pjl_framing *framing, size_t room, struct pjl_piece *piece)
{
    const char *text = framing->place == PJL_AFTER_UEL ? PJL_MARK : PJL_UEL;
    size_t left = framing->held - framing->released;
    size_t size = left < room ? left : room;
    *piece = (struct pjl_piece){PJL_DATA, text + framing->released, size};
    framing->released += size;
    if (room == 0) {
        piece->kind = PJL_BLOCKED;
    } else if (framing->released == framing->held) {
        framing->held = framing->released = 0;
        framing->place = PJL_IN_DATA;
    }
}

/* In data: what stands before the next byte that may begin an exit. */
static size_t plain_data(const char *data, size_t size, size_t room, struct pjl_piece *piece)
{
    size_t most = size < room ? size : room;
    const char *escape = memchr(data, PJL_UEL[0], most);
    size_t used = escape == NULL ? most : (size_t)(escape - data);
    *piece = (struct pjl_piece){room == 0 ? PJL_BLOCKED : PJL_DATA, data, used};
    return used;
}

static size_t look_for_exit(struct pjl_framing *framing, const char *data, size_t size, size_t room,
                            struct pjl_piece *piece)
{
    if (*data == PJL_UEL[framing->held]) {
        *piece = (struct pjl_piece){.kind = PJL_NOTHING};
        if (++framing->held == PJL_UEL_SIZE) {
            *piece = (struct pjl_piece){PJL_LEAVE, PJL_UEL, PJL_UEL_SIZE};
            framing->place = PJL_AFTER_UEL;
            framing->held = 0;
        }
        return 1;
    }
    if (framing->held > 0) {
        release(framing, room, piece);
        return 0;
    }
    return plain_data(data, size, room, piece);
}

/* Is it a command? An exit may follow the one before at once. */
static size_t look_for_mark(struct pjl_framing *framing, const char *data, size_t room,
                            struct pjl_piece *piece)
{
    *piece = (struct pjl_piece){.kind = PJL_NOTHING};
    if (framing->held == 0 && *data == PJL_UEL[0]) {
        framing->place = PJL_IN_DATA;
        return 0;
    }
    bool more = *data == PJL_MARK[framing->held];
    if (more && ++framing->held < PJL_MARK_SIZE) {
        return 1;
    }
    if (more) {
        *piece = (struct pjl_piece){PJL_FRAME, PJL_MARK, PJL_MARK_SIZE};
        framing->place = PJL_IN_LINE;
        framing->length = framing->held = 0;
        return 1;
    }
    if (framing->held == 0) {
        framing->place = PJL_IN_DATA;
    } else {
        release(framing, room, piece);
    }
    return 0;
}

static size_t take_line(struct pjl_framing *framing, const char *data, size_t size,
                        struct pjl_piece *piece)
{
    const char *end = memchr(data, '\n', size);
    size_t used = end == NULL ? size : (size_t)(end - data) + 1;
    size_t text = used - (end != NULL);
    size_t room = sizeof framing->line - 1 - framing->length;
    size_t kept = text < room ? text : room;
    memcpy(framing->line + framing->length, data, kept);
    framing->length += kept;
    *piece = (struct pjl_piece){end == NULL ? PJL_FRAME : PJL_COMMAND, data, used};
    if (end != NULL) {
        framing->length -= framing->length > 0 && framing->line[framing->length - 1] == '\r';
        framing->line[framing->length] = '\0';
        framing->place = PJL_AFTER_UEL;
    }
    return used;
}

size_t pjl_split(struct pjl_framing *framing, const char *data, size_t size, size_t room,
                 struct pjl_piece *piece)
{
    if (framing->released > 0) {
        release(framing, room, piece);
        return 0;
    }
    switch (framing->place) {
    case PJL_IN_LINE:
        return take_line(framing, data, size, piece);
    case PJL_AFTER_UEL:
        return look_for_mark(framing, data, room, piece);
    default:
        return look_for_exit(framing, data, size, room, piece);
    }
}

void pjl_split_end(struct pjl_framing *framing, struct pjl_piece *piece)
{
    *piece = (struct pjl_piece){.kind = PJL_NOTHING};
    if (framing->place == PJL_IN_LINE) {
        framing->line[framing->length] = '\0';
        framing->place = PJL_IN_DATA;
        *piece = (struct pjl_piece){PJL_COMMAND, "", 0};
    } else if (framing->held > 0) {
        release(framing, SIZE_MAX, piece);
    }
}
