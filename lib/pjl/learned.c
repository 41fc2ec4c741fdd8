/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "learned.h"

/* ---- text ---------------------------------------------------------------------------------- */

static void copy(char *to, size_t room, const char *from, size_t length)
{
    if (length >= room)
        length = room - 1;
    memcpy(to, from, length);
    to[length] = '\0';
}

/* Of "READY" the five letters; quotes that do not close end with the line. */
static void copy_unquoted(char *to, size_t room, const char *from)
{
    from += *from == '"';
    copy(to, room, from, strcspn(from, "\""));
}

/* Behind "KEY=", with blanks or without; NULL: the line is about something else. */
static const char *value_of(const char *line, const char *key)
{
    size_t length = strlen(key);
    if (strncmp(line, key, length) != 0)
        return NULL;
    line += length;
    line += strspn(line, " \t");
    if (*line != '=')
        return NULL;
    line++;
    return line + strspn(line, " \t");
}

static bool take_value(const char *line, const char *key, char *to, size_t room)
{
    const char *value = value_of(line, key);
    if (value)
        copy_unquoted(to, room, value);
    return value != NULL;
}

/* ---- headings ------------------------------------------------------------------------------ */

static const struct {
    const char *heading;
    enum pjl_about about;
} headings[] = {
    {"USTATUS DEVICE", PJL_ABOUT_STATE},
    {"USTATUS TIMED", PJL_ABOUT_STATE},
    {"INFO STATUS", PJL_ABOUT_STATE},
    {"USTATUS JOB", PJL_ABOUT_JOB},
    {"INFO ID", PJL_ABOUT_ID},
    {"INFO CONFIG", PJL_ABOUT_CONFIG},
    {"INFO MEMORY", PJL_ABOUT_MEMORY},
    {"INFO PAGECOUNT", PJL_ABOUT_PAGES},
    {"INFO PRODINFO", PJL_ABOUT_PRODUCT},
    {"INFO VARIABLES", PJL_ABOUT_VARIABLES},
    {"INFO SUPPLIES", PJL_ABOUT_SUPPLIES},
};

static void begin(void *context, const char *heading)
{
    struct pjl_learned *learned = context;
    learned->about = PJL_ABOUT_OTHER;
    learned->odd = learned->has_event = false;
    learned->new_state = (struct pjl_state){.online = true};
    learned->event = (struct pjl_event){.what = PJL_JOB_STARTED};
    memset(learned->new_facts, 0, sizeof(learned->new_facts));
    memset(&learned->draft, 0, offsetof(struct pjl_draft, values));
    for (size_t i = 0; i < sizeof(headings) / sizeof(headings[0]); i++)
        if (strcmp(heading, headings[i].heading) == 0)
            learned->about = headings[i].about;
}

/* ---- lines --------------------------------------------------------------------------------- */

static void take_fact(struct pjl_learned *learned, enum pjl_fact fact, const char *value)
{
    copy_unquoted(learned->new_facts[fact], PJL_FACT_BYTES, value);
}

static void take_fact_of(struct pjl_learned *learned, enum pjl_fact fact, const char *line,
                         const char *key)
{
    const char *value = value_of(line, key);
    if (value)
        take_fact(learned, fact, value);
}

/* "CODE=", "CODE2=" ... are told in their order; what does not begin with the first is none. */
static void take_code(struct pjl_state *state, const char *line)
{
    static const char *const keys[PJL_CODES] = {"CODE", "CODE2", "CODE3", "CODE4", "CODE5"};
    const char *code = value_of(line, keys[state->count]);
    if (!code || *code < '0' || *code > '9')
        return;
    state->codes[state->count++] = (uint32_t)strtoul(code, NULL, 10);
}

static void line_of_state(struct pjl_learned *learned, const char *line)
{
    struct pjl_state *state = &learned->new_state;
    char online[8];
    if (state->count < PJL_CODES)
        take_code(state, line);
    if (take_value(line, "ONLINE", online, sizeof(online)))
        state->online = strcmp(online, "FALSE") != 0;
    take_value(line, "DISPLAY", state->display, sizeof(state->display));
}

