/* SPDX-License-Identifier: MIT */
/*
 * Labels of ZPL: formats from ^XA to ^XZ that put something on the label, times ^PQ. Formats that
 * only set the printer up, or store a format (^DF), print nothing. Binary graphics (^GFB, ^GFC) are
 * stepped over by their length.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

struct zpl {
    struct show_source *source;
    struct platen_show_document *document;
    int caret; /* the prefixes can be changed (^CC, ^CT) */
    int tilde;
    bool open; /* between ^XA and ^XZ */
    bool marks;
    bool stores;
    uint64_t copies;
};

static uint64_t read_number(struct show_source *source)
{
    uint64_t number = 0;
    while (isdigit(show_peek(source))) {
        int byte = show_get(source);
        number = number < UINT32_MAX ? number * 10 + (uint64_t)(byte - '0') : number;
    }
    return number;
}

static void open_format(struct zpl *zpl)
{
    zpl->open = true;
    zpl->marks = false;
    zpl->stores = false;
    zpl->copies = 1;
}

static void close_format(struct zpl *zpl)
{
    if (zpl->open && zpl->marks && !zpl->stores) {
        zpl->document->pages++;
        zpl->document->printed += zpl->copies;
    }
    zpl->open = false;
}

static void store_format(struct zpl *zpl)
{
    zpl->stores = true;
}

static void quantity(struct zpl *zpl)
{
    uint64_t copies = read_number(zpl->source);
    zpl->copies = copies > 0 ? copies : 1;
}

static void mark(struct zpl *zpl)
{
    zpl->marks = true;
}

/* ^GFa,b,c,d,data: form, bytes that follow, bytes of the picture, bytes of a row. */
static void graphic(struct zpl *zpl)
{
    zpl->marks = true;
    int form = toupper(show_get(zpl->source));
    uint64_t length = 0;
    for (int i = 0; i < 4; i++) {
        if (show_peek(zpl->source) != ',') {
            return;
        }
        show_skip(zpl->source, 1);
        uint64_t number = i < 3 ? read_number(zpl->source) : 0;
        length = i == 0 ? number : length;
    }
    if (form != 'A' && !show_skip(zpl->source, length)) {
        zpl->document->cut_off = true;
    }
}

static void change_caret(struct zpl *zpl)
{
    int byte = show_get(zpl->source);
    zpl->caret = byte > ' ' ? byte : zpl->caret;
}

static void change_tilde(struct zpl *zpl)
{
    int byte = show_get(zpl->source);
    zpl->tilde = byte > ' ' ? byte : zpl->tilde;
}

static const struct {
    char name[3];
    void (*obey)(struct zpl *zpl);
} commands[] = {
    {"XA", open_format}, {"XZ", close_format}, {"PQ", quantity},     {"DF", store_format},
    {"GF", graphic},     {"CC", change_caret}, {"CT", change_tilde}, {"FD", mark},
    {"FV", mark},        {"SN", mark},         {"SF", mark},         {"GB", mark},
    {"GC", mark},        {"GD", mark},         {"GE", mark},         {"GS", mark},
    {"XG", mark},        {"IM", mark},         {"IL", mark},         {"XF", mark},
};

static void command(struct zpl *zpl)
{
    int first = toupper(show_get(zpl->source));
    int second = toupper(show_get(zpl->source));
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        if (commands[i].name[0] == first && commands[i].name[1] == second) {
            commands[i].obey(zpl);
            return;
        }
    }
}

void show_count_zpl(struct show_source *source, struct platen_show_document *document)
{
    struct zpl zpl = {.source = source, .document = document, .caret = '^', .tilde = '~'};
    document->body_end = source->limit;
    document->pages_from = PLATEN_SHOW_PAGES_COUNTED;
    for (int byte = show_get(source); byte >= 0; byte = show_get(source)) {
        if (byte == zpl.caret || byte == zpl.tilde) {
            command(&zpl);
        }
    }
    document->cut_off = document->cut_off || zpl.open;
    if (document->cut_off) {
        snprintf(document->note, sizeof document->note, "ends inside a label");
    }
}
