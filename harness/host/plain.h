/* SPDX-License-Identifier: MIT
 *
 * Text that is put together where nothing of the library's may be called: in a signal handler.
 */
#ifndef HOST_PLAIN_H
#define HOST_PLAIN_H

#include <stddef.h>
#include <stdint.h>

struct host_plain {
    char *to; /* terminated, once something was put; what does not fit is left out */
    size_t used;
    size_t size;
};

static inline void host_put_char(struct host_plain *text, char letter)
{
    if (text->used + 1 < text->size) {
        text->to[text->used++] = letter;
        text->to[text->used] = '\0';
    }
}

static inline void host_put(struct host_plain *text, const char *words)
{
    for (; *words != '\0'; words++) {
        host_put_char(text, *words);
    }
}

/* A name between quotes: what would end it, or is not plain, becomes a question mark. */
static inline void host_put_name(struct host_plain *text, const char *name)
{
    for (; *name != '\0'; name++) {
        int plain = *name > ' ' && *name < 0x7f && *name != '"' && *name != '\\';
        host_put_char(text, plain ? *name : '?');
    }
}

static inline void host_put_hex(struct host_plain *text, uint64_t value)
{
    unsigned shift = 60;
    while (shift > 0 && value >> shift == 0) {
        shift -= 4;
    }
    host_put(text, "0x");
    for (; shift > 0; shift -= 4) {
        host_put_char(text, "0123456789abcdef"[value >> shift & 15]);
    }
    host_put_char(text, "0123456789abcdef"[value & 15]);
}

#endif
