/* SPDX-License-Identifier: MIT
 *
 * Elements and text that gather in memory, written by libxml2, for the formats that are XML or
 * look like it.
 */
#ifndef REPORT_MARKUP_H
#define REPORT_MARKUP_H

#include <libxml/xmlwriter.h>
#include <stdbool.h>
#include <stdint.h>

#include "report/text.h"

struct markup {
    xmlBufferPtr buffer;
    xmlTextWriterPtr writer;
    bool failed; /* memory was out */
};

bool markup_open(struct markup *markup);
void markup_close(struct markup *markup);

void markup_begin(struct markup *markup, const char *element);
/* An element with nothing in it becomes <a/>. */
void markup_end(struct markup *markup);
/* It becomes <a></a>, which is what HTML wants. */
void markup_end_pair(struct markup *markup);
/* NULL is left out. */
void markup_attribute(struct markup *markup, const char *name, const char *value);
void markup_number(struct markup *markup, const char *name, uint64_t value);
/* Whatever the text has in it, it is text; characters that XML cannot have are shown as escapes. */
void markup_text(struct markup *markup, const char *text);
/* As it is. */
void markup_raw(struct markup *markup, const char *text);
/* What has gathered in another. */
void markup_append(struct markup *markup, struct markup *from);
void markup_empty(struct markup *markup);
/* All of it as text. */
void markup_put(struct markup *markup, struct text *to);

#endif