static void line_of_job(struct pjl_learned *learned, const char *line)
{
    static const struct {
        const char *word;
        enum pjl_job_event what;
    } words[] = {{"START", PJL_JOB_STARTED},
                 {"END", PJL_JOB_PRINTED},
                 {"CANCELED", PJL_JOB_CANCELLED},
                 {"CANCELLED", PJL_JOB_CANCELLED},
                 {"CANCEL", PJL_JOB_CANCELLED}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(line, words[i].word) == 0) {
            learned->has_event = true;
            learned->event.what = words[i].what;
        }
    take_value(line, "NAME", learned->event.name, sizeof(learned->event.name));
}

/* An escape stands in no message of a printer: the line is our own, come back on a loop. */
static void line_of(void *context, const char *line)
{
    struct pjl_learned *learned = context;
    learned->odd = learned->odd || strchr(line, '\033');
    pjl_values_read(&learned->draft, learned->about, line);
    switch (learned->about) {
    case PJL_ABOUT_STATE:
        line_of_state(learned, line);
        break;
    case PJL_ABOUT_JOB:
        line_of_job(learned, line);
        break;
    case PJL_ABOUT_ID:
        if (!learned->new_facts[PJL_FACT_MODEL][0])
            take_fact(learned, PJL_FACT_MODEL, line);
        break;
    case PJL_ABOUT_CONFIG:
        take_fact_of(learned, PJL_FACT_INSTALLED, line, "MEMORY");
        break;
    case PJL_ABOUT_MEMORY:
        take_fact_of(learned, PJL_FACT_AVAILABLE, line, "TOTAL");
        break;
    case PJL_ABOUT_PAGES:
        take_fact_of(learned, PJL_FACT_PAGES, line, "PAGECOUNT");
        if (*line >= '0' && *line <= '9')
            take_fact(learned, PJL_FACT_PAGES, line);
        break;
    default:
        break;
    }
}

/* ---- the end ------------------------------------------------------------------------------- */

static void learn_state(struct pjl_learned *learned)
{
    if (learned->about != PJL_ABOUT_STATE || !learned->new_state.count)
        return;
    learned->has_state = true;
    learned->state = learned->new_state;
}

static void learn_facts(struct pjl_learned *learned)
{
    for (size_t i = 0; i < PJL_FACTS; i++)
        if (learned->new_facts[i][0])
            memcpy(learned->facts[i], learned->new_facts[i], PJL_FACT_BYTES);
    pjl_values_learn(&learned->values, learned->about, &learned->draft);
    learned->answers[learned->about]++;
}

/* Nobody who reads them lags behind by so many; if so, the oldest are lost. */
static void learn_event(struct pjl_learned *learned)
{
    struct pjl_event *events = learned->events;
    if (!learned->has_event)
        return;
    learned->tells_jobs = true;
    if (learned->events_count == PJL_EVENTS)
        memmove(events, events + 1, sizeof(*events) * --learned->events_count);
    events[learned->events_count++] = learned->event;
}

/* Half a message is not believed: what is missing may be what mattered. */
static void end(void *context, bool whole)
{
    struct pjl_learned *learned = context;
    if (!whole || learned->odd)
        return;
    learned->speaks = true;
    learn_state(learned);
    learn_facts(learned);
    learn_event(learned);
}

struct pjl_reply_sink pjl_learned_sink(struct pjl_learned *learned)
{
    return (struct pjl_reply_sink){.context = learned, .begin = begin, .line = line_of, .end = end};
}

bool pjl_learned_event(struct pjl_learned *learned, struct pjl_event *event)
{
    if (!learned->events_count)
        return false;
    *event = learned->events[0];
    memmove(learned->events, learned->events + 1,
            sizeof(learned->events[0]) * --learned->events_count);
    return true;
}
