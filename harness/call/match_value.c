/* SPDX-License-Identifier: MIT
 *
 * One value beside one pattern.
 */
#include <stdlib.h>
#include <string.h>

#include "call/matching.h"
#include "call/wordlist.h"
#include "os/error.h"
#include "os/text.h"

#define MAX_HOPS 16

static const char sha_prefix[] = "sha256:";

/* ---- numbers --------------------------------------------------------------------------------- */

bool call_range(const struct platen_word *word, uint64_t *least, uint64_t *most)
{
    *least = 0;
    *most = UINT64_MAX;
    if (word->kind != PLATEN_WORD_BARE || word->length < 3) {
        return false;
    }
    size_t dots = 0;
    while (dots + 1 < word->length && (word->at[dots] != '.' || word->at[dots + 1] != '.')) {
        dots++;
    }
    size_t after = dots + 2;
    if (after > word->length) {
        return false;
    }
    return (dots == 0 || call_number(word->at, dots, least)) &&
           (after == word->length || call_number(word->at + after, word->length - after, most));
}

bool call_error_matches(const struct platen_word *expected, uint32_t code)
{
    static const char prefix[] = "ERROR_";
    const char *name = platen_error_name(code);
    if (name == NULL || expected->kind != PLATEN_WORD_BARE) {
        return false;
    }
    size_t length = strlen(name), skip = sizeof prefix - 1;
    return (expected->length == length && memcmp(expected->at, name, length) == 0) ||
           (length > skip && expected->length == length - skip &&
            memcmp(expected->at, name + skip, length - skip) == 0);
}

bool call_number_matches(const struct platen_word *expected, uint64_t value)
{
    uint64_t least, most;
    int64_t negative;
    if (platen_word_number(expected, &least)) {
        return value == least;
    }
    if (platen_word_signed(expected, &negative)) {
        return value == (uint64_t)negative || value == (uint32_t)negative;
    }
    if (call_range(expected, &least, &most)) {
        return value >= least && value <= most;
    }
    if (platen_word_is(expected, "TRUE") || platen_word_is(expected, "FALSE")) {
        return (value != 0) == (expected->at[0] == 'T');
    }
    return value <= UINT32_MAX && call_error_matches(expected, (uint32_t)value);
}

/* ---- text and bytes -------------------------------------------------------------------------- */

static const char16_t *decoded(struct call_matching *m, const struct platen_word *word,
                               size_t *units)
{
    *units = platen_word_text16(word, NULL, 0);
    char16_t *text = call_arena_take(&m->matcher->arena, (*units + 1) * sizeof *text);
    if (text != NULL) {
        (void)platen_word_text16(word, text, *units);
    }
    return text;
}

static bool same_text(struct call_matching *m, const struct platen_word *expected,
                      const struct call_value *value)
{
    size_t units;
    const char16_t *text = decoded(m, expected, &units);
    return text != NULL && units == value->size &&
           (units == 0 || memcmp(text, value->data, units * sizeof *text) == 0);
}

static bool same_bytes(struct call_matching *m, const struct platen_word *expected,
                       const struct call_value *value)
{
    size_t size = platen_word_bytes(expected, NULL, 0);
    if (size != value->size) {
        return false;
    }
    unsigned char *bytes = call_arena_take(&m->matcher->arena, size + 1);
    if (bytes == NULL) {
        return false;
    }
    (void)platen_word_bytes(expected, bytes, size);
    return size == 0 || memcmp(bytes, value->data, size) == 0;
}

/* A byte is a unit of that number, in the pattern and in the data. */
static const char16_t *widened(struct call_matching *m, const unsigned char *bytes, size_t size)
{
    char16_t *text = call_arena_take(&m->matcher->arena, (size + 1) * sizeof *text);
    for (size_t i = 0; text != NULL && i < size; i++) {
        text[i] = bytes[i];
    }
    return text;
}

