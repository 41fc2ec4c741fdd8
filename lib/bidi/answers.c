/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "answers.h"

static bool grow(struct answers *answers)
{
    uint32_t room = answers->room ? answers->room * 2 : 16;
    if (answers->count < answers->room)
        return true;
    if (room > BIDI_MOST_ANSWERS)
        return false;
    void *rows = realloc(answers->rows, room * sizeof(*answers->rows));
    if (!rows)
        return false;
    answers->rows = rows;
    void *owners = realloc(answers->owners, room * sizeof(*answers->owners));
    if (!owners)
        return false;
    answers->owners = owners;
    answers->room = room;
    return true;
}

static bool put_row(struct answers *answers, uint32_t owner, const BIDI_RESPONSE_DATA *row)
{
    if (answers->error || !grow(answers)) {
        answers->error = PLATEN_NOT_ENOUGH_MEMORY;
        return false;
    }
    answers->rows[answers->count] = *row;
    answers->owners[answers->count++] = owner;
    answers->failed = answers->failed || row->dwResult;
    return true;
}

/* NULL, and the error, when memory is out. */
static LPWSTR put_text(struct answers *answers, const char *text)
{
    size_t units = platen_text_to16(text, SIZE_MAX, NULL, 0) + 1;
    LPWSTR to = answers->memory->new_memory(units * sizeof(*to));
    if (to)
        platen_text_to16(text, SIZE_MAX, (char16_t *)to, units);
    else
        answers->error = PLATEN_NOT_ENOUGH_MEMORY;
    return to;
}

static bool to_int(const char *text, LONG *number)
{
    bool negative = *text == '-';
    int64_t value = 0;
    if (negative || *text == '+')
        text++;
    if (!*text)
        return false;
    for (; *text >= '0' && *text <= '9' && value <= INT32_MAX; text++)
        value = value * 10 + (*text - '0');
    value = negative ? -value : value;
    *number = (LONG)value;
    return !*text && value >= INT32_MIN && value <= INT32_MAX;
}

static bool to_bool(const char *text, BOOL *truth)
{
    *truth = strcmp(text, "true") == 0 || strcmp(text, "1") == 0;
    return *truth || strcmp(text, "false") == 0 || strcmp(text, "0") == 0;
}

/* False: the text is no value of that type. */
static bool put_value(struct answers *answers, const struct answer *answer, BIDI_DATA *data)
{
    bool good = true;
    if (answer->code || !answer->text || answer->type == BIDI_NULL)
        return true;
    if (answer->type == BIDI_INT)
        good = to_int(answer->text, &data->u.iData);
    else if (answer->type == BIDI_BOOL)
        good = to_bool(answer->text, &data->u.bData);
    else
        data->u.sData = put_text(answers, answer->text);
    if (good)
        data->dwBidiType = answer->type;
    return good;
}

static void free_row(const struct bidi_memory *memory, const BIDI_RESPONSE_DATA *row)
{
    uint32_t type = row->data.dwBidiType;
    if (row->pSchema)
        memory->free_memory(row->pSchema);
    if ((type == BIDI_STRING || type == BIDI_TEXT || type == BIDI_ENUM) && row->data.u.sData)
        memory->free_memory(row->data.u.sData);
    if (type == BIDI_BLOB && row->data.u.biData.pData)
        memory->free_memory(row->data.u.biData.pData);
}

void answers_add(struct answers *answers, uint32_t owner, const struct answer *answer)
{
    BIDI_RESPONSE_DATA row;
    memset(&row, 0, sizeof(row));
    row.dwResult = answer->code;
    if (answers->error)
        return;
    if (answer->schema)
        row.pSchema = put_text(answers, answer->schema);
    if (!put_value(answers, answer, &row.data)) {
        memset(&row.data, 0, sizeof(row.data));
        row.dwResult = PLATEN_INVALID_DATA;
    }
    if (answers->error || !put_row(answers, owner, &row))
        free_row(answers->memory, &row);
}

void answers_move(struct answers *answers, uint32_t owner, BIDI_RESPONSE_DATA *row)
{
    if (!put_row(answers, owner, row))
        return;
    row->pSchema = NULL;
    memset(&row->data, 0, sizeof(row->data));
}

/* How far each request's rows begin into the response, counted in `begins`. */
static void place(const struct answers *answers, uint32_t *begins, uint32_t requests)
{
    for (uint32_t i = 0; i < answers->count; i++)
        begins[answers->owners[i] + 1]++;
    for (uint32_t i = 1; i < requests; i++)
        begins[i] += begins[i - 1];
}

static void fill(const struct answers *answers, const uint32_t *numbers, uint32_t *begins,
                 PBIDI_RESPONSE_CONTAINER response)
{
    for (uint32_t i = 0; i < answers->count; i++) {
        uint32_t owner = answers->owners[i];
        BIDI_RESPONSE_DATA *row = &response->aData[begins[owner]++];
        *row = answers->rows[i];
        row->dwReqNumber = numbers[owner];
    }
    response->Version = 1;
    response->Flags = 0;
    response->Count = answers->count;
}

PBIDI_RESPONSE_CONTAINER answers_finish(struct answers *answers, const uint32_t *numbers,
                                        uint32_t requests)
{
    PBIDI_RESPONSE_CONTAINER response = NULL;
    uint32_t *begins = calloc((size_t)requests + 1, sizeof(*begins));
    if (begins && !answers->error)
        response = answers->memory->new_container(answers->count);
    if (response) {
        place(answers, begins, requests);
        fill(answers, numbers, begins, response);
    }
    for (uint32_t i = 0; !response && i < answers->count; i++)
        free_row(answers->memory, &answers->rows[i]);
    free(begins);
    free(answers->rows);
    free(answers->owners);
    *answers = (struct answers){.error = response ? 0 : PLATEN_NOT_ENOUGH_MEMORY};
    return response;
}
