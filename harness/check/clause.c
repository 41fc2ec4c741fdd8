/* SPDX-License-Identifier: MIT
 *
 * Where a rule is written: "[MON] [LM:xcv.c]" for people who do not know the tags.
 */
#include <string.h>

#include "check/inside.h"

/* What the tag is, without the explanation of how its details are written. */
static const char *source_of(const char *tag, size_t length)
{
    for (size_t i = 0; platen_rule_sources[i].name != NULL; i++) {
        const struct platen_rule_word *source = &platen_rule_sources[i];
        if (strlen(source->name) == length && memcmp(source->name, tag, length) == 0) {
            const char *end = source->text[0] == '[' ? strstr(source->text, "], ") : NULL;
            return end == NULL ? source->text : end + 3;
        }
    }
    return NULL;
}

const char *check_clause(struct check_texts *texts, const struct platen_rule *rule)
{
    const char *clause = check_print(texts, "rule %s of the contract, from: ", rule->id);
    const char *between = "";
    for (const char *at = strchr(rule->sources, '['); at != NULL; at = strchr(at, '[')) {
        const char *tag = at + 1;
        size_t whole = strcspn(tag, "]");
        size_t length = strcspn(tag, ":] ");
        const char *detail = length < whole ? tag + length + 1 : "";
        const char *source = source_of(tag, length);
        bool has_detail = *detail != '\0';
        clause =
            check_print(texts, "%s%s%s%s%.*s%s", clause, between, source == NULL ? tag : source,
                        has_detail ? " (" : "", has_detail ? (int)(whole - length - 1) : 0, detail,
                        has_detail ? ")" : "");
        if (clause == NULL) {
            return rule->sources;
        }
        between = "; ";
        at = tag + whole;
    }
    return clause;
}
