/* SPDX-License-Identifier: MIT
 *
 * The reactions of one spooler: the rows of its profile, by condition (reactions.def).
 */
#ifndef SPOOLER_REACTIONS_H
#define SPOOLER_REACTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include <platen/spooler.h>

enum spool_action {
    SPOOL_GO_ON, /* nothing has happened */
#define PLATEN_ACTION(symbol, word, meaning) SPOOL_##symbol,
#include "spooler/reactions.def"
    SPOOL_ACTIONS
};

enum spool_condition {
#define PLATEN_CONDITION(symbol, slot, words) SPOOL_WHEN_##symbol,
#include "spooler/reactions.def"
    SPOOL_CONDITIONS
};

/* A copy per spooler: a test may change one row of one. */
struct spool_reactions {
    uint8_t actions[SPOOL_CONDITIONS]; /* enum spool_action; SPOOL_GO_ON: there is no row */
};

/* profile NULL: "windows". false: there is no such profile. */
bool spool_reactions_take(struct spool_reactions *reactions, const char *profile);
static inline enum spool_action spool_reaction(const struct spool_reactions *reactions,
                                               enum spool_condition condition)
{
    return (enum spool_action)reactions->actions[condition];
}
/* Of a call that said FALSE with this code. */
enum spool_condition spool_start_refused(uint32_t error);
enum spool_condition spool_write_refused(uint32_t error);
enum spool_condition spool_end_refused(uint32_t error);
/* The action of that word; SPOOL_ACTIONS: none. */
enum spool_action spool_action_named(const char *word);

#endif
