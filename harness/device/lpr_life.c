/* SPDX-License-Identifier: MIT
 *
 * The life of a simulated LPR server: steps divided by ";" or line ends. But for queues that close
 * and open, each is what becomes of one connection; behind the last one the server is a good one.
 */
#include "device/lpr.h"

#include <stdlib.h>
#include <string.h>

#include "device/machine.h"
#include "device/reader.h"

#define LONGEST_QUEUE 255

static const char *const deeds[LPR_DEEDS] = {
#define LPR_DEED(word, symbol, argument, summary) [LPR_DO_##symbol] = word,
#define LPR_TURN(word, symbol)
#include "device/lpr_steps.def"
};

static const char *const turns[LPR_TURNS] = {
#define LPR_DEED(word, symbol, argument, summary)
#define LPR_TURN(word, symbol) [LPR_AT_##symbol] = word,
#include "device/lpr_steps.def"
};

/* ---- reading ------------------------------------------------------------------------------ */

static bool take_deed(struct device_reader *reader, enum lpr_deed *deed)
{
    for (int i = 0; i < LPR_DEEDS; i++) {
        if (device_reader_word(reader, deeds[i])) {
            *deed = (enum lpr_deed)i;
            return true;
        }
    }
    return device_reader_object(reader, reader->at, "no step of an LPR server's life");
}

static bool take_turn(struct device_reader *reader, enum lpr_turn *turn)
{
    device_reader_skip_blanks(reader);
    for (int i = 0; i < LPR_TURNS; i++) {
        const char *start = reader->at;
        if (device_reader_word(reader, turns[i]) && *reader->at != '-') {
            *turn = (enum lpr_turn)i;
            return true;
        }
        reader->at = start;
    }
    return device_reader_object(reader, reader->at,
                                "which turn? queue, control-size, control, data-size or data");
}

static bool at_end(struct device_reader *reader)
{
    device_reader_skip_blanks(reader);
    return strchr(";\n#", *reader->at) != NULL;
}

/* "accept 3", "refuse data 2" */
static bool take_number(struct device_reader *reader, uint64_t most, uint64_t *number)
{
    if (at_end(reader)) {
        return true;
    }
    const char *start = reader->at;
    return device_reader_number(reader, number) &&
           ((*number > 0 && *number <= most) ||
            device_reader_object(reader, start, "the number is out of range"));
}

static bool take_queue(struct device_reader *reader, char **queue)
{
    device_reader_skip_blanks(reader);
    const char *start = reader->at;
    size_t size;
    if (!device_reader_quoted(reader, LONGEST_QUEUE, queue, &size)) {
        return false;
    }
    if (memchr(*queue, '\0', size) != NULL) {
        return device_reader_object(reader, start, "no queue is called so");
    }
    (*queue)[size] = '\0'; /* in place of the closing quote, for which there was room */
    return true;
}

static bool take_step(struct device_reader *reader, struct lpr_step *step)
{
    uint64_t answer = 1;
    *step = (struct lpr_step){.times = 1};
    if (!take_deed(reader, &step->deed)) {
        return false;
    }
    switch (step->deed) {
    case LPR_DO_ACCEPT:
        return take_number(reader, UINT32_MAX, &step->times);
    case LPR_DO_REFUSE:
        if (!take_turn(reader, &step->turn) || !take_number(reader, 255, &answer)) {
            return false;
        }
        step->answer = (unsigned char)answer;
        return true;
    case LPR_DO_CLOSE:
    case LPR_DO_OPEN:
        return take_queue(reader, &step->queue);
    case LPR_DO_REPEAT:
        return true;
    default:
        return take_turn(reader, &step->turn);
    }
}

/* Over blanks, comments and what divides. */
static void skip(struct device_reader *reader)
{
    for (;;) {
        device_reader_skip_blanks(reader);
        if (*reader->at == '#') {
            reader->at += strcspn(reader->at, "\n");
        } else if (*reader->at == '\n') {
            reader->line_start = ++reader->at;
            reader->line++;
        } else if (*reader->at == ';') {
            reader->at++;
        } else {
            return;
        }
    }
}

