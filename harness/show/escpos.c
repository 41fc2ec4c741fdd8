/* SPDX-License-Identifier: MIT */
/*
 * Pieces of paper of ESC/POS: what is printed between two cuts (GS V, ESC i, ESC m), and what
 * follows the last. Commands are stepped over by the table below; an unknown one is taken to have
 * no parameters, which is why the count is doubtful where the language is only nearly ESC/POS.
 */
#include <stdio.h>

#include "internal.h"

enum { ESC = 0x1b, GS = 0x1d, FS = 0x1c, DLE = 0x10 };

struct pos {
    struct show_source *source;
    struct platen_show_document *document;
    bool dirty;
};

static void skip(struct pos *pos, uint64_t count)
{
    if (!show_skip(pos->source, count)) {
        pos->document->cut_off = true;
    }
}

static uint64_t get(struct pos *pos)
{
    int byte = show_get(pos->source);
    pos->document->cut_off = pos->document->cut_off || byte < 0;
    return byte < 0 ? 0 : (uint64_t)byte;
}

static uint64_t get_word(struct pos *pos)
{
    uint64_t low = get(pos);
    return low | get(pos) << 8;
}

static void piece(struct pos *pos)
{
    if (pos->dirty) {
        pos->document->pages++;
        pos->document->printed++;
    }
    pos->dirty = false;
}

/* GS V m, or GS V m n with a feed before the cut. */
static void cut(struct pos *pos)
{
    uint64_t mode = get(pos);
    if (mode >= 65) {
        skip(pos, 1);
    }
    piece(pos);
}

/* ESC * m nL nH: columns of 8 or 24 dots. */
static void bit_image(struct pos *pos)
{
    uint64_t mode = get(pos);
    uint64_t columns = get_word(pos);
    skip(pos, columns * (mode >= 32 ? 3 : 1));
    pos->dirty = true;
}

/* GS v 0 m xL xH yL yH. */
static void raster(struct pos *pos)
{
    skip(pos, 2);
    uint64_t wide = get_word(pos);
    skip(pos, wide * get_word(pos));
    pos->dirty = true;
}

/* GS * x y: a picture that is kept. */
static void stored_image(struct pos *pos)
{
    uint64_t wide = get(pos);
    skip(pos, wide * get(pos) * 8);
}

/* GS ( f pL pH, FS ( f pL pH, ESC ( f pL pH. */
static void long_command(struct pos *pos)
{
    uint64_t function = get(pos);
    skip(pos, get_word(pos));
    pos->dirty = pos->dirty || function == 'k' || function == 'L';
}

/* GS 8 L p1 p2 p3 p4. */
static void longer_command(struct pos *pos)
{
    skip(pos, 1);
    uint64_t low = get_word(pos);
    skip(pos, low | get_word(pos) << 16);
    pos->dirty = true;
}

/* GS k m: up to NUL for the old forms, counted for the new. */
static void bar_code(struct pos *pos)
{
    pos->dirty = true;
    if (get(pos) >= 65) {
        skip(pos, get(pos));
        return;
    }
    for (int byte = show_get(pos->source); byte > 0; byte = show_get(pos->source)) {
        /* its digits */
    }
}

/* ESC D: tabs, up to NUL. */
static void tabs(struct pos *pos)
{
    for (int byte = show_get(pos->source); byte > 0; byte = show_get(pos->source)) {
        /* columns */
    }
}

/* ESC & y c1 c2 {x, x * y bytes}. */
static void characters(struct pos *pos)
{
    uint64_t high = get(pos);
    uint64_t first = get(pos);
    uint64_t last = get(pos);
    for (uint64_t c = first; c <= last && !pos->document->cut_off; c++) {
        skip(pos, get(pos) * high);
    }
}

/* FS q n {xL xH yL yH, x * y * 8 bytes}. */
static void kept_images(struct pos *pos)
{
    for (uint64_t n = get(pos); n > 0 && !pos->document->cut_off; n--) {
        uint64_t wide = get_word(pos);
        skip(pos, wide * get_word(pos) * 8);
    }
}

static void kept_image(struct pos *pos)
{
    skip(pos, 2);
    pos->dirty = true;
}

