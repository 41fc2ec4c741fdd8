/* SPDX-License-Identifier: MIT
 *
 * What a simulated printer answers: a few lines of text.
 */
#include "device/device.h"

#include <stdlib.h>
#include <string.h>

#include "device/reader.h"

#define MATCH_LIMIT 256
#define TEXT_LIMIT  65536

/* Knuth, Morris, Pratt: how much of the match is still there when the next byte does not fit. */
static bool prepare_match(struct device_reader *reader, struct answer *answer)
{
    if (answer->match_size == 0) {
        return device_reader_object(reader, reader->at, "there is nothing to look for");
    }
    answer->fall_back = calloc(answer->match_size + 1, sizeof *answer->fall_back);
    if (answer->fall_back == NULL) {
        return device_reader_object(reader, reader->at, "there is no memory for the text");
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
static bool take_condition(struct device_reader *reader, struct answer *answer)
{
    if (device_reader_word(reader, "at")) {
        bool start = device_reader_word(reader, "start");
        answer->when = start ? ANSWER_START : ANSWER_END;
        return start || device_reader_word(reader, "end") ||
               device_reader_object(reader, reader->at, "after \"at\" comes \"start\" or \"end\"");
    }
    if (device_reader_word(reader, "after")) {
        answer->when = ANSWER_AFTER;
        return device_reader_number(reader, &answer->after);
    }
    if (device_reader_word(reader, "on")) {
        answer->when = ANSWER_ON;
        return device_reader_quoted(reader, MATCH_LIMIT, &answer->match, &answer->match_size) &&
               prepare_match(reader, answer);
    }
    return device_reader_object(reader, reader->at,
                                "a line begins with \"at\", \"after\" or \"on\"");
}

static bool take_answer(struct device_reader *reader, struct answer *answer)
{
    return take_condition(reader, answer) &&
           device_reader_quoted(reader, TEXT_LIMIT, &answer->text, &answer->text_size);
}

/* One line; false where nothing more is to be read. */
static bool take_line(struct device_reader *reader, struct answers *answers)
{
    device_reader_skip_blanks(reader);
    if (*reader->at != '\n' && *reader->at != '#' && *reader->at != '\0') {
        if (answers->count == DEVICE_ANSWERS) {
            return device_reader_object(reader, reader->at, "there are more than 64 lines");
        }
        if (!take_answer(reader, &answers->rows[answers->count++])) {
            return false;
        }
        device_reader_skip_blanks(reader);
    }
    if (*reader->at == '#') {
        reader->at += strcspn(reader->at, "\n");
    }
    if (*reader->at != '\n') {
        return *reader->at != '\0' && device_reader_object(reader, reader->at, "the line goes on");
    }
    reader->line_start = ++reader->at;
    reader->line++;
    return true;
}

uint32_t device_answers_parse(const char *script, struct answers *answers, char **complaint)
{
    struct device_reader reader = {.at = script, .line_start = script, .line = 1};
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
        *complaint = device_reader_describe(&reader);
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
