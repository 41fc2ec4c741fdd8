/* SPDX-License-Identifier: MIT
 *
 * Names and texts of error codes, from the one table of them.
 */
#include "os/error.h"

#include <stddef.h>
#include <string.h>

struct error_row {
    uint32_t code;
    const char *name;
    const char *text;
};

static const struct error_row rows[] = {
#define PLATEN_ERROR(name, value, text) {value, "ERROR_" #name, text},
#include <platen/errors.def>
#undef PLATEN_ERROR
};

#define ROWS (sizeof rows / sizeof *rows)

static const struct error_row *find(uint32_t code)
{
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].code == code)
            return &rows[i];
    return NULL;
}

const char *platen_error_name(uint32_t code)
{
    const struct error_row *row = find(code);
    return row ? row->name : NULL;
}

const char *platen_error_text(uint32_t code)
{
    const struct error_row *row = find(code);
    return row ? row->text : NULL;
}

uint32_t platen_error_number(const char *name)
{
    const size_t skip = sizeof "ERROR_" - 1;
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp(rows[i].name, name) == 0 || strcmp(rows[i].name + skip, name) == 0)
            return rows[i].code;
    return UINT32_MAX;
}