// clang-format off
static const struct {
    unsigned char prefix;
    unsigned char name;
    unsigned char parameters;
    void (*obey)(struct pos *pos);
} commands[] = {
    {ESC, ' ', 1, NULL}, {ESC, '!', 1, NULL}, {ESC, '$', 2, NULL}, {ESC, '%', 1, NULL},
    {ESC, '&', 0, characters}, {ESC, '(', 0, long_command}, {ESC, '*', 0, bit_image},
    {ESC, '-', 1, NULL}, {ESC, '3', 1, NULL}, {ESC, '=', 1, NULL}, {ESC, '?', 1, NULL},
    {ESC, 'D', 0, tabs}, {ESC, 'E', 1, NULL}, {ESC, 'G', 1, NULL}, {ESC, 'J', 1, NULL},
    {ESC, 'K', 1, NULL}, {ESC, 'M', 1, NULL}, {ESC, 'R', 1, NULL}, {ESC, 'T', 1, NULL},
    {ESC, 'U', 1, NULL}, {ESC, 'V', 1, NULL}, {ESC, 'W', 8, NULL}, {ESC, '\\', 2, NULL},
    {ESC, 'a', 1, NULL}, {ESC, 'c', 2, NULL}, {ESC, 'd', 1, NULL}, {ESC, 'e', 1, NULL},
    {ESC, 'i', 0, piece}, {ESC, 'm', 0, piece}, {ESC, 'p', 3, NULL}, {ESC, 'r', 1, NULL},
    {ESC, 't', 1, NULL}, {ESC, 'u', 1, NULL}, {ESC, '{', 1, NULL},
    {GS, '!', 1, NULL}, {GS, '$', 2, NULL}, {GS, '(', 0, long_command}, {GS, '*', 0, stored_image},
    {GS, '/', 1, NULL}, {GS, '8', 0, longer_command}, {GS, 'B', 1, NULL}, {GS, 'H', 1, NULL},
    {GS, 'I', 1, NULL}, {GS, 'L', 2, NULL}, {GS, 'P', 2, NULL}, {GS, 'T', 1, NULL},
    {GS, 'V', 0, cut}, {GS, 'W', 2, NULL}, {GS, '\\', 2, NULL}, {GS, '^', 3, NULL},
    {GS, 'a', 1, NULL}, {GS, 'b', 1, NULL}, {GS, 'f', 1, NULL}, {GS, 'h', 1, NULL},
    {GS, 'k', 0, bar_code}, {GS, 'r', 1, NULL}, {GS, 'v', 0, raster}, {GS, 'w', 1, NULL},
    {FS, '!', 1, NULL}, {FS, '(', 0, long_command}, {FS, '-', 1, NULL}, {FS, '2', 74, NULL},
    {FS, 'C', 1, NULL}, {FS, 'S', 2, NULL}, {FS, 'W', 1, NULL}, {FS, 'p', 0, kept_image},
    {FS, 'q', 0, kept_images},
    {DLE, 0x04, 1, NULL}, {DLE, 0x05, 1, NULL}, {DLE, 0x14, 3, NULL},
};
// clang-format on

static void command(struct pos *pos, int prefix)
{
    uint64_t name = get(pos);
    size_t i = 0;
    while (i < COUNT_OF(commands) && (commands[i].prefix != prefix || commands[i].name != name)) {
        i++;
    }
    if (i == COUNT_OF(commands)) {
        return;
    }
    skip(pos, commands[i].parameters);
    if (commands[i].obey) {
        commands[i].obey(pos);
    }
}

void show_count_escpos(struct show_source *source, struct platen_show_document *document)
{
    struct pos pos = {.source = source, .document = document};
    document->body_end = source->limit;
    document->pages_from = PLATEN_SHOW_PAGES_COUNTED;
    for (int byte = show_get(source); byte >= 0; byte = show_get(source)) {
        if (byte == ESC || byte == GS || byte == FS || byte == DLE) {
            command(&pos, byte);
        } else {
            pos.dirty = pos.dirty || byte > ' ';
        }
    }
    piece(&pos);
    if (document->cut_off) {
        snprintf(document->note, sizeof document->note, "ends inside a command or its data");
    }
}
