/* SPDX-License-Identifier: MIT
 *
 * The words of a monitor: what stands in its file and looks as names of Xcv data do, "SetConfig".
 * Which of them it knows as such the explorer asks; the file alone does not tell.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "check/inside.h"

#define SHORTEST 4u
#define LONGEST  48u

/* A capital, later a small letter, nothing but letters and digits: as WDK, Windows and everybody
 * else write them. File names, key names with blanks and formats are none. */
static bool looks_right(const char *word, size_t length, bool blanks)
{
    bool small = false;
    for (size_t i = 0; i < length; i++) {
        bool blank = blanks && word[i] == ' ';
        if (!isalnum((unsigned char)word[i]) && word[i] != '_' && !blank) {
            return false;
        }
        small = small || islower((unsigned char)word[i]);
    }
    return length >= SHORTEST && isupper((unsigned char)word[0]) && small;
}

static void add(struct check_survey *survey, const char **words, size_t *count, const char *word,
                size_t length)
{
    char copy[LONGEST + 1];
    if (*count >= CHECK_WORDS) {
        return;
    }
    memcpy(copy, word, length);
    copy[length] = '\0';
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(words[i], copy) == 0) {
            return;
        }
    }
    const char *kept = check_keep(&survey->texts, copy);
    if (kept != NULL) {
        words[(*count)++] = kept;
    }
}

/* The names of a printer's values have blanks in them: "Installed Memory". */
static void take(struct check_survey *survey, const char *word, size_t length)
{
    if (length <= LONGEST && looks_right(word, length, true)) {
        add(survey, survey->values, &survey->value_count, word, length);
    }
    if (length <= LONGEST && looks_right(word, length, false)) {
        add(survey, survey->words, &survey->word_count, word, length);
    }
}

/* From `at` on: texts of characters that are `wide` bytes long, with a NUL at the end. How many
 * bytes it is long, NUL included; 0: there is none. */
static size_t text_at(const unsigned char *data, size_t size, size_t wide, char *to, size_t *length)
{
    *length = 0;
    for (size_t at = 0; at + wide <= size && *length <= LONGEST; at += wide) {
        bool other = (wide == 2 && data[at + 1] != 0) || data[at] < ' ' || data[at] > '~';
        if (data[at] == 0 && (wide == 1 || data[at + 1] == 0)) {
            return at + wide;
        }
        if (other) {
            return 0;
        }
        to[(*length)++] = (char)data[at];
    }
    return 0;
}

/* Wide texts anywhere in the file: code does not look like that. */
static void find_wide(struct check_survey *survey, const unsigned char *data, size_t size)
{
    char word[LONGEST + 2];
    size_t length;
    for (size_t at = 0; at + 2 < size;) {
        bool begins = isupper(data[at]) && data[at + 1] == 0;
        size_t taken = begins ? text_at(data + at, size - at, 2, word, &length) : 0;
        if (taken > 0) {
            take(survey, word, length);
        }
        at += taken > 0 ? taken : 1;
    }
}

/* Of the others, of which there are thousands, only those that begin as if they did something. */
static bool is_verb(const char *word, size_t length)
{
    static const char *const verbs[] = {"Get", "Set",    "Add",    "Delete", "Config", "Port",
                                        "Is",  "Remove", "Rename", "Query",  "Reset",  "Enum"};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        size_t part = strlen(verbs[i]);
        if (length > part && strncmp(word, verbs[i], part) == 0 &&
            isupper((unsigned char)word[part])) {
            return true;
        }
    }
    return false;
}

static bool is_import(const struct platen_image *image, const char *word, size_t length)
{
    for (size_t i = 0; i < image->import_count; i++) {
        const char *name = image->imports[i].name;
        if (name != NULL && strncmp(name, word, length) == 0) {
            return true;
        }
    }
    return false;
}

static void find_narrow(struct check_survey *survey, const unsigned char *data, size_t size)
{
    char word[LONGEST + 2];
    size_t length;
    for (size_t at = 1; at + 1 < size;) {
        bool begins = data[at - 1] == 0 && isupper(data[at]);
        size_t taken = begins ? text_at(data + at, size - at, 1, word, &length) : 0;
        if (taken > 0 && is_verb(word, length) && !is_import(survey->image, word, length)) {
            take(survey, word, length);
        }
        at += taken > 0 ? taken : 1;
    }
}

void check_find_words(struct check_survey *survey)
{
    const struct platen_image *image = survey->image;
    survey->words = calloc(CHECK_WORDS, sizeof *survey->words);
    survey->values = calloc(CHECK_WORDS, sizeof *survey->values);
    if (image != NULL && survey->words != NULL && survey->values != NULL) {
        const unsigned char *data = (const unsigned char *)image->data;
        find_wide(survey, data, image->size);
        find_narrow(survey, data, image->size);
    }
}
