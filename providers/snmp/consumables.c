/* SPDX-License-Identifier: MIT
 *
 * prtMarkerSupplies: what is used up, and what is filled.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "learn.h"

static const struct {
    int64_t type;
    const char *word;
} supplies[] = {
#define SNMP_SUPPLY(type, word) {type, word},
#include "codes.def"
};

static const char *type_of(const struct mib_row *cells)
{
    const struct mib_value *type = mib_cell(cells, SUPPLY_TYPE);
    for (size_t i = 0; i < sizeof supplies / sizeof *supplies; i++)
        if (type->there && supplies[i].type == type->number)
            return supplies[i].word;
    return "Other";
}

/* "photo black" is "PhotoBlack": letters and digits of ASCII, each word with a capital. */
static void squeeze(const char *from, char *to, size_t room)
{
    bool begin = true;
    size_t length = 0;
    for (; *from && length + 1 < room; from++) {
        unsigned char byte = (unsigned char)*from;
        if (byte < 0x80 && isalnum(byte))
            to[length++] = begin ? (char)toupper(byte) : *from;
        begin = byte >= 0x80 || !isalnum(byte);
    }
    to[length] = 0;
}

/* prtMarkerColorantValue; a supply that belongs to no colorant has index 0. */
static void color_of(const struct row *row, char color[LEARN_NAME])
{
    const struct mib_rows *colorants = &row->heard->tables[SOURCE_COLORANT];
    const struct mib_value *index = mib_cell(row->cells, SUPPLY_COLORANT);
    char text[LEARN_TEXT];

    color[0] = 0;
    for (size_t i = 0; i < colorants->count; i++)
        if (index->there && colorants->rows[i].index == index->number &&
            shape_text(mib_cell(&colorants->rows[i], COLORANT_VALUE), text))
            squeeze(text, color, LEARN_NAME / 2);
    if (strcmp(color, "None") == 0 || strcmp(color, "Unknown") == 0 || strcmp(color, "Other") == 0)
        color[0] = 0;
}

static void plain_name(const struct row *row, char name[LEARN_NAME])
{
    char color[LEARN_NAME];
    color_of(row, color);
    snprintf(name, LEARN_NAME, "%.*s%s", LEARN_NAME / 2, color, type_of(row->cells));
}

/* The second black toner of a printer has its index behind its name. */
void consumable_name(const struct row *row, char name[LEARN_NAME])
{
    const struct mib_row *first = row->heard->tables[SOURCE_SUPPLY].rows;
    plain_name(row, name);
    for (const struct mib_row *other = first; other < row->cells; other++) {
        const struct row before = {row->heard, other};
        char taken[LEARN_NAME];
        size_t length = strlen(name);
        plain_name(&before, taken);
        if (strcmp(taken, name) != 0)
            continue;
        snprintf(name + length, LEARN_NAME - length, "%" PRIu32, row->cells->index);
        return;
    }
}

bool consumable_installed(const struct row *row, char text[LEARN_TEXT])
{
    shape_bool(!part_is_missing(row->heard, PART_SUPPLY, row->cells->index), text);
    return true;
}

bool consumable_type(const struct row *row, char text[LEARN_TEXT])
{
    strcpy(text, type_of(row->cells));
    return true;
}

bool consumable_color(const struct row *row, char text[LEARN_TEXT])
{
    color_of(row, text);
    return text[0] != 0;
}

bool consumable_level(const struct row *row, char text[LEARN_TEXT])
{
    shape_percent(mib_cell(row->cells, SUPPLY_LEVEL), mib_cell(row->cells, SUPPLY_CAPACITY),
                  mib_cell(row->cells, SUPPLY_UNIT), text);
    return true;
}

bool consumable_model(const struct row *row, char text[LEARN_TEXT])
{
    return shape_text(mib_cell(row->cells, SUPPLY_DESCRIPTION), text);
}
