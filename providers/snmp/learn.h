/* SPDX-License-Identifier: MIT
 *
 * From what an agent answered to values of bidi requests. Pure: nothing here asks anybody.
 */
#ifndef PLATEN_SNMP_LEARN_H
#define PLATEN_SNMP_LEARN_H

#include "facts.h"
#include "mib.h"

enum group {
#define SNMP_GROUP(group, prefix) GROUP_##group,
#include "mib.def"
    GROUP_COUNT
};

/* All that was heard of one printer. */
struct heard {
    const char *address; /* the agent's, as text */
    uint32_t device;     /* hrDeviceIndex */
    struct mib_value values[SCALAR_COUNT];
    struct mib_rows tables[SOURCE_COUNT]; /* the sets among them stay empty */
};

/* A row with what it needs to be understood. */
struct row {
    const struct heard *heard;
    const struct mib_row *cells;
};

enum { LEARN_TEXT = 1024, LEARN_NAME = 80 }; /* bytes of a value and of a part's name, with NUL */

/* Makes the values of a group anew. */
void learn(enum group group, const struct heard *heard, struct facts *facts);

/* ---- the shapes of single values: false, there is none ------------------------------------ */

/* Printable UTF-8, one line, without blanks at its ends. False if nothing is left. */
bool shape_text(const struct mib_value *value, char text[LEARN_TEXT]);
bool shape_count(const struct mib_value *value, char text[LEARN_TEXT]);
/* 0 to 100, -1 where it is unknown: what the MIB says below 0, or without a capacity. */
void shape_percent(const struct mib_value *level, const struct mib_value *capacity,
                   const struct mib_value *unit, char text[LEARN_TEXT]);
void shape_bool(bool value, char text[LEARN_TEXT]);

/* ---- parts of a printer -------------------------------------------------------------------- */

enum part { /* prtAlertGroup */
            PART_COVER = 6,
            PART_INPUT = 8,
            PART_OUTPUT = 9,
            PART_MARKER = 10,
            PART_SUPPLY = 11,
            PART_COLORANT = 12,
            PART_MEDIA_PATH = 13
};

/* The name of a row in names of values, "Tray2", "BlackToner": letters and digits. */
void consumable_name(const struct row *row, char name[LEARN_NAME]);
void input_name(const struct row *row, char name[LEARN_NAME]);
void output_name(const struct row *row, char name[LEARN_NAME]);

/* Does an alert say that this part is missing? */
bool part_is_missing(const struct heard *heard, enum part part, uint32_t index);

#define SNMP_LEAF(group, leaf, shape) bool shape(const struct row *row, char text[LEARN_TEXT]);
#include "mib.def"

void learn_status(const struct heard *heard, struct facts *facts);
void learn_info(const struct heard *heard, struct facts *facts);
void learn_disk(const struct heard *heard, struct facts *facts);
void learn_duplex(const struct heard *heard, struct facts *facts);

#endif
