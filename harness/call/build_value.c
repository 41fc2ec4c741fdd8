/* SPDX-License-Identifier: MIT
 *
 * Values of words in native form: numbers, handles, text, bytes.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "call/building.h"
#include "call/wordlist.h"
#include "os/error.h"

#define MAX_HOPS 16 /* variables that stand for variables */

bool call_build_fail(const struct call_builder *builder, const struct platen_word *word,
                     const char *format, ...)
{
    char what[sizeof builder->error->what];
    va_list list;
    va_start(list, format);
    vsnprintf(what, sizeof what, format, list);
    va_end(list);
    return platen_text_fail(builder->error, word->line, word->column, "%s", what);
}

bool call_build_wants(const struct call_builder *builder, const struct platen_word *word,
                      const char *name, const char *what)
{
    int length = word->raw_length < 60 ? (int)word->raw_length : 60;
    return call_build_fail(builder, word, "%s wants %s, not %.*s", name, what, length, word->raw);
}

const struct platen_word *call_build_resolve(const struct call_builder *builder,
                                             const struct platen_word *word)
{
    const struct platen_names *names = builder->names;
    for (int hop = 0; hop < MAX_HOPS && names != NULL && names->variable != NULL &&
                      word->kind == PLATEN_WORD_NAME && word->attributes == NULL;
         hop++) {
        const struct platen_word *other = names->variable(names->context, word->at, word->length);
        if (other == NULL) {
            break;
        }
        word = other;
    }
    return word;
}

bool call_build_is_null(const struct platen_word *word)
{
    return platen_word_is(word, "NULL");
}

bool call_build_is_honest(const struct call_builder *builder)
{
    return builder->names != NULL && builder->names->honest;
}

bool call_build_fits(const struct call_builder *builder, const struct platen_word *word,
                     const char *name, uint64_t size, uint64_t most)
{
    return size <= most || !call_build_is_honest(builder) ||
           call_build_fail(builder, word, "%s is more than there is", name);
}

/* ---- attributes ------------------------------------------------------------------------------ */

static const char *const attribute_names[] = {
#define PLATEN_ATTRIBUTE(name, bit, summary) [bit] = #name,
#include "call/attributes.def"
#undef PLATEN_ATTRIBUTE
};
#define ATTRIBUTES (sizeof attribute_names / sizeof *attribute_names)

static bool unknown_attribute(const struct call_builder *builder,
                              const struct platen_word *attribute)
{
    struct platen_hint hint = platen_hint(attribute->name, attribute->name_length, attribute_names,
                                          sizeof *attribute_names, ATTRIBUTES);
    int length = attribute->name_length < 60 ? (int)attribute->name_length : 60;
    return call_build_fail(builder, attribute, "there is no !%.*s%s", length, attribute->name,
                           hint.text);
}

bool call_build_attributes(const struct call_builder *builder, const struct platen_word *word,
                           const char *name, struct call_wish *wish)
{
    if (word->attributes != NULL && call_build_is_honest(builder)) {
        return call_build_fail(builder, word, "%s: nothing may be wrong with it", name);
    }
    for (const struct platen_word *a = word->attributes; a != NULL; a = a->next) {
        size_t i = 0;
        while (i < ATTRIBUTES && (strlen(attribute_names[i]) != a->name_length ||
                                  memcmp(attribute_names[i], a->name, a->name_length) != 0)) {
            i++;
        }
        if (i == ATTRIBUTES) {
            return unknown_attribute(builder, a);
        }
        uint64_t number = 0;
        bool counted = 1u << i == PLATEN_ATTRIBUTE_short;
        if (counted != platen_word_number(a, &number) || (!counted && a->length > 0)) {
            return call_build_fail(builder, a,
                                   counted ? "%s: !short wants a number: !short=8"
                                           : "%s: only !short has a number",
                                   name);
        }
        if (1u << i == PLATEN_ATTRIBUTE_painted && !wish->out) {
            return call_build_fail(builder, a, "%s: only what comes back can be !painted", name);
        }
        wish->attributes |= 1u << i;
        wish->asked_short = counted ? (size_t)number : wish->asked_short;
    }
    return true;
}

