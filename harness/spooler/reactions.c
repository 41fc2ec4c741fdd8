/* SPDX-License-Identifier: MIT
 *
 * reactions.def as tables.
 */
#include <string.h>

#include "spooler/reactions.h"

/* The words by their symbols, so that a row can name them. */
#define PLATEN_ACTION(symbol, word, meaning) static const char word_##symbol[] = word;
#include "spooler/reactions.def"
#define PLATEN_CONDITION(symbol, slot, words)                                                      \
    static const char slot_##symbol[] = #slot;                                                     \
    static const char words_##symbol[] = words;
#include "spooler/reactions.def"

static const struct {
    const char *word;
    const char *meaning;
} actions[] = {
    [SPOOL_GO_ON] = {"", NULL},
#define PLATEN_ACTION(symbol, word, meaning) [SPOOL_##symbol] = {word_##symbol, meaning},
#include "spooler/reactions.def"
};

static const struct platen_reaction rows[] = {
#define PLATEN_REACTION(of, when, does, how, where)                                                \
    {.id = #of "." #when,                                                                          \
     .profile = #of,                                                                               \
     .slot = slot_##when,                                                                          \
     .condition = words_##when,                                                                    \
     .action = word_##does,                                                                        \
     .strength = #how,                                                                             \
     .source = where},
#include "spooler/reactions.def"
};
#define ROWS (sizeof rows / sizeof *rows)

/* The same rows for the spooler: what it needs of them. */
static const struct {
    uint8_t condition;
    uint8_t action;
} cells[ROWS] = {
#define PLATEN_REACTION(of, when, does, how, where) {SPOOL_WHEN_##when, SPOOL_##does},
#include "spooler/reactions.def"
};

static const uint32_t passing[] = {
#define PLATEN_PASSING(code) code,
#include "spooler/reactions.def"
};

const struct platen_reaction *platen_reactions(size_t *count)
{
    *count = ROWS;
    return rows;
}

enum spool_action spool_action_named(const char *word)
{
    int action = SPOOL_GO_ON + 1;

    while (action < SPOOL_ACTIONS && strcmp(actions[action].word, word) != 0)
        action++;
    return (enum spool_action)action;
}

const char *platen_reaction_action_text(const char *action)
{
    enum spool_action found = spool_action_named(action);

    return found != SPOOL_ACTIONS ? actions[found].meaning : NULL;
}

bool spool_reactions_take(struct spool_reactions *reactions, const char *profile)
{
    bool known = false;

    *reactions = (struct spool_reactions){.actions = {SPOOL_GO_ON}};
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp(rows[i].profile, profile != NULL ? profile : "windows") == 0) {
            reactions->actions[cells[i].condition] = cells[i].action;
            known = true;
        }
    return known;
}

enum spool_condition spool_start_refused(uint32_t error)
{
    return error == PLATEN_PRINT_CANCELLED ? SPOOL_WHEN_START_CANCELLED : SPOOL_WHEN_START_REFUSED;
}

enum spool_condition spool_end_refused(uint32_t error)
{
    return error == PLATEN_PRINT_CANCELLED ? SPOOL_WHEN_END_CANCELLED : SPOOL_WHEN_END_REFUSED;
}

enum spool_condition spool_write_refused(uint32_t error)
{
    if (error == PLATEN_PRINT_CANCELLED)
        return SPOOL_WHEN_WRITE_CANCELLED;
    for (size_t i = 0; i < sizeof passing / sizeof *passing; i++)
        if (error == passing[i])
            return SPOOL_WHEN_WRITE_PASSING;
    return SPOOL_WHEN_WRITE_REFUSED;
}
