/* SPDX-License-Identifier: MIT */
#include <stddef.h>

#include <platen/winsplp.h>

#include "codes.h"

#define PORT_STATUS_CLEAR     0
#define PORT_STATUS_TYPE_NONE 0

static const struct {
    uint32_t first;
    uint32_t last;
    struct pjl_meaning meaning;
} rows[] = {
#define PJL_CODES(first, last, status, severity, reason, event, group)                             \
    {first, last, {PORT_STATUS_##status, PORT_STATUS_TYPE_##severity, reason, event, group}},
#include "codes.def"
};

static const struct pjl_meaning nothing = {0, 0, "None", "", ""};

static struct pjl_meaning row_of(uint32_t code)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (code >= rows[i].first && code <= rows[i].last)
            return rows[i].meaning;
    return nothing;
}

struct pjl_meaning pjl_meaning_of(uint32_t code, bool online)
{
    struct pjl_meaning meaning = row_of(code);
    if (!meaning.status && !online)
        meaning = row_of(10002);
    return meaning;
}

unsigned pjl_tray_of(uint32_t code)
{
    bool names_tray = code / 1000 == 11 || code / 1000 == 12 || code / 1000 == 41;
    return names_tray ? code / 100 % 10 : 0;
}
