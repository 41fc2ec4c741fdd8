/* SPDX-License-Identifier: MIT
 *
 * Patterns of text. Only the last * is ever gone back to, so the time is at most the product of the
 * two lengths.
 */
#include "call/matching.h"

/* The set that begins at pattern[at], "[a-z]": does it hold the unit? Returns the index behind it;
 * at itself if it does not end, and then [ is itself. */
static size_t take_set(const char16_t *pattern, size_t length, size_t at, char16_t unit,
                       bool *holds)
{
    size_t i = at + 1;
    bool found = false, negated = i < length && pattern[i] == u'!';
    i += negated;
    for (size_t first = i; i < length && (pattern[i] != u']' || i == first); i++) {
        bool range = i + 2 < length && pattern[i + 1] == u'-' && pattern[i + 2] != u']';
        char16_t high = range ? pattern[i + 2] : pattern[i];
        found = found || (unit >= pattern[i] && unit <= high);
        i += range ? 2 : 0;
    }
    if (i >= length) {
        *holds = unit == u'[';
        return at;
    }
    *holds = found != negated;
    return i + 1;
}

/* One piece of the pattern that is no *; returns the index behind it. */
static size_t take_piece(const char16_t *pattern, size_t length, size_t at, char16_t unit,
                         bool *fits)
{
    if (pattern[at] == u'[') {
        size_t next = take_set(pattern, length, at, unit, fits);
        return next == at ? at + 1 : next;
    }
    *fits = pattern[at] == u'?' || pattern[at] == unit;
    return at + 1;
}

bool call_glob(const char16_t *pattern, size_t pattern_length, const char16_t *text, size_t length)
{
    size_t p = 0, t = 0, star = SIZE_MAX, resume = 0;
    while (t < length) {
        bool fits = false;
        size_t next = p;
        if (p < pattern_length && pattern[p] == u'*') {
            star = p++;
            resume = t;
            continue;
        }
        if (p < pattern_length) {
            next = take_piece(pattern, pattern_length, p, text[t], &fits);
        }
        if (fits) {
            p = next;
            t++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern_length && pattern[p] == u'*') {
        p++;
    }
    return p == pattern_length;
}
