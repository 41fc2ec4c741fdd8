/* SPDX-License-Identifier: MIT
 *
 * prtInput and prtOutput: trays and bins.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "learn.h"

enum { INPUT_MANUAL = 5, UNIT_SHEETS = 8, UNIT_TEN_THOUSANDTHS_INCH = 3, UNIT_MICROMETRES = 4 };

/* A device that has two such trays has one of them by its index. */
void input_name(const struct row *row, char name[LEARN_NAME])
{
    const struct mib_row *first = row->heard->tables[SOURCE_INPUT].rows;
    bool manual = mib_cell(row->cells, INPUT_TYPE)->number == INPUT_MANUAL;
    for (const struct mib_row *other = first; manual && other < row->cells; other++)
        manual = mib_cell(other, INPUT_TYPE)->number != INPUT_MANUAL;
    if (manual)
        strcpy(name, "ManualBin");
    else
        snprintf(name, LEARN_NAME, "Tray%" PRIu32, row->cells->index);
}

void output_name(const struct row *row, char name[LEARN_NAME])
{
    snprintf(name, LEARN_NAME, "OutputBin%" PRIu32, row->cells->index);
}

static bool sheets(const struct mib_value *capacity, const struct mib_value *unit,
                   char text[LEARN_TEXT])
{
    bool counted = !unit->there || unit->number == UNIT_SHEETS;
    return counted && shape_count(capacity, text);
}

/* ---- the size of the media ----------------------------------------------------------------- */

/* In tenths of a millimetre; 0: unknown. */
static int64_t tenths(const struct row *row, enum column chosen, enum column declared)
{
    int64_t unit = mib_cell(row->cells, INPUT_DIM_UNIT)->number;
    int64_t value = mib_cell(row->cells, chosen)->number;
    if (value <= 0)
        value = mib_cell(row->cells, declared)->number;
    if (value <= 0)
        return 0;
    if (unit == UNIT_TEN_THOUSANDTHS_INCH)
        return (value * 254 + 5000) / 10000;
    return unit == UNIT_MICROMETRES ? (value + 50) / 100 : 0;
}

static bool measure(const struct row *row, int64_t *feed, int64_t *cross)
{
    *feed = tenths(row, INPUT_FEED_CHOSEN, INPUT_FEED_DECLARED);
    *cross = tenths(row, INPUT_CROSS_CHOSEN, INPUT_CROSS_DECLARED);
    return *feed > 0 && *cross > 0;
}

static const struct {
    const char *name;
    int64_t width;
    int64_t height;
} known[] = {
#define SNMP_SIZE(name, width, height) {name, width, height},
#include "codes.def"
};

/* Within a millimetre, whichever edge goes first. */
static const char *standard_size(int64_t shorter, int64_t longer)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (llabs(known[i].width - shorter) <= 10 && llabs(known[i].height - longer) <= 10)
            return known[i].name;
    return NULL;
}

/* Devices name their media in many ways, but measure them in one. */
bool input_size(const struct row *row, char text[LEARN_TEXT])
{
    int64_t feed, cross, shorter, longer;
    bool measured = measure(row, &feed, &cross);
    const char *name;

    shorter = feed < cross ? feed : cross;
    longer = feed < cross ? cross : feed;
    name = measured ? standard_size(shorter, longer) : NULL;
    if (name) {
        strcpy(text, name);
        return true;
    }
    if (shape_text(mib_cell(row->cells, INPUT_MEDIA_NAME), text))
        return true;
    snprintf(text, LEARN_TEXT, "custom_%" PRId64 "x%" PRId64 "mm", (shorter + 5) / 10,
             (longer + 5) / 10);
    return measured;
}

bool input_direction(const struct row *row, char text[LEARN_TEXT])
{
    int64_t feed, cross;
    bool measured = measure(row, &feed, &cross);
    strcpy(text, feed < cross ? "LongEdgeFirst" : "ShortEdgeFirst");
    return measured;
}

/* ---- the rest ------------------------------------------------------------------------------ */

bool input_installed(const struct row *row, char text[LEARN_TEXT])
{
    shape_bool(!part_is_missing(row->heard, PART_INPUT, row->cells->index), text);
    return true;
}

bool input_type(const struct row *row, char text[LEARN_TEXT])
{
    return shape_text(mib_cell(row->cells, INPUT_MEDIA_TYPE), text);
}

bool input_color(const struct row *row, char text[LEARN_TEXT])
{
    return shape_text(mib_cell(row->cells, INPUT_MEDIA_COLOR), text);
}

bool input_capacity(const struct row *row, char text[LEARN_TEXT])
{
    return sheets(mib_cell(row->cells, INPUT_CAPACITY), mib_cell(row->cells, INPUT_UNIT), text);
}

bool input_level(const struct row *row, char text[LEARN_TEXT])
{
    shape_percent(mib_cell(row->cells, INPUT_LEVEL), mib_cell(row->cells, INPUT_CAPACITY),
                  mib_cell(row->cells, INPUT_UNIT), text);
    return true;
}

bool output_installed(const struct row *row, char text[LEARN_TEXT])
{
    shape_bool(!part_is_missing(row->heard, PART_OUTPUT, row->cells->index), text);
    return true;
}

bool output_capacity(const struct row *row, char text[LEARN_TEXT])
{
    return sheets(mib_cell(row->cells, OUTPUT_CAPACITY), mib_cell(row->cells, OUTPUT_UNIT), text);
}

/* A full bin is at 100, and what the MIB tells is the room that is left in it. */
bool output_level(const struct row *row, char text[LEARN_TEXT])
{
    const struct mib_value *capacity = mib_cell(row->cells, OUTPUT_CAPACITY);
    const struct mib_value *remaining = mib_cell(row->cells, OUTPUT_REMAINING);
    struct mib_value filled = {.there = remaining->there && capacity->there, .number = -1};
    if (remaining->number >= 0 && capacity->number > 0)
        filled.number =
            capacity->number > remaining->number ? capacity->number - remaining->number : 0;
    shape_percent(&filled, capacity, mib_cell(row->cells, OUTPUT_UNIT), text);
    return true;
}
