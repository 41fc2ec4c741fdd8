/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include <platen/winsplp.h>

#include "codes.h"
#include "events.h"

/* One code of the state. */
struct matter {
    struct pjl_meaning meaning;
    unsigned tray; /* 0: none is named */
};

typedef void (*tell)(const struct matter *matter, char *text);

static void tell_name(const struct matter *matter, char *text)
{
    snprintf(text, PJL_TEXT, "%s", matter->meaning.event);
}

/* What stops nothing may still want somebody to come: paper that is out in another tray. */
static void tell_severity(const struct matter *matter, char *text)
{
    bool harmless = strcmp(matter->meaning.reason, "None") == 0;
    const char *word = harmless ? "Informational" : "Warning";
    if (matter->meaning.severity == PORT_STATUS_TYPE_ERROR)
        word = "Critical";
    snprintf(text, PJL_TEXT, "%s", word);
}

static void tell_group(const struct matter *matter, char *text)
{
    snprintf(text, PJL_TEXT, "%s", matter->meaning.group);
}

static void tell_component(const struct matter *matter, char *text)
{
    if (matter->tray)
        snprintf(text, PJL_TEXT, "Tray%u", matter->tray);
}

static void tell_level(const struct matter *matter, char *text)
{
    if (matter->tray && strcmp(matter->meaning.event, "InputTraySupplyEmpty") == 0)
        snprintf(text, PJL_TEXT, "0");
}

static const struct {
    const char *schema; /* up to the number of the event, or of the tray */
    const char *behind;
    tell tell;
} rows[] = {
    {"\\Printer.Status.Detailed.Event", ":Name", tell_name},
    {"\\Printer.Status.Detailed.Event", ":Severity", tell_severity},
    {"\\Printer.Status.Detailed.Event", ".Component:Group", tell_group},
    {"\\Printer.Status.Detailed.Event", ".Component:Name", tell_component},
    {"\\Printer.Layout.InputBins.Tray", ":Level", tell_level},
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

/* Codes that mean nothing are not counted. False: there are not so many. */
static bool matter_of(const struct pjl_state *state, unsigned event, struct matter *matter)
{
    for (uint32_t i = 0; i < state->count; i++) {
        matter->meaning = pjl_meaning_of(state->codes[i], state->online || i > 0);
        matter->tray = pjl_tray_of(state->codes[i]);
        if (matter->meaning.event[0] && event-- == 0)
            return true;
    }
    return false;
}

bool pjl_event_value(const struct pjl_state *state, unsigned number, char *name, char *text)
{
    unsigned event = number / ROWS, row = number % ROWS;
    struct matter matter;
    text[0] = '\0';
    if (!matter_of(state, event, &matter))
        return false;
    rows[row].tell(&matter, text);
    bool of_tray = rows[row].tell == tell_level;
    snprintf(name, PJL_SCHEMA, "%s%0*u%s", rows[row].schema, of_tray ? 1 : 3,
             of_tray ? matter.tray : event + 1, rows[row].behind);
    return text[0] != '\0';
}
