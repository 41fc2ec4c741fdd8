/* SPDX-License-Identifier: MIT
 *
 * Whether something can be expected of a slot at all.
 */
#include <string.h>

#include "call/matching.h"
#include "os/error.h"

static const char *const error_names[] = {
#define PLATEN_ERROR(name, value, text) "ERROR_" #name,
#include <platen/errors.def>
#undef PLATEN_ERROR
};

static const char *const result_words[][2] = {
    [PLATEN_RESULT_BOOL] = {"TRUE", "FALSE"},  [PLATEN_RESULT_CODE] = {NULL, NULL},
    [PLATEN_RESULT_VOID] = {"done", NULL},     [PLATEN_RESULT_HANDLE] = {"handle", "NULL"},
    [PLATEN_RESULT_TABLE] = {"table", "NULL"},
};

const char *call_result_word(enum platen_result result)
{
    return result_words[result][0];
}

static int shown(size_t length)
{
    return length < 60 ? (int)length : 60;
}

bool platen_match_ranges(const struct platen_word *words, struct platen_text_error *error)
{
    uint64_t least, most;
    for (const struct platen_word *word = words; word != NULL; word = word->next) {
        if (call_range(word, &least, &most) && least > most) {
            return platen_text_fail(error, word->line, word->column,
                                    "%.*s ends before it begins: nothing fits it",
                                    shown(word->raw_length), word->raw);
        }
        if (!platen_match_ranges(word->inside, error) ||
            !platen_match_ranges(word->either, error)) {
            return false;
        }
    }
    return true;
}

static bool check_code(const struct platen_word *word, struct platen_text_error *error)
{
    uint64_t least, most;
    char name[64];
    if (platen_word_number(word, &least) || call_range(word, &least, &most)) {
        return true;
    }
    if (word->kind == PLATEN_WORD_BARE && word->length < sizeof name) {
        memcpy(name, word->at, word->length);
        name[word->length] = '\0';
        if (platen_error_number(name) != UINT32_MAX) {
            return true;
        }
    }
    struct platen_hint hint = platen_hint(word->at, word->length, error_names, sizeof *error_names,
                                          sizeof error_names / sizeof *error_names);
    return platen_text_fail(error, word->line, word->column, "there is no error %.*s%s",
                            shown(word->raw_length), word->raw, hint.text);
}

static bool check_result(const struct platen_slot_info *slot, const struct platen_word *words,
                         struct platen_text_error *error)
{
    const char *const *possible = result_words[slot->result];
    for (const struct platen_word *word = words; word != NULL; word = word->either) {
        bool fine = platen_word_is(word, "any") || platen_word_is(word, "?");
        for (size_t i = 0; i < 2; i++) {
            fine = fine || (possible[i] != NULL && platen_word_is(word, possible[i]));
        }
        if (fine) {
            continue;
        }
        if (slot->result != PLATEN_RESULT_CODE) {
            return platen_text_fail(error, word->line, word->column, "%s answers %s%s%s, not %.*s",
                                    slot->name, possible[0], possible[1] == NULL ? "" : " or ",
                                    possible[1] == NULL ? "" : possible[1], shown(word->raw_length),
                                    word->raw);
        }
        if (!check_code(word, error)) {
            return false;
        }
    }
    return true;
}

static bool check_error(const struct platen_slot_info *slot, const struct platen_word *words,
                        struct platen_text_error *error)
{
    if (slot->result == PLATEN_RESULT_CODE || slot->result == PLATEN_RESULT_VOID) {
        return platen_text_fail(error, words->line, words->column,
                                "%s has no error besides its "
                                "result",
                                slot->name);
    }
    for (const struct platen_word *word = words; word != NULL; word = word->either) {
        if (!platen_word_is(word, "any") && !check_code(word, error)) {
            return false;
        }
    }
    return true;
}

static bool is_time(const struct platen_word *word)
{
    uint64_t nanoseconds;
    bool named = (word->name_length == 2 && memcmp(word->name, "at", 2) == 0) ||
                 (word->name_length == 4 && memcmp(word->name, "took", 4) == 0);
    return named && platen_word_seconds(word, &nanoseconds);
}

static bool check_name(const struct platen_slot_info *slot, const struct platen_word *word,
                       struct platen_text_error *error)
{
    unsigned i = 0;
    if (is_time(word)) {
        return true;
    }
    while (i < slot->arg_count &&
           (slot->args[i].name_length != word->name_length ||
            memcmp(slot->args[i].name, word->name, word->name_length) != 0)) {
        i++;
    }
    if (i < slot->arg_count) {
        return slot->args[i].direction != PLATEN_IN ||
               platen_text_fail(error, word->line, word->column, "%s does not come back from %s",
                                slot->args[i].name, slot->name);
    }
    struct platen_hint hint = platen_hint(word->name, word->name_length, &slot->args[0].name,
                                          sizeof *slot->args, slot->arg_count);
    return platen_text_fail(error, word->line, word->column, "%s has no argument %.*s%s",
                            slot->name, shown(word->name_length), word->name, hint.text);
}

bool platen_match_check(enum platen_slot slot, const struct platen_word *right,
                        struct platen_text_error *error)
{
    struct platen_slot_info info = platen_slot_info(slot);
    unsigned plain = 0;
    for (const struct platen_word *word = right; word != NULL; word = word->next) {
        bool fine = word->name != NULL ? check_name(&info, word, error)
                    : plain == 0       ? check_result(&info, word, error)
                    : plain == 1       ? check_error(&info, word, error)
                                       : platen_text_fail(error, word->line, word->column,
                                                          "one result and one error are enough");
        if (!fine) {
            return false;
        }
        plain += word->name == NULL;
    }
    return platen_match_ranges(right, error);
}
