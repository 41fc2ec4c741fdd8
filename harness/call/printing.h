/* SPDX-License-Identifier: MIT
 *
 * Inside of the printer: a line that is being written. Nothing here is terminated before the end,
 * and nothing goes through printf: a trace writes a line per call.
 */
#ifndef CALL_PRINTING_H
#define CALL_PRINTING_H

#include <string.h>

#include "call/print.h"
#include "call/structs.h"

/* What pointers may lead to. */
enum call_bounds {
    CALL_TRUSTED, /* what the caller made: anywhere, but not beyond memory that was made for it */
    CALL_REGION,  /* memory that the callee filled: only into itself */
    CALL_FOREIGN  /* what the callee handed over: where form->readable says */
};

struct call_printer {
    char *to;
    size_t size;
    size_t used; /* needed so far; may pass size */
    const struct platen_call_form *form;
    const struct platen_call *call;
    enum call_bounds bounds;
    const unsigned char *region;
    size_t region_size;
};

/* What does not fit whole. */
void call_put_cut(struct call_printer *line, const char *text, size_t length);

static inline void call_put(struct call_printer *line, const char *text, size_t length)
{
    if (line->used < line->size && length <= line->size - line->used) {
        memcpy(line->to + line->used, text, length);
        line->used += length;
    } else {
        call_put_cut(line, text, length);
    }
}

static inline void call_put_char(struct call_printer *line, char c)
{
    if (line->used < line->size) {
        line->to[line->used] = c;
    }
    line->used++;
}

#define CALL_PUT(line, literal) call_put(line, literal, sizeof(literal) - 1)

void call_put_text(struct call_printer *line, const char *text);
void call_put_number(struct call_printer *line, uint64_t value);
void call_put_hex(struct call_printer *line, uint64_t value); /* 0x1f */
/* "text" of units at any address. */
void call_put_wide(struct call_printer *line, const void *units, size_t length);
/* The text that a pointer leads to, as far as it may be followed; NULL, wild:0x... */
void call_put_pointed(struct call_printer *line, const void *text);
void call_put_bytes(struct call_printer *line, const void *bytes, size_t length);
/* Data by the form's rule: in line, as a slice, by its length. */
void call_put_data(struct call_printer *line, const struct platen_arg_info *arg, const void *bytes,
                   size_t length);
void call_put_error(struct call_printer *line, uint32_t code);
void call_put_handle(struct call_printer *line, enum platen_kind kind, uint64_t value);
/* kind:0xHEX */
void call_put_bits(struct call_printer *line, const char *kind, uint64_t value);
/* !guard ..., as they were asked for at `at`. */
void call_put_attributes(struct call_printer *line, const void *at);

/* Readable bytes at `at`, by the printer's bounds. */
size_t call_reach(const struct call_printer *line, const void *at);

/* ---- structures ------------------------------------------------------------------------------ */

/* The value of a STRUCT argument; pointer is not NULL. */
void call_put_struct(struct call_printer *line, const struct platen_arg_info *arg,
                     const void *pointer);

/* The value of an argument, as it stands on the left or on the right. */
void call_put_argument(struct call_printer *line, const struct platen_arg_info *arg,
                       uint64_t value);
/* Does that argument have something to show on the right? */
bool call_comes_back(const struct platen_call *call, const struct platen_arg_info *arg,
                     bool success);
bool call_succeeded(const struct platen_call *call);
/* How much of the memory was filled: what the callee says, but never more than there is. */
size_t call_filled(const struct platen_call *call, const struct platen_arg_info *arg);
/* Bytes of data that go in. */
size_t call_data_size(const struct platen_call *call, const struct platen_arg_info *arg);

#endif
