/* SPDX-License-Identifier: MIT */
#include "mib.h"

#include <platen/errors.h>
#include <stdlib.h>
#include <string.h>

enum { VARIABLES_AT_ONCE = 48 }; /* an answer of some 1400 bytes: no fragments */

static const struct {
    bool is_set;
    bool device;
    const char *oid;
} sources[] = {
#define SNMP_SET(set)                       [SOURCE_##set] = {true, false, NULL},
#define SNMP_TABLE(table, of_device, below) [SOURCE_##table] = {false, of_device, below},
#include "mib.def"
};

static const struct {
    enum source set;
    bool device;
    const char *oid;
} scalars[] = {
#define SNMP_SCALAR(set, name, of_device, whole) [name] = {SOURCE_##set, of_device, whole},
#include "mib.def"
};

static const struct {
    enum source table;
    uint32_t number;
} columns[] = {
#define SNMP_COLUMN(of_table, name, is_number) [of_table##_##name] = {SOURCE_##of_table, is_number},
#include "mib.def"
};

bool mib_is_set(enum source source)
{
    return sources[source].is_set;
}

/* ---- names --------------------------------------------------------------------------------- */

static void append(struct link_name *name, uint32_t arc)
{
    name->arcs[name->length++] = arc;
}

/* Of our own tables: digits and dots. */
static void set_name(struct link_name *name, const char *text)
{
    name->length = 0;
    while (*text) {
        char *end;
        append(name, (uint32_t)strtoul(text, &end, 10));
        text = *end ? end + 1 : end;
    }
}

static bool begins_with(const netsnmp_variable_list *variable, const struct link_name *name)
{
    return variable->name_length > name->length &&
           memcmp(variable->name, name->arcs, name->length * sizeof(oid)) == 0;
}

/* ---- values -------------------------------------------------------------------------------- */

static void keep_bytes(struct link *link, const netsnmp_variable_list *from, struct mib_value *to)
{
    size_t size = from->val_len < MIB_MOST_BYTES ? from->val_len : MIB_MOST_BYTES;
    to->bytes = malloc(size + 1);
    if (!to->bytes) {
        link->starved = true;
        return;
    }
    if (size)
        memcpy(to->bytes, from->val.string, size);
    to->bytes[size] = 0;
    to->size = size;
    to->there = true;
}

static void keep_number(int64_t number, struct mib_value *to)
{
    to->number = number;
    to->there = true;
}

/* The first of several counts. */
static void keep(struct link *link, const netsnmp_variable_list *from, struct mib_value *to)
{
    if (to->there)
        return;
    switch (from->type) {
    case ASN_OCTET_STR:
        keep_bytes(link, from, to);
        break;
    case ASN_INTEGER:
        if (from->val.integer)
            keep_number((int32_t)*from->val.integer, to);
        break;
    case ASN_GAUGE:
    case ASN_COUNTER:
        if (from->val.integer)
            keep_number(*from->val.integer & 0xffffffff, to);
        break;
    case ASN_OBJECT_ID:
        if (from->val_len >= sizeof(oid))
            keep_number((int64_t)from->val.objid[from->val_len / sizeof(oid) - 1], to);
        break;
    default: /* no such object, and whatever no column of ours has */
        break;
    }
}

void mib_free_value(struct mib_value *value)
{
    free(value->bytes);
    *value = (struct mib_value){0};
}

/* ---- scalars ------------------------------------------------------------------------------- */

struct wanted {
    struct link_name names[LINK_MOST_VARIABLES];
    enum scalar scalars[LINK_MOST_VARIABLES];
    size_t count;
};

static void want(struct wanted *wanted, enum source set, uint32_t device)
{
    wanted->count = 0;
    for (int i = 0; i < SCALAR_COUNT; i++) {
        if (scalars[i].set != set || wanted->count == LINK_MOST_VARIABLES)
            continue;
        set_name(&wanted->names[wanted->count], scalars[i].oid);
        if (scalars[i].device)
            append(&wanted->names[wanted->count], device);
        wanted->scalars[wanted->count++] = (enum scalar)i;
    }
}

static void unwant(struct wanted *wanted, size_t at)
{
    wanted->count--;
    for (size_t i = at; i < wanted->count; i++) {
        wanted->names[i] = wanted->names[i + 1];
        wanted->scalars[i] = wanted->scalars[i + 1];
    }
}

