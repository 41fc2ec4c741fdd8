/* SPDX-License-Identifier: MIT
 *
 * Text in memory of a fixed size, for lines other than those of calls. What does not fit is left
 * out and counted. Nothing here allocates or locks.
 */
#ifndef TRACE_TEXT_H
#define TRACE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct trace_text {
    char *to;
    size_t room;
    size_t used; /* needed so far; may pass `room` */
};

void trace_put(struct trace_text *text, const char *bytes, size_t length);
void trace_put_text(struct trace_text *text, const char *from);
void trace_put_number(struct trace_text *text, uint64_t number);
/* Nanoseconds as microseconds: 12.345 */
void trace_put_micro(struct trace_text *text, uint64_t nanoseconds);
/* In quotes, as call/words.h reads it: UTF-8 with what is no character, or could disturb a
 * terminal, escaped; bytes that are no UTF-8 as \xHH. */
void trace_put_quoted(struct trace_text *text, const char *from);
/* In quotes, as JSON wants it, in ASCII. */
void trace_put_json(struct trace_text *text, const char *from);

#endif
