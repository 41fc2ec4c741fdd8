/* SPDX-License-Identifier: MIT
 *
 * Verbs of what applications see of printers: their status, printer data, device control, bidi; and
 * of power.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/text.h"
#include "script/inside.h"

#define ROOM     4096
#define MOST     (1u << 20)
#define SCHEMAS  64
#define ALL_TEXT 65536

static bool has_printer(struct script_lane *lane, const struct script_words *words,
                        const char **name)
{
    return script_text(lane, script_word(words, "PRINTER"), name) &&
           (script_spooler_of(lane) != NULL || script_fail(lane, NULL, "there is no spooler"));
}

/* ---- status ---------------------------------------------------------------------------------- */

/* "paper-out printing"; "ready" without any bit. */
static void write_state(uint32_t status, char *text, size_t size)
{
    size_t used = 0;
    snprintf(text, size, "ready");
    for (size_t i = 0; platen_printer_state_at(i) != NULL && used < size; i++) {
        const struct platen_printer_state *state = platen_printer_state_at(i);
        if ((status & state->bit) != 0) {
            used += (size_t)snprintf(text + used, size - used, "%s%s", used == 0 ? "" : " ",
                                     state->word);
        }
    }
}

bool script_verb_expect_printer(struct script_lane *lane, const struct script_words *words,
                                struct script_outcome *outcome)
{
    struct platen_printer_info info;
    const char *name = "";
    char *text = script_alloc(lane, 2 * sizeof info.text + 256);
    if (text == NULL || !has_printer(lane, words, &name)) {
        return false;
    }
    if (platen_printer_query(lane->spooler->spooler, name, &info) != 0) {
        return script_fail(lane, script_word(words, "PRINTER"), "there is no printer \"%s\"", name);
    }
    write_state(info.status, text, 256);
    memcpy(text + 256, info.text, sizeof info.text);
    script_field_number(outcome, "status", info.status);
    script_field_text(outcome, "state", text);
    script_field_number(outcome, "jobs", info.jobs);
    script_field_number(outcome, "port-status", info.port_status);
    script_field_number(outcome, "severity", info.severity);
    script_field_text(outcome, "text", text + 256);
    return true;
}

/* A state as `platen list states` calls it, or a number of PORT_STATUS_. */
static bool take_status(struct script_lane *lane, const struct script_words *words,
                        uint32_t *status)
{
    static const char *const names[] = {
        "ready",         "offline",    "paper-jam", "paper-out",         "output-bin-full",
        "paper-problem", "no-toner",   "door-open", "user-intervention", "out-of-memory",
        "toner-low",     "warming-up", "power-save"};
    const struct platen_word *word = script_word(words, "STATUS");
    const char *text = "";
    uint64_t number = 0;
    if (!script_text(lane, word, &text)) {
        return false;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], text) == 0) {
            *status = (uint32_t)i;
            return true;
        }
    }
    bool known = script_number(lane, word, &number);
    *status = (uint32_t)number;
    return known;
}

bool script_verb_set_port(struct script_lane *lane, const struct script_words *words,
                          struct script_outcome *outcome)
{
    static const char *const severities[] = {"none", "error", "warning", "info"};
    const char *port = "";
    const char *severity = NULL;
    const char *text = NULL;
    uint32_t status = 0;
    uint32_t at = 0;
    if (!script_text(lane, script_word(words, "PORT"), &port) ||
        !take_status(lane, words, &status) ||
        !script_text(lane, script_word(words, "severity"), &severity) ||
        !script_text(lane, script_word(words, "text"), &text)) {
        return false;
    }
    if (script_spooler_of(lane) == NULL) {
        return script_fail(lane, NULL, "there is no spooler");
    }
    severity = severity != NULL ? severity : status != 0 || text != NULL ? "error" : "none";
    while (at < 4 && strcmp(severities[at], severity) != 0) {
        at++;
    }
    outcome->error = platen_spooler_set_port(lane->spooler->spooler, port, status, at, text);
    return true;
}

/* ---- data ------------------------------------------------------------------------------------ */

struct room {
    uint8_t *bytes;
    uint32_t size;
};

static bool make_room(struct script_lane *lane, const struct script_words *words, struct room *room)
{
    uint64_t size = ROOM;
    if (!script_size(lane, script_word(words, "room"), &size)) {
        return false;
    }
    if (size > MOST) {
        return script_fail(lane, script_word(words, "room"), "that is too much room");
    }
    room->size = (uint32_t)size;
    room->bytes = script_alloc(lane, size + 2);
    return room->bytes != NULL;
}

