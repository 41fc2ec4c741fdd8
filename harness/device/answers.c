/* SPDX-License-Identifier: MIT
 *
 * What a simulated printer answers: a few lines of text.
 */
#include "device/device.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MATCH_LIMIT 256
#define TEXT_LIMIT  65536

struct reader {
    const char *at;
    const char *line_start;
    unsigned line;
    const char *wrong; /* the first thing that was not understood; NULL: all fine */
    const char *wrong_at;
};

static bool object(struct reader *reader, const char *where, const char *what)
{
    if (reader->wrong == NULL) {
        reader->wrong = what;
        reader->wrong_at = where;
    }
    return false;
}

static void skip_blanks(struct reader *reader)
{
    while (*reader->at == ' ' || *reader->at == '\t' || *reader->at == '\r') {
        reader->at++;
    }
}

/* Takes the word if it stands here. */
static bool take_word(struct reader *reader, const char *word)
{
    size_t length = strlen(word);
    skip_blanks(reader);
    if (strncmp(reader->at, word, length) != 0 || isalnum((unsigned char)reader->at[length])) {
        return false;
    }
    reader->at += length;
    return true;
}

static bool take_number(struct reader *reader, uint64_t *number)
{
    skip_blanks(reader);
    const char *start = reader->at;
    *number = 0;
    for (; *reader->at >= '0' && *reader->at <= '9'; reader->at++) {
        unsigned digit = (unsigned)(*reader->at - '0');
        if (*number > (UINT64_MAX - digit) / 10) {
            return object(reader, start, "the number is too large");
        }
        *number = *number * 10 + digit;
    }
    return reader->at != start || object(reader, start, "a number of bytes is wanted");
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *found = c == '\0' ? NULL : strchr(digits, c);
    return found == NULL ? -1 : (int)((found - digits) % 16);
}

/* What follows a backslash. */
static bool take_escape(struct reader *reader, char *to)
{
    static const char names[] = "\"\\rntef0";
    static const char means[] = "\"\\\r\n\t\x1b\f";
    const char *start = reader->at - 1;
    if (*reader->at == 'x') {
        int high = hex_digit(reader->at[1]);
        int low = high < 0 ? -1 : hex_digit(reader->at[2]);
        if (low < 0) {
            return object(reader, start, "\\x wants two hexadecimal digits");
        }
        *to = (char)(high * 16 + low);
        reader->at += 3;
        return true;
    }
    const char *found = *reader->at == '\0' ? NULL : strchr(names, *reader->at);
    if (found == NULL) {
        return object(reader, start, "an escape that is not known");
    }
    *to = means[found - names];
    reader->at++;
    return true;
}

static bool take_quoted(struct reader *reader, size_t limit, char **text, size_t *size)
{
    skip_blanks(reader);
    const char *start = reader->at;
    *text = NULL;
    *size = 0;
    if (*reader->at != '"') {
        return object(reader, start, "a text in quotes is wanted");
    }
    size_t room = strcspn(++reader->at, "\n");
    *text = malloc(room + 1);
    while (*text != NULL && *reader->at != '"') {
        if (*reader->at == '\0' || *reader->at == '\n') {
            return object(reader, start, "the text has no closing quote");
        }
        char c = *reader->at++;
        if (c == '\\' && !take_escape(reader, &c)) {
            return false;
        }
        (*text)[(*size)++] = c;
    }
    if (*text == NULL) {
        return object(reader, start, "there is no memory for the text");
    }
    reader->at++;
    return *size <= limit || object(reader, start, "the text is too long");
}

/* Knuth, Morris, Pratt: how much of the match is still there when the next byte does not fit. */
static bool prepare_match(struct reader *reader, struct answer *answer)
{
    if (answer->match_size == 0) {
        return object(reader, reader->at, "there is nothing to look for");
    }
    answer->fall_back = calloc(answer->match_size + 1, sizeof *answer->fall_back);
    if (answer->fall_back == NULL) {
        return object(reader, reader->at, "there is no memory for the text");
    }
    uint16_t seen = 0;
    for (size_t i = 1; i < answer->match_size; i++) {
        device_answer_matches(answer, &seen, (unsigned char)answer->match[i]);
        answer->fall_back[i + 1] = seen;
    }
    return true;
}

