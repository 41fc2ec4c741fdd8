/* SPDX-License-Identifier: MIT
 *
 * How a printer is: state, reasons and events.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "learn.h"

enum reason {
#define SNMP_REASON(name) REASON_##name,
#include "codes.def"
    REASON_COUNT
};

static const char *const reason_names[] = {
#define SNMP_REASON(name) #name,
#include "codes.def"
};

static const struct {
    enum part part; /* 0: any */
    int64_t code;
    const char *event;
    enum reason reason;
} alerts[] = {
#define SNMP_ALERT(of, number, name, why) {(enum part)of, number, name, REASON_##why},
#include "codes.def"
};

static const enum reason error_bits[] = {
#define SNMP_ERROR_BIT(bit, reason) [bit] = REASON_##reason,
#include "codes.def"
};

enum { BIT_COUNT = sizeof error_bits / sizeof *error_bits };
enum { SEVERITY_CRITICAL = 3, SEVERITY_WARNING = 4, SEVERITY_WARNING_CHANGE = 5 };
enum { DEVICE_DOWN = 5 }; /* hrDeviceStatus */
enum { PRINTER_OTHER = 1, PRINTER_UNKNOWN, PRINTER_IDLE, PRINTER_PRINTING, PRINTER_WARMUP };

/* ---- alerts -------------------------------------------------------------------------------- */

static int64_t cell(const struct mib_row *row, enum column column)
{
    return mib_cell(row, column)->number;
}

bool part_is_missing(const struct heard *heard, enum part part, uint32_t index)
{
    static const int64_t missing[] = {9, 801, 901, 1115};
    const struct mib_rows *rows = &heard->tables[SOURCE_ALERT];
    for (size_t i = 0; i < rows->count; i++) {
        const struct mib_row *row = &rows->rows[i];
        if (cell(row, ALERT_PART) != (int64_t)part || cell(row, ALERT_PART_INDEX) != index)
            continue;
        for (size_t k = 0; k < sizeof missing / sizeof *missing; k++)
            if (cell(row, ALERT_CODE) == missing[k])
                return true;
    }
    return false;
}

static void explain(const struct mib_row *alert, const char **event, enum reason *reason)
{
    bool critical = cell(alert, ALERT_SEVERITY) == SEVERITY_CRITICAL;
    *event = "Other";
    *reason = critical ? REASON_AttentionRequired : REASON_None;
    for (size_t i = 0; i < sizeof alerts / sizeof *alerts; i++) {
        bool fits = !alerts[i].part || alerts[i].part == cell(alert, ALERT_PART);
        if (!fits || alerts[i].code != cell(alert, ALERT_CODE))
            continue;
        *event = alerts[i].event;
        *reason = alerts[i].reason;
        return;
    }
}

static const char *severity(const struct mib_row *alert)
{
    switch (cell(alert, ALERT_SEVERITY)) {
    case SEVERITY_CRITICAL:
        return "Critical";
    case SEVERITY_WARNING:
    case SEVERITY_WARNING_CHANGE:
        return "Warning";
    default:
        return "Informational";
    }
}

/* ---- components ---------------------------------------------------------------------------- */

static const struct {
    enum part part;
    const char *group;
    enum source table;
    void (*name)(const struct row *row, char name[LEARN_NAME]); /* NULL: the part has none */
} parts[] = {
    {PART_INPUT, "InputBin", SOURCE_INPUT, input_name},
    {PART_OUTPUT, "OutputBins", SOURCE_OUTPUT, output_name},
    {PART_SUPPLY, "Consumable", SOURCE_SUPPLY, consumable_name},
    {PART_COLORANT, "Consumable", SOURCE_COLORANT, NULL},
    {PART_MEDIA_PATH, "MediaPath", SOURCE_MEDIA_PATH, NULL},
    {PART_MARKER, "Marker", SOURCE_SUPPLY, NULL},
    {PART_COVER, "CoverDoor", SOURCE_SUPPLY, NULL},
};