/* ---- numbers and handles --------------------------------------------------------------------- */

bool call_build_number(const struct call_builder *builder, const struct platen_word *word,
                       const char *name, uint64_t most, uint64_t *value)
{
    int64_t negative;
    *value = 0;
    if (word->either != NULL || word->attributes != NULL) {
        return call_build_wants(builder, word, name, "one number, and nothing with it");
    }
    if (platen_word_number(word, value)) {
        return *value <= most || call_build_wants(builder, word, name, "a smaller number");
    }
    if (platen_word_signed(word, &negative) && negative >= INT32_MIN) {
        *value = (uint64_t)negative & most;
        return true;
    }
    if (platen_word_is(word, "TRUE") || platen_word_is(word, "FALSE")) {
        *value = word->at[0] == 'T';
        return true;
    }
    return call_build_wants(builder, word, name, "a number");
}

static bool is_kind(const char *kind, size_t length, enum platen_kind wanted)
{
    const char *text = platen_kind_text(wanted);
    return strlen(text) == length && memcmp(text, kind, length) == 0;
}

bool call_build_handle(const struct call_builder *builder, const struct platen_word *word,
                       const char *name, enum platen_kind kind, uint64_t *value)
{
    const struct platen_names *names = builder->names;
    const char *text;
    size_t length;
    *value = 0;
    if (word->either != NULL || word->attributes != NULL) {
        return call_build_wants(builder, word, name, "one handle, and nothing with it");
    }
    if (call_build_is_null(word)) {
        return true;
    }
    if (word->kind == PLATEN_WORD_NAME) {
        if (names == NULL || (names->handle != NULL &&
                              names->handle(names->context, kind, word->at, word->length, value))) {
            return true;
        }
        return call_build_fail(builder, word, "%s: there is no $%.*s", name,
                               word->length < 60 ? (int)word->length : 60, word->at);
    }
    if (platen_word_bits(word, &text, &length, value)) {
        if (is_kind(text, length, kind)) {
            return *value <= UINTPTR_MAX || call_build_wants(builder, word, name, "fewer bits");
        }
    } else if (platen_word_number(word, value)) {
        return *value <= UINTPTR_MAX || call_build_wants(builder, word, name, "fewer bits");
    }
    *value = 0;
    return call_build_wants(builder, word, name, "a handle: $name, NULL or a number");
}

/* ---- memory ---------------------------------------------------------------------------------- */

/* Memory of any content. */
static void *take_memory(struct call_builder *builder, const struct platen_word *word,
                         const struct call_wish *wish, bool own)
{
    void *at;
    if (own || wish->attributes != 0) {
        const struct call_piece *piece = call_memory_piece(builder->built, wish);
        at = piece == NULL ? NULL : piece->begin;
    } else {
        at = call_arena_take(&builder->built->arena, wish->size);
    }
    if (at == NULL) {
        (void)call_build_fail(builder, word,
                              "%s: no memory for %llu bytes; !short=N makes fewer of them",
                              wish->arg, (unsigned long long)wish->size);
    }
    return at;
}

/* How much of `size` bytes is really there. */
static size_t there(const struct call_wish *wish)
{
    bool is_short = (wish->attributes & PLATEN_ATTRIBUTE_short) != 0;
    return is_short && wish->asked_short < wish->size ? wish->asked_short : wish->size;
}

void *call_build_memory(struct call_builder *builder, const struct platen_word *word,
                        const struct call_wish *wish, bool own)
{
    void *at = take_memory(builder, word, wish, own);
    if (at != NULL) {
        bool painted = (wish->attributes & PLATEN_ATTRIBUTE_painted) != 0;
        memset(at, painted ? PLATEN_PAINT : 0, there(wish));
    }
    return at;
}

static bool fill_text(struct call_builder *builder, const struct platen_word *word,
                      const struct call_wish *wish, size_t units, bool own, const void **at)
{
    unsigned char *to = call_build_memory(builder, word, wish, own);
    *at = to;
    if (to == NULL) {
        return false;
    }
    size_t size = there(wish);
    if ((uintptr_t)to % sizeof(char16_t) == 0 && size == wish->size) {
        (void)platen_word_text16(word, (char16_t *)(void *)to, units);
        return true;
    }
    char16_t *aside = call_arena_take(&builder->built->arena, (units + 1) * sizeof *aside);
    if (aside == NULL) {
        return call_build_fail(builder, word, "no memory for this text");
    }
    (void)platen_word_text16(word, aside, units);
    aside[units] = 0;
    memcpy(to, aside, size);
    return true;
}

