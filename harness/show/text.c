/* SPDX-License-Identifier: MIT */
/*
 * Plain text as a line printer prints it: 80 columns, 66 lines, tabs at every eighth column, a form
 * feed ends the page. One walk serves the counting and the drawing, so that the two agree. UTF-8
 * and Latin-1 are understood; what has no place in Latin-1 is a question mark.
 */
#include <string.h>

#include "internal.h"

struct walk {
    struct show_source *source;
    const struct show_text_sink *sink;
    unsigned char cells[SHOW_COLUMNS];
    size_t column;
    unsigned line;
    bool marks; /* something on this page can be seen */
    bool more;  /* the sink wants more */
};

static void end_page(struct walk *walk)
{
    walk->more = walk->more && walk->sink->end_page(walk->sink->context);
    walk->line = 0;
    walk->marks = false;
}

static void end_line(struct walk *walk)
{
    if (walk->line == SHOW_LINES) {
        end_page(walk);
    }
    walk->more = walk->more && walk->sink->line(walk->sink->context, walk->cells, walk->column);
    for (size_t i = 0; i < walk->column; i++) {
        walk->marks = walk->marks || walk->cells[i] != ' ';
    }
    walk->line++;
    walk->column = 0;
}

static void put(struct walk *walk, unsigned char cell)
{
    if (walk->column == SHOW_COLUMNS) {
        end_line(walk);
    }
    walk->cells[walk->column++] = cell;
}

/* Behind the lead byte of a UTF-8 sequence; what is none was Latin-1. */
static unsigned char decode(struct show_source *source, int lead)
{
    int length = lead < 0xc2 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : 0;
    uint64_t at = show_tell(source);
    uint32_t point = (uint32_t)lead & (0x3fu >> length);
    for (int i = 0; i < length; i++) {
        int byte = show_get(source);
        if (byte < 0 || (byte & 0xc0) != 0x80) {
            show_seek(source, at);
            return (unsigned char)lead;
        }
        point = point << 6 | ((uint32_t)byte & 0x3f);
    }
    return length == 0 ? (unsigned char)lead : point < 0x100 ? (unsigned char)point : '?';
}

static void tab(struct walk *walk)
{
    do {
        put(walk, ' ');
    } while (walk->column % 8 != 0);
}

static void control(struct walk *walk, int byte)
{
    if (byte == '\r') {
        show_match(walk->source, "\n");
        end_line(walk);
    } else if (byte == '\n' || byte == '\v') {
        end_line(walk);
    } else if (byte == '\f') {
        if (walk->column > 0) {
            end_line(walk);
        }
        end_page(walk);
    } else if (byte == '\t') {
        tab(walk);
    } else if (byte == '\b') {
        walk->column -= walk->column > 0;
    } else if (byte != 0x1a) {
        put(walk, '?');
    }
}

static void character(struct walk *walk, int byte)
{
    if (byte < 0x20 || byte == 0x7f) {
        control(walk, byte);
        return;
    }
    unsigned char cell = byte < 0x80 ? (unsigned char)byte : decode(walk->source, byte);
    put(walk, cell >= 0x7f && cell < 0xa0 ? '?' : cell);
}

void show_text_walk(struct show_source *source, const struct show_text_sink *sink)
{
    struct walk walk = {.source = source, .sink = sink, .more = true};
    show_match(source, "\xef\xbb\xbf");
    for (int byte = show_get(source); byte >= 0 && walk.more; byte = show_get(source)) {
        character(&walk, byte);
    }
    if (walk.column > 0) {
        end_line(&walk);
    }
    if (walk.marks) {
        end_page(&walk);
    }
}

static bool count_line(void *context, const unsigned char *cells, size_t count)
{
    (void)context;
    (void)cells;
    (void)count;
    return true;
}

static bool count_page(void *context)
{
    struct platen_show_document *document = context;
    document->pages++;
    return true;
}

void show_count_text(struct show_source *source, struct platen_show_document *document)
{
    struct show_text_sink sink = {count_line, count_page, document};
    document->body_end = source->limit;
    document->pages_from = PLATEN_SHOW_PAGES_COUNTED;
    show_text_walk(source, &sink);
    document->printed = document->pages;
}
