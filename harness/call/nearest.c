/* SPDX-License-Identifier: MIT
 *
 * The name that was meant, by the letters that would have to change.
 */
#include <stdio.h>
#include <string.h>

#include "call/words.h"

#define LONGEST 64u

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Letters put in, taken out, exchanged, or swapped with their neighbour. */
static unsigned distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    unsigned char rows[3][LONGEST + 1];
    for (size_t j = 0; j <= b_length; j++) {
        rows[0][j] = (unsigned char)j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        unsigned char *row = rows[i % 3];
        const unsigned char *above = rows[(i + 2) % 3];
        const unsigned char *higher = rows[(i + 1) % 3];
        row[0] = (unsigned char)i;
        for (size_t j = 1; j <= b_length; j++) {
            bool same = lower(a[i - 1]) == lower(b[j - 1]);
            unsigned best = least(above[j - 1] + !same, least(above[j], row[j - 1]) + 1u);
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                lower(a[i - 2]) == lower(b[j - 1])) {
                best = least(best, higher[j - 2] + 1u);
            }
            row[j] = (unsigned char)best;
        }
    }
    return rows[a_length % 3][b_length];
}

const char *platen_nearest(const char *word, size_t length, const void *names, size_t stride,
                           size_t count)
{
    const char *nearest = NULL;
    unsigned best = length < 3 ? 2 : (unsigned)length / 3 + 1; /* one more than is near */
    if (length == 0 || length > LONGEST) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        const char *name;
        memcpy(&name, (const char *)names + i * stride, sizeof name);
        size_t own = name == NULL ? LONGEST + 1 : strlen(name);
        if (own > LONGEST) {
            continue;
        }
        unsigned changes = distance(word, length, name, own);
        if (changes < best) {
            best = changes;
            nearest = name;
        }
    }
    return nearest;
}

struct platen_hint platen_hint(const char *word, size_t length, const void *names, size_t stride,
                               size_t count)
{
    struct platen_hint hint = {""};
    const char *nearest = platen_nearest(word, length, names, stride, count);
    if (nearest != NULL) {
        snprintf(hint.text, sizeof hint.text, "; %s?", nearest);
    }
    return hint;
}
