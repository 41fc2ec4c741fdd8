/* SPDX-License-Identifier: MIT */
#include "script/complain.h"

#include <stdio.h>
#include <string.h>

#include "os/text.h"

void script_complain(struct script_complaints *complaints, const char *file,
                     const struct platen_text_error *error)
{
    char where[32] = "";
    char raw[1200];
    char line[2400];

    complaints->count++;
    if (complaints->count > SCRIPT_COMPLAINTS_SHOWN || complaints->tell == NULL) {
        return;
    }
    if (error->line != 0) {
        snprintf(where, sizeof where, ":%u:%u", (unsigned)error->line,
                 error->column == 0 ? 1 : (unsigned)error->column);
    }
    snprintf(raw, sizeof raw, "%.800s%s: %s", file, where, error->what);
    platen_text_printable(raw, strlen(raw), line, sizeof line);
    complaints->tell(complaints->context, line);
}
