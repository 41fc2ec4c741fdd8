/* SPDX-License-Identifier: MIT */
/*
 * PostScript that we write: plain text set in Courier, and cards for documents that cannot be
 * drawn. Text reaches it only as string literals in which all but letters, digits and blanks is
 * octal.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

static void put_string(struct show_writer *writer, const unsigned char *cells, size_t count)
{
    show_put(writer, "(");
    for (size_t i = 0; i < count; i++) {
        bool plain = cells[i] < 0x80 && (isalnum(cells[i]) || cells[i] == ' ');
        show_putf(writer, plain ? "%c" : "\\%03o", cells[i]);
    }
    show_put(writer, ")");
}

/* A4, ISO Latin-1, and L: the next line. */
static const char prologue[] =
    "%!PS-Adobe-3.0\n"
    "<< /PageSize [595 842] >> setpagedevice\n"
    "/latin { findfont dup length dict begin\n"
    "  { 1 index /FID ne { def } { pop pop } ifelse } forall\n"
    "  /Encoding ISOLatin1Encoding def currentdict end definefont pop } bind def\n"
    "/Plain /Courier latin /Strong /Courier-Bold latin\n";

struct text_page {
    struct show_writer *writer;
    unsigned lines;
    unsigned pages;
    unsigned page_limit;
};

/* 80 columns of 6 points and 66 lines of 11.5 stand in the middle of A4. */
static bool put_line(void *context, const unsigned char *cells, size_t count)
{
    struct text_page *page = context;
    if (page->lines == 0) {
        show_put(page->writer, "/Plain 10 selectfont\n");
    }
    if (count > 0) {
        show_putf(page->writer, "57.5 %u.%u moveto ", (7930 - 115 * page->lines) / 10,
                  (7930 - 115 * page->lines) % 10);
        put_string(page->writer, cells, count);
        show_put(page->writer, " show\n");
    }
    page->lines++;
    return page->writer->failed == 0;
}

static bool put_page(void *context)
{
    struct text_page *page = context;
    show_put(page->writer, "showpage\n");
    page->lines = 0;
    page->pages++;
    return page->pages < page->page_limit && page->writer->failed == 0;
}

int show_write_text(struct show_source *source, const char *path, unsigned page_limit)
{
    struct show_writer writer;
    int status = show_writer_open(&writer, path);
    if (status < 0) {
        return status;
    }
    struct text_page page = {.writer = &writer, .page_limit = page_limit};
    struct show_text_sink sink = {put_line, put_page, &page};
    show_put(&writer, prologue);
    show_text_walk(source, &sink);
    return show_writer_close(&writer);
}

/* How much of the text goes on a line of at most 40 cells: to a blank where there is one. */
static size_t line_length(const char *text)
{
    size_t length = strlen(text);
    if (length <= 40) {
        return length;
    }
    size_t part = 40;
    while (part > 20 && text[part] != ' ') {
        part--;
    }
    return text[part] == ' ' ? part : 40;
}

static void put_paragraph(struct show_writer *writer, const char *text, unsigned y)
{
    for (; *text; y -= 22) {
        size_t length = line_length(text);
        show_putf(writer, "70 %u moveto ", y);
        put_string(writer, (const unsigned char *)text, length);
        show_put(writer, " show\n");
        text += length;
        text += strspn(text, " ");
    }
}

static void put_card(struct show_writer *writer, const struct platen_show_result *result)
{
    const struct platen_show_document *document = &result->document;
    char size[64];
    char pages[64];
    const char *from = document->pages_from == PLATEN_SHOW_PAGES_DECLARED ? " (declared)" : "";
    snprintf(size, sizeof size, "%llu bytes", (unsigned long long)document->size);
    snprintf(pages, sizeof pages, "%llu page%s%s", (unsigned long long)document->pages,
             document->pages == 1 ? "" : "s", from);
    if (document->pages_from == PLATEN_SHOW_PAGES_UNKNOWN) {
        snprintf(pages, sizeof pages, "pages: unknown");
    }
    show_put(writer, "0.96 setgray 0 0 595 842 rectfill\n"
                     "0.75 setgray 1.5 setlinewidth 30 30 535 782 rectstroke\n"
                     "0.15 setgray /Strong 64 selectfont 70 560 moveto ");
    const char *name = platen_show_language_name(document->language);
    put_string(writer, (const unsigned char *)name, strlen(name));
    show_put(writer, " show\n0.3 setgray /Plain 34 selectfont\n70 480 moveto ");
    put_string(writer, (const unsigned char *)pages, strlen(pages));
    show_put(writer, " show\n70 435 moveto ");
    put_string(writer, (const unsigned char *)size, strlen(size));
    show_put(writer, " show\n0.45 setgray /Plain 18 selectfont\n");
    put_paragraph(writer, result->reason, 370);
    show_put(writer, "showpage\n");
}

int show_write_cards(const struct platen_show_result *const *results, size_t count,
                     const char *path)
{
    struct show_writer writer;
    int status = show_writer_open(&writer, path);
    if (status < 0) {
        return status;
    }
    show_put(&writer, prologue);
    for (size_t i = 0; i < count; i++) {
        put_card(&writer, results[i]);
    }
    return show_writer_close(&writer);
}
