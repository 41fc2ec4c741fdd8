/* SPDX-License-Identifier: MIT */
#include "rules.h"

#include <string.h>

#define NEED(word) PLATEN_NEED_##word

const struct platen_rule platen_rules[PLATEN_RULES] = {
#define PLATEN_RULE(number_, severity_, scope_, group_, title_, text_, test_, sources_, needs_,    \
                    known_)                                                                        \
    {.number = number_,                                                                            \
     .id = "R" #number_,                                                                           \
     .severity = PLATEN_RULE_##severity_,                                                          \
     .scope = PLATEN_RULE_##scope_,                                                                \
     .group = PLATEN_RULE_GROUP_##group_,                                                          \
     .title = title_,                                                                              \
     .text = text_,                                                                                \
     .test = test_,                                                                                \
     .sources = sources_,                                                                          \
     .needs = needs_,                                                                              \
     .known = known_},
#include "rules.def"
};

const struct platen_rule_word platen_rule_groups[PLATEN_RULE_GROUPS] = {
#define PLATEN_RULE_GROUP(word, name_, summary) {.name = name_, .text = summary},
#include "rules.def"
};

const struct platen_rule_word platen_rule_needs[PLATEN_RULE_NEEDS] = {
#define PLATEN_RULE_NEED(word, text_) {.name = #word, .text = text_},
#include "rules.def"
};

const struct platen_rule_word platen_rule_tools[] = {
#define PLATEN_RULE_TOOL(word, text_) {.name = word, .text = text_},
#include "rules.def"
    {.name = NULL, .text = NULL},
};

const struct platen_rule_word platen_rule_sources[] = {
#define PLATEN_RULE_SOURCE(tag, text_) {.name = tag, .text = text_},
#include "rules.def"
    {.name = NULL, .text = NULL},
};

const struct platen_rule *platen_rule_find(const char *name)
{
    int number = 0;

    if (!name)
        return NULL;
    if (*name == 'R' || *name == 'r')
        name++;
    if (*name == '\0' || strlen(name) > 3)
        return NULL;
    for (; *name; name++) {
        if (*name < '0' || *name > '9')
            return NULL;
        number = number * 10 + (*name - '0');
    }
    return number >= 1 && number <= PLATEN_RULES ? &platen_rules[number - 1] : NULL;
}

enum platen_rule_group platen_rule_group_find(const char *name)
{
    for (int i = 0; name && i < PLATEN_RULE_GROUPS; i++)
        if (strcmp(platen_rule_groups[i].name, name) == 0)
            return (enum platen_rule_group)i;
    return PLATEN_RULE_GROUPS;
}

const char *platen_rule_severity_name(enum platen_rule_severity severity)
{
    return severity == PLATEN_RULE_MUST ? "MUST" : "SHOULD";
}

const char *platen_rule_scope_name(enum platen_rule_scope scope)
{
    static const char *const names[] = {
        [PLATEN_RULE_P] = "P",
        [PLATEN_RULE_L] = "L",
        [PLATEN_RULE_PL] = "PL",
        [PLATEN_RULE_S] = "S",
    };

    return names[scope];
}
