/* SPDX-License-Identifier: MIT
 *
 * What a printer says in PJL, taken apart: pure, a byte at a time, whatever the bytes are.
 *
 * A message is a heading ("@PJL USTATUS DEVICE"), lines below it, and a form feed. It may be cut
 * anywhere, follow something that is no PJL, lack its end, or never end. What is in no message is
 * handed on as it came: a job may be in a conversation of its own with the printer.
 */
#ifndef PLATEN_PJL_REPLY_H
#define PLATEN_PJL_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PJL_REPLY_LINE = 256,     /* with its NUL; what a longer line has more is left out */
    PJL_REPLY_LARGEST = 65536 /* bytes of a message: what is longer is none */
};

/* What is found; each member may be NULL. Texts are borrowed for the call and hold no NUL, CR, LF
 * or FF; what else they hold is the printer's affair. */
struct pjl_reply_sink {
    void *context;
    /* A message begins; `heading` is what stands behind "@PJL ", in one line, without blanks at
     * either end. */
    void (*begin)(void *context, const char *heading);
    /* A line of it that is not empty. */
    void (*line)(void *context, const char *line);
    /* It ends: `whole` by its form feed; otherwise the next began before that, or it is too long.
     */
    void (*end)(void *context, bool whole);
    /* Bytes that belong to no message. */
    void (*aside)(void *context, const char *bytes, size_t size);
};

/* All zero: nothing has come yet. */
struct pjl_reply {
    bool inside;
    bool begun;      /* its heading is known */
    uint32_t held;   /* outside: bytes of "@PJL " that have come */
    uint32_t length; /* of the line */
    uint32_t size;   /* of the message */
    char text[PJL_REPLY_LINE];
};

void pjl_reply_feed(struct pjl_reply *reply, const void *bytes, size_t size,
                    const struct pjl_reply_sink *sink);

#endif
