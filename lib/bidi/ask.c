/* SPDX-License-Identifier: MIT
 *
 * What each action does with one entry.
 */
#include <string.h>

#include <platen/errors.h>

#include "request.h"
#include "run.h"
#include "bidi/schema.h"

/* ---- the source ---------------------------------------------------------------------------- */

static void need_list(struct bidi_run *run)
{
    const struct bidi_source *source = run->source;
    if (run->listed)
        return;
    run->listed = true;
    run->list_error = source->list(source->context, &run->names, bidi_names_add);
    if (run->names.error || run->list_error == PLATEN_NOT_ENOUGH_MEMORY)
        run->answers.error = PLATEN_NOT_ENOUGH_MEMORY;
}

/* Every code of the source goes through here: want of memory ends it all. */
static uint32_t noted(struct bidi_run *run, uint32_t code)
{
    if (code == PLATEN_NOT_ENOUGH_MEMORY)
        run->answers.error = code;
    return code;
}

static uint32_t get(struct bidi_run *run, const char *name, const char *argument)
{
    const struct bidi_source *source = run->source;
    *run->value = '\0';
    uint32_t code = source->get(source->context, name, argument, run->value, sizeof(run->value));
    run->value[sizeof(run->value) - 1] = '\0';
    return noted(run, code);
}

/* The name of a value as the source may have it: first as the table has it, then as it is listed.
 */
static const char *table_name(const char *schema)
{
    const struct bidi_schema *row = bidi_schema_find(schema);
    return row && !bidi_is_open(row) ? row->name : NULL;
}

static const char *listed_name(struct bidi_run *run, const char *schema)
{
    need_list(run);
    return bidi_names_find(&run->names, schema);
}

/* What the list would have told, had it been whole. */
static uint32_t unknown(const struct bidi_run *run)
{
    return run->list_error ? run->list_error : PLATEN_BIDI_SCHEMA_NOT_SUPPORTED;
}

static uint32_t type_of(const char *name)
{
    const struct bidi_schema *row = bidi_schema_find(name);
    return row ? row->type : BIDI_STRING;
}

/* ---- one value ----------------------------------------------------------------------------- */

static void add(struct bidi_run *run, uint32_t index, uint32_t code, const char *name)
{
    struct answer answer = {
        .code = code, .schema = name, .type = type_of(name), .text = run->value};
    answers_add(&run->answers, index, &answer);
}

static uint32_t get_value(struct bidi_run *run, uint32_t index, const char *schema,
                          const char *argument)
{
    const char *name = table_name(schema);
    uint32_t code = name ? get(run, name, argument) : (uint32_t)PLATEN_BIDI_SCHEMA_NOT_SUPPORTED;
    if (code == PLATEN_BIDI_SCHEMA_NOT_SUPPORTED) {
        name = listed_name(run, schema);
        code = name ? get(run, name, argument) : unknown(run);
    }
    if (!code)
        add(run, index, 0, name);
    return code;
}

/* ---- a path -------------------------------------------------------------------------------- */

/* All values there are under it. What has gone since it was listed is passed over. */
static uint32_t get_under(struct bidi_run *run, uint32_t index, bool deep)
{
    bool any = false;
    need_list(run);
    for (uint32_t i = 0; i < run->names.count && !run->answers.error; i++) {
        const char *name = run->names.table[i];
        if (!bidi_is_under(run->schema, name, deep))
            continue;
        uint32_t code = get(run, name, NULL);
        if (code == PLATEN_BIDI_SCHEMA_NOT_SUPPORTED)
            continue;
        add(run, index, code, name);
        any = true;
    }
    return any ? 0 : unknown(run);
}

/* Some write a dot where the colon belongs (D23). */
static uint32_t get_dotted(struct bidi_run *run, uint32_t index)
{
    char name[BIDI_SCHEMA_BYTES];
    memcpy(name, run->schema, sizeof(name));
    char *dot = strrchr(name, '.');
    if (!dot)
        return PLATEN_BIDI_SCHEMA_NOT_SUPPORTED;
    *dot = ':';
    return get_value(run, index, name, NULL);
}

static uint32_t get_path(struct bidi_run *run, uint32_t index, bool deep)
{
    uint32_t code = get_under(run, index, deep);
    if (code != PLATEN_BIDI_SCHEMA_NOT_SUPPORTED)
        return code;
    return get_dotted(run, index);
}

