/* SPDX-License-Identifier: MIT */
#include "report/markup.h"

#include <inttypes.h>
#include <stdio.h>

void markup_close(struct markup *markup)
{
    if (markup->writer != NULL) {
        xmlFreeTextWriter(markup->writer);
    }
    if (markup->buffer != NULL) {
        xmlBufferFree(markup->buffer);
    }
    *markup = (struct markup){0};
}

bool markup_open(struct markup *markup)
{
    *markup = (struct markup){.buffer = xmlBufferCreate()};
    markup->writer = markup->buffer == NULL ? NULL : xmlNewTextWriterMemory(markup->buffer, 0);
    if (markup->writer == NULL) {
        markup_close(markup);
        return false;
    }
    /* By itself it would grow by what is added each time. */
    xmlBufferSetAllocationScheme(markup->buffer, XML_BUFFER_ALLOC_DOUBLEIT);
    return true;
}

/* libxml2 takes text as bytes without a sign. */
static const xmlChar *xml(const char *text)
{
    return (const xmlChar *)text;
}

static void note(struct markup *markup, int written)
{
    markup->failed = markup->failed || written < 0;
}

void markup_begin(struct markup *markup, const char *element)
{
    note(markup, xmlTextWriterStartElement(markup->writer, xml(element)));
}

void markup_end(struct markup *markup)
{
    note(markup, xmlTextWriterEndElement(markup->writer));
}

void markup_end_pair(struct markup *markup)
{
    note(markup, xmlTextWriterFullEndElement(markup->writer));
}

void markup_attribute(struct markup *markup, const char *name, const char *value)
{
    struct text text = {0};
    if (value == NULL) {
        return;
    }
    text_put_xml(&text, value);
    note(markup, text.failed ? -1
                             : xmlTextWriterWriteAttribute(markup->writer, xml(name),
                                                           xml(text_string(&text))));
    text_free(&text);
}

void markup_number(struct markup *markup, const char *name, uint64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, value);
    markup_attribute(markup, name, digits);
}

void markup_text(struct markup *markup, const char *from)
{
    struct text text = {0};
    text_put_xml(&text, from);
    note(markup,
         text.failed ? -1 : xmlTextWriterWriteString(markup->writer, xml(text_string(&text))));
    text_free(&text);
}

void markup_raw(struct markup *markup, const char *text)
{
    note(markup, xmlTextWriterWriteRaw(markup->writer, xml(text)));
}

void markup_append(struct markup *markup, struct markup *from)
{
    note(markup, xmlTextWriterFlush(from->writer));
    note(markup, xmlTextWriterWriteRaw(markup->writer, xmlBufferContent(from->buffer)));
    markup->failed = markup->failed || from->failed;
}

void markup_empty(struct markup *markup)
{
    note(markup, xmlTextWriterFlush(markup->writer));
    xmlBufferEmpty(markup->buffer);
}

void markup_put(struct markup *markup, struct text *to)
{
    note(markup, xmlTextWriterFlush(markup->writer));
    text_put(to, (const char *)xmlBufferContent(markup->buffer),
             (size_t)xmlBufferLength(markup->buffer));
    to->failed = to->failed || markup->failed;
}
