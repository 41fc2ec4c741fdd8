/* SPDX-License-Identifier: MIT
 *
 * A simulated serial printer's life, read.
 */
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "device/reader.h"
#include "device/serial.h"

#define SECOND  UINT64_C(1000000000)
#define LONGEST (UINT64_C(1) << 30) /* seconds */

enum argument { NOTHING, CONDITION, NUMBER, SECONDS };

static const struct {
    const char *word;
    enum serial_verb verb;
    enum argument argument;
} steps[] = {
#define SERIAL_STEP(word, symbol, argument) {word, SERIAL_DO_##symbol, argument},
#include "device/serial_steps.def"
};

static const char *const conditions[] = {
#define SERIAL_CONDITION(symbol, word, display, stops, one, two, three, four) word,
#include "device/serial_conditions.def"
};

static bool read_condition(struct device_reader *reader, uint64_t *number)
{
    for (size_t i = 0; i < SERIAL_CONDITIONS; i++) {
        if (device_reader_word(reader, conditions[i])) {
            *number = i;
            return true;
        }
    }
    return false;
}

/* "2", "0.25": nanoseconds. */
static bool read_seconds(struct device_reader *reader, uint64_t *number)
{
    const char *start = reader->at;
    if (!device_reader_number(reader, number)) {
        return false;
    }
    if (*number > LONGEST) {
        return device_reader_object(reader, start, "that is too long");
    }
    *number *= SECOND;
    if (*reader->at == '.') {
        reader->at++;
        for (uint64_t worth = SECOND / 10; *reader->at >= '0' && *reader->at <= '9'; worth /= 10) {
            *number += worth * (uint64_t)(*reader->at++ - '0');
        }
    }
    return true;
}

static bool read_argument(struct device_reader *reader, enum argument argument, uint64_t *number)
{
    switch (argument) {
    case CONDITION:
        return read_condition(reader, number) ||
               device_reader_object(reader, reader->at, "a condition is wanted");
    case NUMBER:
        return device_reader_number(reader, number);
    case SECONDS:
        return read_seconds(reader, number);
    default:
        return true;
    }
}

static bool read_step(struct device_reader *reader, struct serial_step *step)
{
    step->number = 0;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (device_reader_word(reader, steps[i].word)) {
            step->verb = steps[i].verb;
            return read_argument(reader, steps[i].argument, &step->number);
        }
    }
    step->verb = SERIAL_DO_BEGIN;
    return read_condition(reader, &step->number) ||
           device_reader_object(reader, reader->at, "no step of a serial printer's life");
}

/* Passes over what divides steps; false at the end of the text. */
static bool find_step(struct device_reader *reader)
{
    for (;; reader->at++) {
        device_reader_skip_blanks(reader);
        if (*reader->at == '#') {
            reader->at += strcspn(reader->at, "\n");
        }
        if (*reader->at == '\n') {
            reader->line++;
            reader->line_start = reader->at + 1;
        } else if (*reader->at != ';') {
            return *reader->at != '\0';
        }
    }
}

static bool read_all(struct device_reader *reader, struct serial_life *life, size_t room)
{
    while (find_step(reader)) {
        if (life->count == room) {
            return device_reader_object(reader, reader->at, "too many steps");
        }
        if (!read_step(reader, &life->steps[life->count++])) {
            return false;
        }
        device_reader_skip_blanks(reader);
        if (*reader->at != '\0' && strchr(";\n#", *reader->at) == NULL) {
            return device_reader_object(reader, reader->at, "the step ends here, or so it should");
        }
    }
    return true;
}

uint32_t serial_life_parse(const char *text, struct serial_life **life, char **complaint)
{
    struct device_reader reader = {.at = text, .line_start = text, .line = 1};
    const size_t room = strlen(text) / 4 + 1; /* no step is shorter, with what divides them */
    struct serial_life *made = calloc(1, sizeof *made + room * sizeof *made->steps);
    *life = NULL;
    *complaint = NULL;
    if (made == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    if (read_all(&reader, made, room) && made->count > 0) {
        *life = made;
        return 0;
    }
    free(made);
    if (reader.wrong == NULL) {
        return 0;
    }
    *complaint = device_reader_describe(&reader);
    return PLATEN_INVALID_DATA;
}

void serial_life_free(struct serial_life *life)
{
    while (life != NULL) {
        struct serial_life *next = life->next;
        free(life);
        life = next;
    }
}
