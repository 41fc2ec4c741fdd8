/* SPDX-License-Identifier: MIT */
/*
 * The envelope of a job: universal exits (ESC %-12345X) and lines that begin with @PJL. It ends
 * behind @PJL ENTER LANGUAGE, or where neither of the two goes on.
 */
#include <ctype.h>
#include <string.h>

#include "internal.h"

/* Some drivers send zeros first, to wake or to flush the device. */
#define ZEROS_MAX 65536u

/* The rest of a line; what does not fit is read and dropped. */
static void read_line(struct show_source *source, char *line, size_t size)
{
    size_t fill = 0;
    for (int byte = show_get(source); byte >= 0 && byte != '\n'; byte = show_get(source)) {
        if (fill + 1 < size) {
            line[fill++] = (char)byte;
        }
    }
    line[fill] = 0;
}

/* Steps over a word, whatever its case, and the blanks behind it; NULL if it is another. */
static const char *word(const char *text, const char *expected)
{
    text += strspn(text, " \t");
    for (; *expected; text++, expected++) {
        if (toupper((unsigned char)*text) != *expected) {
            return NULL;
        }
    }
    return text + strspn(text, " \t");
}

/* True if the line is ENTER LANGUAGE; its value, of printable ASCII alone, goes to `name`. */
static bool enter_language(const char *line, char *name, size_t size)
{
    const char *rest = word(line, "ENTER");
    rest = rest ? word(rest, "LANGUAGE") : NULL;
    rest = rest ? word(rest, "=") : NULL;
    if (!rest) {
        return false;
    }
    size_t fill = 0;
    while (fill + 1 < size && *rest > ' ' && *rest < 0x7f) {
        name[fill++] = *rest++;
    }
    name[fill] = 0;
    return true;
}

/* Empty lines stand before @PJL and universal exits; anywhere else they belong to the document. */
static void blank_lines(struct show_source *source)
{
    uint64_t at = show_tell(source);
    for (int byte = show_peek(source); byte == '\r' || byte == '\n' || byte == 0x04;
         byte = show_peek(source)) {
        show_skip(source, 1);
    }
    uint64_t after = show_tell(source);
    bool goes_on = show_match(source, "@PJL") || show_match(source, SHOW_UEL);
    show_seek(source, goes_on ? after : at);
}

static void leading_zeros(struct show_source *source)
{
    uint64_t at = show_tell(source);
    unsigned zeros = 0;
    while (zeros < ZEROS_MAX && show_peek(source) == 0) {
        show_skip(source, 1);
        zeros++;
    }
    uint64_t after = show_tell(source);
    bool goes_on = show_match(source, SHOW_UEL) || show_match(source, "@PJL");
    show_seek(source, goes_on ? after : at);
}

/* One @PJL line; true if it is the one behind which the page description begins. */
static bool pjl_line(struct show_source *source, struct platen_show_document *document)
{
    char line[160];
    document->pjl_wrapped = true;
    read_line(source, line, sizeof line);
    return enter_language(line, document->pjl_language, sizeof document->pjl_language);
}

void show_pjl_header(struct show_source *source, struct platen_show_document *document)
{
    struct platen_show_document unused = {0};
    document = document ? document : &unused;
    leading_zeros(source);
    for (;;) {
        if (show_match(source, SHOW_UEL)) {
            document->pjl_wrapped = true;
        } else if (!show_match(source, "@PJL") || pjl_line(source, document)) {
            return;
        }
        blank_lines(source);
    }
}