static bool glob_matches(struct call_matching *m, const struct platen_word *expected,
                         const struct call_value *value)
{
    size_t length;
    const char16_t *pattern, *text;
    if (value->sort == CALL_TEXT) {
        char16_t *copy = call_arena_take(&m->matcher->arena, (value->size + 1) * sizeof *copy);
        if (copy != NULL && value->size > 0) {
            memcpy(copy, value->data, value->size * sizeof *copy);
        }
        text = copy;
        pattern = decoded(m, expected, &length);
    } else {
        length = platen_word_bytes(expected, NULL, 0);
        unsigned char *bytes = call_arena_take(&m->matcher->arena, length + 1);
        if (bytes == NULL) {
            return false;
        }
        (void)platen_word_bytes(expected, bytes, length);
        pattern = widened(m, bytes, length);
        text = widened(m, value->data, value->size);
    }
    return pattern != NULL && text != NULL && call_glob(pattern, length, text, value->size);
}

static bool is_digest(const struct platen_word *word)
{
    return word->length == sizeof sha_prefix - 1 + 64 &&
           memcmp(word->at, sha_prefix, sizeof sha_prefix - 1) == 0;
}

static bool digest_matches(struct call_matching *m, const struct platen_word *expected,
                           const struct call_value *value)
{
    char got[65];
    const char *hex = expected->at + sizeof sha_prefix - 1;
    const void *data = value->data;
    size_t size = value->size;
    if (m->form == NULL || m->form->sha256 == NULL) {
        return false;
    }
    if (value->sort == CALL_TEXT) {
        char16_t *units = call_arena_take(&m->matcher->arena, (size + 1) * sizeof *units);
        char *utf8 = call_arena_take(&m->matcher->arena, size * 3 + 1);
        if (units == NULL || utf8 == NULL) {
            return false;
        }
        memcpy(units, data, size * sizeof *units);
        size = platen_text_to8(units, size, utf8, size * 3 + 1);
        data = utf8;
    }
    m->form->sha256(m->form->context, data, size, got);
    for (size_t i = 0; i < 64; i++) {
        char c = hex[i] >= 'A' && hex[i] <= 'F' ? (char)(hex[i] + ('a' - 'A')) : hex[i];
        if (c != got[i]) {
            return false;
        }
    }
    return true;
}

static bool stream_matches(struct call_matching *m, const struct platen_word *expected,
                           const struct call_value *value)
{
    const struct platen_names *names = m->form == NULL ? NULL : m->form->names;
    const void *bytes = NULL;
    uint64_t count = expected->count;
    return value->sort == CALL_BYTES && names != NULL && names->stream != NULL &&
           names->stream(names->context, expected->at, expected->length, expected->offset, &count,
                         &bytes) &&
           count == value->size && (count == 0 || memcmp(bytes, value->data, value->size) == 0);
}

/* ---- names ----------------------------------------------------------------------------------- */

static bool bind(struct call_matching *m, const struct platen_word *expected,
                 const struct call_value *value)
{
    const struct platen_match_form *form = m->form;
    return form != NULL && form->bind != NULL &&
           form->bind(form->context, platen_kind_of_handle(value->kind), expected->at,
                      expected->length, value->number);
}

static bool name_matches(struct call_matching *m, const struct platen_word *expected,
                         const struct call_value *value)
{
    const struct platen_names *names = m->form == NULL ? NULL : m->form->names;
    uint64_t bits;
    if (value->sort == CALL_NUMBER) {
        return bind(m, expected, value);
    }
    if (value->sort != CALL_HANDLE) {
        return false;
    }
    if (names != NULL && names->handle != NULL &&
        names->handle(names->context, platen_kind_of_handle(value->kind), expected->at,
                      expected->length, &bits)) {
        return bits == value->number;
    }
    return bind(m, expected, value);
}

static bool bits_match(const struct call_matching *m, const struct platen_word *expected,
                       const struct call_value *value)
{
    const char *kind;
    size_t length;
    uint64_t bits;
    if (!platen_word_bits(expected, &kind, &length, &bits) &&
        !platen_word_number(expected, &bits)) {
        return false;
    }
    bool loose = m->form != NULL && m->form->trace;
    return loose ? (bits != 0) == (value->number != 0) : bits == value->number;
}

/* ---- all sorts ------------------------------------------------------------------------------- */

