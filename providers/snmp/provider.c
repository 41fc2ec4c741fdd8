/* SPDX-License-Identifier: MIT
 *
 * The provider itself: what was heard of a printer, how old that is, and who wants to know.
 *
 * Sets and tables are asked for as a whole and believed for a while, so that one request for
 * hundreds of values costs a handful of messages. An agent that was silent is left alone for a
 * while: of hundreds of values only the first is waited for.
 */
#include <platen/snmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contact.h"
#include "learn.h"
#include "os/clock.h"
#include "os/text.h"

#define SECOND UINT64_C(1000000000)

/* How long an answer is believed, and longer if it was long in coming. */
#define FRESH          SECOND
#define FRESH_PER_TIME 8
#define SILENT         (2 * SECOND)
#define MOST_PATIENCE  (10 * SECOND) /* with any deadline */
#define LEAST_PATIENCE (SECOND / 2)  /* whoever gave the agent less time knows nothing of it */

struct age {
    bool known;
    uint64_t until; /* on the port's clock: believed */
};

struct provider {
    struct contact contact;
    struct platen_clock *clock;
    void (*log)(void *context, enum platen_log_level level, const char *text);
    void *log_context;
    struct heard heard;
    struct age ages[SOURCE_COUNT];
    struct facts facts[GROUP_COUNT];
    bool made[GROUP_COUNT]; /* from what is in `heard` now */
    uint64_t silent_until;
    uint32_t silent_error; /* 0: it was not */
};

/* ---- groups and what they need ------------------------------------------------------------- */

static const char *const prefixes[] = {
#define SNMP_GROUP(group, prefix) [GROUP_##group] = prefix,
#include "mib.def"
};

static const struct {
    enum group group;
    enum source source;
} needs[] = {
#define SNMP_NEEDS(of, what) {GROUP_##of, SOURCE_##what},
#include "mib.def"
};

enum { NEEDS = sizeof needs / sizeof *needs };

static bool find_group(const char *schema, enum group *group)
{
    for (int i = 0; i < GROUP_COUNT; i++) {
        size_t length = strlen(prefixes[i]);
        char after = strncmp(schema, prefixes[i], length) == 0 ? schema[length] : 'x';
        *group = (enum group)i;
        if (after == '.' || after == ':')
            return true;
    }
    return false;
}

/* ---- the log ------------------------------------------------------------------------------- */

/* Once when it begins and once when it ends. */
static void tell(struct provider *provider, uint32_t error)
{
    char host[200], text[300];
    size_t length = strlen(provider->contact.host);
    platen_text_printable(provider->contact.host, length, host, sizeof host);
    if (error == PLATEN_HOST_NOT_FOUND)
        snprintf(text, sizeof text, "%s: the host was not found, for SNMP", host);
    else if (error)
        snprintf(text, sizeof text, "%s: no answer by SNMP (error %u)", host, (unsigned)error);
    else
        snprintf(text, sizeof text, "%s: answers by SNMP again", host);
    provider->log(provider->log_context, PLATEN_LOG_INFO, text);
}

static void note_silence(struct provider *provider, uint32_t error)
{
    bool before = provider->silent_error != 0;
    provider->silent_error = error;
    provider->silent_until = provider->clock->now(provider->clock) + SILENT;
    if (before != (error != 0))
        tell(provider, error);
}

/* ---- asking -------------------------------------------------------------------------------- */

/* One call of the provider: it has one link, if it needs one. */
struct call {
    struct provider *provider;
    uint64_t since; /* on platen_os_now's clock, as the next */
    uint64_t until;
    bool linked;
    struct link link;
};

static void begin_call(struct call *call, struct provider *provider, uint64_t deadline)
{
    uint64_t now = provider->clock->now(provider->clock);
    uint64_t left = deadline > now ? deadline - now : 0;
    call->provider = provider;
    call->since = platen_os_now();
    call->until = call->since + (left < MOST_PATIENCE ? left : MOST_PATIENCE);
    call->linked = false;
}

static void end_call(struct call *call)
{
    if (call->linked)
        link_close(&call->link);
}

static uint32_t fetch(struct call *call, enum source source)
{
    struct provider *provider = call->provider;
    struct heard *heard = &provider->heard;
    uint32_t error = 0;

    if (!call->linked)
        error = contact_link(&provider->contact, &call->link, call->until);
    if (error)
        return error;
    call->linked = true;
    heard->address = provider->contact.text;
    return mib_is_set(source)
               ? mib_get_set(&call->link, source, heard->device, heard->values, call->until)
               : mib_get_table(&call->link, source, heard->device, &heard->tables[source],
                               call->until);
}

