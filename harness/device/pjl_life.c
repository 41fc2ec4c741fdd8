/* SPDX-License-Identifier: MIT
 *
 * A simulated PJL printer's life, read: steps in their order, divided by ";" or line ends.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "device/pjl.h"
#include "device/reader.h"

#define MOST_STEPS 1024
#define MOST_TEXT  65536
#define SECOND     1000000000u
#define MOST_TIME  (UINT64_C(1000000) * SECOND)

/* How the list of steps calls it. */
#define WANTS_NOTHING   ""
#define WANTS_NUMBER    "N"
#define WANTS_SECONDS   "SECONDS"
#define WANTS_CONDITION "CONDITION"
#define WANTS_STATE     "STATE"
#define WANTS_TEXT      "TEXT"

enum argument { NOTHING, NUMBER, SECONDS, CONDITION, STATE, TEXT };

struct word {
    const char *word;
    enum pjl_verb verb;
    enum argument argument;
};

static const struct word words[] = {
#define PJL_STEP(word, symbol, argument, summary) {word, PJL_DO_##symbol, argument},
#include "device/pjl_steps.def"
};

static const char *const conditions[PJL_CONDITIONS] = {
#define PJL_CONDITION(symbol, word, code, display, online, takes) [PJL_##symbol] = word,
#include "device/pjl_conditions.def"
};

