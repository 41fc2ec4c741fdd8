/* SPDX-License-Identifier: MIT
 *
 * Inside of the call's text: who reads a line, shared by the line and its values. Each take_
 * function steps over what it read; false: the error is filled.
 */
#ifndef CALL_WORDREAD_H
#define CALL_WORDREAD_H

#include "call/wordlist.h"

struct call_reader {
    struct call_arena *arena;
    struct platen_text_error *error;
    const unsigned char *begin;
    const unsigned char *at;
    const unsigned char *end;
    size_t wide; /* bytes so far that continue a character */
    uint32_t number;
    unsigned depth;
};

/* The byte that stands `ahead` bytes further on; 0 behind the end. */
static inline unsigned char call_peek(const struct call_reader *reader, size_t ahead)
{
    return ahead < (size_t)(reader->end - reader->at) ? reader->at[ahead] : (unsigned char)'\0';
}

static inline bool call_is_blank(unsigned char c)
{
    return c == ' ' || c == '\t';
}

uint32_t call_column(const struct call_reader *reader);
bool call_read_fail(struct call_reader *reader, const char *what);
/* One character of anything but text. */
bool call_take(struct call_reader *reader);
/* The letters after $, @ or !, of which one stands here. dots: - and . as well. */
bool call_take_label(struct call_reader *reader, struct platen_word *word, bool dots);
bool call_take_bare(struct call_reader *reader, struct platen_word *word);
/* A value without attributes and alternatives. */
bool call_take_plain(struct call_reader *reader, struct platen_word *word);
/* What stands between braces or brackets, from the one to the other. */
bool call_take_inside(struct call_reader *reader, struct platen_word *word, unsigned char close);

#endif
