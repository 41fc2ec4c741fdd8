/* SPDX-License-Identifier: MIT
 *
 * What is written down in tables: probes, and what it means that a rule is broken.
 */
#include <string.h>

#include "call/structs.h"
#include "check/inside.h"

#define RULES(...)                                                                                 \
    {                                                                                              \
        __VA_ARGS__, 0                                                                             \
    }
#define NEED(word) PLATEN_NEED_##word

#define PLATEN_PROBE(function, group_, rules_, needs_, flags_, summary_) probe_function function;
#include "check/probes.def"

/* clang-format off */
const struct probe_row check_probes[] = {
#define PLATEN_PROBE(function, group_, rules_, needs_, flags_, summary_)                           \
    {.name = #function, .run = function, .group = PLATEN_RULE_GROUP_##group_, .rules = rules_,     \
     .needs = (needs_), .flags = (flags_), .summary = summary_},
#include "check/probes.def"
};
/* clang-format on */
const size_t check_probe_count = sizeof check_probes / sizeof *check_probes;

bool check_probe_binds(const struct probe_row *row, int rule)
{
    for (const int *at = row->rules; *at != 0; at++) {
        if (*at == rule) {
            return true;
        }
    }
    return false;
}

bool platen_check_probe(size_t index, struct platen_check_probe *probe)
{
    if (index >= check_probe_count) {
        return false;
    }
    const struct probe_row *row = &check_probes[index];
    *probe = (struct platen_check_probe){
        .name = row->name, .rules = row->rules, .summary = row->summary};
    return true;
}

const char *platen_check_effect(int rule)
{
    static const char *const effects[PLATEN_CHECK_RULES + 1] = {
#define PLATEN_EFFECT(number, text) [number] = text,
#include "check/effects.def"
    };
    return rule >= 1 && rule <= PLATEN_CHECK_RULES ? effects[rule] : NULL;
}

const char *platen_check_remedy(int rule)
{
    static const char *const remedies[PLATEN_CHECK_RULES + 1] = {
#define PLATEN_REMEDY(number, text) [number] = text,
#include "check/remedies.def"
    };
    return rule >= 1 && rule <= PLATEN_CHECK_RULES ? remedies[rule] : NULL;
}

/* Facts number the functions of MONITOR2 by their place in call_table_members. */
const char *check_member_name(unsigned bit)
{
    size_t count;
    const struct call_member *members = call_table_members(PLATEN_TABLE_MONITOR, &count);
    return bit < count ? members[bit].name : NULL;
}

bool check_has_slot(const struct check_survey *survey, const char *slot)
{
    size_t count;
    const struct call_member *members = call_table_members(PLATEN_TABLE_MONITOR, &count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(members[i].name, slot) == 0) {
            return survey->members_known && ((survey->members >> i) & 1) != 0;
        }
    }
    return false;
}