static const struct mib_row *row_with(const struct mib_rows *rows, int64_t index)
{
    for (size_t i = 0; i < rows->count; i++)
        if (rows->rows[i].index == index)
            return &rows->rows[i];
    return NULL;
}

static void learn_component(const struct heard *heard, const struct mib_row *alert,
                            struct facts *facts)
{
    const char *event = "\\Printer.Status.Detailed.Event";
    char name[LEARN_NAME];

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct row row = {heard, NULL};
        if (cell(alert, ALERT_PART) != (int64_t)parts[i].part)
            continue;
        facts_add(facts, parts[i].group, "%s%" PRIu32 ".Component:Group", event, alert->index);
        if (parts[i].name)
            row.cells = row_with(&heard->tables[parts[i].table], cell(alert, ALERT_PART_INDEX));
        if (!row.cells)
            return;
        parts[i].name(&row, name);
        facts_add(facts, name, "%s%" PRIu32 ".Component:Name", event, alert->index);
        return;
    }
}

/* ---- state and reasons --------------------------------------------------------------------- */

static uint32_t detected_errors(const struct heard *heard)
{
    const struct mib_value *value = &heard->values[SCALAR_DETECTED_ERRORS];
    uint32_t bits = 0;
    for (size_t i = 0; i < BIT_COUNT && i / 8 < value->size; i++)
        if (value->bytes[i / 8] & (0x80 >> i % 8))
            bits |= UINT32_C(1) << i;
    return bits;
}

/* RFC 3805, 2.2.13.2: the three objects together. A printer that says nothing else of itself but
 * "other" sleeps, unless something is wrong with it. NULL: it says nothing. */
static const char *state(const struct heard *heard)
{
    const struct mib_value *printer = &heard->values[SCALAR_PRINTER_STATUS];
    bool down = heard->values[SCALAR_DEVICE_STATUS].number == DEVICE_DOWN;
    bool wrong = down || detected_errors(heard) != 0;

    if (!printer->there)
        return NULL;
    switch (printer->number) {
    case PRINTER_PRINTING:
    case PRINTER_WARMUP:
        return "Processing";
    case PRINTER_IDLE:
        return down ? "Stopped" : "Idle";
    case PRINTER_OTHER:
        return wrong ? "Stopped" : "Idle";
    default:
        return wrong ? "Stopped" : NULL;
    }
}

static void tell_reasons(uint32_t reasons, struct facts *facts)
{
    char text[LEARN_TEXT] = "";
    for (int i = 1; i < REASON_COUNT; i++) {
        size_t length = strlen(text);
        if (reasons & UINT32_C(1) << i)
            snprintf(text + length, sizeof text - length, "%s%s", length ? " " : "",
                     reason_names[i]);
    }
    facts_add(facts, text[0] ? text : reason_names[REASON_None],
              "\\Printer.Status.Summary:StateReason");
}

static uint32_t reasons_of_bits(uint32_t bits)
{
    uint32_t reasons = 0;
    for (size_t i = 0; i < BIT_COUNT; i++)
        if (bits & UINT32_C(1) << i)
            reasons |= UINT32_C(1) << error_bits[i];
    return reasons;
}

void learn_status(const struct heard *heard, struct facts *facts)
{
    const struct mib_rows *rows = &heard->tables[SOURCE_ALERT];
    const char *summary = state(heard), *event = "\\Printer.Status.Detailed.Event";
    uint32_t reasons = reasons_of_bits(detected_errors(heard));

    for (size_t i = 0; i < rows->count; i++) {
        const struct mib_row *alert = &rows->rows[i];
        const char *name;
        enum reason reason;
        explain(alert, &name, &reason);
        reasons |= UINT32_C(1) << reason;
        facts_add(facts, name, "%s%" PRIu32 ":Name", event, alert->index);
        facts_add(facts, severity(alert), "%s%" PRIu32 ":Severity", event, alert->index);
        learn_component(heard, alert, facts);
    }
    if (summary)
        facts_add(facts, summary, "\\Printer.Status.Summary:State");
    if (summary || rows->count > 0)
        tell_reasons(reasons, facts);
}
