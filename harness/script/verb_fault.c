/* SPDX-License-Identifier: MIT
 *
 * Verbs of faults (fault/fault.h).
 */
#include <stdlib.h>
#include <string.h>

#include "script/inside.h"

#define MAX_FIELDS 16

/* Stays until its test is over: its name may be asked for it after its end. */
struct script_fault {
    struct script_fault *next;
    platen_fault *fault;             /* NULL: it has been ended, ... */
    struct platen_fault_tally tally; /* ... and this is what became of it */
};

void script_faults_forget(struct script_test *test)
{
    while (test->fault_list != NULL) {
        struct script_fault *fault = test->fault_list;
        test->fault_list = fault->next;
        free(fault);
    }
}

struct fields {
    struct platen_fault_field list[MAX_FIELDS];
    const struct platen_word *words[MAX_FIELDS];
    size_t count;
};

/* A slice as text, in memory of the caller. */
static const char *keep(char **at, const char *end, const char *from, size_t length)
{
    char *kept = *at;
    if ((size_t)(end - kept) <= length) {
        return NULL;
    }
    memcpy(kept, from, length);
    kept[length] = '\0';
    *at += length + 1;
    return kept;
}

/* lane NULL: it is only checked, and what a variable stands for is not known: 1. */
static const char *value_of(struct script_lane *lane, const struct platen_word *word, char **at,
                            const char *end)
{
    const char *text = NULL;
    if (lane != NULL) {
        struct platen_word alone = *word;
        alone.name = NULL;
        return script_text(lane, &alone, &text) ? text : NULL;
    }
    if (word->kind == PLATEN_WORD_NAME) {
        return "1";
    }
    return keep(at, end, word->at, word->length);
}

static bool collect(struct script_lane *lane, const struct script_words *words,
                    struct fields *fields, char *room, size_t size)
{
    char *at = room;
    const char *end = room + size;

    fields->count = 0;
    for (const struct platen_word *word = words->left; word != NULL; word = word->next) {
        if (word->name == NULL && platen_word_is(word, "as")) {
            break;
        }
        if (fields->count == MAX_FIELDS) {
            return false;
        }
        struct platen_fault_field *field = &fields->list[fields->count];
        field->name = word->name == NULL ? NULL : keep(&at, end, word->name, word->name_length);
        field->value = value_of(lane, word, &at, end);
        fields->words[fields->count++] = word;
        if (field->value == NULL || (word->name != NULL && field->name == NULL)) {
            return false;
        }
    }
    return true;
}

static size_t count_words(const struct platen_fault_word *words)
{
    size_t count = 0;
    while (words[count].name != NULL) {
        count++;
    }
    return count;
}

static bool read_rule(struct script_lane *lane, const struct script_words *words,
                      struct fields *fields, char *room, size_t size,
                      struct platen_fault_rule *rule, struct platen_text_error *error)
{
    size_t wrong = 0;
    const char *complaint = NULL;
    const struct platen_word *word;

    if (!collect(lane, words, fields, room, size)) {
        return lane != NULL ? false
                            : platen_text_fail(error, words->left->line, words->left->column,
                                               "this rule is too long");
    }
    if (platen_fault_parse(fields->list, fields->count, rule, &wrong, &complaint) == 0) {
        return true;
    }
    word = fields->count == 0 ? words->left
                              : fields->words[wrong < fields->count ? wrong : fields->count - 1];
    struct platen_hint hint =
        platen_hint(word->raw, word->raw_length, &platen_fault_kinds[0].name,
                    sizeof platen_fault_kinds[0], count_words(platen_fault_kinds));
    return platen_text_fail(error, word->line, word->column, "fault: %s%s",
                            complaint == NULL ? "this is no rule" : complaint,
                            wrong < fields->count && word->name == NULL ? hint.text : "");
}

bool script_fault_check(const struct script_words *words, struct platen_text_error *error)
{
    struct platen_fault_rule rule;
    struct fields fields;
    char room[1024];
    const struct platen_word *calls = words->left;

    if (!read_rule(NULL, words, &fields, room, sizeof room, &rule, error)) {
        return false;
    }
    const char *complaint = NULL;
    platen_faults *faults = platen_faults_create(NULL);
    platen_fault *fault = NULL;
    uint32_t code = faults == NULL ? 0 : platen_fault_add(faults, &rule, &fault, &complaint);
    platen_faults_end(faults);
    platen_faults_destroy(faults);
    bool known = platen_slot_find_part(calls->at, calls->length) != PLATEN_SLOT_COUNT;
    const char *nearest = code == 0 || known ? NULL : platen_slot_nearest(calls->at, calls->length);
    return code == 0 ||
           platen_text_fail(error, calls->line, calls->column, "fault: %s%s%s%s",
                            complaint == NULL ? "this is no rule" : complaint,
                            nearest == NULL ? "" : "; ", nearest == NULL ? "" : nearest,
                            nearest == NULL ? "" : "?");
}

