/* SPDX-License-Identifier: MIT
 *
 * Reading a line. The reader walks the line once; words stand in an arena that is emptied, not
 * freed, from line to line.
 */
#include "call/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/escape.h"
#include "call/wordread.h"

bool platen_text_fail(struct platen_text_error *error, uint32_t line, uint32_t column,
                      const char *format, ...)
{
    if (error == NULL) {
        return false;
    }
    va_list list;
    va_start(list, format);
    int length = vsnprintf(error->what, sizeof error->what, format, list);
    va_end(list);
    error->line = line;
    error->column = column;
    if (length >= (int)sizeof error->what) { /* never half a character */
        size_t end = sizeof error->what - 1;
        while (end > 0 && ((unsigned char)error->what[end - 1] & 0xc0) == 0x80) {
            end--;
        }
        end -= end > 0 && (unsigned char)error->what[end - 1] >= 0xc0;
        error->what[end] = '\0';
    }
    return false;
}

static void skip_blanks(struct call_reader *reader)
{
    while (reader->at < reader->end && call_is_blank(*reader->at)) {
        reader->at++;
    }
}

static struct platen_word *new_word(struct call_reader *reader)
{
    struct platen_word *word = call_arena_take(reader->arena, sizeof *word);
    if (word == NULL) {
        (void)call_read_fail(reader, "no memory for this line");
        return NULL;
    }
    *word = (struct platen_word){.line = reader->number, .column = call_column(reader)};
    return word;
}

/* !guard !short=20 */
static bool take_attributes(struct call_reader *reader, struct platen_word *word)
{
    const struct platen_word **link = &word->attributes;
    while (call_peek(reader, 0) == '!') {
        struct platen_word *attribute = new_word(reader);
        if (attribute == NULL || !call_take_label(reader, attribute, false)) {
            return false;
        }
        attribute->name = attribute->at;
        attribute->name_length = attribute->length;
        attribute->at += attribute->length;
        attribute->length = 0;
        if (call_peek(reader, 0) == '=') {
            reader->at++;
            if (!call_take_bare(reader, attribute)) {
                return false;
            }
        }
        *link = attribute;
        link = &attribute->next;
    }
    return true;
}

/* What stands behind a value must part it from the next. */
static bool is_apart(struct call_reader *reader)
{
    unsigned char c = call_peek(reader, 0);
    bool closes = reader->depth > 0 && (c == '}' || c == ']');
    return reader->at == reader->end || call_is_blank(c) || closes ||
           call_read_fail(reader, "a blank is missing here, or this wants quotes");
}

static bool take_value(struct call_reader *reader, struct platen_word *first)
{
    struct platen_word *word = first;
    const unsigned char *begin = reader->at;
    for (;;) {
        const unsigned char *own = reader->at;
        if (!call_take_plain(reader, word) || !take_attributes(reader, word)) {
            return false;
        }
        word->raw = (const char *)own;
        word->raw_length = (size_t)(reader->at - own);
        if (call_peek(reader, 0) != '|') {
            break;
        }
        reader->at++;
        struct platen_word *other = new_word(reader);
        if (other == NULL) {
            return false;
        }
        word->either = other;
        word = other;
    }
    first->raw = (const char *)begin;
    first->raw_length = (size_t)(reader->at - begin);
    return is_apart(reader);
}

/* Bytes of "name=" here; 0 if that is not what stands here. */
static size_t name_ahead(const struct call_reader *reader)
{
    const unsigned char *at = reader->at;
    if (!call_is_name_begin(*at)) {
        return 0;
    }
    while (at < reader->end && (call_is_name(*at) || *at == '-')) {
        at++;
    }
    return at < reader->end && *at == '=' ? (size_t)(at + 1 - reader->at) : 0;
}

static struct platen_word *take_word(struct call_reader *reader)
{
    struct platen_word *word = new_word(reader);
    if (word == NULL) {
        return NULL;
    }
    size_t name = name_ahead(reader);
    if (name == 0) {
        return take_value(reader, word) ? word : NULL;
    }
    word->name = (const char *)reader->at;
    word->name_length = name - 1;
    reader->at += name;
    unsigned char c = call_peek(reader, 0);
    if (reader->at == reader->end || call_is_blank(c) || c == '}' || c == ']') {
        word->at = word->raw = (const char *)reader->at;
        return is_apart(reader) ? word : NULL;
    }
    return take_value(reader, word) ? word : NULL;
}

