/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/inside.h"

struct check_text {
    struct check_text *next;
    char text[];
};

static char *keep(struct check_texts *texts, size_t length)
{
    struct check_text *made = malloc(sizeof *made + length + 1);
    if (made == NULL) {
        return NULL;
    }
    made->next = texts->first;
    texts->first = made;
    made->text[length] = '\0';
    return made->text;
}

char *check_keep(struct check_texts *texts, const char *text)
{
    char *copy = text == NULL ? NULL : keep(texts, strlen(text));
    return copy == NULL ? NULL : strcpy(copy, text);
}

char *check_keep_format(struct check_texts *texts, const char *format, va_list list)
{
    va_list again;
    va_copy(again, list);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *text = length < 0 ? NULL : keep(texts, (size_t)length);
    if (text != NULL) {
        vsnprintf(text, (size_t)length + 1, format, list);
    }
    return text;
}

char *check_print(struct check_texts *texts, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    char *text = check_keep_format(texts, format, list);
    va_end(list);
    return text;
}

static const struct attribute {
    const char *word;
    const char *summary;
} attributes[] = {
#define PLATEN_ATTRIBUTE(name, bit, summary) {"!" #name, summary},
#include "call/attributes.def"
#undef PLATEN_ATTRIBUTE
};

const char *check_legend(struct check_texts *texts, const char *lines)
{
    const char *legend = "";
    for (size_t i = 0; lines != NULL && i < sizeof attributes / sizeof *attributes; i++) {
        if (strstr(lines, attributes[i].word) != NULL) {
            legend = check_print(texts, "%s%s%s means: %s", legend == NULL ? "" : legend,
                                 legend == NULL || *legend == '\0' ? "" : "; ", attributes[i].word,
                                 attributes[i].summary);
        }
    }
    return legend == NULL ? "" : legend;
}

/* The next line of a block, without what it is moved in by. */
static size_t take_line(const char **at)
{
    *at += strspn(*at, " \n");
    return strcspn(*at, "\n");
}

char *check_headline(struct check_texts *texts, const char *text)
{
    const char *at = text;
    size_t length = take_line(&at);
    if (at[length] == '\0') {
        const char *arrow = strstr(text, " -> ");
        return check_print(texts, "%.*s", arrow == NULL ? (int)strlen(text) : (int)(arrow - text),
                           text);
    }
    char *line = check_print(texts, "%.*s", (int)length, at);
    bool begins = true;
    for (at += length; line != NULL && (length = take_line(&at)) > 0; at += length) {
        bool ends = *at == '}';
        line = check_print(texts, "%s%s%.*s", line, begins || ends ? " " : "; ", (int)length, at);
        begins = at[length - 1] == '{';
    }
    return line;
}

char *check_quote(struct check_texts *texts, const char *text)
{
    char *quoted = keep(texts, 4 * strlen(text) + 2);
    char *to = quoted;
    if (quoted == NULL) {
        return NULL;
    }
    *to++ = '"';
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        bool escaped = byte == '"' || byte == '\\';
        bool dollar = byte == '$' && text[1] == '{';
        if (byte < 0x20 || byte == 0x7f || dollar) {
            to += snprintf(to, 5, "\\x%02x", byte);
            continue;
        }
        if (escaped) {
            *to++ = '\\';
        }
        *to++ = (char)byte;
    }
    *to++ = '"';
    *to = '\0';
    return quoted;
}

char *check_units(struct check_texts *texts, const char *text)
{
    char *units = check_print(texts, "\"");
    for (const char *at = text; units != NULL && *at != '\0'; at++) {
        if (*at < ' ' || *at > '~' || *at == '"' || *at == '\\' || *at == '$') {
            return NULL;
        }
        units = check_print(texts, "%s%c\\x00", units, *at);
    }
    return units == NULL ? NULL : check_print(texts, "%s\\x00\\x00\"", units);
}

void check_texts_free(struct check_texts *texts)
{
    while (texts->first != NULL) {
        struct check_text *next = texts->first->next;
        free(texts->first);
        texts->first = next;
    }
}
