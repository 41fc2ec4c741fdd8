/* SPDX-License-Identifier: MIT
 *
 * Structures beside what was expected of them, both as words.
 */
#include <stdio.h>
#include <string.h>

#include "call/matching.h"

void call_differ(struct call_matching *matching, const struct platen_word *expected,
                 const char *got, size_t length)
{
    struct platen_matcher *matcher = matching->matcher;
    size_t path = strlen(matching->path) + 1;
    char *name = call_arena_take(&matcher->arena, path);
    char *wanted = call_arena_take(&matcher->arena, expected->raw_length + 1);
    char *came = call_arena_take(&matcher->arena, length + 1);
    if (matcher->count == CALL_DIFFERENCES || name == NULL || wanted == NULL || came == NULL) {
        return;
    }
    memcpy(name, matching->path, path);
    if (expected->raw_length > 0) {
        memcpy(wanted, expected->raw, expected->raw_length);
    }
    wanted[expected->raw_length] = '\0';
    memcpy(came, got, length);
    came[length] = '\0';
    matcher->list[matcher->count++] = (struct platen_difference){
        .name = name, .column = expected->column, .expected = wanted, .got = came};
}

/* ---- leaves ---------------------------------------------------------------------------------- */

static enum platen_kind kind_named(const char *text, size_t length)
{
    for (unsigned kind = 0; kind < PLATEN_KINDS; kind++) {
        const char *name = platen_kind_text((enum platen_kind)kind);
        if (strlen(name) == length && memcmp(name, text, length) == 0) {
            return (enum platen_kind)kind;
        }
    }
    return PLATEN_KIND_POINTER;
}

/* What the printer wrote of a field. */
static struct call_value value_of(struct call_matching *m, const struct platen_word *got)
{
    struct call_value value = {.sort = CALL_TREE, .kind = PLATEN_KIND_NUMBER, .tree = got};
    const char *kind;
    size_t length;
    int64_t negative;
    if (platen_word_is(got, "NULL")) {
        value.sort = CALL_NULL;
    } else if (platen_word_number(got, &value.number)) {
        value.sort = CALL_NUMBER;
    } else if (platen_word_signed(got, &negative)) {
        value.sort = CALL_NUMBER;
        value.number = (uint64_t)negative;
    } else if (platen_word_bits(got, &kind, &length, &value.number)) {
        value.kind = kind_named(kind, length);
        value.sort = length == 4 && memcmp(kind, "wild", 4) == 0 ? CALL_WILD
                     : value.kind == PLATEN_KIND_POINTER         ? CALL_POINTER
                                                                 : CALL_HANDLE;
    } else if (got->kind == PLATEN_WORD_TEXT) {
        value.sort = CALL_TEXT;
        value.size = platen_word_text16(got, NULL, 0);
        char16_t *text = call_arena_take(&m->matcher->arena, (value.size + 1) * sizeof *text);
        value.sort = text == NULL ? CALL_NOTHING : CALL_TEXT;
        value.data = text;
        if (text != NULL) {
            (void)platen_word_text16(got, text, value.size);
        }
    }
    return value;
}

/* 1.5 and the like: no number of ours, compared as it is written. */
static bool same_words(const struct platen_word *a, const struct platen_word *b)
{
    return a->kind == PLATEN_WORD_BARE && b->kind == PLATEN_WORD_BARE && a->length == b->length &&
           memcmp(a->at, b->at, a->length) == 0;
}

/* ---- trees ----------------------------------------------------------------------------------- */

static bool skips(const struct call_matching *m, const struct platen_word *word)
{
    return m->form != NULL && m->form->trace && word->name != NULL &&
           platen_is_volatile(word->name, word->name_length);
}

static const struct platen_word *field_of(const struct platen_word *got,
                                          const struct platen_word *name)
{
    const struct platen_word *w = got->inside;
    while (w != NULL && (w->name_length != name->name_length || w->name == NULL ||
                         memcmp(w->name, name->name, name->name_length) != 0)) {
        w = w->next;
    }
    return w;
}

