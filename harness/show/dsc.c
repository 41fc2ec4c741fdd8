/* SPDX-License-Identifier: MIT */
/*
 * What a PostScript document declares of itself: the comment %%Pages at its beginning, or at its
 * end where the first says (atend). It may lie; Ghostscript's count takes its place where there is
 * one.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static bool value_of(const char *line, uint64_t *pages)
{
    if (strncmp(line, "%%Pages:", 8) != 0) {
        return false;
    }
    line += 8 + strspn(line + 8, " \t");
    if (!isdigit((unsigned char)*line)) {
        return false;
    }
    unsigned long long number = strtoull(line, NULL, 10);
    *pages = number < 1000000000 ? number : 0;
    return *pages == number;
}

static bool read_line(struct show_source *source, char *line, size_t size)
{
    size_t fill = 0;
    int byte = show_get(source);
    if (byte < 0) {
        return false;
    }
    for (; byte >= 0 && byte != '\n' && byte != '\r'; byte = show_get(source)) {
        if (fill + 1 < size) {
            line[fill++] = (char)byte;
        }
    }
    line[fill] = 0;
    return true;
}

/* The last line with a number within [from, to) wins: of an (atend) document that is its own,
 * behind those of the documents within it. */
static bool search(struct show_source *source, uint64_t from, bool first, uint64_t *pages)
{
    char line[256];
    bool found = false;
    show_seek(source, from);
    while (read_line(source, line, sizeof line) && !(found && first)) {
        if (first && strncmp(line, "%%EndComments", 13) == 0) {
            break;
        }
        found = value_of(line, pages) || found;
    }
    return found;
}

void show_count_dsc(struct show_source *source, struct platen_show_document *document)
{
    uint64_t from = show_tell(source);
    uint64_t end = source->limit;
    uint64_t pages = 0;
    document->body_end = end;
    source->limit = end - from > SHOW_BLOCK ? from + SHOW_BLOCK : end;
    bool found = search(source, from, true, &pages);
    source->limit = end;
    if (!found) {
        uint64_t tail = end - from > SHOW_BLOCK ? end - SHOW_BLOCK : from;
        found = search(source, tail, false, &pages);
    }
    if (found) {
        document->pages = document->printed = pages;
        document->pages_from = PLATEN_SHOW_PAGES_DECLARED;
    }
}
