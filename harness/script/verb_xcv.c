/* SPDX-License-Identifier: MIT
 *
 * The verb xcv: one XcvData call, its input in words as `platen xcv` takes them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/foreign.h"
#include "xcv/shape.h"

#define MAX_WORDS 32
#define ROOM      (64u * 1024)

struct input {
    const char *words[MAX_WORDS];
    size_t count;
    bool fields;
};

static bool is_option(const struct platen_word *word)
{
    static const char *const names[] = {"access", "room"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (word->name != NULL && strlen(names[i]) == word->name_length &&
            memcmp(names[i], word->name, word->name_length) == 0) {
            return true;
        }
    }
    return false;
}

/* "name=value" as one word. */
static bool join(struct script_lane *lane, const struct platen_word *word, const char **to)
{
    const char *value = "";
    struct platen_word alone = *word;
    alone.name = NULL;
    if (!script_text(lane, &alone, &value)) {
        return false;
    }
    if (word->name == NULL) {
        *to = value;
        return true;
    }
    size_t size = word->name_length + strlen(value) + 2;
    char *joined = script_alloc(lane, size);
    if (joined == NULL) {
        return false;
    }
    snprintf(joined, size, "%.*s=%s", (int)word->name_length, word->name, value);
    *to = joined;
    return true;
}

/* The words of the line but the object, the name and the options. */
static bool take_input(struct script_lane *lane, const struct script_words *words,
                       struct input *input)
{
    const struct platen_word *name = script_word(words, "NAME");
    const struct platen_word *object = script_word(words, "OBJECT");

    *input = (struct input){.count = 0};
    for (const struct platen_word *word = words->left; word != NULL; word = word->next) {
        if (word == name || word == object || is_option(word)) {
            continue;
        }
        if (input->count == MAX_WORDS) {
            return script_fail(lane, word, "too many words");
        }
        if (!join(lane, word, &input->words[input->count])) {
            return false;
        }
        input->fields |= word->name != NULL;
        input->count++;
    }
    return true;
}

struct answer {
    uint32_t status;
    uint32_t needed;
    enum platen_shape shape;
    uint8_t *output;
    uint32_t room;
};

static uint32_t ask(struct script_lane *lane, const char *object, uint32_t access, const char *name,
                    const void *input, uint32_t size, struct answer *answer)
{
    platen_xcv *xcv = NULL;
    uint32_t error = platen_xcv_open(lane->spooler->spooler, object, access, &xcv);
    if (error == 0) {
        error = platen_xcv_data(xcv, name, input, size, answer->room == 0 ? NULL : answer->output,
                                answer->room, &answer->needed, &answer->status);
        platen_xcv_close(xcv);
    }
    return error;
}

uint32_t script_xcv(struct script_lane *lane, const char *object, const char *name,
                    const void *input, uint32_t size, uint32_t *status)
{
    struct answer answer = {.room = 0};
    uint32_t error = ask(lane, object, SERVER_ACCESS_ADMINISTER, name, input, size, &answer);
    *status = answer.status;
    return error;
}

static bool pack(struct script_lane *lane, const struct script_words *words, const char *name,
                 enum platen_shape *shape, void **bytes, uint32_t *size)
{
    struct input input;
    struct platen_shape_complaint complaint;

    if (!take_input(lane, words, &input)) {
        return false;
    }
    const struct platen_xcv_name *row = platen_xcv_name_find(name, input.fields);
    enum platen_shape in = PLATEN_SHAPE_TEXT;
    if (row != NULL) {
        in = row->input;
        *shape = row->output;
    }
    if (input.count == 0 && !platen_shape_is_struct(in)) {
        in = PLATEN_SHAPE_NOTHING;
    }
    uint32_t error = platen_shape_pack(in, input.words, input.count, bytes, size, &complaint);
    return error == 0 || script_fail(lane, script_word(words, "NAME"), "%s", complaint.text);
}

static void put_answer(const struct answer *answer, struct script_outcome *outcome)
{
    uint32_t filled = answer->needed < answer->room ? answer->needed : answer->room;

    outcome->error = answer->status;
    script_field_number(outcome, "needed", answer->needed);
    if (answer->status == 0) {
        script_field_bytes(outcome, "output", answer->output, filled);
        outcome->memory = platen_shape_text(answer->shape, answer->output, filled);
        script_field_text(outcome, "text", outcome->memory);
    }
}

bool script_verb_xcv(struct script_lane *lane, const struct script_words *words,
                     struct script_outcome *outcome)
{
    struct answer answer = {.shape = PLATEN_SHAPE_BYTES, .room = ROOM};
    const char *object = "";
    const char *name = "";
    uint64_t access = SERVER_ACCESS_ADMINISTER;
    uint64_t room = ROOM;
    void *input = NULL;
    uint32_t size = 0;

    if (!script_text(lane, script_word(words, "OBJECT"), &object) ||
        !script_text(lane, script_word(words, "NAME"), &name) ||
        !script_number(lane, script_word(words, "access"), &access) ||
        !script_size(lane, script_word(words, "room"), &room) ||
        !pack(lane, words, name, &answer.shape, &input, &size)) {
        return false;
    }
    answer.room = (uint32_t)room;
    answer.output = script_alloc(lane, answer.room + 2);
    if (answer.output == NULL || script_spooler_of(lane) == NULL) {
        free(input);
        return true;
    }
    outcome->error = ask(lane, object, (uint32_t)access, name, input, size, &answer);
    free(input);
    if (outcome->error == 0) {
        put_answer(&answer, outcome);
    }
    return true;
}
