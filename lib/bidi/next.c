/* SPDX-License-Identifier: MIT
 *
 * What one source does not know another may: the language monitor hands it on to the port monitor.
 */
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "request.h"
#include "run.h"
#include "bidi/schema.h"

/* Unknown here, or something of which there may be more below: all but a value that has its
 * answer. */
static bool may_know(struct bidi_run *run, uint32_t index)
{
    uint32_t code = run->codes[index];
    if (run->virtual || code == PLATEN_BIDI_SCHEMA_NOT_SUPPORTED || code == PLATEN_NO_DATA)
        return true;
    BIDI_REQUEST_DATA entry = request_entry(run->call->request, index);
    if (code || !entry.pSchema)
        return !code;
    return !request_text(entry.pSchema, run->schema, sizeof(run->schema)) ||
           bidi_shape_of(run->schema) == BIDI_PATH;
}

/* Entries that are handed on go under their place, because their numbers need not be different. */
static PBIDI_REQUEST_CONTAINER make_request(struct bidi_run *run)
{
    size_t size =
        offsetof(BIDI_REQUEST_CONTAINER, aData) + (size_t)run->count * sizeof(BIDI_REQUEST_DATA);
    PBIDI_REQUEST_CONTAINER request = calloc(1, size < sizeof(*request) ? sizeof(*request) : size);
    if (!request)
        return NULL;
    request->Version = 1;
    for (uint32_t i = 0; i < run->count; i++) {
        if (run->virtual || !may_know(run, i))
            continue;
        BIDI_REQUEST_DATA *entry = &request->aData[request->Count++];
        *entry = request_entry(run->call->request, i);
        entry->dwReqNumber = i;
    }
    return request;
}

static bool is_unknown(uint32_t code)
{
    return code == PLATEN_BIDI_SCHEMA_NOT_SUPPORTED || code == PLATEN_NO_DATA;
}

static bool same_text(const char16_t *a, const char *b)
{
    char text[BIDI_SCHEMA_BYTES];
    return a && request_text(a, text, sizeof(text)) && bidi_same_name(text, b);
}

/* Do we have it already? Only in a path or a list; what is known here has its name listed here. */
static bool is_ours(const struct bidi_run *run, const BIDI_RESPONSE_DATA *row)
{
    const char16_t *name = (const char16_t *)row->pSchema;
    if (!name && row->data.dwBidiType == BIDI_TEXT)
        name = (const char16_t *)row->data.u.sData;
    for (uint32_t i = 0; name && i < run->names.count; i++)
        if (same_text(name, run->names.table[i]))
            return true;
    return false;
}

static void take(struct bidi_run *run, BIDI_RESPONSE_DATA *row)
{
    uint32_t owner = run->virtual ? 0 : row->dwReqNumber;
    if (owner >= run->count)
        return;
    bool answered = run->codes[owner] == 0;
    if (answered && (is_unknown(row->dwResult) || is_ours(run, row)))
        return;
    if (!answered && is_unknown(row->dwResult))
        return;
    run->codes[owner] = 0;
    answers_move(&run->answers, owner, row);
}

void bidi_ask_next(struct bidi_run *run)
{
    const struct bidi_source *source = run->source;
    const struct bidi_call *call = run->call;
    PBIDI_RESPONSE_CONTAINER response = NULL;
    PBIDI_REQUEST_CONTAINER request = make_request(run);
    if (!request) {
        run->answers.error = PLATEN_NOT_ENOUGH_MEMORY;
        return;
    }
    if (request->Count || run->virtual)
        source->next(source->context, call->access, call->action, request, &response);
    for (uint32_t i = 0; response && i < response->Count; i++)
        take(run, &response->aData[i]);
    if (response)
        run->answers.memory->free_container(response);
    free(request);
}