static bool take_all(struct device_reader *reader, struct lpr_life *life)
{
    for (skip(reader); *reader->at != '\0'; skip(reader)) {
        if (life->count == LPR_STEPS) {
            return device_reader_object(reader, reader->at, "too many steps");
        }
        bool taken = take_step(reader, &life->steps[life->count++]);
        if (!taken) {
            return false;
        }
        if (!at_end(reader)) {
            return device_reader_object(reader, reader->at, "here the step should end");
        }
    }
    return true;
}

uint32_t lpr_life_parse(const char *text, struct lpr_life *life, char **complaint)
{
    struct device_reader reader = {.at = text, .line_start = text, .line = 1};
    *life = (struct lpr_life){0};
    if (complaint != NULL) {
        *complaint = NULL;
    }
    if (text == NULL) {
        return 0;
    }
    life->steps = calloc(LPR_STEPS, sizeof *life->steps);
    if (life->steps == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    if (take_all(&reader, life)) {
        return 0;
    }
    if (complaint != NULL) {
        *complaint = device_reader_describe(&reader);
    }
    lpr_life_free(life);
    return PLATEN_INVALID_DATA;
}

void lpr_life_free(struct lpr_life *life)
{
    for (size_t i = 0; i < life->count; i++) {
        free(life->steps[i].queue);
    }
    free(life->steps);
    *life = (struct lpr_life){0};
}

uint32_t platen_device_check_lpr_life(const char *life, char **complaint)
{
    struct lpr_life parsed;
    uint32_t error = lpr_life_parse(life, &parsed, complaint);
    lpr_life_free(&parsed);
    return error;
}

const struct platen_device_step *platen_device_lpr_steps(size_t *count)
{
    static const struct platen_device_step steps[] = {
#define LPR_DEED(word, symbol, argument, summary) {word, argument, summary},
#define LPR_TURN(word, symbol)
#include "device/lpr_steps.def"
    };
    *count = sizeof steps / sizeof *steps;
    return steps;
}

/* ---- living ------------------------------------------------------------------------------- */

static char **find_closed(const struct lpr_server *server, const char *queue)
{
    for (size_t i = 0; i < LPR_CLOSED; i++) {
        char *const *place = &server->closed[i];
        if (queue == NULL ? *place == NULL : *place != NULL && strcmp(*place, queue) == 0) {
            return (char **)(uintptr_t)place;
        }
    }
    return NULL;
}

bool lpr_is_closed(const struct lpr_server *server, const char *queue)
{
    return find_closed(server, queue) != NULL;
}

static void close_queue(struct lpr_server *server, const char *queue)
{
    char **place = find_closed(server, NULL);
    char *copy = lpr_is_closed(server, queue) || place == NULL ? NULL : malloc(strlen(queue) + 1);
    if (copy != NULL) {
        strcpy(copy, queue);
        *place = copy;
    }
}

static void open_queue(struct lpr_server *server, const char *queue)
{
    char **place = find_closed(server, queue);
    if (place != NULL) {
        free(*place);
        *place = NULL;
    }
}

/* A life of nothing but what needs no connection comes to its end all the same. */
struct lpr_step lpr_next(struct lpr_server *server)
{
    size_t left = server->life.count + 1;
    while (server->at < server->life.count && left-- > 0) {
        const struct lpr_step *step = &server->life.steps[server->at];
        bool over = step->deed != LPR_DO_ACCEPT || ++server->done >= step->times;
        server->at = step->deed == LPR_DO_REPEAT ? 0 : server->at + over;
        server->done = over ? 0 : server->done;
        if (step->deed == LPR_DO_CLOSE) {
            close_queue(server, step->queue);
        } else if (step->deed == LPR_DO_OPEN) {
            open_queue(server, step->queue);
        } else if (step->deed != LPR_DO_REPEAT) {
            return *step;
        }
    }
    return (struct lpr_step){.deed = LPR_DO_ACCEPT};
}