static void keep_scalar(struct link *link, const struct wanted *wanted,
                        const netsnmp_variable_list *variable, struct mib_value *values)
{
    for (size_t i = 0; i < wanted->count; i++) {
        const struct link_name *name = &wanted->names[i];
        if (snmp_oid_compare(variable->name, variable->name_length, name->arcs, name->length) == 0)
            keep(link, variable, &values[wanted->scalars[i]]);
    }
}

/* Nothing is wanted any more once the agent has answered. */
static uint32_t ask_scalars(struct link *link, struct wanted *wanted, struct mib_value *values,
                            uint64_t until)
{
    const struct link_question question = {
        .command = SNMP_MSG_GET, .names = wanted->names, .count = wanted->count};
    uint32_t error = link_ask(link, &question, until);
    const netsnmp_variable_list *variable;

    if (error || link->status != SNMP_ERR_NOERROR)
        return error;
    for (variable = link->variables; variable; variable = variable->next_variable)
        keep_scalar(link, wanted, variable, values);
    wanted->count = 0;
    return link->starved ? PLATEN_NOT_ENOUGH_MEMORY : 0;
}

/* SNMPv1 has no answer but an error where one of several is missing: then without that one. */
static bool drop_missing(struct link *link, struct wanted *wanted)
{
    bool named = link->at >= 1 && (size_t)link->at <= wanted->count;
    if (link->status != SNMP_ERR_NOSUCHNAME || !named)
        return false;
    unwant(wanted, (size_t)link->at - 1);
    return true;
}

/* What is too much for the agent together is asked for one by one. */
static uint32_t ask_singly(struct link *link, const struct wanted *wanted, struct mib_value *values,
                           uint64_t until)
{
    uint32_t error = 0;
    for (size_t i = 0; !error && i < wanted->count; i++) {
        struct wanted one = {.count = 1};
        one.names[0] = wanted->names[i];
        one.scalars[0] = wanted->scalars[i];
        error = ask_scalars(link, &one, values, until);
    }
    return error;
}

uint32_t mib_get_set(struct link *link, enum source set, uint32_t device, struct mib_value *values,
                     uint64_t until)
{
    struct wanted wanted;
    uint32_t error = 0;

    for (int i = 0; i < SCALAR_COUNT; i++)
        if (scalars[i].set == set)
            mib_free_value(&values[i]);
    want(&wanted, set, device);
    while (!error && wanted.count > 0) {
        error = ask_scalars(link, &wanted, values, until);
        if (!error && wanted.count > 0 && !drop_missing(link, &wanted))
            return ask_singly(link, &wanted, values, until);
    }
    return error;
}

/* ---- tables -------------------------------------------------------------------------------- */

struct walk {
    struct link *link;
    struct mib_rows *rows;
    size_t count; /* columns */
    struct {
        struct link_name base;
        struct link_name last; /* what was seen of it */
        size_t seen;
        bool done;
    } columns[MIB_MOST_COLUMNS];
    size_t at_once; /* columns in one question */
    long repetitions;
    size_t asked[MIB_MOST_COLUMNS]; /* the columns of the question under way */
    size_t asked_count;
};

static enum column first_column(enum source table)
{
    int i = 0;
    while (columns[i].table != table)
        i++;
    return (enum column)i;
}

const struct mib_value *mib_cell(const struct mib_row *row, enum column column)
{
    return &row->values[column - first_column(columns[column].table)];
}

static void begin_walk(struct walk *walk, enum source table, uint32_t device)
{
    int i = first_column(table);
    do {
        struct link_name *base = &walk->columns[walk->count].base;
        set_name(base, sources[table].oid);
        append(base, columns[i].number);
        if (sources[table].device)
            append(base, device);
        walk->columns[walk->count++].last = *base;
    } while (++i < COLUMN_COUNT && columns[i].table == table);
    walk->at_once = walk->count;
    /* SNMPv1 has no GETBULK: one row at a time. */
    walk->repetitions =
        walk->link->version == SNMP_VERSION_1 ? 1 : VARIABLES_AT_ONCE / (long)walk->count;
}

