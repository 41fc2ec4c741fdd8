/* SPDX-License-Identifier: MIT */
/*
 * The rules of the contract as data, R1 to R120. rules.def is the authority; doc/rules.md shows it
 * to people. Everything here is constant: no call allocates, blocks or needs a lock.
 */
#ifndef PLATEN_HARNESS_RULES_H
#define PLATEN_HARNESS_RULES_H

#include <stddef.h>
#include <stdint.h>

enum platen_rule_severity {
    PLATEN_RULE_MUST,
    PLATEN_RULE_SHOULD,
};

/* Whom a rule binds. */
enum platen_rule_scope {
    PLATEN_RULE_P,  /* port monitors */
    PLATEN_RULE_L,  /* language monitors */
    PLATEN_RULE_PL, /* monitors of both kinds */
    PLATEN_RULE_S,  /* spoolers */
};

enum platen_rule_group {
#define PLATEN_RULE_GROUP(word, name, summary) PLATEN_RULE_GROUP_##word,
#include "rules.def"
    PLATEN_RULE_GROUPS
};

/* What a monitor or its environment must have for a rule to be tried: bits of platen_rule.needs. */
enum platen_rule_need_index {
#define PLATEN_RULE_NEED(word, text) PLATEN_RULE_NEED_INDEX_##word,
#include "rules.def"
    PLATEN_RULE_NEEDS
};

enum platen_rule_need {
    PLATEN_NEED_NONE = 0,
#define PLATEN_RULE_NEED(word, text) PLATEN_NEED_##word = 1 << PLATEN_RULE_NEED_INDEX_##word,
#include "rules.def"
};

/* A name that is typed or printed, and what it stands for. */
struct platen_rule_word {
    const char *name;
    const char *text;
};

struct platen_rule {
    int number;     /* 1 to 120, for ever */
    const char *id; /* "R12" */
    enum platen_rule_severity severity;
    enum platen_rule_scope scope;
    enum platen_rule_group group;
    const char *title;   /* one line without full stop */
    const char *text;    /* the whole rule */
    const char *test;    /* how it is tested, in the words of platen_rule_tools */
    const char *sources; /* tags of platen_rule_sources */
    uint32_t needs;      /* PLATEN_NEED_ bits; what lacks one of them skips the rule */
    const char *known;   /* who is known to differ; "" if nobody is */
};

#define PLATEN_RULES 120

/* In the order of their numbers: R1 is platen_rules[0]. */
extern const struct platen_rule platen_rules[PLATEN_RULES];

/* Indexed by enum platen_rule_group; name is what `platen check` takes. */
extern const struct platen_rule_word platen_rule_groups[PLATEN_RULE_GROUPS];

/* Indexed by bit number; name is the word of rules.def. */
extern const struct platen_rule_word platen_rule_needs[PLATEN_RULE_NEEDS];

/* Both end with a NULL name. */
extern const struct platen_rule_word platen_rule_tools[];
extern const struct platen_rule_word platen_rule_sources[];

/* The rule called "R12", "r12" or "12"; NULL for anything else, NULL included. */
const struct platen_rule *platen_rule_find(const char *name);

/* The index of the group called "enum"; PLATEN_RULE_GROUPS for anything else, NULL included. */
enum platen_rule_group platen_rule_group_find(const char *name);

/* "MUST" or "SHOULD". */
const char *platen_rule_severity_name(enum platen_rule_severity severity);

/* "P", "L", "PL" or "S". */
const char *platen_rule_scope_name(enum platen_rule_scope scope);

#endif
