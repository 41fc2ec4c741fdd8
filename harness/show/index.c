/* SPDX-License-Identifier: MIT */
/* A page that shows what is in the output folder. Needs no network and runs no script. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static void put_html(struct show_writer *writer, const char *text)
{
    for (; *text; text++) {
        const char *entity = strchr("&<>\"'", *text);
        if (entity) {
            show_putf(writer, "&#%d;", *entity);
        } else {
            show_putf(writer, "%c", *text);
        }
    }
}

static void put_escaped(struct show_writer *writer, const char *text)
{
    char escaped[1024];
    put_html(writer, platen_show_escape(escaped, sizeof escaped, text));
}

static void put_facts(struct show_writer *writer, const struct platen_show_result *result)
{
    const struct platen_show_document *document = &result->document;
    show_putf(writer, "<p>%s%s, %llu bytes, ", platen_show_language_name(document->language),
              document->pjl_wrapped ? " in PJL" : "", (unsigned long long)document->size);
    if (document->pages_from == PLATEN_SHOW_PAGES_UNKNOWN) {
        show_put(writer, "pages unknown");
    } else {
        show_putf(writer, "%llu page%s (%s)", (unsigned long long)document->pages,
                  document->pages == 1 ? "" : "s",
                  platen_show_pages_from_key(document->pages_from));
    }
    show_put(writer, "</p>\n");
    const char *const remarks[] = {document->note, result->reason};
    for (size_t i = 0; i < COUNT_OF(remarks); i++) {
        if (remarks[i][0]) {
            show_put(writer, "<p class=\"remark\">");
            put_html(writer, remarks[i]);
            show_put(writer, "</p>\n");
        }
    }
}

static void put_document(struct show_writer *writer, const struct platen_show_result *result)
{
    show_put(writer, "<section>\n<h2>");
    put_escaped(writer, show_base_name(result->path));
    show_put(writer, "</h2>\n");
    put_facts(writer, result);
    for (size_t i = 0; i < result->drawn; i++) {
        const char *file = show_base_name(result->pages[i].file);
        show_putf(writer, "<a href=\"%s\"><img src=\"%s\" alt=\"page %u\"></a>\n", file, file,
                  (unsigned)i + 1);
    }
    show_put(writer, "</section>\n");
}

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<title>What was printed</title>\n<style>\n"
    "body { font: 15px/1.5 sans-serif; margin: 2em auto; max-width: 72em; background: #e9e9e6;"
    " color: #222 }\n"
    "h2 { margin: 2em 0 0; font-size: 1.1em } p { margin: 0 0 .6em } .remark { color: #777 }\n"
    "img { width: 15em; margin: 0 1em 1em 0; vertical-align: top; background: #fff;"
    " box-shadow: 0 1px 4px #0004 }\n"
    "</style>\n</head>\n<body>\n<h1>What was printed</h1>\n";

uint32_t platen_show_index(struct platen_show *show, struct platen_show_error *error)
{
    if (!show->keeps) {
        return show_fail(error, SHOW_INVALID_PARAMETER, "an index needs an output folder");
    }
    char *path = show_join(show->output, "index.html");
    if (!path) {
        return show_fail(error, SHOW_NO_MEMORY, "no memory");
    }
    struct show_writer writer;
    int status = show_writer_open(&writer, path);
    if (status == 0) {
        show_put(&writer, head);
        for (size_t i = 0; i < show->count; i++) {
            put_document(&writer, &show->items[i]->result);
        }
        show_put(&writer, "</body>\n</html>\n");
        status = show_writer_close(&writer);
    }
    uint32_t code = status == 0 ? 0 : show_fail_uv(error, status, "cannot write", path);
    free(path);
    return code;
}