/* Is it the one that the sweep counts through? */
static void note_sweep(struct script_lane *lane, struct script_fault *fault)
{
    struct script_sweep *sweep = lane->sweep;
    const struct script_node *node = lane->node;
    if (sweep != NULL && script_mentions(node->text, node->length, sweep->name, sweep->length)) {
        sweep->fault = fault;
    }
}

bool script_verb_fault(struct script_lane *lane, const struct script_words *words,
                       struct script_outcome *outcome)
{
    struct platen_fault_rule rule;
    struct fields fields;
    char room[1024];
    platen_fault *fault = NULL;

    if (!read_rule(lane, words, &fields, room, sizeof room, &rule, &lane->error)) {
        return false;
    }
    if (script_spooler_of(lane) == NULL) {
        return true;
    }
    outcome->error = platen_fault_add(lane->test->faults, &rule, &fault, &outcome->why);
    struct script_fault *kept = outcome->error == 0 ? calloc(1, sizeof *kept) : NULL;
    if (kept == NULL) {
        return true;
    }
    kept->fault = fault;
    platen_os_mutex_lock(&lane->test->lock);
    kept->next = lane->test->fault_list;
    lane->test->fault_list = kept;
    platen_os_mutex_unlock(&lane->test->lock);
    struct script_name *name = script_new_name(lane, script_word(words, "NAME"), SCRIPT_FAULT);
    if (name != NULL) {
        name->is.fault = kept;
    }
    note_sweep(lane, kept);
    return true;
}

static struct platen_fault_tally count(struct script_test *test, const struct script_fault *fault)
{
    platen_os_mutex_lock(&test->lock);
    struct platen_fault_tally tally =
        fault->fault != NULL ? platen_fault_counts(test->faults, fault->fault) : fault->tally;
    platen_os_mutex_unlock(&test->lock);
    return tally;
}

/* The rule, which is the caller's to remove then; NULL: somebody else has taken it. Nothing hangs
 * in one that is removed. */
static platen_fault *take_fault(struct script_test *test, struct script_fault *fault)
{
    platen_os_mutex_lock(&test->lock);
    platen_fault *taken = fault->fault;
    if (taken != NULL) {
        fault->tally = platen_fault_counts(test->faults, taken);
        fault->tally.held = 0;
        fault->fault = NULL;
    }
    platen_os_mutex_unlock(&test->lock);
    return taken;
}

/* A sweep asks later whether its fault was reached. */
static void end_one(struct script_lane *lane, struct script_fault *fault)
{
    struct script_sweep *sweep = lane->sweep;
    platen_fault_remove(lane->test->faults, take_fault(lane->test, fault));
    if (sweep != NULL && sweep->fault == fault) {
        sweep->reached = count(lane->test, fault).hits != 0;
        sweep->fault = NULL;
    }
}

void script_end_sweep_fault(struct script_lane *lane)
{
    if (lane->sweep != NULL && lane->sweep->fault != NULL) {
        end_one(lane, lane->sweep->fault);
    }
}

/* Those that come while this goes on are put before it. */
void script_end_faults(struct script_lane *lane)
{
    platen_os_mutex_lock(&lane->test->lock);
    struct script_fault *at = lane->test->fault_list;
    platen_os_mutex_unlock(&lane->test->lock);
    for (; at != NULL; at = at->next) {
        end_one(lane, at);
    }
}

bool script_verb_end_fault(struct script_lane *lane, const struct script_words *words,
                           struct script_outcome *outcome)
{
    const struct platen_word *word = script_word(words, "FAULT");
    struct script_name *name = NULL;

    (void)outcome;
    if (word == NULL) {
        script_end_faults(lane);
        return true;
    }
    name = script_named(lane, word, SCRIPT_FAULT, "fault");
    if (name == NULL) {
        return false;
    }
    end_one(lane, name->is.fault);
    return true;
}

bool script_verb_expect_fault(struct script_lane *lane, const struct script_words *words,
                              struct script_outcome *outcome)
{
    const struct script_name *name =
        script_named(lane, script_word(words, "FAULT"), SCRIPT_FAULT, "fault");
    if (name == NULL) {
        return false;
    }
    struct platen_fault_tally tally = count(lane->test, name->is.fault);
    script_field_number(outcome, "hits", tally.hits);
    script_field_number(outcome, "seen", tally.seen);
    script_field_number(outcome, "held", tally.held);
    return true;
}