/* ---- the actions --------------------------------------------------------------------------- */

/* The entry's schema, read; 0 with its shape, or why it cannot be one. */
static uint32_t read_schema(struct bidi_run *run, const BIDI_REQUEST_DATA *entry,
                            enum bidi_shape *shape)
{
    *shape = BIDI_NO_NAME;
    if (!entry->pSchema)
        return PLATEN_INVALID_PARAMETER;
    if (request_text(entry->pSchema, run->schema, sizeof(run->schema)))
        *shape = bidi_shape_of(run->schema);
    return *shape == BIDI_NO_NAME ? PLATEN_BIDI_SCHEMA_NOT_SUPPORTED : 0;
}

static uint32_t get_entry(struct bidi_run *run, uint32_t index, const BIDI_REQUEST_DATA *entry,
                          bool deep)
{
    enum bidi_shape shape;
    uint32_t code = read_schema(run, entry, &shape);
    if (code)
        return code;
    return shape == BIDI_NAME ? get_value(run, index, run->schema, NULL)
                              : get_path(run, index, deep);
}

uint32_t bidi_ask_get(struct bidi_run *run, uint32_t index, const BIDI_REQUEST_DATA *entry)
{
    return get_entry(run, index, entry, false);
}

uint32_t bidi_ask_all(struct bidi_run *run, uint32_t index, const BIDI_REQUEST_DATA *entry)
{
    return get_entry(run, index, entry, true);
}

/* Only a value takes an argument. */
uint32_t bidi_ask_with(struct bidi_run *run, uint32_t index, const BIDI_REQUEST_DATA *entry)
{
    enum bidi_shape shape;
    uint32_t code = read_schema(run, entry, &shape);
    if (!code && shape != BIDI_NAME)
        code = PLATEN_BIDI_SCHEMA_NOT_SUPPORTED;
    if (!code)
        code = request_value(&entry->data, BIDI_NULL, run->argument, sizeof(run->argument));
    return code ? code : get_value(run, index, run->schema, run->argument);
}

static uint32_t set(struct bidi_run *run, const char *name)
{
    const struct bidi_source *source = run->source;
    if (source->set)
        return noted(run, source->set(source->context, name, run->argument));
    return PLATEN_BIDI_SCHEMA_NOT_SUPPORTED;
}

/* What nobody can set, but somebody can get, is read-only (R76). */
static uint32_t set_value(struct bidi_run *run, const char *schema, const char **name)
{
    *name = table_name(schema);
    uint32_t code = *name ? set(run, *name) : (uint32_t)PLATEN_BIDI_SCHEMA_NOT_SUPPORTED;
    if (code != PLATEN_BIDI_SCHEMA_NOT_SUPPORTED)
        return code;
    *name = listed_name(run, schema);
    if (!*name)
        return unknown(run);
    code = set(run, *name);
    return code == PLATEN_BIDI_SCHEMA_NOT_SUPPORTED ? PLATEN_BIDI_SCHEMA_READ_ONLY : code;
}

uint32_t bidi_ask_set(struct bidi_run *run, uint32_t index, const BIDI_REQUEST_DATA *entry)
{
    enum bidi_shape shape;
    uint32_t code = read_schema(run, entry, &shape);
    if (!code && shape != BIDI_NAME)
        code = PLATEN_BIDI_SCHEMA_NOT_SUPPORTED;
    if (code)
        return code;
    const char *name;
    const struct bidi_schema *row = bidi_schema_find(run->schema);
    if (row && !row->settable)
        return PLATEN_BIDI_SCHEMA_READ_ONLY;
    code = request_value(&entry->data, row ? row->type : (uint32_t)BIDI_NULL, run->argument,
                         sizeof(run->argument));
    if (!code)
        code = set_value(run, run->schema, &name);
    if (!code)
        answers_add(&run->answers, index, &(struct answer){.schema = name});
    return code;
}

uint32_t bidi_ask_schema(struct bidi_run *run, uint32_t index, const BIDI_REQUEST_DATA *entry)
{
    (void)entry;
    need_list(run);
    for (uint32_t i = 0; i < run->names.count && !run->answers.error; i++) {
        struct answer answer = {.type = BIDI_TEXT, .text = run->names.table[i]};
        answers_add(&run->answers, index, &answer);
    }
    return run->names.count || run->virtual ? 0 : (uint32_t)PLATEN_NO_DATA;
}