/* monitor:$port2 before the brace. */
static bool prefix_matches(struct call_matching *m, const struct platen_word *expected,
                           const struct platen_word *got)
{
    const char *colon = memchr(expected->at, ':', expected->length);
    if (expected->length == 0 || same_words(expected, got)) {
        return true;
    }
    struct platen_word handle = *expected;
    struct platen_word bits = *got;
    handle.either = NULL;
    handle.kind = bits.kind = PLATEN_WORD_BARE;
    struct call_value value = value_of(m, &bits);
    if (colon != NULL && colon + 1 < expected->at + expected->length && colon[1] == '$') {
        handle.kind = PLATEN_WORD_NAME;
        handle.length -= (size_t)(colon + 2 - expected->at);
        handle.at = colon + 2;
    }
    return call_value_matches(m, &handle, &value);
}

bool call_tree_matches(struct call_matching *matching, const struct platen_word *expected,
                       const struct platen_word *got)
{
    /* Compare aside: what is listed on the way is taken back. */
    size_t before = matching->matcher->count;
    matching->matcher->count = 0;
    for (const struct platen_word *word = expected; word != NULL; word = word->either) {
        struct platen_word alone = *word;
        alone.either = NULL;
        matching->matcher->count = 0;
        call_match_tree(matching, &alone, got);
        if (matching->matcher->count == 0) {
            matching->matcher->count = before;
            return true;
        }
    }
    matching->matcher->count = before;
    return false;
}

static void match_fields(struct call_matching *m, const struct platen_word *expected,
                         const struct platen_word *got)
{
    size_t length = strlen(m->path);
    if (!prefix_matches(m, expected, got)) {
        call_differ(m, expected, got->raw, got->raw_length);
        return;
    }
    for (const struct platen_word *w = expected->inside; w != NULL; w = w->next) {
        const struct platen_word *other = w->name == NULL ? NULL : field_of(got, w);
        if (skips(m, w)) {
            continue;
        }
        snprintf(m->path + length, sizeof m->path - length, ".%.*s", (int)w->name_length,
                 w->name == NULL ? "" : w->name);
        if (other == NULL) {
            call_differ(m, w, "nothing", 7);
        } else {
            call_match_tree(m, w, other);
        }
        m->path[length] = '\0';
    }
}

static void match_rows(struct call_matching *m, const struct platen_word *expected,
                       const struct platen_word *got)
{
    size_t length = strlen(m->path);
    const struct platen_word *want = expected->inside, *have = got->inside;
    for (unsigned i = 0; want != NULL || have != NULL; i++) {
        if (want != NULL && want->kind == PLATEN_WORD_OMITTED && want->length == 3) {
            return;
        }
        snprintf(m->path + length, sizeof m->path - length, "[%u]", i);
        if (want == NULL) {
            struct platen_word none = *expected;
            none.raw = "nothing";
            none.raw_length = 7;
            call_differ(m, &none, have->raw, have->raw_length);
        } else if (have == NULL) {
            call_differ(m, want, "nothing", 7);
        } else {
            call_match_tree(m, want, have);
        }
        m->path[length] = '\0';
        want = want == NULL ? NULL : want->next;
        have = have == NULL ? NULL : have->next;
    }
}

static bool table_alone(const struct platen_word *expected, const struct platen_word *got)
{
    return expected->kind == PLATEN_WORD_BARE && got->kind == PLATEN_WORD_FIELDS && got->length > 0;
}

void call_match_tree(struct call_matching *matching, const struct platen_word *expected,
                     const struct platen_word *got)
{
    bool fits;
    if (expected->either != NULL) {
        fits = call_tree_matches(matching, expected, got);
    } else if (expected->kind == PLATEN_WORD_FIELDS && got->kind == PLATEN_WORD_FIELDS) {
        match_fields(matching, expected, got);
        return;
    } else if (expected->kind == PLATEN_WORD_ROWS && got->kind == PLATEN_WORD_ROWS) {
        match_rows(matching, expected, got);
        return;
    } else if (table_alone(expected, got) && !platen_word_is(expected, "any")) {
        fits = !platen_word_is(expected, "NULL") && prefix_matches(matching, expected, got);
    } else if (expected->kind == PLATEN_WORD_FIELDS && got->kind == PLATEN_WORD_OMITTED) {
        fits = matching->form != NULL && matching->form->trace; /* nobody can know */
    } else {
        struct call_value value = value_of(matching, got);
        fits = same_words(expected, got) || call_value_matches(matching, expected, &value);
    }
    if (!fits) {
        call_differ(matching, expected, got->raw, got->raw_length);
    }
}