/* Bytes as what they may be: a number of 4 or 1, and text: as it is, or UTF-16. */
static void put_bytes(const struct room *room, uint32_t size, struct script_outcome *outcome)
{
    uint32_t number = 0;
    bool wide = size >= 2 && size % 2 == 0 && room->bytes[1] == 0;
    script_field_number(outcome, "size", size);
    if (outcome->error != 0 || size > room->size) {
        return;
    }
    room->bytes[size] = room->bytes[size + 1] = 0;
    script_field_bytes(outcome, "bytes", room->bytes, size);
    if (size == 1 || size == sizeof number) {
        memcpy(&number, room->bytes, size);
        script_field_number(outcome, "number", number);
    }
    outcome->memory = wide ? platen_text_new8((const char16_t *)(const void *)room->bytes, SIZE_MAX)
                           : strdup((const char *)room->bytes);
    if (outcome->memory != NULL) {
        script_field_text(outcome, "text", outcome->memory);
    }
}

bool script_verb_get_data(struct script_lane *lane, const struct script_words *words,
                          struct script_outcome *outcome)
{
    const char *name = "";
    const char *value = "";
    struct room room;
    uint32_t type;
    if (!has_printer(lane, words, &name) ||
        !script_text(lane, script_word(words, "VALUE"), &value) || !make_room(lane, words, &room)) {
        return false;
    }
    uint32_t size = room.size;
    outcome->error = platen_printer_data(lane->spooler->spooler, name, value, &type,
                                         room.size == 0 ? NULL : room.bytes, &size);
    put_bytes(&room, size, outcome);
    return true;
}

bool script_verb_get_control(struct script_lane *lane, const struct script_words *words,
                             struct script_outcome *outcome)
{
    const struct platen_word *in = script_word(words, "in");
    const char *name = "";
    const void *bytes = NULL;
    size_t count = 0;
    uint64_t code = 0;
    uint32_t returned;
    struct room room;
    if (!has_printer(lane, words, &name) ||
        !script_number(lane, script_word(words, "NUMBER"), &code) ||
        (in != NULL && !script_bytes(lane, in, &bytes, &count)) || !make_room(lane, words, &room)) {
        return false;
    }
    outcome->error =
        platen_printer_control(lane->spooler->spooler, name, (uint32_t)code, bytes, (uint32_t)count,
                               room.size == 0 ? NULL : room.bytes, room.size, &returned);
    put_bytes(&room, returned, outcome);
    return true;
}

/* ---- bidi ------------------------------------------------------------------------------------ */

struct question {
    BIDI_REQUEST_CONTAINER *request;
    char16_t *schemas[SCHEMAS];
    char16_t *value;
    uint32_t count;
};

static void forget(struct question *question)
{
    for (uint32_t i = 0; i < question->count; i++) {
        free(question->schemas[i]);
    }
    free(question->value);
    free(question->request);
}

/* What is set: of the type that is said, else what it looks like. */
static bool take_value(struct script_lane *lane, const struct script_words *words,
                       struct question *question, BIDI_DATA *data)
{
    static const char *const types[] = {"null", "int", "float", "bool", "string", "text", "enum"};
    const char *value = NULL;
    const char *type = "string";
    uint32_t at = 0;
    if (!script_text(lane, script_word(words, "set"), &value) || value == NULL) {
        return value == NULL;
    }
    if (!script_text(lane, script_word(words, "type"), &type)) {
        return false;
    }
    while (at < sizeof types / sizeof *types && strcmp(types[at], type) != 0) {
        at++;
    }
    if (at == sizeof types / sizeof *types) {
        return script_fail(lane, script_word(words, "type"),
                           "a type is null, int, float, bool, string, text or enum");
    }
    question->value = platen_text_new16(value, SIZE_MAX);
    data->dwBidiType = at;
    if (at == BIDI_INT) {
        data->u.iData = (LONG)strtol(value, NULL, 0);
    } else if (at == BIDI_FLOAT) {
        data->u.fData = strtof(value, NULL);
    } else if (at == BIDI_BOOL) {
        data->u.bData = strcmp(value, "true") == 0;
    } else {
        data->u.sData = (LPWSTR)question->value;
    }
    return true;
}

static bool take_question(struct script_lane *lane, const struct script_words *words,
                          struct question *question)
{
    BIDI_DATA data = {.dwBidiType = BIDI_NULL};
    const struct platen_word *word = script_word(words, "SCHEMA");
    for (; word != NULL && question->count < SCHEMAS; word = word->next) {
        const char *schema;
        if (word->name != NULL) {
            continue;
        }
        if (!script_text(lane, word, &schema)) {
            return false;
        }
        question->schemas[question->count++] = platen_text_new16(schema, SIZE_MAX);
    }
    if (!take_value(lane, words, question, &data)) {
        return false;
    }
    question->request =
        calloc(1, sizeof *question->request + question->count * sizeof question->request->aData[0]);
    if (question->request == NULL) {
        return script_fail(lane, NULL, "memory is out");
    }
    question->request->Version = 1;
    question->request->Count = question->count;
    for (uint32_t i = 0; i < question->count; i++) {
        question->request->aData[i] = (BIDI_REQUEST_DATA){
            .dwReqNumber = i, .pSchema = (LPWSTR)question->schemas[i], .data = data};
    }
    return true;
}

