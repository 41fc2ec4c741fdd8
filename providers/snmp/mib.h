/* SPDX-License-Identifier: MIT
 *
 * Asking an agent for what mib.def names. What it answers is kept as it came: hostile bytes.
 */
#ifndef PLATEN_SNMP_MIB_H
#define PLATEN_SNMP_MIB_H

#include "agentlink.h"

/* Sets and tables alike are sources: what is asked for, and grows old, as a whole. */
enum source {
#define SNMP_SET(set)                  SOURCE_##set,
#define SNMP_TABLE(table, device, oid) SOURCE_##table,
#include "mib.def"
    SOURCE_COUNT
};

enum scalar {
#define SNMP_SCALAR(set, name, device, oid) name,
#include "mib.def"
    SCALAR_COUNT
};

/* All columns; those of one table stand together. */
enum column {
#define SNMP_COLUMN(table, name, number) table##_##name,
#include "mib.def"
    COLUMN_COUNT
};

enum {
    MIB_MOST_ROWS = 128,   /* of one table */
    MIB_MOST_COLUMNS = 12, /* of one table */
    MIB_MOST_BYTES = 2048  /* of one value */
};

struct mib_value {
    bool there;
    int64_t number; /* of an OID its last arc */
    size_t size;    /* of a text */
    unsigned char *bytes;
};

struct mib_row {
    uint32_t index; /* below hrDeviceIndex where the table has that */
    struct mib_value values[MIB_MOST_COLUMNS];
};

struct mib_rows {
    struct mib_row *rows; /* NULL: none; in the order of the agent */
    size_t count;
};

/* The value of a column in a row; `first` is the table's first column. */
const struct mib_value *mib_cell(const struct mib_row *row, enum column column);

/* Asks for a set: fills those of `values` (SCALAR_COUNT of them) that belong to it. */
uint32_t mib_get_set(struct link *link, enum source set, uint32_t device, struct mib_value *values,
                     uint64_t until);
/* Asks for a table; on failure there are no rows. */
uint32_t mib_get_table(struct link *link, enum source table, uint32_t device, struct mib_rows *rows,
                       uint64_t until);
bool mib_is_set(enum source source);

void mib_free_value(struct mib_value *value);
void mib_free_rows(struct mib_rows *rows);

#endif