const struct platen_device_step *platen_device_steps(size_t *count)
{
    static const struct platen_device_step steps[] = {
#define PJL_CONDITION(symbol, word, code, display, online, takes)                                  \
    {word, "", "begins: code " #code ", " display},
#define PJL_STATE(symbol, code, display, online, takes)
#include "device/pjl_conditions.def"
#define PJL_STEP(word, symbol, argument, summary) {word, WANTS_##argument, summary},
#include "device/pjl_steps.def"
    };
    *count = sizeof steps / sizeof *steps;
    return steps;
}

/* One word or two, and nothing of a longer one. */
static bool take_words(struct device_reader *reader, const char *text)
{
    const char *start = reader->at;
    while (*text != '\0') {
        char word[32] = "";
        size_t length = strcspn(text, " ");
        memcpy(word, text, length);
        text += length + (text[length] == ' ');
        if (!device_reader_word(reader, word) || *reader->at == '-') {
            reader->at = start;
            return false;
        }
    }
    return true;
}

static bool take_condition(struct device_reader *reader, uint64_t *condition)
{
    for (uint64_t i = 0; i < PJL_CONDITIONS; i++) {
        if (conditions[i] != NULL && take_words(reader, conditions[i])) {
            *condition = i;
            return true;
        }
    }
    return false;
}

/* "2", "0.25" */
static bool take_seconds(struct device_reader *reader, uint64_t *nanoseconds)
{
    const char *start = reader->at;
    uint64_t part = SECOND / 10;
    if (!device_reader_number(reader, nanoseconds)) {
        return false;
    }
    if (*nanoseconds > MOST_TIME / SECOND) {
        return device_reader_object(reader, start, "the time is too long");
    }
    *nanoseconds *= SECOND;
    if (*reader->at != '.') {
        return true;
    }
    for (reader->at++; isdigit((unsigned char)*reader->at); reader->at++, part /= 10) {
        *nanoseconds += (uint64_t)(*reader->at - '0') * part;
    }
    return true;
}

static bool take_state(struct device_reader *reader, struct pjl_step *step)
{
    const char *start = reader->at;
    if (!device_reader_number(reader, &step->number) ||
        !device_reader_quoted(reader, 63, &step->text, &step->text_size)) {
        return false;
    }
    for (size_t i = 0; i < step->text_size; i++) {
        if (!isprint((unsigned char)step->text[i]) || step->text[i] == '"') {
            return device_reader_object(reader, start, "a display shows no such character");
        }
    }
    step->takes = take_words(reader, "takes");
    return step->number <= UINT32_MAX ||
           device_reader_object(reader, start, "the code is too large");
}

static bool take_argument(struct device_reader *reader, enum argument argument,
                          struct pjl_step *step)
{
    switch (argument) {
    case NUMBER:
        return device_reader_number(reader, &step->number);
    case SECONDS:
        return take_seconds(reader, &step->number);
    case CONDITION:
        device_reader_skip_blanks(reader);
        return take_condition(reader, &step->number) ||
               device_reader_object(reader, reader->at, "no condition is called so");
    case STATE:
        return take_state(reader, step);
    case TEXT:
        return device_reader_quoted(reader, MOST_TEXT, &step->text, &step->text_size);
    default:
        return true;
    }
}

static bool take_step(struct device_reader *reader, struct pjl_step *step)
{
    *step = (struct pjl_step){.verb = PJL_DO_BEGIN};
    if (take_condition(reader, &step->number)) {
        return true;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (take_words(reader, words[i].word)) {
            step->verb = words[i].verb;
            return take_argument(reader, words[i].argument, step);
        }
    }
    device_reader_skip_blanks(reader);
    return device_reader_object(reader, reader->at, "no step of a printer's life begins so");
}

/* A life that repeats itself without ever waiting would leave time for nothing else. */
static bool waits(const struct pjl_life *life)
{
    for (size_t i = 0; i < life->count; i++) {
        const struct pjl_step *step = &life->steps[i];
        bool wait = step->verb == PJL_DO_WAIT && step->number >= SECOND / 1000;
        if (wait || step->verb == PJL_DO_END || step->verb == PJL_DO_QUERY) {
            return true;
        }
    }
    return false;
}

static bool add_step(struct device_reader *reader, struct pjl_life **life)
{
    const char *start = reader->at;
    size_t count = (*life)->count;
    if (count == MOST_STEPS) {
        return device_reader_object(reader, start, "there are more than 1024 steps");
    }
    struct pjl_life *larger = realloc(*life, sizeof **life + (count + 1) * sizeof(*life)->steps[0]);
    if (larger == NULL) {
        return device_reader_object(reader, start, "there is no memory for this life");
    }
    *life = larger;
    struct pjl_step *step = &larger->steps[larger->count++];
    if (!take_step(reader, step)) {
        return false;
    }
    return step->verb != PJL_DO_REPEAT || waits(larger) ||
           device_reader_object(reader, start,
                                "what repeats itself must wait: for time, an end or a query");
}

/* One step, or an empty line; false where nothing more is to be read. */
static bool take_line(struct device_reader *reader, struct pjl_life **life)
{
    device_reader_skip_blanks(reader);
    if (strchr("\n;#", *reader->at) == NULL && !add_step(reader, life)) {
        return false;
    }
    device_reader_skip_blanks(reader);
    if (*reader->at == '#') {
        reader->at += strcspn(reader->at, "\n");
    }
    if (*reader->at != '\n' && *reader->at != ';') {
        return *reader->at != '\0' && device_reader_object(reader, reader->at, "the step goes on");
    }
    if (*reader->at++ == '\n') {
        reader->line_start = reader->at;
        reader->line++;
    }
    return true;
}

uint32_t pjl_life_parse(const char *text, struct pjl_life **life, char **complaint)
{
    struct device_reader reader = {.at = text, .line_start = text, .line = 1};
    if (complaint != NULL) {
        *complaint = NULL;
    }
    *life = calloc(1, sizeof **life);
    if (*life == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    while (text != NULL && take_line(&reader, life)) {
    }
    if (reader.wrong == NULL) {
        return 0;
    }
    if (complaint != NULL) {
        *complaint = device_reader_describe(&reader);
    }
    pjl_life_free(*life);
    *life = NULL;
    return PLATEN_INVALID_DATA;
}

void pjl_life_free(struct pjl_life *life)
{
    while (life != NULL) {
        struct pjl_life *next = life->next;
        for (size_t i = 0; i < life->count; i++) {
            free(life->steps[i].text);
        }
        free(life);
        life = next;
    }
}

uint32_t platen_device_check_life(const char *life, char **complaint)
{
    struct pjl_life *parsed;
    uint32_t error = pjl_life_parse(life, &parsed, complaint);
    pjl_life_free(parsed);
    return error;
}
