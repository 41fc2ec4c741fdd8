/* SPDX-License-Identifier: MIT
 *
 * Verbs of what happened: events and calls.
 */
#include <stdio.h>
#include <string.h>

#include "os/error.h"
#include "script/inside.h"

/* ---- events ---------------------------------------------------------------------------------- */

static bool fail_kind(const struct platen_word *word, const char *name,
                      struct platen_text_error *error)
{
    struct platen_hint hint = platen_hint(name, strlen(name), script_event_names,
                                          sizeof *script_event_names, PLATEN_EVENT_KINDS);
    return platen_text_fail(error, word->line, word->column, "there is no event %.60s%s", name,
                            hint.text);
}

static bool fail_slot(const struct platen_word *word, const char *name,
                      struct platen_text_error *error)
{
    const char *nearest = platen_slot_nearest(name, strlen(name));
    return platen_text_fail(error, word->line, word->column, "there is no slot %.60s%s%s%s", name,
                            nearest == NULL ? "" : "; ", nearest == NULL ? "" : nearest,
                            nearest == NULL ? "" : "?");
}

static unsigned kind_named(const char *name)
{
    unsigned kind = 0;
    while (kind < PLATEN_EVENT_KINDS && strcmp(script_event_names[kind], name) != 0) {
        kind++;
    }
    return kind;
}

bool script_event_check(const struct script_words *words, struct platen_text_error *error)
{
    bool slot = words->verb->id == SCRIPT_VERB_expect_calls;
    const struct platen_word *word = script_word(words, slot ? "SLOT" : "KIND");
    char name[64];

    if (word->kind != PLATEN_WORD_BARE) {
        return true;
    }
    snprintf(name, sizeof name, "%.*s", (int)(word->length % sizeof name), word->at);
    if (slot) {
        return platen_slot_find(name) != PLATEN_SLOT_COUNT || fail_slot(word, name, error);
    }
    return kind_named(name) != PLATEN_EVENT_KINDS || fail_kind(word, name, error);
}

static const struct platen_word *pattern_of(struct script_lane *lane,
                                            const struct script_words *words, const char *name)
{
    const struct platen_word *word = script_expected(words, name);
    if (word == NULL || word->kind != PLATEN_WORD_NAME) {
        return word;
    }
    const struct platen_word *value = script_variable(lane, word->at, word->length);
    return value == NULL ? word : value;
}

static bool fits_text(struct script_lane *lane, const struct script_words *words, const char *name,
                      const char *value)
{
    const struct platen_word *pattern = pattern_of(lane, words, name);
    return pattern == NULL || platen_match_text(pattern, value == NULL ? "" : value);
}

static bool fits_number(struct script_lane *lane, const struct script_words *words,
                        const char *name, uint64_t value)
{
    const struct platen_word *pattern = pattern_of(lane, words, name);
    return pattern == NULL || platen_match_number(pattern, value);
}

static bool fits(struct script_lane *lane, const struct script_words *words,
                 const struct platen_event *event)
{
    const char *error = platen_error_name(event->error);
    return fits_number(lane, words, "job", event->job_id) &&
           fits_text(lane, words, "port", event->port) &&
           fits_text(lane, words, "printer", event->printer) &&
           fits_text(lane, words, "slot", event->slot) &&
           fits_text(lane, words, "text", event->text) &&
           fits_number(lane, words, "status", event->status) &&
           fits_number(lane, words, "severity", event->severity) &&
           (fits_text(lane, words, "error", error) ||
            fits_number(lane, words, "error", event->error));
}

/* Every word says something of the same events: together they are right or wrong. */
static void judge_all(const struct script_words *words, bool fine, struct script_outcome *outcome)
{
    for (unsigned i = 0; i < words->count; i++) {
        if (words->bound[i].expected) {
            script_judge(outcome, words->bound[i].word, fine);
        }
    }
    for (const struct platen_word *word = words->right; word != NULL; word = word->next) {
        script_judge(outcome, word, fine);
    }
}

static bool count_fits(struct script_lane *lane, const struct script_words *words, uint64_t count)
{
    const struct platen_word *pattern = pattern_of(lane, words, "count");
    return pattern == NULL ? count > 0 : platen_match_number(pattern, count);
}

bool script_verb_expect_event(struct script_lane *lane, const struct script_words *words,
                              struct script_outcome *outcome)
{
    const struct platen_word *word = script_word(words, "KIND");
    const char *name = "";
    uint64_t count = 0;
    uint64_t others = 0;

    if (!script_text(lane, word, &name)) {
        return false;
    }
    unsigned kind = kind_named(name);
    if (kind == PLATEN_EVENT_KINDS) {
        return fail_kind(word, name, &lane->error);
    }
    lane->test->expects_findings |= kind == PLATEN_EVENT_FINDING;
    platen_os_mutex_lock(&lane->test->lock);
    struct script_event *events = lane->test->events;
    uint32_t kept = lane->test->kept_events;
    platen_os_mutex_unlock(&lane->test->lock);
    /* The list only grows while the test runs: what is there can be read without the lock. */
    for (; kept > 0; kept--, events = kept > 0 ? events->next : NULL) {
        if ((unsigned)events->event.kind == kind) {
            bool same = fits(lane, words, &events->event);
            count += same;
            others += !same;
        }
    }
    bool fine = count_fits(lane, words, count);
    script_judge(outcome, word, fine);
    judge_all(words, fine, outcome);
    script_field_number(outcome, "count", count);
    script_field_number(outcome, "others", others);
    return true;
}

/* ---- calls ----------------------------------------------------------------------------------- */

bool script_verb_expect_calls(struct script_lane *lane, const struct script_words *words,
                              struct script_outcome *outcome)
{
    const struct platen_word *word = script_word(words, "SLOT");
    const char *name = "";

    if (!script_text(lane, word, &name)) {
        return false;
    }
    enum platen_slot slot = platen_slot_find(name);
    if (slot == PLATEN_SLOT_COUNT) {
        return fail_slot(word, name, &lane->error);
    }
    uint64_t count = atomic_load(&lane->test->calls[slot]);
    bool fine = count_fits(lane, words, count);
    script_judge(outcome, word, fine);
    judge_all(words, fine, outcome);
    script_field_number(outcome, "count", count);
    return true;
}