static void write_wide(const WCHAR *text, char *to, size_t size)
{
    *to = '\0';
    if (text != NULL) {
        platen_text_to8((const char16_t *)text, SIZE_MAX, to, size);
    }
}

static void write_value(const BIDI_DATA *data, char *to, size_t size)
{
    *to = '\0';
    switch (data->dwBidiType) {
    case BIDI_INT:
        snprintf(to, size, "%ld", (long)data->u.iData);
        break;
    case BIDI_FLOAT:
        snprintf(to, size, "%g", (double)data->u.fData);
        break;
    case BIDI_BOOL:
        snprintf(to, size, "%s", data->u.bData ? "true" : "false");
        break;
    case BIDI_STRING:
    case BIDI_TEXT:
    case BIDI_ENUM:
        write_wide(data->u.sData, to, size);
        break;
    case BIDI_BLOB:
        snprintf(to, size, "%lu bytes", (unsigned long)data->u.biData.cbBuf);
        break;
    default:
        break;
    }
}

/* "SCHEMA=VALUE" line by line. */
static size_t write_all(const BIDI_RESPONSE_CONTAINER *response, char *all)
{
    size_t used = 0;
    for (DWORD i = 0; i < response->Count && used + 1024 < ALL_TEXT; i++) {
        const BIDI_RESPONSE_DATA *entry = &response->aData[i];
        char schema[256];
        char value[512];
        write_wide(entry->pSchema, schema, sizeof schema);
        write_value(&entry->data, value, sizeof value);
        used += (size_t)snprintf(all + used, ALL_TEXT - used, "%s=%s\n", schema, value);
    }
    return used;
}

static bool put_answer(struct script_lane *lane, const BIDI_RESPONSE_CONTAINER *response,
                       struct script_outcome *outcome)
{
    char *schema = script_alloc(lane, 256);
    char *value = script_alloc(lane, 1024);
    char *all = script_alloc(lane, ALL_TEXT);
    if (schema == NULL || value == NULL || all == NULL) {
        return false;
    }
    script_field_number(outcome, "count", response == NULL ? 0 : response->Count);
    if (response == NULL || response->Count == 0) {
        return true;
    }
    write_wide(response->aData[0].pSchema, schema, 256);
    write_value(&response->aData[0].data, value, 1024);
    all[write_all(response, all)] = '\0';
    script_field_text(outcome, "schema", schema);
    script_field_text(outcome, "value", value);
    script_field_number(outcome, "result", response->aData[0].dwResult);
    script_field_text(outcome, "all", all);
    return true;
}

bool script_verb_ask(struct script_lane *lane, const struct script_words *words,
                     struct script_outcome *outcome)
{
    struct question question = {.count = 0};
    BIDI_RESPONSE_CONTAINER *response = NULL;
    const char *name = "";
    const char *action = "";
    const char *access = "admin";
    if (!has_printer(lane, words, &name) ||
        !script_text(lane, script_word(words, "ACTION"), &action) ||
        !script_text(lane, script_word(words, "access"), &access)) {
        return false;
    }
    bool done = take_question(lane, words, &question);
    if (done) {
        outcome->error = platen_printer_bidi(
            lane->spooler->spooler, name,
            strcmp(access, "user") == 0 ? BIDI_ACCESS_USER : BIDI_ACCESS_ADMINISTRATOR, action,
            question.request, &response);
        done = put_answer(lane, response, outcome);
        platen_bidi_free(response);
    }
    forget(&question);
    return done;
}

/* ---- power ----------------------------------------------------------------------------------- */

bool script_verb_power(struct script_lane *lane, const struct script_words *words,
                       struct script_outcome *outcome)
{
    static const struct {
        const char *word;
        uint32_t event;
    } rows[] = {{"suspend", 4}, {"resume", 7}, {"resume-automatic", 18}};
    const char *event = "";
    (void)outcome;
    if (!script_text(lane, script_word(words, "EVENT"), &event)) {
        return false;
    }
    if (script_spooler_of(lane) == NULL) {
        return script_fail(lane, NULL, "there is no spooler");
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].word, event) == 0) {
            platen_spooler_power(lane->spooler->spooler, rows[i].event);
            return true;
        }
    }
    return script_fail(lane, script_word(words, "EVENT"),
                       "an event is suspend, resume or resume-automatic");
}