static struct mib_row *row_of(struct link *link, struct mib_rows *rows, uint32_t index)
{
    for (size_t i = 0; i < rows->count; i++)
        if (rows->rows[i].index == index)
            return &rows->rows[i];
    if (rows->count == MIB_MOST_ROWS)
        return NULL;
    if (!rows->rows)
        rows->rows = calloc(MIB_MOST_ROWS, sizeof *rows->rows);
    link->starved |= !rows->rows;
    if (!rows->rows)
        return NULL;
    rows->rows[rows->count].index = index;
    return &rows->rows[rows->count++];
}

/* False: the column is at its end. An agent that goes back, or round in circles, is at it too. */
static bool keep_cell(struct walk *walk, size_t column, const netsnmp_variable_list *variable)
{
    const struct link_name *base = &walk->columns[column].base;
    struct link_name *last = &walk->columns[column].last;
    struct mib_row *row;

    if (!begins_with(variable, base) || variable->name_length > MAX_OID_LEN ||
        variable->type == SNMP_ENDOFMIBVIEW || walk->columns[column].seen++ == MIB_MOST_ROWS ||
        snmp_oid_compare(variable->name, variable->name_length, last->arcs, last->length) <= 0)
        return false;
    memcpy(last->arcs, variable->name, variable->name_length * sizeof(oid));
    last->length = variable->name_length;
    if (last->length != base->length + 1) /* no index of these tables */
        return true;
    row = row_of(walk->link, walk->rows, (uint32_t)last->arcs[base->length]);
    if (row)
        keep(walk->link, variable, &row->values[column]);
    return row != NULL;
}

static void compose(struct walk *walk, struct link_name *names, struct link_question *question)
{
    walk->asked_count = 0;
    for (size_t i = 0; i < walk->count && walk->asked_count < walk->at_once; i++) {
        if (walk->columns[i].done)
            continue;
        names[walk->asked_count] = walk->columns[i].last;
        walk->asked[walk->asked_count++] = i;
    }
    *question = (struct link_question){
        .command = walk->link->version == SNMP_VERSION_1 ? SNMP_MSG_GETNEXT : SNMP_MSG_GETBULK,
        .repetitions = walk->repetitions,
        .names = names,
        .count = walk->asked_count,
    };
}

/* A refusal: less at once, while there is less; then without the column that the agent names, or
 * without all that were asked for. */
static void give_way(struct walk *walk)
{
    size_t at = (size_t)walk->link->at;
    bool named = at >= 1 && at <= walk->asked_count;
    bool too_big = walk->link->status == SNMP_ERR_TOOBIG;

    if (too_big && walk->repetitions > 1)
        walk->repetitions /= 2;
    else if (too_big && walk->at_once > 1)
        walk->at_once = 1;
    else
        for (size_t i = 0; i < walk->asked_count; i++)
            walk->columns[walk->asked[i]].done |= !named || i == at - 1;
}

/* Variables come in the order of the question, again and again; the answer may break off anywhere.
 * One at least has come, so that every answer brings the walk nearer to its end. */
static void keep_answer(struct walk *walk)
{
    const netsnmp_variable_list *variable = walk->link->variables;
    size_t heard = 0;

    for (; variable; variable = variable->next_variable) {
        size_t column = walk->asked[heard++ % walk->asked_count];
        if (!walk->columns[column].done)
            walk->columns[column].done = !keep_cell(walk, column, variable);
    }
}

uint32_t mib_get_table(struct link *link, enum source table, uint32_t device, struct mib_rows *rows,
                       uint64_t until)
{
    struct walk walk = {.link = link, .rows = rows};
    struct link_name names[MIB_MOST_COLUMNS];
    struct link_question question;
    uint32_t error = 0;

    mib_free_rows(rows);
    begin_walk(&walk, table, device);
    for (;;) {
        compose(&walk, names, &question);
        if (walk.asked_count == 0)
            return 0;
        error = link_ask(link, &question, until);
        if (error)
            break;
        if (link->status == SNMP_ERR_NOERROR && link->variables)
            keep_answer(&walk);
        else
            give_way(&walk);
        if (link->starved)
            break;
    }
    mib_free_rows(rows);
    return error ? error : PLATEN_NOT_ENOUGH_MEMORY;
}

void mib_free_rows(struct mib_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        for (size_t k = 0; k < MIB_MOST_COLUMNS; k++)
            mib_free_value(&rows->rows[i].values[k]);
    free(rows->rows);
    *rows = (struct mib_rows){0};
}
