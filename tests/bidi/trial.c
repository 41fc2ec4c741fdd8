/* SPDX-License-Identifier: MIT */
#include "trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

struct trial trial;

void trial_reset(const struct trial_value *values)
{
    memset(&trial, 0, sizeof(trial));
    trial.values = values;
}

int trial_is_clean(void **state)
{
    (void)state;
    assert_int_equal(trial.blocks, 0);
    assert_int_equal(trial.containers, 0);
    return 0;
}

/* ---- memory -------------------------------------------------------------------------------- */

static PBIDI_RESPONSE_CONTAINER WINAPI new_container(DWORD count)
{
    size_t size = offsetof(BIDI_RESPONSE_CONTAINER, aData) + count * sizeof(BIDI_RESPONSE_DATA);
    PBIDI_RESPONSE_CONTAINER made = malloc(size < sizeof(*made) && !count ? sizeof(*made) : size);
    if (made) {
        memset(made, 0xA5, size);
        trial.containers++;
    }
    return made;
}

static LPVOID WINAPI new_memory(size_t size)
{
    void *made = malloc(size);
    trial.blocks += made != NULL;
    trial.made += made != NULL;
    return made;
}

static VOID WINAPI free_memory(LPVOID memory)
{
    trial.blocks -= memory != NULL;
    free(memory);
}

static DWORD WINAPI free_container(PBIDI_RESPONSE_CONTAINER container)
{
    for (DWORD i = 0; i < container->Count; i++) {
        const BIDI_DATA *data = &container->aData[i].data;
        free_memory(container->aData[i].pSchema);
        if (data->dwBidiType >= BIDI_STRING && data->dwBidiType <= BIDI_ENUM)
            free_memory(data->u.sData);
        else if (data->dwBidiType == BIDI_BLOB)
            free_memory(data->u.biData.pData);
    }
    trial.containers--;
    free(container);
    return 0;
}

const struct bidi_memory trial_memory = {new_container, new_memory, free_container, free_memory};

void trial_free(PBIDI_RESPONSE_CONTAINER answer)
{
    if (answer)
        free_container(answer);
}

/* ---- the source ---------------------------------------------------------------------------- */

static const struct trial_value *find(const char *schema)
{
    const struct trial_value *value = trial.values;
    snprintf(trial.last_schema, sizeof(trial.last_schema), "%s", schema);
    while (value->schema && strcmp(value->schema, schema) != 0)
        value++;
    return value;
}

static uint32_t get(void *context, const char *schema, const char *argument, char *value,
                    size_t size)
{
    const struct trial_value *found = find(schema);
    (void)context;
    trial.gets++;
    snprintf(trial.last_value, sizeof(trial.last_value), "%s", argument ? argument : "(none)");
    if (found->code)
        return found->code;
    if (!found->schema || !found->text)
        return PLATEN_BIDI_SCHEMA_NOT_SUPPORTED;
    snprintf(value, size, "%s", found->text);
    return 0;
}

static uint32_t set(void *context, const char *schema, const char *value)
{
    const struct trial_value *found = find(schema);
    (void)context;
    trial.sets++;
    snprintf(trial.last_value, sizeof(trial.last_value), "%s", value);
    if (trial.set_error)
        return trial.set_error;
    return found->schema && !found->fixed ? 0 : (uint32_t)PLATEN_BIDI_SCHEMA_NOT_SUPPORTED;
}

static uint32_t list(void *context, void *to, bidi_add add)
{
    (void)context;
    trial.lists++;
    for (const struct trial_value *value = trial.values; value->schema; value++)
        add(to, value->schema);
    return trial.list_error;
}

struct bidi_source trial_source(void)
{
    return (struct bidi_source){.get = get, .set = trial.without_set ? NULL : set, .list = list};
}

/* ---- calls --------------------------------------------------------------------------------- */

BIDI_REQUEST_CONTAINER *trial_request(const struct ask *asks, uint32_t count)
{
    size_t head = offsetof(BIDI_REQUEST_CONTAINER, aData);
    char *request = malloc(head + count * sizeof(BIDI_REQUEST_DATA));
    DWORD numbers[3] = {1, 0, count};
    assert_non_null(request);
    memset(request, 0, head);
    memcpy(request, numbers, sizeof(numbers));
    for (uint32_t i = 0; i < count; i++) {
        BIDI_REQUEST_DATA row;
        memset(&row, 0, sizeof(row));
        row.dwReqNumber = asks[i].number;
        row.pSchema = (LPWSTR)(uintptr_t)asks[i].schema;
        row.data = asks[i].data;
        memcpy(request + head + i * sizeof(row), &row, sizeof(row));
    }
    return (BIDI_REQUEST_CONTAINER *)(void *)request;
}

uint32_t trial_run(const char16_t *action, const struct ask *asks, uint32_t count,
                   PBIDI_RESPONSE_CONTAINER *answer)
{
    struct bidi_source source = trial_source();
    BIDI_REQUEST_CONTAINER *request = trial_request(asks, count);
    struct bidi_call call = {
        .access = BIDI_ACCESS_ADMINISTRATOR, .action = action, .request = request};
    *answer = (PBIDI_RESPONSE_CONTAINER)(void *)request;
    uint32_t code = bidi_run(&source, &trial_memory, &call, answer);
    memset(request, 0xEE, offsetof(BIDI_REQUEST_CONTAINER, aData)); /* nothing of it is kept */
    free(request);
    if (code && code != PLATEN_BIDI_STATUS_WARNING)
        assert_null(*answer);
    else
        assert_non_null(*answer);
    return code;
}

static void to_text(const BIDI_DATA *data, char *to, size_t size)
{
    *to = '\0';
    switch (data->dwBidiType) {
    case BIDI_INT:
        snprintf(to, size, "%ld", (long)data->u.iData);
        break;
    case BIDI_BOOL:
        snprintf(to, size, "%s", data->u.bData ? "true" : "false");
        break;
    case BIDI_STRING:
    case BIDI_TEXT:
    case BIDI_ENUM:
        platen_text_to8((const char16_t *)data->u.sData, SIZE_MAX, to, size);
        break;
    default:
        assert_int_equal(data->dwBidiType, BIDI_NULL);
    }
}

void trial_expect(PBIDI_RESPONSE_CONTAINER answer, uint32_t row, uint32_t result, uint32_t number,
                  const char *schema, const char *value)
{
    char text[9000];
    assert_int_equal(answer->Version, 1);
    assert_int_equal(answer->Flags, 0);
    assert_in_range(row, 0, answer->Count - 1);
    const BIDI_RESPONSE_DATA *data = &answer->aData[row];
    assert_int_equal(data->dwResult, result);
    assert_int_equal(data->dwReqNumber, number);
    *text = '\0';
    if (data->pSchema)
        platen_text_to8((const char16_t *)data->pSchema, SIZE_MAX, text, sizeof(text));
    assert_string_equal(text, schema);
    to_text(&data->data, text, sizeof(text));
    assert_string_equal(text, value);
}
