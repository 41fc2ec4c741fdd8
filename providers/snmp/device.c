/* SPDX-License-Identifier: MIT
 *
 * What a printer is: its name, its IEEE 1284 id, its disks and its duplex unit.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "learn.h"

/* ---- IEEE 1284 id -------------------------------------------------------------------------- */

/* The printer's own row of the port monitor MIB, where its rows say whose they are. */
static const struct mib_value *find_id(const struct heard *heard)
{
    static const struct mib_value none;
    const struct mib_rows *rows = &heard->tables[SOURCE_PORT_MONITOR];
    for (size_t i = 0; i < rows->count; i++) {
        const struct mib_value *index = mib_cell(&rows->rows[i], PORT_MONITOR_DEVICE_INDEX);
        if (!index->there || index->number == heard->device)
            return mib_cell(&rows->rows[i], PORT_MONITOR_DEVICE_ID);
    }
    return &none;
}

/* "KEY:value;": the value of the key, without blanks around it. */
static bool id_value(const char *id, const char *key, char text[LEARN_TEXT])
{
    size_t length = strlen(key);
    while (*id) {
        size_t entry = strcspn(id, ";"), begin = strspn(id, " ");
        if (begin + length < entry && strncasecmp(id + begin, key, length) == 0 &&
            id[begin + length] == ':') {
            begin += length + 1;
            begin += strspn(id + begin, " ");
            while (entry > begin && id[entry - 1] == ' ')
                entry--;
            entry = begin < entry ? entry - begin : 0;
            snprintf(text, LEARN_TEXT, "%.*s", (int)entry, id + begin);
            return entry > 0;
        }
        id += entry + (id[entry] != 0);
    }
    return false;
}

static void learn_id(const struct heard *heard, struct facts *facts)
{
    char id[LEARN_TEXT], text[LEARN_TEXT];
    if (!shape_text(find_id(heard), id))
        return;
    facts_add(facts, id, "\\Printer.DeviceInfo:IEEE1284DeviceId");
    if (id_value(id, "MFG", text) || id_value(id, "MANUFACTURER", text))
        facts_add(facts, text, "\\Printer.DeviceInfo:Manufacturer");
    if (id_value(id, "MDL", text) || id_value(id, "MODEL", text))
        facts_add(facts, text, "\\Printer.DeviceInfo:ModelName");
}

void learn_info(const struct heard *heard, struct facts *facts)
{
    char text[LEARN_TEXT];
    learn_id(heard, facts);
    if (!facts_find(facts, "\\Printer.DeviceInfo:ModelName") &&
        shape_text(&heard->values[SCALAR_DESCRIPTION], text))
        facts_add(facts, text, "\\Printer.DeviceInfo:ModelName");
    facts_add(facts, heard->address, "\\Printer.DeviceInfo.NetworkingInfo:IPAddress");
}

/* ---- disks and duplex ---------------------------------------------------------------------- */

enum { STORAGE_FIXED_DISK = 4, LONG_EDGE = 3, SHORT_EDGE = 4 };

static uint64_t megabytes(const struct mib_value *blocks, const struct mib_value *unit)
{
    if (!blocks->there || !unit->there || blocks->number < 0 || unit->number < 0)
        return 0;
    return (uint64_t)blocks->number * (uint64_t)unit->number >> 20; /* both below 2^32 */
}

void learn_disk(const struct heard *heard, struct facts *facts)
{
    const struct mib_rows *rows = &heard->tables[SOURCE_STORAGE];
    uint64_t size = 0, used = 0;
    bool any = false;
    char text[LEARN_TEXT];

    for (size_t i = 0; i < rows->count; i++) {
        const struct mib_row *row = &rows->rows[i];
        if (mib_cell(row, STORAGE_TYPE)->number != STORAGE_FIXED_DISK)
            continue;
        any = true;
        size += megabytes(mib_cell(row, STORAGE_SIZE), mib_cell(row, STORAGE_UNIT));
        used += megabytes(mib_cell(row, STORAGE_USED), mib_cell(row, STORAGE_UNIT));
    }
    if (rows->count == 0) /* an agent that does not tell */
        return;
    shape_bool(any, text);
    facts_add(facts, text, "\\Printer.Configuration.HardDisk:Installed");
    if (!any)
        return;
    snprintf(text, sizeof text, "%" PRIu64, size);
    facts_add(facts, text, "\\Printer.Configuration.HardDisk:Capacity");
    snprintf(text, sizeof text, "%" PRIu64, used < size ? size - used : 0);
    facts_add(facts, text, "\\Printer.Configuration.HardDisk:FreeSpace");
}

void learn_duplex(const struct heard *heard, struct facts *facts)
{
    const struct mib_rows *rows = &heard->tables[SOURCE_MEDIA_PATH];
    bool any = false;
    char text[LEARN_TEXT];

    for (size_t i = 0; i < rows->count; i++) {
        int64_t type = mib_cell(&rows->rows[i], MEDIA_PATH_TYPE)->number;
        any |= type == LONG_EDGE || type == SHORT_EDGE;
    }
    if (rows->count == 0)
        return;
    shape_bool(any, text);
    facts_add(facts, text, "\\Printer.Configuration.DuplexUnit:Installed");
}
