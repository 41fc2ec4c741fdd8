/* SPDX-License-Identifier: MIT
 *
 * One play for each condition of the reactions: what the monitor does, and what comes of it, as a
 * line of text.
 */
#ifndef TESTS_REACTION_PLAYS_H
#define TESTS_REACTION_PLAYS_H

#include "lingua.h"

#include "spooler/reactions.h"

/* Plays the condition in that profile; with `instead`, another action than SPOOL_GO_ON, the row's
 * own action is replaced by it. The outcome, such as
 *   "printed 0 - P1=4,10 P2= restarted=1"
 * is state, error and function of the first job; the bytes of each StartDocPort on the two ports of
 * the printer; and, where they are not 0, the seconds until the end and the events. */
void play(const char *profile, enum spool_condition condition, enum spool_action instead,
          char outcome[256]);

#endif