static bool bare_matches(struct call_matching *m, const struct platen_word *expected,
                         const struct call_value *value)
{
    if (platen_word_is(expected, "any")) {
        return value->sort != CALL_NOTHING;
    }
    switch (value->sort) {
    case CALL_NULL:
        return platen_word_is(expected, "NULL");
    case CALL_NUMBER:
        return call_number_matches(expected, value->number);
    case CALL_HANDLE:
    case CALL_POINTER:
        return platen_word_is(expected, "NULL") ? value->number == 0
                                                : bits_match(m, expected, value);
    case CALL_TEXT:
    case CALL_BYTES:
        if (is_digest(expected)) {
            return digest_matches(m, expected, value);
        }
        return !platen_word_is(expected, "NULL") &&
               (value->sort == CALL_TEXT ? same_text(m, expected, value)
                                         : same_bytes(m, expected, value));
    case CALL_WILD:
        return m->form != NULL && m->form->trace && expected->length > 5 &&
               memcmp(expected->at, "wild:", 5) == 0;
    case CALL_NOTHING:
    case CALL_TREE:
        break;
    }
    return false;
}

static bool one_matches(struct call_matching *m, const struct platen_word *expected,
                        const struct call_value *value)
{
    bool content = value->sort == CALL_TEXT || value->sort == CALL_BYTES;
    bool there = value->sort != CALL_NOTHING && value->sort != CALL_NULL;
    switch (expected->kind) {
    case PLATEN_WORD_BARE:
        return bare_matches(m, expected, value);
    case PLATEN_WORD_TEXT:
        return content && (value->sort == CALL_TEXT ? same_text(m, expected, value)
                                                    : same_bytes(m, expected, value));
    case PLATEN_WORD_GLOB:
        return content && glob_matches(m, expected, value);
    case PLATEN_WORD_NAME:
        return name_matches(m, expected, value);
    case PLATEN_WORD_STREAM:
        return stream_matches(m, expected, value);
    case PLATEN_WORD_LENGTH:
        return value->sort == CALL_BYTES && value->size == expected->count;
    case PLATEN_WORD_OMITTED:
    case PLATEN_WORD_NONE:
        return there;
    case PLATEN_WORD_FIELDS:
    case PLATEN_WORD_ROWS:
        break;
    }
    return false;
}

/* What a variable stands for; the word itself if it is none. */
static const struct platen_word *resolve(const struct call_matching *m,
                                         const struct platen_word *word)
{
    const struct platen_names *names = m->form == NULL ? NULL : m->form->names;
    for (int hop = 0; hop < MAX_HOPS && names != NULL && names->variable != NULL &&
                      word->kind == PLATEN_WORD_NAME;
         hop++) {
        const struct platen_word *other = names->variable(names->context, word->at, word->length);
        if (other == NULL) {
            break;
        }
        word = other;
    }
    return word;
}

bool call_value_matches(struct call_matching *matching, const struct platen_word *expected,
                        const struct call_value *value)
{
    for (const struct platen_word *word = expected; word != NULL; word = word->either) {
        const struct platen_word *other = resolve(matching, word);
        if (other != word && other->either != NULL) {
            if (call_value_matches(matching, other, value)) {
                return true;
            }
        } else if (one_matches(matching, other, value)) {
            return true;
        }
    }
    return false;
}

/* ---- for verbs ------------------------------------------------------------------------------- */

static bool single(const struct platen_word *pattern, const struct call_value *value,
                   const struct platen_match_form *form)
{
    struct platen_matcher matcher = {.count = 0};
    struct call_matching matching = {.matcher = &matcher, .form = form};
    bool matches = call_value_matches(&matching, pattern, value);
    call_arena_free(&matcher.arena);
    return matches;
}

bool platen_match_number(const struct platen_word *pattern, uint64_t value)
{
    const struct call_value number = {.sort = CALL_NUMBER, .number = value};
    return single(pattern, &number, NULL);
}

bool platen_match_text(const struct platen_word *pattern, const char *utf8)
{
    struct call_value value = {.sort = CALL_TEXT};
    char16_t *text = platen_text_new16(utf8, SIZE_MAX);
    if (text == NULL) {
        return false;
    }
    value.data = text;
    value.size = platen_text_length16(text, SIZE_MAX);
    bool matches = single(pattern, &value, NULL);
    free(text);
    return matches;
}

bool platen_match_bytes(const struct platen_word *pattern, const void *data, size_t size,
                        const struct platen_match_form *form)
{
    const struct call_value value = {.sort = CALL_BYTES, .data = data, .size = size};
    return single(pattern, &value, form);
}
