/* SPDX-License-Identifier: MIT
 *
 * Verbs of the registry.
 */
#include <stdlib.h>
#include <string.h>

#include "os/text.h"
#include "script/inside.h"

static const struct {
    const char *name;
    uint32_t type;
} types[] = {
    {"REG_NONE", REG_NONE},     {"REG_SZ", REG_SZ},       {"REG_EXPAND_SZ", REG_EXPAND_SZ},
    {"REG_BINARY", REG_BINARY}, {"REG_DWORD", REG_DWORD}, {"REG_MULTI_SZ", REG_MULTI_SZ},
};

#define TYPES (sizeof types / sizeof *types)

static platen_registry *registry_of(struct script_lane *lane)
{
    struct script_spooler *spooler = script_spooler_of(lane);
    return spooler == NULL ? NULL : spooler->registry;
}

static bool registry_file(struct script_lane *lane, const struct script_words *words,
                          const char **path, platen_registry **registry)
{
    *registry = registry_of(lane);
    return script_path_of(lane, script_word(words, "FILE"), path) && *registry != NULL;
}

static void keep_complaint(struct script_lane *lane, char *complaint,
                           struct script_outcome *outcome)
{
    if (complaint != NULL) {
        char *kept = script_alloc(lane, strlen(complaint) + 1);
        outcome->why = kept == NULL ? NULL : strcpy(kept, complaint);
        platen_free(complaint);
    }
}

bool script_verb_registry_load(struct script_lane *lane, const struct script_words *words,
                               struct script_outcome *outcome)
{
    platen_registry *registry;
    const char *path;
    char *complaint = NULL;
    if (!registry_file(lane, words, &path, &registry)) {
        return false;
    }
    outcome->error = platen_registry_load(registry, path, &complaint);
    keep_complaint(lane, complaint, outcome);
    return true;
}

bool script_verb_registry_save(struct script_lane *lane, const struct script_words *words,
                               struct script_outcome *outcome)
{
    platen_registry *registry;
    const char *path;
    if (!registry_file(lane, words, &path, &registry)) {
        return false;
    }
    outcome->error = platen_registry_save(registry, path);
    return true;
}

/* ---- values ---------------------------------------------------------------------------------- */

static bool take_type(struct script_lane *lane, const struct script_words *words, uint32_t *type)
{
    const struct platen_word *word = script_word(words, "type");
    const char *name = NULL;
    uint64_t number;

    if (word == NULL) {
        return true;
    }
    if (platen_word_number(word, &number)) {
        *type = (uint32_t)number;
        return true;
    }
    if (!script_text(lane, word, &name)) {
        return false;
    }
    for (size_t i = 0; i < TYPES; i++) {
        if (strcmp(types[i].name, name) == 0) {
            *type = types[i].type;
            return true;
        }
    }
    return script_fail(lane, word, "there is no such type of value");
}

static uint32_t set_text(platen_registry *registry, const char *key, const char *name,
                         uint32_t type, const struct platen_word *data)
{
    size_t units = platen_word_text16(data, NULL, 0);
    char16_t *text = calloc(units + 2, sizeof *text);
    size_t ends = type == REG_MULTI_SZ ? 2 : 1;

    if (text == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    platen_word_text16(data, text, units);
    uint32_t error = platen_registry_set(registry, key, name, type, text,
                                         (uint32_t)((units + ends) * sizeof *text));
    free(text);
    return error;
}

static bool set_value(struct script_lane *lane, platen_registry *registry, const char *key,
                      const char *name, const struct script_words *words,
                      struct script_outcome *outcome)
{
    const struct platen_word *word = script_word(words, "DATA");
    const struct platen_word *data = script_value(lane, word);
    uint64_t number = 0;
    const void *bytes = NULL;
    size_t size = 0;

    if (data == NULL) {
        return false;
    }
    bool is_number = platen_word_number(data, &number);
    uint32_t type = is_number ? REG_DWORD : REG_SZ;
    if (!take_type(lane, words, &type)) {
        return false;
    }
    if (type == REG_SZ || type == REG_EXPAND_SZ || type == REG_MULTI_SZ) {
        outcome->error = set_text(registry, key, name, type, data);
        return true;
    }
    if (is_number && type == REG_DWORD) {
        uint32_t value = (uint32_t)number;
        outcome->error = platen_registry_set(registry, key, name, type, &value, sizeof value);
        return true;
    }
    if (!script_bytes(lane, word, &bytes, &size)) {
        return false;
    }
    outcome->error = platen_registry_set(registry, key, name, type, bytes, (uint32_t)size);
    return true;
}

static bool key_and_name(struct script_lane *lane, const struct script_words *words,
                         const char **key, const char **name)
{
    return script_text(lane, script_word(words, "KEY"), key) &&
           script_text(lane, script_word(words, "NAME"), name);
}

bool script_verb_registry_set(struct script_lane *lane, const struct script_words *words,
                              struct script_outcome *outcome)
{
    const char *key = "";
    const char *name = "";
    platen_registry *registry = registry_of(lane);
    return registry != NULL && key_and_name(lane, words, &key, &name) &&
           set_value(lane, registry, key, name, words, outcome);
}

bool script_verb_registry_delete(struct script_lane *lane, const struct script_words *words,
                                 struct script_outcome *outcome)
{
    const char *key = "";
    const char *name = NULL;
    platen_registry *registry = registry_of(lane);
    if (registry == NULL || !key_and_name(lane, words, &key, &name)) {
        return false;
    }
    outcome->error = platen_registry_delete(registry, key, name);
    return true;
}

static void put_value(struct script_lane *lane, uint32_t type, uint8_t *data, uint32_t size,
                      struct script_outcome *outcome)
{
    uint32_t number;
    if (type == REG_DWORD && size == sizeof number) {
        memcpy(&number, data, sizeof number);
        script_field_number(outcome, "value", number);
    } else if (type == REG_SZ || type == REG_EXPAND_SZ) {
        const char16_t *units = (const char16_t *)(const void *)data;
        size_t length = platen_text_length16(units, size / sizeof *units);
        size_t room = 3 * length + 1;
        char *text = script_alloc(lane, room);
        if (text != NULL) {
            platen_text_to8(units, length, text, room);
            script_field_text(outcome, "value", text);
        }
    } else {
        script_field_bytes(outcome, "value", data, size);
    }
}

bool script_verb_registry_expect(struct script_lane *lane, const struct script_words *words,
                                 struct script_outcome *outcome)
{
    const char *key = "";
    const char *name = "";
    platen_registry *registry = registry_of(lane);
    uint32_t type = 0;
    uint32_t size = 0;

    if (registry == NULL || !key_and_name(lane, words, &key, &name)) {
        return false;
    }
    uint32_t error = platen_registry_get(registry, key, name, &type, NULL, &size);
    uint8_t *data = script_alloc(lane, (size_t)size + 2);
    if (error == PLATEN_MORE_DATA || error == 0) {
        error = data == NULL ? PLATEN_NOT_ENOUGH_MEMORY
                             : platen_registry_get(registry, key, name, &type, data, &size);
    }
    outcome->word = error == 0 ? "present" : "absent";
    if (error != 0) {
        return true;
    }
    const char *type_name = "other";
    for (size_t i = 0; i < TYPES; i++) {
        type_name = types[i].type == type ? types[i].name : type_name;
    }
    script_field_text(outcome, "type", type_name);
    script_field_number(outcome, "size", size);
    put_value(lane, type, data, size, outcome);
    return true;
}
