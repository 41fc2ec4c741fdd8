/* SPDX-License-Identifier: MIT
 *
 * A verb's outcome beside what was expected of it.
 */
#ifndef SCRIPT_EXPECT_H
#define SCRIPT_EXPECT_H

#include "script/inside.h"

/* Is everything that the words expect in the outcome? *compared is how many expectations there
 * were, *column where the first one stands that is not met. */
bool script_outcome_matches(struct script_lane *lane, const struct script_words *words,
                            const struct script_outcome *outcome, unsigned *compared,
                            uint32_t *column);
/* Does this word of the line say what is expected? */
bool script_is_expected(const struct script_words *words, const struct script_outcome *outcome,
                        const struct platen_word *word);
/* The outcome as a line has it; only the fields that the words ask for. */
void script_outcome_print(const struct script_outcome *outcome, const struct script_words *words,
                          char *to, size_t size);

#endif