static void note_age(struct provider *provider, enum source source, uint64_t since, bool known)
{
    uint64_t now = provider->clock->now(provider->clock);
    provider->ages[source] =
        (struct age){.known = known, .until = now + FRESH + FRESH_PER_TIME * (now - since)};
    for (size_t i = 0; i < NEEDS; i++)
        if (needs[i].source == source)
            provider->made[needs[i].group] = false;
}

/* A link that failed once has a question on its way whose answer nobody wants. */
static void drop_link(struct call *call, uint32_t error)
{
    bool hurried = error == PLATEN_TIMEOUT && platen_os_now() - call->since < LEAST_PATIENCE;
    end_call(call);
    call->linked = false;
    if (error == PLATEN_NOT_ENOUGH_MEMORY || hurried)
        return;
    contact_lost(&call->provider->contact);
    note_silence(call->provider, error);
}

static uint32_t refresh(struct call *call, enum source source)
{
    struct provider *provider = call->provider;
    uint64_t now = provider->clock->now(provider->clock);
    uint32_t error;

    if (provider->ages[source].known && now < provider->ages[source].until)
        return 0;
    if (provider->silent_error && now < provider->silent_until)
        return provider->silent_error;
    if (platen_os_now() >= call->until)
        return PLATEN_TIMEOUT;
    error = fetch(call, source);
    note_age(provider, source, now, !error);
    if (error)
        drop_link(call, error);
    else if (provider->silent_error)
        note_silence(provider, 0);
    return error;
}

static uint32_t prepare(struct call *call, enum group group)
{
    struct provider *provider = call->provider;
    struct facts *facts = &provider->facts[group];
    uint32_t error = 0;

    for (size_t i = 0; !error && i < NEEDS; i++)
        if (needs[i].group == group)
            error = refresh(call, needs[i].source);
    if (error)
        return error;
    if (!provider->made[group])
        learn(group, &provider->heard, facts);
    provider->made[group] = !facts->incomplete;
    return facts->incomplete ? PLATEN_NOT_ENOUGH_MEMORY : 0;
}

/* ---- the provider's functions -------------------------------------------------------------- */

static uint32_t open_provider(void *state, const struct platen_provider_setup *setup)
{
    struct provider *provider = state;
    *provider = (struct provider){
        .clock = setup->clock,
        .log = setup->log,
        .log_context = setup->log_context,
        .heard = {.device = setup->device_index ? setup->device_index : 1, .address = ""},
    };
    return contact_init(&provider->contact, setup->host, setup->community);
}

static uint32_t get(void *state, const char *schema, char *value, size_t size, uint64_t deadline)
{
    struct provider *provider = state;
    struct call call;
    enum group group;
    const char *text;
    uint32_t error;

    if (size > 0)
        value[0] = 0;
    if (!find_group(schema, &group))
        return PLATEN_BIDI_SCHEMA_NOT_SUPPORTED;
    begin_call(&call, provider, deadline);
    error = prepare(&call, group);
    end_call(&call);
    if (error)
        return error;
    text = facts_find(&provider->facts[group], schema);
    if (!text)
        return PLATEN_BIDI_SCHEMA_NOT_SUPPORTED;
    if (strlen(text) >= size)
        return PLATEN_INSUFFICIENT_BUFFER;
    strcpy(value, text);
    return 0;
}

static uint32_t list(void *state, void *context, void (*add)(void *context, const char *schema),
                     uint64_t deadline)
{
    struct provider *provider = state;
    struct call call;
    uint32_t error = 0;

    begin_call(&call, provider, deadline);
    for (int group = 0; !error && group < GROUP_COUNT; group++) {
        const struct facts *facts = &provider->facts[group];
        error = prepare(&call, (enum group)group);
        for (size_t i = 0; !error && i < facts->count; i++)
            add(context, facts->list[i].schema);
    }
    end_call(&call);
    return error;
}

static void close_provider(void *state)
{
    struct provider *provider = state;
    for (int i = 0; i < GROUP_COUNT; i++)
        facts_clear(&provider->facts[i]);
    for (int i = 0; i < SCALAR_COUNT; i++)
        mib_free_value(&provider->heard.values[i]);
    for (int i = 0; i < SOURCE_COUNT; i++)
        mib_free_rows(&provider->heard.tables[i]);
    contact_free(&provider->contact);
}

static const struct platen_provider snmp = {
    .size = sizeof snmp,
    .name = "snmp",
    .state_size = sizeof(struct provider),
    .open = open_provider,
    .get = get,
    .list = list,
    .close = close_provider,
};

const struct platen_provider *platen_snmp_provider(void)
{
    return &snmp;
}

const struct platen_provider *const *platen_snmp_providers(void)
{
    static const struct platen_provider *const alone[] = {&snmp, NULL};
    return alone;
}