bool call_take_inside(struct call_reader *reader, struct platen_word *word, unsigned char close)
{
    uint32_t opened = call_column(reader);
    const struct platen_word **link = &word->inside;
    if (reader->depth == PLATEN_WORDS_DEEP) {
        return call_read_fail(reader, "too many braces and brackets within each other");
    }
    reader->depth++;
    reader->at++;
    for (;;) {
        skip_blanks(reader);
        if (reader->at == reader->end) {
            return platen_text_fail(reader->error, reader->number, opened, "this %c has no %c",
                                    close == '}' ? '{' : '[', close);
        }
        if (*reader->at == close) {
            break;
        }
        if (*reader->at == '}' || *reader->at == ']') {
            return platen_text_fail(reader->error, reader->number, call_column(reader),
                                    "%c stands here, %c was expected", *reader->at, close);
        }
        struct platen_word *next = take_word(reader);
        if (next == NULL) {
            return false;
        }
        *link = next;
        link = &next->next;
    }
    reader->at++;
    reader->depth--;
    return true;
}

/* ---- the line -------------------------------------------------------------------------------- */

static bool take_comment(struct call_reader *reader)
{
    while (reader->at < reader->end) {
        if (!call_take(reader)) {
            return false;
        }
    }
    return true;
}

static bool at_end(struct call_reader *reader)
{
    skip_blanks(reader);
    return reader->at == reader->end || *reader->at == '#';
}

static bool take_arrow(struct call_reader *reader, struct platen_line *line)
{
    if (line->arrow != 0) {
        return call_read_fail(reader, "a second -> in this line");
    }
    line->arrow = call_column(reader);
    reader->at += 2;
    return reader->at == reader->end || call_is_blank(*reader->at) ||
           call_read_fail(reader, "a blank is missing behind ->");
}

/* A brace that is no word: { at the end, } alone. */
static bool take_brace(struct call_reader *reader, struct platen_line *line, bool *taken)
{
    unsigned char c = call_peek(reader, 0);
    uint32_t here = call_column(reader);
    struct call_reader ahead = *reader;
    ahead.at++;
    *taken = c == '}' || c == ']' || (c == '{' && at_end(&ahead));
    if (!*taken) {
        return true;
    }
    if (c == '{') {
        line->opens = here;
    } else if (c == '}' && line->left == NULL && line->arrow == 0 && at_end(&ahead)) {
        line->closes = here;
    } else if (c == '}' && line->left == NULL && line->arrow == 0) {
        reader->at = ahead.at;
        return call_read_fail(reader, "nothing can follow the } that ends a block");
    } else {
        return platen_text_fail(reader->error, reader->number, here, "%c ends nothing", c);
    }
    reader->at = ahead.at;
    return true;
}

static bool take_line(struct call_reader *reader, struct platen_line *line)
{
    const struct platen_word **link = &line->left;
    const unsigned char *first_end = NULL;
    while (!at_end(reader)) {
        bool brace = false;
        if (!take_brace(reader, line, &brace)) {
            return false;
        }
        if (brace) {
            continue;
        }
        if (call_peek(reader, 0) == '-' && call_peek(reader, 1) == '>') {
            if (!take_arrow(reader, line)) {
                return false;
            }
            link = &line->right;
            continue;
        }
        if (line->arrow == 0 && first_end != NULL && line->left->next == NULL) {
            line->depth = (uint32_t)(reader->at - first_end - 1) / 2;
        }
        struct platen_word *word = take_word(reader);
        if (word == NULL) {
            return false;
        }
        first_end = first_end == NULL ? reader->at : first_end;
        *link = word;
        link = &word->next;
    }
    return take_comment(reader);
}

static size_t without_break(const char *text, size_t length)
{
    length -= length > 0 && text[length - 1] == '\n';
    length -= length > 0 && text[length - 1] == '\r';
    return length;
}

bool platen_words_read(struct platen_words *words, const char *text, size_t length, uint32_t number,
                       struct platen_line *line, struct platen_text_error *error)
{
    *line = (struct platen_line){.number = number};
    call_arena_reset(&words->arena);
    length = without_break(text, length);
    if (length > PLATEN_WORDS_LONG) {
        return platen_text_fail(error, number, 1, "this line is longer than %u MiB",
                                PLATEN_WORDS_LONG >> 20);
    }
    struct call_reader reader = {.arena = &words->arena,
                                 .error = error,
                                 .begin = (const unsigned char *)text,
                                 .at = (const unsigned char *)text,
                                 .end = (const unsigned char *)text + length,
                                 .number = number};
    if (take_line(&reader, line)) {
        return true;
    }
    *line = (struct platen_line){.number = number};
    return false;
}

struct platen_words *platen_words_new(void)
{
    return calloc(1, sizeof(struct platen_words));
}

void platen_words_free(struct platen_words *words)
{
    if (words != NULL) {
        call_arena_free(&words->arena);
        free(words);
    }
}
