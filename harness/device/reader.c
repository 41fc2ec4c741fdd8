/* SPDX-License-Identifier: MIT */
#include "device/reader.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool device_reader_object(struct device_reader *reader, const char *where, const char *what)
{
    if (reader->wrong == NULL) {
        reader->wrong = what;
        reader->wrong_at = where;
    }
    return false;
}

void device_reader_skip_blanks(struct device_reader *reader)
{
    while (*reader->at == ' ' || *reader->at == '\t' || *reader->at == '\r') {
        reader->at++;
    }
}

/* Takes the word if it stands here. */
bool device_reader_word(struct device_reader *reader, const char *word)
{
    size_t length = strlen(word);
    device_reader_skip_blanks(reader);
    if (strncmp(reader->at, word, length) != 0 || isalnum((unsigned char)reader->at[length])) {
        return false;
    }
    reader->at += length;
    return true;
}

bool device_reader_number(struct device_reader *reader, uint64_t *number)
{
    device_reader_skip_blanks(reader);
    const char *start = reader->at;
    *number = 0;
    for (; *reader->at >= '0' && *reader->at <= '9'; reader->at++) {
        unsigned digit = (unsigned)(*reader->at - '0');
        if (*number > (UINT64_MAX - digit) / 10) {
            return device_reader_object(reader, start, "the number is too large");
        }
        *number = *number * 10 + digit;
    }
    return reader->at != start ||
           device_reader_object(reader, start, "a number of bytes is wanted");
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *found = c == '\0' ? NULL : strchr(digits, c);
    return found == NULL ? -1 : (int)((found - digits) % 16);
}

/* What follows a backslash. */
static bool take_escape(struct device_reader *reader, char *to)
{
    static const char names[] = "\"\\rntef0";
    static const char means[] = "\"\\\r\n\t\x1b\f";
    const char *start = reader->at - 1;
    if (*reader->at == 'x') {
        int high = hex_digit(reader->at[1]);
        int low = high < 0 ? -1 : hex_digit(reader->at[2]);
        if (low < 0) {
            return device_reader_object(reader, start, "\\x wants two hexadecimal digits");
        }
        *to = (char)(high * 16 + low);
        reader->at += 3;
        return true;
    }
    const char *found = *reader->at == '\0' ? NULL : strchr(names, *reader->at);
    if (found == NULL) {
        return device_reader_object(reader, start, "an escape that is not known");
    }
    *to = means[found - names];
    reader->at++;
    return true;
}

bool device_reader_quoted(struct device_reader *reader, size_t limit, char **text, size_t *size)
{
    device_reader_skip_blanks(reader);
    const char *start = reader->at;
    *text = NULL;
    *size = 0;
    if (*reader->at != '"') {
        return device_reader_object(reader, start, "a text in quotes is wanted");
    }
    size_t room = strcspn(++reader->at, "\n");
    *text = malloc(room + 1);
    while (*text != NULL && *reader->at != '"') {
        if (*reader->at == '\0' || *reader->at == '\n') {
            return device_reader_object(reader, start, "the text has no closing quote");
        }
        char c = *reader->at++;
        if (c == '\\' && !take_escape(reader, &c)) {
            return false;
        }
        (*text)[(*size)++] = c;
    }
    if (*text == NULL) {
        return device_reader_object(reader, start, "there is no memory for the text");
    }
    reader->at++;
    return *size <= limit || device_reader_object(reader, start, "the text is too long");
}

char *device_reader_describe(const struct device_reader *reader)
{
    size_t size = strlen(reader->wrong) + 64;
    char *text = malloc(size);
    if (text != NULL) {
        snprintf(text, size, "%u:%u: %s", reader->line,
                 (unsigned)(reader->wrong_at - reader->line_start) + 1, reader->wrong);
    }
    return text;
}