bool call_build_text(struct call_builder *builder, const struct platen_word *word,
                     const struct call_target *target, bool own, const void **at)
{
    struct call_wish wish = {.alignment = sizeof(char16_t), .arg = target->arg};
    *at = NULL;
    if (word->either != NULL ||
        (word->kind != PLATEN_WORD_TEXT && word->kind != PLATEN_WORD_BARE)) {
        return call_build_wants(builder, word, target->name, "a text or NULL");
    }
    if (call_build_is_null(word)) {
        return true;
    }
    if (!call_build_attributes(builder, word, target->name, &wish)) {
        return false;
    }
    size_t units = platen_word_text16(word, NULL, 0);
    bool terminated = (wish.attributes & PLATEN_ATTRIBUTE_unterminated) == 0;
    wish.size = (units + terminated) * sizeof(char16_t);
    return fill_text(builder, word, &wish, units, own, at);
}

/* ---- bytes ----------------------------------------------------------------------------------- */

/* The bytes of @doc1[0+5]. */
static bool find_stream(const struct call_builder *builder, const struct platen_word *word,
                        const char *name, const void **bytes, size_t *size)
{
    const struct platen_names *names = builder->names;
    uint64_t count = word->count;
    int length = word->length < 60 ? (int)word->length : 60;
    *bytes = NULL;
    *size = 0;
    if (names == NULL) {
        return true;
    }
    if (names->stream == NULL ||
        !names->stream(names->context, word->at, word->length, word->offset, &count, bytes)) {
        return call_build_fail(builder, word, "%s: there is no @%.*s", name, length, word->at);
    }
    if (count > SIZE_MAX || (word->count != UINT64_MAX && count < word->count)) {
        return call_build_fail(builder, word, "%s: @%.*s ends before %llu bytes", name, length,
                               word->at, (unsigned long long)word->count);
    }
    *size = (size_t)count;
    return true;
}

static bool copy_bytes(struct call_builder *builder, const struct platen_word *word,
                       struct call_wish *wish, bool own, const void *from, const void **at)
{
    unsigned char *to = take_memory(builder, word, wish, own);
    size_t size = there(wish); /* all that there is, so that nothing need be zeroed */
    *at = to;
    if (to == NULL) {
        return false;
    }
    if (size > 0) {
        memcpy(to, from, size);
    }
    return true;
}

bool call_build_bytes(struct call_builder *builder, const struct platen_word *word,
                      const struct call_target *target, bool own, const void **at, size_t *size)
{
    struct call_wish wish = {.alignment = 1, .arg = target->arg};
    const void *from = NULL;
    *at = NULL;
    *size = 0;
    if (call_build_is_null(word) && word->either == NULL) {
        return true;
    }
    if (word->kind == PLATEN_WORD_LENGTH) {
        return call_build_fail(
            builder, word, "%s: these bytes were not written down (a brief trace)", target->name);
    }
    if (word->either != NULL ||
        (word->kind != PLATEN_WORD_TEXT && word->kind != PLATEN_WORD_STREAM)) {
        return call_build_wants(builder, word, target->name, "\"bytes\", @stream or NULL");
    }
    if (!call_build_attributes(builder, word, target->name, &wish)) {
        return false;
    }
    if (word->kind == PLATEN_WORD_STREAM) {
        if (!find_stream(builder, word, target->name, &from, size)) {
            return false;
        }
    } else { /* no longer than it is written */
        void *aside = call_arena_take(&builder->built->arena, word->length);
        if (aside == NULL) {
            return call_build_fail(builder, word, "%s: no memory", target->name);
        }
        *size = platen_word_bytes(word, aside, word->length);
        from = aside;
    }
    wish.size = *size;
    return copy_bytes(builder, word, &wish, own, from, at);
}
