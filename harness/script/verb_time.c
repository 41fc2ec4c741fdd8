/* SPDX-License-Identifier: MIT
 *
 * Verbs of time, and where a virtual clock may be.
 */
#include <string.h>

#include "clock/virtual.h"
#include "script/inside.h"

bool script_verb_clock_virtual(struct script_lane *lane, const struct script_words *words,
                               struct script_outcome *outcome)
{
    struct script_test *test = lane->test;

    (void)words;
    (void)outcome;
    if (test->clock != NULL) {
        return true;
    }
    if (!script_world_is_empty(test)) {
        return script_fail(lane, NULL, "clock virtual comes before everything else of a test");
    }
    test->clock = platen_virtual_clock_create();
    if (test->clock == NULL) {
        return script_fail(lane, NULL, "memory is out");
    }
    platen_virtual_clock_enter(test->clock);
    test->clock_begun = script_now(test);
    return true;
}

bool script_verb_clock_advance(struct script_lane *lane, const struct script_words *words,
                               struct script_outcome *outcome)
{
    uint64_t nanoseconds = 0;

    (void)outcome;
    if (!script_seconds(lane, script_word(words, "SECONDS"), &nanoseconds)) {
        return false;
    }
    if (lane->test->clock == NULL) {
        return script_fail(lane, NULL, "only a virtual clock can be moved");
    }
    platen_virtual_clock_advance(lane->test->clock, nanoseconds);
    return true;
}

bool script_verb_sleep(struct script_lane *lane, const struct script_words *words,
                       struct script_outcome *outcome)
{
    uint64_t nanoseconds = 0;

    (void)outcome;
    if (!script_seconds(lane, script_word(words, "SECONDS"), &nanoseconds)) {
        return false;
    }
    script_sleep(lane, nanoseconds);
    return true;
}

bool script_verb_expect_time(struct script_lane *lane, const struct script_words *words,
                             struct script_outcome *outcome)
{
    struct script_test *test = lane->test;
    uint64_t begun = test->clock == NULL ? test->begun : test->clock_begun;

    (void)words;
    script_field_number(outcome, "seconds", (script_now(test) - begun) / SECOND);
    return true;
}

/* ---- what must not stand beside a virtual clock ---------------------------------------------- */

struct scan {
    struct script_complaints *complaints;
    struct platen_words *words;
    const char *why;
};

static bool has_clock(const struct script_node *node)
{
    for (; node != NULL; node = node->next) {
        if ((node->verb != NULL && node->verb->id == SCRIPT_VERB_clock_virtual) ||
            has_clock(node->body)) {
            return true;
        }
    }
    return false;
}

bool script_has_virtual_time(const char *uri, size_t length)
{
    return (length >= 4 && memcmp(uri, "sim:", 4) == 0) ||
           (length >= 5 && memcmp(uri, "null:", 5) == 0);
}

/* Only what is written out can be judged: a text with ${...} is, when it runs. */
static bool is_allowed(enum script_verb_id verb, const struct script_words *words,
                       const struct platen_word **word)
{
    if (verb == SCRIPT_VERB_monitor || verb == SCRIPT_VERB_language) {
        *word = script_word(words, "MODULE");
        return (*word)->kind == PLATEN_WORD_NAME || platen_word_is(*word, "builtin");
    }
    if (verb == SCRIPT_VERB_port) {
        const struct platen_word *uri = *word = script_word(words, "URI");
        return uri->kind == PLATEN_WORD_NAME || (uri->length > 0 && *uri->at == '$') ||
               script_has_virtual_time(uri->at, uri->length);
    }
    *word = words->left;
    return verb != SCRIPT_VERB_device;
}

static void check_nodes(struct scan *scan, const struct script_node *node)
{
    struct script_statement statement;
    struct platen_text_error error;
    const struct platen_word *word = NULL;

    for (; node != NULL; node = node->next) {
        bool test = node->verb != NULL && node->verb->id == SCRIPT_VERB_test;
        if (!test) {
            check_nodes(scan, node->body);
        }
        if (node->verb == NULL || !script_statement_read(scan->words, node->text, node->length,
                                                         node->line, &statement, &error)) {
            continue;
        }
        if (!is_allowed(node->verb->id, &statement.words, &word)) {
            platen_text_fail(&error, node->line, word == NULL ? 1 : word->column,
                             "with a virtual clock there are only the builtin monitor and its sim "
                             "and null ports");
            script_complain(scan->complaints, node->file->path, &error);
        }
    }
}

static bool has_own_clock(const struct script_node *node)
{
    for (; node != NULL; node = node->next) {
        if (node->verb != NULL && node->verb->id == SCRIPT_VERB_clock_virtual) {
            return true;
        }
    }
    return false;
}

void script_check_clocks(const struct script_source *source, struct script_complaints *complaints)
{
    struct scan scan = {.complaints = complaints, .words = platen_words_new()};
    bool tests = false;

    for (const struct script_node *node = source->nodes; node != NULL && scan.words != NULL;
         node = node->next) {
        bool test = node->verb != NULL && node->verb->id == SCRIPT_VERB_test;
        tests |= test;
        if (test && has_clock(node->body)) {
            check_nodes(&scan, node->body);
        }
    }
    if (has_own_clock(source->nodes) || (!tests && has_clock(source->nodes))) {
        check_nodes(&scan, source->nodes);
    }
    platen_words_free(scan.words);
}
