/* SPDX-License-Identifier: MIT */
#include "bidi/bidi.h"

#include <stdlib.h>

#include <platen/errors.h>

#include "request.h"
#include "run.h"

static const struct action {
    const char *name;
    bool administrative;
    bool needs_entries;
    uint32_t (*ask)(struct bidi_run *run, uint32_t index, const BIDI_REQUEST_DATA *entry);
} actions[] = {
    {"EnumSchema", false, false, bidi_ask_schema},
    {"Get", false, true, bidi_ask_get},
    {"GetAll", false, true, bidi_ask_all},
    {"GetWithArgument", false, true, bidi_ask_with},
    {"Set", true, true, bidi_ask_set},
};

static const struct action *find_action(const char16_t *name)
{
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
        if (request_is(name, actions[i].name))
            return &actions[i];
    return NULL;
}

/* In the numbers of BIDI_ACCESS_ and in a printer's rights, whichever arrives. */
static bool is_administrator(uint32_t access)
{
    return access & (BIDI_ACCESS_ADMINISTRATOR | PRINTER_ACCESS_ADMINISTER);
}

/* An entry that nobody answers has one row all the same (R74). */
static void complain(struct bidi_run *run, uint32_t index)
{
    struct answer answer = {.code = run->codes[index]};
    if (!answer.code)
        return;
    BIDI_REQUEST_DATA entry = request_entry(run->call->request, index);
    if (entry.pSchema) { /* as far as it can be repeated */
        request_text(entry.pSchema, run->schema, sizeof(run->schema));
        answer.schema = run->schema;
    }
    answers_add(&run->answers, index, &answer);
}

static void ask(struct bidi_run *run, const struct action *action)
{
    const BIDI_REQUEST_DATA nothing = {0};
    for (uint32_t i = 0; i < run->count && !run->answers.error; i++) {
        BIDI_REQUEST_DATA entry = run->virtual ? nothing : request_entry(run->call->request, i);
        run->numbers[i] = entry.dwReqNumber;
        run->codes[i] = action->ask(run, i, &entry);
    }
    if (run->source->next && !run->answers.error)
        bidi_ask_next(run);
    for (uint32_t i = 0; i < run->count && !run->answers.error; i++)
        complain(run, i);
}

static uint32_t finish(struct bidi_run *run, PBIDI_RESPONSE_CONTAINER *answer)
{
    bool failed = run->answers.failed;
    *answer = answers_finish(&run->answers, run->numbers, run->count);
    if (!*answer)
        return PLATEN_NOT_ENOUGH_MEMORY;
    return failed ? PLATEN_BIDI_STATUS_WARNING : 0;
}

static uint32_t run_action(struct bidi_run *run, const struct action *action,
                           PBIDI_RESPONSE_CONTAINER *answer)
{
    uint32_t code = PLATEN_NOT_ENOUGH_MEMORY;
    run->numbers = calloc(run->count, sizeof(*run->numbers));
    run->codes = calloc(run->count, sizeof(*run->codes));
    if (run->numbers && run->codes) {
        ask(run, action);
        code = finish(run, answer);
    }
    bidi_names_free(&run->names);
    free(run->numbers);
    free(run->codes);
    return code;
}

static uint32_t check(const struct bidi_call *call, const struct action *action)
{
    uint32_t count = call->request ? request_count(call->request) : 0;
    if (action->administrative && !is_administrator(call->access))
        return PLATEN_ACCESS_DENIED;
    if (!call->request || count > BIDI_MOST_REQUESTS || (action->needs_entries && !count))
        return PLATEN_INVALID_PARAMETER;
    return 0;
}

uint32_t bidi_run(const struct bidi_source *source, const struct bidi_memory *memory,
                  const struct bidi_call *call, PBIDI_RESPONSE_CONTAINER *answer)
{
    *answer = NULL;
    if (!call->action)
        return PLATEN_INVALID_PARAMETER;
    const struct action *action = find_action(call->action);
    uint32_t code = action ? check(call, action) : (uint32_t)PLATEN_NOT_SUPPORTED;
    if (code)
        return code;
    struct bidi_run *run = calloc(1, sizeof(*run));
    if (!run)
        return PLATEN_NOT_ENOUGH_MEMORY;
    uint32_t count = request_count(call->request);
    run->source = source;
    run->call = call;
    run->answers.memory = memory;
    run->virtual = count == 0;
    run->count = count ? count : 1;
    code = run_action(run, action, answer);
    free(run);
    return code;
}
