/* SPDX-License-Identifier: MIT */
#include "learn.h"

/* ---- values that are one scalar ------------------------------------------------------------ */

static const struct {
    enum group group;
    const char *schema;
    enum scalar scalar;
    bool (*shape)(const struct mib_value *value, char text[LEARN_TEXT]);
} single[] = {
#define SNMP_VALUE(of, name, from, as) {GROUP_##of, name, from, shape_##as},
#include "mib.def"
};

static void learn_single(enum group group, const struct heard *heard, struct facts *facts)
{
    char text[LEARN_TEXT];
    for (size_t i = 0; i < sizeof single / sizeof *single; i++)
        if (single[i].group == group && !facts_find(facts, single[i].schema) &&
            single[i].shape(&heard->values[single[i].scalar], text))
            facts_add(facts, text, "%s", single[i].schema);
}

/* ---- values of the rows of a table --------------------------------------------------------- */

static const struct {
    enum group group;
    const char *leaf;
    bool (*shape)(const struct row *row, char text[LEARN_TEXT]);
} leaves[] = {
#define SNMP_LEAF(of, name, as) {GROUP_##of, name, as},
#include "mib.def"
};

static const char *const prefixes[] = {
#define SNMP_GROUP(group, prefix) [GROUP_##group] = prefix,
#include "mib.def"
};

static void learn_row(enum group group, const struct row *row, const char *name,
                      struct facts *facts)
{
    char text[LEARN_TEXT];
    for (size_t i = 0; i < sizeof leaves / sizeof *leaves; i++)
        if (leaves[i].group == group && leaves[i].shape(row, text))
            facts_add(facts, text, "%s.%s:%s", prefixes[group], name, leaves[i].leaf);
}

static void learn_rows(enum group group, enum source table, const struct heard *heard,
                       void (*name_of)(const struct row *row, char name[LEARN_NAME]),
                       struct facts *facts)
{
    const struct mib_rows *rows = &heard->tables[table];
    for (size_t i = 0; i < rows->count; i++) {
        const struct row row = {heard, &rows->rows[i]};
        char name[LEARN_NAME];
        name_of(&row, name);
        learn_row(group, &row, name, facts);
    }
}

void learn(enum group group, const struct heard *heard, struct facts *facts)
{
    facts_clear(facts);
    learn_single(group, heard, facts);
    switch (group) {
    case GROUP_INFO:
        learn_info(heard, facts);
        break;
    case GROUP_DISK:
        learn_disk(heard, facts);
        break;
    case GROUP_DUPLEX:
        learn_duplex(heard, facts);
        break;
    case GROUP_STATUS:
        learn_status(heard, facts);
        break;
    case GROUP_CONSUMABLES:
        learn_rows(group, SOURCE_SUPPLY, heard, consumable_name, facts);
        break;
    case GROUP_INPUT_BINS:
        learn_rows(group, SOURCE_INPUT, heard, input_name, facts);
        break;
    case GROUP_OUTPUT_BINS:
        learn_rows(group, SOURCE_OUTPUT, heard, output_name, facts);
        break;
    default:
        break;
    }
}
