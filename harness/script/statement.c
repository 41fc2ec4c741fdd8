/* SPDX-License-Identifier: MIT
 *
 * One line: what it is, and whether it could run.
 */
#include <string.h>

#include "call/match.h"
#include "fault/fault.h"
#include "script/inside.h"
#include "script/source.h"

bool script_statement_read(struct platen_words *words, const char *text, size_t length,
                           uint32_t number, struct script_statement *statement,
                           struct platen_text_error *error)
{
    const struct platen_word *arguments;

    memset(statement, 0, sizeof *statement);
    if (!platen_words_read(words, text, length, number, &statement->line, error)) {
        return false;
    }
    if (statement->line.arrow != 0 && statement->line.right == NULL) {
        return platen_text_fail(error, number, statement->line.arrow,
                                "nothing is expected behind ->");
    }
    platen_statement_find(&statement->line, script_is_verb, &statement->parts);
    if (statement->parts.head == NULL || statement->parts.slot != PLATEN_SLOT_COUNT) {
        return true;
    }
    statement->verb = script_verb_find(&statement->parts, &arguments, error);
    return statement->verb != NULL && script_words_sort(statement->verb, arguments,
                                                        &statement->line, &statement->words, error);
}

/* What only monitors call is never made by a script, and modules are loaded by verbs. */
static bool check_slot(const struct script_statement *statement, struct platen_text_error *error)
{
    struct platen_slot_info slot = platen_slot_info(statement->parts.slot);
    const struct platen_word *head = statement->parts.head;

    if (slot.table == PLATEN_TABLE_MONITOR) {
        return true;
    }
    return platen_text_fail(error, head->line, head->column,
                            slot.table == PLATEN_TABLE_ENTRY
                                ? "%s is called by the verbs monitor and language"
                                : "%s is what a monitor calls; it cannot stand in a script",
                            slot.name);
}

bool script_statement_check(struct platen_built *built, const struct script_statement *statement,
                            struct platen_text_error *error)
{
    struct platen_call call;

    if (statement->parts.head == NULL) {
        return true;
    }
    if (statement->verb != NULL) {
        return script_verb_check(&statement->words, error) &&
               platen_match_ranges(statement->words.right, error) &&
               ((statement->verb->traits & SCRIPT_LOOKS) == 0 ||
                platen_match_ranges(statement->words.left, error));
    }
    return check_slot(statement, error) &&
           platen_build(built, statement->parts.slot, statement->parts.arguments, NULL, &call,
                        error) &&
           (statement->line.arrow == 0 ||
            platen_match_check(statement->parts.slot, statement->line.right, error));
}
