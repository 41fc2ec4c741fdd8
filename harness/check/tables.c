/* SPDX-License-Identifier: MIT
 *
 * What is written down in tables: probes, and what it means that a rule is broken.
 */
#include <stddef.h>
#include <string.h>

#include <platen/winsplp.h>

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

/* The functions of MONITOR2, by what facts number them with: their place. */
static const struct {
    const char *name;
    size_t offset;
} members[] = {
#define MEMBER(name)                                                                               \
    {                                                                                              \
#        name, offsetof(MONITOR2, pfn##name)                                                       \
    }
    MEMBER(EnumPorts),
    MEMBER(OpenPort),
    MEMBER(OpenPortEx),
    MEMBER(StartDocPort),
    MEMBER(WritePort),
    MEMBER(ReadPort),
    MEMBER(EndDocPort),
    MEMBER(ClosePort),
    MEMBER(AddPort),
    MEMBER(AddPortEx),
    MEMBER(ConfigurePort),
    MEMBER(DeletePort),
    MEMBER(GetPrinterDataFromPort),
    MEMBER(SetPortTimeOuts),
    MEMBER(XcvOpenPort),
    MEMBER(XcvDataPort),
    MEMBER(XcvClosePort),
    MEMBER(Shutdown),
    MEMBER(SendRecvBidiDataFromPort),
    MEMBER(NotifyUsedPorts),
    MEMBER(NotifyUnusedPorts),
#undef MEMBER
};

static size_t bit_of(size_t member)
{
    return (members[member].offset - members[0].offset) / sizeof(void *);
}

const char *check_member_name(unsigned bit)
{
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (bit_of(i) == bit) {
            return members[i].name;
        }
    }
    return NULL;
}

bool check_has_slot(const struct check_survey *survey, const char *slot)
{
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (strcmp(members[i].name, slot) == 0) {
            return survey->members_known && ((survey->members >> bit_of(i)) & 1) != 0;
        }
    }
    return false;
}