bool device_answer_matches(const struct answer *answer, uint16_t *seen, unsigned char byte)
{
    if (*seen == answer->match_size) {
        *seen = answer->fall_back[*seen];
    }
    while (*seen > 0 && (unsigned char)answer->match[*seen] != byte) {
        *seen = answer->fall_back[*seen];
    }
    if ((unsigned char)answer->match[*seen] == byte) {
        *seen += 1;
    }
    return *seen == answer->match_size;
}

/* Everything of a line but the text to answer. */
static bool take_condition(struct reader *reader, struct answer *answer)
{
    if (take_word(reader, "at")) {
        bool start = take_word(reader, "start");
        answer->when = start ? ANSWER_START : ANSWER_END;
        return start || take_word(reader, "end") ||
               object(reader, reader->at, "after \"at\" comes \"start\" or \"end\"");
    }
    if (take_word(reader, "after")) {
        answer->when = ANSWER_AFTER;
        return take_number(reader, &answer->after);
    }
    if (take_word(reader, "on")) {
        answer->when = ANSWER_ON;
        return take_quoted(reader, MATCH_LIMIT, &answer->match, &answer->match_size) &&
               prepare_match(reader, answer);
    }
    return object(reader, reader->at, "a line begins with \"at\", \"after\" or \"on\"");
}

static bool take_answer(struct reader *reader, struct answer *answer)
{
    return take_condition(reader, answer) &&
           take_quoted(reader, TEXT_LIMIT, &answer->text, &answer->text_size);
}

/* One line; false where nothing more is to be read. */
static bool take_line(struct reader *reader, struct answers *answers)
{
    skip_blanks(reader);
    if (*reader->at != '\n' && *reader->at != '#' && *reader->at != '\0') {
        if (answers->count == DEVICE_ANSWERS) {
            return object(reader, reader->at, "there are more than 64 lines");
        }
        if (!take_answer(reader, &answers->rows[answers->count++])) {
            return false;
        }
        skip_blanks(reader);
    }
    if (*reader->at == '#') {
        reader->at += strcspn(reader->at, "\n");
    }
    if (*reader->at != '\n') {
        return *reader->at != '\0' && object(reader, reader->at, "the line goes on");
    }
    reader->line_start = ++reader->at;
    reader->line++;
    return true;
}

static char *describe(const struct reader *reader)
{
    size_t size = strlen(reader->wrong) + 64;
    char *text = malloc(size);
    if (text != NULL) {
        snprintf(text, size, "%u:%u: %s", reader->line,
                 (unsigned)(reader->wrong_at - reader->line_start) + 1, reader->wrong);
    }
    return text;
}

uint32_t device_answers_parse(const char *script, struct answers *answers, char **complaint)
{
    struct reader reader = {.at = script, .line_start = script, .line = 1};
    *answers = (struct answers){.count = 0};
    if (complaint != NULL) {
        *complaint = NULL;
    }
    while (script != NULL && take_line(&reader, answers)) {
    }
    if (reader.wrong == NULL) {
        return 0;
    }
    if (complaint != NULL) {
        *complaint = describe(&reader);
    }
    device_answers_free(answers);
    return PLATEN_INVALID_DATA;
}

void device_answers_free(struct answers *answers)
{
    for (size_t i = 0; i < answers->count; i++) {
        free(answers->rows[i].fall_back);
        free(answers->rows[i].match);
        free(answers->rows[i].text);
    }
    answers->count = 0;
}

uint32_t platen_device_check_answers(const char *answers, char **complaint)
{
    struct answers parsed;
    uint32_t error = device_answers_parse(answers, &parsed, complaint);
    device_answers_free(&parsed);
    return error;
}
